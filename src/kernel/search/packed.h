// packed.h - the bytes that an index is made of: unsigned numbers in groups of seven bits (LEB128),
// runs of bytes, and a check sum behind every part.
//
// Writing grows a Buf. Reading never goes beyond the end and never fails on the way: what is
// missing reads as 0 and is remembered in `is_bad`, so that a decoder asks once, when it is done.
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

typedef struct PackedReader {
    const uint8_t *at, *end;
    bool is_bad;
} PackedReader;

static inline PackedReader packed_reader(Str bytes)
{
    const uint8_t *start = (const uint8_t *)bytes.ptr;
    return (PackedReader){ start, start + bytes.len, false };
}

void packed_put(Buf *out, uint64_t number);
uint64_t packed_get_long(PackedReader *in);  // of any length; use packed_get
static inline uint64_t packed_get(PackedReader *in)
{
    return in->at < in->end && *in->at < 0x80 ? *in->at++ : packed_get_long(in);
}
// As packed_get, but a number above `max` is bad and reads as 0.
static inline uint64_t packed_get_max(PackedReader *in, uint64_t max)
{
    uint64_t number = packed_get(in);
    if (number <= max)
        return number;
    in->is_bad = true;
    return 0;
}
Str packed_get_bytes(PackedReader *in, size_t count);  // a view; "" and bad when there are fewer

// The check sum is 64 bits, the same in every build: it finds accidents, not forgers.
enum { PACKED_SUM_BYTES = 8 };
void packed_seal(Buf *out);  // puts the sum of all that is in it behind it
// The part without its sum; false when they do not agree.
bool packed_open(Str sealed, Str *ret_bytes);

// The index cannot be read: E_INTERNAL "search.corrupt". `what` names the piece.
Status packed_corrupt(Ctx *ctx, const char *what);
