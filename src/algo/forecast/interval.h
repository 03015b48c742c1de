// interval.h - how wide an interval must be to hold what it says, learned from errors made before.
//
// A forecast comes with the size of its errors (sd), right in proportion but not in height. The
// errors of forecasts made earlier, divided by their sd, give the height: their quantiles are the
// interval's ends (split conformal prediction: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman,
// "Distribution-free predictive inference for regression", JASA 113, 2018). Errors near and far
// ahead are looked at apart. With few errors, the usual multiples keep their say.
//
// Rare demand has no such sd: its interval is the middle part of the demand's own spread, and what
// is learned is how large a part.
#pragma once

#include <stdbool.h>

enum { INTERVAL_ZONES = 3 };

// Numbers that belong to one zone of the steps ahead: the first, middle and last third.
typedef struct IntervalErrors {
    double *items;
    int len;
} IntervalErrors;

int interval_zone(int i, int h);  // of step i out of h (0 .. h - 1)

// The ends as multiples of sd, at the middle of each zone; or, of rare demand, the part of the
// spread in hi80 and hi95 alone.
typedef struct Width {
    double lo80, hi80, lo95, hi95;
} Width;
typedef struct Interval {
    Width zones[INTERVAL_ZONES];
} Interval;

Interval interval_usual(bool is_rare);

// `errors` are what came less the forecast, divided by the sd; of rare demand, the smallest part of
// the spread that would have held what came. They are sorted on the way.
Interval interval_learn(IntervalErrors errors[INTERVAL_ZONES], bool is_rare);

// Between the zones' middles.
Width interval_width(const Interval *interval, int i, int h);
