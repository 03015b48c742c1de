// members.h - the single methods, one call each; combine.c makes one forecast of several.
#pragma once

#include "algo/forecast/forecast.h"
#include "algo/forecast/season.h"
#include "algo/forecast/smooth.h"

// A series as the methods want it: its season found and taken out.
typedef struct Prepared {
    const Series *series;
    bool is_positive;  // all values: factors and relative errors make sense
    bool is_never_negative;
    Season season;       // period 1: none
    const double *rest;  // without the season
    Smooth level;        // simple smoothing of the rest
} Prepared;

Prepared prepare(Arena *arena, const Series *series);

// The next h values by one method (not FORECAST_AUTO), the season put back. Every method answers
// for every series: too short a one falls back to a simpler method. Never below 0 when the past
// never was.
void member_ahead(Arena *arena, const Prepared *prepared, ForecastMethod method, double *ret);
