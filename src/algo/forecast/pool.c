// pool.c - forecasts of many series that learn from each other, and of one by itself.
//
// Series of the same period, rare and steady ones apart, are one group. For each series of a group
// the last values are forecast from those before them; the errors calibrate the group's intervals
// and the bias of its rare demand. Then all of the past is used for the forecast itself.
#include "algo/forecast/combine.h"
#include "algo/forecast/intermittent.h"
#include "algo/forecast/interval.h"
#include "algo/forecast/shape.h"

#include <math.h>

enum {
    GROUPS_MOST = 64,
    PAST_LEAST = 8,
    TRIALS_MOST = 1 << 18,
    ORIGINS = 3,       // of the trials of rare demand, which are cheap and say little each
    BIAS_TRIALS = 20,  // trials in which half of a bias is believed
};

// What came at one step of a forecast made before. Of rare demand, the smallest part of its spread
// that would have held it.
typedef struct {
    int zone;
    double came, mean, sd, part;
} Trial;

typedef struct {
    int period;
    bool is_rare;
    int *members;
    int count;
    LIST(Trial) trials;
    double came, forecast;  // in the tried part
    int tried;
    Interval interval;
    double bias;  // what means are multiplied by
    Shape shape;  // of short series
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
        return FAIL(ctx, E_INVALID, "forecast.series",
                    "a series of %d values; 1 to %d are possible", s->n, FORECAST_VALUES_MOST);
    if (s->h < 1 || s->h > FORECAST_AHEAD_MOST)
        return FAIL(ctx, E_INVALID, "forecast.series", "%d values ahead; 1 to %d are possible",
                    s->h, FORECAST_AHEAD_MOST);
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

static void fill_steady(const Outlook *out, const Interval *interval, int h, Forecast *ret)
{
    for (int i = 0; i < h; i++) {
        Width width = interval_width(interval, i, h);
        double mean = out->mean[i], sd = out->sd[i];
        ret->lo80[i] = fmax(mean + fmin(width.lo80, 0) * sd, out->floor);
        ret->hi80[i] = mean + fmax(width.hi80, 0) * sd;
        ret->lo95[i] = fmin(fmax(mean + width.lo95 * sd, out->floor), ret->lo80[i]);
        ret->hi95[i] = fmax(mean + width.hi95 * sd, ret->hi80[i]);
    }
}

// `scales` is how much more than usual is wanted at each step; NULL: as usual. The mean of rare
// demand may lie above the interval, as the mean of a lottery lies above most tickets.
static void fill_rare(const Outlook *out, const Interval *interval, const double *scales, int h,
                      Forecast *ret)
{
    for (int i = 0; i < h; i++) {
        Width part = interval_width(interval, i, h);
        double scale = scales ? scales[i] : 1;
        ret->lo80[i] = scale * demand_quantile(&out->spread, (1 - part.hi80) / 2);
        ret->hi80[i] = scale * demand_quantile(&out->spread, (1 + part.hi80) / 2);
        ret->lo95[i] = scale * demand_quantile(&out->spread, (1 - part.hi95) / 2);
        ret->hi95[i] = scale * demand_quantile(&out->spread, (1 + part.hi95) / 2);
    }
}

static void fill(const Outlook *out, const Interval *interval, const double *scales, int h,
                 Forecast *ret)
{
    ret->method = out->method;
    for (int i = 0; i < h; i++)
        ret->mean[i] = out->mean[i];
    if (out->is_rare)
        fill_rare(out, interval, scales, h, ret);
    else
        fill_steady(out, interval, h, ret);
}

Status forecast_series(Ctx *ctx, const Series *series, ForecastMethod method, Forecast *ret)
{
    TRY(check_series(ctx, series));
    *ret = forecast_new(ctx->arena, series->h);
    ArenaMark mark = arena_mark(ctx->arena);
    Outlook out = outlook(ctx->arena, series, method);
    Interval interval = interval_usual(out.is_rare);
    fill(&out, &interval, NULL, series->h, ret);
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
    return group;
}

// The middle part of the spread that just holds the value.
static double part_holding(const DemandSpread *spread, double value)
{
    double share = demand_share(spread, value);
    return value > 0 ? fabs(2 * share - 1) : fmax(0, 1 - 2 * share);
}

// Forecasts values that are known from those before them; `after` values are left away at the end.
static void try_series(Pool *pool, Group *group, const Series *series, int after)
{
    Arena *arena = pool->ctx->arena;
    Series past = *series;
    past.n -= after;
    past.h = series->h < past.n / 3 ? series->h : past.n / 3;
    past.n -= past.h;
    if (past.n < PAST_LEAST || past.h < 1 || group->trials.len + (size_t)past.h > TRIALS_MOST)
        return;
    list_reserve(arena, &group->trials, group->trials.len + (size_t)past.h);
    ArenaMark mark = arena_mark(arena);
    Outlook out = outlook(arena, &past, pool->method);
    group->tried++;
    for (int i = 0; i < past.h && out.is_rare == group->is_rare; i++) {
        double came = series->x[past.n + i];
        group->came += came;
        group->forecast += out.mean[i];
        Trial trial = { interval_zone(i, series->h), came, out.mean[i], 0, 0 };
        if (out.is_rare)
            trial.part = part_holding(&out.spread, came);
        else
            trial.sd = out.sd[i];
        group->trials.items[group->trials.len++] = trial;
    }
    arena_rewind(arena, mark);
}

static Interval learn_interval(Pool *pool, const Group *group)
{
    IntervalErrors errors[INTERVAL_ZONES];
    for (int z = 0; z < INTERVAL_ZONES; z++)
        errors[z] = (IntervalErrors){ NEW_ARRAY(pool->ctx->arena, double, group->trials.len), 0 };
    EACH (trial, group->trials) {
        IntervalErrors *zone = &errors[trial->zone];
        if (group->is_rare)
            zone->items[zone->len++] = trial->part;
        else if (trial->sd > 0)
            zone->items[zone->len++] = (trial->came - group->bias * trial->mean) / trial->sd;
    }
    return interval_learn(errors, group->is_rare);
}

// Short histories of demand tell of their group's bias, not of their own.
static bool has_bias(const Pool *pool, const Group *group)
{
    return group->forecast > 0 &&
           (group->is_rare || shape_is_needed(&pool->series[group->members[0]]));
}

static void learn(Pool *pool, Group *group)
{
    for (int i = 0; i < group->count; i++) {
        const Series *series = &pool->series[group->members[i]];
        int origins = group->is_rare || shape_is_needed(series) ? ORIGINS : 1;
        for (int k = 0; k < origins; k++)
            try_series(pool, group, series, k * (series->h / 2));
    }
    if (has_bias(pool, group)) {
        double factor = fmin(fmax(group->came / group->forecast, 0.5), 1.8);
        group->bias = pow(factor, (double)group->tried / (group->tried + BIAS_TRIALS));
    }
    group->interval = learn_interval(pool, group);
    group->shape = shape_learn(pool->series, group->members, group->count);
    if (group->is_rare)  // that it sold more then may be its end and not the season
        group->shape.usual = group->shape.uplift = 0;
}

static void answer(Pool *pool, const Group *group, const Series *series, Forecast *ret)
{
    Arena *arena = pool->ctx->arena;
    ArenaMark mark = arena_mark(arena);
    Outlook out = outlook(arena, series, pool->method);
    double *scales = NEW_ARRAY(arena, double, (size_t)series->h);
    for (int i = 0; i < series->h; i++)
        scales[i] = 1;
    if (pool->method == FORECAST_AUTO)
        shape_apply(series, &group->shape, scales);
    for (int i = 0; i < series->h; i++) {
        out.mean[i] *= group->bias * scales[i];
        if (out.sd)
            out.sd[i] *= fmax(1, scales[i]);  // errors grow with what is sold
    }
    fill(&out, &group->interval, scales, series->h, ret);
    arena_rewind(arena, mark);
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
