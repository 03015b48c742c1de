// delivery.c - planning what leaves, and from where: one delivery a warehouse, for what is reserved
// there; things without stock (a service, a repair) go along with the first. Planned quantities are
// not promised anew: a delivery that is cancelled gives its part back to the next plan.
#include "modules/oms/order.h"

#include "modules/inventory/inventory.h"

#include "kernel/entity/access.h"
#include "kernel/tenant.h"

typedef struct Plan {  // the deliveries being made, and what earlier ones have planned already
    SalesOrder *order;
    Date on;
    LIST(Delivery) deliveries;
    StockHeldList planned;  // by line and warehouse
} Plan;

// ---- What is planned already --------------------------------------------------------------------

static Status read_planned(Ctx *ctx, Plan *plan)
{
    StockHeld row;
    Rows *rows = db_query(ctx, SQL("SELECT l.order_line_id, l.variant_id, d.warehouse_id,"
                                   " CAST(sum(l.quantity) AS BIGINT)"
                                   " FROM delivery d JOIN delivery_line l ON l.delivery_id = d.id"
                                   " WHERE d.sales_order_id = $1"
                                   " AND d.state IN ('planned', 'picking', 'packed')"
                                   " GROUP BY l.order_line_id, l.variant_id, d.warehouse_id",
                                   plan->order->record.id));
    while (rows_next(rows, &row.line, &row.variant, &row.warehouse, &row.quantity))
        *list_push(ctx->arena, &plan->planned) = row;
    return rows_end(rows);
}

static int64_t planned_of(const Plan *plan, Id line, Id warehouse)
{
    int64_t sum = 0;
    EACH (row, plan->planned)
        if (row->line == line && (!warehouse || row->warehouse == warehouse))
            sum += row->quantity.micro;
    return sum;
}

// ---- Making deliveries --------------------------------------------------------------------------

static Delivery *delivery_from(Ctx *ctx, Plan *plan, Id warehouse)
{
    EACH (known, plan->deliveries)
        if (known->warehouse == warehouse)
            return known;
    Delivery *delivery = list_push(ctx->arena, &plan->deliveries);
    *delivery = *(Delivery *)record_new(ctx, &delivery_entity);
    delivery->sales_order = plan->order->record.id;
    delivery->warehouse = warehouse;
    delivery->customer = plan->order->customer;
    delivery->ship_to = plan->order->ship_to;
    delivery->planned_on = plan->on;
    return delivery;
}

static void add_line(Ctx *ctx, Plan *plan, Id warehouse, const SalesLine *line, int64_t micro)
{
    Delivery *delivery = delivery_from(ctx, plan, warehouse);
    DeliveryLine *added = list_push(ctx->arena, &delivery->lines);
    added->order_line = line->record.id;
    added->variant = line->variant;
    added->quantity.micro = micro;
}

static Status plan_held(Ctx *ctx, Plan *plan)
{
    StockHeldList held;
    TRY(stock_held(ctx, order_link(plan->order), &held));
    EACH (h, held) {
        int64_t left = h->quantity.micro - planned_of(plan, h->line, h->warehouse);
        if (left > 0)
            add_line(ctx, plan, h->warehouse, order_line_by_id(plan->order, h->line), left);
    }
    return OK;
}

static Status some_warehouse(Ctx *ctx, const Plan *plan, Id *ret)
{
    Channel channel;
    if (plan->deliveries.len) {
        *ret = plan->deliveries.items[0].warehouse;
        return OK;
    }
    TRY(channel_load(ctx, plan->order->channel, &channel));
    *ret = plan->order->warehouse ? plan->order->warehouse
         : channel.warehouses.len ? channel.warehouses.items[0].warehouse
                                  : 0;
    return *ret ? OK
                : FAIL(ctx, E_CONFLICT, "oms.no_warehouse",
                       "the channel " STR_FMT " has no warehouse", STR_ARG(channel.name));
}

static Status plan_unstocked(Ctx *ctx, Plan *plan)
{
    VariantFacts facts;
    EACH (line, plan->order->lines) {
        int64_t left =
            line_open(line).micro - line->reserved.micro - planned_of(plan, line->record.id, 0);
        Id warehouse;
        if (left <= 0)
            continue;
        TRY(variant_facts(ctx, line->variant, &facts));
        if (facts.is_stocked)
            continue;
        TRY(some_warehouse(ctx, plan, &warehouse));
        add_line(ctx, plan, warehouse, line, left);
    }
    return OK;
}

Status deliveries_plan(Ctx *ctx, SalesOrder *order, Date on, IdList *ret)
{
    Plan plan = { .order = order, .on = on };
    *ret = (IdList){ 0 };
    TRY(read_planned(ctx, &plan));
    TRY(plan_held(ctx, &plan));
    TRY(plan_unstocked(ctx, &plan));
    EACH (delivery, plan.deliveries) {
        TRY(delivery_save(ctx, delivery));
        *list_push(ctx->arena, ret) = delivery->record.id;
    }
    return OK;
}

static Status require_released(Ctx *ctx, const SalesOrder *order)
{
    if (order->state == ORDER_STATE_CONFIRMED)
        return OK;
    return FAIL(ctx, E_CONFLICT, "oms.not_released",
                "order " STR_FMT " is not released for delivery", STR_ARG(order->number));
}

Status delivery_plan(Ctx *ctx, Id id, Date on, IdList *ret)
{
    SalesOrder order;
    TRY(sales_order_load(ctx, id, &order));
    TRY(require_released(ctx, &order));
    return deliveries_plan(ctx, &order, on, ret);
}

Status order_plan_run(Ctx *ctx, void *record, const void *input)
{
    SalesOrder *order = record;
    IdList made;
    (void)input;
    TRY(require_released(ctx, order));
    TRY(deliveries_plan(ctx, order, tenant_today(ctx), &made));
    if (made.len == 0)
        return FAIL(ctx, E_CONFLICT, "oms.nothing_to_plan", "there is nothing to deliver now");
    action_made(ctx, &delivery_entity, made.items[0]);
    return OK;
}

// ---- Cancelling ---------------------------------------------------------------------------------

Status delivery_cancel_run(Ctx *ctx, void *record, const void *input)
{
    Delivery *delivery = record;
    SalesOrder order;
    (void)input;
    delivery->picks = (DeliveryPickList){ 0 };
    EACH (line, delivery->lines)
        line->picked = (Qty){ 0 };
    if (delivery->state != GOODS_STATE_PACKED)
        return OK;
    TRY(sales_order_load(ctx, delivery->sales_order, &order));  // was ready to ship
    return delivery_tell_order(ctx, delivery, GOODS_STATE_CANCELLED, &order);
}

// What is cancelled says so in the order that is stored, behind the caller's copy of it.
static Status take_version(Ctx *ctx, SalesOrder *order)
{
    SalesOrder stored;
    TRY(sales_order_load(ctx, order->record.id, &stored));
    order->record.version = stored.record.version;
    return OK;
}

Status deliveries_cancel(Ctx *ctx, SalesOrder *order)
{
    Id id;
    IdList open = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT id FROM delivery WHERE sales_order_id = $1"
                                   " AND state IN ('planned', 'picking', 'packed') ORDER BY id",
                                   order->record.id));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &open) = id;
    TRY(rows_end(rows));
    EACH (at, open) {
        Delivery delivery;
        TRY(delivery_load(ctx, *at, &delivery));
        TRY(action_do(ctx, &delivery_entity, &delivery, "cancel", NULL));
    }
    return open.len ? take_version(ctx, order) : OK;
}

Status delivery_before_save(Ctx *ctx, void *record, const void *before)
{
    Delivery *delivery = record;
    (void)before;
    if (delivery->parcels == 0 && delivery->state == GOODS_STATE_SHIPPED)
        delivery->parcels = 1;
    if (delivery->warehouse)
        TRY(place_warehouse(ctx, delivery->warehouse, &delivery->warehouse));
    return OK;
}
