// test_route.c - the router, the files in the program, and the buckets that say how often.
#include "harness.h"
#include "kernel/http/assets.h"
#include "kernel/http/head.h"
#include "kernel/http/rate.h"
#include "kernel/http/server.h"

#include "base/date.h"

#include <pthread.h>

extern const Asset test_assets[];

static Ctx *ctx;

static Status handle(Ctx *c)
{
    (void)c;
    return OK;
}

#define ROUTE(method, pattern)                                                                     \
    {                                                                                              \
        method, pattern, NULL, ROUTE_FREE, handle, ROUTE_PUBLIC                                    \
    }

static const Route routes[] = {
    ROUTE("GET", "/"),
    ROUTE("GET", "/orders"),
    ROUTE("POST", "/orders"),
    ROUTE("GET", "/orders/{id}"),
    ROUTE("PATCH", "/orders/{id}"),
    ROUTE("DELETE", "/orders/{id}"),
    ROUTE("GET", "/orders/new"),
    ROUTE("POST", "/orders/{id}/{action}"),
    ROUTE("POST", "/orders/{id}/confirm"),
    ROUTE("GET", "/orders/new/help"),
    ROUTE("POST", "/orders/_action/{name}"),
    ROUTE("GET", "/a/{1}/{2}/{3}/{4}/{5}/{6}"),
    ROUTE("PUT", "/a/b/c"),
    ROUTE("GET", "/a/{x}/c"),
    ROUTE("GET", "/folder/"),
};

static void use_routes(void)
{
    const Route *list[COUNT(routes)];
    for (size_t i = 0; i < COUNT(routes); i++)
        list[i] = &routes[COUNT(routes) - 1 - i];  // their order does not matter
    routes_use(list, COUNT(routes));
    ctx = test_ctx();
}

static void test_find(void)
{
    static const struct {
        HttpMethod method;
        const char *path, *pattern;  // NULL: none
        const char *params;          // with a blank behind each; or the methods allowed
    } rows[] = {
        { HTTP_GET, "/", "/", "" },
        { HTTP_GET, "/orders", "/orders", "" },
        { HTTP_HEAD, "/orders", "/orders", "" },
        { HTTP_POST, "/orders", "/orders", "" },
        { HTTP_GET, "/orders/7", "/orders/{id}", "7 " },
        { HTTP_DELETE, "/orders/7", "/orders/{id}", "7 " },
        { HTTP_GET, "/orders/new", "/orders/new", "" },
        { HTTP_DELETE, "/orders/new", "/orders/{id}", "new " },
        { HTTP_GET, "/orders/SO%2F26%2F7", "/orders/{id}", "SO/26/7 " },
        { HTTP_GET, "/orders/a%20b", "/orders/{id}", "a b " },
        { HTTP_GET, "/orders/%252F", "/orders/{id}", "%2F " },
        { HTTP_POST, "/orders/7/confirm", "/orders/{id}/confirm", "7 " },
        { HTTP_POST, "/orders/7/cancel", "/orders/{id}/{action}", "7 cancel " },
        { HTTP_POST, "/orders/_action/x", "/orders/_action/{name}", "x " },
        { HTTP_POST, "/orders/new/help", "/orders/{id}/{action}", "new help " },
        { HTTP_GET, "/a/1/2/3/4/5/6", "/a/{1}/{2}/{3}/{4}/{5}/{6}", "1 2 3 4 5 6 " },
        { HTTP_GET, "/a/b/c", "/a/{x}/c", "b " },
        { HTTP_GET, "/folder/", "/folder/", "" },
        { HTTP_GET, "/folder", NULL, "" },
        { HTTP_GET, "/orders/", NULL, "" },
        { HTTP_GET, "/orders//", NULL, "" },
        { HTTP_GET, "//orders", NULL, "" },
        { HTTP_GET, "/Orders", NULL, "" },
        { HTTP_GET, "/orders/7/confirm/x", NULL, "" },
        { HTTP_GET, "", NULL, "" },
        { HTTP_OPTIONS, "*", NULL, "" },
        { HTTP_GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", NULL, "" },
        { HTTP_PUT, "/orders", NULL, "GET, HEAD, POST" },
        { HTTP_POST, "/orders/7", NULL, "GET, HEAD, PATCH, DELETE" },
        { HTTP_GET, "/orders/7/confirm", NULL, "POST" },
        { HTTP_DELETE, "/a/b/c", NULL, "GET, HEAD, PUT" },
        { HTTP_POST, "/orders/new", NULL, "GET, HEAD, PATCH, DELETE" },
    };
    use_routes();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].path;
        Str params[ROUTE_PARAMS] = { 0 }, allowed;
        const Route *route =
            route_find(rows[i].method, str_from(rows[i].path), params, &allowed, ctx->arena);
        CHECK_STR(route ? str_from(route->pattern) : S("none"),
                  rows[i].pattern ? rows[i].pattern : "none");
        Buf found = { .arena = ctx->arena };
        for (size_t p = 0; route && p < ROUTE_PARAMS && params[p].len; p++)
            buf_printf(&found, STR_FMT " ", STR_ARG(params[p]));
        CHECK_STR(route ? buf_str(&found) : allowed, rows[i].params);
        CHECK(route_find(rows[i].method, str_from(rows[i].path), params, NULL, ctx->arena) ==
              route);
    }
    routes_use(NULL, 0);
}

static void test_no_routes(void)
{
    Str params[ROUTE_PARAMS], allowed;
    routes_use(NULL, 0);
    CHECK(!route_find(HTTP_GET, S("/"), params, &allowed, test_ctx()->arena));
    CHECK_STR(allowed, "");
}

// Each of many routes is found, and none in another's place.
static void test_many_routes(void)
{
    enum { MANY = 2000 };
    ctx = test_ctx();
    Route *many = NEW_ARRAY(ctx->arena, Route, MANY);
    const Route **list = NEW_ARRAY(ctx->arena, const Route *, MANY);
    for (int i = 0; i < MANY; i++) {
        Str pattern =
            str_format(ctx->arena, "/m%d/e%d/{id}%s", i % 20, i / 20, i % 3 ? "" : "/act");
        many[i] = (Route)ROUTE("GET", pattern.ptr);
        list[i] = &many[i];
    }
    routes_use(list, MANY);
    int wrong = 0;
    for (int i = 0; i < MANY; i++) {
        Str params[ROUTE_PARAMS];
        Str path = str_format(ctx->arena, "/m%d/e%d/x%d%s", i % 20, i / 20, i, i % 3 ? "" : "/act");
        const Route *route = route_find(HTTP_GET, path, params, NULL, ctx->arena);
        wrong += route != &many[i] || !str_eq(params[0], str_format(ctx->arena, "x%d", i));
    }
    CHECK_INT(wrong, 0);
    routes_use(NULL, 0);
}

// ---- Files in the program -----------------------------------------------------------------------

static Request request;

static Status get_asset(Str path, const char *accept_encoding)
{
    ctx = test_ctx();
    request = (Request){ .method = HTTP_GET, .path = path };
    if (accept_encoding)
        *list_push(ctx->arena, &request.headers) =
            (HttpHeader){ S("accept-encoding"), str_from(accept_encoding) };
    ctx->request = &request;
    for (const Route *route = asset_routes; route->method; route++) {
        bool is_hashed = str_starts(str_from(route->pattern), S("/assets/"));
        if (is_hashed ? str_starts(path, S("/assets/")) : str_is(path, route->pattern))
            return route->handle(ctx);
    }
    return FAIL(ctx, E_NOT_FOUND, "test.no_route", "no route");
}

static Str out_header(const char *name)
{
    EACH (header, request.out_headers)
        if (str_is(header->name, name))
            return header->value;
    return S("");
}

static void test_assets_found(void)
{
    assets_use(test_assets);
    Str css = asset_path("site.min.css"), box = asset_path("icons/box.svg");
    CHECK(str_starts(css, S("/assets/site.min.")) && str_ends(css, S(".css")));
    CHECK(str_starts(box, S("/assets/icons/box.")) && str_ends(box, S(".svg")));
    CHECK_STR(asset_path("none.css"), "");
    CHECK_STR(asset_path(""), "");

    CHECK_OK(ctx, get_asset(box, "gzip"));
    CHECK_STR(request.out_static, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    CHECK_STR(request.out_type, "image/svg+xml");
    CHECK_STR(out_header("cache-control"), "public, max-age=31536000, immutable");
    CHECK_STR(out_header("content-encoding"), "");  // it would not be smaller
    CHECK(out_header("etag").len == 12);
    CHECK_OK(ctx, get_asset(S("/robots.txt"), NULL));
    CHECK_STR(request.out_static, "User-agent: *\nDisallow: /admin/\n");
    CHECK_STR(out_header("cache-control"), "public, max-age=3600");

    CHECK_FAILS(ctx, "asset.missing", get_asset(S("/favicon.ico"), NULL));
    CHECK_FAILS(ctx, "asset.missing", get_asset(S("/assets/site.min.0000000000.css"), NULL));
    CHECK_FAILS(ctx, "asset.missing", get_asset(S("/assets/site.min.css"), NULL));
    CHECK_FAILS(ctx, "asset.missing", get_asset(S("/assets/.css"), NULL));
    CHECK_FAILS(ctx, "asset.missing", get_asset(S("/assets/none"), NULL));
    CHECK_FAILS(ctx, "asset.missing", get_asset(S("/assets/"), NULL));
}

static void test_assets_compressed(void)
{
    assets_use(test_assets);
    Str css = asset_path("site.min.css");
    CHECK_OK(ctx, get_asset(css, "br, gzip"));
    CHECK_STR(out_header("content-encoding"), "gzip");
    CHECK_STR(out_header("vary"), "accept-encoding");
    size_t zipped = request.out_static.len;
    CHECK_OK(ctx, get_asset(css, "br"));
    CHECK_STR(out_header("content-encoding"), "");
    CHECK_STR(out_header("vary"), "accept-encoding");
    CHECK(zipped < request.out_static.len);
    CHECK(str_starts(request.out_static, S("/* Long enough")));
}

// ---- How often ----------------------------------------------------------------------------------

static void test_rate_bucket(void)
{
    static const struct {
        int after_ms;  // since the row before
        bool is_taken;
        int remaining, reset_s, retry_s;
    } rows[] = {
        // 60 a minute, 3 at once
        { 0, true, 2, 1, 0 },
        { 0, true, 1, 2, 0 },
        { 0, true, 0, 3, 0 },
        { 0, false, 0, 3, 1 },
        { 500, false, 0, 3, 1 },
        { 500, true, 0, 3, 0 },
        { 0, false, 0, 3, 1 },
        { 2000, true, 1, 2, 0 },
        { 0, true, 0, 3, 0 },
        { 100000, true, 2, 1, 0 },
        { -50000, false, 0, 3, 1 },  // the clock went back: as if it
                                     // were empty, and no worse
        { 1000, true, 0, 3, 0 },
    };
    ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        RateState state;
        Str row = str_format(ctx->arena, "%zu", i);
        test_row = row.ptr;
        ctx->now += (Time)rows[i].after_ms * 1000;
        Status status = rate_take(ctx, S("rate-test"), 60, 3, &state);
        CHECK_INT(status, rows[i].is_taken ? OK : E_LIMIT);
        CHECK_INT(state.limit, 3);
        CHECK_INT(state.remaining, rows[i].remaining);
        CHECK_INT(state.reset_s, rows[i].reset_s);
        CHECK_INT(state.retry_s, rows[i].retry_s);
        ctx_recover(ctx);
    }
    CHECK_OK(ctx, rate_take(ctx, S("rate-test-2"), 60, 3, NULL));  // another key, another bucket
}

// Over any stretch of time nobody gets more than the burst and what has flowed in.
static void test_rate_law(void)
{
    ctx = test_ctx();
    for (int round = 0; round < 50; round++) {
        int per_minute = (int)random_below(ctx->random, 6000) + 1;
        int burst = (int)random_below(ctx->random, 20) + 1;
        Str key = str_format(ctx->arena, "law-%d", round);
        Time start = ctx->now;
        int taken = 0;
        for (int i = 0; i < 200; i++) {
            ctx->now += random_below(ctx->random, 2 * MINUTE / per_minute);
            taken += rate_take(ctx, key, per_minute, burst, NULL) == OK;
            ctx_recover(ctx);
            CHECK(taken <= burst + (ctx->now - start) / (MINUTE / per_minute));
        }
        CHECK(taken > 0);
    }
}

static void test_rate_headers(void)
{
    ctx = test_ctx();
    request = (Request){ 0 };
    ctx->request = &request;
    rate_headers(ctx, &(RateState){ .limit = 10, .remaining = 9, .reset_s = 6 });
    CHECK_STR(out_header("ratelimit-limit"), "10");
    CHECK_STR(out_header("ratelimit-remaining"), "9");
    CHECK_STR(out_header("ratelimit-reset"), "6");
    CHECK_STR(out_header("retry-after"), "");
    rate_headers(ctx, &(RateState){ .limit = 10, .remaining = 0, .reset_s = 60, .retry_s = 6 });
    CHECK_STR(out_header("ratelimit-remaining"), "0");
    CHECK_STR(out_header("retry-after"), "6");
}

enum { THREADS = 4, TAKES = 3000 };

static void *take_many(void *arg)
{
    int *taken = arg;
    Arena arena = { 0 };
    Ctx own = { .arena = &arena, .now = 1772445600000000 };
    for (int i = 0; i < TAKES; i++) {
        char key[16];
        int len = snprintf(key, sizeof key, "k%d", i % 1000);
        *taken += rate_take(&own, (Str){ key, (size_t)len }, 60, 5, NULL) == OK;
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

// A thousand keys, five tokens each, and no time passes: five thousand, whoever takes them.
static void test_rate_threads(void)
{
    pthread_t threads[THREADS];
    int taken[THREADS] = { 0 }, all = 0;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, take_many, &taken[i]);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        all += taken[i];
    }
    CHECK_INT(all, 5000);
}

// More keys than there are places: everybody still gets a first token.
static void test_rate_flood(void)
{
    enum { KEYS = 100000 };
    ctx = test_ctx();
    int taken = 0;
    for (int i = 0; i < KEYS; i++) {
        char key[16];
        int len = snprintf(key, sizeof key, "f%d", i);
        taken += rate_take(ctx, (Str){ key, (size_t)len }, 60, 5, NULL) == OK;
    }
    CHECK_INT(taken, KEYS);
}

const Test route_tests[] = {
    { "a path leads to its route", test_find },
    { "without routes nothing is found", test_no_routes },
    { "many routes do not get in each other's way", test_many_routes },
    { "files in the program have lasting addresses", test_assets_found },
    { "files in the program are compressed beforehand", test_assets_compressed },
    { "a bucket empties and fills", test_rate_bucket },
    { "nobody gets more than flows in", test_rate_law },
    { "an answer says what is left", test_rate_headers },
    { "threads share buckets", test_rate_threads },
    { "a flood of keys finds a table that does not grow", test_rate_flood },
    { 0 },
};
