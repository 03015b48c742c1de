// cash_bench.c - an order's whole life: placed, paid, picked and shipped with its stock moves,
// invoiced, posted. Each step is a transaction of its own, as people do it, with its entries,
// audit rows and events; by 1, 8 and 32 at a time. Nobody may be refused, and no invoice number may
// be missing.
//
//     cash-bench                        SQLite
//     tests/postgres.sh cash-bench      PostgreSQL
//     cash-bench N                      only N orders by one, for perf and callgrind
#include "frame.h"
#include "stand.h"

#include <pthread.h>

enum { STOCK = 10000000, THREADS_MAX = 32, ORDERS = 320 };

typedef struct Life {
    const Shop *shop;
    SalesOrder order;
    IdList deliveries;
} Life;

static Status step_place(Ctx *ctx, void *arg)
{
    Life *life = arg;
    return shop_order(ctx, life->shop, &(Basket){ .pieces = { 2, 1 } }, &life->order);
}

static Status step_pay(Ctx *ctx, void *arg)
{
    Life *life = arg;
    TRY(shop_pay(ctx, life->shop, &life->order, life->order.totals.total.minor));
    return order_paid(ctx, life->order.record.id);
}

static Status step_deliver(Ctx *ctx, void *arg)
{
    Life *life = arg;
    return shop_deliver(ctx, life->order.record.id, tenant_today(ctx), &life->deliveries);
}

typedef struct Clerk {
    const Shop *shop;
    pthread_t thread;
    uint64_t seed;
    int orders;
} Clerk;

static void *work(void *arg)
{
    static const TxFn steps[] = { step_place, step_pay, step_deliver };
    Clerk *clerk = arg;
    ThreadCtx own;
    Ctx *ctx = house_thread(&clerk->shop->room.house, &own, clerk->seed);
    ctx->now = clerk->shop->room.ctx->now;
    for (int i = 0; i < clerk->orders; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        Life life = { .shop = clerk->shop };
        for (size_t step = 0; step < COUNT(steps); step++)
            CHECK_OK(ctx, tenant_transact(ctx, steps[step], &life));
        CHECK_INT((int64_t)life.deliveries.len, 1);
        arena_rewind(ctx->arena, mark);
    }
    thread_ctx_release(&own);
    return NULL;
}

static void run(const Shop *shop, int threads, int orders)
{
    static uint64_t seed = 100;
    Clerk clerks[THREADS_MAX];
    Spent start = spent_now();
    for (int i = 0; i < threads; i++) {
        clerks[i] = (Clerk){ .shop = shop, .seed = ++seed, .orders = orders / threads };
        if (pthread_create(&clerks[i].thread, NULL, work, &clerks[i]) != 0)
            abort();
    }
    for (int i = 0; i < threads; i++)
        pthread_join(clerks[i].thread, NULL);
    Spent spent = spent_since(start);
    char what[80];
    snprintf(what, sizeof what, "order to cash, %d at a time, us CPU", threads);
    frame_row(&(Figure){ what, "1500", 0, spent.cpu_us / orders });
    frame_row(&(Figure){ "  the same, a second", NULL, 0, orders * 1e6 / spent.wall_us });
}

// ---- Numbers without gaps -----------------------------------------------------------------------

typedef struct Numbers {
    int64_t count, last;
} Numbers;

static Status read_numbers(Ctx *ctx, void *arg)
{
    Numbers *numbers = arg;
    Str number;
    *numbers = (Numbers){ 0 };
    Rows *rows = db_query(ctx, SQL("SELECT number FROM invoice ORDER BY number"));
    while (rows_next(rows, &number)) {
        Str tail = str_from_at(number, (size_t)str_rfind_char(number, '-') + 1);
        if (!str_int(tail, &numbers->last))
            return FAIL(ctx, E_INTERNAL, "cash.number", "no number at the end");
        numbers->count++;
    }
    return rows_end(rows);
}

static int64_t run_all(const Shop *shop)
{
    static const int thread_counts[] = { 1, 8, 32 };
    for (size_t i = 0; i < COUNT(thread_counts); i++)
        run(shop, thread_counts[i], ORDERS);
    return (int64_t)COUNT(thread_counts) * ORDERS;
}

int main(int argc, char **argv)
{
    Ctx *ctx = test_ctx();
    Shop shop;
    Numbers numbers;
    int64_t orders = 0;
    shop_open(ctx, &shop, STOCK, 0);
    frame_head(fixture_is_postgres() ? "order to cash, PostgreSQL" : "order to cash, SQLite");
    if (argc > 1 && str_int(str_from(argv[1]), &orders))
        run(&shop, 1, (int)orders);
    else
        orders = run_all(&shop);
    CHECK_OK(ctx, tenant_read(ctx, read_numbers, &numbers));
    CHECK_INT(numbers.count, orders);
    CHECK_INT(numbers.last, numbers.count);
    printf("%lld invoices, numbered without a gap; nobody was refused\n", (long long)numbers.count);
    shop_close(&shop);
    return 0;
}
