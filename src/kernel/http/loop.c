// loop.c - one thread with an event base and an evhttp on it. All loops accept from one socket.
//
// Why one socket and not one each (SO_REUSEPORT): it can be handed to the next process as one
// descriptor, and no connection is stranded in the queue of a socket that closes. Each loop takes
// one connection a turn, and none while it is ahead of the others (docs/http.md has the figures).
//
// Other threads reach a loop by leaving a Post in its inbox, a stack that is pushed with one
// compare and swap and taken whole; only the push onto an empty inbox rings the bell (an eventfd),
// so answers that come while the loop is busy cost it one wake-up together. libevent itself is
// never called from another thread.
#include "kernel/http/serve.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"

enum {
    SWEEP_MS = 500,
    DRAIN_SWEEP_MS = 50,
    LEAD_MAX = 2,                     // connections that one loop may have more than another
    DRAIN_IDLE_MS = 500,              // a connection this silent while draining is closed
    STREAM_BACKLOG_MAX = 256 * 1024,  // of a client that does not read its events
};

static _Thread_local Loop *this_loop;
static Post inbox_closed;  // stands in an inbox whose loop has ended

bool on_loop(const Loop *loop)
{
    return this_loop == loop;
}

bool loop_post(Loop *loop, Post *post)
{
    Post *first = atomic_load(&loop->inbox);
    do {
        if (first == &inbox_closed)
            return false;
        post->next = first;
    } while (!atomic_compare_exchange_weak(&loop->inbox, &first, post));
    if (!first)
        eventfd_write(loop->wake_fd, 1);
    return true;
}

// The oldest first; the stack has it last.
static void run_posts(Loop *loop, Post *newest)
{
    Post *oldest = NULL;
    while (newest) {
        Post *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest) {
        Post *next = oldest->next;  // it may be gone once it has run
        oldest->run(loop, oldest);
        oldest = next;
    }
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    Loop *loop = arg;
    eventfd_t rings;
    eventfd_read(fd, &rings);
    run_posts(loop, atomic_exchange(&loop->inbox, NULL));
}

// ---- Accepting ----------------------------------------------------------------------------------

static int client_share(const Loop *loop)
{
    const ServerOptions *options = &loop->server->options;
    return options->connections_max / options->loops + 1;
}

// Closes the connection that has been silent longest, to make room. False when all are at work.
static bool drop_idlest(Loop *loop)
{
    Client *idlest = NULL;
    for (Client *client = loop->clients; client; client = client->next)
        if (client_is_idle(client) && client->requests &&
            (!idlest || client->since < idlest->since))
            idlest = client;
    if (idlest)
        client_drop(idlest);
    return idlest != NULL;
}

static bool has_room(const Loop *loop)
{
    return loop->client_count < client_share(loop);
}

static Loop *least_loaded(Server *server)
{
    Loop *least = server->loops;
    for (Loop *loop = least; loop < server->loops + server->options.loops; loop++)
        if (loop->client_count < least->client_count)
            least = loop;
    return least;
}

static void accept_turn(Loop *loop, Post *post)
{
    (void)post;
    atomic_store(&loop->turn_posted, false);
    if (!loop->drain_since && has_room(loop))
        evconnlistener_enable(loop->listener);
}

// The loop that is woken first is always the same: the one with least to do would stay so. Whoever
// is ahead of the others therefore leaves the next connection to the one furthest behind.
static void accept_next(Loop *loop)
{
    Loop *least = least_loaded(loop->server);
    if (loop->client_count <= least->client_count + LEAD_MAX)
        evconnlistener_enable(loop->listener);
    else if (!atomic_exchange(&least->turn_posted, true))
        loop_post(least, &least->turn_post);
}

static void on_accepted(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    Loop *loop = arg;
    Client *newcomer = loop->newcomer;
    loop->newcomer = NULL;
    if (newcomer)
        client_know(newcomer);
    if (!loop->drain_since && (has_room(loop) || drop_idlest(loop)))
        accept_next(loop);
}

// Out of descriptors: tried again at the next sweep instead of in a circle.
static void on_accept_error(struct evconnlistener *listener, void *arg)
{
    (void)arg;
    log_line(LOG_ERROR, NULL, "http.accept", "error=\"%s\"", strerror(errno));
    evconnlistener_disable(listener);
}

static void on_refuse(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    Loop *loop = arg;
    while (loop->refused) {
        Client *client = loop->refused;
        loop->refused = client->next_refused;
        client_tell_refused(client);
    }
}

static void on_push(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    exchanges_push(arg);
}

// ---- Event streams ------------------------------------------------------------------------------

static void send_chunk(Client *client, struct evbuffer *chunk)
{
    struct evbuffer *output = bufferevent_get_output(client->bev);
    if (evbuffer_get_length(output) > STREAM_BACKLOG_MAX)
        client_drop(client);
    else
        evhttp_send_reply_chunk(client->stream_req, chunk);
    client->since = steady_now();
}

void loop_flush_stream(Client *client)
{
    struct evbuffer *chunk = evbuffer_new();
    if (chunk && stream_take(client->stream, chunk))
        send_chunk(client, chunk);
    if (chunk)
        evbuffer_free(chunk);
}

static void ping_stream(Client *client, Time now)
{
    if (now - client->since < client->loop->server->options.stream_ping_s * SECOND)
        return;
    struct evbuffer *chunk = evbuffer_new();
    if (!chunk)
        return;
    evbuffer_add(chunk, ": ping\n\n", strlen(": ping\n\n"));
    send_chunk(client, chunk);
    evbuffer_free(chunk);
}

// The page opens it again, on the next process.
static void end_stream(Client *client)
{
    stream_close(client->stream);
    client->stream = NULL;
    struct evhttp_request *req = client->stream_req;
    client->stream_req = NULL;
    client->wants_close = true;
    client_set_state(client, CLIENT_SENDING);
    evhttp_add_header(evhttp_request_get_output_headers(req), "Connection", "close");
    evhttp_send_reply_end(req);
}

static void on_published(Loop *loop, Post *post)
{
    (void)post;
    atomic_store(&loop->streams_posted, false);  // before looking, so that nothing is missed
    for (Client *client = loop->clients; client; client = client->next)
        if (client->state == CLIENT_STREAM)
            loop_flush_stream(client);
}

void loop_wake_streams(Loop *loop)
{
    if (!atomic_exchange(&loop->streams_posted, true))
        loop_post(loop, &loop->streams_post);
}

// ---- The sweep ----------------------------------------------------------------------------------

// A request may be on its way to us: a client that asks often gets an answer that says "close".
static bool is_over(const Client *client, Time now)
{
    Time drain_since = client->loop->drain_since;
    Time since = client->since > drain_since ? client->since : drain_since;
    return drain_since && client_is_idle(client) && now - since > DRAIN_IDLE_MS * 1000;
}

static void sweep_client(Client *client, Time now)
{
    client_check(client, now);
    if (client->state == CLIENT_STREAM && client->loop->drain_since)
        end_stream(client);  // the client may be gone afterwards
    else if (client->state == CLIENT_STREAM)
        ping_stream(client, now);
    else if (is_over(client, now))
        client_drop(client);
}

// Says so only now, a turn after the listener was disabled: before, the kernel may still be asked
// about the socket, which the server is about to close.
static void drain_on(Loop *loop)
{
    Server *server = loop->server;
    if (!loop->has_stopped_accepting) {
        loop->has_stopped_accepting = true;
        pthread_mutex_lock(&server->lock);
        server->accepting--;
        pthread_cond_broadcast(&server->changed);
        pthread_mutex_unlock(&server->lock);
    }
    if (loop->client_count == 0)
        event_base_loopbreak(loop->base);
}

static void on_sweep(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    Loop *loop = arg;
    Time now = steady_now();
    for (Client *client = loop->clients, *next; client; client = next) {
        next = client->next;
        sweep_client(client, now);
    }
    if (loop->drain_since)
        drain_on(loop);
    else if (has_room(loop))
        evconnlistener_enable(loop->listener);
}

static void set_sweep(Loop *loop, int every_ms)
{
    struct timeval every = { every_ms / 1000, every_ms % 1000 * 1000 };
    event_add(loop->sweep, &every);
}

// ---- Beginning and end --------------------------------------------------------------------------

void loop_stop(Loop *loop, Post *post)
{
    (void)post;
    evconnlistener_disable(loop->listener);
    loop->drain_since = steady_now();
    set_sweep(loop, DRAIN_SWEEP_MS);
}

void loop_end(Loop *loop, Post *post)
{
    (void)post;
    event_base_loopbreak(loop->base);
}

// Connections go first, which leaves their exchanges; then the inbox is closed for good.
static void close_all(Loop *loop)
{
    evhttp_free(loop->http);
    loop->http = NULL;
    exchanges_push(loop);
    run_posts(loop, atomic_exchange(&loop->inbox, &inbox_closed));
    while (loop->pool) {
        Exchange *exchange = loop->pool;
        loop->pool = exchange->next;
        exchange_free(exchange);
    }
}

static void *loop_run(void *arg)
{
    Loop *loop = arg;
    Server *server = loop->server;
    this_loop = loop;
    event_base_dispatch(loop->base);
    close_all(loop);
    this_loop = NULL;
    pthread_mutex_lock(&server->lock);
    server->running--;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

// A base is touched by its own thread only, so it needs no locks.
static struct event_base *base_new(void)
{
    struct event_config *config = event_config_new();
    if (!config)
        return NULL;
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

static void configure(Loop *loop)
{
    const Server *server = loop->server;
    evhttp_set_bevcb(loop->http, client_accept, loop);
    evhttp_set_gencb(loop->http, client_request, loop);
    evhttp_set_default_content_type(loop->http, NULL);
    evhttp_set_max_headers_size(loop->http, (ev_ssize_t)server->limits.bytes_max);
    evhttp_set_max_body_size(loop->http, (ev_ssize_t)server->limits.body_max);
    evhttp_set_allowed_methods(loop->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
                                               EVHTTP_REQ_PUT | EVHTTP_REQ_PATCH |
                                               EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS);
}

static bool make_events(Loop *loop)
{
    loop->wake = event_new(loop->base, loop->wake_fd, EV_READ | EV_PERSIST, on_wake, loop);
    loop->sweep = event_new(loop->base, -1, EV_PERSIST, on_sweep, loop);
    loop->accepted = event_new(loop->base, -1, 0, on_accepted, loop);
    loop->refuse = event_new(loop->base, -1, 0, on_refuse, loop);
    loop->push = event_new(loop->base, -1, 0, on_push, loop);
    return loop->wake && loop->sweep && loop->accepted && loop->refuse && loop->push;
}

bool loop_init(Server *server, Loop *loop)
{
    loop->server = server;
    loop->ready_end = &loop->ready;
    loop->streams_post.run = on_published;
    loop->turn_post.run = accept_turn;
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    loop->base = base_new();
    loop->http = loop->base ? evhttp_new(loop->base) : NULL;
    if (!loop->http || loop->wake_fd < 0 || !make_events(loop))
        return false;
    configure(loop);
    loop->listener =
        evconnlistener_new(loop->base, NULL, NULL, LEV_OPT_CLOSE_ON_EXEC, 0, server->listen_fd);
    if (!loop->listener)
        return false;
    evhttp_bind_listener(loop->http, loop->listener);
    evconnlistener_set_error_cb(loop->listener, on_accept_error);
    event_add(loop->wake, NULL);
    set_sweep(loop, SWEEP_MS);
    return true;
}

bool loop_start(Loop *loop)
{
    Server *server = loop->server;
    pthread_mutex_lock(&server->lock);
    loop->is_started = pthread_create(&loop->thread, NULL, loop_run, loop) == 0;
    server->accepting += loop->is_started;
    server->running += loop->is_started;
    pthread_mutex_unlock(&server->lock);
    return loop->is_started;
}

void loop_free(Loop *loop)
{
    struct event *events[] = { loop->wake, loop->sweep, loop->accepted, loop->refuse, loop->push };
    for (size_t i = 0; i < COUNT(events); i++)
        if (events[i])
            event_free(events[i]);
    if (loop->http)
        evhttp_free(loop->http);
    if (loop->base)
        event_base_free(loop->base);
    free(loop->by_fd);
    close(loop->wake_fd);
}
