// sealed.h - a file that only its key opens: encrypted and authenticated piece by piece, so that it
// is written and read as a stream. A piece that was changed, moved, left out or added is found when
// it is read, and so is a file that ends too early or goes on behind its end.
//
// The form is libsodium's secretstream (XChaCha20-Poly1305, RFC 8439 with an extended nonce): its
// header, then pieces of SEALED_PIECE bytes, the last one shorter or empty and marked as the last.
#pragma once

#include "base/str.h"

#include <sodium.h>
#include <stdio.h>

enum {
    SEALED_PIECE = 64 * 1024,
    SEALED_ROOM = SEALED_PIECE + crypto_secretstream_xchacha20poly1305_ABYTES,
    SEALED_KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES,
};

// Both structs are the caller's, who also owns and closes the file. About 128 KB each.
typedef struct SealedOut {
    FILE *file;
    crypto_secretstream_xchacha20poly1305_state state;
    size_t len;
    unsigned char plain[SEALED_PIECE], sealed[SEALED_ROOM];
} SealedOut;

// False, with errno, when the file takes no more.
bool sealed_begin(SealedOut *out, FILE *file, const uint8_t key[SEALED_KEY]);
bool sealed_put(SealedOut *out, Str bytes);
bool sealed_end(SealedOut *out);  // writes the last piece; nothing can be put after it

typedef struct SealedIn {
    FILE *file;
    crypto_secretstream_xchacha20poly1305_state state;
    bool is_last;
    unsigned char plain[SEALED_PIECE], sealed[SEALED_ROOM];
} SealedIn;

typedef enum SealedRead { SEALED_BYTES, SEALED_OVER, SEALED_BROKEN } SealedRead;

// False when not even the header is there.
bool sealed_open(SealedIn *in, FILE *file, const uint8_t key[SEALED_KEY]);
// The next bytes, a view good until the next call. SEALED_OVER only behind the authenticated end.
SealedRead sealed_get(SealedIn *in, Str *ret);
