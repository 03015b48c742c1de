// tables.h - a table of overlaps for every pair of shapes.
//
// Only the relative rotation of two cuts matters, so one Meet serves many pairs of shapes; a link
// turns the difference of two positions into its shift.
#pragma once

#include "algo/nest/meet.h"

typedef struct MeetLink {
    const Meet *meet;
    double xx, xy, yx, yy;  // (position of the first shape - that of the second) to the shift
} MeetLink;

typedef struct MeetPair {
    int a, b;        // cuts
    double degrees;  // b's rotation against a's
    int next;        // of the same cuts; -1 ends
} MeetPair;

typedef struct Tables {
    const Shapes *shapes;
    MeetPair *pairs;
    Meet *meets;
    int count;
    MeetLink *links;  // shape_count x shape_count
} Tables;

// Whether tables would stay within a few hundred megabytes; otherwise, and when a piece may take
// any angle, overlaps are worked out on the spot (body.h).
bool tables_pay(const Shapes *shapes);

// Exact answers at once; the measure comes with tables_measure(), shared out to the budget's crew.
void tables_make(Arena *arena, const Shapes *shapes, Tables *ret);
void tables_measure(Tables *tables, const Budget *budget);

// Where two placed shapes' shift falls; false when they are apart.
static inline bool tables_spot(const Tables *tables, int first, int second, double dx, double dy,
                               MeetSpot *ret)
{
    const MeetLink *link = &tables->links[first * tables->shapes->shape_count + second];
    return meet_spot(link->meet, link->xx * dx + link->xy * dy, link->yx * dx + link->yy * dy, ret);
}
