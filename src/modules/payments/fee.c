// fee.c - what a provider keeps of a payment. It is told by nobody: the provider is asked after
// each capture, and where it does not know yet, again after as long as it has been by then -
// minutes at first, hours later. What it says is a fact like the others, which books the expense
// against what came in; a fee of nothing is one too, and ends the asking.
#include "modules/payments/payment.h"

#include "kernel/tenant.h"

enum { FEE_WAIT_S = 300, FEE_DAYS = 5 };

Status fee_ask(Ctx *ctx, const PaymentFact *fact)
{
    const Gateway *gateway = gateway_named(fact->provider);
    Id job;
    if (fact->kind != FACT_KIND_CAPTURED || !gateway || !gateway->fee)
        return OK;
    // Of the fact, not of the payment: what waits here keeps no refund waiting.
    JobSpec spec = { .name = "payments.fee",
                     .subject = fact_link(fact->record.id),
                     .due = ctx->now + FEE_WAIT_S * SECOND };
    return job_add(ctx, &spec, &job);
}

typedef struct Asking {
    Id fact;
    PaymentFact captured;
    bool is_known;
} Asking;

static Status read_asking(Ctx *ctx, void *arg)
{
    Asking *asking = arg;
    Id fee;
    TRY(payment_fact_load(ctx, asking->fact, &asking->captured));
    return db_maybe(ctx,
                    SQL("SELECT id FROM payment_fact WHERE payment_id = $1 AND kind = 'fee'"
                        " ORDER BY id LIMIT 1",
                        asking->captured.payment),
                    &asking->is_known, &fee);
}

Status payments_fee_job(Ctx *ctx, const JobRun *job)
{
    Asking asking = { .fact = job->subject.id };
    TRY(tenant_read(ctx, read_asking, &asking));
    if (asking.is_known)
        return OK;
    TRY(payment_query_fee(ctx, asking.captured.payment));
    TRY(tenant_read(ctx, read_asking, &asking));
    Time age = ctx->now - asking.captured.record.at;
    Time wait = age > FEE_WAIT_S * SECOND ? age : FEE_WAIT_S * SECOND;
    if (asking.is_known || age > FEE_DAYS * DAY)
        return OK;
    return job_postpone(ctx, job, ctx->now + wait);
}
