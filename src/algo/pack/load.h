// load.h - loading boxes into a container, or a carton, so that the least room stays empty.
//
// Every box stands on the floor or rests with its whole base on boxes below; it stands only on a
// side that it may stand on; no box carries more than it bears; the load is not heavier than
// allowed. Boxes may always be turned about the vertical.
//
// Method: boxes are first joined into blocks with hardly a gap (Zhu, Oon, Lim & Weng, EJOR 2012),
// then blocks are put one after the other into the free space nearest to a corner of the container,
// the one first that is large and leaves least room that nothing fits (Araya & Riff, Computers & OR
// 2014). A beam search tries the best few blocks in each place, judges each by finishing greedily
// from there, keeps the best few states, and starts again with a wider beam while the budget lasts.
// A step of the budget is one greedy finish. The crew's size does not change the answer.
#pragma once

#include "algo/budget.h"

enum {
    LOAD_ITEMS_MOST = 500,    // types of boxes
    LOAD_BOXES_MOST = 20000,  // boxes in all
    LOAD_SIDE_MOST = 20000,   // of the container, in its own unit (mm, say)
};

typedef struct LoadItem {
    int32_t size[3];    // 1 to LOAD_SIDE_MOST each
    bool may_stand[3];  // whether size[k] may be the height
    int32_t count;
    int64_t weight;  // of one
    int64_t bears;   // most weight that may rest on one; negative: any
} LoadItem;

typedef struct LoadProblem {
    int32_t size[3];      // length, width, height
    int64_t weight_most;  // negative: any
    int item_count;
    const LoadItem *items;
} LoadProblem;

typedef struct LoadBox {
    int32_t item;
    int32_t at[3], size[3];  // the corner nearest to the origin, and how far it goes from there
} LoadBox;

typedef struct LoadPlan {
    LoadBox *boxes;  // from below: whatever a box rests on comes before it
    int box_count;
    int64_t volume, weight;
    int64_t finishes;  // steps done
} LoadPlan;

// E_INVALID "load.problem" when the problem breaks a rule above. budget->better is given a const
// LoadPlan *. `ret` and what it points at live in ctx->arena.
MUST_CHECK Status load_solve(Ctx *ctx, const LoadProblem *problem, Budget *budget, LoadPlan *ret);

// Measures a plan again, on its own: all inside, nothing overlapping, sides, support, what each
// bears, weight, counts. E_CONFLICT "load.plan" names the first thing wrong.
MUST_CHECK Status load_check(Ctx *ctx, const LoadProblem *problem, const LoadPlan *plan);

int64_t load_volume(const LoadProblem *problem);  // of the container
