// pivot_report.c - totals by any two of account, month, channel, place and cost centre, with a
// subtotal for each of the first.
#include "base/map.h"
#include "kernel/i18n.h"
#include "modules/finance/inside.h"

#include <stdlib.h>

typedef struct Named {  // a cell with the words that stand for its ids
    Str by, then_by;
    PivotCell cell;
} Named;

// A month is not a record: 202604 is "2026-04".
static Status name_of(Ctx *ctx, TotalBy by, Id id, Str *ret)
{
    static const EntityDef *const entities[] = { [TOTAL_BY_ACCOUNT] = &account_entity,
                                                 [TOTAL_BY_CHANNEL] = &channel_entity,
                                                 [TOTAL_BY_PLACE] = &place_entity,
                                                 [TOTAL_BY_COST_CENTRE] = &cost_centre_entity };
    if (by == TOTAL_BY_MONTH) {
        *ret = str_format(ctx->arena, "%04d-%02d", (int)(id / 100), (int)(id % 100));
        return OK;
    }
    *ret = S("");
    if (by != TOTAL_BY_NONE && id)
        TRY(record_title(ctx, entities[by], id, ret));
    if (by != TOTAL_BY_NONE && ret->len == 0)
        *ret = tr(ctx, "Without");
    return OK;
}

// Cells come in order of their ids, so each name is asked for once a run.
static Status name_cells(Ctx *ctx, const TotalsParams *asked, const PivotCellList *cells,
                         Named *ret)
{
    Map known = { .arena = ctx->arena };
    for (size_t i = 0; i < cells->len; i++) {
        const PivotCell *cell = &cells->items[i];
        Str key = { (const char *)&cell->then_by, sizeof cell->then_by };
        Str *name = map_get(&known, key);
        ret[i].cell = *cell;
        if (i > 0 && cell->by == cells->items[i - 1].by)
            ret[i].by = ret[i - 1].by;
        else
            TRY(name_of(ctx, asked->by, cell->by, &ret[i].by));
        if (!name) {
            name = NEW(ctx->arena, Str);
            TRY(name_of(ctx, asked->then_by, cell->then_by, name));
            map_put(&known, key, name);
        }
        ret[i].then_by = *name;
    }
    return OK;
}

static int in_order(const void *a, const void *b)
{
    const Named *x = a, *y = b;
    int order = str_compare(x->by, y->by);
    return order ? order : str_compare(x->then_by, y->then_by);
}

Status totals_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    const TotalsParams *asked = params;
    Date from = asked->from_on, to = asked->to_on;
    PivotCellList cells;
    period_defaults(ctx, &from, &to);
    TRY(account_pivot(ctx,
                      &(PivotQuestion){ asked->by, asked->then_by, from, to, asked->account,
                                        asked->channel, asked->place, asked->cost_centre },
                      &cells));
    Named *named = NEW_ARRAY(ctx->arena, Named, cells.len + 1);
    TRY(name_cells(ctx, asked, &cells, named));
    qsort(named, cells.len, sizeof *named, in_order);
    ret->is_cut = cells.len > REPORT_ROWS_MAX;
    for (size_t i = 0; i < cells.len && i < REPORT_ROWS_MAX; i++) {
        ReportCell *row = report_add_row(ctx, ret);
        put_text(&row[0], named[i].by);
        put_text(&row[1], named[i].then_by);
        put_money(&row[2], named[i].cell.debit);
        put_money(&row[3], named[i].cell.credit);
        put_number(&row[4], named[i].cell.debit.minor - named[i].cell.credit.minor);
    }
    return OK;
}

const ReportColumn totals_columns[] = {
    { "by", "By", REPORT_TEXT, .is_group = true },
    { "then_by", "Then by", REPORT_TEXT },
    { "debit", "Debit", REPORT_MONEY, .is_sum = true },
    { "credit", "Credit", REPORT_MONEY, .is_sum = true },
    { "balance", "Balance", REPORT_MONEY, .is_sum = true },
    { 0 },
};
