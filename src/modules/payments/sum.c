// sum.c - what a payment's facts come to. Pure.
//
// Providers tell late, twice and in any order, so the state is a function of the set of facts and
// not of the way they came: the furthest fact decides. "Failed" is below "captured", hence a late
// failure never undoes a payment; a charge-back stands above both until it is won.
#include "modules/payments/payment.h"

#include <assert.h>

static bool is_amount_kind(FactKind kind)
{
    switch (kind) {
    case FACT_KIND_AUTHORISED:
    case FACT_KIND_CAPTURED:
    case FACT_KIND_REFUNDED:
    case FACT_KIND_CHARGED_BACK:
    case FACT_KIND_DISPUTE_WON:
    case FACT_KIND_FEE: return true;
    default: return false;
    }
}

bool fact_counts(const Payment *payment, const PaymentFactList *earlier, const PaymentFact *fact)
{
    bool wants_all = fact->kind == FACT_KIND_CAPTURED || fact->kind == FACT_KIND_AUTHORISED;
    bool may_be_nothing = fact->kind == FACT_KIND_FEE;
    if (!is_amount_kind(fact->kind))
        return true;
    if (!currency_eq(fact->currency, payment->currency) || fact->amount.minor < !may_be_nothing)
        return false;
    if (!wants_all)
        return true;
    if (fact->amount.minor != payment->wanted.minor)
        return false;
    EACH (other, *earlier) {
        if (other->record.id == fact->record.id)
            break;
        if (other->kind == fact->kind && fact->kind == FACT_KIND_CAPTURED &&
            fact_counts(payment, &(PaymentFactList){ 0 }, other))
            return false;
    }
    return true;
}

// How far each kind brings a payment; the furthest is the state.
static PaymentState reached(FactKind kind)
{
    switch (kind) {
    case FACT_KIND_STARTED: return PAYMENT_STATE_WANTED;
    case FACT_KIND_PENDING: return PAYMENT_STATE_PENDING;
    case FACT_KIND_FAILED: return PAYMENT_STATE_FAILED;
    case FACT_KIND_EXPIRED: return PAYMENT_STATE_EXPIRED;
    case FACT_KIND_AUTHORISED: return PAYMENT_STATE_AUTHORISED;
    case FACT_KIND_VOIDED: return PAYMENT_STATE_VOIDED;
    case FACT_KIND_CAPTURED: return PAYMENT_STATE_CAPTURED;
    default: return PAYMENT_STATE_NONE;
    }
}

static int rank(PaymentState state)
{
    static const int ranks[] = {
        [PAYMENT_STATE_WANTED] = 1,   [PAYMENT_STATE_PENDING] = 2,    [PAYMENT_STATE_FAILED] = 3,
        [PAYMENT_STATE_EXPIRED] = 4,  [PAYMENT_STATE_AUTHORISED] = 5, [PAYMENT_STATE_VOIDED] = 6,
        [PAYMENT_STATE_CAPTURED] = 7, [PAYMENT_STATE_DISPUTED] = 0,
    };
    return ranks[state];
}

typedef struct Tally {
    int64_t refunded, charged_back, won;
    bool is_wrong;  // a fact that does not count
} Tally;

static void add_fact(const PaymentFact *fact, Tally *tally, PaymentSums *sums)
{
    switch (fact->kind) {
    case FACT_KIND_AUTHORISED: sums->authorised = fact->amount; break;
    case FACT_KIND_CAPTURED: sums->captured = fact->amount; break;
    case FACT_KIND_REFUNDED: tally->refunded += fact->amount.minor; break;
    case FACT_KIND_CHARGED_BACK: tally->charged_back += fact->amount.minor; break;
    case FACT_KIND_DISPUTE_WON: tally->won += fact->amount.minor; break;
    case FACT_KIND_FEE: sums->fees.minor += fact->amount.minor; break;
    default: break;
    }
    if (rank(reached(fact->kind)) > rank(sums->state))
        sums->state = reached(fact->kind);
}

// A refund told before its capture waits for it: nothing is given back of nothing.
static void settle(const Tally *tally, PaymentSums *sums)
{
    int64_t lost = tally->charged_back > tally->won ? tally->charged_back - tally->won : 0;
    int64_t gone = tally->refunded + lost, captured = sums->captured.minor;
    sums->refunded.minor = gone < captured ? gone : captured;
    if (tally->is_wrong || lost > 0 || (captured > 0 && gone > captured))
        sums->state = PAYMENT_STATE_DISPUTED;
    else if (captured > 0 && gone > 0)
        sums->state = gone == captured ? PAYMENT_STATE_REFUNDED : PAYMENT_STATE_PART_REFUNDED;
}

void payment_sum(const Payment *payment, const PaymentFactList *facts, PaymentSums *ret)
{
    Tally tally = { 0 };
    *ret = (PaymentSums){ .state = PAYMENT_STATE_WANTED };
    EACH (fact, *facts) {
        if (fact_counts(payment, facts, fact))
            add_fact(fact, &tally, ret);
        else
            tally.is_wrong = true;
    }
    settle(&tally, ret);
    assert(ret->refunded.minor <= ret->captured.minor);
}

Money payment_refundable(const Payment *payment)
{
    int64_t left = payment->captured.minor - payment->refunded.minor;
    EACH (refund, payment->refunds)
        if (refund->state == REFUND_STATE_WANTED || refund->state == REFUND_STATE_SENT)
            left -= refund->amount.minor;
    return (Money){ left > 0 ? left : 0 };
}
