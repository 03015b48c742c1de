// test_currency.c - the list of currencies against the standard, and amounts as text and converted.
#include "base/currency.h"

#include "base/map.h"
#include "harness.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static CurrencyCode code(const char *text)
{
    CurrencyCode currency = { 0 };
    CHECK(currency_parse(str_from(text), &currency));
    return currency;
}

static void test_list_is_in_order_and_whole(void)
{
    Ctx *ctx = test_ctx();
    size_t count;
    const CurrencyInfo *list = currency_list(&count);
    Map names = { .arena = ctx->arena };
    CHECK(count > 150);
    for (size_t i = 0; i < count; i++) {
        test_row = list[i].code;
        CHECK(strlen(list[i].code) == 3);
        CHECK(i == 0 || strcmp(list[i - 1].code, list[i].code) < 0);
        CHECK(map_put(&names, str_from(list[i].name), NULL));
        CHECK_INT(currency_digits(code(list[i].code)), list[i].digits);
        CHECK_STR(str_from(currency_name(code(list[i].code))), list[i].name);
    }
}

static void test_codes(void)
{
    static const char *const refused[] = { "",     "EU",  "EURO", "eur", "Eur", " EUR", "EUR ",
                                           "E\nR", "ZZZ", "DEM",  "HRK", "XAU", "XXX",  "XTS" };
    CurrencyCode euro = code("EUR"), none = { 0 };
    CHECK_STR(currency_text(&euro), "EUR");
    CHECK_STR(currency_text(&none), "");
    CHECK_STR(str_from(currency_name(euro)), "Euro");
    CHECK_STR(str_from(currency_name(none)), "");
    CHECK(currency_eq(euro, code("EUR")));
    CHECK(!currency_eq(euro, code("USD")));
    CHECK(!currency_eq(euro, none));
    for (size_t i = 0; i < COUNT(refused); i++) {
        CurrencyCode currency = euro;
        test_row = refused[i];
        CHECK(!currency_parse(str_from(refused[i]), &currency));
        CHECK(currency_eq(currency, euro));
    }
    CHECK(!currency_parse((Str){ "EU\0", 3 }, &euro));
    CHECK(!currency_parse((Str){ "\0\0\0", 3 }, &euro));
}

static void test_digits_and_minor_units(void)
{
    // clang-format off
    static const struct {
        const char *row;
        int digits;
        int64_t minor;
    } rows[] = {
        { "EUR", 2, INT64_C(10000000000) },
        { "BDT", 2, INT64_C(10000000000) },
        { "JPY", 0, INT64_C(1000000000000) },
        { "KWD", 3, INT64_C(1000000000) },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK_INT(currency_digits(code(rows[i].row)), rows[i].digits);
        CHECK_INT(currency_minor(code(rows[i].row)), rows[i].minor);
    }
    CHECK_INT(currency_digits((CurrencyCode){ 0 }), 2);
    CHECK_INT(currency_minor((CurrencyCode){ 0 }), INT64_C(10000000000));
}

// ---- Withdrawn codes ----------------------------------------------------------------------------

static const struct {
    const char *codes;
    int digits;
} withdrawn[] = {
    { "BEF BYB BYR ESP GRD ITL LUF MGF PTE TRL", 0 },
    { "AFA ANG ATS AZM BGL BGN CSD CUC CYP DEM EEK FIM FRF GHC HRK IEP LTL LVL MRO MTL MZM NLG ROL"
      " RUR SDD SIT SKK SLL SRG STD TMM VEB VEF YUM ZMK ZWD ZWL",
      2 },
};

static void check_withdrawn(Str text, int digits, Map *names)
{
    CurrencyCode currency = currency_stored(text), parsed = { "EUR" };
    CHECK(!currency_parse(text, &parsed));
    CHECK_STR(currency_text(&parsed), "EUR");
    CHECK(currency_is_known(currency));
    CHECK_INT(currency_digits(currency), digits);
    CHECK_INT(currency_minor(currency), power10(12 - digits));
    CHECK(map_put(names, str_from(currency_name(currency)), NULL));
}

static void test_withdrawn_codes_are_refused_but_known(void)
{
    Ctx *ctx = test_ctx();
    size_t count;
    const CurrencyInfo *list = currency_list(&count);
    Map names = { .arena = ctx->arena };
    map_put(&names, S(""), NULL);
    for (size_t i = 0; i < count; i++)
        map_put(&names, str_from(list[i].name), NULL);
    for (size_t i = 0; i < COUNT(withdrawn); i++) {
        Str rest = str_from(withdrawn[i].codes), word;
        while (str_next_word(&rest, &word)) {
            test_row = str_c(ctx->arena, word);
            check_withdrawn(word, withdrawn[i].digits, &names);
        }
    }
    test_row = NULL;
    CHECK_STR(str_from(currency_name(currency_stored(S("HRK")))), "Kuna");
    CHECK_STR(str_from(currency_name(currency_stored(S("SLL")))), "Leone (until 2023)");
    CHECK_STR(str_from(currency_name(currency_stored(S("SLE")))), "Leone");
    CHECK_STR(money_text(ctx->arena, (Money){ 123456 }, currency_stored(S("ITL"))), "123456");
    CHECK_STR(money_text(ctx->arena, (Money){ 123456 }, currency_stored(S("BGN"))), "1234.56");
}

static void test_every_code_has_an_answer(void)
{
    static const char *const unknown[] = { "XYZ", "eur", "E", "EU", "ZZZZ", "\xff\xff\xff", " " };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(unknown); i++) {
        CurrencyCode currency = currency_stored(str_from(unknown[i]));
        test_row = unknown[i];
        CHECK(!currency_is_known(currency));
        CHECK_INT(currency_digits(currency), 2);
        CHECK_INT(currency_minor(currency), INT64_C(10000000000));
        CHECK_STR(str_from(currency_name(currency)), "");
        CHECK(str_eq(currency_text(&currency), str_sub(str_from(unknown[i]), 0, 3)));
        CHECK_STR(money_text(ctx->arena, (Money){ -1050 }, currency), "-10.50");
    }
    test_row = NULL;
    CurrencyCode endless = { { 'E', 'U', 'R', 'O' } };
    CHECK(!currency_is_known(endless));
    CHECK_INT(currency_digits(endless), 2);
    CHECK_STR(currency_text(&endless), "EUR");
    CHECK(currency_eq(currency_stored(S("")), (CurrencyCode){ 0 }));
    CHECK(currency_eq(currency_stored((Str){ 0 }), (CurrencyCode){ 0 }));
    CHECK(currency_is_known((CurrencyCode){ 0 }));
    CHECK(currency_is_known(code("EUR")));
}

// ---- The standard's own table -------------------------------------------------------------------

typedef struct {
    Str code, digits, withdrawn;
} IsoRow;

// Takes the last field off a line. Only the first two fields, which nobody asks for, are ever
// quoted.
static Str last_field(Str *line)
{
    ptrdiff_t comma = str_rfind_char(*line, ',');
    Str field = str_from_at(*line, (size_t)(comma + 1));
    *line = str_sub(*line, 0, comma < 0 ? 0 : (size_t)comma);
    return field;
}

static IsoRow iso_row(Str line)
{
    line = str_trim(line);
    Str withdrawn = last_field(&line), digits = last_field(&line);
    last_field(&line);  // the number
    return (IsoRow){ .code = last_field(&line), .digits = digits, .withdrawn = withdrawn };
}

static bool is_left_out(Str text)
{
    static const char *const units[] = { "BOV", "CHE", "CHW", "CLF", "COU",
                                         "MXV", "USN", "UYI", "UYW", "XAD" };
    for (size_t i = 0; i < COUNT(units); i++)
        if (str_is(text, units[i]))
            return true;
    return false;
}

static bool is_currency(IsoRow row)
{
    return row.code.len == 3 && row.withdrawn.len == 0 && row.digits.len == 1 &&
           row.digits.ptr[0] != '-' && !is_left_out(row.code);
}

static void test_list_is_the_standards(void)
{
    if (!test_shared()) {
        test_skip("no shared data");
        return;
    }
    Ctx *ctx = test_ctx();
    Str path = str_format(ctx->arena, "%s/data/reference/iso4217.csv", test_shared());
    const Str table = test_read_file(ctx->arena, path.ptr);
    Map current = { .arena = ctx->arena };
    Str rest = table, line;
    str_next(&rest, '\n', &line);  // the heads of the columns
    while (str_next(&rest, '\n', &line)) {
        IsoRow row = iso_row(line);
        CurrencyCode currency;
        if (!is_currency(row))
            continue;
        test_row = str_c(ctx->arena, row.code);
        map_put(&current, row.code, NULL);
        CHECK(currency_parse(row.code, &currency));
        CHECK_INT(currency_digits(currency), row.digits.ptr[0] - '0');
    }
    size_t count, withdrawn = 0;
    currency_list(&count);
    test_row = NULL;
    CHECK_INT((int64_t)count, (int64_t)current.len);

    Map refused = { .arena = ctx->arena };
    for (rest = table; str_next(&rest, '\n', &line);) {
        IsoRow row = iso_row(line);
        CurrencyCode currency;
        bool known = !map_put(&current, row.code, NULL);
        if (known || row.code.len != 3)
            continue;
        test_row = str_c(ctx->arena, row.code);
        CHECK(!currency_parse(row.code, &currency));
        CHECK(map_put(&refused, row.code, NULL));
        withdrawn += row.withdrawn.len > 0;
    }
    test_row = NULL;
    CHECK(withdrawn > 100);
}

// Units, codes that lasted months, and currencies in which no trading company invoiced.
static bool is_never_invoiced(Str text)
{
    static const char *const codes[] = { "ADP", "AON", "AOR", "AYM", "CHC", "ECS",
                                         "ECV", "GHP", "TJR", "TPE", "USS", "XEU",
                                         "XFO", "XFU", "XRE", "ZRN", "ZWN", "ZWR" };
    for (size_t i = 0; i < COUNT(codes); i++)
        if (str_is(text, codes[i]))
            return true;
    return false;
}

// The years come first in their column ("2006-10", "1989 to 1990").
static void test_withdrawn_codes_are_the_standards(void)
{
    if (!test_shared()) {
        test_skip("no shared data");
        return;
    }
    Ctx *ctx = test_ctx();
    Str path = str_format(ctx->arena, "%s/data/reference/iso4217.csv", test_shared());
    Str rest = test_read_file(ctx->arena, path.ptr), line;
    Map known = { .arena = ctx->arena };
    str_next(&rest, '\n', &line);  // the heads of the columns
    while (str_next(&rest, '\n', &line)) {
        IsoRow row = iso_row(line);
        CurrencyCode currency;
        if (str_compare(row.withdrawn, S("1999")) < 0 || currency_parse(row.code, &currency))
            continue;
        test_row = str_c(ctx->arena, row.code);
        CHECK(currency_is_known(currency_stored(row.code)) != is_never_invoiced(row.code));
        if (!is_never_invoiced(row.code))
            map_put(&known, row.code, NULL);
    }
    size_t listed = 0;
    for (size_t i = 0; i < COUNT(withdrawn); i++)
        listed += (strlen(withdrawn[i].codes) + 1) / 4;
    test_row = NULL;
    CHECK_INT((int64_t)known.len, (int64_t)listed);
}

// ---- Amounts ------------------------------------------------------------------------------------

static void test_amounts_as_text(void)
{
    // clang-format off
    static const struct {
        const char *row, *currency;
        bool ok;
        int64_t minor;
        const char *back;
    } rows[] = {
        { "1234.5",               "BDT", true,  123450,    "1234.50" },
        { "-0.05",                "EUR", true,  -5,        "-0.05" },
        { "1234",                 "JPY", true,  1234,      "1234" },
        { "1234.00",              "JPY", true,  1234,      "1234" },
        { "1234.5",               "JPY", false, 0,         NULL },
        { "1.234",                "KWD", true,  1234,      "1.234" },
        { "1.234",                "USD", false, 0,         NULL },
        { "1.2345",               "KWD", false, 0,         NULL },
        { "1,234",                "USD", false, 0,         NULL },
        { "12 USD",               "USD", false, 0,         NULL },
        { "",                     "USD", false, 0,         NULL },
        { "92233720368547758.07", "USD", true,  INT64_MAX, "92233720368547758.07" },
        { "92233720368547758.08", "USD", false, 0,         NULL },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Money amount = { 0 };
        CurrencyCode currency = code(rows[i].currency);
        test_row = rows[i].row;
        CHECK(money_parse(str_from(rows[i].row), currency, &amount) == rows[i].ok);
        CHECK_INT(amount.minor, rows[i].minor);
        if (rows[i].ok)
            CHECK_STR(money_text(ctx->arena, amount, currency), rows[i].back);
    }
}

static void test_conversion(void)
{
    // clang-format off
    static const struct {
        const char *row, *amount, *from, *to, *rate, *want;
    } rows[] = {
        { "dearer than base: multiply",   "100.00",  "USD", "BDT", "122.5",         "12250.00" },
        { "and back: divide",             "12250.00","BDT", "USD", "-122.5",        "100.00" },
        { "cheaper than base: divide",    "10000",   "JPY", "BDT", "-1.25",         "8000.00" },
        { "rounded to the cent",          "1.00",    "BDT", "USD", "-122.5",        "0.01" },
        { "rounded to nothing",           "0.50",    "BDT", "USD", "-122.5",        "0.00" },
        { "the ninth decimal counts", "1000000.00", "USD", "BDT", "122.123456785", "122123456.79" },
        { "no decimals to three",         "1000",    "JPY", "KWD", "-480",          "2.083" },
        { "three decimals to none",       "2.083",   "KWD", "JPY", "480",           "1000" },
        { "three decimals to two",        "1.234",   "KWD", "BDT", "398.123456789", "491.28" },
        { "two decimals to none",         "0.01",    "USD", "JPY", "149",           "1" },
        { "half goes up",                 "0.01",    "USD", "JPY", "150",           "2" },
        { "half goes away from zero",     "-0.01",   "USD", "JPY", "150",           "-2" },
        { "half goes up when divided",    "0.01",    "EUR", "USD", "-2",            "0.01" },
        { "a rate of one",                "92233720368547758.07", "USD", "PAB", "1",
          "92233720368547758.07" },
        { "one the other way",            "92233720368547758.07", "USD", "PAB", "-1",
          "92233720368547758.07" },
        { "zero is the same currency",    "12.34",   "EUR", "EUR", "0",             "12.34" },
        { "nothing",                      "0.00",    "USD", "BDT", "122.5",         "0.00" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        CurrencyCode from = code(rows[i].from), to = code(rows[i].to);
        Money amount = { 0 }, result = { -1 };
        Fx rate = { 0 };
        test_row = rows[i].row;
        CHECK(money_parse(str_from(rows[i].amount), from, &amount));
        CHECK(decimal_parse(str_from(rows[i].rate), 9, &rate.nano));
        CHECK_OK(ctx, money_convert(ctx, amount, from, to, rate, &result));
        CHECK_STR(money_text(ctx->arena, result, to), rows[i].want);
    }
}

// With a rate of 1 or more, an amount taken to the cheaper currency of as many decimals or more and
// back is the same again: what rounding took is less than half a minor unit of the dearer one.
static void test_conversion_there_and_back(void)
{
    static const char *const pairs[][2] = {
        { "USD", "BDT" }, { "JPY", "KRW" }, { "JPY", "KWD" }, { "EUR", "KWD" }, { "KWD", "BHD" }
    };
    Ctx *ctx = test_ctx();
    for (int i = 0; i < 20000; i++) {
        const char *const *pair = pairs[random_below(ctx->random, COUNT(pairs))];
        CurrencyCode dear = code(pair[0]), cheap = code(pair[1]);
        Money amount = { random_below(ctx->random, 2 * INT64_C(1000000000)) - 1000000000 };
        Money there = { 0 }, back = { 0 };
        Fx rate = { NANO + random_below(ctx->random, INT64_C(500) * NANO) };
        CHECK_OK(ctx, money_convert(ctx, amount, dear, cheap, rate, &there));
        CHECK_OK(ctx, money_convert(ctx, there, cheap, dear, (Fx){ -rate.nano }, &back));
        CHECK_INT(back.minor, amount.minor);
    }
}

static void test_conversion_that_overflows_is_refused(void)
{
    // clang-format off
    static const struct {
        const char *row, *from, *to;
        int64_t minor, rate;
    } rows[] = {
        { "multiplied",             "USD", "BDT", INT64_MAX,     INT64_C(122500000000) },
        { "below zero",             "USD", "BDT", INT64_MIN,     INT64_C(122500000000) },
        { "just over",              "USD", "PAB", INT64_MAX,     NANO + 1 },
        { "through the decimals",   "JPY", "KWD", INT64_MAX / 2, -NANO },
        { "beyond 128 bits",        "JPY", "KWD", INT64_MAX,     INT64_MAX },
        { "the other end of them",  "JPY", "KWD", INT64_MIN,     INT64_MAX },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Money result = { 7 };
        test_row = rows[i].row;
        CHECK_FAILS(ctx, "number.range",
                    money_convert(ctx, (Money){ rows[i].minor }, code(rows[i].from),
                                  code(rows[i].to), (Fx){ rows[i].rate }, &result));
        CHECK_INT(result.minor, 7);
    }
    Money result = { 7 };
    test_row = NULL;
    CHECK_OK(ctx, money_convert(ctx, (Money){ INT64_MAX }, code("JPY"), code("USD"),
                                (Fx){ INT64_MIN }, &result));
    CHECK_INT(result.minor, 100000000000);
}

// ---- Mistakes of ours ---------------------------------------------------------------------------

// Runs fn in a process of its own, since it shall end it.
static bool ends_in_abort(void (*fn)(void))
{
    pid_t child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);  // the assertion's words
        fn();
        _exit(0);
    }
    int how = 0;
    CHECK(child > 0 && waitpid(child, &how, 0) == child);
    return WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT;
}

static void convert_without_a_rate(void)
{
    Ctx *ctx = test_ctx();
    Money result;
    if (money_convert(ctx, (Money){ 1 }, code("EUR"), code("USD"), (Fx){ 0 }, &result) != OK)
        _exit(1);
}

static void convert_within_one_currency(void)
{
    Ctx *ctx = test_ctx();
    Money result;
    if (money_convert(ctx, (Money){ 1 }, code("EUR"), code("EUR"), (Fx){ 0 }, &result) != OK)
        _exit(1);
}

static void test_mistakes_are_asserted(void)
{
    CHECK(ends_in_abort(convert_without_a_rate));
    CHECK(!ends_in_abort(convert_within_one_currency));
}

const Test currency_tests[] = {
    { "the list is in order and whole", test_list_is_in_order_and_whole },
    { "codes", test_codes },
    { "digits and minor units", test_digits_and_minor_units },
    { "withdrawn codes are refused but known", test_withdrawn_codes_are_refused_but_known },
    { "every code has an answer", test_every_code_has_an_answer },
    { "the list is the standard's", test_list_is_the_standards },
    { "the withdrawn codes are the standard's", test_withdrawn_codes_are_the_standards },
    { "amounts as text", test_amounts_as_text },
    { "conversion", test_conversion },
    { "conversion there and back", test_conversion_there_and_back },
    { "conversion that overflows is refused", test_conversion_that_overflows_is_refused },
    { "mistakes of ours are asserted", test_mistakes_are_asserted },
    { 0 },
};
