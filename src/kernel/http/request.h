// request.h - one HTTP request and its answer, as handlers see it. Views live as long as the request.
#pragma once

#include "base/json.h"
#include "kernel/entity/codec.h"
#include "kernel/module.h"

typedef enum HttpMethod { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS } HttpMethod;

typedef struct HttpHeader {
    Str name, value;  // names in lower case
} HttpHeader;
typedef LIST(HttpHeader) HttpHeaderList;

typedef struct UploadedFile {
    Str field, name, type, bytes;  // the type is the client's word only
} UploadedFile;

typedef struct Request {
    HttpMethod method;
    Str path;            // decoded once, no dot segments
    Str target;          // as sent, with the query
    Str host;
    bool is_https;       // by a trusted proxy
    Str address;         // the client's, by a trusted proxy's word
    HttpHeaderList headers;
    FormFieldList query;
    Str body;
    const Route *route;
    Str params[6];       // {id} {name} of the pattern, in order, decoded

    // The answer.
    int status;
    HttpHeaderList out_headers;
    Buf out;
    Str out_type;
    Str out_file;  // instead of out: a file to send
    struct Stream *stream;  // instead: an open event stream
} Request;

Str request_header(const Request *request, const char *name);  // "" when absent
Str request_query(const Request *request, const char *name);   // first of that name, "" when absent
Str request_cookie(const Request *request, const char *name);
bool request_wants_html(const Request *request);
// The body as a tree, from JSON, a form or a multipart form; parsed once. E_INVALID "body.type" (415) etc.
MUST_CHECK Status request_json(Ctx *ctx, const Json **ret);
MUST_CHECK Status request_files(Ctx *ctx, UploadedFile **ret, size_t *ret_count);

// Answers. Handlers return OK after one of these, or a failure, which becomes a problem document
// (RFC 9457) or an error page by what the client wants.
Status respond(Ctx *ctx, int status, Str type, Str body);
Status respond_json(Ctx *ctx, int status);  // request->out holds it
Status respond_redirect(Ctx *ctx, Str location);  // 303
Status respond_file(Ctx *ctx, Str path, Str type, Str download_name);
void respond_header(Ctx *ctx, const char *name, Str value);
void respond_cookie(Ctx *ctx, const char *name, Str value, int max_age_s);

Str url_encode(Arena *arena, Str text);
bool url_decode(Arena *arena, Str text, bool plus_is_blank, Str *ret);
