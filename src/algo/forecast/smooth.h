// smooth.h - exponential smoothing of a level, with a trend that may fade: simple, Holt, damped.
//
// One step is  e = x - (l + fb),  l = l + fb + ae,  b = fb + be'  with f the damping. The errors
// are linear in the first level and trend, so these two are solved for exactly (least squares, the
// trend held back by a ridge) at every trial of the smoothing weights, and only the weights are
// searched for. That makes the fit both better and some ten times cheaper than a search over all.
#pragma once

#include <stdbool.h>

typedef struct Smooth {
    double alpha, beta, phi;  // phi 1: the trend does not fade
    double level, trend;      // after the last value; trend 0 without one
    double first_level, first_trend;
    double squares;  // sum of the squared errors one step ahead
} Smooth;

// n at least 1. Gardner, "Exponential smoothing: the state of the art, part II", IJF 22, 2006.
Smooth smooth_level(const double *x, int n);

// n at least 4, else it is smooth_level(). Gardner and McKenzie, "Forecasting trends in time
// series", Management Science 31, 1985; phi between 0.8 and 0.98.
Smooth smooth_trend(const double *x, int n, bool is_damped);

void smooth_ahead(const Smooth *smooth, double *ret, int h);
