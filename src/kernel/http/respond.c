// respond.c - what a handler answers with. Nothing is sent here: a handler fills in the request's
// lower half, and whoever serves the request (the server, a test) takes it from there.
#include "kernel/http/request.h"

#include <ctype.h>
#include <unistd.h>

// A value with a control character in it could end the header and begin another.
static Str header_value(Arena *arena, Str value)
{
    char *copy = arena_alloc(arena, value.len + 1);
    for (size_t i = 0; i < value.len; i++)
        copy[i] = iscntrl((unsigned char)value.ptr[i]) ? ' ' : value.ptr[i];
    return (Str){ copy, value.len };
}

void respond_header_add(Ctx *ctx, const char *name, Str value)
{
    HttpHeader *header = list_push(ctx->arena, &ctx->request->out_headers);
    *header = (HttpHeader){ str_lower_ascii(ctx->arena, str_from(name)),
                            header_value(ctx->arena, value) };
}

void respond_header(Ctx *ctx, const char *name, Str value)
{
    EACH (header, ctx->request->out_headers)
        if (str_eq_ascii_nocase(header->name, str_from(name))) {
            header->value = header_value(ctx->arena, value);
            return;
        }
    respond_header_add(ctx, name, value);
}

// Forgets what an earlier call answered; headers and cookies stay.
static Request *start_answer(Ctx *ctx, int status, Str type)
{
    Request *request = ctx->request;
    request->status = status;
    request->out_type = header_value(ctx->arena, type);  // a file's is its sender's word
    request->out_file = request->out_static = S("");
    request->stream = NULL;
    return request;
}

Status respond(Ctx *ctx, int status, Str type, Str body)
{
    Request *request = start_answer(ctx, status, type);
    request->out = (Buf){ .arena = ctx->arena };
    buf_put(&request->out, body);
    return OK;
}

Status respond_static(Ctx *ctx, int status, Str type, Str body)
{
    TRY(respond(ctx, status, type, S("")));
    ctx->request->out_static = body;
    return OK;
}

Status respond_json(Ctx *ctx, int status)
{
    start_answer(ctx, status, S("application/json"));
    return OK;
}

Status respond_redirect(Ctx *ctx, Str location)
{
    respond_header(ctx, "location", location);
    return respond(ctx, 303, S(""), S(""));
}

static bool is_plain_ascii(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isprint((unsigned char)text.ptr[i]) || strchr("\"\\%", text.ptr[i]))
            return false;
    return true;
}

// RFC 6266: the name as it is where it is plain, else percent-encoded in UTF-8 (RFC 8187).
static Str disposition(Arena *arena, Str name)
{
    if (is_plain_ascii(name))
        return str_format(arena, "attachment; filename=\"" STR_FMT "\"", STR_ARG(name));
    return str_format(arena, "attachment; filename*=UTF-8''" STR_FMT,
                      STR_ARG(url_encode(arena, name)));
}

Status respond_file(Ctx *ctx, Str path, Str type, Str download_name)
{
    Str file = str_copy(ctx->arena, path);
    if (access(file.ptr, R_OK) != 0)
        return FAIL(ctx, E_NOT_FOUND, "file.missing", "the file is not there any more");
    TRY(respond(ctx, 200, type, S("")));
    ctx->request->out_file = file;
    if (download_name.len)
        respond_header(ctx, "content-disposition", disposition(ctx->arena, download_name));
    return OK;
}

void respond_cookie(Ctx *ctx, const char *name, Str value, int max_age_s)
{
    bool is_secure = ctx->request->is_https;
    Buf cookie = { .arena = ctx->arena };
    buf_printf(&cookie, "%s%s=" STR_FMT "; Path=/; HttpOnly; SameSite=Lax",
               is_secure ? "__Host-" : "", name, STR_ARG(value));
    if (is_secure)
        buf_c(&cookie, "; Secure");
    if (max_age_s)
        buf_printf(&cookie, "; Max-Age=%d", max_age_s > 0 ? max_age_s : 0);
    respond_header_add(ctx, "set-cookie", buf_str(&cookie));
}
