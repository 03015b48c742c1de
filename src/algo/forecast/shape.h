// shape.h - the season of series that have not seen two of one, read off what happened at the same
// time a season ago, and believed as far as the whole pool proves it.
#pragma once

#include "algo/forecast/forecast.h"

// How far what an article sold at the season's turn is its own and not chance, 0 to 1: the
// correlation, over all articles of the pool, of what it sold there in alternate periods. All
// series have the same period and end at the same time; those too short or without sales are
// passed over.
double shape_reliability(const Series *series, const int *members, int count);

// Multiplies what lies ahead: to what the article sold a season ago, against its mean, taken to the
// power 0.6 times the reliability; the way there, where the past has not seen the time of year yet,
// goes evenly. Nothing happens to a series whose past does not reach near enough.
void shape_apply(const Series *series, double reliability, double *mean);

// Whether the series' own season can not be known, but a pool's shape may help.
int shape_is_needed(const Series *series);
