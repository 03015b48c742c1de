// parts.h - what the readers of statements share. Only they include it.
#pragma once

#include "algo/statement/statement.h"

// One reader a format. `text` is UTF-8; `file` has its charset.
MUST_CHECK Status mt_read(Ctx *ctx, Str text, StatementFile *file);
MUST_CHECK Status camt_read(Ctx *ctx, Str text, StatementFile *file);
MUST_CHECK Status ofx_read(Ctx *ctx, Str text, StatementFile *file);
MUST_CHECK Status statement_csv_read(Ctx *ctx, Str text, StatementFile *file);

// What stands in an MT line's field 86: the payer, his references, his words.
void mt_details(Arena *arena, StatementLine *line);

// The bytes as UTF-8: a byte order mark and valid UTF-8 are believed; everything else is
// windows-1252, of which Latin-1 is the printable part. Names what it was.
Str charset_to_utf8(Arena *arena, Str bytes, Str *ret_name);

// Digits with at most one decimal sign as an amount: no zeros in front, a point, a minus when it is
// a debit and not zero. False when it is anything else, or longer than an amount can be.
bool amount_read(Arena *arena, Str digits, char decimal_sign, bool is_debit, Str *ret);
bool amount_is_negative(Str amount);

// "2026-11-21" of digits; "" when there is no such day. Two digits of a year are 1980 to 2079.
Str date_from_digits(Arena *arena, Str digits);  // YYMMDD or YYYYMMDD
bool digits_only(Str s);

// The first account number in the text that is an IBAN (ISO 13616: length, check digits); "" if
// there is none. Blanks inside are dropped.
Str iban_find(Arena *arena, Str text);
bool iban_valid(Str iban);

int64_t line_at(Str text, size_t offset);  // from 1
