// payment.h - what the parts of payments know of each other. Private to the module.
#pragma once

#include "modules/payments/payments.h"

#include "kernel/job.h"
#include "kernel/verify.h"

// What a set of facts comes to. It does not matter in which order they were told.
typedef struct PaymentSums {
    PaymentState state;
    Money authorised, captured, refunded, fees;
} PaymentSums;
void payment_sum(const Payment *payment, const PaymentFactList *facts, PaymentSums *ret);
// Whether a fact, told after these, counts: of the currency and amount that was asked for, and not
// captured twice. What does not count is kept and makes the payment disputed.
bool fact_counts(const Payment *payment, const PaymentFactList *earlier, const PaymentFact *fact);
MUST_CHECK Status facts_read(Ctx *ctx, Id payment,
                             PaymentFactList *ret);  // in the order they were told

// Books a fact that counts: source of the entry is the fact, so it is booked once.
MUST_CHECK Status fact_post(Ctx *ctx, const Payment *payment, const PaymentFact *fact);

Link fact_link(Id fact);
// After a capture: the provider is asked what it kept, by a job, where it tells (fee.c).
MUST_CHECK Status fee_ask(Ctx *ctx, const PaymentFact *fact);
// Outside a transaction: asks it and applies what it says (gateway.c).
MUST_CHECK Status payment_query_fee(Ctx *ctx, Id payment);
// What may still be given back, with what is on its way back taken off.
Money payment_refundable(const Payment *payment);

MUST_CHECK Status gateway_keys(Ctx *ctx, const PaymentMethod *method, GatewayKeys *ret);

// Jobs and routes.
MUST_CHECK Status payments_webhook_job(Ctx *ctx, const JobRun *job);
MUST_CHECK Status payments_refund_job(Ctx *ctx, const JobRun *job);
MUST_CHECK Status payments_fee_job(Ctx *ctx, const JobRun *job);
MUST_CHECK Status payments_poll_job(Ctx *ctx, const JobRun *job);
MUST_CHECK Status payments_webhook_route(Ctx *ctx);
MUST_CHECK Status payments_start_route(Ctx *ctx);
MUST_CHECK Status payments_return_route(Ctx *ctx);

// Actions and hooks.
MUST_CHECK Status payment_before_save(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status payment_receive_check(Ctx *ctx, const void *record);
MUST_CHECK Status payment_receive_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status payment_refund_check(Ctx *ctx, const void *record);
MUST_CHECK Status refund_needs_approval(Ctx *ctx, const void *record, const void *input,
                                        Str *ret_why);
MUST_CHECK Status payment_refund_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status payment_void_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status payment_void_check(Ctx *ctx, const void *record);
MUST_CHECK Status method_before_save(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status methods_install(Ctx *ctx);

MUST_CHECK Status payments_check_sums(Ctx *ctx, VerifyRun *run);
MUST_CHECK Status payments_check_posted(Ctx *ctx, VerifyRun *run);
