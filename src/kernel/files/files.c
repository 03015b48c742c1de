// files.c - files as the rest of the program knows them: a row that names, types and points to
// bytes.
#include "kernel/files.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "gen/kernel.gen.h"
#include "kernel/files/picture.h"
#include "kernel/files/sniff.h"
#include "kernel/files/store.h"
#include "kernel/http/request.h"
#include "kernel/secrets.h"

#include <ctype.h>

// ---- Names --------------------------------------------------------------------------------------

// What comes behind the last folder of a path, readable, and never empty.
static Str clean_name(Ctx *ctx, Str name)
{
    ptrdiff_t slash = str_rfind_char(name, '/'), backslash = str_rfind_char(name, '\\');
    ptrdiff_t last = slash > backslash ? slash : backslash;
    Str text = utf8_clean(ctx->arena, str_from_at(name, (size_t)(last + 1)));
    Str clean = str_copy(ctx->arena, str_trim(text));
    for (size_t i = 0; i < clean.len; i++)
        if ((unsigned char)clean.ptr[i] < ' ' || clean.ptr[i] == 0x7f)
            ((char *)clean.ptr)[i] = '_';
    clean = utf8_cut(clean, FILE_NAME_MAX);
    bool is_folder = clean.len == 0 || str_is(clean, ".") || str_is(clean, "..");
    return is_folder ? S("file") : clean;
}

// ---- Writing ------------------------------------------------------------------------------------

static Status check_size(Ctx *ctx, Str bytes)
{
    if (bytes.len == 0)
        return FAIL(ctx, E_INVALID, "file.size", "the file is empty");
    if (bytes.len > FILE_MAX)
        return FAIL(ctx, E_INVALID, "file.size", "a file may have %d MB, this has %zu",
                    FILE_MAX / (1024 * 1024), bytes.len / (1024 * 1024));
    return OK;
}

static Status check_type(Ctx *ctx, Str bytes, const char *type, bool must_be_image)
{
    if (must_be_image && !type_is_image(type))
        return FAIL(ctx, E_INVALID, "file.type",
                    "a picture is a JPEG, PNG, WebP, AVIF or GIF file, and this is none of them");
    if (sniff_is_program(bytes))
        return FAIL(ctx, E_INVALID, "file.type", "programs are not kept here");
    return OK;
}

static Status measure(Ctx *ctx, Str bytes, const char *type, PictureSize *ret)
{
    *ret = (PictureSize){ 0 };
    if (!type_is_image(type))
        return OK;
    if (!picture_size(bytes, type, ret))
        return FAIL(ctx, E_INVALID, "file.damaged", "the picture is damaged");
    if ((int64_t)ret->width * ret->height > PICTURE_PIXELS_MAX)
        return FAIL(ctx, E_INVALID, "file.pixels",
                    "a picture may have %d million pixels, this has %lld",
                    PICTURE_PIXELS_MAX / 1000000, (long long)ret->width * ret->height / 1000000);
    return OK;
}

Status file_write(Ctx *ctx, Str name, Str bytes, bool must_be_image, FilePart *ret)
{
    PictureSize size;
    uint8_t digest[32];
    TRY(check_size(ctx, bytes));
    const char *type = sniff_type(bytes, name);
    TRY(check_type(ctx, bytes, type, must_be_image));
    TRY(measure(ctx, bytes, type, &size));
    sha256(bytes, digest);
    FilePart part = { .name = clean_name(ctx, name),
                      .digest = hex_text(ctx->arena, digest, sizeof digest),
                      .type = str_from(type),
                      .size = (int64_t)bytes.len,
                      .width = size.width,
                      .height = size.height };
    TRY(store_put(ctx, part.digest, "", bytes));
    *ret = part;
    return OK;
}

Status file_add(Ctx *ctx, const FilePart *part, Id *ret)
{
    FileRow row = { .name = part->name,
                    .type = part->type,
                    .digest = part->digest,
                    .size = part->size,
                    .width = part->width,
                    .height = part->height };
    TRY(file_row_append(ctx, &row));
    *ret = row.record.id;
    return OK;
}

// ---- Finding ------------------------------------------------------------------------------------

Status file_find(Ctx *ctx, Id id, StoredFile *ret)
{
    FileRow row;
    bool found;
    TRY(record_load_maybe(ctx, &file_row_entity, id, &row, &found));
    if (!found)
        return FAIL(ctx, E_NOT_FOUND, "file.not_found", "there is no such file");
    *ret = (StoredFile){ .id = id,
                         .name = row.name,
                         .type = row.type,
                         .digest = row.digest,
                         .size = row.size,
                         .width = (int)row.width,
                         .height = (int)row.height };
    return OK;
}

Status file_read(Ctx *ctx, const StoredFile *file, Str *ret)
{
    bool found;
    TRY(store_get(ctx, file->digest, "", file->size, FILE_MAX, &found, ret));
    if (!found)
        return FAIL(ctx, E_INTERNAL, "file.lost", "the content of '" STR_FMT "' is missing",
                    STR_ARG(file->name));
    return OK;
}

Str file_path(Ctx *ctx, Str digest)
{
    return store_path(ctx, digest, "");
}

// ---- Giving out ---------------------------------------------------------------------------------

Str file_link(Ctx *ctx, const StoredFile *file)
{
    Time hour = ctx->now - ctx->now % HOUR;
    Str path = str_format(ctx->arena, "/files/" STR_FMT "/" STR_FMT,
                          STR_ARG(id_text(ctx->arena, file->id)),
                          STR_ARG(url_encode(ctx->arena, file->name)));
    return link_sign(ctx, path, hour + HOUR + DAY);
}

Str file_thumbnail_link(Ctx *ctx, const StoredFile *file, int width)
{
    return str_format(ctx->arena, STR_FMT "&w=%d", STR_ARG(file_link(ctx, file)), width);
}

// RFC 6266: a plain name for old programs, the real one percent-encoded (RFC 8187).
static Str disposition(Ctx *ctx, Str how, Str name)
{
    Buf out = { .arena = ctx->arena };
    buf_put(&out, how);
    buf_c(&out, "; filename=\"");
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_plain = isalnum((unsigned char)c) || strchr(" -_.()", c);
        buf_char(&out, is_plain && c ? c : '_');
    }
    buf_printf(&out, "\"; filename*=UTF-8''" STR_FMT, STR_ARG(url_encode(ctx->arena, name)));
    return buf_str(&out);
}

// Nothing may be loaded or run by what is shown. Browsers show no PDF inside a sandbox.
static Str policy_of(Str type)
{
    return str_is(type, "application/pdf") ? S("default-src 'none'; object-src 'self'")
                                           : S("default-src 'none'; media-src 'self'; sandbox");
}

void file_serving(Ctx *ctx, const StoredFile *file, FileServing *ret)
{
    bool is_inline = type_is_inline(file->type);
    Str how = is_inline ? S("inline") : S("attachment");
    *ret = (FileServing){
        .type = type_is_markup(file->type) ? S("application/octet-stream") : file->type,
        .disposition = disposition(ctx, how, file->name),
        .policy = policy_of(file->type),
    };
    if (str_is(file->type, "text/plain"))
        ret->type = S("text/plain; charset=utf-8");
}
