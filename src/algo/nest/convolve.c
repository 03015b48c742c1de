// convolve.c - the convolution of two outlines.
//
// Each corner of one outline turns through a range of directions; an edge of the other whose
// direction lies in that range is laid at the corner. Where a corner turns left, the edge runs
// forwards, where it turns right, backwards. Whether directions are equal is never asked: angles
// are compared as numbers, and on a tie a's count as a hair larger, so the curves always close.
#include "algo/nest/convolve.h"

#include <math.h>

static double angle_of(NestPoint step)
{
    return atan2(step.y, step.x);
}

Corner *convolve_corners(Arena *arena, NestPolygon p, double sign)
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
    Corner *as = convolve_corners(arena, a, 1), *bs = convolve_corners(arena, b, -1);
    int count = lay_edges(bs, b.count, as, a.count, true, *ret);
    return count + lay_edges(as, a.count, bs, b.count, false, *ret + count);
}

// ---- Only near one shift ------------------------------------------------------------------------

// The corners that lie, with the edge that leaves them, in reach of the window from some corner of
// the other.
static int corners_in(const Corner *corners, int count, Box reach, Corner *to)
{
    int kept = 0;
    for (int i = 0; i < count; i++) {
        const Corner *c = &corners[i];
        double x = c->at.x + c->step.x, y = c->at.y + c->step.y;
        if (fmax(c->at.x, x) >= reach.x0 && fmin(c->at.x, x) <= reach.x1 &&
            fmax(c->at.y, y) >= reach.y0 && fmin(c->at.y, y) <= reach.y1)
            to[kept++] = *c;
    }
    return kept;
}

static Box corner_box(const Corner *corners, int count)
{
    Box box = { INFINITY, INFINITY, -INFINITY, -INFINITY };
    for (int i = 0; i < count; i++) {
        box.x0 = fmin(box.x0, corners[i].at.x), box.x1 = fmax(box.x1, corners[i].at.x);
        box.y0 = fmin(box.y0, corners[i].at.y), box.y1 = fmax(box.y1, corners[i].at.y);
    }
    return box;
}

static void put_segment(Near *near, Segment segment)
{
    if (near->count == near->room) {
        size_t old = (size_t)near->room * sizeof segment;
        near->room = near->room ? 2 * near->room : 256;
        near->segments =
            arena_grow(near->arena, near->segments, old, (size_t)near->room * sizeof segment);
    }
    near->segments[near->count++] = segment;
}

static void lay_near(Near *near, const Corner *corners, int corner_count, const Corner *edges,
                     int edge_count, bool is_larger, Box window)
{
    for (int i = 0; i < corner_count; i++) {
        const Corner *c = &corners[i];
        double from = c->is_left ? c->angle_in : c->angle_out;
        double until = c->is_left ? c->angle_out : c->angle_in;
        Box rest = { window.x0 - c->at.x, window.y0 - c->at.y, window.x1 - c->at.x,
                     window.y1 - c->at.y };
        for (int k = 0; k < edge_count; k++) {
            const Corner *e = &edges[k];
            double x = e->at.x + e->step.x, y = e->at.y + e->step.y;
            if ((e->at.x < rest.x0 && x < rest.x0) || (e->at.x > rest.x1 && x > rest.x1) ||
                (e->at.y < rest.y0 && y < rest.y0) || (e->at.y > rest.y1 && y > rest.y1))
                continue;
            if (is_between(from, e->angle_out, until, is_larger))
                put_segment(near, laid(c->at, e->at, e->step, c->is_left));
        }
    }
}

static Corner *corner_room(Near *near, int which, int count)
{
    if (near->corner_room[which] < count) {
        near->corners[which] = NEW_ARRAY(near->arena, Corner, (size_t)count);
        near->corner_room[which] = count;
    }
    return near->corners[which];
}

void convolve_near(Near *near, const Corner *a, int a_count, const Corner *b, int b_count,
                   Box window)
{
    Box of_a = corner_box(a, a_count), of_b = corner_box(b, b_count);
    Box reach_a = { window.x0 - of_b.x1, window.y0 - of_b.y1, window.x1 - of_b.x0,
                    window.y1 - of_b.y0 };
    Box reach_b = { window.x0 - of_a.x1, window.y0 - of_a.y1, window.x1 - of_a.x0,
                    window.y1 - of_a.y0 };
    Corner *as = corner_room(near, 0, a_count), *bs = corner_room(near, 1, b_count);
    int as_count = corners_in(a, a_count, reach_a, as);
    int bs_count = corners_in(b, b_count, reach_b, bs);
    near->count = 0;
    lay_near(near, bs, bs_count, as, as_count, true, window);
    lay_near(near, as, as_count, bs, bs_count, false, window);
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
