// password.c - Argon2id, and what counts as a password.
#include "base/utf8.h"
#include "kernel/auth/actor.h"

#include <sodium.h>

// About 50 ms and 64 MiB a hash on one core (RFC 9106 section 4, second recommendation). A test may
// ask for the cheapest there is: it hashes hundreds.
static unsigned long long ops_limit(void)
{
    return getenv("ENTREPOT_CHEAP_PASSWORDS") ? crypto_pwhash_argon2id_OPSLIMIT_MIN : 3;
}

static size_t mem_limit(void)
{
    return getenv("ENTREPOT_CHEAP_PASSWORDS") ? crypto_pwhash_argon2id_MEMLIMIT_MIN : 64u << 20;
}

Status password_hash(Ctx *ctx, Str password, Str *ret)
{
    char *hash = arena_alloc(ctx->arena, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str_alg(hash, password.ptr, password.len, ops_limit(), mem_limit(),
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return FAIL(ctx, E_BUSY, "password.memory", "the password could not be worked on just now");
    *ret = str_from(hash);
    return OK;
}

Status password_verify(Ctx *ctx, Str hash, Str password, bool *ret)
{
    *ret = hash.len > 0 &&
           crypto_pwhash_str_verify(str_c(ctx->arena, hash), password.ptr, password.len) == 0;
    return OK;
}

// The beginning of the lists that guessers try first; length does the rest.
static bool is_common(Str password)
{
    static const char *const common[] = {
        "1234567890",       "0123456789",  "qwertyuiop",   "password12",    "password123",
        "passwordpassword", "1q2w3e4r5t",  "iloveyou12",   "administrator", "welcome123",
        "letmein123",       "abcdefghij",  "0987654321",   "1111111111",    "0000000000",
        "qwerty1234",       "qwerty12345", "password1234", "changeme123",   "entrepot123",
    };
    for (size_t i = 0; i < COUNT(common); i++)
        if (str_eq_ascii_nocase(password, str_from(common[i])))
            return true;
    return false;
}

Status password_check(Ctx *ctx, Str password, Str login)
{
    size_t n = utf8_len(password);
    if (!utf8_valid(password) || n < 10 || n > 200)
        return FAIL(ctx, E_INVALID, "password.length", "a password has 10 to 200 characters");
    if (is_common(password) || str_eq_ascii_nocase(password, login))
        return FAIL(ctx, E_INVALID, "password.common",
                    "this is among the first that others would try");
    return OK;
}
