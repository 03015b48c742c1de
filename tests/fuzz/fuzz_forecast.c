// fuzz_forecast.c - any bytes as a file of series. Laws: a file is read or refused with a sentence;
// every forecast is finite, its intervals lie in each other; every line written is JSON.
#include "fuzz.h"

#include "algo/forecast/plan.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { VALUES_MOST = 4000, AHEAD_MOST = 60 };  // more only takes longer

static bool is_small(const SeriesFile *file)
{
    size_t values = 0;
    EACH (series, file->series) {
        values += (size_t)series->n;
        if (series->h > AHEAD_MOST)
            return false;
    }
    return values <= VALUES_MOST;
}

static void look_at(const Series *series, const Forecast *f)
{
    for (int i = 0; i < series->h; i++) {
        LAW(isfinite(f->mean[i]) && isfinite(f->lo95[i]) && isfinite(f->hi95[i]));
        LAW(f->lo95[i] <= f->lo80[i] && f->lo80[i] <= f->hi80[i] && f->hi80[i] <= f->hi95[i]);
    }
}

static Status check(Ctx *ctx, void *arg)
{
    Str text = *(const Str *)arg;
    SeriesFile file;
    TRY(series_read(ctx, text, 3, &file));
    LAW(file.series.len == file.lines.len);
    if (!is_small(&file))
        return OK;
    Forecast *forecasts = NEW_ARRAY(ctx->arena, Forecast, file.series.len);
    ForecastPlan plan = { .mend_beyond = text.len % 2 ? 4 : 0,
                          .reconcile = (Reconcile)(text.len % 3) };
    TRY(forecast_plan(ctx, &plan, &file, forecasts));
    for (size_t i = 0; i < file.series.len; i++) {
        look_at(&file.series.items[i], &forecasts[i]);
        Buf line = { .arena = ctx->arena };
        forecast_write(&line, file.lines.items[i].id, file.series.items[i].h, &forecasts[i]);
        const Json *object;
        LAW(json_parse(ctx, buf_str(&line), &object) == OK);
    }
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Ctx ctx = { .arena = &arena };
    Str text = { (const char *)data, size };
    Status status = ctx_guard(&ctx, check, &text);
    LAW(status == OK || status == E_INVALID || status == E_LIMIT);
    LAW(status == OK || utf8_valid(ctx.failure.message));
    arena_release(&arena);
    return 0;
}
