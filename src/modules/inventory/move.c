// move.c - the only way stock changes: from one place to another. A move is written as a row that
// is never changed again; levels, what can be promised, the worth of the warehouses it leaves and
// enters, and the books follow from it here, in the same transaction.
#include "modules/inventory/stock.h"

#include "kernel/auth/actor.h"
#include "kernel/db/kept.h"

typedef struct Moving {  // one move under way
    const MoveSpec *spec;
    VariantFacts variant;
    StockPlace from, to;
    Id move;
    Date on;
    StockStatus from_status, to_status;
    Purpose counter;
    MaybeMoney input;      // what it is said to bring, as a whole,
    MaybePrice unit_cost;  // or per unit
    StockMove origin;      // what it brings back
    ValueBook book;
    bool may_go_negative;
} Moving;

// ---- What is asked ------------------------------------------------------------------------------

// What a move is booked against when its caller names nothing else.
static Purpose usual_counter(MoveKind kind)
{
    switch (kind) {
    case MOVE_KIND_RECEIPT:
    case MOVE_KIND_SUPPLIER_RETURN: return PURPOSE_GOODS_RECEIVED;
    case MOVE_KIND_ISSUE:
    case MOVE_KIND_CUSTOMER_RETURN: return PURPOSE_COST_OF_SALES;
    case MOVE_KIND_SCRAP: return PURPOSE_SCRAP;
    case MOVE_KIND_OPENING: return PURPOSE_OPENING;
    default: return PURPOSE_STOCK_ADJUSTMENT;
    }
}

static Status check_place(Ctx *ctx, const StockPlace *place)
{
    if (place->is_locked)
        return FAIL(ctx, E_CONFLICT, "place.locked", STR_FMT " is locked for moves",
                    STR_ARG(place->code));
    return OK;
}

static Status check_variant(Ctx *ctx, const Moving *m)
{
    const VariantFacts *v = &m->variant;
    if (!v->is_stocked)
        return FAIL(ctx, E_INVALID, "inventory.not_stocked", STR_FMT " is not kept in stock",
                    STR_ARG(v->sku));
    if (v->has_lots && !m->spec->lot)
        return FAIL(ctx, E_INVALID, "inventory.lot_needed", STR_FMT " comes in lots: say which",
                    STR_ARG(v->sku));
    if (v->has_serials && !m->spec->serial)
        return FAIL(ctx, E_INVALID, "inventory.serial_needed",
                    STR_FMT " has serial numbers: say which", STR_ARG(v->sku));
    return OK;
}

static Status check_lot(Ctx *ctx, const Moving *m)
{
    Id variant;
    if (!m->spec->lot)
        return OK;
    TRY(db_one(ctx, SQL("SELECT variant_id FROM lot WHERE id = $1", m->spec->lot), &variant));
    if (variant != m->variant.id)
        return FAIL(ctx, E_INVALID, "inventory.lot_other", "this lot is not of " STR_FMT,
                    STR_ARG(m->variant.sku));
    return OK;
}

static Status check_asked(Ctx *ctx, const Moving *m)
{
    if (!m->spec->kind)
        return FAIL(ctx, E_INVALID, "stock_move.kind", "a move says why goods move");
    if (m->spec->quantity.micro <= 0)
        return FAIL(ctx, E_INVALID, "stock_move.quantity", "a move needs a quantity above zero");
    if (m->from.id == m->to.id && m->from_status == m->to_status)
        return FAIL(ctx, E_INVALID, "stock_move.moves", "moves nothing");
    TRY(check_place(ctx, &m->from));
    TRY(check_place(ctx, &m->to));
    TRY(check_variant(ctx, m));
    return check_lot(ctx, m);
}

static Status reason_code(Ctx *ctx, Id reason, Str *ret)
{
    bool found;
    *ret = S("");
    return reason ? kept_maybe(ctx, SQL("SELECT value_code FROM choice WHERE id = $1", reason),
                               &found, ret)
                  : OK;
}

static Status prepare(Ctx *ctx, const MoveSpec *spec, Moving *m)
{
    *m = (Moving){ .spec = spec,
                   .move = id_next(ctx->now),
                   .on = spec->on ? spec->on : tenant_today(ctx),
                   .from_status = spec->from_status ? spec->from_status : STOCK_STATUS_FREE,
                   .to_status = spec->to_status ? spec->to_status : STOCK_STATUS_FREE,
                   .counter = spec->counter ? spec->counter : usual_counter(spec->kind) };
    TRY(variant_facts(ctx, spec->variant, &m->variant));
    TRY(stock_places(ctx, spec->from, spec->to, &m->from, &m->to));
    TRY(check_asked(ctx, m));
    if (spec->reverses)
        TRY(stock_move_load(ctx, spec->reverses, &m->origin));
    m->may_go_negative = spec->may_go_negative || m->from.may_go_negative;
    m->book = (ValueBook){ .source = spec->source.id ? spec->source
                                                     : (Link){ &stock_move_entity, m->move },
                           .wording = m->variant.name,
                           .channel = spec->channel,
                           .cost_centre = spec->cost_centre };
    return reason_code(ctx, spec->reason, &m->book.kind_code);
}

// By hand: everything in it was just looked at, so the rules of the declaration need not look
// again.
static Status write_move(Ctx *ctx, const Moving *m)
{
    const MoveSpec *spec = m->spec;
    const EntityDef *source = spec->source.entity, *line = spec->line.entity;
    return db_write(
        ctx,
        SQL("INSERT INTO stock_move (id, at, variant_id, kind, from_id, to_id, quantity, lot_id,"
            " serial_id, from_status, to_status, owner_id, moved_on, source_kind, source_id,"
            " line_kind, line_id, reverses_id, reason_id, member_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
            " $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
            m->move, ctx->now, spec->variant, move_kind_enum.values[spec->kind].name, spec->from,
            spec->to, spec->quantity, OPT(spec->lot), OPT(spec->serial),
            stock_status_enum.values[m->from_status].name,
            stock_status_enum.values[m->to_status].name, OPT(spec->owner), m->on,
            source ? arg_c(source->name) : arg_opt(0), OPT(spec->source.id),
            line ? arg_c(line->name) : arg_opt(0), OPT(spec->line.id), OPT(spec->reverses),
            OPT(spec->reason), OPT(ctx->actor ? ctx->actor->member : 0)));
}

// ---- Levels -------------------------------------------------------------------------------------

static Qty promised(const Moving *m, const StockPlace *place, StockStatus status)
{
    bool counts = place->warehouse && place->kind != PLACE_KIND_TRANSIT &&
                  status == STOCK_STATUS_FREE && m->spec->owner == 0;
    return counts ? m->spec->quantity : (Qty){ 0 };
}

static Status move_available(Ctx *ctx, const Moving *m)
{
    Qty out = promised(m, &m->from, m->from_status), in = promised(m, &m->to, m->to_status);
    bool is_same = m->from.warehouse == m->to.warehouse;
    if (is_same && out.micro == in.micro)
        return OK;
    if (out.micro)
        TRY(available_add(ctx, &m->variant, m->from.warehouse, qty_neg(out), m->may_go_negative));
    return in.micro ? available_add(ctx, &m->variant, m->to.warehouse, in, false) : OK;
}

static Status move_levels(Ctx *ctx, const Moving *m)
{
    const MoveSpec *spec = m->spec;
    LevelKey from = { spec->variant, spec->from, m->from_status, spec->lot, spec->owner };
    LevelKey to = { spec->variant, spec->to, m->to_status, spec->lot, spec->owner };
    if (m->from.warehouse)
        TRY(level_take(ctx, &from, spec->quantity, m->on, &m->variant, m->may_go_negative));
    if (m->to.warehouse)
        TRY(level_put(ctx, &to, spec->quantity));
    return move_available(ctx, m);
}

// ---- Serial numbers -----------------------------------------------------------------------------

static Status move_serial(Ctx *ctx, const Moving *m)
{
    const MoveSpec *spec = m->spec;
    if (!spec->serial)
        return OK;
    return serial_follow(ctx, &(PieceMove){ .variant = &m->variant,
                                            .from = &m->from,
                                            .to = &m->to,
                                            .from_status = m->from_status,
                                            .to_status = m->to_status,
                                            .serial = spec->serial,
                                            .lot = spec->lot,
                                            .quantity = spec->quantity });
}

// ---- Worth --------------------------------------------------------------------------------------

static ChainEntry entry_of(const Moving *m, ValueKind kind, Purpose counter)
{
    return (ChainEntry){
        .move = { .kind = kind, .on = m->on, .move = m->move, .quantity = m->spec->quantity },
        .counter = counter,
        .channel = m->spec->channel,
        .cost_centre = m->spec->cost_centre
    };
}

static Status add_to_chain(Ctx *ctx, Moving *m, const StockPlace *place, const ChainEntry *entry,
                           Money *ret_own)
{
    ChainDeltaList deltas = { 0 };
    ChainKey key = { m->spec->variant, place->warehouse };
    TRY(chain_add(ctx, key, entry, &deltas, ret_own));
    book_stock(ctx, &m->book, m->on, place, *ret_own);
    book_deltas(ctx, &m->book, place, &deltas);
    return OK;
}

// Goods that go back to the supplier are those that came: the layer of their cost goes first.
static Status rate_of_origin(Ctx *ctx, const Moving *m, MaybePrice *ret)
{
    Qty quantity;
    Money value;
    Id warehouse;
    TRY(place_warehouse(ctx, m->origin.to, &warehouse));
    if (warehouse != m->from.warehouse)
        return OK;
    ChainKey key = { m->spec->variant, warehouse };
    TRY(chain_value_of(ctx, key, m->origin.moved_on, m->origin.record.id, &quantity, &value));
    ret->known = true;
    return cost_rate(ctx, (Worth){ .amount = value }, quantity, currency_minor(ctx->tenant->base),
                     &ret->value);
}

static Status worth_out(Ctx *ctx, Moving *m, Purpose counter, Money *ret_own)
{
    ChainEntry entry = entry_of(m, VALUE_KIND_OUT, counter);
    entry.move.at_rate = m->spec->at_rate;
    if (m->spec->kind == MOVE_KIND_SUPPLIER_RETURN && m->spec->reverses &&
        !entry.move.at_rate.known)
        TRY(rate_of_origin(ctx, m, &entry.move.at_rate));
    return add_to_chain(ctx, m, &m->from, &entry, ret_own);
}

// What comes back from another warehouse's issue is worth what it was worth there; nothing later
// changes that. From the same chain, it follows the issue when that is revalued.
static Status value_elsewhere(Ctx *ctx, Moving *m, Id warehouse)
{
    Qty quantity;
    Money value;
    ChainKey key = { m->spec->variant, warehouse };
    TRY(chain_value_of(ctx, key, m->origin.moved_on, m->origin.record.id, &quantity, &value));
    if (quantity.micro < 0) {
        quantity = qty_neg(quantity);
        value = money_neg(value);
    }
    m->input.known = true;
    return cost_share(ctx, value, m->spec->quantity, quantity, &m->input.value);
}

static Status return_entry(Ctx *ctx, Moving *m, ChainEntry *entry)
{
    Id warehouse;
    TRY(place_warehouse(ctx, m->origin.from, &warehouse));
    entry->move.kind = VALUE_KIND_RETURN;
    if (m->input.known || m->unit_cost.known || !warehouse)
        return OK;
    // It is worth what the issue was, which must have happened before: else each would follow from
    // the other.
    if (m->on < m->origin.moved_on)
        return FAIL(ctx, E_INVALID, "inventory.returned_before",
                    "it left on " STR_FMT ", it cannot have come back on " STR_FMT,
                    STR_ARG(date_text(ctx->arena, m->origin.moved_on)),
                    STR_ARG(date_text(ctx->arena, m->on)));
    if (warehouse != m->to.warehouse)
        return value_elsewhere(ctx, m, warehouse);
    entry->move.origin = m->origin.record.id;
    entry->move.whole = m->origin.quantity;
    entry->origin_on = m->origin.moved_on;
    return OK;
}

static Status worth_in(Ctx *ctx, Moving *m, Money *ret_own)
{
    ChainEntry entry = entry_of(m, VALUE_KIND_IN, m->counter);
    bool is_back = m->spec->reverses && m->origin.to != m->spec->to;
    if (is_back)
        TRY(return_entry(ctx, m, &entry));
    entry.move.value = m->input;
    entry.move.unit_cost = m->unit_cost;
    if (m->input.known || m->unit_cost.known)
        entry.counter = PURPOSE_STOCK_REVALUATION;
    return add_to_chain(ctx, m, &m->to, &entry, ret_own);
}

// Between two warehouses of ours nothing is gained or lost; a later difference in one is its own.
static Status worth_between(Ctx *ctx, Moving *m, MoveDone *done)
{
    Money out, in;
    TRY(worth_out(ctx, m, PURPOSE_STOCK_REVALUATION, &out));
    m->input = (MaybeMoney){ true, money_neg(out) };
    TRY(worth_in(ctx, m, &in));
    book_counter(ctx, &m->book, m->on, PURPOSE_STOCK_REVALUATION, (Money){ -out.minor - in.minor });
    done->value = in;
    return OK;
}

// In the books it brings what people said, at the minor unit.
static Status brought(Ctx *ctx, const Moving *m, const MoveDone *done, Money *ret)
{
    if (m->unit_cost.known)
        return cost_value(ctx, m->spec->quantity, m->unit_cost.value,
                          currency_minor(ctx->tenant->base), ret);
    *ret = m->input.known ? m->input.value : done->value;
    return OK;
}

// What comes in is booked against its counter as it was said; at standard cost the rest is a
// difference.
static Status worth_from_outside(Ctx *ctx, Moving *m, MoveDone *done)
{
    Money said;
    m->input = m->spec->value;
    if (!m->input.known)
        m->unit_cost = m->spec->unit_cost;
    TRY(worth_in(ctx, m, &done->value));
    TRY(brought(ctx, m, done, &said));
    book_counter(ctx, &m->book, m->on, m->counter, money_neg(said));
    book_counter(ctx, &m->book, m->on, PURPOSE_STOCK_REVALUATION,
                 (Money){ said.minor - done->value.minor });
    return OK;
}

static Status move_worth(Ctx *ctx, Moving *m, MoveDone *done)
{
    if (m->spec->owner || m->from.warehouse == m->to.warehouse)
        return OK;
    if (!m->from.warehouse)
        return worth_from_outside(ctx, m, done);
    if (m->to.warehouse)
        return worth_between(ctx, m, done);
    TRY(worth_out(ctx, m, m->counter, &done->value));
    book_counter(ctx, &m->book, m->on, m->counter, money_neg(done->value));
    return OK;
}

Status stock_move_unbooked(Ctx *ctx, const MoveSpec *spec, ValueBook *book, MoveDone *ret)
{
    Moving m;
    TRY(prepare(ctx, spec, &m));
    m.book.lines = book->lines;
    MoveDone done = { .move = m.move };
    TRY(write_move(ctx, &m));
    TRY(move_levels(ctx, &m));
    TRY(move_serial(ctx, &m));
    TRY(move_worth(ctx, &m, &done));
    *book = m.book;
    *ret = done;
    return OK;
}

Status stock_move(Ctx *ctx, const MoveSpec *spec, MoveDone *ret)
{
    ValueBook book = { 0 };
    MoveDone done;
    TRY(stock_move_unbooked(ctx, spec, &book, &done));
    if (ret)
        *ret = done;
    return book_post(ctx, &book);
}

// ---- Corrections --------------------------------------------------------------------------------

// How much the move stands for, with what was corrected before.
static Status effective(Ctx *ctx, const StockMove *move, Qty *ret)
{
    Query query =
        SQL("SELECT CAST(COALESCE(sum(CASE WHEN from_id = $2 THEN quantity ELSE -quantity END),"
            " 0) AS BIGINT) FROM stock_move WHERE reverses_id = $1 AND kind = $3",
            move->record.id, move->from, move_kind_enum.values[move->kind].name);
    TRY(db_one(ctx, query, ret));
    return qty_add(ctx, *ret, move->quantity, ret);
}

static MoveSpec again(const StockMove *move, Qty quantity, Date on, Link source)
{
    return (MoveSpec){ .variant = move->variant,
                       .kind = move->kind,
                       .from = move->from,
                       .to = move->to,
                       .quantity = quantity,
                       .lot = move->lot,
                       .serial = move->serial,
                       .owner = move->owner,
                       .from_status = move->from_status,
                       .to_status = move->to_status,
                       .on = on,
                       .source = source.id ? source : move->source,
                       .line = move->line,
                       .reason = move->reason,
                       .reverses = move->record.id };
}

static void turn(MoveSpec *spec)
{
    Id from = spec->from;
    StockStatus status = spec->from_status;
    spec->from = spec->to;
    spec->from_status = spec->to_status;
    spec->to = from;
    spec->to_status = status;
}

// More of what came in comes in at its cost.
static Status value_of_more(Ctx *ctx, const StockMove *move, MoveSpec *spec)
{
    Qty quantity;
    Money value;
    Id from, to;
    TRY(place_warehouse(ctx, move->from, &from));
    TRY(place_warehouse(ctx, move->to, &to));
    if (from || !to || move->owner)
        return OK;
    TRY(chain_value_of(ctx, (ChainKey){ move->variant, to }, move->moved_on, move->record.id,
                       &quantity, &value));
    spec->value.known = true;
    return cost_share(ctx, value, spec->quantity, quantity, &spec->value.value);
}

Status stock_correct(Ctx *ctx, Id move, Qty quantity, Date on, Link source, MoveDone *ret)
{
    StockMove moved;
    Qty stands;
    TRY(stock_move_load(ctx, move, &moved));
    TRY(effective(ctx, &moved, &stands));
    if (quantity.micro < 0)
        return FAIL(ctx, E_INVALID, "stock_move.quantity", "less than nothing cannot have moved");
    if (quantity.micro == stands.micro) {
        *ret = (MoveDone){ 0 };
        return OK;
    }
    int64_t more = quantity.micro - stands.micro;
    MoveSpec spec = again(&moved, (Qty){ more < 0 ? -more : more }, on, source);
    if (more < 0)
        turn(&spec);
    else
        TRY(value_of_more(ctx, &moved, &spec));
    return stock_move(ctx, &spec, ret);
}
