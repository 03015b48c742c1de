// body.h - overlaps worked out on the spot, for pieces that may take any angle (or so many shapes
// that tables would not pay).
//
// A body is a cut at one angle in single precision, laid out for loops. The measure is that of
// meet.h; here it is computed, there it is looked up.
#pragma once

#include "algo/nest/shape.h"

typedef struct Body {
    const Cut *cut;
    double degrees;
    Box box;
    int count;
    float *x, *y;  // count + 1 corners: the first again at the end
    float pole_x[POLES_MOST], pole_y[POLES_MOST];
} Body;

// Room for any cut of the shapes.
void body_make(Arena *arena, const Shapes *shapes, Body *ret);

void body_turn(Body *body, const Cut *cut, double degrees);

// The measure of the overlap when b's origin lies at (dx, dy) from a's; 0 when apart.
float body_loss(const Body *a, const Body *b, float dx, float dy);
