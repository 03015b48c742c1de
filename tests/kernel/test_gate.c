// test_gate.c - what the gate lets through and what it refuses, over real sockets; and that its
// reading of heads and chunks does not depend on how the bytes arrive.
#include "kernel/http/head.h"
#include "kernel/http_house.h"

static Ctx *ctx;
static HttpHouse house;

#define GET  "GET /echo HTTP/1.1\r\nHost: a\r\n"
#define POST "POST /echo HTTP/1.1\r\nHost: a\r\n"
#define END  "\r\n"

typedef struct GateRow {
    const char *name;
    Str bytes;
    int status;
    const char *code;  // NULL: let through
} GateRow;

#define ROW(name, bytes, status, code)                                                             \
    {                                                                                              \
        name, { "" bytes, sizeof(bytes) - 1 }, status, code                                        \
    }

static const GateRow rows[] = {
    // The request line.
    ROW("plain", GET END, 200, NULL),
    ROW("lower-case method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "http.method"),
    ROW("unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "http.method"),
    ROW("TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "http.method"),
    ROW("CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "http.method"),
    ROW("no version", "GET /\r\nHost: a\r\n\r\n", 400, "http.request_line"),
    ROW("only a word", "GET\r\nHost: a\r\n\r\n", 400, "http.request_line"),
    ROW("two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.target"),
    ROW("blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.target"),
    ROW("blank at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "http.target"),
    ROW("blank at the start", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.request_line"),
    ROW("tab as a blank", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.request_line"),
    ROW("whole address", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.target"),
    ROW("star for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.target"),
    ROW("no slash", "GET echo HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.target"),
    ROW("fragment", "GET /echo#x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.target"),
    ROW("byte above ASCII", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.target"),
    ROW("control in the target", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.target"),
    ROW("1.0", "GET /echo HTTP/1.0\r\nHost: a\r\n\r\n", 200, NULL),
    ROW("0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 400, "http.version"),
    ROW("1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 400, "http.version"),
    ROW("2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400, "http.version"),
    ROW("1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400, "http.version"),
    ROW("1", "GET / HTTP/1\r\nHost: a\r\n\r\n", 400, "http.version"),
    ROW("http in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400, "http.version"),
    ROW("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501, "http.method"),
    ROW("TLS hello", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, "http.line"),
    ROW("empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.line"),

    // Paths.
    ROW("dots", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("dot", "GET /./b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("dots at the end", "GET /a/.. HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("encoded dots", "GET /%2e%2E/b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("dots behind encoded slashes", "GET /a%2f..%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 400,
        "http.path"),
    ROW("backslash", "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("encoded backslash", "GET /a%5c..%5cb HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("encoded NUL", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("encoded line end", "GET /a%0d%0aX:%20y HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("half an escape", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("no escape", "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("no UTF-8", "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("overlong UTF-8", "GET /%c0%ae%c0%ae/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("decoded once", "GET /echo/%252e%252e/ HTTP/1.1\r\nHost: a\r\n\r\n", 200, NULL),
    ROW("three dots", "GET /echo/... HTTP/1.1\r\nHost: a\r\n\r\n", 200, NULL),
    ROW("broken query", "GET /echo?a=%f HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),
    ROW("NUL in the query", "GET /echo?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http.path"),

    // Headers.
    ROW("blank before the colon", GET "X : 1\r\n" END, 400, "http.name"),
    ROW("blank in a name", GET "X Y: 1\r\n" END, 400, "http.name"),
    ROW("control in a name", GET "X\x01: 1\r\n" END, 400, "http.name"),
    ROW("no name", GET ": 1\r\n" END, 400, "http.name"),
    ROW("no colon", GET "X\r\n" END, 400, "http.name"),
    ROW("bracket in a name", GET "X[]: 1\r\n" END, 400, "http.name"),
    ROW("byte above ASCII in a name", GET "\xc3\xa9: 1\r\n" END, 400, "http.name"),
    ROW("control in a value",
        GET "X: a\x01"
            "b\r\n" END,
        400, "http.value"),
    ROW("delete in a value", GET "X: a\x7f\r\n" END, 400, "http.value"),
    ROW("tab in a value", GET "X: a\tb\r\n" END, 200, NULL),
    ROW("UTF-8 in a value", GET "X: \xc3\xa9\r\n" END, 200, NULL),
    ROW("empty value", GET "X:\r\n" END, 200, NULL),
    ROW("NUL in a value", GET "X: a\0b\r\n" END, 400, "http.line"),
    ROW("NUL at a line's start", GET "\0\r\n" END, 400, "http.line"),
    ROW("CR in a value", GET "X: a\rb\r\n" END, 400, "http.value"),
    ROW("folded", GET "X: a\r\n b\r\n" END, 400, "http.fold"),
    ROW("folded by a tab", GET "X: a\r\n\tb\r\n" END, 400, "http.fold"),
    ROW("folded at once", "GET /echo HTTP/1.1\r\n Host: a\r\n\r\n", 400, "http.fold"),
    ROW("bare LF", "GET /echo HTTP/1.1\nHost: a\n\n", 400, "http.line"),
    ROW("one bare LF", GET "X: a\nY: b\r\n" END, 400, "http.line"),
    ROW("bare LF at the end", GET "\n", 400, "http.line"),

    // Host.
    ROW("no Host", "GET /echo HTTP/1.1\r\n\r\n", 400, "http.host"),
    ROW("no Host on 1.0", "GET /echo HTTP/1.0\r\n\r\n", 400, "http.host"),
    ROW("two Hosts", GET "Host: a\r\n" END, 400, "http.host"),
    ROW("two Hosts in other case", GET "hOST: b\r\n" END, 400, "http.host"),
    ROW("empty Host", "GET /echo HTTP/1.1\r\nHost:\r\n\r\n", 400, "http.host"),
    ROW("list as Host", "GET /echo HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, "http.host"),
    ROW("user in Host", "GET /echo HTTP/1.1\r\nHost: u@a\r\n\r\n", 400, "http.host"),
    ROW("path in Host", "GET /echo HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "http.host"),
    ROW("only a port", "GET /echo HTTP/1.1\r\nHost: :80\r\n\r\n", 400, "http.host"),
    ROW("no port behind the colon", "GET /echo HTTP/1.1\r\nHost: a:\r\n\r\n", 400, "http.host"),
    ROW("port of letters", "GET /echo HTTP/1.1\r\nHost: a:b\r\n\r\n", 400, "http.host"),
    ROW("IPv6 without brackets", "GET /echo HTTP/1.1\r\nHost: ::1\r\n\r\n", 400, "http.host"),
    ROW("IPv6 not closed", "GET /echo HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "http.host"),
    ROW("empty brackets", "GET /echo HTTP/1.1\r\nHost: []\r\n\r\n", 400, "http.host"),
    ROW("words behind brackets", "GET /echo HTTP/1.1\r\nHost: [::1]a\r\n\r\n", 400, "http.host"),
    ROW("Host with a port", "GET /echo HTTP/1.1\r\nHost: a.b:80\r\n\r\n", 200, NULL),
    ROW("IPv6 Host", "GET /echo HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200, NULL),

    // Framing.
    ROW("CL and TE", POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" END "0\r\n\r\n",
        400, "http.framing"),
    ROW("TE and CL", POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" END "0\r\n\r\n",
        400, "http.framing"),
    ROW("two CLs", POST "Content-Length: 1\r\nContent-Length: 2\r\n" END "xx", 400, "http.length"),
    ROW("two equal CLs", POST "Content-Length: 1\r\nContent-Length: 1\r\n" END "x", 400,
        "http.length"),
    ROW("list of CLs", POST "Content-Length: 1, 1\r\n" END "x", 400, "http.length"),
    ROW("CL with a sign", POST "Content-Length: +1\r\n" END "x", 400, "http.length"),
    ROW("negative CL", POST "Content-Length: -1\r\n" END "x", 400, "http.length"),
    ROW("hex CL", POST "Content-Length: 0x1\r\n" END "x", 400, "http.length"),
    ROW("CL with a letter", POST "Content-Length: 1a\r\n" END "x", 400, "http.length"),
    ROW("CL with a blank", POST "Content-Length: 1 1\r\n" END "x", 400, "http.length"),
    ROW("empty CL", POST "Content-Length:\r\n" END, 400, "http.length"),
    ROW("huge CL", POST "Content-Length: 99999999999999999999\r\n" END, 400, "http.length"),
    ROW("CL past the limit", POST "Content-Length: 1001\r\n" END, 413, "http.body"),
    ROW("CL with zeros", POST "Content-Length: 0001\r\n" END "x", 200, NULL),
    ROW("TE gzip", POST "Transfer-Encoding: gzip\r\n" END, 400, "http.encoding"),
    ROW("TE gzip, chunked", POST "Transfer-Encoding: gzip, chunked\r\n" END, 400, "http.encoding"),
    ROW("TE chunked, chunked", POST "Transfer-Encoding: chunked, chunked\r\n" END, 400,
        "http.encoding"),
    ROW("TE identity", POST "Transfer-Encoding: identity\r\n" END, 400, "http.encoding"),
    ROW("TE with a parameter", POST "Transfer-Encoding: chunked;x=1\r\n" END, 400, "http.encoding"),
    ROW("TE in quotes", POST "Transfer-Encoding: \"chunked\"\r\n" END, 400, "http.encoding"),
    ROW("TE twice", POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" END, 400,
        "http.encoding"),
    ROW("TE behind a vertical tab",
        POST "Transfer-Encoding: \x0b"
             "chunked\r\n" END,
        400, "http.value"),
    ROW("TE on 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
        "http.encoding"),
    ROW("body of a HEAD", "HEAD /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 400,
        "http.frame"),
    ROW("body of a GET", GET "Content-Length: 1\r\n" END "x", 200, NULL),
    ROW("wrong expectation", POST "Expect: 200-ok\r\n" END, 417, "http.expect"),

    // Chunks.
    ROW("chunk", POST "Transfer-Encoding: chunked\r\n" END "1\r\nx\r\n0\r\n\r\n", 200, NULL),
    ROW("size with a sign", POST "Transfer-Encoding: chunked\r\n" END "+1\r\nx\r\n0\r\n\r\n", 400,
        "http.chunk"),
    ROW("size with 0x", POST "Transfer-Encoding: chunked\r\n" END "0x1\r\nx\r\n0\r\n\r\n", 400,
        "http.chunk"),
    ROW("size with a blank", POST "Transfer-Encoding: chunked\r\n" END "1 \r\nx\r\n0\r\n\r\n", 400,
        "http.chunk"),
    ROW("size with an extension",
        POST "Transfer-Encoding: chunked\r\n" END "1;a=b\r\nx\r\n0\r\n\r\n", 400, "http.chunk"),
    ROW("no size", POST "Transfer-Encoding: chunked\r\n" END "\r\nx\r\n0\r\n\r\n", 400,
        "http.chunk"),
    ROW("size of nine digits",
        POST "Transfer-Encoding: chunked\r\n" END "000000001\r\nx\r\n0\r\n\r\n", 400, "http.chunk"),
    ROW("bare LF behind a size", POST "Transfer-Encoding: chunked\r\n" END "1\nx\r\n0\r\n\r\n", 400,
        "http.chunk"),
    ROW("bare LF behind data", POST "Transfer-Encoding: chunked\r\n" END "1\r\nx\n0\r\n\r\n", 400,
        "http.chunk"),
    ROW("data longer than its size",
        POST "Transfer-Encoding: chunked\r\n" END "1\r\nxy\r\n0\r\n\r\n", 400, "http.chunk"),
    ROW("bare LF in the trailer", POST "Transfer-Encoding: chunked\r\n" END "0\r\nA: b\n\r\n", 400,
        "http.chunk"),
    ROW("chunks past the limit", POST "Transfer-Encoding: chunked\r\n" END "3e9\r\n", 413,
        "http.body"),
    ROW("huge chunk", POST "Transfer-Encoding: chunked\r\n" END "ffffffff\r\n", 413, "http.body"),
};

// Lets through what it lets through, and keeps the connection; refuses the rest, says why and
// closes, also when a whole further request stands behind.
static void test_rules(void)
{
    ctx = test_ctx();
    house = http_house_open(ctx, (ServerOptions){ .body_max_bytes = 1000 });
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        bool is_head = str_starts(rows[i].bytes, S("HEAD"));
        Wire wire = wire_open(ctx->arena, house.port);
        wire_send(&wire, rows[i].bytes);
        wire_send_c(&wire, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        Reply reply = wire_read(&wire, is_head);
        CHECK_INT(reply.status, rows[i].status);
        if (rows[i].code) {
            Str code = str_format(ctx->arena, "\"code\":\"%s\"", rows[i].code);
            CHECK_STR(reply_header(&reply, "connection"), "close");
            CHECK_STR(reply_header(&reply, "content-type"), "application/problem+json");
            CHECK(is_head || str_find(reply.body, code) > 0);
            CHECK(wire_is_closed(&wire, WIRE_PATIENCE_MS));
        } else if (!str_find(rows[i].bytes, S("HTTP/1.0"))) {
            CHECK_STR(wire_read(&wire, false).body, "hello");
        }
        wire_close(&wire);
    }
    http_house_close(&house);
}

static Reply send_all(Str bytes)
{
    Wire wire = wire_open(ctx->arena, house.port);
    wire_send(&wire, bytes);
    Reply reply = wire_read(&wire, false);
    wire_close(&wire);
    return reply;
}

static Str head_of(int headers, size_t bytes)
{
    Buf out = { .arena = ctx->arena };
    buf_c(&out, "GET /hello HTTP/1.1\r\nHost: a\r\n");
    for (int i = 1; i < headers; i++)
        buf_printf(&out, "X-%d: %d\r\n", i, i);
    buf_c(&out, "X-Last: ");
    while (out.len + 4 < bytes)
        buf_char(&out, 'x');
    buf_c(&out, "\r\n\r\n");
    return buf_str(&out);
}

static void test_size_limits(void)
{
    enum { HEADERS = 100, BYTES = 32 * 1024 };
    ctx = test_ctx();
    house = http_house_open(ctx, (ServerOptions){ 0 });
    CHECK_INT(send_all(head_of(HEADERS - 1, 0)).status, 200);
    CHECK_INT(send_all(head_of(HEADERS, 0)).status, 431);
    CHECK_INT(send_all(head_of(2, BYTES)).status, 200);
    CHECK_INT(send_all(head_of(2, BYTES + 1)).status, 431);
    CHECK_INT(send_all(str_sub(head_of(2, BYTES * 2), 0, BYTES + 1)).status,
              431);  // not waited for
    http_house_close(&house);
}

static void test_body_limit(void)
{
    enum { MOST = 50 * 1024 * 1024 };
    ctx = test_ctx();
    house = http_house_open(ctx, (ServerOptions){ 0 });
    char *bytes = arena_alloc(ctx->arena, MOST);
    Wire wire = wire_open(ctx->arena, house.port);
    wire_send(&wire,
              str_format(ctx->arena,
                         "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", MOST));
    CHECK(wire_send(&wire, (Str){ bytes, MOST }));
    CHECK_STR(wire_read(&wire, false).body, "hello");

    // Refused from its head alone. A client that sends on does not lose the answer.
    wire_send(&wire, str_format(ctx->arena,
                                "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
                                MOST + 1));
    wire_send(&wire, (Str){ bytes, 1000000 });
    Reply reply = wire_read(&wire, false);
    CHECK_INT(reply.status, 413);
    wire_close(&wire);
    http_house_close(&house);
}

static void test_bodies_limit(void)
{
    enum { BYTES = 40000, MANY = 5 };
    Wire wires[MANY];
    int taken = 0, refused = 0;
    ctx = test_ctx();
    house = http_house_open(ctx, (ServerOptions){ .bodies_max_bytes = BYTES * 3 });
    for (int i = 0; i < MANY; i++) {  // all but the last byte
        wires[i] = wire_open(ctx->arena, house.port);
        wire_send(&wires[i],
                  str_format(ctx->arena,
                             "POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n",
                             BYTES));
        wire_send(&wires[i], (Str){ arena_alloc(ctx->arena, BYTES), BYTES - 1 });
        sleep_ms(10);
    }
    for (int i = 0; i < MANY; i++) {
        wire_send_c(&wires[i], "x");
        int status = wire_read(&wires[i], false).status;
        taken += status == 200;
        refused += status == 503;
        wire_close(&wires[i]);
    }
    CHECK(taken >= 3 && refused >= 1 && taken + refused == MANY);
    Str again =
        str_format(ctx->arena, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nback");
    CHECK_STR(send_all(again).body, "POST\n/echo\nback");  // room was given back
    http_house_close(&house);
}

// ---- Without sockets ----------------------------------------------------------------------------

// Cut anywhere into two, a head ends in the same place.
static void test_head_in_pieces(void)
{
    ctx = test_ctx();
    Str whole = S("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\nrest");
    for (size_t cut = 0; cut <= whole.len; cut++) {
        size_t scanned = 0;
        ptrdiff_t first = head_end(str_sub(whole, 0, cut), &scanned);
        ptrdiff_t second = head_end(whole, &scanned);
        CHECK_INT(first, cut < whole.len - 4 ? 0 : (ptrdiff_t)whole.len - 4);
        CHECK(first > 0 || second == (ptrdiff_t)whole.len - 4);
    }
}

// However chunks are cut, the same bytes are taken and the same length is found.
static void test_chunks_in_pieces(void)
{
    Str whole = S("5\r\nabcde\r\n00F\r\n0123456789abcde\r\n0\r\nTrailer: x\r\n\r\nNEXT");
    Head head = { .is_chunked = true };
    for (size_t piece = 1; piece <= whole.len; piece++) {
        Framing framing = framing_start(&head, 1000);
        size_t taken = 0;
        for (size_t at = 0; at < whole.len && framing.state != FRAMING_DONE; at += piece) {
            size_t used;
            CHECK(!framing_take(&framing, str_sub(whole, at, piece), &used));
            taken += used;
        }
        CHECK_INT(framing.state, FRAMING_DONE);
        CHECK_INT(framing.body_bytes, 20);
        CHECK_INT(taken, whole.len - 4);
    }
}

static void test_trailer_limit(void)
{
    Head head = { .is_chunked = true };
    Framing framing = framing_start(&head, 1000);
    Buf out = { .arena = test_ctx()->arena };
    size_t used;
    buf_c(&out, "0\r\n");
    while (out.len < 5000)
        buf_c(&out, "X: y\r\n");
    const Refusal *why = framing_take(&framing, buf_str(&out), &used);
    CHECK(why && strcmp(why->code, "http.chunk") == 0);
    CHECK(used < 4200);
}

const Test gate_tests[] = {
    { "each rule holds, on a socket", test_rules },
    { "heads are limited in bytes and headers", test_size_limits },
    { "a body may have 50 MB and not a byte more", test_body_limit },
    { "all bodies together are limited", test_bodies_limit },
    { "a head may come in pieces", test_head_in_pieces },
    { "chunks may come in pieces", test_chunks_in_pieces },
    { "trailers are limited", test_trailer_limit },
    { 0 },
};
