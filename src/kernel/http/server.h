// server.h - the HTTP server: libevent's evhttp behind a strict gate, one loop a core on one shared
// socket, workers that run handlers, lanes that complete writes. docs/http.md tells a request's
// way.
#pragma once

#include "kernel/http/request.h"

#include <sys/types.h>

typedef struct Server Server;

// Answers ctx->request: fills in its status, headers and body, then calls done(ctx), from any
// thread, once. Called on a worker thread (on a loop, when the request's route is ROUTE_QUICK);
// ctx, its arena and the request belong to the answerer until then, and to nobody else after. It
// guards itself against the arena's cap (ctx_guard); done() does too. Where the server has looked
// the route up already, request->route and its parameters are filled in.
typedef void (*AnswerFn)(Ctx *ctx, void (*done)(Ctx *ctx));

// Every 0 and "" stands for the default behind it.
typedef struct ServerOptions {
    Str host;       // "127.0.0.1"
    int port;       // 0: any free one
    int listen_fd;  // -1: bind host and port; else serve this socket, which the server then owns
    int loops, workers;        // one a core; two a core, at least 4
    int64_t header_max_bytes;  // 32 KB, request line and all headers
    int64_t body_max_bytes;    // 50 MB
    int header_count_max;      // 100
    int first_byte_limit_s;    // 10: until a new connection's first request has its headers
    int idle_limit_s;          // 60: without a byte, between requests or within one
    int request_limit_s;       // 60: until a request is answered; then 503
    size_t arena_max_bytes;    // 64 MB: one request's memory, besides its body
    int queue_max;             // 1024: requests waiting for a worker; beyond: 503
    int connections_max;       // 8192: beyond, the longest idle ones are closed
    int64_t bodies_max_bytes;  // eight bodies' most: all bodies being received; beyond: 503
    int stream_ping_s;         // 15: a comment on silent event streams
    Str trusted_proxies;       // addresses and networks ("10.0.0.0/8"), blank-separated, whose
                               // X-Forwarded-For/Proto/Host is believed
    AnswerFn answer;
} ServerOptions;

// Binds, serves until server_stop(). The process ignores SIGPIPE from then on. E_INVALID
// "http.listen" when it cannot bind, "http.proxies".
MUST_CHECK Status server_start(Ctx *ctx, const ServerOptions *options, Server **ret);
int server_port(const Server *server);
int server_socket(const Server *server);  // the listening socket; it stays the server's
// Graceful: stops accepting, lets running requests finish for at most `limit_s`, closes. What still
// runs then is left behind: its answer goes nowhere and its memory goes with it, when it ends.
void server_stop(Server *server, int limit_s);

// ---- Restart without a refused connection -------------------------------------------------------
//
// The listening socket is handed to a new process before the old one stops: connections that arrive
// in between wait in the socket, and whoever accepts first serves them.

// The socket named by the environment variable ENTREPOT_LISTEN_FD, for ServerOptions.listen_fd; -1
// when there is none or it is no listening socket. Removes the variable, so that no child takes it.
int listen_fd_inherited(void);
// Starts argv[0] with the socket and the variable. The caller waits until it serves, then stops.
// E_INTERNAL "http.hand_over".
MUST_CHECK Status server_hand_over(Ctx *ctx, const Server *server, char *const argv[], pid_t *ret);

// ---- Threads ------------------------------------------------------------------------------------

// Goes on with a request on a worker: for an answerer that is called back on a thread with better
// things to do (a lane's). ctx belongs to `then` from now on. Without a server, `then` runs at
// once.
void server_continue(Ctx *ctx, void (*then)(Ctx *ctx));

// ---- The router ---------------------------------------------------------------------------------

// Makes `routes` the routes that are found; at start-up, before anybody looks one up. They must
// stay, the list need not. Two routes of one method and pattern are a mistake
// (asserted). HEAD is answered by GET's route.
void routes_use(const Route *const *routes, size_t count);
// Which route answers, with its parameters decoded. `path` is as sent (encoded), so that a
// parameter may hold a "/". A literal segment beats a parameter. NULL: none, and *ret_allowed names
// the methods there are at this path ("GET, HEAD, POST": 405), or is "" (404). ret_allowed may be
// NULL.
const Route *route_find(HttpMethod method, Str path, Str params[ROUTE_PARAMS], Str *ret_allowed,
                        Arena *arena);
// All routes there are: modules' own, and those that follow from entities and actions.
const Route *const *routes_all(size_t *ret_count);

// The program's answerer: route, tenant, identity, entitlement, permission, transaction, handler,
// problem document or error page. Also called without a socket, by tests and the walk of routes.
void http_answer(Ctx *ctx, void (*done)(Ctx *ctx));
