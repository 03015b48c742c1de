// replay.h - a year of somebody's sales lived through again: every invoice of the file an order
// that is placed, paid, shipped, invoiced and booked on its own day, through the same actions that
// people use.
#pragma once

#include "app/replay/retail.h"
#include "kernel/tenant.h"

typedef struct Replay {
    Retail retail;
    Str tenant;  // code
    int threads;
    Id warehouse, channel, supplier, method, unit;
    Id sample, found, write_off, unwanted;  // choices
    Time from, until;                       // first and last invoice
} Replay;

// ---- Once (once.c) ------------------------------------------------------------------------------
//
// Each piece
// of the story is one transaction that also notes its name; told again, what is noted is passed
// over. So a replay that was cut off goes on where it was.
MUST_CHECK Status once(Ctx *ctx, Str name, TxFn fn, void *arg);

// ---- Pieces (company.c, trade.c, back.c) --------------------------------------------------------
MUST_CHECK Status replay_company(Ctx *ctx, Replay *replay);  // places, channel, products, customers

typedef struct Piece {
    const Replay *replay;
    const RetailInvoice *invoice;
    const struct Supply *supply;
} Piece;
MUST_CHECK Status replay_supply(Ctx *ctx, const Piece *piece);  // a receipt
MUST_CHECK Status replay_sale(Ctx *ctx,
                              const Piece *piece);  // an order and what else its invoice says
MUST_CHECK Status replay_return(Ctx *ctx, const Piece *piece);  // a cancellation
Qty whole(int64_t units);
MUST_CHECK Status replay_order_find(Ctx *ctx, const Replay *replay, Str number, Id *ret);
// Stock changes and expenses of any invoice.
MUST_CHECK Status replay_stock_lines(Ctx *ctx, const Piece *piece);
MUST_CHECK Status replay_expenses(Ctx *ctx, const Piece *piece);

// What has to be there at the beginning of a week so that stock suffices.
typedef struct SupplyLine {
    const RetailProduct *product;
    int64_t quantity;
} SupplyLine;
typedef struct Supply {
    Date on;
    int number;  // within the week
    LIST(SupplyLine) lines;
} Supply;
typedef LIST(Supply) SupplyList;

// ---- The whole (story.c) ------------------------------------------------------------------------
// The file is read and matched. E_INVALID "replay.empty".
MUST_CHECK Status replay_run(Ctx *ctx, Replay *replay);
// For a command of its own: enters the company, founding one that is not there yet; from here on
// pieces may take longer than beside others.
MUST_CHECK Status replay_enter(Ctx *ctx, Str code, Str name);

// Revenue per month, country and product of ctx's tenant against what tools/replay_check.py says.
MUST_CHECK Status replay_compare(Ctx *ctx, const char *path, int64_t *ret_compared,
                                 int64_t *ret_different);
