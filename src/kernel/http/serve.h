// serve.h - the inside of the server: who owns what, and on which thread. Private to kernel/http.
//
//     Server    one; the socket, the options, the queue to the workers
//     Loop      one a core, one thread each: an event base, an evhttp, its clients
//     Client    one connected socket; lives on its loop and is touched by no other thread
//     Exchange  one request and its answer; belongs to the loop, then to a worker or the answerer,
//     then
//               to the loop again. Handed over through the queue and the inbox, never shared
//
// A server is counted: by its owner until server_stop(), by each worker, and by each exchange that
// is away from its loop. So an answer that comes after everything was stopped still finds a server
// to find out that nobody waits.
#pragma once

#include "kernel/http/head.h"
#include "kernel/http/proxy.h"
#include "kernel/http/server.h"
#include "kernel/http/stream.h"
#include "kernel/metrics.h"

#include <event2/event.h>
#include <netinet/in.h>
#include <pthread.h>

struct evbuffer;
struct evhttp;
struct evhttp_request;
struct evconnlistener;
struct bufferevent;

typedef struct Loop Loop;
typedef struct Client Client;
typedef struct Exchange Exchange;

// Something for a loop to do, left in its inbox by any thread.
typedef struct Post Post;
struct Post {
    Post *next;
    void (*run)(Loop *loop, Post *post);
};

struct Exchange {
    Post post;
    Ctx ctx;
    Arena arena;
    Random random;
    Request request;
    Head head;
    Buf head_bytes;  // as they come; the head's views point here
    size_t head_scanned;
    Loop *loop;
    Client *client;              // NULL: gone, or answered without waiting for this one
    struct evhttp_request *req;  // as long as somebody waits for the answer
    struct evbuffer *body;
    int64_t body_reserved;   // of the server's bodies_bytes
    Time begun;              // when the head was complete; steady clock
    void (*then)(Ctx *ctx);  // what a worker does with it
    Exchange *next;          // in the queue or the pool

    // What encode_answer() made of the answer, when the arena is gone already.
    int status;
    char *lines;     // the headers as "date\r\nname: value..."; malloc
    int64_t length;  // Content-Length; -1: none is said
    struct evbuffer *answer;
    Stream *stream;  // or an open event stream
};

typedef enum ClientState {
    CLIENT_HEAD,       // waiting for a request, or for the rest of its head
    CLIENT_BODY,       // waiting for the rest of its body
    CLIENT_READY,      // evhttp is about to hand it over
    CLIENT_ANSWERING,  // somebody works on the answer
    CLIENT_SENDING,    // the answer goes out
    CLIENT_STREAM,     // an event stream
    CLIENT_REFUSED,    // told why not; what it still sends is thrown away until it hangs up
} ClientState;

struct Client {
    Loop *loop;
    Client *next, *before;  // of the loop's
    Client *next_refused;
    struct bufferevent *bev;
    ClientState state;
    Time since;          // when the state began; steady clock
    Time moved_at;       // when bytes last went either way
    size_t out_left;     // bytes of the answer that were unsent then
    Exchange *exchange;  // from the first byte of a request until it is handed to evhttp's output
    Stream *stream;
    struct evhttp_request *stream_req;
    Framing framing;
    const Refusal *refusal;
    int requests;  // answered so far
    bool wants_close;
    char address[INET6_ADDRSTRLEN];
};

struct Loop {
    Server *server;
    pthread_t thread;
    struct event_base *base;
    struct evhttp *http;
    struct evconnlistener *listener;
    struct event *wake, *sweep, *accepted, *refuse, *push;
    int wake_fd;
    _Atomic(Post *) inbox;
    Client *clients;
    Client *newcomer;         // accepted in this turn
    atomic_int client_count;  // other loops look at it
    Client *refused;          // to be told so
    Client **by_fd;
    int by_fd_count;
    Exchange *pool;
    int pool_count;
    Exchange *ready, **ready_end;  // for the workers, collected during a turn
    Random random;
    Post stop_post, end_post;  // server_stop's messages
    Post streams_post;         // something was published
    Post turn_post;            // the next connection is this loop's
    atomic_bool streams_posted, turn_posted;
    Time drain_since;  // 0: serving
    bool is_started, has_stopped_accepting;
};

typedef struct Queue {
    pthread_mutex_t lock;
    pthread_cond_t filled, emptied;
    Exchange *first, **end;
    int len, idle, workers;
    bool is_waking;  // a worker that slept is on its way
    bool is_closed;
} Queue;

struct Server {
    ServerOptions options;
    Arena arena;
    HeadLimits limits;
    NetworkList trusted;
    int listen_fd;
    Loop *loops;
    Queue queue;
    atomic_int refs;
    _Atomic int64_t bodies_bytes;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int accepting, running;  // loops
};

Time steady_now(void);                 // microseconds of a clock that never jumps
void cond_init(pthread_cond_t *cond);  // waits by that clock

void server_keep(Server *server);
void server_drop(Server *server);

// ---- workers.c ----------------------------------------------------------------------------------
void queue_start(Server *server);
// Takes a list of exchanges, linked by `next`; returns those for which there is no room (only where
// `is_bounded`), or all of them when the queue is closed.
Exchange *queue_push(Server *server, Exchange *list, bool is_bounded);
// Lets no more in, frees what waits, and waits for the workers until `deadline` (steady clock).
void queue_stop(Server *server, Time deadline);
bool on_worker(void);

// ---- loop.c -------------------------------------------------------------------------------------
bool loop_init(Server *server, Loop *loop);  // false: the system has no room for it
bool loop_start(Loop *loop);                 // once all are made: a loop looks at the others
// Any thread. False when the loop has ended; the post stays the caller's.
bool loop_post(Loop *loop, Post *post);
bool on_loop(const Loop *loop);
void loop_stop(Loop *loop, Post *post);  // as Post.run: accepts no more, ends when nobody is left
void loop_end(Loop *loop, Post *post);   // as Post.run: ends now
void loop_free(Loop *loop);              // what loop_init made and the thread left
void loop_flush_stream(Client *client);  // sends what its stream has not had yet
void loop_wake_streams(Loop *loop);      // any thread: there is something new

// ---- client.c -----------------------------------------------------------------------------------
struct bufferevent *client_accept(struct event_base *base, void *loop);  // evhttp's bevcb
void client_know(Client *client);  // once evhttp has set its connection up
void client_request(struct evhttp_request *req, void *loop);  // evhttp's gencb
void client_set_state(Client *client, ClientState state);
void client_check(Client *client, Time now);  // limits of time
void client_tell_refused(Client *client);
void client_drop(Client *client);  // as if it had hung up
bool client_is_idle(const Client *client);
void note_refusal(const Refusal *why, const Client *client, uint64_t trace);

// ---- exchange.c ---------------------------------------------------------------------------------
Exchange *exchange_take(Client *client);    // from the pool
void exchange_recycle(Exchange *exchange);  // on its loop
void exchange_free(Exchange *exchange);     // any thread, when the loop has ended
void exchange_answer(Exchange *exchange);   // the request is complete
void exchanges_push(Loop *loop);            // gives the workers what is ready
// Answers with a refusal what a handler was to answer; the exchange stays whose it is.
void exchange_refuse(Exchange *exchange, const Refusal *why);
void exchange_done(Ctx *ctx);  // the answerer's done()

// ---- encode.c -----------------------------------------------------------------------------------

// Turns the request's answer into what goes out, logs it and clears the arena. Any thread.
void encode_answer(Exchange *exchange);
bool encode_is_heavy(const Exchange *exchange);  // worth a worker's time: it will be compressed
const char *http_reason(int status);
// "Sun, 06 Nov 1994 08:49:37 GMT"
Str http_date(Time now);
// A problem document of a refusal, in `to`. Returns its length.
size_t refusal_json(const Refusal *why, char *to, size_t room);

// ---- gzip.c -------------------------------------------------------------------------------------
void gzip_start(void);  // for this thread
void gzip_stop(void);
// Appends `plain` compressed at level 1. False, with nothing appended, where the thread did not
// start or memory is short.
bool gzip_append(struct evbuffer *out, Str plain);

// ---- What the server counts ---------------------------------------------------------------------
extern Counter http_answers[6];  // by the first digit of the status
extern Counter http_refusals, http_queue_full, http_late;
extern Histogram http_time;
extern _Atomic int64_t http_connections;
