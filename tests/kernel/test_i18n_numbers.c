// test_i18n_numbers.c - numbers and days, as languages show them and as people type them.
#include "harness.h"

#include "kernel/i18n.h"
#include "kernel/tenant.h"

#include <unicode/uloc.h>

static const char *const tags[] = { "en",
                                    "en-US",
                                    "en-GB",
                                    "en-IN",
                                    "de",
                                    "de-CH",
                                    "es",
                                    "es-CO",
                                    "fr",
                                    "bn",
                                    "hi",
                                    "ar",
                                    "ja",
                                    "sv",
                                    "fa-u-nu-native",
                                    "he",
                                    "pl",
                                    "th",
                                    "bn-u-nu-native",
                                    "hi-u-nu-native",
                                    "ar-u-nu-native" };

// In the tag's language, at UTC.
static Ctx *in(const char *tag)
{
    Ctx *ctx = test_ctx();
    locale_enter(ctx, locale_best(S(""), str_from(tag)), zone_find(S("UTC")));
    return ctx;
}

static CurrencyCode currency(const char *code)
{
    return currency_stored(str_from(code));
}

// ---- Shown --------------------------------------------------------------------------------------

static void test_amounts(void)
{
    static const struct {
        const char *tag, *currency;
        int64_t minor;
        const char *shown;
    } rows[] = {
        { "en", "EUR", 0, "0.00" },
        { "en", "EUR", 5, "0.05" },
        { "en", "EUR", 123456789, "1,234,567.89" },
        { "en", "EUR", -123456789, "−1,234,567.89" },
        { "en", "EUR", 99999, "999.99" },
        { "en", "EUR", 100000, "1,000.00" },
        { "en", "JPY", 1234567, "1,234,567" },
        { "en", "KWD", 1234567, "1,234.567" },
        { "en", "EUR", INT64_MAX, "92,233,720,368,547,758.07" },
        { "en", "EUR", INT64_MIN, "−92,233,720,368,547,758.08" },
        { "en-IN", "INR", 99999, "999.99" },
        { "en-IN", "INR", 123456789, "12,34,567.89" },
        { "en-IN", "INR", 1234567890123, "12,34,56,78,901.23" },
        { "hi", "INR", 123456789, "12,34,567.89" },
        { "bn", "BDT", 123456789, "12,34,567.89" },
        { "de", "EUR", 123456789, "1.234.567,89" },
        { "de-CH", "CHF", 123456789, "1’234’567.89" },
        { "es", "EUR", 123456789, "1.234.567,89" },
        { "es", "EUR", 123456, "1.234,56" },  // as in a column, also below ten thousand
        { "es-CO", "COP", 123456789, "1.234.567,89" },
        { "fr", "EUR", -123456789, "−1\u202F234\u202F567,89" },
        { "sv", "SEK", 123456, "1\u00A0234,56" },
        { "ja", "JPY", -1234567, "−1,234,567" },
        { "ar", "AED", -123456, "\u200E−1,234.56" },
        { "he", "ILS", -123456, "\u200E−1,234.56" },
        { "ar-u-nu-native", "AED", -123456789, "\u061C−١٬٢٣٤٬٥٦٧٫٨٩" },
        { "bn-u-nu-native", "BDT", 123456789, "১২,৩৪,৫৬৭.৮৯" },
        { "hi-u-nu-native", "INR", -123456789, "−१२,३४,५६७.८९" },
        { "bn-u-nu-native", "BDT", INT64_MIN, "−৯২,২৩,৩৭,২০,৩৬,৮৫,৪৭,৭৫৮.০৮" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Ctx *ctx = in(rows[i].tag);
        test_row = str_format(ctx->arena, "%s %lld", rows[i].tag, (long long)rows[i].minor).ptr;
        CHECK_STR(show_money(ctx, (Money){ rows[i].minor }, currency(rows[i].currency)),
                  rows[i].shown);
    }
}

static void test_places(void)
{
    Ctx *ctx = in("en");
    CurrencyCode euro = currency("EUR");
    CHECK_STR(show_price(ctx, (Price){ 1500000 }, euro), "1.50");
    CHECK_STR(show_price(ctx, (Price){ 1234500 }, euro), "1.2345");
    CHECK_STR(show_price(ctx, (Price){ -1 }, euro), "−0.000001");
    CHECK_STR(show_price(ctx, (Price){ 1234000000 }, currency("JPY")), "1,234");
    CHECK_STR(show_qty(ctx, (Qty){ 12 * MICRO }, 0), "12");
    CHECK_STR(show_qty(ctx, (Qty){ 12 * MICRO }, 3), "12.000");
    CHECK_STR(show_qty(ctx, (Qty){ 12500000 }, 0), "12.5");  // never cut off
    CHECK_STR(show_qty(ctx, (Qty){ 0 }, 0), "0");
    CHECK_STR(show_number(ctx, 7, 3), "0.007");
    CHECK_STR(show_number(ctx, 1000, 0), "1,000");
    ctx->locale = NULL;  // before anybody is known
    CHECK_STR(show_number(ctx, -1234567, 2), "−12,345.67");
}

static void test_percents(void)
{
    static const struct {
        const char *tag;
        int32_t micro;
        const char *shown;
    } rows[] = {
        { "en", 180000, "18%" },
        { "en", 75000, "7.5%" },
        { "en", 1, "0.0001%" },
        { "en", 0, "0%" },
        { "de", 75000, "7,5\u00A0%" },
        { "es", -180000, "−18\u00A0%" },
        { "fr", 12500000, "1\u202F250\u00A0%" },
        { "ar", 180000, "18\u200E%\u200E" },
        { "ar-u-nu-native", 180000, "١٨٪\u061C" },
        { "bn-u-nu-native", 75000, "৭.৫%" },
        { "ja", 50000, "5%" },
        { "tr", 180000, "%18" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Ctx *ctx = in(rows[i].tag);
        test_row = rows[i].shown;
        CHECK_STR(show_percent(ctx, (Rate){ rows[i].micro }), rows[i].shown);
    }
}

static void test_bytes(void)
{
    static const struct {
        int64_t bytes;
        const char *shown;
    } rows[] = {
        { 0, "0 B" },
        { 999, "999 B" },
        { 1000, "1.0 KB" },
        { 1449, "1.4 KB" },
        { 9949, "9.9 KB" },
        { 9950, "10 KB" },
        { 14499, "14 KB" },
        { 999499, "999 KB" },
        { 999500, "1.0 MB" },
        { 1400000, "1.4 MB" },
        { 25000000000, "25 GB" },
        { 3100000000000, "3.1 TB" },
        { INT64_MAX, "9,223 PB" },
    };
    Ctx *ctx = in("en");
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].shown;
        CHECK_STR(show_bytes(ctx, rows[i].bytes), rows[i].shown);
    }
    CHECK_STR(show_bytes(in("de"), 1400000), "1,4 MB");
}

// The clock of tests stands in March 2026.
static void test_days(void)
{
    static const struct {
        const char *tag, *day, *other_year, *full, *time, *month;
    } rows[] = {
        { "en", "20 Nov", "20 Nov 2027", "20 November 2026", "20 Nov, 14:02", "November 2026" },
        { "en-US", "Nov 20", "Nov 20, 2027", "November 20, 2026", "Nov 20, 2:02\u00A0PM",
          "November 2026" },
        { "en-IN", "20 Nov", "20 Nov 2027", "20 November 2026", "20 Nov, 2:02\u00A0pm",
          "November 2026" },
        { "de", "20. Nov.", "20. Nov. 2027", "20. November 2026", "20. Nov., 14:02",
          "November 2026" },
        { "es", "20 nov", "20 nov 2027", "20 de noviembre de 2026", "20 nov, 14:02",
          "noviembre de 2026" },
        { "es-CO", "20 de nov", "20 de nov de 2027", "20 de noviembre de 2026",
          "20 de nov, 2:02\u00A0p.\u00A0m.", "noviembre de 2026" },
        { "bn-u-nu-native", "২০ নভে", "২০ নভে, ২০২৭", "২০ নভেম্বর, ২০২৬", "২০ নভে, ২:০২ PM",
          "নভেম্বর ২০২৬" },
        { "ar", "20 نوفمبر", "20 نوفمبر 2027", "20 نوفمبر 2026", "20 نوفمبر، 2:02 م",
          "نوفمبر 2026" },
        { "ja", "11月20日", "2027年11月20日", "2026年11月20日", "11月20日 14:02", "2026年11月" },
        { "pl", "20 lis", "20 lis 2027", "20 listopada 2026", "20 lis, 14:02", "listopad 2026" },
        { "th", "20 พ.ย.", "20 พ.ย. 2027", "20 พฤศจิกายน 2026", "20 พ.ย. 14:02 น.",
          "พฤศจิกายน 2026" },
    };
    const Zone *utc = zone_find(S("UTC"));
    Date day = date_from_ymd(2026, 11, 20);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Ctx *ctx = in(rows[i].tag);
        test_row = rows[i].tag;
        CHECK_STR(show_date(ctx, day), rows[i].day);
        CHECK_STR(show_date(ctx, day + 365), rows[i].other_year);
        CHECK_STR(show_date_long(ctx, day), rows[i].full);
        CHECK_STR(show_time(ctx, zone_time(utc, day, 14 * 60 + 2)), rows[i].time);
        CHECK_STR(show_month(ctx, 2026, 11), rows[i].month);
    }
    Ctx *ctx = in("en");
    CHECK_STR(show_date(ctx, 0), "");
    CHECK_STR(show_date_long(ctx, 0), "");
    CHECK_STR(show_time(ctx, 0), "");
    CHECK_STR(show_month(ctx, 2026, 13), "");
}

static void test_clocks(void)
{
    static const struct {
        int minute;
        const char *american, *english;
    } rows[] = {
        { 0, "Nov 20, 12:00\u00A0AM", "20 Nov, 00:00" },
        { 61, "Nov 20, 1:01\u00A0AM", "20 Nov, 01:01" },
        { 12 * 60, "Nov 20, 12:00\u00A0PM", "20 Nov, 12:00" },
        { 23 * 60 + 59, "Nov 20, 11:59\u00A0PM", "20 Nov, 23:59" },
    };
    const Zone *utc = zone_find(S("UTC"));
    Date day = date_from_ymd(2026, 11, 20);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].english;
        Time time = zone_time(utc, day, rows[i].minute);
        CHECK_STR(show_time(in("en-US"), time), rows[i].american);
        CHECK_STR(show_time(in("en"), time), rows[i].english);
    }
}

// Midnight in Dhaka is the evening before in UTC; which year is "this" one is the user's matter,
// too.
static void test_zones(void)
{
    Ctx *ctx = test_ctx();
    const Locale *english = locale_best(S(""), S("en"));
    const Zone *dhaka = zone_find(S("Asia/Dhaka"));
    Time new_year = zone_time(zone_find(S("UTC")), date_from_ymd(2026, 12, 31), 18 * 60);
    locale_enter(ctx, english, dhaka);
    CHECK_STR(show_time(ctx, new_year), "1 Jan 2027, 00:00");
    ctx->now = new_year;
    CHECK_STR(show_time(ctx, new_year), "1 Jan, 00:00");
    Tenant tenant = { .zone = dhaka };
    ctx->tenant = &tenant;
    locale_enter(ctx, english, NULL);
    CHECK_STR(show_time(ctx, new_year), "1 Jan, 00:00");
    ctx->tenant = NULL;
    CHECK_STR(show_time(ctx, new_year), "31 Dec, 18:00");
}

// ---- Typed --------------------------------------------------------------------------------------

enum { REFUSED = -99999999 };

static int64_t typed(Ctx *ctx, Str text, int digits)
{
    int64_t value = REFUSED;
    return read_number(ctx, text, digits, &value) ? value : REFUSED;
}

static void test_typed_numbers(void)
{
    static const struct {
        const char *tag, *text;
        int64_t value;  // in thousandths
    } rows[] = {
        { "en", "0", 0 },
        { "en", "12", 12000 },
        { "en", "1234567", 1234567000 },
        { "en", "12.5", 12500 },
        { "en", ".5", 500 },
        { "en", "007", 7000 },
        { "en", "12.5000", 12500 },
        { "en", "  12 \t", 12000 },
        { "en", "-12", -12000 },
        { "en", "−12", -12000 },
        { "en", "- 12", -12000 },
        { "en", "+12", 12000 },
        { "en", "-0.5", -500 },
        // A single mark before three digits: the locale's meaning.
        { "en", "1,234", 1234000 },
        { "en", "1.234", 1234 },
        { "es", "1,234", 1234 },
        { "es", "1.234", 1234000 },
        { "de", "1.234", 1234000 },
        { "fr", "1,234", 1234 },
        { "fr", "1.234", REFUSED },
        { "de-CH", "1,234", REFUSED },
        { "de-CH", "1.234", 1234 },
        // A single mark that can only be a decimal one.
        { "en", "12,5", 12500 },
        { "en", "1,23", 1230 },
        { "en", "0,125", 125 },
        { "en", "1234,567", 1234567 },
        { "de", "12.5", 12500 },
        { "de", "0.125", 125 },
        { "fr", "12.5", 12500 },
        // Two kinds: the last is the decimal mark.
        { "en", "1,234.5", 1234500 },
        { "en", "1.234,5", 1234500 },
        { "de", "1,234.5", 1234500 },
        { "en", "1,234,567.8", 1234567800 },
        { "en", "1.234.567,8", 1234567800 },
        { "en", "1 234 567,8", 1234567800 },
        { "en", "1'234'567.8", 1234567800 },
        { "de", "1’234’567,8", 1234567800 },
        // One kind, repeated: groups.
        { "en", "1,234,567", 1234567000 },
        { "en", "1.234.567", 1234567000 },
        { "en", "1 234 567", 1234567000 },
        { "en", "1\u00A0234\u202F567", 1234567000 },
        { "en", "1\u2009234", 1234000 },
        { "en", "123,456", 123456000 },
        // Lakhs only where they are usual.
        { "en-IN", "12,34,567.8", 1234567800 },
        { "en-IN", "1,234,567.8", 1234567800 },
        { "hi", "12,34,567", 1234567000 },
        { "bn", "১২,৩৪,৫৬৭.৮", 1234567800 },
        { "en", "12,34,567.8", REFUSED },
        // Digits and marks of other scripts.
        { "en", "১২.৫", 12500 },
        { "ar", "١٬٢٣٤٫٥", 1234500 },
        { "ar", "\u061C−١٢", -12000 },
        { "fa", "۱۲٫۵", 12500 },
        { "ja", "１，２３４．５", 1234500 },
        { "ja", "－１２", -12000 },
        // Currencies, in front and behind.
        { "en", "EUR 12.50", 12500 },
        { "en", "12.50 EUR", 12500 },
        { "en", "12.50eur", 12500 },
        { "en", "€12", 12000 },
        { "en", "12\u00A0€", 12000 },
        { "en", "-$12", -12000 },
        { "en", "$-12", -12000 },
        { "en", "US$ 12", 12000 },
        { "en-IN", "₹1,23,456", 123456000 },
        { "en-IN", "Rs.500", 500000 },
        { "en-IN", "Rs. 500", 500000 },
        { "en-IN", "500 Rs.", 500000 },
        { "bn", "Tk 500", 500000 },
        { "bn", "৳৫০০", 500000 },
        { "sv", "500 kr", 500000 },
        { "sv", "500 kr.", 500000 },
        // No numbers.
        { "en", "", REFUSED },
        { "en", "   ", REFUSED },
        { "en", "-", REFUSED },
        { "en", ".", REFUSED },
        { "en", "12.", REFUSED },
        { "en", "EUR", REFUSED },
        { "en", "twelve", REFUSED },
        { "en", "12 pcs", REFUSED },
        { "en", "1e5", REFUSED },
        { "en", "0x10", REFUSED },
        { "en", "--12", REFUSED },
        { "en", "12-", REFUSED },
        { "en", "EUR 12 EUR", REFUSED },
        { "en", "abc$12", REFUSED },
        { "en", "12.5.", REFUSED },
        { "en", "1.2.3", REFUSED },
        { "en", "1,2", 1200 },
        { "en", "1,,234", REFUSED },
        { "en", ",234,567", REFUSED },
        { "en", "1,,,456", REFUSED },
        { "en", "1234,567,890", REFUSED },
        { "en", "1,234,56", REFUSED },
        { "en", "0,123,456", REFUSED },
        { "en", "1,234 567", REFUSED },
        { "en", "1 2", REFUSED },
        { "en", "1'5", REFUSED },
        { "en", "1,234.567,8", REFUSED },
        { "en", "1.5,5.5", REFUSED },
        { "en", "5 .5", REFUSED },
        { "en", "1৪", REFUSED },  // two scripts: a Bengali four looks like an eight
        { "en", "1\n2", REFUSED },
        { "en", "1.2345", REFUSED },  // finer than the field
        { "en", "\xff", REFUSED },
        { "en", "1\xe2\x88", REFUSED },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Ctx *ctx = in(rows[i].tag);
        test_row = str_format(ctx->arena, "%s '%s'", rows[i].tag, rows[i].text).ptr;
        CHECK_INT(typed(ctx, str_from(rows[i].text), 3), rows[i].value);
    }
}

static void test_typed_limits(void)
{
    Ctx *ctx = in("en");
    int64_t value = REFUSED;
    CHECK(read_number(ctx, S("9,223,372,036,854,775,807"), 0, &value) && value == INT64_MAX);
    CHECK(read_number(ctx, S("-9223372036854.775807"), 6, &value) && value == -INT64_MAX);
    CHECK(!read_number(ctx, S("9,223,372,036,854,775,808"), 0, &value));
    CHECK(!read_number(ctx, S("9223372036854775807"), 1, &value));
    CHECK(!read_number(ctx,
                       S("0000000000000000000000000000000000000000000000000000000000000000"
                         "1"),
                       0, &value));  // more than anybody types
    CHECK_INT(value, -INT64_MAX);
    CHECK(read_number(ctx, S("5.000"), 0, &value) && value == 5);
    CHECK(!read_number(ctx, S("5.100"), 0, &value));
}

static void test_typed_money(void)
{
    static const struct {
        const char *currency, *text;
        int64_t minor;
    } rows[] = {
        { "EUR", "12.50", 1250 },      { "EUR", "EUR 12.50", 1250 },
        { "EUR", "€ 12.50", 1250 },    { "EUR", "12.50 eur", 1250 },
        { "EUR", "$ 12.50", REFUSED }, { "EUR", "USD 12.50", REFUSED },
        { "EUR", "12.50 £", REFUSED }, { "USD", "$12", 1200 },
        { "USD", "US$12", 1200 },      { "USD", "C$12", REFUSED },
        { "CAD", "CA$12", 1200 },      { "CAD", "$12", 1200 },
        { "BRL", "R$ 12", 1200 },      { "COP", "$ 12", 1200 },
        { "INR", "₹12", 1200 },        { "INR", "Rs. 12", 1200 },
        { "LKR", "Rs. 12", 1200 },     { "BDT", "Tk 12", 1200 },
        { "BDT", "৳ 12", 1200 },       { "BDT", "Rs 12", REFUSED },
        { "JPY", "¥12", 12 },          { "JPY", "12.5", REFUSED },
        { "KWD", "1.234", 1234 },      { "SEK", "12 kr", 1200 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Ctx *ctx = in("en");
        Money amount = { REFUSED };
        test_row = str_format(ctx->arena, "%s '%s'", rows[i].currency, rows[i].text).ptr;
        bool is_read = read_money(ctx, str_from(rows[i].text), currency(rows[i].currency), &amount);
        CHECK_INT(is_read ? amount.minor : REFUSED, rows[i].minor);
        CHECK(is_read || amount.minor == REFUSED);
    }
}

// Any size of number is as likely as any other.
static int64_t random_amount(Random *random)
{
    int64_t amount = random_below(random, power10(1 + (int)random_below(random, 18)));
    return random_chance(random, 2) ? -amount : amount;
}

static void check_round_trip(Ctx *ctx, int64_t value, int digits)
{
    Str shown = show_number(ctx, value, digits);
    int64_t again = REFUSED;
    bool is_read = read_number(ctx, shown, digits, &again);
    if (!is_read || again != value)
        test_fail(__FILE__, __LINE__, "%lld with %d decimals is shown " STR_FMT " and read %lld",
                  (long long)value, digits, STR_ARG(shown), (long long)again);
}

static void test_round_trip(void)
{
    for (size_t i = 0; i < COUNT(tags); i++) {
        Ctx *ctx = in(tags[i]);
        test_row = tags[i];
        for (int n = 0; n < 500; n++)
            check_round_trip(ctx, random_amount(ctx->random), (int)random_below(ctx->random, 7));
        check_round_trip(ctx, INT64_MAX, 2);
        check_round_trip(ctx, -INT64_MAX, 0);
    }
}

static void check_language(const char *tag)
{
    Ctx *ctx = in(tag);
    test_row = tag;
    for (int n = 0; n < 5; n++)
        check_round_trip(ctx, random_amount(ctx->random), (int)random_below(ctx->random, 4));
    CHECK(show_time(ctx, ctx->now).len > 0);
    CHECK(locale_name(ctx->locale).len > 0);
    arena_clear(ctx->arena);
}

// Every language that ICU has, with European digits and its own. Their countries (some 700 tags,
// which take seconds to open) differ in which of the same marks they use.
static void test_every_language(void)
{
    for (int32_t i = 0; i < uloc_countAvailable(); i++) {
        char native[32];
        if (strchr(uloc_getAvailable(i), '_'))
            continue;
        snprintf(native, sizeof native, "%s-u-nu-native", uloc_getAvailable(i));
        check_language(uloc_getAvailable(i));
        check_language(native);
    }
}

static void test_prices_round_trip(void)
{
    CurrencyCode euro = currency("EUR");
    for (size_t i = 0; i < COUNT(tags); i++) {
        Ctx *ctx = in(tags[i]);
        test_row = tags[i];
        for (int n = 0; n < 200; n++) {
            int64_t price = random_amount(ctx->random), again = REFUSED;
            CHECK(read_number(ctx, show_price(ctx, (Price){ price }, euro), 6, &again));
            CHECK_INT(again, price);
        }
    }
}

static void test_typed_days(void)
{
    static const struct {
        const char *tag, *text, *day;  // "": refused
    } rows[] = {
        { "en", "2026-11-21", "2026-11-21" },
        { "de", "2026-11-21", "2026-11-21" },
        { "en-US", "2026/11/21", "2026-11-21" },
        { "en", "2026.1.2", "2026-01-02" },
        { "en", "21/11/2026", "2026-11-21" },
        { "en", "21.11.2026", "2026-11-21" },
        { "en", "21-11-2026", "2026-11-21" },
        { "en", "21 11 2026", "2026-11-21" },
        { "en", " 1/2/2026 ", "2026-02-01" },
        { "en-US", "1/2/2026", "2026-01-02" },
        { "en-US", "11/21/2026", "2026-11-21" },
        { "en-US", "21/11/2026", "" },
        { "en-GB", "11/21/2026", "" },
        { "en-IN", "1/2/2026", "2026-02-01" },
        { "de", "1.2.2026", "2026-02-01" },
        { "de", "1. 2. 2026", "2026-02-01" },
        { "es", "1/2/2026", "2026-02-01" },
        { "bn", "২১/১১/২০২৬", "2026-11-21" },
        { "ar", "21\u200F/11\u200F/2026", "2026-11-21" },
        { "ar-u-nu-native", "٢١/١١/٢٠٢٦", "2026-11-21" },
        { "ja", "2026/11/21", "2026-11-21" },
        { "ja", "2026年11月21日", "2026-11-21" },
        { "ja", "21/11/2026", "" },
        { "en", "29/2/2028", "2028-02-29" },
        { "en", "29/2/2026", "" },
        { "en", "31/4/2026", "" },
        { "en", "0/1/2026", "" },
        { "en", "1/13/2026", "" },
        { "en", "21/11/26", "" },
        { "en", "21/11/0026", "" },
        { "en", "21/11", "" },
        { "en", "21/11-2026", "" },
        { "en", "21/11 2026", "" },
        { "en", "21/11/2026/1", "" },
        { "en", "121/11/2026", "" },
        { "en", "21/11/20261", "" },
        { "en", "21112026", "" },
        { "en", "21//11/2026", "" },
        { "en", "tomorrow", "" },
        { "en", "", "" },
        { "en", "\xff", "" },
        { "en", "1111111111111111111111111111111111111111111", "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Ctx *ctx = in(rows[i].tag);
        Date day = 0;
        test_row = str_format(ctx->arena, "%s '%s'", rows[i].tag, rows[i].text).ptr;
        CHECK(read_date(ctx, str_from(rows[i].text), &day) == (rows[i].day[0] != '\0'));
        CHECK_STR(date_text(ctx->arena, day), rows[i].day);
    }
}

const Test i18n_numbers_tests[] = {
    { "amounts are grouped and signed as the language does", test_amounts },
    { "no decimal is lost, and none is added", test_places },
    { "percentages", test_percents },
    { "sizes", test_bytes },
    { "days, times and months", test_days },
    { "the clock at midnight and noon", test_clocks },
    { "times are the user's, else the tenant's", test_zones },
    { "what people type is read by the locale, or refused", test_typed_numbers },
    { "typed numbers have limits", test_typed_limits },
    { "an amount of another currency is refused", test_typed_money },
    { "what is shown is read again, in every language", test_round_trip },
    { "numbers in every language ICU has are read again", test_every_language },
    { "prices are read again", test_prices_round_trip },
    { "typed days", test_typed_days },
    { 0 },
};
