// place.c - from a wish to a promise: placing an order freezes it, reserves its stock and asks
// whether the customer may buy on account. Released it is when nothing stands in its way any more,
// in the very saving that takes the last obstacle away (order_before_save).
#include "modules/oms/order.h"

#include "modules/inventory/inventory.h"
#include "modules/ledger/ledger.h"
#include "modules/party/party.h"
#include "modules/payments/payments.h"

#include "kernel/entity/access.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

Link order_link(const SalesOrder *order)
{
    return (Link){ &sales_order_entity, order->record.id };
}

bool order_is_fresh(const SalesOrder *order)
{
    return order->record.version == 0;
}

Status order_quote_check(Ctx *ctx, const void *record)
{
    const SalesOrder *order = record;
    if (order->lines.len == 0)
        return FAIL(ctx, E_CONFLICT, "oms.order.no_lines", "the order has no lines");
    return OK;
}

// ---- Whether it takes two people ----------------------------------------------------------------

// What it stands in the books for today; unknown where there is none of it.
static Status line_cost(Ctx *ctx, const SalesLine *line, bool *ret_known, Money *ret)
{
    Qty held;
    Money worth;
    TRY(stock_worth(ctx, line->variant, 0, &held, &worth));
    *ret_known = held.micro > 0;
    if (!*ret_known)
        return OK;
    return money_share(ctx, worth, line->base_quantity.micro, held.micro, ROUND_HALF_UP, ret);
}

static Status line_is_below_cost(Ctx *ctx, const SalesLine *line, CurrencyCode currency, Fx rate,
                                 bool *ret)
{
    Money cost, brings = line->net;
    bool is_known;
    *ret = false;
    TRY(line_cost(ctx, line, &is_known, &cost));
    if (!is_known)
        return OK;
    if (rate.nano)
        TRY(money_convert(ctx, line->net, currency, ctx->tenant->base, rate, &brings));
    *ret = brings.minor < cost.minor;
    return OK;
}

Status order_needs_approval(Ctx *ctx, const void *record, const void *input, Str *ret_why)
{
    const SalesOrder *order = record;
    Fx rate = { 0 };
    (void)input;
    *ret_why = S("");
    if (!setting_bool(ctx, "oms.approve_below_cost"))
        return OK;
    if (!currency_eq(order->currency, ctx->tenant->base))
        TRY(ledger_fx(ctx, order->currency, order->order_date, &rate));
    EACH (line, order->lines) {
        bool is_below;
        TRY(line_is_below_cost(ctx, line, order->currency, rate, &is_below));
        if (!is_below)
            continue;
        *ret_why = tr_format(ctx, "%.*s is sold below its cost", STR_ARG(line->name));
        return OK;
    }
    return OK;
}

// ---- Whether it may be --------------------------------------------------------------------------

static Status check_customer(Ctx *ctx, const PartyFacts *party)
{
    if (!party->is_blocked)
        return OK;
    return FAIL(ctx, E_CONFLICT, "oms.customer_blocked", STR_FMT " is blocked: " STR_FMT,
                STR_ARG(party->name), STR_ARG(party->block_reason));
}

static Status check_validity(Ctx *ctx, const SalesOrder *order)
{
    if (order->state != ORDER_STATE_QUOTED || !order->valid_until ||
        order->valid_until >= tenant_today(ctx))
        return OK;
    return FAIL(ctx, E_CONFLICT, "oms.quote_ended", "the quotation was valid through " STR_FMT,
                STR_ARG(date_text(ctx->arena, order->valid_until)));
}

// A fresh order was worked out a moment ago, by the hook that prepared it.
static Status freeze(Ctx *ctx, SalesOrder *order)
{
    if (!order_is_fresh(order))
        TRY(order_calculate(ctx, order));
    if (!currency_eq(order->currency, ctx->tenant->base))
        TRY(ledger_fx(ctx, order->currency, order->order_date, &order->fx));
    order->placed_at = ctx->now;
    return OK;
}

static void put_on_hold(SalesOrder *order, Str why)
{
    order->is_on_hold = true;
    order->hold_reason = why;
}

// Beyond the limit the order waits for somebody's word, it is not refused: the customer has said
// what he wants, and that is worth keeping.
static Status check_credit(Ctx *ctx, SalesOrder *order, const PartyFacts *party,
                           const Channel *channel)
{
    Money owed, total;
    if (channel->needs_payment || !party->credit_limit.known)
        return OK;
    TRY(party_exposure(ctx, order->customer, &owed));
    TRY(money_convert(ctx, order->totals.total, order->currency, ctx->tenant->base, order->fx,
                      &total));
    if (owed.minor + total.minor <= party->credit_limit.value.minor)
        return OK;
    Str words = str_format(
        ctx->arena, "the credit limit of " STR_FMT " would be exceeded: " STR_FMT " owed",
        STR_ARG(money_text(ctx->arena, party->credit_limit.value, ctx->tenant->base)),
        STR_ARG(money_text(ctx->arena, owed, ctx->tenant->base)));
    put_on_hold(order, words);
    return exception_raise_in(ctx, order, "oms.credit_limit", words);
}

Status order_place_run(Ctx *ctx, void *record, const void *input)
{
    SalesOrder *order = record;
    PartyFacts party;
    Channel channel;
    (void)input;
    TRY(order_quote_check(ctx, order));
    TRY(party_facts(ctx, order->customer, &party));
    TRY(channel_load(ctx, order->channel, &channel));
    TRY(check_customer(ctx, &party));
    TRY(check_validity(ctx, order));
    TRY(freeze(ctx, order));
    TRY(order_reserve(ctx, order));
    TRY(check_credit(ctx, order, &party, &channel));
    TRY(order_take_payments(ctx, order));
    return order_refresh(ctx, order);
}

Status order_place(Ctx *ctx, SalesOrder *order)
{
    return action_do(ctx, &sales_order_entity, order, "place", NULL);
}

// ---- Release ------------------------------------------------------------------------------------

bool order_is_settled(const SalesOrder *order)
{
    return order->paid.minor - order->refunded.minor >= order->totals.total.minor;
}

Status order_is_clear(Ctx *ctx, const SalesOrder *order, bool *ret)
{
    Channel channel;
    TRY(channel_load(ctx, order->channel, &channel));
    *ret = !order->is_on_hold && (!channel.needs_payment || order_is_settled(order) ||
                                  order->payment == PAY_STATE_AUTHORISED);
    return OK;
}

// Releasing by hand what waits for its payment: somebody's decision, which the audit trail shows.
Status order_confirm_check(Ctx *ctx, const void *record)
{
    const SalesOrder *order = record;
    if (order->is_on_hold)
        return FAIL(ctx, E_CONFLICT, "oms.on_hold", "the order is on hold: " STR_FMT,
                    STR_ARG(order->hold_reason));
    return OK;
}

Status order_hold_run(Ctx *ctx, void *record, const void *input)
{
    const HoldInput *hold = input;
    SalesOrder *order = record;
    put_on_hold(order, hold->words);
    return exception_raise(ctx, order->record.id, "oms.hold", hold->words);
}

Status order_unhold_check(Ctx *ctx, const void *record)
{
    const SalesOrder *order = record;
    return order->is_on_hold ? OK
                             : FAIL(ctx, E_CONFLICT, "oms.no_hold", "the order is not on hold");
}

Status order_unhold_run(Ctx *ctx, void *record, const void *input)
{
    SalesOrder *order = record;
    (void)input;
    order->is_on_hold = false;
    order->hold_reason = S("");
    TRY(exception_solve(ctx, order->record.id, "oms.hold"));
    return exception_solve(ctx, order->record.id, "oms.credit_limit");
}

// ---- Money --------------------------------------------------------------------------------------

Status order_take_payments(Ctx *ctx, SalesOrder *order)
{
    Money authorised = { 0 };
    if (!order_is_fresh(order))
        TRY(payments_of(ctx, order_link(order), &order->paid, &order->refunded, &authorised));
    bool is_authorised = order->paid.minor == 0 && authorised.minor > 0 &&
                         authorised.minor >= order->totals.total.minor;
    order->payment = is_authorised ? PAY_STATE_AUTHORISED : PAY_STATE_UNPAID;
    order->due.minor = order->totals.total.minor - order->paid.minor + order->refunded.minor;
    return OK;
}

static Status allocate_payments(Ctx *ctx, const SalesOrder *order)
{
    Id invoice;
    IdList invoices = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT DISTINCT invoice_id FROM delivery"
                                   " WHERE sales_order_id = $1 AND invoice_id IS NOT NULL"
                                   " ORDER BY invoice_id",
                                   order->record.id));
    while (rows_next(rows, &invoice))
        *list_push(ctx->arena, &invoices) = invoice;
    TRY(rows_end(rows));
    EACH (id, invoices)
        TRY(payments_allocate(ctx, order_link(order), *id, tenant_today(ctx)));
    return OK;
}

Status order_paid(Ctx *ctx, Id id)
{
    SalesOrder order;
    TRY(sales_order_load(ctx, id, &order));
    TRY(order_take_payments(ctx, &order));
    if (order.state == ORDER_STATE_CANCELLED && order.paid.minor > order.refunded.minor)
        TRY(exception_raise(ctx, id, "oms.paid_cancelled",
                            S("money came in for a cancelled order: give it back")));
    TRY(allocate_payments(ctx, &order));
    return sales_order_save(ctx, &order);
}
