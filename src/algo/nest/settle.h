// settle.h - moves all pieces at once, each a little, to where the strip is shortest.
#pragma once

#include "algo/nest/marker.h"

enum { SETTLE_COPIES_MOST = 400 };  // of more, one round takes seconds

typedef struct Settling {
    const Shapes *shapes;
    Pose *poses;
    double length;      // of the strip
    const float *loss;  // of all pairs, count x count: above zero where they overlap; NULL: nowhere
    bool is_rough;      // overlaps are found in single precision (body.h)
    bool as_drawn;      // with the outlines before corners were left out
    int rounds;         // at most so many linear programmes
    const Budget *budget;  // that may say stop between two of them
} Settling;

// From pieces that overlap a little or not at all to a strip on which none overlap, and on to the
// shortest around it: `poses` and `length` are set. Places change, turns do not; pieces that are
// matched to the fabric stay. False: none was found near by, nothing has changed. Nothing is left
// in `scratch`.
MUST_CHECK bool settle(Arena *scratch, Settling *settling);
