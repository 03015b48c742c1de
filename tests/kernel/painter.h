// painter.h - pictures for tests, made byte by byte.
#pragma once

#include "base/str.h"

// A PNG in shades of grey; every pixel there is.
Str paint_png(Arena *arena, int width, int height);
// Only a head, for claiming any size; behind it nothing that could be decoded.
Str paint_png_head(Arena *arena, uint32_t width, uint32_t height);
// The first bytes of a JPEG: with `attitude` 1 to 8 as a camera would note it, 0 without.
Str paint_jpeg_head(Arena *arena, int width, int height, int attitude);
