// test_budget.c - what pages weigh, compressed as the server compresses them: the byte budgets that
// the pages were designed for. A page that grows past its budget is a decision, not an accident.
#include "harness.h"

#include "web/desk.h"
#include "web/web.h"

#include "kernel/http/assets.h"

#include <zlib.h>

// Pages are compressed as they are made, files once, when the program is built.
enum { PAGE_LEVEL = 1, FILE_LEVEL = 9, GZIP_WINDOW = 15 + 16 };

static int64_t gzipped(Ctx *ctx, Str plain, int level)
{
    z_stream stream = { 0 };
    CHECK(deflateInit2(&stream, level, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    size_t most = deflateBound(&stream, plain.len);
    stream.next_in = (Bytef *)(uintptr_t)plain.ptr;
    stream.avail_in = (uInt)plain.len;
    stream.next_out = arena_alloc(ctx->arena, most);
    stream.avail_out = (uInt)most;
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    int64_t bytes = (int64_t)stream.total_out;
    deflateEnd(&stream);
    return bytes;
}

static void check_bytes(const char *what, int64_t bytes, int64_t budget)
{
    if (bytes > budget)
        test_fail(__FILE__, __LINE__, "%s weighs %lld bytes, its budget is %lld", what,
                  (long long)bytes, (long long)budget);
}

// ---- Files --------------------------------------------------------------------------------------

static int64_t asset_bytes(Ctx *ctx, const char *name)
{
    Answered answer = ask(ctx, &(Asking){ .method = "GET", .target = asset_path(name) });
    CHECK_INT(answer.status, 200);
    return gzipped(ctx, answer.body, FILE_LEVEL);
}

static void test_files(void)
{
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    web_start();
    int64_t everywhere = asset_bytes(ctx, "htmx.min.js") + asset_bytes(ctx, "app.js");
    check_bytes("the style sheet", asset_bytes(ctx, "app.css"), 13 * 1024);
    check_bytes("script of every page", everywhere, 22 * 1024);
    check_bytes("script of a form", everywhere + asset_bytes(ctx, "form.js"), 40 * 1024);
    check_bytes("script of a board", everywhere + asset_bytes(ctx, "board.js"), 40 * 1024);
    check_bytes("script of the scanner", everywhere + asset_bytes(ctx, "scan.js"), 26 * 1024);
    check_bytes("the scanner's own style", asset_bytes(ctx, "scan.css"), 2 * 1024);
    check_bytes("the icons", asset_bytes(ctx, "icons.svg"), 8 * 1024);
    desk_close(&desk);
}

// ---- Pages --------------------------------------------------------------------------------------

static Status place_many(Ctx *ctx, void *arg)
{
    const Desk *desk = arg;
    Basket basket = { .pieces = { 1 },
                      .channel = desk->shop.wholesale,
                      .customer = desk->shop.on_account };
    SalesOrder order;
    for (int i = 0; i < 6; i++)
        TRY(shop_order(ctx, &desk->shop, &basket, &order));
    return OK;
}

static void test_pages(void)
{
    static const struct {
        const char *target;
        int64_t budget;
    } rows[] = {
        { "/admin", 20 * 1024 },
        { "/admin/oms/orders?limit=50", 14 * 1024 },
        { "/admin/oms/orders?view=board", 16 * 1024 },
        { "/admin/oms/orders?view=calendar&_on=2026-03-01", 16 * 1024 },
        { "/admin/oms/orders/new", 18 * 1024 },
        { "/admin/import", 14 * 1024 },
        { "/admin/search?q=P-1", 14 * 1024 },
    };
    Ctx *ctx = test_ctx();
    Desk desk;
    desk_open(ctx, &desk);
    for (int i = 0; i < 9; i++)
        CHECK_OK(ctx, shop_try(ctx, place_many, &desk));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].target;
        Answered page = desk_get(ctx, &desk, str_from(rows[i].target));
        CHECK_INT(page.status, 200);
        check_bytes(rows[i].target, gzipped(ctx, page.body, PAGE_LEVEL), rows[i].budget);
    }
    test_row = NULL;
    Answered record = desk_get(ctx, &desk, desk_order(ctx, &desk, ""));
    check_bytes("an order's page", gzipped(ctx, record.body, PAGE_LEVEL), 18 * 1024);
    desk_close(&desk);
}

const Test budget_pages_tests[] = {
    { "files weigh no more than their budget", test_files },
    { "pages weigh no more than their budget", test_pages },
    { 0 },
};
