// currency.h - ISO 4217: which currencies there are, and were, and how many decimals each has.
#pragma once

#include "base/number.h"

typedef struct {
    char code[4];  // three capital letters, ends in NUL; all zero is "none"
} CurrencyCode;

// Input: only codes of the current list.
bool currency_parse(Str text, CurrencyCode *ret);

// What is stored may also have a code that was withdrawn since (HRK, BGN ...), or one that somebody
// wrote there past the program. It is taken as it stands; of more than three bytes the first three.
CurrencyCode currency_stored(Str text);

// True for "none" and for codes current or withdrawn; `verify` reports the records with others,
// whose decimals nobody knows.
bool currency_is_known(CurrencyCode currency);

// These answer for every code, since reading a record must not end the program: 2 and "" for "none"
// and for an unknown one.
int currency_digits(CurrencyCode currency);        // 2 for EUR, 0 for JPY, 3 for KWD
const char *currency_name(CurrencyCode currency);  // English; the key of its translation

Str currency_text(CurrencyCode const *currency);  // a view of the code; "" for none
bool currency_eq(CurrencyCode a, CurrencyCode b);

// How many 10^-12 of a major unit make one minor unit: 10^10 for EUR, 10^12 for JPY. The divisor
// that turns price x quantity into money.
int64_t currency_minor(CurrencyCode currency);

// Amounts as plain decimal text with the currency's own number of decimals.
Str money_text(Arena *arena, Money amount, CurrencyCode currency);
bool money_parse(Str text, CurrencyCode currency, Money *ret);

// An amount of `currency` in base currency (see Fx in number.h), rounded half up once.
MUST_CHECK Status money_convert(Ctx *ctx, Money amount, CurrencyCode from, CurrencyCode to, Fx rate,
                                Money *ret);

typedef struct {
    const char *code, *name;
    int digits;
} CurrencyInfo;
const CurrencyInfo *currency_list(size_t *ret_count);  // in order of their codes
