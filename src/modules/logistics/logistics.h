// logistics.h - carriers and what they cost, for checkout and dispatch.
#pragma once

#include "gen/logistics.gen.h"

typedef struct RateOffer {
    Id service;
    Str carrier, name;
    CurrencyCode currency;
    Money price;
    Date from, until;  // when it would arrive
} RateOffer;
typedef LIST(RateOffer) RateOfferList;
// The services that go there with that weight, cheapest first.
MUST_CHECK Status rate_offers(Ctx *ctx, Str country, Str postcode, int64_t weight_g,
                              Money order_total, CurrencyCode currency, Time at,
                              RateOfferList *ret);
