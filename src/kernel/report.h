// report.h - reports: a literal statement, parameters, columns, and where a number leads. The
// statement names seen_<entity> instead of the table, and the kernel puts the readable rows behind
// that name, so a report can show nobody more than a list would.
#pragma once

#include "base/buf.h"
#include "kernel/tenant.h"

typedef enum ReportColumnType {
    REPORT_TEXT,
    REPORT_MONEY,  // base currency, or that of the column named by `in`
    REPORT_QTY,
    REPORT_INT,
    REPORT_DATE,
    REPORT_PERCENT,  // millionths
    REPORT_ID,       // not shown; for drill
    REPORT_HREF,     // text, not shown: an address for drill
} ReportColumnType;
typedef struct ReportColumn {
    const char *name, *label;
    ReportColumnType type;
    const char *in;  // currency column
    bool is_sum;     // added up in the footer
    const char
        *drill;  // "/admin/...?account={account_id}&from={from}": columns and parameters in braces
    bool is_group;  // a change of this column's value starts a group with its own subtotal
} ReportColumn;

typedef struct ReportRows ReportRows;
typedef struct Report {
    const char *name, *title, *group;  // "finance.trial_balance"
    const char *permission;
    const ShapeDef *params;  // its fields are $1, $2 ... in order; defaults fill what is not given
    const char *sql;
    const ReportColumn *columns;
    const char *description;  // one sentence for people
    // Where one statement cannot say it: fills rows itself. NULL: sql does.
    Status (*rows)(Ctx *ctx, const void *params, ReportRows *ret);
} Report;

typedef struct ReportCell {
    int64_t number;
    Str text;
    bool known;
} ReportCell;
struct ReportRows {
    const Report *report;
    int column_count;
    LIST(ReportCell *) rows;
    bool is_cut;  // more than REPORT_ROWS_MAX
};
enum { REPORT_ROWS_MAX = 50000 };

const Report *report_named(Str name);
MUST_CHECK Status report_run(Ctx *ctx, const Report *report, const void *params, ReportRows *ret);
ReportCell *report_add_row(Ctx *ctx, ReportRows *rows);  // for `rows` functions
MUST_CHECK Status report_csv(Ctx *ctx, const ReportRows *rows, Buf *out);
MUST_CHECK Status report_xlsx(Ctx *ctx, const ReportRows *rows, Str *ret);
MUST_CHECK Status report_pdf(Ctx *ctx, const ReportRows *rows, Str *ret);
