// shape.h - the pieces of a job as the search sees them: every outline in every allowed turn.
//
// A *cut* is an outline as it may lie before turning: a piece, mirrored or not, grown by half the
// gap and eased of needless corners. A *shape* is a cut at one rotation, a *copy* one demanded
// piece with the shapes it may take.
#pragma once

#include "algo/nest/polygon.h"

#include <math.h>

enum { POLES_MOST = 12 };

typedef struct Cut {
    int piece;
    bool is_flipped;
    NestPolygon drawn;  // before corners were left out
    NestPolygon outline;
    Circle poles[POLES_MOST];
    int pole_count;
    double area;
    double heft;      // square root of the hull's area: how much its overlaps weigh
    double diameter;  // of the hull
} Cut;

// Where the circles of two cuts begin to fade out of the overlap measure, and how it is weighed.
static inline double cuts_epsilon(const Cut *a, const Cut *b)
{
    return 0.01 * fmax(a->diameter, b->diameter);
}
static inline double cuts_heft(const Cut *a, const Cut *b)
{
    return sqrt(a->heft * b->heft);
}

typedef struct Shape {
    int cut;
    double degrees;
    Turn turn;
    NestPolygon outline;
    Box box;
} Shape;

typedef struct Copy {
    int piece;
    int shape_from, shape_count;  // its shapes, one after another in the list
    bool is_free;                 // any angle: the shapes listed are only starts
    bool is_pinned;
    double x, y;  // of a pinned copy
    // On hides: an obstacle of this quality is in the way of copies that need a better one.
    bool is_obstacle;
    int quality;  // an obstacle's own; the least a copy needs
} Copy;

typedef struct Shapes {
    const NestJob *job;
    Cut *cuts;
    int cut_count;
    Shape *shapes;
    int shape_count;
    Copy *copies;
    int copy_count;
    double area;   // of all copies, as drawn
    bool is_free;  // some copy may take any angle
    bool is_hide;  // there are obstacles
} Shapes;

// Refuses what nest_solve() refuses. Everything lives in ctx->arena.
MUST_CHECK Status shapes_make(Ctx *ctx, const NestJob *job, Shapes *ret);
