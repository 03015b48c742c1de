// autoregression.h - the next value as a weighted sum of the last ones, of the series or of its
// differences (an ARIMA model without the moving average part).
#pragma once

#include "base/arena.h"

// `x` is without season, n at least 8. Differences are taken when the test of Kwiatkowski,
// Phillips, Schmidt and Shin (1992) refuses a steady level; the order (at most 6) is that with the
// least corrected information criterion (AICc). A difference has a drift only when it pays.
void autoregression_ahead(Arena *arena, const double *x, int n, double *ret, int h);
