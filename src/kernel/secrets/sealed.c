// sealed.c - files as libsodium's secretstream.
#include "kernel/secrets/sealed.h"

#include <string.h>

// ---- Writing ------------------------------------------------------------------------------------

bool sealed_begin(SealedOut *out, FILE *file, const uint8_t key[SEALED_KEY])
{
    unsigned char header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
    out->file = file;
    out->len = 0;
    crypto_secretstream_xchacha20poly1305_init_push(&out->state, header, key);
    return fwrite(header, 1, sizeof header, file) == sizeof header;
}

static bool write_piece(SealedOut *out, unsigned char tag)
{
    unsigned long long len;
    crypto_secretstream_xchacha20poly1305_push(&out->state, out->sealed, &len, out->plain, out->len,
                                               NULL, 0, tag);
    out->len = 0;
    return fwrite(out->sealed, 1, len, out->file) == len;
}

bool sealed_put(SealedOut *out, Str bytes)
{
    while (bytes.len > 0) {
        size_t room = SEALED_PIECE - out->len, n = bytes.len < room ? bytes.len : room;
        memcpy(out->plain + out->len, bytes.ptr, n);
        out->len += n;
        bytes = str_from_at(bytes, n);
        if (out->len == SEALED_PIECE && !write_piece(out, 0))
            return false;
    }
    return true;
}

bool sealed_end(SealedOut *out)
{
    return write_piece(out, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
}

// ---- Reading ------------------------------------------------------------------------------------

bool sealed_open(SealedIn *in, FILE *file, const uint8_t key[SEALED_KEY])
{
    unsigned char header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
    in->file = file;
    in->is_last = false;
    return fread(header, 1, sizeof header, file) == sizeof header &&
           crypto_secretstream_xchacha20poly1305_init_pull(&in->state, header, key) == 0;
}

// Whole pieces but the last, which says that it is the last, and nothing behind it.
SealedRead sealed_get(SealedIn *in, Str *ret)
{
    unsigned char tag;
    unsigned long long plain;
    *ret = (Str){ 0 };
    if (in->is_last)
        return SEALED_OVER;
    size_t len = fread(in->sealed, 1, sizeof in->sealed, in->file);
    if (crypto_secretstream_xchacha20poly1305_pull(&in->state, in->plain, &plain, &tag, in->sealed,
                                                   len, NULL, 0) != 0)
        return SEALED_BROKEN;
    in->is_last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (in->is_last ? fgetc(in->file) != EOF : len < sizeof in->sealed)
        return SEALED_BROKEN;
    *ret = (Str){ (const char *)in->plain, plain };
    return plain ? SEALED_BYTES : sealed_get(in, ret);
}
