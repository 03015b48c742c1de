// xlsx_number.h - the numbers of a spreadsheet as exact text. Private to kernel/transfer.
//
// Written to a buffer of the caller's, without an arena, because expat's callbacks come here.
#pragma once

#include "base/str.h"

enum { PLAIN_MAX = 512 };  // room that `to` has

// A cell's number ("12.300000000000001", "1E-2") as the plain decimal that the person typed:
// spreadsheets keep 15 significant digits and write 17. The text as it is where it is no number.
// Gives its length.
size_t xlsx_number(Str text, char *to);
// A day's serial number ("45987", "45987.5") as "2025-11-26" or "2025-11-26T12:00:00Z". ECMA-376
// part 1, 18.17.4.1: day 1 is 1900-01-01 and 1900 counts as a leap year; with `from_1904`, day 0 is
// 1904-01-01.
size_t xlsx_day(Str text, bool from_1904, char *to);
// Whether a number format (its number, or its text where it is the workbook's own) shows a day.
bool xlsx_shows_day(int number, Str format);
