// request.h - one HTTP request and its answer, as handlers see it. Views live as long as the
// request.
//
// The server fills in the upper half before anybody sees the request; a handler fills in the answer
// through the respond_ functions. Limits on what a client may send are named here; one past each is
// refused (docs/http.md lists them all).
#pragma once

#include "base/json.h"
#include "kernel/entity/codec.h"
#include "kernel/http/times.h"
#include "kernel/module.h"

typedef enum HttpMethod {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
} HttpMethod;
enum {
    HTTP_METHODS = HTTP_OPTIONS + 1,
    ROUTE_PARAMS = 6,         // {parameters} of one pattern
    QUERY_FIELDS_MAX = 200,   // fields of a query
    FORM_FIELDS_MAX = 20000,  // fields of a form: a thousand lines of twenty
    FORM_DEPTH = 8,           // "a.b[0].c" is four deep
    FORM_INDEX_MAX = 9999,    // "lines[9999]"
    MULTIPART_FILES_MAX = 100,
};

typedef struct HttpHeader {
    Str name, value;  // names in lower case
} HttpHeader;
typedef LIST(HttpHeader) HttpHeaderList;

typedef struct UploadedFile {
    Str field, name, type, bytes;  // the type is the client's word only
} UploadedFile;

typedef struct Request {
    HttpMethod method;
    Str path;       // decoded once: UTF-8, no control characters, no dot segments
    Str target;     // as sent, with the query
    Str host;       // lower case, without the port
    bool is_https;  // by a trusted proxy's word
    Str address;    // the client's, by a trusted proxy's word
    HttpHeaderList headers;
    FormFieldList query;
    Str body;
    const Route *route;        // NULL: none, or nobody has looked yet
    Str params[ROUTE_PARAMS];  // {id} {name} of the pattern, in order, decoded

    // The answer.
    int status;
    HttpHeaderList out_headers;
    Buf out;
    Str out_type;
    Str out_file;               // instead of out: a file to send
    Str out_static;             // instead of out: bytes that live as long as the program
    struct StreamPlan *stream;  // instead: an event stream (respond_stream)
    Timed timed;                // what kind of page it is, for the figures

    // The kernel's own.
    struct BodyMemo *memo;      // body.c: the body, read once
    struct Exchange *exchange;  // the server's; NULL where there is no socket
} Request;

const char *http_method_name(HttpMethod method);  // "GET"
bool http_method_parse(Str name, HttpMethod *ret);

Str request_header(const Request *request, const char *name);  // "" when absent; name in lower case
Str request_query(const Request *request, const char *name);   // first of that name, "" when absent
// The cookie that respond_cookie() set under this name; "" when absent.
Str request_cookie(const Request *request, const char *name);
// The path as sent, for route_find(): still encoded, so that "%2F" within a segment is no slash.
Str request_raw_path(const Request *request);
bool request_wants_html(const Request *request);  // rather than JSON: a person's browser asks

// The body as a tree, from JSON, a form or a multipart form; parsed once. No body is an empty
// object. E_INVALID "body.type" (415), "body.broken" and "json.syntax" (400), "form.shape" and
// "form.limit" (422).
MUST_CHECK Status request_json(Ctx *ctx, const Json **ret);
// The fields of a form or a multipart form, in order. The same refusals.
MUST_CHECK Status request_form(Ctx *ctx, const FormFieldList **ret);
// The files of a multipart form; none when the body is something else.
MUST_CHECK Status request_files(Ctx *ctx, UploadedFile **ret, size_t *ret_count);

// Answers. Handlers return OK after one of these, or a failure, which becomes a problem document
// (RFC 9457) or an error page by what the client wants. Each replaces what an earlier one said.
Status respond(Ctx *ctx, int status, Str type, Str body);         // copies the body
Status respond_static(Ctx *ctx, int status, Str type, Str body);  // does not: it lives for ever
Status respond_json(Ctx *ctx, int status);                        // request->out holds it
Status respond_redirect(Ctx *ctx, Str location);                  // 303
// download_name "": shown rather than saved. E_NOT_FOUND "file.missing" when it cannot be opened.
Status respond_file(Ctx *ctx, Str path, Str type, Str download_name);
// Keeps the connection open as a text/event-stream of what live_publish() says about `topic` in
// ctx->tenant, beginning behind `last_event_id` ("": with what comes next). Where events were
// missed that are not kept any more, the first event is "reset": the page loads itself anew. E_BUSY
// "stream.full" when too many are open.
MUST_CHECK Status respond_stream(Ctx *ctx, Str topic, Str last_event_id);
// Sets or replaces a header. Control characters in the value become blanks.
void respond_header(Ctx *ctx, const char *name, Str value);
// Adds a header beside one of the same name.
void respond_header_add(Ctx *ctx, const char *name, Str value);
// HttpOnly, SameSite=Lax, for all paths; Secure and under the name "__Host-" + name on https.
// max_age_s 0: until the browser closes; below 0: removes it.
void respond_cookie(Ctx *ctx, const char *name, Str value, int max_age_s);

// Percent-encoding of everything but letters, digits and "-._~" (RFC 3986): good for one segment of
// a path and for a value of a query.
Str url_encode(Arena *arena, Str text);
// False when a % is not followed by two hex digits, or the result is no UTF-8 or holds a NUL.
bool url_decode(Arena *arena, Str text, bool plus_is_blank, Str *ret);
