// packed.c - numbers and check sums of the index's parts.
#include "kernel/search/packed.h"

#include <endian.h>

void packed_put(Buf *out, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        buf_char(out, (char)(number | 0x80));
    buf_char(out, (char)number);
}

uint64_t packed_get_long(PackedReader *in)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
        uint8_t byte = *in->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
    in->is_bad = true;
    in->at = in->end;
    return 0;
}

Str packed_get_bytes(PackedReader *in, size_t count)
{
    if (count > (size_t)(in->end - in->at)) {
        in->is_bad = true;
        in->at = in->end;
        return S("");
    }
    Str bytes = { (const char *)in->at, count };
    in->at += count;
    return bytes;
}

static uint64_t mix(uint64_t h)
{
    h ^= h >> 32;
    h *= UINT64_C(0xd6e8feb86659fd93);
    return h ^ h >> 32;
}

// Eight bytes a step, the last ones padded with zeros.
static uint64_t sum_of(Str bytes)
{
    uint64_t h = mix(bytes.len + 1);
    for (size_t at = 0; at < bytes.len; at += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes.ptr + at, bytes.len - at < 8 ? bytes.len - at : 8);
        h = mix(h ^ le64toh(word));
    }
    return h;
}

void packed_seal(Buf *out)
{
    uint64_t sum = htole64(sum_of(buf_str(out)));
    buf_put(out, (Str){ (const char *)&sum, sizeof sum });
}

bool packed_open(Str sealed, Str *ret_bytes)
{
    if (sealed.len < PACKED_SUM_BYTES)
        return false;
    Str bytes = str_sub(sealed, 0, sealed.len - PACKED_SUM_BYTES);
    uint64_t sum;
    memcpy(&sum, bytes.ptr + bytes.len, sizeof sum);
    if (le64toh(sum) != sum_of(bytes))
        return false;
    *ret_bytes = bytes;
    return true;
}

Status packed_corrupt(Ctx *ctx, const char *what)
{
    return FAIL(ctx, E_INTERNAL, "search.corrupt", "the search index is damaged (%s); rebuild it",
                what);
}
