// payments.h - getting paid. A payment is one attempt; what becomes of it is a row of typed facts,
// told by a provider's webhook, the customer's return, our own polling, or a person. One function
// applies a fact, however often and in whatever order it is told.
#pragma once

#include "gen/payments.gen.h"

typedef struct PaymentSpec {
    Id party, method;
    Link subject;  // the order or invoice; {0}: on account
    CurrencyCode currency;
    Money amount;
    Date on;
    Str reference;
} PaymentSpec;
// The row exists before any provider is called.
MUST_CHECK Status payment_create(Ctx *ctx, const PaymentSpec *spec, Payment *ret);
// Cash, bank transfer: captured at once by a person's word.
MUST_CHECK Status payment_receive(Ctx *ctx, const PaymentSpec *spec, Payment *ret);

typedef struct PaymentFactSpec {
    Id payment;
    FactKind kind;
    Money amount;
    CurrencyCode currency;
    Time happened_at;
    Str provider, external;  // together once only
    Str told_by;             // "webhook", "return", "poll", "person"
    Str words;
    Id refund;
} PaymentFactSpec;
// Idempotent: a fact known already changes nothing. A fact of another amount or currency than asked
// for is kept and the payment is marked disputed, never paid. States only go forward: a late
// "failed" never undoes "captured". Posts, allocates, tells the subject's module by event
// payments.payment.applied.
MUST_CHECK Status payment_apply(Ctx *ctx, const PaymentFactSpec *fact, bool *ret_is_new);

// Gives money back against a payment; at the provider by a job, else at once. E_CONFLICT
// "payments.over_refund".
MUST_CHECK Status payment_refund(Ctx *ctx, Id payment, Money amount, Str reason, Link source,
                                 Id *ret);
// What was captured less what was refunded for a subject, in its currency.
MUST_CHECK Status payments_of(Ctx *ctx, Link subject, Money *ret_captured, Money *ret_refunded,
                              Money *ret_authorised);

// What a carrier shall collect for a subject: cash on delivery that has not come in.
MUST_CHECK Status payments_to_collect(Ctx *ctx, Link subject, Money *ret);

// Matches what came in for a subject with its invoice, as far as both are open.
MUST_CHECK Status payments_allocate(Ctx *ctx, Link subject, Id invoice, Date on);
// Gives back at most `amount` of what came in for a subject, the newest payment first. *ret_amount:
// how much that was.
MUST_CHECK Status payments_give_back(Ctx *ctx, Link subject, Money amount, Str reason, Link source,
                                     Money *ret_amount);

// ---- Providers ----------------------------------------------------------------------------------
//
// A connector fills in one of these and app/gateways.c lists it. It builds requests and reads
// answers; it never touches the database. start, query, fee and refund call the provider and run
// outside transactions; webhook and read look at what was sent and call nobody.

typedef struct GatewayKeys {
    Str endpoint;  // "": the provider's usual address
    Str public_key, secret_key, webhook_secret;
} GatewayKeys;
typedef struct GatewayStart {
    Str external;       // the provider's number of the attempt
    Str client_secret;  // for its script in the browser
    Str redirect;       // or where to send the customer
} GatewayStart;
typedef struct GatewayFact {
    FactKind kind;
    Str external_payment;  // the provider's number of the attempt
    Str reference;         // our payment's number, where the provider repeats it
    // Names what happened, not the message: the same for webhook, return and poll
    // ("pi_1:captured").
    Str external_event;
    Str external_refund, words;
    Id refund;  // ours, where the provider repeats it
    Money amount;
    CurrencyCode currency;
    Time happened_at;
} GatewayFact;
typedef LIST(GatewayFact) GatewayFactList;

typedef struct Gateway {
    const char *name;  // "stripe": payment_method.provider
    Status (*start)(Ctx *ctx, const GatewayKeys *keys, const Payment *payment, GatewayStart *ret);
    Status (*query)(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                    GatewayFactList *ret);
    // What the provider kept of it, one fact, once that is known. NULL: it does not tell.
    Status (*fee)(Ctx *ctx, const GatewayKeys *keys, const Payment *payment, GatewayFactList *ret);
    Status (*refund)(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                     const Refund *refund, GatewayFactList *ret);
    // Is it really from the provider, and fresh? E_DENIED "webhook.signature", "webhook.stale".
    Status (*webhook)(Ctx *ctx, const GatewayKeys *keys, const struct Request *request,
                      Str *ret_event_id, Str *ret_kind);
    // What a message that was let in says; none is an answer too.
    Status (*read)(Ctx *ctx, Str body, GatewayFactList *ret);
} Gateway;
const Gateway *gateway_named(Str name);         // NULL: none
void gateways_use(const Gateway *const *list);  // app, at start-up; NULL at the end

// Outside a transaction: asks the provider to start the attempt and keeps what it answers. Asking
// again is harmless.
MUST_CHECK Status payment_start(Ctx *ctx, Id payment, GatewayStart *ret);
// Outside a transaction: asks the provider how the attempt stands and applies what it says.
MUST_CHECK Status payment_query(Ctx *ctx, Id payment, Str told_by);
