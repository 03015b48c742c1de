// headline.c - where an order stands, in one word. What became of it is four independent axes, each
// a fact of its own; the word people look for is read off one table, top to bottom, first match
// wins. It is stored, so that lists can filter by it, and worked out anew on every saving, so that
// it cannot say anything else than the axes do.
#include "modules/oms/order.h"

#include <assert.h>

typedef struct HeadlineRow {  // sets of enumerators; 0: any
    unsigned state, payment, fulfilment, returns;
    Headline headline;
} HeadlineRow;

#define ONE(enumerator) (1u << (enumerator))

#define HAS_PAID (ONE(PAY_STATE_PAID) | ONE(PAY_STATE_PART_REFUNDED) | ONE(PAY_STATE_REFUNDED))

// clang-format off
static const HeadlineRow headline_rows[] = {
    { ONE(ORDER_STATE_CANCELLED), 0, 0, 0,               HEADLINE_CANCELLED },
    { ONE(ORDER_STATE_DRAFT), 0, 0, 0,                   HEADLINE_DRAFT },
    { ONE(ORDER_STATE_QUOTED), 0, 0, 0,                  HEADLINE_QUOTED },
    { 0, ONE(PAY_STATE_REFUNDED), 0, ONE(RETURN_AXIS_SETTLED), HEADLINE_RETURNED },
    { ONE(ORDER_STATE_CLOSED), 0, 0, 0,                  HEADLINE_CLOSED },
    { 0, 0, ONE(SHIP_STATE_DELIVERED), 0,                HEADLINE_DELIVERED },
    { 0, 0, ONE(SHIP_STATE_SHIPPED), 0,                  HEADLINE_SHIPPED },
    { 0, 0, ONE(SHIP_STATE_PART_SHIPPED), 0,             HEADLINE_PART_SHIPPED },
    { ONE(ORDER_STATE_PLACED), HAS_PAID, 0, 0,           HEADLINE_PAID },
    { ONE(ORDER_STATE_PLACED), 0, 0, 0,                  HEADLINE_PENDING_PAYMENT },
    { 0, 0, ONE(SHIP_STATE_READY), 0,                    HEADLINE_READY_TO_SHIP },
    { 0, 0, ONE(SHIP_STATE_IN_PRODUCTION), 0,            HEADLINE_IN_PRODUCTION },
    { 0, HAS_PAID, 0, 0,                                 HEADLINE_PAID },
    { 0, 0, 0, 0,                                        HEADLINE_PENDING_PAYMENT },
};
// clang-format on

static bool in_set(unsigned set, int enumerator)
{
    return set == 0 || set & ONE(enumerator);
}

static Headline find_headline(const SalesOrder *order)
{
    for (size_t i = 0; i < COUNT(headline_rows); i++) {
        const HeadlineRow *row = &headline_rows[i];
        if (in_set(row->state, order->state) && in_set(row->payment, order->payment) &&
            in_set(row->fulfilment, order->fulfilment) && in_set(row->returns, order->returns))
            return row->headline;
    }
    assert(!"the last row takes everything");
    return HEADLINE_NONE;
}

// ---- Axes ---------------------------------------------------------------------------------------

static bool is_only_draft(const SalesOrder *order)
{
    return order->state == ORDER_STATE_DRAFT || order->state == ORDER_STATE_QUOTED;
}

// What is authorised is known by whoever asked the payments (order_take_payments); it lasts until
// money comes.
static PayState payment_axis(const SalesOrder *order)
{
    if (order->refunded.minor > 0)
        return order->refunded.minor < order->paid.minor ? PAY_STATE_PART_REFUNDED
                                                         : PAY_STATE_REFUNDED;
    bool is_covered = order->totals.total.minor <= order->paid.minor;
    if (is_covered && (order->paid.minor > 0 || !is_only_draft(order)))
        return PAY_STATE_PAID;
    if (order->paid.minor > 0)
        return PAY_STATE_PART_PAID;
    return order->payment == PAY_STATE_AUTHORISED ? PAY_STATE_AUTHORISED : PAY_STATE_UNPAID;
}

// Before anything has left, ready and in production are what order_refresh found; afterwards the
// quantities decide, and delivered is again what it found.
static ShipState fulfilment_axis(const SalesOrder *order)
{
    Wide open = 0, shipped = 0;
    EACH (line, order->lines) {
        open += line_open(line).micro;
        shipped += line->shipped.micro;
    }
    if (shipped == 0)
        return order->fulfilment == SHIP_STATE_READY ||
                       order->fulfilment == SHIP_STATE_IN_PRODUCTION
                 ? order->fulfilment
                 : SHIP_STATE_UNSHIPPED;
    if (open > 0)
        return SHIP_STATE_PART_SHIPPED;
    return order->fulfilment == SHIP_STATE_DELIVERED ? SHIP_STATE_DELIVERED : SHIP_STATE_SHIPPED;
}

void order_headline(SalesOrder *order)
{
    order->payment = payment_axis(order);
    order->fulfilment = fulfilment_axis(order);
    if (order->returns == RETURN_AXIS_NONE)
        order->returns = RETURN_AXIS_NONE_OPEN;
    order->headline = find_headline(order);
}

// ---- What other documents say -------------------------------------------------------------------

static Status find_deliveries(Ctx *ctx, SalesOrder *order)
{
    int64_t packed, away, delivered;
    TRY(db_one(ctx,
               SQL("SELECT count(*) FILTER (WHERE state = 'packed'),"
                   " count(*) FILTER (WHERE state = 'shipped'),"
                   " count(*) FILTER (WHERE state = 'delivered')"
                   " FROM delivery WHERE sales_order_id = $1",
                   order->record.id),
               &packed, &away, &delivered));
    if (delivered > 0 && away == 0)
        order->fulfilment = SHIP_STATE_DELIVERED;
    else
        order->fulfilment = packed > 0 ? SHIP_STATE_READY : SHIP_STATE_UNSHIPPED;
    return OK;
}

// What is made to order and cannot be reserved yet is being made.
static Status find_production(Ctx *ctx, SalesOrder *order)
{
    VariantFacts variant;
    bool is_waiting = order->state == ORDER_STATE_PLACED || order->state == ORDER_STATE_CONFIRMED;
    if (order->fulfilment != SHIP_STATE_UNSHIPPED || !is_waiting)
        return OK;
    EACH (line, order->lines) {
        if (line_open(line).micro <= line->reserved.micro)
            continue;
        TRY(variant_facts(ctx, line->variant, &variant));
        if (variant.kind == PRODUCT_KIND_MADE_TO_ORDER)
            order->fulfilment = SHIP_STATE_IN_PRODUCTION;
    }
    return OK;
}

static Status find_returns(Ctx *ctx, SalesOrder *order)
{
    int64_t asked, here, settled;
    TRY(db_one(ctx,
               SQL("SELECT count(*) FILTER (WHERE state IN ('requested', 'approved')),"
                   " count(*) FILTER (WHERE state IN ('received', 'inspected')),"
                   " count(*) FILTER (WHERE state = 'settled')"
                   " FROM rma WHERE sales_order_id = $1",
                   order->record.id),
               &asked, &here, &settled));
    order->returns = here    ? RETURN_AXIS_RECEIVED
                   : asked   ? RETURN_AXIS_REQUESTED
                   : settled ? RETURN_AXIS_SETTLED
                             : RETURN_AXIS_NONE_OPEN;
    return OK;
}

Status order_refresh(Ctx *ctx, SalesOrder *order)
{
    bool has_others = !order_is_fresh(order);
    if (has_others)
        TRY(find_deliveries(ctx, order));
    TRY(find_production(ctx, order));
    if (has_others)
        TRY(find_returns(ctx, order));
    order_headline(order);
    return OK;
}
