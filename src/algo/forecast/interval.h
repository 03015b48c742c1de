// interval.h - how wide an interval must be to hold what it says, learned from errors made before.
//
// A forecast comes with the size of its errors (sd), right in proportion but not in height. The
// errors of forecasts made earlier, divided by their sd, give the height: their quantiles are the
// interval's ends (split conformal prediction: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman,
// "Distribution-free predictive inference for regression", JASA 113, 2018). Errors near and far
// ahead are looked at apart. With few errors, the usual multiples keep their say.
#pragma once

#include "base/arena.h"

#include <stdbool.h>

enum { INTERVAL_ZONES = 3, INTERVAL_ERRORS_MOST = 1 << 16 };

typedef struct IntervalErrors {
    double *items;  // errors divided by their sd, positive: more came than was forecast
    int len;
} IntervalErrors;

// The ends as multiples of sd, at the middle of each zone of steps: the first, middle and last third.
typedef struct Width {
    double lo80, hi80, lo95, hi95;
} Width;
typedef struct Interval {
    Width zones[INTERVAL_ZONES];
} Interval;

// Of step i out of h (0 .. h - 1).
int interval_zone(int i, int h);

Interval interval_usual(bool is_rare);

// `errors` are those of each zone; they are sorted on the way. What demand may be rare has its zeros
// at the floor: there the interval is symmetric about the forecast and cut off.
Interval interval_learn(IntervalErrors errors[INTERVAL_ZONES], bool is_rare);

// Between the zones' middles.
Width interval_width(const Interval *interval, int i, int h);
