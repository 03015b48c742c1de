// ease.c - outlines a little larger than they are: with room around them, or with fewer corners.
//
// Both answer a polygon that contains the old one, so that what is apart for them is apart for the
// pieces.
#include "algo/nest/polygon.h"

#include <math.h>

// ---- Growing ------------------------------------------------------------------------------------

typedef struct {
    NestPoint at, along;  // a moved edge: a point and its unit direction
} Line;

static Line moved_edge(NestPoint a, NestPoint b, double by)
{
    double length = hypot(b.x - a.x, b.y - a.y);
    NestPoint along = { (b.x - a.x) / length, (b.y - a.y) / length };
    return (Line){ { a.x + by * along.y, a.y - by * along.x }, along };
}

static NestPoint ahead(Line line, double by)
{
    return (NestPoint){ line.at.x + by * line.along.x, line.at.y + by * line.along.y };
}

static double turn_sine(Line in, Line out)
{
    return in.along.x * out.along.y - in.along.y * out.along.x;
}

static NestPoint meeting(Line in, Line out)
{
    double s = turn_sine(in, out);
    double t = ((out.at.x - in.at.x) * out.along.y - (out.at.y - in.at.y) * out.along.x) / s;
    return ahead(in, t);
}

// The moved corner: where both moved edges meet, or two corners across a sharp tip, no nearer to
// the old corner than `by`.
static int put_corner(Line in, Line out, NestPoint corner, double by, NestPoint *to)
{
    double cosine = in.along.x * out.along.x + in.along.y * out.along.y;
    if (turn_sine(in, out) > 0 && cosine < -0.2) {
        NestPoint end = { corner.x + by * in.along.y, corner.y - by * in.along.x };
        double reach = by * tan(acos(fmax(-1, cosine)) / 4);
        to[0] = (NestPoint){ end.x + reach * in.along.x, end.y + reach * in.along.y };
        to[1] = ahead(out, -reach);
        return 2;
    }
    if (fabs(turn_sine(in, out)) < 1e-9) {
        to[0] = out.at;
        return 1;
    }
    to[0] = meeting(in, out);
    return 1;
}

// A narrow bay may close when it is grown; then the hull is taken, which contains everything.
NestPolygon polygon_grown(Arena *arena, NestPolygon p, double by)
{
    if (by <= 0)
        return p;
    NestPolygon grown = { NEW_ARRAY(arena, NestPoint, (size_t)(2 * p.count)), 0 };
    for (int i = 0; i < p.count; i++) {
        Line in = moved_edge(polygon_at(p, i - 1), p.points[i], by);
        Line out = moved_edge(p.points[i], polygon_at(p, i + 1), by);
        grown.count += put_corner(in, out, p.points[i], by, grown.points + grown.count);
    }
    if (polygon_area(grown) > polygon_area(p) && polygon_is_simple(grown))
        return grown;
    NestPolygon hull = polygon_hull(arena, p);
    return hull.count < p.count ? polygon_grown(arena, hull, by) : grown;
}

// ---- Leaving out corners ------------------------------------------------------------------------

// Replaces `away` corners from `at` on by `with` (1 or 0 of them): what it costs in area.
typedef struct {
    double cost;
    bool is_edge;    // both ends of the edge at..at+1 become the point `with`
    NestPoint with;  // where its neighbours meet
} Saving;

static bool in_box(Box box, NestPoint p)
{
    return p.x >= box.x0 && p.x <= box.x1 && p.y >= box.y0 && p.y <= box.y1;
}

static Saving edge_saving(NestPolygon p, int i, Box box)
{
    Saving none = { INFINITY, true, { 0, 0 } };
    NestPoint before = polygon_at(p, i - 1), a = p.points[i], b = polygon_at(p, i + 1);
    NestPoint after = p.points[(i + 2) % p.count];
    if (cross(before, a, b) <= 0 || cross(a, b, after) <= 0)
        return none;
    Line in = moved_edge(before, a, 0), out = moved_edge(b, after, 0);
    if (turn_sine(in, out) <= 1e-6)
        return none;
    Saving saving = { 0, true, meeting(in, out) };
    saving.cost = cross(a, saving.with, b) / -2;
    return saving.cost >= 0 && in_box(box, saving.with) ? saving : none;
}

// A corner that points inwards is left out; an edge between corners that point outwards shrinks to
// the point where its neighbours meet.
static Saving saving_at(NestPolygon p, int i, Box box)
{
    double inward = -cross(polygon_at(p, i - 1), p.points[i], polygon_at(p, i + 1));
    if (inward >= 0)
        return (Saving){ inward / 2, false, { 0, 0 } };
    return edge_saving(p, i, box);
}

static NestPolygon applied(Arena *arena, NestPolygon p, int i, Saving saving)
{
    NestPolygon less = { NEW_ARRAY(arena, NestPoint, (size_t)p.count), 0 };
    for (int k = 0; k < p.count; k++) {
        bool is_second = saving.is_edge && k == (i + 1) % p.count;
        if (k == i && saving.is_edge)
            less.points[less.count++] = saving.with;
        else if (k != i && !is_second)
            less.points[less.count++] = p.points[k];
    }
    return less;
}

// The edges at corner k of p cross no other edge: the others are known not to.
static bool is_simple_near(NestPolygon p, int k)
{
    for (int e = k - 1; e <= k; e++) {
        NestPoint a = polygon_at(p, e), b = polygon_at(p, e + 1);
        for (int i = 0; i < p.count; i++) {
            NestPoint c = p.points[i], d = polygon_at(p, i + 1);
            bool is_left = cross(a, b, c) > 0, is_left_too = cross(a, b, d) > 0;
            bool is_across = is_left != is_left_too && (cross(c, d, a) > 0) != (cross(c, d, b) > 0);
            int apart = abs(i - (e < 0 ? e + p.count : e));
            if (is_across && apart > 1 && apart < p.count - 1)
                return false;
        }
    }
    return true;
}

// Every round takes the cheapest saving there is; one that would make edges cross is not looked at
// again until the polygon has changed.
NestPolygon polygon_eased(Arena *arena, NestPolygon p, double share)
{
    double budget = share * polygon_area(p);
    Box box = polygon_box(p);
    bool *is_barred = NEW_ARRAY(arena, bool, (size_t)p.count);
    while (p.count > 4) {
        int at = -1;
        Saving best = { budget, false, { 0, 0 } };
        for (int i = 0; i < p.count; i++) {
            Saving saving = saving_at(p, i, box);
            if (!is_barred[i] && saving.cost < best.cost)
                best = saving, at = i;
        }
        if (at < 0)
            return p;
        ArenaMark mark = arena_mark(arena);
        NestPolygon less = applied(arena, p, at, best);
        int changed = at < less.count ? at : 0;
        if (!is_simple_near(less, changed)) {
            arena_rewind(arena, mark);
            is_barred[at] = true;
            continue;
        }
        budget -= best.cost;
        memcpy(p.points, less.points, (size_t)less.count * sizeof *p.points);
        p.count = less.count;
        arena_rewind(arena, mark);
        memset(is_barred, 0, (size_t)p.count * sizeof *is_barred);
    }
    return p;
}
