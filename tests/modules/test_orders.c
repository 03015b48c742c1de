// test_orders.c - selling from the first question to the last return, each story in the lane of a
// small company, on both engines, with `verify` finding nothing at its end.
#include "kernel/entity/access.h"
#include "kernel/pdf_reader.h"
#include "modules/billing/billing.h"
#include "modules/books.h"
#include "modules/oms/offer.h"
#include "modules/shop.h"

typedef struct Story {
    Shop shop;
    SalesOrder order;
    Basket basket;
    IdList deliveries;
    int64_t pay;
    const char *action;
    const void *input;
    Date on;
} Story;

static Status step_order(Ctx *ctx, void *arg)
{
    Story *story = arg;
    return shop_order(ctx, &story->shop, &story->basket, &story->order);
}

static Status step_pay(Ctx *ctx, void *arg)
{
    Story *story = arg;
    int64_t amount = story->pay ? story->pay : story->order.totals.total.minor;
    return shop_pay(ctx, &story->shop, &story->order, amount);
}

static Status step_deliver(Ctx *ctx, void *arg)
{
    Story *story = arg;
    return shop_deliver(ctx, story->order.record.id, tenant_today(ctx), &story->deliveries);
}

static Status step_arrive(Ctx *ctx, void *arg)
{
    Story *story = arg;
    EACH (id, story->deliveries)
        TRY(delivery_delivered(ctx, *id, tenant_today(ctx)));
    return OK;
}

static Status step_act(Ctx *ctx, void *arg)
{
    Story *story = arg;
    return shop_act(ctx, story->order.record.id, story->action, story->input);
}

static Status step_look(Ctx *ctx, void *arg)
{
    Story *story = arg;
    return sales_order_load(ctx, story->order.record.id, &story->order);
}

static void look(Ctx *ctx, Story *story)
{
    CHECK_OK(ctx, tenant_read(ctx, step_look, story));
}

static void act(Ctx *ctx, Story *story, const char *action, const void *input)
{
    story->action = action;
    story->input = input;
    books_must(ctx, step_act, story);
    look(ctx, story);
}

static void refused(Ctx *ctx, Story *story, const char *code, const char *action, const void *input)
{
    story->action = action;
    story->input = input;
    CHECK_FAILS(ctx, code, tenant_transact(ctx, step_act, story));
}

static void buy(Ctx *ctx, Story *story, Basket basket)
{
    story->basket = basket;
    story->pay = 0;
    books_must(ctx, step_order, story);
}

static void pay(Ctx *ctx, Story *story, int64_t minor)
{
    story->pay = minor;
    books_must(ctx, step_pay, story);
    shop_jobs(ctx);
    look(ctx, story);
}

static void ship(Ctx *ctx, Story *story)
{
    books_must(ctx, step_deliver, story);
    look(ctx, story);
}

typedef struct Free {
    Id variant, warehouse;
    Qty quantity;
} Free;

static Status read_free(Ctx *ctx, void *arg)
{
    Free *asked = arg;
    return stock_available(ctx, asked->variant, asked->warehouse, &asked->quantity);
}

static int64_t free_of(Ctx *ctx, const Story *story, int variant)
{
    Free asked = { .variant = story->shop.variants[variant] };
    CHECK_OK(ctx, tenant_read(ctx, read_free, &asked));
    return asked.quantity.micro / MICRO;
}

static int64_t count_rows(Ctx *ctx, const char *sql)
{
    return fixture_number(ctx, ctx->tenant->db, sql);
}

// ---- Order to cash ------------------------------------------------------------------------------

static void test_order_to_cash(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 10, 0);
    buy(ctx, &s, (Basket){ .pieces = { 2, 1 }, .freight = 500 });
    CHECK_INT(s.order.totals.net.minor, 4000);
    CHECK_INT(s.order.totals.charges_net.minor, 500);
    CHECK_INT(s.order.totals.tax.minor, 900);  // 20 %
    CHECK_INT(s.order.totals.total.minor, 5400);
    CHECK_INT(s.order.headline, HEADLINE_PENDING_PAYMENT);
    CHECK_INT(free_of(ctx, &s, 0), 8);

    pay(ctx, &s, 0);
    CHECK_INT(s.order.state, ORDER_STATE_CONFIRMED);
    CHECK_INT(s.order.headline, HEADLINE_PAID);

    ship(ctx, &s);
    CHECK_INT(s.deliveries.len, 1);
    CHECK_INT(s.order.headline, HEADLINE_SHIPPED);
    CHECK_INT(s.order.invoiced.minor, 5400);
    CHECK_INT(s.order.lines.items[0].cost.minor, 1000);
    CHECK_INT(s.order.lines.items[0].reserved.micro, 0);

    books_must(ctx, step_arrive, &s);
    look(ctx, &s);
    CHECK_INT(s.order.headline, HEADLINE_DELIVERED);
    act(ctx, &s, "close", NULL);
    CHECK_INT(s.order.headline, HEADLINE_CLOSED);

    CHECK_INT(books_balance(ctx, "1200").minor, 0);     // nothing owed
    CHECK_INT(books_balance(ctx, "1100").minor, 5400);  // in the bank
    CHECK_INT(books_balance(ctx, "4100").minor, -4000);
    CHECK_INT(books_balance(ctx, "4200").minor, -500);
    CHECK_INT(books_balance(ctx, "5100").minor, 2000);
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM invoice WHERE settlement = 'settled'"), 1);
    shop_verify(ctx);
    shop_close(&s.shop);
}

static void test_paying_in_two_parts(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 10, 0);
    buy(ctx, &s, (Basket){ .pieces = { 5 } });
    pay(ctx, &s, 2000);
    CHECK_INT(s.order.payment, PAY_STATE_PART_PAID);
    CHECK_INT(s.order.state, ORDER_STATE_PLACED);
    CHECK_FAILS(ctx, "oms.not_released", tenant_transact(ctx, step_deliver, &s));
    pay(ctx, &s, 4000);
    CHECK_INT(s.order.payment, PAY_STATE_PAID);
    CHECK_INT(s.order.state, ORDER_STATE_CONFIRMED);
    ship(ctx, &s);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    shop_verify(ctx);
    shop_close(&s.shop);
}

// ---- Partial shipments --------------------------------------------------------------------------

static void test_two_warehouses_two_invoices(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 3, 4);
    buy(ctx, &s, (Basket){ .pieces = { 5, 2 }, .freight = 700 });
    pay(ctx, &s, 0);
    ship(ctx, &s);
    CHECK_INT(s.deliveries.len, 2);
    CHECK_INT(s.order.fulfilment, SHIP_STATE_SHIPPED);
    CHECK_INT(s.order.invoiced.minor, s.order.totals.total.minor);
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM invoice"), 2);
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM invoice_charge"), 1);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    shop_verify(ctx);
    shop_close(&s.shop);
}

static Status step_receive_more(Ctx *ctx, void *arg)
{
    Story *s = arg;
    MoveDone done;
    return room_receive(ctx, &s->shop.room, s->shop.variants[0], s->shop.room.bin, 10, 600, 0,
                        &done);
}

static Status step_solve(Ctx *ctx, void *arg)
{
    OrderException row;
    Id id;
    (void)arg;
    TRY(db_one(ctx, SQL("SELECT id FROM order_exception ORDER BY id LIMIT 1"), &id));
    TRY(order_exception_load(ctx, id, &row));
    return action_do(ctx, &order_exception_entity, &row, "solve", NULL);
}

static void test_backorder_waits_for_stock(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 3, 0);
    buy(ctx, &s,
        (Basket){ .pieces = { 5 }, .channel = s.shop.wholesale, .customer = s.shop.on_account });
    CHECK_INT(s.order.state, ORDER_STATE_CONFIRMED);  // on account
    CHECK_INT(s.order.lines.items[0].reserved.micro, 3 * MICRO);
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM order_exception WHERE state = 'open'"), 1);
    ship(ctx, &s);
    CHECK_INT(s.order.headline, HEADLINE_PART_SHIPPED);
    books_must(ctx, step_receive_more, &s);
    ctx->now += 10 * MINUTE;
    shop_jobs(ctx);
    look(ctx, &s);
    CHECK_INT(s.order.lines.items[0].reserved.micro, 2 * MICRO);
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM order_exception WHERE state = 'open'"), 0);
    ship(ctx, &s);
    CHECK_INT(s.order.headline, HEADLINE_SHIPPED);
    CHECK_INT(books_balance(ctx, "1200").minor, 6000);  // owed
    pay(ctx, &s, 0);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM invoice WHERE settlement = 'settled'"), 2);
    shop_verify(ctx);
    shop_close(&s.shop);
}

static void test_short_is_refused_whole(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 3, 1);
    s.basket = (Basket){ .pieces = { 2, 5 } };
    CHECK_FAILS(ctx, "stock_available.short", tenant_transact(ctx, step_order, &s));
    CHECK_INT(free_of(ctx, &s, 0), 4);
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM sales_order"), 0);
    shop_verify(ctx);
    shop_close(&s.shop);
}

// ---- Cancelling ---------------------------------------------------------------------------------

static Status step_plan(Ctx *ctx, void *arg)
{
    Story *s = arg;
    Delivery delivery;
    TRY(delivery_plan(ctx, s->order.record.id, tenant_today(ctx), &s->deliveries));
    TRY(delivery_load(ctx, s->deliveries.items[0], &delivery));
    TRY(delivery_pick_all(ctx, &delivery));
    return action_do(ctx, &delivery_entity, &delivery, "pack", NULL);
}

static Status step_cancel_delivery(Ctx *ctx, void *arg)
{
    Story *s = arg;
    Delivery delivery;
    TRY(delivery_load(ctx, s->deliveries.items[0], &delivery));
    return action_do(ctx, &delivery_entity, &delivery, "cancel", NULL);
}

static void test_cancelling_a_packed_delivery(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 10, 0);
    buy(ctx, &s, (Basket){ .pieces = { 2 } });
    pay(ctx, &s, 0);
    books_must(ctx, step_plan, &s);
    look(ctx, &s);
    CHECK_INT(s.order.headline, HEADLINE_READY_TO_SHIP);
    books_must(ctx, step_cancel_delivery, &s);
    look(ctx, &s);
    CHECK_INT(s.order.headline, HEADLINE_PAID);
    CHECK_INT(free_of(ctx, &s, 0), 8);  // still reserved for the order
    shop_verify(ctx);
    ship(ctx, &s);
    CHECK_INT(s.order.headline, HEADLINE_SHIPPED);
    shop_verify(ctx);
    shop_close(&s.shop);
}

static Status step_draft(Ctx *ctx, void *arg)
{
    Story *s = arg;
    OrderSpec spec = { .channel = s->shop.web, .customer = s->shop.customer };
    *list_push(ctx->arena, &spec.lines) =
        (OrderLineSpec){ .variant = s->shop.variants[0], .quantity = pieces(2) };
    return order_create(ctx, &spec, &s->order);
}

// ---- In one breath, or in two -------------------------------------------------------------------

typedef struct TwoWays {
    Shop shop;
    Basket basket;
    SalesOrder once, twice;
    Str held[2];  // what each reserves
} TwoWays;

static Status write_then_place(Ctx *ctx, void *arg)
{
    TwoWays *both = arg;
    OrderSpec spec;
    shop_spec(ctx, &both->shop, &both->basket, &spec);
    TRY(order_create(ctx, &spec, &both->twice));
    return order_place(ctx, &both->twice);
}

static Status place_at_once(Ctx *ctx, void *arg)
{
    TwoWays *both = arg;
    return shop_order(ctx, &both->shop, &both->basket, &both->once);
}

static Status held_by(Ctx *ctx, const SalesOrder *order, Str *ret)
{
    Buf out = { .arena = ctx->arena };
    StockHeldList held;
    TRY(stock_held(ctx, (Link){ &sales_order_entity, order->record.id }, &held));
    EACH (h, held)
        buf_printf(&out, "%lld in %lld: %lld; ", (long long)h->variant, (long long)h->warehouse,
                   (long long)h->quantity.micro);
    *ret = buf_str(&out);
    return OK;
}

static Status read_both(Ctx *ctx, void *arg)
{
    TwoWays *both = arg;
    TRY(held_by(ctx, &both->once, &both->held[0]));
    TRY(held_by(ctx, &both->twice, &both->held[1]));
    TRY(sales_order_load(ctx, both->once.record.id, &both->once));
    return sales_order_load(ctx, both->twice.record.id, &both->twice);
}

// All that must differ between two orders: who they are, and how often they were written.
static Str same_words(Ctx *ctx, SalesOrder *order)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    order->record = (Record){ .id = 1, .version = 1 };
    order->number = S("");
    order->placed_at = 0;
    EACH (line, order->lines)
        line->record.id = 1;
    EACH (charge, order->charges)
        charge->record.id = 1;
    CHECK_OK(ctx, record_to_json(ctx, &sales_order_entity, order, 0, NULL, &json));
    return buf_str(&out);
}

static void check_both_ways(Ctx *ctx, TwoWays *both, Basket basket)
{
    both->basket = basket;
    books_must(ctx, place_at_once, both);
    books_must(ctx, write_then_place, both);
    CHECK_OK(ctx, tenant_read(ctx, read_both, both));
    CHECK(str_eq(both->held[0], both->held[1]));
    CHECK_STR(same_words(ctx, &both->once), same_words(ctx, &both->twice).ptr);
}

static void test_placed_at_once_is_placed_the_same(void)
{
    Ctx *ctx = test_ctx();
    TwoWays both = { 0 };
    shop_open(ctx, &both.shop, 20, 10);
    check_both_ways(ctx, &both, (Basket){ .pieces = { 2, 1 }, .freight = 500 });
    check_both_ways(ctx, &both,
                    (Basket){ .pieces = { 0, 1 },
                              .channel = both.shop.wholesale,
                              .customer = both.shop.on_account });
    shop_verify(ctx);
    shop_close(&both.shop);
}

static void test_cancelling_at_each_point(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    CancelInput why = { .words = S("changed my mind") };
    shop_open(ctx, &s.shop, 10, 0);

    books_must(ctx, step_draft, &s);
    act(ctx, &s, "cancel", &why);
    CHECK_INT(s.order.headline, HEADLINE_CANCELLED);

    buy(ctx, &s, (Basket){ .pieces = { 2 } });
    act(ctx, &s, "cancel", &why);
    CHECK_INT(free_of(ctx, &s, 0), 10);

    buy(ctx, &s, (Basket){ .pieces = { 2 } });
    pay(ctx, &s, 0);
    act(ctx, &s, "cancel", &why);
    CHECK_INT(s.order.payment, PAY_STATE_REFUNDED);
    CHECK_INT(books_balance(ctx, "1100").minor, 0);

    buy(ctx, &s, (Basket){ .pieces = { 2 } });
    pay(ctx, &s, 0);
    books_must(ctx, step_plan, &s);
    look(ctx, &s);
    CHECK_INT(s.order.headline, HEADLINE_READY_TO_SHIP);
    act(ctx, &s, "cancel", &why);
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM delivery WHERE state <> 'cancelled'"), 0);
    CHECK_INT(free_of(ctx, &s, 0), 10);
    shop_jobs(ctx);
    shop_verify(ctx);
    shop_close(&s.shop);
}

static void test_cancelling_the_rest(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 3, 0);
    buy(ctx, &s,
        (Basket){ .pieces = { 5 }, .channel = s.shop.wholesale, .customer = s.shop.on_account });
    refused(ctx, &s, "oms.no_rest", "cancel_rest", NULL);
    ship(ctx, &s);
    refused(ctx, &s, "oms.shipped_already", "cancel", NULL);
    act(ctx, &s, "cancel_rest", NULL);
    CHECK_INT(s.order.headline, HEADLINE_SHIPPED);
    CHECK_INT(s.order.totals.total.minor, 3600);
    CHECK_INT(s.order.invoiced.minor, 3600);
    shop_verify(ctx);
    shop_close(&s.shop);
}

// ---- Changing -----------------------------------------------------------------------------------

static void test_changing_before_it_leaves(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 10, 0);
    buy(ctx, &s, (Basket){ .pieces = { 4, 1 } });
    pay(ctx, &s, 0);  // 72.00
    AmendLine fewer[] = { { .sku = S("P-1"), .quantity = pieces(1) }, { .sku = S("P-2") } };
    act(ctx, &s, "amend", &(AmendInput){ .lines = { fewer, 2, 2 } });
    CHECK_INT(s.order.totals.total.minor, 1200);
    CHECK_INT(s.order.refunded.minor, 6000);
    CHECK_INT(s.order.state, ORDER_STATE_CONFIRMED);
    CHECK_INT(free_of(ctx, &s, 0), 9);
    CHECK_INT(free_of(ctx, &s, 1), 10);

    AmendLine more[] = { { .sku = S("P-3"), .quantity = pieces(1) } };
    act(ctx, &s, "amend", &(AmendInput){ .lines = { more, 1, 1 } });
    CHECK_INT(s.order.totals.total.minor, 4800);
    CHECK_INT(s.order.state, ORDER_STATE_PLACED);  // until the rest is paid
    pay(ctx, &s, 3600);
    CHECK_INT(s.order.state, ORDER_STATE_CONFIRMED);

    AmendLine too_many[] = { { .sku = S("P-3"), .quantity = pieces(11) } };
    refused(ctx, &s, "stock_available.short", "amend",
            &(AmendInput){ .lines = { too_many, 1, 1 } });
    AmendLine unknown[] = { { .sku = S("P-99"), .quantity = pieces(1) } };
    refused(ctx, &s, "oms.sku", "amend", &(AmendInput){ .lines = { unknown, 1, 1 } });
    AmendLine nothing[] = { { .sku = S("P-1") }, { .sku = S("P-3") } };
    refused(ctx, &s, "oms.nothing_left", "amend", &(AmendInput){ .lines = { nothing, 2, 2 } });

    ship(ctx, &s);
    refused(ctx, &s, "oms.being_picked", "amend", &(AmendInput){ .lines = { more, 1, 1 } });
    CHECK_INT(s.order.fulfilment, SHIP_STATE_SHIPPED);
    CHECK_INT(s.order.invoiced.minor, 4800);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    shop_jobs(ctx);
    shop_verify(ctx);
    shop_close(&s.shop);
}

// ---- Holding ------------------------------------------------------------------------------------

static Status step_limit(Ctx *ctx, void *arg)
{
    Story *s = arg;
    Party party;
    TRY(party_load(ctx, s->shop.on_account, &party));
    party.credit_limit = (MaybeMoney){ true, { 2000 } };
    return party_save(ctx, &party);
}

static void test_credit_limit_holds(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 10, 0);
    books_must(ctx, step_limit, &s);
    buy(ctx, &s,
        (Basket){ .pieces = { 2 }, .channel = s.shop.wholesale, .customer = s.shop.on_account });
    CHECK(s.order.is_on_hold);
    CHECK_INT(s.order.state, ORDER_STATE_PLACED);
    refused(ctx, &s, "oms.on_hold", "confirm", NULL);
    books_must(ctx, step_solve, &s);
    CHECK_FAILS(ctx, "oms.solved_already", tenant_transact(ctx, step_solve, &s));
    act(ctx, &s, "unhold", NULL);
    CHECK_INT(s.order.state, ORDER_STATE_CONFIRMED);
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM order_exception WHERE state = 'open'"), 0);
    refused(ctx, &s, "oms.no_hold", "unhold", NULL);
    shop_verify(ctx);
    shop_close(&s.shop);
}

// ---- Returns ------------------------------------------------------------------------------------

typedef struct Comeback {
    Story *story;
    int64_t count;
    Disposition disposition;
    Rma rma;
    const char *until;  // the action after which it stops; NULL: settled
} Comeback;

static Status make_return(Ctx *ctx, Comeback *back)
{
    const SalesOrder *order = &back->story->order;
    Rma *rma = rma_new(ctx);
    Id reason;
    TRY(db_one(ctx,
               SQL("SELECT id FROM choice WHERE list_name = 'return_reason'"
                   " AND value_code = 'unwanted'"),
               &reason));
    rma->sales_order = order->record.id;
    rma->customer = order->customer;
    rma->currency = order->currency;
    rma->warehouse = back->story->shop.room.main;
    RmaLine *line = list_push(ctx->arena, &rma->lines);
    line->order_line = order->lines.items[0].record.id;
    line->variant = order->lines.items[0].variant;
    line->quantity = pieces(back->count);
    line->reason = reason;
    line->disposition = back->disposition;
    TRY(rma_save(ctx, rma));
    back->rma = *rma;
    return OK;
}

static Status step_return(Ctx *ctx, void *arg)
{
    static const char *const steps[] = { "approve", "receive", "inspect", "settle" };
    Comeback *back = arg;
    TRY(make_return(ctx, back));
    for (size_t i = 0; i < COUNT(steps); i++)
        TRY(action_do(ctx, &rma_entity, &back->rma, steps[i], NULL));
    return OK;
}

static void test_return_and_refund(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 10, 0);
    buy(ctx, &s, (Basket){ .pieces = { 3 } });
    pay(ctx, &s, 0);
    ship(ctx, &s);
    Comeback back = { .story = &s, .count = 2, .disposition = DISPOSITION_RESTOCK };
    books_must(ctx, step_return, &back);
    shop_jobs(ctx);
    look(ctx, &s);
    CHECK_INT(back.rma.refund_due.minor, 2400);
    CHECK_INT(back.rma.lines.items[0].restocked.micro, 2 * MICRO);
    CHECK_INT(s.order.refunded.minor, 2400);
    CHECK_INT(s.order.returns, RETURN_AXIS_SETTLED);
    CHECK_INT(s.order.payment, PAY_STATE_PART_REFUNDED);
    CHECK_INT(free_of(ctx, &s, 0), 9);
    CHECK_INT(books_balance(ctx, "5100").minor, 500);  // back at its own cost
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    CHECK_INT(books_balance(ctx, "1100").minor, 1200);

    back = (Comeback){ .story = &s, .count = 2, .disposition = DISPOSITION_SCRAP };
    CHECK_FAILS(ctx, "oms.return_too_much", tenant_transact(ctx, step_return, &back));
    back = (Comeback){ .story = &s, .count = 1, .disposition = DISPOSITION_UNDECIDED };
    CHECK_FAILS(ctx, "oms.undecided", tenant_transact(ctx, step_return, &back));
    back = (Comeback){ .story = &s, .count = 1, .disposition = DISPOSITION_SCRAP };
    books_must(ctx, step_return, &back);
    shop_jobs(ctx);
    look(ctx, &s);
    CHECK_INT(s.order.headline, HEADLINE_RETURNED);
    CHECK_INT(free_of(ctx, &s, 0), 9);
    CHECK_INT(books_balance(ctx, "1100").minor, 0);
    shop_verify(ctx);
    shop_close(&s.shop);
}

static Status step_return_too_early(Ctx *ctx, void *arg)
{
    Comeback *back = arg;
    ArriveInput yesterday = { .on = tenant_today(ctx) - 1 };
    TRY(make_return(ctx, back));
    TRY(action_do(ctx, &rma_entity, &back->rma, "approve", NULL));
    return action_do(ctx, &rma_entity, &back->rma, "receive", &yesterday);
}

// What comes back is worth what it left with: before it had left, that would be worth what it is
// worth.
static void test_nothing_comes_back_before_it_left(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 10, 0);
    buy(ctx, &s, (Basket){ .pieces = { 3 } });
    pay(ctx, &s, 0);
    ship(ctx, &s);
    Comeback back = { .story = &s, .count = 1, .disposition = DISPOSITION_RESTOCK };
    CHECK_FAILS(ctx, "inventory.returned_before",
                tenant_transact(ctx, step_return_too_early, &back));
    CHECK_INT(count_rows(ctx, "SELECT count(*) FROM rma"), 0);
    shop_verify(ctx);
    shop_close(&s.shop);
}

static void test_return_on_account_lowers_what_is_owed(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    shop_open(ctx, &s.shop, 10, 0);
    buy(ctx, &s,
        (Basket){ .pieces = { 3 }, .channel = s.shop.wholesale, .customer = s.shop.on_account });
    ship(ctx, &s);
    Comeback back = { .story = &s, .count = 1, .disposition = DISPOSITION_KEEP };
    books_must(ctx, step_return, &back);
    look(ctx, &s);
    CHECK_INT(books_balance(ctx, "1200").minor, 2400);
    CHECK_INT(s.order.lines.items[0].returned.micro, 0);
    CHECK_INT(free_of(ctx, &s, 0), 7);
    shop_verify(ctx);
    shop_close(&s.shop);
}

// ---- Paper --------------------------------------------------------------------------------------

static Status step_papers(Ctx *ctx, void *arg)
{
    Story *s = arg;
    Delivery delivery;
    Str slip, picks;
    TRY(delivery_load(ctx, s->deliveries.items[0], &delivery));
    TRY(print_packing_slip(ctx, &delivery, &slip));
    TRY(print_delivery_picks(ctx, &delivery, &picks));
    Str text = paper_seen_by(paper_save(ctx, slip), "pdftotext %s -");
    CHECK_HOLDS(text, delivery.number.ptr);
    CHECK_HOLDS(text, "P-1");
    CHECK_HOLDS(text, "LS1 1AA");
    text = paper_seen_by(paper_save(ctx, picks), "pdftotext %s -");
    CHECK_HOLDS(text, "A-01");
    return OK;
}

static void test_papers_of_the_warehouse(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    NEEDS("pdftotext");
    shop_open(ctx, &s.shop, 10, 0);
    buy(ctx, &s, (Basket){ .pieces = { 3, 1 } });
    pay(ctx, &s, 0);
    books_must(ctx, step_plan, &s);
    CHECK_OK(ctx, tenant_read(ctx, step_papers, &s));
    shop_close(&s.shop);
}

// ---- Reports ------------------------------------------------------------------------------------

typedef struct Sold {
    const char *report;
    int column;
    int64_t sum, rows, first;
} Sold;

static Status step_report(Ctx *ctx, void *arg)
{
    Sold *sold = arg;
    SalesPeriod period = { tenant_today(ctx) - 30, tenant_today(ctx) };
    ReportRows rows;
    TRY(report_run(ctx, report_named(str_from(sold->report)), &period, &rows));
    sold->rows = (int64_t)rows.rows.len;
    sold->first = rows.rows.len ? rows.rows.items[0][0].number : 0;
    EACH (row, rows.rows)
        sold->sum += (*row)[sold->column].number;
    return OK;
}

static void test_reports_add_up(void)
{
    Ctx *ctx = test_ctx();
    Story s = { 0 };
    Sold sold[] = { { "oms.sales_by_month", 3 },
                    { "oms.sales_by_country", 3 },
                    { "oms.sales_by_product", 4 },
                    { "oms.sales_by_channel", 3 },
                    { "oms.open_orders", 5 } };
    static const int64_t wanted_rows[] = { 1, 1, 2, 2, 2 };
    static const int64_t wanted_sums[] = { 8500, 8500, 8000, 8500, 10200 };
    shop_open(ctx, &s.shop, 10, 0);
    buy(ctx, &s, (Basket){ .pieces = { 1, 1 }, .freight = 500 });
    buy(ctx, &s,
        (Basket){ .pieces = { 1, 2 }, .channel = s.shop.wholesale, .customer = s.shop.on_account });
    buy(ctx, &s, (Basket){ .pieces = { 3 } });
    act(ctx, &s, "cancel", NULL);
    for (size_t i = 0; i < COUNT(sold); i++) {
        test_row = sold[i].report;
        CHECK_OK(ctx, tenant_read(ctx, step_report, &sold[i]));
        CHECK_INT(sold[i].rows, wanted_rows[i]);
        CHECK_INT(sold[i].sum, wanted_sums[i]);
    }
    CHECK_INT(sold[0].first, books_day("2026-03-01"));
    shop_close(&s.shop);
}

const Test orders_tests[] = {
    { "an order is placed, paid, shipped, invoiced, booked and closed", test_order_to_cash },
    { "an order paid in two parts is released by the second", test_paying_in_two_parts },
    { "what leaves from two warehouses is two invoices that add up",
      test_two_warehouses_two_invoices },
    { "a backorder takes what is there and the rest when it comes",
      test_backorder_waits_for_stock },
    { "an order that is short is refused as a whole", test_short_is_refused_whole },
    { "an order placed in one breath is the one written, then placed",
      test_placed_at_once_is_placed_the_same },
    { "an order is cancelled at each point without a trace in stock or money",
      test_cancelling_at_each_point },
    { "an order whose packed delivery is cancelled is not ready to ship any more",
      test_cancelling_a_packed_delivery },
    { "what has not left is cancelled alone", test_cancelling_the_rest },
    { "an order is changed before it leaves", test_changing_before_it_leaves },
    { "beyond the credit limit an order waits for somebody's word", test_credit_limit_holds },
    { "goods come back at their own cost, and the money goes back", test_return_and_refund },
    { "nothing comes back before it has left", test_nothing_comes_back_before_it_left },
    { "a return on account lowers what is owed", test_return_on_account_lowers_what_is_owed },
    { "pick list and packing slip say what and for whom", test_papers_of_the_warehouse },
    { "reports of sales add up to what was sold", test_reports_add_up },
    { 0 },
};
