// test_foreign.c - selling in a currency that is not the company's: each document carries its day's
// rate, what is paid at another rate leaves an exchange difference, and nothing is left over.
#include "modules/books.h"
#include "modules/oms/offer.h"
#include "modules/shop.h"

#include "kernel/entity/access.h"

typedef struct Abroad {
    Shop shop;
    Id channel;
    SalesOrder order;
    IdList deliveries;
    int64_t paid;
    Rma rma;
} Abroad;

static const CurrencyCode dollar = { "USD" };

// From `on` a pound costs so many dollars.
static void write_rate(Ctx *ctx, Date on, int64_t nano)
{
    FxRate *rate = fx_rate_new(ctx);
    rate->currency = dollar;
    rate->rate.nano = -nano;
    rate->valid_from = on;
    CHECK_OK(ctx, fx_rate_save(ctx, rate));
}

static Status step_rates(Ctx *ctx, void *arg)
{
    (void)arg;
    write_rate(ctx, tenant_today(ctx), 1270000000);
    write_rate(ctx, tenant_today(ctx) + 5, 1300000000);
    write_rate(ctx, tenant_today(ctx) + 10, 1210000000);
    return OK;
}

static Status step_export(Ctx *ctx, void *arg)
{
    Abroad *abroad = arg;
    Channel *channel = channel_new(ctx);
    PriceList *list = price_list_new(ctx);
    channel->channel_code = channel->name = S("export");
    channel->currency = list->currency = dollar;
    channel->needs_payment = false;
    list_push(ctx->arena, &channel->warehouses)->warehouse = abroad->shop.room.main;
    TRY(channel_save(ctx, channel));
    abroad->channel = channel->record.id;
    list->name = S("Export");
    ListPrice *price = list_push(ctx->arena, &list->prices);
    price->variant = abroad->shop.variants[0];
    price->price.micro = 9990000;
    return price_list_save(ctx, list);
}

static Status step_order(Ctx *ctx, void *arg)
{
    Abroad *abroad = arg;
    Basket basket = { .pieces = { 3 },
                      .channel = abroad->channel,
                      .customer = abroad->shop.on_account };
    return shop_order(ctx, &abroad->shop, &basket, &abroad->order);
}

static Status step_deliver(Ctx *ctx, void *arg)
{
    Abroad *abroad = arg;
    return shop_deliver(ctx, abroad->order.record.id, tenant_today(ctx), &abroad->deliveries);
}

static Status step_pay(Ctx *ctx, void *arg)
{
    Abroad *abroad = arg;
    return shop_pay(ctx, &abroad->shop, &abroad->order, abroad->paid);
}

static Status step_look(Ctx *ctx, void *arg)
{
    Abroad *abroad = arg;
    return sales_order_load(ctx, abroad->order.record.id, &abroad->order);
}

static void pay(Ctx *ctx, Abroad *abroad, int64_t cents)
{
    abroad->paid = cents;
    books_must(ctx, step_pay, abroad);
    shop_jobs(ctx);
    CHECK_OK(ctx, tenant_read(ctx, step_look, abroad));
}

static void open_abroad(Ctx *ctx, Abroad *abroad)
{
    *abroad = (Abroad){ 0 };
    shop_open(ctx, &abroad->shop, 10, 0);
    books_must(ctx, step_export, abroad);
}

// 3 x 9.99 = 29.97 and 20 % tax 5.99 (35.96 dollars) at 1.27 are 23.60, 4.72 and 28.31 pounds.
static void sell(Ctx *ctx, Abroad *abroad)
{
    open_abroad(ctx, abroad);
    books_must(ctx, step_rates, abroad);
    books_must(ctx, step_order, abroad);
    CHECK_INT(abroad->order.totals.total.minor, 3596);
    CHECK_INT(abroad->order.fx.nano, -1270000000);
    books_must(ctx, step_deliver, abroad);
    CHECK_INT(books_balance(ctx, "1200").minor, 2831);
    CHECK_INT(books_balance(ctx, "4100").minor, -2360);
}

static void test_without_a_rate_nothing_is_sold(void)
{
    Ctx *ctx = test_ctx();
    Abroad abroad;
    open_abroad(ctx, &abroad);
    CHECK_FAILS(ctx, "ledger.no_rate", tenant_transact(ctx, step_order, &abroad));
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM sales_order"), 0);
    shop_close(&abroad.shop);
}

// 10.00 at 1.27 are 7.87; 10.00 at 1.30 are 7.69; the rest, 15.96, at 1.21 13.19.
static void test_paid_in_parts_at_other_rates(void)
{
    Ctx *ctx = test_ctx();
    Abroad abroad;
    sell(ctx, &abroad);
    pay(ctx, &abroad, 1000);
    CHECK_INT(books_balance(ctx, "1100").minor, 787);
    ctx->now += 5 * DAY;
    pay(ctx, &abroad, 1000);
    CHECK_INT(books_balance(ctx, "1100").minor, 787 + 769);
    CHECK_INT(books_balance(ctx, "6800").minor, 18);  // 7.87 owed, 7.69 came
    ctx->now += 5 * DAY;
    pay(ctx, &abroad, 1596);
    CHECK_INT(books_balance(ctx, "1100").minor, 787 + 769 + 1319);
    CHECK_INT(books_balance(ctx, "4800").minor, -(1319 - (2831 - 787 - 787)));
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    CHECK_INT(abroad.order.payment, PAY_STATE_PAID);
    CHECK_INT(fixture_number(ctx, ctx->tenant->db,
                             "SELECT count(*) FROM open_item WHERE open <> 0 OR open_base <> 0"),
              0);
    shop_verify(ctx);
    shop_close(&abroad.shop);
}

static Status step_return(Ctx *ctx, void *arg)
{
    static const char *const steps[] = { "approve", "receive", "inspect", "settle" };
    Abroad *abroad = arg;
    Rma *rma = rma_new(ctx);
    rma->sales_order = abroad->order.record.id;
    rma->customer = abroad->order.customer;
    rma->currency = abroad->order.currency;
    rma->warehouse = abroad->shop.room.main;
    RmaLine *line = list_push(ctx->arena, &rma->lines);
    line->order_line = abroad->order.lines.items[0].record.id;
    line->variant = abroad->order.lines.items[0].variant;
    line->quantity = pieces(1);
    line->disposition = DISPOSITION_RESTOCK;
    TRY(db_one(ctx,
               SQL("SELECT id FROM choice WHERE list_name = 'return_reason'"
                   " AND value_code = 'unwanted'"),
               &line->reason));
    TRY(rma_save(ctx, rma));
    for (size_t i = 0; i < COUNT(steps); i++)
        TRY(action_do(ctx, &rma_entity, rma, steps[i], NULL));
    abroad->rma = *rma;
    return OK;
}

static void test_a_return_at_another_rate(void)
{
    Ctx *ctx = test_ctx();
    Abroad abroad;
    sell(ctx, &abroad);
    pay(ctx, &abroad, 3596);
    ctx->now += 5 * DAY;
    books_must(ctx, step_return, &abroad);
    shop_jobs(ctx);
    CHECK_OK(ctx, tenant_read(ctx, step_look, &abroad));
    CHECK_INT(abroad.rma.refund_due.minor, abroad.order.refunded.minor);
    CHECK_INT(abroad.order.refunded.minor, 1199);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    CHECK_INT(books_balance(ctx, "1100").minor, 2831 - 922);  // 11.99 at 1.30
    shop_verify(ctx);
    shop_close(&abroad.shop);
}

const Test foreign_tests[] = {
    { "without a rate of the day nothing is sold in another currency",
      test_without_a_rate_nothing_is_sold },
    { "what is paid in parts at other rates leaves only gains and losses",
      test_paid_in_parts_at_other_rates },
    { "a return is paid back at its own day's rate", test_a_return_at_another_rate },
    { 0 },
};
