// stripe_read.h - Stripe's objects as facts, and amounts as Stripe counts them. Pure.
#pragma once

#include "modules/payments/payments.h"

#include "base/json.h"

// Whole numbers of Stripe's smallest unit. E_INVALID "stripe.amount": a third decimal that is not
// 0.
MUST_CHECK Status stripe_amount(Ctx *ctx, Money amount, CurrencyCode currency, int64_t *ret);

// What a PaymentIntent, a refund, or the event around one of these says; `at` is when.
MUST_CHECK Status stripe_intent(Ctx *ctx, const Json *intent, Time at, GatewayFactList *facts);
// What Stripe kept of it: nothing is told before it is settled, nor where the charge's balance
// transaction did not come along.
MUST_CHECK Status stripe_fee(Ctx *ctx, const Json *intent, Time at, GatewayFactList *facts);
MUST_CHECK Status stripe_refund(Ctx *ctx, const Json *refund, Time at, GatewayFactList *facts);
MUST_CHECK Status stripe_event(Ctx *ctx, Str body, GatewayFactList *facts);
