// test_stripe.c - being paid through Stripe, against a Stripe of our own that is late, repeats
// itself, mixes up the order, loses answers, names wrong amounts and refuses; and letters that are
// not from Stripe.
#include "connect/stripe/stripe.h"
#include "connect/stripe/stripe_read.h"
#include "connect/till.h"
#include "kernel/config.h"
#include "kernel/http/request.h"

// ---- Being paid ---------------------------------------------------------------------------------

static void test_paid_by_webhook_return_and_poll(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_open(ctx, &till);
    till_start(ctx, &till);
    fake_pays(&till.fake, 0, 2400);
    Str event = fake_intent_event(ctx, &till.fake, 0, "payment_intent.succeeded");
    till_deliver(ctx, event);
    till_look(ctx, &till);
    CHECK_INT(till.payment.state, PAYMENT_STATE_CAPTURED);
    CHECK_INT(till.order.state, ORDER_STATE_CONFIRMED);
    till_deliver(ctx, event);  // the same once more
    till_deliver(ctx, fake_intent_event(ctx, &till.fake, 0,
                                        "payment_intent.succeeded"));  // another message of it
    till_look(ctx, &till);
    CHECK_OK(ctx, payment_query(ctx, till.payment.record.id, S("return")));
    CHECK_OK(ctx, payment_query(ctx, till.payment.record.id, S("poll")));
    till_look(ctx, &till);
    CHECK_INT(till_count(ctx, "SELECT count(*) FROM payment_fact WHERE kind = 'captured'"), 1);
    CHECK_INT(till_count(ctx, "SELECT count(*) FROM webhook_inbox"), 2);
    CHECK_INT(books_balance(ctx, "1120").minor, 2400);
    till_close(ctx, &till);
}

static void test_late_failure_undoes_nothing(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_open(ctx, &till);
    till_start(ctx, &till);
    fake_card_refused(&till.fake, 0);
    Str refused = fake_intent_event(ctx, &till.fake, 0, "payment_intent.payment_failed");
    fake_pays(&till.fake, 0, 2400);
    till_deliver(ctx, fake_intent_event(ctx, &till.fake, 0, "payment_intent.succeeded"));
    till_deliver(ctx, refused);
    till_look(ctx, &till);
    CHECK_INT(till.payment.state, PAYMENT_STATE_CAPTURED);
    CHECK_INT(till.order.payment, PAY_STATE_PAID);
    till_close(ctx, &till);
}

static void test_wrong_amount_is_never_paid(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_open(ctx, &till);
    till_start(ctx, &till);
    fake_pays(&till.fake, 0, 2399);
    till_deliver(ctx, fake_intent_event(ctx, &till.fake, 0, "payment_intent.succeeded"));
    till_look(ctx, &till);
    CHECK_INT(till.payment.state, PAYMENT_STATE_DISPUTED);
    CHECK_INT(till.payment.captured.minor, 0);
    CHECK_INT(till.order.state, ORDER_STATE_PLACED);
    CHECK_INT(books_balance(ctx, "1120").minor, 0);
    till_close(ctx, &till);
}

static void test_nobody_tells_so_we_ask(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_open(ctx, &till);
    till_start(ctx, &till);
    fake_pays(&till.fake, 0, 2400);
    ctx->now += 10 * MINUTE;
    till_look(ctx, &till);  // the poll's job
    till_look(ctx, &till);  // what follows from it
    CHECK_INT(till.payment.state, PAYMENT_STATE_CAPTURED);
    CHECK_INT(till.order.state, ORDER_STATE_CONFIRMED);
    till_close(ctx, &till);
}

static void test_nobody_ever_pays(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_open(ctx, &till);
    till_start(ctx, &till);
    ctx->now += 3 * DAY + HOUR;
    till_look(ctx, &till);
    CHECK_INT(till.payment.state, PAYMENT_STATE_EXPIRED);
    CHECK_INT(till.order.state, ORDER_STATE_PLACED);
    till_close(ctx, &till);
}

// ---- Stripe has a bad day -----------------------------------------------------------------------

static void test_starting_through_errors_makes_one_attempt(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    GatewayStart begun;
    till_open(ctx, &till);
    fake_stripe_mood(&till.fake, FAKE_ERROR);
    fake_stripe_mood(&till.fake, FAKE_TOO_MANY);
    fake_stripe_mood(&till.fake, FAKE_FORGETFUL);
    for (int i = 0; i < 3; i++) {
        CHECK(payment_start(ctx, till.payment.record.id, &begun) == E_BUSY);
        ctx_recover(ctx);
    }
    till_start(ctx, &till);
    till_start(ctx, &till);
    CHECK_INT(till.fake.intent_count, 1);
    till_close(ctx, &till);
}

// Stripe made the attempt, its answer was lost, the customer paid by a link of Stripe's own.
static void test_webhook_overtakes_the_answer(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    GatewayStart begun;
    till_open(ctx, &till);
    fake_stripe_mood(&till.fake, FAKE_FORGETFUL);
    CHECK(payment_start(ctx, till.payment.record.id, &begun) == E_BUSY);
    ctx_recover(ctx);
    fake_pays(&till.fake, 0, 2400);
    till_deliver(ctx, fake_intent_event(ctx, &till.fake, 0, "payment_intent.succeeded"));
    till_look(ctx, &till);
    CHECK_STR(till.payment.external, "pi_1");
    CHECK_INT(till.payment.state, PAYMENT_STATE_CAPTURED);
    CHECK_FAILS(ctx, "payments.not_open", payment_start(ctx, till.payment.record.id, &begun));
    till_close(ctx, &till);
}

// ---- Stripe is slow -----------------------------------------------------------------------------

// As from a page that has a second or two left to be answered in.
static void is_too_slow(Ctx *ctx, Till *till, Status (*ask)(Ctx *ctx, Till *till))
{
    Request request = { 0 };
    Time now = ctx->now;
    fake_stripe_mood(&till->fake, FAKE_SLOW);
    ctx->request = &request;
    ctx->now = ((Time)time(NULL) + 2 - config()->request_limit_s) * SECOND;
    CHECK_FAILS(ctx, "http.timeout", ask(ctx, till));
    ctx->request = NULL;
    ctx->now = now;
}

static Status ask_start(Ctx *ctx, Till *till)
{
    GatewayStart begun;
    return payment_start(ctx, till->payment.record.id, &begun);
}

static Status ask_return(Ctx *ctx, Till *till)
{
    return payment_query(ctx, till->payment.record.id, S("return"));
}

// Nothing is known yet, and nothing is lost.
static void is_payable(Ctx *ctx, Till *till)
{
    till_look(ctx, till);
    CHECK_INT(till->payment.state, PAYMENT_STATE_WANTED);
    CHECK_INT(till->order.state, ORDER_STATE_PLACED);
    CHECK_INT(till->order.payment, PAY_STATE_UNPAID);
    CHECK_INT(books_balance(ctx, "1120").minor, 0);
}

static void is_paid_once(Ctx *ctx, Till *till)
{
    till_look(ctx, till);
    CHECK_INT(till->payment.state, PAYMENT_STATE_CAPTURED);
    CHECK_INT(till->order.state, ORDER_STATE_CONFIRMED);
    CHECK_INT(till->order.payment, PAY_STATE_PAID);
    CHECK_INT(till->fake.intent_count, 1);
    CHECK_INT(till_count(ctx, "SELECT count(*) FROM payment_fact WHERE kind = 'captured'"), 1);
    CHECK_INT(books_balance(ctx, "1120").minor, 2400);
}

// Both answers come too late: that the attempt was begun, and that it was paid.
static void pay_slowly(Ctx *ctx, Till *till)
{
    till_open(ctx, till);
    is_too_slow(ctx, till, ask_start);
    is_payable(ctx, till);
    till_start(ctx, till);  // the customer tries again
    fake_pays(&till->fake, 0, 2400);
    is_too_slow(ctx, till, ask_return);
    is_payable(ctx, till);
}

static void test_slow_and_told_later(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    pay_slowly(ctx, &till);
    till_deliver(ctx, fake_intent_event(ctx, &till.fake, 0, "payment_intent.succeeded"));
    is_paid_once(ctx, &till);
    CHECK_OK(ctx, ask_return(ctx, &till));
    ctx->now += 10 * MINUTE;
    till_look(ctx, &till);
    is_paid_once(ctx, &till);
    till_close(ctx, &till);
}

static void test_slow_and_asked_later(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    pay_slowly(ctx, &till);
    ctx->now += 10 * MINUTE;
    till_look(ctx, &till);
    is_paid_once(ctx, &till);
    till_deliver(ctx, fake_intent_event(ctx, &till.fake, 0, "payment_intent.succeeded"));
    is_paid_once(ctx, &till);
    till_close(ctx, &till);
}

// Stripe made the attempt and answered too late; the browser of somebody who had waited paid it.
static void test_slow_and_overtaken(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_open(ctx, &till);
    is_too_slow(ctx, &till, ask_start);
    fake_pays(&till.fake, 0, 2400);
    till_deliver(ctx, fake_intent_event(ctx, &till.fake, 0, "payment_intent.succeeded"));
    is_paid_once(ctx, &till);
    CHECK_FAILS(ctx, "payments.not_open", ask_start(ctx, &till));
    till_close(ctx, &till);
}

// ---- Giving back --------------------------------------------------------------------------------

static void test_refund_through_errors_is_made_once(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_pay(ctx, &till);
    fake_stripe_mood(&till.fake, FAKE_ERROR);
    fake_stripe_mood(&till.fake, FAKE_FORGETFUL);
    books_must(ctx, till_refund, &till);
    for (int i = 0; i < 4; i++) {
        till_look(ctx, &till);
        ctx->now += 2 * MINUTE;
    }
    till_look(ctx, &till);
    CHECK_INT(till.fake.refund_count, 1);
    CHECK_INT(till.payment.refunded.minor, 1000);
    CHECK_INT(till.payment.refunds.items[0].state, REFUND_STATE_DONE);
    CHECK_STR(till.payment.refunds.items[0].external, "re_1");
    CHECK_INT(till.order.payment, PAY_STATE_PART_REFUNDED);
    CHECK_INT(books_balance(ctx, "1120").minor, 1400);
    till_deliver(ctx, fake_refund_event(ctx, &till.fake, 0, "refund.updated"));
    till_look(ctx, &till);
    CHECK_INT(till.payment.refunded.minor, 1000);
    till_close(ctx, &till);
}

static void test_refund_on_its_way(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_pay(ctx, &till);
    fake_stripe_mood(&till.fake, FAKE_SLOW_BANK);
    books_must(ctx, till_refund, &till);
    till_look(ctx, &till);
    CHECK_INT(till.payment.refunds.items[0].state, REFUND_STATE_SENT);
    CHECK_INT(till.payment.refunded.minor, 0);
    CHECK_INT(payment_refundable(&till.payment).minor, 1400);
    fake_refund_done(&till.fake, 0);
    till_deliver(ctx, fake_refund_event(ctx, &till.fake, 0, "refund.updated"));
    till_look(ctx, &till);
    CHECK_INT(till.payment.refunds.items[0].state, REFUND_STATE_DONE);
    CHECK_INT(till.payment.refunded.minor, 1000);
    CHECK_INT(till.fake.refund_count, 1);
    till_close(ctx, &till);
}

static void test_refund_refused_for_good(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_pay(ctx, &till);
    fake_stripe_mood(&till.fake, FAKE_REFUSES);
    books_must(ctx, till_refund, &till);
    till_look(ctx, &till);
    CHECK_INT(till.payment.refunds.items[0].state, REFUND_STATE_FAILED);
    CHECK_INT(till.payment.refunded.minor, 0);
    CHECK_INT(payment_refundable(&till.payment).minor, 2400);
    till_close(ctx, &till);
}

// ---- What Stripe keeps --------------------------------------------------------------------------

static void test_fee(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_pay(ctx, &till);
    till_later(ctx, &till, 6 * MINUTE);
    CHECK_INT(till_fees_told(ctx), 0);  // Stripe does not know yet
    CHECK_INT(books_balance(ctx, "1120").minor, 2400);
    fake_settles(&till.fake, 0, "gbp", 2400, 56);
    till_later(ctx, &till, MINUTE);
    CHECK_INT(till_fees_told(ctx), 0);
    till_later(ctx, &till, 6 * MINUTE);
    CHECK_INT(till.payment.state, PAYMENT_STATE_CAPTURED);
    CHECK_INT(till.payment.fees.minor, 56);
    CHECK_INT(books_balance(ctx, "1120").minor, 2344);  // what arrives
    CHECK_INT(books_balance(ctx, "6200").minor, 56);
    int asked = till.fake.request_count;
    till_later(ctx, &till, DAY);
    CHECK_INT(till.fake.request_count, asked);  // known is known
    CHECK_OK(ctx, payment_query_fee(ctx, till.payment.record.id));
    till_look(ctx, &till);
    CHECK_INT(till_fees_told(ctx), 1);
    CHECK_INT(books_balance(ctx, "6200").minor, 56);
    till_close(ctx, &till);
}

static Status step_refund_all(Ctx *ctx, void *arg)
{
    Till *till = arg;
    return payment_refund(ctx, till->payment.record.id, (Money){ 2400 }, S(""),
                          till->payment.subject, &till->refund);
}

static void test_fee_stays_when_money_goes_back(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_pay(ctx, &till);
    fake_settles(&till.fake, 0, "gbp", 2400, 56);
    till_later(ctx, &till, 6 * MINUTE);
    CHECK_INT(till.payment.fees.minor, 56);
    books_must(ctx, step_refund_all, &till);
    till_look(ctx, &till);
    CHECK_INT(till.payment.state, PAYMENT_STATE_REFUNDED);
    CHECK_INT(till.payment.fees.minor, 56);
    CHECK_INT(books_balance(ctx, "1120").minor, -56);
    CHECK_INT(books_balance(ctx, "6200").minor, 56);
    till_close(ctx, &till);
}

// While the fee is waited for, a refund does not wait.
static void test_fee_keeps_nobody_waiting(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_pay(ctx, &till);
    books_must(ctx, till_refund, &till);
    till_look(ctx, &till);
    CHECK_INT(till.payment.refunded.minor, 1000);
    int asked = till.fake.request_count;
    for (int hour = 0; hour < 24 * 8; hour++)
        till_later(ctx, &till, HOUR);
    CHECK_INT(till_fees_told(ctx), 0);
    CHECK(till.fake.request_count - asked <= 12);  // ever more seldom, and then no more
    till_close(ctx, &till);
}

static void test_no_fee_is_known_too(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_pay(ctx, &till);
    fake_settles(&till.fake, 0, "gbp", 2400, 0);
    till_later(ctx, &till, 6 * MINUTE);
    CHECK_INT(till_fees_told(ctx), 1);
    CHECK_INT(till.payment.state, PAYMENT_STATE_CAPTURED);
    CHECK_INT(books_balance(ctx, "6200").minor, 0);
    till_close(ctx, &till);
}

typedef struct FeeRow {
    const char *name, *entry;
    int64_t fee;  // NONE: none is told
    const char *words;
} FeeRow;

static void test_fees_as_stripe_settles(void)
{
    enum { NONE = -1 };
    static const FeeRow rows[] = {
        { "in the payment's currency",
          "{\"id\":\"txn_1\",\"amount\":2400,\"fee\":56,\"currency\":\"gbp\"}", 56, "" },
        { "in another one", "{\"id\":\"txn_1\",\"amount\":2800,\"fee\":65,\"currency\":\"eur\"}",
          56, "0.65 EUR" },
        { "counted in hundredths",
          "{\"id\":\"txn_1\",\"amount\":420000,\"fee\":9950,\"currency\":\"isk\"}", 57, "100 ISK" },
        { "nothing", "{\"id\":\"txn_1\",\"amount\":2400,\"fee\":0,\"currency\":\"gbp\"}", 0, "" },
        { "nameless", "{\"amount\":2400,\"fee\":56,\"currency\":\"gbp\"}", NONE, "" },
        { "not settled", "null", NONE, "" },
        { "only its number", "\"txn_1\"", NONE, "" },
        { "of nothing", "{\"id\":\"txn_1\",\"amount\":0,\"fee\":56,\"currency\":\"gbp\"}", NONE,
          "" },
        { "given, not kept", "{\"id\":\"txn_1\",\"amount\":2400,\"fee\":-1,\"currency\":\"gbp\"}",
          NONE, "" },
        { "no number", "{\"id\":\"txn_1\",\"amount\":2400,\"fee\":\"56\",\"currency\":\"gbp\"}",
          NONE, "" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Json *intent;
        GatewayFactList facts = { 0 };
        test_row = rows[i].name;
        Str text = str_format(ctx->arena,
                              "{\"id\":\"pi_1\",\"status\":\"succeeded\",\"currency\":\"gbp\","
                              "\"amount_received\":2400,"
                              "\"latest_charge\":{\"balance_transaction\":%s}}",
                              rows[i].entry);
        CHECK_OK(ctx, json_parse(ctx, text, &intent));
        CHECK_OK(ctx, stripe_fee(ctx, intent, ctx->now, &facts));
        CHECK_INT((int64_t)facts.len, rows[i].fee != NONE);
        if (facts.len == 0)
            continue;
        CHECK_INT(facts.items[0].kind, FACT_KIND_FEE);
        CHECK_INT(facts.items[0].amount.minor, rows[i].fee);
        CHECK_STR(facts.items[0].words, rows[i].words);
    }
}

static Status step_refund_too_much(Ctx *ctx, void *arg)
{
    Till *till = arg;
    return payment_refund(ctx, till->payment.record.id, (Money){ 2401 }, S(""),
                          till->payment.subject, &till->refund);
}

static void test_charged_back_and_won(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_pay(ctx, &till);
    CHECK_FAILS(ctx, "payments.over_refund", tenant_transact(ctx, step_refund_too_much, &till));
    till_deliver(ctx, fake_dispute_event(ctx, &till.fake, 0, "charge.dispute.funds_withdrawn",
                                         "needs_response"));
    till_look(ctx, &till);
    CHECK_INT(till.payment.state, PAYMENT_STATE_DISPUTED);
    CHECK_INT(books_balance(ctx, "1120").minor, 0);
    till_deliver(ctx,
                 fake_dispute_event(ctx, &till.fake, 0, "charge.dispute.funds_reinstated", "won"));
    till_look(ctx, &till);
    CHECK_INT(till.payment.state, PAYMENT_STATE_CAPTURED);
    CHECK_INT(books_balance(ctx, "1120").minor, 2400);
    till_close(ctx, &till);
}

// ---- Letters that are not from Stripe -----------------------------------------------------------

static void refuse_letter(Ctx *ctx, const char *row, const char *code, Str body, Str signature)
{
    TillLetter letter = { body, signature, 0 };
    test_row = row;
    CHECK_FAILS(ctx, code, tenant_transact(ctx, till_letter, &letter));
}

static void test_signatures(void)
{
    Ctx *ctx = test_ctx();
    Till till;
    till_open(ctx, &till);
    till_start(ctx, &till);
    fake_pays(&till.fake, 0, 2400);
    Str body = fake_intent_event(ctx, &till.fake, 0, "payment_intent.succeeded");
    Str good = fake_signature(ctx, fake_webhook_secret, ctx->now, body);
    Str bad = fake_signature(ctx, "whsec_another", ctx->now, body);
    refuse_letter(ctx, "missing", "webhook.signature", body, S(""));
    refuse_letter(ctx, "another's", "webhook.signature", body, bad);
    refuse_letter(ctx, "tampered", "webhook.signature", str_join(ctx->arena, body, S(" ")), good);
    refuse_letter(ctx, "only v0", "webhook.signature", body,
                  str_format(ctx->arena, "t=%lld,v0=00", (long long)(ctx->now / SECOND)));
    refuse_letter(ctx, "no time", "webhook.signature", body,
                  str_from_at(good, (size_t)str_find(good, S("v1="))));
    refuse_letter(ctx, "stale", "webhook.stale", body,
                  fake_signature(ctx, fake_webhook_secret, ctx->now - 301 * SECOND, body));
    refuse_letter(ctx, "from the future", "webhook.stale", body,
                  fake_signature(ctx, fake_webhook_secret, ctx->now + 301 * SECOND, body));
    CHECK_INT(till_count(ctx, "SELECT count(*) FROM webhook_inbox"), 0);

    test_row = "a secret being replaced";
    TillLetter two = { body,
                       str_format(ctx->arena, STR_FMT "," STR_FMT, STR_ARG(bad),
                                  STR_ARG(str_from_at(good, (size_t)str_find(good, S("v1="))))),
                       0 };
    CHECK_OK(ctx, tenant_transact(ctx, till_letter, &two));
    till_close(ctx, &till);
}

// ---- Amounts ------------------------------------------------------------------------------------

static void test_amounts_as_stripe_counts(void)
{
    static const struct {
        const char *currency;
        int64_t minor, units;
    } rows[] = { { "GBP", 2400, 2400 },
                 { "JPY", 500, 500 },
                 { "KWD", 1230, 1230 },
                 { "ISK", 75, 7500 },
                 { "UGX", 3, 300 } };
    Ctx *ctx = test_ctx();
    int64_t units;
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].currency;
        CHECK_OK(ctx, stripe_amount(ctx, (Money){ rows[i].minor },
                                    currency_stored(str_from(rows[i].currency)), &units));
        CHECK_INT(units, rows[i].units);
    }
    CHECK_FAILS(ctx, "stripe.amount",
                stripe_amount(ctx, (Money){ 1234 }, currency_stored(S("KWD")), &units));
}

static void test_events_that_mean_nothing_to_us(void)
{
    Ctx *ctx = test_ctx();
    GatewayFactList facts = { 0 };
    CHECK_OK(ctx, stripe_event(ctx, S("{\"type\":\"customer.created\",\"data\":{\"object\":{}}}"),
                               &facts));
    CHECK_INT(facts.len, 0);
    CHECK_FAILS(ctx, "stripe.answer", stripe_event(ctx, S("{\"type\":\"x\"}"), &facts));
    CHECK_FAILS(ctx, "json.syntax", stripe_event(ctx, S("no"), &facts));
    CHECK_FAILS(ctx, "stripe.answer",
                stripe_event(ctx,
                             S("{\"type\":\"refund.updated\",\"data\":{\"object\":"
                               "{\"id\":\"re_1\",\"currency\":\"xxq\"}}}"),
                             &facts));
}

const Test stripe_tests[] = {
    { "a payment told by webhook, return and poll is one payment",
      test_paid_by_webhook_return_and_poll },
    { "a failure told late undoes nothing", test_late_failure_undoes_nothing },
    { "a wrong amount is kept, disputed, and never paid", test_wrong_amount_is_never_paid },
    { "when nobody tells us, we ask", test_nobody_tells_so_we_ask },
    { "what nobody pays expires", test_nobody_ever_pays },
    { "an attempt started through errors is one attempt",
      test_starting_through_errors_makes_one_attempt },
    { "a message that overtakes the answer finds its payment", test_webhook_overtakes_the_answer },
    { "a slow answer loses nothing: told later, the order is paid once", test_slow_and_told_later },
    { "a slow answer loses nothing: asked later, the order is paid once",
      test_slow_and_asked_later },
    { "a slow answer may be overtaken by the payment", test_slow_and_overtaken },
    { "what Stripe keeps is booked against what came in", test_fee },
    { "what Stripe keeps stays there when the money goes back",
      test_fee_stays_when_money_goes_back },
    { "a fee that is never told keeps nobody waiting", test_fee_keeps_nobody_waiting },
    { "a fee of nothing ends the asking", test_no_fee_is_known_too },
    { "fees are the same share in every currency", test_fees_as_stripe_settles },
    { "a refund through errors is made once", test_refund_through_errors_is_made_once },
    { "a refund on its way cannot be given twice", test_refund_on_its_way },
    { "a refund refused for good can be tried anew", test_refund_refused_for_good },
    { "what is charged back is gone until it is won", test_charged_back_and_won },
    { "only letters signed by Stripe, and fresh, are read", test_signatures },
    { "amounts are told as Stripe counts them", test_amounts_as_stripe_counts },
    { "events that mean nothing to us say nothing", test_events_that_mean_nothing_to_us },
    { 0 },
};
