// test_storefront.c - the shop's pages as a visitor without script gets them: what is shown and to
// whom, how it is narrowed down, what search engines read, and how little is sent.
#include "modules/stall.h"

#include "gen/catalog.gen.h"
#include "gen/storefront.gen.h"
#include "kernel/http/assets.h"
#include "kernel/pdf_reader.h"
#include "kernel/report.h"
#include "kernel/search.h"
#include "modules/cms/cms.h"
#include "modules/storefront/theme.h"

#include <zlib.h>

// ---- What is shown ------------------------------------------------------------------------------

static Status retire_second(Ctx *ctx, void *arg)
{
    const Stall *stall = arg;
    Product product;
    VariantFacts facts;
    TRY(variant_facts(ctx, stall->shop.variants[1], &facts));
    TRY(product_load(ctx, facts.product, &product));
    product.published_at = ctx->now + DAY;
    return product_save(ctx, &product);
}

static void test_shelf(void)
{
    static const struct {
        const char *target;
        int status;
        const char *has, *lacks;
    } rows[] = {
        { "/shop/main", 200, "The Tea Stall", NULL },
        { "/shop/main/c", 200, "Cup number 3", NULL },
        { "/shop/main/c/tea", 200, "Cup number 1", "Cup number 3" },
        { "/shop/main/c/tea", 200, "1 product", "Cup number 2" },
        { "/shop/main/c?from=25", 200, "Cup number 3", "Cup number 1" },
        { "/shop/main/c?to=15", 200, "Cup number 1", "Cup number 4" },
        { "/shop/main/c?page=99", 200, "Cup number 1", NULL },
        { "/shop/main/c?sort=-price&f=nonsense", 200, "Cup number 1", NULL },
        { "/shop/main/p/cup-1", 200, "£10.00", NULL },
        { "/shop/main/p/cup-2", 404, "Nothing is here", NULL },
        { "/shop/main/c/nothing", 404, "Nothing is here", NULL },
        { "/shop/main/page/nothing", 404, "Nothing is here", NULL },
        { "/shop/main/no/where", 404, "Nothing is here", NULL },
        { "/shop/other", 404, NULL, "The Tea Stall" },
        { "/shop/main.fr", 404, NULL, "The Tea Stall" },
        { "/shop/main.es", 200, "lang=\"es\"", NULL },
    };
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    CHECK_OK(ctx, shop_try(ctx, retire_second, &stall));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].target;
        Answered page = stall_get(ctx, &stall, rows[i].target);
        CHECK_INT(page.status, rows[i].status);
        CHECK(!rows[i].has || has_text(page.body, rows[i].has));
        CHECK(!rows[i].lacks || !has_text(page.body, rows[i].lacks));
    }
    test_row = NULL;
    stall_close(&stall);
}

static void test_sorting(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    Str up = stall_get(ctx, &stall, "/shop/main/c?sort=price").body;
    Str down = stall_get(ctx, &stall, "/shop/main/c?sort=-price").body;
    CHECK(str_find(up, S("Cup number 1")) < str_find(up, S("Cup number 4")));
    CHECK(str_find(down, S("Cup number 4")) < str_find(down, S("Cup number 1")));
    Str tea = str_format(ctx->arena, "/shop/main/c?f=" STR_FMT,
                         STR_ARG(id_text(ctx->arena, stall.category)));
    Str chosen = stall_get(ctx, &stall, tea.ptr).body;
    CHECK(has_text(chosen, "2 products"));
    CHECK(has_text(chosen, "name=\"robots\" content=\"noindex\""));
    stall_close(&stall);
}

static void test_search(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    int64_t read;
    stall_open(ctx, &stall, 5);
    CHECK_OK(ctx, search_refresh(ctx, &read));
    Str found = stall_get(ctx, &stall, "/shop/main/search?q=cup").body;
    CHECK(has_text(found, "4 products"));
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/search?q=teapot").body, "0 products"));
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/search/suggest?q=cup").body, "cup-1"));
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/search?q=%3Cb%3E").body, "&lt;b&gt;"));
    stall_close(&stall);
}

// ---- For search engines -------------------------------------------------------------------------

static Status move_page(Ctx *ctx, void *arg)
{
    const Stall *stall = arg;
    TRY(redirect_add(ctx, stall->shop.web, S("/p/old-cup"), S("/p/older-cup")));
    TRY(redirect_add(ctx, stall->shop.web, S("/p/older-cup"), S("/p/cup-1")));
    return redirect_add(ctx, stall->shop.web, S("/p/broken-cup"), S(""));
}

static void test_engines(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    Str page = stall_get(ctx, &stall, "/shop/main/p/cup-1").body;
    CHECK(has_text(page, "<link rel=\"canonical\" href=\"https://shop.example/p/cup-1\">"));
    CHECK(has_text(page, "hreflang=\"es\" href=\"https://shop.example/es/p/cup-1\""));
    CHECK(has_text(page, "\"@type\":\"Product\""));
    CHECK(has_text(page, "\"price\":\"10\",\"priceCurrency\":\"GBP\""));
    CHECK(has_text(page, "https://schema.org/InStock"));
    Answered map = stall_get(ctx, &stall, "/shop/main/sitemap.xml");
    CHECK(str_starts(map.type, S("application/xml")));
    CHECK(has_text(map.body, "<loc>https://shop.example/es/p/cup-4</loc>"));
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/robots.txt").body,
                   "Sitemap: https://shop.example/sitemap.xml"));
    CHECK_OK(ctx, shop_try(ctx, move_page, &stall));
    Answered moved = stall_get(ctx, &stall, "/shop/main/p/old-cup");
    CHECK_INT(moved.status, 301);
    CHECK_STR(moved.location, "/shop/main/p/cup-1");
    CHECK_INT(stall_get(ctx, &stall, "/shop/main/p/broken-cup").status, 410);
    stall_close(&stall);
}

static void test_own_domain(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    Str home = stall_get_at(ctx, &stall, "shop.example", "/").body;
    CHECK(has_text(home, "href=\"/p/cup-1\""));
    CHECK(has_text(stall_get_at(ctx, &stall, "shop.example", "/es").body, "href=\"/es/p/cup-1\""));
    CHECK_INT(stall_get_at(ctx, &stall, "shop.example", "/p/cup-1").status, 200);
    CHECK_INT(stall_get_at(ctx, &stall, "shop.example", "/nowhere").status, 404);
    CHECK(has_text(stall_get_at(ctx, &stall, "shop.example", "/robots.txt").body, "Sitemap:"));
    CHECK(has_text(stall_get_at(ctx, &stall, "shop.example", "/p/cup-1").body,
                   "action=\"/shop/main/cart/add\""));
    CHECK_INT(stall_get(ctx, &stall, "/").status, 303);
    stall_close(&stall);
}

// A failure inside a shop is said by the shop; what belongs to no shop, by the house.
static void test_errors(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    static const struct {
        const char *host, *target;
        int status;
        bool is_shop;
    } rows[] = {
        { "localhost", "/shop/main/a/b/c", 404, true },
        { "localhost", "/shop/main.es/a/b/c", 404, true },
        { "shop.example", "/a/b/c/d", 404, true },
        { "shop.example", "/es/a/b/c/d", 404, true },
        { "localhost", "/shop/nothing/a/b/c", 404, false },
        { "localhost", "/nowhere", 404, false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].target;
        Answered page = stall_get_at(ctx, &stall, rows[i].host, rows[i].target);
        CHECK_INT(page.status, rows[i].status);
        CHECK(has_text(page.body, "The Tea Stall") == rows[i].is_shop);
        CHECK(has_text(page.body, "href=\"/admin") != rows[i].is_shop);
    }
    test_row = NULL;
    // A form of the customer's that lacks what hers carry, and one that nobody can read.
    stall.session = S("session=not-one");
    Answered bad = stall_post(ctx, &stall, "/shop/main/checkout", "%zz");
    CHECK(bad.status >= 300 && bad.status < 500);
    stall.session = S("");
    Answered wrong_way = stall_post(ctx, &stall, "/shop/main/p/cup-1", "a=1");
    CHECK_INT(wrong_way.status, 405);
    CHECK(has_text(wrong_way.body, "The Tea Stall"));
    CHECK(has_text(wrong_way.body, "This cannot be read"));
    stall_close(&stall);
}

// ---- Several shops ------------------------------------------------------------------------------

static Status open_second(Ctx *ctx, void *arg)
{
    const Stall *stall = arg;
    Channel channel;
    Store *store = store_new(ctx);
    TRY(channel_load(ctx, stall->shop.wholesale, &channel));
    channel.warehouses = (ChannelWarehouseList){ 0 };
    *list_push(ctx->arena, &channel.warehouses) =
        (ChannelWarehouse){ .warehouse = stall->shop.room.second };
    TRY(channel_save(ctx, &channel));
    store->store_code = S("norte");
    store->name = S("Puesto del Norte");
    store->channel = stall->shop.wholesale;
    store->languages = S("es");
    store->countries = S("ES");
    store->category = stall->category;
    store->accent = S("#7a1fa2");
    store->radius = 4;
    *list_push(ctx->arena, &store->domains) = (StoreDomain){ .host = S("norte.example") };
    return store_save(ctx, store);
}

// Two faces of one company: what is sold, from where, in which language and look is each one's own,
// and a bag or an order of one is nothing to the other.
static void test_two_stores(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    CHECK_OK(ctx, shop_try(ctx, open_second, &stall));
    Str north = stall_get(ctx, &stall, "/shop/norte").body;
    CHECK(has_text(north, "lang=\"es\"") && has_text(north, "Puesto del Norte"));
    CHECK(has_text(north, "/shop/norte/theme.css"));
    CHECK(!has_text(north, "hreflang"));
    CHECK(has_text(stall_get(ctx, &stall, "/shop/norte/theme.css").body, "--accent:#7a1fa2"));
    CHECK_INT(stall_get(ctx, &stall, "/shop/norte/p/cup-1").status, 200);
    CHECK_INT(stall_get(ctx, &stall, "/shop/norte/p/cup-3").status, 404);
    CHECK_INT(stall_get(ctx, &stall, "/shop/norte.en").status, 404);
    // Its warehouse has nothing of it, the other's has five.
    CHECK(has_text(stall_get(ctx, &stall, "/shop/norte/p/cup-1").body, "OutOfStock"));
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/p/cup-1").body, "InStock"));
    Str map = stall_get(ctx, &stall, "/shop/norte/sitemap.xml").body;
    CHECK(has_text(map, "<loc>https://norte.example/p/cup-2</loc>"));
    CHECK(!has_text(map, "cup-3") && !has_text(map, "shop.example"));
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1");
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main").body, "Bag, 1 item"));
    Str cookie = stall.cookie;
    CHECK(!has_text(stall_get(ctx, &stall, "/shop/norte/cart").body, "Cup number 1"));
    stall_post(ctx, &stall, "/shop/norte/cart/add", "product=cup-2");
    CHECK(str_starts(cookie, S("cart_main=")) && str_starts(stall.cookie, S("cart_norte=")));
    stall_close(&stall);
}

// What each kind of page says of itself to search engines.
static void test_titles(void)
{
    static const struct {
        const char *target, *title, *canonical, *data;
    } rows[] = {
        { "/shop/main", "The Tea Stall · The Tea Stall", "https://shop.example/", "OnlineStore" },
        { "/shop/main.es", "The Tea Stall · The Tea Stall", "https://shop.example/es",
          "OnlineStore" },
        { "/shop/main/c/tea", "Tea time · The Tea Stall", "https://shop.example/c/tea",
          "BreadcrumbList" },
        { "/shop/main/p/cup-1?v=P-1", "Cup number 1 · The Tea Stall",
          "https://shop.example/p/cup-1", "\"sku\":\"P-1\"" },
        { "/shop/main/search?q=cup", "Search for “cup” · The Tea Stall", NULL, NULL },
        { "/shop/main/cart", "Your bag · The Tea Stall", NULL, NULL },
        { "/shop/main/account", "Sign in · The Tea Stall", NULL, NULL },
        { "/shop/main/track", "Track an order · The Tea Stall", NULL, NULL },
        { "/shop/main/nothing", "Nothing is here · The Tea Stall", NULL, NULL },
    };
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].target;
        Str page = stall_get(ctx, &stall, rows[i].target).body;
        CHECK(has_text(page, str_format(ctx->arena, "<title>%s</title>", rows[i].title).ptr));
        Str canonical =
            rows[i].canonical
                ? str_format(ctx->arena, "<link rel=\"canonical\" href=\"%s\">", rows[i].canonical)
                : S("<meta name=\"robots\" content=\"noindex\">");
        CHECK(has_text(page, canonical.ptr));
        CHECK(!rows[i].data || has_text(page, rows[i].data));
        CHECK(has_text(page, "hreflang=\"x-default\"") == (rows[i].canonical != NULL));
        CHECK_INT((int64_t)text_count(page, "<h1"), 1);
    }
    test_row = NULL;
    stall_close(&stall);
}

// ---- Visits -----------------------------------------------------------------------------------

typedef struct Counted {
    ReportRows rows;
} Counted;

static Status read_visits(Ctx *ctx, void *arg)
{
    Counted *counted = arg;
    SalesPeriod period = { tenant_today(ctx), tenant_today(ctx) };
    return report_run(ctx, report_named(S("storefront.visits")), &period, &counted->rows);
}

// One who comes and looks around, one who comes again, and a robot that nobody counts.
static void test_visits(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    Counted counted = { 0 };
    stall_open(ctx, &stall, 5);
    stall_get(ctx, &stall, "/shop/main");
    stall.from = S("http://localhost/shop/main");
    stall_get(ctx, &stall, "/shop/main/c");
    stall_get(ctx, &stall, "/shop/main/p/cup-1");
    stall_get(ctx, &stall, "/shop/main/p/nothing");
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1");
    stall_get(ctx, &stall, "/shop/main/checkout");
    stall.from = S("https://search.example/?q=cups");
    stall_get(ctx, &stall, "/shop/main/p/cup-2");
    stall.agent = S("Mozilla/5.0 (compatible; SomeBot/2.1)");
    stall_get(ctx, &stall, "/shop/main/p/cup-3");
    ctx->now += HOUR;
    shop_jobs(ctx);
    CHECK_OK(ctx, tenant_read(ctx, read_visits, &counted));
    static const int64_t wanted[] = { 2, 5, 2, 1, 1, 0, 0 };
    CHECK_INT((int64_t)counted.rows.rows.len, 1);
    for (size_t i = 0; counted.rows.rows.len && i < COUNT(wanted); i++)
        CHECK_INT(counted.rows.rows.items[0][i + 2].number, wanted[i]);
    // What is written is not written again.
    ctx->now += HOUR;
    shop_jobs(ctx);
    CHECK_INT(stall_count(ctx, "SELECT CAST(sum(count) AS BIGINT) FROM visit_day"), 8);
    stall_close(&stall);
}

// ---- Colours ------------------------------------------------------------------------------------

static void test_colours(void)
{
    static const struct {
        const char *a, *b;
        int ratio_x10;  // as WCAG's formula gives, in tenths
    } rows[] = {
        { "#000000", "#ffffff", 210 }, { "#ffffff", "#ffffff", 10 }, { "#777777", "#ffffff", 44 },
        { "#0b6a5f", "#ffffff", 65 },  { "#ff0000", "#ffffff", 39 }, { "#0000ff", "#ffffff", 85 },
    };
    Ctx *ctx = test_ctx();
    Rgb a, b, white = { 255, 255, 255 }, black = { 0, 0, 0 };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].a;
        CHECK(rgb_parse(str_from(rows[i].a), &a) && rgb_parse(str_from(rows[i].b), &b));
        int ratio = contrast_x10(a, b);
        CHECK(ratio >= rows[i].ratio_x10 - 1 && ratio <= rows[i].ratio_x10 + 1);
    }
    test_row = NULL;
    CHECK(!rgb_parse(S("#12345g"), &a) && !rgb_parse(S("red"), &a));
    for (int i = 0; i < 200; i++) {
        Rgb any = { (int)random_below(ctx->random, 256), (int)random_below(ctx->random, 256),
                    (int)random_below(ctx->random, 256) };
        CHECK(contrast_x10(readable(any, white, black), white) >= 45);
    }
}

// ---- Words --------------------------------------------------------------------------------------

static void test_rich(void)
{
    static const struct {
        const char *words, *html;
    } rows[] = {
        { "", "" },
        { "one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>" },
        { "- a\n- b\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>" },
        { "## Head\nwords", "<h3>Head</h3><p>words</p>" },
        { "a **b** c", "<p>a <b>b</b> c</p>" },
        { "[x](/c/tea) y", "<p><a href=\"/shop/main/c/tea\">x</a> y</p>" },
        { "[x](javascript:alert(1))", "<p><a href=\"#\">x</a>)</p>" },
        { "<script>&", "<p>&lt;script&gt;&amp;</p>" },
        { "a ** b [c]( d", "<p>a ** b [c]( d</p>" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].words;
        CHECK_STR(rich_html(ctx, str_from(rows[i].words), S("/shop/main")).markup, rows[i].html);
    }
    test_row = NULL;
    RichPartList parts = { 0 };
    Str lead;
    rich_parts(ctx, S("first\n\n## A\none\ntwo\n## B\n"), &lead, &parts);
    CHECK_STR(lead, "first");
    CHECK_INT((int64_t)parts.len, 2);
    CHECK_STR(parts.items[0].words, "one\ntwo");
    CHECK_STR(parts.items[1].heading, "B");
}

// ---- Bytes --------------------------------------------------------------------------------------

static size_t zipped(Ctx *ctx, Str body)
{
    uLongf size = compressBound((uLong)body.len);
    Bytef *out = arena_alloc(ctx->arena, size);
    CHECK(compress2(out, &size, (const Bytef *)body.ptr, (uLong)body.len, 1) == Z_OK);
    return size;
}

static size_t asset_bytes(const char *name)
{
    extern const Asset web_assets[];
    for (const Asset *asset = web_assets; asset->name; asset++)
        if (strcmp(asset->name, name) == 0)
            return asset->gzip ? asset->gzip_size : asset->size;
    return SIZE_MAX;
}

// The budgets of a shop's pages, compressed.
static void test_bytes(void)
{
    enum { KB = 1024 };
    Ctx *ctx = test_ctx();
    Stall stall;
    stall_open(ctx, &stall, 5);
    CHECK(asset_bytes("shop.css") <= 9 * KB);
    CHECK(asset_bytes("shop.js") <= 3 * KB);
    CHECK(zipped(ctx, stall_get(ctx, &stall, "/shop/main").body) <= 12 * KB);
    CHECK(zipped(ctx, stall_get(ctx, &stall, "/shop/main/c").body) <= 12 * KB);
    CHECK(zipped(ctx, stall_get(ctx, &stall, "/shop/main/p/cup-1").body) <= 14 * KB);
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1");
    CHECK(zipped(ctx, stall_get(ctx, &stall, "/shop/main/cart").body) <= 8 * KB);
    CHECK(zipped(ctx, stall_get(ctx, &stall, "/shop/main/checkout").body) <= 8 * KB);
    stall_close(&stall);
}

const Test storefront_tests[] = {
    { "a shelf shows what is sold here, narrowed down", test_shelf },
    { "a shelf is sorted, and a narrowed one is not for search engines", test_sorting },
    { "a search finds what the shelf shows", test_search },
    { "search engines read what a page is and where it is at home", test_engines },
    { "a shop stands at the root of its own domain", test_own_domain },
    { "a failure inside a shop is said in the shop's own frame", test_errors },
    { "two shops of one company have each its own", test_two_stores },
    { "each kind of page says what it is and where it is at home", test_titles },
    { "visits and pages are counted by kind, and a report says what came of them", test_visits },
    { "an accent is shifted until it can be read", test_colours },
    { "words become markup and nothing else does", test_rich },
    { "pages stay within their bytes", test_bytes },
    { 0 },
};
