// report_page.h - reports on pages. Private to web.
#pragma once

#include "kernel/report.h"
#include "web/form.h"

MUST_CHECK Status reports_page(Ctx *ctx);  // GET /admin/reports
MUST_CHECK Status report_page(Ctx *ctx);   // GET /admin/reports/{name}?...

typedef struct ReportGroup {
    const char *group;
    LIST(const Report *) reports;
} ReportGroup;
typedef LIST(ReportGroup) ReportGroupList;

typedef struct ReportCellView {
    Shown value;
    bool is_end;
    Url drill;
} ReportCellView;
typedef struct ReportRowView {
    ReportCellView *cells;
    bool is_subtotal;
} ReportRowView;

typedef struct ReportView {
    const Report *report;
    InputList inputs;
    LIST(const ReportColumn *) columns;
    LIST(ReportRowView) rows;
    ReportRowView total;
    size_t row_count;
    bool has_rows, has_total, is_cut, may_export;
} ReportView;
