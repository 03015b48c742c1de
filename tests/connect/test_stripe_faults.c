// test_stripe_faults.c - the n-th call to Stripe fails, for every n and in every way, while an
// order is begun, paid, settled and given back in part. Whatever fails, people and jobs try again,
// and at the end everything stands as if nothing had happened: one attempt, one payment, one fee,
// one refund, the same books.
#include "connect/till.h"

enum { LOOKS = 60 };  // at most, ten minutes apart, until what is waited for is there

typedef struct Outcome {
    int64_t state, order, captured, refunded, fees, clearing, cost, facts;
    int attempts, refunds, calls;
} Outcome;

// ---- One story ----------------------------------------------------------------------------------

// The customer presses the button until it works.
static void begin(Ctx *ctx, Till *till)
{
    GatewayStart begun;
    for (int i = 0; i < 3; i++) {
        if (payment_start(ctx, till->payment.record.id, &begun) == OK)
            return;
        CHECK(ctx->failure.status == E_BUSY);
        ctx_recover(ctx);
    }
    test_fail(__FILE__, __LINE__, "the payment could not be begun");
}

// Back in the shop, which asks at once; what it is not told, a job asks for.
static void return_to_shop(Ctx *ctx, Till *till)
{
    fake_pays(&till->fake, 0, 2400);
    if (payment_query(ctx, till->payment.record.id, S("return")) != OK)
        ctx_recover(ctx);
    for (int i = 0; i < LOOKS && till->payment.state != PAYMENT_STATE_CAPTURED; i++)
        till_later(ctx, till, 10 * MINUTE);
}

static void settle(Ctx *ctx, Till *till)
{
    fake_settles(&till->fake, 0, "gbp", 2400, 56);
    for (int i = 0; i < LOOKS && till_fees_told(ctx) == 0; i++)
        till_later(ctx, till, 10 * MINUTE);
}

static void give_back(Ctx *ctx, Till *till)
{
    books_must(ctx, till_refund, till);
    for (int i = 0; i < LOOKS && till->payment.refunded.minor == 0; i++)
        till_later(ctx, till, 10 * MINUTE);
}

// With fair answers before the `nth` call, which gets this one.
static Outcome play(int nth, FakeMood mood)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_open(ctx, &till);
    for (int i = 1; i < nth; i++)
        fake_stripe_mood(&till.fake, FAKE_FAIR);
    fake_stripe_mood(&till.fake, mood);
    begin(ctx, &till);
    return_to_shop(ctx, &till);
    settle(ctx, &till);
    give_back(ctx, &till);
    till_later(ctx, &till, 2 * DAY);
    Outcome outcome = { .state = till.payment.state,
                        .order = till.order.payment,
                        .captured = till.payment.captured.minor,
                        .refunded = till.payment.refunded.minor,
                        .fees = till.payment.fees.minor,
                        .clearing = books_balance(ctx, "1120").minor,
                        .cost = books_balance(ctx, "6200").minor,
                        .facts = till_count(ctx, "SELECT count(*) FROM payment_fact"),
                        .attempts = till.fake.intent_count,
                        .refunds = till.fake.refund_count,
                        .calls = till.fake.request_count };
    till_close(ctx, &till);
    return outcome;
}

// ---- The sweep ----------------------------------------------------------------------------------

static void check_same(const Outcome *fair, const Outcome *broken)
{
    CHECK_INT(broken->state, fair->state);
    CHECK_INT(broken->order, fair->order);
    CHECK_INT(broken->captured, fair->captured);
    CHECK_INT(broken->refunded, fair->refunded);
    CHECK_INT(broken->fees, fair->fees);
    CHECK_INT(broken->clearing, fair->clearing);
    CHECK_INT(broken->cost, fair->cost);
    CHECK_INT(broken->facts, fair->facts);
    CHECK_INT(broken->attempts, 1);
    CHECK_INT(broken->refunds, 1);
    CHECK(broken->calls <= fair->calls + 1);  // tried again once, and no more
}

static void test_nth_call(void)
{
    static const struct {
        FakeMood mood;
        const char *name;
    } moods[] = { { FAKE_ERROR, "an error" },
                  { FAKE_TOO_MANY, "too many calls" },
                  { FAKE_DEAF, "not heard" },
                  { FAKE_FORGETFUL, "done, and the answer lost" } };
    Outcome fair = play(1, FAKE_FAIR);
    CHECK_INT(fair.captured, 2400);
    CHECK_INT(fair.refunded, 1000);
    CHECK_INT(fair.fees, 56);
    CHECK_INT(fair.clearing, 2400 - 1000 - 56);
    for (int n = 1; n <= fair.calls; n++)
        for (size_t i = 0; i < COUNT(moods); i++) {
            test_row = moods[i].name;
            Outcome broken = play(n, moods[i].mood);
            check_same(&fair, &broken);
        }
    printf("     %d times\n", fair.calls * (int)COUNT(moods));
}

const Test stripe_faults_tests[] = {
    { "the n-th call to Stripe fails, and nobody notices in the end", test_nth_call },
    { 0 },
};
