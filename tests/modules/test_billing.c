// test_billing.c - invoices and credit notes: what they come to, where they are booked, what is
// refused, numbers without holes, credits that never exceed the invoice, paper, supplier bills.
#include "base/buf.h"
#include "kernel/entity/access.h"
#include "modules/billing/inside.h"
#include "modules/books.h"

#include <pthread.h>

// ---- Drafts in one line of text -----------------------------------------------------------------

typedef struct Draft {
    const char *lines;    // "2x10.00 3x1.50-10%"
    const char *charges;  // "freight_income:5.00 discount_given:-2.00"
    const char *currency, *on;
    bool is_included;
    Id customer;
    Postal ship_to;
    Invoice ret;
} Draft;

static InvoiceLineSpec line_of(Str word)
{
    Str quantity = S(""), price = S(""), discount = S("");
    InvoiceLineSpec line = { .name = S("Lantern") };
    int64_t percent = 0;
    str_next(&word, 'x', &quantity);
    str_next(&word, '-', &price);
    str_next(&word, '%', &discount);
    CHECK(decimal_parse(quantity, 6, &line.quantity.micro));
    CHECK(decimal_parse(price, 6, &line.price.micro));
    CHECK(discount.len == 0 || decimal_parse(discount, 4, &percent));
    line.discount.micro = (int32_t)percent;
    return line;
}

static InvoiceChargeSpec charge_of(Str word)
{
    Str purpose = S(""), amount = S("");
    InvoiceChargeSpec charge = { 0 };
    str_next(&word, ':', &purpose);
    str_next(&word, ':', &amount);
    charge.name = purpose;
    charge.purpose = (Purpose)enum_value(&purpose_enum, purpose);
    CHECK(decimal_parse(amount, 2, &charge.amount.minor));
    return charge;
}

static Status create(Ctx *ctx, void *arg)
{
    Draft *draft = arg;
    Str rest = str_from(draft->lines), word;
    InvoiceSpec spec = { .customer = draft->customer,
                         .on = books_day(draft->on ? draft->on : "2026-03-02"),
                         .is_tax_included = draft->is_included,
                         .ship_to = draft->ship_to };
    if (draft->currency)
        CHECK(currency_parse(str_from(draft->currency), &spec.currency));
    while (str_next_word(&rest, &word))
        *list_push(ctx->arena, &spec.lines) = line_of(word);
    rest = str_from(draft->charges);
    while (str_next_word(&rest, &word))
        *list_push(ctx->arena, &spec.charges) = charge_of(word);
    return invoice_create(ctx, &spec, &draft->ret);
}

static Status create_and_post(Ctx *ctx, void *arg)
{
    TRY(create(ctx, arg));
    return invoice_post(ctx, &((Draft *)arg)->ret);
}

typedef struct Found {
    Id source, entry, item;
    Invoice invoice;
} Found;

static Status find(Ctx *ctx, void *arg)
{
    Found *found = arg;
    bool is_there;
    found->entry = 0;
    TRY(db_maybe(
        ctx,
        SQL("SELECT id FROM journal_entry WHERE source_id = $1 ORDER BY id LIMIT 1", found->source),
        &is_there, &found->entry));
    TRY(item_of(ctx, (Link){ &invoice_entity, found->source }, &found->item));
    return invoice_load(ctx, found->source, &found->invoice);
}

static Found found(Ctx *ctx, Id invoice)
{
    Found f = { .source = invoice };
    CHECK_OK(ctx, tenant_read(ctx, find, &f));
    return f;
}

static Id posted(Ctx *ctx, Id customer, const char *lines, const char *charges)
{
    Draft draft = { .lines = lines, .charges = charges, .customer = customer };
    books_must(ctx, create_and_post, &draft);
    return draft.ret.record.id;
}

static Status set_rounding(Ctx *ctx, void *arg)
{
    return setting_set(ctx, S("tax.round_total_to"), *(const Str *)arg);
}

static Status add_dollar_rate(Ctx *ctx, void *arg)
{
    FxRate *rate = fx_rate_new(ctx);
    (void)arg;
    CHECK(currency_parse(S("USD"), &rate->currency));
    rate->rate.nano = -1250000000;
    rate->valid_from = books_day("2026-01-01");
    return fx_rate_save(ctx, rate);
}

// The cached settings are replaced as a whole: a context sees them when it enters again.
static void round_totals_to(Ctx *ctx, const char *amount)
{
    Tenant *tenant;
    Str value = str_from(amount);
    books_must(ctx, set_rounding, &value);
    CHECK_OK(ctx, tenant_open(ctx, ctx->tenant->code, &tenant));
    tenant_enter(ctx, tenant);
}

// ---- Figures and postings -----------------------------------------------------------------------

static void test_figures_and_entries(void)
{
    // clang-format off
    static const struct {
        const char *row, *lines, *charges, *currency, *to, *round_to;
        bool is_included;
        int64_t net, charges_net, tax, total;
        const char *entry;
    } rows[] = {
        { "one line", "2x10.00", "", NULL, "GB", "0", false, 2000, 0, 400, 2400,
          "1200:24.00 2200:-4.00 4100:-20.00" },
        { "two lines, one discounted", "2x10.00 3x1.50-10%", "", NULL, "GB", "0", false, 2405, 0, 481, 2886,
          "1200:28.86 2200:-4.81 4100:-24.05" },
        { "prices with tax", "1x12.00", "", NULL, "GB", "0", true, 1000, 0, 200, 1200,
          "1200:12.00 2200:-2.00 4100:-10.00" },
        { "freight and a discount", "1x100.00", "freight_income:5.00 discount_given:-10.00", NULL, "GB", "0",
          false, 10000, -500, 1900, 11400, "1200:114.00 2200:-19.00 4100:-100.00 4120:10.00 4200:-5.00" },
        { "to five pence", "1x1.02", "", NULL, "GB", "5", false, 102, 0, 20, 120,
          "1200:1.20 2200:-0.20 4100:-1.02 6900:0.02" },
        { "export", "1x100.00", "", NULL, "NO", "0", false, 10000, 0, 0, 10000, "1200:100.00 4100:-100.00" },
        { "in dollars", "1x100.00", "", "USD", "GB", "0", false, 10000, 0, 2000, 12000,
          "1200:96.00 2200:-16.00 4100:-80.00" },
        { "given away", "1x10.00-100%", "", NULL, "GB", "0", false, 0, 0, 0, 0, "" },
        { "six decimals of a price", "1000x0.001234", "", NULL, "GB", "0", false, 123, 0, 25, 148,
          "1200:1.48 2200:-0.25 4100:-1.23" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Id customer = books_party(ctx, "Northquay");
    books_must(ctx, add_dollar_rate, NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Draft draft = { .lines = rows[i].lines,
                        .charges = rows[i].charges,
                        .currency = rows[i].currency,
                        .is_included = rows[i].is_included,
                        .customer = customer,
                        .ship_to = { .country = str_from(rows[i].to) } };
        test_row = rows[i].row;
        round_totals_to(ctx, rows[i].round_to);
        CHECK_OK(ctx, tenant_transact(ctx, create_and_post, &draft));
        const Totals *t = &draft.ret.totals;
        CHECK_INT(t->net.minor, rows[i].net);
        CHECK_INT(t->charges_net.minor, rows[i].charges_net);
        CHECK_INT(t->tax.minor, rows[i].tax);
        CHECK_INT(t->total.minor, rows[i].total);
        Found f = found(ctx, draft.ret.record.id);
        CHECK_STR(books_lines(ctx, f.entry), rows[i].entry);
        CHECK_INT(f.invoice.settlement, rows[i].total ? SETTLE_STATE_OPEN : SETTLE_STATE_SETTLED);
    }
    test_row = NULL;
    books_verify(ctx);
    house_close(&house);
}

static void test_indian_invoices(void)
{
    // clang-format off
    static const struct { const char *row, *state, *entry, *tax_to; } rows[] = {
        { "the same state", "Maharashtra", "1200:118.00 2201:-9.00 2202:-9.00 4100:-100.00", "IN-27" },
        { "another state",  "KA",          "1200:118.00 2203:-18.00 4100:-100.00",           "IN-29" },
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
    Id customer = books_party(ctx, "Deshmukh");
    books_seat(ctx, "IN", "MH");
    for (size_t i = 0; i < COUNT(rows); i++) {
        Draft draft = { .lines = "1x100.00",
                        .charges = "",
                        .customer = customer,
                        .ship_to = { .country = S("IN"), .region = str_from(rows[i].state) } };
        test_row = rows[i].row;
        CHECK_OK(ctx, tenant_transact(ctx, create_and_post, &draft));
        CHECK_STR(books_lines(ctx, found(ctx, draft.ret.record.id).entry), rows[i].entry);
        CHECK_STR(draft.ret.tax_from, "IN-27");
        CHECK_STR(draft.ret.tax_to, rows[i].tax_to);
    }
    test_row = NULL;
    books_verify(ctx);
    house_close(&house);
}

static void test_what_cannot_be_posted(void)
{
    // clang-format off
    static const struct { const char *row, *lines, *charges, *on, *currency, *code; } rows[] = {
        { "nothing on it",     "", "", NULL, NULL, "billing.empty" },
        { "below zero",        "1x1.00", "discount_given:-2.00", NULL, NULL, "billing.negative_total" },
        { "far ahead",         "1x1.00", "", "2029-01-01", NULL, "ledger.too_far" },
        { "no exchange rate",  "1x1.00", "", NULL, "JPY", "ledger.no_rate" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Id customer = books_party(ctx, "Northquay");
    for (size_t i = 0; i < COUNT(rows); i++) {
        Draft draft = { .lines = rows[i].lines,
                        .charges = rows[i].charges,
                        .on = rows[i].on,
                        .currency = rows[i].currency,
                        .customer = customer };
        test_row = rows[i].row;
        CHECK_FAILS(ctx, rows[i].code, tenant_transact(ctx, create_and_post, &draft));
    }
    test_row = NULL;
    Draft draft = { .lines = "1x1.00", .charges = "", .customer = customer };
    books_must(ctx, create_and_post, &draft);
    Found f = found(ctx, draft.ret.record.id);
    CHECK_STR(f.invoice.number, "INV-25-26-00001");  // none of the refused took a number
    books_verify(ctx);
    house_close(&house);
}

// ---- Credit notes -------------------------------------------------------------------------------

typedef struct Crediting {
    Id invoice;
    const char *quantities;  // "1 0 2.5"
    bool with_charges;
    Invoice ret;
} Crediting;

static Status credit(Ctx *ctx, void *arg)
{
    Crediting *c = arg;
    Invoice invoice;
    TRY(invoice_load(ctx, c->invoice, &invoice));
    Qty *quantities = NEW_ARRAY(ctx->arena, Qty, invoice.lines.len);
    Str rest = str_from(c->quantities), word;
    for (size_t i = 0; str_next_word(&rest, &word); i++)
        CHECK(decimal_parse(word, 6, &quantities[i].micro));
    return invoice_credit(ctx, &invoice, quantities, c->with_charges, S("damaged"),
                          books_day("2026-03-05"), (Link){ 0 }, &c->ret);
}

static void test_credits_add_up_to_the_invoice(void)
{
    static const int64_t nets[] = { 333, 334, 333 }, taxes[] = { 67, 66, 67 };
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Id customer = books_party(ctx, "Northquay");
    Id invoice = posted(ctx, customer, "3x3.333333", "");
    for (int i = 0; i < 3; i++) {
        Crediting c = { .invoice = invoice, .quantities = "1" };
        CHECK_OK(ctx, tenant_transact(ctx, credit, &c));
        CHECK_INT(c.ret.totals.net.minor, nets[i]);
        CHECK_INT(c.ret.totals.tax.minor, taxes[i]);
        CHECK_STR(c.ret.number, str_format(ctx->arena, "CN-25-26-%05d", i + 1).ptr);
        CHECK_INT(c.ret.settlement, SETTLE_STATE_SETTLED);
    }
    Found f = found(ctx, invoice);
    CHECK_INT(f.invoice.settlement, SETTLE_STATE_SETTLED);
    CHECK_INT(f.invoice.due.minor, 0);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    CHECK_INT(books_balance(ctx, "2200").minor, 0);
    CHECK_INT(books_balance(ctx, "4110").minor, 1000);
    books_verify(ctx);
    house_close(&house);
}

static void test_no_more_is_credited_than_was_invoiced(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Id customer = books_party(ctx, "Northquay");
    Id invoice = posted(ctx, customer, "3x10.00 1x5.00", "freight_income:4.00");
    Crediting some = { .invoice = invoice, .quantities = "2 0", .with_charges = true };
    Crediting more = { .invoice = invoice, .quantities = "2 0" };
    Crediting again = { .invoice = invoice, .quantities = "1 0", .with_charges = true };
    Crediting rest = { .invoice = invoice, .quantities = "1 1" };
    CHECK_OK(ctx, tenant_transact(ctx, credit, &some));
    CHECK_INT(found(ctx, invoice).invoice.settlement, SETTLE_STATE_PART_PAID);
    CHECK_FAILS(ctx, "billing.over_credit", tenant_transact(ctx, credit, &more));
    CHECK_FAILS(ctx, "billing.charge_credited", tenant_transact(ctx, credit, &again));
    CHECK_OK(ctx, tenant_transact(ctx, credit, &rest));
    CHECK_FAILS(ctx, "billing.over_credit", tenant_transact(ctx, credit, &again));
    CHECK_INT(found(ctx, invoice).invoice.settlement, SETTLE_STATE_SETTLED);
    books_verify(ctx);
    house_close(&house);
}

// Goods that were sold for less are given back for less.
static void test_a_discount_goes_back_with_the_goods(void)
{
    static const int64_t charges[] = { -33, -34, -33 }, totals[] = { 1160, 1160, 1160 };
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Id customer = books_party(ctx, "Northquay");
    Id invoice = posted(ctx, customer, "3x10.00", "discount_given:-1.00 freight_income:4.00");
    CHECK_INT(found(ctx, invoice).invoice.totals.total.minor, 3960);
    for (int i = 0; i < 3; i++) {
        Crediting c = { .invoice = invoice, .quantities = "1", .with_charges = i == 2 };
        CHECK_OK(ctx, tenant_transact(ctx, credit, &c));
        CHECK_INT(c.ret.totals.charges_net.minor, charges[i] + (i == 2 ? 400 : 0));
        CHECK_INT(c.ret.totals.total.minor, totals[i] + (i == 2 ? 480 : 0));
    }
    CHECK_INT(found(ctx, invoice).invoice.due.minor, 0);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    CHECK_INT(books_balance(ctx, "2200").minor, 0);
    CHECK_INT(books_balance(ctx, "4120").minor, 0);
    books_verify(ctx);
    house_close(&house);
}

static Status run_credit(Ctx *ctx, void *arg)
{
    const Json *input;
    Link *made = arg;
    TRY(json_parse(ctx, S("{\"reason\":\"wrong goods\",\"on\":\"2026-03-04\"}"), &input));
    return action_run(ctx, &invoice_entity, made->id, 0, "credit", input, 0, made);
}

static void test_the_rest_is_credited_by_one_action(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Id customer = books_party(ctx, "Northquay");
    round_totals_to(ctx, "5");
    Id invoice = posted(ctx, customer, "3x1.01 1x5.00", "");
    Crediting some = { .invoice = invoice, .quantities = "1 0" };
    CHECK_OK(ctx, tenant_transact(ctx, credit, &some));
    Link made = { .id = invoice };
    CHECK_OK(ctx, tenant_transact(ctx, run_credit, &made));
    CHECK(made.entity == &invoice_entity && made.id != invoice);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    CHECK_INT(books_balance(ctx, "6900").minor, 0);
    CHECK_INT(found(ctx, invoice).invoice.due.minor, 0);
    books_verify(ctx);
    house_close(&house);
}

// Random lines, credited in random pieces until nothing is left: every account is back at zero.
static void test_random_credits_leave_nothing(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Id customer = books_party(ctx, "Northquay");
    for (int round = 0; round < 6; round++) {
        unsigned left[2] = { 2 + (unsigned)random_below(ctx->random, 6),
                             1 + (unsigned)random_below(ctx->random, 4) };
        Str lines = str_format(ctx->arena, "%ux%llu.%02llu-3%% %ux0.%02llu", left[0],
                               (unsigned long long)random_below(ctx->random, 50),
                               (unsigned long long)random_below(ctx->random, 100), left[1],
                               1 + (unsigned long long)random_below(ctx->random, 99));
        Id invoice = posted(ctx, customer, lines.ptr, "");
        while (left[0] + left[1]) {
            unsigned take[2];
            for (int i = 0; i < 2; i++)
                left[i] -= take[i] = (unsigned)random_below(ctx->random, left[i] + 1);
            if (take[0] + take[1] == 0)
                continue;
            Crediting c = { .invoice = invoice,
                            .quantities = str_format(ctx->arena, "%u %u", take[0], take[1]).ptr };
            CHECK_OK(ctx, tenant_transact(ctx, credit, &c));
        }
        CHECK_INT(found(ctx, invoice).invoice.due.minor, 0);
        CHECK_INT(books_balance(ctx, "1200").minor, 0);
        CHECK_INT(books_balance(ctx, "2200").minor, 0);
    }
    books_verify(ctx);
    house_close(&house);
}

// ---- Numbers ------------------------------------------------------------------------------------

enum { THREADS = 4, EACH_POSTS = 12 };

typedef struct Poster {
    const House *house;
    Id customer;
    int number, refused;
} Poster;

// Each third is refused after its number was drawn: the series must not notice.
static Status post_or_break(Ctx *ctx, void *arg)
{
    Draft *draft = arg;
    TRY(create_and_post(ctx, draft));
    return draft->charges[0] ? FAIL(ctx, E_CONFLICT, "test.broken", "broken on purpose") : OK;
}

static void *post_many(void *arg)
{
    Poster *poster = arg;
    ThreadCtx thread;
    Ctx *ctx = house_thread(poster->house, &thread, (uint64_t)poster->number);
    for (int i = 0; i < EACH_POSTS; i++) {
        Draft draft = { .lines = "1x10.00",
                        .charges = i % 3 == 2 ? "freight_income:1.00" : "",
                        .customer = poster->customer };
        poster->refused += tenant_transact(ctx, post_or_break, &draft) != OK;
    }
    thread_ctx_release(&thread);
    return NULL;
}

static void test_numbers_have_no_holes(void)
{
    Ctx *ctx = test_ctx();
    House house;
    pthread_t threads[THREADS];
    Poster posters[THREADS];
    house_open(ctx, &house);
    Id customer = books_party(ctx, "Northquay");
    for (int i = 0; i < THREADS; i++) {
        posters[i] = (Poster){ &house, customer, i + 1, 0 };
        CHECK(pthread_create(&threads[i], NULL, post_many, &posters[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(posters[i].refused, EACH_POSTS / 3);
    }
    Db *db = house.tenant->db;
    int64_t wanted = THREADS * EACH_POSTS * 2 / 3;
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM invoice"), wanted);
    CHECK_INT(fixture_number(ctx, db,
                             "SELECT last FROM number_counter"
                             " WHERE series = 'invoice.number'"),
              wanted);
    CHECK_INT(fixture_number(ctx, db,
                             "SELECT count(*) FROM invoice"
                             " WHERE number > 'INV-25-26-00032'"),
              0);
    books_verify(ctx);
    house_close(&house);
}

// ---- Paper and supplier bills -------------------------------------------------------------------

static Status draw(Ctx *ctx, void *arg)
{
    Found *f = arg;
    Str pdf;
    TRY(invoice_load(ctx, f->source, &f->invoice));
    TRY(invoice_draw(ctx, &f->invoice, &pdf));
    CHECK(str_starts(pdf, S("%PDF-")));
    CHECK(pdf.len > 2000);
    return OK;
}

static void test_invoices_are_printed(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Id invoice =
        posted(ctx, books_party(ctx, "Northquay"), "2x10.00 1x3.00-5%", "freight_income:4.00");
    Crediting c = { .invoice = invoice, .quantities = "1 0" };
    CHECK_OK(ctx, tenant_transact(ctx, credit, &c));
    CHECK_OK(ctx, tenant_read(ctx, draw, &(Found){ .source = invoice }));
    CHECK_OK(ctx, tenant_read(ctx, draw, &(Found){ .source = c.ret.record.id }));
    house_close(&house);
}

typedef struct Billed {
    Id supplier, id;
} Billed;

static Status post_bill(Ctx *ctx, void *arg)
{
    Billed *billed = arg;
    Bill *bill = bill_new(ctx);
    bill->supplier = billed->supplier;
    bill->their_number = S("A-77");
    *list_push(ctx->arena, &bill->lines) =
        (BillLine){ .name = S("Wicks"), .quantity = { 10 * MICRO }, .price = { 2 * MICRO } };
    TRY(bill_save(ctx, bill));
    billed->id = bill->record.id;
    return action_do(ctx, &bill_entity, bill, "post", NULL);
}

static Status find_entry(Ctx *ctx, void *arg)
{
    Billed *billed = arg;
    return db_one(ctx, SQL("SELECT id FROM journal_entry WHERE source_id = $1", billed->id),
                  &billed->id);
}

static void test_supplier_bills_are_owed(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Billed billed = { .supplier = books_party(ctx, "Wickmakers") };
    CHECK_OK(ctx, tenant_transact(ctx, post_bill, &billed));
    CHECK_OK(ctx, tenant_read(ctx, find_entry, &billed));
    CHECK_STR(books_lines(ctx, billed.id), "1400:4.00 2100:-24.00 5300:20.00");
    CHECK(tenant_transact(ctx, post_bill, &billed) == E_CONFLICT);  // their number came twice
    books_verify(ctx);
    house_close(&house);
}

const Test billing_tests[] = {
    { "figures and entries", test_figures_and_entries },
    { "Indian invoices", test_indian_invoices },
    { "what cannot be posted", test_what_cannot_be_posted },
    { "credits add up to the invoice", test_credits_add_up_to_the_invoice },
    { "no more is credited than was invoiced", test_no_more_is_credited_than_was_invoiced },
    { "a discount goes back with the goods", test_a_discount_goes_back_with_the_goods },
    { "the rest is credited by one action", test_the_rest_is_credited_by_one_action },
    { "random credits leave nothing", test_random_credits_leave_nothing },
    { "numbers have no holes", test_numbers_have_no_holes },
    { "invoices are printed", test_invoices_are_printed },
    { "supplier bills are owed", test_supplier_bills_are_owed },
    { 0 },
};
