// thumbnail.c - smaller pictures: made once, kept beside the original under its name and their
// width.
//
// They are derived: whatever is missing is made again, so nothing refers to them and a backup may
// leave them out.
#include "kernel/files.h"

#include "kernel/files/image.h"
#include "kernel/files/sniff.h"
#include "kernel/files/store.h"

static const int widths[THUMB_SIZES] = { 96, 480, 1200 };

static const struct {
    const char *ending, *type;
} formats[] = {
    [IMAGE_WEBP] = { "webp", "image/webp" },
    [IMAGE_JPEG] = { "jpg", "image/jpeg" },
};

static bool is_width(int width)
{
    for (size_t i = 0; i < COUNT(widths); i++)
        if (widths[i] == width)
            return true;
    return false;
}

static Status check(Ctx *ctx, const StoredFile *file, int width)
{
    if (!type_is_image(str_c(ctx->arena, file->type)))
        return FAIL(ctx, E_INVALID, "file.not_image", "'" STR_FMT "' is not a picture",
                    STR_ARG(file->name));
    if (!is_width(width))
        return FAIL(ctx, E_INVALID, "file.width", "pictures come %d, %d or %d wide", widths[0],
                    widths[1], widths[2]);
    return OK;
}

static Status thumbnail(Ctx *ctx, const StoredFile *file, int width, ImageFormat format,
                        Str *ret_bytes, Str *ret_type)
{
    Str original;
    bool is_here;
    TRY(check(ctx, file, width));
    *ret_type = str_from(formats[format].type);
    Str suffix = str_format(ctx->arena, "-%d.%s", width, formats[format].ending);
    TRY(store_get(ctx, file->digest, suffix.ptr, -1, IMAGE_REPLY_MAX, &is_here, ret_bytes));
    if (is_here)
        return OK;
    TRY(file_read(ctx, file, &original));
    TRY(image_shrink(ctx, original, width, format, ret_bytes));
    return store_put(ctx, file->digest, suffix.ptr, *ret_bytes);
}

Status file_thumbnail(Ctx *ctx, const StoredFile *file, int width, Str *ret_bytes, Str *ret_type)
{
    return thumbnail(ctx, file, width, IMAGE_WEBP, ret_bytes, ret_type);
}

Status file_thumbnail_for_mail(Ctx *ctx, const StoredFile *file, int width, Str *ret_bytes,
                               Str *ret_type)
{
    return thumbnail(ctx, file, width, IMAGE_JPEG, ret_bytes, ret_type);
}
