// books.h - what tests of the modules that keep the books share: steps in the company's lane,
// entries written in one line of text, and figures read back.
#pragma once

#include "kernel/house.h"
#include "modules/ledger/ledger.h"

// A day as "2026-03-02"; it must be one.
Date books_day(const char *text);
Money books_money(const char *text);  // of two decimals

// Runs in the lane, and ends the test program when it fails: for what a test only prepares.
void books_must(Ctx *ctx, TxFn fn, void *arg);
Id books_party(Ctx *ctx, const char *name);
// Where the company is: a place of kind company with an address.
void books_seat(Ctx *ctx, const char *country, const char *region);
Id books_account(Ctx *ctx, const char *code);

// What `entrepot verify` finds; each finding is printed as a failed check.
void books_verify(Ctx *ctx);

// An entry: "receivable:120.00 sales:-100.00 output_tax/cgst:-20.00", amounts in the entry's
// currency; "receivable:100.00=80.00" also gives the base amount. The party stands on receivable
// and payable.
typedef struct BooksEntry {
    const char *on, *lines, *currency;  // NULL: the company's
    Fx fx;
    Id party, channel, place;
    Link source;  // {0}: the party
    const char *number;
    Id ret;
} BooksEntry;
Status books_post(Ctx *ctx, void *entry);  // a TxFn

// "1200:120.00 4100:-100.00": the lines of an entry in base currency, in order of accounts.
Str books_lines(Ctx *ctx, Id entry);
// An account's balance in base currency, from the month totals.
Money books_balance(Ctx *ctx, const char *code);
