// http_client.h - the one way out over HTTP: connectors, webhooks and everything else that calls
// another server. docs/outside.md has the rules and why.
//
// Never from inside a transaction (asserted): a job does it, after the commit. Trying again is the
// caller's business, that is, its job's; the answer says whether it is worth it and when.
#pragma once

#include "kernel/http/request.h"

enum {
    CALL_REDIRECTS = 1,  // follow up to 5, on GET and HEAD only
    CALL_PUBLIC =
        2,  // the address came from outside: only to the open internet (config: [outside] private)
};

typedef struct HttpCall {
    const char *method;  // "POST"
    Str url;             // https, or http to this very machine; no user or password in it
    HttpHeaderList headers;
    Str body;
    int connect_limit_ms,
        limit_ms;        // 0: 5 s and 30 s; the whole never outlives the request being answered
    size_t answer_max;   // bytes of the answer's body; 0: 1 MiB
    int per_minute;      // how often this host may be called at all; 0: no limit of ours
    const char *logged;  // what the log says in place of the path, where that holds a secret; NULL:
                         // the path
    unsigned flags;
} HttpCall;

typedef struct HttpAnswer {
    int status;  // 0: none came
    HttpHeaderList headers;
    Str body;             // both live as long as ctx's arena
    bool is_worth_retry;  // no answer, 408, 425, 429, 5xx
    Time retry_at;        // not before then (Retry-After, or our own limits); 0: nobody said
    int64_t took_us;
} HttpAnswer;

// OK: an answer came, whatever its status. Otherwise, with *ret filled all the same:
//   E_BUSY     "http.connect" "http.timeout" "http.broken"  nothing came back, or not all of it
//              "http.resting"  the host failed five times in a row and is left alone for half a
//              minute "http.too_soon" more often than per_minute
//   E_INVALID  "http.url" "http.header" "http.redirects"
//   E_DENIED   "http.address"  the name leads into a private network
//              "http.tls"      the other side could not prove who it is
//   E_LIMIT    "http.too_large" the answer is larger than answer_max
MUST_CHECK Status http_call(Ctx *ctx, const HttpCall *call, HttpAnswer *ret);

Str http_answer_header(const HttpAnswer *answer, const char *name);  // "" when absent
