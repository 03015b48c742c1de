// convolve.h - the convolution of two outlines: for which shifts they overlap.
//
// Lay b at shift d from a. The closed curves that convolve() answers wind around d exactly as many
// times as the overlap of both has parts: zero when they are apart. They contain the boundary of
// the no-fit polygon and a little more inside it, and need no decomposition, no union and no
// special case for holes and slits (Guibas, Ramshaw, Stolfi, "A kinetic framework for computational
// geometry", 1983).
#pragma once

#include "algo/nest/polygon.h"

typedef struct {
    double x0, y0, x1, y1;
} Segment;

// All segments, directed; *ret in the arena. At most (corners of a) x (corners of b) x 2.
int convolve(Arena *arena, NestPolygon a, NestPolygon b, Segment **ret);

// How often the curves wind around a shift.
int convolution_winding(const Segment *segments, int count, NestPoint at);

// ---- Only near one shift ------------------------------------------------------------------------

typedef struct Corner {
    NestPoint at;
    NestPoint step;  // the edge that leaves the corner
    double angle_in, angle_out;
    bool is_left;  // turns left
} Corner;

// The corners of a polygon (`sign` 1), or of it turned by half a turn (-1).
Corner *convolve_corners(Arena *arena, NestPolygon p, double sign);

// Segments and corners near a window; grows in the arena as it must.
typedef struct Near {
    Arena *arena;
    Corner *corners[2];
    int corner_room[2];
    Segment *segments;
    int count, room;
} Near;

// Those segments of the convolution that may come into the window; `b` is turned by half.
void convolve_near(Near *near, const Corner *a, int a_count, const Corner *b, int b_count,
                   Box window);
