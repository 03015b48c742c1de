// test_stream.c - event streams over real sockets: what is published arrives, in order, once, and
// also after a lost connection.
#include "kernel/http_house.h"

#include "kernel/event.h"

#include <pthread.h>
#include <sys/socket.h>

static Ctx *ctx;
static HttpHouse house;

static void open_house(ServerOptions options)
{
    ctx = test_ctx();
    house = http_house_open(ctx, options);
}

static Wire open_stream(const char *topic, Str last_event_id)
{
    Wire wire = wire_open(ctx->arena, house.port);
    wire_send(&wire,
              str_format(ctx->arena,
                         "GET /stream?topic=%s HTTP/1.1\r\nHost: a\r\nLast-Event-ID: " STR_FMT
                         "\r\n\r\n",
                         topic, STR_ARG(last_event_id)));
    CHECK(wire_read_until(&wire, "\r\n\r\n", WIRE_PATIENCE_MS).len > 0);
    return wire;
}

// The next event, "name data" with what it has; its id aside. "" when none comes.
static Str next_event(Wire *wire, Str *ret_id)
{
    Buf out = { .arena = ctx->arena };
    bool is_event = false;
    while (!is_event || out.len == 0) {
        Str line = wire_read_until(wire, "\n", 2000);
        if (line.len == 0)
            return S("");
        line = str_trim(line);
        if (str_starts(line, S("id: ")))
            *ret_id = str_from_at(line, 4);
        if (str_starts(line, S("event: ")))
            buf_printf(&out, "[" STR_FMT "]", STR_ARG(str_from_at(line, 7)));
        if (str_starts(line, S("data: ")))
            buf_printf(&out, "%s" STR_FMT, out.len ? "|" : "", STR_ARG(str_from_at(line, 6)));
        is_event = line.len == 0 && out.len;
    }
    return buf_str(&out);
}

static Str first_id(Wire *wire)
{
    Str line = wire_read_until(wire, "\n\n", WIRE_PATIENCE_MS);
    return str_trim(str_from_at(line, (size_t)str_find(line, S("id: ")) + 4));
}

static void publish(const char *topic, const char *data)
{
    live_publish(NULL, str_from(topic), str_from(data));
}

static void test_events_arrive(void)
{
    open_house((ServerOptions){ 0 });
    Wire one = open_stream("a", S("")), two = open_stream("a", S("")),
         other = open_stream("b", S(""));
    Str id;
    first_id(&one), first_id(&two), first_id(&other);
    publish("a", "{\"n\":1}");
    publish("a", "two\nlines\r\nor\rthree");
    publish("a", "");
    publish("b", "for b");
    CHECK_STR(next_event(&one, &id), "{\"n\":1}");
    CHECK_STR(next_event(&one, &id), "two|lines|or|three");
    CHECK_STR(next_event(&two, &id), "{\"n\":1}");
    CHECK_STR(next_event(&two, &id), "two|lines|or|three");
    CHECK_STR(next_event(&other, &id), "for b");  // and nothing of a's
    wire_close(&one);
    wire_close(&two);
    wire_close(&other);
    http_house_close(&house);
}

static void test_stream_headers(void)
{
    open_house((ServerOptions){ 0 });
    Wire wire = wire_open(ctx->arena, house.port);
    wire_send_c(&wire, "GET /stream?topic=a HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
    Reply reply = { .head = wire_read_until(&wire, "\r\n\r\n", WIRE_PATIENCE_MS) };
    CHECK_STR(reply_header(&reply, "content-type"), "text/event-stream; charset=utf-8");
    CHECK_STR(reply_header(&reply, "cache-control"), "no-cache");
    CHECK_STR(reply_header(&reply, "x-accel-buffering"), "no");
    CHECK_STR(reply_header(&reply, "transfer-encoding"), "chunked");
    CHECK_STR(reply_header(&reply, "content-length"), "");
    CHECK_STR(reply_header(&reply, "content-encoding"), "");
    wire_close(&wire);
    http_house_close(&house);
}

static void test_resume(void)
{
    open_house((ServerOptions){ 0 });
    Wire wire = open_stream("resume", S(""));
    Str id = first_id(&wire), other = S("");
    publish("resume", "one");
    CHECK_STR(next_event(&wire, &id), "one");
    wire_close(&wire);
    publish("resume", "two");
    publish("resume", "three");

    wire = open_stream("resume", id);
    CHECK_STR(next_event(&wire, &id), "two");
    CHECK_STR(next_event(&wire, &id), "three");
    publish("resume", "four");
    CHECK_STR(next_event(&wire, &id), "four");
    wire_close(&wire);

    wire = open_stream("resume", id);  // nothing was missed
    CHECK(str_eq(first_id(&wire), id));
    publish("resume", "five");
    CHECK_STR(next_event(&wire, &other), "five");
    wire_close(&wire);
    http_house_close(&house);
}

static void test_reset(void)
{
    open_house((ServerOptions){ 0 });
    Wire wire = open_stream("reset", S(""));
    Str id = first_id(&wire), last = S("");
    wire_close(&wire);
    for (int i = 0; i < 33; i++)  // one more than are kept
        publish("reset", "x");
    static const char *const foreign[] = {
        "abc",
        "0-0",
        "ffffffffffffffff-3",
        "-",
        "1-99999999999999",
        "0123456789012345678901234567890123456789012345678901234567"
        "89"
    };
    for (size_t i = 0; i <= COUNT(foreign); i++) {
        test_row = i < COUNT(foreign) ? foreign[i] : "too old";
        wire = open_stream("reset", i < COUNT(foreign) ? str_from(foreign[i]) : id);
        CHECK_STR(next_event(&wire, &last), "[reset]");
        publish("reset", "after");
        CHECK_STR(next_event(&wire, &last), "after");
        wire_close(&wire);
    }
    test_row = "too long to be kept";
    wire = open_stream("reset", S(""));
    first_id(&wire);
    live_publish(NULL, S("reset"), (Str){ arena_alloc(ctx->arena, 5000), 5000 });
    CHECK_STR(next_event(&wire, &last), "[reset]");
    wire_close(&wire);
    http_house_close(&house);
}

static void test_ping(void)
{
    open_house((ServerOptions){ .stream_ping_s = 1 });
    Wire wire = open_stream("ping", S(""));
    first_id(&wire);
    CHECK(wire_read_until(&wire, ": ping\n\n", 3000).len > 0);
    wire_close(&wire);
    http_house_close(&house);
}

enum { PUBLISHERS = 4, EVENTS_EACH = 250, WATCHERS = 6 };

static void *publish_many(void *arg)
{
    for (int i = 0; i < EVENTS_EACH; i++) {
        char data[32];
        int len = snprintf(data, sizeof data, "%d-%d", *(int *)arg, i);
        live_publish(NULL, S("many"), (Str){ data, (size_t)len });
        if (i % 5 == 0)
            sleep_ms(1);
    }
    return NULL;
}

// Each watcher gets every publisher's events in that publisher's order; a reset stands for a gap.
static void watch_many(Wire *wire)
{
    int next[PUBLISHERS] = { 0 }, publisher, number, wrong = 0;
    Str id, event;
    while ((event = next_event(wire, &id)).len && !str_is(event, "end")) {
        if (str_is(event, "[reset]"))
            continue;
        if (sscanf(event.ptr, "%d-%d", &publisher, &number) != 2 || number < next[publisher])
            wrong++;
        else
            next[publisher] = number + 1;
    }
    CHECK_INT(wrong, 0);
    CHECK_STR(event, "end");
}

static void test_many_publishers(void)
{
    pthread_t threads[PUBLISHERS];
    int numbers[PUBLISHERS];
    Wire wires[WATCHERS];
    open_house((ServerOptions){ .loops = 2 });
    for (int i = 0; i < WATCHERS; i++) {
        wires[i] = open_stream("many", S(""));
        first_id(&wires[i]);
    }
    for (int i = 0; i < PUBLISHERS; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, publish_many, &numbers[i]);
    }
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(threads[i], NULL);
    publish("many", "end");
    for (int i = 0; i < WATCHERS; i++) {
        watch_many(&wires[i]);
        wire_close(&wires[i]);
    }
    http_house_close(&house);
}

// A page that goes away is noticed at once, and its stream is closed.
static void test_closing_is_noticed(void)
{
    enum { ROUNDS = 300 };
    open_house((ServerOptions){ .connections_max = 64 });
    for (int i = 0; i < ROUNDS; i++) {
        Wire wire = open_stream("closing", S(""));
        if (i % 2)
            publish("closing", "x");
        wire_close(&wire);
    }
    CHECK_STR(wire_ask(ctx->arena, house.port, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").body,
              "hello");
    int64_t before = clock_ms();
    http_house_close(&house);
    CHECK(clock_ms() - before < 2000);
}

static void test_stop_ends_streams(void)
{
    open_house((ServerOptions){ 0 });
    Wire wire = open_stream("stop", S("")), old = wire_open(ctx->arena, house.port);
    wire_send_c(&old, "GET /stream?topic=stop HTTP/1.0\r\nHost: a\r\n\r\n");
    first_id(&wire);
    first_id(&old);
    int64_t before = clock_ms();
    http_house_close(&house);
    CHECK(clock_ms() - before < 2000);
    CHECK(wire_is_closed(&old, 1000));  // 1.0 knows no chunks: the end is the end of the connection
    wire_close(&old);
    CHECK(wire_read_until(&wire, "0\r\n\r\n", 1000).len > 0);  // a whole answer
    CHECK(wire_is_closed(&wire, 1000));
    wire_close(&wire);
}

// One that does not read is dropped; others do not wait for it.
static void test_slow_reader(void)
{
    enum { ROUNDS = 250, EVENTS_A_ROUND = 8, BYTES = 4000 };
    open_house((ServerOptions){ .idle_limit_s = 1 });
    Wire slow = open_stream("slow", S("")), fast = open_stream("slow", S(""));
    int small = 65536, missed = 0;
    setsockopt(slow.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    char *line = arena_alloc(ctx->arena, BYTES);
    memset(line, 'x', BYTES);
    for (int i = 0; i < ROUNDS; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        fast.in = (Buf){ .arena = ctx->arena };
        fast.at = 0;
        for (int n = 0; n < EVENTS_A_ROUND; n++)
            live_publish(NULL, S("slow"), (Str){ line, BYTES });
        publish("slow", "round");
        missed += wire_read_until(&fast, "data: round\n\n", 2000).len == 0;
        arena_rewind(ctx->arena, mark);
    }
    CHECK_INT(missed, 0);
    slow.in = fast.in = (Buf){ .arena = ctx->arena };
    slow.at = fast.at = 0;
    while (wire_read_until(&slow, "\n\n", 3000).len)
        ;
    CHECK(slow.is_ended);
    wire_close(&slow);
    wire_close(&fast);
    http_house_close(&house);
}

static void test_topic_limit(void)
{
    static Request request;
    ctx = test_ctx();
    ctx->request = &request;
    char name[201];
    memset(name, 't', sizeof name);
    CHECK_OK(ctx, respond_stream(ctx, (Str){ name, 200 }, S("")));
    CHECK_FAILS(ctx, "stream.topic", respond_stream(ctx, (Str){ name, 201 }, S("")));
}

const Test stream_tests[] = {
    { "what is published arrives at those who watch", test_events_arrive },
    { "a stream says what it is", test_stream_headers },
    { "a lost connection goes on where it was", test_resume },
    { "what was missed for good is said", test_reset },
    { "a silent stream is kept alive", test_ping },
    { "many publish at once, each in order", test_many_publishers },
    { "a page that goes away is noticed", test_closing_is_noticed },
    { "stopping ends streams", test_stop_ends_streams },
    { "who does not read is dropped", test_slow_reader },
    { "a topic's name has a limit", test_topic_limit },
    { 0 },
};
