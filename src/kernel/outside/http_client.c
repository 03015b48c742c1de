// http_client.c - calls over HTTP by libcurl.
//
// What libcurl hands us in its callbacks goes into malloc'd memory, never into the arena, whose cap
// would unwind through libcurl's frames; the arena only remembers to free it. Where a call may go
// is decided on the address that is being connected to, after name resolution, and once more when
// an open connection is used again.
#include "kernel/outside/http_client.h"

#include "base/log.h"
#include "kernel/config.h"
#include "kernel/outside/address.h"
#include "kernel/outside/curl_pool.h"
#include "kernel/outside/host.h"
#include "kernel/tenant.h"

#include <assert.h>
#include <ctype.h>
#include <sys/socket.h>

enum {
    CONNECT_LIMIT_MS = 5000,
    LIMIT_MS = 30000,
    ANSWER_MAX = 1 << 20,
    HEAD_MAX = 64 << 10,
    REDIRECTS_MAX = 5,
    RETRY_AFTER_MAX_S = 86400,
};

// ---- What is in memory during a call ------------------------------------------------------------

typedef struct Received {
    char *bytes;
    size_t len, cap, max;
    bool is_full;
} Received;

typedef struct Transfer {
    Ctx *ctx;
    const HttpCall *call;
    CURLU *url;
    char *scheme, *host, *port, *path;  // of the URL, from libcurl
    Str key;                            // what the breaker and the pool know the host by
    CURL *curl;
    struct curl_slist *lines;
    Received head, body;
    bool is_head_whole;  // libcurl itself takes a head that breaks off for an answer without a body
    bool is_refused;     // an address was
} Transfer;

static void give_back(Transfer *t)
{
    if (t->curl)
        curl_give(t->curl, t->key);
    curl_slist_free_all(t->lines);
    t->curl = NULL;
    t->lines = NULL;
}

static void release(void *arg)
{
    Transfer *t = arg;
    give_back(t);
    curl_url_cleanup(t->url);
    curl_free(t->scheme);
    curl_free(t->host);
    curl_free(t->port);
    curl_free(t->path);
    free(t->head.bytes);
    free(t->body.bytes);
}

static bool keep(Received *to, const char *bytes, size_t len)
{
    if (len > to->max - to->len) {
        to->is_full = true;
        return false;
    }
    if (to->len + len > to->cap) {
        size_t cap = (to->len + len) * 2;
        char *grown = realloc(to->bytes, cap);
        if (!grown)
            return false;
        to->bytes = grown;
        to->cap = cap;
    }
    memcpy(to->bytes + to->len, bytes, len);
    to->len += len;
    return true;
}

// ---- libcurl's callbacks: no arena here ---------------------------------------------------------

static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
    Transfer *t = arg;
    return keep(&t->body, bytes, size * count) ? size * count : 0;
}

// A status line begins another head: behind a redirect, or behind "100 Continue".
static size_t take_head(char *bytes, size_t size, size_t count, void *arg)
{
    Transfer *t = arg;
    if (size * count > 5 && memcmp(bytes, "HTTP/", 5) == 0) {
        t->head.len = 0;
        t->is_head_whole = false;
    }
    if (size * count > 0 && size * count <= 2 && bytes[size * count - 1] == '\n')
        t->is_head_whole = true;
    return keep(&t->head, bytes, size * count) ? size * count : 0;
}

static bool may_connect(const Transfer *t, const char *address)
{
    if (address_is_listed(config()->outside_private, address))
        return true;
    if (t->call->flags & CALL_PUBLIC && !address_is_public(address))
        return false;
    return strcmp(t->scheme, "https") == 0 || address_is_loopback(address);
}

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    Transfer *t = arg;
    char address[ADDRESS_BYTES_MAX];
    (void)purpose;
    if (!address_text(&to->addr, address) || !may_connect(t, address)) {
        t->is_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static int before_request(void *arg, char *address, char *own, int port, int own_port)
{
    Transfer *t = arg;
    (void)own;
    (void)port;
    (void)own_port;
    t->is_refused = !may_connect(t, address);
    return t->is_refused ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

// ---- The address --------------------------------------------------------------------------------

static bool read_url(Transfer *t)
{
    const char *text = str_c(t->ctx->arena, t->call->url);
    t->url = curl_url();
    if (!t->url || strlen(text) != t->call->url.len ||
        curl_url_set(t->url, CURLUPART_URL, text, CURLU_DISALLOW_USER) ||
        curl_url_get(t->url, CURLUPART_SCHEME, &t->scheme, 0) ||
        curl_url_get(t->url, CURLUPART_HOST, &t->host, 0) ||
        curl_url_get(t->url, CURLUPART_PORT, &t->port, CURLU_DEFAULT_PORT) ||
        curl_url_get(t->url, CURLUPART_PATH, &t->path, 0))
        return false;
    return strcmp(t->scheme, "https") == 0 || strcmp(t->scheme, "http") == 0;
}

// One tenant's broken receiver must not close the way to a host for the others.
static Str host_key(const Transfer *t)
{
    const Tenant *tenant = t->ctx->tenant;
    bool is_own = t->call->flags & CALL_PUBLIC && tenant;
    Str host = str_lower_ascii(t->ctx->arena, str_from(t->host));
    return str_format(t->ctx->arena, "%s" STR_FMT "%s" STR_FMT ":%s", t->scheme,
                      STR_ARG(is_own ? tenant->code : S("")), is_own ? "/" : "://", STR_ARG(host),
                      t->port);
}

// ---- Setting up ---------------------------------------------------------------------------------

static bool is_header_safe(const HttpHeader *header)
{
    for (size_t i = 0; i < header->name.len; i++)
        if (!isalnum((unsigned char)header->name.ptr[i]) && header->name.ptr[i] != '-')
            return false;
    for (size_t i = 0; i < header->value.len; i++)
        if ((unsigned char)header->value.ptr[i] < ' ' && header->value.ptr[i] != '\t')
            return false;
    return header->name.len > 0;
}

static bool add_line(Transfer *t, Str line)
{
    struct curl_slist *longer = curl_slist_append(t->lines, line.ptr);
    t->lines = longer ? longer : t->lines;
    return longer != NULL;
}

static Status add_headers(Transfer *t)
{
    Arena *arena = t->ctx->arena;
    bool ok = add_line(t, S("Expect:"));  // a body is sent at once, without asking first
    EACH (header, t->call->headers) {
        if (!is_header_safe(header))
            return FAIL(t->ctx, E_INVALID, "http.header", "the header '" STR_FMT "' cannot be sent",
                        STR_ARG(header->name));
        const char *mark = header->value.len ? ": " : ";";  // libcurl drops "Name:" without a value
        ok &= add_line(t, str_format(arena, STR_FMT "%s" STR_FMT, STR_ARG(header->name), mark,
                                     STR_ARG(header->value)));
    }
    return ok ? OK : FAIL(t->ctx, E_INTERNAL, "http.memory", "there is no memory for a call");
}

// What is left of the time in which the request must be answered.
static long limit_ms(const Transfer *t)
{
    long limit = t->call->limit_ms ? t->call->limit_ms : LIMIT_MS;
    if (!t->ctx->request)
        return limit;
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    Time now = wall.tv_sec * SECOND + wall.tv_nsec / 1000;
    Time left = t->ctx->now + config()->request_limit_s * SECOND - now;
    if (left < limit * 1000)
        limit = left / 1000;
    return limit > 1 ? limit : 1;
}

static CURLcode set_method(Transfer *t)
{
    const HttpCall *call = t->call;
    CURLcode code = CURLE_OK;
    bool is_head = strcmp(call->method, "HEAD") == 0, is_get = strcmp(call->method, "GET") == 0;
    if (is_head)
        CURL_SET(code, t->curl, CURLOPT_NOBODY, 1L);
    if (call->body.len || !(is_head || is_get)) {
        CURL_SET(code, t->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
        CURL_SET(code, t->curl, CURLOPT_POSTFIELDS, call->body.len ? call->body.ptr : "");
    }
    CURL_SET(code, t->curl, CURLOPT_CUSTOMREQUEST, is_head ? NULL : call->method);
    if (call->flags & CALL_REDIRECTS && (is_head || is_get)) {
        CURL_SET(code, t->curl, CURLOPT_FOLLOWLOCATION, 1L);
        CURL_SET(code, t->curl, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
    }
    return code;
}

static CURLcode set_options(Transfer *t)
{
    const HttpCall *call = t->call;
    long connect_ms = call->connect_limit_ms ? call->connect_limit_ms : CONNECT_LIMIT_MS;
    bool is_plain = strcmp(t->scheme, "http") == 0;
    CURLcode code = curl_prepare(t->curl);
    CURL_SET(code, t->curl, CURLOPT_CURLU, t->url);
    CURL_SET(code, t->curl, CURLOPT_PROTOCOLS_STR,
             "https,http");  // where without https: may_connect()
    CURL_SET(code, t->curl, CURLOPT_REDIR_PROTOCOLS_STR, is_plain ? "https,http" : "https");
    CURL_SET(code, t->curl, CURLOPT_USERAGENT, "Entrepot");
    CURL_SET(code, t->curl, CURLOPT_HTTPHEADER, t->lines);
    CURL_SET(code, t->curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    CURL_SET(code, t->curl, CURLOPT_TIMEOUT_MS, limit_ms(t));
    CURL_SET(code, t->curl, CURLOPT_WRITEFUNCTION, take_body);
    CURL_SET(code, t->curl, CURLOPT_WRITEDATA, t);
    CURL_SET(code, t->curl, CURLOPT_HEADERFUNCTION, take_head);
    CURL_SET(code, t->curl, CURLOPT_HEADERDATA, t);
    CURL_SET(code, t->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    CURL_SET(code, t->curl, CURLOPT_OPENSOCKETDATA, t);
    CURL_SET(code, t->curl, CURLOPT_PREREQFUNCTION, before_request);
    CURL_SET(code, t->curl, CURLOPT_PREREQDATA, t);
    return code ? code : set_method(t);
}

static Status prepare(Transfer *t)
{
    TRY(add_headers(t));
    t->body.max = t->call->answer_max ? t->call->answer_max : ANSWER_MAX;
    t->head.max = HEAD_MAX;
    t->curl = curl_take(t->key);
    CURLcode code = t->curl ? set_options(t) : CURLE_OUT_OF_MEMORY;
    if (code != CURLE_OK)
        return FAIL(t->ctx, E_INTERNAL, "http.setup", "a call cannot be prepared: %s",
                    curl_easy_strerror(code));
    return OK;
}

// ---- What came of it ----------------------------------------------------------------------------

typedef struct Outcome {
    CURLcode code;
    Status status;
    const char *name, *words;
    bool is_worth_retry;
} Outcome;

// clang-format off
static const Outcome outcomes[] = {
    { CURLE_OPERATION_TIMEDOUT,       E_BUSY,    "http.timeout",   "it did not answer in time", true },
    { CURLE_COULDNT_RESOLVE_HOST,     E_BUSY,    "http.connect",   "there is no way there", true },
    { CURLE_COULDNT_CONNECT,          E_BUSY,    "http.connect",   "there is no way there", true },
    { CURLE_SSL_CONNECT_ERROR,        E_BUSY,    "http.connect",   "there is no way there", true },
    { CURLE_PEER_FAILED_VERIFICATION, E_DENIED,  "http.tls",       "it could not prove who it is", false },
    { CURLE_SSL_ISSUER_ERROR,         E_DENIED,  "http.tls",       "it could not prove who it is", false },
    { CURLE_TOO_MANY_REDIRECTS,       E_INVALID, "http.redirects", "it sends us around in circles", false },
    { CURLE_UNSUPPORTED_PROTOCOL,     E_INVALID, "http.redirects", "it sends us where we do not go", false },
    { CURLE_OUT_OF_MEMORY,            E_BUSY,    "http.memory",    "there is no memory for its answer", true },
};
static const Outcome broken = { CURLE_OK, E_BUSY, "http.broken", "the connection broke off", true };
static const Outcome refused = { CURLE_OK, E_DENIED, "http.address",
                                 "it is in a private network, or without https", false };
static const Outcome too_large = { CURLE_OK, E_LIMIT, "http.too_large",
                                   "its answer is larger than expected", false };
// clang-format on

static bool was_redirected(const Transfer *t)
{
    long count = 0;
    return curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_COUNT, &count) == CURLE_OK && count > 0;
}

static const Outcome *outcome_of(const Transfer *t, CURLcode code)
{
    if (t->is_refused && (code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK))
        return &refused;
    if (t->body.is_full || t->head.is_full)
        return &too_large;
    if (code == CURLE_UNSUPPORTED_PROTOCOL && !was_redirected(t))
        return &broken;  // what came was no HTTP
    for (size_t i = 0; i < COUNT(outcomes); i++)
        if (outcomes[i].code == code)
            return &outcomes[i];
    return &broken;
}

static bool is_worth_retry(int status)
{
    return status == 408 || status == 425 || status == 429 || status >= 500;
}

static Time retry_after(const Transfer *t, int status)
{
    curl_off_t seconds = 0;
    if (!is_worth_retry(status) ||
        curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK || seconds <= 0)
        return 0;
    return t->ctx->now + (seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) * SECOND;
}

static void read_headers(const Transfer *t, HttpHeaderList *ret)
{
    Str rest = { t->head.bytes, t->head.len }, line;
    str_next(&rest, '\n', &line);  // the status line
    while (str_next(&rest, '\n', &line)) {
        ptrdiff_t colon = str_find_char(line, ':');
        if (colon > 0)
            *list_push(t->ctx->arena, ret) =
                (HttpHeader){ str_lower_ascii(t->ctx->arena, str_sub(line, 0, (size_t)colon)),
                              str_trim(str_from_at(line, (size_t)colon + 1)) };
    }
}

static void write_log(const Transfer *t, const HttpAnswer *answer, const char *what)
{
    const char *path = t->call->logged ? t->call->logged : t->path;
    log_line(LOG_INFO, t->ctx, "http.call", "host=%s method=%s path=%s status=%d us=%lld%s%s",
             t->host, t->call->method, path, answer->status, (long long)answer->took_us,
             what ? " error=" : "", what ? what : "");
}

static Status fail(const Transfer *t, const Outcome *outcome)
{
    return FAIL(t->ctx, outcome->status, outcome->name, "%s: %s", t->host,
                ctx_text(t->ctx, outcome->words));
}

static Status perform(Transfer *t, HttpAnswer *ret)
{
    long status = 0;
    curl_off_t took = 0;
    CURLcode code = curl_easy_perform(t->curl);
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->curl, CURLINFO_TOTAL_TIME_T, &took);
    bool is_whole = code == CURLE_OK && t->is_head_whole;
    const Outcome *outcome = is_whole ? NULL : outcome_of(t, code);
    ret->status = (int)status;
    ret->took_us = took;
    ret->is_worth_retry = outcome ? outcome->is_worth_retry : is_worth_retry(ret->status);
    ret->retry_at = retry_after(t, ret->status);
    host_done(t->key, outcome ? !outcome->is_worth_retry : ret->status < 500);
    give_back(t);
    write_log(t, ret, outcome ? outcome->name : NULL);
    if (outcome)
        return fail(t, outcome);
    ret->body = (Str){ t->body.bytes ? t->body.bytes : "", t->body.len };
    read_headers(t, &ret->headers);
    return OK;
}

static Status ask_host(Transfer *t, HttpAnswer *ret)
{
    Time wait;
    HostGate gate = host_ask(t->key, t->call->per_minute, &wait);
    if (gate == HOST_GO)
        return OK;
    ret->is_worth_retry = true;
    ret->retry_at = t->ctx->now + wait;
    if (gate == HOST_RESTING)
        return FAIL(t->ctx, E_BUSY, "http.resting", "%s has failed too often just now", t->host);
    return FAIL(t->ctx, E_BUSY, "http.too_soon", "%s may be called %d times a minute", t->host,
                t->call->per_minute);
}

Status http_call(Ctx *ctx, const HttpCall *call, HttpAnswer *ret)
{
    assert(!ctx->conn);
    *ret = (HttpAnswer){ 0 };
    Transfer *t = NEW(ctx->arena, Transfer);
    *t = (Transfer){ .ctx = ctx, .call = call };
    arena_defer(ctx->arena, release, t);
    if (!read_url(t))
        return FAIL(ctx, E_INVALID, "http.url", "this is not a web address that can be called");
    t->key = host_key(t);
    TRY(prepare(t));
    TRY(ask_host(t, ret));
    return perform(t, ret);
}

Str http_answer_header(const HttpAnswer *answer, const char *name)
{
    EACH (header, answer->headers)
        if (str_is(header->name, name))
            return header->value;
    return S("");
}
