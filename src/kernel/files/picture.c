// picture.c - reading the heads of JPEG, PNG, GIF, WebP and AVIF.
//
// These bytes come from anybody. Everything is read through a cursor that knows its end and turns
// to zeros behind it, so no offset in a file is ever trusted.
#include "kernel/files/picture.h"

enum { SIDE_MAX = 65535, SEGMENTS_MAX = 512, BOXES_MAX = 256, BOX_DEPTH_MAX = 6 };

static uint32_t byte_at(Str bytes, size_t at)
{
    return at < bytes.len ? (unsigned char)bytes.ptr[at] : 0;
}

static uint32_t big(Str bytes, size_t at, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | byte_at(bytes, at + (size_t)i);
    return value;
}

static uint32_t little(Str bytes, size_t at, int count)
{
    uint32_t value = 0;
    for (int i = count - 1; i >= 0; i--)
        value = value << 8 | byte_at(bytes, at + (size_t)i);
    return value;
}

static bool size_is(PictureSize *ret, uint32_t width, uint32_t height)
{
    *ret = (PictureSize){ (int)width, (int)height };
    return width > 0 && height > 0 && width <= SIDE_MAX && height <= SIDE_MAX;
}

// ---- JPEG: ITU T.81, annex B --------------------------------------------------------------------

// Exif (CIPA DC-008) keeps the camera's attitude in tag 0x0112 of the first directory; 5 to 8 lie
// on their side.
static bool is_turned(Str exif)
{
    bool is_big = str_starts(exif, S("MM"));
    uint32_t (*number)(Str, size_t, int) = is_big ? big : little;
    size_t directory = number(exif, 4, 4);
    uint32_t entries = number(exif, directory, 2);
    for (uint32_t i = 0; i < entries && i < SEGMENTS_MAX; i++) {
        size_t entry = directory + 2 + i * 12;
        if (number(exif, entry, 2) == 0x0112)
            return number(exif, entry + 8, 2) >= 5 && number(exif, entry + 8, 2) <= 8;
    }
    return false;
}

static bool is_frame(uint32_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

static bool jpeg_size(Str bytes, PictureSize *ret)
{
    bool turned = false;
    size_t at = 2;
    for (int n = 0; n < SEGMENTS_MAX && at + 4 <= bytes.len; n++) {
        uint32_t marker = byte_at(bytes, at + 1), len = big(bytes, at + 2, 2);
        if (byte_at(bytes, at) != 0xFF)
            return false;
        if (marker == 0xFF) {  // filling
            at++;
            continue;
        }
        Str segment = str_sub(bytes, at + 4, len < 2 ? 0 : len - 2);
        if (marker == 0xE1 && str_starts(segment, S("Exif\0\0")))
            turned = is_turned(str_from_at(segment, 6));
        if (is_frame(marker)) {
            uint32_t height = big(segment, 1, 2), width = big(segment, 3, 2);
            return turned ? size_is(ret, height, width) : size_is(ret, width, height);
        }
        at += 2 + len;
    }
    return false;
}

// ---- WebP: RFC 9649 -----------------------------------------------------------------------------

static bool webp_size(Str bytes, PictureSize *ret)
{
    Str chunk = str_sub(bytes, 12, 4), body = str_from_at(bytes, 20);
    if (str_is(chunk, "VP8X"))
        return size_is(ret, little(body, 4, 3) + 1, little(body, 7, 3) + 1);
    if (str_is(chunk, "VP8L")) {
        uint32_t bits = little(body, 1, 4);
        return byte_at(body, 0) == 0x2F &&
               size_is(ret, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
    }
    bool is_key = big(body, 3, 3) == 0x9D012A;
    return is_key && size_is(ret, little(body, 6, 2) & 0x3FFF, little(body, 8, 2) & 0x3FFF);
}

// ---- AVIF: ISO/IEC 14496-12 boxes, 23008-12 properties ------------------------------------------

typedef struct Boxes {
    int seen;
    PictureSize largest;  // tiles and previews have sizes of their own
} Boxes;

static void read_boxes(Boxes *boxes, Str bytes, int depth);

static void read_box(Boxes *boxes, Str kind, Str body, int depth)
{
    PictureSize size;
    if (str_is(kind, "ispe") && size_is(&size, big(body, 4, 4), big(body, 8, 4))) {
        int64_t area = (int64_t)size.width * size.height;
        if (area > (int64_t)boxes->largest.width * boxes->largest.height)
            boxes->largest = size;
    }
    if (str_is(kind, "meta"))
        read_boxes(boxes, str_from_at(body, 4), depth + 1);
    if (str_is(kind, "iprp") || str_is(kind, "ipco"))
        read_boxes(boxes, body, depth + 1);
}

static void read_boxes(Boxes *boxes, Str bytes, int depth)
{
    while (bytes.len >= 8 && depth <= BOX_DEPTH_MAX && boxes->seen++ < BOXES_MAX) {
        size_t len = big(bytes, 0, 4);
        if (len < 8 ||
            len > bytes.len)  // 0 and 1: to the end, or 64 bits; neither comes before the sizes
            return;
        read_box(boxes, str_sub(bytes, 4, 4), str_sub(bytes, 8, len - 8), depth);
        bytes = str_from_at(bytes, len);
    }
}

static bool avif_size(Str bytes, PictureSize *ret)
{
    Boxes boxes = { 0 };
    read_boxes(&boxes, bytes, 0);
    *ret = boxes.largest;
    return ret->width > 0;
}

// ---- All of them --------------------------------------------------------------------------------

static bool png_size(Str bytes, PictureSize *ret)
{
    return str_is(str_sub(bytes, 12, 4), "IHDR") &&
           size_is(ret, big(bytes, 16, 4), big(bytes, 20, 4));
}

static bool gif_size(Str bytes, PictureSize *ret)
{
    return size_is(ret, little(bytes, 6, 2), little(bytes, 8, 2));
}

bool picture_size(Str bytes, const char *type, PictureSize *ret)
{
    static const struct {
        const char *type;
        bool (*read)(Str bytes, PictureSize *ret);
    } readers[] = {
        { "image/jpeg", jpeg_size }, { "image/png", png_size },   { "image/gif", gif_size },
        { "image/webp", webp_size }, { "image/avif", avif_size },
    };
    for (size_t i = 0; i < COUNT(readers); i++)
        if (strcmp(type, readers[i].type) == 0)
            return readers[i].read(bytes, ret);
    return false;
}
