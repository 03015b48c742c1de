// test_tax_rules.c - which tax holds where: the place of supply as the laws say, and dated rates.
#include "base/buf.h"
#include "modules/books.h"
#include "modules/tax/place.h"
#include "modules/tax/region.h"
#include "modules/tax/tax.h"

// ---- The law's part -----------------------------------------------------------------------------

static void test_the_place_of_supply(void)
{
    // clang-format off
    static const struct {
        const char *row, *from, *to;  // "IN-27"
        int buyer;
        PlaceFacts facts;
        const char *result;           // whose rates
        int scope;
        bool is_zero, is_reverse;
    } rows[] = {
        { "one state",                  "IN-27", "IN-27", TAX_STATUS_REGULAR, { true }, "IN-27", TAX_SCOPE_WITHIN },
        { "one state, said in words",   "IN-27", "IN-Maharashtra", TAX_STATUS_REGULAR, { true }, "IN-Maharashtra", TAX_SCOPE_WITHIN },
        { "two states",                 "IN-27", "IN-KA", TAX_STATUS_REGULAR, { true }, "IN-KA", TAX_SCOPE_BETWEEN },
        { "two states, a consumer",     "IN-27", "IN-29", TAX_STATUS_UNREGISTERED, { true }, "IN-29", TAX_SCOPE_BETWEEN },
        { "state not known",            "IN-27", "IN", TAX_STATUS_UNREGISTERED, { true }, "IN-27", TAX_SCOPE_WITHIN },
        { "no state of that name",      "IN-27", "IN-Atlantis", TAX_STATUS_UNREGISTERED, { true }, "IN-27", TAX_SCOPE_WITHIN },
        { "place not known",            "IN-27", "", TAX_STATUS_UNREGISTERED, { true }, "IN-27", TAX_SCOPE_WITHIN },
        { "exempt buyer",               "GB", "GB", TAX_STATUS_EXEMPT, { 0 }, "GB", TAX_SCOPE_ANY, true },
        { "out of India",               "IN-27", "AE", TAX_STATUS_UNREGISTERED, { true }, "IN", TAX_SCOPE_EXPORT, true },
        { "a foreign buyer at home",    "GB", "GB", TAX_STATUS_ABROAD, { 0 }, "GB", TAX_SCOPE_EXPORT, true },
        { "out of Britain",             "GB", "DE", TAX_STATUS_REGULAR, { 0 }, "GB", TAX_SCOPE_EXPORT, true },
        { "registered abroad",          "GB", "DE", TAX_STATUS_UNREGISTERED, { false, true }, "DE", TAX_SCOPE_ANY },
        { "EU business",                "DE", "FR", TAX_STATUS_REGULAR, { 0 }, "DE", TAX_SCOPE_EXPORT, true, true },
        { "EU business, registered there too", "DE", "FR", TAX_STATUS_REGULAR, { false, true }, "DE", TAX_SCOPE_EXPORT, true, true },
        { "EU consumer, below the threshold",  "DE", "FR", TAX_STATUS_UNREGISTERED, { 0 }, "DE", TAX_SCOPE_ANY },
        { "EU consumer, one-stop shop", "DE", "FR", TAX_STATUS_UNREGISTERED, { false, true }, "FR", TAX_SCOPE_ANY },
        { "out of the EU",              "DE", "CH", TAX_STATUS_REGULAR, { 0 }, "DE", TAX_SCOPE_EXPORT, true },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        TaxWhere where = { .buyer_status = rows[i].buyer };
        Str from = str_from(rows[i].from), to = str_from(rows[i].to);
        test_row = rows[i].row;
        str_next(&from, '-', &where.from_country);
        str_next(&from, '-', &where.from_region);
        str_next(&to, '-', &where.to_country);
        str_next(&to, '-', &where.to_region);
        TaxPlan plan = tax_plan(&where, &rows[i].facts);
        Str result = plan.region.len ? str_format(ctx->arena, STR_FMT "-" STR_FMT,
                                                  STR_ARG(plan.country), STR_ARG(plan.region))
                                     : plan.country;
        CHECK_STR(result, rows[i].result);
        CHECK_INT(plan.scope, rows[i].scope);
        CHECK_INT(plan.is_zero, rows[i].is_zero);
        CHECK_INT(plan.is_reverse, rows[i].is_reverse);
        CHECK_INT(plan.why != NULL, rows[i].is_zero);
    }
}

static void test_indian_states(void)
{
    CHECK_STR(region_code(S("IN"), S(" karnataka ")), "29");
    CHECK_STR(region_code(S("IN"), S("ts")), "36");
    CHECK_STR(region_code(S("IN"), S("Bavaria")), "");
    CHECK_STR(region_code(S("DE"), S("Bavaria")), "Bavaria");
    CHECK(region_same(S("IN"), S("MH"), S("27")));
    CHECK(!region_same(S("IN"), S("MH"), S("KA")));
}

// ---- Dated rates --------------------------------------------------------------------------------

typedef struct Asked {
    TaxWhere where;
    const char *on, *tax_class;  // NULL: the default one
    Str rates;
    Money total;
} Asked;

// "cgst 9 IN, sgst 9 IN", and the total of 100.00.
static Status ask_rates(Ctx *ctx, void *arg)
{
    Asked *asked = arg;
    Buf out = { .arena = ctx->arena };
    TaxItem item = { .amount = { 10000 } };
    TaxDocument document = { .currency = ctx->tenant->base, .items = &item, .count = 1 };
    bool found = true;
    if (asked->tax_class)
        TRY(db_maybe(ctx, SQL("SELECT id FROM tax_class WHERE name = $1", asked->tax_class), &found,
                     &item.tax_class));
    CHECK(found);
    asked->where.on = books_day(asked->on);
    TRY(tax_apply(ctx, &asked->where, &document));
    EACH (part, item.taxes)
        buf_printf(&out, "%s%s " STR_FMT " " STR_FMT "%s", out.len ? ", " : "",
                   tax_component_enum.values[part->component].name,
                   STR_ARG(decimal_short(ctx->arena, part->rate.micro, 4)), STR_ARG(part->place),
                   part->is_reverse ? " reverse" : "");
    asked->rates = buf_str(&out);
    asked->total = document.total;
    return OK;
}

typedef struct RateCase {
    const char *row, *on, *from_region, *to_country, *to_region;
    int buyer;
    const char *tax_class, *rates;
    int64_t total;
} RateCase;

static void check_rates(Ctx *ctx, const RateCase *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const RateCase *row = &rows[i];
        Asked asked = { .where = { .from_region = str_from(row->from_region),
                                   .to_country = str_from(row->to_country),
                                   .to_region = str_from(row->to_region),
                                   .buyer_status = row->buyer },
                        .on = row->on,
                        .tax_class = row->tax_class };
        test_row = row->row;
        CHECK_OK(ctx, tenant_read(ctx, ask_rates, &asked));
        CHECK_STR(asked.rates, row->rates);
        CHECK_INT(asked.total.minor, row->total);
    }
    test_row = NULL;
}

static void test_british_rates_by_day(void)
{
    // clang-format off
    static const RateCase rows[] = {
        { "seventeen and a half", "2008-11-30", "", "GB", "", TAX_STATUS_REGULAR, NULL, "vat 17.5 GB", 11750 },
        { "the year of fifteen",  "2009-12-01", "", "GB", "", TAX_STATUS_REGULAR, NULL, "vat 15 GB", 11500 },
        { "back again",           "2010-01-01", "", "GB", "", TAX_STATUS_REGULAR, NULL, "vat 17.5 GB", 11750 },
        { "the day before",       "2011-01-03", "", "GB", "", TAX_STATUS_REGULAR, NULL, "vat 17.5 GB", 11750 },
        { "twenty",               "2011-01-04", "", "GB", "", TAX_STATUS_REGULAR, NULL, "vat 20 GB", 12000 },
        { "reduced",              "2026-03-02", "", "GB", "", TAX_STATUS_REGULAR, "Reduced", "vat 5 GB", 10500 },
        { "zero is a rate too",   "2026-03-02", "", "GB", "", TAX_STATUS_REGULAR, "Zero", "vat 0 GB", 10000 },
        { "before there was VAT", "1960-01-01", "", "GB", "", TAX_STATUS_REGULAR, NULL, "", 10000 },
        { "export",               "2026-03-02", "", "NO", "", TAX_STATUS_REGULAR, NULL, "vat 0 GB", 10000 },
        { "exempt buyer",         "2026-03-02", "", "GB", "", TAX_STATUS_EXEMPT, NULL, "vat 0 GB", 10000 },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    check_rates(ctx, rows, COUNT(rows));
    house_close(&house);
}

static void test_indian_rates_by_state(void)
{
    // clang-format off
    static const RateCase rows[] = {
        { "one state",     "2026-03-02", "MH", "IN", "27", TAX_STATUS_REGULAR, NULL, "cgst 9 IN, sgst 9 IN", 11800 },
        { "two states",    "2026-03-02", "MH", "IN", "KA", TAX_STATUS_REGULAR, NULL, "igst 18 IN", 11800 },
        { "state unknown", "2026-03-02", "MH", "IN", "", TAX_STATUS_UNREGISTERED, NULL, "cgst 9 IN, sgst 9 IN", 11800 },
        { "export",        "2026-03-02", "MH", "US", "", TAX_STATUS_ABROAD, NULL, "igst 0 IN", 10000 },
        { "before the reform", "2025-09-21", "MH", "IN", "KA", TAX_STATUS_REGULAR, "GST 40 %, formerly 28 %", "igst 28 IN", 12800 },
        { "after the reform",  "2025-09-22", "MH", "IN", "KA", TAX_STATUS_REGULAR, "GST 40 %, formerly 28 %", "igst 40 IN", 14000 },
        { "nil rated",     "2026-03-02", "MH", "IN", "KA", TAX_STATUS_REGULAR, "Nil rated", "igst 0 IN", 10000 },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    House house;
    house_open_with(ctx,
                    &(TenantSpec){ .code = S("pune"),
                                   .name = S("Pune Goods"),
                                   .country = S("IN"),
                                   .language = S("en"),
                                   .zone = S("Asia/Kolkata"),
                                   .currency = S("INR"),
                                   .fiscal_month = 4,
                                   .modules = S("*") },
                    &house);
    check_rates(ctx, rows, COUNT(rows));
    house_close(&house);
}

static Status add_second_default(Ctx *ctx, void *arg)
{
    TaxClass *second = tax_class_new(ctx);
    (void)arg;
    second->name = S("Another");
    second->is_default = true;
    return tax_class_save(ctx, second);
}

static void test_there_is_one_default_class(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    CHECK(tenant_transact(ctx, add_second_default, NULL) == E_INVALID);
    CHECK_STR(ctx->failure.problems.items[0].path, "is_default");
    house_close(&house);
}

const Test tax_rules_tests[] = {
    { "the place of supply", test_the_place_of_supply },
    { "Indian states", test_indian_states },
    { "British rates by day", test_british_rates_by_day },
    { "Indian rates by state", test_indian_rates_by_state },
    { "there is one default class", test_there_is_one_default_class },
    { 0 },
};
