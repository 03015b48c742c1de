// forecast_bench.c - how many series a second one core forecasts: CPU time, ten years of months.
//
//     build/release/bench/forecast-bench [SERIES]
#include "algo/forecast/forecast.h"
#include "base/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MONTHS = 120, AHEAD = 12, PERIOD = 12 };

typedef struct {
    ForecastMethod method;
    int required;  // series a second; 0: none asked for
    int share;     // one of so many series is enough to measure by
} Row;

static const Row rows[] = {
    { FORECAST_SES, 20000, 1 }, { FORECAST_THETA, 20000, 1 }, { FORECAST_THETA_DYNAMIC, 20000, 1 },
    { FORECAST_DAMPED, 0, 2 },  { FORECAST_ETS, 0, 10 },      { FORECAST_AUTO, 500, 10 },
};

// Half of the series have a season, half a trend; all have noise and a level that wanders.
static void make_series(Random *random, double *x, int kind)
{
    double level = 100, trend = kind & 1 ? 0.4 : 0;
    for (int i = 0; i < MONTHS; i++) {
        double chance = (double)random_below(random, 2001) / 1000 - 1;
        level += trend + 2 * chance;
        double season = kind & 2 ? 1 + 0.3 * sin(2 * M_PI * i / PERIOD) : 1;
        x[i] = fmax(1, level * season + 5 * ((double)random_below(random, 2001) / 1000 - 1));
    }
}

typedef struct {
    const double *values;
    int count;
} Job;

static double cpu_s(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

static Status measure(Ctx *ctx, const Job *job, const Row *row)
{
    int count = job->count / row->share;
    double started = cpu_s();
    for (int i = 0; i < count; i++) {
        Series series = { job->values + (size_t)i * MONTHS, MONTHS, PERIOD, AHEAD };
        ArenaMark mark = arena_mark(ctx->arena);
        Forecast forecast;
        TRY(forecast_series(ctx, &series, row->method, &forecast));
        arena_rewind(ctx->arena, mark);
    }
    double took = cpu_s() - started;
    printf("| %-15s | %8d | %8.0f |\n", forecast_method_name(row->method), row->required,
           count / took);
    return OK;
}

static Status run(Ctx *ctx, void *arg)
{
    printf("| method          | required | series/s |\n|---|---|---|\n");
    for (size_t i = 0; i < COUNT(rows); i++)
        TRY(measure(ctx, arg, &rows[i]));
    return OK;
}

int main(int argc, char **argv)
{
    int64_t count = 20000;
    if (argc > 1 && (!str_int(str_from(argv[1]), &count) || count < 10 || count > 1000000)) {
        fprintf(stderr, "forecast-bench [SERIES]: from 10 to 1000000\n");
        return 2;
    }
    Arena arena = { 0 };
    Random random = { 1 };
    Ctx ctx = { .arena = &arena, .random = &random };
    double *values = NEW_ARRAY(&arena, double, (size_t)count *MONTHS);
    for (int64_t i = 0; i < count; i++)
        make_series(&random, values + i * MONTHS, (int)(i % 4));
    Job job = { values, (int)count };
    Status status = ctx_guard(&ctx, run, &job);
    arena_release(&arena);
    return status == OK ? 0 : 1;
}
