// lay.h - lay planning: from an order by size and colour to markers and lays.
//
// A *marker* holds some garments, so many of each size. A *lay* is a marker spread on the table in
// plies, so many of each colour; each ply is cut from one roll, so that a garment's parts share its
// shade. The plan covers the order with the least fabric and few lays. Lengths are in one unit,
// areas in its square.
#pragma once

#include "algo/budget.h"

enum {
    LAY_SIZES_MOST = 40,
    LAY_COLOURS_MOST = 40,
    LAY_ROLLS_MOST = 2000,
    LAY_LAYS_MOST = 1000,
};

typedef struct LayRoll {
    int colour;
    double length, width;
    int shade;
} LayRoll;

typedef struct LayJob {
    int size_count, colour_count;
    const int *wanted;    // size_count x colour_count garments
    const double *areas;  // of one garment's pieces, by size
    double density;       // a marker's expected share of used fabric, 0 to 1
    double table_length;
    int plies_most;     // on one lay
    int garments_most;  // on one marker
    double end_loss;    // fabric lost at both ends of a ply
    double lay_cost;    // what one more lay may cost, in fabric length
    int surplus_most;   // garments too many of one size and colour that may be cut
    int roll_count;
    const LayRoll *rolls;
} LayJob;

typedef struct LaySpread {  // plies from one roll on one lay
    int roll, plies;
} LaySpread;

typedef struct Lay {
    double width, length;  // of the marker, without end loss
    int *garments;         // of the marker, by size
    int *plies;            // by colour
    int spread_count;
    LaySpread *spreads;
} Lay;

typedef struct LayPlan {
    double fabric;    // spread length in all, end loss included
    double remnants;  // left on rolls that were begun
    int lay_count;
    Lay *lays;
    int *missing;  // size_count x colour_count garments for which the rolls do not last
    int missing_count;
} LayPlan;

// The best of as many plans as the budget allows; a step is one plan. `better` is given a const
// LayPlan *. What the rolls do not allow is missing in the plan, not a failure. Refuses (E_INVALID)
// jobs that make no sense and sizes that do not fit on the table.
MUST_CHECK Status lay_plan(Ctx *ctx, const LayJob *job, Budget *budget, LayPlan *ret);

// Recounts a plan: every garment there, table, plies and rolls kept. E_INVALID "lay.plan" names the
// first fault.
MUST_CHECK Status lay_check(Ctx *ctx, const LayJob *job, const LayPlan *plan);
