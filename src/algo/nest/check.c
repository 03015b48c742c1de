// check.c - whether a layout keeps the rules, worked out another way than the search does.
//
// Nothing here knows the search's shapes or tables. Corners are turned in floating point, rounded
// to a grid of 2^-26 of the strip's width and from then on everything is whole numbers, so that
// "these two outlines have no inner point in common" is answered exactly. Two pieces are apart when
// that holds after moving one of them by no more than the tolerance in one of sixteen directions:
// what is accepted is never deeper than the tolerance.
#include "algo/nest/nest.h"

#include <math.h>

enum { GRID_BITS = 26, DIRECTIONS = 16 };

typedef struct {
    int64_t x, y;
} Dot;

typedef struct {
    Dot *dots;  // twice the grid's coordinates, so that middles are whole
    int count;
    int64_t x0, y0, x1, y1;
    const NestPlacement *placement;
} Body;

typedef __int128 Wide;

static int sign_of(Wide n)
{
    return (n > 0) - (n < 0);
}

static int side_of(Dot a, Dot b, Dot c)
{
    return sign_of((Wide)(b.x - a.x) * (c.y - a.y) - (Wide)(b.y - a.y) * (c.x - a.x));
}

// ---- Bodies -------------------------------------------------------------------------------------

static int64_t on_grid(double at, double width)
{
    return 2 * (int64_t)llround(ldexp(at / width, GRID_BITS));
}

static NestPoint placed(const NestPlacement *placement, NestPoint p)
{
    double radians = placement->turn * (M_PI / 180), x = placement->is_flipped ? -p.x : p.x;
    return (NestPoint){ x * cos(radians) - p.y * sin(radians) + placement->x,
                        x * sin(radians) + p.y * cos(radians) + placement->y };
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void measure_box(Body *body)
{
    body->x0 = body->x1 = body->dots[0].x;
    body->y0 = body->y1 = body->dots[0].y;
    for (int i = 1; i < body->count; i++) {
        body->x0 = least(body->x0, body->dots[i].x), body->x1 = most(body->x1, body->dots[i].x);
        body->y0 = least(body->y0, body->dots[i].y), body->y1 = most(body->y1, body->dots[i].y);
    }
}

// Counter-clockwise, corners that fall on the one before left out.
static Body body_of(Arena *arena, const NestJob *job, const NestPlacement *placement)
{
    NestPolygon outline = job->pieces[placement->piece].outline;
    Body body = { NEW_ARRAY(arena, Dot, (size_t)outline.count), 0, .placement = placement };
    double area = 0;
    for (int i = 0; i < outline.count; i++) {
        NestPoint a = placed(placement, outline.points[i]);
        NestPoint b = placed(placement, outline.points[(i + 1) % outline.count]);
        area += a.x * b.y - b.x * a.y;
        Dot dot = { on_grid(a.x, job->width), on_grid(a.y, job->width) };
        const Dot *last = body.count ? &body.dots[body.count - 1] : NULL;
        if (!last || last->x != dot.x || last->y != dot.y)
            body.dots[body.count++] = dot;
    }
    for (int i = 0, j = body.count - 1; area < 0 && i < j; i++, j--) {
        Dot kept = body.dots[i];
        body.dots[i] = body.dots[j];
        body.dots[j] = kept;
    }
    measure_box(&body);
    return body;
}

static Body body_moved(Arena *arena, const Body *body, int64_t dx, int64_t dy)
{
    Body moved = *body;
    moved.dots = NEW_ARRAY(arena, Dot, (size_t)body->count);
    for (int i = 0; i < body->count; i++)
        moved.dots[i] = (Dot){ body->dots[i].x + dx, body->dots[i].y + dy };
    moved.x0 += dx, moved.x1 += dx, moved.y0 += dy, moved.y1 += dy;
    return moved;
}

// ---- Inner points in common ---------------------------------------------------------------------

static Dot dot_at(const Body *body, int i)
{
    return body->dots[i == body->count ? 0 : i];
}

static bool is_on(Dot a, Dot b, Dot c)
{
    return c.x >= least(a.x, b.x) && c.x <= most(a.x, b.x) && c.y >= least(a.y, b.y) &&
           c.y <= most(a.y, b.y) && side_of(a, b, c) == 0;
}

static bool edges_cross(Dot a, Dot b, Dot c, Dot d)
{
    if (most(c.x, d.x) < least(a.x, b.x) || least(c.x, d.x) > most(a.x, b.x) ||
        most(c.y, d.y) < least(a.y, b.y) || least(c.y, d.y) > most(a.y, b.y))
        return false;
    return side_of(a, b, c) * side_of(a, b, d) < 0 && side_of(c, d, a) * side_of(c, d, b) < 0;
}

typedef enum { OUTSIDE, INSIDE, ALONG, AGAINST } Where;

// Where the middle of a stretch lies in a body; on its outline: whether the stretch runs the same
// way as the edge there.
static Where where_is(const Body *body, Dot at, Dot way)
{
    bool is_inside = false;
    if (at.x < body->x0 || at.x > body->x1 || at.y < body->y0 || at.y > body->y1)
        return OUTSIDE;
    for (int i = 0; i < body->count; i++) {
        Dot a = body->dots[i], b = dot_at(body, i + 1);
        if ((a.y > at.y && b.y > at.y) || (a.y < at.y && b.y < at.y))
            continue;
        if (is_on(a, b, at))
            return (Wide)way.x * (b.x - a.x) + (Wide)way.y * (b.y - a.y) > 0 ? ALONG : AGAINST;
        if ((a.y <= at.y) != (b.y <= at.y) && (side_of(a, b, at) > 0) == (b.y > a.y))
            is_inside = !is_inside;
    }
    return is_inside ? INSIDE : OUTSIDE;
}

static bool is_clear_of(Dot a, Dot b, const Body *body)
{
    return most(a.x, b.x) < body->x0 || least(a.x, b.x) > body->x1 || most(a.y, b.y) < body->y0 ||
           least(a.y, b.y) > body->y1;
}

static int by_place(const void *a, const void *b)
{
    const Dot *p = a, *q = b;
    return p->x != q->x ? (p->x < q->x ? -1 : 1) : (p->y > q->y) - (p->y < q->y);
}

// An edge that crosses no other is cut where the body's corners touch it; each stretch is then all
// inside, all outside or all on the outline, as its middle is. A stretch on the outline that runs
// the same way has both bodies on its left. `cuts` has room for the body's corners and two more.
static bool edge_enters(Dot a, Dot b, const Body *body, Dot *cuts)
{
    int count = 0;
    cuts[count++] = a, cuts[count++] = b;
    for (int i = 0; i < body->count; i++)
        if (is_on(a, b, body->dots[i]))
            cuts[count++] = body->dots[i];
    qsort(cuts, (size_t)count, sizeof *cuts, by_place);
    Dot way = { b.x - a.x, b.y - a.y };
    for (int i = 0; i + 1 < count; i++) {
        Dot middle = { (cuts[i].x + cuts[i + 1].x) / 2, (cuts[i].y + cuts[i + 1].y) / 2 };
        if (by_place(&cuts[i], &cuts[i + 1]) == 0)
            continue;
        Where where = where_is(body, middle, way);
        if (where == INSIDE || where == ALONG)
            return true;
    }
    return false;
}

static bool any_crossing(const Body *a, const Body *b)
{
    for (int i = 0; i < a->count; i++) {
        Dot p = a->dots[i], q = dot_at(a, i + 1);
        if (is_clear_of(p, q, b))
            continue;
        for (int k = 0; k < b->count; k++)
            if (edges_cross(p, q, b->dots[k], dot_at(b, k + 1)))
                return true;
    }
    return false;
}

static bool any_entering(Arena *arena, const Body *a, const Body *b)
{
    ArenaMark mark = arena_mark(arena);
    Dot *cuts = NEW_ARRAY(arena, Dot, (size_t)b->count + 2);
    bool enters = false;
    for (int i = 0; i < a->count && !enters; i++) {
        Dot p = a->dots[i], q = dot_at(a, i + 1);
        enters = !is_clear_of(p, q, b) && edge_enters(p, q, b, cuts);
    }
    arena_rewind(arena, mark);
    return enters;
}

static bool boxes_share(const Body *a, const Body *b)
{
    return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

static bool bodies_share(Arena *arena, const Body *a, const Body *b)
{
    return boxes_share(a, b) &&
           (any_crossing(a, b) || any_entering(arena, a, b) || any_entering(arena, b, a));
}

static bool is_apart(Arena *arena, const Body *a, const Body *b, int64_t tolerance)
{
    bool is_free = !bodies_share(arena, a, b);
    for (int i = 0; i < DIRECTIONS && !is_free && tolerance > 0; i++) {
        ArenaMark mark = arena_mark(arena);
        double angle = 2 * M_PI * i / DIRECTIONS;
        // Rounded towards zero: never further than the tolerance.
        Body moved = body_moved(arena, b, 2 * (int64_t)((double)tolerance * cos(angle) / 2),
                                2 * (int64_t)((double)tolerance * sin(angle) / 2));
        is_free = !bodies_share(arena, a, &moved);
        arena_rewind(arena, mark);
    }
    return is_free;
}

// ---- Distance -----------------------------------------------------------------------------------

static double dot_to_edge(Dot p, Dot a, Dot b)
{
    double dx = (double)(b.x - a.x), dy = (double)(b.y - a.y), length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((double)(p.x - a.x) * dx + (double)(p.y - a.y) * dy) / length2 : 0;
    t = fmin(1, fmax(0, t));
    return hypot((double)(a.x - p.x) + t * dx, (double)(a.y - p.y) + t * dy);
}

// Of two bodies that are apart: from a corner of one to an edge of the other.
static double one_way_distance(const Body *a, const Body *b)
{
    double nearest = INFINITY;
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++)
            nearest = fmin(nearest, dot_to_edge(a->dots[i], b->dots[k], dot_at(b, k + 1)));
    return nearest;
}

static bool keeps_gap(const Body *a, const Body *b, double gap)
{
    double dx = (double)most(a->x0 - b->x1, b->x0 - a->x1);
    double dy = (double)most(a->y0 - b->y1, b->y0 - a->y1);
    if (fmax(dx, dy) >= gap)
        return true;
    return fmin(one_way_distance(a, b), one_way_distance(b, a)) >= gap;
}

// ---- Rules of one piece -------------------------------------------------------------------------

static bool is_allowed_turn(const NestPiece *piece, const NestPlacement *placement)
{
    if (piece->turn_count == 0 || placement->is_pinned)
        return true;
    for (int i = 0; i < piece->turn_count; i++)
        if (fabs(remainder(placement->turn - piece->turns[i], 360)) < 1e-6)
            return true;
    return false;
}

static bool on_line(double at, double repeat, double tolerance)
{
    return repeat <= 0 || fabs(remainder(at, repeat)) <= tolerance;
}

static const char *turn_fault(const NestJob *job, const NestPlacement *placement)
{
    const NestPiece *piece = &job->pieces[placement->piece];
    if (!is_allowed_turn(piece, placement))
        return "is turned as it may not be";
    return placement->is_flipped && piece->flip == NEST_AS_DRAWN ? "is mirrored" : NULL;
}

static const char *place_fault(const NestJob *job, const NestPlacement *placement, const Body *body,
                               double length, double tolerance)
{
    const NestPiece *piece = &job->pieces[placement->piece];
    double unit = ldexp(job->width, -GRID_BITS - 1);
    double x0 = (double)body->x0 * unit, x1 = (double)body->x1 * unit;
    double y0 = (double)body->y0 * unit, y1 = (double)body->y1 * unit;
    if (x0 < -tolerance || y0 < -tolerance || y1 > job->width + tolerance ||
        x1 > length + tolerance)
        return "leaves the strip";
    if (placement->is_pinned)
        return NULL;
    if (piece->has_band && (y0 < piece->band_from - tolerance || y1 > piece->band_to + tolerance))
        return "leaves its band";
    if (job->section > 0 &&
        floor((x0 + tolerance) / job->section) != ceil((x1 - tolerance) / job->section) - 1)
        return "crosses the end of a section";
    NestPoint match = placed(placement, piece->match);
    if (piece->is_matched && (!on_line(match.x, job->repeat_x, tolerance) ||
                              !on_line(match.y, job->repeat_y, tolerance)))
        return "is off the fabric's repeat";
    return NULL;
}

// ---- The layout ---------------------------------------------------------------------------------

static Status check_copies(Ctx *ctx, const NestJob *job, const NestLayout *layout)
{
    int *seen = NEW_ARRAY(ctx->arena, int, 2 * (size_t)job->piece_count + 1);
    for (int i = 0; i < layout->count; i++) {
        const NestPlacement *placement = &layout->placements[i];
        if (placement->piece < 0 || placement->piece >= job->piece_count)
            return FAIL(ctx, E_INVALID, "nest.layout", "placement %d is of no known piece", i);
        seen[2 * placement->piece + placement->is_flipped]++;
    }
    for (int i = 0; i < job->piece_count; i++) {
        int count = seen[2 * i] + seen[2 * i + 1], wanted = job->pieces[i].demand;
        if (count != wanted)
            return FAIL(ctx, E_INVALID, "nest.layout", "piece %d is there %d times instead of %d",
                        i, count, wanted);
        if (job->pieces[i].flip == NEST_IN_PAIRS && seen[2 * i + 1] != wanted / 2)
            return FAIL(ctx, E_INVALID, "nest.layout",
                        "piece %d is mirrored %d times instead of %d", i, seen[2 * i + 1],
                        wanted / 2);
    }
    return OK;
}

static Status check_pair(Ctx *ctx, const NestJob *job, const Body *a, const Body *b,
                         double tolerance)
{
    double per_unit = ldexp(1 / job->width, GRID_BITS + 1);
    if (!is_apart(ctx->arena, a, b, (int64_t)(tolerance * per_unit)))
        return FAIL(ctx, E_INVALID, "nest.layout", "pieces %d and %d overlap at (%.6g, %.6g)",
                    a->placement->piece, b->placement->piece, b->placement->x, b->placement->y);
    bool is_held = a->placement->is_pinned && b->placement->is_pinned;
    if (job->gap > 0 && !is_held && !keeps_gap(a, b, (job->gap - 2 * tolerance) * per_unit))
        return FAIL(ctx, E_INVALID, "nest.layout", "pieces %d and %d are too near at (%.6g, %.6g)",
                    a->placement->piece, b->placement->piece, b->placement->x, b->placement->y);
    return OK;
}

static Status fault(Ctx *ctx, const NestPlacement *at, const char *what)
{
    return FAIL(ctx, E_INVALID, "nest.layout", "piece %d at (%.6g, %.6g) %s", at->piece, at->x,
                at->y, what);
}

static Status check_placements(Ctx *ctx, const NestJob *job, const NestLayout *layout,
                               double tolerance)
{
    Body *bodies = NEW_ARRAY(ctx->arena, Body, (size_t)layout->count + 1);
    for (int i = 0; i < layout->count; i++) {
        const NestPlacement *placement = &layout->placements[i];
        bodies[i] = body_of(ctx->arena, job, placement);
        const char *what = turn_fault(job, placement);
        if (!what)
            what = place_fault(job, placement, &bodies[i], layout->length, tolerance);
        if (what)
            return fault(ctx, placement, what);
    }
    for (int i = 0; i < layout->count; i++)
        for (int k = i + 1; k < layout->count; k++)
            TRY(check_pair(ctx, job, &bodies[i], &bodies[k], tolerance));
    return OK;
}

static bool is_in_reach(const NestJob *job, const NestLayout *layout)
{
    double far = ldexp(job->width, 63 - GRID_BITS - 6);
    for (int i = 0; i < job->piece_count; i++)
        for (int k = 0; k < job->pieces[i].outline.count; k++) {
            NestPoint p = job->pieces[i].outline.points[k];
            if (!(fabs(p.x) < far && fabs(p.y) < far))
                return false;
        }
    for (int i = 0; i < layout->count; i++) {
        const NestPlacement *p = &layout->placements[i];
        if (!(fabs(p->x) < far && fabs(p->y) < far && isfinite(p->turn)))
            return false;
    }
    return isfinite(layout->length);
}

Status nest_check(Ctx *ctx, const NestJob *job, const NestLayout *layout, double tolerance)
{
    ArenaMark mark = arena_mark(ctx->arena);
    Status status = check_copies(ctx, job, layout);
    if (status == OK && !is_in_reach(job, layout))
        status = FAIL(ctx, E_INVALID, "nest.layout", "a placement is out of all bounds");
    if (status == OK)
        status = check_placements(ctx, job, layout, tolerance);
    if (status == OK)
        arena_rewind(ctx->arena, mark);  // a failure's sentence lives in the arena
    return status;
}

static Status check_pair_alone(Ctx *ctx, const NestJob *job, const NestPlacement at[2],
                               double tolerance)
{
    NestLayout layout = { .count = 2, .placements = (NestPlacement[]){ at[0], at[1] } };
    if (!is_in_reach(job, &layout))
        return FAIL(ctx, E_INVALID, "nest.layout", "a placement is out of all bounds");
    for (int i = 0; i < 2; i++)
        if (turn_fault(job, &at[i]))
            return fault(ctx, &at[i], turn_fault(job, &at[i]));
    Body a = body_of(ctx->arena, job, &at[0]), b = body_of(ctx->arena, job, &at[1]);
    return check_pair(ctx, job, &a, &b, tolerance);
}

Status nest_check_two(Ctx *ctx, const NestJob *job, const NestPlacement at[2], double tolerance)
{
    ArenaMark mark = arena_mark(ctx->arena);
    Status status = check_pair_alone(ctx, job, at, tolerance);
    if (status == OK)
        arena_rewind(ctx->arena, mark);
    return status;
}
