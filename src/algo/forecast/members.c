// members.c - the single methods on a prepared series.
#include "algo/forecast/members.h"

#include "algo/forecast/autoregression.h"
#include "algo/forecast/complex.h"
#include "algo/forecast/ets.h"
#include "algo/forecast/theta.h"

#include <math.h>
#include <string.h>

enum { THETA_LEAST = 6, COMPLEX_LEAST = 6, AUTOREGRESSION_LEAST = 9, ETS_LEAST = 6 };

Prepared prepare(Arena *arena, const Series *series)
{
    Prepared prepared = { .series = series, .is_positive = true, .is_never_negative = true };
    for (int i = 0; i < series->n; i++) {
        prepared.is_positive = prepared.is_positive && series->x[i] > 0;
        prepared.is_never_negative = prepared.is_never_negative && series->x[i] >= 0;
    }
    prepared.season =
        season_find(arena, series->x, series->n, series->period, prepared.is_positive);
    prepared.rest = season_remove(arena, &prepared.season, series->x, series->n);
    prepared.level = smooth_level(prepared.rest, series->n);
    return prepared;
}

static void naive(const double *x, int n, double *ret, int h)
{
    for (int i = 0; i < h; i++)
        ret[i] = x[n - 1];
}

static void seasonal_naive(const Series *series, double *ret)
{
    int period = series->period > 1 && series->n >= series->period ? series->period : 1;
    for (int i = 0; i < series->h; i++)
        ret[i] = series->x[series->n - period + i % period];
}

// ---- The exponential smoothing family -----------------------------------------------------------

// clang-format off
static const EtsModel models_of_all[] = {
    { 'A', 'N', 'N' }, { 'A', 'A', 'N' }, { 'A', 'D', 'N' },
    { 'M', 'N', 'N' }, { 'M', 'A', 'N' }, { 'M', 'D', 'N' },
    { 'A', 'N', 'A' }, { 'A', 'A', 'A' }, { 'A', 'D', 'A' },
    { 'M', 'N', 'A' }, { 'M', 'A', 'A' }, { 'M', 'D', 'A' },
    { 'M', 'N', 'M' }, { 'M', 'A', 'M' }, { 'M', 'D', 'M' },
};
// Of the seasonal ones those that hardly ever lose to one left out.
static const EtsModel models_of_few[] = {
    { 'A', 'N', 'A' }, { 'A', 'D', 'A' }, { 'M', 'N', 'M' }, { 'M', 'A', 'M' }, { 'M', 'D', 'M' },
};
enum { PLAIN_MODELS = 6 };  // at the head of all
// clang-format on

// What models of one season shape start from.
typedef struct {
    Season season;
    EtsStart flat, sloped;
} Shape;

static Shape shape_of(Arena *arena, const Series *s, Season season)
{
    const double *rest = season_remove(arena, &season, s->x, s->n);
    Smooth flat = smooth_level(rest, s->n), sloped = smooth_trend(rest, s->n, true);
    return (Shape){ season, { flat.first_level, 0 }, { sloped.first_level, sloped.first_trend } };
}

static EtsFit best_of(Arena *arena, const Prepared *p, const EtsModel *models, size_t count)
{
    const Series *s = p->series;
    Shape shapes[3];  // none, amounts, factors
    bool is_seasonal = models[count - 1].season != 'N';
    if (models[0].season == 'N')
        shapes[0] = shape_of(arena, s, (Season){ .period = 1 });
    for (int i = 1; is_seasonal && i < 2 + p->is_positive; i++)
        shapes[i] = shape_of(arena, s, season_find(arena, s->x, s->n, s->period, i == 2));
    EtsFit best = { .criterion = INFINITY };
    for (size_t i = 0; i < count; i++) {
        if (!p->is_positive && (models[i].error == 'M' || models[i].season == 'M'))
            continue;
        const Shape *shape = &shapes[models[i].season == 'N' ? 0 : 1 + (models[i].season == 'M')];
        EtsStart first = models[i].trend == 'N' ? shape->flat : shape->sloped;
        EtsFit fit = ets_fit(arena, models[i], s->x, s->n, &shape->season, first);
        if (fit.criterion < best.criterion)
            best = fit;
    }
    return best;
}

static void ets_best_ahead(Arena *arena, const Prepared *p, bool is_short, double *ret)
{
    const Series *s = p->series;
    EtsFit best = p->season.period < 2 ? best_of(arena, p, models_of_all, PLAIN_MODELS)
                : is_short             ? best_of(arena, p, models_of_few, COUNT(models_of_few))
                                       : best_of(arena, p, models_of_all, COUNT(models_of_all));
    if (isfinite(best.criterion)) {
        ets_ahead(&best, s->n, ret, s->h);
        return;
    }
    smooth_ahead(&p->level, ret, s->h);
    season_restore(&p->season, s->n, ret, s->h);
}

// ---- All of them --------------------------------------------------------------------------------

static void smoothed(const Prepared *p, ForecastMethod method, double *ret)
{
    const Series *s = p->series;
    Smooth smooth = method == FORECAST_SES ? smooth_level(p->rest, s->n)
                                           : smooth_trend(p->rest, s->n, method == FORECAST_DAMPED);
    smooth_ahead(&smooth, ret, s->h);
}

// A method on the series without its season.
static void rest_ahead(Arena *arena, const Prepared *p, ForecastMethod method, double *ret)
{
    const double *x = p->rest;
    int n = p->series->n, h = p->series->h;
    if (method == FORECAST_THETA && n >= THETA_LEAST)
        theta_ahead(arena, THETA_STANDARD, x, n, ret, h);
    else if (method == FORECAST_THETA_OPTIMISED && n >= THETA_LEAST)
        theta_ahead(arena, THETA_OPTIMISED, x, n, ret, h);
    else if (method == FORECAST_THETA_DYNAMIC && n >= THETA_LEAST)
        theta_ahead(arena, THETA_DYNAMIC, x, n, ret, h);
    else if (method == FORECAST_COMPLEX && n >= COMPLEX_LEAST)
        complex_ahead(x, n, ret, h);
    else if (method == FORECAST_AUTOREGRESSION && n >= AUTOREGRESSION_LEAST)
        autoregression_ahead(arena, x, n, ret, h);
    else if (method == FORECAST_NAIVE)
        naive(x, n, ret, h);
    else
        smoothed(p, method == FORECAST_HOLT || method == FORECAST_DAMPED ? method : FORECAST_SES,
                 ret);
}

void member_ahead(Arena *arena, const Prepared *p, ForecastMethod method, double *ret)
{
    const Series *s = p->series;
    if (method == FORECAST_SEASONAL_NAIVE) {
        seasonal_naive(s, ret);
    } else if ((method == FORECAST_ETS || method == FORECAST_ETS_FEW) && s->n >= ETS_LEAST) {
        ets_best_ahead(arena, p, method == FORECAST_ETS_FEW, ret);
    } else {
        rest_ahead(arena, p, method, ret);
        season_restore(&p->season, s->n, ret, s->h);
    }
    for (int i = 0; i < s->h && p->is_never_negative; i++)
        ret[i] = fmax(ret[i], 0);
}
