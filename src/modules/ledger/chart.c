// chart.c - the accounts, posting rules and fiscal year that a new company starts with: a small
// chart that every purpose has its account in, and, in India, an account for each component of GST
// in both directions, since CGST, SGST and IGST are paid and set off one by one (CGST Act 2017,
// section 49). People rename, add and regroup; nothing in the program knows a number from here.
#include "modules/ledger/inside.h"

#include "kernel/i18n.h"

typedef struct ChartRow {
    const char *code, *above, *name;
    AccountKind kind;
    AccountUse special;     // none: a heading, which takes no postings
    Purpose purpose;        // what is booked here
    const char *kind_code;  // only of this kind
    const char *country;    // only there
} ChartRow;

// clang-format off
static const ChartRow chart[] = {
    { "1000", NULL,   TEXT("Assets"),                          ACCOUNT_KIND_ASSET,     0, 0 },
    { "1100", "1000", TEXT("Bank"),                            ACCOUNT_KIND_ASSET,     ACCOUNT_USE_BANK, PURPOSE_BANK },
    { "1110", "1000", TEXT("Cash"),                            ACCOUNT_KIND_ASSET,     ACCOUNT_USE_CASH, PURPOSE_CASH },
    { "1120", "1000", TEXT("Payment providers"),               ACCOUNT_KIND_ASSET,     ACCOUNT_USE_ORDINARY, PURPOSE_GATEWAY_CLEARING },
    { "1130", "1000", TEXT("Cash on delivery, with carriers"), ACCOUNT_KIND_ASSET,     ACCOUNT_USE_ORDINARY, PURPOSE_COD_CLEARING },
    { "1200", "1000", TEXT("Receivables"),                     ACCOUNT_KIND_ASSET,     ACCOUNT_USE_RECEIVABLE, PURPOSE_RECEIVABLE },
    { "1300", "1000", TEXT("Stock"),                           ACCOUNT_KIND_ASSET,     ACCOUNT_USE_STOCK, PURPOSE_STOCK },
    { "1310", "1000", TEXT("Stock on the way"),                ACCOUNT_KIND_ASSET,     ACCOUNT_USE_STOCK, PURPOSE_STOCK_TRANSIT },
    { "1400", "1000", TEXT("Input tax"),                       ACCOUNT_KIND_ASSET,     ACCOUNT_USE_TAX, PURPOSE_INPUT_TAX },
    { "1401", "1400", TEXT("Input CGST"),                      ACCOUNT_KIND_ASSET,     ACCOUNT_USE_TAX, PURPOSE_INPUT_TAX, "cgst", "IN" },
    { "1402", "1400", TEXT("Input SGST"),                      ACCOUNT_KIND_ASSET,     ACCOUNT_USE_TAX, PURPOSE_INPUT_TAX, "sgst", "IN" },
    { "1403", "1400", TEXT("Input IGST"),                      ACCOUNT_KIND_ASSET,     ACCOUNT_USE_TAX, PURPOSE_INPUT_TAX, "igst", "IN" },
    { "1404", "1400", TEXT("Input cess"),                      ACCOUNT_KIND_ASSET,     ACCOUNT_USE_TAX, PURPOSE_INPUT_TAX, "cess", "IN" },
    { "2000", NULL,   TEXT("Liabilities"),                     ACCOUNT_KIND_LIABILITY, 0, 0 },
    { "2100", "2000", TEXT("Payables"),                        ACCOUNT_KIND_LIABILITY, ACCOUNT_USE_PAYABLE, PURPOSE_PAYABLE },
    { "2110", "2000", TEXT("Goods received, not billed"),      ACCOUNT_KIND_LIABILITY, ACCOUNT_USE_ORDINARY, PURPOSE_GOODS_RECEIVED },
    { "2200", "2000", TEXT("Output tax"),                      ACCOUNT_KIND_LIABILITY, ACCOUNT_USE_TAX, PURPOSE_OUTPUT_TAX },
    { "2201", "2200", TEXT("Output CGST"),                     ACCOUNT_KIND_LIABILITY, ACCOUNT_USE_TAX, PURPOSE_OUTPUT_TAX, "cgst", "IN" },
    { "2202", "2200", TEXT("Output SGST"),                     ACCOUNT_KIND_LIABILITY, ACCOUNT_USE_TAX, PURPOSE_OUTPUT_TAX, "sgst", "IN" },
    { "2203", "2200", TEXT("Output IGST"),                     ACCOUNT_KIND_LIABILITY, ACCOUNT_USE_TAX, PURPOSE_OUTPUT_TAX, "igst", "IN" },
    { "2204", "2200", TEXT("Output cess"),                     ACCOUNT_KIND_LIABILITY, ACCOUNT_USE_TAX, PURPOSE_OUTPUT_TAX, "cess", "IN" },
    { "2210", "2000", TEXT("Tax owed for suppliers"),          ACCOUNT_KIND_LIABILITY, ACCOUNT_USE_TAX, PURPOSE_TAX_REVERSE },
    { "3000", NULL,   TEXT("Equity"),                          ACCOUNT_KIND_EQUITY,    0, 0 },
    { "3100", "3000", TEXT("Capital"),                         ACCOUNT_KIND_EQUITY,    ACCOUNT_USE_ORDINARY, 0 },
    { "3200", "3000", TEXT("Retained earnings"),               ACCOUNT_KIND_EQUITY,    ACCOUNT_USE_PROFIT, 0 },
    { "3900", "3000", TEXT("Opening balances"),                ACCOUNT_KIND_EQUITY,    ACCOUNT_USE_ORDINARY, PURPOSE_OPENING },
    { "4000", NULL,   TEXT("Income"),                          ACCOUNT_KIND_INCOME,    0, 0 },
    { "4100", "4000", TEXT("Sales"),                           ACCOUNT_KIND_INCOME,    ACCOUNT_USE_ORDINARY, PURPOSE_SALES },
    { "4110", "4000", TEXT("Sales returns"),                   ACCOUNT_KIND_INCOME,    ACCOUNT_USE_ORDINARY, PURPOSE_SALES_RETURNS },
    { "4120", "4000", TEXT("Discounts given"),                 ACCOUNT_KIND_INCOME,    ACCOUNT_USE_ORDINARY, PURPOSE_DISCOUNT_GIVEN },
    { "4200", "4000", TEXT("Freight charged"),                 ACCOUNT_KIND_INCOME,    ACCOUNT_USE_ORDINARY, PURPOSE_FREIGHT_INCOME },
    { "4210", "4000", TEXT("Other charges"),                   ACCOUNT_KIND_INCOME,    ACCOUNT_USE_ORDINARY, PURPOSE_CHARGE_INCOME },
    { "4800", "4000", TEXT("Exchange gains"),                  ACCOUNT_KIND_INCOME,    ACCOUNT_USE_ORDINARY, PURPOSE_FX_GAIN },
    { "5000", NULL,   TEXT("Cost of sales"),                   ACCOUNT_KIND_EXPENSE,   0, 0 },
    { "5100", "5000", TEXT("Cost of goods sold"),              ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_COST_OF_SALES },
    { "5200", "5000", TEXT("Stock adjustments"),               ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_STOCK_ADJUSTMENT },
    { "5210", "5000", TEXT("Stock revaluation"),               ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_STOCK_REVALUATION },
    { "5220", "5000", TEXT("Scrap"),                           ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_SCRAP },
    { "5300", "5000", TEXT("Purchases"),                       ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_PURCHASES },
    { "6000", NULL,   TEXT("Expenses"),                        ACCOUNT_KIND_EXPENSE,   0, 0 },
    { "6100", "6000", TEXT("General expenses"),                ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_EXPENSE },
    { "6200", "6000", TEXT("Payment fees"),                    ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_GATEWAY_FEES },
    { "6300", "6000", TEXT("Bad debts"),                       ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_BAD_DEBTS },
    { "6800", "6000", TEXT("Exchange losses"),                 ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_FX_LOSS },
    { "6900", "6000", TEXT("Rounding"),                        ACCOUNT_KIND_EXPENSE,   ACCOUNT_USE_ORDINARY, PURPOSE_ROUNDING },
};
// clang-format on

// Headings come before what stands below them.
static Id above_of(const ChartRow *row, const Id *made)
{
    for (const ChartRow *other = chart; row->above && other < row; other++)
        if (strcmp(other->code, row->above) == 0)
            return made[other - chart];
    return 0;
}

static Status add_account(Ctx *ctx, const ChartRow *row, Id above, Id *ret)
{
    Account *account = account_new(ctx);
    account->above = above;
    account->account_code = str_from(row->code);
    account->name = tr(ctx, row->name);
    account->kind = row->kind;
    account->special = !row->special ? ACCOUNT_USE_ORDINARY : row->special;
    account->is_closed = !row->special;
    account->is_open_item =
        row->special == ACCOUNT_USE_RECEIVABLE || row->special == ACCOUNT_USE_PAYABLE;
    TRY(account_save(ctx, account));
    *ret = account->record.id;
    return OK;
}

static Status add_rule(Ctx *ctx, const ChartRow *row, Id account)
{
    PostingRule *rule = posting_rule_new(ctx);
    rule->purpose = row->purpose;
    rule->account = account;
    rule->kind_code = str_from(row->kind_code);
    return posting_rule_save(ctx, rule);
}

Status chart_install(Ctx *ctx)
{
    Id made[COUNT(chart)] = { 0 };
    for (size_t i = 0; i < COUNT(chart); i++) {
        if (chart[i].country && !str_is(ctx->tenant->country, chart[i].country))
            continue;
        TRY(add_account(ctx, &chart[i], above_of(&chart[i], made), &made[i]));
        if (chart[i].purpose)
            TRY(add_rule(ctx, &chart[i], made[i]));
    }
    return fiscal_year_open(ctx, tenant_today(ctx));
}
