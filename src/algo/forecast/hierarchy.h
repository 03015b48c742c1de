// hierarchy.h - forecasts that add up: articles to categories to the total.
//
// Forecasts made at each level by itself contradict each other. Bottom-up keeps the lowest level
// and adds; MinT changes all of them as little as their errors allow, so that the whole errs least
// (Wickramasuriya, Athanasopoulos and Hyndman, "Optimal forecast reconciliation for hierarchical
// and grouped time series through trace minimization", JASA 114, 2019), with the errors'
// covariances shrunk towards none (Schaefer and Strimmer, 2005).
#pragma once

#include "base/ctx.h"

typedef struct Hierarchy {
    const int *parents;  // of each node, -1 for the top; several tops are possible
    int count;           // nodes, at most HIERARCHY_NODES
} Hierarchy;

enum { HIERARCHY_NODES = 4000, HIERARCHY_SUMS = 1000 };

// `ahead` holds count rows of h values and is changed. E_INVALID "forecast.hierarchy" when a parent
// is no node, or is its own ancestor, or when there are too many nodes with children.
MUST_CHECK Status hierarchy_bottom_up(Ctx *ctx, const Hierarchy *hierarchy, double *ahead, int h);

// `errors` holds count rows of `times` errors of earlier forecasts one step ahead, of the same
// times in all rows. O(sums^3 + sums^2 nodes).
MUST_CHECK Status hierarchy_mint(Ctx *ctx, const Hierarchy *hierarchy, const double *errors,
                                 int times, double *ahead, int h);
