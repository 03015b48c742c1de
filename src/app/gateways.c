// gateways.c - the payment providers that the program knows. A new one is one line here.
#include "app/app.h"

#include "connect/stripe/stripe.h"

const Gateway *const app_gateways[] = {
    &stripe_gateway,
    NULL,
};
