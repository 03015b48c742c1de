// place.c - a better place for one copy: sampling all over the strip and about where it lies, then
// coordinate descent from the best few, as in Gardeyn, Vanden Berghe and Wauters (2025).
#include "algo/nest/place.h"

#include <math.h>

enum { NEARBY_DEGREES = 40 };

static const double MARGIN_STEPS = 1.6;  // how far a descent goes as a rule, in first steps

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

static double reach_of(const Pose *pose)
{
    return fmin(pose->box.x1 - pose->box.x0, pose->box.y1 - pose->box.y0);
}

// ---- Sampling -----------------------------------------------------------------------------------

static bool is_alike(const Search *search, const Pose *a, const Pose *b)
{
    double near = 0.02 * reach_of(a);
    return a->shape == b->shape && fabs(a->degrees - b->degrees) < 2 && fabs(a->x - b->x) < near &&
           fabs(a->y - b->y) < near;
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
    Place place = { pose, marker_look(search->marker, search->copy, &pose, bound, 0) };
    if (place.hurt < bound)
        keep(search, place);
}

// In any shape; a copy that turns freely at any angle, or near the one it has.
static Pose any_pose(Search *search, bool is_nearby)
{
    Marker *marker = search->marker;
    const Copy *copy = &marker->shapes->copies[search->copy];
    int shape = copy->shape_from;
    if (copy->shape_count > 1)
        shape += (int)random_below(&marker->random, copy->shape_count);
    if (!copy->is_free)
        return marker_pose(marker, search->copy, shape, 0);
    double spread = (chance(&marker->random) - 0.5) * (is_nearby ? NEARBY_DEGREES : 360);
    const Pose *now = &marker->poses[search->copy];
    return marker_pose(marker, search->copy, is_nearby ? now->shape : shape, now->degrees + spread);
}

static void sample_anywhere(Search *search)
{
    Marker *marker = search->marker;
    Pose pose = any_pose(search, false);
    double along = marker->length - (pose.box.x1 - pose.box.x0);
    double across = marker->shapes->job->width - (pose.box.y1 - pose.box.y0);
    pose.x = chance(&marker->random) * along - pose.box.x0;
    pose.y = chance(&marker->random) * across - pose.box.y0;
    consider(search, pose);
}

// The middle of the copy goes somewhere in its present box.
static void sample_nearby(Search *search)
{
    Marker *marker = search->marker;
    const Pose *now = &marker->poses[search->copy];
    const Box *old = &now->box;
    Pose pose = any_pose(search, true);
    double x = now->x + old->x0 + chance(&marker->random) * (old->x1 - old->x0);
    double y = now->y + old->y0 + chance(&marker->random) * (old->y1 - old->y0);
    pose.x = x - (pose.box.x0 + pose.box.x1) / 2;
    pose.y = y - (pose.box.y0 + pose.box.y1) / 2;
    consider(search, pose);
}

// ---- Descent ------------------------------------------------------------------------------------

static bool try_pose(Search *search, Place *place, Pose pose, double margin)
{
    marker_fit(search->marker, search->copy, &pose);
    float hurt = marker_look(search->marker, search->copy, &pose, place->hurt, margin);
    if (hurt >= place->hurt)
        return false;
    *place = (Place){ pose, hurt };
    return true;
}

static bool try_step(Search *search, Place *place, double dx, double dy, double margin)
{
    Pose pose = place->pose;
    pose.x += dx, pose.y += dy;
    return try_pose(search, place, pose, margin);
}

// Turned about the middle of its box.
static bool try_turn(Search *search, Place *place, double by)
{
    const Pose *old = &place->pose;
    Pose pose = marker_pose(search->marker, search->copy, old->shape, old->degrees + by);
    pose.x = old->x + (old->box.x0 + old->box.x1 - pose.box.x0 - pose.box.x1) / 2;
    pose.y = old->y + (old->box.y0 + old->box.y1 - pose.box.y0 - pose.box.y1) / 2;
    return try_pose(search, place, pose, 0);
}

typedef struct {
    double x, y, degrees;
} Steps;

// Steps both ways along a random direction: the axes, the diagonals, and the angle of a copy that
// turns freely. Steps grow a little on success and shrink on failure, until they are small enough.
static void descend(Search *search, Place *place, Steps step, Steps enough)
{
    static const int ways[4][2] = { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 1, -1 } };
    Random *random = &search->marker->random;
    bool is_free = search->marker->shapes->copies[search->copy].is_free;
    double margin = MARGIN_STEPS * step.x;
    while (place->hurt > 0 && (step.x > enough.x || step.y > enough.y)) {
        uint64_t draw = random_next(random);
        if (is_free && step.degrees > enough.degrees && draw % 3 == 0) {
            bool is_better =
                try_turn(search, place, step.degrees) || try_turn(search, place, -step.degrees);
            step.degrees *= is_better ? 1.1 : 0.5;
            continue;
        }
        const int *way = ways[draw >> 62];
        double dx = way[0] * step.x, dy = way[1] * step.y;
        bool is_better =
            try_step(search, place, dx, dy, margin) || try_step(search, place, -dx, -dy, margin);
        double change = is_better ? 1.1 : way[0] && way[1] ? M_SQRT1_2 : 0.5;
        step.x *= way[0] ? change : 1;
        step.y *= way[1] ? change : 1;
    }
}

static Steps steps_of(const Pose *pose, double share, double degrees)
{
    return (Steps){ share * reach_of(pose), share * reach_of(pose), degrees };
}

static bool is_solved(const Search *search)
{
    return search->count > 0 && search->best[0].hurt <= 0;
}

static Place best_of(Search *search, PlaceEffort effort)
{
    for (int i = 0; i < effort.nearby && !is_solved(search); i++)
        sample_nearby(search);
    for (int i = 0; i < effort.anywhere && !is_solved(search); i++)
        sample_anywhere(search);
    Place best = search->best[0];
    for (int i = 0; i < search->count && best.hurt > 0; i++) {
        Place place = search->best[i];
        descend(search, &place, steps_of(&place.pose, 0.25, 8), steps_of(&place.pose, 0.02, 1));
        if (place.hurt < best.hurt)
            best = place;
    }
    descend(search, &best, steps_of(&best.pose, 0.01, 0.5), steps_of(&best.pose, 0.0001, 0.005));
    return best;
}

bool place_better(Marker *marker, int copy, PlaceEffort effort)
{
    Search search = { .marker = marker, .copy = copy, .most = effort.finalists };
    float now = marker_hurt(marker, copy);
    keep(&search, (Place){ marker->poses[copy], now });
    Place best = best_of(&search, effort);
    if (best.hurt >= now)
        return false;
    marker_move(marker, copy, best.pose);
    return true;
}

float place_find(Marker *marker, int copy, PlaceEffort effort, Pose *ret)
{
    Search search = { .marker = marker, .copy = copy, .most = effort.finalists };
    Place best = best_of(&search, effort);
    *ret = best.pose;
    return best.hurt;
}
