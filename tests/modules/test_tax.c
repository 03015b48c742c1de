// test_tax.c - taxes. Known invoices row by row, then what must hold for any document at all.
#include "modules/tax/tax.h"

#include "base/buf.h"
#include "harness.h"

enum { STANDARD = 1, REDUCED, ZERO, BILLED_BY_US };

static Rate percent_milli(int thousandths)  // 19 % is 19000
{
    return (Rate){ thousandths * 10 };
}

static void add_rule(Ctx *ctx, TaxRuleList *rules, Id tax_class, TaxComponent component,
                     int thousandths, bool is_reverse)
{
    *list_push(ctx->arena, rules) = (TaxRule){ .tax_class = tax_class,
                                               .component = component,
                                               .rate = percent_milli(thousandths),
                                               .place = S("XX"),
                                               .is_reverse = is_reverse,
                                               .why = S("as the test wants it") };
}

typedef enum Country {
    VAT_20,
    VAT_19_7,
    WITHIN,
    BETWEEN,
    GST_CESS,
    SALES_8875,
    BUYER_OWES
} Country;

static TaxRuleList rules_of(Ctx *ctx, Country country)
{
    // clang-format off
    static const struct {
        Country country;
        Id tax_class;
        TaxComponent component;
        int thousandths;
        bool is_reverse;
    } all[] = {
        { VAT_20,     STANDARD, TAX_COMPONENT_VAT,       20000, false },
        { VAT_20,     REDUCED,  TAX_COMPONENT_VAT,        5000, false },
        { VAT_20,     ZERO,     TAX_COMPONENT_VAT,           0, false },
        { VAT_19_7,   STANDARD, TAX_COMPONENT_VAT,       19000, false },
        { VAT_19_7,   REDUCED,  TAX_COMPONENT_VAT,        7000, false },
        { VAT_19_7,   ZERO,     TAX_COMPONENT_VAT,           0, false },
        { WITHIN,     STANDARD, TAX_COMPONENT_CGST,       9000, false },
        { WITHIN,     STANDARD, TAX_COMPONENT_SGST,       9000, false },
        { WITHIN,     REDUCED,  TAX_COMPONENT_CGST,       2500, false },
        { WITHIN,     REDUCED,  TAX_COMPONENT_SGST,       2500, false },
        { BETWEEN,    STANDARD, TAX_COMPONENT_IGST,      18000, false },
        { BETWEEN,    REDUCED,  TAX_COMPONENT_IGST,       5000, false },
        { GST_CESS,   STANDARD, TAX_COMPONENT_IGST,      28000, false },
        { GST_CESS,   STANDARD, TAX_COMPONENT_CESS,      12000, false },
        { SALES_8875, STANDARD, TAX_COMPONENT_SALES_TAX,  8875, false },
        { BUYER_OWES, STANDARD, TAX_COMPONENT_VAT,       19000, true },
    };
    // clang-format on
    TaxRuleList rules = { 0 };
    for (size_t i = 0; i < COUNT(all); i++)
        if (all[i].country == country)
            add_rule(ctx, &rules, all[i].tax_class, all[i].component, all[i].thousandths,
                     all[i].is_reverse);
    return rules;
}

// "1:100.00 2:-20.00": class and amount of each item.
static TaxDocument document_of(Ctx *ctx, const char *items, const char *currency, bool is_included)
{
    static const TaxItem none;
    LIST(TaxItem) list = { 0 };
    TaxDocument document = { .is_tax_included = is_included, .rounding = TAX_ROUNDING_RATE };
    Str rest = str_from(items), word;
    CHECK(currency_parse(str_from(currency), &document.currency));
    while (str_next_word(&rest, &word)) {
        TaxItem *item = list_push(ctx->arena, &list);
        *item = none;
        item->tax_class = word.ptr[0] - '0';
        CHECK(money_parse(str_from_at(word, 2), document.currency, &item->amount));
    }
    document.items = list.items;
    document.count = list.len;
    return document;
}

static Str shown(Ctx *ctx, const TaxDocument *d)
{
    Buf out = { .arena = ctx->arena };
    buf_printf(&out, STR_FMT " + " STR_FMT " = " STR_FMT,
               STR_ARG(money_text(ctx->arena, d->net, d->currency)),
               STR_ARG(money_text(ctx->arena, d->tax, d->currency)),
               STR_ARG(money_text(ctx->arena, d->total, d->currency)));
    return buf_str(&out);
}

static void test_known_invoices(void)
{
    // clang-format off
    static const struct {
        const char *row;
        Country country;
        const char *currency;
        bool is_included;
        const char *items, *line, *rate, *document;
    } rows[] = {
        { "UK, 20 % on top",                    VAT_20,     "GBP", false, "1:100.00",                    "100.00 + 20.00 = 120.00", NULL, NULL },
        { "UK, halves of a penny on each line", VAT_20,     "GBP", false, "1:0.13 1:0.13 1:0.13",        "0.39 + 0.09 = 0.48", "0.39 + 0.08 = 0.47", NULL },
        { "UK, standard, reduced and zero",     VAT_20,     "GBP", false, "1:10.03 2:10.10 3:10.00",     "30.13 + 2.52 = 32.65", NULL, "30.13 + 2.51 = 32.64" },
        { "Germany, 19 % contained",            VAT_19_7,   "EUR", true,  "1:119.00",                    "100.00 + 19.00 = 119.00", NULL, NULL },
        { "Germany, 19.99 three times",         VAT_19_7,   "EUR", true,  "1:19.99 1:19.99 1:19.99",     "50.40 + 9.57 = 59.97", "50.39 + 9.58 = 59.97", NULL },
        { "Germany, 19 and 7 % contained",      VAT_19_7,   "EUR", true,  "1:19.99 2:4.49",              "21.00 + 3.48 = 24.48", NULL, "20.99 + 3.49 = 24.48" },
        { "India, 18 % within a state",         WITHIN,     "INR", false, "1:53400.00",                  "53400.00 + 9612.00 = 63012.00", NULL, NULL },
        { "India, the mock-up's invoice",       WITHIN,     "INR", false, "2:55200.00 2:33120.00 1:53400.00", "141720.00 + 14028.00 = 155748.00", NULL, NULL },
        { "India, odd paise stay equal halves", WITHIN,     "INR", false, "1:100.05",                    "100.05 + 18.00 = 118.05", NULL, NULL },
        { "India, 18 % between states",         BETWEEN,    "INR", false, "1:100.05",                    "100.05 + 18.01 = 118.06", NULL, NULL },
        { "India, printed price with tax",      WITHIN,     "INR", true,  "1:999.00",                    "846.62 + 152.38 = 999.00", NULL, NULL },
        { "India, with cess",                   GST_CESS,   "INR", false, "1:1000.00",                   "1000.00 + 400.00 = 1400.00", NULL, NULL },
        { "New York, 8.875 %",                  SALES_8875, "USD", false, "1:109.99",                    "109.99 + 9.76 = 119.75", NULL, NULL },
        { "yen have no decimals",               VAT_20,     "JPY", false, "1:1234",                      "1234 + 247 = 1481", NULL, NULL },
        { "dinars have three",                  VAT_20,     "KWD", false, "1:1.234",                     "1.234 + 0.247 = 1.481", NULL, NULL },
        { "a discount as a line of its own",    VAT_20,     "GBP", false, "1:100.00 1:-30.00",           "70.00 + 14.00 = 84.00", NULL, NULL },
        { "a credit is the mirror image",       VAT_19_7,   "EUR", true,  "1:-19.99 1:-19.99 1:-19.99",  "-50.40 + -9.57 = -59.97", "-50.39 + -9.58 = -59.97", NULL },
        { "discounted to nothing",              VAT_20,     "GBP", false, "1:0.00",                      "0.00 + 0.00 = 0.00", NULL, NULL },
        { "freight is taxed like goods",        VAT_20,     "GBP", false, "1:80.00 1:4.95",              "84.95 + 16.99 = 101.94", NULL, NULL },
        { "zero-rated",                         VAT_20,     "GBP", false, "3:55.55",                     "55.55 + 0.00 = 55.55", NULL, NULL },
        { "exempt: no class, no tax",           VAT_20,     "GBP", false, "0:55.55",                     "55.55 + 0.00 = 55.55", NULL, NULL },
        { "the buyer owes it",                  BUYER_OWES, "EUR", false, "1:100.00",                    "100.00 + 0.00 = 100.00", NULL, NULL },
        { "the buyer owes it, price with tax",  BUYER_OWES, "EUR", true,  "1:100.00",                    "100.00 + 0.00 = 100.00", NULL, NULL },
        { "nothing on it",                      VAT_20,     "GBP", false, "",                            "0.00 + 0.00 = 0.00", NULL, NULL },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *line = rows[i].line, *rate = rows[i].rate ? rows[i].rate : line;
        const char *want[] = { [TAX_ROUNDING_LINE] = line,
                               [TAX_ROUNDING_RATE] = rate,
                               [TAX_ROUNDING_DOCUMENT] =
                                   rows[i].document ? rows[i].document : rate };
        TaxRuleList rules = rules_of(ctx, rows[i].country);
        for (int how = TAX_ROUNDING_LINE; how <= TAX_ROUNDING_DOCUMENT; how++) {
            TaxDocument d = document_of(ctx, rows[i].items, rows[i].currency, rows[i].is_included);
            d.rounding = how;
            test_row =
                str_format(ctx->arena, "%s, by %s", rows[i].row, tax_rounding_enum.values[how].name)
                    .ptr;
            CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
            CHECK_STR(shown(ctx, &d), want[how]);
        }
    }
}

// ---- What must hold for any document ------------------------------------------------------------

static TaxDocument random_document(Ctx *ctx, size_t most)
{
    static const char *const currencies[] = { "EUR", "JPY", "KWD", "INR" };
    TaxDocument d = { .count = 1 + (size_t)random_below(ctx->random, (int64_t)most),
                      .is_tax_included = random_chance(ctx->random, 2),
                      .rounding = 1 + (int)random_below(ctx->random, 3) };
    CHECK(currency_parse(str_from(currencies[random_below(ctx->random, 4)]), &d.currency));
    d.items = NEW_ARRAY(ctx->arena, TaxItem, d.count);
    int64_t size = power10(1 + (int)random_below(ctx->random, 9));
    for (size_t i = 0; i < d.count; i++)
        d.items[i] = (TaxItem){ .tax_class = random_below(ctx->random, 4),
                                .amount = { random_below(ctx->random, 2 * size) - size / 4 } };
    return d;
}

static void check_parts_add_up(const TaxDocument *d)
{
    Money tax = { 0 }, net = { 0 }, reverse = { 0 };
    for (size_t i = 0; i < d->count; i++) {
        const TaxItem *item = &d->items[i];
        int64_t charged = 0;
        EACH (part, item->taxes) {
            charged += part->is_reverse ? 0 : part->tax.minor;
            reverse.minor += part->is_reverse ? part->tax.minor : 0;
            CHECK_INT(part->taxable.minor, item->net.minor);
        }
        CHECK_INT(charged, item->tax.minor);
        CHECK_INT(item->amount.minor, item->net.minor + (d->is_tax_included ? item->tax.minor : 0));
        tax.minor += item->tax.minor;
        net.minor += item->net.minor;
    }
    CHECK_INT(d->tax.minor, tax.minor);
    CHECK_INT(d->net.minor, net.minor);
    CHECK_INT(d->reverse_tax.minor, reverse.minor);
    CHECK_INT(d->total.minor, net.minor + tax.minor);
}

static void test_parts_always_add_up(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 3000; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TaxRuleList rules = rules_of(ctx, (Country)random_below(ctx->random, BUYER_OWES + 1));
        TaxDocument d = random_document(ctx, 12);
        CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
        check_parts_add_up(&d);
        arena_rewind(ctx->arena, mark);
    }
}

static void shuffle(Ctx *ctx, TaxDocument *d)
{
    for (size_t i = d->count - 1; i > 0; i--) {
        size_t other = (size_t)random_below(ctx->random, (int64_t)i + 1);
        TaxItem swap = d->items[i];
        d->items[i] = d->items[other];
        d->items[other] = swap;
    }
}

static void test_order_of_lines_changes_no_total(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 2000; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TaxRuleList rules = rules_of(ctx, (Country)random_below(ctx->random, BUYER_OWES + 1));
        TaxDocument d = random_document(ctx, 12);
        CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
        TaxDocument before = d;
        shuffle(ctx, &d);
        CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
        CHECK_INT(d.net.minor, before.net.minor);
        CHECK_INT(d.tax.minor, before.tax.minor);
        CHECK_INT(d.reverse_tax.minor, before.reverse_tax.minor);
        arena_rewind(ctx->arena, mark);
    }
}

static TaxDocument calculated(Ctx *ctx, const TaxRuleList *rules, const TaxDocument *from,
                              TaxRounding how)
{
    TaxDocument d = *from;
    d.items = NEW_ARRAY(ctx->arena, TaxItem, d.count);
    memcpy(d.items, from->items, d.count * sizeof *d.items);
    d.rounding = how;
    CHECK_OK(ctx, tax_calculate(ctx, rules, &d));
    return d;
}

// n lines rounded alone are each off by at most a half, their sum once more: n / 2 and a bit, and
// since both are whole, at most n / 2 rounded down for each tax.
static void test_policies_differ_by_half_a_unit_a_line(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 2000; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TaxRuleList rules = rules_of(ctx, random_chance(ctx->random, 2) ? WITHIN : VAT_20);
        TaxDocument d = random_document(ctx, 12);
        for (size_t i = 0; i < d.count; i++)
            d.items[i].tax_class = STANDARD;
        int64_t taxes = rules.items[0].component == TAX_COMPONENT_CGST ? 2 : 1;
        TaxDocument by_line = calculated(ctx, &rules, &d, TAX_ROUNDING_LINE);
        TaxDocument by_rate = calculated(ctx, &rules, &d, TAX_ROUNDING_RATE);
        CHECK(llabs(by_line.tax.minor - by_rate.tax.minor) <= (int64_t)d.count / 2 * taxes);
        arena_rewind(ctx->arena, mark);
    }
}

static void test_one_line_is_the_same_under_all_policies(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 2000; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TaxRuleList rules = rules_of(ctx, (Country)random_below(ctx->random, BUYER_OWES + 1));
        TaxDocument d = random_document(ctx, 1);
        TaxDocument by_line = calculated(ctx, &rules, &d, TAX_ROUNDING_LINE);
        TaxDocument by_rate = calculated(ctx, &rules, &d, TAX_ROUNDING_RATE);
        TaxDocument by_document = calculated(ctx, &rules, &d, TAX_ROUNDING_DOCUMENT);
        CHECK_INT(by_rate.tax.minor, by_line.tax.minor);
        CHECK_INT(by_document.tax.minor, by_line.tax.minor);
        CHECK_INT(by_document.net.minor, by_line.net.minor);
        arena_rewind(ctx->arena, mark);
    }
}

// The exact tax of a line and what the line was given never part by two whole units.
static void test_lines_stay_near_their_own_tax(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 2000; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TaxRuleList rules = rules_of(ctx, VAT_19_7);
        TaxDocument d = random_document(ctx, 12);
        TaxDocument by_line = calculated(ctx, &rules, &d, TAX_ROUNDING_LINE);
        TaxDocument by_document = calculated(ctx, &rules, &d, TAX_ROUNDING_DOCUMENT);
        for (size_t i = 0; i < d.count; i++)
            CHECK(llabs(by_line.items[i].tax.minor - by_document.items[i].tax.minor) <= 2);
        arena_rewind(ctx->arena, mark);
    }
}

static void test_halves_of_one_rate_are_equal(void)
{
    Ctx *ctx = test_ctx();
    TaxRuleList rules = rules_of(ctx, WITHIN);
    for (int round = 0; round < 2000; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TaxDocument d = random_document(ctx, 6);
        CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
        for (size_t i = 0; i < d.count; i++)
            if (d.items[i].taxes.len == 2)
                CHECK_INT(d.items[i].taxes.items[0].tax.minor, d.items[i].taxes.items[1].tax.minor);
        arena_rewind(ctx->arena, mark);
    }
}

static void test_a_discount_line_carries_its_own_tax(void)
{
    Ctx *ctx = test_ctx();
    TaxRuleList rules = rules_of(ctx, VAT_20);
    TaxDocument d = document_of(ctx, "1:100.00 1:-50.00 1:0.03", "GBP", false);
    CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
    CHECK_INT(d.items[0].tax.minor, 2000);
    CHECK_INT(d.items[1].tax.minor, -1000);
    CHECK_INT(d.items[2].tax.minor, 1);
}

static void test_halves_meet_exactly_over_different_rates(void)
{
    Ctx *ctx = test_ctx();
    TaxRuleList rules = { 0 };
    add_rule(ctx, &rules, STANDARD, TAX_COMPONENT_VAT, 20000, false);
    add_rule(ctx, &rules, REDUCED, TAX_COMPONENT_VAT, 50000, false);
    // 1/6 of 2, 2, 2, 2 and 1 cents is 1.5 exactly, though no sixth is a decimal.
    TaxDocument d = document_of(ctx, "1:0.02 1:0.02 1:0.02 1:0.02 1:0.01", "EUR", true);
    CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
    CHECK_INT(d.tax.minor, 2);
    // 1/6 and 1/3 of a cent are a half; one unit less of either would not be.
    d = document_of(ctx, "1:0.01 2:0.01", "EUR", true);
    d.rounding = TAX_ROUNDING_DOCUMENT;
    CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
    CHECK_INT(d.tax.minor, 1);
    d.rounding = TAX_ROUNDING_RATE;
    CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
    CHECK_INT(d.tax.minor, 0);
}

// Thirty rates with nothing in common: their common denominator would not fit, so they are rounded
// in as many sums as it takes, and still add up.
static void test_rates_without_a_common_denominator(void)
{
    Ctx *ctx = test_ctx();
    TaxRuleList rules = { 0 };
    TaxDocument d = { .count = 30, .is_tax_included = true, .rounding = TAX_ROUNDING_DOCUMENT };
    d.items = NEW_ARRAY(ctx->arena, TaxItem, d.count);
    CHECK(currency_parse(S("EUR"), &d.currency));
    for (size_t i = 0; i < d.count; i++) {
        *list_push(ctx->arena, &rules) = (TaxRule){ .tax_class = (Id)i + 1,
                                                    .component = TAX_COMPONENT_VAT,
                                                    .rate = { 200001 + 2 * (int32_t)i },
                                                    .place = S("XX") };
        d.items[i] = (TaxItem){ .tax_class = (Id)i + 1, .amount = { 123457 } };
    }
    CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
    check_parts_add_up(&d);
    TaxDocument by_line = calculated(ctx, &rules, &d, TAX_ROUNDING_LINE);
    CHECK(llabs(d.tax.minor - by_line.tax.minor) <= (int64_t)d.count / 2);
}

static void test_reverse_charge_is_shown_and_not_charged(void)
{
    Ctx *ctx = test_ctx();
    TaxRuleList rules = rules_of(ctx, BUYER_OWES);
    TaxDocument d = document_of(ctx, "1:100.00", "EUR", false);
    CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
    CHECK_INT(d.reverse_tax.minor, 1900);
    CHECK_INT(d.items[0].taxes.items[0].tax.minor, 1900);
    CHECK_INT(d.items[0].taxes.items[0].taxable.minor, 10000);
    CHECK(d.items[0].taxes.items[0].is_reverse);
    CHECK_INT(d.tax.minor, 0);
}

static void test_cash_totals_are_rounded(void)
{
    // clang-format off
    static const struct {
        const char *row, *items, *currency;
        int64_t round_to, total, difference;
    } rows[] = {
        { "to five rappen, up",       "0:99.98", "CHF",  5,   10000,  2 },
        { "to five rappen, down",     "0:99.92", "CHF",  5,    9990, -2 },
        { "to whole rupees",          "0:99.50", "INR", 100,  10000, 50 },
        { "a credit the same way",    "0:-99.50", "INR", 100, -10000, -50 },
        { "nothing to round",         "0:99.95", "CHF",  5,    9995,  0 },
        { "not rounded at all",       "0:99.98", "CHF",  0,    9998,  0 },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    TaxRuleList rules = { 0 };
    for (size_t i = 0; i < COUNT(rows); i++) {
        TaxDocument d = document_of(ctx, rows[i].items, rows[i].currency, false);
        test_row = rows[i].row;
        d.round_to.minor = rows[i].round_to;
        CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
        CHECK_INT(d.total.minor, rows[i].total);
        CHECK_INT(d.rounding_difference.minor, rows[i].difference);
    }
}

static void test_explains_itself(void)
{
    Ctx *ctx = test_ctx();
    TaxRuleList rules = rules_of(ctx, VAT_20);
    TaxDocument d = document_of(ctx, "1:120.00", "GBP", true);
    CHECK_OK(ctx, tax_calculate(ctx, &rules, &d));
    CHECK_STR(d.items[0].taxes.items[0].why, "as the test wants it, contained in the price");
    CHECK_STR(d.items[0].taxes.items[0].place, "XX");
}

static void test_amounts_beyond_reason_are_refused(void)
{
    Ctx *ctx = test_ctx();
    TaxRuleList rules = rules_of(ctx, VAT_20);
    for (int how = TAX_ROUNDING_LINE; how <= TAX_ROUNDING_DOCUMENT; how++) {
        TaxDocument d =
            document_of(ctx, "1:92233720368547758.07 1:92233720368547758.07", "GBP", false);
        d.rounding = how;
        CHECK_FAILS(ctx, "number.range", tax_calculate(ctx, &rules, &d));
    }
}

const Test tax_tests[] = {
    { "known invoices", test_known_invoices },
    { "parts always add up", test_parts_always_add_up },
    { "the order of lines changes no total", test_order_of_lines_changes_no_total },
    { "policies differ by half a unit a line", test_policies_differ_by_half_a_unit_a_line },
    { "one line is the same under all policies", test_one_line_is_the_same_under_all_policies },
    { "lines stay near their own tax", test_lines_stay_near_their_own_tax },
    { "halves of one rate are equal", test_halves_of_one_rate_are_equal },
    { "a discount line carries its own tax", test_a_discount_line_carries_its_own_tax },
    { "halves meet exactly over different rates", test_halves_meet_exactly_over_different_rates },
    { "rates without a common denominator", test_rates_without_a_common_denominator },
    { "reverse charge is shown and not charged", test_reverse_charge_is_shown_and_not_charged },
    { "cash totals are rounded", test_cash_totals_are_rounded },
    { "explains itself", test_explains_itself },
    { "amounts beyond reason are refused", test_amounts_beyond_reason_are_refused },
    { 0 },
};
