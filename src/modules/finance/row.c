// row.c - small words that the reports share: the days they are about, cells, where a number leads.
#include "kernel/entity/info.h"
#include "modules/finance/inside.h"

void period_defaults(const Ctx *ctx, Date *from, Date *to)
{
    if (*to == 0)
        *to = tenant_today(ctx);
    if (*from == 0)
        *from = tenant_fiscal_start(ctx, *to);
}

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

Str document_href(Ctx *ctx, Link document)
{
    const EntityDef *e = document.entity;
    if (!e || !entity_is_root(e))
        return S("");
    return str_format(ctx->arena, "/admin/%s/%s/~" STR_FMT, e->module, e->info->path,
                      STR_ARG(id_text(ctx->arena, document.id)));
}
