// region.h - the room that a shift has among the segments of a convolution.
#pragma once

#include "algo/nest/convolve.h"

enum { WALLS_MOST = 16 };

// A shift p keeps along.p >= least; `along` has length one.
typedef struct Wall {
    NestPoint along;
    double least;
} Wall;

typedef struct Segments {
    const Segment *list;
    int count;
} Segments;

// A convex region around `from`, which lies outside the curves, that no segment reaches into; it
// goes no further than `reach` from `middle` along either axis, for which no wall is listed.
// Answers how many walls it took, or -1 when they are too many.
int region_cut(Segments segments, NestPoint from, NestPoint middle, double reach, Wall *ret);

// The nearest shift outside the curves for one inside, around which they wind `winding` times.
// False: there is none within `reach`.
bool region_exit(Arena *scratch, Segments segments, int winding, double reach, NestPoint shift,
                 NestPoint *ret);
