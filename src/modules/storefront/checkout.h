// checkout.h - the one page between a bag and an order. Private to the module.
#pragma once

#include "modules/logistics/logistics.h"
#include "modules/payments/payments.h"
#include "modules/storefront/cart.h"

enum { METHODS_MAX = 20 };

typedef struct CheckoutForm {  // as it was typed
    Str email, phone, name, street, street2, postcode, city, region, country, note;
    Id service, method;
    int64_t goods;  // what the goods came to when the page was made, minor units; -1: not said
} CheckoutForm;

typedef struct CheckoutMethod {
    Id id;
    Str name, instructions;
    PaymentWay way;
} CheckoutMethod;

typedef struct SavedAddress {
    Id id;
    Postal postal;
} SavedAddress;

typedef struct Checkout {
    CheckoutForm form;
    CartView cart;
    RateOfferList offers;
    const RateOffer *offer;  // the chosen one; NULL: nothing goes there
    LIST(CheckoutMethod) methods;
    const CheckoutMethod *method;
    LIST(Str) countries;
    LIST(SavedAddress) saved;  // of a customer who has signed in
    Money tax, total;
} Checkout;

// What can be chosen, what it comes to.
MUST_CHECK Status checkout_fill(Ctx *ctx, const Shop *shop, Checkout *checkout);
// The form's rules, as problems by field.
MUST_CHECK Status checkout_check(Ctx *ctx, const Shop *shop, const Checkout *checkout);

typedef struct Placed {
    SalesOrder order;
    Payment payment;
    PaymentWay way;
} Placed;
// In a lane: the customer, the order through the same action as any, the payment that is wanted.
// The cart becomes this one order, however often it is asked.
MUST_CHECK Status checkout_place(Ctx *ctx, const Shop *shop, const Checkout *checkout, Placed *ret);

// Guests are known again by their address of mail, as its hash: party.external.
Str guest_key(Ctx *ctx, Str email);

// Addresses that show one order to whoever has them.
Url order_url(Ctx *ctx, const Shop *shop, Str number);
Url pay_url(Ctx *ctx, const Shop *shop, Str number);
Str order_absolute(Ctx *ctx, const Shop *shop, Str number);
bool order_link_ok(Ctx *ctx, const char *folder, Str number);
