// encode.c - from what a handler answered to what goes out: the headers every answer has, 304, HEAD
// and compression. Runs where the answer was made, so that loops only move bytes, and clears the
// arena there, so that what a handler opened is closed by its own thread.
#include "kernel/http/serve.h"

#include <event2/buffer.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"

#include <assert.h>

enum { GZIP_MIN = 1024 };

// A page may load its own scripts, styles and pictures and nothing else; no inline script runs.
#define CONTENT_POLICY                                                                             \
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "frame-ancestors 'self'"

static const struct {
    const char *name, *value;
} always[] = {
    { "x-content-type-options", "nosniff" },
    { "x-frame-options", "SAMEORIGIN" },
    { "referrer-policy", "strict-origin-when-cross-origin" },
    { "content-security-policy", CONTENT_POLICY },
};

const char *http_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        // clang-format off
        { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" },
        { 206, "Partial Content" }, { 301, "Moved Permanently" }, { 302, "Found" },
        { 303, "See Other" }, { 304, "Not Modified" }, { 307, "Temporary Redirect" },
        { 308, "Permanent Redirect" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
        { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
        { 406, "Not Acceptable" }, { 408, "Request Timeout" }, { 409, "Conflict" },
        { 410, "Gone" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" },
        { 415, "Unsupported Media Type" }, { 417, "Expectation Failed" },
        { 422, "Unprocessable Content" }, { 428, "Precondition Required" },
        { 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" }, { 501, "Not Implemented" }, { 502, "Bad Gateway" },
        { 503, "Service Unavailable" }, { 504, "Gateway Timeout" },
        // clang-format on
    };
    for (size_t i = 0; i < COUNT(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Other";
}

size_t refusal_json(const Refusal *why, char *to, size_t room)
{
    int len = snprintf(to, room,
                       "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\","
                       "\"detail\":\"%s\"}\n",
                       http_reason(why->status), why->status, why->code, why->why);
    return (size_t)len < room ? (size_t)len : room - 1;
}

// Formatted once a second and thread.
Str http_date(Time now)
{
    static const char *const days[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "",    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    static _Thread_local char text[40];
    static _Thread_local int len;
    static _Thread_local Time second;
    if (second != now / SECOND) {
        second = now / SECOND;
        Date day = (Date)(now / DAY) + DATE_1970;
        Ymd ymd = date_ymd(day);
        int of_day = (int)(now % DAY / SECOND);
        len = snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                       days[date_weekday(day)], ymd.day, months[ymd.month], ymd.year, of_day / 3600,
                       of_day / 60 % 60, of_day % 60);
    }
    return (Str){ text, (size_t)len };
}

// ---- The headers --------------------------------------------------------------------------------

static Str out_header(const Request *request, const char *name)
{
    EACH (header, request->out_headers)
        if (str_is(header->name, name))
            return header->value;
    return S("");
}

// What describes the connection is the server's to say.
static bool is_reserved(Str name)
{
    return str_is(name, "date") || str_is(name, "connection") || str_is(name, "content-length") ||
           str_is(name, "transfer-encoding");
}

static void put_header(Buf *lines, Str name, Str value)
{
    buf_put(lines, S("\r\n"));
    buf_put(lines, name);
    buf_put(lines, S(": "));
    buf_put(lines, value);
}

static void put_type(Buf *lines, Str type)
{
    if (type.len == 0)
        return;
    put_header(lines, S("content-type"), type);
    if (str_starts(type, S("text/")) && str_find(type, S("charset")) < 0)
        buf_put(lines, S("; charset=utf-8"));
}

static void put_headers(Buf *lines, const Request *request, bool has_body)
{
    if (has_body)
        put_type(lines, request->out_type);
    EACH (header, request->out_headers)
        if (!is_reserved(header->name))
            put_header(lines, header->name, header->value);
    for (size_t i = 0; i < COUNT(always); i++)
        if (out_header(request, always[i].name).len == 0)
            put_header(lines, str_from(always[i].name), str_from(always[i].value));
}

// ---- 304 ----------------------------------------------------------------------------------------

static Str strip_weak(Str tag)
{
    return str_starts(tag, S("W/")) ? str_from_at(tag, 2) : tag;
}

// RFC 9110 section 13.1.2: weak comparison with each member of the list.
static bool is_unchanged(const Request *request)
{
    Str tag = strip_weak(out_header(request, "etag"));
    Str known = request_header(request, "if-none-match");
    bool is_read = request->method == HTTP_GET || request->method == HTTP_HEAD;
    if (!is_read || request->status != 200 || tag.len == 0 || known.len == 0)
        return false;
    for (Str member; str_next(&known, ',', &member);) {
        member = str_trim(member);
        if (str_is(member, "*") || str_eq(strip_weak(member), tag))
            return true;
    }
    return false;
}

// ---- The body -----------------------------------------------------------------------------------

static bool is_compressible_type(Str type)
{
    return str_starts(type, S("text/")) || str_starts(type, S("application/json")) ||
           str_starts(type, S("application/xml")) || str_find(type, S("+json")) > 0 ||
           str_find(type, S("+xml")) > 0;
}

static Str plain_body(const Request *request)
{
    return request->out_static.len ? request->out_static : buf_str(&request->out);
}

// Whether the answer would differ for a client that takes gzip.
static bool varies(const Request *request)
{
    return plain_body(request).len >= GZIP_MIN && is_compressible_type(request->out_type) &&
           out_header(request, "content-encoding").len == 0 && !request->out_file.len &&
           !request->stream;
}

static bool takes_gzip(const Request *request)
{
    return accept_quality(request_header(request, "accept-encoding"), S("gzip")) > 0;
}

bool encode_is_heavy(const Exchange *exchange)
{
    return varies(&exchange->request) && takes_gzip(&exchange->request);
}

static void put_vary(Buf *lines, const Request *request)
{
    if (!varies(request))
        return;
    EACH (header, request->out_headers)
        if (str_is(header->name, "vary") && header_has_token(header->value, S("accept-encoding")))
            return;
    put_header(lines, S("vary"), S("accept-encoding"));
}

static Status add_file(Ctx *ctx, Exchange *exchange)
{
    const Request *request = &exchange->request;
    int fd = open(request->out_file.ptr, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0)
        return FAIL(ctx, E_INTERNAL, "file.missing", "the file cannot be opened");
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        close(fd);
        return FAIL(ctx, E_INTERNAL, "file.missing", "the file is none");
    }
    exchange->length = about.st_size;
    if (about.st_size == 0 || request->method == HTTP_HEAD)
        close(fd);
    else if (evbuffer_add_file(exchange->answer, fd, 0, about.st_size) != 0)
        return FAIL(ctx, E_INTERNAL, "file.missing", "the file cannot be read");
    return OK;
}

static Status add_bytes(Exchange *exchange, Buf *lines)
{
    const Request *request = &exchange->request;
    Str plain = plain_body(request);
    if (request->method == HTTP_HEAD) {
        exchange->length = varies(request) ? -1 : (int64_t)plain.len;
        return OK;
    }
    if (encode_is_heavy(exchange) && gzip_append(exchange->answer, plain))
        put_header(lines, S("content-encoding"), S("gzip"));
    else if (request->out_static.len)
        evbuffer_add_reference(exchange->answer, plain.ptr, plain.len, NULL, NULL);
    else
        evbuffer_add(exchange->answer, plain.ptr, plain.len);
    exchange->length = (int64_t)evbuffer_get_length(exchange->answer);
    return OK;
}

static bool may_have_body(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

static Status add_body(Ctx *ctx, Exchange *exchange, Buf *lines)
{
    const Request *request = &exchange->request;
    if (!may_have_body(exchange->status))
        return OK;
    if (request->stream && request->method != HTTP_HEAD) {
        exchange->stream = stream_open(request->stream, exchange->loop);
        return exchange->stream ? OK
                                : FAIL(ctx, E_BUSY, "stream.full", "too many live pages are open");
    }
    return request->out_file.len ? add_file(ctx, exchange) : add_bytes(exchange, lines);
}

// ---- All of it ----------------------------------------------------------------------------------

static Status encode(Ctx *ctx, void *arg)
{
    Exchange *exchange = arg;
    Request *request = &exchange->request;
    assert(request->status >= 200 && request->status <= 599);
    exchange->status = is_unchanged(request) ? 304 : request->status;
    exchange->length = -1;
    Buf lines = { .arena = ctx->arena };
    buf_put(&lines, http_date(ctx->now));
    put_headers(&lines, request, may_have_body(exchange->status));
    put_vary(&lines, request);
    TRY(add_body(ctx, exchange, &lines));
    exchange->lines = strdup(buf_str(&lines).ptr);
    return OK;
}

// The answer when the answer cannot be encoded. Needs no arena, which may be full.
static void encode_failure(Exchange *exchange)
{
    static const Refusal broken = { 500, "internal", "the answer could not be written" };
    const Failure *failure = &exchange->ctx.failure;
    const Refusal *why = failure->status == E_LIMIT ? &refusal_memory
                       : failure->status == E_BUSY  ? &refusal_busy
                                                    : &broken;
    char json[512];
    size_t len = refusal_json(why, json, sizeof json);
    evbuffer_drain(exchange->answer, evbuffer_get_length(exchange->answer));
    if (exchange->request.method != HTTP_HEAD)
        evbuffer_add(exchange->answer, json, len);
    exchange->status = why->status;
    exchange->length = (int64_t)len;
    char lines[256];
    snprintf(lines, sizeof lines,
             "%s\r\ncontent-type: application/problem+json\r\ncache-control: no-store"
             "\r\nx-content-type-options: nosniff%s",
             http_date(exchange->ctx.now).ptr, why->status == 503 ? "\r\nretry-after: 1" : "");
    exchange->lines = strdup(lines);
}

static void note(const Exchange *exchange, Time took)
{
    const Request *request = &exchange->request;
    Str path = target_path(request->target);  // never the query: values are people's own
    counter_add(&http_answers[exchange->status / 100], 1);
    histogram_add(&http_time, took);
    times_add(request->timed, took);
    log_line(LOG_INFO, &exchange->ctx, "http.request",
             "method=%s path=" STR_FMT " status=%d us=%lld bytes=%zu",
             http_method_name(request->method), STR_ARG(path), exchange->status, (long long)took,
             evbuffer_get_length(exchange->answer));
}

void encode_answer(Exchange *exchange)
{
    Ctx *ctx = &exchange->ctx;
    if (ctx_guard(ctx, encode, exchange) != OK)
        encode_failure(exchange);
    note(exchange, steady_now() - exchange->begun);
    arena_clear(&exchange->arena);
}
