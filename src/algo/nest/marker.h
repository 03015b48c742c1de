// marker.h - a marker in the making: where each copy lies, which overlap, and how much that hurts.
//
// A copy whose x is infinite is not there. Copies never leave the strip: positions are always
// fitted into it, and into the copy's section, band and repeat. What they may do while the search
// runs is overlap. Each overlapping pair has a measure and a weight; weights grow while a pair
// stays stuck (guided local search).
#pragma once

#include "algo/nest/body.h"
#include "algo/nest/tables.h"
#include "base/random.h"

typedef struct Pose {
    int shape;
    double degrees;  // the shape's own, or any for a copy that turns freely
    double x, y;
    Box box;  // of the shape, at the origin
} Pose;

typedef struct NearBox {
    float x0, x1, y0, y1;
} NearBox;

typedef struct NearSpot {
    int other;
    MeetSpot spot;
} NearSpot;

typedef struct Marker {
    const Shapes *shapes;
    const Tables *tables;  // NULL: overlaps are worked out by bodies
    Body *bodies;          // where each copy lies, and one more that tries places
    int count;
    double length;
    Pose *poses;
    float *x0, *x1, *y0, *y1;  // each copy's box, a hair larger
    float *loss, *weight;      // count x count, symmetric; with itself: out of the strip
    int *near, near_count;     // copies whose boxes may meet that of `near_of` inside `near_in`
    int near_of;
    NearBox near_in;
    uint8_t *is_near;  // scratch: a byte a copy, padded to whole words
    NearSpot *spots;   // scratch: of one look
    int *order;        // scratch: of a round
    Random random;
    int64_t looks;  // places tried
} Marker;

// `tables` may be NULL.
void marker_make(Arena *arena, const Shapes *shapes, const Tables *tables, Marker *ret);

double chance(Random *random);  // 0 <= result < 1

// A copy in this shape, at the origin. `degrees` counts only for a copy that turns freely.
Pose marker_pose(Marker *marker, int copy, int shape, double degrees);

// The nearest position that the copy may take in this shape.
void marker_fit(const Marker *marker, int copy, Pose *pose);

// The weighted overlap of a copy if it lay there; stops counting beyond `bound`. `margin`: how far
// around the next looks at the same copy will be, 0 when anywhere; it only saves time.
float marker_look(Marker *marker, int copy, const Pose *pose, float bound, double margin);

// Lays a copy without looking at overlaps; marker_refresh() must follow.
void marker_lay(Marker *marker, int copy, Pose pose);

// Works out all overlaps anew.
void marker_refresh(Marker *marker);

// Lays all copies as they lay once.
void marker_restore(Marker *marker, const Pose *poses);

// Lays a copy and keeps the overlaps up to date.
void marker_move(Marker *marker, int copy, Pose pose);

double marker_loss(const Marker *marker);           // of all pairs, not weighted
float marker_hurt(const Marker *marker, int copy);  // of one copy, weighted
bool marker_is_hurt(const Marker *marker, int copy);

// Raises the weights of pairs that overlap, the most for the worst; lets the others fade.
void marker_learn(Marker *marker);
void marker_forget(Marker *marker);  // all weights 1

// Where the last piece ends.
double marker_extent(const Marker *marker);
