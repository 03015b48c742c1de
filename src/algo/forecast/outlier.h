// outlier.h - values that do not belong: a typing error, a strike, one large order.
#pragma once

#include "algo/forecast/forecast.h"

// Marks in `is_off` (n values) what lies further than `limit` deviations from the running median of
// seven values without season; the deviation is the median one, scaled to that of a normal
// distribution (Hampel, "The influence curve and its role in robust estimation", JASA 69, 1974). 4
// is a good limit. A value that is followed by more of its kind is a change of level and stays: at
// most two neighbours are marked. Returns how many; the first and last two values are never marked,
// nor is anything in series of fewer than twelve values or of rare demand.
int outliers_find(Arena *arena, const Series *series, double limit, bool *is_off);

// The series with what is off replaced by the running median, its season put back.
double *outliers_mended(Arena *arena, const Series *series, double limit, int *ret_count);
