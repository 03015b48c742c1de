// secrets.h - keys and what they seal. The master key comes from a file or the environment; it
// wraps one data key per tenant (kept wrapped in the tenant's database), which seals fields,
// credentials and tokens with AES-256-GCM. A tenant's backup and the master key restore everything
// elsewhere.
#pragma once

#include "kernel/tenant.h"

// Reads the master key (32 bytes as 64 hex digits or base64) from `file`, or creates the file with
// mode 600.
MUST_CHECK Status secrets_start(Ctx *ctx, Str file);

// In a tenant that is being set up: makes and stores its wrapped data key, once.
MUST_CHECK Status secret_tenant_start(Ctx *ctx);

void secrets_forget(Id tenant);  // drops an opened data key (0: all): closing, restoring, tests

void secret_random(void *to, size_t bytes);    // from the operating system
Str secret_token(Arena *arena, size_t bytes);  // URL-safe base64 of so many random bytes
Str secret_hash(Arena *arena, Str token);      // SHA-256 in hex: how tokens are kept
void sha256(Str data, uint8_t ret[32]);
void hmac_sha256(Str key, Str data, uint8_t ret[32]);
Str hex_text(Arena *arena, const uint8_t *bytes, size_t n);
Str base64_text(Arena *arena, const uint8_t *bytes, size_t n);
bool base64_parse(Arena *arena, Str text, Str *ret);
bool bytes_equal(Str a, Str b);  // in constant time

// With the current tenant's data key. `about` is bound in (record and field), so that a sealed
// value cannot be moved elsewhere.
MUST_CHECK Status secret_seal(Ctx *ctx, Str about, Str plain, Str *ret_sealed);
MUST_CHECK Status secret_open(Ctx *ctx, Str about, Str sealed, Str *ret_plain);
// With a key of one person's own, destroyed by erasing that person.
MUST_CHECK Status personal_seal(Ctx *ctx, Id person, Str about, Str plain, Str *ret_sealed);
MUST_CHECK Status personal_open(Ctx *ctx, Id person, Str about, Str sealed, Str *ret_plain);
MUST_CHECK Status personal_erase(Ctx *ctx, Id person);
// What a sealed field is found by: HMAC of the folded value, with the tenant's key.
Str secret_lookup(Ctx *ctx, Str plain);
// The key of the audit chain, and of links we sign.
MUST_CHECK Status secret_tenant_key(Ctx *ctx, const char *purpose, uint8_t ret[32]);
// A key of this installation for `purpose`, derived from the master key.
void secret_house_key(const char *purpose, uint8_t ret[32]);
// path?...&expires=..&sig=..: good until `until`.
Str link_sign(Ctx *ctx, Str path, Time until);
bool link_ok(Ctx *ctx, Str path, Str expires, Str signature);
