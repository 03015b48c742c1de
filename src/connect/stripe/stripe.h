// stripe.h - payments through Stripe: PaymentIntents, refunds and signed webhooks. Card data never
// comes near us: the browser gives it to Stripe's own script, with the client secret that `start`
// brings.
#pragma once

#include "modules/payments/payments.h"

extern const Gateway stripe_gateway;
