// polygon.c - plane geometry of outlines: area, boxes, turning, tidying.
#include "algo/nest/polygon.h"

#include <math.h>

Turn turn_of(double degrees, bool is_flipped)
{
    static const int cosines[4] = { 1, 0, -1, 0 };
    double quarters = degrees / 90;
    if (quarters == floor(quarters)) {
        int q = (int)(quarters - 4 * floor(quarters / 4));
        return (Turn){ cosines[q], cosines[(q + 3) % 4], is_flipped };
    }
    double radians = degrees * (M_PI / 180);
    return (Turn){ cos(radians), sin(radians), is_flipped };
}

double polygon_area(NestPolygon p)
{
    double twice = 0;
    for (int i = 1; i + 1 < p.count; i++)
        twice += cross(p.points[0], p.points[i], p.points[i + 1]);
    return twice / 2;
}

Box polygon_box(NestPolygon p)
{
    Box box = { p.points[0].x, p.points[0].y, p.points[0].x, p.points[0].y };
    for (int i = 1; i < p.count; i++) {
        box.x0 = fmin(box.x0, p.points[i].x);
        box.y0 = fmin(box.y0, p.points[i].y);
        box.x1 = fmax(box.x1, p.points[i].x);
        box.y1 = fmax(box.y1, p.points[i].y);
    }
    return box;
}

bool polygon_holds(NestPolygon p, NestPoint at)
{
    bool is_inside = false;
    for (int i = 0; i < p.count; i++) {
        NestPoint a = p.points[i], b = polygon_at(p, i + 1);
        if ((a.y <= at.y) != (b.y <= at.y) && (cross(a, b, at) > 0) == (b.y > a.y))
            is_inside = !is_inside;
    }
    return is_inside;
}

static double edge_distance(NestPoint a, NestPoint b, NestPoint at)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((at.x - a.x) * dx + (at.y - a.y) * dy) / length2 : 0;
    t = fmin(1, fmax(0, t));
    double ex = a.x + t * dx - at.x, ey = a.y + t * dy - at.y;
    return sqrt(ex * ex + ey * ey);
}

double polygon_distance(NestPolygon p, NestPoint at)
{
    double least = INFINITY;
    for (int i = 0; i < p.count; i++)
        least = fmin(least, edge_distance(p.points[i], polygon_at(p, i + 1), at));
    return least;
}

// ---- Simple or not ------------------------------------------------------------------------------

static int side(NestPoint a, NestPoint b, NestPoint c)
{
    double area = cross(a, b, c);
    return (area > 0) - (area < 0);
}

static bool in_box_of(NestPoint a, NestPoint b, NestPoint c)
{
    return fmin(a.x, b.x) <= c.x && c.x <= fmax(a.x, b.x) && fmin(a.y, b.y) <= c.y &&
           c.y <= fmax(a.y, b.y);
}

static bool edges_meet(NestPoint a, NestPoint b, NestPoint c, NestPoint d)
{
    int sc = side(a, b, c), sd = side(a, b, d), sa = side(c, d, a), sb = side(c, d, b);
    if (sc * sd < 0 && sa * sb < 0)
        return true;
    return (sc == 0 && in_box_of(a, b, c)) || (sd == 0 && in_box_of(a, b, d)) ||
           (sa == 0 && in_box_of(c, d, a)) || (sb == 0 && in_box_of(c, d, b));
}

bool polygon_is_simple(NestPolygon p)
{
    for (int i = 0; i < p.count; i++)
        for (int j = i + 2; j < p.count; j++)
            if ((i > 0 || j < p.count - 1) &&
                edges_meet(p.points[i], p.points[i + 1], p.points[j], polygon_at(p, j + 1)))
                return false;
    return true;
}

// ---- New polygons from old ----------------------------------------------------------------------

static void reverse(NestPolygon p)
{
    for (int i = 0, j = p.count - 1; i < j; i++, j--) {
        NestPoint kept = p.points[i];
        p.points[i] = p.points[j];
        p.points[j] = kept;
    }
}

NestPolygon polygon_turned(Arena *arena, NestPolygon p, Turn turn)
{
    NestPolygon turned = { NEW_ARRAY(arena, NestPoint, (size_t)p.count), p.count };
    for (int i = 0; i < p.count; i++)
        turned.points[i] = turn_point(turn, p.points[i]);
    if (turn.is_flipped)
        reverse(turned);
    return turned;
}

// Whether b adds nothing between a and c: it is one of them, or on the line through them.
static bool is_idle(NestPoint a, NestPoint b, NestPoint c, double slack)
{
    double reach = hypot(c.x - a.x, c.y - a.y) + hypot(b.x - a.x, b.y - a.y);
    return fabs(cross(a, b, c)) <= slack * reach;
}

NestPolygon polygon_clean(Arena *arena, NestPolygon p)
{
    Box box = polygon_box(p);
    double slack = 1e-9 * (box.x1 - box.x0 + box.y1 - box.y0);
    NestPolygon clean = { NEW_ARRAY(arena, NestPoint, (size_t)p.count), p.count };
    memcpy(clean.points, p.points, (size_t)p.count * sizeof *p.points);
    for (int i = 0, calm = 0; clean.count > 3 && calm < clean.count;) {
        i %= clean.count;
        if (!is_idle(polygon_at(clean, i - 1), clean.points[i], polygon_at(clean, i + 1), slack)) {
            i++, calm++;
            continue;
        }
        clean.count--;
        memmove(clean.points + i, clean.points + i + 1,
                (size_t)(clean.count - i) * sizeof *clean.points);
        calm = 0;
        i = i > 0 ? i - 1 : clean.count - 1;
    }
    if (polygon_area(clean) < 0)
        reverse(clean);
    return clean;
}

static int by_x_then_y(const void *a, const void *b)
{
    const NestPoint *p = a, *q = b;
    return p->x != q->x ? (p->x < q->x ? -1 : 1) : (p->y > q->y) - (p->y < q->y);
}

// Andrew's monotone chain: the lower half from left to right, then the upper half back.
NestPolygon polygon_hull(Arena *arena, NestPolygon p)
{
    NestPoint *sorted = NEW_ARRAY(arena, NestPoint, (size_t)p.count);
    memcpy(sorted, p.points, (size_t)p.count * sizeof *sorted);
    qsort(sorted, (size_t)p.count, sizeof *sorted, by_x_then_y);
    NestPoint *hull = NEW_ARRAY(arena, NestPoint, (size_t)(2 * p.count));
    int n = 0;
    for (int i = 0; i < p.count; i++) {
        while (n >= 2 && cross(hull[n - 2], hull[n - 1], sorted[i]) <= 0)
            n--;
        hull[n++] = sorted[i];
    }
    for (int i = p.count - 2, lower = n + 1; i >= 0; i--) {
        while (n >= lower && cross(hull[n - 2], hull[n - 1], sorted[i]) <= 0)
            n--;
        hull[n++] = sorted[i];
    }
    return (NestPolygon){ hull, n > 1 ? n - 1 : n };
}
