// http_house.h - a server for tests: a small answerer with one address for each thing a server must
// be good at, and threads that answer late, as lanes do.
//
//     /hello            "hello"
//     /echo             method, path, query and body, one a line
//     /headers          what the request's headers, host and address were read as
//     /big?n=N          N bytes of compressible text/html
//     /binary?n=N       N bytes of application/octet-stream
//     /tagged           with an ETag "\"v1\""
//     /empty            204
//     /late?ms=N&say=X  X, from another thread, after N ms
//     /later?say=X      X, on a worker again after another thread gave the request back
//     /busy?ms=N        keeps its worker busy for N ms
//     /memory           needs more memory than one request may have
//     /file             a file of 300,000 bytes
//     /stream?topic=T   an event stream
//     /own              sets headers of its own
//     /form             the body as JSON
#pragma once

#include "kernel/wire.h"

typedef struct HttpHouse {
    Server *server;
    int port;
} HttpHouse;

// Options not given (0) are the defaults; host, port and answer are the house's.
HttpHouse http_house_open(Ctx *ctx, ServerOptions options);
void http_house_close(HttpHouse *house);
void http_house_leave(void);  // when its server was stopped already

extern const char *http_house_file;  // what /file sends
