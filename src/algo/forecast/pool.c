// pool.c - forecasts of many series that learn from each other, and of one by itself.
//
// Series of the same period, rare and steady ones apart, are one group. For each series of a group
// the last values are forecast from those before them; the errors calibrate the group's intervals
// and the bias of its rare demand. Then all of the past is used for the forecast itself.
#include "algo/forecast/combine.h"
#include "algo/forecast/interval.h"
#include "algo/forecast/intermittent.h"
#include "algo/forecast/shape.h"

#include <math.h>

enum { GROUPS_MOST = 64, PAST_LEAST = 8, BIAS_SERIES = 20 };

typedef struct {
    int period;
    bool is_rare;
    int *members;
    int count;
    IntervalErrors errors[INTERVAL_ZONES];
    double came, forecast;  // in the tried part
    int tried;
    Interval interval;
    double bias;         // what means are multiplied by
    double reliability;  // of the shape of short series
} Group;

typedef struct {
    Ctx *ctx;
    const Series *series;
    int count;
    ForecastMethod method;
    Group groups[GROUPS_MOST];
    int group_count;
} Pool;

static Status check_series(Ctx *ctx, const Series *s)
{
    if (s->n < 1 || s->n > FORECAST_VALUES_MOST)
        return FAIL(ctx, E_INVALID, "forecast.series", "a series of %d values; 1 to %d are possible",
                    s->n, FORECAST_VALUES_MOST);
    if (s->h < 1 || s->h > FORECAST_AHEAD_MOST)
        return FAIL(ctx, E_INVALID, "forecast.series", "%d values ahead; 1 to %d are possible", s->h,
                    FORECAST_AHEAD_MOST);
    if (s->period < 1 || s->period > FORECAST_VALUES_MOST)
        return FAIL(ctx, E_INVALID, "forecast.series", "a period of %d; 1 to %d are possible",
                    s->period, FORECAST_VALUES_MOST);
    for (int i = 0; i < s->n; i++)
        if (!isfinite(s->x[i]) || fabs(s->x[i]) > 1e15)
            return FAIL(ctx, E_INVALID, "forecast.series", "value %d is not a number up to 10^15",
                        i + 1);
    return OK;
}

// ---- One forecast -------------------------------------------------------------------------------

static Forecast forecast_new(Arena *arena, int h)
{
    double *values = NEW_ARRAY(arena, double, 5 * (size_t)h);
    return (Forecast){ values, values + h, values + 2 * h, values + 3 * h, values + 4 * h, NULL };
}

static void fill(const Outlook *out, const Interval *interval, int h, Forecast *ret)
{
    ret->method = out->method;
    for (int i = 0; i < h; i++) {
        Width width = interval_width(interval, i, h);
        double mean = out->mean[i], sd = out->sd[i];
        ret->mean[i] = mean;
        ret->lo80[i] = fmax(mean + fmin(width.lo80, 0) * sd, out->floor);
        ret->hi80[i] = mean + fmax(width.hi80, 0) * sd;
        ret->lo95[i] = fmin(fmax(mean + width.lo95 * sd, out->floor), ret->lo80[i]);
        ret->hi95[i] = fmax(mean + width.hi95 * sd, ret->hi80[i]);
    }
}

Status forecast_series(Ctx *ctx, const Series *series, ForecastMethod method, Forecast *ret)
{
    TRY(check_series(ctx, series));
    *ret = forecast_new(ctx->arena, series->h);
    ArenaMark mark = arena_mark(ctx->arena);
    Outlook out = outlook(ctx->arena, series, method);
    Interval interval = interval_usual(out.is_rare);
    fill(&out, &interval, series->h, ret);
    arena_rewind(ctx->arena, mark);
    return OK;
}

// ---- Groups -------------------------------------------------------------------------------------

// With more kinds than there is room for, the last group takes the rest.
static Group *group_of(Pool *pool, const Series *s)
{
    bool is_rare = demand_is_rare(demand_class(s->x, s->n));
    for (int i = 0; i < pool->group_count; i++)
        if (pool->groups[i].period == s->period && pool->groups[i].is_rare == is_rare)
            return &pool->groups[i];
    if (pool->group_count == GROUPS_MOST)
        return &pool->groups[GROUPS_MOST - 1];
    Group *group = &pool->groups[pool->group_count++];
    *group = (Group){ .period = s->period, .is_rare = is_rare, .bias = 1 };
    group->members = NEW_ARRAY(pool->ctx->arena, int, (size_t)pool->count);
    for (int z = 0; z < INTERVAL_ZONES; z++)
        group->errors[z].items = NEW_ARRAY(pool->ctx->arena, double, INTERVAL_ERRORS_MOST);
    return group;
}

static void note_error(Group *group, int zone, double error)
{
    IntervalErrors *errors = &group->errors[zone];
    if (errors->len < INTERVAL_ERRORS_MOST && isfinite(error))
        errors->items[errors->len++] = error;
}

// Forecasts the last values of a series from those before them.
static void try_series(Pool *pool, Group *group, const Series *series)
{
    Series past = *series;
    past.h = series->h < series->n / 3 ? series->h : series->n / 3;
    past.n -= past.h;
    if (past.n < PAST_LEAST || past.h < 1)
        return;
    ArenaMark mark = arena_mark(pool->ctx->arena);
    Outlook out = outlook(pool->ctx->arena, &past, pool->method);
    group->tried++;
    for (int i = 0; i < past.h; i++) {
        double came = series->x[past.n + i];
        group->came += came;
        group->forecast += out.mean[i];
        if (out.sd[i] > 0)
            note_error(group, interval_zone(i, series->h), (came - out.mean[i]) / out.sd[i]);
    }
    arena_rewind(pool->ctx->arena, mark);
}

static void learn(Pool *pool, Group *group)
{
    for (int i = 0; i < group->count; i++)
        try_series(pool, group, &pool->series[group->members[i]]);
    group->interval = interval_learn(group->errors, group->is_rare);
    if (group->is_rare && group->forecast > 0) {
        double factor = fmin(fmax(group->came / group->forecast, 0.67), 1.5);
        group->bias = pow(factor, (double)group->tried / (group->tried + BIAS_SERIES));
    }
    group->reliability = shape_reliability(pool->series, group->members, group->count);
}

static void answer(Pool *pool, const Group *group, const Series *series, Forecast *ret)
{
    ArenaMark mark = arena_mark(pool->ctx->arena);
    Outlook out = outlook(pool->ctx->arena, series, pool->method);
    double before = out.mean[0];
    for (int i = 0; i < series->h; i++)
        out.mean[i] *= group->bias;
    if (pool->method == FORECAST_AUTO)
        shape_apply(series, group->reliability, out.mean);
    if (out.floor == 0 && before > 0)  // errors grow with what is sold
        for (int i = 0; i < series->h; i++)
            out.sd[i] *= fmax(1, out.mean[i] / before);
    fill(&out, &group->interval, series->h, ret);
    arena_rewind(pool->ctx->arena, mark);
}

Status forecast_pool(Ctx *ctx, const Series *series, int count, ForecastMethod method,
                     Forecast *ret)
{
    for (int i = 0; i < count; i++)
        TRY(check_series(ctx, &series[i]));
    for (int i = 0; i < count; i++)
        ret[i] = forecast_new(ctx->arena, series[i].h);
    ArenaMark mark = arena_mark(ctx->arena);
    Pool *pool = NEW(ctx->arena, Pool);
    *pool = (Pool){ .ctx = ctx, .series = series, .count = count, .method = method };
    for (int i = 0; i < count; i++) {
        Group *group = group_of(pool, &series[i]);
        group->members[group->count++] = i;
    }
    for (int g = 0; g < pool->group_count; g++) {
        Group *group = &pool->groups[g];
        learn(pool, group);
        for (int i = 0; i < group->count; i++)
            answer(pool, group, &series[group->members[i]], &ret[group->members[i]]);
    }
    arena_rewind(ctx->arena, mark);
    return OK;
}
