// chain.c - what stock is worth, in the database: one row a move in each chain it touches
// (stock_value), the layers that are left (cost_layer), where the chain stands (stock_cost) and
// what each month changed (stock_month), all written together.
//
// A move of today is worked out from where the chain stands and the layers it needs, so its cost
// does not grow with the chain. A back-dated one is put in its place and what follows is worked
// through again (rewalk.c). Both ways give the same rows.
#include "modules/inventory/chain.h"

#include <assert.h>

enum { LAYERS_FIRST = 64 };  // so many are read before all are

static const char *word(const EnumDef *e, int value)
{
    return value ? e->values[value].name : "";
}

// ---- Rows ---------------------------------------------------------------------------------------

Status chain_rows(Ctx *ctx, ChainKey key, Query query, StockValueList *ret)
{
    Str kind, method, counter;
    StockValue row = { .variant = key.variant, .warehouse = key.warehouse };
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &row.moved_on, &row.move, &kind, &row.quantity, &row.amount, &row.rest,
                     &row.settled, &row.input, &row.rate, &row.origin, &row.origin_on, &row.whole,
                     &row.last_rate, &row.standard, &method, &counter, &row.channel,
                     &row.cost_centre)) {
        row.kind = (ValueKind)enum_value(&value_kind_enum, kind);
        row.method = (CostMethod)enum_value(&cost_method_enum, method);
        row.counter = (Purpose)enum_value(&purpose_enum, counter);
        *list_push(ctx->arena, ret) = row;
    }
    return rows_end(rows);
}

Status chain_row_add(Ctx *ctx, const StockValue *row)
{
    Arg input = row->input.known ? arg_money(row->input.value) : arg_opt(0);
    Arg rate = row->rate.known ? arg_price(row->rate.value) : arg_opt(0);
    return db_write(
        ctx, SQL("INSERT INTO stock_value (variant_id, warehouse_id, moved_on, move, kind,"
                 " quantity, amount, rest, settled, input, rate, origin, origin_on, whole,"
                 " last_rate, standard, method, counter, channel_id, cost_centre_id) VALUES ($1,"
                 " $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
                 " $19, $20)",
                 row->variant, row->warehouse, row->moved_on, row->move,
                 word(&value_kind_enum, row->kind), row->quantity, row->amount, row->rest,
                 row->settled, input, rate, row->origin, row->origin_on, row->whole, row->last_rate,
                 row->standard, word(&cost_method_enum, row->method),
                 word(&purpose_enum, row->counter), row->channel, row->cost_centre));
}

Status chain_row_update(Ctx *ctx, const StockValue *row)
{
    return db_write(
        ctx,
        SQL("UPDATE stock_value SET amount = $5, rest = $6, settled = $7, last_rate = $8,"
            " standard = $9, method = $10 WHERE variant_id = $1 AND warehouse_id = $2"
            " AND moved_on = $3 AND move = $4",
            row->variant, row->warehouse, row->moved_on, row->move, row->amount, row->rest,
            row->settled, row->last_rate, row->standard, word(&cost_method_enum, row->method)));
}

Status chain_correct(Ctx *ctx, const ValueCorrection *correction)
{
    const ValueCorrection *c = correction;
    return db_write(ctx,
                    SQL("INSERT INTO value_correction (variant_id, warehouse_id, moved_on, move,"
                        " origin, amount, counter, channel_id, cost_centre_id)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                        " ON CONFLICT (variant_id, warehouse_id, moved_on, move, origin)"
                        " DO UPDATE SET amount = excluded.amount",
                        c->variant, c->warehouse, c->moved_on, c->move, c->origin, c->amount,
                        word(&purpose_enum, c->counter), c->channel, c->cost_centre));
}

int64_t month_number(Date day)
{
    Ymd ymd = date_ymd(day);
    return ymd.year * 12 + ymd.month - 1;
}

Status chain_month_add(Ctx *ctx, ChainKey key, Date on, Qty quantity, Worth worth)
{
    return db_write(
        ctx, SQL("INSERT INTO stock_month (variant_id, warehouse_id, month, quantity, amount,"
                 " rest) VALUES ($1, $2, $3, $4, $5, $6)"
                 " ON CONFLICT (variant_id, warehouse_id, month) DO UPDATE SET"
                 " quantity = stock_month.quantity + excluded.quantity,"
                 " amount = stock_month.amount + excluded.amount,"
                 " rest = stock_month.rest + excluded.rest",
                 key.variant, key.warehouse, month_number(on), quantity, worth.amount, worth.rest));
}

// ---- Where it stands ----------------------------------------------------------------------------

Status chain_cost(Ctx *ctx, ChainKey key, StockCost *ret)
{
    Str method;
    bool found;
    StockCost cost = { .variant = key.variant, .warehouse = key.warehouse };
    Query query =
        SQL("SELECT method, quantity, amount, rest, last_rate, standard, last_on, last_move"
            " FROM stock_cost WHERE variant_id = $1 AND warehouse_id = $2",
            key.variant, key.warehouse);
    TRY(db_maybe(ctx, query, &found, &method, &cost.quantity, &cost.amount, &cost.rest,
                 &cost.last_rate, &cost.standard, &cost.last_on, &cost.last_move));
    cost.method = found ? (CostMethod)enum_value(&cost_method_enum, method)
                        : (CostMethod)setting_enum(ctx, "inventory.cost_method");
    *ret = cost;
    return OK;
}

Status chain_stands(Ctx *ctx, const StockCost *cost)
{
    const StockCost *c = cost;
    return db_write(
        ctx, SQL("INSERT INTO stock_cost (variant_id, warehouse_id, method, quantity, amount,"
                 " rest, last_rate, standard, last_on, last_move)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                 " ON CONFLICT (variant_id, warehouse_id) DO UPDATE SET"
                 " method = excluded.method, quantity = excluded.quantity,"
                 " amount = excluded.amount, rest = excluded.rest,"
                 " last_rate = excluded.last_rate, standard = excluded.standard,"
                 " last_on = excluded.last_on, last_move = excluded.last_move",
                 c->variant, c->warehouse, word(&cost_method_enum, c->method), c->quantity,
                 c->amount, c->rest, c->last_rate, c->standard, c->last_on, c->last_move));
}

// ---- Layers -------------------------------------------------------------------------------------

static Status read_layers(Ctx *ctx, Query query, LayerList *ret)
{
    Layer layer = { 0 };
    Rows *rows = db_query(ctx, query);
    ret->len = 0;
    while (rows_next(rows, &layer.on, &layer.move, &layer.quantity, &layer.worth.amount,
                     &layer.worth.rest))
        *list_push(ctx->arena, ret) = layer;
    return rows_end(rows);
}

static void turn_round(LayerList *layers)
{
    for (size_t i = 0, j = layers->len; i + 1 < j; i++) {
        Layer other = layers->items[--j];
        layers->items[j] = layers->items[i];
        layers->items[i] = other;
    }
}

static Status layers_all(Ctx *ctx, ChainKey key, LayerList *ret)
{
    return read_layers(ctx,
                       SQL("SELECT moved_on, move, quantity, amount, rest FROM cost_layer"
                           " WHERE variant_id = $1 AND warehouse_id = $2 ORDER BY moved_on, move",
                           key.variant, key.warehouse),
                       ret);
}

static bool suffices(const LayerList *layers, Qty quantity)
{
    Wide sum = 0;
    EACH (layer, *layers)
        sum += layer->quantity.micro;
    return sum >= quantity.micro || layers->len < LAYERS_FIRST;
}

static Status layers_to_take(Ctx *ctx, ChainKey key, const CostState *state, Qty quantity,
                             LayerList *ret)
{
    bool is_fifo = state->method == COST_METHOD_FIFO;
    Query oldest =
        SQL("SELECT moved_on, move, quantity, amount, rest FROM cost_layer WHERE variant_id = $1"
            " AND warehouse_id = $2 ORDER BY moved_on, move LIMIT $3",
            key.variant, key.warehouse, LAYERS_FIRST);
    Query newest =
        SQL("SELECT moved_on, move, quantity, amount, rest FROM cost_layer WHERE variant_id = $1"
            " AND warehouse_id = $2 ORDER BY moved_on DESC, move DESC LIMIT $3",
            key.variant, key.warehouse, LAYERS_FIRST);
    TRY(read_layers(ctx, is_fifo ? oldest : newest, ret));
    if (!suffices(ret, quantity))
        return layers_all(ctx, key, ret);
    if (!is_fifo)
        turn_round(ret);
    return OK;
}

// Only the layers that the move can touch: owed ones for what comes in, the next ones for what goes
// out.
static Status layers_for(Ctx *ctx, ChainKey key, const CostMove *move, CostState *state)
{
    bool keeps = state->method == COST_METHOD_FIFO || state->method == COST_METHOD_LIFO;
    bool is_below = state->quantity.micro < 0;
    if (move->kind == VALUE_KIND_COST || !(keeps || is_below))
        return OK;
    if (move->kind == VALUE_KIND_OUT && keeps && !move->at_rate.known)
        return is_below ? OK : layers_to_take(ctx, key, state, move->quantity, &state->layers);
    if ((move->kind == VALUE_KIND_IN || move->kind == VALUE_KIND_RETURN) && !is_below)
        return OK;
    return layers_all(ctx, key, &state->layers);
}

static Status save_layer(Ctx *ctx, ChainKey key, const Layer *layer)
{
    if (layer->quantity.micro == 0 && layer->is_new)
        return OK;
    if (layer->quantity.micro == 0)
        return db_write(ctx,
                        SQL("DELETE FROM cost_layer WHERE variant_id = $1 AND warehouse_id = $2"
                            " AND moved_on = $3 AND move = $4",
                            key.variant, key.warehouse, layer->on, layer->move));
    return db_write(
        ctx, SQL("INSERT INTO cost_layer (variant_id, warehouse_id, moved_on, move, quantity,"
                 " amount, rest) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                 " ON CONFLICT (variant_id, warehouse_id, moved_on, move) DO UPDATE SET"
                 " quantity = excluded.quantity, amount = excluded.amount, rest = excluded.rest",
                 key.variant, key.warehouse, layer->on, layer->move, layer->quantity,
                 layer->worth.amount, layer->worth.rest));
}

Status chain_layers_save(Ctx *ctx, ChainKey key, const LayerList *layers)
{
    EACH (layer, *layers)
        if (layer->is_new || layer->is_changed)
            TRY(save_layer(ctx, key, layer));
    return OK;
}

// ---- From row to move ---------------------------------------------------------------------------

Status chain_value_before(Ctx *ctx, ChainKey key, Date on, Id move, const CostMove *before,
                          StockValue *ret)
{
    StockValueList found = { 0 };
    Money corrected;
    TRY(chain_rows(ctx, key,
                   SQL("SELECT " CHAIN_COLUMNS " FROM stock_value WHERE variant_id = $1"
                       " AND warehouse_id = $2 AND moved_on = $3 AND move = $4",
                       key.variant, key.warehouse, on, move),
                   &found));
    if (found.len == 0)
        return FAIL(ctx, E_NOT_FOUND, "stock_value.not_found", "the move has no value there");
    *ret = found.items[0];
    Date until = before ? before->on : DATE_MAX;
    Id last = before ? before->move : 0;
    TRY(db_one(ctx,
               SQL("SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM value_correction"
                   " WHERE origin = $1 AND variant_id = $2 AND warehouse_id = $3"
                   " AND (moved_on < $4 OR (moved_on = $4 AND move < $5))",
                   move, key.variant, key.warehouse, until, last),
               &corrected));
    return money_add(ctx, ret->amount, corrected, &ret->amount);
}

Status chain_value_of(Ctx *ctx, ChainKey key, Date on, Id move, Qty *ret_quantity, Money *ret_value)
{
    StockValue row;
    TRY(chain_value_before(ctx, key, on, move, NULL, &row));
    *ret_quantity = row.quantity;
    *ret_value = row.amount;
    return OK;
}

// A return comes back at what the move it brings back cost, by its share.
static Status returned(Ctx *ctx, const StockValue *row, CostMove *move)
{
    StockValue origin;
    Money value;
    ChainKey key = { row->variant, row->warehouse };
    TRY(chain_value_before(ctx, key, row->origin_on, row->origin, move, &origin));
    if (origin.quantity.micro < 0) {
        origin.quantity = qty_neg(origin.quantity);
        origin.amount = money_neg(origin.amount);
    }
    TRY(cost_share(ctx, origin.amount, move->quantity, origin.quantity, &value));
    move->value = (MaybeMoney){ true, value };
    return OK;
}

static Status came_since(Ctx *ctx, const StockValue *row, Qty *ret)
{
    return db_one(ctx,
                  SQL("SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT) FROM stock_value"
                      " WHERE variant_id = $1 AND warehouse_id = $2 AND quantity > 0"
                      " AND (moved_on > $3 OR (moved_on = $3 AND move > $4))"
                      " AND (moved_on < $5 OR (moved_on = $5 AND move < $6))",
                      row->variant, row->warehouse, row->origin_on, row->origin, row->moved_on,
                      row->move),
                  ret);
}

Status chain_move(Ctx *ctx, const StockValue *row, CostMove *ret)
{
    bool is_out = row->kind == VALUE_KIND_OUT;
    CostMove move = { .kind = row->kind,
                      .on = row->moved_on,
                      .move = row->move,
                      .quantity = is_out ? qty_neg(row->quantity) : row->quantity,
                      .value = row->input,
                      .method = row->method,
                      .origin = row->origin,
                      .whole = row->whole };
    *(is_out ? &move.at_rate : &move.unit_cost) = row->rate;
    if (row->kind == VALUE_KIND_RETURN && row->origin)
        TRY(returned(ctx, row, &move));
    if (row->kind == VALUE_KIND_LATE)
        TRY(came_since(ctx, row, &move.newer));
    *ret = move;
    return OK;
}

static StockValue row_of(ChainKey key, const ChainEntry *entry)
{
    const CostMove *move = &entry->move;
    bool is_out = move->kind == VALUE_KIND_OUT;
    return (StockValue){ .variant = key.variant,
                         .warehouse = key.warehouse,
                         .moved_on = move->on,
                         .move = move->move,
                         .kind = move->kind,
                         .quantity = is_out ? qty_neg(move->quantity) : move->quantity,
                         .input = move->value,
                         .rate = is_out ? move->at_rate : move->unit_cost,
                         .origin = move->origin,
                         .origin_on = entry->origin_on,
                         .whole = move->whole,
                         .method = move->method,
                         .counter = entry->counter,
                         .channel = entry->channel,
                         .cost_centre = entry->cost_centre };
}

// ---- Adding -------------------------------------------------------------------------------------

void chain_delta(Ctx *ctx, ChainDeltaList *deltas, Date on, const StockValue *of, int64_t minor)
{
    if (minor)
        *list_push(ctx->arena, deltas) = (ChainDelta){ .on = on,
                                                       .amount = { minor },
                                                       .counter = of->counter,
                                                       .channel = of->channel,
                                                       .cost_centre = of->cost_centre };
}

static Status correct(Ctx *ctx, const StockValue *row, const CostEffect *effect,
                      ChainDeltaList *deltas)
{
    StockValue origin;
    ChainKey key = { row->variant, row->warehouse };
    TRY(chain_value_before(ctx, key, effect->on, effect->move, NULL, &origin));
    chain_delta(ctx, deltas, row->moved_on, &origin, effect->delta.minor);
    return chain_correct(ctx, &(ValueCorrection){ .variant = row->variant,
                                                  .warehouse = row->warehouse,
                                                  .moved_on = row->moved_on,
                                                  .move = row->move,
                                                  .origin = effect->move,
                                                  .amount = effect->delta,
                                                  .counter = origin.counter,
                                                  .channel = origin.channel,
                                                  .cost_centre = origin.cost_centre });
}

static Status take_effects(Ctx *ctx, StockValue *row, const CostEffectList *effects,
                           ChainDeltaList *deltas)
{
    EACH (effect, *effects) {
        if (effect->is_own) {
            row->amount.minor += effect->delta.minor;
            continue;
        }
        row->settled.minor += effect->delta.minor;
        TRY(correct(ctx, row, effect, deltas));
    }
    return OK;
}

static Status save_state(Ctx *ctx, const StockValue *row, const CostState *state)
{
    StockCost cost = { .variant = row->variant,
                       .warehouse = row->warehouse,
                       .method = state->method,
                       .quantity = state->quantity,
                       .amount = state->worth.amount,
                       .rest = state->worth.rest,
                       .last_rate = state->last_rate,
                       .standard = state->standard,
                       .last_on = row->moved_on,
                       .last_move = row->move };
    ChainKey key = { row->variant, row->warehouse };
    Worth worth = { { row->amount.minor + row->settled.minor }, row->rest };
    TRY(chain_row_add(ctx, row));
    TRY(chain_layers_save(ctx, key, &state->layers));
    TRY(chain_month_add(ctx, key, row->moved_on, row->quantity, worth));
    return chain_stands(ctx, &cost);
}

static Status append(Ctx *ctx, const StockCost *cost, StockValue *row, ChainDeltaList *deltas)
{
    CostMove move;
    CostEffectList effects = { 0 };
    CostState state = { .method = cost->method,
                        .quantity = cost->quantity,
                        .worth = { cost->amount, cost->rest },
                        .last_rate = cost->last_rate,
                        .standard = cost->standard };
    ChainKey key = { row->variant, row->warehouse };
    TRY(chain_move(ctx, row, &move));
    TRY(layers_for(ctx, key, &move, &state));
    TRY(cost_apply(ctx, &state, &move, currency_minor(ctx->tenant->base), &effects));
    TRY(take_effects(ctx, row, &effects, deltas));
    row->rest = state.worth.rest - cost->rest;
    row->last_rate = state.last_rate;
    row->standard = state.standard;
    row->method = state.method;
    return save_state(ctx, row, &state);
}

// Its day comes before what is there already: worth nothing at first, then everything from here on
// is worked through again.
static Status insert(Ctx *ctx, StockValue *row, ChainDeltaList *deltas, Money *ret_own)
{
    ChainKey key = { row->variant, row->warehouse };
    TRY(chain_row_add(ctx, row));
    TRY(chain_month_add(ctx, key, row->moved_on, row->quantity, (Worth){ 0 }));
    return chain_rewalk(ctx, row, deltas, ret_own);
}

Status chain_add(Ctx *ctx, ChainKey key, const ChainEntry *entry, ChainDeltaList *deltas,
                 Money *ret_own)
{
    StockCost cost;
    StockValue row = row_of(key, entry);
    assert(row.moved_on && row.move && row.kind);
    TRY(chain_cost(ctx, key, &cost));
    bool is_last =
        row.moved_on > cost.last_on || (row.moved_on == cost.last_on && row.move > cost.last_move);
    if (!is_last)
        return insert(ctx, &row, deltas, ret_own);
    TRY(append(ctx, &cost, &row, deltas));
    *ret_own = row.amount;
    return OK;
}
