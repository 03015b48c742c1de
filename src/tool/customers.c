// customers.c - entrepot-customers: orders in, marks, segments and chances of coming back out.
#include "tool/orders.h"
#include "tool/tool.h"

static struct {
    const char *in, *out, *on, *calibration;
    int64_t ahead;
} opts = { .ahead = 45 };

static const ToolOption options[] = {
    { NULL, "ORDERS.csv", TOOL_TEXT, &opts.in, "the orders (also .gz; - is stdin)" },
    { "-o", "OUT.jsonl", TOOL_TEXT, &opts.out, "where the answers go (default: stdout)" },
    { "--on", "DATE", TOOL_TEXT, &opts.on, "the day to look from (the day after the last order)" },
    { "--ahead", "DAYS", TOOL_INT, &opts.ahead, "in which a customer is to order again (45)" },
    { "--calibration", "OUT.md", TOOL_TEXT, &opts.calibration,
      "what was told on half of the customers against what came" },
    { 0 },
};

static const char formats[] =
    "ORDERS.csv has a first row with the columns customer, date and amount; others are passed\n"
    "over. A row is an order or a line of one; a customer's rows of one day are one order.\n"
    "\n"
    "  customer,date,amount\n"
    "  17850,2010-12-01,15.30\n"
    "\n"
    "OUT has one line a customer. recency is days since the last order, frequency how many,\n"
    "money what was spent; r, f and m are the same in fifths, 5 the best; segment is\n"
    "champion, loyal, new, at risk, lost or steady; returns is the chance of an order in the\n"
    "days ahead, learnt from what the same customers did in as many days before.\n"
    "\n"
    "  {\"id\":\"17850\",\"recency\":12,\"frequency\":34,\"money\":5391.21,\n"
    "   \"r\":5,\"f\":5,\"m\":5,\"segment\":\"champion\",\"returns\":0.8112}\n";

static Status run(Ctx *ctx)
{
    Str text;
    Orders orders;
    Buf out = { .arena = ctx->arena }, calibration = { .arena = ctx->arena };
    if (opts.ahead < 1 || opts.ahead > 3660)
        return FAIL(ctx, E_INVALID, "tool.option", "--ahead must be 1 to 3660 days");
    TRY(tool_read(ctx, opts.in, &text));
    TRY(orders_read(ctx, text, &orders));
    Date on = orders.last + 1;
    if (opts.on && !date_parse(str_from(opts.on), &on))
        return FAIL(ctx, E_INVALID, "tool.option", "--on is a date like 2026-11-21");
    TRY(orders_answer(ctx, &orders, on, (int)opts.ahead, &out));
    if (opts.calibration) {
        TRY(orders_calibration(ctx, &orders, on, (int)opts.ahead, &calibration));
        TRY(tool_write(ctx, opts.calibration, buf_str(&calibration)));
    }
    return tool_write(ctx, opts.out, buf_str(&out));
}

int main(int argc, char **argv)
{
    static const ToolSpec spec = {
        .name = "entrepot-customers",
        .purpose = "says what customers are worth, and who orders again",
        .options = options,
        .formats = formats,
        .run = run,
    };
    return tool_main(&spec, argc, argv);
}
