// inside.h - what the reports share. Private to the module.
#pragma once

#include "gen/finance.gen.h"
#include "kernel/report.h"
#include "modules/ledger/ledger.h"

// ---- Rows (row.c) -------------------------------------------------------------------------------

// Fills in the days that were not given: today, and the fiscal year's first.
void period_defaults(const Ctx *ctx, Date *from, Date *to);

void put_text(ReportCell *cell, Str text);
void put_number(ReportCell *cell, int64_t number);
void put_money(ReportCell *cell, Money amount);
// The page of a document that something was posted for; "" when there is none.
Str document_href(Ctx *ctx, Link document);

// ---- Reports ------------------------------------------------------------------------------------

extern const ReportColumn trial_columns[], profit_columns[];  // statement.c
MUST_CHECK Status trial_rows(Ctx *ctx, const void *params, ReportRows *ret);
MUST_CHECK Status profit_rows(Ctx *ctx, const void *params, ReportRows *ret);
MUST_CHECK Status sheet_rows(Ctx *ctx, const void *params, ReportRows *ret);

extern const ReportColumn ledger_columns[];  // account_report.c
MUST_CHECK Status ledger_rows(Ctx *ctx, const void *params, ReportRows *ret);

extern const ReportColumn totals_columns[];  // pivot_report.c
MUST_CHECK Status totals_rows(Ctx *ctx, const void *params, ReportRows *ret);

extern const ReportColumn ageing_columns[], statement_columns[];  // receivable.c
MUST_CHECK Status ageing_rows(Ctx *ctx, const void *params, ReportRows *ret);
MUST_CHECK Status statement_rows(Ctx *ctx, const void *params, ReportRows *ret);
