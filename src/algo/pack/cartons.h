// cartons.h - which cartons an order goes into: the cheapest set, from a list of sizes.
//
// Method: carton by carton, a beam over what is already packed. For every size in turn the rest of
// the order is loaded (load.h); a size that takes all of it ends the plan, of others the fullest
// for their price go on, and what such a carton took moves into a cheaper one if that holds it too.
// A step of the budget is one load.
#pragma once

#include "algo/pack/load.h"

enum { CARTON_SIZES_MOST = 200, CARTONS_MOST = 500 };

typedef struct Carton {
    int32_t size[3];      // inside: length, width, height
    int64_t weight_most;  // of what is inside; negative: any
    double cost;          // above 0
} Carton;

typedef struct CartonProblem {
    int carton_count;
    const Carton *cartons;
    int item_count;
    const LoadItem *items;
} CartonProblem;

typedef struct CartonLoad {
    int32_t carton;
    LoadPlan load;
} CartonLoad;

typedef struct CartonPlan {
    CartonLoad *loads;
    int load_count;
    double cost;
    int32_t *left;   // of each item, how many fit into no carton at all
    int64_t trials;  // steps done
} CartonPlan;

// E_INVALID "load.problem" as load_solve, or "cartons.problem". `ret` lives in ctx->arena.
MUST_CHECK Status cartons_solve(Ctx *ctx, const CartonProblem *problem, Budget *budget,
                                CartonPlan *ret);

// Every load by load_check(), and that nothing is packed twice or forgotten: E_CONFLICT.
MUST_CHECK Status cartons_check(Ctx *ctx, const CartonProblem *problem, const CartonPlan *plan);
