// test_forecast_pool.c - rare demand, intervals, shapes of short histories, files.
#include "algo/forecast/combine.h"
#include "algo/forecast/intermittent.h"
#include "algo/forecast/plan.h"
#include "algo/forecast/shape.h"
#include "harness.h"

#include <math.h>
#include <stdio.h>
#include <zlib.h>

static double chance(Random *random)
{
    return (double)(random_next(random) >> 11) / 9007199254740992.0;
}

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

// ---- Rare demand --------------------------------------------------------------------------------

typedef struct {
    const char *class;
    double x[12];
} ClassRow;

static const ClassRow class_rows[] = {
    { "smooth", { 5, 6, 5, 4, 6, 5, 5, 6, 4, 5, 6, 5 } },
    { "erratic", { 1, 30, 1, 2, 25, 1, 1, 40, 2, 1, 33, 1 } },
    { "intermittent", { 0, 5, 0, 0, 6, 0, 5, 0, 0, 4, 0, 5 } },
    { "lumpy", { 0, 1, 0, 0, 60, 0, 1, 0, 0, 2, 0, 45 } },
    { "none", { 0 } },
    { "none", { 5, -1, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 } },
};

static void test_classes(void)
{
    for (size_t i = 0; i < COUNT(class_rows); i++) {
        test_row = class_rows[i].class;
        CHECK_STR(str_from(demand_class_name(demand_class(class_rows[i].x, 12))),
                  class_rows[i].class);
    }
    test_row = NULL;
}

// Worked on paper: sizes 4, 8, distances 2, 3, weight a half.
static void test_croston(void)
{
    static const double x[] = { 0, 4, 0, 0, 8 };
    CHECK(is_near(demand_croston(x, 5, 0.5, false), 6 / 2.5, 1e-12));
    CHECK(is_near(demand_croston(x, 5, 0.5, true), 0.75 * 6 / 2.5, 1e-12));
    CHECK(is_near(demand_smoothed((double[]){ 2, 4 }, 2, 0.5), 3.25, 1e-12));
    CHECK(is_near(demand_rooted((double[]){ 4, 4, 4 }, 3, 0.3), 4, 1e-12));
    CHECK(is_near(demand_aggregated((double[]){ 9, 1, 3, 5, 3 }, 5, 2, 0.5), 3.25, 1e-12));
    CHECK(demand_croston((double[]){ 0, 0 }, 2, 0.5, false) == 0);
}

// Croston's chance stays while nothing comes; that of Teunter, Syntetos and Babai sinks.
static void test_obsolete(void)
{
    double x[40] = { 0 };
    for (int i = 0; i < 20; i += 2)
        x[i] = 6;
    CHECK(demand_croston(x, 40, 0.1, false) > 2.9);
    CHECK(demand_tsb(x, 40, 0.2, 0.3) < 0.05);
}

static void test_spread(void)
{
    Ctx *ctx = test_ctx();
    static const double x[] = { 0, 3, 0, 0, 7, 1, 0, 3, 0, 12, 0, 0 };
    DemandSpread spread = demand_spread(ctx->arena, x, 12);
    CHECK(spread.count == 5 && spread.sizes[0] == 1 && spread.sizes[4] == 12);
    double before = -1;
    for (double share = 0; share < 0.999; share += 0.001) {
        double value = demand_quantile(&spread, share);
        CHECK(value >= before);
        before = value;
        CHECK(value == 0 || is_near(demand_share(&spread, value), share, 2e-3) ||
              value == 3);  // two demands of 3 make a step
    }
    CHECK(demand_quantile(&spread, 0.1) == 0);
    CHECK(demand_share(&spread, 1e9) > 0.999);
}

// ---- Intervals ----------------------------------------------------------------------------------

typedef struct {
    const char *name;
    bool is_rare;
} Kind;

static void make_series(Random *random, bool is_rare, double *x, int n)
{
    double level = 50 + 100 * chance(random), often = 0.2 + 0.4 * chance(random);
    for (int i = 0; i < n; i++) {
        level += 2 * noise(random);
        x[i] = is_rare ? (chance(random) < often) * ceil(6 * chance(random))
                       : level + 8 * noise(random);
    }
}

// Coverage of what the pool has not seen: within 3 points.
static void test_coverage(void)
{
    static const Kind kinds[] = { { "steady", false }, { "rare", true } };
    enum { SERIES = 150, N = 48, H = 6 };
    Ctx *ctx = test_ctx();
    for (size_t k = 0; k < COUNT(kinds); k++) {
        test_row = kinds[k].name;
        Random random = { 23 };
        double(*x)[N + H] = arena_alloc(ctx->arena, SERIES * sizeof *x);
        Series series[SERIES];
        Forecast forecasts[SERIES];
        for (int i = 0; i < SERIES; i++) {
            make_series(&random, kinds[k].is_rare, x[i], N + H);
            series[i] = (Series){ x[i], N, 12, H };
        }
        CHECK_OK(ctx, forecast_pool(ctx, series, SERIES, FORECAST_AUTO, forecasts));
        double in80 = 0, in95 = 0;
        for (int i = 0; i < SERIES; i++)
            for (int t = 0; t < H; t++) {
                double came = x[i][N + t];
                in80 += came >= forecasts[i].lo80[t] && came <= forecasts[i].hi80[t];
                in95 += came >= forecasts[i].lo95[t] && came <= forecasts[i].hi95[t];
            }
        CHECK(is_near(in80 / (SERIES * H), 0.80, kinds[k].is_rare ? 0.05 : 0.03));
        CHECK(is_near(in95 / (SERIES * H), 0.95, 0.03));
    }
    test_row = NULL;
}

// ---- Shapes -------------------------------------------------------------------------------------

// Half of the articles sell fourfold at Christmas; no series has seen two of them.
static void test_shape(void)
{
    enum { SERIES = 80, N = 46, H = 6 };
    Ctx *ctx = test_ctx();
    Random random = { 29 };
    double(*x)[N] = arena_alloc(ctx->arena, SERIES * sizeof *x);
    Series series[SERIES];
    int members[SERIES];
    Forecast forecasts[SERIES];
    for (int i = 0; i < SERIES; i++) {
        for (int t = 0; t < N; t++) {
            bool is_christmas = i % 2 && t < 4;
            x[i][t] = fmax(1, (is_christmas ? 160 : 40) + 6 * noise(&random));
        }
        series[i] = (Series){ x[i], N, 52, H };
        members[i] = i;
    }
    Shape shape = shape_learn(series, members, SERIES);
    CHECK(shape.reliability > 0.9);
    CHECK_OK(ctx, forecast_pool(ctx, series, SERIES, FORECAST_AUTO, forecasts));
    double christmas = 0, ordinary = 0;
    for (int i = 0; i < SERIES; i++)
        *(i % 2 ? &christmas : &ordinary) += forecasts[i].mean[H - 1] / (SERIES / 2);
    CHECK(christmas > 1.6 * ordinary && christmas > 80);
    Series monthly = { x[0], N, 12, H };
    CHECK(shape_is_needed(&series[0]) && !shape_is_needed(&monthly));
    Shape few = shape_learn(series, members, 10);
    CHECK(few.reliability == 0 && few.uplift == 0);
}

// ---- Files --------------------------------------------------------------------------------------

typedef struct {
    const char *line, *says;
} Refused;

static const Refused refused[] = {
    { "nonsense", "line 2 is not a JSON object" },
    { "[1,2]", "line 2 is not a JSON object" },
    { "{\"x\":[1]}", "line 2: there is no id" },
    { "{\"id\":[],\"x\":[1]}", "line 2: id is no text" },
    { "{\"id\":\"a\"}", "line 2: x has no values" },
    { "{\"id\":\"a\",\"x\":[]}", "line 2: x has no values" },
    { "{\"id\":\"a\",\"x\":[null,null]}", "line 2: x has no values" },
    { "{\"id\":\"a\",\"x\":[1,\"2\"]}", "line 2: value 2 of x is no number" },
    { "{\"id\":\"a\",\"x\":[1e999]}", "line 2: value 1 of x is no number" },
    { "{\"id\":\"a\",\"x\":[1],\"h\":0}", "line 2: h must be 1 to 1000" },
    { "{\"id\":\"a\",\"x\":[1],\"h\":1.5}", "line 2: h is no whole number" },
    { "{\"id\":\"a\",\"x\":[1],\"period\":-4}", "line 2: period must be 1 to 100000" },
    { "{\"id\":\"a\",\"x\":[1],\"h\":1,\"calendar\":[0]}",
      "line 2: calendar has not the 2 days of x and of h" },
    { "{\"id\":\"a\",\"x\":[1],\"h\":1,\"calendar\":[0,16]}",
      "line 2: the calendar's days are whole numbers from 0 to 15" },
};

static void test_file_refusals(void)
{
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(refused); i++) {
        test_row = refused[i].line;
        Str text = str_format(ctx->arena, "{\"id\":1,\"x\":[3]}\n%s\n", refused[i].line);
        SeriesFile file;
        CHECK(series_read(ctx, text, 3, &file) == E_INVALID);
        CHECK_STR(ctx->failure.message, refused[i].says);
        ctx_recover(ctx);
    }
    test_row = NULL;
}

static void test_file(void)
{
    Ctx *ctx = test_ctx();
    SeriesFile file;
    Str text =
        S("{\"id\":\"a\\\"b\",\"period\":4,\"h\":2,\"x\":[null,2,null,6,null],\"test\":\"x\"}\r\n"
          "\n{\"id\":7,\"x\":[1,2.5]}");
    CHECK_OK(ctx, series_read(ctx, text, 3, &file));
    CHECK_INT((int64_t)file.series.len, 2);
    const double *x = file.series.items[0].x;
    CHECK(x[0] == 2 && x[1] == 2 && x[2] == 4 && x[3] == 6 && x[4] == 6);
    CHECK(file.series.items[0].period == 4 && file.series.items[0].h == 2);
    CHECK(file.series.items[1].period == 1 && file.series.items[1].h == 3);
    double values[] = { 1, -0.0, 2.25 };
    Forecast forecast = { values, values, values, values, values, "ses" };
    Buf out = { .arena = ctx->arena };
    forecast_write(&out, file.lines.items[0].id, 3, &forecast);
    CHECK_STR(buf_str(&out),
              "{\"id\":\"a\\\"b\",\"forecast\":[1,0,2.25],\"lo80\":[1,0,2.25],\"hi80\":[1,0,2.25],"
              "\"lo95\":[1,0,2.25],\"hi95\":[1,0,2.25],\"method\":\"ses\"}\n");
}

// ---- Shared data --------------------------------------------------------------------------------

static Str unpacked(Arena *arena, const char *path)
{
    gzFile file = gzopen(path, "rb");
    if (!file)
        return S("");
    Buf out = { .arena = arena };
    char piece[65536];
    for (int n; (n = gzread(file, piece, sizeof piece)) > 0;)
        buf_put(&out, (Str){ piece, (size_t)n });
    gzclose(file);
    return buf_str(&out);
}

typedef struct {
    double rmsse, wape, bias;
} Gates;

static double number(const Json *value)
{
    int64_t whole = 0;
    CHECK(json_int(value, &whole));
    return (double)whole;
}

static double mean_squared_change(const Series *s)
{
    double squares = 0;
    for (int i = 1; i < s->n; i++)
        squares += (s->x[i] - s->x[i - 1]) * (s->x[i] - s->x[i - 1]) / (s->n - 1);
    return squares;
}

// `lines` are the series once more, with what came in `test`.
static Gates gates_of(Ctx *ctx, Str lines, const SeriesFile *file, const Forecast *forecasts)
{
    Gates gates = { 0 };
    double came = 0, missed = 0, forecast = 0, scaled = 0;
    Str line;
    for (size_t i = 0; str_next(&lines, '\n', &line); i++) {
        const Json *object;
        CHECK_OK(ctx, json_parse(ctx, line, &object));
        const Series *s = &file->series.items[i];
        double squares = 0, change = mean_squared_change(s);
        const Json *value = json_get(object, "test")->first;
        for (int t = 0; t < s->h; t++, value = value->next) {
            double off = number(value) - forecasts[i].mean[t];
            came += number(value);
            forecast += forecasts[i].mean[t];
            missed += fabs(off);
            squares += off * off / s->h;
        }
        gates.rmsse += change > 0 ? sqrt(squares / change) : 0;
        scaled += change > 0;
    }
    return (Gates){ gates.rmsse / scaled, missed / came, (forecast - came) / came };
}

// Spare parts: the gates of all three measures, so that a forecast of nothing does not pass.
static void test_spare_parts(void)
{
    Ctx *ctx = test_ctx();
    const char *shared = test_shared();
    Str path = str_format(ctx->arena, "%s/data/forecast/carparts_a.jsonl.gz", shared ? shared : "");
    Str text = unpacked(ctx->arena, path.ptr);
    if (text.len == 0) {
        test_skip("there is no shared/data/forecast/carparts_a.jsonl.gz");
        return;
    }
    SeriesFile file;
    CHECK_OK(ctx, series_read(ctx, text, 6, &file));
    Forecast *forecasts = NEW_ARRAY(ctx->arena, Forecast, file.series.len);
    ForecastPlan plan = { 0 };
    CHECK_OK(ctx, forecast_plan(ctx, &plan, &file, forecasts));
    Gates gates = gates_of(ctx, text, &file, forecasts);
    CHECK(gates.rmsse < 0.60);
    CHECK(gates.wape < 1.43);
    CHECK(fabs(gates.bias) < 0.15);
}

const Test forecast_pool_tests[] = {
    { "demand has its class", test_classes },
    { "the methods for rare demand, worked on paper", test_croston },
    { "what is no longer wanted sinks", test_obsolete },
    { "a spread's quantiles and shares are inverse", test_spread },
    { "intervals hold what they say", test_coverage },
    { "short histories take the season of a year ago", test_shape },
    { "what is no line of a file is refused", test_file_refusals },
    { "files are read and written", test_file },
    { "spare parts pass all three gates", test_spare_parts },
    { 0 },
};
