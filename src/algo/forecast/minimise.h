// minimise.h - the least value of a function of a few bounded numbers, without derivatives.
#pragma once

enum { MINIMISE_DIMS = 6 };

typedef double Objective(const void *of, const double *at);

// A box of `dims` numbers (at most MINIMISE_DIMS), each between its `lo` and `hi`.
typedef struct Box {
    int dims;
    double lo[MINIMISE_DIMS], hi[MINIMISE_DIMS];
} Box;

// Nelder and Mead's simplex ("A simplex method for function minimization", Computer Journal 7,
// 1965), kept in the box by moving what leaves it onto its wall. Starts from `at`, asks for at most
// about `calls` values, leaves the best place in `at` and returns its value. Infinite values are
// fine; NaN is not.
double minimise(const Box *box, double *at, int calls, Objective *objective, const void *of);

// The least value on a line: a grid of `cells` cells, then golden sections about the best of them
// for `calls` values more. Leaves the place in *at.
double minimise_line(double lo, double hi, int cells, int calls, Objective *objective,
                     const void *of, double *at);
