// season.h - whether a series has a season, its shape, and the series without it.
#pragma once

#include "base/arena.h"

#include <stdbool.h>

typedef struct Season {
    int period;        // 1: there is none, and the rest is not set
    bool is_relative;  // factors about 1 (multiplicative) or amounts about 0 (additive)
    double *index;     // of each place in the period; x[0] stands at place 0
} Season;

// Whether the series says the same again after `period`: the autocorrelation at that distance
// stands out from Bartlett's limit at 90 % (the test of the M competitions: Assimakopoulos and
// Nikolopoulos, "The theta model", IJF 16, 2000). Wants three whole periods.
bool season_is_there(const double *x, int n, int period);

// Classical decomposition by centred moving averages; factors where all values are positive,
// amounts elsewhere. The indices average to 1 or 0. Wants two whole periods, else there is none.
Season season_find(Arena *arena, const double *x, int n, int period, bool is_relative);

// The series without its season; `season` may be none, then it is a copy.
double *season_remove(Arena *arena, const Season *season, const double *x, int n);

// Puts the season back on what follows after n values.
void season_restore(const Season *season, int n, double *x, int h);
