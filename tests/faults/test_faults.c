// test_faults.c - the n-th allocation, statement, write or sync fails, for n = 1, 2, 3 ... until
// nothing fails any more, at each step of selling: placing, paying, picking, shipping, invoicing,
// taking back. Each time the answer is the right one, the whole database is as it was before, and
// what is left behind in memory is found by the leak checker at the end. Then the step is done,
// once.
//
// FAULTS_STEP=1 tries every n, as the nightly run does; else only every so many.
#include "kernel/shim.h"
#include "modules/billing/billing.h"
#include "modules/books.h"
#include "modules/shop.h"
#include "sim/sim.h"

#include "kernel/db/options.h"
#include "kernel/entity/access.h"
#include "kernel/job.h"

// ---- The steps ----------------------------------------------------------------------------------

typedef struct Sale {
    Shop shop;
    Id order, delivery, line;
    Rma rma;
} Sale;

static Status place(Ctx *ctx, void *arg)
{
    Sale *sale = arg;
    SalesOrder order;
    Basket basket = { .pieces = { 3, 1 }, .freight = 500 };
    TRY(shop_order(ctx, &sale->shop, &basket, &order));
    sale->order = order.record.id;
    sale->line = order.lines.items[0].record.id;
    return OK;
}

static Status pay(Ctx *ctx, void *arg)
{
    const Sale *sale = arg;
    SalesOrder order;
    TRY(sales_order_load(ctx, sale->order, &order));
    return shop_pay(ctx, &sale->shop, &order, order.totals.total.minor);
}

static Status pick(Ctx *ctx, void *arg)
{
    Sale *sale = arg;
    Delivery delivery;
    IdList made;
    TRY(delivery_plan(ctx, sale->order, tenant_today(ctx), &made));
    TRY(delivery_load(ctx, made.items[0], &delivery));
    TRY(delivery_pick_all(ctx, &delivery));
    sale->delivery = delivery.record.id;
    return OK;
}

static Status ship(Ctx *ctx, void *arg)
{
    const Sale *sale = arg;
    Delivery delivery;
    TRY(delivery_load(ctx, sale->delivery, &delivery));
    return delivery_ship(ctx, &delivery, tenant_today(ctx));
}

static Status invoice(Ctx *ctx, void *arg)
{
    const Sale *sale = arg;
    Id made;
    return order_invoice(ctx, sale->order, tenant_today(ctx), &made);
}

static Status make_return(Ctx *ctx, const Sale *sale, Rma *ret)
{
    Rma *rma = rma_new(ctx);
    Id reason;
    TRY(db_one(ctx,
               SQL("SELECT id FROM choice WHERE list_name = 'return_reason'"
                   " AND value_code = 'unwanted'"),
               &reason));
    rma->sales_order = sale->order;
    rma->customer = sale->shop.customer;
    rma->currency = ctx->tenant->base;
    rma->warehouse = sale->shop.room.main;
    *list_push(ctx->arena, &rma->lines) = (RmaLine){ .order_line = sale->line,
                                                     .variant = sale->shop.variants[0],
                                                     .quantity = pieces(2),
                                                     .reason = reason,
                                                     .disposition = DISPOSITION_RESTOCK };
    TRY(rma_save(ctx, rma));
    *ret = *rma;
    return OK;
}

static Status take_back(Ctx *ctx, void *arg)
{
    static const char *const actions[] = { "approve", "receive", "inspect", "settle" };
    Rma rma;
    TRY(make_return(ctx, arg, &rma));
    for (size_t i = 0; i < COUNT(actions); i++)
        TRY(action_do(ctx, &rma_entity, &rma, actions[i], NULL));
    return OK;
}

typedef struct SaleStep {
    const char *name;
    TxFn run;
} SaleStep;
static const SaleStep steps[] = { { "place", place },     { "pay", pay },
                                  { "pick", pick },       { "ship", ship },
                                  { "invoice", invoice }, { "return", take_back } };

// ---- What goes wrong ----------------------------------------------------------------------------

enum { FOR_GOOD = 100000 };

static void arm_memory(Ctx *ctx, int n)
{
    ctx->arena->fail_after = n;
}

static bool disarm_memory(Ctx *ctx)
{
    bool has_struck = ctx->arena->fail_after == 0;
    ctx->arena->fail_after = 0;
    return has_struck;
}

static void arm_statement(Ctx *ctx, int n)
{
    (void)ctx;
    db_fail_after(n);
}

static bool disarm_statement(Ctx *ctx)
{
    bool has_struck = db_fails_after() == 0;
    (void)ctx;
    db_fail_after(0);
    return has_struck;
}

static void arm_full(Ctx *ctx, int n)
{
    (void)ctx;
    shim_fail_behind(SHIM_WRITE_FULL, n - 1, FOR_GOOD);
}

static void arm_write(Ctx *ctx, int n)
{
    (void)ctx;
    shim_fail_behind(SHIM_WRITE_FAILS, n - 1, FOR_GOOD);
}

static void arm_sync(Ctx *ctx, int n)
{
    (void)ctx;
    shim_fail_behind(SHIM_SYNC_FAILS, n - 1, FOR_GOOD);
}

static bool disarm_disk(Ctx *ctx)
{
    bool has_struck = shim_has_failed();
    (void)ctx;
    shim_fail(SHIM_NONE, 0);
    return has_struck;
}

typedef struct Fault {
    const char *name, *code;
    int step;  // in the ordinary run
    void (*arm)(Ctx *ctx, int n);
    bool (*disarm)(Ctx *ctx);
    bool is_disk;
} Fault;

// clang-format off
static const Fault memory    = { "allocation", "memory.limit", 127, arm_memory,    disarm_memory, false };
static const Fault statement = { "statement",  "db.trouble",    7, arm_statement, disarm_statement, false };
static const Fault full      = { "full disk",  "db.full",       9, arm_full,      disarm_disk, true };
static const Fault write_    = { "write",      "db.io",         9, arm_write,     disarm_disk, true };
static const Fault sync_     = { "sync",       "db.io",         1, arm_sync,      disarm_disk, true };
// clang-format on

// ---- Sweeping -----------------------------------------------------------------------------------

typedef struct Try {
    const SaleStep *step;
    Sale *sale;
} Try;

static Status guarded(Ctx *ctx, void *arg)
{
    const Try *try = arg;
    return tenant_transact(ctx, try->step->run, try->sale);
}

static Status read_print(Ctx *ctx, void *arg)
{
    return sim_fingerprint(ctx, arg);
}

static uint64_t print_of(Ctx *ctx)
{
    uint64_t print = 0;
    ArenaMark mark = arena_mark(ctx->arena);
    CHECK_OK(ctx, tenant_read(ctx, read_print, &print));
    arena_rewind(ctx->arena, mark);
    return print;
}

static int step_of(const Fault *fault)
{
    int64_t step = fault->step;
    const char *text = getenv("FAULTS_STEP");
    if (text)
        str_int(str_from(text), &step);
    return (int)step;
}

// How many faults it took until the step came through.
static int sweep(Ctx *ctx, const Fault *fault, Try *try)
{
    int tries = 0;
    uint64_t before = print_of(ctx);
    for (int n = 1;; n += step_of(fault), tries++) {
        ArenaMark mark = arena_mark(ctx->arena);
        fault->arm(ctx, n);
        Status status = ctx_guard(ctx, guarded, try);
        bool has_struck = fault->disarm(ctx);
        if (!has_struck) {
            CHECK_OK(ctx, status);
            return tries;
        }
        CHECK_FAILS(ctx, fault->code, status);
        arena_rewind(ctx->arena, mark);
        if (print_of(ctx) != before) {
            test_fail(__FILE__, __LINE__, "%s: the %d. %s left a trace", try->step->name, n,
                      fault->name);
            return tries;
        }
    }
}

static Status invoice_by_hand(Ctx *ctx, void *arg)
{
    (void)arg;
    return setting_set(ctx, S("oms.invoice_on_shipping"), S("0"));
}

static void sweep_all(const Fault *fault)
{
    Ctx *ctx = test_ctx();
    Sale sale = { 0 };
    int tries = 0;
    if (fault->is_disk && fixture_is_postgres()) {
        test_skip("needs a disk of our own");
        return;
    }
    if (fault->is_disk)
        shim_install();
    shop_open(ctx, &sale.shop, 10, 0);
    books_must(ctx, invoice_by_hand, NULL);
    Tenant *tenant;
    CHECK_OK(ctx, tenant_open(ctx, ctx->tenant->code, &tenant));  // with the new setting
    tenant_enter(ctx, tenant);
    shop_jobs(ctx);
    for (size_t i = 0; i < COUNT(steps); i++) {
        test_row = steps[i].name;
        tries += sweep(ctx, fault, &(Try){ &steps[i], &sale });
        shop_jobs(ctx);
    }
    test_row = NULL;
    CHECK(tries >= (int)COUNT(steps));  // each was broken at least once
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM sales_order"), 1);
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM payment"), 1);
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM invoice"), 2);
    shop_verify(ctx);
    printf("     %d times\n", tries);
    shop_close(&sale.shop);
    if (fault->is_disk)
        shim_remove();
}

static void test_memory(void)
{
    sweep_all(&memory);
}

static void test_statements(void)
{
    sweep_all(&statement);
}

static void test_full_disk(void)
{
    sweep_all(&full);
}

static void test_writes(void)
{
    sweep_all(&write_);
}

static void test_syncs(void)
{
    sweep_all(&sync_);
}

const Test faults_tests[] = {
    { "the n-th allocation fails", test_memory },
    { "the n-th statement fails", test_statements },
    { "the disk is full at the n-th write", test_full_disk },
    { "the n-th write fails", test_writes },
    { "the n-th sync fails", test_syncs },
    { 0 },
};
