// region.c - the room that a shift has among the segments of a convolution.
//
// The nearest segment gives the first wall of a region, then the nearest of those that still reach
// into what is left, and so on: greedy, but all that the region holds is free.
#include "algo/nest/region.h"

#include <math.h>
#include <stdlib.h>

enum { SIDES = 4, EXITS_MOST = 30 };

static const double HAIR = 1e-9;  // of the reach

static double distance(NestPoint a, NestPoint b)
{
    return hypot(a.x - b.x, a.y - b.y);
}

static double along(const Wall *wall, NestPoint p)
{
    return wall->along.x * p.x + wall->along.y * p.y;
}

static NestPoint nearest_on(const Segment *s, NestPoint p)
{
    double dx = s->x1 - s->x0, dy = s->y1 - s->y0, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((p.x - s->x0) * dx + (p.y - s->y0) * dy) / length2 : 0;
    t = fmin(1, fmax(0, t));
    return (NestPoint){ s->x0 + t * dx, s->y0 + t * dy };
}

// ---- The region ---------------------------------------------------------------------------------

// Whether some of the segment lies strictly inside the walls; `ret`: that part.
static bool clip(const Segment *s, const Wall *walls, int count, double hair, Segment *ret)
{
    double from = 0, to = 1, dx = s->x1 - s->x0, dy = s->y1 - s->y0;
    for (int i = 0; i < count; i++) {
        double at = along(&walls[i], (NestPoint){ s->x0, s->y0 }) - walls[i].least - hair;
        double slope = walls[i].along.x * dx + walls[i].along.y * dy;
        if (at <= 0 && at + slope <= 0)
            return false;
        if (at < 0)
            from = fmax(from, -at / slope);
        else if (at + slope < 0)
            to = fmin(to, -at / slope);
    }
    *ret = (Segment){ s->x0 + from * dx, s->y0 + from * dy, s->x0 + to * dx, s->y0 + to * dy };
    return from < to;
}

// Along the segment where `from` lies well off its line, else across the way to its nearest point.
// Curves run counter-clockwise: outside is to the right.
static Wall wall_for(const Segment *s, NestPoint nearest, NestPoint from, double hair)
{
    double dx = s->x1 - s->x0, dy = s->y1 - s->y0, length = hypot(dx, dy);
    double away = distance(from, nearest);
    Wall wall = { { dy / length, -dx / length }, 0 };
    wall.least = along(&wall, (NestPoint){ s->x0, s->y0 });
    if (away <= hair || along(&wall, from) - wall.least >= 0.5 * away)
        return wall;
    wall.along = (NestPoint){ (from.x - nearest.x) / away, (from.y - nearest.y) / away };
    wall.least = along(&wall, nearest);
    return wall;
}

typedef struct {
    const Segment *segment;  // NULL: none reaches into the walls
    NestPoint at;
} Nearest;

static Nearest nearest_inside(Segments segments, NestPoint from, const Wall *walls, int count,
                              double hair)
{
    Nearest nearest = { NULL, { 0, 0 } };
    double least = INFINITY;
    for (int i = 0; i < segments.count; i++) {
        Segment part;
        if (!clip(&segments.list[i], walls, count, hair, &part))
            continue;
        NestPoint at = nearest_on(&part, from);
        if (distance(at, from) < least)
            least = distance(at, from), nearest = (Nearest){ &segments.list[i], at };
    }
    return nearest;
}

int region_cut(Segments segments, NestPoint from, NestPoint middle, double reach, Wall *ret)
{
    static const NestPoint ways[SIDES] = { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } };
    Wall walls[SIDES + WALLS_MOST];
    double hair = HAIR * reach;
    for (int i = 0; i < SIDES; i++)
        walls[i] = (Wall){ ways[i], ways[i].x * middle.x + ways[i].y * middle.y - reach };
    for (int count = 0; count <= WALLS_MOST; count++) {
        Nearest nearest = nearest_inside(segments, from, walls, SIDES + count, hair);
        if (!nearest.segment) {
            memcpy(ret, walls + SIDES, (size_t)count * sizeof *ret);
            return count;
        }
        if (count < WALLS_MOST)
            walls[SIDES + count] = wall_for(nearest.segment, nearest.at, from, 10 * hair);
    }
    return -1;
}

// ---- The way out --------------------------------------------------------------------------------

typedef struct {
    NestPoint to;
    double away;
} Exit;

static int by_distance(const void *a, const void *b)
{
    const Exit *p = a, *q = b;
    return (p->away > q->away) - (p->away < q->away);
}

// How the curves wind around `to`, when they wind so often around `from`.
static int winding_beyond(Segments segments, int winding, NestPoint from, NestPoint to)
{
    for (int i = 0; i < segments.count; i++) {
        const Segment *s = &segments.list[i];
        NestPoint a = { s->x0, s->y0 }, b = { s->x1, s->y1 };
        if ((cross(from, to, a) > 0) != (cross(from, to, b) > 0) &&
            (cross(a, b, from) > 0) != (cross(a, b, to) > 0))
            winding += cross(a, b, to) > 0 ? 1 : -1;
    }
    return winding;
}

// A hair beyond the nearest point of each segment.
static int exits_of(Segments segments, NestPoint shift, double reach, Exit *ret)
{
    int count = 0;
    double over = 1e-6 * reach;
    for (int i = 0; i < segments.count; i++) {
        const Segment *s = &segments.list[i];
        double dx = s->x1 - s->x0, dy = s->y1 - s->y0, length = hypot(dx, dy);
        NestPoint p = nearest_on(s, shift);
        if (distance(p, shift) <= 0.9 * reach && length > 0)
            ret[count++] = (Exit){ { p.x + over * dy / length, p.y - over * dx / length },
                                   distance(p, shift) };
    }
    return count;
}

bool region_exit(Arena *scratch, Segments segments, int winding, double reach, NestPoint shift,
                 NestPoint *ret)
{
    ArenaMark mark = arena_mark(scratch);
    Exit *exits = NEW_ARRAY(scratch, Exit, (size_t)segments.count + 1);
    int count = exits_of(segments, shift, reach, exits);
    bool is_found = false;
    qsort(exits, (size_t)count, sizeof *exits, by_distance);
    for (int i = 0; i < count && i < EXITS_MOST && !is_found; i++) {
        *ret = exits[i].to;
        is_found = winding_beyond(segments, winding, shift, *ret) <= 0;
    }
    arena_rewind(scratch, mark);
    return is_found;
}
