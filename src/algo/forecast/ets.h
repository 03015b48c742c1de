// ets.h - the exponential smoothing family as state space models: error, trend, season.
//
// Hyndman, Koehler, Snyder and Grose, "A state space framework for automatic forecasting using
// exponential smoothing methods", IJF 18, 2002. Additive (A) or relative (M) error; no trend (N),
// an additive one (A) or one that fades (D); no season, amounts (A) or factors (M). A relative
// error or season needs positive values; an additive error with factors as season is unstable and
// left out. The best model is the one with the least corrected information criterion (AICc).
#pragma once

#include "algo/forecast/season.h"

typedef struct EtsModel {
    char error, trend, season;  // 'A' 'M', 'N' 'A' 'D', 'N' 'A' 'M'
} EtsModel;

typedef struct EtsFit {
    EtsModel model;
    double alpha, beta, gamma, phi;
    double level, trend;  // after the last value
    double *index;        // of the season's places, index[0] that of x[0]; NULL without
    int period;
    double criterion;  // AICc; INFINITY when the model does not fit at all
} EtsFit;

// The states before the first value: those of the smoothed series without season.
typedef struct EtsStart {
    double level, trend;
} EtsStart;

// `season` gives the first indices of models with a season; its shape must be the model's (factors
// for M). n at least 4, and two periods for a season.
EtsFit ets_fit(Arena *arena, EtsModel model, const double *x, int n, const Season *season,
               EtsStart first);

void ets_ahead(const EtsFit *fit, int n, double *ret, int h);
