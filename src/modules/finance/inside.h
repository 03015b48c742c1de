// inside.h - what the reports share. Private to the module.
#pragma once

#include "gen/finance.gen.h"
#include "kernel/report.h"
#include "modules/ledger/ledger.h"

// ---- Balances (balance.c) -----------------------------------------------------------------------

typedef struct AccountSum {
    Id account;
    Str code, name;
    AccountKind kind;
    bool is_profit;       // where the results of earlier years stand
    Money debit, credit;  // base currency
} AccountSum;
typedef LIST(AccountSum) AccountSumList;

typedef struct SumQuestion {
    Date before;              // everything booked earlier than this day
    Id channel, cost_centre;  // 0: all
} SumQuestion;
// Every account, in order of codes. Whole months come from the month totals, the rest from lines.
MUST_CHECK Status account_sums(Ctx *ctx, const SumQuestion *question, AccountSumList *ret);

// Fills in the days that were not given.
void period_defaults(const Ctx *ctx, Date *from, Date *to);

// ---- Rows ---------------------------------------------------------------------------------------

void put_text(ReportCell *cell, Str text);
void put_number(ReportCell *cell, int64_t number);
void put_money(ReportCell *cell, Money amount);
// The page of a document that something was posted for; "" when there is none.
Str document_href(Ctx *ctx, Str kind, Id id);

// ---- Reports ------------------------------------------------------------------------------------

extern const ReportColumn trial_columns[], profit_columns[];  // statement.c
MUST_CHECK Status trial_rows(Ctx *ctx, const void *params, ReportRows *ret);
MUST_CHECK Status profit_rows(Ctx *ctx, const void *params, ReportRows *ret);
MUST_CHECK Status sheet_rows(Ctx *ctx, const void *params, ReportRows *ret);

extern const ReportColumn ledger_columns[];  // account_report.c
MUST_CHECK Status ledger_rows(Ctx *ctx, const void *params, ReportRows *ret);

extern const ReportColumn ageing_columns[], statement_columns[];  // receivable.c
MUST_CHECK Status ageing_rows(Ctx *ctx, const void *params, ReportRows *ret);
MUST_CHECK Status statement_rows(Ctx *ctx, const void *params, ReportRows *ret);
