// model.h - the linear programme of a supply plan: which column and row is what.
#pragma once

#include "algo/sop/sop.h"

typedef struct SopModel {
    const SopInput *input;
    Lp lp;
    // The first column or row of a kind; that of thing k in period t is k * period_count + t more.
    int32_t make, overtime, stock, backlog, move;  // columns; stock and backlog by site
    int32_t balance, hours;                        // rows; balance by site
    SopSite *sites;
    int32_t site_count;
    const SopStore **stores;                   // by site; NULL: kept for nothing, without limits
    int32_t *make_site, *lane_from, *lane_to;  // sites
    int32_t *take_site;                        // of all makes' takes, one after another
} SopModel;

MUST_CHECK Status sop_model(Ctx *ctx, const SopInput *input, SopModel *ret);

// What must be added to the limits so that a plan is possible; nothing when it is.
MUST_CHECK Status sop_lacking(Ctx *ctx, const SopInput *input, LpSolver solver,
                              const Budget *budget, SopShortList *ret);
// What is not delivered when nothing is added.
MUST_CHECK Status sop_undelivered(Ctx *ctx, const SopInput *input, LpSolver solver,
                                  const Budget *budget, SopShortList *ret);
