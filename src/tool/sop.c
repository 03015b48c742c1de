// sop.c - entrepot-sop: supply plans of several scenarios from a file, side by side.
#include "algo/sop/cbc.h"
#include "algo/sop/file.h"
#include "tool/tool.h"

static struct {
    const char *in, *out;
    double seconds;
} opts = { .seconds = 60 };

static const ToolOption options[] = {
    { NULL, "IN.json", TOOL_TEXT, &opts.in, "periods, plants, items, what they can and want" },
    { "-o", "OUT.json", TOOL_TEXT, &opts.out, "where the plans go; without: the table only" },
    { "--seconds", "N", TOOL_NUMBER, &opts.seconds, "the most that all scenarios may take (60)" },
    { 0 },
};

// clang-format off
static const char formats[] =
    "IN.json. A figure \"by period\" is one number for all periods or a list with one for each.\n"
    "What is absent is 0 or as said in brackets; a name that is not known here is refused.\n"
    "\n"
    "  { \"periods\": [\"2026-01\", \"2026-02\"], \"plants\": [\"Dhaka\", \"Delhi\"], \"items\": [\"boot\", \"sole\"],\n"
    "    \"resources\": [{ \"id\": \"stitching\", \"plant\": \"Dhaka\", \"hours\": [160, 150],     by period\n"
    "        \"overtime\": 20, \"overtime_cost\": 9 }],                                the most, by period\n"
    "    \"makes\": [{ \"item\": \"boot\", \"plant\": \"Dhaka\", \"cost\": 12, \"max\": 500,       by period [any]\n"
    "        \"uses\": [{ \"resource\": \"stitching\", \"hours\": 0.5 }],                  of a unit\n"
    "        \"takes\": [{ \"item\": \"sole\", \"quantity\": 2 }] },                        of a unit\n"
    "      { \"item\": \"sole\", \"plant\": \"Dhaka\", \"cost\": 3 }],                         bought\n"
    "    \"stores\": [{ \"item\": \"boot\", \"plant\": \"Delhi\", \"on_hand\": 40, \"holding_cost\": 0.5,\n"
    "        \"safety_stock\": 10, \"max_stock\": 300,                                [any]\n"
    "        \"backlog_cost\": 4 }],                            of a unit a period late [must be on time]\n"
    "    \"lanes\": [{ \"item\": \"boot\", \"from\": \"Dhaka\", \"to\": \"Delhi\", \"cost\": 1,\n"
    "        \"max\": 200, \"lead_periods\": 1 }],                                     by period [any]\n"
    "    \"demands\": [{ \"item\": \"boot\", \"plant\": \"Delhi\", \"period\": \"2026-02\", \"quantity\": 120 }],\n"
    "    \"scenarios\": [{ \"name\": \"base\" }, { \"name\": \"strike\", \"changes\": [           [one, no changes]\n"
    "        { \"what\": \"hours\", \"resource\": \"stitching\", \"from\": \"2026-02\", \"to\": \"2026-02\",\n"
    "          \"factor\": 0.5 } ] }] }                                     or \"set\": a number instead\n"
    "  what: demand, hours, overtime, make_max, lane_max, make_cost, overtime_cost, lane_cost,\n"
    "  holding_cost, backlog_cost; of an item, plant, resource [all]; from, to [all periods], not of costs\n"
    "\n"
    "OUT.json: { \"periods\", \"scenarios\": [{ \"name\", \"is_possible\", \"total cost\" and other figures,\n"
    "  \"made\": [{ \"item\", \"plant\", \"quantities\" }], \"sent\": [{ \"item\", \"from\", \"to\", \"quantities\" }],\n"
    "  \"sites\": [{ \"item\", \"plant\", \"demand\", \"made\", \"arrived\", \"taken\", \"sent\", \"stock\", \"backlog\" }],\n"
    "  \"resources\": [{ \"id\", \"plant\", \"used\", \"overtime\", \"hour_is_worth\" }] }] }, lists by period.\n"
    "  An impossible scenario has instead \"lacking\": [{ \"what\", \"period\", \"by\", \"text\" }], the least that\n"
    "  must be added, and \"undelivered\", the least that is not delivered when nothing is added.\n";
// clang-format on

static Status plan_all(Ctx *ctx, const SopInput *input, SopPlan *plans)
{
    Budget budget;
    tool_budget(&budget, opts.seconds, 1, 1);
    for (int32_t i = 0; i < input->scenario_count; i++) {
        SopInput *changed = NEW(ctx->arena, SopInput);
        *changed = sop_scenario(ctx->arena, input, &input->scenarios[i]);
        TRY(sop_plan(ctx, changed, cbc_solve, &budget, &plans[i]));
    }
    return OK;
}

static Status run(Ctx *ctx)
{
    Str text;
    SopInput input;
    TRY(tool_read(ctx, opts.in, &text));
    TRY(sop_read(ctx, text, &input));
    SopPlan *plans = NEW_ARRAY(ctx->arena, SopPlan, (size_t)input.scenario_count);
    TRY(plan_all(ctx, &input, plans));
    Buf table = { .arena = ctx->arena };
    sop_table(&input, plans, &table);
    if (!opts.out)
        return tool_write(ctx, NULL, buf_str(&table));
    Buf out = { .arena = ctx->arena };
    sop_write(ctx->arena, &input, plans, &out);
    buf_char(&out, '\n');
    TRY(tool_write(ctx, opts.out, buf_str(&out)));
    return strcmp(opts.out, "-") == 0 ? OK : tool_write(ctx, NULL, buf_str(&table));
}

static const ToolSpec spec = { "entrepot-sop",
                               "what each plant makes, keeps and sends in each period", options,
                               formats, run };

int main(int argc, char **argv)
{
    return tool_main(&spec, argc, argv);
}
