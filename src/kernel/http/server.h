// server.h - the HTTP server: libevent's evhttp behind a strict gate, one loop a core on one shared
// socket, workers that run handlers, lanes that complete writes. docs/http.md tells a request's way.
#pragma once

#include "kernel/http/request.h"

typedef struct Server Server;

// Binds, drops nothing, serves until server_stop(). `listen_fd` -1: binds config()'s host and port.
MUST_CHECK Status server_start(Ctx *ctx, int listen_fd, Server **ret);
int server_port(const Server *server);
// Graceful: stops accepting, lets running requests finish for at most `limit_s`, closes.
void server_stop(Server *server, int limit_s);

// The router: which route answers, with its parameters filled in. NULL: none (404), or *ret_allowed
// names the methods there are (405).
const Route *route_find(HttpMethod method, Str path, Str params[6], Str *ret_allowed, Arena *arena);
// All routes there are: modules' own, and those that follow from entities and actions.
const Route *const *routes_all(size_t *ret_count);

// Answers a request without a socket: tests and the walk of routes. Runs every stage of the way.
void server_answer(Ctx *ctx, Request *request);
