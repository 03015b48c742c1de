// bins.h - one-dimensional bin packing: lengths out of bars, files onto discs, amounts into lots.
//
// Method: lower bounds by Martello & Toth and by dual feasible functions; reduction of items with
// at most one partner; best fit decreasing; then one bin less and one less again, each by a search
// that leaves two bins' worth of items outside and swaps up to two of a bin against up to two of
// those outside, so that ever less is outside, until it fits into two bins (after the consistent
// neighbourhood search of Buljubasic & Vasquez, Computers & OR 2016, with simulated annealing in
// place of their tabu list). A step of the budget is one swap looked at, by one worker.
#pragma once

#include "algo/budget.h"

enum { BINS_ITEMS_MOST = 20000, BINS_CREW_MOST = 64 };

typedef struct BinsProblem {
    int64_t capacity;  // 1 to 10^12
    int item_count;
    const int64_t *sizes;  // 0 to capacity each
} BinsProblem;

typedef struct BinsPlan {
    int bins;
    int32_t *bin_of;  // of each item, from 0
    int least;        // no packing has fewer; equal to `bins`: proven best
    int64_t steps;
} BinsPlan;

// E_INVALID "bins.problem" when an item does not fit into any bin, or there are too many.
// budget->better is given a const BinsPlan *. `ret` lives in ctx->arena.
MUST_CHECK Status bins_solve(Ctx *ctx, const BinsProblem *problem, Budget *budget, BinsPlan *ret);

// A number of bins that no packing is below.
int bins_least(Arena *arena, const BinsProblem *problem);

// Adds every bin up again: E_CONFLICT "bins.plan".
MUST_CHECK Status bins_check(Ctx *ctx, const BinsProblem *problem, const BinsPlan *plan);
