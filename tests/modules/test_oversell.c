// test_oversell.c - more buyers than pieces, and chance: two hundred at once for fifty, and seeded
// runs of orders, payments, deliveries, changes, cancellations and returns in any order. Whatever
// happens, nothing is promised twice and `verify` finds nothing.
#include "base/random.h"
#include "kernel/entity/access.h"
#include "modules/shop.h"

#include <pthread.h>

// ---- Two hundred buyers -------------------------------------------------------------------------

enum { BUYERS = 200, PIECES = 50 };

typedef struct Buyer {
    const Shop *shop;
    pthread_barrier_t *start;
    pthread_t thread;
    uint64_t seed;
    Status status;
    char code[40];
} Buyer;

static Status step_buy(Ctx *ctx, void *arg)
{
    const Buyer *buyer = arg;
    SalesOrder order;
    return shop_order(ctx, buyer->shop, &(Basket){ .pieces = { 1 } }, &order);
}

static void *buy(void *arg)
{
    Buyer *buyer = arg;
    ThreadCtx own;
    Ctx *ctx = house_thread(&buyer->shop->room.house, &own, buyer->seed);
    pthread_barrier_wait(buyer->start);
    buyer->status = shop_try(ctx, step_buy, buyer);
    snprintf(buyer->code, sizeof buyer->code, "%s", buyer->status == OK ? "" : ctx->failure.code);
    thread_ctx_release(&own);
    return NULL;
}

static void let_all_buy(const Shop *shop, Buyer *buyers)
{
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, BUYERS);
    for (int i = 0; i < BUYERS; i++) {
        buyers[i] = (Buyer){ .shop = shop, .start = &start, .seed = (uint64_t)i + 1 };
        if (pthread_create(&buyers[i].thread, NULL, buy, &buyers[i]) != 0)
            abort();
    }
    for (int i = 0; i < BUYERS; i++)
        pthread_join(buyers[i].thread, NULL);
    pthread_barrier_destroy(&start);
}

static void test_two_hundred_buyers_for_fifty_pieces(void)
{
    static Buyer buyers[BUYERS];
    Ctx *ctx = test_ctx();
    Shop shop;
    int served = 0, refused = 0;
    shop_open(ctx, &shop, PIECES, 0);
    let_all_buy(&shop, buyers);
    for (int i = 0; i < BUYERS; i++) {
        served += buyers[i].status == OK;
        refused += strcmp(buyers[i].code, "stock_available.short") == 0;
    }
    CHECK_INT(served, PIECES);
    CHECK_INT(refused, BUYERS - PIECES);
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM sales_order"), PIECES);
    CHECK_INT(fixture_number(ctx, ctx->tenant->db,
                             "SELECT CAST(sum(free - reserved) AS BIGINT) FROM stock_available"
                             " WHERE reserved > 0"),
              0);
    shop_verify(ctx);
    shop_close(&shop);
}

// ---- Chance -------------------------------------------------------------------------------------

enum { RUNS = 3, STEPS = 60, ORDERS_MAX = 20 };

typedef struct Chance {
    Shop shop;
    Id orders[ORDERS_MAX];
    int count;
    Random random;  // its own, so that a member that runs twice does the same twice
} Chance;

static Id some_order(Chance *chance)
{
    return chance->count ? chance->orders[random_below(&chance->random, chance->count)] : 0;
}

static Status chance_order(Ctx *ctx, Chance *chance, Id *ret_made)
{
    SalesOrder order;
    Basket basket = { .freight = random_below(&chance->random, 2) * 450 };
    for (int i = 0; i < SHOP_VARIANTS; i++)
        basket.pieces[i] = random_below(&chance->random, 4);
    basket.pieces[0] += 1;
    if (random_chance(&chance->random, 2)) {
        basket.channel = chance->shop.wholesale;
        basket.customer = chance->shop.on_account;
    }
    TRY(shop_order(ctx, &chance->shop, &basket, &order));
    *ret_made = order.record.id;
    return OK;
}

static Status chance_pay(Ctx *ctx, Chance *chance)
{
    SalesOrder order;
    TRY(sales_order_load(ctx, some_order(chance), &order));
    int64_t due = order.totals.total.minor - order.paid.minor;
    int64_t part = random_chance(&chance->random, 3) ? due / 2 : due;
    if (part <= 0 || order.state == ORDER_STATE_CANCELLED)
        return OK;
    TRY(shop_pay(ctx, &chance->shop, &order, part));
    return order_paid(ctx, order.record.id);
}

static Status chance_deliver(Ctx *ctx, Chance *chance)
{
    IdList made;
    TRY(shop_deliver(ctx, some_order(chance), tenant_today(ctx), &made));
    EACH (id, made)
        if (random_chance(&chance->random, 2))
            TRY(delivery_delivered(ctx, *id, tenant_today(ctx)));
    return OK;
}

static Status chance_amend(Ctx *ctx, Chance *chance)
{
    static const char *const skus[SHOP_VARIANTS] = { "P-1", "P-2", "P-3", "P-4" };
    AmendLine line = { .sku = str_from(skus[random_below(&chance->random, SHOP_VARIANTS)]),
                       .quantity = pieces(random_below(&chance->random, 4)) };
    return shop_act(ctx, some_order(chance), "amend", &(AmendInput){ .lines = { &line, 1, 1 } });
}

static Status chance_return(Ctx *ctx, Chance *chance)
{
    static const char *const steps[] = { "receive", "inspect", "settle" };
    static const Disposition ends[] = { DISPOSITION_RESTOCK, DISPOSITION_SCRAP,
                                        DISPOSITION_SUPPLIER, DISPOSITION_KEEP };
    SalesOrder order;
    Rma *rma = rma_new(ctx);
    TRY(sales_order_load(ctx, some_order(chance), &order));
    rma->sales_order = order.record.id;
    rma->customer = order.customer;
    rma->currency = order.currency;
    rma->warehouse = chance->shop.room.main;
    RmaLine *line = list_push(ctx->arena, &rma->lines);
    line->order_line = order.lines.items[0].record.id;
    line->variant = order.lines.items[0].variant;
    line->quantity = pieces(1);
    line->disposition = ends[random_below(&chance->random, (int64_t)COUNT(ends))];
    TRY(db_one(ctx,
               SQL("SELECT id FROM choice WHERE list_name = 'return_reason' ORDER BY id LIMIT 1"),
               &line->reason));
    TRY(rma_save(ctx, rma));
    for (size_t i = 0; i < COUNT(steps); i++)
        TRY(action_do(ctx, &rma_entity, rma, steps[i], NULL));
    return OK;
}

typedef struct ChanceStep {
    Chance *chance;
    Id made;
} ChanceStep;

static Status step_chance(Ctx *ctx, void *arg)
{
    ChanceStep *step = arg;
    Chance *chance = step->chance;
    step->made = 0;
    switch (random_below(&chance->random, 8)) {
    case 0:
    case 1: return chance->count < ORDERS_MAX ? chance_order(ctx, chance, &step->made) : OK;
    case 2:
    case 3: return chance_pay(ctx, chance);
    case 4: return chance_deliver(ctx, chance);
    case 5: return chance_amend(ctx, chance);
    case 6: return chance_return(ctx, chance);
    default:
        return shop_act(ctx, some_order(chance),
                        random_chance(&chance->random, 2) ? "cancel" : "cancel_rest", NULL);
    }
}

// A refusal is an answer; a mistake of ours is not.
static void take_step(Ctx *ctx, Chance *chance, int *done)
{
    ChanceStep step = { .chance = chance };
    ArenaMark mark = arena_mark(ctx->arena);
    Status status = shop_try(ctx, step_chance, &step);
    if (status == OK && step.made)
        chance->orders[chance->count++] = step.made;
    CHECK(status == OK || status == E_CONFLICT || status == E_INVALID || status == E_NOT_FOUND);
    if (status == E_INTERNAL)
        test_fail(__FILE__, __LINE__, "%s: " STR_FMT, ctx->failure.code,
                  STR_ARG(ctx->failure.message));
    *done += status == OK;
    ctx_recover(ctx);
    arena_rewind(ctx->arena, mark);
    ctx->now += MINUTE;
}

static void test_whatever_happens_everything_adds_up(void)
{
    for (uint64_t run = 1; run <= RUNS; run++) {
        Ctx *ctx = test_ctx();
        Chance chance = { 0 };
        int done = 0;
        shop_open(ctx, &chance.shop, 20, 12);
        chance.random.state = run * 7919;
        for (int i = 0; i < STEPS; i++)
            take_step(ctx, &chance, &done);
        shop_jobs(ctx);
        CHECK(done > STEPS / 4);
        CHECK(chance.count > 3);
        shop_verify(ctx);
        shop_close(&chance.shop);
    }
}

const Test oversell_tests[] = {
    { "two hundred buyers for fifty pieces: fifty orders, the rest refused",
      test_two_hundred_buyers_for_fifty_pieces },
    { "whatever is sold, paid, shipped, changed and returned adds up",
      test_whatever_happens_everything_adds_up },
    { 0 },
};
