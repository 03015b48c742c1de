// plan.c - days, outliers, forecast, reconciliation, in this order.
#include "algo/forecast/plan.h"

#include "algo/forecast/calendar.h"
#include "algo/forecast/hierarchy.h"
#include "algo/forecast/outlier.h"
#include "base/map.h"

#include <math.h>

// ---- Days and outliers --------------------------------------------------------------------------

static Calendar *make_plain(Arena *arena, SeriesFile *file)
{
    Calendar *calendars = NEW_ARRAY(arena, Calendar, file->series.len);
    for (size_t i = 0; i < file->series.len; i++) {
        Series *series = &file->series.items[i];
        const unsigned char *kinds = file->lines.items[i].kinds;
        if (!kinds)
            continue;
        calendars[i] = calendar_learn(arena, series, kinds);
        series->x = calendar_plain(arena, &calendars[i], series, kinds);
    }
    return calendars;
}

static void restore_days(const Calendar *calendars, const SeriesFile *file, Forecast *forecasts)
{
    for (size_t i = 0; i < file->series.len; i++) {
        const Series *series = &file->series.items[i];
        const unsigned char *kinds = file->lines.items[i].kinds;
        if (!kinds)
            continue;
        Forecast *f = &forecasts[i];
        double *rows[] = { f->mean, f->lo80, f->hi80, f->lo95, f->hi95 };
        for (size_t k = 0; k < COUNT(rows); k++)
            calendar_apply(&calendars[i], kinds + series->n, rows[k], series->h);
    }
}

static void mend(Arena *arena, double beyond, SeriesFile *file)
{
    EACH (series, file->series) {
        int found;
        series->x = outliers_mended(arena, series, beyond, &found);
    }
}

// ---- Reconciliation -----------------------------------------------------------------------------

static Status find_parents(Ctx *ctx, const SeriesFile *file, int *ret)
{
    Map places = { .arena = ctx->arena };
    for (size_t i = 0; i < file->lines.len; i++)
        map_set(&places, file->lines.items[i].id, &file->lines.items[i]);
    for (size_t i = 0; i < file->lines.len; i++) {
        Str parent = file->lines.items[i].parent;
        const SeriesLine *line = parent.len ? map_get(&places, parent) : NULL;
        if (parent.len && !line)
            return FAIL(ctx, E_INVALID, "forecast.plan", "there is no series " STR_FMT,
                        STR_ARG(parent));
        ret[i] = line ? (int)(line - file->lines.items) : -1;
    }
    return OK;
}

// The errors of the last times that all series have.
static double *errors_of(Arena *arena, const SeriesFile *file, int *ret_times)
{
    int times = FORECAST_VALUES_MOST;
    EACH (series, file->series)
        times = series->n < times ? series->n : times;
    double *errors = NEW_ARRAY(arena, double, file->series.len *(size_t)times);
    for (size_t i = 0; i < file->series.len; i++) {
        const Series *series = &file->series.items[i];
        ArenaMark mark = arena_mark(arena);
        double *all = NEW_ARRAY(arena, double, (size_t)series->n);
        forecast_errors(arena, series, all);
        memcpy(errors + i * (size_t)times, all + series->n - times, (size_t)times * sizeof *errors);
        arena_rewind(arena, mark);
    }
    *ret_times = times;
    return errors;
}

// The intervals move along with their means.
static void move_to(Forecast *forecast, const double *ahead, int h)
{
    for (int i = 0; i < h; i++) {
        double by = ahead[i] - forecast->mean[i];
        double floor = forecast->lo95[i] >= 0 ? 0 : -INFINITY;
        forecast->mean[i] = ahead[i];
        forecast->lo80[i] = fmax(forecast->lo80[i] + by, floor);
        forecast->lo95[i] = fmax(forecast->lo95[i] + by, floor);
        forecast->hi80[i] = fmax(forecast->hi80[i] + by, forecast->lo80[i]);
        forecast->hi95[i] = fmax(forecast->hi95[i] + by, forecast->hi80[i]);
    }
}

// What was never sold below nothing is not forecast there either, whatever the sums want.
static void raise_to_zero(const SeriesFile *file, const Forecast *forecasts, double *ahead, int h)
{
    for (size_t i = 0; i < file->series.len; i++)
        for (int t = 0; t < h && forecasts[i].lo95[t] >= 0; t++)
            ahead[i * (size_t)h + (size_t)t] = fmax(ahead[i * (size_t)h + (size_t)t], 0);
}

static Status reconcile(Ctx *ctx, Reconcile how, const SeriesFile *file, Forecast *forecasts)
{
    size_t count = file->series.len;
    if (count == 0)
        return OK;
    int h = file->series.items[0].h, times;
    Hierarchy tree = { NULL, (int)count };
    int *parents = NEW_ARRAY(ctx->arena, int, count);
    TRY(find_parents(ctx, file, parents));
    tree.parents = parents;
    double *ahead = NEW_ARRAY(ctx->arena, double, count *(size_t)h);
    for (size_t i = 0; i < count; i++) {
        if (file->series.items[i].h != h)
            return FAIL(ctx, E_INVALID, "forecast.plan",
                        "series that shall add up must have the same h, not %d and %d", h,
                        file->series.items[i].h);
        memcpy(ahead + i * (size_t)h, forecasts[i].mean, (size_t)h * sizeof *ahead);
    }
    if (how == RECONCILE_BOTTOM_UP)
        TRY(hierarchy_bottom_up(ctx, &tree, ahead, h));
    else {
        const double *errors = errors_of(ctx->arena, file, &times);
        TRY(hierarchy_mint(ctx, &tree, errors, times, ahead, h));
        raise_to_zero(file, forecasts, ahead, h);
        TRY(hierarchy_bottom_up(ctx, &tree, ahead, h));
    }
    for (size_t i = 0; i < count; i++)
        move_to(&forecasts[i], ahead + i * (size_t)h, h);
    return OK;
}

// ---- All of it ----------------------------------------------------------------------------------

Status forecast_plan(Ctx *ctx, const ForecastPlan *plan, SeriesFile *file, Forecast *ret)
{
    Calendar *calendars = make_plain(ctx->arena, file);
    if (plan->mend_beyond > 0)
        mend(ctx->arena, plan->mend_beyond, file);
    if (!plan->is_alone)
        TRY(forecast_pool(ctx, file->series.items, (int)file->series.len, plan->method, ret));
    for (size_t i = 0; plan->is_alone && i < file->series.len; i++)
        TRY(forecast_series(ctx, &file->series.items[i], plan->method, &ret[i]));
    restore_days(calendars, file, ret);
    return plan->reconcile ? reconcile(ctx, plan->reconcile, file, ret) : OK;
}
