// webhook.h - telling other people's servers what happened: Standard Webhooks 1.0. docs/outside.md has the
// rules; event.c writes the deliveries.
#pragma once

#include "gen/kernel.gen.h"
#include "kernel/job.h"

enum {
    WEBHOOK_TRIES_MAX = 12,     // of one delivery; then it is given up
    WEBHOOK_FAILURES_MAX = 20,  // deliveries given up in a row; then the endpoint is switched off
};

// The job kernel.webhook_deliver; its subject is the webhook_delivery row.
MUST_CHECK Status webhook_deliver(Ctx *ctx, const JobRun *job);

// In a lane: sends a delivery once more, under the id it had, so that a receiver that has seen it knows.
// E_CONFLICT "webhook.pending" while it is still being tried.
MUST_CHECK Status webhook_replay(Ctx *ctx, Id delivery);

// Before an endpoint is saved (Hook.before_save): https, a secret of the right form, made here where none is
// given; switching it on again forgets its failures. E_INVALID "webhook.url", "webhook.secret".
MUST_CHECK Status webhook_check(Ctx *ctx, void *endpoint, const void *before);

// What the receiver checks signatures with: "whsec_" and base64. For showing it to whoever may.
MUST_CHECK Status webhook_secret(Ctx *ctx, const WebhookEndpoint *endpoint, Str *ret);
