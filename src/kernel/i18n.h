// i18n.h - languages, formats, sorting. The English text is the key of its translation; catalogues are
// gettext PO files under lang/, so adding a language is adding a file. ICU has the rules of plurals,
// collation and number formats.
#pragma once

#include "base/date.h"
#include "base/number.h"
#include "kernel/entity/entity.h"

typedef struct Locale {
    Str tag;        // "en", "es-CO", "bn"
    Str language;   // of the catalogue in use
    bool is_rtl;
    const Zone *zone;       // the user's
    const struct Catalogue *catalogue;  // NULL: English
    Str decimal, group;     // "." and ","
    bool groups_lakh;       // 12,34,567.89
} Locale;

MUST_CHECK Status i18n_start(Ctx *ctx, Str folder);  // loads every lang/*.po; refuses formats that differ
const Locale *locale_best(Str accept_language, Str wanted);  // by Accept-Language or an explicit choice
void locale_enter(Ctx *ctx, const Locale *locale, const Zone *zone);
const Locale *const *locales_all(size_t *ret_count);  // those with a catalogue, English first
Str locale_name(const Locale *locale);                // in its own language: "Español"

// The text in the caller's language. What is to be translated is found by a check that knows tr(), FAIL(),
// ctx_problem(), the templates' [[...]] and every label in the modules' tables.
Str tr(const Ctx *ctx, const char *english);
Str tr_format(Ctx *ctx, const char *english, ...) PRINTF(2, 3);
// "%lld order" / "%lld orders", by the language's plural rules; n is the first argument.
Str tr_plural(Ctx *ctx, const char *one, const char *many, int64_t n);

// Shown to people, in the caller's format.
Str show_money(Ctx *ctx, Money amount, CurrencyCode currency);  // without the code
Str show_price(Ctx *ctx, Price price, CurrencyCode currency);   // as many decimals as it needs
Str show_qty(Ctx *ctx, Qty quantity, int digits);
Str show_number(Ctx *ctx, int64_t value, int digits);  // integer with `digits` decimal places
Str show_percent(Ctx *ctx, Rate rate);
Str show_date(Ctx *ctx, Date date);    // "20 Nov", with the year when it is not this year
Str show_date_long(Ctx *ctx, Date date);  // "20 November 2026"
Str show_time(Ctx *ctx, Time time);    // "20 Nov, 14:02", in the user's zone
Str show_month(Ctx *ctx, int year, int month);
Str show_bytes(Ctx *ctx, int64_t bytes);

// Typed by people: both decimal marks where unambiguous, group marks, native digits, blanks, a
// currency code in front. False when it is no number or finer than `digits`.
bool read_number(const Ctx *ctx, Str text, int digits, int64_t *ret);
bool read_date(const Ctx *ctx, Str text, Date *ret);  // ISO, or day and month in the locale's order

// Folded for searching and comparing: case, accents, width, compatibility forms.
Str fold_text(Ctx *ctx, Str text);
// The key that sorts texts as the tenant's language does (ICU, hex text so that both engines agree).
Str sort_key(Ctx *ctx, Str text);
