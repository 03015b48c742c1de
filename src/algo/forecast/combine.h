// combine.h - one forecast of several methods, and how far it may be off.
#pragma once

#include "algo/forecast/forecast.h"
#include "algo/forecast/intermittent.h"

// What a series says by itself, before its interval is calibrated.
typedef struct Outlook {
    double *mean;  // h values
    double
        *sd;  // h values: the size of the errors to be expected, in proportion rather than exactly
    double floor;  // what no value can fall below: 0 for demand, -INFINITY otherwise
    bool is_rare;  // intermittent demand: `spread` is set, and gives the interval instead of sd
    DemandSpread spread;
    const char *method;
} Outlook;

Outlook outlook(Arena *arena, const Series *series, ForecastMethod method);
