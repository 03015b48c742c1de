// statement.c - trial balance, profit and loss, balance sheet. Years are never closed by an entry:
// what earlier years earned is the income and expenses before the year's first day, shown where
// retained earnings stand. So a late posting into last year is right everywhere at once.
#include "kernel/i18n.h"
#include "modules/finance/inside.h"

static bool is_result(const AccountSum *sum)
{
    return sum->kind == ACCOUNT_KIND_INCOME || sum->kind == ACCOUNT_KIND_EXPENSE;
}

static Money net_of(const AccountSum *sum)  // debit above zero
{
    return (Money){ sum->debit.minor - sum->credit.minor };
}

// What came in beyond what it cost, up to that day, since the books began.
static Money profit_of(const AccountSumList *sums)
{
    Money profit = { 0 };
    EACH (sum, *sums)
        if (is_result(sum))
            profit.minor -= net_of(sum).minor;
    return profit;
}

// ---- Trial balance ------------------------------------------------------------------------------

typedef struct Trial {
    AccountSumList year, from, until;  // up to the year's start, the period's, and its end
} Trial;

static Status read_trial(Ctx *ctx, const PeriodParams *asked, Trial *ret)
{
    Date from = asked->from_on, to = asked->to_on;
    period_defaults(ctx, &from, &to);
    SumQuestion q = { .channel = asked->channel, .cost_centre = asked->cost_centre };
    q.before = tenant_fiscal_start(ctx, from);
    TRY(account_sums(ctx, &q, &ret->year));
    q.before = from;
    TRY(account_sums(ctx, &q, &ret->from));
    q.before = to + 1;
    return account_sums(ctx, &q, &ret->until);
}

Status trial_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    Trial t;
    TRY(read_trial(ctx, params, &t));
    Money earlier = profit_of(&t.year);
    for (size_t i = 0; i < t.until.len; i++) {
        const AccountSum *from = &t.from.items[i], *until = &t.until.items[i];
        int64_t opening = net_of(from).minor;
        if (is_result(until))
            opening -= net_of(&t.year.items[i]).minor;
        if (until->is_profit) {
            opening -= earlier.minor;
            earlier = (Money){ 0 };
        }
        int64_t debit = until->debit.minor - from->debit.minor;
        int64_t credit = until->credit.minor - from->credit.minor;
        if (opening == 0 && debit == 0 && credit == 0)
            continue;
        ReportCell *cells = report_add_row(ctx, ret);
        put_text(&cells[0], until->code);
        put_text(&cells[1], until->name);
        put_number(&cells[2], opening);
        put_number(&cells[3], debit);
        put_number(&cells[4], credit);
        put_number(&cells[5], opening + debit - credit);
        put_text(&cells[6], id_text(ctx->arena, until->account));
    }
    return OK;
}

#define TO_LEDGER                                                                                  \
    "/admin/reports/finance.general_ledger?account={account_id}&from_on={from_on}&to_on={to_on}"

const ReportColumn trial_columns[] = {
    { "account_code", "Code", REPORT_TEXT },
    { "name", "Account", REPORT_TEXT, .drill = TO_LEDGER },
    { "opening", "Opening", REPORT_MONEY, .is_sum = true },
    { "debit", "Debit", REPORT_MONEY, .is_sum = true },
    { "credit", "Credit", REPORT_MONEY, .is_sum = true },
    { "closing", "Closing", REPORT_MONEY, .is_sum = true, .drill = TO_LEDGER },
    { "account_id", "", REPORT_HREF },
    { 0 },
};
// ---- Profit and loss ----------------------------------------------------------------------------

static void add_line(Ctx *ctx, ReportRows *rows, Str section, Str code, Str name, int64_t amount,
                     Id account)
{
    ReportCell *cells = report_add_row(ctx, rows);
    put_text(&cells[0], section);
    put_text(&cells[1], code);
    put_text(&cells[2], name);
    put_number(&cells[3], amount);
    put_text(&cells[4], id_text(ctx->arena, account));
}

// Amounts as they add to the profit: income above zero, expenses below.
static void profit_section(Ctx *ctx, const Trial *t, AccountKind kind, ReportRows *ret)
{
    Str section = tr(ctx, account_kind_enum.values[kind].label);
    for (size_t i = 0; i < t->until.len; i++) {
        const AccountSum *until = &t->until.items[i];
        int64_t amount = net_of(&t->from.items[i]).minor - net_of(until).minor;
        if (until->kind == kind && amount)
            add_line(ctx, ret, section, until->code, until->name, amount, until->account);
    }
}

Status profit_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    Trial t;
    TRY(read_trial(ctx, params, &t));
    profit_section(ctx, &t, ACCOUNT_KIND_INCOME, ret);
    profit_section(ctx, &t, ACCOUNT_KIND_EXPENSE, ret);
    return OK;
}

const ReportColumn profit_columns[] = {
    { "section", "Section", REPORT_TEXT, .is_group = true },
    { "account_code", "Code", REPORT_TEXT },
    { "name", "Account", REPORT_TEXT, .drill = TO_LEDGER },
    { "amount", "Amount", REPORT_MONEY, .is_sum = true, .drill = TO_LEDGER },
    { "account_id", "", REPORT_HREF },
    { 0 },
};
// ---- Balance sheet ------------------------------------------------------------------------------

static void sheet_section(Ctx *ctx, const AccountSumList *sums, AccountKind kind, ReportRows *ret)
{
    Str section = tr(ctx, account_kind_enum.values[kind].label);
    EACH (sum, *sums) {
        int64_t amount = net_of(sum).minor;
        if (sum->kind == kind && amount)
            add_line(ctx, ret, section, sum->code, sum->name, amount, sum->account);
    }
}

// Assets above zero, what they were paid with below: the sum of a true sheet is nothing.
Status sheet_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    Date on = ((const DayParams *)params)->on, year = 0;
    AccountSumList now, before;
    period_defaults(ctx, &year, &on);
    TRY(account_sums(ctx, &(SumQuestion){ .before = on + 1 }, &now));
    TRY(account_sums(ctx, &(SumQuestion){ .before = year }, &before));
    int64_t earlier = profit_of(&before).minor, total = profit_of(&now).minor;
    sheet_section(ctx, &now, ACCOUNT_KIND_ASSET, ret);
    sheet_section(ctx, &now, ACCOUNT_KIND_LIABILITY, ret);
    sheet_section(ctx, &now, ACCOUNT_KIND_EQUITY, ret);
    Str equity = tr(ctx, account_kind_enum.values[ACCOUNT_KIND_EQUITY].label);
    if (earlier)
        add_line(ctx, ret, equity, S(""), tr(ctx, "Profit of earlier years"), -earlier, 0);
    if (total - earlier)
        add_line(ctx, ret, equity, S(""), tr(ctx, "Profit of this year"), earlier - total, 0);
    return OK;
}
