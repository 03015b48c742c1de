// tables.c - a table of overlaps for every pair of shapes.
#include "algo/nest/tables.h"

#include <math.h>

enum { LINKS_MOST = 4000000 };

static const double SEGMENTS_MOST = 4e6;  // of all convolutions together

// ---- Which pairs there are ----------------------------------------------------------------------

static double between(double from, double to)
{
    double degrees = to - from;
    return degrees < 0 ? degrees + 360 : degrees;
}

// The first of a pair is the lower cut, and of the same cut the one from which the other is at
// most half a turn away.
static bool is_first(const Shape *a, const Shape *b)
{
    return a->cut != b->cut ? a->cut < b->cut : between(a->degrees, b->degrees) <= 180;
}

bool tables_pay(const Shapes *shapes)
{
    if (shapes->is_free || (int64_t)shapes->shape_count * shapes->shape_count > LINKS_MOST)
        return false;
    double turns = (double)shapes->shape_count / (shapes->cut_count ? shapes->cut_count : 1);
    double corners = 0;
    for (int i = 0; i < shapes->cut_count; i++)
        corners += shapes->cuts[i].outline.count;
    // About four segments lie across cells for each corner of either outline.
    double pairs = 0.5 * shapes->cut_count * (shapes->cut_count + 1) * turns;
    return pairs < 20000 && pairs * 8 * corners / (shapes->cut_count + 1) < SEGMENTS_MOST;
}

static int pair_find(Tables *tables, int *first, int a, int b, double degrees)
{
    int *head = &first[a * tables->shapes->cut_count + b];
    for (int i = *head; i >= 0; i = tables->pairs[i].next)
        if (fabs(tables->pairs[i].degrees - degrees) < 1e-9)
            return i;
    tables->pairs[tables->count] = (MeetPair){ a, b, degrees, *head };
    return *head = tables->count++;
}

static MeetLink link_of(const Shape *a, const Shape *b)
{
    const Shape *base = is_first(a, b) ? a : b;
    double sign = base == a ? -1 : 1;
    double c = sign * base->turn.cos, s = sign * base->turn.sin;
    return (MeetLink){ NULL, c, s, -s, c };
}

// ---- Making them --------------------------------------------------------------------------------

static void make_meet(Arena *arena, Arena *scratch, Tables *tables, int i)
{
    const MeetPair *pair = &tables->pairs[i];
    const Cut *a = &tables->shapes->cuts[pair->a], *b = &tables->shapes->cuts[pair->b];
    NestPolygon turned = polygon_turned(scratch, b->outline, turn_of(pair->degrees, false));
    meet_make(arena, scratch, a, b, turned, &tables->meets[i]);
    arena_clear(scratch);
}

static void release(void *arena)
{
    arena_release(arena);
}

void tables_make(Arena *arena, const Shapes *shapes, Tables *ret)
{
    size_t n = (size_t)shapes->shape_count, cuts = (size_t)shapes->cut_count;
    Arena *scratch = NEW(arena, Arena);
    arena_defer(arena, release, scratch);
    Tables tables = { .shapes = shapes,
                      .pairs = NEW_ARRAY(arena, MeetPair, n * n + 1),
                      .links = NEW_ARRAY(arena, MeetLink, n * n + 1) };
    int *first = NEW_ARRAY(arena, int, cuts *cuts + 1);
    int *pair_of = NEW_ARRAY(arena, int, n *n + 1);
    memset(first, -1, cuts * cuts * sizeof *first);
    for (size_t i = 0; i < n * n; i++) {
        const Shape *a = &shapes->shapes[i / n], *b = &shapes->shapes[i % n];
        const Shape *base = is_first(a, b) ? a : b, *other = base == a ? b : a;
        tables.links[i] = link_of(a, b);
        pair_of[i] = pair_find(&tables, first, base->cut, other->cut,
                               between(base->degrees, other->degrees));
    }
    tables.meets = NEW_ARRAY(arena, Meet, (size_t)tables.count + 1);
    for (int i = 0; i < tables.count; i++)
        make_meet(arena, scratch, &tables, i);
    arena_release(scratch);
    for (size_t i = 0; i < n * n; i++)
        tables.links[i].meet = &tables.meets[pair_of[i]];
    *ret = tables;
}

// ---- The measure --------------------------------------------------------------------------------

enum { SHARES = 16 };

static void measure_share(void *arg, int share)
{
    Tables *tables = arg;
    for (int i = share; i < tables->count; i += SHARES) {
        const MeetPair *pair = &tables->pairs[i];
        meet_measure(&tables->meets[i], &tables->shapes->cuts[pair->a],
                     &tables->shapes->cuts[pair->b], turn_of(pair->degrees, false));
    }
}

void tables_measure(Tables *tables, const Budget *budget)
{
    budget_each(budget, SHARES, measure_share, tables);
}
