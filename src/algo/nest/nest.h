// nest.h - markers: irregular pieces on a strip of fabric, so that the strip is as short as
// possible.
//
// The strip lies along x: its width is fixed (0 <= y <= width), its length is what we save. A piece
// is turned about its own origin, counter-clockwise, and then moved; flipped pieces are mirrored
// (x becomes -x) before they are turned. Lengths are in whatever unit the job uses, angles in
// degrees.
//
// The method is overlap minimisation with guided local search (docs/nesting.md): the strip is made
// shorter than its pieces can bear, pieces are moved until nothing overlaps, and so on until time
// is over. nest_check() is another road to the same truth: it shares no geometry with the search.
#pragma once

#include "algo/budget.h"

enum {
    NEST_COPIES_MOST = 2000,   // pieces on one marker
    NEST_CORNERS_MOST = 5000,  // corners of one piece
    NEST_TURNS_MOST = 360,     // listed rotations of one piece
};

typedef struct {
    double x, y;
} NestPoint;

typedef struct {
    NestPoint *points;
    int count;
} NestPolygon;

typedef enum {
    NEST_AS_DRAWN,    // never mirrored
    NEST_EITHER_WAY,  // each copy as is best
    NEST_IN_PAIRS,    // every second copy is mirrored: left and right of a pair
} NestFlip;

typedef struct NestPiece {
    NestPolygon outline;  // simple, either direction, first corner not repeated
    int demand;           // copies wanted
    int turn_count;       // allowed rotations; 0: any angle
    const double *turns;  // degrees
    NestFlip flip;
    bool has_band;  // the piece must lie between these heights (shade across the width)
    double band_from, band_to;
    bool is_matched;  // its match point must lie on the fabric's repeat
    NestPoint match;  // in the piece's own coordinates
} NestPiece;

typedef struct NestPlacement {
    int piece;
    double turn;  // degrees
    bool is_flipped, is_pinned;
    double x, y;
} NestPlacement;

typedef struct NestJob {
    double width;
    int piece_count;
    const NestPiece *pieces;
    double gap;                 // least distance between two pieces
    double section;             // longest marker: no piece crosses a multiple of it; 0: no limit
    double repeat_x, repeat_y;  // of stripes and plaids; 0: none in that direction
    int pinned_count;           // copies that stay where they are; they count towards the demand
    const NestPlacement *pinned;
} NestJob;

typedef struct NestLayout {
    double length;
    double density;  // area of all pieces over width times length, 0 to 1
    int count;       // one placement per demanded copy, ordered by piece
    NestPlacement *placements;
} NestLayout;

// The shortest marker the budget allows. Steps are rounds of the separation, each moving every
// overlapping piece once, counted for each of the crew. `better` is given a const NestLayout *
// whenever a shorter one is there; the first comes before any search. Refuses (E_INVALID) what
// cannot be: outlines that cross themselves, pieces wider than the fabric, pinned pieces that lie
// on each other. Memory: a few kilobytes for each pair of pieces and rotations.
MUST_CHECK Status nest_solve(Ctx *ctx, const NestJob *job, Budget *budget, NestLayout *ret);

// Whether the layout keeps every rule of the job: every copy once, allowed rotations and flips,
// inside the strip, in its section, band and repeat, apart by the gap. `tolerance` is how deep two
// pieces may lie in each other, in the job's unit. E_INVALID "nest.layout" names the first fault.
MUST_CHECK Status nest_check(Ctx *ctx, const NestJob *job, const NestLayout *layout,
                             double tolerance);

// Two placed pieces alone: in allowed rotations and flips, and apart by the gap. The strip has no
// say but for its width, which is the measure of what is exact. Same failure.
MUST_CHECK Status nest_check_two(Ctx *ctx, const NestJob *job, const NestPlacement at[2],
                                 double tolerance);

// Total area of all demanded copies.
double nest_area(const NestJob *job);
