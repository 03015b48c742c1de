// first.c - the first marker: bottom-left fill by scanning.
#include "algo/nest/first.h"

#include <math.h>

enum { HEIGHTS = 20, RECENT = 4, BISECTIONS = 12 };

typedef struct {
    int copy;
    double size;
} Turnout;

static int by_size(const void *a, const void *b)
{
    const Turnout *p = a, *q = b;
    return p->size != q->size ? (p->size < q->size ? 1 : -1) : p->copy - q->copy;
}

static Turnout *largest_first(Arena *arena, const Marker *marker)
{
    Turnout *list = NEW_ARRAY(arena, Turnout, (size_t)marker->count + 1);
    for (int i = 0; i < marker->count; i++) {
        int shape = marker->shapes->copies[i].shape_from;
        const Cut *cut = &marker->shapes->cuts[marker->shapes->shapes[shape].cut];
        list[i] = (Turnout){ i, cut->area + cut->heft * cut->diameter };
    }
    qsort(list, (size_t)marker->count, sizeof *list, by_size);
    return list;
}

// A strip long enough to lay everything one behind the other.
static double length_of_all(const Marker *marker)
{
    const NestJob *job = marker->shapes->job;
    double length = 0, longest = 0;
    for (int i = 0; i < marker->count; i++) {
        const Copy *copy = &marker->shapes->copies[i];
        const Cut *cut = &marker->shapes->cuts[marker->shapes->shapes[copy->shape_from].cut];
        length += cut->diameter + job->gap + job->repeat_x + job->section;
        longest = fmax(longest, copy->is_pinned ? fabs(copy->x) + cut->diameter : 0);
    }
    return length + longest;
}

// ---- Scanning -----------------------------------------------------------------------------------

typedef struct {
    Marker *marker;
    int copy;
    Pose best;
    double end;     // of the best
    double *front;  // by shape and height: left of it everything is taken
} Scan;

static double end_of(const Pose *pose)
{
    return pose->x + pose->box.x1;
}

static bool is_clear(Scan *scan, Pose *pose)
{
    marker_fit(scan->marker, scan->copy, pose);
    return marker_look(scan->marker, scan->copy, pose, 0, 0) <= 0;
}

// Between a place that overlaps and one further right that does not.
static Pose pushed_left(Scan *scan, double x_bad, Pose good)
{
    double x_good = good.x;
    for (int i = 0; i < BISECTIONS; i++) {
        Pose middle = good;
        middle.x = (x_bad + x_good) / 2;
        double x = middle.x;
        if (is_clear(scan, &middle) && middle.x <= good.x)
            good = middle, x_good = x;
        else
            x_bad = x;
    }
    return good;
}

// Steps right from `*front` until the copy lies free, then back to where it touches. What is laid
// stays, so the next scan of this shape at this height may start where this one ended.
static void scan_height(Scan *scan, int shape, double y, double *front)
{
    Marker *marker = scan->marker;
    const Box *box = &marker->shapes->shapes[shape].box;
    double step = fmax((box->x1 - box->x0) / 12, fmin(box->x1 - box->x0, box->y1 - box->y0) / 5);
    double first = -box->x0 - marker->shapes->job->gap / 2;
    Pose start = marker_pose(marker, scan->copy, shape, marker->shapes->shapes[shape].degrees);
    for (int steps = 1; *front + box->x1 - step < scan->end; *front += step, steps++) {
        if (steps % 1000 == 0)
            step *= 2;  // tiny pieces beside huge ones
        Pose pose = start;
        pose.x = *front, pose.y = y;
        if (!is_clear(scan, &pose))
            continue;
        if (*front > first)
            pose = pushed_left(scan, *front - step, pose);
        if (end_of(&pose) < scan->end)
            scan->end = end_of(&pose), scan->best = pose;
        return;
    }
}

static void scan_shape(Scan *scan, int shape, int placed, const Turnout *order)
{
    Marker *marker = scan->marker;
    const Box *box = &marker->shapes->shapes[shape].box;
    double room = marker->shapes->job->width - (box->y1 - box->y0);
    double *front = scan->front + (size_t)shape * (HEIGHTS + 1);
    for (int i = 0; i <= HEIGHTS; i++)
        scan_height(scan, shape, room * i / HEIGHTS - box->y0, &front[i]);
    double least = INFINITY;
    for (int i = 0; i <= HEIGHTS; i++)
        least = fmin(least, front[i]);
    for (int i = placed > RECENT ? placed - RECENT : 0; i < placed; i++) {
        double above = least, below = least;
        scan_height(scan, shape, marker->y1[order[i].copy] - box->y0, &above);
        scan_height(scan, shape, marker->y0[order[i].copy] - box->y1, &below);
    }
}

static double *fronts(Arena *arena, const Shapes *shapes)
{
    size_t count = (size_t)shapes->shape_count * (HEIGHTS + 1);
    double *front = NEW_ARRAY(arena, double, count + 1);
    for (size_t i = 0; i < count; i++)
        front[i] = -shapes->shapes[i / (HEIGHTS + 1)].box.x0 - shapes->job->gap / 2;
    return front;
}

static void lay_pinned(Marker *marker)
{
    for (int i = 0; i < marker->count; i++) {
        const Copy *copy = &marker->shapes->copies[i];
        int shape = copy->shape_from;
        Pose pose = marker_pose(marker, i, shape, marker->shapes->shapes[shape].degrees);
        pose.x = copy->x, pose.y = copy->y;
        marker_lay(marker, i, pose);
        if (!copy->is_pinned)
            marker->x0[i] = INFINITY;  // not there yet: its box meets no other
    }
}

void first_marker(Arena *arena, Marker *marker)
{
    Turnout *order = largest_first(arena, marker);
    double *front = fronts(arena, marker->shapes);
    lay_pinned(marker);
    marker->length = length_of_all(marker);
    for (int i = 0; i < marker->count; i++) {
        const Copy *copy = &marker->shapes->copies[order[i].copy];
        if (copy->is_pinned)
            continue;
        Scan scan = { marker, order[i].copy, .end = 2 * marker->length, .front = front };
        for (int k = 0; k < copy->shape_count; k++)
            scan_shape(&scan, copy->shape_from + k, i, order);
        marker_lay(marker, order[i].copy, scan.best);
    }
    marker->length = marker_extent(marker);
    marker_refresh(marker);
}
