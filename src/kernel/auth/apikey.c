// apikey.c - keys for programs: "ek_<id>.<secret>". The id finds the row, the secret's hash proves
// it; what the key may do is a list of permissions, never more than its maker had.
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/record.h"
#include "kernel/secrets.h"
#include "kernel/tenant/cache.h"

static Status check_scopes(Ctx *ctx, Str scopes)
{
    Str one;
    int n = 0;
    while (str_next_word(&scopes, &one)) {
        const Permission *p = permission_named(one);
        if (!p)
            return FAIL(ctx, E_INVALID, "apikey.scope", "there is no permission '" STR_FMT "'",
                        STR_ARG(one));
        if (!actor_may(ctx->actor, p->name))
            return FAIL(ctx, E_DENIED, "apikey.scope",
                        "you do not have the permission '" STR_FMT "' yourself", STR_ARG(one));
        n++;
    }
    return n ? OK : FAIL(ctx, E_INVALID, "apikey.scope", "a key needs at least one permission");
}

Status apikey_create(Ctx *ctx, Str name, Str scopes, Date expires_on, Str *ret_key)
{
    uint8_t hash[32];
    TRY(check_scopes(ctx, scopes));
    Str secret = secret_token(ctx->arena, 32);
    sha256(secret, hash);
    ApiKey *key = api_key_new(ctx);
    key->name = name;
    key->scopes = scopes;
    key->expires_on = expires_on;
    key->member = ctx->actor->member;
    key->secret_hash = (Bytes){ str_copy(ctx->arena, (Str){ (char *)hash, sizeof hash }) };
    TRY(api_key_save(ctx, key));
    *ret_key = str_format(ctx->arena, "ek_" STR_FMT "." STR_FMT,
                          STR_ARG(id_text(ctx->arena, key->record.id)), STR_ARG(secret));
    return OK;
}

typedef struct KeyFound {
    Id id;
    bool found, is_revoked, is_archived;
    Str name, scopes;
    Bytes hash;
    Date expires_on;
} KeyFound;

static Status find(Ctx *ctx, void *arg)
{
    KeyFound *k = arg;
    return db_maybe(ctx,
                    SQL("SELECT name, scopes, secret_hash, expires_on, is_revoked, archived"
                        " FROM api_key WHERE id = $1",
                        k->id),
                    &k->found, &k->name, &k->scopes, &k->hash, &k->expires_on, &k->is_revoked,
                    &k->is_archived);
}

static uint64_t *grants_of(Ctx *ctx, Str scopes)
{
    uint64_t *grants = NEW_ARRAY(ctx->arena, uint64_t, grant_words());
    Str one;
    while (str_next_word(&scopes, &one)) {
        int n = permission_number(one);
        if (n >= 0)
            grants[n / 64] |= UINT64_C(1) << (n % 64);
    }
    return grants;
}

static Status wrong_key(Ctx *ctx)
{
    return FAIL(ctx, E_DENIED, "apikey.wrong",
                "this API key is not known, was revoked, or has expired");
}

Status apikey_enter(Ctx *ctx, Str text)
{
    KeyFound k = { 0 };
    uint8_t hash[32];
    ptrdiff_t dot = str_find_char(text, '.');
    if (!ctx->tenant || !str_starts(text, S("ek_")) || dot != 3 + ID_TEXT_LEN ||
        !id_parse(str_sub(text, 3, ID_TEXT_LEN), &k.id))
        return wrong_key(ctx);
    TRY(tenant_read(ctx, find, &k));
    sha256(str_from_at(text, (size_t)dot + 1), hash);
    bool fits = k.found && bytes_equal((Str){ (char *)hash, sizeof hash }, k.hash.bytes);
    if (!fits || k.is_revoked || k.is_archived ||
        (k.expires_on && k.expires_on < tenant_today(ctx)))
        return wrong_key(ctx);
    Actor *actor = NEW(ctx->arena, Actor);
    *actor = (Actor){ .kind = ACTOR_KEY,
                      .session = k.id,
                      .name = str_format(ctx->arena, "key " STR_FMT, STR_ARG(k.name)),
                      .grants = grants_of(ctx, k.scopes),
                      .address = ctx->actor ? ctx->actor->address : S("") };
    ctx->actor = actor;
    return OK;
}
