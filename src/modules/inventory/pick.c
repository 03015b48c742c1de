// pick.c - where goods are best taken from, and what a shop says about them.
#include "modules/inventory/stock.h"

typedef struct PickQuestion {
    Id variant, lot;  // lot 0: any
    Str path, end;    // the place and everything below it, as a range of paths
} PickQuestion;

// ---- Pick plan ----------------------------------------------------------------------------------

static Status plan_rows(Ctx *ctx, Query query, Qty *left, PickSourceList *ret)
{
    PickSource source = { 0 };
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &source.place, &source.lot, &source.serial, &source.quantity)) {
        if (left->micro <= 0)
            break;
        if (source.quantity.micro > left->micro)
            source.quantity = *left;
        left->micro -= source.quantity.micro;
        *list_push(ctx->arena, ret) = source;
    }
    return rows_end(rows);
}

// Over the warehouse's subtree: the lot that spoils first, then bins by picking order.
static Status plan_levels(Ctx *ctx, const PickQuestion *q, Qty *left, PickSourceList *ret)
{
    return plan_rows(
        ctx,
        SQL("SELECT s.place_id, s.lot_id, 0, s.on_hand FROM stock_level s"
            " JOIN place p ON p.id = s.place_id LEFT JOIN lot l ON l.id = s.lot_id"
            " WHERE s.variant_id = $1 AND s.status = 'free' AND s.owner_id = 0"
            " AND s.on_hand > 0 AND p.path >= $2 AND p.path < $3 AND p.is_locked = 0"
            " AND (l.id IS NULL OR l.status = 'free') AND ($4 = 0 OR s.lot_id = $4)"
            " ORDER BY CASE WHEN l.best_before IS NULL THEN 1 ELSE 0 END, l.best_before,"
            " p.pick_rank, p.path, s.lot_id LIMIT 1000",
            q->variant, q->path, q->end, q->lot),
        left, ret);
}

static Status plan_serials(Ctx *ctx, const PickQuestion *q, Qty *left, PickSourceList *ret)
{
    return plan_rows(
        ctx,
        SQL("SELECT s.place_id, COALESCE(s.lot_id, 0), s.id, CAST(1000000 AS BIGINT)"
            " FROM serial s JOIN place p ON p.id = s.place_id"
            " LEFT JOIN lot l ON l.id = s.lot_id"
            " WHERE s.variant_id = $1 AND s.state = 'in_stock' AND s.status = 'free'"
            " AND p.path >= $2 AND p.path < $3 AND p.is_locked = 0"
            " AND (l.id IS NULL OR l.status = 'free') AND ($4 = 0 OR s.lot_id = $4)"
            " ORDER BY CASE WHEN l.best_before IS NULL THEN 1 ELSE 0 END, l.best_before,"
            " p.pick_rank, p.path, s.id LIMIT 1000",
            q->variant, q->path, q->end, q->lot),
        left, ret);
}

Status stock_pick_plan_lot(Ctx *ctx, Id variant, Id place, Id lot, Qty quantity,
                           PickSourceList *ret, Qty *ret_short)
{
    VariantFacts facts;
    Qty left = quantity;
    PickQuestion question = { .variant = variant, .lot = lot };
    *ret = (PickSourceList){ 0 };
    TRY(variant_facts(ctx, variant, &facts));
    TRY(db_one(ctx, SQL("SELECT path FROM place WHERE id = $1", place), &question.path));
    question.end = str_join(ctx->arena, question.path, S("~"));  // behind every place below it
    TRY((facts.has_serials ? plan_serials : plan_levels)(ctx, &question, &left, ret));
    *ret_short = left;
    return OK;
}

Status stock_pick_plan(Ctx *ctx, Id variant, Id warehouse, Qty quantity, PickSourceList *ret,
                       Qty *ret_short)
{
    return stock_pick_plan_lot(ctx, variant, warehouse, 0, quantity, ret, ret_short);
}

// ---- The badge ----------------------------------------------------------------------------------

// A channel without warehouses of its own sells from all.
static Status channel_available(Ctx *ctx, Id variant, Id channel, Qty *ret)
{
    int64_t warehouses;
    TRY(db_one(ctx,
               SQL("SELECT CAST(COALESCE(sum(a.free - a.reserved), 0) AS BIGINT), count(*)"
                   " FROM channel_warehouse c LEFT JOIN stock_available a"
                   " ON a.warehouse_id = c.warehouse_id AND a.variant_id = $2"
                   " WHERE c.channel_id = $1",
                   channel, variant),
               ret, &warehouses));
    return warehouses ? OK : stock_available(ctx, variant, 0, ret);
}

static Availability badge_of(const VariantFacts *facts, Qty available)
{
    if (!facts->is_active)
        return AVAILABILITY_OUT_OF_STOCK;
    if (facts->kind == PRODUCT_KIND_MADE_TO_ORDER && available.micro <= 0)
        return AVAILABILITY_MADE_TO_ORDER;
    if (!facts->is_stocked)
        return AVAILABILITY_IN_STOCK;
    if (available.micro <= 0)
        return AVAILABILITY_OUT_OF_STOCK;
    bool is_limited =
        facts->limited_below.known && available.micro < facts->limited_below.value.micro;
    return is_limited ? AVAILABILITY_LIMITED : AVAILABILITY_IN_STOCK;
}

Status stock_badge(Ctx *ctx, Id variant, Id channel, Availability *ret, Qty *ret_available)
{
    VariantFacts facts;
    TRY(variant_facts(ctx, variant, &facts));
    TRY(channel_available(ctx, variant, channel, ret_available));
    *ret = badge_of(&facts, *ret_available);
    return OK;
}

const char *availability_label(Availability badge)
{
    static const char *const labels[] = {
        [AVAILABILITY_NONE] = "",
        [AVAILABILITY_IN_STOCK] = "In Stock",
        [AVAILABILITY_LIMITED] = "Limited",
        [AVAILABILITY_MADE_TO_ORDER] = "Made-to-Order",
        [AVAILABILITY_OUT_OF_STOCK] = "Out of Stock",
    };
    return labels[badge];
}
