// linear.h - small linear programmes: the least cost under inequalities.
#pragma once

#include "base/ctx.h"

enum { LINEAR_TERMS_MOST = 4 };

typedef struct LinearTerm {
    int variable;
    double factor;
} LinearTerm;

// The sum of the terms is at least `least`.
typedef struct LinearRow {
    LinearTerm terms[LINEAR_TERMS_MOST];
    int count;
    double least;
} LinearRow;

// Variables that share rows should have numbers near each other (but for the last few): what is
// between them costs time. Values are expected to be of the order of one.
typedef struct LinearProgram {
    int variable_count, row_count;
    const double *cost;
    const LinearRow *rows;
} LinearProgram;

// Starts from `values` and answers there the cheapest values, to about 1e-9. False: none was found
// (there is none, or rounding won); `values` are then not to be used. Primal-dual interior point
// method after Mehrotra (1992).
MUST_CHECK bool linear_solve(Arena *arena, const LinearProgram *program, double *values);
