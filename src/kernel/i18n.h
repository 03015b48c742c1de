// i18n.h - languages, formats, sorting (docs/i18n.md). The English text is the key of its
// translation; catalogues are gettext PO files under lang/, so adding a language is adding a file.
// ICU has the rules of plurals, collation and number formats.
#pragma once

#include "base/date.h"
#include "base/number.h"
#include "kernel/entity/entity.h"

// A request has its own copy (locale_enter), so that its zone is its own; the rest is shared.
typedef struct Locale {
    Str tag;       // "en", "es-CO", "bn"
    Str language;  // of the catalogue in use
    bool is_rtl;
    const Zone *zone;                   // the user's; NULL: the tenant's
    const struct Catalogue *catalogue;  // NULL: English
    Str decimal, group;                 // "." and ","
    bool groups_lakh;                   // 12,34,567.89
    const struct LocaleData *data;
} Locale;

// Once, at start-up: loads every lang/*.po. E_INVALID "i18n.catalogue" names file and line of what
// is no catalogue, or of a translation whose %s and %lld are not those of its English text.
MUST_CHECK Status i18n_start(Ctx *ctx, Str folder);

// By an explicit choice, which may be any language ICU knows, with or without a catalogue, and ask
// for its own digits ("bn-u-nu-native"); else by an Accept-Language header, where only languages
// with a catalogue count; else English. The nearest there is: es-CO, then es. Never NULL.
const Locale *locale_best(Str accept_language, Str wanted);
// Makes it the context's: ctx->locale, ctx->translate. zone NULL: the tenant's.
void locale_enter(Ctx *ctx, const Locale *locale, const Zone *zone);
const Locale *const *locales_all(size_t *ret_count);  // those with a catalogue, English first
Str locale_name(const Locale *locale);                // in its own language: "Español"

// ---- Texts --------------------------------------------------------------------------------------

// The text in the caller's language, kept for the program's life. What is to be translated is found
// by a check (tools/check/texts) that knows tr(), FAIL(), ctx_problem(), the templates' [[...]] and
// every label in the modules' tables.
Str tr(const Ctx *ctx, const char *english);
Str tr_format(Ctx *ctx, const char *english, ...) PRINTF(2, 3);
// "%lld order" / "%lld orders", by the language's plural rules. %lld stands for n, shown as
// show_number() does; a form may leave it out. No other conversion is known.
Str tr_plural(Ctx *ctx, const char *one, const char *many, int64_t n);

// English words that are two in other languages: TEXT_IN("verb", "Order") is shown as "Order", and
// has an entry with msgctxt "verb" of its own.
#define TEXT_IN(context, english) context "\4" english
// Marks a literal that reaches tr() by a way the check cannot follow. Changes nothing.
#define TEXT(english) english

// ---- Shown to people, in the caller's format ----------------------------------------------------
// Minus is U+2212. Decimals are never cut off: where a value has more than the places asked for,
// they are shown.

Str show_money(Ctx *ctx, Money amount, CurrencyCode currency);  // without the code
Str show_price(Ctx *ctx, Price price, CurrencyCode currency);   // as many decimals as it needs
Str show_qty(Ctx *ctx, Qty quantity, int digits);      // digits: the item's precision, 0 to 6
Str show_number(Ctx *ctx, int64_t value, int digits);  // integer with `digits` decimal places
Str show_percent(Ctx *ctx, Rate rate);                 // "7.5%", as many decimals as it needs
Str show_country(Ctx *ctx, Str code);                  // "Norway" of "NO"; "" of nothing
Str show_bytes(Ctx *ctx, int64_t bytes);               // "1.4 MB": thousands, not 1024s

// "" for none. Day and month as the language orders them.
Str show_date(Ctx *ctx, Date date);       // "20 Nov", with the year when it is not this year
Str show_date_long(Ctx *ctx, Date date);  // "20 November 2026"
Str show_time(Ctx *ctx, Time time);       // "20 Nov, 14:02", in the user's zone
Str show_month(Ctx *ctx, int year, int month);

// ---- Typed by people ----------------------------------------------------------------------------

// Takes what show_number() shows, and what people write: digits of any one script, "." or ","
// before the decimals, groups of three (of two where lakhs are usual) set apart by one kind of
// mark, a minus or plus in front, a currency's code or symbol in front or behind, blanks around.
//
// A mark that comes twice groups; of two kinds the last is the decimal. A single one before exactly
// three digits could be either: the locale decides. "1,234" is 1234 where the comma groups (en) and
// 1.234 where it is the decimal mark (es); where it is neither (de-CH), the text is refused.
//
// False when it is no number, is ambiguous, too large, or finer than `digits`.
bool read_number(const Ctx *ctx, Str text, int digits, int64_t *ret);
// The same for an amount, and false when another currency than this is written there.
bool read_money(const Ctx *ctx, Str text, CurrencyCode currency, Money *ret);
// 2026-11-21 everywhere, 2026/11/21 too; else day, month and year in the locale's order, between
// dots, slashes, hyphens or blanks. False for years of two digits.
bool read_date(const Ctx *ctx, Str text, Date *ret);

// ---- Compared and sorted ------------------------------------------------------------------------

// Folded for searching and comparing: case, accents, width, compatibility forms, digits. Folding
// twice changes nothing. The same on every machine: an ICU of another year only differs on
// characters that are not yet in one of the two.
Str fold_text(Ctx *ctx, Str text);
// The key that sorts texts as the tenant's language does (ICU, hex text so that both engines
// agree). At most SORT_KEY_MAX bytes: what only differs far behind has the same key.
enum { SORT_KEY_MAX = 240 };
Str sort_key(Ctx *ctx, Str text);
// Names what the keys depend on: our rules, ICU's Unicode and collation. Stored keys that were made
// under another version must be made again (docs/i18n.md).
Str keys_version(Ctx *ctx);
