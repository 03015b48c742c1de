// body.c - what a request's body means. Read once, whoever asks and however often.
//
// The body's own type decides how it is read, never a guess: JSON, a form, or a form of several
// parts. All three become the same tree.
#include "kernel/http/multipart.h"

#include "kernel/db/lane.h"
#include "kernel/http/head.h"

typedef enum BodyKind { BODY_NONE, BODY_JSON, BODY_FORM, BODY_MULTIPART } BodyKind;

typedef struct BodyMemo {
    BodyKind kind;
    Multipart form;  // also the fields of a plain form
    const Json *json;
} BodyMemo;

// "application/json; charset=utf-8" -> "application/json".
static Str media_type(Str content_type)
{
    ptrdiff_t params = str_find_char(content_type, ';');
    return str_trim(params < 0 ? content_type : str_sub(content_type, 0, (size_t)params));
}

static bool is_json_type(Str type)
{
    return str_eq_ascii_nocase(type, S("application/json")) ||
           (str_starts(type, S("application/")) && str_ends(type, S("+json")));
}

// charset=utf-8 or none.
static bool is_utf8_type(Str content_type)
{
    ptrdiff_t at = str_find(content_type, S("charset="));
    if (at < 0)
        return true;
    Str charset = str_from_at(content_type, (size_t)at + strlen("charset="));
    if (str_starts(charset, S("\"")))
        charset = str_from_at(charset, 1);
    return str_eq_ascii_nocase(str_sub(charset, 0, 5), S("utf-8")) ||
           str_eq_ascii_nocase(str_sub(charset, 0, 4), S("utf8"));
}

static Status find_kind(Ctx *ctx, BodyKind *ret)
{
    const Request *request = ctx->request;
    Str content_type = request_header(request, "content-type"), type = media_type(content_type);
    Str encoding = request_header(request, "content-encoding");
    if (request->body.len == 0) {
        *ret = BODY_NONE;
        return OK;
    }
    if (encoding.len && !str_eq_ascii_nocase(encoding, S("identity")))
        return FAIL(ctx, E_INVALID, "body.type", "the body is compressed; it is read plain only");
    if (!is_utf8_type(content_type))
        return FAIL(ctx, E_INVALID, "body.type",
                    "the body's type names a charset other than utf-8");
    if (is_json_type(type))
        *ret = BODY_JSON;
    else if (str_eq_ascii_nocase(type, S("application/x-www-form-urlencoded")))
        *ret = BODY_FORM;
    else if (str_eq_ascii_nocase(type, S("multipart/form-data")))
        *ret = BODY_MULTIPART;
    else
        return FAIL(ctx, E_INVALID, "body.type",
                    "the body's type is none of application/json, "
                    "application/x-www-form-urlencoded and multipart/form-data");
    return OK;
}

static Status read_body(Ctx *ctx, BodyMemo *memo)
{
    const Request *request = ctx->request;
    Str boundary;
    TRY(find_kind(ctx, &memo->kind));
    if (memo->kind == BODY_FORM &&
        !fields_parse(ctx->arena, request->body, FORM_FIELDS_MAX, &memo->form.fields))
        return FAIL(ctx, E_INVALID, "body.broken",
                    "the form is malformed or has more than %d fields", FORM_FIELDS_MAX);
    if (memo->kind != BODY_MULTIPART)
        return OK;
    if (!multipart_boundary(request_header(request, "content-type"), &boundary))
        return FAIL(ctx, E_INVALID, "body.broken", "the body's type names no boundary");
    return multipart_parse(ctx, request->body, boundary, &memo->form);
}

// In a lane the memo belongs to this run of the member: when it runs again, all that it has
// allocated is gone. What was read before the lane stays, and is taken over.
static Status get_memo(Ctx *ctx, BodyMemo **ret)
{
    BodyMemo **place =
        db_is_writing(ctx) ? (BodyMemo **)member_slot(ctx, MEMBER_BODY) : &ctx->request->memo;
    if (!*place) {
        BodyMemo *memo = NEW(ctx->arena, BodyMemo);
        if (ctx->request->memo)
            *memo = *ctx->request->memo;
        else
            TRY(read_body(ctx, memo));
        *place = memo;
    }
    *ret = *place;
    return OK;
}

Status request_json(Ctx *ctx, const Json **ret)
{
    BodyMemo *memo;
    TRY(get_memo(ctx, &memo));
    if (!memo->json) {
        if (memo->kind == BODY_JSON)
            TRY(json_parse(ctx, ctx->request->body, &memo->json));
        else
            TRY(form_to_json(ctx, &memo->form.fields, &memo->json));
    }
    *ret = memo->json;
    return OK;
}

Status request_form(Ctx *ctx, const FormFieldList **ret)
{
    BodyMemo *memo;
    TRY(get_memo(ctx, &memo));
    if (memo->kind == BODY_JSON)
        return FAIL(ctx, E_INVALID, "body.type",
                    "the body's type is JSON where a form is expected");
    *ret = &memo->form.fields;
    return OK;
}

Status request_files(Ctx *ctx, UploadedFile **ret, size_t *ret_count)
{
    BodyMemo *memo;
    TRY(get_memo(ctx, &memo));
    *ret = memo->form.files.items;
    *ret_count = memo->form.files.len;
    return OK;
}
