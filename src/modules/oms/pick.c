// pick.c - from the shelf to the customer: which bins and lots a delivery is taken from, and what
// happens when it leaves. Until then nothing has moved; what leaves moves stock, frees its
// reservation, tells the order, and is invoiced where the house invoices what it ships, all in one
// transaction.
#include "modules/oms/order.h"

#include "modules/inventory/inventory.h"

#include "kernel/entity/access.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

#include <assert.h>

// ---- Picking ------------------------------------------------------------------------------------

static Status save_new_lines(Ctx *ctx, Delivery *delivery)
{
    EACH (line, delivery->lines)
        if (line->record.id == 0)
            return delivery_save(ctx, delivery);
    return OK;
}

static void add_pick(Ctx *ctx, Delivery *delivery, const DeliveryLine *line,
                     const PickSource *source)
{
    DeliveryPick *pick = list_push(ctx->arena, &delivery->picks);
    pick->line = line->record.id;
    pick->bin = source->place;
    pick->lot = source->lot;
    pick->serial = source->serial;
    pick->quantity = source->quantity;
}

static Status note_short(Ctx *ctx, const Delivery *delivery, DeliveryLine *line, Str sku,
                         Qty missing)
{
    Str amount = decimal_short(ctx->arena, missing.micro, 6);
    line->short_reason = str_format(ctx->arena, STR_FMT " not found", STR_ARG(amount));
    return exception_raise(ctx, delivery->sales_order, "oms.pick_short",
                           str_format(ctx->arena, STR_FMT ": " STR_FMT " of " STR_FMT " not found",
                                      STR_ARG(delivery->number), STR_ARG(amount), STR_ARG(sku)));
}

static Status pick_line(Ctx *ctx, Delivery *delivery, DeliveryLine *line)
{
    VariantFacts facts;
    PickSourceList sources = { 0 };
    Qty missing = { 0 };
    TRY(variant_facts(ctx, line->variant, &facts));
    line->picked = line->quantity;
    line->short_reason = S("");
    if (!facts.is_stocked)
        return OK;
    TRY(stock_pick_plan(ctx, line->variant, delivery->warehouse, line->quantity, &sources,
                        &missing));
    EACH (source, sources)
        add_pick(ctx, delivery, line, source);
    line->picked.micro -= missing.micro;
    return missing.micro > 0 ? note_short(ctx, delivery, line, facts.sku, missing) : OK;
}

static DeliveryLine *line_of(Delivery *delivery, Id id)
{
    EACH (line, delivery->lines)
        if (line->record.id == id)
            return line;
    assert(!"a pick belongs to a line of its delivery");
    return NULL;
}

static Status leave_out(Ctx *ctx, Delivery *delivery, size_t at)
{
    DeliveryPick *pick = &delivery->picks.items[at];
    DeliveryLine *line = line_of(delivery, pick->line);
    VariantFacts facts;
    TRY(variant_facts(ctx, line->variant, &facts));
    line->picked.micro -= pick->quantity.micro - pick->taken.micro;
    pick->quantity = pick->taken;
    if (pick->quantity.micro == 0)
        list_remove(&delivery->picks, at);
    Qty missing = { line->quantity.micro - line->picked.micro };
    return note_short(ctx, delivery, line, facts.sku, missing);
}

Status delivery_pick_short(Ctx *ctx, Delivery *delivery, Id pick)
{
    for (size_t at = 0; at < delivery->picks.len; at++)
        if (delivery->picks.items[at].record.id == pick)
            return leave_out(ctx, delivery, at);
    return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such %s",
                str_lower_ascii(ctx->arena, tr(ctx, delivery_pick_entity.label)).ptr);
}

Status delivery_pick_run(Ctx *ctx, void *record, const void *input)
{
    Delivery *delivery = record;
    (void)input;
    TRY(save_new_lines(ctx, delivery));
    delivery->picks = (DeliveryPickList){ 0 };
    EACH (line, delivery->lines)
        TRY(pick_line(ctx, delivery, line));
    return OK;
}

Status delivery_pick_all(Ctx *ctx, Delivery *delivery)
{
    return action_do(ctx, &delivery_entity, delivery, "pick", NULL);
}

// The order looks at its deliveries as they are stored, so this one says its new state first.
Status delivery_tell_order(Ctx *ctx, Delivery *delivery, GoodsState state, SalesOrder *order)
{
    delivery->state = state;
    TRY(delivery_save(ctx, delivery));
    TRY(order_refresh(ctx, order));
    return sales_order_save(ctx, order);
}

Status delivery_pack_run(Ctx *ctx, void *record, const void *input)
{
    Delivery *delivery = record;
    SalesOrder order;
    (void)input;
    TRY(sales_order_load(ctx, delivery->sales_order, &order));
    return delivery_tell_order(ctx, delivery, GOODS_STATE_PACKED, &order);
}

// ---- Leaving ------------------------------------------------------------------------------------

typedef struct Leaving {
    SalesOrder order;
    Delivery *delivery;
    Id customers;  // the place goods go to
    Date on;
} Leaving;

static Status move_pick(Ctx *ctx, Leaving *leaving, const DeliveryPick *pick)
{
    DeliveryLine *line = line_of(leaving->delivery, pick->line);
    SalesLine *ordered = order_line_by_id(&leaving->order, line->order_line);
    MoveDone done;
    MoveSpec spec = { .variant = line->variant,
                      .kind = MOVE_KIND_ISSUE,
                      .from = pick->bin,
                      .to = leaving->customers,
                      .quantity = pick->quantity,
                      .lot = pick->lot,
                      .serial = pick->serial,
                      .on = leaving->on,
                      .source = { &delivery_entity, leaving->delivery->record.id },
                      .line = { &sales_line_entity, line->order_line },
                      .channel = leaving->order.channel,
                      .cost_centre = leaving->order.cost_centre };
    TRY(stock_move(ctx, &spec, &done));
    ordered->cost.minor -= done.value.minor;
    return OK;
}

// What leaves is no longer held back; what was planned and not found stays reserved.
static Status leave_line(Ctx *ctx, Leaving *leaving, const DeliveryLine *line)
{
    SalesLine *ordered = order_line_by_id(&leaving->order, line->order_line);
    Qty released = { 0 };
    if (line->picked.micro == 0)
        return OK;
    if (line->picked.micro > line_open(ordered).micro)
        return FAIL(ctx, E_CONFLICT, "sales_line.shipped", "more of " STR_FMT " than was ordered",
                    STR_ARG(ordered->sku));
    TRY(stock_release(ctx, order_link(&leaving->order), line->order_line, line->variant,
                      leaving->delivery->warehouse, line->picked, &released));
    ordered->reserved.micro -= released.micro;
    ordered->shipped.micro += line->picked.micro;
    return OK;
}

static Status require_something(Ctx *ctx, const Delivery *delivery)
{
    EACH (line, delivery->lines)
        if (line->picked.micro > 0)
            return OK;
    return FAIL(ctx, E_CONFLICT, "oms.nothing_picked", "nothing of delivery " STR_FMT " was picked",
                STR_ARG(delivery->number));
}

static Status move_goods(Ctx *ctx, Leaving *leaving)
{
    TRY(require_something(ctx, leaving->delivery));
    TRY(place_virtual(ctx, PLACE_KIND_CUSTOMER, &leaving->customers));
    EACH (line, leaving->delivery->lines)
        TRY(leave_line(ctx, leaving, line));
    EACH (pick, leaving->delivery->picks)
        TRY(move_pick(ctx, leaving, pick));
    return OK;
}

static Status ship(Ctx *ctx, Delivery *delivery, Date on)
{
    Leaving leaving = { .delivery = delivery, .on = on };
    Id invoice = 0;
    TRY(sales_order_load(ctx, delivery->sales_order, &leaving.order));
    if (leaving.order.state != ORDER_STATE_CONFIRMED)
        return FAIL(ctx, E_CONFLICT, "oms.not_released",
                    "order " STR_FMT " is not released for delivery",
                    STR_ARG(leaving.order.number));
    if (delivery->state == GOODS_STATE_PLANNED)
        TRY(delivery_pick_run(ctx, delivery, NULL));
    TRY(move_goods(ctx, &leaving));
    delivery->shipped_on = on;
    TRY(exception_solve(ctx, leaving.order.record.id, "oms.pick_short"));
    if (setting_bool(ctx, "oms.invoice_on_shipping"))
        TRY(order_bill(ctx, &leaving.order, on, &invoice));
    delivery->invoice = invoice ? invoice : delivery->invoice;
    return delivery_tell_order(ctx, delivery, GOODS_STATE_SHIPPED, &leaving.order);
}

Status delivery_ship_run(Ctx *ctx, void *record, const void *input)
{
    const ShipInput *given = input;
    Date on = given && given->on ? given->on : tenant_today(ctx);
    return ship(ctx, record, on);
}

Status delivery_ship(Ctx *ctx, Delivery *delivery, Date on)
{
    return action_do(ctx, &delivery_entity, delivery, "ship", &(ShipInput){ .on = on });
}

// ---- Arriving -----------------------------------------------------------------------------------

Status delivery_arrive_run(Ctx *ctx, void *record, const void *input)
{
    Delivery *delivery = record;
    const ArriveInput *given = input;
    SalesOrder order;
    delivery->delivered_on = given && given->on ? given->on : tenant_today(ctx);
    if (delivery->delivered_on < delivery->shipped_on)
        return FAIL(ctx, E_INVALID, "oms.delivered_before",
                    "it left on " STR_FMT ", it cannot have arrived on " STR_FMT,
                    STR_ARG(date_text(ctx->arena, delivery->shipped_on)),
                    STR_ARG(date_text(ctx->arena, delivery->delivered_on)));
    TRY(sales_order_load(ctx, delivery->sales_order, &order));
    return delivery_tell_order(ctx, delivery, GOODS_STATE_DELIVERED, &order);
}

Status delivery_delivered(Ctx *ctx, Id id, Date on)
{
    Delivery delivery;
    TRY(delivery_load(ctx, id, &delivery));
    return action_do(ctx, &delivery_entity, &delivery, "deliver", &(ArriveInput){ .on = on });
}

// ---- Pick lists ---------------------------------------------------------------------------------

enum { PICK_LIST_DELIVERIES_MAX = 100 };

// Takes the oldest planned deliveries of its warehouse that no other list has.
Status pick_list_fill_run(Ctx *ctx, void *record, const void *input)
{
    PickList *list = record;
    Id id;
    IdList found = { 0 };
    (void)input;
    Rows *rows = db_query(ctx, SQL("SELECT id FROM delivery WHERE warehouse_id = $1"
                                   " AND state = 'planned' AND pick_list_id IS NULL"
                                   " ORDER BY planned_on, id LIMIT $2",
                                   list->warehouse, PICK_LIST_DELIVERIES_MAX));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &found) = id;
    TRY(rows_end(rows));
    if (found.len == 0)
        return FAIL(ctx, E_CONFLICT, "oms.nothing_to_pick",
                    "no planned delivery waits in this warehouse");
    EACH (at, found) {
        Delivery delivery;
        TRY(delivery_load(ctx, *at, &delivery));
        delivery.pick_list = list->record.id;
        TRY(delivery_pick_all(ctx, &delivery));
    }
    return OK;
}
