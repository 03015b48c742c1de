// test_forecast_more.c - outliers, days of the calendar, new articles, sums of parts, whole plans.
#include "algo/forecast/calendar.h"
#include "algo/forecast/hierarchy.h"
#include "algo/forecast/outlier.h"
#include "algo/forecast/plan.h"
#include "algo/forecast/similar.h"
#include "harness.h"

#include <math.h>

static double chance(Random *random)
{
    return (double)(random_next(random) >> 11) / 9007199254740992.0;
}

static bool is_near(double a, double b, double within)
{
    return fabs(a - b) <= within;
}

// ---- Outliers -----------------------------------------------------------------------------------

typedef struct {
    const char *name;
    int from, count;  // where the series is raised
    int found;
} OutlierRow;

static const OutlierRow outlier_rows[] = {
    { "one large order", 20, 1, 1 },
    { "two in a row", 20, 2, 2 },
    { "a new level is no outlier", 20, 20, 0 },
    { "a season of them stays", 20, 5, 0 },
    { "nothing to find", 0, 0, 0 },
    { "the last value may be news", 39, 1, 0 },
};

static void test_outliers(void)
{
    Ctx *ctx = test_ctx();
    for (size_t r = 0; r < COUNT(outlier_rows); r++) {
        const OutlierRow *row = &outlier_rows[r];
        test_row = row->name;
        double x[40];
        bool is_off[40];
        for (int i = 0; i < 40; i++)
            x[i] = 100 + (i * 7) % 5 + (i >= row->from && i < row->from + row->count ? 80 : 0);
        Series series = { x, 40, 1, 4 };
        CHECK_INT(outliers_find(ctx->arena, &series, 6, is_off), row->found);
        int mended;
        const double *after = outliers_mended(ctx->arena, &series, 6, &mended);
        CHECK_INT(mended, row->found);
        for (int i = 0; i < 40; i++)
            CHECK(is_off[i] ? is_near(after[i], 102, 3) : after[i] == x[i]);
    }
    test_row = NULL;
    Series rare = { (double[]){ 0, 0, 0, 9, 0, 0, 0, 0, 80, 0, 0, 0, 0 }, 13, 1, 4 };
    bool is_off[13];
    CHECK_INT(outliers_find(ctx->arena, &rare, 4, is_off), 0);
}

// ---- Days ---------------------------------------------------------------------------------------

static void test_calendar(void)
{
    static const double week[7] = { 1, 1.1, 0.9, 1, 1.5, 2, 0.2 };
    enum { N = 140, HOLIDAY = 1, PROMOTION = 2 };
    Ctx *ctx = test_ctx();
    Random random = { 31 };
    double x[N];
    unsigned char kinds[N] = { 0 }, ahead_kinds[3] = { 0, HOLIDAY, PROMOTION };
    for (int i = 0; i < N; i++) {
        kinds[i] = i % 20 == 3 ? HOLIDAY : i % 25 == 7 ? PROMOTION : 0;
        double effect = kinds[i] == HOLIDAY ? 0.25 : kinds[i] == PROMOTION ? 3 : 1;
        x[i] = 100 * week[i % 7] * effect * (0.95 + 0.1 * chance(&random));
    }
    Series series = { x, N, 7, 7 };
    Calendar calendar = calendar_learn(ctx->arena, &series, kinds);
    CHECK_INT(calendar.days[HOLIDAY], 7);
    CHECK(is_near(calendar.factors[HOLIDAY], 0.25, 0.12));
    CHECK(is_near(calendar.factors[PROMOTION], 3, 0.45));
    CHECK(calendar.factors[0] == 1 && calendar.factors[5] == 1);
    const double *plain = calendar_plain(ctx->arena, &calendar, &series, kinds);
    for (int i = 0; i < N; i++)
        CHECK(kinds[i] || plain[i] == x[i]);
    double ahead[3] = { 10, 10, 10 };
    calendar_apply(&calendar, ahead_kinds, ahead, 3);
    CHECK(ahead[0] == 10 && ahead[1] < 4 && ahead[2] > 25);
}

static void test_weekdays(void)
{
    int days[7];
    calendar_weekdays(2026, 2, days);  // 28 days: four of each
    for (int i = 0; i < 7; i++)
        CHECK_INT(days[i], 4);
    calendar_weekdays(2026, 11, days);  // begins on a Sunday, ends on a Monday
    CHECK_INT(days[0], 5);
    CHECK_INT(days[6], 5);
    CHECK_INT(days[2], 4);
}

// ---- New articles -------------------------------------------------------------------------------

static void test_similar(void)
{
    Ctx *ctx = test_ctx();
    static const double shirt[] = { 1, 20 }, coat[] = { 2, 150 };
    static const double shirts[] = { 10, 12, 14, 10, 8, 6 }, coats[] = { 1, 2, 1, 2, 1, 2 };
    SimilarItem items[24];
    for (int i = 0; i < 24; i++)
        items[i] = i % 2 ? (SimilarItem){ shirt, shirts, 6 } : (SimilarItem){ coat, coats, 6 };
    const SimilarFeature features[] = { { true, 2 }, { false, 1 } };
    double ahead[7];
    SimilarItem unsold = { (double[]){ 1, 25 }, NULL, 0 };
    CHECK_INT(similar_ahead(ctx->arena, items, 24, features, 2, &unsold, ahead, 4), 10);
    for (int i = 0; i < 4; i++)
        CHECK(is_near(ahead[i], shirts[i], 0.1));
    SimilarItem hit = { (double[]){ 1, 25 }, (double[]){ 20, 24 }, 2 };  // twice what shirts sold
    similar_ahead(ctx->arena, items, 24, features, 2, &hit, ahead, 4);
    CHECK(ahead[0] > 1.5 * 14 && ahead[0] < 2 * 14);
    CHECK_INT(similar_ahead(ctx->arena, items, 24, features, 2, &unsold, ahead, 7), 0);
    CHECK(ahead[0] == 0 && ahead[6] == 0);
}

// ---- Sums ---------------------------------------------------------------------------------------

static const int parents[] = { -1, 0, 0, 1, 1, 2 };  // total; two groups; two articles and one

static bool adds_up(const double *ahead, int h)
{
    for (int t = 0; t < h; t++) {
        double total = ahead[t], a = ahead[h + t], b = ahead[2 * h + t];
        if (!is_near(total, a + b, 1e-6) ||
            !is_near(a, ahead[3 * h + t] + ahead[4 * h + t], 1e-6) ||
            !is_near(b, ahead[5 * h + t], 1e-6))
            return false;
    }
    return true;
}

static void test_sums(void)
{
    enum { H = 2, TIMES = 30 };
    Ctx *ctx = test_ctx();
    Random random = { 37 };
    Hierarchy tree = { parents, 6 };
    double ahead[6 * H] = { 100, 110, 70, 60, 28, 30, 40, 35, 24, 30, 29, 33 };
    double bottom[6 * H], errors[6 * TIMES];
    memcpy(bottom, ahead, sizeof ahead);
    CHECK_OK(ctx, hierarchy_bottom_up(ctx, &tree, bottom, H));
    CHECK(adds_up(bottom, H) && bottom[0] == 40 + 24 + 29);
    for (int i = 0; i < 6 * TIMES; i++)  // the total is known best
        errors[i] = (chance(&random) - 0.5) * (i < TIMES ? 0.2 : 6);
    CHECK_OK(ctx, hierarchy_mint(ctx, &tree, errors, TIMES, ahead, H));
    CHECK(adds_up(ahead, H));
    CHECK(is_near(ahead[0], 100, 0.3) && is_near(ahead[1], 110, 0.3));
    double agreed[6 * H];
    memcpy(agreed, ahead, sizeof ahead);  // what adds up already stays
    CHECK_OK(ctx, hierarchy_mint(ctx, &tree, errors, TIMES, agreed, H));
    for (int i = 0; i < 6 * H; i++)
        CHECK(is_near(agreed[i], ahead[i], 1e-6));
}

static void test_no_tree(void)
{
    static const int circle[] = { 1, 2, 0 }, outside[] = { -1, 7, 0 };
    Ctx *ctx = test_ctx();
    double ahead[3] = { 0 };
    CHECK_FAILS(ctx, "forecast.hierarchy",
                hierarchy_bottom_up(ctx, &(Hierarchy){ circle, 3 }, ahead, 1));
    CHECK_FAILS(ctx, "forecast.hierarchy",
                hierarchy_bottom_up(ctx, &(Hierarchy){ outside, 3 }, ahead, 1));
    CHECK_FAILS(ctx, "forecast.hierarchy", hierarchy_bottom_up(ctx, &(Hierarchy){ 0 }, ahead, 1));
}

// ---- Plans --------------------------------------------------------------------------------------

static const char plan_file[] =
    "{\"id\":\"all\",\"h\":2,\"x\":[30,32,31,35,36,33,37,38,40]}\n"
    "{\"id\":\"a\",\"parent\":\"all\",\"h\":2,\"x\":[9,8,1,8,9,9,1,9,8],"
    "\"calendar\":[0,0,2,0,0,0,2,0,0,0,2]}\n"
    "{\"id\":\"b\",\"parent\":\"all\",\"h\":2,\"x\":[21,24,25,27,28,27,28,29,32]}\n";

static void test_plan(void)
{
    Ctx *ctx = test_ctx();
    for (int how = RECONCILE_NOT; how <= RECONCILE_MINT; how++) {
        SeriesFile file;
        CHECK_OK(ctx, series_read(ctx, str_from(plan_file), 2, &file));
        Forecast f[3];
        ForecastPlan plan = { .mend_beyond = 4, .reconcile = (Reconcile)how };
        CHECK_OK(ctx, forecast_plan(ctx, &plan, &file, f));
        for (int t = 0; t < 2; t++) {
            bool is_sum = is_near(f[0].mean[t], f[1].mean[t] + f[2].mean[t], 1e-6);
            CHECK(is_sum == (how != RECONCILE_NOT));
            CHECK(f[0].lo95[t] <= f[0].lo80[t] && f[0].hi80[t] <= f[0].hi95[t]);
        }
        CHECK(how == RECONCILE_MINT || f[1].mean[1] < 0.6 * f[1].mean[0]);  // the day of kind 2
    }
}

static void test_plan_refusals(void)
{
    static const char *const files[] = {
        "{\"id\":\"a\",\"parent\":\"nobody\",\"x\":[1,2]}",
        "{\"id\":\"a\",\"x\":[1,2]}\n{\"id\":\"b\",\"h\":9,\"parent\":\"a\",\"x\":[1,2]}",
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(files); i++) {
        SeriesFile file;
        Forecast f[2];
        ForecastPlan plan = { .reconcile = RECONCILE_BOTTOM_UP };
        CHECK_OK(ctx, series_read(ctx, str_from(files[i]), 2, &file));
        CHECK_FAILS(ctx, "forecast.plan", forecast_plan(ctx, &plan, &file, f));
    }
}

const Test forecast_more_tests[] = {
    { "an outlier stands alone", test_outliers },
    { "days have their effects", test_calendar },
    { "the weekdays of a month", test_weekdays },
    { "a new article sells as those like it did", test_similar },
    { "parts and sums agree", test_sums },
    { "what is no tree is refused", test_no_tree },
    { "a plan: days, outliers, forecast, sums", test_plan },
    { "a plan refuses strangers", test_plan_refusals },
    { 0 },
};
