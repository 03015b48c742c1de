// payment.c - attempts to get an amount, and what people do with them: cash and transfers are
// received by somebody's word, refunds are asked for here and given back at once or by the
// provider.
#include "modules/payments/payment.h"

#include "modules/ledger/ledger.h"

#include "kernel/secrets.h"
#include "kernel/tenant.h"

enum { RETURN_TOKEN_BYTES = 18 };

// ---- Making -------------------------------------------------------------------------------------

static Status require_method(Ctx *ctx, Id id, CurrencyCode currency, PaymentMethod *ret)
{
    TRY(payment_method_load(ctx, id, ret));
    if (!ret->is_active || ret->record.is_archived)
        return FAIL(ctx, E_CONFLICT, "payments.method_off", STR_FMT " is not in use",
                    STR_ARG(ret->name));
    bool is_bound = currency_text(&ret->currency).len > 0;
    if (is_bound && !currency_eq(ret->currency, currency) && ret->way != PAYMENT_WAY_GATEWAY)
        return FAIL(ctx, E_CONFLICT, "payments.currency", STR_FMT " takes " STR_FMT " only",
                    STR_ARG(ret->name), STR_ARG(currency_text(&ret->currency)));
    return OK;
}

Status payment_create(Ctx *ctx, const PaymentSpec *spec, Payment *ret)
{
    Payment *payment = payment_new(ctx);
    PaymentMethod method;
    TRY(require_method(ctx, spec->method, spec->currency, &method));
    payment->state = PAYMENT_STATE_WANTED;
    payment->subject = spec->subject;
    payment->party = spec->party;
    payment->method = spec->method;
    payment->currency = spec->currency;
    payment->wanted = spec->amount;
    payment->paid_on = spec->on ? spec->on : tenant_today(ctx);
    payment->reference = spec->reference;
    TRY(payment_save(ctx, payment));
    *ret = *payment;
    return OK;
}

Status payment_before_save(Ctx *ctx, void *record, const void *before)
{
    Payment *payment = record;
    if (!before)
        payment->return_token = secret_token(ctx->arena, RETURN_TOKEN_BYTES);
    return OK;
}

// ---- Receiving by a person's word ---------------------------------------------------------------

static Status capture_by_person(Ctx *ctx, const Payment *payment)
{
    bool is_new;
    Str external = str_format(ctx->arena, STR_FMT ":captured",
                              STR_ARG(id_text(ctx->arena, payment->record.id)));
    return payment_apply(ctx,
                         &(PaymentFactSpec){ .payment = payment->record.id,
                                             .kind = FACT_KIND_CAPTURED,
                                             .amount = payment->wanted,
                                             .currency = payment->currency,
                                             .provider = S("person"),
                                             .external = external,
                                             .told_by = S("person") },
                         &is_new);
}

Status payment_receive(Ctx *ctx, const PaymentSpec *spec, Payment *ret)
{
    TRY(payment_create(ctx, spec, ret));
    TRY(capture_by_person(ctx, ret));
    return payment_load(ctx, ret->record.id, ret);
}

static Status require_by_hand(Ctx *ctx, const Payment *payment)
{
    PaymentMethod method;
    TRY(payment_method_load(ctx, payment->method, &method));
    if (method.way != PAYMENT_WAY_GATEWAY)
        return OK;
    return FAIL(ctx, E_CONFLICT, "payments.by_provider",
                "only the provider says what became of this");
}

Status payment_receive_check(Ctx *ctx, const void *record)
{
    const Payment *payment = record;
    if (payment->state != PAYMENT_STATE_WANTED && payment->state != PAYMENT_STATE_PENDING)
        return FAIL(ctx, E_CONFLICT, "payments.not_open", "it does not wait for money any more");
    return require_by_hand(ctx, payment);
}

// The record is saved by what is applied, so it is read anew for the action runner.
Status payment_receive_run(Ctx *ctx, void *record, const void *input)
{
    Payment *payment = record;
    const ReceiptInput *receipt = input;
    payment->paid_on = receipt && receipt->on ? receipt->on : tenant_today(ctx);
    if (receipt && receipt->reference.len)
        payment->reference = receipt->reference;
    TRY(payment_save(ctx, payment));
    TRY(capture_by_person(ctx, payment));
    return payment_load(ctx, payment->record.id, payment);
}

Status payment_void_check(Ctx *ctx, const void *record)
{
    const Payment *payment = record;
    if (payment->captured.minor > 0)
        return FAIL(ctx, E_CONFLICT, "payments.captured",
                    "the money is here: give it back instead");
    return require_by_hand(ctx, payment);
}

Status payment_void_run(Ctx *ctx, void *record, const void *input)
{
    Payment *payment = record;
    bool is_new;
    PaymentFactSpec fact = { .payment = payment->record.id,
                             .kind = FACT_KIND_VOIDED,
                             .currency = payment->currency,
                             .provider = S("person"),
                             .external =
                                 str_format(ctx->arena, STR_FMT ":voided",
                                            STR_ARG(id_text(ctx->arena, payment->record.id))),
                             .told_by = S("person") };
    (void)input;
    TRY(payment_apply(ctx, &fact, &is_new));
    return payment_load(ctx, payment->record.id, payment);
}

// ---- Giving back --------------------------------------------------------------------------------

static Status refund_by_person(Ctx *ctx, const Payment *payment, const Refund *refund)
{
    bool is_new;
    Str external = str_format(ctx->arena, STR_FMT ":refunded",
                              STR_ARG(id_text(ctx->arena, refund->record.id)));
    return payment_apply(ctx,
                         &(PaymentFactSpec){ .payment = payment->record.id,
                                             .kind = FACT_KIND_REFUNDED,
                                             .amount = refund->amount,
                                             .currency = payment->currency,
                                             .provider = S("person"),
                                             .external = external,
                                             .told_by = S("person"),
                                             .refund = refund->record.id },
                         &is_new);
}

static Status send_to_provider(Ctx *ctx, const Payment *payment)
{
    Id job;
    return job_add(
        ctx,
        &(JobSpec){ .name = "payments.refund", .subject = { &payment_entity, payment->record.id } },
        &job);
}

static Status add_refund(Ctx *ctx, Payment *payment, Money amount, Str reason, Link source, Id *ret)
{
    Refund *refund = list_push(ctx->arena, &payment->refunds);
    refund->state = REFUND_STATE_WANTED;
    refund->amount = amount;
    refund->reason = reason;
    refund->source = source;
    refund->asked_at = ctx->now;
    TRY(payment_save(ctx, payment));
    *ret = payment->refunds.items[payment->refunds.len - 1].record.id;
    return OK;
}

Status payment_refund(Ctx *ctx, Id id, Money amount, Str reason, Link source, Id *ret)
{
    Payment payment;
    PaymentMethod method;
    TRY(payment_load(ctx, id, &payment));
    TRY(payment_method_load(ctx, payment.method, &method));
    Money left = payment_refundable(&payment);
    if (amount.minor <= 0 || amount.minor > left.minor)
        return FAIL(ctx, E_CONFLICT, "payments.over_refund",
                    "at most " STR_FMT " " STR_FMT " can be given back",
                    STR_ARG(currency_text(&payment.currency)),
                    STR_ARG(money_text(ctx->arena, left, payment.currency)));
    TRY(add_refund(ctx, &payment, amount, reason, source, ret));
    if (method.way == PAYMENT_WAY_GATEWAY)
        return send_to_provider(ctx, &payment);
    return refund_by_person(ctx, &payment, &payment.refunds.items[payment.refunds.len - 1]);
}

Status payment_refund_check(Ctx *ctx, const void *record)
{
    if (payment_refundable(record).minor > 0)
        return OK;
    return FAIL(ctx, E_CONFLICT, "payments.nothing_left", "there is nothing to give back");
}

static Money amount_wanted(const Payment *payment, const RefundInput *wanted)
{
    return wanted->amount.minor ? wanted->amount : payment_refundable(payment);
}

Status refund_needs_approval(Ctx *ctx, const void *record, const void *input, Str *ret_why)
{
    const Payment *payment = record;
    return ledger_over_limit(ctx, "payments.approve_above",
                             &(LimitQuestion){ .amount = amount_wanted(payment, input),
                                               .currency = payment->currency,
                                               .on = tenant_today(ctx) },
                             ret_why);
}

Status payment_refund_run(Ctx *ctx, void *record, const void *input)
{
    Payment *payment = record;
    const RefundInput *wanted = input;
    Money amount = amount_wanted(payment, wanted);
    bool is_other = currency_text(&wanted->currency).len > 0 &&
                    !currency_eq(wanted->currency, payment->currency);
    Id refund;
    if (is_other && wanted->amount.minor)
        return FAIL(ctx, E_INVALID, "payments.currency", "this payment is in " STR_FMT,
                    STR_ARG(currency_text(&payment->currency)));
    TRY(payment_refund(ctx, payment->record.id, amount, wanted->words, payment->subject, &refund));
    return payment_load(ctx, payment->record.id, payment);
}

// ---- For a subject ------------------------------------------------------------------------------

Status payments_of(Ctx *ctx, Link subject, Money *ret_captured, Money *ret_refunded,
                   Money *ret_authorised)
{
    return db_one(
        ctx,
        SQL("SELECT CAST(coalesce(sum(captured), 0) AS BIGINT),"
            " CAST(coalesce(sum(refunded), 0) AS BIGINT),"
            " CAST(coalesce(sum(authorised) FILTER (WHERE state = 'authorised'), 0) AS BIGINT)"
            " FROM payment WHERE subject_id = $1",
            subject.id),
        ret_captured, ret_refunded, ret_authorised);
}

Status payments_to_collect(Ctx *ctx, Link subject, Money *ret)
{
    return db_one(
        ctx,
        SQL("SELECT CAST(coalesce(sum(p.wanted), 0) AS BIGINT)"
            " FROM payment p JOIN payment_method m ON m.id = p.method_id"
            " WHERE p.subject_id = $1 AND m.way = 'cod' AND p.state IN ('wanted', 'pending')",
            subject.id),
        ret);
}

Status payments_give_back(Ctx *ctx, Link subject, Money amount, Str reason, Link source,
                          Money *ret_amount)
{
    Id id, refund;
    IdList payments = { 0 };
    int64_t left = amount.minor;
    Rows *rows =
        db_query(ctx, SQL("SELECT id FROM payment WHERE subject_id = $1"
                          " AND captured > refunded AND state <> 'disputed' ORDER BY id DESC",
                          subject.id));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &payments) = id;
    TRY(rows_end(rows));
    EACH (at, payments) {
        Payment payment;
        TRY(payment_load(ctx, *at, &payment));
        Money here = payment_refundable(&payment);
        Money part = { here.minor < left ? here.minor : left };
        if (part.minor <= 0)
            continue;
        TRY(payment_refund(ctx, *at, part, reason, source, &refund));
        left -= part.minor;
    }
    ret_amount->minor = amount.minor - left;
    return OK;
}
