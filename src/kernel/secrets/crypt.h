// crypt.h - sealing with a key in hand. Private to kernel/secrets.
#pragma once

#include "kernel/secrets.h"

// AES-256-GCM with a random nonce; `about` is authenticated, not stored.
Str crypt_seal(Arena *arena, const uint8_t key[32], Str about, Str plain);
bool crypt_open(Arena *arena, const uint8_t key[32], Str about, Str sealed, Str *ret);
Str base64url_text(Arena *arena, const uint8_t *bytes, size_t n);
