// till.h - an order that waits for its payment by card, and a Stripe of our own that takes it.
#pragma once

#include "connect/fake_stripe.h"
#include "modules/books.h"
#include "modules/payments/payment.h"
#include "modules/shop.h"

typedef struct Till {
    Shop shop;
    FakeStripe fake;
    Id card;  // the payment method
    SalesOrder order;
    Payment payment;
    Id refund;
} Till;

// An order of 24.00 that waits for its card payment.
void till_open(Ctx *ctx, Till *till);
// The provider has nothing to complain of, and the company's books are right.
void till_close(Ctx *ctx, Till *till);

void till_start(Ctx *ctx, Till *till);  // begins the payment, which must work
void till_pay(Ctx *ctx, Till *till);    // opens, begins, pays and tells
// Does what jobs there are, then reads payment and order again.
void till_look(Ctx *ctx, Till *till);
void till_later(Ctx *ctx, Till *till, Time wait);
Status till_refund(Ctx *ctx, void *arg);  // TxFn of a Till: 10.00 go back

// A webhook: its body and Stripe's signature of it, and what we answer.
typedef struct TillLetter {
    Str body, signature;
    int status;
} TillLetter;
Status till_letter(Ctx *ctx, void *arg);  // TxFn of a TillLetter
void till_deliver(Ctx *ctx, Str body);    // rightly signed, and taken

int64_t till_count(Ctx *ctx, const char *sql);
int64_t till_fees_told(Ctx *ctx);
