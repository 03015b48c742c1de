// convolve.c - the convolution of two outlines.
//
// Each corner of one outline turns through a range of directions; an edge of the other whose
// direction lies in that range is laid at the corner. Where a corner turns left, the edge runs
// forwards, where it turns right, backwards. Whether directions are equal is never asked: angles
// are compared as numbers, and on a tie a's count as a hair larger, so the curves always close.
#include "algo/nest/convolve.h"

#include <math.h>

typedef struct {
    NestPoint at;
    NestPoint step;  // the edge that leaves the corner
    double angle_in, angle_out;
    bool is_left;  // turns left
} Corner;

static double angle_of(NestPoint step)
{
    return atan2(step.y, step.x);
}

static Corner *corners_of(Arena *arena, NestPolygon p, double sign)
{
    Corner *corners = NEW_ARRAY(arena, Corner, (size_t)p.count);
    for (int i = 0; i < p.count; i++) {
        NestPoint at = p.points[i], next = polygon_at(p, i + 1);
        corners[i].at = (NestPoint){ sign * at.x, sign * at.y };
        corners[i].step = (NestPoint){ sign * (next.x - at.x), sign * (next.y - at.y) };
        corners[i].angle_out = angle_of(corners[i].step);
    }
    for (int i = 0; i < p.count; i++) {
        Corner *c = &corners[i];
        c->angle_in = corners[i ? i - 1 : p.count - 1].angle_out;
        double turn = c->angle_out - c->angle_in;
        turn += turn > M_PI ? -2 * M_PI : turn <= -M_PI ? 2 * M_PI : 0;
        c->is_left = turn > 0;
    }
    return corners;
}

// Whether `angle` comes between both, going left from `from`. `is_larger`: it wins ties.
static bool is_between(double from, double angle, double to, bool is_larger)
{
    bool past_from = is_larger ? angle >= from : angle > from;
    bool before_to = is_larger ? angle < to : angle <= to;
    return from <= to ? past_from && before_to : past_from || before_to;
}

static Segment laid(NestPoint at, NestPoint start, NestPoint step, bool is_forward)
{
    double x = at.x + start.x, y = at.y + start.y;
    if (is_forward)
        return (Segment){ x, y, x + step.x, y + step.y };
    return (Segment){ x + step.x, y + step.y, x, y };
}

static int lay_edges(const Corner *corners, int corner_count, const Corner *edges, int edge_count,
                     bool is_larger, Segment *to)
{
    int count = 0;
    for (int i = 0; i < corner_count; i++) {
        const Corner *c = &corners[i];
        double from = c->is_left ? c->angle_in : c->angle_out;
        double until = c->is_left ? c->angle_out : c->angle_in;
        for (int k = 0; k < edge_count; k++)
            if (is_between(from, edges[k].angle_out, until, is_larger))
                to[count++] = laid(c->at, edges[k].at, edges[k].step, c->is_left);
    }
    return count;
}

// b at shift d meets a when d is a point of a minus a point of b: a is convolved with b turned
// by half a turn.
int convolve(Arena *arena, NestPolygon a, NestPolygon b, Segment **ret)
{
    size_t most = 2 * (size_t)a.count * (size_t)b.count;
    *ret = NEW_ARRAY(arena, Segment, most);
    Corner *as = corners_of(arena, a, 1), *bs = corners_of(arena, b, -1);
    int count = lay_edges(bs, b.count, as, a.count, true, *ret);
    return count + lay_edges(as, a.count, bs, b.count, false, *ret + count);
}

int convolution_winding(const Segment *segments, int count, NestPoint at)
{
    int winding = 0;
    for (const Segment *s = segments; s < segments + count; s++) {
        if ((s->y0 <= at.y) == (s->y1 <= at.y))
            continue;
        double x = s->x0 + (at.y - s->y0) / (s->y1 - s->y0) * (s->x1 - s->x0);
        if (x > at.x)
            winding += s->y1 > s->y0 ? 1 : -1;
    }
    return winding;
}
