// test_finance.c - the statements of a small company over two fiscal years, told in rows, and the
// same company asked on days in the middle of a month.
#include "base/buf.h"
#include "gen/finance.gen.h"
#include "kernel/report.h"
#include "modules/books.h"

// ---- A small company ----------------------------------------------------------------------------

typedef struct Company {
    House house;
    Id customer, sale, payment;
} Company;

static Status match(Ctx *ctx, void *arg)
{
    const Company *c = arg;
    Id debit, credit;
    Money matched;
    TRY(db_one(ctx, SQL("SELECT id FROM open_item WHERE entry_id = $1", c->sale), &debit));
    TRY(db_one(ctx, SQL("SELECT id FROM open_item WHERE entry_id = $1", c->payment), &credit));
    return item_allocate(ctx, debit, credit, (Money){ 0 }, books_day("2025-05-10"), &matched);
}

static Id post(Ctx *ctx, const Company *c, const char *on, const char *lines, const char *number)
{
    BooksEntry entry = { .on = on, .lines = lines, .party = c->customer, .number = number };
    books_must(ctx, books_post, &entry);
    return entry.ret;
}

// A sale of last year paid in this one, a sale in January, stamps in February, a sale today.
static void open_company(Ctx *ctx, Company *c)
{
    house_open(ctx, &c->house);
    c->customer = books_party(ctx, "Northquay");
    c->sale =
        post(ctx, c, "2025-03-10", "receivable:120.00 sales:-100.00 output_tax:-20.00", "I-1");
    c->payment = post(ctx, c, "2025-05-10", "bank:120.00 receivable:-120.00", "P-1");
    books_must(ctx, match, c);
    post(ctx, c, "2026-01-15", "receivable:60.00 sales:-50.00 output_tax:-10.00", "I-2");
    post(ctx, c, "2026-02-20", "expense:30.00 cash:-30.00", "V-1");
    post(ctx, c, "2026-03-02", "receivable:12.00 sales:-10.00 output_tax:-2.00", "I-3");
}

// ---- Reports as text ----------------------------------------------------------------------------

typedef struct Asked {
    const char *report;
    const void *params;
    Str text, first_href;
} Asked;

static void put_cell(Ctx *ctx, Buf *out, const ReportColumn *column, const ReportCell *cell)
{
    if (!cell->known)
        buf_c(out, "-");
    else if (column->type == REPORT_DATE)
        buf_put(out, date_text(ctx->arena, (Date)cell->number));
    else if (column->type == REPORT_MONEY)
        buf_put(out, decimal_text(ctx->arena, cell->number, 2));
    else
        buf_put(out, cell->text);
}

static Status run(Ctx *ctx, void *arg)
{
    Asked *asked = arg;
    const Report *report = report_named(str_from(asked->report));
    ReportRows rows;
    Buf out = { .arena = ctx->arena };
    TRY(report_run(ctx, report, asked->params, &rows));
    EACH (row, rows.rows) {
        const char *between = out.len ? "\n" : "";
        for (int i = 0; i < rows.column_count; i++) {
            const ReportColumn *column = &report->columns[i];
            if (column->type == REPORT_HREF && asked->first_href.len == 0)
                asked->first_href = (*row)[i].text;
            if (column->type == REPORT_HREF)
                continue;
            buf_c(&out, between);
            put_cell(ctx, &out, column, &(*row)[i]);
            between = " | ";
        }
    }
    asked->text = buf_str(&out);
    return OK;
}

static Str told(Ctx *ctx, const char *report, const void *params)
{
    Asked asked = { .report = report, .params = params };
    CHECK_OK(ctx, tenant_read(ctx, run, &asked));
    return asked.text;
}

// ---- Statements ---------------------------------------------------------------------------------

static void test_statements(void)
{
    Ctx *ctx = test_ctx();
    Company c;
    open_company(ctx, &c);
    PeriodParams spring = { .from_on = books_day("2026-02-01"), .to_on = books_day("2026-03-02") };
    CHECK_STR(told(ctx, "finance.trial_balance", &spring),
              "1100 | Bank | 120.00 | 0.00 | 0.00 | 120.00\n"
              "1110 | Cash | 0.00 | 0.00 | 30.00 | -30.00\n"
              "1200 | Receivables | 60.00 | 12.00 | 0.00 | 72.00\n"
              "2200 | Output tax | -30.00 | 0.00 | 2.00 | -32.00\n"
              "3200 | Retained earnings | -100.00 | 0.00 | 0.00 | -100.00\n"
              "4100 | Sales | -50.00 | 0.00 | 10.00 | -60.00\n"
              "6100 | General expenses | 0.00 | 30.00 | 0.00 | 30.00");
    CHECK_STR(told(ctx, "finance.profit_and_loss", &(PeriodParams){ 0 }),
              "Income | 4100 | Sales | 60.00\n"
              "Expense | 6100 | General expenses | -30.00");
    CHECK_STR(told(ctx, "finance.balance_sheet", &(DayParams){ 0 }),
              "Asset | 1100 | Bank | 120.00\n"
              "Asset | 1110 | Cash | -30.00\n"
              "Asset | 1200 | Receivables | 72.00\n"
              "Liability | 2200 | Output tax | -32.00\n"
              "Equity | - | Profit of earlier years | -100.00\n"
              "Equity | - | Profit of this year | -30.00");
    books_verify(ctx);
    house_close(&c.house);
}

static void test_the_middle_of_a_month(void)
{
    Ctx *ctx = test_ctx();
    Company c;
    open_company(ctx, &c);
    CHECK_STR(told(ctx, "finance.balance_sheet", &(DayParams){ books_day("2026-02-19") }),
              "Asset | 1100 | Bank | 120.00\n"
              "Asset | 1200 | Receivables | 60.00\n"
              "Liability | 2200 | Output tax | -30.00\n"
              "Equity | - | Profit of earlier years | -100.00\n"
              "Equity | - | Profit of this year | -50.00");
    CHECK_STR(told(ctx, "finance.profit_and_loss",
                   &(PeriodParams){ .from_on = books_day("2026-01-15"),
                                    .to_on = books_day("2026-02-20") }),
              "Income | 4100 | Sales | 50.00\n"
              "Expense | 6100 | General expenses | -30.00");
    CHECK_STR(told(ctx, "finance.profit_and_loss",
                   &(PeriodParams){ .from_on = books_day("2026-01-16"),
                                    .to_on = books_day("2026-02-19") }),
              "");
    house_close(&c.house);
}

static void test_totals_by_two(void)
{
    Ctx *ctx = test_ctx();
    Company c;
    open_company(ctx, &c);
    TotalsParams year = { .by = TOTAL_BY_ACCOUNT,
                          .then_by = TOTAL_BY_MONTH,
                          .from_on = books_day("2026-01-15"),
                          .to_on = books_day("2026-03-01") };
    CHECK_STR(told(ctx, "finance.totals", &year),
              "1110 Cash | 2026-02 | 0.00 | 30.00 | -30.00\n"
              "1200 Receivables | 2026-01 | 60.00 | 0.00 | 60.00\n"
              "2200 Output tax | 2026-01 | 0.00 | 10.00 | -10.00\n"
              "4100 Sales | 2026-01 | 0.00 | 50.00 | -50.00\n"
              "6100 General expenses | 2026-02 | 30.00 | 0.00 | 30.00");
    TotalsParams months = { .by = TOTAL_BY_MONTH,
                            .then_by = TOTAL_BY_CHANNEL,
                            .from_on = books_day("2025-03-10"),
                            .to_on = books_day("2026-03-02"),
                            .account = books_account(ctx, "4100") };
    CHECK_STR(told(ctx, "finance.totals", &months), "2025-03 | Without | 0.00 | 100.00 | -100.00\n"
                                                    "2026-01 | Without | 0.00 | 50.00 | -50.00\n"
                                                    "2026-03 | Without | 0.00 | 10.00 | -10.00");
    TotalsParams within = { .by = TOTAL_BY_PLACE,
                            .from_on = books_day("2026-02-20"),
                            .to_on = books_day("2026-02-21") };
    CHECK_STR(told(ctx, "finance.totals", &within), "Without | - | 30.00 | 30.00 | 0.00");
    within.from_on = books_day("2026-02-21");
    CHECK_STR(told(ctx, "finance.totals", &within), "");
    house_close(&c.house);
}

// ---- Receivables --------------------------------------------------------------------------------

static void test_receivables_by_age(void)
{
    Ctx *ctx = test_ctx();
    Company c;
    open_company(ctx, &c);
    CHECK_STR(told(ctx, "finance.receivables_ageing", &(DayParams){ 0 }),
              "P-00001 | Northquay | 12.00 | 0.00 | 60.00 | 0.00 | 0.00 | 72.00");
    // Before the payment came, and after.
    CHECK_STR(told(ctx, "finance.receivables_ageing", &(DayParams){ books_day("2025-04-30") }),
              "P-00001 | Northquay | 0.00 | 0.00 | 120.00 | 0.00 | 0.00 | 120.00");
    CHECK_STR(told(ctx, "finance.receivables_ageing", &(DayParams){ books_day("2025-05-10") }), "");
    house_close(&c.house);
}

static void test_a_customers_statement(void)
{
    Ctx *ctx = test_ctx();
    Company c;
    open_company(ctx, &c);
    CHECK_STR(
        told(ctx, "finance.statement",
             &(StatementParams){ .customer = c.customer, .from_on = books_day("2025-05-01") }),
        "2025-05-01 | Opening balance | - | - | 120.00\n"
        "2025-05-10 | P-1 | - | -120.00 | 0.00\n"
        "2026-01-15 | I-2 | - | 60.00 | 60.00\n"
        "2026-03-02 | I-3 | - | 12.00 | 72.00");
    house_close(&c.house);
}

static void test_the_general_ledger_leads_to_documents(void)
{
    Ctx *ctx = test_ctx();
    Company c;
    open_company(ctx, &c);
    AccountParams params = { .account = books_account(ctx, "1200"),
                             .from_on = books_day("2026-01-01") };
    Asked asked = { .report = "finance.general_ledger", .params = &params };
    CHECK_OK(ctx, tenant_read(ctx, run, &asked));
    CHECK_STR(asked.text, "2026-01-01 | - | Opening balance | - | - | - | 0.00\n"
                          "2026-01-15 | JE-25-26-000002 | - | Northquay | 60.00 | - | 60.00\n"
                          "2026-03-02 | JE-25-26-000004 | - | Northquay | 12.00 | - | 72.00");
    CHECK_STR(asked.first_href, str_format(ctx->arena, "/admin/party/parties/~" STR_FMT,
                                           STR_ARG(id_text(ctx->arena, c.customer)))
                                    .ptr);
    house_close(&c.house);
}

static void test_reports_need_the_permission(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Asked asked = { .report = "finance.balance_sheet", .params = &(DayParams){ 0 } };
    ctx->actor = house_actor(ctx, "ledger.*");
    CHECK_FAILS(ctx, "denied.permission", tenant_read(ctx, run, &asked));
    house_close(&house);
}

const Test finance_tests[] = {
    { "statements", test_statements },
    { "the middle of a month", test_the_middle_of_a_month },
    { "totals by two", test_totals_by_two },
    { "receivables by age", test_receivables_by_age },
    { "a customer's statement", test_a_customers_statement },
    { "the general ledger leads to documents", test_the_general_ledger_leads_to_documents },
    { "reports need the permission", test_reports_need_the_permission },
    { 0 },
};
