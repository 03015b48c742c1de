// pivot.c - what accounts came to in a period, by any two of what totals are kept by: account,
// month, channel, place, cost centre. Whole months come from account_total, the days of a month
// that is only partly in the period from account_day; no line is read.
#include "modules/ledger/inside.h"

typedef struct Days {  // none where from is behind to
    Date from, to;
} Days;

typedef struct Spans {
    int64_t first, last;  // whole months
    Days head, tail;      // of the months that are cut
} Spans;

static Spans spans_of(Date from, Date to)
{
    Spans spans = { 0, -1, { 1, 0 }, { 1, 0 } };
    Date first = date_month_start(from) == from ? from : date_month_end(from) + 1;
    Date last = date_month_end(to) == to ? to : date_month_start(to) - 1;
    if (first > to || last < from) {  // both within one month
        spans.head = (Days){ from, to };
        return spans;
    }
    spans.head = (Days){ from, first - 1 };
    spans.tail = (Days){ last + 1, to };
    spans.first = total_month(first);
    spans.last = total_month(last);
    return spans;
}

static const char *word(TotalBy by)
{
    return by ? total_by_enum.values[by].name : "";
}

Status account_pivot(Ctx *ctx, const PivotQuestion *question, PivotCellList *ret)
{
    const PivotQuestion *q = question;
    Spans s = spans_of(q->from, q->to);
    PivotCell cell = { 0 };
    Rows *rows = db_query(
        ctx, SQL("WITH heap AS (SELECT account_id, month, channel_id, place_id, cost_centre_id,"
                 " debit_base AS debit, credit_base AS credit FROM account_total"
                 " WHERE month BETWEEN $1 AND $2"
                 " UNION ALL SELECT account_id, CAST($3 AS BIGINT), channel_id, place_id,"
                 " cost_centre_id, debit, credit FROM account_day WHERE day BETWEEN $4 AND $5"
                 " UNION ALL SELECT account_id, CAST($6 AS BIGINT), channel_id, place_id,"
                 " cost_centre_id, debit, credit FROM account_day WHERE day BETWEEN $7 AND $8)"
                 " SELECT CASE $9 WHEN 'account' THEN account_id WHEN 'month' THEN month"
                 " WHEN 'channel' THEN channel_id WHEN 'place' THEN place_id"
                 " WHEN 'cost_centre' THEN cost_centre_id ELSE 0 END,"
                 " CASE $10 WHEN 'account' THEN account_id WHEN 'month' THEN month"
                 " WHEN 'channel' THEN channel_id WHEN 'place' THEN place_id"
                 " WHEN 'cost_centre' THEN cost_centre_id ELSE 0 END,"
                 " CAST(sum(debit) AS BIGINT), CAST(sum(credit) AS BIGINT) FROM heap"
                 " WHERE ($11 = 0 OR account_id = $11) AND ($12 = 0 OR channel_id = $12)"
                 " AND ($13 = 0 OR place_id = $13) AND ($14 = 0 OR cost_centre_id = $14)"
                 " GROUP BY 1, 2 ORDER BY 1, 2",
                 s.first, s.last, total_month(s.head.from), s.head.from, s.head.to,
                 total_month(s.tail.from), s.tail.from, s.tail.to, word(q->by), word(q->then_by),
                 q->account, q->channel, q->place, q->cost_centre));
    *ret = (PivotCellList){ 0 };
    while (rows_next(rows, &cell.by, &cell.then_by, &cell.debit, &cell.credit))
        *list_push(ctx->arena, ret) = cell;
    return rows_end(rows);
}
