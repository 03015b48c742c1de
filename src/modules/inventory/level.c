// level.c - how much is where, and how much of it can be promised. Both follow from the moves, and
// each has a CHECK of its own in the database, so that whatever else goes wrong nobody sells what
// is not there. The look before the change is only for a better sentence: the lane runs one member
// at a time.
#include "modules/inventory/stock.h"

Str qty_words(Ctx *ctx, Qty quantity, const VariantFacts *variant)
{
    Str number = decimal_short(ctx->arena, quantity.micro, 6);
    return str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(number),
                      STR_ARG(variant->unit_code));
}

// ---- Levels -------------------------------------------------------------------------------------

static const char *status_word(StockStatus status)
{
    return stock_status_enum.values[status].name;
}

// How much is there, and the day of the last move of this variant.
static Status level_of(Ctx *ctx, const LevelKey *key, Qty *ret, Date *ret_last)
{
    return db_one(ctx,
                  SQL("SELECT COALESCE((SELECT on_hand FROM stock_level WHERE variant_id = $1"
                      " AND place_id = $2 AND status = $3 AND lot_id = $4 AND owner_id = $5), 0),"
                      " COALESCE((SELECT max(moved_on) FROM stock_move WHERE variant_id = $1), 0)",
                      key->variant, key->place, status_word(key->status), key->lot, key->owner),
                  ret, ret_last);
}

// The least that is there at the end of this move and of every later one: back from now, undoing
// the later moves one by one.
static Status least_from(Ctx *ctx, const LevelKey *key, Qty now, Date on, Qty *ret)
{
    Id from, to;
    Str from_status, to_status, status = str_from(status_word(key->status));
    Qty quantity, least = now, then = now;
    Query query = SQL("SELECT from_id, to_id, from_status, to_status, quantity FROM stock_move"
                      " WHERE variant_id = $1 AND moved_on > $2 AND (from_id = $3 OR to_id = $3)"
                      " AND COALESCE(lot_id, 0) = $4 AND COALESCE(owner_id, 0) = $5"
                      " ORDER BY moved_on DESC, id DESC",
                      key->variant, on, key->place, key->lot, key->owner);
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &from, &to, &from_status, &to_status, &quantity)) {
        if (from == key->place && str_eq(from_status, status))
            then.micro += quantity.micro;
        if (to == key->place && str_eq(to_status, status))
            then.micro -= quantity.micro;
        least = then.micro < least.micro ? then : least;
    }
    *ret = least;
    return rows_end(rows);
}

static Status short_of(Ctx *ctx, Qty missing, const VariantFacts *variant)
{
    Str words = qty_words(ctx, missing, variant);
    return FAIL(ctx, E_CONFLICT, "stock_level.negative", "short of " STR_FMT " by " STR_FMT,
                STR_ARG(variant->sku), STR_ARG(words));
}

static Status level_require(Ctx *ctx, const LevelKey *key, Qty quantity, Date on,
                            const VariantFacts *variant)
{
    Qty now, least;
    Date last;
    TRY(level_of(ctx, key, &now, &last));
    now.micro -= quantity.micro;
    if (now.micro < 0)
        return short_of(ctx, qty_neg(now), variant);
    if (on >= last)
        return OK;
    TRY(least_from(ctx, key, now, on, &least));
    if (least.micro < 0)
        return short_of(ctx, qty_neg(least), variant);
    return OK;
}

// In two steps, since a row that would be refused by its CHECK is refused before its conflict is
// seen.
static Status level_change(Ctx *ctx, const LevelKey *key, Qty change, bool may_go_negative)
{
    const char *status = status_word(key->status);
    TRY(db_write(ctx, SQL("INSERT INTO stock_level (variant_id, place_id, status, lot_id, owner_id)"
                          " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                          key->variant, key->place, status, key->lot, key->owner)));
    return db_write(
        ctx, SQL("UPDATE stock_level SET on_hand = on_hand + $6, may_go_negative ="
                 " CASE WHEN on_hand + $6 < 0 AND (may_go_negative = 1 OR $7 = 1)"
                 " THEN 1 ELSE $7 END"
                 " WHERE variant_id = $1 AND place_id = $2 AND status = $3 AND lot_id = $4"
                 " AND owner_id = $5",
                 key->variant, key->place, status, key->lot, key->owner, change, may_go_negative));
}

Status level_take(Ctx *ctx, const LevelKey *key, Qty quantity, Date on, const VariantFacts *variant,
                  bool may_go_negative)
{
    if (!may_go_negative)
        TRY(level_require(ctx, key, quantity, on, variant));
    return level_change(ctx, key, qty_neg(quantity), may_go_negative);
}

// What was allowed to go below zero may come back in steps.
Status level_put(Ctx *ctx, const LevelKey *key, Qty quantity)
{
    return level_change(ctx, key, quantity, false);
}

// ---- What can be promised -----------------------------------------------------------------------

static Status available_require(Ctx *ctx, const VariantFacts *variant, Id warehouse, Qty taken)
{
    bool found;
    Qty left = { 0 };
    TRY(db_maybe(ctx,
                 SQL("SELECT free - reserved FROM stock_available WHERE variant_id = $1"
                     " AND warehouse_id = $2",
                     variant->id, warehouse),
                 &found, &left));
    if (left.micro >= taken.micro)
        return OK;
    Str words = qty_words(ctx, (Qty){ taken.micro - left.micro }, variant);
    return FAIL(ctx, E_CONFLICT, "stock_available.short",
                "short of " STR_FMT " by " STR_FMT ", the rest is reserved", STR_ARG(variant->sku),
                STR_ARG(words));
}

Status available_add(Ctx *ctx, const VariantFacts *variant, Id warehouse, Qty free,
                     bool may_go_negative)
{
    if (free.micro < 0 && !may_go_negative)
        TRY(available_require(ctx, variant, warehouse, qty_neg(free)));
    TRY(db_write(ctx, SQL("INSERT INTO stock_available (variant_id, warehouse_id) VALUES ($1, $2)"
                          " ON CONFLICT DO NOTHING",
                          variant->id, warehouse)));
    return db_write(ctx, SQL("UPDATE stock_available SET free = free + $3, may_go_negative ="
                             " CASE WHEN free + $3 - reserved < 0"
                             " AND (may_go_negative = 1 OR $4 = 1) THEN 1 ELSE $4 END"
                             " WHERE variant_id = $1 AND warehouse_id = $2",
                             variant->id, warehouse, free, may_go_negative));
}

Status stock_available(Ctx *ctx, Id variant, Id warehouse, Qty *ret)
{
    if (warehouse) {
        bool found;
        *ret = (Qty){ 0 };
        return db_maybe(ctx,
                        SQL("SELECT free - reserved FROM stock_available WHERE variant_id = $1"
                            " AND warehouse_id = $2",
                            variant, warehouse),
                        &found, ret);
    }
    return db_one(ctx,
                  SQL("SELECT CAST(COALESCE(sum(free - reserved), 0) AS BIGINT)"
                      " FROM stock_available WHERE variant_id = $1",
                      variant),
                  ret);
}
