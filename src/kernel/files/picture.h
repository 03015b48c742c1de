// picture.h - how large a picture is, from its first bytes, without decoding it. Private to
// kernel/files.
#pragma once

#include "base/str.h"

typedef struct PictureSize {
    int width, height;  // as shown: a photo that a camera turned is turned here, too
} PictureSize;

// `type` as sniffed. False: the head is damaged, or of no kind of picture we know.
bool picture_size(Str bytes, const char *type, PictureSize *ret);
