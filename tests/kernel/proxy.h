// proxy.h - somebody on the line to the PostgreSQL server who can cut it at the worst moment.
#pragma once

#include "base/ctx.h"

typedef struct Proxy Proxy;

// Listens in a folder of its own for the server that `conninfo` (with a host=FOLDER) names.
Proxy *proxy_start(Ctx *ctx, Str conninfo);
Str proxy_conninfo(const Proxy *proxy);  // leads through the proxy
void proxy_stop(Proxy *proxy);

// The next COMMIT that a client sends breaks its connection: before the server sees it, or after
// the server has done it and before the client is told.
typedef enum ProxyCut { CUT_NONE, CUT_BEFORE_COMMIT, CUT_AFTER_COMMIT } ProxyCut;
void proxy_cut(Proxy *proxy, ProxyCut cut);
bool proxy_has_cut(const Proxy *proxy);  // since the last proxy_cut()
