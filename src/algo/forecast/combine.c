// combine.c - the automatic forecast of one series.
//
// The mean of several decent methods is hard to beat, and hardly ever bad (Makridakis, Spiliotis
// and Assimakopoulos, "The M4 competition", IJF 36, 2020). The members see the series differently:
// a damped trend, the Theta line as it was known at each time and as it is known now, complex
// smoothing, an autoregression, the best model of the exponential smoothing family, and for seasons
// last year's values. How much they disagree is part of how far the mean may be off.
#include "algo/forecast/combine.h"

#include "algo/forecast/intermittent.h"
#include "algo/forecast/members.h"

#include <math.h>

enum { COMBINE_LEAST = 6 };  // shorter series are smoothed

// clang-format off
static const ForecastMethod members[] = {
    FORECAST_DAMPED, FORECAST_THETA_DYNAMIC, FORECAST_COMPLEX, FORECAST_AUTOREGRESSION, FORECAST_ETS_FEW,
    FORECAST_SEASONAL_NAIVE, FORECAST_THETA_OPTIMISED,  // these two with a season only
};
// clang-format on
enum { SEASONAL_MEMBERS = 2 };  // at the end

// ---- Rare demand --------------------------------------------------------------------------------

static double rare_level(const Series *s, ForecastMethod method)
{
    switch (method) {
    case FORECAST_CROSTON: return demand_croston(s->x, s->n, 0.1, false);
    case FORECAST_SBA: return demand_croston(s->x, s->n, 0.1, true);
    case FORECAST_TSB: return demand_tsb(s->x, s->n, 0.2, 0.3);
    case FORECAST_ADIDA: return demand_aggregated(s->x, s->n, 2, 0.3);
    default: return sqrt(demand_rooted(s->x, s->n, 0.25) * demand_smoothed(s->x, s->n, 0.2));
    }
}

static Outlook rare_outlook(Arena *arena, const Series *s, ForecastMethod method)
{
    Outlook out = { .mean = NEW_ARRAY(arena, double, (size_t)s->h),
                    .is_rare = true,
                    .spread = demand_spread(arena, s->x, s->n),
                    .method =
                        method == FORECAST_AUTO ? "intermittent" : forecast_method_name(method) };
    double level = rare_level(s, method);
    for (int i = 0; i < s->h; i++)
        out.mean[i] = level;
    return out;
}

// ---- Everything else ----------------------------------------------------------------------------

// A member may be wrong, but not wild: it stays within the past's range and as much again, more
// when the way ahead is long.
static double plausible(const Series *s, double lowest, double highest, double value)
{
    double room = (highest - lowest) * (1 + (double)s->h / s->n);
    return isfinite(value) ? fmin(fmax(value, lowest - room), highest + room) : s->x[s->n - 1];
}

static void average(Arena *arena, const Prepared *p, Outlook *out)
{
    const Series *s = p->series;
    double lowest = s->x[0], highest = s->x[0];
    for (int i = 1; i < s->n; i++) {
        lowest = fmin(lowest, s->x[i]);
        highest = fmax(highest, s->x[i]);
    }
    bool is_seasonal = s->period > 1 && s->n >= 2 * s->period;
    int count = (int)COUNT(members) - (is_seasonal ? 0 : SEASONAL_MEMBERS);
    double *ahead = NEW_ARRAY(arena, double, (size_t)s->h);
    for (int m = 0; m < count; m++) {
        member_ahead(arena, p, members[m], ahead);
        for (int i = 0; i < s->h; i++) {
            double value = plausible(s, lowest, highest, ahead[i]);
            double off = value - out->mean[i];
            out->mean[i] += off / (m + 1);
            out->sd[i] += off * (value - out->mean[i]) / count;  // the variance so far
        }
    }
}

// What the smoothed series was off one step ahead, widening as a random level does; and as much
// as the members disagree.
static void spread(const Prepared *p, Outlook *out)
{
    const Series *s = p->series;
    Smooth smooth = p->level;
    double variance = smooth.squares / (s->n > 2 ? s->n - 2 : 1), level = smooth.level;
    for (int i = 0; i < s->h; i++) {
        double scale = p->is_positive && level > 0 ? out->mean[i] / level : 1;
        double ahead = variance * scale * scale * (1 + i * smooth.alpha * smooth.alpha);
        out->sd[i] = sqrt(ahead + out->sd[i]);
    }
}

static Outlook steady_outlook(Arena *arena, const Series *s, ForecastMethod method)
{
    Prepared p = prepare(arena, s);
    Outlook out = { .mean = NEW_ARRAY(arena, double, (size_t)s->h),
                    .sd = NEW_ARRAY(arena, double, (size_t)s->h),
                    .floor = p.is_never_negative ? 0 : -INFINITY,
                    .method = forecast_method_name(method) };
    if (method == FORECAST_AUTO && s->n >= COMBINE_LEAST) {
        average(arena, &p, &out);
        out.method = "combination";
    } else {
        member_ahead(arena, &p, method == FORECAST_AUTO ? FORECAST_SES : method, out.mean);
        out.method = method == FORECAST_AUTO ? "ses" : out.method;
    }
    spread(&p, &out);
    return out;
}

Outlook outlook(Arena *arena, const Series *series, ForecastMethod method)
{
    bool is_rare = demand_is_rare(demand_class(series->x, series->n));
    bool wants_rare = method >= FORECAST_CROSTON || method == FORECAST_AUTO;
    if (is_rare && wants_rare)
        return rare_outlook(arena, series, method);
    return steady_outlook(arena, series, wants_rare ? FORECAST_AUTO : method);
}

void forecast_errors(Arena *arena, const Series *series, double *ret)
{
    ArenaMark mark = arena_mark(arena);
    Prepared p = prepare(arena, series);
    double *ahead = NEW_ARRAY(arena, double, (size_t)series->n), level = p.level.first_level;
    for (int i = 0; i < series->n; i++) {
        ahead[i] = level;
        level += p.level.alpha * (p.rest[i] - level);
    }
    season_restore(&p.season, 0, ahead, series->n);
    for (int i = 0; i < series->n; i++)
        ret[i] = series->x[i] - ahead[i];
    arena_rewind(arena, mark);
}
