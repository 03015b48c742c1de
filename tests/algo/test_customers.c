// test_customers.c - marks, churn, order gaps, calibration.
#include "algo/customers.h"
#include "algo/fields.h"
#include "harness.h"
#include "tool/orders.h"

#include <math.h>

static double chance(Random *random)
{
    return (double)(random_next(random) >> 11) / 9007199254740992.0;
}

static bool is_near(double a, double b, double within)
{
    return fabs(a - b) <= within;
}

static void test_marks(void)
{
    Ctx *ctx = test_ctx();
    Customer customers[10];
    for (int i = 0; i < 10; i++)
        customers[i] = (Customer){ .recency = 10 * i, .frequency = 10 - i, .money = i < 5 };
    customers_mark(ctx->arena, customers, 10);
    CHECK(customers[0].r == 5 && customers[9].r == 1);
    CHECK(customers[0].f == 5 && customers[9].f == 1);
    CHECK(customers[0].m == customers[4].m && customers[5].m == 1);
    CHECK_STR(str_from(customer_segment(&customers[0])), "champion");
    CHECK_STR(str_from(customer_segment(&customers[9])), "lost");
    CHECK_STR(str_from(customer_segment(&(Customer){ .r = 5, .f = 1 })), "new");
    CHECK_STR(str_from(customer_segment(&(Customer){ .r = 1, .f = 5 })), "at risk");
    CHECK_STR(str_from(customer_segment(&(Customer){ .r = 3, .f = 5 })), "loyal");
    CHECK_STR(str_from(customer_segment(&(Customer){ .r = 3, .f = 3 })), "steady");
}

// Customers made with known weights: the model finds them, and on others its chances come true.
static void test_churn(void)
{
    enum { N = 4000 };
    Ctx *ctx = test_ctx();
    Random random = { 43 };
    double *x = NEW_ARRAY(ctx->arena, double, N * 2),
           *chances = NEW_ARRAY(ctx->arena, double, N / 2);
    bool *came = NEW_ARRAY(ctx->arena, bool, N);
    for (int i = 0; i < N; i++) {
        x[2 * i] = 200 * chance(&random);     // days since the last order
        x[2 * i + 1] = 20 * chance(&random);  // orders a year
        double sum = -1 + 0.02 * x[2 * i] - 0.15 * x[2 * i + 1];
        came[i] = chance(&random) < 1 / (1 + exp(-sum));
    }
    Logistic model = logistic_fit(ctx->arena, x, came, N / 2, 2, 1);
    CHECK(is_near(model.weights[1] / model.deviations[0], 0.02, 0.004));
    CHECK(is_near(model.weights[2] / model.deviations[1], -0.15, 0.03));
    for (int i = 0; i < N / 2; i++)
        chances[i] = logistic_chance(&model, x + N + 2 * i);
    Calibration calibration = calibration_of(chances, came + N / 2, N / 2);
    CHECK(calibration.off < 0.03);
    for (int bin = 0; bin < CALIBRATION_BINS; bin++)
        CHECK(calibration.counts[bin] < 60 ||
              is_near(calibration.told[bin], calibration.came[bin], 0.1));
}

// A feature that divides the classes does not run away.
static void test_divided(void)
{
    static const double x[] = { 1, 2, 3, 4, 5, 6 };
    static const bool came[] = { false, false, false, true, true, true };
    Ctx *ctx = test_ctx();
    Logistic model = logistic_fit(ctx->arena, x, came, 6, 1, 1);
    CHECK(isfinite(model.weights[1]) && fabs(model.weights[1]) < 5);
    CHECK(logistic_chance(&model, &x[0]) < 0.4 && logistic_chance(&model, &x[5]) > 0.6);
    static const bool never[6] = { false };
    Logistic none = logistic_fit(ctx->arena, x, never, 6, 1, 1);
    CHECK(logistic_chance(&none, &x[3]) < 0.01);
}

static void test_gaps(void)
{
    enum { N = 3000 };
    Ctx *ctx = test_ctx();
    Random random = { 47 };
    double *gaps = NEW_ARRAY(ctx->arena, double, N);
    bool *is_open = NEW_ARRAY(ctx->arena, bool, N);
    for (int i = 0; i < N; i++) {
        double whole = 30 * pow(-log(1 - chance(&random)), 1 / 1.6), seen = 60 * chance(&random);
        is_open[i] = seen < whole;
        gaps[i] = fmax(fmin(whole, seen), 1e-3);
    }
    Gaps found = gaps_fit(gaps, is_open, N);
    CHECK(is_near(found.shape, 1.6, 0.1) && is_near(found.scale, 30, 1.5));
    CHECK(gaps_survival(&found, 0) == 1 && gaps_survival(&found, 1e6) < 1e-9);
    CHECK(is_near(gaps_return(&found, 0, 30), 1 - gaps_survival(&found, 30), 1e-12));
    Gaps one = gaps_fit((double[]){ 10, 20 }, (bool[]){ false, true }, 2);
    CHECK(one.shape == 1 && is_near(one.scale, 30, 1e-9));  // 30 days watched for one order
}

static void test_calibration(void)
{
    static const double chances[] = { 0.05, 0.05, 0.95, 1.0 };
    static const bool came[] = { false, true, true, true };
    Calibration c = calibration_of(chances, came, 4);
    CHECK(c.counts[0] == 2 && c.counts[9] == 2 && c.came[0] == 0.5 && c.came[9] == 1);
    CHECK(is_near(c.brier, (0.0025 + 0.9025 + 0.0025) / 4, 1e-12));
    CHECK(is_near(c.off, (0.9 + 0.05) / 4, 1e-12));
}

// ---- The tool's files ---------------------------------------------------------------------------

// Forty customers who order each week, forty who did so only in the first half: of the others' next
// month the model must be nearly sure.
static Str two_kinds(Ctx *ctx)
{
    Buf out = { .arena = ctx->arena };
    Date first = date_from_ymd(2026, 1, 1);
    buf_c(&out, "amount;customer;date\n");
    for (int c = 0; c < 80; c++)
        for (int week = 0; week < (c % 2 ? 30 : 12); week++)
            buf_printf(&out, "%d.50;C%d;" STR_FMT "\n", c, c,
                       STR_ARG(date_text(ctx->arena, first + 7 * week + c % 5)));
    return buf_str(&out);
}

static double told(Ctx *ctx, Str answers, const char *id)
{
    Str line;
    double chance = -1;
    while (str_next(&answers, '\n', &line)) {
        const Json *json;
        if (line.len == 0)
            continue;
        CHECK_OK(ctx, json_parse(ctx, line, &json));
        if (str_is(json_get(json, "id")->text, id))
            CHECK(field_double(json_get(json, "returns"), &chance));
    }
    return chance;
}

static void test_who_comes_back(void)
{
    Ctx *ctx = test_ctx();
    Orders orders;
    Buf out = { .arena = ctx->arena }, calibration = { .arena = ctx->arena };
    CHECK_OK(ctx, orders_read(ctx, two_kinds(ctx), &orders));
    CHECK_INT(orders.shoppers.len, 80);
    CHECK_OK(ctx, orders_answer(ctx, &orders, orders.last + 1, 30, &out));
    CHECK(told(ctx, buf_str(&out), "C1") > 0.9);
    CHECK(told(ctx, buf_str(&out), "C2") < 0.1);
    CHECK_OK(ctx, orders_calibration(ctx, &orders, orders.last + 1, 30, &calibration));
    CHECK(str_find(buf_str(&calibration), S("Gaps between orders: 40 customers")) > 0);
}

static void test_orders_refused(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        { "customer,date\nA,2026-01-01\n", "the first row names no column 'amount'" },
        { "customer,date,amount\n", "there are no orders in it" },
        { "customer,date,amount\nA,2026-13-01,1\n", "line 2: the date is not like 2026-11-21" },
        { "customer,date,amount\nA,2026-01-01,much\n", "line 2: the amount is no number" },
        { "customer,date,amount\nA\n", "line 2: too few columns" },
    };
    Ctx *ctx = test_ctx();
    Orders orders;
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; i < COUNT(cases); i++) {
        test_row = cases[i].why;
        CHECK(orders_read(ctx, str_from(cases[i].text), &orders) == E_INVALID);
        CHECK_STR(ctx->failure.message, cases[i].why);
        ctx_recover(ctx);
    }
    CHECK_OK(ctx, orders_read(ctx, S("customer,date,amount\nA,2026-01-09,1\n"), &orders));
    CHECK_FAILS(ctx, "orders.few", orders_answer(ctx, &orders, orders.last + 1, 45, &out));
}

const Test customers_tests[] = {
    { "marks are fifths, equal for equals", test_marks },
    { "churn: weights are found, chances come true", test_churn },
    { "a feature that divides all does not run away", test_divided },
    { "gaps between orders, the open ones too", test_gaps },
    { "calibration, counted by hand", test_calibration },
    { "who comes back is told from the orders of a file", test_who_comes_back },
    { "a file that tells nothing is refused by line and reason", test_orders_refused },
    { 0 },
};
