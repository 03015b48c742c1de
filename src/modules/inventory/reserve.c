// reserve.c - promising stock. A reservation holds back a quantity of a variant in a warehouse for
// a line of a document, or softly, until a time, for a cart. What is reserved and what is free are
// kept in one row, whose CHECK refuses to promise more than there is.
#include "modules/inventory/stock.h"

typedef struct Held {  // one reservation, or none (id 0)
    Id id, variant, warehouse;
    Qty quantity;
} Held;
typedef LIST(Held) HeldList;

static const char *kind_of(Link link)
{
    return link.entity ? link.entity->name : "";
}

static Status held_of(Ctx *ctx, Link source, Id line, Id variant, Id warehouse, Held *ret)
{
    bool found;
    Held held = { .variant = variant, .warehouse = warehouse };
    Query query =
        SQL("SELECT id, quantity FROM reservation WHERE source_id = $1 AND source_kind = $2"
            " AND line = $3 AND variant_id = $4 AND warehouse_id = $5",
            source.id, kind_of(source), line, variant, warehouse);
    TRY(db_maybe(ctx, query, &found, &held.id, &held.quantity));
    *ret = held;
    return OK;
}

static Status held_list(Ctx *ctx, Query query, HeldList *ret)
{
    Held held;
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &held.id, &held.variant, &held.warehouse, &held.quantity))
        *list_push(ctx->arena, ret) = held;
    return rows_end(rows);
}

// ---- What is reserved in a warehouse ------------------------------------------------------------

// Where something is reserved there is a row already.
static Status reserved_add(Ctx *ctx, Id variant, Id warehouse, int64_t micro)
{
    return db_write(ctx, SQL("UPDATE stock_available SET reserved = reserved + $3"
                             " WHERE variant_id = $1 AND warehouse_id = $2",
                             variant, warehouse, micro));
}

static Status held_end(Ctx *ctx, const Held *held)
{
    TRY(db_write(ctx, SQL("DELETE FROM reservation WHERE id = $1", held->id)));
    return reserved_add(ctx, held->variant, held->warehouse, -held->quantity.micro);
}

static Status end_all(Ctx *ctx, const HeldList *list)
{
    EACH (held, *list)
        TRY(held_end(ctx, held));
    return OK;
}

// What carts let go of by time, before somebody is refused for it.
static Status end_expired(Ctx *ctx, Id variant, Id warehouse)
{
    HeldList expired = { 0 };
    TRY(held_list(ctx,
                  SQL("SELECT id, variant_id, warehouse_id, quantity FROM reservation"
                      " WHERE variant_id = $1 AND warehouse_id = $2 AND expires_at <= $3",
                      variant, warehouse, ctx->now),
                  &expired));
    return end_all(ctx, &expired);
}

Status reservations_expire(Ctx *ctx, int64_t limit, int64_t *ret_ended)
{
    HeldList expired = { 0 };
    TRY(held_list(ctx,
                  SQL("SELECT id, variant_id, warehouse_id, quantity FROM reservation"
                      " WHERE expires_at <= $1 ORDER BY expires_at, id LIMIT $2",
                      ctx->now, limit),
                  &expired));
    *ret_ended = (int64_t)expired.len;
    return end_all(ctx, &expired);
}

// ---- Reserving ----------------------------------------------------------------------------------

// Checks and takes in one statement.
static Status take_room(Ctx *ctx, const ReserveSpec *spec, int64_t more, bool *ret_taken)
{
    int64_t changed;
    TRY(db_change(ctx,
                  SQL("UPDATE stock_available SET reserved = reserved + $3"
                      " WHERE variant_id = $1 AND warehouse_id = $2"
                      " AND (may_go_negative = 1 OR free - reserved >= $3)",
                      spec->variant, spec->warehouse, more),
                  &changed));
    *ret_taken = changed > 0;
    return OK;
}

static Status refuse(Ctx *ctx, const ReserveSpec *spec, int64_t more)
{
    VariantFacts facts;
    Qty left;
    TRY(variant_facts(ctx, spec->variant, &facts));
    TRY(stock_available(ctx, spec->variant, spec->warehouse, &left));
    Str words = qty_words(ctx, (Qty){ more - left.micro }, &facts);
    return FAIL(ctx, E_CONFLICT, "stock_available.short", "short of " STR_FMT " by " STR_FMT,
                STR_ARG(facts.sku), STR_ARG(words));
}

static Status take(Ctx *ctx, const ReserveSpec *spec, int64_t more)
{
    bool is_taken;
    TRY(take_room(ctx, spec, more, &is_taken));
    if (is_taken)
        return OK;
    TRY(end_expired(ctx, spec->variant, spec->warehouse));
    TRY(take_room(ctx, spec, more, &is_taken));
    return is_taken ? OK : refuse(ctx, spec, more);
}

static Status write_held(Ctx *ctx, const ReserveSpec *spec, const Held *held)
{
    if (spec->quantity.micro == 0)
        return db_write(ctx, SQL("DELETE FROM reservation WHERE id = $1", held->id));
    if (held->id)
        return db_write(ctx, SQL("UPDATE reservation SET quantity = $2, kind = $3, expires_at = $4"
                                 " WHERE id = $1",
                                 held->id, spec->quantity, hold_kind_enum.values[spec->kind].name,
                                 OPT(spec->expires_at)));
    Reservation row = { .kind = spec->kind,
                        .source = spec->source,
                        .line = spec->line,
                        .variant = spec->variant,
                        .warehouse = spec->warehouse,
                        .quantity = spec->quantity,
                        .expires_at = spec->expires_at };
    return reservation_append(ctx, &row);
}

Status stock_reserve(Ctx *ctx, const ReserveSpec *spec)
{
    Held held = { 0 };
    if (spec->quantity.micro < 0)
        return FAIL(ctx, E_INVALID, "reservation.quantity", "less than nothing cannot be reserved");
    if (!spec->is_first)
        TRY(held_of(ctx, spec->source, spec->line, spec->variant, spec->warehouse, &held));
    int64_t more = spec->quantity.micro - held.quantity.micro;
    if (more > 0)
        TRY(take(ctx, spec, more));
    if (more < 0)
        TRY(reserved_add(ctx, spec->variant, spec->warehouse, more));
    return write_held(ctx, spec, &held);
}

// ---- Letting go ---------------------------------------------------------------------------------

Status stock_release(Ctx *ctx, Link source, Id line, Id variant, Id warehouse, Qty quantity,
                     Qty *ret_released)
{
    Held held;
    TRY(held_of(ctx, source, line, variant, warehouse, &held));
    if (held.quantity.micro <= quantity.micro) {
        *ret_released = held.quantity;
        return held.id ? held_end(ctx, &held) : OK;
    }
    *ret_released = quantity;
    TRY(db_write(ctx, SQL("UPDATE reservation SET quantity = quantity - $2 WHERE id = $1", held.id,
                          quantity)));
    return reserved_add(ctx, variant, warehouse, -quantity.micro);
}

Status stock_release_all(Ctx *ctx, Link source)
{
    HeldList list = { 0 };
    TRY(held_list(
        ctx,
        SQL("SELECT id, variant_id, warehouse_id, quantity FROM reservation"
            " WHERE source_id = $1 AND source_kind = $2 ORDER BY variant_id, warehouse_id",
            source.id, kind_of(source)),
        &list));
    return end_all(ctx, &list);
}

// An order line that holds some already gets the cart's as well.
static Status firm_one(Ctx *ctx, const Held *cart, Link to, Id line)
{
    Held order;
    TRY(held_of(ctx, to, line, cart->variant, cart->warehouse, &order));
    if (!order.id)
        return db_write(ctx,
                        SQL("UPDATE reservation SET source_kind = $2, source_id = $3, line = $4,"
                            " kind = $5, expires_at = NULL WHERE id = $1",
                            cart->id, kind_of(to), to.id, line,
                            hold_kind_enum.values[HOLD_KIND_ORDER].name));
    TRY(db_write(ctx, SQL("DELETE FROM reservation WHERE id = $1", cart->id)));
    return db_write(ctx, SQL("UPDATE reservation SET quantity = quantity + $2 WHERE id = $1",
                             order.id, cart->quantity));
}

Status stock_firm(Ctx *ctx, Link from, Link to, Id line_from, Id line_to)
{
    HeldList list = { 0 };
    TRY(held_list(ctx,
                  SQL("SELECT id, variant_id, warehouse_id, quantity FROM reservation"
                      " WHERE source_id = $1 AND source_kind = $2 AND line = $3"
                      " ORDER BY variant_id, warehouse_id",
                      from.id, kind_of(from), line_from),
                  &list));
    EACH (held, list)
        TRY(firm_one(ctx, held, to, line_to));
    return OK;
}
