// plan.h - the forecast of a whole file: what entrepot-forecast does between reading and writing.
#pragma once

#include "algo/forecast/series_file.h"

typedef enum { RECONCILE_NOT, RECONCILE_BOTTOM_UP, RECONCILE_MINT } Reconcile;

typedef struct ForecastPlan {
    ForecastMethod method;
    bool is_alone;        // no series learns of others
    double mend_beyond;   // replaces outliers beyond so many deviations (outlier.h); 0: none
    Reconcile reconcile;  // makes parts and sums agree, as the lines' parents say
} ForecastPlan;

// ret holds as many forecasts as the file has series. Days that are not ordinary are taken out of
// the past and put into what lies ahead. E_INVALID "forecast.plan" when what shall be reconciled
// is not of one h, or a parent is not in the file. Changes the file's series (mended, plain).
MUST_CHECK Status forecast_plan(Ctx *ctx, const ForecastPlan *plan, SeriesFile *file,
                                Forecast *ret);
