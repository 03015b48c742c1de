// season.h - the season of a series, as far as it has one, and the series without it.
#pragma once

#include "base/arena.h"

#include <stdbool.h>

typedef struct Season {
    int period;        // 1: there is none, and the rest is not set
    bool is_relative;  // factors about 1 (multiplicative) or amounts about 0 (additive)
    double *index;     // of each place in the period; x[0] stands at place 0
} Season;

// Classical decomposition by centred moving averages; factors need positive values. The indices
// average to 1 or 0. Instead of asking whether there is a season at all, it is believed as far as
// it stands out from chance: all indices are pulled together by the share of their spread that
// noise alone would make, down to none. Wants two whole periods, else there is none.
Season season_find(Arena *arena, const double *x, int n, int period, bool is_relative);

// The series without its season; `season` may be none, then it is a copy.
double *season_remove(Arena *arena, const Season *season, const double *x, int n);

// Puts the season back on what follows after n values.
void season_restore(const Season *season, int n, double *x, int h);
