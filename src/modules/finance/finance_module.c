// finance_module.c - statements and receivables: what the module offers.
#include "modules/finance/finance_module.h"

#include "kernel/verify.h"
#include "modules/finance/inside.h"

static const Permission permissions[] = {
    { "finance.view", "See statements and receivables" },
    { "finance.cost", "See costs and margins" },
    { 0 },
};

static const Report reports[] = {
    { "finance.trial_balance", "Trial balance", "Money", "finance.view", &period_params_shape,
      .columns = trial_columns, .rows = trial_rows,
      .description = "Every account with what it began with, what moved and what it stands at" },
    { "finance.profit_and_loss", "Profit and loss", "Money", "finance.view", &period_params_shape,
      .columns = profit_columns, .rows = profit_rows,
      .description = "Income and expenses of a period, for all, one channel or one cost centre" },
    { "finance.balance_sheet", "Balance sheet", "Money", "finance.view", &day_params_shape,
      .columns = profit_columns, .rows = sheet_rows,
      .description = "What the company has and owes on a day, and what is its own" },
    { "finance.totals", "Totals by two", "Money", "finance.view", &totals_params_shape,
      .columns = totals_columns, .rows = totals_rows,
      .description = "A period by any two of account, month, channel, place and cost centre" },
    { "finance.general_ledger", "General ledger", "Money", "finance.view", &account_params_shape,
      .columns = ledger_columns, .rows = ledger_rows,
      .description = "Every line of one account, with the documents behind it" },
    { "finance.receivables_ageing", "Receivables by age", "Money", "finance.view",
      &day_params_shape, .columns = ageing_columns, .rows = ageing_rows,
      .description = "What customers owe on a day, by how long it is overdue" },
    { "finance.statement", "Customer statement", "Money", "finance.view", &statement_params_shape,
      .columns = statement_columns, .rows = statement_rows,
      .description = "What was invoiced to a customer and what was paid, with the balance" },
    { 0 },
};

// The books as a whole: what every statement rests on.
static Status check_sheet(Ctx *ctx, VerifyRun *run)
{
    AccountSumList sums;
    int64_t rest = 0;
    TRY(account_sums(ctx, &(SumQuestion){ .before = DATE_MAX }, &sums));
    EACH (sum, sums)
        rest += sum->debit.minor - sum->credit.minor;
    if (rest)
        verify_found(ctx, run, "finance.sheet", "the balance sheet is off by %lld",
                     (long long)rest);
    return OK;
}

static const VerifyCheck checks[] = {
    { "finance.sheet", "the balance sheet adds up to nothing", check_sheet },
    { 0 },
};

const Module finance_part = {
    .name = "finance",
    .label = "Finance",
    .entities = &finance_module,
    .permissions = permissions,
    .reports = reports,
    .checks = checks,
};
