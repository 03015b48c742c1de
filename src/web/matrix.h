// matrix.h - a table with a field for each pair of a row and a column, size by colour: quantities,
// prices, or what there is at all. Filled by modules, drawn by web_matrix().
//
// Cell n sends cells[n].at (what it is), .value, .was (what stood there, so that only what was
// typed is changed) and, where it can be ticked, .on.
#pragma once

#include "web/html.h"

typedef struct MatrixCell {
    Str at;
    Str value, hint;  // hint: below the field, "12 free"
    bool is_on;
    bool is_none;  // nothing can be entered there
} MatrixCell;
typedef struct MatrixRow {
    Str label;
    LIST(MatrixCell) cells;
} MatrixRow;
typedef struct Matrix {
    Str caption, corner;
    bool has_ticks;
    Str tick;  // what a tick means: "Sold"
    LIST(Str) columns;
    LIST(MatrixRow) rows;
} Matrix;
