// store.c - what buyers and storekeepers do: goods come in, are moved, counted, corrected and
// revalued, often on days that have passed.
#include "sim/sim.h"

#include "base/buf.h"
#include "kernel/entity/access.h"

static Id some_place(const Sim *sim, Random *chance)
{
    int64_t at = sim_roll(chance, SIM_WAREHOUSES + SIM_BINS);
    return at < SIM_WAREHOUSES ? sim->world.warehouses[at] : sim->world.bins[at - SIM_WAREHOUSES];
}

static void put_goods(const Sim *sim, Ctx *ctx, Random *chance, Buf *json)
{
    int64_t variant = sim_roll(chance, SIM_VARIANTS), lot = sim_roll(chance, SIM_LOTS);
    buf_printf(json, "\"variant\":\"%s\"", sim_id(ctx, sim->world.variants[variant]));
    if (variant == SIM_VARIANTS - 1)
        buf_printf(json, ",\"lot\":\"%s\"", sim_id(ctx, sim->world.lots[lot]));
}

// ---- Receipts -----------------------------------------------------------------------------------

static void put_receipt_line(const Sim *sim, Ctx *ctx, Random *chance, Id warehouse, Buf *json)
{
    int64_t quantity = 5 + sim_roll(chance, 120), cents = 300 + sim_roll(chance, 4000);
    buf_c(json, "{");
    put_goods(sim, ctx, chance, json);
    if (sim_one_in(chance, 20))
        cents = 0;  // at the last known cost
    buf_printf(json, ",\"quantity\":\"%lld\",\"price\":\"%lld.%02lld37\"", (long long)quantity,
               (long long)cents / 100, (long long)cents % 100);
    if (warehouse == sim->world.warehouses[0])
        buf_printf(json, ",\"place\":\"%s\"",
                   sim_id(ctx, sim->world.bins[sim_roll(chance, SIM_BINS)]));
    buf_c(json, "}");
}

static Status receipt_comes(Sim *sim, Ctx *ctx, Random *chance)
{
    int64_t supplier = sim_roll(chance, SIM_SUPPLIERS), lines = 1 + sim_roll(chance, 4);
    Id warehouse = sim->world.warehouses[sim_roll(chance, SIM_WAREHOUSES)], receipt;
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    Buf json = { .arena = ctx->arena };
    buf_printf(&json,
               "{\"supplier\":\"%s\",\"warehouse\":\"%s\",\"currency\":\"%s\","
               "\"received_on\":\"%s\",\"lines\":[",
               sim_id(ctx, sim->world.suppliers[supplier]), sim_id(ctx, warehouse),
               supplier ? "EUR" : "GBP", on);
    for (int64_t i = 0; i < lines; i++) {
        buf_c(&json, i ? "," : "");
        put_receipt_line(sim, ctx, chance, warehouse, &json);
    }
    buf_c(&json, "]}");
    TRY(sim_create(ctx, &goods_receipt_entity, buf_str(&json), &receipt));
    sim_made(sim, SIM_RECEIPTS, receipt);
    return sim_one_in(chance, 20) ? OK
                                  : sim_act(ctx, &goods_receipt_entity, receipt, "post", S(""));
}

static Status receipt_corrected(Sim *sim, Ctx *ctx, Random *chance)
{
    Id id = sim_recent(sim, SIM_RECEIPTS, chance);
    GoodsReceipt receipt;
    if (!id)
        return OK;
    TRY(goods_receipt_load(ctx, id, &receipt));
    const ReceiptLine *line = &receipt.lines.items[sim_roll(chance, (int64_t)receipt.lines.len)];
    int64_t truth = sim_roll(chance, 2 * line->quantity.micro / MICRO);
    if (sim_one_in(chance, 8))
        return sim_act(ctx, &goods_receipt_entity, id, "post", S(""));
    return sim_act(ctx, &goods_receipt_entity, id, "correct",
                   str_format(ctx->arena, "{\"line\":\"%s\",\"quantity\":\"%lld\"}",
                              sim_id(ctx, line->record.id), (long long)truth));
}

static Status cost_comes_late(Sim *sim, Ctx *ctx, Random *chance)
{
    static const char *const bases[] = { "value", "quantity", "weight", "volume" };
    Id receipt = sim_recent(sim, SIM_RECEIPTS, chance), cost;
    int64_t supplier = sim_roll(chance, SIM_SUPPLIERS), cents = 1 + sim_roll(chance, 40000);
    const char *basis = bases[sim_roll(chance, COUNT(bases))];
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    if (!receipt)
        return OK;
    Str json = str_format(ctx->arena,
                          "{\"receipt\":\"%s\",\"supplier\":\"%s\",\"currency\":\"%s\","
                          "\"costed_on\":\"%s\",\"basis\":\"%s\","
                          "\"charges\":[{\"kind\":\"freight\",\"amount\":\"%lld.%02lld\"}]}",
                          sim_id(ctx, receipt), sim_id(ctx, sim->world.suppliers[supplier]),
                          supplier ? "EUR" : "GBP", on, basis, (long long)cents / 100,
                          (long long)cents % 100);
    TRY(sim_create(ctx, &landed_cost_entity, json, &cost));
    return sim_act(ctx, &landed_cost_entity, cost, "post", S(""));
}

// ---- Transfers ----------------------------------------------------------------------------------

static Status transfer_begins(Sim *sim, Ctx *ctx, Random *chance)
{
    Id from = some_place(sim, chance), to = some_place(sim, chance), transfer;
    int64_t quantity = 1 + sim_roll(chance, 30);
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    Buf json = { .arena = ctx->arena };
    buf_printf(&json, "{\"from\":\"%s\",\"to\":\"%s\",\"sent_on\":\"%s\",\"lines\":[{",
               sim_id(ctx, from), sim_id(ctx, to), on);
    put_goods(sim, ctx, chance, &json);
    buf_printf(&json, ",\"quantity\":\"%lld\"}]}", (long long)quantity);
    TRY(sim_create(ctx, &stock_transfer_entity, buf_str(&json), &transfer));
    sim_made(sim, SIM_TRANSFERS, transfer);
    return sim_one_in(chance, 6)
             ? OK
             : sim_act(ctx, &stock_transfer_entity, transfer, "dispatch", S(""));
}

static Status transfer_goes_on(Sim *sim, Ctx *ctx, Random *chance)
{
    static const char *const steps[] = { "dispatch",     "receive",   "receive", "receive_part",
                                         "receive_part", "lose_rest", "recall",  "cancel" };
    Id id = sim_recent(sim, SIM_TRANSFERS, chance);
    const char *action = steps[sim_roll(chance, COUNT(steps))];
    int64_t some = 1 + sim_roll(chance, 12);
    StockTransfer transfer;
    if (!id)
        return OK;
    TRY(stock_transfer_load(ctx, id, &transfer));
    Str json = S("");
    if (strcmp(action, "receive_part") == 0)
        json = str_format(ctx->arena, "{\"lines\":[{\"line\":\"%s\",\"quantity\":\"%lld\"}]}",
                          sim_id(ctx, transfer.lines.items[0].record.id), (long long)some);
    if (strcmp(action, "lose_rest") == 0)
        json = S("{\"reason_code\":\"lost\",\"reason_words\":\"fell off\"}");
    return sim_act(ctx, &stock_transfer_entity, id, action, json);
}

// ---- Adjustments and counts ---------------------------------------------------------------------

static Status stock_adjusted(Sim *sim, Ctx *ctx, Random *chance)
{
    static const char *const reasons[] = { "damaged", "lost", "found", "own_use", "correction" };
    Id place = some_place(sim, chance), adjustment;
    int64_t change = sim_roll(chance, 21) - 12, cents = 200 + sim_roll(chance, 5000);
    const char *reason = reasons[sim_roll(chance, COUNT(reasons))];
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    Buf json = { .arena = ctx->arena };
    buf_printf(&json, "{\"place\":\"%s\",\"reason\":\"%s\",\"adjusted_on\":\"%s\",\"lines\":[{",
               sim_id(ctx, place), reason, on);
    put_goods(sim, ctx, chance, &json);
    buf_printf(&json, ",\"quantity\":\"%lld\"", (long long)change);
    if (sim_one_in(chance, 3))
        buf_printf(&json, ",\"price\":\"%lld.%02lld\"", (long long)cents / 100,
                   (long long)cents % 100);
    buf_c(&json, "}]}");
    TRY(sim_create(ctx, &stock_adjustment_entity, buf_str(&json), &adjustment));
    return sim_act(ctx, &stock_adjustment_entity, adjustment, "post", S(""));
}

static Status count_begins(Sim *sim, Ctx *ctx, Random *chance)
{
    Id place = some_place(sim, chance), count;
    const char *blind = sim_one_in(chance, 2) ? "true" : "false";
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    Str json = str_format(ctx->arena, "{\"place\":\"%s\",\"is_blind\":%s,\"counted_on\":\"%s\"}",
                          sim_id(ctx, place), blind, on);
    TRY(sim_create(ctx, &stock_count_entity, json, &count));
    sim_made(sim, SIM_COUNTS, count);
    return sim_act(ctx, &stock_count_entity, count, "start", S(""));
}

// Everything that is listed, some of it wrong by a piece or two.
static Status enter_counted(Ctx *ctx, const StockCount *count, Random *chance)
{
    Buf json = { .arena = ctx->arena };
    buf_c(&json, "{\"lines\":[");
    for (size_t i = 0; i < count->lines.len; i++) {
        const CountLine *line = &count->lines.items[i];
        int64_t counted = line->expected.micro / MICRO;
        if (sim_one_in(chance, 4))
            counted += sim_roll(chance, 5) - 2;
        buf_printf(&json,
                   "%s{\"variant\":\"%s\",\"place\":\"%s\",\"status\":\"%s\","
                   "\"counted\":\"%lld\"",
                   i ? "," : "", sim_id(ctx, line->variant), sim_id(ctx, line->place),
                   stock_status_enum.values[line->status].name,
                   (long long)(counted > 0 ? counted : 0));
        if (line->lot)
            buf_printf(&json, ",\"lot\":\"%s\"", sim_id(ctx, line->lot));
        buf_c(&json, "}");
    }
    buf_c(&json, "]}");
    return sim_act(ctx, &stock_count_entity, count->record.id, "enter", buf_str(&json));
}

static Status count_goes_on(Sim *sim, Ctx *ctx, Random *chance)
{
    Id id = sim_recent(sim, SIM_COUNTS, chance);
    StockCount count;
    if (!id)
        return OK;
    TRY(stock_count_load(ctx, id, &count));
    if (sim_one_in(chance, 8))
        return sim_act(ctx, &stock_count_entity, id, "cancel", S(""));
    bool is_counted = count.lines.len > 0 && count.lines.items[0].counted.known;
    return is_counted ? sim_act(ctx, &stock_count_entity, id, "post", S(""))
                      : enter_counted(ctx, &count, chance);
}

// ---- Costs --------------------------------------------------------------------------------------

static Status cost_is_set(Sim *sim, Ctx *ctx, Random *chance)
{
    static const CostMethod methods[] = { COST_METHOD_AVERAGE, COST_METHOD_FIFO, COST_METHOD_LIFO,
                                          COST_METHOD_STANDARD };
    Id variant = sim->world.variants[sim_roll(chance, SIM_VARIANTS)];
    Id warehouse = sim->world.warehouses[sim_roll(chance, SIM_WAREHOUSES)];
    int64_t micro = MICRO + sim_roll(chance, 50 * (int64_t)MICRO);
    CostMethod method = methods[sim_roll(chance, COUNT(methods))];
    bool is_method = sim_one_in(chance, 3);
    Date on = sim_day(ctx, chance);
    if (is_method)
        return stock_set_method(ctx, variant, warehouse, method, on);
    return stock_set_cost(ctx, variant, warehouse, (Price){ micro }, on);
}

const SimKind sim_storing[] = {
    { "receive", 70, receipt_comes, false },   { "correct", 12, receipt_corrected, false },
    { "landed", 8, cost_comes_late, false },   { "transfer", 30, transfer_begins, false },
    { "arrive", 40, transfer_goes_on, false }, { "adjust", 25, stock_adjusted, false },
    { "count", 4, count_begins, false },       { "counted", 10, count_goes_on, false },
    { "cost", 6, cost_is_set, false },         { 0 },
};
