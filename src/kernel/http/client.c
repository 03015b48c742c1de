// client.c - one connected socket: its bytes on the way in, its limits of time, its end.
//
// evhttp owns the connection and reads the requests; we look over its shoulder. A callback on the
// input buffer sees every byte when it arrives and before evhttp does. It collects the head, sends
// it through the gate, and follows the body's framing to its end. So a request is refused as soon
// as it is known to be bad, also when evhttp would have read it some other way or waited for more.
//
// To refuse, what has arrived is taken out of the buffer, so that evhttp never sees it; the answer
// is written to the socket; then the socket is closed for writing and read until the client hangs
// up or a moment has passed. Closing at once would reset the connection and the client would lose
// the answer.
//
// evhttp gives no hook for a connection that opens or closes without a request. What it does let us
// make is the connection's bufferevent; a moment later its callback argument is the connection. All
// that is known of evhttp's inside is that, and is asked in client_know().
#include "kernel/http/serve.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"

enum {
    LINGER_S = 2,                 // for a refused client to hang up
    BODY_BYTES_A_S = 1024,        // the slowest upload there may be, on average
    WRITE_AT_ONCE = 1024 * 1024,  // bytes given to the socket in one call
    READ_AT_ONCE = 64 * 1024,
    AHEAD_MAX = 256 * 1024,  // pipelined while an answer goes out
};

static const Refusal late = { 503, "http.late", "the answer took too long" };

// ---- Bytes on the way in ------------------------------------------------------------------------

// Not more of it is read; told so when evhttp is not on the stack.
static void refuse(Client *client, const Refusal *why)
{
    if (client->state == CLIENT_REFUSED)
        return;
    client_set_state(client, CLIENT_REFUSED);
    client->refusal = why;
    client->next_refused = client->loop->refused;
    client->loop->refused = client;
    event_active(client->loop->refuse, EV_TIMEOUT, 0);
}

typedef struct Feed {
    Client *client;
    Str bytes;
    size_t used;
} Feed;

static const Refusal *begin_request(Exchange *exchange, size_t head_len)
{
    Client *client = exchange->client;
    Server *server = client->loop->server;
    buf_cut(&exchange->head_bytes, head_len);
    const Refusal *why = head_parse(&exchange->arena, exchange->head_bytes.ptr, head_len,
                                    &server->limits, &exchange->head);
    if (!why)
        why = request_begin(&exchange->arena, &exchange->head, &exchange->request);
    if (why)
        return why;
    proxy_apply(&exchange->arena, &server->trusted,
                str_copy(&exchange->arena, str_from(client->address)), &exchange->request);
    exchange->begun = client->moved_at;
    client->wants_close = exchange->head.wants_close;
    client->framing = framing_start(&exchange->head, server->limits.body_max);
    client_set_state(client, client->framing.state == FRAMING_DONE ? CLIENT_READY : CLIENT_BODY);
    return NULL;
}

// Collects a head; a pipelined request may follow in the same bytes.
static Status feed_head(Ctx *ctx, void *arg)
{
    (void)ctx;
    Feed *feed = arg;
    Exchange *exchange = feed->client->exchange;
    size_t before = exchange->head_bytes.len;
    buf_put(&exchange->head_bytes, feed->bytes);
    ptrdiff_t end = head_end(buf_str(&exchange->head_bytes), &exchange->head_scanned);
    feed->used = feed->bytes.len;
    if (end < 0) {
        refuse(feed->client, &refusal_line);
    } else if (end == 0) {
        if (exchange->head_bytes.len > feed->client->loop->server->limits.bytes_max)
            refuse(feed->client, &refusal_head_size);
    } else {
        feed->used = (size_t)end - before;
        const Refusal *why = begin_request(exchange, (size_t)end);
        if (why)
            refuse(feed->client, why);
    }
    return OK;
}

// Some more of the body has come.
static void count_body(Client *client, size_t bytes)
{
    Server *server = client->loop->server;
    client->exchange->body_reserved += (int64_t)bytes;
    int64_t before = atomic_fetch_add(&server->bodies_bytes, (int64_t)bytes);
    if (before + (int64_t)bytes > server->options.bodies_max_bytes)
        refuse(client, &refusal_busy);
    else if (client->framing.state == FRAMING_DONE)
        client_set_state(client, CLIENT_READY);
}

static void feed_body(Feed *feed)
{
    Client *client = feed->client;
    const Refusal *why = framing_take(&client->framing, feed->bytes, &feed->used);
    if (why)
        refuse(client, why);
    else
        count_body(client, feed->used);
}

// Returns how many of the bytes belong to the request that is arriving.
static size_t feed_some(Client *client, Str bytes)
{
    Feed feed = { .client = client, .bytes = bytes, .used = bytes.len };
    if (client->state == CLIENT_BODY) {
        feed_body(&feed);
        return feed.used;
    }
    if (!client->exchange && (client->exchange = exchange_take(client)))
        client->exchange->begun = client->moved_at;
    if (!client->exchange || ctx_guard(&client->exchange->ctx, feed_head, &feed) != OK)
        refuse(client, &refusal_memory);
    return feed.used;
}

// Looks at the bytes of the input buffer from `from` on, until the request they belong to is
// complete. Finding a place far inside the buffer takes long, so data is counted, not visited.
static void feed(Client *client, struct evbuffer *input, size_t from)
{
    if (client->state == CLIENT_BODY) {
        size_t skipped = framing_skip(&client->framing, evbuffer_get_length(input) - from);
        count_body(client, skipped);
        from += skipped;
    }
    while (client->state == CLIENT_HEAD || client->state == CLIENT_BODY) {
        struct evbuffer_ptr at;
        struct evbuffer_iovec piece;
        if (from >= evbuffer_get_length(input) ||
            evbuffer_ptr_set(input, &at, from, EVBUFFER_PTR_SET) != 0 ||
            evbuffer_peek(input, -1, &at, &piece, 1) < 1)
            break;
        from += feed_some(client, (Str){ piece.iov_base, piece.iov_len });
    }
}

static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *arg)
{
    Client *client = arg;
    if (info->n_added == 0)
        return;
    size_t len = evbuffer_get_length(input);
    client->moved_at = steady_now();
    feed(client, input, len - info->n_added);
    if (client->state == CLIENT_REFUSED || client->state == CLIENT_STREAM)
        evbuffer_drain(input, len);
    if (client->state == CLIENT_SENDING && len > AHEAD_MAX)
        bufferevent_disable(client->bev, EV_READ);  // evhttp enables it when it wants the next
}

// ---- From evhttp --------------------------------------------------------------------------------

static Client *client_of(Loop *loop, struct evhttp_request *req)
{
    struct evhttp_connection *connection = evhttp_request_get_connection(req);
    int fd = bufferevent_getfd(evhttp_connection_get_bufferevent(connection));
    return fd >= 0 && fd < loop->by_fd_count ? loop->by_fd[fd] : NULL;
}

// The answer is out; the next request may be here already.
static void on_sent(struct evhttp_request *req, void *arg)
{
    (void)req;
    Client *client = arg;
    client->requests++;
    if (client->wants_close)
        return;
    client_set_state(client, CLIENT_HEAD);
    feed(client, bufferevent_get_input(client->bev), 0);
    if (client->state == CLIENT_REFUSED) {
        struct evbuffer *input = bufferevent_get_input(client->bev);
        evbuffer_drain(input, evbuffer_get_length(input));
    }
}

// What evhttp read must be what the gate let through; else one of the two is wrong, and neither is
// believed.
static bool agrees(const Client *client, struct evhttp_request *req)
{
    const Exchange *exchange = client->exchange;
    if (client->state != CLIENT_READY || !exchange)
        return false;
    size_t body = evbuffer_get_length(evhttp_request_get_input_buffer(req));
    const char *uri = evhttp_request_get_uri(req);
    return uri && str_is(exchange->head.target, uri) && (int64_t)body == client->framing.body_bytes;
}

void client_request(struct evhttp_request *req, void *arg)
{
    Client *client = client_of(arg, req);
    if (!client || !client->exchange) {
        evhttp_send_error(req, 400, NULL);
        return;
    }
    bool is_fine = agrees(client, req);
    Exchange *exchange = client->exchange;
    exchange->req = req;
    evhttp_request_set_on_complete_cb(req, on_sent, client);
    if (!is_fine) {
        exchange_refuse(exchange, &refusal_mismatch);
        exchange_recycle(exchange);
        return;
    }
    evbuffer_add_buffer(exchange->body, evhttp_request_get_input_buffer(req));
    client_set_state(client, CLIENT_ANSWERING);
    exchange_answer(exchange);
}

// ---- Its beginning and its end ------------------------------------------------------------------

static void remember_fd(Loop *loop, int fd, Client *client)
{
    if (fd >= loop->by_fd_count) {
        int count = (fd + 1) * 2;
        Client **grown = realloc(loop->by_fd, (size_t)count * sizeof *grown);
        if (!grown)
            return;  // its requests are refused as belonging to nobody
        memset(grown + loop->by_fd_count, 0, (size_t)(count - loop->by_fd_count) * sizeof *grown);
        loop->by_fd = grown;
        loop->by_fd_count = count;
    }
    loop->by_fd[fd] = client;
}

static void forget_refused(Client *client)
{
    for (Client **at = &client->loop->refused; *at; at = &(*at)->next_refused)
        if (*at == client) {
            *at = client->next_refused;
            return;
        }
}

// evhttp frees a request with its connection, unless the connection broke while the request was
// ours to answer: then it has let go of it before.
static void free_if_ours(struct evhttp_request *req)
{
    if (req && !evhttp_request_get_connection(req))
        evhttp_send_reply_end(req);
}

// A request that nobody waits for any more. One whose answer is still being made is only forgotten.
static void leave_request(Client *client)
{
    Exchange *exchange = client->exchange;
    if (exchange) {
        free_if_ours(exchange->req);
        exchange->req = NULL;
        exchange->client = NULL;
        if (client->state != CLIENT_ANSWERING)
            exchange_recycle(exchange);
    }
    if (client->stream)
        stream_close(client->stream);
    free_if_ours(client->stream_req);
}

static void client_free(Client *client)
{
    Loop *loop = client->loop;
    if (client->next)
        client->next->before = client->before;
    *(client->before ? &client->before->next : &loop->clients) = client->next;
    loop->client_count--;
    atomic_fetch_sub(&http_connections, 1);
    bufferevent_decref(client->bev);
    free(client);
}

static void client_gone(struct evhttp_connection *connection, void *arg)
{
    (void)connection;
    Client *client = arg;
    Loop *loop = client->loop;
    int fd = bufferevent_getfd(client->bev);
    leave_request(client);
    forget_refused(client);
    if (fd >= 0 && fd < loop->by_fd_count && loop->by_fd[fd] == client)
        loop->by_fd[fd] = NULL;
    client_free(client);
}

struct bufferevent *client_accept(struct event_base *base, void *arg)
{
    Loop *loop = arg;
    // One connection a turn, so that a burst is shared among the loops instead of being taken whole
    // by the first to wake; enabled again in the next turn.
    evconnlistener_disable(loop->listener);
    event_active(loop->accepted, EV_TIMEOUT, 0);

    struct bufferevent *bev = bufferevent_socket_new(base, -1, 0);
    Client *client = calloc(1, sizeof *client);
    if (!bev || !client) {
        free(client);
        return bev;  // NULL: evhttp makes its own, whose requests belong to nobody and are refused
    }
    bufferevent_set_max_single_write(bev, WRITE_AT_ONCE);
    bufferevent_set_max_single_read(bev, READ_AT_ONCE);
    *client = (Client){ .loop = loop, .bev = bev, .next = loop->clients };
    client_set_state(client, CLIENT_HEAD);
    if (loop->clients)
        loop->clients->before = client;
    loop->clients = loop->newcomer = client;
    loop->client_count++;
    atomic_fetch_add(&http_connections, 1);
    // Until client_free(): evhttp may give the connection up before we know it.
    bufferevent_incref(bev);
    evbuffer_add_cb(bufferevent_get_input(bev), on_input, client);
    return bev;
}

void client_know(Client *client)
{
    int fd = bufferevent_getfd(client->bev), on = 1;
    void *connection = NULL;
    bufferevent_getcb(client->bev, NULL, NULL, NULL, &connection);
    if (!connection) {
        client_free(client);
        return;
    }
    evhttp_connection_set_closecb(connection, client_gone, client);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    remember_fd(client->loop, fd, client);

    char *address;
    ev_uint16_t port;
    evhttp_connection_get_peer(connection, &address, &port);
    Str text = str_from(address);
    if (str_starts(text, S("::ffff:")))  // IPv4 on a socket for both
        text = str_from_at(text, strlen("::ffff:"));
    snprintf(client->address, sizeof client->address, STR_FMT, STR_ARG(text));
}

// As if the other side had hung up: evhttp sees the end of the stream and cleans up by itself.
void client_drop(Client *client)
{
    shutdown(bufferevent_getfd(client->bev), SHUT_RDWR);
}

// ---- Limits of time -----------------------------------------------------------------------------

void client_set_state(Client *client, ClientState state)
{
    client->state = state;
    client->since = client->moved_at = steady_now();
}

static bool has_begun(const Client *client)
{
    return client->exchange != NULL;
}

bool client_is_idle(const Client *client)
{
    return client->state == CLIENT_HEAD && !has_begun(client);
}

// Between requests there is the idle limit; a new connection's first request, and any head that has
// begun, must be whole within the first byte's limit.
static void check_head(Client *client, Time now)
{
    const ServerOptions *options = &client->loop->server->options;
    bool is_first = client->requests == 0;
    int64_t limit_s =
        is_first || has_begun(client) ? options->first_byte_limit_s : options->idle_limit_s;
    Time from = has_begun(client) && !is_first ? client->exchange->begun : client->since;
    if (now - from < limit_s * SECOND)
        return;
    if (has_begun(client))
        refuse(client, &refusal_slow);
    else
        client_drop(client);
}

// Silence is limited, and so is a drip: after the idle limit a body comes at BODY_BYTES_A_S or
// more.
static void check_body(Client *client, Time now, Time idle_limit)
{
    Time allowed = idle_limit + client->exchange->body_reserved * SECOND / BODY_BYTES_A_S;
    if (now - client->moved_at > idle_limit || now - client->since > allowed)
        refuse(client, &refusal_slow);
}

// Too late: the client is told so, and whoever works on the answer finds nobody waiting.
static void give_up(Client *client)
{
    Exchange *exchange = client->exchange;
    counter_add(&http_late, 1);
    exchange_refuse(exchange, &late);
}

static void check_output(Client *client, Time now, Time idle_limit)
{
    size_t left = evbuffer_get_length(bufferevent_get_output(client->bev));
    if (left == 0 || left != client->out_left)
        client->moved_at = now;
    client->out_left = left;
    if (now - client->moved_at > idle_limit)
        client_drop(client);
}

void client_check(Client *client, Time now)
{
    const ServerOptions *options = &client->loop->server->options;
    Time idle_limit = options->idle_limit_s * SECOND;
    switch (client->state) {
    case CLIENT_HEAD: check_head(client, now); break;
    case CLIENT_BODY: check_body(client, now, idle_limit); break;
    case CLIENT_ANSWERING:
        if (now - client->since > options->request_limit_s * SECOND)
            give_up(client);
        break;
    case CLIENT_SENDING:
    case CLIENT_STREAM: check_output(client, now, idle_limit); break;
    case CLIENT_REFUSED:
        if (now - client->since > LINGER_S * SECOND)
            client_drop(client);
        break;
    case CLIENT_READY: break;
    }
}

void note_refusal(const Refusal *why, const Client *client, uint64_t trace)
{
    Ctx quiet = { .trace = trace };
    counter_add(&http_refusals, 1);
    log_line(LOG_WARN, &quiet, "http.refused", "status=%d code=%s address=%s", why->status,
             why->code, client->address);
}

// Straight to the socket: evhttp does not know of this request.
void client_tell_refused(Client *client)
{
    const Refusal *why = client->refusal;
    char json[512], text[1024];
    size_t json_len = refusal_json(why, json, sizeof json);
    int len = snprintf(text, sizeof text,
                       "HTTP/1.1 %d %s\r\ncontent-type: application/problem+json\r\n"
                       "content-length: %zu\r\nconnection: close\r\ncache-control: no-store\r\n"
                       "x-content-type-options: nosniff\r\n%s\r\n%s",
                       why->status, http_reason(why->status), json_len,
                       why->status == 503 ? "retry-after: 1\r\n" : "", json);
    int fd = bufferevent_getfd(client->bev);
    if (send(fd, text, (size_t)len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        client_drop(client);
    shutdown(fd, SHUT_WR);
    note_refusal(why, client, client->exchange ? client->exchange->ctx.trace : 0);
    if (client->exchange)
        exchange_recycle(client->exchange);
    client->exchange = NULL;
}
