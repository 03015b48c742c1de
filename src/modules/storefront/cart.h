// cart.h - what a visitor has put aside: lines known by a cookie's token, their stock held softly
// for as long as the channel says. Private to the module.
#pragma once

#include "modules/oms/oms.h"
#include "modules/storefront/shop.h"

// The cart of the request's cookie, and how many pieces are in it, for the head of every page.
MUST_CHECK Status cart_peek(Ctx *ctx, Shop *shop);
