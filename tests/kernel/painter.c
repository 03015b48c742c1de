// painter.c - as much PNG and JPEG as the tests need.
#include "kernel/painter.h"

#include "base/buf.h"

#include <stdlib.h>
#include <zlib.h>

static void put_big(Buf *out, uint32_t n, int bytes)
{
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        buf_char(out, (char)(n >> shift));
}

static void put_chunk(Buf *out, const char *kind, Str body)
{
    uLong sum = crc32(0, (const Bytef *)kind, 4);
    if (body.len)
        sum = crc32(sum, (const Bytef *)body.ptr, (uInt)body.len);
    put_big(out, (uint32_t)body.len, 4);
    buf_put(out, str_from(kind));
    buf_put(out, body);
    put_big(out, (uint32_t)sum, 4);
}

static void put_head(Buf *out, uint32_t width, uint32_t height)
{
    Buf head = { .arena = out->arena };
    put_big(&head, width, 4);
    put_big(&head, height, 4);
    buf_put(&head, S("\x08\x00\x00\x00\x00"));  // 8 bits of grey
    buf_put(out, S("\x89PNG\r\n\x1a\n"));
    put_chunk(out, "IHDR", buf_str(&head));
}

Str paint_png_head(Arena *arena, uint32_t width, uint32_t height)
{
    Buf out = { .arena = arena };
    put_head(&out, width, height);
    put_chunk(&out, "IDAT", S("nothing that anybody packed"));
    put_chunk(&out, "IEND", S(""));
    return buf_str(&out);
}

Str paint_png(Arena *arena, int width, int height)
{
    Buf out = { .arena = arena };
    size_t raw_len = (size_t)(width + 1) * (size_t)height;
    uLongf packed_len = compressBound(raw_len);
    unsigned char *raw = calloc(raw_len, 1), *packed = malloc(packed_len);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            raw[(size_t)y * (size_t)(width + 1) + 1 + (size_t)x] = (unsigned char)(x / 8 + y / 8);
    compress2(packed, &packed_len, raw, raw_len, 1);
    put_head(&out, (uint32_t)width, (uint32_t)height);
    put_chunk(&out, "IDAT", (Str){ (char *)packed, packed_len });
    put_chunk(&out, "IEND", S(""));
    free(raw);
    free(packed);
    return buf_str(&out);
}

Str paint_jpeg_head(Arena *arena, int width, int height, int attitude)
{
    Buf out = { .arena = arena };
    buf_put(&out, S("\xff\xd8"));
    if (attitude) {
        buf_put(&out, S("\xff\xe1\x00\x22"
                        "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"));
        put_big(&out, (uint32_t)attitude, 2);
        buf_put(&out, S("\0\0\0\0\0\0"));
    }
    buf_put(&out, S("\xff\xff\xc0\x00\x0b\x08"));  // one byte of filling before the marker
    put_big(&out, (uint32_t)height, 2);
    put_big(&out, (uint32_t)width, 2);
    buf_put(&out, S("\x01\x01\x11\x00"));
    return buf_str(&out);
}
