// nest.c - entrepot-nest: makes markers, and checks them.
#include "tool/nest_file.h"
#include "tool/nest_hides.h"
#include "tool/tool.h"

#include <math.h>

static struct {
    const char *in, *out, *svg, *check;
    double seconds;
    int64_t steps, threads, seed;
    bool is_quiet;
} opts = { .seconds = 60, .threads = 1, .seed = 1 };

// clang-format off
static const ToolOption options[] = {
    { NULL, "IN.json", TOOL_TEXT, &opts.in, "the job: strip and pieces" },
    { "-o", "OUT.json", TOOL_TEXT, &opts.out, "where the layout goes (stdout)" },
    { "--seconds", "N", TOOL_NUMBER, &opts.seconds, "how long to search (60)" },
    { "--steps", "N", TOOL_INT, &opts.steps, "rounds, not seconds: the same answer everywhere" },
    { "--threads", "N", TOOL_INT, &opts.threads, "how many search at the same time (1)" },
    { "--seed", "N", TOOL_INT, &opts.seed, "of the search's chance (1)" },
    { "--svg", "OUT.svg", TOOL_TEXT, &opts.svg, "a picture, rewritten with every better layout" },
    { "--check", "LAYOUT.json", TOOL_TEXT, &opts.check, "check this layout, make none" },
    { "--quiet", NULL, TOOL_SWITCH, &opts.is_quiet, "no progress on stderr" },
    { 0 },
};
// clang-format on

static const char formats[] =
    "A job (keys not named here are passed over):\n"
    "  {\"strip_height\": 79,            width of the fabric; the length is what is saved\n"
    "   \"gap\": 2,                      least distance between pieces (0)\n"
    "   \"section\": 3000,               longest marker: no piece crosses a multiple of it\n"
    "   \"repeat_x\": 40, \"repeat_y\": 25,  of stripes and plaids\n"
    "   \"pieces\": [{\n"
    "     \"id\": 0, \"demand\": 8,\n"
    "     \"polygon\": [[0,0],[12,-1],[59,13]],\n"
    "     \"allowed_rotations\": [0,180],  degrees, or \"any\" ([0])\n"
    "     \"flip\": \"pairs\",             each second copy mirrored; or \"any\", \"no\"\n"
    "     \"band\": [0,40],              heights between which it must lie\n"
    "     \"match\": [3,5]}],            its point that must lie on the repeat\n"
    "   \"placements\": [{\"id\": 0, \"rotation\": 180, \"x\": 5, \"y\": 20, \"pinned\": true}]}\n"
    "A layout has one placement for each demanded copy. A piece is mirrored (x to -x) if it is\n"
    "\"flipped\", turned about its own origin counter-clockwise, then moved:\n"
    "  {\"strip_length\": 240.1, \"density\": 0.91, \"placements\":\n"
    "   [{\"id\": 0, \"rotation\": 180, \"x\": 59, \"y\": 13}]}\n"
    "Of the placements in a job those that are pinned stay; a layout can be put into its job as\n"
    "it is.\n"
    "Leather: hides instead of a strip. A piece may lie on zones whose quality is at least its\n"
    "min_quality; one without (null) lies on no zone.\n"
    "  {\"hides\": [{\"id\": 0, \"stock\": 1, \"outer\": [[0,0],...], \"holes\": [[[1,1],...]],\n"
    "      \"zones\": [{\"quality\": 1, \"polygon\": [[2,2],...]}]}],\n"
    "   \"pieces\": [{\"id\": 0, \"demand\": 2, \"min_quality\": null,\n"
    "      \"polygon\": [[0,0],...]}]}\n"
    "  answers {\"hides\": [0], \"missing\": 0, \"yield\": 0.71, \"placements\":\n"
    "   [{\"use\": 0, \"id\": 0, \"rotation\": 31.5, \"x\": 10, \"y\": 20}]};\n"
    "  use counts the hides.\n";

static const double CHECK_TOLERANCE = 1e-5;  // of the strip's height

typedef struct {
    Ctx *ctx;
    const NestFile *file;
    double started;
    Status status;
} Progress;

static void show_better(void *of, const void *answer)
{
    Progress *progress = of;
    const NestLayout *layout = answer;
    if (!opts.is_quiet)
        fprintf(stderr, "%7.2f s  length %.6g  density %.3f %%\n", tool_now() - progress->started,
                layout->length, 100 * layout->density);
    if (!opts.svg || progress->status != OK)
        return;
    Arena arena = { 0 };
    progress->status =
        tool_write(progress->ctx, opts.svg, nest_layout_svg(&arena, progress->file, layout));
    arena_release(&arena);
}

static Status check(Ctx *ctx, const NestFile *file)
{
    Str text;
    NestLayout layout;
    TRY(tool_read(ctx, opts.check, &text));
    TRY(nest_layout_read(ctx, file, text, &layout));
    TRY(nest_check(ctx, &file->job, &layout, CHECK_TOLERANCE * file->job.width));
    printf("ok: %d pieces, length %.6g, density %.3f %%\n", layout.count, layout.length,
           100 * layout.density);
    return OK;
}

// ---- Leather ------------------------------------------------------------------------------------

static void show_hide(void *of, const void *answer)
{
    const HideLayout *layout = answer;
    if (!opts.is_quiet)
        fprintf(stderr, "hide %d: %d pieces in all, %d left, yield %.2f %%\n", layout->use_count,
                layout->count, layout->missing, 100 * layout->used / layout->leather);
}

static Status run_hides(Ctx *ctx, Str text, Budget *budget)
{
    HidesFile file;
    HideLayout layout;
    TRY(hides_file_read(ctx, text, &file));
    budget->better = show_hide;
    TRY(hide_solve(ctx, &file.job, budget, &layout));
    double size = sqrt(layout.leather / (layout.use_count ? layout.use_count : 1));
    TRY(hide_check(ctx, &file.job, &layout, CHECK_TOLERANCE * size));
    if (opts.svg)
        TRY(tool_write(ctx, opts.svg, hides_layout_svg(ctx->arena, &file, &layout)));
    return tool_write(ctx, opts.out, hides_layout_write(ctx->arena, &file, &layout));
}

// ---- All of it ----------------------------------------------------------------------------------

static Status run_marker(Ctx *ctx, Str text, Budget *budget)
{
    NestFile file;
    NestLayout layout;
    Progress progress = { ctx, &file, tool_now(), OK };
    TRY(nest_file_read(ctx, text, &file));
    if (opts.check)
        return check(ctx, &file);
    budget->better = show_better;
    budget->of = &progress;
    TRY(nest_solve(ctx, &file.job, budget, &layout));
    TRY(progress.status);
    return tool_write(ctx, opts.out, nest_layout_write(ctx->arena, &file, &layout));
}

static Status run(Ctx *ctx)
{
    Str text;
    Budget budget;
    tool_budget(&budget, opts.steps ? 0 : opts.seconds, (int)opts.threads, (uint64_t)opts.seed);
    budget.steps = opts.steps;
    TRY(tool_read(ctx, opts.in, &text));
    return hides_file_is(ctx, text) ? run_hides(ctx, text, &budget)
                                    : run_marker(ctx, text, &budget);
}

int main(int argc, char **argv)
{
    static const ToolSpec spec = { "entrepot-nest", "makes markers as short as possible", options,
                                   formats, run };
    return tool_main(&spec, argc, argv);
}
