// test_http.c - the server, asked over real sockets: what it answers, in which order, and how many
// at once.
#include "kernel/http/serve.h"
#include "kernel/http_house.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static Ctx *ctx;
static HttpHouse house;

static void open_house(ServerOptions options)
{
    ctx = test_ctx();
    house = http_house_open(ctx, options);
}

static Reply ask(const char *request)
{
    return wire_ask(ctx->arena, house.port, request);
}

static Reply get(const char *target)
{
    return ask(str_format(ctx->arena, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target).ptr);
}

// ---- One request at a time ----------------------------------------------------------------------

static void test_answers(void)
{
    static const struct {
        const char *name, *request;
        int status;
        const char *body;
    } rows[] = {
        { "get", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello" },
        { "http/1.0", "GET /hello HTTP/1.0\r\nHost: a\r\n\r\n", 200, "hello" },
        { "query", "GET /echo?a=1&b=x+y%26 HTTP/1.1\r\nHost: a\r\n\r\n", 200,
          "GET\n/echo\na=1\nb=x y&\n" },
        { "encoded path", "GET /echo/a%20b%2Fc HTTP/1.1\r\nHost: a\r\n\r\n", 200,
          "GET\n/echo/a b/c\n" },
        { "post", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody", 200,
          "POST\n/echo\nbody" },
        { "empty post", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 200,
          "POST\n/echo\n" },
        { "chunks",
          "PUT /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
          "3\r\nabc\r\n00A\r\n0123456789\r\n0\r\n\r\n",
          200, "PUT\n/echo\nabc0123456789" },
        { "trailers are dropped",
          "PATCH /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
          "1\r\nx\r\n0\r\nHost: evil\r\nX-T: 1\r\n\r\n",
          200, "PATCH\n/echo\nx" },
        { "delete with a body", "DELETE /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}",
          200, "DELETE\n/echo\n{}" },
        { "options", "OPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\n", 200, "OPTIONS\n/echo\n" },
        { "options of all", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 404, "nothing here" },
        { "no body in 204", "GET /empty HTTP/1.1\r\nHost: a\r\n\r\n", 204, "" },
        { "not found", "GET /none HTTP/1.1\r\nHost: a\r\n\r\n", 404, "nothing here" },
        { "from another thread", "GET /late?ms=5&say=late HTTP/1.1\r\nHost: a\r\n\r\n", 200,
          "late" },
        { "back on a worker", "GET /later?ms=1&say=back HTTP/1.1\r\nHost: a\r\n\r\n", 200, "back" },
        { "out of memory", "GET /memory HTTP/1.1\r\nHost: a\r\n\r\n", 503, "full" },
        { "json",
          "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
          "Content-Length: 13\r\n\r\n{\"a\": [1, 2]}",
          200, "{\"a\":[1,2]}" },
        { "a form",
          "POST /form HTTP/1.1\r\nHost: a\r\n"
          "Content-Type: application/x-www-form-urlencoded\r\n"
          "Content-Length: 11\r\n\r\na=1&b[0].c=",
          200, "{\"a\":\"1\",\"b\":[{\"c\":\"\"}]}" },
        { "wrong type",
          "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n"
          "Content-Length: 1\r\n\r\na",
          422, "failed" },
    };
    open_house((ServerOptions){ .arena_max_bytes = 1024 * 1024 });
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Reply reply = ask(rows[i].request);
        CHECK_INT(reply.status, rows[i].status);
        CHECK_STR(reply.body, rows[i].body);
    }
    http_house_close(&house);
}

static void test_head(void)
{
    open_house((ServerOptions){ 0 });
    Wire wire = wire_open(ctx->arena, house.port);
    wire_send_c(&wire, "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                       "HEAD /big?n=5000 HTTP/1.1\r\nHost: a\r\n\r\n"
                       "HEAD /binary?n=5000 HTTP/1.1\r\nHost: a\r\n\r\n"
                       "HEAD /empty HTTP/1.1\r\nHost: a\r\n\r\n"
                       "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    Reply small = wire_read(&wire, true), big = wire_read(&wire, true);
    Reply binary = wire_read(&wire, true), empty = wire_read(&wire, true);
    CHECK_STR(reply_header(&small, "content-length"), "5");
    CHECK_STR(reply_header(&big, "content-length"), "");  // it depends on the compression
    CHECK_STR(reply_header(&binary, "content-length"), "5000");
    CHECK_INT(empty.status, 204);
    CHECK_STR(wire_read(&wire, false).body, "hello");  // none of them had a body
    wire_close(&wire);
    http_house_close(&house);
}

static void test_headers_of_every_answer(void)
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        { "content-type", "text/plain; charset=utf-8" },
        { "x-content-type-options", "nosniff" },
        { "x-frame-options", "SAMEORIGIN" },
        { "referrer-policy", "strict-origin-when-cross-origin" },
        { "content-security-policy",
          "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          "frame-ancestors 'self'" },
        { "content-length", "5" },
    };
    open_house((ServerOptions){ 0 });
    Reply reply = get("/hello");
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        CHECK_STR(reply_header(&reply, rows[i].name), rows[i].value);
    }
    test_row = "date";
    Str date = reply_header(&reply, "date");  // "Sun, 06 Nov 1994 08:49:37 GMT"
    CHECK_INT(date.len, 29);
    CHECK(str_ends(date, S(" GMT")) && date.ptr[3] == ',');
    http_house_close(&house);
}

static void test_headers_of_the_handler(void)
{
    open_house((ServerOptions){ .trusted_proxies = S("127.0.0.1") });
    Reply plain = get("/own");
    CHECK_INT(plain.status, 201);
    CHECK_STR(plain.body, "made");
    CHECK_STR(reply_header(&plain, "content-length"), "4");  // not its to say
    CHECK_STR(reply_header(&plain, "content-security-policy"), "default-src 'none'");
    CHECK_STR(reply_header(&plain, "x-note"), "two  lines");
    CHECK(str_find(plain.head, S("session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60\r\n")) >
          0);
    CHECK(str_find(plain.head, S("old=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0\r\n")) > 0);
    Reply secure = ask("GET /own HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n\r\n");
    CHECK_STR(reply_header(&secure, "set-cookie"),
              "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60");
    http_house_close(&house);
}

static void test_not_modified(void)
{
    static const struct {
        const char *method, *tag;
        int status;
    } rows[] = {
        { "GET", "\"v1\"", 304 }, { "GET", "W/\"v1\"", 304 }, { "GET", "\"v0\", \"v1\"", 304 },
        { "GET", "*", 304 },      { "HEAD", "\"v1\"", 304 },  { "GET", "\"v2\"", 200 },
        { "GET", "v1", 200 },     { "POST", "\"v1\"", 200 },
    };
    open_house((ServerOptions){ 0 });
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].tag;
        Reply reply = ask(str_format(ctx->arena,
                                     "%s /tagged HTTP/1.1\r\nHost: a\r\nIf-None-Match: %s\r\n\r\n",
                                     rows[i].method, rows[i].tag)
                              .ptr);
        CHECK_INT(reply.status, rows[i].status);
        CHECK_STR(reply_header(&reply, "etag"), "\"v1\"");
        CHECK_STR(reply.body, rows[i].status == 200 ? "tagged" : "");
    }
    http_house_close(&house);
}

static void test_gzip(void)
{
    static const struct {
        const char *name, *target, *accept;
        bool is_zipped, varies;
    } rows[] = {
        { "a page", "/big?n=20000", "gzip, deflate, br", true, true },
        { "any encoding", "/big?n=20000", "*", true, true },
        { "with a weight", "/big?n=20000", "br;q=1.0, gzip;q=0.5", true, true },
        { "not wanted", "/big?n=20000", "gzip;q=0, *;q=1", false, true },
        { "nothing said", "/big?n=20000", "", false, true },
        { "at the limit", "/big?n=1024", "gzip", true, true },
        { "too small", "/big?n=1023", "gzip", false, false },
        { "not compressible", "/binary?n=20000", "gzip", false, false },
        { "a megabyte", "/big?n=1000000", "gzip", true, true },
    };
    open_house((ServerOptions){ 0 });
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Reply plain = get(rows[i].target);
        Reply reply =
            ask(str_format(ctx->arena, "GET %s HTTP/1.1\r\nHost: a\r\nAccept-Encoding: %s\r\n\r\n",
                           rows[i].target, rows[i].accept)
                    .ptr);
        bool is_zipped = str_is(reply_header(&reply, "content-encoding"), "gzip");
        CHECK_INT(is_zipped, rows[i].is_zipped);
        CHECK_INT(reply_header(&reply, "vary").len > 0, rows[i].varies);
        CHECK(str_eq(is_zipped ? gunzip(ctx->arena, reply.body) : reply.body, plain.body));
        CHECK(!is_zipped || reply.body.len < plain.body.len / 2);
    }
    http_house_close(&house);
}

static void test_file(void)
{
    enum { BYTES = 300000 };
    char path[] = "/tmp/entrepot-http-XXXXXX";
    int fd = mkstemp(path);
    char *bytes = arena_alloc(test_ctx()->arena, BYTES);
    for (int i = 0; i < BYTES; i++)
        bytes[i] = (char)(i * 7 + i / 1000);
    CHECK_INT(write(fd, bytes, BYTES), BYTES);
    http_house_file = path;
    open_house((ServerOptions){ 0 });
    Reply shown = get("/file"), saved = get("/file?as=a%20b.bin");
    CHECK(str_eq(shown.body, (Str){ bytes, BYTES }));
    CHECK_STR(reply_header(&shown, "content-disposition"), "");
    CHECK_STR(reply_header(&saved, "content-disposition"), "attachment; filename=\"a b.bin\"");
    Reply foreign = get("/file?as=%C3%A9%22.bin"),
          head = ask("HEAD /file HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK_STR(reply_header(&foreign, "content-disposition"),
              "attachment; filename*=UTF-8''%C3%A9%22.bin");
    CHECK_STR(reply_header(&head, "content-length"), "300000");
    CHECK_INT(ftruncate(fd, 0), 0);
    CHECK_STR(get("/file").body, "");
    unlink(path);
    CHECK_INT(get("/file").status, 422);
    close(fd);
    http_house_close(&house);
}

static void test_address_and_host(void)
{
    static const struct {
        const char *name, *headers, *wanted;
        bool is_trusted;
    } rows[] = {
        { "plain", "Host: Shop.Example.com:8080", "host=shop.example.com address=127.0.0.1 https=0",
          true },
        { "forwarded",
          "Host: a\r\nX-Forwarded-For: 9.9.9.9, 203.0.113.7\r\nX-Forwarded-Proto: https\r\n"
          "X-Forwarded-Host: Shop.example.com",
          "host=shop.example.com address=203.0.113.7 https=1", true },
        { "forwarded twice", "Host: a\r\nX-Forwarded-For: 203.0.113.7, 10.1.2.3",
          "host=a address=203.0.113.7 https=0", true },
        { "not believed",
          "Host: a\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n"
          "X-Forwarded-Host: b",
          "host=a address=127.0.0.1 https=0", false },
    };
    for (int is_trusted = 0; is_trusted < 2; is_trusted++) {
        open_house((ServerOptions){ .trusted_proxies = is_trusted ? S("127.0.0.0/8 10.0.0.0/8 ::1")
                                                                  : S("10.0.0.1") });
        for (size_t i = 0; i < COUNT(rows); i++) {
            test_row = rows[i].name;
            if (rows[i].is_trusted != is_trusted)
                continue;
            Str request =
                str_format(ctx->arena, "GET /headers HTTP/1.1\r\n%s\r\n\r\n", rows[i].headers);
            Str rest = ask(request.ptr).body, line;
            str_next(&rest, '\n', &line);
            CHECK_STR(line, rows[i].wanted);
        }
        http_house_close(&house);
    }
}

// ---- Many requests on one connection ------------------------------------------------------------

static void test_keep_alive(void)
{
    static const struct {
        const char *name, *request;
        bool is_closed;
    } rows[] = {
        { "1.1", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", false },
        { "1.1 close", "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true },
        { "1.1 close among others",
          "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", true },
        { "1.0", "GET /hello HTTP/1.0\r\nHost: a\r\n\r\n", true },
        { "1.0 keep-alive", "GET /hello HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
          false },
        { "204", "GET /empty HTTP/1.1\r\nHost: a\r\n\r\n", false },
        { "head", "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n", false },
    };
    open_house((ServerOptions){ 0 });
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Wire wire = wire_open(ctx->arena, house.port);
        wire_send_c(&wire, rows[i].request);
        CHECK(wire_read(&wire, str_starts(str_from(rows[i].request), S("HEAD"))).status > 0);
        if (rows[i].is_closed) {
            CHECK(wire_is_closed(&wire, WIRE_PATIENCE_MS));
        } else {
            wire_send_c(&wire, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
            CHECK_INT(wire_read(&wire, false).status, 200);
        }
        wire_close(&wire);
    }
    http_house_close(&house);
}

static void test_pipelining(void)
{
    enum { REQUESTS = 40 };
    open_house((ServerOptions){ 0 });
    Buf all = { .arena = ctx->arena };
    for (int i = 0; i < REQUESTS; i++) {  // the first answers take longest
        buf_printf(&all, "POST /late?ms=%d&say=n%d HTTP/1.1\r\nHost: a\r\n", (REQUESTS - i) / 8, i);
        buf_c(&all, i % 2 ? "Content-Length: 3\r\n\r\nxyz"
                          : "Transfer-Encoding: chunked\r\n\r\n2\r\nGE\r\n1\r\nT\r\n0\r\n\r\n");
    }
    Wire wire = wire_open(ctx->arena, house.port);
    wire_send(&wire, buf_str(&all));
    for (int i = 0; i < REQUESTS; i++)
        CHECK_STR(wire_read(&wire, false).body, str_format(ctx->arena, "n%d", i).ptr);
    wire_close(&wire);
    http_house_close(&house);
}

// However the bytes are cut into packets, the answers are the same.
static void test_bytes_one_by_one(void)
{
    static const char request[] =
        "POST /echo?x=1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
        "\r\n4\r\nbody\r\n0\r\nT: 1\r\n\r\n"
        "PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nmore";
    static const char *const answers[] = { "POST\n/echo\nx=1\nbody", "PUT\n/echo\nmore" };
    open_house((ServerOptions){ 0 });
    for (size_t piece = 1; piece < sizeof request; piece += piece < 4 ? 1 : 13) {
        Wire wire = wire_open(ctx->arena, house.port);
        for (Str rest = str_from(request); rest.len; rest = str_from_at(rest, piece)) {
            wire_send(&wire, str_sub(rest, 0, piece));
            if (piece > 3)
                sleep_ms(1);  // so that the server sees it alone
        }
        for (size_t i = 0; i < COUNT(answers); i++)
            CHECK_STR(wire_read(&wire, false).body, answers[i]);
        wire_close(&wire);
    }
    http_house_close(&house);
}

static void test_continue(void)
{
    open_house((ServerOptions){ 0 });
    Wire wire = wire_open(ctx->arena, house.port);
    wire_send_c(&wire, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                       "Content-Length: 4\r\n\r\n");
    CHECK_INT(wire_read(&wire, true).status, 100);
    wire_send_c(&wire, "body");
    CHECK_STR(wire_read(&wire, false).body, "POST\n/echo\nbody");
    wire_close(&wire);
    http_house_close(&house);
}

// ---- Many at once -------------------------------------------------------------------------------

enum { CLIENTS = 64, REQUESTS_EACH = 200 };

typedef struct Crowd {
    int port, number, requests;
    int wrong;
} Crowd;

static void *crowd_run(void *arg)
{
    Crowd *crowd = arg;
    Arena arena = { 0 };
    Wire wire = wire_open(&arena, crowd->port);
    for (int i = 0; i < crowd->requests; i++) {
        ArenaMark mark = arena_mark(&arena);
        Str word = str_format(&arena, "c%dr%d", crowd->number, i);
        wire.in = (Buf){ .arena = &arena };
        wire.at = 0;
        const char *path = i % 3 == 0 ? "/late" : i % 3 == 1 ? "/later" : "/echo";
        wire_send(&wire,
                  str_format(&arena, "GET %s?ms=%d&say=" STR_FMT " HTTP/1.1\r\nHost: a\r\n\r\n",
                             path, i % 2, STR_ARG(word)));
        crowd->wrong += str_find(wire_read(&wire, false).body, word) < 0;
        arena_rewind(&arena, mark);
    }
    wire_close(&wire);
    arena_release(&arena);
    return NULL;
}

static void test_crowd(void)
{
    pthread_t threads[CLIENTS];
    Crowd crowds[CLIENTS];
    open_house((ServerOptions){ .loops = 2 });
    for (int i = 0; i < CLIENTS; i++) {
        crowds[i] = (Crowd){ .port = house.port, .number = i, .requests = REQUESTS_EACH };
        pthread_create(&threads[i], NULL, crowd_run, &crowds[i]);
    }
    int wrong = 0;
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(threads[i], NULL);
        wrong += crowds[i].wrong;
    }
    CHECK_INT(wrong, 0);
    http_house_close(&house);
}

static void test_queue_full(void)
{
    enum { MANY = 12 };
    Wire wires[MANY];
    int answered = 0, refused = 0;
    open_house((ServerOptions){ .workers = 1, .queue_max = 2, .loops = 1 });
    for (int i = 0; i < MANY; i++) {
        wires[i] = wire_open(ctx->arena, house.port);
        wire_send_c(&wires[i], "GET /busy?ms=200 HTTP/1.1\r\nHost: a\r\n\r\n");
        sleep_ms(5);
    }
    for (int i = 0; i < MANY; i++) {
        Reply reply = wire_read(&wires[i], false);
        answered += reply.status == 200;
        refused += reply.status == 503 && str_is(reply_header(&reply, "retry-after"), "1") &&
                   str_find(reply.body, S("\"code\":\"http.busy\"")) > 0;
        wire_close(&wires[i]);
    }
    CHECK_INT(answered, 3);  // one worked on, two waiting
    CHECK_INT(refused, MANY - 3);
    http_house_close(&house);
}

static void test_connections_max(void)
{
    enum { MOST = 4, MANY = 12 };
    Wire wires[MANY];
    open_house((ServerOptions){ .loops = 1, .connections_max = MOST });
    for (int i = 0; i < MANY; i++) {
        wires[i] = wire_open(ctx->arena, house.port);
        wire_send_c(&wires[i], "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK_INT(wire_read(&wires[i], false).status, 200);  // somebody idle made room
    }
    int open = 0;
    for (int i = 0; i < MANY; i++)
        open += !wire_is_closed(&wires[i], 1);
    CHECK(open <= MOST + 1);
    for (int i = 0; i < MANY; i++)
        wire_close(&wires[i]);
    http_house_close(&house);
}

// Counted inside the server. All come at once, which is when one loop could take them all.
static void test_even_shares(void)
{
    enum { MANY = 60 };
    Wire wires[MANY];
    open_house((ServerOptions){ .loops = 3 });
    for (int i = 0; i < MANY; i++)
        wires[i] = wire_open(ctx->arena, house.port);
    for (int i = 0; i < MANY; i++) {
        wire_send_c(&wires[i], "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK_INT(wire_read(&wires[i], false).status, 200);
    }
    for (int i = 0; i < 3; i++) {
        int count = house.server->loops[i].client_count;
        CHECK(count >= MANY / 3 - 4 && count <= MANY / 3 + 4);
    }
    for (int i = 0; i < MANY; i++)
        wire_close(&wires[i]);
    http_house_close(&house);
}

// ---- Clients that leave -------------------------------------------------------------------------

static void hang_up(Wire *wire, bool by_reset)
{
    struct linger reset = { 1, 0 };
    if (by_reset)
        setsockopt(wire->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    wire_close(wire);
}

static void test_disconnects(void)
{
    static const char *const starts[] = {
        "",
        "GET /he",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "GET /late?ms=20 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /busy?ms=20 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /busy?ms=20 HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /big?n=3000000 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /stream?topic=x HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
        "BAD\r\n\r\n",
    };
    open_house((ServerOptions){ 0 });
    for (int round = 0; round < 4; round++)
        for (size_t i = 0; i < COUNT(starts); i++) {
            Wire wire = wire_open(ctx->arena, house.port);
            wire_send_c(&wire, starts[i]);
            sleep_ms(round % 2 ? 3 : 0);
            hang_up(&wire, round / 2);
        }
    CHECK_STR(get("/hello").body, "hello");
    http_house_close(&house);
}

// Half closed: it has said all it wants and still listens.
static void test_half_close(void)
{
    open_house((ServerOptions){ 0 });
    Wire wire = wire_open(ctx->arena, house.port);
    wire_send_c(&wire,
                "GET /late?ms=20&say=still HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    shutdown(wire.fd, SHUT_WR);
    CHECK_STR(wire_read(&wire, false).body, "still");
    wire_close(&wire);
    http_house_close(&house);
}

const Test http_tests[] = {
    { "each request gets its answer", test_answers },
    { "HEAD has the headers and no body", test_head },
    { "every answer has the safe headers", test_headers_of_every_answer },
    { "a handler's own headers win, but not over the connection", test_headers_of_the_handler },
    { "an unchanged answer is 304", test_not_modified },
    { "answers are compressed where that helps", test_gzip },
    { "files are sent from disk", test_file },
    { "only a trusted proxy says who asks", test_address_and_host },
    { "connections are kept as the client wants", test_keep_alive },
    { "pipelined requests are answered in order", test_pipelining },
    { "it does not matter how bytes are cut into packets", test_bytes_one_by_one },
    { "a client may wait to be told to go on", test_continue },
    { "64 clients at once get each their own answers", test_crowd },
    { "a full queue is said so at once", test_queue_full },
    { "idle connections make room for new ones", test_connections_max },
    { "connections are shared evenly among the loops", test_even_shares },
    { "clients may leave at any moment", test_disconnects },
    { "a half-closed client still gets its answer", test_half_close },
    { 0 },
};
