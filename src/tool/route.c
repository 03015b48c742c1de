// route.c - entrepot-route: problems of routes in, plans out.
//
// Each plan is checked by route_check() before it is written; one that breaks a rule is an error of
// ours and never gets out.
#include "tool/lines.h"
#include "tool/route_file.h"
#include "tool/tool.h"

static struct {
    const char *in, *out, *svg;
    double seconds;
    int64_t seed, threads, steps;
    bool is_quiet;
} opts = { .seconds = 10, .seed = 1, .threads = 1 };

static const ToolOption options[] = {
    { NULL, "IN.jsonl", TOOL_TEXT, &opts.in, "the problems; .gz is unpacked" },
    { "--seconds", "N", TOOL_NUMBER, &opts.seconds, "for each problem (10)" },
    { "--seed", "N", TOOL_INT, &opts.seed, "of the search's chance (1)" },
    { "--threads", "N", TOOL_INT, &opts.threads, "that search side by side (1)" },
    { "--steps", "N", TOOL_INT, &opts.steps,
      "most rounds a thread; alone: the same plan anywhere" },
    { "-o", "OUT.jsonl", TOOL_TEXT, &opts.out, "where the plans go (default: stdout)" },
    { "--svg", "OUT.svg", TOOL_TEXT, &opts.svg, "a picture of the last plan" },
    { "--quiet", NULL, TOOL_SWITCH, &opts.is_quiet, "no progress on stderr" },
    { 0 },
};

static void tell(const RouteFile *file, const RoutePlan *plan)
{
    if (opts.is_quiet)
        return;
    double cost = plan->cost / file->scale;
    fprintf(stderr, STR_FMT ": %.2f, %d tours, %d left out", STR_ARG(file->name), cost,
            plan->tour_count, plan->miss_count);
    if (file->best_known > 0)
        fprintf(stderr, ", %+.2f %% to the best known", 100 * (cost / file->best_known - 1));
    fprintf(stderr, ", %lld rounds\n", (long long)plan->rounds);
}

static Status solve(Ctx *ctx, const Json *json, Buf *out)
{
    RouteFile file;
    RoutePlan plan;
    Budget budget;
    TRY(route_file_read(ctx, json, &file));
    tool_budget(&budget, opts.seconds, (int)opts.threads, (uint64_t)opts.seed);
    budget.steps = opts.steps;
    TRY(route_solve(ctx, &file.problem, &budget, &plan));
    TRY(route_check(ctx, &file.problem, &plan));
    tell(&file, &plan);
    route_file_write(out, &file, &plan);
    if (!opts.svg)
        return OK;
    Buf picture = { .arena = ctx->arena };
    route_file_draw(&picture, &file, &plan);
    return tool_write(ctx, opts.svg, buf_str(&picture));
}

static Status run(Ctx *ctx)
{
    Str text;
    JsonList list;
    if (opts.threads < 1 || opts.threads > ROUTE_CREW_MOST || opts.seconds <= 0 || opts.steps < 0)
        return FAIL(ctx, E_INVALID, "tool.option",
                    "--seconds above 0 and --threads from 1 to %d are wanted", ROUTE_CREW_MOST);
    TRY(tool_read(ctx, opts.in, &text));
    TRY(lines_read(ctx, text, &list));
    Buf out = { .arena = ctx->arena };
    Arena own = { 0 };  // of one problem, then of the next
    Ctx each = { .arena = &own, .random = ctx->random };
    Status status = OK;
    EACH (json, list) {
        status = solve(&each, *json, &out);
        if (status != OK)
            break;
        arena_clear(&own);
    }
    if (status != OK)
        status = FAIL(ctx, status, each.failure.code, STR_FMT, STR_ARG(each.failure.message));
    arena_release(&own);
    return status == OK ? tool_write(ctx, opts.out, buf_str(&out)) : status;
}

int main(int argc, char **argv)
{
    return tool_main(
        &(ToolSpec){ "entrepot-route", "plans rounds of vehicles", options, ROUTE_FORMATS, run },
        argc, argv);
}
