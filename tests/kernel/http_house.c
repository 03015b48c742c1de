// http_house.c - the test server's answerer.
#include "kernel/http_house.h"

#include "base/log.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

const char *http_house_file;

// ---- Threads that answer late -------------------------------------------------------------------

typedef struct Later {
    Ctx *ctx;
    void (*done)(Ctx *ctx);
    void (*run)(struct Later *later);
    int64_t due_ms;
    struct Later *next;
} Later;

enum { LATER_THREADS = 3 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    Later *first;
    pthread_t threads[LATER_THREADS];
    int houses;
    bool is_closed;
} lane = { .lock = PTHREAD_MUTEX_INITIALIZER, .filled = PTHREAD_COND_INITIALIZER };

// The first that is due; NULL when there is none left and there will be none.
static Later *lane_take(void)
{
    for (;;) {
        int64_t now = clock_ms();
        for (Later **at = &lane.first; *at; at = &(*at)->next)
            if ((*at)->due_ms <= now) {
                Later *found = *at;
                *at = found->next;
                return found;
            }
        if (!lane.first && lane.is_closed)
            return NULL;
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 500000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (lane.first)
            pthread_cond_timedwait(&lane.filled, &lane.lock, &until);
        else
            pthread_cond_wait(&lane.filled, &lane.lock);
    }
}

static void *lane_run(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&lane.lock);
    for (Later *later; (later = lane_take());) {
        pthread_mutex_unlock(&lane.lock);
        later->run(later);
        pthread_mutex_lock(&lane.lock);
    }
    pthread_mutex_unlock(&lane.lock);
    return NULL;
}

static void lane_add(Ctx *ctx, void (*done)(Ctx *ctx), void (*run)(Later *later), int64_t ms)
{
    Later *later = NEW(ctx->arena, Later);
    *later = (Later){ .ctx = ctx, .done = done, .run = run, .due_ms = clock_ms() + ms };
    pthread_mutex_lock(&lane.lock);
    later->next = lane.first;
    lane.first = later;
    pthread_cond_signal(&lane.filled);
    pthread_mutex_unlock(&lane.lock);
}

// ---- Answers ------------------------------------------------------------------------------------

static int64_t query_int(const Request *request, const char *name)
{
    int64_t n = 0;
    str_int(request_query(request, name), &n);
    return n;
}

static Status hello(Ctx *ctx)
{
    return respond(ctx, 200, S("text/plain"), S("hello"));
}

static Status echo(Ctx *ctx)
{
    const Request *request = ctx->request;
    respond(ctx, 200, S("text/plain"), S(""));
    buf_printf(&ctx->request->out, "%s\n" STR_FMT "\n", http_method_name(request->method),
               STR_ARG(request->path));
    EACH (field, request->query)
        buf_printf(&ctx->request->out, STR_FMT "=" STR_FMT "\n", STR_ARG(field->name),
                   STR_ARG(field->value));
    buf_put(&ctx->request->out, request->body);
    return OK;
}

static Status headers(Ctx *ctx)
{
    const Request *request = ctx->request;
    respond(ctx, 200, S("text/plain"), S(""));
    buf_printf(&ctx->request->out, "host=" STR_FMT " address=" STR_FMT " https=%d\n",
               STR_ARG(request->host), STR_ARG(request->address), request->is_https);
    EACH (header, request->headers)
        buf_printf(&ctx->request->out, STR_FMT "=" STR_FMT "\n", STR_ARG(header->name),
                   STR_ARG(header->value));
    return OK;
}

static Status big(Ctx *ctx)
{
    respond(ctx, 200, S("text/html"), S(""));
    int64_t n = query_int(ctx->request, "n");
    for (int64_t i = 0; i < n; i++)
        buf_char(&ctx->request->out, "<li>shoes and boots</li>\n"[i % 25]);
    return OK;
}

static Status binary(Ctx *ctx)
{
    int64_t n = query_int(ctx->request, "n");
    char *bytes = arena_alloc(ctx->arena, (size_t)n);
    memset(bytes, 'b', (size_t)n);
    return respond(ctx, 200, S("application/octet-stream"), (Str){ bytes, (size_t)n });
}

static Status tagged(Ctx *ctx)
{
    respond_header(ctx, "ETag", S("\"v1\""));
    return respond(ctx, 200, S("text/plain"), S("tagged"));
}

static Status empty(Ctx *ctx)
{
    return respond(ctx, 204, S(""), S(""));
}

static Status busy(Ctx *ctx)
{
    sleep_ms((int)query_int(ctx->request, "ms"));
    return respond(ctx, 200, S("text/plain"), S("done"));
}

static Status memory(Ctx *ctx)
{
    for (int i = 0; i < 100000; i++)
        arena_alloc(ctx->arena, 100000);
    return OK;
}

static Status file(Ctx *ctx)
{
    return respond_file(ctx, str_from(http_house_file), S("application/octet-stream"),
                        request_query(ctx->request, "as"));
}

static Status stream(Ctx *ctx)
{
    return respond_stream(ctx, request_query(ctx->request, "topic"),
                          request_header(ctx->request, "last-event-id"));
}

static Status own(Ctx *ctx)
{
    respond_header(ctx, "Content-Security-Policy", S("default-src 'none'"));
    respond_header(ctx, "X-Note", S("two\r\nlines"));
    respond_header(ctx, "Content-Length", S("1"));
    respond_cookie(ctx, "session", S("abc"), 60);
    respond_cookie(ctx, "old", S(""), -1);
    return respond(ctx, 201, S("text/plain"), S("made"));
}

static Status form(Ctx *ctx)
{
    const Json *json;
    TRY(request_json(ctx, &json));
    respond_json(ctx, 200);
    JsonOut out = { .out = &ctx->request->out };
    json_put_tree(&out, json);
    return OK;
}

static Status nothing(Ctx *ctx)
{
    return respond(ctx, 404, S("text/plain"), S("nothing here"));
}

static Status handle(Ctx *ctx, void *arg)
{
    static const struct {
        const char *path;
        Status (*run)(Ctx *ctx);
    } places[] = {
        { "/hello", hello },   { "/echo", echo },     { "/headers", headers }, { "/big", big },
        { "/binary", binary }, { "/tagged", tagged }, { "/empty", empty },     { "/busy", busy },
        { "/memory", memory }, { "/file", file },     { "/stream", stream },   { "/own", own },
        { "/form", form },
    };
    (void)arg;
    if (ctx->request->route)
        return ctx->request->route->handle(ctx);
    for (size_t i = 0; i < COUNT(places); i++)
        if (str_starts(ctx->request->path, str_from(places[i].path)))
            return places[i].run(ctx);
    return nothing(ctx);
}

static void answer_now(Ctx *ctx, void (*done)(Ctx *ctx))
{
    if (ctx_guard(ctx, handle, NULL) != OK) {
        bool is_full = ctx->failure.status == E_LIMIT;
        ctx->request->out = (Buf){ 0 };
        ctx->request->out_static = is_full ? S("full") : S("failed");
        ctx->request->out_type = S("text/plain");
        ctx->request->status = is_full ? 503 : 422;
    }
    done(ctx);
}

static Status say(Ctx *ctx, void *arg)
{
    (void)arg;
    return respond(ctx, 200, S("text/plain"), request_query(ctx->request, "say"));
}

static void say_late(Later *later)
{
    Status status = ctx_guard(later->ctx, say, NULL);
    assert(status == OK);
    later->done(later->ctx);
}

typedef void (*DoneFn)(Ctx *ctx);
static _Atomic(DoneFn) continue_done;  // the same for all

static void say_on_worker(Ctx *ctx)
{
    Status status = ctx_guard(ctx, say, NULL);
    assert(status == OK);
    DoneFn done = atomic_load(&continue_done);
    done(ctx);
}

static void give_back(Later *later)
{
    atomic_store(&continue_done, later->done);
    server_continue(later->ctx, say_on_worker);
}

static void answer(Ctx *ctx, void (*done)(Ctx *ctx))
{
    Str path = ctx->request->path;
    int64_t ms = query_int(ctx->request, "ms");
    if (str_is(path, "/late"))
        lane_add(ctx, done, say_late, ms);
    else if (str_is(path, "/later"))
        lane_add(ctx, done, give_back, ms);
    else
        answer_now(ctx, done);
}

// ---- Opening and closing ------------------------------------------------------------------------

static void lane_open(void)
{
    if (lane.houses++ > 0)
        return;
    lane.is_closed = false;
    for (int i = 0; i < LATER_THREADS; i++)
        pthread_create(&lane.threads[i], NULL, lane_run, NULL);
}

static void lane_close(void)
{
    if (--lane.houses > 0)
        return;
    log_set_level(LOG_INFO);
    pthread_mutex_lock(&lane.lock);
    lane.is_closed = true;
    pthread_cond_broadcast(&lane.filled);
    pthread_mutex_unlock(&lane.lock);
    for (int i = 0; i < LATER_THREADS; i++)
        pthread_join(lane.threads[i], NULL);
}

HttpHouse http_house_open(Ctx *ctx, ServerOptions options)
{
    HttpHouse house = { 0 };
    options.answer = answer;
    if (options.listen_fd == 0)
        options.listen_fd = -1;
    lane_open();
    log_set_level(LOG_ERROR);  // a line a request would bury what the tests say
    Status status = server_start(ctx, &options, &house.server);
    if (status != OK) {
        test_fail(__FILE__, __LINE__, "no server: " STR_FMT, STR_ARG(ctx->failure.message));
        exit(1);
    }
    house.port = server_port(house.server);
    return house;
}

void http_house_close(HttpHouse *house)
{
    server_stop(house->server, 5);
    lane_close();
}

void http_house_leave(void)
{
    lane_close();
}
