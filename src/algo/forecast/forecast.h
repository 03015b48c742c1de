// forecast.h - what comes next in a business series: sales, orders, consumption, money.
//
// forecast_series() looks at one series by itself; forecast_pool() at many of one kind, which tell
// about each other: how wide the intervals must be, and for short series what the season looks
// like. docs/forecasting.md tells the methods and what they measured.
#pragma once

#include "base/ctx.h"

typedef struct Series {
    const double *x;  // oldest first, all finite
    int n;            // values; at least 1
    int period;       // values in a season: 12 months, 4 quarters, 52 weeks, 7 days; 1: none
    int h;            // how many values to forecast; at least 1
} Series;

// Arrays of h values. The intervals hold 80 % and 95 % of what comes.
typedef struct Forecast {
    double *mean, *lo80, *hi80, *lo95, *hi95;
    const char *method;  // a word for people: "combination", "seasonal naive", "croston"
} Forecast;

enum { FORECAST_VALUES_MOST = 100000, FORECAST_AHEAD_MOST = 1000 };

// ---- The methods --------------------------------------------------------------------------------

typedef enum ForecastMethod {
    FORECAST_AUTO,  // the choice and combination of all that fit the series
    FORECAST_NAIVE,
    FORECAST_SEASONAL_NAIVE,
    FORECAST_SES,
    FORECAST_HOLT,
    FORECAST_DAMPED,
    FORECAST_THETA,
    FORECAST_THETA_OPTIMISED,
    FORECAST_THETA_DYNAMIC,
    FORECAST_COMPLEX,
    FORECAST_AUTOREGRESSION,
    FORECAST_ETS,      // the best of all admissible models
    FORECAST_ETS_FEW,  // of the five seasonal ones that win most, when there is a season
    FORECAST_CROSTON,  // from here on for rare demand; other series get FORECAST_AUTO
    FORECAST_SBA,
    FORECAST_TSB,
    FORECAST_ADIDA,
    FORECAST_METHODS,
} ForecastMethod;

const char *forecast_method_name(ForecastMethod method);  // "theta-dynamic"
// E_INVALID "forecast.method" with the names there are.
MUST_CHECK Status forecast_method_named(Ctx *ctx, Str name, ForecastMethod *ret);

// ---- Forecasting --------------------------------------------------------------------------------
// Both refuse what is not as Series says: E_INVALID "forecast.series". What they return lives in
// ctx->arena. Nothing is left to chance.

// One series by itself; the intervals are as wide as such series usually need.
// O(n) a method, about a millisecond for ten years of months.
MUST_CHECK Status forecast_series(Ctx *ctx, const Series *series, ForecastMethod method,
                                  Forecast *ret);

// Many series of one kind, ret[count]. The last h values of each are forecast from those before
// them first, and what that shows in all series of the same period corrects the intervals' width,
// the bias of rare demand, and the seasons of series that have not seen two of them.
MUST_CHECK Status forecast_pool(Ctx *ctx, const Series *series, int count, ForecastMethod method,
                                Forecast *ret);

// How far simple smoothing was off one step ahead, series->n values: for what needs errors of the
// same times of several series (hierarchy.h).
void forecast_errors(Arena *arena, const Series *series, double *ret);
