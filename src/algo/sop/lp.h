// lp.h - a linear programme as data, and what solves one.
//
//     minimise sum of cost * value, where low <= value <= high for each column
//     and low <= sum of entry * value <= high for each row
//
// The product's algorithms know this much about solvers; cbc.h is the one that is used.
#pragma once

#include "algo/budget.h"

#include <math.h>

typedef struct LpColumn {
    double cost, low, high;  // -INFINITY, INFINITY: no bound
} LpColumn;

typedef struct LpRow {
    double low, high;
} LpRow;

typedef struct LpEntry {
    int32_t column, row;
    double value;
} LpEntry;

typedef struct Lp {
    LIST(LpColumn) columns;
    LIST(LpRow) rows;
    LIST(LpEntry) entries;  // in any order; at most one for a column and a row
} Lp;

// LP_INFEASIBLE: no values keep all bounds, or the cost has no least (which cannot be where no cost
// and no low bound is below 0).
typedef enum { LP_OPTIMAL, LP_INFEASIBLE, LP_STOPPED } LpState;

typedef struct LpAnswer {
    LpState state;
    double cost;
    const double *value;  // by column; LP_OPTIMAL only
    const double *price;  // by row: how much the cost grows with the row's limit
} LpAnswer;

// Answers in ctx's arena. E_INTERNAL when the solver gives up.
typedef Status (*LpSolver)(Ctx *ctx, const Lp *lp, const Budget *budget, LpAnswer *ret);

int32_t lp_column(Arena *arena, Lp *lp, double cost, double low, double high);
int32_t lp_row(Arena *arena, Lp *lp, double low, double high);
void lp_entry(Arena *arena, Lp *lp, int32_t column, int32_t row, double value);

// A proof that no other answer is cheaper, from the prices alone: the cost below which no values
// that keep all bounds can be (weak duality). -INFINITY when the prices prove nothing. An answer is
// optimal when its own cost is this, but for rounding.
double lp_least_cost(Arena *arena, const Lp *lp, const double *price);

// By how much the values break a bound at worst.
double lp_violation(Arena *arena, const Lp *lp, const double *value);
