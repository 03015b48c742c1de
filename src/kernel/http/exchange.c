// exchange.c - one request and its answer, on its way from a loop to whoever answers and back.
//
// An exchange is in one pair of hands at a time: the loop's while the request arrives, a worker's
// and then the answerer's until done() is called, the loop's again to be sent. The way out is the
// queue, the way back the loop's inbox. The client may leave, or be answered without it (too late),
// in between: then `req` is NULL when the exchange comes home and its answer is thrown away.
#include "kernel/http/serve.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <sys/queue.h>

#include "base/log.h"
#include "base/random.h"

enum { POOL_MAX = 256 };

static Exchange *exchange_new(Loop *loop)
{
    Exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        return NULL;
    exchange->loop = loop;
    exchange->body = evbuffer_new();
    exchange->answer = evbuffer_new();
    if (!exchange->body || !exchange->answer) {
        exchange_free(exchange);
        return NULL;
    }
    // Lets a file in the answer go out by sendfile: it is moved into a socket's buffer.
    evbuffer_set_flags(exchange->answer, EVBUFFER_FLAG_DRAINS_TO_FD);
    return exchange;
}

static Time wall_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (Time)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

Exchange *exchange_take(Client *client)
{
    Loop *loop = client->loop;
    Exchange *exchange = loop->pool;
    if (exchange) {
        loop->pool = exchange->next;
        loop->pool_count--;
    } else if (!(exchange = exchange_new(loop))) {
        return NULL;
    }
    exchange->client = client;
    exchange->arena.limit = loop->server->options.arena_max_bytes;
    exchange->random.state = random_next(&loop->random);
    exchange->ctx = (Ctx){ .arena = &exchange->arena,
                           .random = &exchange->random,
                           .request = &exchange->request,
                           .trace = random_next(&loop->random) };
    exchange->request.exchange = exchange;
    exchange->request.out.arena = &exchange->arena;
    exchange->head_bytes.arena = &exchange->arena;
    return exchange;
}

// Back to what exchange_new() made, whatever happened in between.
static void clean(Exchange *exchange)
{
    evbuffer_drain(exchange->body, evbuffer_get_length(exchange->body));
    evbuffer_drain(exchange->answer, evbuffer_get_length(exchange->answer));
    if (exchange->stream)
        stream_close(exchange->stream);
    free(exchange->lines);
    arena_clear(&exchange->arena);
    atomic_fetch_sub(&exchange->loop->server->bodies_bytes, exchange->body_reserved);
    *exchange = (Exchange){ .arena = exchange->arena,
                            .loop = exchange->loop,
                            .body = exchange->body,
                            .answer = exchange->answer };
}

void exchange_recycle(Exchange *exchange)
{
    Loop *loop = exchange->loop;
    clean(exchange);
    if (loop->pool_count == POOL_MAX) {
        exchange_free(exchange);
        return;
    }
    exchange->next = loop->pool;
    loop->pool = exchange;
    loop->pool_count++;
}

void exchange_free(Exchange *exchange)
{
    if (exchange->body && exchange->answer)
        clean(exchange);
    if (exchange->body)
        evbuffer_free(exchange->body);
    if (exchange->answer)
        evbuffer_free(exchange->answer);
    arena_release(&exchange->arena);
    free(exchange);
}

// ---- Sending ------------------------------------------------------------------------------------

// All headers go to evhttp as one: it would copy each and print each on its own, which costs more
// than parsing the request. It looks for "Date" by name, so that is the one they hang from.
static void give_lines(struct evkeyvalq *headers, char *lines)
{
    struct evkeyval *line = calloc(1, sizeof *line);
    char *name = strdup("Date");
    if (!line || !name || !lines) {
        free(line);
        free(name);
        free(lines);
        return;
    }
    *line = (struct evkeyval){ .key = name, .value = lines };
    TAILQ_INSERT_TAIL(headers, line, next);
}

static void send_headers(Exchange *exchange, struct evhttp_request *req)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
    give_lines(headers, exchange->lines);
    exchange->lines = NULL;
    if (exchange->length >= 0) {
        char digits[24];
        snprintf(digits, sizeof digits, "%lld", (long long)exchange->length);
        evhttp_add_header(headers, "Content-Length", digits);
    }
    Client *client = exchange->client;
    client->wants_close |= client->loop->drain_since != 0;
    if (client->wants_close)
        evhttp_add_header(headers, "Connection", "close");
}

static void open_stream(Exchange *exchange, struct evhttp_request *req)
{
    Client *client = exchange->client;
    client->stream = exchange->stream;
    client->stream_req = req;
    exchange->stream = NULL;
    client_set_state(client, CLIENT_STREAM);
    evhttp_send_reply_start(req, exchange->status, http_reason(exchange->status));
    loop_flush_stream(client);
}

// On the loop, encoded.
static void exchange_send(Exchange *exchange)
{
    Client *client = exchange->client;
    struct evhttp_request *req = exchange->req;
    if (!req) {
        exchange_recycle(exchange);
        return;
    }
    exchange->req = NULL;
    client->exchange = NULL;
    send_headers(exchange, req);
    if (exchange->stream) {
        open_stream(exchange, req);
    } else {
        client_set_state(client, CLIENT_SENDING);
        evhttp_send_reply(req, exchange->status, http_reason(exchange->status), exchange->answer);
    }
    exchange_recycle(exchange);
}

void exchange_refuse(Exchange *exchange, const Refusal *why)
{
    struct evhttp_request *req = exchange->req;
    struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
    struct evbuffer *body = evbuffer_new();
    char json[512];
    size_t len = refusal_json(why, json, sizeof json);
    if (body && exchange->request.method != HTTP_HEAD)
        evbuffer_add(body, json, len);
    evhttp_add_header(headers, "Content-Type", "application/problem+json");
    evhttp_add_header(headers, "Cache-Control", "no-store");
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    evhttp_add_header(headers, "Connection", "close");
    if (why->status == 503)
        evhttp_add_header(headers, "Retry-After", "1");
    note_refusal(why, exchange->client, exchange->ctx.trace);
    exchange->req = NULL;
    exchange->client->wants_close = true;
    client_set_state(exchange->client, CLIENT_SENDING);
    exchange->client->exchange = NULL;
    evhttp_send_reply(req, why->status, http_reason(why->status), body);
    if (body)
        evbuffer_free(body);
}

// ---- Answering ----------------------------------------------------------------------------------

static void exchange_home(Loop *loop, Post *post)
{
    (void)loop;
    _Static_assert(offsetof(Exchange, post) == 0, "a post is its exchange");
    exchange_send((Exchange *)post);
}

// Encoded; back to its loop. Whoever calls this has done with it.
static void go_home(Exchange *exchange)
{
    Server *server = exchange->loop->server;
    exchange->post.run = exchange_home;
    if (!loop_post(exchange->loop, &exchange->post))
        exchange_free(exchange);
    server_drop(server);
}

static void encode_and_go(Ctx *ctx)
{
    Exchange *exchange = ctx->request->exchange;
    encode_answer(exchange);
    go_home(exchange);
}

// Gives it to the workers; false when they take nothing more. Afterwards the exchange may be gone,
// and the server with it, but for our own count.
static bool give_worker(Exchange *exchange, void (*then)(Ctx *ctx))
{
    Server *server = exchange->loop->server;
    exchange->then = then;
    exchange->next = NULL;
    server_keep(server);
    bool is_taken = !queue_push(server, exchange, false);
    server_drop(server);
    return is_taken;
}

void exchange_done(Ctx *ctx)
{
    Exchange *exchange = ctx->request->exchange;
    if (on_loop(exchange->loop)) {
        Server *server = exchange->loop->server;
        encode_answer(exchange);
        exchange_send(exchange);
        server_drop(server);
    } else if (on_worker() || !encode_is_heavy(exchange) || !give_worker(exchange, encode_and_go)) {
        encode_and_go(ctx);
    }
}

void server_continue(Ctx *ctx, void (*then)(Ctx *ctx))
{
    Exchange *exchange = ctx->request ? ctx->request->exchange : NULL;
    if (!exchange || !give_worker(exchange, then))
        then(ctx);
}

static void answer(Ctx *ctx)
{
    Exchange *exchange = ctx->request->exchange;
    size_t len = evbuffer_get_length(exchange->body);
    Str body = { len ? (char *)evbuffer_pullup(exchange->body, -1) : "", len };
    if (!body.ptr) {  // no memory for it in one piece
        exchange->request.status = 503;
        exchange_done(ctx);
        return;
    }
    exchange->request.body = body;
    exchange->loop->server->options.answer(ctx, exchange_done);
}

static Status find_route(Ctx *ctx, void *arg)
{
    (void)arg;
    Request *request = ctx->request;
    request->route = route_find(request->method, target_path(request->target), request->params,
                                NULL, ctx->arena);
    return OK;
}

// Nobody could take it.
static void turn_away(Exchange *exchange, const Refusal *why)
{
    Server *server = exchange->loop->server;
    if (exchange->req)
        exchange_refuse(exchange, why);
    exchange_recycle(exchange);
    server_drop(server);
}

// Once a turn of the loop: waking a worker for each request costs more than many a request.
void exchanges_push(Loop *loop)
{
    Exchange *ready = loop->ready;
    loop->ready = NULL;
    loop->ready_end = &loop->ready;
    Exchange *left = ready ? queue_push(loop->server, ready, true) : NULL;
    while (left) {
        Exchange *next = left->next;
        counter_add(&http_queue_full, 1);
        turn_away(left, &refusal_busy);
        left = next;
    }
}

void exchange_answer(Exchange *exchange)
{
    Loop *loop = exchange->loop;
    exchange->ctx.now = wall_now();
    server_keep(loop->server);
    if (ctx_guard(&exchange->ctx, find_route, NULL) != OK) {
        turn_away(exchange, &refusal_memory);
    } else if (exchange->request.route && exchange->request.route->flags & ROUTE_QUICK) {
        answer(&exchange->ctx);
    } else {
        exchange->then = answer;
        if (!loop->ready)
            event_active(loop->push, EV_TIMEOUT, 0);
        exchange->next = NULL;
        *loop->ready_end = exchange;
        loop->ready_end = &exchange->next;
    }
}
