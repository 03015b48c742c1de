// mrp.c - entrepot-mrp: a material plan from a file.
#include "algo/mrp/file.h"
#include "tool/tool.h"

enum { PEGS_MOST = 20000000 };

static struct {
    const char *in, *out, *pegs;
    int64_t threads;
    bool is_timed;
} opts = { .pegs = "full", .threads = 2 };

static const ToolOption options[] = {
    { NULL, "IN.json", TOOL_TEXT, &opts.in, "items, lines, demands, receipts" },
    { "-o", "OUT.json", TOOL_TEXT, &opts.out, "where the plan goes (default: stdout)" },
    { "--pegs", "WHICH", TOOL_TEXT, &opts.pegs,
      "none, level (whom an order serves directly), full (and in the end; the default)" },
    { "--threads", "N", TOOL_INT, &opts.threads, "who plan side by side (2)" },
    { "--times", NULL, TOOL_SWITCH, &opts.is_timed, "say on stderr what took how long" },
    { 0 },
};

// clang-format off
static const char formats[] =
    "IN.json. Quantities are exact: numbers or texts like \"2.5\" with at most 6 decimals. What is\n"
    "absent is 0, empty, or as said in brackets; a name that is not known here is refused.\n"
    "\n"
    "  { \"start\": \"2026-01-05\", \"days\": 365,                       the plan's first day, length [365]\n"
    "    \"calendars\": [{ \"id\": \"plant\", \"weekdays\": [1,2,3,4,5],    1 is Monday [1 to 5]\n"
    "        \"closed\": [\"2026-01-26\"], \"open\": [\"2026-01-31\"] }],   single days that differ\n"
    "    \"items\": [{ \"id\": \"bike\", \"kind\": \"make\",                [make], buy, phantom\n"
    "        \"on_hand\": 5, \"safety_stock\": 2, \"scrap\": 0.05,          share of an order that is lost\n"
    "        \"calendar\": \"plant\", \"lead_days\": 3,                     working days; [every day works]\n"
    "        \"lot\": { \"rule\": \"each\",                               [each], fixed, period, economic\n"
    "            \"quantity\": 100,                                     fixed: every order's\n"
    "            \"min\": 10, \"max\": 500, \"multiple\": 5,              of the others\n"
    "            \"days\": 7,                                           period: an order covers so many\n"
    "            \"order_cost\": 50, \"holding_cost\": 0.01 },            economic: an order's, a unit's a day\n"
    "        \"frozen_days\": 5, \"slushy_days\": 15,                     nothing new; new wants approval\n"
    "        \"expedite_days\": 10,                                     receipts come so much earlier [any]\n"
    "        \"tolerance_days\": 1 }],                                  moves that are not worth a message\n"
    "    \"lines\": [{ \"parent\": \"bike\", \"component\": \"wheel\",\n"
    "        \"quantity\": 2, \"per\": 1, \"scrap\": 0.02,                  [1 per 1]; share spoilt on the way\n"
    "        \"from\": \"2026-01-01\", \"to\": \"2026-06-30\",              of the order's start, both included\n"
    "        \"offset_days\": 1,                                        wanted so long after the start\n"
    "        \"alternates\": [{ \"component\": \"wheel-b\" }],              with quantity, per, scrap, from, to,\n"
    "                                                                 priority [their order]\n"
    "        \"use\": \"priority\" }],                                    [the first valid one]; stock: what\n"
    "                                                                 lies there first, in their order\n"
    "    \"demands\": [{ \"id\": \"SO-1\", \"item\": \"bike\", \"date\": \"2026-02-02\", \"quantity\": 10 }],\n"
    "    \"receipts\": [{ \"id\": \"PO-1\", \"item\": \"wheel\", \"date\": \"2026-01-12\", \"quantity\": 40,\n"
    "        \"state\": \"released\" }] }                                [released]; firm: not started, fixed\n"
    "\n"
    "OUT.json: { \"start\", \"days\", \"is_whole\", \"orders\": [{ \"id\", \"item\", \"kind\", \"quantity\", \"received\" (if\n"
    "  there is scrap), \"start\", \"due\", \"need\", \"pegs\": [{ \"demand\" | \"order\" and \"item\" | \"safety_stock\" |\n"
    "  \"owed\", \"quantity\" }], \"serves\": the same through all levels, or \"surplus\" }],\n"
    "  \"receipts\": [{ \"id\", \"item\", \"quantity\", \"due\", \"need\" (null: nobody), \"pegs\", \"serves\" }],\n"
    "  \"messages\": [{ \"advice\", \"item\", \"receipt\" | \"order\", \"from\", \"to\", \"text\" }], \"totals\" }\n"
    "  advice: reschedule_in, reschedule_out, cancel, overdue, start_late, fenced, approve, split\n"
    "Items that are made of themselves end the run with a sentence that names the whole circle.\n";
// clang-format on

static Status pegging_of(Ctx *ctx, MrpPegging *ret)
{
    static const char *const words[] = { "none", "level", "full" };
    for (int i = 0; i < (int)COUNT(words); i++)
        if (str_is(str_from(opts.pegs), words[i])) {
            *ret = (MrpPegging)i;
            return OK;
        }
    return FAIL(ctx, E_INVALID, "tool.option", "--pegs wants none, level or full, not \"%s\"",
                opts.pegs);
}

static void say(const char *what, double *from)
{
    double now = tool_now();
    if (opts.is_timed)
        fprintf(stderr, "%-6s %.3f s\n", what, now - *from);
    *from = now;
}

static Status run(Ctx *ctx)
{
    MrpPegging pegging = MRP_PEGS_FULL;
    TRY(pegging_of(ctx, &pegging));
    double from = tool_now();
    Str text;
    MrpInput input;
    TRY(tool_read(ctx, opts.in, &text));
    TRY(mrp_read(ctx, text, &input));
    say("read", &from);
    Budget budget;
    tool_budget(&budget, 0, (int)(opts.threads > 64 ? 64 : opts.threads), 1);
    MrpPlan *plan;
    TRY(mrp_plan(ctx, &input, &budget, &plan));
    say("plan", &from);
    Buf out = { .arena = ctx->arena };
    TRY(mrp_write(ctx, plan, pegging, PEGS_MOST, &out));
    buf_char(&out, '\n');
    TRY(tool_write(ctx, opts.out, buf_str(&out)));
    say("write", &from);
    return OK;
}

static const ToolSpec spec = { "entrepot-mrp", "what to make and buy, when, and for whom", options,
                               formats, run };

int main(int argc, char **argv)
{
    return tool_main(&spec, argc, argv);
}
