// pack.c - entrepot-pack: bins, containers and cartons in, packings out.
//
// Each packing is checked before it is written; one that breaks a rule is an error of ours and
// never gets out.
#include "tool/lines.h"
#include "tool/pack_file.h"
#include "tool/tool.h"

static struct {
    const char *in, *out, *svg;
    double seconds;
    int64_t seed, threads, steps;
    bool is_quiet;
} opts = { .seconds = 10, .seed = 1, .threads = 1 };

static const ToolOption options[] = {
    { NULL, "IN.jsonl", TOOL_TEXT, &opts.in, "the problems; .gz is unpacked" },
    { "--seconds", "N", TOOL_NUMBER, &opts.seconds, "for each problem, at most (10)" },
    { "--seed", "N", TOOL_INT, &opts.seed, "of the search's chance (1); only bins have any" },
    { "--threads", "N", TOOL_INT, &opts.threads, "that search side by side (1)" },
    { "--steps", "N", TOOL_INT, &opts.steps, "most steps; alone: the same packing anywhere" },
    { "-o", "OUT.jsonl", TOOL_TEXT, &opts.out, "where the packings go (default: stdout)" },
    { "--svg", "OUT.svg", TOOL_TEXT, &opts.svg, "a picture of the last container or carton" },
    { "--quiet", NULL, TOOL_SWITCH, &opts.is_quiet, "no progress on stderr" },
    { 0 },
};

static Status draw(Ctx *ctx, const LoadProblem *problem, const LoadPlan *plan)
{
    if (!opts.svg)
        return OK;
    Buf picture = { .arena = ctx->arena };
    pack_draw_load(&picture, problem, plan);
    return tool_write(ctx, opts.svg, buf_str(&picture));
}

static Status pack_bins(Ctx *ctx, const PackFile *file, Budget *budget, Buf *out)
{
    BinsPlan plan;
    TRY(bins_solve(ctx, &file->bins, budget, &plan));
    TRY(bins_check(ctx, &file->bins, &plan));
    pack_write_bins(out, ctx->arena, file, &plan);
    if (!opts.is_quiet)
        fprintf(stderr, STR_FMT ": %d bins, at least %d\n", STR_ARG(file->name), plan.bins,
                plan.least);
    return OK;
}

static Status pack_container(Ctx *ctx, const PackFile *file, Budget *budget, Buf *out)
{
    LoadPlan plan;
    TRY(load_solve(ctx, &file->load, budget, &plan));
    TRY(load_check(ctx, &file->load, &plan));
    pack_write_load(out, file, &plan);
    if (!opts.is_quiet)
        fprintf(stderr, STR_FMT ": %.2f %% full, %d boxes\n", STR_ARG(file->name),
                100 * (double)plan.volume / (double)load_volume(&file->load), plan.box_count);
    return draw(ctx, &file->load, &plan);
}

static Status pack_cartons(Ctx *ctx, const PackFile *file, Budget *budget, Buf *out)
{
    CartonPlan plan;
    TRY(cartons_solve(ctx, &file->cartons, budget, &plan));
    TRY(cartons_check(ctx, &file->cartons, &plan));
    pack_write_cartons(out, file, &plan);
    if (!opts.is_quiet)
        fprintf(stderr, STR_FMT ": %d cartons, cost %.2f\n", STR_ARG(file->name), plan.load_count,
                plan.cost);
    if (!plan.load_count)
        return OK;
    const CartonLoad *last = &plan.loads[plan.load_count - 1];
    LoadProblem inside = { 0 };
    memcpy(inside.size, file->cartons.cartons[last->carton].size, sizeof inside.size);
    return draw(ctx, &inside, &last->load);
}

static Status pack(Ctx *ctx, const Json *json, Buf *out)
{
    PackFile file;
    Budget budget;
    TRY(pack_file_read(ctx, json, &file));
    tool_budget(&budget, opts.seconds, (int)opts.threads, (uint64_t)opts.seed);
    budget.steps = opts.steps;
    switch (file.kind) {
    case PACK_BINS: return pack_bins(ctx, &file, &budget, out);
    case PACK_CONTAINER: return pack_container(ctx, &file, &budget, out);
    case PACK_CARTONS: return pack_cartons(ctx, &file, &budget, out);
    }
    return OK;
}

static Status run(Ctx *ctx)
{
    Str text;
    JsonList list;
    if (opts.threads < 1 || opts.threads > BINS_CREW_MOST || opts.seconds <= 0 || opts.steps < 0)
        return FAIL(ctx, E_INVALID, "tool.option",
                    "--seconds above 0 and --threads from 1 to %d are wanted", BINS_CREW_MOST);
    TRY(tool_read(ctx, opts.in, &text));
    TRY(lines_read(ctx, text, &list));
    Buf out = { .arena = ctx->arena };
    Arena own = { 0 };  // of one problem, then of the next
    Ctx each = { .arena = &own, .random = ctx->random };
    Status status = OK;
    EACH (json, list) {
        status = pack(&each, *json, &out);
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
    return tool_main(&(ToolSpec){ "entrepot-pack", "packs bins, containers and cartons", options,
                                  PACK_FORMATS, run },
                     argc, argv);
}
