// csv_cells.h - dates and amounts as spreadsheets have them. Only the reader of CSV includes it.
#pragma once

#include "base/ctx.h"

// In which order a column writes day, month and year.
typedef enum { ORDER_NONE, ORDER_YMD, ORDER_DMY, ORDER_MDY } DateOrder;

// Seen over a column: which orders every date of it allows. Start with all true.
typedef struct {
    bool ymd, dmy, mdy;
    int64_t dates, cells;  // how many cells look like a date, of those that are not empty
} DateGuess;

void date_guess_add(DateGuess *guess, Str cell);
DateOrder date_guess_order(const DateGuess *guess);      // ORDER_NONE: not a column of dates
Str date_cell(Arena *arena, Str cell, DateOrder order);  // "" when it is no date in that order

// The same of amounts: which sign parts the cents.
typedef struct {
    int64_t points, commas;  // cells whose last sign can only part the cents
    int64_t amounts, cells;
} AmountGuess;

void amount_guess_add(AmountGuess *guess, Str cell);
char amount_guess_sign(const AmountGuess *guess);  // '.' or ','
// "1.234,50-", "(12.00)", "EUR 5", "₹1,23,456.00 Cr": the amount, below zero when the cell says so.
bool amount_cell(Arena *arena, Str cell, char decimal_sign, Str *ret);
