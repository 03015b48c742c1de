// place.c - a better place for one copy: sampling all over the strip and about where it lies, then
// coordinate descent from the best few, as in Gardeyn, Vanden Berghe and Wauters (2025).
#include "algo/nest/place.h"

#include <math.h>

typedef struct {
    Pose pose;
    float hurt;
} Place;

typedef struct {
    Marker *marker;
    int copy;
    Place best[FINALISTS_MOST];  // least hurt first
    int count, most;
} Search;

static double shape_reach(const Marker *marker, int shape)
{
    const Box *box = &marker->shapes->shapes[shape].box;
    return fmin(box->x1 - box->x0, box->y1 - box->y0);
}

// ---- Sampling -----------------------------------------------------------------------------------

static bool is_alike(const Search *search, const Pose *a, const Pose *b)
{
    double near = 0.02 * shape_reach(search->marker, a->shape);
    return a->shape == b->shape && fabs(a->x - b->x) < near && fabs(a->y - b->y) < near;
}

// Keeps the best few, of which no two are nearly the same place.
static void keep(Search *search, Place place)
{
    int at = search->count;
    for (int i = 0; i < search->count; i++)
        if (is_alike(search, &search->best[i].pose, &place.pose)) {
            if (search->best[i].hurt <= place.hurt)
                return;
            at = i;
        }
    if (at == search->count && search->count < search->most)
        search->count++;
    else if (at == search->count)
        at--;
    for (; at > 0 && search->best[at - 1].hurt > place.hurt; at--)
        search->best[at] = search->best[at - 1];
    search->best[at] = place;
}

static void consider(Search *search, Pose pose)
{
    marker_fit(search->marker, search->copy, &pose);
    float bound = search->count < search->most ? INFINITY : search->best[search->count - 1].hurt;
    Place place = { pose, marker_look(search->marker, search->copy, &pose, bound) };
    if (place.hurt < bound)
        keep(search, place);
}

static int any_shape(Search *search)
{
    const Copy *copy = &search->marker->shapes->copies[search->copy];
    if (copy->shape_count == 1)
        return copy->shape_from;
    return copy->shape_from + (int)random_below(&search->marker->random, copy->shape_count);
}

static void sample_anywhere(Search *search)
{
    Marker *marker = search->marker;
    Pose pose = { .shape = any_shape(search) };
    const Box *box = &marker->shapes->shapes[pose.shape].box;
    double along = marker->length - (box->x1 - box->x0);
    double across = marker->shapes->job->width - (box->y1 - box->y0);
    pose.x = chance(&marker->random) * along - box->x0;
    pose.y = chance(&marker->random) * across - box->y0;
    consider(search, pose);
}

// The middle of the copy goes somewhere in its present box.
static void sample_nearby(Search *search)
{
    Marker *marker = search->marker;
    const Pose *now = &marker->poses[search->copy];
    const Box *old = &marker->shapes->shapes[now->shape].box;
    Pose pose = { .shape = any_shape(search) };
    const Box *box = &marker->shapes->shapes[pose.shape].box;
    double x = now->x + old->x0 + chance(&marker->random) * (old->x1 - old->x0);
    double y = now->y + old->y0 + chance(&marker->random) * (old->y1 - old->y0);
    pose.x = x - (box->x0 + box->x1) / 2;
    pose.y = y - (box->y0 + box->y1) / 2;
    consider(search, pose);
}

// ---- Descent ------------------------------------------------------------------------------------

static bool try_step(Search *search, Place *place, double dx, double dy)
{
    Pose pose = place->pose;
    pose.x += dx, pose.y += dy;
    marker_fit(search->marker, search->copy, &pose);
    float hurt = marker_look(search->marker, search->copy, &pose, place->hurt);
    if (hurt >= place->hurt)
        return false;
    *place = (Place){ pose, hurt };
    return true;
}

// Steps both ways along a random direction: the axes and the diagonals. Steps grow a little on
// success and halve on failure, until they are smaller than `to`.
static void descend(Search *search, Place *place, double from, double to)
{
    double step_x = from, step_y = from;
    while (place->hurt > 0 && (step_x > to || step_y > to)) {
        static const int ways[4][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 } };
        const int *way = ways[random_next(&search->marker->random) >> 62];
        double dx = way[0] * step_x, dy = way[1] * step_y;
        bool is_better = try_step(search, place, dx, dy) || try_step(search, place, -dx, -dy);
        double change = is_better ? 1.1 : way[0] && way[1] ? M_SQRT1_2 : 0.5;
        step_x *= way[0] ? change : 1;
        step_y *= way[1] ? change : 1;
    }
}

bool place_better(Marker *marker, int copy, PlaceEffort effort)
{
    Search search = { .marker = marker, .copy = copy, .most = effort.finalists };
    float now = marker_hurt(marker, copy);
    keep(&search, (Place){ marker->poses[copy], now });
    for (int i = 0; i < effort.nearby && search.best[0].hurt > 0; i++)
        sample_nearby(&search);
    for (int i = 0; i < effort.anywhere && search.best[0].hurt > 0; i++)
        sample_anywhere(&search);
    Place best = search.best[0];
    for (int i = 0; i < search.count && best.hurt > 0; i++) {
        Place place = search.best[i];
        double reach = shape_reach(marker, place.pose.shape);
        descend(&search, &place, 0.25 * reach, 0.02 * reach);
        if (place.hurt < best.hurt)
            best = place;
    }
    double reach = shape_reach(marker, best.pose.shape);
    descend(&search, &best, 0.01 * reach, 0.001 * reach);
    if (best.hurt >= now)
        return false;
    marker_move(marker, copy, best.pose);
    return true;
}
