// meet.h - how two cuts at a given relative rotation overlap, ready to be looked up.
//
// For every shift of b against a, within the box of shifts at which they can touch: a grid of
// cells, each with how the convolution winds at its middle, which of its segments cross the cell,
// and a plane that approximates the overlap measure there. Whether the pieces overlap is exact (up
// to rounding); how much they overlap is a guide and may be rough.
//
// The measure is that of Gardeyn, Vanden Berghe and Wauters, "An open-source heuristic to reboot 2D
// nesting research" (2025): circles stand for the pieces, each pair of circles counts by its
// penetration times the smaller radius, fading smoothly beyond touching; the root of the sum is
// weighed by the pieces' size.
#pragma once

#include "algo/nest/convolve.h"
#include "algo/nest/shape.h"

// Sixteen bytes, so that no cell lies across two lines of the cache.
typedef struct MeetCell {
    float value;               // at the middle
    int16_t slope_x, slope_y;  // for one cell more, in the table's slope units
    uint32_t first;            // of its segments
    uint16_t count;
    int16_t winding;  // at the middle
} MeetCell;

typedef struct Meet {
    Box box;                              // of the shifts
    double cell_x, cell_y, per_x, per_y;  // a cell's size, and one over it
    int columns, rows;
    float slope_unit;
    MeetCell *cells;
    Segment *segments;  // by cell
} Meet;

// `scratch` may be cleared afterwards; the table is in `arena`.
void meet_make(Arena *arena, Arena *scratch, const Cut *a, const Cut *b, NestPolygon b_turned,
               Meet *ret);

// Fills in the cells' planes, which meet_make() leaves at zero; `turn` is b's. Allocates nothing,
// so a crew can share the tables out.
void meet_measure(Meet *meet, const Cut *a, const Cut *b, Turn turn);

int meet_winding(const Meet *meet, const MeetCell *cell, int column, int row, double x, double y);

// A shift and the cell it falls into, so that many cells can be fetched before the first is read.
typedef struct MeetSpot {
    const Meet *meet;
    const MeetCell *cell;
    double x, y, cell_x, cell_y;  // the shift; the same in cells
} MeetSpot;

// False: the pieces are apart at any such shift.
static inline bool meet_spot(const Meet *meet, double x, double y, MeetSpot *ret)
{
    double cx = (x - meet->box.x0) * meet->per_x, cy = (y - meet->box.y0) * meet->per_y;
    if (!(cx >= 0 && cy >= 0 && cx < meet->columns && cy < meet->rows))
        return false;
    const MeetCell *cell = &meet->cells[(int)cy * meet->columns + (int)cx];
    __builtin_prefetch(cell);
    *ret = (MeetSpot){ meet, cell, x, y, cx, cy };
    return true;
}

// The measure at a spot; 0 when the pieces are apart there.
static inline float meet_loss(const MeetSpot *spot)
{
    const MeetCell *cell = spot->cell;
    int column = (int)spot->cell_x, row = (int)spot->cell_y;
    int winding = cell->winding;
    if (cell->count)
        winding = meet_winding(spot->meet, cell, column, row, spot->x, spot->y);
    if (winding <= 0)
        return 0;
    float slope = cell->slope_x * (float)(spot->cell_x - column - 0.5) +
                  cell->slope_y * (float)(spot->cell_y - row - 0.5);
    float loss = cell->value + spot->meet->slope_unit * slope;
    return loss > 1e-6f ? loss : 1e-6f;
}
