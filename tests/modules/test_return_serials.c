// test_return_serials.c - goods with serial numbers come back: the very piece that somebody sent
// comes back, not just any of those he bought; and what was never sold by us comes in by its
// number.
#include "kernel/entity/access.h"
#include "modules/books.h"
#include "modules/inventory/inventory.h"
#include "modules/shop.h"

typedef struct Comeback {
    Shop shop;
    Id variant;
    SalesOrder order;
    int64_t count;
    const char *serials;
    bool is_of_order;
    Rma rma;
} Comeback;

// ---- Steps --------------------------------------------------------------------------------------

static Status make_goods(Ctx *ctx, const Shop *shop, Id *ret)
{
    Product *product = product_new(ctx);
    product->sku = S("DRILL");
    product->name = S("Drill");
    product->unit = shop->room.pieces;
    product->kind = PRODUCT_KIND_GOODS;
    product->has_serials = true;
    TRY(product_save(ctx, product));
    *ret = product->variants.items[0].record.id;
    return action_do(ctx, &product_entity, product, "activate", NULL);
}

// S1, S2 and S3 stand in the warehouse; then two of them are sold to somebody on account.
static Status step_stock(Ctx *ctx, void *arg)
{
    Comeback *back = arg;
    Money value;
    MoveSpec spec = { .kind = MOVE_KIND_RECEIPT,
                      .to = back->shop.room.bin,
                      .quantity = pieces(3),
                      .unit_cost = { true, { 5 * MICRO } } };
    TRY(make_goods(ctx, &back->shop, &spec.variant));
    back->variant = spec.variant;
    TRY(place_virtual(ctx, PLACE_KIND_SUPPLIER, &spec.from));
    return stock_move_line(ctx, &spec, S("S1,S2,S3"), "serials", &value);
}

static Status step_sell(Ctx *ctx, void *arg)
{
    Comeback *back = arg;
    OrderSpec spec = { .channel = back->shop.wholesale, .customer = back->shop.on_account };
    IdList deliveries;
    *list_push(ctx->arena, &spec.lines) = (OrderLineSpec){ .variant = back->variant,
                                                           .quantity = pieces(2),
                                                           .price = { true, { 10 * MICRO } } };
    TRY(order_create(ctx, &spec, &back->order));
    TRY(order_place(ctx, &back->order));
    return shop_deliver(ctx, back->order.record.id, tenant_today(ctx), &deliveries);
}

static Status make_return(Ctx *ctx, Comeback *back)
{
    Rma *rma = rma_new(ctx);
    Id reason;
    TRY(db_one(ctx,
               SQL("SELECT id FROM choice WHERE list_name = 'return_reason'"
                   " AND value_code = 'unwanted'"),
               &reason));
    rma->sales_order = back->is_of_order ? back->order.record.id : 0;
    rma->customer = back->shop.on_account;
    rma->currency = ctx->tenant->base;
    rma->warehouse = back->shop.room.main;
    *list_push(ctx->arena, &rma->lines) = (RmaLine){
        .order_line = back->is_of_order ? back->order.lines.items[0].record.id : 0,
        .variant = back->variant,
        .quantity = pieces(back->count),
        .serials = str_from(back->serials),
        .reason = reason,
        .disposition = DISPOSITION_RESTOCK,
    };
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

static void comeback_open(Ctx *ctx, Comeback *back)
{
    *back = (Comeback){ .is_of_order = true };
    shop_open(ctx, &back->shop, 1, 0);
    books_must(ctx, step_stock, back);
    books_must(ctx, step_sell, back);
    shop_jobs(ctx);
}

static void comeback_close(Ctx *ctx, Comeback *back)
{
    shop_jobs(ctx);
    shop_verify(ctx);
    shop_close(&back->shop);
}

static int64_t in_stock(Ctx *ctx, const char *number)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM serial WHERE number = '%s' AND state = 'in_stock'"
             " AND status = 'free'",
             number);
    return fixture_number(ctx, ctx->tenant->db, sql);
}

// ---- Tests --------------------------------------------------------------------------------------

static void test_the_very_piece(void)
{
    Ctx *ctx = test_ctx();
    Comeback back;
    comeback_open(ctx, &back);
    CHECK_INT(in_stock(ctx, "S1") + in_stock(ctx, "S2"), 0);
    back.count = 1, back.serials = "S2";
    books_must(ctx, step_return, &back);
    CHECK_INT(in_stock(ctx, "S2"), 1);
    CHECK_INT(in_stock(ctx, "S1"), 0);
    back.serials = "";  // only one is left: no need to say
    books_must(ctx, step_return, &back);
    CHECK_INT(in_stock(ctx, "S1"), 1);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    comeback_close(ctx, &back);
}

static void test_refused(void)
{
    static const struct {
        const char *name, *serials, *code;
        int64_t count;
    } rows[] = { { "which of two", "", "rma_line.serials", 1 },
                 { "too many", "S1,S2", "rma_line.serials", 1 },
                 { "never sold", "S3", "oms.serial_not_out", 1 },
                 { "never seen", "S9", "oms.serial_not_out", 1 } };
    Ctx *ctx = test_ctx();
    Comeback back;
    comeback_open(ctx, &back);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        back.serials = rows[i].serials;
        back.count = rows[i].count;
        CHECK_FAILS(ctx, rows[i].code, tenant_transact(ctx, step_return, &back));
    }
    test_row = "back already";
    back.serials = "S2";
    books_must(ctx, step_return, &back);
    CHECK_FAILS(ctx, "oms.serial_not_out", tenant_transact(ctx, step_return, &back));
    CHECK_INT(in_stock(ctx, "S1"), 0);
    comeback_close(ctx, &back);
}

static void test_without_an_order(void)
{
    Ctx *ctx = test_ctx();
    Comeback back;
    comeback_open(ctx, &back);
    back.is_of_order = false;
    back.count = 1, back.serials = "";
    CHECK_FAILS(ctx, "rma_line.serials", tenant_transact(ctx, step_return, &back));
    back.serials = "S3";
    CHECK_FAILS(ctx, "inventory.serial_here", tenant_transact(ctx, step_return, &back));
    back.serials = "OLD-7";
    books_must(ctx, step_return, &back);
    CHECK_INT(in_stock(ctx, "OLD-7"), 1);
    comeback_close(ctx, &back);
}

const Test return_serials_tests[] = {
    { "the very piece that was sent comes back", test_the_very_piece },
    { "a number that was not sold, or is back already, is refused", test_refused },
    { "a piece that we never sold comes in by its number", test_without_an_order },
    { 0 },
};
