// polygon.h - plane geometry of outlines: area, boxes, turning, growing, leaving out corners.
//
// A polygon here is simple and runs counter-clockwise once polygon_clean() has seen it.
#pragma once

#include "algo/nest/nest.h"

typedef struct {
    double x0, y0, x1, y1;
} Box;

typedef struct {
    double x, y, r;
} Circle;

// A turn with an optional mirroring before it. Quarter turns are exact.
typedef struct {
    double cos, sin;
    bool is_flipped;
} Turn;

Turn turn_of(double degrees, bool is_flipped);

static inline NestPoint turn_point(Turn turn, NestPoint p)
{
    double x = turn.is_flipped ? -p.x : p.x;
    return (NestPoint){ turn.cos * x - turn.sin * p.y, turn.sin * x + turn.cos * p.y };
}

static inline double cross(NestPoint a, NestPoint b, NestPoint c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static inline NestPoint polygon_at(NestPolygon p, int i)
{
    return p.points[i < 0 ? i + p.count : i >= p.count ? i - p.count : i];
}

double polygon_area(NestPolygon p);  // positive when counter-clockwise
Box polygon_box(NestPolygon p);
bool polygon_is_simple(NestPolygon p);
bool polygon_holds(NestPolygon p, NestPoint at);                     // boundary: either answer
double polygon_distance(NestPolygon p, NestPoint at);                // to the boundary
NestPolygon polygon_hull(Arena *arena, NestPolygon p);               // convex
NestPolygon polygon_turned(Arena *arena, NestPolygon p, Turn turn);  // counter-clockwise again

// Counter-clockwise, without repeated corners and corners in the middle of a straight edge.
NestPolygon polygon_clean(Arena *arena, NestPolygon p);

// A polygon around p that keeps `by` away from it, mitred, cut where a corner is sharp.
NestPolygon polygon_grown(Arena *arena, NestPolygon p, double by);

// A polygon around p with fewer corners: at most `share` of its area more, never outside its box.
NestPolygon polygon_eased(Arena *arena, NestPolygon p, double share);

// Circles inside p that together fill most of it, largest first: each is centred on the point
// farthest from the outline and from the circles before it (a pole of inaccessibility).
// Returns how many; at least one, at most `most`.
int polygon_poles(Arena *arena, NestPolygon p, int most, Circle *ret);
