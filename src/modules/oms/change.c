// change.c - after an order was placed: what the customer changes before it leaves, what is left
// out, and calling the whole thing off. Stock is let go and taken anew by the channel's rule, so a
// change is refused as a whole where it would be short; money that came in goes back.
#include "modules/oms/order.h"

#include "modules/payments/payments.h"

#include "kernel/audit.h"
#include "kernel/entity/access.h"

static bool has_shipped(const SalesOrder *order)
{
    EACH (line, order->lines)
        if (line->shipped.micro > 0)
            return true;
    return false;
}

static bool has_open(const SalesOrder *order)
{
    EACH (line, order->lines)
        if (line_open(line).micro > 0)
            return true;
    return false;
}

// More came in than it costs now: the difference goes back.
static Status give_back_surplus(Ctx *ctx, SalesOrder *order, Str why)
{
    Money surplus, done;
    TRY(order_take_payments(ctx, order));
    surplus.minor = order->paid.minor - order->refunded.minor -
                    (order->state == ORDER_STATE_CANCELLED ? 0 : order->totals.total.minor);
    if (surplus.minor <= 0)
        return OK;
    TRY(payments_give_back(ctx, order_link(order), surplus, why, order_link(order), &done));
    return order_take_payments(ctx, order);
}

// ---- Amending -----------------------------------------------------------------------------------

static Status require_unpacked(Ctx *ctx, const SalesOrder *order)
{
    int64_t busy;
    TRY(db_one(ctx,
               SQL("SELECT count(*) FROM delivery WHERE sales_order_id = $1"
                   " AND state IN ('picking', 'packed', 'shipped', 'delivered')",
                   order->record.id),
               &busy));
    return busy == 0 ? OK
                     : FAIL(ctx, E_CONFLICT, "oms.being_picked",
                            "order " STR_FMT " is being picked already and cannot be changed",
                            STR_ARG(order->number));
}

static SalesLine *line_of_sku(SalesOrder *order, Str sku)
{
    EACH (line, order->lines)
        if (str_eq(line->sku, sku))
            return line;
    return NULL;
}

static Status add_sku(Ctx *ctx, SalesOrder *order, const AmendLine *wanted)
{
    Id variant;
    TRY(variant_by_sku(ctx, wanted->sku, &variant));
    if (!variant)
        return FAIL(ctx, E_NOT_FOUND, "oms.sku", "there is no article " STR_FMT,
                    STR_ARG(wanted->sku));
    if (wanted->quantity.micro == 0)
        return FAIL(ctx, E_CONFLICT, "oms.not_ordered", STR_FMT " is not in the order",
                    STR_ARG(wanted->sku));
    SalesLine *line = list_push(ctx->arena, &order->lines);
    line->variant = variant;
    line->quantity = wanted->quantity;
    line->numerator = line->denominator = 1;
    return OK;
}

// A line left out stays, cancelled, so that the papers that name it still find it.
static Status change_line(Ctx *ctx, SalesOrder *order, const AmendLine *wanted)
{
    SalesLine *line = line_of_sku(order, wanted->sku);
    if (!line)
        return add_sku(ctx, order, wanted);
    if (wanted->quantity.micro == 0) {
        line->cancelled = line->base_quantity;
        return OK;
    }
    line->cancelled = (Qty){ 0 };
    line->quantity = wanted->quantity;
    return OK;
}

// Prices agreed before stay as they were; what is new is priced by the lists.
static Status price_again(Ctx *ctx, SalesOrder *order)
{
    bool *was_fixed = NEW_ARRAY(ctx->arena, bool, order->lines.len + 1);
    Str *why = NEW_ARRAY(ctx->arena, Str, order->lines.len + 1);
    for (size_t i = 0; i < order->lines.len; i++) {
        SalesLine *line = &order->lines.items[i];
        was_fixed[i] = line->is_price_fixed;
        why[i] = line->price_why;
        line->is_price_fixed |= line->record.id != 0;
    }
    TRY(order_calculate(ctx, order));
    for (size_t i = 0; i < order->lines.len; i++) {
        SalesLine *line = &order->lines.items[i];
        line->is_price_fixed = was_fixed[i];
        line->price_why = why[i].len ? why[i] : line->price_why;
        if (line->cancelled.micro > 0)
            line->cancelled = line->base_quantity;
    }
    return order_sum(ctx, order);
}

Status order_amend_run(Ctx *ctx, void *record, const void *input)
{
    SalesOrder *order = record;
    const AmendInput *wanted = input;
    TRY(require_unpacked(ctx, order));
    TRY(deliveries_cancel(ctx, order));
    TRY(order_release_stock(ctx, order));
    EACH (line, wanted->lines)
        TRY(change_line(ctx, order, line));
    if (!has_open(order))
        return FAIL(ctx, E_CONFLICT, "oms.nothing_left",
                    "nothing would be left: cancel the order instead");
    TRY(price_again(ctx, order));
    order->state =
        ORDER_STATE_PLACED;  // released again by the saving, where nothing stands in its way
    TRY(sales_order_save(ctx, order));  // new lines have ids to reserve by
    TRY(order_reserve(ctx, order));
    TRY(give_back_surplus(ctx, order, S("the order was changed")));
    return order_refresh(ctx, order);
}

// ---- Cancelling ---------------------------------------------------------------------------------

static Status cancel_open(Ctx *ctx, SalesOrder *order, const CancelInput *why)
{
    Str code, words = S("the order was cancelled");
    TRY(deliveries_cancel(ctx, order));
    TRY(order_release_stock(ctx, order));
    EACH (line, order->lines)
        line->cancelled.micro += line_open(line).micro;
    if (why) {
        TRY(choice_code(ctx, why->reason, &code));
        audit_reason(ctx, code, why->words);
        words = why->words.len ? why->words : code;
    }
    // A cancelled order still says what it would have cost; of one that goes on, the rest is taken
    // off.
    if (order->state != ORDER_STATE_CANCELLED)
        TRY(order_sum(ctx, order));
    return give_back_surplus(ctx, order, words.len <= 200 ? words : S("the order was cancelled"));
}

Status order_cancel_check(Ctx *ctx, const void *record)
{
    const SalesOrder *order = record;
    if (!has_shipped(order))
        return OK;
    return FAIL(ctx, E_CONFLICT, "oms.shipped_already",
                "part of it has left already: cancel the rest, or take it back as a return");
}

Status order_cancel_run(Ctx *ctx, void *record, const void *input)
{
    SalesOrder *order = record;
    bool was_placed = order->state == ORDER_STATE_PLACED || order->state == ORDER_STATE_CONFIRMED;
    order->state = ORDER_STATE_CANCELLED;
    TRY(exception_solve(ctx, order->record.id, ""));
    TRY(was_placed ? cancel_open(ctx, order, input) : OK);
    order->is_on_hold = false;
    return order_refresh(ctx, order);
}

Status order_cancel_rest_check(Ctx *ctx, const void *record)
{
    const SalesOrder *order = record;
    if (has_shipped(order) && has_open(order))
        return OK;
    return FAIL(ctx, E_CONFLICT, "oms.no_rest",
                "there is no rest: nothing has left, or everything has");
}

Status order_cancel_rest_run(Ctx *ctx, void *record, const void *input)
{
    TRY(cancel_open(ctx, record, input));
    return order_refresh(ctx, record);
}

// ---- Closing ------------------------------------------------------------------------------------

Status order_close_check(Ctx *ctx, const void *record)
{
    const SalesOrder *order = record;
    bool is_busy =
        order->returns == RETURN_AXIS_REQUESTED || order->returns == RETURN_AXIS_RECEIVED;
    if (order->fulfilment != SHIP_STATE_DELIVERED)
        return FAIL(ctx, E_CONFLICT, "oms.not_delivered", "not everything has been delivered");
    if (is_busy)
        return FAIL(ctx, E_CONFLICT, "oms.return_open", "a return is still open");
    EACH (line, order->lines)
        if (line->invoiced.micro < line->shipped.micro)
            return FAIL(ctx, E_CONFLICT, "oms.not_invoiced", "not everything is invoiced");
    return OK;
}
