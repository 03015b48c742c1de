// forecast.c - entrepot-forecast: series in, what comes next out.
#include "algo/forecast/plan.h"
#include "tool/tool.h"

static struct {
    const char *in, *out, *method, *reconcile;
    int64_t ahead;
    double mend;
    bool is_alone;
} opts = { .method = "auto", .ahead = 12 };

static const ToolOption options[] = {
    { NULL, "IN.jsonl", TOOL_TEXT, &opts.in, "the series (also .gz; - is stdin)" },
    { "-o", "OUT.jsonl", TOOL_TEXT, &opts.out, "where the forecasts go (default: stdout)" },
    { "--method", "NAME", TOOL_TEXT, &opts.method, "one method instead of the choice (auto)" },
    { "--ahead", "N", TOOL_INT, &opts.ahead, "values ahead where a series has no h (12)" },
    { "--mend", "LIMIT", TOOL_NUMBER, &opts.mend, "replace outliers beyond so many deviations" },
    { "--reconcile", "HOW", TOOL_TEXT, &opts.reconcile,
      "bottom-up or mint: parts add up to parents" },
    { "--alone", NULL, TOOL_SWITCH, &opts.is_alone,
      "each series by itself, none learns of others" },
    { 0 },
};

static const char formats[] =
    "IN has one series a line, oldest value first; null is a value nobody knows. `period` is\n"
    "how many values a season has (12, 4, 52, 7; 1: none), `h` how many values ahead are\n"
    "wanted. Series of one file should be of one kind and end at the same time: they learn\n"
    "from each other. Other members are passed over.\n"
    "\n"
    "  {\"id\":\"A-1\",\"period\":12,\"h\":3,\"x\":[112,118,132,129]}\n"
    "\n"
    "With `calendar`, the kinds of the days of x and of the h days ahead (0 ordinary, 1 to\n"
    "15 holidays, promotions ...), special days are told apart. `parent` is the id of the\n"
    "series that one is a part of.\n"
    "\n"
    "OUT has one line for each, in the same order; 80 % and 95 % of what comes lies between\n"
    "lo and hi:\n"
    "\n"
    "  {\"id\":\"A-1\",\"forecast\":[131,132,133],\"lo80\":[..],\"hi80\":[..],\n"
    "   \"lo95\":[..],\"hi95\":[..],\"method\":\"combination\"}\n"
    "\n"
    "Methods: auto, naive, seasonal-naive, ses, holt, damped, theta, theta-optimised,\n"
    "theta-dynamic, complex, autoregression, ets, ets-few; for rare demand croston, sba, tsb,\n"
    "adida.\n";

static Status read_plan(Ctx *ctx, ForecastPlan *ret)
{
    *ret = (ForecastPlan){ .is_alone = opts.is_alone, .mend_beyond = opts.mend };
    TRY(forecast_method_named(ctx, str_from(opts.method), &ret->method));
    if (opts.ahead < 1 || opts.ahead > FORECAST_AHEAD_MOST)
        return FAIL(ctx, E_INVALID, "tool.option", "--ahead must be 1 to %d", FORECAST_AHEAD_MOST);
    if (opts.mend != 0 && opts.mend < 2)
        return FAIL(ctx, E_INVALID, "tool.option", "--mend must be at least 2; 4 is usual");
    if (!opts.reconcile)
        return OK;
    ret->reconcile = str_is(S("mint"), opts.reconcile) ? RECONCILE_MINT : RECONCILE_BOTTOM_UP;
    if (ret->reconcile == RECONCILE_BOTTOM_UP && !str_is(S("bottom-up"), opts.reconcile))
        return FAIL(ctx, E_INVALID, "tool.option", "--reconcile is bottom-up or mint");
    return OK;
}

static Status run(Ctx *ctx)
{
    ForecastPlan plan;
    Str text;
    SeriesFile file;
    TRY(read_plan(ctx, &plan));
    TRY(tool_read(ctx, opts.in, &text));
    TRY(series_read(ctx, text, (int)opts.ahead, &file));
    Forecast *forecasts = NEW_ARRAY(ctx->arena, Forecast, file.series.len);
    TRY(forecast_plan(ctx, &plan, &file, forecasts));
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; i < file.series.len; i++)
        forecast_write(&out, file.lines.items[i].id, file.series.items[i].h, &forecasts[i]);
    return tool_write(ctx, opts.out, buf_str(&out));
}

int main(int argc, char **argv)
{
    static const ToolSpec spec = {
        .name = "entrepot-forecast",
        .purpose = "forecasts sales, orders and other series, with intervals",
        .options = options,
        .formats = formats,
        .run = run,
    };
    return tool_main(&spec, argc, argv);
}
