// test_outside.c - calling other people's servers: which addresses may be called, what becomes of
// answers that are cut, late, wrong or too large, where redirects may lead, and when a host is left
// alone.
#include "base/log.h"
#include "kernel/config.h"
#include "kernel/outside/address.h"
#include "kernel/outside/curl_pool.h"
#include "kernel/outside/host.h"
#include "kernel/outside/http_client.h"
#include "kernel/stranger.h"

// ---- Addresses ----------------------------------------------------------------------------------

static void test_only_the_open_internet_is_public(void)
{
    static const struct {
        const char *address;
        bool is_public;
    } rows[] = {
        { "8.8.8.8", true },
        { "172.15.255.255", true },
        { "172.32.0.0", true },
        { "2606:4700::1111", true },
        { "64:ff9b::808:808", true },
        { "2002:808:808::1", true },
        { "0.0.0.0", false },
        { "10.1.2.3", false },
        { "100.64.0.1", false },
        { "127.0.0.1", false },
        { "127.255.255.254", false },
        { "169.254.169.254", false },
        { "172.16.0.1", false },
        { "172.31.255.255", false },
        { "192.168.1.1", false },
        { "198.19.0.1", false },
        { "224.0.0.1", false },
        { "255.255.255.255", false },
        { "::", false },
        { "::1", false },
        { "::ffff:10.0.0.1", false },
        { "::ffff:127.0.0.1", false },
        { "::10.0.0.1", false },
        { "64:ff9b::a00:1", false },
        { "64:ff9b::7f00:1", false },
        { "2002:a00:1::", false },
        { "2002:7f00:1::1", false },
        { "2001::1", false },
        { "2001:db8::1", false },
        { "fc00::1", false },
        { "fd12:3456::1", false },
        { "fe80::1", false },
        { "ff02::1", false },
        { "not an address", false },
        { "", false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].address;
        CHECK(address_is_public(rows[i].address) == rows[i].is_public);
    }
    test_row = NULL;
}

static void test_listed_networks(void)
{
    Str list = S("10.20.0.0/16 192.168.1.5  fd00:1::/32 10.0.0.0/33 junk 1.2.3.4/x");
    CHECK(address_is_listed(list, "10.20.255.1"));
    CHECK(address_is_listed(list, "::ffff:10.20.0.1"));
    CHECK(!address_is_listed(list, "10.21.0.1"));
    CHECK(address_is_listed(list, "192.168.1.5"));
    CHECK(!address_is_listed(list, "192.168.1.6"));
    CHECK(address_is_listed(list, "fd00:1:ffff::1"));
    CHECK(!address_is_listed(list, "fd00:2::1"));
    CHECK(!address_is_listed(list, "10.0.0.1"));
    CHECK(!address_is_listed(list, "1.2.3.4"));
    CHECK(!address_is_listed(S(""), "127.0.0.1"));
}

// ---- A house for calls --------------------------------------------------------------------------

static Config outside_config;

static Ctx *house(Stranger *stranger, const char *private)
{
    Ctx *ctx = test_ctx();
    CHECK_OK(ctx, config_read(ctx, S(""), &outside_config));
    outside_config.outside_private = str_from(private);
    config_use(&outside_config);
    host_forget_all();
    log_set_level(LOG_ERROR);  // a line a call would bury what the tests say
    stranger_open(stranger);
    return ctx;
}

static void leave(Stranger *stranger)
{
    stranger_close(stranger);
    log_set_level(LOG_INFO);
    curl_pool_close();
    host_forget_all();
}

static HttpCall call_to(Ctx *ctx, const Stranger *stranger, const char *path)
{
    return (HttpCall){ .method = "GET",
                       .url = stranger_url(ctx->arena, stranger, path),
                       .limit_ms = 300,
                       .answer_max = 10000 };
}

// ---- Answers ------------------------------------------------------------------------------------

static void test_an_answer_comes_back(void)
{
    Stranger stranger;
    HttpAnswer answer;
    Ctx *ctx = house(&stranger, "");
    HttpCall call = call_to(ctx, &stranger, "/ok?a=1");
    *list_push(ctx->arena, &call.headers) = (HttpHeader){ S("x-note"), S("hello") };
    *list_push(ctx->arena, &call.headers) = (HttpHeader){ S("x-empty"), S("") };
    CHECK_OK(ctx, http_call(ctx, &call, &answer));
    CHECK_INT(answer.status, 200);
    CHECK_STR(answer.body, "fine");
    CHECK_STR(http_answer_header(&answer, "x-kind"), "Very");
    CHECK_STR(http_answer_header(&answer, "x-other"), "");
    CHECK(!answer.is_worth_retry);
    Heard heard = stranger_heard(&stranger, 0);
    CHECK_STR(heard.method, "GET");
    CHECK_STR(heard.target, "/ok?a=1");
    CHECK_STR(heard_header(&heard, "x-note"), "hello");
    CHECK(str_find(heard.head, S("x-empty:\r\n")) > 0);
    leave(&stranger);
}

static void test_bodies_are_sent_with_any_method(void)
{
    static const char *const methods[] = { "POST", "PUT", "PATCH", "DELETE" };
    Stranger stranger;
    HttpAnswer answer;
    Ctx *ctx = house(&stranger, "");
    for (size_t i = 0; i < COUNT(methods); i++) {
        test_row = methods[i];
        HttpCall call = call_to(ctx, &stranger, "/ok");
        call.method = methods[i];
        call.body = S("{\"a\":\"\0b\"}");
        CHECK_OK(ctx, http_call(ctx, &call, &answer));
        Heard heard = stranger_heard(&stranger, i);
        CHECK_STR(heard.method, methods[i]);
        CHECK(str_eq(heard.body, call.body));
    }
    test_row = NULL;
    leave(&stranger);
}

static void test_what_goes_wrong_has_a_name(void)
{
    static const struct {
        const char *path, *code;
        bool is_worth_retry;
    } rows[] = {
        { "/cut-head", "http.broken", true },        { "/cut-body", "http.broken", true },
        { "/cut-chunk", "http.broken", true },       { "/garbage", "http.broken", true },
        { "/silent", "http.timeout", true },         { "/drip", "http.timeout", true },
        { "/big?n=10001", "http.too_large", false }, { "/long-head", "http.too_large", false },
    };
    Stranger stranger;
    Ctx *ctx = house(&stranger, "");
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].path;
        HttpAnswer answer;
        HttpCall call = call_to(ctx, &stranger, rows[i].path);
        CHECK_FAILS(ctx, rows[i].code, http_call(ctx, &call, &answer));
        CHECK(answer.is_worth_retry == rows[i].is_worth_retry);
        CHECK_INT((int64_t)answer.body.len, 0);
        host_forget_all();
    }
    test_row = NULL;
    leave(&stranger);
}

static void test_limits_are_exact(void)
{
    Stranger stranger;
    HttpAnswer answer;
    Ctx *ctx = house(&stranger, "");
    HttpCall call = call_to(ctx, &stranger, "/big?n=10000");
    CHECK_OK(ctx, http_call(ctx, &call, &answer));
    CHECK_INT((int64_t)answer.body.len, 10000);
    call = call_to(ctx, &stranger, "/long-body");
    CHECK_OK(ctx, http_call(ctx, &call, &answer));
    CHECK_STR(answer.body, "01234");
    call = call_to(ctx, &stranger, "/silent");
    int64_t started = clock_ms();
    CHECK_FAILS(ctx, "http.timeout", http_call(ctx, &call, &answer));
    CHECK(clock_ms() - started < 2000);
    leave(&stranger);
}

static void test_statuses_say_whether_to_come_again(void)
{
    static const struct {
        const char *path;
        int status, wait_s;
        bool is_worth_retry;
    } rows[] = {
        { "/say?status=404&after=9", 404, 0, false },          { "/say?status=408", 408, 0, true },
        { "/say?status=429&after=7", 429, 7, true },           { "/say?status=500", 500, 0, true },
        { "/say?status=503&after=9999999", 503, 86400, true }, { "/to?/ok", 302, 0, false },
    };
    Stranger stranger;
    Ctx *ctx = house(&stranger, "");
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].path;
        HttpAnswer answer;
        HttpCall call = call_to(ctx, &stranger, rows[i].path);
        CHECK_OK(ctx, http_call(ctx, &call, &answer));
        CHECK_INT(answer.status, rows[i].status);
        CHECK(answer.is_worth_retry == rows[i].is_worth_retry);
        CHECK_INT(answer.retry_at, rows[i].wait_s ? ctx->now + rows[i].wait_s * SECOND : 0);
    }
    test_row = NULL;
    leave(&stranger);
}

static void test_nobody_there(void)
{
    Stranger stranger;
    HttpAnswer answer;
    Ctx *ctx = house(&stranger, "");
    HttpCall call = call_to(ctx, &stranger, "/ok");
    leave(&stranger);
    log_set_level(LOG_ERROR);
    CHECK_FAILS(ctx, "http.connect", http_call(ctx, &call, &answer));
    CHECK(answer.is_worth_retry);
    call.url = S("https://no-such-host.invalid/");
    CHECK_FAILS(ctx, "http.connect", http_call(ctx, &call, &answer));
    log_set_level(LOG_INFO);
}

// ---- What is not sent at all --------------------------------------------------------------------

static void test_addresses_that_are_none(void)
{
    static const char *const urls[] = {
        "",
        "shop.example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "https://user:word@example.com/",
        "https://",
        "http://[::1",
        "https://exa mple.com/",
        "https://example.com:99999/",
    };
    Stranger stranger;
    Ctx *ctx = house(&stranger, "");
    for (size_t i = 0; i < COUNT(urls); i++) {
        test_row = urls[i];
        HttpAnswer answer;
        HttpCall call = { .method = "GET", .url = str_from(urls[i]) };
        CHECK_FAILS(ctx, "http.url", http_call(ctx, &call, &answer));
    }
    test_row = NULL;
    leave(&stranger);
}

static void test_headers_cannot_smuggle(void)
{
    static const HttpHeader rows[] = {
        { { "x-a", 3 }, { "1\r\nx-b: 2", 9 } },
        { { "x-a", 3 }, { "a\0b", 3 } },
        { { "x a", 3 }, { "1", 1 } },
        { { "x-a: 1\r\nx-b", 11 }, { "1", 1 } },
        { { "", 0 }, { "1", 1 } },
    };
    Stranger stranger;
    Ctx *ctx = house(&stranger, "");
    for (size_t i = 0; i < COUNT(rows); i++) {
        HttpAnswer answer;
        HttpCall call = call_to(ctx, &stranger, "/ok");
        *list_push(ctx->arena, &call.headers) = rows[i];
        CHECK_FAILS(ctx, "http.header", http_call(ctx, &call, &answer));
    }
    CHECK_INT((int64_t)stranger_count(&stranger), 0);
    leave(&stranger);
}

// ---- Private networks ---------------------------------------------------------------------------

// The many ways to write this machine's own address.
static void test_public_calls_stay_out_of_our_network(void)
{
    static const char *const hosts[] = {
        "127.0.0.1", "localhost",          "127.1",   "2130706433", "0x7f000001", "0177.0.0.1",
        "[::1]",     "[::ffff:127.0.0.1]", "0.0.0.0",
    };
    static const char *const schemes[] = { "http", "https" };
    Stranger stranger;
    Ctx *ctx = house(&stranger, "");
    for (size_t i = 0; i < COUNT(hosts) * COUNT(schemes); i++) {
        test_row = hosts[i / COUNT(schemes)];
        HttpAnswer answer;
        HttpCall call = call_to(ctx, &stranger, "/ok");
        call.flags = CALL_PUBLIC;
        call.url = str_format(ctx->arena, "%s://%s:%d/ok", schemes[i % COUNT(schemes)], test_row,
                              stranger.port);
        CHECK_FAILS(ctx, "http.address", http_call(ctx, &call, &answer));
        CHECK(!answer.is_worth_retry);
    }
    test_row = NULL;
    CHECK_INT((int64_t)stranger_count(&stranger), 0);
    leave(&stranger);
}

static void test_configuration_opens_a_network(void)
{
    Stranger stranger;
    HttpAnswer answer;
    Ctx *ctx = house(&stranger, "10.0.0.0/8 127.0.0.1");
    HttpCall call = call_to(ctx, &stranger, "/ok");
    call.flags = CALL_PUBLIC;
    CHECK_OK(ctx, http_call(ctx, &call, &answer));
    CHECK_STR(answer.body, "fine");
    leave(&stranger);
}

static void test_redirects_are_followed_only_where_asked(void)
{
    Stranger stranger;
    HttpAnswer answer;
    Ctx *ctx = house(&stranger, "");
    HttpCall call = call_to(ctx, &stranger, "/to?/ok");
    call.flags = CALL_REDIRECTS;
    CHECK_OK(ctx, http_call(ctx, &call, &answer));
    CHECK_INT(answer.status, 200);
    CHECK_STR(answer.body, "fine");
    CHECK_STR(http_answer_header(&answer, "location"), "");
    call.method = "POST";
    CHECK_OK(ctx, http_call(ctx, &call, &answer));
    CHECK_INT(answer.status, 302);
    call = call_to(ctx, &stranger, "/circle");
    call.flags = CALL_REDIRECTS;
    CHECK_FAILS(ctx, "http.redirects", http_call(ctx, &call, &answer));
    call = call_to(ctx, &stranger, "/to?file:///etc/passwd");
    call.flags = CALL_REDIRECTS;
    CHECK_FAILS(ctx, "http.redirects", http_call(ctx, &call, &answer));
    leave(&stranger);
}

// The first host is allowed, what it sends us to is not: the clouds' keeper of credentials, our own
// network.
static void test_redirects_do_not_lead_inside(void)
{
    static const char *const targets[] = {
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.2:1/",
        "http://[::1]:1/",
        "http://10.0.0.1:1/",
    };
    Stranger stranger;
    Ctx *ctx = house(&stranger, "127.0.0.1");
    for (size_t i = 0; i < COUNT(targets); i++) {
        test_row = targets[i];
        HttpAnswer answer;
        HttpCall call = call_to(ctx, &stranger, "");
        call.url = str_format(ctx->arena, "http://127.0.0.1:%d/to?%s", stranger.port, targets[i]);
        call.flags = CALL_PUBLIC | CALL_REDIRECTS;
        CHECK_FAILS(ctx, "http.address", http_call(ctx, &call, &answer));
    }
    test_row = NULL;
    leave(&stranger);
}

// ---- Hosts in trouble ---------------------------------------------------------------------------

static Time host_now;

static Time host_clock(void)
{
    return host_now;
}

static void test_a_failing_host_is_left_alone(void)
{
    Stranger stranger;
    HttpAnswer answer;
    Ctx *ctx = house(&stranger, "");
    host_now = HOUR;
    host_use_clock(host_clock);
    HttpCall bad = call_to(ctx, &stranger, "/cut-head"), good = call_to(ctx, &stranger, "/ok");
    for (int i = 0; i < HOST_FAILURES_MAX; i++)
        CHECK_FAILS(ctx, "http.broken", http_call(ctx, &bad, &answer));
    CHECK_FAILS(ctx, "http.resting", http_call(ctx, &good, &answer));
    CHECK(answer.is_worth_retry);
    CHECK_INT(answer.retry_at, ctx->now + HOST_REST_S * SECOND);
    CHECK_INT((int64_t)stranger_count(&stranger), HOST_FAILURES_MAX);
    host_now += HOST_REST_S * SECOND;
    CHECK_FAILS(ctx, "http.broken", http_call(ctx, &bad, &answer));  // one goes to see
    CHECK_FAILS(ctx, "http.resting", http_call(ctx, &good, &answer));
    host_now += HOST_REST_S * SECOND;
    CHECK_OK(ctx, http_call(ctx, &good, &answer));
    CHECK_OK(ctx, http_call(ctx, &good, &answer));
    host_use_clock(NULL);
    leave(&stranger);
}

static void test_refusals_are_no_trouble(void)
{
    Stranger stranger;
    HttpAnswer answer;
    Ctx *ctx = house(&stranger, "");
    HttpCall call = call_to(ctx, &stranger, "/say?status=404");
    for (int i = 0; i < HOST_FAILURES_MAX + 1; i++)
        CHECK_OK(ctx, http_call(ctx, &call, &answer));
    leave(&stranger);
}

static void test_only_one_goes_to_see(void)
{
    Time wait;
    host_forget_all();
    host_now = HOUR;
    host_use_clock(host_clock);
    for (int i = 0; i < HOST_FAILURES_MAX; i++) {
        CHECK(host_ask(S("a"), 0, &wait) == HOST_GO);
        host_done(S("a"), false);
    }
    CHECK(host_ask(S("b"), 0, &wait) == HOST_GO);
    host_now += HOST_REST_S * SECOND;
    CHECK(host_ask(S("a"), 0, &wait) == HOST_GO);
    CHECK(host_ask(S("a"), 0, &wait) == HOST_RESTING);
    CHECK_INT(wait, SECOND);
    host_done(S("a"), true);
    CHECK(host_ask(S("a"), 0, &wait) == HOST_GO);
    host_use_clock(NULL);
    host_forget_all();
}

static void test_our_own_limit_of_calls(void)
{
    enum { PER_MINUTE = 60, BURST = 6 };
    Time wait;
    host_forget_all();
    host_now = HOUR;
    host_use_clock(host_clock);
    for (int i = 0; i < BURST; i++)
        CHECK(host_ask(S("a"), PER_MINUTE, &wait) == HOST_GO);
    CHECK(host_ask(S("a"), PER_MINUTE, &wait) == HOST_TOO_SOON);
    CHECK_INT(wait, SECOND);
    host_now += SECOND;
    CHECK(host_ask(S("a"), PER_MINUTE, &wait) == HOST_GO);
    CHECK(host_ask(S("a"), PER_MINUTE, &wait) == HOST_TOO_SOON);
    CHECK(host_ask(S("a"), 0, &wait) == HOST_GO);
    int went = 0;
    for (int i = 0; i < 600; i++) {  // a minute, asked ten times a second
        host_now += SECOND / 10;
        went += host_ask(S("a"), PER_MINUTE, &wait) == HOST_GO;
    }
    CHECK_INT(went, PER_MINUTE);
    host_use_clock(NULL);
    host_forget_all();
}

static void test_the_limit_is_told_to_the_caller(void)
{
    Stranger stranger;
    HttpAnswer answer;
    Ctx *ctx = house(&stranger, "");
    HttpCall call = call_to(ctx, &stranger, "/ok");
    call.per_minute = 1;
    CHECK_OK(ctx, http_call(ctx, &call, &answer));
    CHECK_FAILS(ctx, "http.too_soon", http_call(ctx, &call, &answer));
    CHECK(answer.is_worth_retry);
    CHECK(answer.retry_at > ctx->now + 50 * SECOND);
    CHECK_INT((int64_t)stranger_count(&stranger), 1);
    leave(&stranger);
}

const Test outside_tests[] = {
    { "only the open internet is public", test_only_the_open_internet_is_public },
    { "networks are listed with their length", test_listed_networks },
    { "an answer comes back with its headers", test_an_answer_comes_back },
    { "bodies are sent with any method", test_bodies_are_sent_with_any_method },
    { "what goes wrong has a name", test_what_goes_wrong_has_a_name },
    { "limits of size and time are exact", test_limits_are_exact },
    { "statuses say whether to come again", test_statuses_say_whether_to_come_again },
    { "nobody is there", test_nobody_there },
    { "web addresses that are none are not called", test_addresses_that_are_none },
    { "headers cannot smuggle others", test_headers_cannot_smuggle },
    { "public calls stay out of our network", test_public_calls_stay_out_of_our_network },
    { "the configuration opens a network", test_configuration_opens_a_network },
    { "redirects are followed only where asked for", test_redirects_are_followed_only_where_asked },
    { "redirects do not lead inside", test_redirects_do_not_lead_inside },
    { "a failing host is left alone, then seen after", test_a_failing_host_is_left_alone },
    { "refusals are no trouble", test_refusals_are_no_trouble },
    { "only one goes to see", test_only_one_goes_to_see },
    { "our own limit of calls", test_our_own_limit_of_calls },
    { "the limit is told to the caller", test_the_limit_is_told_to_the_caller },
    { 0 },
};
