// image.h - making pictures smaller in a process of its own. Private to kernel/files.
//
// The program starts itself again under another name; that process takes one question from its
// standard input, a stream socket, answers it there and is gone. It reads pictures that strangers
// have made with libraries that have had holes, so it may do nothing but compute: image_worker.c.
#pragma once

#include "base/ctx.h"

typedef enum ImageFormat { IMAGE_WEBP, IMAGE_JPEG } ImageFormat;

// Smaller, never larger: `width` at most, and at most twice as tall. E_INVALID "image.damaged",
// E_BUSY "image.busy", E_INTERNAL "image.unavailable".
MUST_CHECK Status image_shrink(Ctx *ctx, Str picture, int width, ImageFormat format, Str *ret);

// ---- What goes over the socket: these heads, each with `len` bytes behind it --------------------

typedef struct ImageQuestion {
    uint32_t len;
    int32_t width, format;
} ImageQuestion;

typedef enum ImageEnd { IMAGE_MADE, IMAGE_DAMAGED, IMAGE_UNAVAILABLE } ImageEnd;
typedef struct ImageReply {
    uint32_t end, len;
} ImageReply;

enum { IMAGE_REPLY_MAX = 8 << 20 };  // bytes of a smaller picture
