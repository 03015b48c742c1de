// webhook.h - telling other people's servers what happened: Standard Webhooks 1.0. docs/outside.md
// has the rules; event.c writes the deliveries.
#pragma once

#include "gen/kernel.gen.h"
#include "kernel/job.h"

enum {
    WEBHOOK_TRIES_MAX = 12,     // of one delivery; then it is given up
    WEBHOOK_FAILURES_MAX = 20,  // deliveries given up in a row; then the endpoint is switched off
    WEBHOOK_OLD_SECRET_S = 86400,  // so long after a change of secret both are signed with
    WEBHOOK_TOLERANCE_S = 300,     // how old, or how far ahead of us, a signature may be
};

// The job kernel.webhook_deliver; its subject is the webhook_delivery row.
MUST_CHECK Status webhook_deliver(Ctx *ctx, const JobRun *job);

// In a lane: sends a delivery once more, under the id it had, so that a receiver that has seen it
// knows. E_CONFLICT "webhook.pending" while it is still being tried.
MUST_CHECK Status webhook_replay(Ctx *ctx, Id delivery);

// Before an endpoint is saved (Hook.before_save): https, a secret of the right form, made here
// where none is given; switching it on again forgets its failures. E_INVALID "webhook.url",
// "webhook.secret".
MUST_CHECK Status webhook_check(Ctx *ctx, void *endpoint, const void *before);

// What the receiver checks signatures with: "whsec_" and base64. For showing it to whoever may.
MUST_CHECK Status webhook_secret(Ctx *ctx, const WebhookEndpoint *endpoint, Str *ret);
// Gives the endpoint another secret, to be saved by the caller. Deliveries are signed with both for
// a day, so that the receiver can change over without losing one.
MUST_CHECK Status webhook_rotate(Ctx *ctx, WebhookEndpoint *endpoint);
// The webhook-signature header: one signature, or two just after a change of secret.
MUST_CHECK Status webhook_signatures(Ctx *ctx, const WebhookEndpoint *endpoint, Str id, Str body,
                                     Str *ret);

// ---- Webhooks in, from senders that sign in the same way ----------------------------------------

typedef struct WebhookSigned {
    Str id, timestamp, signature;  // the webhook-... headers
    Str body;                      // the very bytes
} WebhookSigned;
// That the sender knows `secret` and signed just now. E_DENIED "webhook.unsigned" for what is
// missing, "webhook.stale", "webhook.signature".
MUST_CHECK Status webhook_verify(Ctx *ctx, Str secret, const WebhookSigned *given);

// ---- What people may do (kernel_module.c) -------------------------------------------------------

MUST_CHECK Status webhook_run_rotate(Ctx *ctx, void *endpoint, const void *input);
MUST_CHECK Status webhook_run_replay(Ctx *ctx, void *delivery, const void *input);
// GET /api/v1/platform/webhooks/{id}/secret: {"secret": "whsec_..."}
MUST_CHECK Status webhook_show_secret(Ctx *ctx);
