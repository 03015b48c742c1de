// lay.c - entrepot-lay: plans markers and lays for an order.
#include "tool/lay_file.h"
#include "tool/tool.h"

static struct {
    const char *in, *out;
    double seconds;
    int64_t steps, seed;
} opts = { .seconds = 2, .seed = 1 };

// clang-format off
static const ToolOption options[] = {
    { NULL, "IN.json", TOOL_TEXT, &opts.in, "the order, the table and the rolls" },
    { "-o", "OUT.json", TOOL_TEXT, &opts.out, "where the plan goes (stdout)" },
    { "--seconds", "N", TOOL_NUMBER, &opts.seconds, "how long to search (2)" },
    { "--steps", "N", TOOL_INT, &opts.steps, "plans instead of seconds: the same answer everywhere" },
    { "--seed", "N", TOOL_INT, &opts.seed, "of the search's chance (1)" },
    { 0 },
};
// clang-format on

static const char formats[] =
    "An order; lengths in one unit, areas in its square:\n"
    "  {\"table_length\": 12, \"plies_most\": 60, \"garments_most\": 6,\n"
    "   \"density\": 0.85,               of a marker, as entrepot-nest reaches it\n"
    "   \"end_loss\": 0.04,              of a ply, both ends\n"
    "   \"lay_cost\": 5,                 what one more lay may cost, in fabric length\n"
    "   \"surplus\": 0,                  garments too many of a size and colour\n"
    "   \"sizes\": [{\"name\": \"M\", \"area\": 1.31}],\n"
    "   \"order\": [{\"size\": \"M\", \"colour\": \"red\", \"quantity\": 40}],\n"
    "   \"rolls\": [{\"id\": \"R1\", \"colour\": \"red\", \"length\": 80, \"width\": 1.5,\n"
    "      \"shade\": \"A\"}]}\n"
    "A plan: lays with their marker (garments by size), plies by colour and their rolls;\n"
    "what the rolls do not allow is missing:\n"
    "  {\"fabric\": 61.2, \"remnants\": 3.4, \"lays\": [{\"width\": 1.5, \"length\": 6.1,\n"
    "     \"garments\": [{\"name\": \"M\", \"count\": 2}],\n"
    "     \"plies\": [{\"name\": \"red\", \"count\": 10}],\n"
    "     \"rolls\": [{\"id\": \"R1\", \"shade\": \"A\", \"plies\": 10}]}],\n"
    "   \"missing\": [{\"size\": \"M\", \"colour\": \"red\", \"quantity\": 1}]}\n";

static Status run(Ctx *ctx)
{
    Str text;
    LayFile file;
    LayPlan plan;
    Budget budget;
    tool_budget(&budget, opts.steps ? 0 : opts.seconds, 1, (uint64_t)opts.seed);
    budget.steps = opts.steps;
    TRY(tool_read(ctx, opts.in, &text));
    TRY(lay_file_read(ctx, text, &file));
    TRY(lay_plan(ctx, &file.job, &budget, &plan));
    TRY(lay_check(ctx, &file.job, &plan));
    return tool_write(ctx, opts.out, lay_plan_write(ctx->arena, &file, &plan));
}

int main(int argc, char **argv)
{
    static const ToolSpec spec = { "entrepot-lay", "plans markers and lays for an order", options,
                                   formats, run };
    return tool_main(&spec, argc, argv);
}
