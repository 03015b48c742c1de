// order_page.h - an order as its customer sees it. Private to the module.
#pragma once

#include "modules/storefront/checkout.h"

typedef struct ParcelView {
    Str number, carrier, tracking;
    GoodsState state;
    Date shipped_on, delivered_on;
} ParcelView;
typedef struct OrderView {
    SalesOrder order;
    LIST(ParcelView) parcels;
    bool is_paid, has_payment;
    Str payment_number, method, instructions;
    PaymentWay way;
    PaymentState payment_state;
    Date sent_on, arrived_on;
} OrderView;

// An order of this shop's channel that has been placed.
MUST_CHECK Status order_view(Ctx *ctx, const Shop *shop, Str number, OrderView *ret,
                             bool *ret_found);
