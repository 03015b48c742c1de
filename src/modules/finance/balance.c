// balance.c - what stood on each account on a day: whole months from the totals that posting keeps,
// the days of a month that has begun from its lines. So a balance costs the same in the tenth year
// as in the first.
#include "modules/finance/inside.h"

#include "kernel/entity/info.h"

void period_defaults(const Ctx *ctx, Date *from, Date *to)
{
    if (*to == 0)
        *to = tenant_today(ctx);
    if (*from == 0)
        *from = tenant_fiscal_start(ctx, *to);
}

Status account_sums(Ctx *ctx, const SumQuestion *question, AccountSumList *ret)
{
    AccountSum sum = { 0 };
    Str kind, special;
    Date month = date_month_start(question->before);
    Ymd day = date_ymd(month);
    Rows *rows = db_query(
        ctx,
        SQL("WITH heap AS (SELECT account_id, channel_id, cost_centre_id, debit_base, credit_base"
            " FROM account_total WHERE month < $1"
            " UNION ALL SELECT l.account_id, COALESCE(l.channel_id, 0),"
            " COALESCE(l.cost_centre_id, 0), CASE WHEN l.base > 0 THEN l.base ELSE 0 END,"
            " CASE WHEN l.base < 0 THEN -l.base ELSE 0 END"
            " FROM journal_entry e JOIN journal_line l ON l.journal_entry_id = e.id"
            " WHERE e.entry_date >= $2 AND e.entry_date < $3)"
            " SELECT a.id, a.account_code, a.name, a.kind, a.special,"
            " CAST(COALESCE(sum(h.debit_base), 0) AS BIGINT),"
            " CAST(COALESCE(sum(h.credit_base), 0) AS BIGINT)"
            " FROM account a LEFT JOIN heap h ON h.account_id = a.id"
            " AND ($4 = 0 OR h.channel_id = $4) AND ($5 = 0 OR h.cost_centre_id = $5)"
            " GROUP BY a.id, a.account_code, a.name, a.kind, a.special ORDER BY a.account_code",
            day.year * 100 + day.month, month, question->before, question->channel,
            question->cost_centre));
    *ret = (AccountSumList){ 0 };
    while (rows_next(rows, &sum.account, &sum.code, &sum.name, &kind, &special, &sum.debit,
                     &sum.credit)) {
        sum.kind = (AccountKind)enum_value(&account_kind_enum, kind);
        sum.is_profit = str_is(special, "profit");
        *list_push(ctx->arena, ret) = sum;
    }
    return rows_end(rows);
}

// ---- Rows ---------------------------------------------------------------------------------------

void put_text(ReportCell *cell, Str text)
{
    *cell = (ReportCell){ .text = text, .known = text.len > 0 };
}

void put_number(ReportCell *cell, int64_t number)
{
    *cell = (ReportCell){ .number = number, .known = true };
}

void put_money(ReportCell *cell, Money amount)
{
    put_number(cell, amount.minor);
}

Str document_href(Ctx *ctx, Str kind, Id id)
{
    const EntityDef *e = entity_named(kind);
    if (!e || !entity_is_root(e))
        return S("");
    return str_format(ctx->arena, "/admin/%s/%s/~" STR_FMT, e->module, e->info->path,
                      STR_ARG(id_text(ctx->arena, id)));
}
