// test_sales_rules.c - the rules of selling that need no database: which word an order is called
// by, from where it is served, what a payment's facts come to, what a parcel costs and when it
// arrives.
#include "base/random.h"
#include "modules/logistics/rates.h"
#include "modules/oms/allocate.h"
#include "modules/oms/oms.h"
#include "modules/payments/payment.h"

#include "harness.h"

// ---- Headline -----------------------------------------------------------------------------------

static Headline headline_of(OrderState state, PayState payment, ShipState fulfilment,
                            ReturnAxis returns)
{
    bool has_left = fulfilment >= SHIP_STATE_PART_SHIPPED,
         is_left = fulfilment > SHIP_STATE_PART_SHIPPED;
    SalesLine line = { .base_quantity = { 2 * MICRO },
                       .shipped = { (has_left + is_left) * MICRO } };
    SalesOrder order = { .state = state,
                         .payment = payment,
                         .fulfilment = fulfilment,
                         .returns = returns,
                         .lines = { &line, 1, 1 },
                         .totals = { .total = { 100 } } };
    if (payment == PAY_STATE_PART_PAID)
        order.paid.minor = 40;
    if (payment == PAY_STATE_PAID || payment >= PAY_STATE_PART_REFUNDED)
        order.paid.minor = 100;
    if (payment >= PAY_STATE_PART_REFUNDED)
        order.refunded.minor = payment == PAY_STATE_REFUNDED ? 100 : 30;
    order_headline(&order);
    CHECK(order.payment == payment && order.fulfilment == fulfilment && order.returns == returns);
    return order.headline;
}

// The same in plain words, told another way than the table does.
static Headline told_in_words(OrderState state, PayState payment, ShipState fulfilment,
                              ReturnAxis returns)
{
    bool has_paid = payment == PAY_STATE_PAID || payment >= PAY_STATE_PART_REFUNDED;
    if (state == ORDER_STATE_CANCELLED)
        return HEADLINE_CANCELLED;
    if (state <= ORDER_STATE_QUOTED)
        return state == ORDER_STATE_DRAFT ? HEADLINE_DRAFT : HEADLINE_QUOTED;
    if (returns == RETURN_AXIS_SETTLED && payment == PAY_STATE_REFUNDED)
        return HEADLINE_RETURNED;
    if (state == ORDER_STATE_CLOSED)
        return HEADLINE_CLOSED;
    switch (fulfilment) {
    case SHIP_STATE_DELIVERED: return HEADLINE_DELIVERED;
    case SHIP_STATE_SHIPPED: return HEADLINE_SHIPPED;
    case SHIP_STATE_PART_SHIPPED: return HEADLINE_PART_SHIPPED;
    case SHIP_STATE_READY:
        if (state == ORDER_STATE_CONFIRMED)
            return HEADLINE_READY_TO_SHIP;
        break;
    case SHIP_STATE_IN_PRODUCTION:
        if (state == ORDER_STATE_CONFIRMED)
            return HEADLINE_IN_PRODUCTION;
        break;
    default: break;
    }
    return has_paid ? HEADLINE_PAID : HEADLINE_PENDING_PAYMENT;
}

static void test_headline_over_all_axes(void)
{
    bool was_seen[HEADLINE_CANCELLED + 1] = { 0 };
    for (int s = ORDER_STATE_DRAFT; s <= ORDER_STATE_CANCELLED; s++)
        for (int p = PAY_STATE_UNPAID; p <= PAY_STATE_REFUNDED; p++)
            for (int f = SHIP_STATE_UNSHIPPED; f <= SHIP_STATE_DELIVERED; f++)
                for (int r = RETURN_AXIS_NONE_OPEN; r <= RETURN_AXIS_SETTLED; r++) {
                    Headline is = headline_of(s, p, f, r);
                    CHECK_INT(is, told_in_words(s, p, f, r));
                    was_seen[is] = true;
                }
    for (int h = HEADLINE_DRAFT; h <= HEADLINE_CANCELLED; h++)
        CHECK(was_seen[h]);
}

static void test_free_order_is_paid(void)
{
    SalesLine line = { .base_quantity = { MICRO } };
    SalesOrder order = { .state = ORDER_STATE_PLACED, .lines = { &line, 1, 1 } };
    order_headline(&order);
    CHECK_INT(order.payment, PAY_STATE_PAID);
    CHECK_INT(order.headline, HEADLINE_PAID);
}

// ---- Allocation ---------------------------------------------------------------------------------

typedef struct AllocationRow {
    const char *name;
    SplitPolicy policy;
    int64_t wanted[2], is_free[4];  // two variants, two warehouses: a row per variant
    bool is_ok;
    int64_t taken[4], missing;
} AllocationRow;

// clang-format off
static const AllocationRow allocation_rows[] = {
    { "all from the first",            SPLIT_POLICY_WHOLE, { 2, 1 }, { 5, 5, 1, 1 }, true, { 2, 0, 1, 0 } },
    { "the first that has everything", SPLIT_POLICY_WHOLE, { 2, 1 }, { 5, 5, 0, 1 }, true, { 0, 2, 0, 1 } },
    { "no parts where whole",          SPLIT_POLICY_WHOLE, { 2, 1 }, { 5, 0, 0, 5 }, false, { 0 }, 1 },
    { "parts where split",             SPLIT_POLICY_SPLIT, { 2, 1 }, { 5, 0, 0, 5 }, true, { 2, 0, 0, 1 } },
    { "one parcel before two",         SPLIT_POLICY_SPLIT, { 4, 1 }, { 3, 4, 1, 1 }, true, { 0, 4, 0, 1 } },
    { "one line over both",            SPLIT_POLICY_SPLIT, { 4, 0 }, { 3, 2, 0, 0 }, true, { 3, 1, 0, 0 } },
    { "split, and still short",        SPLIT_POLICY_SPLIT, { 6, 1 }, { 3, 2, 1, 0 }, false, { 0 }, 1 },
    { "what is there, the rest later", SPLIT_POLICY_BACKORDER, { 6, 1 }, { 3, 2, 0, 0 }, true, { 3, 2, 0, 0 } },
    { "oversold gives nothing",        SPLIT_POLICY_BACKORDER, { 1, 0 }, { -4, 1, 0, 0 }, true, { 0, 1, 0, 0 } },
    { "nothing wanted",                SPLIT_POLICY_WHOLE, { 0, 0 }, { 0, 0, 0, 0 }, true, { 0 } },
};
// clang-format on

static void take_micro(const int64_t *from, size_t n, Qty *to)
{
    for (size_t i = 0; i < n; i++)
        to[i].micro = from[i];
}

static void test_allocation_rules(void)
{
    for (size_t i = 0; i < COUNT(allocation_rows); i++) {
        const AllocationRow *row = &allocation_rows[i];
        Qty wanted[2], is_free[4], taken[4] = { 0 }, missing = { 0 };
        AllocationTable table = { 2, 2, wanted, is_free, taken };
        size_t variant;
        test_row = row->name;
        take_micro(row->wanted, 2, wanted);
        take_micro(row->is_free, 4, is_free);
        CHECK(allocate(&table, row->policy, &variant, &missing) == row->is_ok);
        for (size_t k = 0; k < 4; k++)
            CHECK_INT(taken[k].micro, row->taken[k]);
        if (!row->is_ok)
            CHECK_INT(missing.micro, row->missing);
    }
}

// Whatever is asked: nobody gives more than there is or than was wanted; a refusal takes nothing; a
// rule that takes no part gives everything or nothing.
static void test_allocation_laws(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 3000; round++) {
        Qty wanted[3], is_free[9], taken[9], missing = { 0 };
        AllocationTable table = { 3, 3, wanted, is_free, taken };
        SplitPolicy policy = SPLIT_POLICY_WHOLE + (int)random_below(ctx->random, 3);
        size_t variant = 9;
        for (size_t i = 0; i < 3; i++)
            wanted[i].micro = (int64_t)random_below(ctx->random, 6);
        for (size_t i = 0; i < 9; i++)
            is_free[i].micro = (int64_t)random_below(ctx->random, 8) - 1;
        bool ok = allocate(&table, policy, &variant, &missing);
        for (size_t v = 0; v < 3; v++) {
            int64_t sum = 0;
            for (size_t w = 0; w < 3; w++) {
                int64_t here = is_free[v * 3 + w].micro > 0 ? is_free[v * 3 + w].micro : 0;
                CHECK(taken[v * 3 + w].micro >= 0 && taken[v * 3 + w].micro <= here);
                sum += taken[v * 3 + w].micro;
            }
            CHECK(sum <= wanted[v].micro);
            CHECK(ok || sum == 0);
            CHECK(!ok || policy == SPLIT_POLICY_BACKORDER || sum == wanted[v].micro);
        }
        CHECK(ok || (variant < 3 && missing.micro > 0));
    }
}

// ---- Payments -----------------------------------------------------------------------------------

typedef struct SumRow {
    const char *name;
    struct {
        FactKind kind;
        int64_t minor;
        const char *currency;  // NULL: the payment's
    } facts[4];
    PaymentState state;
    int64_t captured, refunded;
} SumRow;

// clang-format off
static const SumRow sum_rows[] = {
    { "nothing yet", { { FACT_KIND_NONE } }, PAYMENT_STATE_WANTED, 0, 0 },
    { "paid", { { FACT_KIND_STARTED }, { FACT_KIND_CAPTURED, 100 } }, PAYMENT_STATE_CAPTURED, 100, 0 },
    { "refused, then paid", { { FACT_KIND_FAILED }, { FACT_KIND_CAPTURED, 100 } }, PAYMENT_STATE_CAPTURED, 100, 0 },
    { "expired and then paid all the same", { { FACT_KIND_EXPIRED }, { FACT_KIND_CAPTURED, 100 } },
      PAYMENT_STATE_CAPTURED, 100, 0 },
    { "authorised and voided", { { FACT_KIND_AUTHORISED, 100 }, { FACT_KIND_VOIDED } }, PAYMENT_STATE_VOIDED, 0, 0 },
    { "part back", { { FACT_KIND_CAPTURED, 100 }, { FACT_KIND_REFUNDED, 30 } }, PAYMENT_STATE_PART_REFUNDED, 100, 30 },
    { "all back in parts", { { FACT_KIND_CAPTURED, 100 }, { FACT_KIND_REFUNDED, 30 }, { FACT_KIND_REFUNDED, 70 } },
      PAYMENT_STATE_REFUNDED, 100, 100 },
    { "back before it came", { { FACT_KIND_REFUNDED, 30 } }, PAYMENT_STATE_WANTED, 0, 0 },
    { "too little", { { FACT_KIND_CAPTURED, 99 } }, PAYMENT_STATE_DISPUTED, 0, 0 },
    { "too much", { { FACT_KIND_CAPTURED, 101 } }, PAYMENT_STATE_DISPUTED, 0, 0 },
    { "another currency", { { FACT_KIND_CAPTURED, 100, "USD" } }, PAYMENT_STATE_DISPUTED, 0, 0 },
    { "twice", { { FACT_KIND_CAPTURED, 100 }, { FACT_KIND_CAPTURED, 100 } }, PAYMENT_STATE_DISPUTED, 100, 0 },
    { "more back than came", { { FACT_KIND_CAPTURED, 100 }, { FACT_KIND_REFUNDED, 101 } },
      PAYMENT_STATE_DISPUTED, 100, 100 },
    { "charged back", { { FACT_KIND_CAPTURED, 100 }, { FACT_KIND_CHARGED_BACK, 100 } },
      PAYMENT_STATE_DISPUTED, 100, 100 },
    { "charged back and won", { { FACT_KIND_CAPTURED, 100 }, { FACT_KIND_CHARGED_BACK, 100 },
                                { FACT_KIND_DISPUTE_WON, 100 } }, PAYMENT_STATE_CAPTURED, 100, 0 },
};
// clang-format on

static Payment hundred_pounds(void)
{
    return (Payment){ .currency = currency_stored(S("GBP")), .wanted = { 100 } };
}

static void read_row(Ctx *ctx, const SumRow *row, PaymentFactList *ret)
{
    for (size_t i = 0; i < COUNT(row->facts) && row->facts[i].kind; i++) {
        const char *currency = row->facts[i].currency ? row->facts[i].currency : "GBP";
        *list_push(ctx->arena, ret) =
            (PaymentFact){ .record = { .id = (Id)i + 1 },
                           .kind = row->facts[i].kind,
                           .amount = { row->facts[i].minor },
                           .currency = currency_stored(str_from(currency)) };
    }
}

static void check_sum(const SumRow *row, const PaymentFactList *facts)
{
    Payment payment = hundred_pounds();
    PaymentSums sums;
    payment_sum(&payment, facts, &sums);
    CHECK_INT(sums.state, row->state);
    CHECK_INT(sums.captured.minor, row->captured);
    CHECK_INT(sums.refunded.minor, row->refunded);
}

// Told in any order, the facts come to the same: all permutations of up to three.
static void test_facts_in_any_order(void)
{
    static const size_t orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                         { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(sum_rows); i++) {
        PaymentFactList facts = { 0 };
        test_row = sum_rows[i].name;
        read_row(ctx, &sum_rows[i], &facts);
        for (size_t o = 0; o < COUNT(orders); o++) {
            PaymentFactList turned = { 0 };
            for (size_t k = 0; k < 3; k++)
                if (orders[o][k] < facts.len)
                    *list_push(ctx->arena, &turned) = facts.items[orders[o][k]];
            for (size_t k = 0; k < turned.len; k++)
                turned.items[k].record.id = (Id)k + 1;
            check_sum(&sum_rows[i], &turned);
        }
    }
}

static void test_what_may_still_go_back(void)
{
    Refund refunds[] = { { .state = REFUND_STATE_WANTED, .amount = { 20 } },
                         { .state = REFUND_STATE_FAILED, .amount = { 50 } },
                         { .state = REFUND_STATE_DONE, .amount = { 30 } } };
    Payment payment = hundred_pounds();
    payment.captured.minor = 100;
    payment.refunded.minor = 30;
    payment.refunds = (RefundList){ refunds, COUNT(refunds), COUNT(refunds) };
    CHECK_INT(payment_refundable(&payment).minor, 50);
}

// ---- Parcels ------------------------------------------------------------------------------------

static void test_price_by_weight(void)
{
    RateBand rows[] = { { .to_g = 2000, .price = { 400 } },
                        { .to_g = 500, .price = { 250 } },
                        { .to_g = 5000, .price = { 700 }, .per_kg = { 90 } } };
    RateBandList bands = { rows, COUNT(rows), COUNT(rows) };
    static const struct {
        int64_t grams, price;
    } wanted[] = { { 0, 250 },    { 500, 250 },  { 501, 400 },
                   { 5000, 700 }, { 5001, 790 }, { 7000, 880 } };
    Money price;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        CHECK(band_price(&bands, wanted[i].grams, &price));
        CHECK_INT(price.minor, wanted[i].price);
    }
    rows[2].per_kg.minor = 0;
    CHECK(!band_price(&bands, 5001, &price));
    CHECK(!band_price(&(RateBandList){ 0 }, 1, &price));
}

static void test_working_days(void)
{
    Date friday = date_from_ymd(2026, 3, 6), monday = friday + 3;
    CHECK_INT(working_day(friday, 0), friday);
    CHECK_INT(working_day(friday, 1), monday);
    CHECK_INT(working_day(friday + 1, 0), monday);
    CHECK_INT(working_day(friday + 2, 2), monday + 2);
    CHECK_INT(working_day(friday, 5), friday + 7);
}

static void test_postcodes_compare_without_blanks(void)
{
    Ctx *ctx = test_ctx();
    CHECK_STR(postcode_key(ctx->arena, S("bt12 5ab")), "BT125AB");
    CHECK_STR(postcode_key(ctx->arena, S("123-4567")), "1234567");
}

const Test sales_rules_tests[] = {
    { "the headline is right over the whole product of the axes", test_headline_over_all_axes },
    { "an order that costs nothing is paid", test_free_order_is_paid },
    { "each allocation rule takes what it says", test_allocation_rules },
    { "no allocation gives what is not there", test_allocation_laws },
    { "a payment's facts come to the same in any order", test_facts_in_any_order },
    { "what is on its way back cannot go back again", test_what_may_still_go_back },
    { "a parcel costs by its band, and by further kilograms", test_price_by_weight },
    { "weekends are no working days", test_working_days },
    { "postcodes are compared without blanks", test_postcodes_compare_without_blanks },
    { 0 },
};
