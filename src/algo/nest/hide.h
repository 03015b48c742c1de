// hide.h - pieces on hides: leather with an irregular edge, holes, and zones of lesser quality.
//
// The largest hides are taken first; each is filled with the largest pieces that find a place, and
// then with what separation can squeeze in between. A piece may lie on a zone whose quality is at
// least what the piece needs; a piece that says nothing needs flawless leather and lies on no zone.
#pragma once

#include "algo/nest/nest.h"

enum { HIDE_FLAWS_MOST = 1000, HIDES_MOST = 1000 };

typedef struct HideZone {
    int quality;  // higher is better
    NestPolygon outline;
} HideZone;

typedef struct Hide {
    NestPolygon outer;
    int hole_count;
    const NestPolygon *holes;
    int zone_count;
    const HideZone *zones;
    int stock;  // how many of this hide there are
} Hide;

typedef struct HidePiece {
    NestPiece piece;  // outline, demand, rotations
    bool has_quality;
    int quality;  // the least it needs
} HidePiece;

typedef struct HideJob {
    int hide_count;
    const Hide *hides;
    int piece_count;
    const HidePiece *pieces;
    double gap;
} HideJob;

typedef struct HidePlacement {
    int use;  // which of the hides that are used
    NestPlacement at;
} HidePlacement;

typedef struct HideLayout {
    int use_count;
    int *hides;  // of each use: which hide
    int count;
    HidePlacement *placements;
    int missing;     // copies for which no hide has room
    double used;     // area of the pieces that are placed
    double leather;  // area of the hides that are used
} HideLayout;

// Steps are rounds of separation. `better` is given a const HideLayout * after each hide.
MUST_CHECK Status hide_solve(Ctx *ctx, const HideJob *job, Budget *budget, HideLayout *ret);

// Whether the layout keeps every rule, by nest_check()'s exact arithmetic. `tolerance` as there.
MUST_CHECK Status hide_check(Ctx *ctx, const HideJob *job, const HideLayout *layout,
                             double tolerance);
