// fact.c - the one way by which a payment becomes something: a fact is applied. Whoever tells it -
// webhook, the customer's browser, our own asking, a person - goes through payment_apply, which
// takes each (provider, event) once, books it, and works the payment out anew from all its facts.
#include "modules/payments/payment.h"

#include "modules/billing/billing.h"
#include "modules/ledger/ledger.h"

#include "kernel/event.h"
#include "kernel/tenant.h"

Link fact_link(Id fact)
{
    return (Link){ &payment_fact_entity, fact };
}

static int enumerator(const EnumDef *e, Str name)
{
    for (int i = 1; i < e->count; i++)
        if (str_is(name, e->values[i].name))
            return i;
    return 0;
}

Status facts_read(Ctx *ctx, Id payment, PaymentFactList *ret)
{
    PaymentFact fact = { 0 };
    Str kind;
    Rows *rows = db_query(ctx, SQL("SELECT id, kind, currency, amount, happened_at,"
                                   " coalesce(refund, 0) FROM payment_fact"
                                   " WHERE payment_id = $1 ORDER BY id",
                                   payment));
    *ret = (PaymentFactList){ 0 };
    while (rows_next(rows, &fact.record.id, &kind, &fact.currency, &fact.amount, &fact.happened_at,
                     &fact.refund)) {
        fact.payment = payment;
        fact.kind = (FactKind)enumerator(&fact_kind_enum, kind);
        *list_push(ctx->arena, ret) = fact;
    }
    return rows_end(rows);
}

// ---- Booking ------------------------------------------------------------------------------------

typedef struct Booking {  // what a fact debits; the other side is credited
    bool is_booked;
    bool adds_to_account;  // the method's account is debited
    Purpose counter;
} Booking;

static Booking booking_of(FactKind kind)
{
    switch (kind) {
    case FACT_KIND_CAPTURED:
    case FACT_KIND_DISPUTE_WON: return (Booking){ true, true, PURPOSE_RECEIVABLE };
    case FACT_KIND_REFUNDED:
    case FACT_KIND_CHARGED_BACK: return (Booking){ true, false, PURPOSE_RECEIVABLE };
    case FACT_KIND_FEE: return (Booking){ true, false, PURPOSE_GATEWAY_FEES };
    default: return (Booking){ 0 };
    }
}

// Money that has moved is a fact whatever the books' periods say: it is booked on the first open
// day.
static Status booking_day(Ctx *ctx, const Payment *payment, const PaymentFact *fact, Date *ret)
{
    bool is_person = fact->kind == FACT_KIND_CAPTURED && str_is(fact->told_by, "person");
    Date day = is_person && payment->paid_on ? payment->paid_on
                                             : zone_date(ctx->tenant->zone, fact->happened_at);
    return ledger_open_day(ctx, day, ret);
}

static void add_posting(Ctx *ctx, EntrySpec *entry, Posting posting)
{
    *list_push(ctx->arena, &entry->postings) = posting;
}

Status fact_post(Ctx *ctx, const Payment *payment, const PaymentFact *fact)
{
    Booking booking = booking_of(fact->kind);
    PaymentMethod method;
    Money base = fact->amount;
    EntrySpec entry = { .source = fact_link(fact->record.id),
                        .wording = str_format(ctx->arena, "%s " STR_FMT,
                                              fact_kind_enum.values[fact->kind].label,
                                              STR_ARG(payment->number)),
                        .currency = fact->currency,
                        .number = payment->number };
    Id made;
    if (!booking.is_booked || fact->amount.minor == 0)
        return OK;
    TRY(payment_method_load(ctx, payment->method, &method));
    TRY(booking_day(ctx, payment, fact, &entry.on));
    if (!currency_eq(fact->currency, ctx->tenant->base)) {
        TRY(ledger_fx(ctx, fact->currency, entry.on, &entry.fx));
        TRY(money_convert(ctx, fact->amount, fact->currency, ctx->tenant->base, entry.fx, &base));
    }
    int sign = booking.adds_to_account ? 1 : -1;
    add_posting(ctx, &entry,
                (Posting){ .account = method.account,
                           .amount = { sign * fact->amount.minor },
                           .base = { sign * base.minor } });
    add_posting(ctx, &entry,
                (Posting){ .purpose = booking.counter,
                           .amount = { -sign * fact->amount.minor },
                           .base = { -sign * base.minor },
                           .party = booking.counter == PURPOSE_RECEIVABLE ? payment->party : 0,
                           .due_on = entry.on });
    return ledger_post(ctx, &entry, &made);
}

// ---- Matching -----------------------------------------------------------------------------------

static Status match(Ctx *ctx, Link debit, Link credit, Date on, Money *ret)
{
    Id debit_item, credit_item;
    *ret = (Money){ 0 };
    TRY(item_of(ctx, debit, &debit_item));
    TRY(item_of(ctx, credit, &credit_item));
    if (!debit_item || !credit_item)
        return OK;
    return item_allocate(ctx, debit_item, credit_item, (Money){ 0 }, on, ret);
}

static Status captures_of(Ctx *ctx, Link subject, IdList *ret)
{
    Id fact;
    Rows *rows = db_query(ctx, SQL("SELECT f.id FROM payment p"
                                   " JOIN payment_fact f ON f.payment_id = p.id"
                                   " WHERE p.subject_id = $1 AND f.kind = 'captured' ORDER BY f.id",
                                   subject.id));
    *ret = (IdList){ 0 };
    while (rows_next(rows, &fact))
        *list_push(ctx->arena, ret) = fact;
    return rows_end(rows);
}

Status payments_allocate(Ctx *ctx, Link subject, Id invoice, Date on)
{
    IdList facts;
    Money done;
    int64_t sum = 0;
    TRY(captures_of(ctx, subject, &facts));
    EACH (fact, facts) {
        TRY(match(ctx, (Link){ &invoice_entity, invoice }, fact_link(*fact), on, &done));
        sum += done.minor;
    }
    return sum ? invoice_refresh(ctx, invoice) : OK;
}

static const Refund *refund_of(const Payment *payment, Id id)
{
    EACH (refund, payment->refunds)
        if (refund->record.id == id)
            return refund;
    return NULL;
}

// Money given back for a credit note settles it; without one it takes back what had come in.
static Status match_refund(Ctx *ctx, const Payment *payment, const PaymentFact *fact)
{
    const Refund *refund = refund_of(payment, fact->refund);
    Date on = zone_date(ctx->tenant->zone, fact->happened_at);
    PaymentFactList facts;
    Money done;
    if (refund && refund->source.entity == &invoice_entity) {
        TRY(match(ctx, fact_link(fact->record.id), refund->source, on, &done));
        return done.minor ? invoice_refresh(ctx, refund->source.id) : OK;
    }
    TRY(facts_read(ctx, payment->record.id, &facts));
    EACH (other, facts)
        if (other->kind == FACT_KIND_CAPTURED)
            TRY(match(ctx, fact_link(fact->record.id), fact_link(other->record.id), on, &done));
    return OK;
}

static Status match_fact(Ctx *ctx, const Payment *payment, const PaymentFact *fact)
{
    Date on = zone_date(ctx->tenant->zone, fact->happened_at);
    if (fact->kind == FACT_KIND_REFUNDED)
        return match_refund(ctx, payment, fact);
    if (fact->kind == FACT_KIND_CAPTURED && payment->subject.entity == &invoice_entity)
        return payments_allocate(ctx, payment->subject, payment->subject.id, on);
    return OK;
}

// ---- Applying -----------------------------------------------------------------------------------

static Status is_known(Ctx *ctx, const PaymentFactSpec *spec, bool *ret)
{
    Id id;
    return db_maybe(ctx,
                    SQL("SELECT id FROM payment_fact WHERE provider = $1 AND external = $2",
                        spec->provider, spec->external),
                    ret, &id);
}

static Status keep_fact(Ctx *ctx, const PaymentFactSpec *spec, PaymentFact *ret)
{
    *ret = (PaymentFact){ .payment = spec->payment,
                          .kind = spec->kind,
                          .currency = spec->currency,
                          .amount = spec->amount,
                          .happened_at = spec->happened_at ? spec->happened_at : ctx->now,
                          .provider = spec->provider,
                          .external = spec->external,
                          .refund = spec->refund,
                          .told_by = spec->told_by,
                          .words = spec->words };
    return payment_fact_append(ctx, ret);
}

static void note_refund(Payment *payment, const PaymentFact *fact)
{
    EACH (refund, payment->refunds) {
        if (refund->record.id != fact->refund)
            continue;
        if (fact->kind == FACT_KIND_REFUNDED) {
            refund->state = REFUND_STATE_DONE;
            refund->done_at = fact->happened_at;
        } else if (fact->kind == FACT_KIND_REFUND_FAILED && refund->state != REFUND_STATE_DONE) {
            refund->state = REFUND_STATE_FAILED;
        }
    }
}

static Status take_sums(Ctx *ctx, Payment *payment)
{
    PaymentFactList facts;
    PaymentSums sums;
    TRY(facts_read(ctx, payment->record.id, &facts));
    payment_sum(payment, &facts, &sums);
    payment->state = sums.state;
    payment->authorised = sums.authorised;
    payment->captured = sums.captured;
    payment->refunded = sums.refunded;
    payment->fees = sums.fees;
    return payment_save(ctx, payment);
}

Status payment_apply(Ctx *ctx, const PaymentFactSpec *spec, bool *ret_is_new)
{
    Payment payment;
    PaymentFact fact;
    PaymentFactList earlier;
    bool known;
    *ret_is_new = false;
    TRY(is_known(ctx, spec, &known));
    if (known)
        return OK;
    TRY(payment_load(ctx, spec->payment, &payment));
    TRY(facts_read(ctx, spec->payment, &earlier));
    TRY(keep_fact(ctx, spec, &fact));
    note_refund(&payment, &fact);
    TRY(take_sums(ctx, &payment));
    if (fact_counts(&payment, &earlier, &fact)) {
        TRY(fact_post(ctx, &payment, &fact));
        TRY(match_fact(ctx, &payment, &fact));
    }
    TRY(fee_ask(ctx, &fact));
    *ret_is_new = true;
    return event_emit(ctx, "payments.payment.applied", payment.record.id, S(""));
}
