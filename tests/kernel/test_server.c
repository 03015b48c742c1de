// test_server.c - the server's life: how it starts, whom it does not wait for, what it notes, how
// it stops, and how it hands its socket to the next.
#include "kernel/http_house.h"

#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static Ctx *ctx;
static HttpHouse house;

static const char hello[] = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

static void open_house(ServerOptions options)
{
    ctx = test_ctx();
    house = http_house_open(ctx, options);
}

// ---- Its end ------------------------------------------------------------------------------------

static void test_graceful_stop(void)
{
    open_house((ServerOptions){ 0 });
    Wire busy = wire_open(ctx->arena, house.port), idle = wire_open(ctx->arena, house.port);
    Wire late = wire_open(ctx->arena, house.port);
    wire_send_c(&idle, "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK_INT(wire_read(&idle, false).status, 200);
    wire_send_c(&busy, "GET /busy?ms=150 HTTP/1.1\r\nHost: a\r\n\r\n");
    wire_send_c(&late, "GET /late?ms=150&say=late HTTP/1.1\r\nHost: a\r\n\r\n");
    sleep_ms(50);
    int64_t before = clock_ms();
    http_house_close(&house);
    int64_t took = clock_ms() - before;
    CHECK(took < 3000);
    Reply reply = wire_read(&busy, false);
    CHECK_STR(reply.body, "done");
    CHECK_STR(reply_header(&reply, "connection"), "close");
    CHECK_STR(wire_read(&late, false).body, "late");
    CHECK(wire_is_closed(&busy, 1000) && wire_is_closed(&idle, 1000));
    CHECK_INT(wire_open(ctx->arena, house.port).fd, -1);
    wire_close(&busy);
    wire_close(&idle);
    wire_close(&late);
}

// What does not finish in time is left behind, and finds nobody when it does.
static void test_stop_limit(void)
{
    open_house((ServerOptions){ 0 });
    Wire busy = wire_open(ctx->arena, house.port), late = wire_open(ctx->arena, house.port);
    wire_send_c(&busy, "GET /busy?ms=2800 HTTP/1.1\r\nHost: a\r\n\r\n");
    wire_send_c(&late, "GET /late?ms=2600&say=x HTTP/1.1\r\nHost: a\r\n\r\n");
    sleep_ms(50);
    int64_t before = clock_ms();
    server_stop(house.server, 1);
    CHECK(clock_ms() - before < 2500);
    CHECK_INT(wire_read(&busy, false).status, 0);
    sleep_ms(1900);  // both end now, under the eyes of the sanitizers
    wire_close(&busy);
    wire_close(&late);
    http_house_leave();
}

enum { ASKERS = 6 };

typedef struct Asker {
    int port;
    bool keeps;  // its connection, as long as it may
    int asked, failed;
    atomic_bool *is_over;
} Asker;

static void *asker_run(void *arg)
{
    Asker *asker = arg;
    Arena arena = { 0 };
    Wire wire = { .fd = -1 };
    while (!atomic_load(asker->is_over)) {
        ArenaMark mark = arena_mark(&arena);
        if (wire.fd < 0)
            wire = wire_open(&arena, asker->port);
        wire.in = (Buf){ .arena = &arena };
        wire.at = 0;
        wire_send_c(&wire, "GET /late?ms=1&say=here HTTP/1.1\r\nHost: a\r\n\r\n");
        Reply reply = wire_read(&wire, false);
        asker->asked++;
        asker->failed += !str_is(reply.body, "here");
        if (!asker->keeps || reply.status == 0 ||
            str_is(reply_header(&reply, "connection"), "close"))
            wire_close(&wire);
        arena_rewind(&arena, mark);
    }
    wire_close(&wire);
    arena_release(&arena);
    return NULL;
}

// One process takes over from another; here both live in one. Nobody who asks all the while is
// refused, whether on new connections or on an old one.
static void test_hand_over(void)
{
    pthread_t threads[ASKERS];
    Asker askers[ASKERS];
    atomic_bool is_over = false;
    open_house((ServerOptions){ 0 });
    for (int i = 0; i < ASKERS; i++) {
        askers[i] = (Asker){ .port = house.port, .keeps = i % 2, .is_over = &is_over };
        pthread_create(&threads[i], NULL, asker_run, &askers[i]);
    }
    for (int round = 0; round < 3; round++) {
        sleep_ms(60);
        HttpHouse next =
            http_house_open(ctx, (ServerOptions){ .listen_fd = dup(server_socket(house.server)) });
        CHECK_INT(next.port, house.port);
        http_house_close(&house);
        house = next;
    }
    sleep_ms(60);
    atomic_store(&is_over, true);
    for (int i = 0; i < ASKERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(askers[i].failed, 0);
        CHECK(askers[i].asked > 10);
    }
    http_house_close(&house);
}

static void test_next_process(void)
{
    char *argv[] = { (char[]){ "sh" }, (char[]){ "-c" },
                     (char[]){ "test \"$ENTREPOT_LISTEN_FD\" = 3 && test -S /proc/self/fd/3" },
                     NULL };
    char *missing[] = { (char[]){ "/no/such/program" }, NULL };
    pid_t child;
    int status = -1;
    open_house((ServerOptions){ 0 });
    CHECK_OK(ctx, server_hand_over(ctx, house.server, argv, &child));
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(WEXITSTATUS(status), 0);
    CHECK_FAILS(ctx, "http.hand_over", server_hand_over(ctx, house.server, missing, &child));

    CHECK_INT(listen_fd_inherited(), -1);
    setenv("ENTREPOT_LISTEN_FD", "0", 1);  // no listening socket
    CHECK_INT(listen_fd_inherited(), -1);
    setenv("ENTREPOT_LISTEN_FD", "x", 1);
    CHECK_INT(listen_fd_inherited(), -1);
    int fd = server_socket(house.server);
    setenv("ENTREPOT_LISTEN_FD", str_format(ctx->arena, "%d", fd).ptr, 1);
    CHECK_INT(listen_fd_inherited(), fd);
    CHECK(!getenv("ENTREPOT_LISTEN_FD"));
    http_house_close(&house);
}

static void test_bad_options(void)
{
    open_house((ServerOptions){ 0 });
    Server *server;
    ServerOptions taken = { .port = house.port, .listen_fd = -1 };
    CHECK_FAILS(ctx, "http.listen", server_start(ctx, &taken, &server));
    ServerOptions nowhere = { .host = S("no.such.host.invalid"), .listen_fd = -1 };
    CHECK_FAILS(ctx, "http.listen", server_start(ctx, &nowhere, &server));
    ServerOptions no_socket = { .listen_fd = 0 };
    CHECK_FAILS(ctx, "http.listen", server_start(ctx, &no_socket, &server));
    ServerOptions bad_proxies = { .listen_fd = -1, .trusted_proxies = S("10.0.0.1 proxy") };
    CHECK_FAILS(ctx, "http.proxies", server_start(ctx, &bad_proxies, &server));
    http_house_close(&house);
}

// ---- Limits of time -----------------------------------------------------------------------------

// A byte now and then on both.
static void drip(Wire *one, Wire *two, int ms)
{
    for (int64_t until = clock_ms() + ms; clock_ms() < until; sleep_ms(100)) {
        wire_send_c(one, "x");
        wire_send_c(two, "x");
    }
}

static void test_time_limits(void)
{
    static const char half_head[] = "GET /hello HTTP/1.1\r\nHost: a\r\nX: ";
    static const char half_body[] =
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf";
    enum {
        SILENT,
        HALF_HEAD,
        HALF_BODY,
        IDLE,
        SLOW_HEAD,
        SLOW_BODY,
        NEXT_HEAD,
        NOT_READING,
        LATE,
        WIRES
    };
    static const char *const first[WIRES] = {
        [SILENT] = "",
        [HALF_HEAD] = half_head,
        [HALF_BODY] = half_body,
        [IDLE] = hello,
        [SLOW_HEAD] = half_head,
        [SLOW_BODY] = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n",
        [NEXT_HEAD] = hello,
        [NOT_READING] = "GET /binary?n=8000000 HTTP/1.1\r\nHost: a\r\n\r\n",
        [LATE] = "GET /late?ms=2500&say=x HTTP/1.1\r\nHost: a\r\n\r\n",
    };
    Wire wires[WIRES];
    open_house((ServerOptions){ .first_byte_limit_s = 1, .idle_limit_s = 1, .request_limit_s = 1 });
    for (int i = 0; i < WIRES; i++) {
        wires[i] = wire_open(ctx->arena, house.port);
        int small = 65536;  // else the kernel would take the whole answer for us
        setsockopt(wires[i].fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        wire_send_c(&wires[i], first[i]);
    }
    CHECK_STR(wire_read(&wires[IDLE], false).body, "hello");
    CHECK_STR(wire_read(&wires[NEXT_HEAD], false).body, "hello");
    wire_send_c(&wires[NEXT_HEAD], half_head);
    drip(&wires[SLOW_HEAD], &wires[SLOW_BODY], 3000);

    CHECK(wire_is_closed(&wires[SILENT], 100));
    CHECK(wire_is_closed(&wires[IDLE], 100));
    CHECK_INT(wire_read(&wires[HALF_HEAD], false).status, 408);
    CHECK_INT(wire_read(&wires[HALF_BODY], false).status, 408);
    CHECK_INT(wire_read(&wires[SLOW_HEAD], false).status, 408);
    CHECK_INT(wire_read(&wires[SLOW_BODY], false).status, 408);
    CHECK_INT(wire_read(&wires[NEXT_HEAD], false).status, 408);
    Reply late = wire_read(&wires[LATE], false);
    CHECK_INT(late.status, 503);
    CHECK(str_find(late.body, S("http.late")) > 0);
    CHECK_INT(wire_read(&wires[NOT_READING], false).status, 0);  // it broke off
    for (int i = 0; i < WIRES; i++) {
        CHECK(wire_is_closed(&wires[i], 3000));
        wire_close(&wires[i]);
    }
    CHECK_STR(wire_ask(ctx->arena, house.port, hello).body, "hello");
    http_house_close(&house);
}

// ---- The log ------------------------------------------------------------------------------------

static struct {
    pthread_mutex_t lock;
    char text[4096];
    size_t len;
} logged = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void keep_line(Str line, void *arg)
{
    (void)arg;
    pthread_mutex_lock(&logged.lock);
    int n = snprintf(logged.text + logged.len, sizeof logged.text - logged.len, STR_FMT "\n",
                     STR_ARG(line));
    logged.len += n > 0 && logged.len + (size_t)n < sizeof logged.text ? (size_t)n : 0;
    pthread_mutex_unlock(&logged.lock);
}

static void test_log(void)
{
    logged.len = 0;
    open_house((ServerOptions){ 0 });
    log_set_level(LOG_INFO);
    log_set_sink(keep_line, NULL);
    wire_ask(ctx->arena, house.port, "GET /echo/x?password=secret HTTP/1.1\r\nHost: a\r\n\r\n");
    wire_ask(ctx->arena, house.port, "GET / HTTP/1.1\r\n\r\n");
    http_house_close(&house);
    log_set_sink(NULL, NULL);
    Str text = { logged.text, logged.len };
    CHECK(str_find(text, S("http.request method=GET path=/echo/x status=200 us=")) > 0);
    CHECK(str_find(text, S("http.refused status=400 code=http.host address=127.0.0.1")) > 0);
    CHECK(str_find(text, S("secret")) < 0);
}

const Test server_tests[] = {
    { "stopping waits for what runs", test_graceful_stop },
    { "stopping does not wait for ever", test_stop_limit },
    { "a successor takes over without a refused connection", test_hand_over },
    { "the socket reaches the next process", test_next_process },
    { "wrong options are refused by name", test_bad_options },
    { "slow clients are not waited for", test_time_limits },
    { "each request is one line of the log, without its query", test_log },
    { 0 },
};
