// files.h - stored files: content-addressed at <tenant>/<2 hex>/<sha256>, typed by their content
// and not their name, limited in size. Written, fsynced and renamed before the row commits; a sweep
// removes what nothing refers to after 24 hours. docs/files.md has the whole story.
#pragma once

#include "kernel/tenant.h"

enum {
    FILE_MAX = 50 * 1024 * 1024,     // bytes
    FILE_NAME_MAX = 200,             // characters; longer names are cut
    PICTURE_PIXELS_MAX = 120000000,  // what a picture may unpack to: width times height
    THUMB_SIZES = 3,
};

typedef struct StoredFile {
    Id id;
    Str name, type, digest;  // "invoice.pdf", "application/pdf", hex
    int64_t size;
    int width, height;  // images
} StoredFile;

// In two steps, because bytes must not wait in a lane: put them on disk, then add the row in the
// lane.
typedef struct FilePart {
    Str name, digest, type;
    int64_t size;
    int width, height;
} FilePart;
// Writes bytes; E_INVALID "file.type" when the content is not of an allowed kind (pictures only, or
// anything but programs), "file.size", "file.damaged" for a picture whose head cannot be read,
// "file.pixels".
MUST_CHECK Status file_write(Ctx *ctx, Str name, Str bytes, bool must_be_image, FilePart *ret);
MUST_CHECK Status file_add(Ctx *ctx, const FilePart *part, Id *ret);  // in a lane, within 24 hours

MUST_CHECK Status file_find(Ctx *ctx, Id id, StoredFile *ret);  // E_NOT_FOUND "file.not_found"
// The whole content (at most FILE_MAX). E_INTERNAL "file.lost".
MUST_CHECK Status file_read(Ctx *ctx, const StoredFile *file, Str *ret);
Str file_path(Ctx *ctx, Str digest);  // where the bytes are
// An address for <img> and downloads, signed, good for a day, the same for an hour so that browsers
// may keep what they have: "/files/01H.../name?expires=..&sig=..". What is signed is the part
// before the "?".
Str file_link(Ctx *ctx, const StoredFile *file);
// The same for a smaller picture of width 96, 480 or 1200: "&w=480" behind it.
Str file_thumbnail_link(Ctx *ctx, const StoredFile *file, int width);

// The header fields a file must be served with: it never runs in our origin. Markup goes out as
// bytes to be saved, whatever it says it is.
typedef struct FileServing {
    Str type;         // Content-Type
    Str disposition;  // Content-Disposition, with the name in RFC 8187 form
    Str policy;       // Content-Security-Policy; X-Content-Type-Options is always nosniff
} FileServing;
void file_serving(Ctx *ctx, const StoredFile *file, FileServing *ret);

// A smaller picture, made by the image worker at the first asking and kept: width 96, 480 or 1200,
// never larger than the original, at most twice as tall as wide. WebP; for mail JPEG, since mail
// programs read no WebP. E_INVALID "file.not_image", "file.width", "image.damaged"; E_BUSY
// "image.busy"; E_INTERNAL "image.unavailable" where libvips is not installed.
MUST_CHECK Status file_thumbnail(Ctx *ctx, const StoredFile *file, int width, Str *ret_bytes,
                                 Str *ret_type);
MUST_CHECK Status file_thumbnail_for_mail(Ctx *ctx, const StoredFile *file, int width,
                                          Str *ret_bytes, Str *ret_type);

// Removes rows that nothing refers to and bytes that no row names, once they are older than 24
// hours. Outside of any transaction; it makes its own.
MUST_CHECK Status files_sweep(Ctx *ctx, int64_t *ret_removed);
struct JobRun;
MUST_CHECK Status files_sweep_job(Ctx *ctx, const struct JobRun *job);  // kernel.files_sweep

// The image worker: this same binary re-executed with limits and a system-call filter, fed by a
// socket. Its main function, to be called first thing when argv[0] is IMAGE_WORKER_NAME.
#define IMAGE_WORKER_NAME "entrepot-image"
int image_worker_main(void);
