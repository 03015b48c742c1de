// webhook_sign.c - signatures and secrets of Standard Webhooks 1.0.
#include "kernel/outside/webhook.h"

#include "kernel/config.h"
#include "kernel/event.h"
#include "kernel/secrets.h"

// "Signature scheme": at least 24 random bytes, at most 64.
enum { SECRET_MIN = 24, SECRET_MAX = 64 };

static const Str prefix = { "whsec_", 6 };
// As the codec seals the fields of these names.
static const Str sealed_about = { "secret.secret", 13 };
static const Str old_sealed_about = { "secret.old_secret", 17 };

// ---- Signing ------------------------------------------------------------------------------------

static Str key_of(Ctx *ctx, Str secret)
{
    Str key, encoded = str_starts(secret, prefix) ? str_from_at(secret, prefix.len) : secret;
    return base64_parse(ctx->arena, encoded, &key) ? key : secret;
}

Str webhook_sign(Ctx *ctx, Str secret, Str id, Time at, Str body)
{
    uint8_t mac[32];
    Str head = str_format(ctx->arena, STR_FMT ".%lld.", STR_ARG(id), (long long)(at / SECOND));
    hmac_sha256(key_of(ctx, secret), str_join(ctx->arena, head, body), mac);
    return str_join(ctx->arena, S("v1,"), base64_text(ctx->arena, mac, sizeof mac));
}

static bool has_old_secret(const Ctx *ctx, const WebhookEndpoint *endpoint)
{
    return endpoint->old_secret.sealed.len > 0 &&
           ctx->now < endpoint->rotated_at + WEBHOOK_OLD_SECRET_S * SECOND;
}

Status webhook_signatures(Ctx *ctx, const WebhookEndpoint *endpoint, Str id, Str body, Str *ret)
{
    Str secret, old;
    TRY(webhook_secret(ctx, endpoint, &secret));
    Str signature = webhook_sign(ctx, secret, id, ctx->now, body);
    if (has_old_secret(ctx, endpoint)) {
        TRY(secret_open(ctx, old_sealed_about, endpoint->old_secret.sealed, &old));
        Str second = webhook_sign(ctx, old, id, ctx->now, body);
        signature =
            str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(signature), STR_ARG(second));
    }
    *ret = signature;
    return OK;
}

// ---- Checking -----------------------------------------------------------------------------------

static bool is_fresh(const Ctx *ctx, Str timestamp)
{
    int64_t at, now = ctx->now / SECOND;
    return str_int(timestamp, &at) && at >= now - WEBHOOK_TOLERANCE_S &&
           at <= now + WEBHOOK_TOLERANCE_S;
}

// All are compared, and each in constant time, so that nobody learns by waiting.
static bool is_among(Str signatures, Str wanted)
{
    bool is_found = false;
    Str one;
    while (str_next_word(&signatures, &one))
        is_found |= bytes_equal(one, wanted);
    return is_found;
}

Status webhook_verify(Ctx *ctx, Str secret, const WebhookSigned *given)
{
    int64_t at;
    if (given->id.len == 0 || given->timestamp.len == 0 || given->signature.len == 0)
        return FAIL(ctx, E_DENIED, "webhook.unsigned", "this call is not signed");
    if (!is_fresh(ctx, given->timestamp) || !str_int(given->timestamp, &at))
        return FAIL(ctx, E_DENIED, "webhook.stale", "this call was not signed just now");
    Str wanted = webhook_sign(ctx, secret, given->id, at * SECOND, given->body);
    if (!is_among(given->signature, wanted))
        return FAIL(ctx, E_DENIED, "webhook.signature", "the signature of this call is wrong");
    return OK;
}

// ---- Secrets ------------------------------------------------------------------------------------

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

Status webhook_rotate(Ctx *ctx, WebhookEndpoint *endpoint)
{
    return make_secret(ctx, endpoint);
}

static Status keep_old_secret(Ctx *ctx, const WebhookEndpoint *was, WebhookEndpoint *endpoint)
{
    Str old;
    TRY(webhook_secret(ctx, was, &old));
    endpoint->rotated_at = ctx->now;
    return secret_seal(ctx, old_sealed_about, old, &endpoint->old_secret.sealed);
}

static bool is_secret(Ctx *ctx, Str secret)
{
    Str bytes;
    return str_starts(secret, prefix) &&
           base64_parse(ctx->arena, str_from_at(secret, prefix.len), &bytes) &&
           bytes.len >= SECRET_MIN && bytes.len <= SECRET_MAX;
}

static Status check_secret(Ctx *ctx, const WebhookEndpoint *endpoint)
{
    Str secret;
    TRY(webhook_secret(ctx, endpoint, &secret));
    if (!is_secret(ctx, secret))
        ctx_problem(
            ctx, S("secret"), "webhook.secret",
            "a secret is whsec_ and %d to %d bytes in base64; leave it empty and one is made",
            SECRET_MIN, SECRET_MAX);
    return OK;
}

// ---- Before an endpoint is saved ----------------------------------------------------------------

static Status settle_secret(Ctx *ctx, WebhookEndpoint *endpoint, const WebhookEndpoint *was)
{
    bool is_same = was && str_eq(was->secret.sealed, endpoint->secret.sealed);
    if (endpoint->secret.sealed.len == 0)
        TRY(make_secret(ctx, endpoint));
    else if (!is_same)
        TRY(check_secret(ctx, endpoint));
    return was && !is_same ? keep_old_secret(ctx, was, endpoint) : OK;
}

Status webhook_check(Ctx *ctx, void *record, const void *before)
{
    WebhookEndpoint *endpoint = record;
    const WebhookEndpoint *was = before;
    if (!str_starts(endpoint->url, S("https://")) && config()->outside_private.len == 0)
        ctx_problem(ctx, S("url"), "webhook.url", "webhooks are sent by https only");
    if (was && endpoint->is_active && !was->is_active)
        endpoint->failures = 0;
    TRY(settle_secret(ctx, endpoint, was));
    return ctx_problems(ctx);
}
