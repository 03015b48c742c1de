// chain.h - what chain.c (adding to a chain) and rewalk.c (working through it again) share: the
// rows of the chain as the costing engine wants them, and where a chain stands.
#pragma once

#include "modules/inventory/stock.h"

// Rows from `query` with the columns of CHAIN_COLUMNS.
#define CHAIN_COLUMNS                                                                              \
    "moved_on, move, kind, quantity, amount, rest, settled, input, rate, origin, origin_on,"       \
    " whole, last_rate, standard, method, counter, channel_id, cost_centre_id"
MUST_CHECK Status chain_rows(Ctx *ctx, ChainKey key, Query query, StockValueList *ret);

// The move that a row stands for. What a return brings back, and how much came in since what a late
// cost belongs to, is looked up in the chain before it.
MUST_CHECK Status chain_move(Ctx *ctx, const StockValue *row, CostMove *ret);

// What a move of the chain did when it came to it, with what had been corrected before `before`.
MUST_CHECK Status chain_value_before(Ctx *ctx, ChainKey key, Date on, Id move,
                                     const CostMove *before, StockValue *ret);

MUST_CHECK Status chain_row_add(Ctx *ctx, const StockValue *row);
MUST_CHECK Status chain_row_update(Ctx *ctx, const StockValue *row);
MUST_CHECK Status chain_correct(Ctx *ctx, const ValueCorrection *correction);
MUST_CHECK Status chain_month_add(Ctx *ctx, ChainKey key, Date on, Qty quantity, Worth worth);
MUST_CHECK Status chain_stands(Ctx *ctx, const StockCost *cost);
MUST_CHECK Status chain_layers_save(Ctx *ctx, ChainKey key, const LayerList *layers);

void chain_delta(Ctx *ctx, ChainDeltaList *deltas, Date on, const StockValue *of, int64_t minor);
int64_t month_number(Date day);  // years x 12 + months, from 0

// Works through the chain again from the day of `row`, which is there already, worth nothing yet.
MUST_CHECK Status chain_rewalk(Ctx *ctx, const StockValue *row, ChainDeltaList *deltas,
                               Money *ret_own);
