// marker.c - a marker in the making.
#include "algo/nest/marker.h"

#include <math.h>

static const float WEIGHT_UP_LEAST = 1.2f, WEIGHT_UP_MOST = 2.0f, WEIGHT_FADE = 0.95f;
static const float WEIGHT_MOST = 1e9f;

double chance(Random *random)
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

void marker_make(Arena *arena, const Shapes *shapes, const Tables *tables, Marker *ret)
{
    size_t n = (size_t)shapes->copy_count, square = n * n;
    *ret = (Marker){ .shapes = shapes,
                     .tables = tables,
                     .count = shapes->copy_count,
                     .poses = NEW_ARRAY(arena, Pose, n + 1),
                     .x0 = NEW_ARRAY(arena, float, n + 1),
                     .x1 = NEW_ARRAY(arena, float, n + 1),
                     .y0 = NEW_ARRAY(arena, float, n + 1),
                     .y1 = NEW_ARRAY(arena, float, n + 1),
                     .loss = NEW_ARRAY(arena, float, square + 1),
                     .weight = NEW_ARRAY(arena, float, square + 1),
                     .near = NEW_ARRAY(arena, int, n + 1),
                     .is_near = NEW_ARRAY(arena, uint8_t, n + 8),
                     .spots = NEW_ARRAY(arena, NearSpot, n + 1),
                     .order = NEW_ARRAY(arena, int, n + 1) };
    marker_forget(ret);
    ret->near_of = -1;
    if (tables)
        return;
    ret->bodies = NEW_ARRAY(arena, Body, n + 1);
    for (size_t i = 0; i <= n; i++)
        body_make(arena, shapes, &ret->bodies[i]);
}

static const Cut *cut_of(const Marker *marker, const Pose *pose)
{
    return &marker->shapes->cuts[marker->shapes->shapes[pose->shape].cut];
}

Pose marker_pose(Marker *marker, int copy, int shape, double degrees)
{
    const Shape *of = &marker->shapes->shapes[shape];
    Pose pose = { .shape = shape, .degrees = of->degrees, .box = of->box };
    if (!marker->shapes->copies[copy].is_free)
        return pose;
    Body *trial = &marker->bodies[marker->count];
    pose.degrees = degrees;
    body_turn(trial, cut_of(marker, &pose), degrees);
    pose.box = trial->box;
    return pose;
}

// ---- Where a copy may lie -----------------------------------------------------------------------

typedef struct {
    double from, to;
} Span;

static double into(Span span, double at)
{
    return at < span.from ? span.from : at > span.to ? fmax(span.from, span.to) : at;
}

// The nearest place in the span that is `offset` beside a line of the repeat; the first such place
// where the span has none.
static double on_repeat(Span span, double at, double offset, double repeat)
{
    if (repeat <= 0)
        return into(span, at);
    double hair = 1e-9 * repeat;
    double line = round((into(span, at) + offset) / repeat) * repeat - offset;
    if (line > span.to + hair)
        line -= repeat;
    if (line < span.from - hair)
        line += repeat;
    return line;
}

static Span along_strip(const Marker *marker, const Box *box, double x)
{
    const NestJob *job = marker->shapes->job;
    Span span = { -job->gap / 2 - box->x0, marker->length + job->gap / 2 - box->x1 };
    if (job->section <= 0)
        return span;
    double middle = into(span, x) + (box->x0 + box->x1) / 2;
    double section = fmax(0, floor(middle / job->section)), start = section * job->section;
    Span inside = { span.from + start, job->section + start + job->gap / 2 - box->x1 };
    if (fmin(inside.to, span.to) < inside.from && section > 0)
        return (Span){ inside.from - job->section, inside.to - job->section };
    return (Span){ inside.from, fmin(inside.to, span.to) };
}

static Span across_strip(const Marker *marker, const NestPiece *piece, const Box *box)
{
    const NestJob *job = marker->shapes->job;
    double from = piece->has_band ? piece->band_from : 0;
    double to = piece->has_band ? piece->band_to : job->width;
    return (Span){ from - job->gap / 2 - box->y0, to + job->gap / 2 - box->y1 };
}

void marker_fit(const Marker *marker, int copy, Pose *pose)
{
    const NestJob *job = marker->shapes->job;
    const NestPiece *piece = &job->pieces[marker->shapes->copies[copy].piece];
    Span along = along_strip(marker, &pose->box, pose->x);
    Span across = across_strip(marker, piece, &pose->box);
    if (!piece->is_matched) {
        pose->x = into(along, pose->x);
        pose->y = into(across, pose->y);
        return;
    }
    Turn turn = turn_of(pose->degrees, cut_of(marker, pose)->is_flipped);
    NestPoint match = turn_point(turn, piece->match);
    pose->x = on_repeat(along, pose->x, match.x, job->repeat_x);
    pose->y = on_repeat(across, pose->y, match.y, job->repeat_y);
}

// ---- Overlaps -----------------------------------------------------------------------------------

static NearBox bounds_of(const Marker *marker, const Pose *pose)
{
    const Box *box = &pose->box;
    float hair = (float)(1e-6 * (fabs(pose->x) + marker->shapes->job->width));
    return (NearBox){ (float)(pose->x + box->x0) - hair, (float)(pose->x + box->x1) + hair,
                      (float)(pose->y + box->y0) - hair, (float)(pose->y + box->y1) + hair };
}

static bool is_within(NearBox b, NearBox in)
{
    return b.x0 >= in.x0 && b.x1 <= in.x1 && b.y0 >= in.y0 && b.y1 <= in.y1;
}

// In two passes, so that the first has no branches and the second skips eight copies at a time.
static int find_near(const Marker *marker, NearBox b)
{
    const float *restrict x0 = marker->x0, *restrict x1 = marker->x1;
    const float *restrict y0 = marker->y0, *restrict y1 = marker->y1;
    uint8_t *restrict is_near = marker->is_near;
    int *near = marker->near, all = marker->count, count = 0;
    for (int i = 0; i < all; i++)
        is_near[i] = (x0[i] < b.x1) & (x1[i] > b.x0) & (y0[i] < b.y1) & (y1[i] > b.y0);
    for (int i = 0; i < all; i += 8) {
        uint64_t eight;
        memcpy(&eight, is_near + i, sizeof eight);
        for (; eight; eight &= eight - 1)
            near[count++] = i + __builtin_ctzll(eight) / 8;
    }
    return count;
}

// The copies that may meet this one here: those found last time, if that was for places around.
static int near_of(Marker *marker, int copy, const Pose *pose, float margin)
{
    NearBox b = bounds_of(marker, pose);
    if (margin > 0 && marker->near_of == copy && is_within(b, marker->near_in))
        return marker->near_count;
    b = (NearBox){ b.x0 - margin, b.x1 + margin, b.y0 - margin, b.y1 + margin };
    marker->near_of = margin > 0 ? copy : -1;
    marker->near_in = b;
    return marker->near_count = find_near(marker, b);
}

// Pinned copies lie where somebody wants them; what they do to each other is not ours. Nor is a
// zone of the hide that is good enough.
static bool is_settled(const Marker *marker, int a, int b)
{
    const Copy *p = &marker->shapes->copies[a], *q = &marker->shapes->copies[b];
    if (p->is_pinned && q->is_pinned)
        return true;
    return p->is_obstacle != q->is_obstacle &&
           (p->is_obstacle ? p->quality >= q->quality : q->quality >= p->quality);
}

// What sticks out of the strip although it was fitted (too long, too high, or off the repeat) hurts
// as an overlap with the copy itself.
static float outside_loss(const Marker *marker, const Pose *pose)
{
    const NestJob *job = marker->shapes->job;
    if (isinf(pose->x))
        return 0;  // not laid at all
    double along = fmax(-job->gap / 2 - pose->x - pose->box.x0,
                        pose->x + pose->box.x1 - job->gap / 2 - marker->length);
    double across = fmax(-job->gap / 2 - pose->y - pose->box.y0,
                         pose->y + pose->box.y1 - job->gap / 2 - job->width);
    double out = fmax(along, across);
    if (out <= 1e-9 * job->width)
        return 0;
    const Cut *cut = cut_of(marker, pose);
    return (float)(cut->heft * (out + 0.1 * cut->diameter));
}

static float pair_loss(const Marker *marker, const Pose *pose, int other)
{
    const Pose *at = &marker->poses[other];
    double dx = pose->x - at->x, dy = pose->y - at->y;
    MeetSpot spot;
    if (marker->tables)
        return tables_spot(marker->tables, pose->shape, at->shape, dx, dy, &spot) ? meet_loss(&spot)
                                                                                  : 0;
    return body_loss(&marker->bodies[other], &marker->bodies[marker->count], (float)dx, (float)dy);
}

static void ready_body(Marker *marker, const Pose *pose, int body)
{
    if (!marker->tables)
        body_turn(&marker->bodies[body], cut_of(marker, pose), pose->degrees);
}

static float look_by_bodies(Marker *marker, int copy, const Pose *pose, int count, float hurt,
                            float bound)
{
    const float *weight = marker->weight + (size_t)copy * (size_t)marker->count;
    body_turn(&marker->bodies[marker->count], cut_of(marker, pose), pose->degrees);
    for (int i = 0; i < count && hurt <= bound; i++) {
        int other = marker->near[i];
        if (other != copy && !(marker->shapes->is_hide && is_settled(marker, copy, other)))
            hurt += weight[other] * pair_loss(marker, pose, other);
    }
    return hurt;
}

// First all spots, then all losses: memory is what takes time here.
static float look_by_tables(Marker *marker, int copy, const Pose *pose, int count, float hurt,
                            float bound)
{
    const float *weight = marker->weight + (size_t)copy * (size_t)marker->count;
    int *near = marker->near, spots = 0;
    for (int i = 0; i < count; i++) {
        int other = near[i];
        const Pose *at = &marker->poses[other];
        marker->spots[spots].other = other;
        spots +=
            other != copy && tables_spot(marker->tables, pose->shape, at->shape, pose->x - at->x,
                                         pose->y - at->y, &marker->spots[spots].spot);
    }
    for (int i = 0; i < spots && hurt <= bound; i++)
        hurt += weight[marker->spots[i].other] * meet_loss(&marker->spots[i].spot);
    return hurt;
}

float marker_look(Marker *marker, int copy, const Pose *pose, float bound, double margin)
{
    int count = near_of(marker, copy, pose, (float)margin);
    float hurt = outside_loss(marker, pose);
    hurt *= marker->weight[(size_t)copy * (size_t)marker->count + (size_t)copy];
    marker->looks++;
    return marker->tables ? look_by_tables(marker, copy, pose, count, hurt, bound)
                          : look_by_bodies(marker, copy, pose, count, hurt, bound);
}

void marker_lay(Marker *marker, int copy, Pose pose)
{
    marker->near_of = -1;
    NearBox b = bounds_of(marker, &pose);
    marker->poses[copy] = pose;
    marker->x0[copy] = b.x0, marker->x1[copy] = b.x1;
    marker->y0[copy] = b.y0, marker->y1[copy] = b.y1;
    ready_body(marker, &pose, copy);
}

static void refresh_copy(Marker *marker, int copy)
{
    size_t n = (size_t)marker->count, c = (size_t)copy;
    for (size_t i = 0; i < n; i++)
        marker->loss[c * n + i] = marker->loss[i * n + c] = 0;
    const Pose *pose = &marker->poses[copy];
    int count = near_of(marker, copy, pose, 0);
    if (!marker->shapes->copies[copy].is_pinned)
        marker->loss[c * n + c] = outside_loss(marker, pose);
    ready_body(marker, pose, marker->count);
    for (int k = 0; k < count; k++) {
        size_t other = (size_t)marker->near[k];
        if (other != c && !is_settled(marker, copy, (int)other))
            marker->loss[c * n + other] = marker->loss[other * n + c] =
                pair_loss(marker, pose, (int)other);
    }
}

void marker_refresh(Marker *marker)
{
    for (int i = 0; i < marker->count; i++)
        refresh_copy(marker, i);
}

void marker_restore(Marker *marker, const Pose *poses)
{
    for (int i = 0; i < marker->count; i++)
        marker_lay(marker, i, poses[i]);
    marker_refresh(marker);
}

void marker_move(Marker *marker, int copy, Pose pose)
{
    marker_lay(marker, copy, pose);
    refresh_copy(marker, copy);
}

double marker_loss(const Marker *marker)
{
    double sum = 0;
    for (size_t n = (size_t)marker->count, i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            sum += (double)marker->loss[i * n + j];
    return sum;
}

float marker_hurt(const Marker *marker, int copy)
{
    size_t n = (size_t)marker->count, row = (size_t)copy * n;
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += marker->weight[row + i] * marker->loss[row + i];
    return sum;
}

bool marker_is_hurt(const Marker *marker, int copy)
{
    size_t n = (size_t)marker->count, row = (size_t)copy * n;
    for (size_t i = 0; i < n; i++)
        if (marker->loss[row + i] > 0)
            return true;
    return false;
}

// ---- Weights ------------------------------------------------------------------------------------

static float larger(float a, float b)
{
    return a > b ? a : b;
}

void marker_learn(Marker *marker)
{
    size_t square = (size_t)marker->count * (size_t)marker->count;
    const float *restrict loss = marker->loss;
    float *restrict weight = marker->weight;
    float most = 1e-30f;
    for (size_t i = 0; i < square; i++)
        most = larger(most, loss[i]);
    float range = (WEIGHT_UP_MOST - WEIGHT_UP_LEAST) / most;
    for (size_t i = 0; i < square; i++) {
        float up = WEIGHT_UP_LEAST + range * loss[i];
        float next = weight[i] * (loss[i] > 0 ? up : WEIGHT_FADE);
        weight[i] = next < 1 ? 1 : next > WEIGHT_MOST ? WEIGHT_MOST : next;
    }
}

void marker_forget(Marker *marker)
{
    for (size_t i = 0; i < (size_t)marker->count * (size_t)marker->count; i++)
        marker->weight[i] = 1;
}

double marker_extent(const Marker *marker)
{
    double extent = 0;
    for (int i = 0; i < marker->count; i++) {
        const Pose *pose = &marker->poses[i];
        extent = fmax(extent, pose->x + pose->box.x1);
    }
    return extent - marker->shapes->job->gap / 2;
}
