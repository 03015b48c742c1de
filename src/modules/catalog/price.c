// price.c - what something costs somebody: one statement over the lists that hold on that day in
// that channel for that customer's group, and the band that the quantity reaches.
#include "modules/catalog/product.h"

#include "kernel/db/kept.h"
#include "kernel/i18n.h"

// A list without channels holds in all of them, one without groups for everybody. At equal rank a
// contract goes before a sale, and that before the standard price; then the highest band, then the
// older list, so that there is always one answer.
typedef struct Found {
    PriceAnswer answer;
    Str list;
    Qty from;
} Found;

static Status look_up(Ctx *ctx, const PriceQuestion *q, bool *ret_found, Found *ret)
{
    Query query =
        SQL("SELECT p.price, l.is_tax_included, l.id, l.name, p.from_qty"
            " FROM list_price p JOIN price_list l ON l.id = p.price_list_id"
            " WHERE p.variant_id = $1 AND p.from_qty <= $2 AND l.currency = $3 AND l.archived = 0"
            " AND (l.valid_from IS NULL OR l.valid_from <= $4)"
            " AND (l.valid_until IS NULL OR l.valid_until >= $4)"
            " AND (NOT EXISTS (SELECT 1 FROM price_list_channels c WHERE c.owner_id = l.id)"
            " OR EXISTS (SELECT 1 FROM price_list_channels c WHERE c.owner_id = l.id"
            " AND c.target_id = $5))"
            " AND (NOT EXISTS (SELECT 1 FROM price_list_groups g WHERE g.owner_id = l.id)"
            " OR EXISTS (SELECT 1 FROM price_list_groups g WHERE g.owner_id = l.id"
            " AND g.target_id = $6))"
            " ORDER BY l.rank, CASE l.kind WHEN 'contract' THEN 1 WHEN 'sale' THEN 2 ELSE 3 END,"
            " l.id, p.from_qty DESC LIMIT 1",
            q->variant, q->quantity, q->currency, q->on, q->channel, q->group);
    PriceAnswer *answer = &ret->answer;
    return kept_maybe(ctx, query, ret_found, &answer->price, &answer->is_tax_included,
                      &answer->price_list, &ret->list, &ret->from);
}

static Str reason(Ctx *ctx, const Found *found)
{
    if (found->from.micro == 0)
        return found->list;
    Str from = decimal_short(ctx->arena, found->from.micro, 6);
    return str_format(ctx->arena, STR_FMT ", %s " STR_FMT, STR_ARG(found->list),
                      ctx_text(ctx, TEXT("from")), STR_ARG(from));
}

Status price_find(Ctx *ctx, const PriceQuestion *question, PriceAnswer *ret)
{
    Found found = { 0 };
    TRY(look_up(ctx, question, &found.answer.is_known, &found));
    *ret = (PriceAnswer){ 0 };
    if (!found.answer.is_known)
        return OK;
    *ret = found.answer;
    ret->why = reason(ctx, &found);
    return OK;
}

// ---- Lists --------------------------------------------------------------------------------------

Status list_check(Ctx *ctx, void *record, const void *before)
{
    const PriceList *list = record;
    (void)before;
    for (size_t i = 0; i < list->prices.len; i++)
        if (list->prices.items[i].from_qty.micro < 0)
            ctx_problem(ctx, str_format(ctx->arena, "prices[%zu].from_qty", i),
                        "list_price.from_qty", "a quantity band begins at nothing or above");
    return ctx_problems(ctx);
}
