// poles.c - circles that stand for a polygon: poles of inaccessibility, one after another.
//
// Each is found best-first over squares: a square can hold no centre better than its own middle's
// distance plus half its diagonal, so squares that cannot beat the best by a few percent are never
// cut (V. Agafonkin, "A new algorithm for finding a visual center of a polygon", 2016).
#include "algo/nest/polygon.h"

#include <math.h>

enum { SQUARES_MOST = 4000 };

typedef struct {
    double x, y, half;
    double room;  // distance from the middle to what is nearest; negative outside
    double hope;  // most room anywhere in the square
} Square;

typedef struct {
    NestPolygon outline;
    const Circle *circles;
    int circle_count;
    Square *heap;  // largest hope first
    int count;
} Hunt;

static double room_at(const Hunt *hunt, NestPoint at)
{
    double room = polygon_distance(hunt->outline, at);
    if (!polygon_holds(hunt->outline, at))
        return -room;
    for (int i = 0; i < hunt->circle_count; i++) {
        const Circle *c = &hunt->circles[i];
        room = fmin(room, hypot(at.x - c->x, at.y - c->y) - c->r);
    }
    return room;
}

static void push(Hunt *hunt, double x, double y, double half)
{
    if (hunt->count == SQUARES_MOST)
        return;
    Square square = { x, y, half, room_at(hunt, (NestPoint){ x, y }), 0 };
    square.hope = square.room + half * M_SQRT2;
    int i = hunt->count++;
    for (; i > 0 && hunt->heap[(i - 1) / 2].hope < square.hope; i = (i - 1) / 2)
        hunt->heap[i] = hunt->heap[(i - 1) / 2];
    hunt->heap[i] = square;
}

static Square pop(Hunt *hunt)
{
    Square top = hunt->heap[0], last = hunt->heap[--hunt->count];
    int i = 0;
    for (int child; (child = 2 * i + 1) < hunt->count; i = child) {
        if (child + 1 < hunt->count && hunt->heap[child + 1].hope > hunt->heap[child].hope)
            child++;
        if (hunt->heap[child].hope <= last.hope)
            break;
        hunt->heap[i] = hunt->heap[child];
    }
    hunt->heap[i] = last;
    return top;
}

static Circle next_pole(Hunt *hunt)
{
    Box box = polygon_box(hunt->outline);
    double side = fmin(box.x1 - box.x0, box.y1 - box.y0);
    hunt->count = 0;
    for (double x = box.x0 + side / 2; x < box.x1 + side / 2; x += side)
        for (double y = box.y0 + side / 2; y < box.y1 + side / 2; y += side)
            push(hunt, x, y, side / 2);
    Circle best = { .r = 0 };
    while (hunt->count) {
        Square s = pop(hunt);
        if (s.room > best.r)
            best = (Circle){ s.x, s.y, s.room };
        if (s.hope <= fmax(best.r * 1.03, 0.004 * side))
            break;
        double h = s.half / 2;
        push(hunt, s.x - h, s.y - h, h);
        push(hunt, s.x + h, s.y - h, h);
        push(hunt, s.x - h, s.y + h, h);
        push(hunt, s.x + h, s.y + h, h);
    }
    return best;
}

// Enough when nine tenths are covered, or what is left are slivers.
int polygon_poles(Arena *arena, NestPolygon p, int most, Circle *ret)
{
    ArenaMark mark = arena_mark(arena);
    Hunt hunt = { p, ret, 0, NEW_ARRAY(arena, Square, SQUARES_MOST), 0 };
    double area = polygon_area(p), covered = 0;
    while (hunt.circle_count < most && covered < 0.92 * area) {
        Circle pole = next_pole(&hunt);
        if (hunt.circle_count > 0 && pole.r < 0.05 * ret[0].r)
            break;
        ret[hunt.circle_count++] = pole;
        covered += M_PI * pole.r * pole.r;
    }
    arena_rewind(arena, mark);
    return hunt.circle_count;
}
