// receivable.c - who owes what, and since when; and what a customer is sent about it. Both look at
// open items as they stood on a day: what was matched later does not count yet.
#include "kernel/i18n.h"
#include "modules/finance/inside.h"

// ---- Ageing -------------------------------------------------------------------------------------

enum { AGE_COLUMNS = 5 };  // not due, 1-30, 31-60, 61-90, older

Status ageing_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    Date on = ((const DayParams *)params)->on, year = 0;
    Str number, name;
    Id party;
    Money age[AGE_COLUMNS];
    period_defaults(ctx, &year, &on);
    Rows *rows = db_query(
        ctx,
        SQL("WITH item AS (SELECT i.party_id, $1 - i.due_on AS late, i.base"
            " - CAST(COALESCE((SELECT sum(d.base) FROM allocation d WHERE d.debit_item_id = i.id"
            " AND d.allocated_on <= $1), 0) AS BIGINT)"
            " + CAST(COALESCE((SELECT sum(c.base - c.fx_base) FROM allocation c"
            " WHERE c.credit_item_id = i.id AND c.allocated_on <= $1), 0) AS BIGINT) AS rest"
            " FROM open_item i JOIN account a ON a.id = i.account_id"
            " WHERE a.special = 'receivable' AND i.item_date <= $1)"
            " SELECT p.id, p.number, p.name,"
            " CAST(sum(CASE WHEN late <= 0 THEN rest ELSE 0 END) AS BIGINT),"
            " CAST(sum(CASE WHEN late BETWEEN 1 AND 30 THEN rest ELSE 0 END) AS BIGINT),"
            " CAST(sum(CASE WHEN late BETWEEN 31 AND 60 THEN rest ELSE 0 END) AS BIGINT),"
            " CAST(sum(CASE WHEN late BETWEEN 61 AND 90 THEN rest ELSE 0 END) AS BIGINT),"
            " CAST(sum(CASE WHEN late > 90 THEN rest ELSE 0 END) AS BIGINT)"
            " FROM item i JOIN party p ON p.id = i.party_id WHERE rest <> 0"
            " GROUP BY p.id, p.number, p.name ORDER BY p.name, p.id LIMIT 50000",
            on));
    while (rows_next(rows, &party, &number, &name, &age[0], &age[1], &age[2], &age[3], &age[4])) {
        ReportCell *cells = report_add_row(ctx, ret);
        int64_t total = 0;
        put_text(&cells[0], number);
        put_text(&cells[1], name);
        for (int i = 0; i < AGE_COLUMNS; i++) {
            put_money(&cells[2 + i], age[i]);
            total += age[i].minor;
        }
        put_number(&cells[2 + AGE_COLUMNS], total);
        put_text(&cells[3 + AGE_COLUMNS], id_text(ctx->arena, party));
    }
    return rows_end(rows);
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

static Status owed_before(Ctx *ctx, Id customer, Date from, Money *ret)
{
    return db_one(ctx,
                  SQL("SELECT CAST(COALESCE(sum(l.base), 0) AS BIGINT) FROM journal_line l"
                      " JOIN journal_entry e ON e.id = l.journal_entry_id"
                      " JOIN account a ON a.id = l.account_id"
                      " WHERE l.party_id = $1 AND a.special = 'receivable' AND e.entry_date < $2",
                      customer, from),
                  ret);
}

Status statement_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    const StatementParams *asked = params;
    Date from = asked->from_on, to = asked->to_on, on;
    Str number, kind;
    Id source;
    MaybeInt due_on;
    Money balance, amount;
    period_defaults(ctx, &from, &to);
    TRY(owed_before(ctx, asked->customer, from, &balance));
    ReportCell *opening = report_add_row(ctx, ret);
    put_number(&opening[0], from);
    put_text(&opening[1], tr(ctx, "Opening balance"));
    put_money(&opening[4], balance);
    Rows *rows = db_query(
        ctx, SQL("SELECT e.entry_date, COALESCE((SELECT i.number FROM open_item i"
                 " WHERE i.entry_id = e.id ORDER BY i.id LIMIT 1), e.number), l.due_on, l.base,"
                 " e.source_kind, e.source_id FROM journal_line l"
                 " JOIN journal_entry e ON e.id = l.journal_entry_id"
                 " JOIN account a ON a.id = l.account_id"
                 " WHERE l.party_id = $1 AND a.special = 'receivable'"
                 " AND e.entry_date BETWEEN $2 AND $3 ORDER BY e.entry_date, l.id LIMIT 50000",
                 asked->customer, from, to));
    while (rows_next(rows, &on, &number, &due_on, &amount, &kind, &source)) {
        ReportCell *cells = report_add_row(ctx, ret);
        TRY(money_add(ctx, balance, amount, &balance));
        put_number(&cells[0], on);
        put_text(&cells[1], number);
        cells[2] = (ReportCell){ .number = due_on.value, .known = due_on.known };
        put_money(&cells[3], amount);
        put_money(&cells[4], balance);
        put_text(&cells[5], document_href(ctx, kind, source));
    }
    return rows_end(rows);
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
