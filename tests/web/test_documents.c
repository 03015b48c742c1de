// test_documents.c - pages of documents with lines, asked without a browser: what an order's page
// shows, and what its form answers while somebody fills it in.
#include "harness.h"

#include "kernel/ask.h"
#include "modules/shop.h"

typedef struct Desk {  // a shop with one placed order, and its owner at a desk
    Shop shop;
    SalesOrder order;
    Str token;
} Desk;

static Status place_order(Ctx *ctx, void *arg)
{
    Desk *desk = arg;
    Basket basket = { .pieces = { 2, 1 }, .freight = 500 };
    return shop_order(ctx, &desk->shop, &basket, &desk->order);
}

static void desk_open(Ctx *ctx, Desk *desk)
{
    *desk = (Desk){ 0 };
    shop_open(ctx, &desk->shop, 10, 0);
    CHECK_OK(ctx, shop_try(ctx, place_order, desk));
    desk->token = ask_token(ctx, "owner@example.com", "Owner");
}

static void desk_close(Desk *desk)
{
    shop_close(&desk->shop);
}

static Answered page_of(Ctx *ctx, const Desk *desk, Str target)
{
    return ask(
        ctx,
        &(Asking){ .method = "GET", .target = target, .token = desk->token, .tenant = S("acme") });
}

static Str order_target(Ctx *ctx, const Desk *desk, const char *more)
{
    return str_format(ctx->arena, "/admin/oms/orders/~" STR_FMT "%s",
                      STR_ARG(id_text(ctx->arena, desk->order.record.id)), more);
}

static bool has(Answered answer, const char *words)
{
    return str_find(answer.body, str_from(words)) >= 0;
}

static void test_record(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Answered page = page_of(ctx, &desk, order_target(ctx, &desk, ""));
    CHECK_INT(page.status, 200);
    CHECK(has(page, "P-1") && has(page, "20.00"));  // a line, its amount in the order's currency
    CHECK(has(page, "54.00"));
    desk_close(&desk);
}

const Test documents_tests[] = {
    { "an order's page shows its lines with their amounts", test_record },
    { 0 },
};
