// shape.h - the season of series that have not seen two of one, read off what happened at the same
// time a season ago: of the whole pool, and of each article as far as it proves to be its own.
#pragma once

#include "algo/forecast/forecast.h"

typedef struct Shape {
    double reliability;  // how far an article's sales at the season's turn are its own, 0 to 1
    double usual;        // mean logarithm of what articles sold then against their mean
    double uplift;       // logarithm of what all sold then together against what they sell now
} Shape;

// Whether the series' own season cannot be known, but a pool's shape may help: a period of more
// than twelve, less than two of them seen, and the time of year ahead nearly reached a season ago.
bool shape_is_needed(const Series *series);

// The reliability is the correlation, over all articles, of what they sold at the turn in alternate
// periods, stepped up to all of them. All series have the same period and end at the same time;
// those that do not need a shape are passed over. Fewer than 30 articles prove nothing: all zero.
Shape shape_learn(const Series *series, const int *members, int count);

// Multiplies what lies ahead by the factors of the season. The way there, where the past has not
// seen the time of year yet, goes evenly.
void shape_apply(const Series *series, const Shape *shape, double *ahead);
