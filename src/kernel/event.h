// event.h - what happened, as rows written in the transaction that made it happen (the outbox).
// From there subscribers' jobs, webhooks and live pages are served, at least once.
#pragma once

#include "kernel/tenant.h"

// Notes that `name` (declared in the module's table) happened to `subject`. `facts` is a JSON
// object or
// "". Jobs that subscribe and webhook endpoints that want it get their rows at once.
MUST_CHECK Status event_emit(Ctx *ctx, const char *name, Id subject, Str facts);

// ---- Webhooks out (Standard Webhooks 1.0) -------------------------------------------------------

// The value of the webhook-signature header: "v1," base64(HMAC-SHA256(secret, id.timestamp.body)).
Str webhook_sign(Ctx *ctx, Str secret, Str id, Time at, Str body);

// ---- Webhooks in --------------------------------------------------------------------------------

// Stores what a provider sent, once per (provider, event id), before anything is done with it.
// *ret_is_new false: it was here before, and nothing more is to be done. The provider's own job is
// started with the inbox row as subject.
MUST_CHECK Status webhook_in_store(Ctx *ctx, Str provider, Str event_id, Str kind, Str body,
                                   const char *job, bool *ret_is_new);
// The stored event has been dealt with.
MUST_CHECK Status webhook_in_done(Ctx *ctx, Id stored);

// ---- Live pages ---------------------------------------------------------------------------------

// Tells the open pages of a tenant that something changed: topic "job/01H..", data one line of
// JSON.
void live_publish(const struct Tenant *tenant, Str topic, Str data);
