// test_documents.c - pages of documents with lines, asked without a browser: what an order's page
// shows, and what its form answers while somebody fills it in.
#include "harness.h"

#include "app/app.h"
#include "kernel/ask.h"
#include "kernel/http/rest.h"
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
    rest_start(app_routes);
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

static Answered post(Ctx *ctx, const Desk *desk, Str target, const char *type, const char *body)
{
    return ask(ctx, &(Asking){ .method = "POST",
                               .target = target,
                               .token = desk->token,
                               .tenant = S("acme"),
                               .type = str_from(type),
                               .body = str_from(body) });
}

static const char form_type[] = "application/x-www-form-urlencoded";

// ---- What stands beside it ----------------------------------------------------------------------

static Status pay_order(Ctx *ctx, void *arg)
{
    Desk *desk = arg;
    return shop_pay(ctx, &desk->shop, &desk->order, 5400);
}

static Status deliver_order(Ctx *ctx, void *arg)
{
    Desk *desk = arg;
    IdList deliveries;
    return shop_deliver(ctx, desk->order.record.id, tenant_today(ctx), &deliveries);
}

static void test_linked(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    CHECK(!has(page_of(ctx, &desk, order_target(ctx, &desk, "")), "DN-26-"));
    CHECK_OK(ctx, shop_try(ctx, pay_order, &desk));
    shop_jobs(ctx);
    CHECK_OK(ctx, shop_try(ctx, deliver_order, &desk));
    Answered page = page_of(ctx, &desk, order_target(ctx, &desk, ""));
    CHECK(has(page, "DN-26-00001") && has(page, "PAY-"));
    desk.token = ask_token(ctx, "picker@example.com", "Picking and packing");
    page = page_of(ctx, &desk, order_target(ctx, &desk, ""));
    CHECK(has(page, "DN-26-00001"));
    CHECK(!has(page, "PAY-"));  // payments are not hers to see
    desk_close(&desk);
}

static void test_tags(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    Str target = order_target(ctx, &desk, "/tags");
    CHECK_INT(post(ctx, &desk, target, form_type, "tag=spring+27").status, 303);
    CHECK_INT(post(ctx, &desk, target, form_type, "tag=spring+27").status, 303);
    CHECK(has(page_of(ctx, &desk, order_target(ctx, &desk, "")), "Take off the tag spring 27"));
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM tagging"), 1);
    desk.token = ask_token(ctx, "sales@example.com", "Sales");
    CHECK_INT(post(ctx, &desk, target, form_type, "tag=unheard+of").status, 403);
    desk.token = ask_token(ctx, "viewer@example.com", "Viewer");
    CHECK_INT(post(ctx, &desk, target, form_type, "tag=spring+27").status, 403);
    desk_close(&desk);
}

static const char upload[] = "--b\r\nContent-Disposition: form-data; name=\"file\"; "
                             "filename=\"order.txt\"\r\nContent-Type: text/plain\r\n\r\n"
                             "six of each, please\r\n--b--\r\n";

static void test_files(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    Id attachment = 0;
    desk_open(ctx, &desk);
    Str target = order_target(ctx, &desk, "/files");
    CHECK_INT(post(ctx, &desk, target, "multipart/form-data; boundary=b", upload).status, 303);
    CHECK(has(page_of(ctx, &desk, order_target(ctx, &desk, "")), "order.txt"));
    attachment = fixture_number(ctx, ctx->tenant->db, "SELECT id FROM attachment");
    Str gone = str_format(ctx->arena, "/files/" STR_FMT "/remove",
                          STR_ARG(id_text(ctx->arena, attachment)));
    CHECK_INT(
        post(ctx, &desk, order_target(ctx, &desk, str_c(ctx->arena, gone)), form_type, "").status,
        303);
    CHECK(!has(page_of(ctx, &desk, order_target(ctx, &desk, "")), "order.txt"));
    desk.token = ask_token(ctx, "viewer@example.com", "Viewer");
    CHECK_INT(post(ctx, &desk, target, "multipart/form-data; boundary=b", upload).status, 403);
    desk_close(&desk);
}

const Test documents_tests[] = {
    { "an order's page shows its lines with their amounts", test_record },
    { "documents are linked from both sides, as far as one may see them", test_linked },
    { "a tag is put on once, by who may", test_tags },
    { "a file is put on a record and taken off", test_files },
    { 0 },
};
