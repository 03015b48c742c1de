// routes.c - files over HTTP: shown to whoever has a signed link, taken from whoever is signed in.
//
// A link is the permission: who was shown a record was given its links, good for a day, and an
// <img> in a mail or on a page needs nothing else. Uploading only stores; what is not put into a
// record within a day is swept away.
#include "kernel/files/routes.h"

#include "kernel/files.h"
#include "kernel/http/request.h"
#include "kernel/secrets.h"

// ---- Out ----------------------------------------------------------------------------------------

static Status not_found(Ctx *ctx)
{
    return FAIL(ctx, E_NOT_FOUND, "file.not_found", "there is no such file");
}

typedef struct Wanted {
    Id id;
    StoredFile file;
} Wanted;

static Status find(Ctx *ctx, void *arg)
{
    Wanted *wanted = arg;
    return file_find(ctx, wanted->id, &wanted->file);
}

// The name in the path is signed with it, so a link cannot be dressed up as another file.
static bool is_signed(Ctx *ctx)
{
    const Request *request = ctx->request;
    Str path = request_raw_path(request);
    return link_ok(ctx, path, request_query(request, "expires"), request_query(request, "sig"));
}

static void set_headers(Ctx *ctx, const StoredFile *file, FileServing *serving)
{
    file_serving(ctx, file, serving);
    respond_header(ctx, "content-disposition", serving->disposition);
    respond_header(ctx, "content-security-policy", serving->policy);
    respond_header(ctx, "x-content-type-options", S("nosniff"));
    respond_header(ctx, "cross-origin-resource-policy", S("cross-origin"));
    respond_header(ctx, "cache-control", S("private, max-age=86400, immutable"));
}

static Status show_smaller(Ctx *ctx, const StoredFile *file, Str width_text)
{
    int64_t width;
    Str bytes, type;
    FileServing serving;
    if (!str_int(width_text, &width) || width < 0 || width > PICTURE_PIXELS_MAX)
        width = 0;
    TRY(file_thumbnail(ctx, file, (int)width, &bytes, &type));
    TRY(respond(ctx, 200, type, bytes));
    set_headers(ctx, file, &serving);
    return OK;
}

Status file_show(Ctx *ctx)
{
    Wanted wanted;
    FileServing serving;
    Str width = request_query(ctx->request, "w");
    if (!id_parse(ctx->request->params[0], &wanted.id) || !is_signed(ctx))
        return not_found(ctx);
    TRY(tenant_read(ctx, find, &wanted));
    if (width.len)
        return show_smaller(ctx, &wanted.file, width);
    file_serving(ctx, &wanted.file, &serving);
    TRY(respond_file(ctx, file_path(ctx, wanted.file.digest), serving.type, S("")));
    set_headers(ctx, &wanted.file, &serving);
    return OK;
}

// ---- In -----------------------------------------------------------------------------------------

typedef struct Uploads {
    FilePart *parts;
    Id *ids;
    size_t count;
} Uploads;

static Status add_all(Ctx *ctx, void *arg)
{
    Uploads *uploads = arg;
    for (size_t i = 0; i < uploads->count; i++)
        TRY(file_add(ctx, &uploads->parts[i], &uploads->ids[i]));
    return OK;
}

static void put_file(Ctx *ctx, JsonOut *json, const FilePart *part, Id id)
{
    StoredFile file = { .id = id, .name = part->name };
    json_open(json, '{');
    json_key(json, "id");
    json_put_str(json, id_text(ctx->arena, id));
    json_key(json, "name");
    json_put_str(json, part->name);
    json_key(json, "type");
    json_put_str(json, part->type);
    json_key(json, "size");
    json_put_int(json, part->size);
    if (part->width) {
        json_key(json, "width");
        json_put_int(json, part->width);
        json_key(json, "height");
        json_put_int(json, part->height);
    }
    json_key(json, "link");
    json_put_str(json, file_link(ctx, &file));
    json_close(json, '}');
}

static Status answer(Ctx *ctx, const Uploads *uploads)
{
    TRY(respond_json(ctx, 201));
    JsonOut json = { .out = &ctx->request->out };
    json_open(&json, '{');
    json_key(&json, "files");
    json_open(&json, '[');
    for (size_t i = 0; i < uploads->count; i++)
        put_file(ctx, &json, &uploads->parts[i], uploads->ids[i]);
    json_close(&json, ']');
    json_close(&json, '}');
    return OK;
}

// "?image": only pictures are taken.
Status file_upload(Ctx *ctx)
{
    UploadedFile *files;
    Uploads uploads = { 0 };
    bool must_be_image = request_query(ctx->request, "image").len > 0;
    TRY(request_files(ctx, &files, &uploads.count));
    if (uploads.count == 0)
        return FAIL(ctx, E_INVALID, "file.none", "there is no file in what was sent");
    uploads.parts = NEW_ARRAY(ctx->arena, FilePart, uploads.count);
    uploads.ids = NEW_ARRAY(ctx->arena, Id, uploads.count);
    for (size_t i = 0; i < uploads.count; i++)
        TRY(file_write(ctx, files[i].name, files[i].bytes, must_be_image, &uploads.parts[i]));
    TRY(tenant_transact(ctx, add_all, &uploads));
    return answer(ctx, &uploads);
}
