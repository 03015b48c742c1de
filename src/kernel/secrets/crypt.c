// crypt.c - the primitives, from OpenSSL and libsodium, with our types: hashes, MACs, base64,
// random bytes, AES-256-GCM.
#include "kernel/secrets/crypt.h"

#include "base/buf.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

void secret_random(void *to, size_t bytes)
{
    randombytes_buf(to, bytes);
}

void sha256(Str data, uint8_t ret[32])
{
    crypto_hash_sha256(ret, (const uint8_t *)data.ptr, data.len);
}

void hmac_sha256(Str key, Str data, uint8_t ret[32])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const uint8_t *)key.ptr, key.len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)data.ptr, data.len);
    crypto_auth_hmacsha256_final(&state, ret);
}

Str hex_text(Arena *arena, const uint8_t *bytes, size_t n)
{
    char *text = arena_alloc(arena, n * 2 + 1);
    sodium_bin2hex(text, n * 2 + 1, bytes, n);
    return (Str){ text, n * 2 };
}

static Str encode(Arena *arena, const uint8_t *bytes, size_t n, int variant)
{
    size_t room = sodium_base64_encoded_len(n, variant);
    char *text = arena_alloc(arena, room);
    sodium_bin2base64(text, room, bytes, n, variant);
    return str_from(text);
}

Str base64_text(Arena *arena, const uint8_t *bytes, size_t n)
{
    return encode(arena, bytes, n, sodium_base64_VARIANT_ORIGINAL);
}

Str base64url_text(Arena *arena, const uint8_t *bytes, size_t n)
{
    return encode(arena, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool base64_parse(Arena *arena, Str text, Str *ret)
{
    static const int variants[] = { sodium_base64_VARIANT_ORIGINAL,
                                    sodium_base64_VARIANT_URLSAFE_NO_PADDING,
                                    sodium_base64_VARIANT_ORIGINAL_NO_PADDING };
    uint8_t *bytes = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < COUNT(variants); i++) {
        size_t n;
        const char *end;
        int rc =
            sodium_base642bin(bytes, text.len, text.ptr, text.len, NULL, &n, &end, variants[i]);
        if (rc == 0 && end == text.ptr + text.len) {
            *ret = (Str){ (const char *)bytes, n };
            return true;
        }
    }
    return text.len == 0 && (*ret = S(""), true);
}

bool bytes_equal(Str a, Str b)
{
    return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0);
}

Str secret_token(Arena *arena, size_t bytes)
{
    uint8_t random[64];
    assert(bytes <= sizeof random);
    secret_random(random, bytes);
    return base64url_text(arena, random, bytes);
}

Str secret_hash(Arena *arena, Str token)
{
    uint8_t hash[32];
    sha256(token, hash);
    return hex_text(arena, hash, sizeof hash);
}

// ---- AES-256-GCM: nonce (12), cipher text, tag (16) ---------------------------------------------

enum { NONCE = 12, TAG = 16 };

static void cipher_free(void *ctx)
{
    EVP_CIPHER_CTX_free(*(EVP_CIPHER_CTX **)ctx);
}

static EVP_CIPHER_CTX *cipher_new(Arena *arena)
{
    EVP_CIPHER_CTX **held = NEW(arena, EVP_CIPHER_CTX *);
    arena_defer(arena, cipher_free, held);
    *held = EVP_CIPHER_CTX_new();
    return *held;
}

Str crypt_seal(Arena *arena, const uint8_t key[32], Str about, Str plain)
{
    uint8_t *sealed = arena_alloc(arena, NONCE + plain.len + TAG);
    EVP_CIPHER_CTX *cipher = cipher_new(arena);
    int n = 0, rest = 0;
    secret_random(sealed, NONCE);
    bool ok =
        cipher && EVP_EncryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, sealed) == 1 &&
        EVP_EncryptUpdate(cipher, NULL, &n, (const uint8_t *)about.ptr, (int)about.len) == 1 &&
        EVP_EncryptUpdate(cipher, sealed + NONCE, &n, (const uint8_t *)plain.ptr, (int)plain.len) ==
            1 &&
        EVP_EncryptFinal_ex(cipher, sealed + NONCE + n, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, TAG, sealed + NONCE + plain.len) == 1;
    assert(ok);
    return (Str){ (const char *)sealed, NONCE + plain.len + TAG };
}

bool crypt_open(Arena *arena, const uint8_t key[32], Str about, Str sealed, Str *ret)
{
    if (sealed.len < NONCE + TAG)
        return false;
    const uint8_t *bytes = (const uint8_t *)sealed.ptr;
    size_t len = sealed.len - NONCE - TAG;
    uint8_t *plain = arena_alloc(arena, len + 1);
    EVP_CIPHER_CTX *cipher = cipher_new(arena);
    int n = 0, rest = 0;
    bool ok =
        cipher && EVP_DecryptInit_ex(cipher, EVP_aes_256_gcm(), NULL, key, bytes) == 1 &&
        EVP_DecryptUpdate(cipher, NULL, &n, (const uint8_t *)about.ptr, (int)about.len) == 1 &&
        EVP_DecryptUpdate(cipher, plain, &n, bytes + NONCE, (int)len) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, TAG, (void *)(bytes + NONCE + len)) ==
            1 &&
        EVP_DecryptFinal_ex(cipher, plain + n, &rest) == 1;
    plain[ok ? len : 0] = '\0';
    *ret = (Str){ (const char *)plain, len };
    return ok;
}
