// test_request.c - reading a request: paths, queries, cookies, what the client accepts, who
// forwarded it; and answering it.
#include "harness.h"
#include "kernel/http/head.h"
#include "kernel/http/proxy.h"

static Ctx *ctx;

// The request of a head, as the server would begin it; NULL when it is refused.
static Request *read_request(const char *head_text)
{
    static Request request;
    static const HeadLimits limits = { .bytes_max = 65536, .headers_max = 100, .body_max = 1000 };
    ctx = test_ctx();
    Str bytes = str_copy(ctx->arena, str_from(head_text));
    size_t scanned = 0;
    Head head;
    request = (Request){ 0 };
    ptrdiff_t end = head_end(bytes, &scanned);
    if (end <= 0 ||
        head_parse(ctx->arena, (char *)(uintptr_t)bytes.ptr, (size_t)end, &limits, &head) ||
        request_begin(ctx->arena, &head, &request))
        return NULL;
    ctx->request = &request;
    return &request;
}

static Request *read_with(const char *headers)
{
    Arena arena = { 0 };
    Str text = str_format(&arena, "GET /a HTTP/1.1\r\nHost: a\r\n%s\r\n", headers);
    Request *request = read_request(text.ptr);
    arena_release(&arena);
    return request;
}

// ---- Addresses ----------------------------------------------------------------------------------

static void test_url_encode(void)
{
    static const char *const rows[][2] = {
        { "", "" },
        { "abc-._~XYZ019", "abc-._~XYZ019" },
        { "a b/c", "a%20b%2Fc" },
        { "100%", "100%25" },
        { "SO-26/27", "SO-26%2F27" },
        { "\xc3\xa9", "%C3%A9" },
        { "\"'<>&+?#", "%22%27%3C%3E%26%2B%3F%23" },
    };
    ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str back;
        CHECK_STR(url_encode(ctx->arena, str_from(rows[i][0])), rows[i][1]);
        CHECK(url_decode(ctx->arena, str_from(rows[i][1]), true, &back));
        CHECK_STR(back, rows[i][0]);
    }
}

static void test_url_decode(void)
{
    static const struct {
        const char *text;
        bool plus_is_blank;
        const char *wanted;  // NULL: refused
    } rows[] = {
        { "a+b", true, "a b" },    { "a+b", false, "a+b" }, { "%41%6a%6A", false, "Ajj" },
        { "%", false, NULL },      { "%4", false, NULL },   { "a%", false, NULL },
        { "%4g", false, NULL },    { "%g4", false, NULL },  { "%00", false, NULL },
        { "%ff", false, NULL },    { "%c3", false, NULL },  { "%C3%A9", false, "\xc3\xa9" },
        { "%2541", false, "%41" },
    };
    ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].text;
        Str decoded = S("");
        bool is_fine =
            url_decode(ctx->arena, str_from(rows[i].text), rows[i].plus_is_blank, &decoded);
        CHECK_INT(is_fine, rows[i].wanted != NULL);
        if (is_fine)
            CHECK_STR(decoded, rows[i].wanted);
    }
}

// Whatever bytes there are, encoded and decoded they are the same.
static void test_url_round_trip(void)
{
    ctx = test_ctx();
    for (int round = 0; round < 300; round++) {
        char text[24];
        size_t len = (size_t)random_below(ctx->random, sizeof text);
        for (size_t i = 0; i < len; i++)
            text[i] = (char)(1 + random_below(ctx->random, 127));
        Str back, encoded = url_encode(ctx->arena, (Str){ text, len });
        CHECK(url_decode(ctx->arena, encoded, round % 2, &back));
        CHECK(str_eq(back, (Str){ text, len }));
        CHECK(str_find_char(encoded, '/') < 0 && str_find_char(encoded, ' ') < 0);
    }
}

static void test_request_parts(void)
{
    Request *request = read_request("GET /a%20b/c%2Fd?x=1&y=&x=2&z&%C3%A9=%26+a&&=e HTTP/1.1\r\n"
                                    "hOsT: Shop.Example.COM:8443\r\nX-One: 1\r\nx-one: 2\r\n\r\n");
    CHECK(request != NULL);
    CHECK_INT(request->method, HTTP_GET);
    CHECK_STR(request->path, "/a b/c/d");
    CHECK_STR(request->target, "/a%20b/c%2Fd?x=1&y=&x=2&z&%C3%A9=%26+a&&=e");
    CHECK_STR(request_raw_path(request), "/a%20b/c%2Fd");
    CHECK_STR(request->host, "shop.example.com");
    CHECK_STR(request_query(request, "x"), "1");
    CHECK_STR(request_query(request, "y"), "");
    CHECK_STR(request_query(request, "z"), "");
    CHECK_STR(request_query(request, "\xc3\xa9"), "& a");
    CHECK_STR(request_query(request, ""), "e");
    CHECK_STR(request_query(request, "none"), "");
    CHECK_INT(request->query.len, 6);
    CHECK_STR(request_header(request, "x-one"), "1");
    CHECK_STR(request_header(request, "x-none"), "");
    CHECK_STR(request->headers.items[2].name, "x-one");
}

static void test_query_limit(void)
{
    Arena arena = { 0 };
    for (int fields = QUERY_FIELDS_MAX; fields <= QUERY_FIELDS_MAX + 1; fields++) {
        Buf head = { .arena = &arena };
        buf_c(&head, "GET /?");
        for (int i = 0; i < fields; i++)
            buf_printf(&head, "%sf%d=%d", i ? "&" : "", i, i);
        buf_c(&head, " HTTP/1.1\r\nHost: a\r\n\r\n");
        Request *request = read_request(buf_str(&head).ptr);
        CHECK_INT(request != NULL, fields == QUERY_FIELDS_MAX);
    }
    arena_release(&arena);
}

static void test_hosts(void)
{
    static const char *const rows[][2] = {
        { "a", "a" },         { "A.B", "a.b" },        { "a:80", "a" },
        { "[::1]", "[::1]" }, { "[::1]:80", "[::1]" }, { "10.0.0.1:8080", "10.0.0.1" },
    };
    ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_STR(host_name(ctx->arena, str_from(rows[i][0])), rows[i][1]);
}

// ---- Headers that mean something ----------------------------------------------------------------

static void test_cookies(void)
{
    Request *request = read_with("Cookie: a=1; bb=2;c=\"3\" ; d=x=y; __Host-a=secure; empty=\r\n"
                                 "Cookie: late=4\r\n");
    CHECK_STR(request_cookie(request, "a"), "1");
    CHECK_STR(request_cookie(request, "bb"), "2");
    CHECK_STR(request_cookie(request, "b"), "");
    CHECK_STR(request_cookie(request, "c"), "\"3\"");
    CHECK_STR(request_cookie(request, "d"), "x=y");
    CHECK_STR(request_cookie(request, "empty"), "");
    CHECK_STR(request_cookie(request, "late"), "4");
    CHECK_STR(request_cookie(request, "none"), "");
    request->is_https = true;  // then only those that no neighbouring domain could have set
    CHECK_STR(request_cookie(request, "a"), "secure");
    CHECK_STR(request_cookie(request, "bb"), "");
}

static void test_accept_quality(void)
{
    static const struct {
        const char *header, *token;
        int quality;
    } rows[] = {
        { "gzip", "gzip", 1000 },
        { "GZIP", "gzip", 1000 },
        { "", "gzip", 0 },
        { "deflate, br", "gzip", 0 },
        { "gzip;q=0", "gzip", 0 },
        { "gzip;q=0.000", "gzip", 0 },
        { "gzip; q=0.5", "gzip", 500 },
        { "gzip;q=0.123", "gzip", 123 },
        { "gzip;q=2", "gzip", 1000 },
        { "gzip;q=x", "gzip", 1000 },
        { "*", "gzip", 1000 },
        { "*;q=0.1, gzip;q=0.7", "gzip", 700 },
        { "gzip;q=0, *;q=1", "gzip", 0 },
        { "gzipx", "gzip", 0 },
        { "text/*;q=0.3, */*;q=0.1", "text/html", 300 },
        { "text/*;q=0.3, text/html;level=1;q=0.9", "text/html", 900 },
        { "application/*", "text/html", 0 },
        { "*/*;q=0.8", "text/html", 800 },
        { "text*/*", "text/html", 0 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].header;
        CHECK_INT(accept_quality(str_from(rows[i].header), str_from(rows[i].token)),
                  rows[i].quality);
    }
}

static void test_wants_html(void)
{
    static const struct {
        const char *path, *accept;
        bool is_html;
    } rows[] = {
        { "/admin", "text/html,application/xhtml+xml,*/*;q=0.8", true },
        { "/api/v1/x", "text/html,application/xhtml+xml,*/*;q=0.8", false },
        { "/admin", "*/*", false },
        { "/admin", "application/json", false },
        { "/admin", "application/json, text/html;q=0.5", false },
        { "/admin", "application/json;q=0.5, text/html", true },
        { "/admin", "text/html;q=0", false },
        { "/admin", "", false },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].accept;
        Arena arena = { 0 };
        Str head = str_format(&arena, "GET %s HTTP/1.1\r\nHost: a\r\nAccept: %s\r\n\r\n",
                              rows[i].path, rows[i].accept);
        CHECK_INT(request_wants_html(read_request(head.ptr)), rows[i].is_html);
        arena_release(&arena);
    }
}

static void test_networks(void)
{
    static const struct {
        const char *networks, *address;
        bool holds;
    } rows[] = {
        { "10.0.0.1", "10.0.0.1", true },
        { "10.0.0.1", "10.0.0.2", false },
        { "10.0.0.0/8", "10.9.8.7", true },
        { "10.0.0.0/8", "11.0.0.1", false },
        { "10.0.0.0/9", "10.127.0.1", true },
        { "10.0.0.0/9", "10.128.0.1", false },
        { "0.0.0.0/0", "203.0.113.9", true },
        { "0.0.0.0/0", "::1", false },
        { "::1", "::1", true },
        { "::1", "127.0.0.1", false },
        { "2001:db8::/32", "2001:db8:1::2", true },
        { "2001:db8::/32", "2001:db9::", false },
        { "::/0", "127.0.0.1", true },
        { "::ffff:10.0.0.0/104", "10.1.2.3", true },
        { "a", "10.0.0.1", false },
        { "", "10.0.0.1", false },
        { "10.0.0.1", "no address", false },
        { "10.0.0.1", "", false },
    };
    ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].networks;
        NetworkList networks = { 0 };
        bool is_fine = networks_parse(ctx, str_from(rows[i].networks), &networks) == OK;
        CHECK_INT(is_fine, !str_is(str_from(rows[i].networks), "a"));
        CHECK_INT(networks_hold(&networks, str_from(rows[i].address)), rows[i].holds);
        ctx_recover(ctx);
    }
    NetworkList networks;
    CHECK_FAILS(ctx, "http.proxies", networks_parse(ctx, S("10.0.0.0/33"), &networks));
    CHECK_FAILS(ctx, "http.proxies", networks_parse(ctx, S("10.0.0.0/-1"), &networks));
    CHECK_FAILS(ctx, "http.proxies", networks_parse(ctx, S("10.0.0.0/"), &networks));
    CHECK_FAILS(ctx, "http.proxies", networks_parse(ctx, S("10.0.0"), &networks));
    CHECK_FAILS(ctx, "http.proxies", networks_parse(ctx, S("::1/129"), &networks));
}

static void test_forwarded(void)
{
    static const struct {
        const char *name, *headers, *neighbour, *address;
    } rows[] = {
        { "no proxy", "X-Forwarded-For: 1.1.1.1\r\n", "2.2.2.2", "2.2.2.2" },
        { "one proxy", "X-Forwarded-For: 1.1.1.1\r\n", "10.0.0.1", "1.1.1.1" },
        { "two proxies", "X-Forwarded-For: 1.1.1.1, 10.0.0.2\r\n", "10.0.0.1", "1.1.1.1" },
        { "a lie to the left", "X-Forwarded-For: 9.9.9.9, 1.1.1.1\r\n", "10.0.0.1", "1.1.1.1" },
        { "two headers", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 10.0.0.2\r\n", "10.0.0.1",
          "1.1.1.1" },
        { "nothing forwarded", "", "10.0.0.1", "10.0.0.1" },
        { "no address", "X-Forwarded-For: 1.1.1.1, unknown\r\n", "10.0.0.1", "10.0.0.1" },
        { "empty", "X-Forwarded-For:\r\n", "10.0.0.1", "10.0.0.1" },
        { "all trusted", "X-Forwarded-For: 10.0.0.3, 10.0.0.2\r\n", "10.0.0.1", "10.0.0.3" },
        { "IPv6", "X-Forwarded-For: 2001:db8::7\r\n", "10.0.0.1", "2001:db8::7" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        NetworkList trusted = { 0 };
        Request *request = read_with(rows[i].headers);
        CHECK_OK(ctx, networks_parse(ctx, S("10.0.0.0/8"), &trusted));
        proxy_apply(ctx->arena, &trusted, str_from(rows[i].neighbour), request);
        CHECK_STR(request->address, rows[i].address);
    }
    NetworkList trusted = { 0 };
    Request *request = read_with("X-Forwarded-Proto: HTTPS\r\nX-Forwarded-Host: B.c:1, d\r\n");
    CHECK_OK(ctx, networks_parse(ctx, S("10.0.0.1"), &trusted));
    proxy_apply(ctx->arena, &trusted, S("10.0.0.1"), request);
    CHECK(request->is_https);
    CHECK_STR(request->host, "a");  // a list is no host
}

// ---- Answers ------------------------------------------------------------------------------------

static Str out_header(const Request *request, const char *name)
{
    EACH (header, request->out_headers)
        if (str_is(header->name, name))
            return header->value;
    return S("");
}

static void test_respond(void)
{
    Request *request = read_with("");
    CHECK_OK(ctx, respond(ctx, 200, S("text/plain"), S("one")));
    CHECK_STR(buf_str(&request->out), "one");
    buf_c(&request->out, " more");
    CHECK_STR(buf_str(&request->out), "one more");
    CHECK_OK(ctx, respond(ctx, 201, S("text/html"), S("two")));
    CHECK_STR(buf_str(&request->out), "two");
    CHECK_INT(request->status, 201);
    CHECK_OK(ctx, respond_static(ctx, 200, S("text/css"), S("three")));
    CHECK_STR(request->out_static, "three");
    CHECK_STR(buf_str(&request->out), "");
    CHECK_OK(ctx, respond_redirect(ctx, S("/next")));
    CHECK_INT(request->status, 303);
    CHECK_STR(request->out_static, "");
    CHECK_STR(out_header(request, "location"), "/next");
    buf_c(&request->out, "{}");
    CHECK_OK(ctx, respond_json(ctx, 200));
    CHECK_STR(buf_str(&request->out), "{}");
    CHECK_STR(request->out_type, "application/json");
    CHECK_FAILS(ctx, "file.missing", respond_file(ctx, S("/no/such/file"), S("a/b"), S("")));
}

static void test_respond_headers(void)
{
    Request *request = read_with("");
    respond_header(ctx, "X-Name", S("one"));
    respond_header(ctx, "x-name", S("two"));
    respond_header_add(ctx, "X-Name", S("three"));
    respond_header(ctx, "X-Bad", S("a\r\nSet-Cookie: b\0c"));
    CHECK_OK(ctx, respond(ctx, 200, S("text/plain\r\nX-Evil: 1"), S("")));
    CHECK_STR(request->out_type, "text/plain  X-Evil: 1");
    CHECK_INT(request->out_headers.len, 3);
    CHECK_STR(request->out_headers.items[0].name, "x-name");
    CHECK_STR(request->out_headers.items[0].value, "two");
    CHECK_STR(request->out_headers.items[1].value, "three");
    CHECK_STR(request->out_headers.items[2].value, "a  Set-Cookie: b c");
}

static void test_respond_cookies(void)
{
    Request *request = read_with("");
    respond_cookie(ctx, "a", S("1"), 0);
    request->is_https = true;
    respond_cookie(ctx, "a", S("2"), 3600);
    respond_cookie(ctx, "a", S(""), -1);
    CHECK_STR(request->out_headers.items[0].value, "a=1; Path=/; HttpOnly; SameSite=Lax");
    CHECK_STR(request->out_headers.items[1].value,
              "__Host-a=2; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=3600");
    CHECK_STR(request->out_headers.items[2].value,
              "__Host-a=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
}

const Test request_tests[] = {
    { "text is percent-encoded and back", test_url_encode },
    { "only what decodes to text is decoded", test_url_decode },
    { "any text survives the round trip", test_url_round_trip },
    { "a request's parts are read once", test_request_parts },
    { "a query has a limit of fields", test_query_limit },
    { "a host is a name without its port", test_hosts },
    { "cookies are found by their whole name", test_cookies },
    { "weights of what a client accepts", test_accept_quality },
    { "browsers get pages, programs get JSON", test_wants_html },
    { "networks hold addresses", test_networks },
    { "the client is the last address not trusted", test_forwarded },
    { "the last answer counts", test_respond },
    { "a header cannot smuggle another", test_respond_headers },
    { "cookies are as safe as the connection", test_respond_cookies },
    { 0 },
};
