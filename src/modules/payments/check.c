// check.c - what `entrepot verify` asks of payments: that each is what its facts come to, and that
// what came in stands in the books.
#include "modules/payments/payment.h"

#include "modules/ledger/ledger.h"

#include "kernel/verify.h"

enum { CHECK_BATCH = 200 };

static Status next_payments(Ctx *ctx, Id after, IdList *ret)
{
    Id id;
    Rows *rows = db_query(
        ctx, SQL("SELECT id FROM payment WHERE id > $1 ORDER BY id LIMIT $2", after, CHECK_BATCH));
    *ret = (IdList){ 0 };
    while (rows_next(rows, &id))
        *list_push(ctx->arena, ret) = id;
    return rows_end(rows);
}

typedef Status (*CheckOne)(Ctx *ctx, VerifyRun *run, const Payment *payment,
                           const PaymentFactList *facts);

static Status each_payment(Ctx *ctx, VerifyRun *run, CheckOne check)
{
    IdList ids;
    Id last = 0;
    do {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(next_payments(ctx, last, &ids));
        size_t count = ids.len;
        EACH (id, ids) {
            Payment payment;
            PaymentFactList facts;
            TRY(payment_load(ctx, *id, &payment));
            TRY(facts_read(ctx, *id, &facts));
            TRY(check(ctx, run, &payment, &facts));
            last = *id;
        }
        arena_rewind(ctx->arena, mark);
        if (count < CHECK_BATCH)
            return OK;
    } while (true);
}

static Status check_sums(Ctx *ctx, VerifyRun *run, const Payment *payment,
                         const PaymentFactList *facts)
{
    PaymentSums sums;
    payment_sum(payment, facts, &sums);
    bool is_right =
        sums.state == payment->state && sums.authorised.minor == payment->authorised.minor &&
        sums.captured.minor == payment->captured.minor &&
        sums.refunded.minor == payment->refunded.minor && sums.fees.minor == payment->fees.minor;
    if (!is_right)
        verify_found(ctx, run, "payments.sums", "payment " STR_FMT " says %s, its facts say %s",
                     STR_ARG(payment->number), payment_state_enum.values[payment->state].name,
                     payment_state_enum.values[sums.state].name);
    return OK;
}

// What the customer owes is an open item; a fee is nothing that anybody owes.
static Status is_posted(Ctx *ctx, const PaymentFact *fact, bool *ret)
{
    Id found;
    if (fact->kind == FACT_KIND_FEE)
        return db_maybe(ctx,
                        SQL("SELECT id FROM journal_entry WHERE source_id = $1", fact->record.id),
                        ret, &found);
    TRY(item_of(ctx, fact_link(fact->record.id), &found));
    *ret = found != 0;
    return OK;
}

static bool should_be_posted(const PaymentFact *fact)
{
    return fact->kind == FACT_KIND_CAPTURED || fact->kind == FACT_KIND_REFUNDED ||
           (fact->kind == FACT_KIND_FEE && fact->amount.minor > 0);
}

static Status check_posted(Ctx *ctx, VerifyRun *run, const Payment *payment,
                           const PaymentFactList *facts)
{
    EACH (fact, *facts) {
        bool is_there;
        if (!should_be_posted(fact) || !fact_counts(payment, facts, fact))
            continue;
        TRY(is_posted(ctx, fact, &is_there));
        if (!is_there)
            verify_found(ctx, run, "payments.posted",
                         "payment " STR_FMT ": what was %s is not in the books",
                         STR_ARG(payment->number), fact_kind_enum.values[fact->kind].name);
    }
    return OK;
}

Status payments_check_sums(Ctx *ctx, VerifyRun *run)
{
    return each_payment(ctx, run, check_sums);
}

Status payments_check_posted(Ctx *ctx, VerifyRun *run)
{
    return each_payment(ctx, run, check_posted);
}
