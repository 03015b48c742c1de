// sell.c - what sellers, packers and customers do: orders from the draft to the last return.
#include "sim/sim.h"

#include "base/buf.h"
#include "kernel/entity/access.h"
#include "modules/billing/billing.h"

static const char *const currencies[SIM_CHANNELS] = { "GBP", "GBP", "GBP", "EUR" };

// ---- Ordering -----------------------------------------------------------------------------------

static void put_line(const Sim *sim, Ctx *ctx, Random *chance, Buf *json)
{
    int64_t variant = sim_roll(chance, SIM_VARIANTS);
    int64_t quantity = sim_one_in(chance, 15) ? 10 + sim_roll(chance, 60) : 1 + sim_roll(chance, 6);
    buf_printf(json, "{\"variant\":\"%s\",\"quantity\":\"%lld\"",
               sim_id(ctx, sim->world.variants[variant]), (long long)quantity);
    if (variant == SIM_VARIANTS - 2 && sim_one_in(chance, 2))
        buf_printf(json, ",\"unit\":\"%s\"", sim_id(ctx, sim->world.box));
    bool is_fixed = sim_one_in(chance, 4);
    int64_t cents = is_fixed ? sim_roll(chance, 5000) : 0;
    buf_printf(json, ",\"price\":\"%lld.%02lld\",\"is_price_fixed\":%s", (long long)cents / 100,
               (long long)cents % 100, is_fixed ? "true" : "false");
    if (sim_one_in(chance, 6))
        buf_printf(json, ",\"discount\":\"0.%02lld\"", (long long)sim_roll(chance, 60));
    buf_c(json, "}");
}

static void put_lines(const Sim *sim, Ctx *ctx, Random *chance, Buf *json)
{
    int64_t lines = 1 + sim_roll(chance, 4);
    buf_c(json, "\"lines\":[");
    for (int64_t i = 0; i < lines; i++) {
        buf_c(json, i ? "," : "");
        put_line(sim, ctx, chance, json);
    }
    buf_c(json, "]");
    if (sim_one_in(chance, 3))
        buf_printf(json,
                   ",\"charges\":[{\"kind\":\"freight\",\"name\":\"Delivery\","
                   "\"amount\":\"%lld.95\"}]",
                   (long long)sim_roll(chance, 9));
    else if (sim_one_in(chance, 8))
        buf_c(json, ",\"charges\":[{\"kind\":\"discount\",\"name\":\"Thanks\",\"amount\":"
                    "\"-1.37\"}]");
}

static Status order_comes(Sim *sim, Ctx *ctx, Random *chance)
{
    Buf json = { .arena = ctx->arena };
    int64_t channel = sim_roll(chance, SIM_CHANNELS), customer = sim_roll(chance, SIM_CUSTOMERS);
    Date on = sim_one_in(chance, 12) ? sim_day(ctx, chance) : tenant_today(ctx);
    Id order;
    buf_printf(&json, "{\"channel\":\"%s\",\"customer\":\"%s\",\"currency\":\"%s\",",
               sim_id(ctx, sim->world.channels[channel]),
               sim_id(ctx, sim->world.customers[customer]), currencies[channel]);
    buf_printf(&json, "\"order_date\":\"%s\",", sim_date(ctx, on));
    put_lines(sim, ctx, chance, &json);
    buf_c(&json, "}");
    TRY(sim_create(ctx, &sales_order_entity, buf_str(&json), &order));
    sim_made(sim, SIM_ORDERS, order);
    return sim_one_in(chance, 4) ? OK : sim_act(ctx, &sales_order_entity, order, "place", S(""));
}

// Mostly one of those that stand there, else any.
static Status order_at(const Sim *sim, Ctx *ctx, Random *chance, const char *headline, Id *ret)
{
    *ret = sim_recent(sim, SIM_ORDERS, chance);
    if (sim_one_in(chance, 6))
        return OK;
    Query query =
        SQL("SELECT id FROM sales_order WHERE headline = $1 ORDER BY id DESC LIMIT 12", headline);
    return sim_choose(ctx, chance, query, ret);
}

static Status order_edited(Sim *sim, Ctx *ctx, Random *chance)
{
    Buf json = { .arena = ctx->arena };
    const Json *input;
    Id order;
    TRY(order_at(sim, ctx, chance, "draft", &order));
    if (!order)
        return OK;
    buf_c(&json, "{");
    put_lines(sim, ctx, chance, &json);
    buf_c(&json, "}");
    TRY(json_parse(ctx, buf_str(&json), &input));
    return access_update(ctx, &sales_order_entity, order, 0, input, 0);
}

static Status act_on_order(const Sim *sim, Ctx *ctx, Random *chance, const char *headline,
                           const char *action, Str json)
{
    Id order;
    TRY(order_at(sim, ctx, chance, headline, &order));
    return order ? sim_act(ctx, &sales_order_entity, order, action, json) : OK;
}

static Status order_goes_on(Sim *sim, Ctx *ctx, Random *chance)
{
    static const struct {
        const char *at, *action;
    } steps[] = { { "draft", "place" },
                  { "draft", "quote" },
                  { "quoted", "place" },
                  { "pending_payment", "confirm" },
                  { "pending_payment", "unhold" },
                  { "paid", "unhold" },
                  { "delivered", "close" },
                  { "shipped", "invoice" } };
    size_t at = (size_t)sim_roll(chance, COUNT(steps));
    return act_on_order(sim, ctx, chance, steps[at].at, steps[at].action, S(""));
}

static Status order_planned(Sim *sim, Ctx *ctx, Random *chance)
{
    return act_on_order(sim, ctx, chance, sim_one_in(chance, 6) ? "part_shipped" : "paid", "plan",
                        S(""));
}

static Status order_held(Sim *sim, Ctx *ctx, Random *chance)
{
    return act_on_order(sim, ctx, chance, "pending_payment", "hold",
                        S("{\"words\":\"asks for it\"}"));
}

static Status order_called_off(Sim *sim, Ctx *ctx, Random *chance)
{
    static const char *const stands[] = { "draft", "pending_payment", "paid", "ready_to_ship" };
    const char *at = stands[sim_roll(chance, COUNT(stands))];
    if (sim_one_in(chance, 3))
        return act_on_order(sim, ctx, chance, "part_shipped", "cancel_rest",
                            S("{\"reason\":\"no_stock\"}"));
    return act_on_order(sim, ctx, chance, at, "cancel", S("{\"reason\":\"customer\"}"));
}

static Status order_amended(Sim *sim, Ctx *ctx, Random *chance)
{
    int64_t first = 1 + sim_roll(chance, SIM_VARIANTS), second = 1 + sim_roll(chance, SIM_VARIANTS);
    int64_t fewer = sim_roll(chance, 4), more = sim_roll(chance, 9);
    return act_on_order(
        sim, ctx, chance, sim_one_in(chance, 2) ? "paid" : "pending_payment", "amend",
        str_format(ctx->arena,
                   "{\"lines\":[{\"sku\":\"P-%lld\",\"quantity\":\"%lld\"},"
                   "{\"sku\":\"P-%lld\",\"quantity\":\"%lld\"}]}",
                   (long long)first, (long long)fewer, (long long)second, (long long)more));
}

// ---- Deliveries ---------------------------------------------------------------------------------

static const char *next_of_delivery(Str state, Random *chance)
{
    static const char *const any[] = { "pick", "pack", "ship", "deliver", "cancel" };
    if (sim_one_in(chance, 12))
        return any[sim_roll(chance, COUNT(any))];
    if (str_is(state, "planned"))
        return sim_one_in(chance, 4) ? "ship" : "pick";
    if (str_is(state, "picking"))
        return sim_one_in(chance, 3) ? "ship" : "pack";
    return str_is(state, "packed") ? "ship" : "deliver";
}

static Status delivery_goes_on(Sim *sim, Ctx *ctx, Random *chance)
{
    Query waiting = SQL("SELECT id FROM delivery WHERE state IN ('planned', 'picking', 'packed')"
                        " ORDER BY id DESC LIMIT 12");
    Query on_way = SQL("SELECT id FROM delivery WHERE state = 'shipped' ORDER BY id DESC LIMIT 12");
    Query any = SQL("SELECT id FROM delivery ORDER BY id DESC LIMIT 50");
    int64_t which = sim_roll(chance, 12);
    Delivery delivery;
    Id id;
    (void)sim;
    TRY(sim_choose(ctx, chance, which < 8 ? waiting : which < 11 ? on_way : any, &id));
    if (!id)
        return OK;
    TRY(delivery_load(ctx, id, &delivery));
    const char *action =
        next_of_delivery(str_from(goods_state_enum.values[delivery.state].name), chance);
    bool dated = strcmp(action, "ship") == 0 || strcmp(action, "deliver") == 0;
    Str json = S("");
    if (dated && sim_one_in(chance, 3))
        json = str_format(ctx->arena, "{\"on\":\"%s\"}", sim_date(ctx, sim_day(ctx, chance)));
    return sim_act(ctx, &delivery_entity, id, action, json);
}

// ---- Invoices -----------------------------------------------------------------------------------

static Status invoice_credit_all(Sim *sim, Ctx *ctx, Random *chance)
{
    Id invoice;
    (void)sim;
    TRY(sim_choose(ctx, chance,
                   SQL("SELECT id FROM invoice WHERE kind = 'invoice' ORDER BY id DESC LIMIT 30"),
                   &invoice));
    if (!invoice)
        return OK;
    const char *charges = sim_one_in(chance, 2) ? "true" : "false";
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    return sim_act(ctx, &invoice_entity, invoice, "credit",
                   str_format(ctx->arena,
                              "{\"reason\":\"goodwill\",\"on\":\"%s\",\"with_charges\":%s}", on,
                              charges));
}

// For something that was never an order.
static Status invoice_free(Sim *sim, Ctx *ctx, Random *chance)
{
    int64_t customer = sim_roll(chance, SIM_CUSTOMERS), cents = 1 + sim_roll(chance, 90000);
    int64_t quantity = 1 + sim_roll(chance, 5);
    const char *currency = sim_one_in(chance, 3) ? "EUR" : "GBP";
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    Id invoice;
    Str json = str_format(ctx->arena,
                          "{\"customer\":\"%s\",\"currency\":\"%s\",\"invoice_date\":\"%s\","
                          "\"lines\":[{\"name\":\"Advice\",\"quantity\":\"%lld.25\","
                          "\"price\":\"%lld.%02lld\"}]}",
                          sim_id(ctx, sim->world.customers[customer]), currency, on,
                          (long long)quantity, (long long)cents / 100, (long long)cents % 100);
    TRY(sim_create(ctx, &invoice_entity, json, &invoice));
    return sim_one_in(chance, 10) ? OK : sim_act(ctx, &invoice_entity, invoice, "post", S(""));
}

// ---- Returns ------------------------------------------------------------------------------------

static const char *disposition(Random *chance)
{
    static const char *const all[] = { "restock",  "restock", "scrap",
                                       "supplier", "keep",    "undecided" };
    return all[sim_roll(chance, COUNT(all))];
}

static Status put_returned(Ctx *ctx, Id order, Random *chance, Buf *json, int *ret_count)
{
    Id line, variant;
    Qty shipped;
    int count = 0;
    Rows *rows = db_query(ctx, SQL("SELECT id, variant_id, shipped FROM sales_line"
                                   " WHERE sales_order_id = $1 AND shipped > 0 ORDER BY id",
                                   order));
    while (rows_next(rows, &line, &variant, &shipped)) {
        int64_t quantity = 1 + sim_roll(chance, 1 + shipped.micro / MICRO);
        if (sim_one_in(chance, 3))
            continue;
        buf_printf(json,
                   "%s{\"order_line\":\"%s\",\"variant\":\"%s\",\"quantity\":\"%lld\","
                   "\"reason\":\"unwanted\",\"disposition\":\"%s\"}",
                   count++ ? "," : "", sim_id(ctx, line), sim_id(ctx, variant), (long long)quantity,
                   disposition(chance));
    }
    *ret_count = count;
    return rows_end(rows);
}

static Status return_asked(Sim *sim, Ctx *ctx, Random *chance)
{
    Id order, rma;
    Buf json = { .arena = ctx->arena };
    bool arrived = sim_one_in(chance, 2);
    TRY(order_at(sim, ctx, chance, arrived ? "delivered" : "shipped", &order));
    int64_t warehouse = sim_roll(chance, SIM_WAREHOUSES);
    SalesOrder sold;
    int lines;
    if (!order)
        return OK;
    TRY(sales_order_load(ctx, order, &sold));
    buf_printf(&json,
               "{\"sales_order\":\"%s\",\"customer\":\"%s\",\"currency\":\"" STR_FMT
               "\",\"warehouse\":\"%s\",\"lines\":[",
               sim_id(ctx, order), sim_id(ctx, sold.customer),
               STR_ARG(currency_text(&sold.currency)),
               sim_id(ctx, sim->world.warehouses[warehouse]));
    TRY(put_returned(ctx, order, chance, &json, &lines));
    buf_c(&json, "]}");
    if (lines == 0)
        return OK;
    TRY(sim_create(ctx, &rma_entity, buf_str(&json), &rma));
    sim_made(sim, SIM_RETURNS, rma);
    return OK;
}

static Status decide(Ctx *ctx, const Rma *rma, Random *chance)
{
    Buf json = { .arena = ctx->arena };
    const Json *input;
    buf_c(&json, "{\"lines\":[");
    for (size_t i = 0; i < rma->lines.len; i++)
        buf_printf(&json, "%s{\"id\":\"%s\",\"disposition\":\"%s\"}", i ? "," : "",
                   sim_id(ctx, rma->lines.items[i].record.id), disposition(chance));
    buf_c(&json, "]}");
    TRY(json_parse(ctx, buf_str(&json), &input));
    return access_update(ctx, &rma_entity, rma->record.id, 0, input, 0);
}

static Status return_goes_on(Sim *sim, Ctx *ctx, Random *chance)
{
    static const char *const usual[] = {
        [RMA_STATE_REQUESTED] = "approve", [RMA_STATE_APPROVED] = "receive",
        [RMA_STATE_RECEIVED] = "inspect",  [RMA_STATE_INSPECTED] = "settle",
        [RMA_STATE_SETTLED] = "receive",   [RMA_STATE_REJECTED] = "settle"
    };
    Query open = SQL("SELECT id FROM rma WHERE state IN ('requested', 'approved', 'received',"
                     " 'inspected') ORDER BY id DESC LIMIT 12");
    Id id = sim_recent(sim, SIM_RETURNS, chance);
    Rma rma;
    if (!sim_one_in(chance, 8))
        TRY(sim_choose(ctx, chance, open, &id));
    if (!id)
        return OK;
    TRY(rma_load(ctx, id, &rma));
    if (sim_one_in(chance, 12))
        return decide(ctx, &rma, chance);
    const char *action = sim_one_in(chance, 15) ? "reject" : usual[rma.state];
    bool dated = strcmp(action, "receive") == 0 || strcmp(action, "settle") == 0;
    Str json = S("");
    if (dated && sim_one_in(chance, 4))
        json = str_format(ctx->arena, "{\"on\":\"%s\"}", sim_date(ctx, sim_day(ctx, chance)));
    return sim_act(ctx, &rma_entity, id, action, json);
}

const SimKind sim_selling[] = {
    { "order", 190, order_comes, false },
    { "edit", 20, order_edited, false },
    { "step", 40, order_goes_on, false },
    { "plan", 130, order_planned, false },
    { "deliver", 260, delivery_goes_on, false },
    { "amend", 30, order_amended, false },
    { "cancel", 20, order_called_off, false },
    { "hold", 8, order_held, false },
    { "credit", 8, invoice_credit_all, false },
    { "invoice", 15, invoice_free, false },
    { "return", 40, return_asked, false },
    { "inspect", 110, return_goes_on, false },
    { 0 },
};
