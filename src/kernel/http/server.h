// server.h - the HTTP server: libevent's evhttp behind a strict gate, one loop a core on one shared
// socket, workers that run handlers, lanes that complete writes. docs/http.md tells a request's way.
#pragma once

#include "kernel/http/request.h"

typedef struct Server Server;

// Answers ctx->request: fills in its status, headers and body, then calls done(ctx), from any thread,
// once. Called on a worker thread; ctx, its arena and the request belong to the answerer until then.
typedef void (*AnswerFn)(Ctx *ctx, void (*done)(Ctx *ctx));

typedef struct ServerOptions {
    Str host;
    int port;           // 0: any free one
    int listen_fd;      // -1: bind host and port; else serve this socket (restart without a refused connection)
    int loops, workers;  // 0: by the number of cores
    int64_t header_max_bytes, body_max_bytes;
    int header_count_max;
    int first_byte_limit_s, idle_limit_s, request_limit_s;
    size_t arena_max_bytes;  // one request's memory
    Str trusted_proxies;     // addresses, blank-separated, whose X-Forwarded-For/Proto/Host is believed
    AnswerFn answer;
} ServerOptions;

// Binds, serves until server_stop().
MUST_CHECK Status server_start(Ctx *ctx, const ServerOptions *options, Server **ret);
int server_port(const Server *server);
// Graceful: stops accepting, lets running requests finish for at most `limit_s`, closes.
void server_stop(Server *server, int limit_s);

// Makes the router ready for these routes, which must stay.
void routes_use(const Route *const *routes, size_t count);
// The router: which route answers, with its parameters filled in. NULL: none (404), or *ret_allowed
// names the methods there are (405).
const Route *route_find(HttpMethod method, Str path, Str params[6], Str *ret_allowed, Arena *arena);
// All routes there are: modules' own, and those that follow from entities and actions.
const Route *const *routes_all(size_t *ret_count);

// The program's answerer: route, tenant, identity, entitlement, permission, transaction, handler,
// problem document or error page. Also called without a socket, by tests and the walk of routes.
void http_answer(Ctx *ctx, void (*done)(Ctx *ctx));
