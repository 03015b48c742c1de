// webhook_sign.c - signatures and secrets of Standard Webhooks 1.0.
#include "kernel/outside/webhook.h"

#include "kernel/config.h"
#include "kernel/event.h"
#include "kernel/secrets.h"

// "Signature scheme": at least 24 random bytes, at most 64.
enum { SECRET_MIN = 24, SECRET_MAX = 64 };

static const Str prefix = { "whsec_", 6 };
static const Str sealed_about = { "secret.secret", 13 };  // as the codec seals the field `secret`

Str webhook_sign(Ctx *ctx, Str secret, Str id, Time at, Str body)
{
    uint8_t mac[32];
    Str key, encoded = str_starts(secret, prefix) ? str_from_at(secret, prefix.len) : secret;
    if (!base64_parse(ctx->arena, encoded, &key))
        key = secret;
    Str head = str_format(ctx->arena, STR_FMT ".%lld.", STR_ARG(id), (long long)(at / SECOND));
    hmac_sha256(key, str_join(ctx->arena, head, body), mac);
    return str_join(ctx->arena, S("v1,"), base64_text(ctx->arena, mac, sizeof mac));
}

Status webhook_secret(Ctx *ctx, const WebhookEndpoint *endpoint, Str *ret)
{
    return secret_open(ctx, sealed_about, endpoint->secret.sealed, ret);
}

static Status make_secret(Ctx *ctx, WebhookEndpoint *endpoint)
{
    uint8_t bytes[SECRET_MIN];
    secret_random(bytes, sizeof bytes);
    Str secret = str_join(ctx->arena, prefix, base64_text(ctx->arena, bytes, sizeof bytes));
    return secret_seal(ctx, sealed_about, secret, &endpoint->secret.sealed);
}

static Status check_secret(Ctx *ctx, const WebhookEndpoint *endpoint)
{
    Str secret, bytes;
    TRY(webhook_secret(ctx, endpoint, &secret));
    if (!str_starts(secret, prefix) ||
        !base64_parse(ctx->arena, str_from_at(secret, prefix.len), &bytes) ||
        bytes.len < SECRET_MIN || bytes.len > SECRET_MAX)
        ctx_problem(
            ctx, S("secret"), "webhook.secret",
            "a secret is whsec_ and %d to %d bytes in base64; leave it empty and one is made",
            SECRET_MIN, SECRET_MAX);
    return OK;
}

Status webhook_check(Ctx *ctx, void *record, const void *before)
{
    WebhookEndpoint *endpoint = record;
    const WebhookEndpoint *was = before;
    if (!str_starts(endpoint->url, S("https://")) && config()->outside_private.len == 0)
        ctx_problem(ctx, S("url"), "webhook.url", "webhooks are sent by https only");
    if (was && endpoint->is_active && !was->is_active)
        endpoint->failures = 0;
    if (endpoint->secret.sealed.len == 0)
        TRY(make_secret(ctx, endpoint));
    else if (!was || !str_eq(was->secret.sealed, endpoint->secret.sealed))
        TRY(check_secret(ctx, endpoint));
    return ctx_problems(ctx);
}
