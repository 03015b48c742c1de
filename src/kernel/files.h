// files.h - stored files: content-addressed at <tenant>/<2 hex>/<sha256>, typed by their content and not
// their name, limited in size. Written, fsynced and renamed before the row commits; a sweep removes what
// nothing refers to after 24 hours.
#pragma once

#include "kernel/tenant.h"

enum { FILE_MAX = 50 * 1024 * 1024, THUMB_SIZES = 3 };

typedef struct StoredFile {
    Id id;
    Str name, type, digest;  // "invoice.pdf", "application/pdf", hex
    int64_t size;
    int width, height;  // images
} StoredFile;

// In two steps, because bytes must not wait in a lane: put them on disk, then add the row in the lane.
typedef struct FilePart {
    Str name, digest, type;
    int64_t size;
    int width, height;
} FilePart;
// Writes bytes; E_INVALID "file.type" when the content is not of an allowed kind, "file.size".
MUST_CHECK Status file_write(Ctx *ctx, Str name, Str bytes, bool must_be_image, FilePart *ret);
MUST_CHECK Status file_add(Ctx *ctx, const FilePart *part, Id *ret);  // in a lane

MUST_CHECK Status file_find(Ctx *ctx, Id id, StoredFile *ret);
// The whole content (at most FILE_MAX).
MUST_CHECK Status file_read(Ctx *ctx, const StoredFile *file, Str *ret);
Str file_path(Ctx *ctx, Str digest);  // where the bytes are
// An address for <img> and downloads, signed, good for a day: "/files/01H.../name?expires=..&sig=.."
Str file_link(Ctx *ctx, const StoredFile *file);
// A smaller picture, made by the image worker at the first asking and kept: width 96, 480 or 1200.
MUST_CHECK Status file_thumbnail(Ctx *ctx, const StoredFile *file, int width, Str *ret_bytes,
                                 Str *ret_type);
MUST_CHECK Status files_sweep(Ctx *ctx, int64_t *ret_removed);

// The image worker: this same binary re-executed with limits and a system-call filter, fed by a pipe. Its
// main function, and starting it.
int image_worker_main(void);
