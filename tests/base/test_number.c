// test_number.c - exact numbers: the rows are the specification.
#include "base/number.h"

#include "harness.h"

static void test_rounding(void)
{
    // clang-format off
    static const struct {
        const char *row;
        int64_t value, unit;
        Rounding how;
        int64_t want;
    } rows[] = {
        { "half goes away from zero",      25, 10, ROUND_HALF_UP,    3 },
        { "also below zero",              -25, 10, ROUND_HALF_UP,   -3 },
        { "half goes to even",             25, 10, ROUND_HALF_EVEN,  2 },
        { "and to even again",             35, 10, ROUND_HALF_EVEN,  4 },
        { "to even below zero",           -25, 10, ROUND_HALF_EVEN, -2 },
        { "more than half goes up",        26, 10, ROUND_HALF_EVEN,  3 },
        { "down is toward zero",          -29, 10, ROUND_DOWN,      -2 },
        { "up is away from zero",         -21, 10, ROUND_UP,        -3 },
        { "floor is toward minus",        -21, 10, ROUND_FLOOR,     -3 },
        { "floor above zero cuts",         29, 10, ROUND_FLOOR,      2 },
        { "ceil is toward plus",          -29, 10, ROUND_CEIL,      -2 },
        { "ceil above zero goes up",       21, 10, ROUND_CEIL,       3 },
        { "exact stays exact",             30, 10, ROUND_UP,         3 },
        { "odd unit: just below half",      1,  3, ROUND_HALF_UP,    0 },
        { "odd unit: just above half",      2,  3, ROUND_HALF_UP,    1 },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK_INT((int64_t)wide_div(rows[i].value, rows[i].unit, rows[i].how), rows[i].want);
    }
}

static void test_split_adds_up(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 20000; round++) {
        int64_t weights[8], sum = 0;
        Money parts[8], total = { random_below(ctx->random, 2000000000) - 1000000000 };
        size_t n = 1 + (size_t)random_below(ctx->random, 8);
        for (size_t i = 0; i < n; i++)
            weights[i] = random_below(ctx->random, 4) ? random_below(ctx->random, 1000) : 0;
        money_split(total, weights, n, parts);
        for (size_t i = 0; i < n; i++)
            sum += parts[i].minor;
        CHECK_INT(sum, total.minor);
    }
    Money parts[3];
    money_split((Money){ 100 }, (int64_t[]){ 0, 0, 0 }, 3, parts);
    CHECK(parts[0].minor == 33 && parts[1].minor == 34 && parts[2].minor == 33);
    money_split((Money){ 100 }, (int64_t[]){ 1, 0, 1 }, 3, parts);
    CHECK(parts[0].minor == 50 && parts[1].minor == 0 && parts[2].minor == 50);
}

static void test_overflow_is_an_error(void)
{
    Ctx *ctx = test_ctx();
    Money result = { 7 };
    CHECK_FAILS(ctx, "number.range", money_add(ctx, (Money){ INT64_MAX }, (Money){ 1 }, &result));
    CHECK_INT(result.minor, 7);
    CHECK_FAILS(ctx, "number.range",
                money_from_wide(ctx, (Wide)INT64_MAX * 3, 1, ROUND_DOWN, &result));
    CHECK_OK(ctx, money_share(ctx, (Money){ INT64_MAX }, 3, 3, ROUND_HALF_UP, &result));
    CHECK_INT(result.minor, INT64_MAX);
}

static void test_decimal_text(void)
{
    // clang-format off
    static const struct {
        const char *text;
        int digits;
        bool ok;
        int64_t value;
        const char *back;
    } rows[] = {
        { "0",                     2, true,  0,       "0.00" },
        { "12.5",                  2, true,  1250,    "12.50" },
        { "-12.50",                2, true,  -1250,   "-12.50" },
        { "-0.01",                 2, true,  -1,      "-0.01" },
        { ".5",                    2, true,  50,      "0.50" },
        { "12.500",                2, true,  1250,    "12.50" },
        { "12.505",                2, false, 0,       NULL },
        { "5",                     0, true,  5,       "5" },
        { "5.0",                   0, true,  5,       "5" },
        { "5.",                    2, false, 0,       NULL },
        { "",                      2, false, 0,       NULL },
        { "-",                     2, false, 0,       NULL },
        { ".",                     2, false, 0,       NULL },
        { "1e3",                   2, false, 0,       NULL },
        { "1,000",                 2, false, 0,       NULL },
        { "+1",                    2, false, 0,       NULL },
        { "1.2.3",                 2, false, 0,       NULL },
        { "9223372036854775807",   0, true,  INT64_MAX, "9223372036854775807" },
        { "9223372036854775808",   0, false, 0,       NULL },
        { "92233720368547758.07",  2, true,  INT64_MAX, "92233720368547758.07" },
        { "92233720368547758.08",  2, false, 0,       NULL },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t value = 0;
        test_row = rows[i].text;
        CHECK(decimal_parse(str_from(rows[i].text), rows[i].digits, &value) == rows[i].ok);
        CHECK_INT(value, rows[i].value);
        if (rows[i].ok)
            CHECK_STR(decimal_text(ctx->arena, value, rows[i].digits), rows[i].back);
    }
    test_row = NULL;
    CHECK_STR(decimal_short(ctx->arena, 12500000, 6), "12.5");
    CHECK_STR(decimal_short(ctx->arena, 12000000, 6), "12");
    CHECK_STR(decimal_short(ctx->arena, -1, 6), "-0.000001");
    CHECK_STR(decimal_short(ctx->arena, 100, 0), "100");
}

const Test number_tests[] = {
    { "rounding", test_rounding },
    { "split adds up", test_split_adds_up },
    { "overflow is an error", test_overflow_is_an_error },
    { "decimal text", test_decimal_text },
    { 0 },
};
