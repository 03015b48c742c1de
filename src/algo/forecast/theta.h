// theta.h - the Theta method: half of what is forecast is the straight line through the past, half
// the smoothed series with its curvature doubled.
//
// Standard: Assimakopoulos and Nikolopoulos, IJF 16, 2000, in the form of Hyndman and Billah
// ("Unmasking the Theta method", IJF 19, 2003): simple smoothing with half the line's slope as
// drift. Optimised and dynamic: Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, "Models for
// optimising the theta method", IJF 32, 2016: how much the curvature counts is found from the
// errors, and in the dynamic one the line is that through the values seen so far.
#pragma once

#include "base/arena.h"

typedef enum { THETA_STANDARD, THETA_OPTIMISED, THETA_DYNAMIC } ThetaKind;

// `x` is without season, n at least 3. Returns the sum of squared errors one step ahead.
double theta_ahead(Arena *arena, ThetaKind kind, const double *x, int n, double *ret, int h);
