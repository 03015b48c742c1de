// receivable.c - who owes what, and since when; and what a customer is sent about it. Both look at
// open items as they stood on a day: what was matched later does not count yet.
#include "kernel/i18n.h"
#include "modules/finance/inside.h"

// ---- Ageing -------------------------------------------------------------------------------------

Status ageing_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    Date on = ((const DayParams *)params)->on, year = 0;
    PartyAgeList ages;
    period_defaults(ctx, &year, &on);
    TRY(receivable_ages(ctx, on, &ages));
    EACH (row, ages) {
        ReportCell *cells = report_add_row(ctx, ret);
        int64_t total = 0;
        put_text(&cells[0], row->number);
        put_text(&cells[1], row->name);
        for (int i = 0; i < AGE_COUNT; i++) {
            put_money(&cells[2 + i], row->age[i]);
            total += row->age[i].minor;
        }
        put_number(&cells[2 + AGE_COUNT], total);
        put_text(&cells[3 + AGE_COUNT], id_text(ctx->arena, row->party));
    }
    return OK;
}

#define TO_STATEMENT "/admin/reports/finance.statement?customer={party_id}&to_on={on}"

const ReportColumn ageing_columns[] = {
    { "number", "Number", REPORT_TEXT },
    { "name", "Customer", REPORT_TEXT, .drill = TO_STATEMENT },
    { "not_due", "Not due", REPORT_MONEY, .is_sum = true },
    { "days_30", "1 to 30 days", REPORT_MONEY, .is_sum = true },
    { "days_60", "31 to 60 days", REPORT_MONEY, .is_sum = true },
    { "days_90", "61 to 90 days", REPORT_MONEY, .is_sum = true },
    { "older", "Over 90 days", REPORT_MONEY, .is_sum = true },
    { "total", "Total", REPORT_MONEY, .is_sum = true, .drill = TO_STATEMENT },
    { "party_id", "", REPORT_HREF },
    { 0 },
};
// ---- A customer's statement ---------------------------------------------------------------------

static void statement_row(Ctx *ctx, ReportRows *rows, const BookLine *line, Money balance)
{
    ReportCell *cells = report_add_row(ctx, rows);
    put_number(&cells[0], line->on);
    put_text(&cells[1], line->document);
    cells[2] = (ReportCell){ .number = line->due_on, .known = line->due_on > 0 };
    put_money(&cells[3], line->base);
    put_money(&cells[4], balance);
    put_text(&cells[5], document_href(ctx, line->source));
}

Status statement_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    const StatementParams *asked = params;
    Date from = asked->from_on, to = asked->to_on;
    Money balance;
    BookLineList lines;
    period_defaults(ctx, &from, &to);
    TRY(receivable_before(ctx, asked->customer, from, &balance));
    TRY(receivable_lines(ctx, asked->customer, from, to, &lines));
    ReportCell *opening = report_add_row(ctx, ret);
    put_number(&opening[0], from);
    put_text(&opening[1], tr(ctx, "Opening balance"));
    put_money(&opening[4], balance);
    EACH (line, lines) {
        TRY(money_add(ctx, balance, line->base, &balance));
        statement_row(ctx, ret, line, balance);
    }
    ret->is_cut = lines.len == BOOK_LINES_MAX;
    return OK;
}

const ReportColumn statement_columns[] = {
    { "on", "Date", REPORT_DATE },
    { "number", "Document", REPORT_TEXT, .drill = "{href}" },
    { "due_on", "Due", REPORT_DATE },
    { "amount", "Amount", REPORT_MONEY, .is_sum = true },
    { "balance", "Balance", REPORT_MONEY },
    { "href", "", REPORT_HREF },
    { 0 },
};
