// test_forecast.c - the methods on one series: what they must find, and what must always hold.
#include "algo/forecast/combine.h"
#include "algo/forecast/ets.h"
#include "algo/forecast/members.h"
#include "algo/forecast/minimise.h"
#include "algo/forecast/smooth.h"
#include "algo/forecast/theta.h"
#include "harness.h"

#include <math.h>
#include <stdio.h>

static double chance(Random *random)
{
    return (double)(random_next(random) >> 11) / 9007199254740992.0;
}

// Nearly normal: twelve even chances.
static double noise(Random *random)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += chance(random);
    return sum;
}

static bool is_near(double a, double b, double within)
{
    return fabs(a - b) <= within;
}

// ---- The search ---------------------------------------------------------------------------------

static double banana(const void *of, const double *at)
{
    double a = 1 - at[0], b = at[1] - at[0] * at[0];
    return a * a + 100 * b * b;
}

static double hill(const void *of, const double *at)
{
    return *at < 0.25 ? INFINITY : fabs(*at - 0.7);
}

static void test_minimise(void)
{
    Box box = { 2, { -2, -2 }, { 2, 2 } };
    double at[2] = { -1.2, 1 };
    CHECK(minimise(&box, at, 400, banana, NULL) < 1e-4);
    CHECK(is_near(at[0], 1, 0.05) && is_near(at[1], 1, 0.05));
    Box walled = { 2, { -2, -2 }, { 0.5, 2 } };
    double wall[2] = { -1.2, 1 };
    minimise(&walled, wall, 400, banana, NULL);
    CHECK(is_near(wall[0], 0.5, 0.01) && is_near(wall[1], 0.25, 0.02));
    double place;
    CHECK(minimise_line(0, 1, 8, 20, hill, NULL, &place) < 1e-3);
    CHECK(is_near(place, 0.7, 1e-3));
}

// ---- What they must find ------------------------------------------------------------------------

// Simple smoothing by hand, for a given first level and weight.
static double squares_by_hand(const double *x, int n, double level, double alpha)
{
    double squares = 0;
    for (int i = 0; i < n; i++) {
        squares += (x[i] - level) * (x[i] - level);
        level += alpha * (x[i] - level);
    }
    return squares;
}

static void test_first_states(void)
{
    static const double x[] = { 12, 15, 11, 14, 18, 13, 17, 16, 19, 15, 18, 21 };
    Smooth smooth = smooth_level(x, 12);
    CHECK(is_near(smooth.squares, squares_by_hand(x, 12, smooth.first_level, smooth.alpha), 1e-9));
    for (double off = -2; off <= 2; off += 0.5)
        CHECK(squares_by_hand(x, 12, smooth.first_level + off, smooth.alpha) >=
              smooth.squares - 1e-9);
    for (double alpha = 0.05; alpha < 1; alpha += 0.05)
        CHECK(squares_by_hand(x, 12, smooth.first_level, alpha) >= smooth.squares - 0.5);
}

static void fill_line(double *x, int n, double from, double step)
{
    for (int i = 0; i < n; i++)
        x[i] = from + i * step;
}

static void test_line(void)
{
    static const ForecastMethod methods[] = { FORECAST_HOLT, FORECAST_THETA_DYNAMIC, FORECAST_ETS,
                                              FORECAST_AUTOREGRESSION };
    double x[30], ahead[5];
    fill_line(x, 30, 100, 3);
    Series series = { .x = x, .n = 30, .period = 1, .h = 5 };
    Ctx *ctx = test_ctx();
    Prepared prepared = prepare(ctx->arena, &series);
    for (size_t m = 0; m < COUNT(methods); m++) {
        test_row = forecast_method_name(methods[m]);
        member_ahead(ctx->arena, &prepared, methods[m], ahead);
        for (int i = 0; i < 5; i++)
            CHECK(is_near(ahead[i], 190 + 3 * i, 2.5));
    }
    test_row = NULL;
}

// The standard method is simple smoothing plus half the line's slope.
static void test_theta_slope(void)
{
    Ctx *ctx = test_ctx();
    Random random = { 7 };
    double x[60], ahead[6];
    for (int i = 0; i < 60; i++)
        x[i] = 50 + 2 * i + 4 * noise(&random);
    theta_ahead(ctx->arena, THETA_STANDARD, x, 60, ahead, 6);
    for (int i = 1; i < 6; i++)
        CHECK(is_near(ahead[i] - ahead[i - 1], 1, 0.1));
}

static void season_of(double *x, int n, Random *random, double height, double wobble)
{
    static const double shape[] = { 0.7, 0.8, 1.0, 1.1, 1.3, 1.6, 1.4, 1.1, 0.9, 0.8, 0.7, 0.6 };
    for (int i = 0; i < n; i++)
        x[i] = (height + i * 0.5) * shape[i % 12] * (1 + wobble * noise(random));
}

static void test_season(void)
{
    Ctx *ctx = test_ctx();
    Random random = { 3 };
    double x[84];
    season_of(x, 84, &random, 100, 0.03);
    Series series = { .x = x, .n = 72, .period = 12, .h = 12 };
    Forecast forecast;
    CHECK_OK(ctx, forecast_series(ctx, &series, FORECAST_AUTO, &forecast));
    double off = 0;
    for (int i = 0; i < 12; i++)
        off += fabs(forecast.mean[i] - x[72 + i]) / x[72 + i] / 12;
    CHECK(off < 0.06);
    CHECK_STR(str_from(forecast.method), "combination");
}

// Chance alone has no season: what is found is shrunk until next to nothing is left.
static void test_no_season(void)
{
    Ctx *ctx = test_ctx();
    Random random = { 11 };
    int taken = 0;
    for (int k = 0; k < 40; k++) {
        double x[72], widest = 0;
        for (int i = 0; i < 72; i++)
            x[i] = 100 + 10 * noise(&random);
        Season season = season_find(ctx->arena, x, 72, 12, true);
        for (int j = 0; j < 12; j++)
            widest = fmax(widest, fabs(season.index[j] - 1));
        taken += widest < 0.05;
    }
    CHECK(taken >= 30);
}

static void test_ets_choice(void)
{
    static const EtsModel flat = { 'A', 'N', 'N' }, seasonal = { 'A', 'N', 'A' },
                          relative = { 'M', 'A', 'M' };
    Ctx *ctx = test_ctx();
    Random random = { 5 };
    double x[96];
    season_of(x, 96, &random, 40, 0.05);
    Season amounts = season_find(ctx->arena, x, 96, 12, false);
    Season factors = season_find(ctx->arena, x, 96, 12, true);
    EtsStart first = { 40, 0.5 };
    double none = ets_fit(ctx->arena, flat, x, 96, NULL, first).criterion;
    double added = ets_fit(ctx->arena, seasonal, x, 96, &amounts, first).criterion;
    double growing = ets_fit(ctx->arena, relative, x, 96, &factors, first).criterion;
    CHECK(growing < added && added < none);
    static const double below[] = { 1, -5, -9, -7, -8, -6 };  // no relative error fits
    EtsModel flat_relative = { 'M', 'N', 'N' };
    CHECK(isinf(ets_fit(ctx->arena, flat_relative, below, 6, NULL, (EtsStart){ -5, 0 }).criterion));
}

// ---- What must always hold ----------------------------------------------------------------------

typedef struct {
    const char *name;
    int n;
    double x[16];
} Odd;

static const Odd odd_series[] = {
    { "one value", 1, { 5 } },
    { "two values", 2, { 5, 7 } },
    { "three values", 3, { 5, 7, 1 } },
    { "five values", 5, { 3, 9, 4, 8, 2 } },
    { "nothing ever", 12, { 0 } },
    { "always the same", 14, { 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4 } },
    { "negative", 10, { -4, 3, -8, 2, -9, 1, -5, 4, -6, 2 } },
    { "one giant", 12, { 1, 2, 1, 2, 1, 1e14, 1, 2, 1, 2, 1, 2 } },
    { "tiny", 9, { 1e-12, 2e-12, 1e-12, 3e-12, 1e-12, 2e-12, 2e-12, 1e-12, 1e-12 } },
    { "one demand at the end", 12, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 } },
    { "alternating", 16, { 1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9 } },
};

static bool is_sound(const Forecast *f, int h, bool is_rare)
{
    for (int i = 0; i < h; i++) {
        if (!isfinite(f->mean[i]) || !isfinite(f->lo95[i]) || !isfinite(f->hi95[i]))
            return false;
        if (!(f->lo95[i] <= f->lo80[i] && f->lo80[i] <= f->hi80[i] && f->hi80[i] <= f->hi95[i]))
            return false;
        if (!is_rare && !(f->lo80[i] <= f->mean[i] && f->mean[i] <= f->hi80[i]))
            return false;
    }
    return true;
}

static void test_odd(void)
{
    static const int periods[] = { 1, 4, 7, 12, 52 };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(odd_series); i++)
        for (size_t p = 0; p < COUNT(periods); p++)
            for (int m = 0; m < FORECAST_METHODS; m++) {
                test_row = odd_series[i].name;
                Series s = { odd_series[i].x, odd_series[i].n, periods[p], 9 };
                Forecast forecast;
                CHECK_OK(ctx, forecast_series(ctx, &s, (ForecastMethod)m, &forecast));
                bool is_rare = demand_is_rare(demand_class(s.x, s.n));
                CHECK(is_sound(&forecast, s.h, is_rare));
            }
    test_row = NULL;
}

static void test_laws(void)
{
    Ctx *ctx = test_ctx();
    Random random = { 17 };
    for (int round = 0; round < 60; round++) {
        double x[80], tenfold[80];
        int n = 6 + (int)random_below(&random, 70), period = round % 3 ? 12 : 4;
        for (int i = 0; i < n; i++) {
            x[i] = fmax(0, 20 + i * noise(&random) / 10 + 6 * noise(&random) + 5 * sin(i));
            tenfold[i] = 10 * x[i];
        }
        Series one = { x, n, period, 6 }, ten = { tenfold, n, period, 6 };
        Forecast a, again, b;
        CHECK_OK(ctx, forecast_series(ctx, &one, FORECAST_AUTO, &a));
        CHECK_OK(ctx, forecast_series(ctx, &one, FORECAST_AUTO, &again));
        CHECK_OK(ctx, forecast_series(ctx, &ten, FORECAST_AUTO, &b));
        for (int i = 0; i < 6; i++) {
            CHECK(a.mean[i] == again.mean[i] && a.hi95[i] == again.hi95[i]);
            CHECK(a.mean[i] >= 0 && a.lo95[i] >= 0);
            CHECK(is_near(10 * a.mean[i], b.mean[i], 0.02 * b.mean[i] + 0.5));
        }
    }
}

static void test_refusals(void)
{
    static const double x[] = { 1, 2, 3 }, broken[] = { 1, NAN, 3 }, huge[] = { 1, 1e16 };
    Ctx *ctx = test_ctx();
    Forecast forecast;
    const Series refused[] = {
        { x, 0, 1, 3 },      { x, 3, 0, 3 },
        { x, 3, 1, 0 },      { x, 3, 1, FORECAST_AHEAD_MOST + 1 },
        { broken, 3, 1, 3 }, { huge, 2, 1, 3 },
    };
    for (size_t i = 0; i < COUNT(refused); i++) {
        CHECK_FAILS(ctx, "forecast.series",
                    forecast_series(ctx, &refused[i], FORECAST_AUTO, &forecast));
        CHECK_FAILS(ctx, "forecast.series",
                    forecast_pool(ctx, &refused[i], 1, FORECAST_AUTO, &forecast));
    }
    ForecastMethod method;
    CHECK_OK(ctx, forecast_method_named(ctx, S("theta-dynamic"), &method));
    CHECK(method == FORECAST_THETA_DYNAMIC);
    CHECK_FAILS(ctx, "forecast.method", forecast_method_named(ctx, S("oracle"), &method));
}

const Test forecast_tests[] = {
    { "the simplex finds the valley and stops at walls", test_minimise },
    { "simple smoothing solves for its first level", test_first_states },
    { "a straight line goes on", test_line },
    { "Theta's drift is half the slope", test_theta_slope },
    { "a season comes again", test_season },
    { "chance has no season", test_no_season },
    { "the criterion prefers the family that made the series", test_ets_choice },
    { "every method answers for every odd series", test_odd },
    { "the same again, never below nothing, in any unit", test_laws },
    { "what is no series is refused", test_refusals },
    { 0 },
};
