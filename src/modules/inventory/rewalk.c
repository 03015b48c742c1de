// rewalk.c - a chain worked through again from an earlier day, after something was put there. It
// starts where a month ended with nothing left, since then there are no layers to know; with a
// moving average, at the end of the month before. What comes out differently is written, and told
// as differences to be booked.
#include "modules/inventory/chain.h"

typedef struct Walk {
    ChainKey key;
    CostState state;
    Date from;  // rows of this day and later are walked
    StockValueList rows;
    LIST(ValueCorrection) known;  // corrections of those rows, in their order
    size_t next_known;
    ChainDeltaList *deltas;
    const StockValue *added;  // the row that is new; NULL: nothing is written, only compared
    Money own;                // and what it is worth
    int64_t wrong;            // rows that come out differently, where nothing is written
} Walk;

enum { LAYERS_KEPT = 64 };  // used up ones, before they are swept out

// ---- Where to start -----------------------------------------------------------------------------

typedef struct MonthEnd {
    int64_t month;
    Qty quantity;
    Worth worth;
} MonthEnd;
typedef LIST(MonthEnd) MonthEndList;

static Status month_ends(Ctx *ctx, ChainKey key, Date day, MonthEndList *ret)
{
    MonthEnd change, end = { 0 };
    Rows *rows = db_query(
        ctx, SQL("SELECT month, quantity, amount, rest FROM stock_month WHERE variant_id = $1"
                 " AND warehouse_id = $2 AND month < $3 ORDER BY month",
                 key.variant, key.warehouse, month_number(day)));
    while (rows_next(rows, &change.month, &change.quantity, &change.worth.amount,
                     &change.worth.rest)) {
        end = (MonthEnd){ change.month,
                          { end.quantity.micro + change.quantity.micro },
                          { { end.worth.amount.minor + change.worth.amount.minor },
                            end.worth.rest + change.worth.rest } };
        *list_push(ctx->arena, ret) = end;
    }
    return rows_end(rows);
}

static Date after_month(int64_t month)
{
    return date_from_ymd((int)((month + 1) / 12), (int)((month + 1) % 12) + 1, 1);
}

static Status last_before(Ctx *ctx, ChainKey key, Date day, StockValueList *ret)
{
    return chain_rows(
        ctx, key,
        SQL("SELECT " CHAIN_COLUMNS " FROM stock_value WHERE variant_id = $1"
            " AND warehouse_id = $2 AND moved_on < $3 ORDER BY moved_on DESC, move DESC"
            " LIMIT 1",
            key.variant, key.warehouse, day),
        ret);
}

// The state at a month's end, where it needs no layers; false where it does.
static Status state_at(Ctx *ctx, ChainKey key, const MonthEnd *end, CostState *ret, bool *ret_known)
{
    StockValueList last = { 0 };
    TRY(last_before(ctx, key, after_month(end->month), &last));
    *ret_known = false;
    if (last.len == 0)
        return OK;
    const StockValue *row = &last.items[0];
    bool needs_none = row->method == COST_METHOD_AVERAGE || row->method == COST_METHOD_STANDARD;
    *ret_known = end->quantity.micro == 0 || (needs_none && end->quantity.micro > 0);
    *ret = (CostState){ .method = row->method,
                        .quantity = end->quantity,
                        .worth = end->worth,
                        .last_rate = row->last_rate,
                        .standard = row->standard };
    return OK;
}

static Status find_start(Ctx *ctx, Walk *walk, Date day)
{
    MonthEndList ends = { 0 };
    bool known = false;
    TRY(month_ends(ctx, walk->key, day, &ends));
    for (size_t i = ends.len; i-- > 0 && !known;) {
        if (ends.items[i].quantity.micro != 0 && i + 1 < ends.len)
            continue;
        TRY(state_at(ctx, walk->key, &ends.items[i], &walk->state, &known));
        walk->from = after_month(ends.items[i].month);
    }
    if (!known) {
        walk->state = (CostState){ 0 };
        walk->from = 0;
    }
    return OK;
}

// ---- What is there ------------------------------------------------------------------------------

static Status read_known(Ctx *ctx, Walk *walk)
{
    Str counter;
    ValueCorrection c = { .variant = walk->key.variant, .warehouse = walk->key.warehouse };
    Rows *rows = db_query(ctx, SQL("SELECT moved_on, move, origin, amount, counter, channel_id,"
                                   " cost_centre_id FROM value_correction WHERE variant_id = $1"
                                   " AND warehouse_id = $2 AND moved_on >= $3"
                                   " ORDER BY moved_on, move, origin",
                                   c.variant, c.warehouse, walk->from));
    while (rows_next(rows, &c.moved_on, &c.move, &c.origin, &c.amount, &counter, &c.channel,
                     &c.cost_centre)) {
        c.counter = (Purpose)enum_value(&purpose_enum, counter);
        *list_push(ctx->arena, &walk->known) = c;
    }
    return rows_end(rows);
}

// Of a chain from its very beginning: what its first moves say, up to a change of method.
static CostMethod first_method(const Ctx *ctx, const StockValueList *rows)
{
    EACH (row, *rows) {
        if (row->kind == VALUE_KIND_METHOD)
            break;
        if (row->method)
            return row->method;
    }
    return (CostMethod)setting_enum(ctx, "inventory.cost_method");
}

static Status read_walk(Ctx *ctx, Walk *walk)
{
    Query query = SQL("SELECT " CHAIN_COLUMNS " FROM stock_value WHERE variant_id = $1"
                      " AND warehouse_id = $2 AND moved_on >= $3 ORDER BY moved_on, move",
                      walk->key.variant, walk->key.warehouse, walk->from);
    TRY(chain_rows(ctx, walk->key, query, &walk->rows));
    if (!walk->state.method)
        walk->state.method = first_method(ctx, &walk->rows);
    return read_known(ctx, walk);
}

// ---- One row ------------------------------------------------------------------------------------

static ValueCorrection *known_of(Walk *walk, const StockValue *row, Id origin)
{
    for (size_t i = walk->next_known; i < walk->known.len; i++) {
        ValueCorrection *c = &walk->known.items[i];
        if (c->move != row->move)
            break;
        if (c->origin == origin)
            return c;
    }
    return NULL;
}

static Status correct_known(Ctx *ctx, Walk *walk, ValueCorrection *known, Money amount)
{
    StockValue of = { .counter = known->counter,
                      .channel = known->channel,
                      .cost_centre = known->cost_centre };
    int64_t more = amount.minor - known->amount.minor;
    known->amount = amount;
    if (!more)
        return OK;
    if (!walk->added) {
        walk->wrong++;
        return OK;
    }
    chain_delta(ctx, walk->deltas, known->moved_on, &of, more);
    return chain_correct(ctx, known);
}

static Status correct_new(Ctx *ctx, Walk *walk, const StockValue *row, const CostEffect *effect)
{
    StockValue origin;
    TRY(chain_value_before(ctx, walk->key, effect->on, effect->move, NULL, &origin));
    ValueCorrection made = { .variant = row->variant,
                             .warehouse = row->warehouse,
                             .moved_on = row->moved_on,
                             .move = row->move,
                             .origin = effect->move,
                             .counter = origin.counter,
                             .channel = origin.channel,
                             .cost_centre = origin.cost_centre };
    return correct_known(ctx, walk, &made, effect->delta);
}

static bool has_effect(const CostEffectList *effects, Id origin)
{
    EACH (effect, *effects)
        if (!effect->is_own && effect->move == origin)
            return true;
    return false;
}

// What the row corrected before and does not correct any more is taken back.
static Status drop_known(Ctx *ctx, Walk *walk, const StockValue *row, const CostEffectList *effects)
{
    for (; walk->next_known < walk->known.len; walk->next_known++) {
        ValueCorrection *c = &walk->known.items[walk->next_known];
        if (c->move != row->move)
            break;
        if (!has_effect(effects, c->origin))
            TRY(correct_known(ctx, walk, c, (Money){ 0 }));
    }
    return OK;
}

static Status take_effects(Ctx *ctx, Walk *walk, StockValue *row, const CostEffectList *effects)
{
    row->amount = row->settled = (Money){ 0 };
    EACH (effect, *effects) {
        ValueCorrection *known = known_of(walk, row, effect->move);
        *(effect->is_own ? &row->amount.minor : &row->settled.minor) += effect->delta.minor;
        if (effect->is_own)
            continue;
        TRY(known ? correct_known(ctx, walk, known, effect->delta)
                  : correct_new(ctx, walk, row, effect));
    }
    return drop_known(ctx, walk, row, effects);
}

static bool same_row(const StockValue *a, const StockValue *b)
{
    return a->amount.minor == b->amount.minor && a->rest == b->rest &&
           a->settled.minor == b->settled.minor && a->last_rate.micro == b->last_rate.micro &&
           a->standard.micro == b->standard.micro && a->method == b->method;
}

static Status write_row(Ctx *ctx, Walk *walk, const StockValue *was, const StockValue *row)
{
    int64_t own = row->amount.minor - was->amount.minor;
    int64_t more = own + row->settled.minor - was->settled.minor;
    if (!walk->added) {
        walk->wrong += !same_row(was, row);
        return OK;
    }
    if (row->move == walk->added->move)
        walk->own = row->amount;
    else
        chain_delta(ctx, walk->deltas, row->moved_on, row, own);
    if (same_row(was, row))
        return OK;
    TRY(chain_row_update(ctx, row));
    Worth worth = { { more }, row->rest - was->rest };
    if (!worth.amount.minor && !worth.rest)
        return OK;
    return chain_month_add(ctx, walk->key, row->moved_on, (Qty){ 0 }, worth);
}

static void sweep_layers(LayerList *layers)
{
    size_t kept = 0;
    if (layers->len < LAYERS_KEPT || layers->items[LAYERS_KEPT / 2].quantity.micro != 0)
        return;
    EACH (layer, *layers)
        if (layer->quantity.micro != 0)
            layers->items[kept++] = *layer;
    layers->len = kept;
}

static Status step(Ctx *ctx, Walk *walk, StockValue *row)
{
    CostMove move;
    StockValue was = *row;
    int64_t rest = walk->state.worth.rest;
    CostEffectList effects = { 0 };
    TRY(chain_move(ctx, row, &move));
    TRY(cost_apply(ctx, &walk->state, &move, currency_minor(ctx->tenant->base), &effects));
    TRY(take_effects(ctx, walk, row, &effects));
    row->rest = walk->state.worth.rest - rest;
    row->last_rate = walk->state.last_rate;
    row->standard = walk->state.standard;
    row->method = walk->state.method;
    sweep_layers(&walk->state.layers);
    return write_row(ctx, walk, &was, row);
}

// ---- The whole walk -----------------------------------------------------------------------------

static Status save_end(Ctx *ctx, const Walk *walk)
{
    const StockValue *last = &walk->rows.items[walk->rows.len - 1];
    const CostState *state = &walk->state;
    TRY(db_write(ctx, SQL("DELETE FROM cost_layer WHERE variant_id = $1 AND warehouse_id = $2",
                          walk->key.variant, walk->key.warehouse)));
    EACH (layer, state->layers)
        layer->is_new = true;
    TRY(chain_layers_save(ctx, walk->key, &state->layers));
    return chain_stands(ctx, &(StockCost){ .variant = walk->key.variant,
                                           .warehouse = walk->key.warehouse,
                                           .method = state->method,
                                           .quantity = state->quantity,
                                           .amount = state->worth.amount,
                                           .rest = state->worth.rest,
                                           .last_rate = state->last_rate,
                                           .standard = state->standard,
                                           .last_on = last->moved_on,
                                           .last_move = last->move });
}

Status chain_rewalk(Ctx *ctx, const StockValue *row, ChainDeltaList *deltas, Money *ret_own)
{
    Walk walk = { .key = { row->variant, row->warehouse }, .deltas = deltas, .added = row };
    TRY(find_start(ctx, &walk, row->moved_on));
    TRY(read_walk(ctx, &walk));
    EACH (each, walk.rows)
        TRY(step(ctx, &walk, each));
    *ret_own = walk.own;
    return save_end(ctx, &walk);
}

Status chain_recompute(Ctx *ctx, ChainKey key, StockCost *ret_cost, int64_t *ret_wrong)
{
    ChainDeltaList deltas = { 0 };
    Walk walk = { .key = key, .deltas = &deltas };
    TRY(read_walk(ctx, &walk));
    EACH (row, walk.rows)
        TRY(step(ctx, &walk, row));
    *ret_wrong = walk.wrong;
    *ret_cost = (StockCost){ .variant = key.variant,
                             .warehouse = key.warehouse,
                             .method = walk.state.method,
                             .quantity = walk.state.quantity,
                             .amount = walk.state.worth.amount,
                             .rest = walk.state.worth.rest,
                             .last_rate = walk.state.last_rate,
                             .standard = walk.state.standard };
    return OK;
}
