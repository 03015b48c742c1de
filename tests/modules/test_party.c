// test_party.c - customers and suppliers: what is refused of them, and what documents ask about
// them.
#include "kernel/entity/access.h"
#include "modules/books.h"
#include "modules/party/party.h"

// ---- What is refused ----------------------------------------------------------------------------

typedef struct Given {
    const char *json;
    Id id;
} Given;

static Status create(Ctx *ctx, void *arg)
{
    Given *given = arg;
    const Json *input;
    TRY(json_parse(ctx, str_from(given->json), &input));
    return access_create(ctx, &party_entity, input, 0, &given->id);
}

static void test_what_a_party_may_not_be(void)
{
    // clang-format off
    static const struct { const char *row, *json, *path; } rows[] = {
        { "a GSTIN with a wrong last character",
          "{\"name\":\"A\",\"tax_ids\":[{\"country\":\"IN\",\"kind\":\"GSTIN\",\"number\":\"27AAPFU0939F1ZW\"}]}",
          "tax_ids[0].number" },
        { "a GSTIN outside India",
          "{\"name\":\"A\",\"tax_ids\":[{\"country\":\"DE\",\"kind\":\"GSTIN\",\"number\":\"27AAPFU0939F1ZV\"}]}",
          "tax_ids[0].number" },
        { "a VAT number with other characters",
          "{\"name\":\"A\",\"tax_ids\":[{\"country\":\"DE\",\"kind\":\"VAT\",\"number\":\"DE12!456\"}]}",
          "tax_ids[0].number" },
        { "a country in words",
          "{\"name\":\"A\",\"tax_ids\":[{\"country\":\"de\",\"kind\":\"VAT\",\"number\":\"DE123456789\"}]}",
          "tax_ids[0].country" },
        { "two addresses for invoices",
          "{\"name\":\"A\",\"addresses\":[{\"is_billing\":true,\"country\":\"DE\"},{\"is_billing\":true,\"country\":\"DE\"}]}",
          "addresses[1].is_billing" },
        { "two addresses for goods",
          "{\"name\":\"A\",\"addresses\":[{\"is_delivery\":true},{\"is_delivery\":true}]}",
          "addresses[1].is_delivery" },
        { "an address in no country",
          "{\"name\":\"A\",\"addresses\":[{\"country\":\"d1\"}]}", "addresses[0].country" },
        { "a credit limit below zero", "{\"name\":\"A\",\"credit_limit\":\"-1.00\"}", "credit_limit" },
        { "an e-mail address that is none", "{\"name\":\"A\",\"email\":\"nobody\"}", "email" },
        { "nobody", "{\"email\":\"a@example.com\"}", "name" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK(tenant_transact(ctx, create, &(Given){ .json = rows[i].json }) == E_INVALID);
        CHECK_INT(ctx->failure.problems.len, 1);
        if (ctx->failure.problems.len)
            CHECK_STR(ctx->failure.problems.items[0].path, rows[i].path);
        ctx_recover(ctx);
    }
    test_row = NULL;
    house_close(&house);
}

// ---- What documents ask -------------------------------------------------------------------------

typedef struct Question {
    Id party, term;
    const char *on;
    Str country, number, city;
    PartyFacts facts;
    Postal billing, delivery;
    Date due;
} Question;

static Status ask(Ctx *ctx, void *arg)
{
    Question *q = arg;
    TRY(party_facts(ctx, q->party, &q->facts));
    TRY(party_address_find(ctx, q->party, false, &q->billing));
    TRY(party_address_find(ctx, q->party, true, &q->delivery));
    return party_tax_number(ctx, q->party, q->country, &q->number);
}

static void test_facts_of_a_party(void)
{
    static const char json[] =
        "{\"name\":\"Deshmukh Retail\",\"is_customer\":true,\"account_type\":\"consumer\","
        "\"credit_limit\":\"500.00\",\"tax_status\":\"unregistered\",\"is_blocked\":true,"
        "\"block_reason\":\"owes since May\",\"addresses\":["
        "{\"city\":\"Pune\",\"country\":\"IN\",\"region\":\"MH\",\"is_delivery\":true},"
        "{\"city\":\"Mysuru\",\"country\":\"IN\",\"region\":\"KA\",\"is_billing\":true}],"
        "\"tax_ids\":[{\"country\":\"IN\",\"kind\":\"PAN\",\"number\":\"AAPFU0939F\"},"
        "{\"country\":\"IN\",\"kind\":\"GSTIN\",\"number\":\"27 aapfu0939f1zv\"}]}";
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Given given = { .json = json };
    CHECK_OK(ctx, tenant_transact(ctx, create, &given));
    Question q = { .party = given.id, .country = S("IN") };
    CHECK_OK(ctx, tenant_read(ctx, ask, &q));
    CHECK_STR(q.facts.name, "Deshmukh Retail");
    CHECK_STR(q.facts.number, "P-00001");
    CHECK_STR(q.facts.region, "KA");
    CHECK_INT(q.facts.tax_status, TAX_STATUS_UNREGISTERED);
    CHECK(q.facts.is_consumer && q.facts.is_blocked && q.facts.is_customer && !q.facts.is_supplier);
    CHECK(q.facts.credit_limit.known);
    CHECK_INT(q.facts.credit_limit.value.minor, 50000);
    CHECK_STR(q.billing.city, "Mysuru");
    CHECK_STR(q.delivery.city, "Pune");
    CHECK_STR(q.number, "27AAPFU0939F1ZV");  // as authorities print it, and not the PAN
    Question unknown = { .party = 7, .country = S("IN") };
    CHECK_FAILS(ctx, "party.not_found", tenant_read(ctx, ask, &unknown));
    house_close(&house);
}

static Status ask_due(Ctx *ctx, void *arg)
{
    Question *q = arg;
    if (q->city.len) {
        PaymentTerm *term = payment_term_new(ctx);
        term->name = q->city;
        term->days = 10;
        term->basis = TERM_BASIS_MONTH_END;
        TRY(payment_term_save(ctx, term));
        q->term = term->record.id;
    }
    return party_due_on(ctx, q->term, books_day(q->on), &q->due);
}

static Status find_term(Ctx *ctx, void *arg)
{
    Question *q = arg;
    return payment_term_find(ctx, "name", S("30 days"), &q->term);
}

static void test_when_an_invoice_is_due(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Question none = { .on = "2026-01-31" }, thirty = none, month_end = none;
    month_end.city = S("10 days after the month");
    CHECK_OK(ctx, tenant_read(ctx, find_term, &thirty));
    CHECK_OK(ctx, tenant_transact(ctx, ask_due, &none));
    CHECK_OK(ctx, tenant_transact(ctx, ask_due, &thirty));
    CHECK_OK(ctx, tenant_transact(ctx, ask_due, &month_end));
    CHECK_STR(date_text(ctx->arena, none.due), "2026-01-31");
    CHECK_STR(date_text(ctx->arena, thirty.due), "2026-03-02");
    CHECK_STR(date_text(ctx->arena, month_end.due), "2026-02-10");
    house_close(&house);
}

// ---- Those who do not give a name ---------------------------------------------------------------

static Status ask_cash(Ctx *ctx, void *arg)
{
    Question *q = arg;
    return party_cash_customer(ctx, q->country, &q->party);
}

static void test_one_cash_customer_per_country(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Question first = { .country = S("DE") }, second = first, other = { .country = S("FR") };
    CHECK_OK(ctx, tenant_transact(ctx, ask_cash, &first));
    CHECK_OK(ctx, tenant_transact(ctx, ask_cash, &second));
    CHECK_OK(ctx, tenant_transact(ctx, ask_cash, &other));
    CHECK(first.party && first.party == second.party && first.party != other.party);
    CHECK_OK(ctx, tenant_read(ctx, ask, &first));
    CHECK_STR(first.facts.name, "Cash customer, DE");
    CHECK_STR(first.facts.country, "DE");
    Question nowhere = { .country = S("Germany") };
    CHECK_FAILS(ctx, "party.country", tenant_transact(ctx, ask_cash, &nowhere));
    house_close(&house);
}

const Test party_tests[] = {
    { "what a party may not be", test_what_a_party_may_not_be },
    { "facts of a party", test_facts_of_a_party },
    { "when an invoice is due", test_when_an_invoice_is_due },
    { "one cash customer per country", test_one_cash_customer_per_country },
    { 0 },
};
