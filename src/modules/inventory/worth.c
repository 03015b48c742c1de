// worth.c - what stock is worth now and on any day, and what changes it without goods moving: a
// cost that people set, another method, and cost that comes late.
#include "modules/inventory/stock.h"

#include "kernel/i18n.h"

// ---- Asking -------------------------------------------------------------------------------------

Status stock_worth(Ctx *ctx, Id variant, Id warehouse, Qty *ret_quantity, Money *ret_value)
{
    return db_one(ctx,
                  SQL("SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT),"
                      " CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM stock_cost"
                      " WHERE variant_id = $1 AND ($2 = 0 OR warehouse_id = $2)",
                      variant, warehouse),
                  ret_quantity, ret_value);
}

typedef struct Held {
    Qty quantity;
    Money value;
} Held;

static Status months_before(Ctx *ctx, Id variant, Id warehouse, int64_t month, Held *ret)
{
    Query one =
        SQL("SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT),"
            " CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM stock_month WHERE variant_id = $1"
            " AND ($2 = 0 OR warehouse_id = $2) AND month < $3",
            variant, warehouse, month);
    Query all = SQL("SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT),"
                    " CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM stock_month"
                    " WHERE ($1 = 0 OR warehouse_id = $1) AND month < $2",
                    warehouse, month);
    return db_one(ctx, variant ? one : all, &ret->quantity, &ret->value);
}

// The month's rows are found through the chains that moved in it.
static Status days_of_month(Ctx *ctx, Id variant, Id warehouse, Date on, Held *ret)
{
    int64_t month = date_ymd(on).year * 12 + date_ymd(on).month - 1;
    Query one = SQL("SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT),"
                    " CAST(COALESCE(sum(amount + settled), 0) AS BIGINT) FROM stock_value"
                    " WHERE variant_id = $1 AND ($2 = 0 OR warehouse_id = $2)"
                    " AND moved_on >= $3 AND moved_on <= $4",
                    variant, warehouse, date_month_start(on), on);
    Query all = SQL("SELECT CAST(COALESCE(sum(v.quantity), 0) AS BIGINT),"
                    " CAST(COALESCE(sum(v.amount + v.settled), 0) AS BIGINT) FROM stock_month m"
                    " JOIN stock_value v ON v.variant_id = m.variant_id"
                    " AND v.warehouse_id = m.warehouse_id AND v.moved_on >= $3 AND v.moved_on <= $4"
                    " WHERE ($1 = 0 OR m.warehouse_id = $1) AND m.month = $2",
                    warehouse, month, date_month_start(on), on);
    return db_one(ctx, variant ? one : all, &ret->quantity, &ret->value);
}

Status stock_worth_on(Ctx *ctx, Id variant, Id warehouse, Date on, Qty *ret_quantity,
                      Money *ret_value)
{
    Held before, within;
    int64_t month = date_ymd(on).year * 12 + date_ymd(on).month - 1;
    TRY(months_before(ctx, variant, warehouse, month, &before));
    TRY(days_of_month(ctx, variant, warehouse, on, &within));
    TRY(qty_add(ctx, before.quantity, within.quantity, ret_quantity));
    return money_add(ctx, before.value, within.value, ret_value);
}

// ---- Changing without moving --------------------------------------------------------------------

static Status warehouse_only(Ctx *ctx, Id warehouse, StockPlace *ret)
{
    TRY(stock_place(ctx, warehouse, ret));
    if (ret->warehouse != warehouse)
        return FAIL(ctx, E_INVALID, "place.no_warehouse_itself",
                    STR_FMT " is no warehouse: value is kept by warehouse", STR_ARG(ret->code));
    return OK;
}

// Adds an entry without goods and books what it and everything behind it changed.
static Status revalue(Ctx *ctx, Id variant, const StockPlace *place, ChainEntry *entry,
                      const char *what)
{
    Money own;
    ChainDeltaList deltas = { 0 };
    ValueBook book = { .source = { &variant_entity, variant }, .wording = tr(ctx, what) };
    entry->move.move = id_next(ctx->now);
    entry->counter = PURPOSE_STOCK_REVALUATION;
    TRY(chain_add(ctx, (ChainKey){ variant, place->warehouse }, entry, &deltas, &own));
    book_stock(ctx, &book, entry->move.on, place, own);
    book_counter(ctx, &book, entry->move.on, PURPOSE_STOCK_REVALUATION, money_neg(own));
    book_deltas(ctx, &book, place, &deltas);
    return book_post(ctx, &book);
}

Status stock_set_cost(Ctx *ctx, Id variant, Id warehouse, Price cost, Date on)
{
    StockPlace place;
    ChainEntry entry = { .move = {
                             .kind = VALUE_KIND_COST, .on = on, .unit_cost = { true, cost } } };
    if (cost.micro < 0)
        return FAIL(ctx, E_INVALID, "inventory.cost", "a cost is not below nothing");
    TRY(warehouse_only(ctx, warehouse, &place));
    return revalue(ctx, variant, &place, &entry, TEXT("Cost set"));
}

Status stock_set_method(Ctx *ctx, Id variant, Id warehouse, CostMethod method, Date on)
{
    StockPlace place;
    bool keeps_value = str_is(setting_text(ctx, "inventory.method_change"), "keep_value");
    ChainEntry entry = { .move = { .kind = VALUE_KIND_METHOD,
                                   .on = on,
                                   .method = method,
                                   .value = { keeps_value, { 0 } } } };
    TRY(warehouse_only(ctx, warehouse, &place));
    return revalue(ctx, variant, &place, &entry, TEXT("Method of valuing changed"));
}

// ---- Late cost ----------------------------------------------------------------------------------

static Status check_origin(Ctx *ctx, const StockMove *move, StockPlace *ret)
{
    TRY(stock_place(ctx, move->to, ret));
    if (!ret->warehouse || move->owner)
        return FAIL(ctx, E_INVALID, "inventory.late_cost",
                    "cost can only be added to what came into stock of our own");
    return OK;
}

// What is no longer there has been sold for that much more.
Status stock_add_cost(Ctx *ctx, Id move, Money value, Date on, Link source)
{
    StockMove moved;
    StockPlace place;
    Money own;
    ChainDeltaList deltas = { 0 };
    ValueBook book = { .source = source.id ? source : (Link){ &stock_move_entity, move },
                       .wording = tr(ctx, TEXT("Landed cost")) };
    TRY(stock_move_load(ctx, move, &moved));
    TRY(check_origin(ctx, &moved, &place));
    Date day = on < moved.moved_on ? moved.moved_on : on;
    ChainEntry entry = { .move = { .kind = VALUE_KIND_LATE,
                                   .on = day,
                                   .move = id_next(ctx->now),
                                   .value = { true, value },
                                   .origin = move,
                                   .whole = moved.quantity },
                         .origin_on = moved.moved_on,
                         .counter = PURPOSE_COST_OF_SALES };
    TRY(chain_add(ctx, (ChainKey){ moved.variant, place.warehouse }, &entry, &deltas, &own));
    book_stock(ctx, &book, day, &place, own);
    book_counter(ctx, &book, day, PURPOSE_COST_OF_SALES, (Money){ value.minor - own.minor });
    book_counter(ctx, &book, day, PURPOSE_GOODS_RECEIVED, money_neg(value));
    book_deltas(ctx, &book, &place, &deltas);
    return book_post(ctx, &book);
}
