// costing.c - the four methods over one small set of steps: bring in, take out, owe, settle.
#include "modules/inventory/costing.h"

#include <assert.h>

// ---- Arithmetic ---------------------------------------------------------------------------------

Status cost_value(Ctx *ctx, Qty quantity, Price price, int64_t minor, Money *ret)
{
    return money_from_wide(ctx, (Wide)quantity.micro * price.micro, minor, ROUND_HALF_UP, ret);
}

Status cost_rate(Ctx *ctx, Money amount, Qty quantity, int64_t minor, Price *ret)
{
    *ret = (Price){ 0 };
    if (quantity.micro == 0)
        return OK;
    Wide value = (Wide)amount.minor * minor, unit = quantity.micro;
    return price_from_wide(ctx, unit < 0 ? -value : value, unit < 0 ? -unit : unit, ROUND_HALF_UP,
                           ret);
}

Status cost_share(Ctx *ctx, Money amount, Qty part, Qty whole, Money *ret)
{
    if (part.micro == whole.micro) {
        *ret = amount;
        return OK;
    }
    return money_share(ctx, amount, part.micro, whole.micro, ROUND_HALF_UP, ret);
}

static Qty least(Qty a, Qty b)
{
    return a.micro < b.micro ? a : b;
}

static bool keeps_layers(CostMethod method)
{
    return method == COST_METHOD_FIFO || method == COST_METHOD_LIFO;
}

static Status add_to(Ctx *ctx, CostState *state, Qty quantity, Money amount)
{
    TRY(qty_add(ctx, state->quantity, quantity, &state->quantity));
    return money_add(ctx, state->amount, amount, &state->amount);
}

static void note_effect(Ctx *ctx, CostEffectList *effects, Date on, Id move, int64_t delta)
{
    *list_push(ctx->arena, effects) = (CostEffect){ on, move, { delta }, .is_own = false };
}

static void note_own(Ctx *ctx, CostEffectList *effects, const CostMove *move, int64_t delta)
{
    *list_push(ctx->arena, effects) =
        (CostEffect){ move->on, move->move, { delta }, .is_own = true };
}

// ---- Layers -------------------------------------------------------------------------------------

static void push_layer(Ctx *ctx, CostState *state, const CostMove *move, Qty quantity, Money amount)
{
    *list_push(ctx->arena, &state->layers) = (Layer){
        .on = move->on, .move = move->move, .quantity = quantity, .amount = amount, .is_new = true
    };
}

static void cut_layer(Layer *layer, Qty quantity, Money amount)
{
    layer->quantity.micro -= quantity.micro;
    layer->amount.minor -= amount.minor;
    layer->is_changed = true;
}

// The next layer to take from: oldest first, newest first for LIFO; NULL when none is left.
static Layer *next_layer(const CostState *state)
{
    Layer *found = NULL;
    EACH (layer, state->layers) {
        if (layer->quantity.micro <= 0)
            continue;
        found = layer;
        if (state->method == COST_METHOD_FIFO)
            break;
    }
    return found;
}

static Status layer_of_rate(Ctx *ctx, const CostState *state, Price rate, int64_t minor,
                            Layer **ret)
{
    *ret = NULL;
    EACH (layer, state->layers) {
        Price own;
        if (layer->quantity.micro <= 0)
            continue;
        TRY(cost_rate(ctx, layer->amount, layer->quantity, minor, &own));
        if (own.micro == rate.micro) {
            *ret = layer;
            return OK;
        }
    }
    return OK;
}

static Status pick_layer(Ctx *ctx, const CostState *state, const CostMove *move, int64_t minor,
                         Layer **ret)
{
    *ret = NULL;
    if (move->at_rate.known)
        TRY(layer_of_rate(ctx, state, move->at_rate.value, minor, ret));
    if (!*ret)
        *ret = next_layer(state);
    return OK;
}

// ---- Out ----------------------------------------------------------------------------------------

static Status take_layers(Ctx *ctx, CostState *state, const CostMove *move, Qty *left,
                          int64_t minor, Money *ret_value)
{
    Layer *layer;
    TRY(pick_layer(ctx, state, move, minor, &layer));
    while (left->micro > 0 && layer) {
        Qty taken = least(*left, layer->quantity);
        Money value;
        TRY(cost_share(ctx, layer->amount, taken, layer->quantity, &value));
        TRY(cost_rate(ctx, layer->amount, layer->quantity, minor, &state->last_rate));
        cut_layer(layer, taken, value);
        left->micro -= taken.micro;
        ret_value->minor += value.minor;
        TRY(pick_layer(ctx, state, move, minor, &layer));
    }
    return OK;
}

static Status take_average(Ctx *ctx, CostState *state, Qty *left, int64_t minor, Money *ret_value)
{
    if (state->quantity.micro <= 0)
        return OK;
    Qty taken = least(*left, state->quantity);
    TRY(cost_rate(ctx, state->amount, state->quantity, minor, &state->last_rate));
    TRY(cost_share(ctx, state->amount, taken, state->quantity, ret_value));
    left->micro -= taken.micro;
    return OK;
}

static Status take_standard(Ctx *ctx, CostState *state, Qty *left, int64_t minor, Money *ret_value)
{
    if (state->quantity.micro <= 0)
        return OK;
    Qty taken = least(*left, state->quantity);
    if (taken.micro == state->quantity.micro)
        *ret_value = state->amount;
    else
        TRY(cost_value(ctx, taken, state->standard, minor, ret_value));
    left->micro -= taken.micro;
    return OK;
}

Price cost_assumed(const CostState *state)
{
    if (state->method == COST_METHOD_STANDARD)
        return state->standard;
    return state->last_rate.micro ? state->last_rate : state->standard;
}

// What is not there is taken at the assumed rate and owed.
static Status owe(Ctx *ctx, CostState *state, const CostMove *move, Qty quantity, int64_t minor,
                  Money *ret_value)
{
    Money value;
    if (quantity.micro == 0)
        return OK;
    TRY(cost_value(ctx, quantity, cost_assumed(state), minor, &value));
    push_layer(ctx, state, move, qty_neg(quantity), money_neg(value));
    return money_add(ctx, *ret_value, value, ret_value);
}

static Status take_out(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                       CostEffectList *effects)
{
    Qty left = move->quantity;
    Money value = { 0 };
    switch (state->method) {
    case COST_METHOD_FIFO:
    case COST_METHOD_LIFO: TRY(take_layers(ctx, state, move, &left, minor, &value)); break;
    case COST_METHOD_STANDARD: TRY(take_standard(ctx, state, &left, minor, &value)); break;
    default: TRY(take_average(ctx, state, &left, minor, &value)); break;
    }
    TRY(owe(ctx, state, move, left, minor, &value));
    note_own(ctx, effects, move, -value.minor);
    return add_to(ctx, state, qty_neg(move->quantity), money_neg(value));
}

// ---- In -----------------------------------------------------------------------------------------

static Status value_in(Ctx *ctx, const CostState *state, const CostMove *move, int64_t minor,
                       Money *ret)
{
    if (state->method == COST_METHOD_STANDARD)
        return cost_value(ctx, move->quantity, state->standard, minor, ret);
    if (move->value.known) {
        *ret = move->value.value;
        return OK;
    }
    Price cost = move->unit_cost.known ? move->unit_cost.value : cost_assumed(state);
    return cost_value(ctx, move->quantity, cost, minor, ret);
}

// Settles one owed layer with up to `left` of what came in. The owing issue had an assumed cost;
// now it gets its share of the real one.
static Status settle_layer(Ctx *ctx, CostState *state, Layer *owed, Qty *left, Money *value,
                           CostEffectList *effects)
{
    Qty open = qty_neg(owed->quantity), settled = least(*left, open);
    Money real, assumed;
    TRY(cost_share(ctx, *value, settled, *left, &real));
    TRY(cost_share(ctx, money_neg(owed->amount), settled, open, &assumed));
    cut_layer(owed, qty_neg(settled), money_neg(assumed));
    left->micro -= settled.micro;
    value->minor -= real.minor;
    int64_t more = real.minor - assumed.minor;  // cost of the issue, beyond what was assumed
    if (more)
        note_effect(ctx, effects, owed->on, owed->move, -more);
    state->amount.minor -= more;
    return OK;
}

static Status settle(Ctx *ctx, CostState *state, Qty *left, Money *value, CostEffectList *effects)
{
    for (size_t i = 0; i < state->layers.len && left->micro > 0; i++) {
        if (state->layers.items[i].quantity.micro < 0)
            TRY(settle_layer(ctx, state, &state->layers.items[i], left, value, effects));
    }
    return OK;
}

static Status bring_in(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                       CostEffectList *effects)
{
    Money value;
    Qty left = move->quantity;
    TRY(value_in(ctx, state, move, minor, &value));
    note_own(ctx, effects, move, value.minor);
    Money rest = value;
    TRY(settle(ctx, state, &left, &rest, effects));
    if (keeps_layers(state->method) && left.micro > 0)
        push_layer(ctx, state, move, left, rest);
    if (move->kind != VALUE_KIND_RETURN || !state->last_rate.micro)
        TRY(cost_rate(ctx, value, move->quantity, minor, &state->last_rate));
    return add_to(ctx, state, move->quantity, value);
}

// ---- Cost without goods -------------------------------------------------------------------------

static Layer *layer_of(const CostState *state, Id move)
{
    EACH (layer, state->layers)
        if (layer->move == move && layer->quantity.micro > 0)
            return layer;
    return NULL;
}

static Qty left_of(const CostState *state, const CostMove *move, const Layer *layer)
{
    if (keeps_layers(state->method))
        return layer ? layer->quantity : (Qty){ 0 };
    int64_t left = state->quantity.micro - move->newer.micro;
    return left > 0 ? least((Qty){ left }, move->whole) : (Qty){ 0 };
}

static Status add_late(Ctx *ctx, CostState *state, const CostMove *move, CostEffectList *effects)
{
    Money part = { 0 };
    Layer *layer = layer_of(state, move->origin);
    if (state->method != COST_METHOD_STANDARD)
        TRY(cost_share(ctx, move->value.value, left_of(state, move, layer), move->whole, &part));
    if (keeps_layers(state->method) && layer) {
        TRY(money_add(ctx, layer->amount, part, &layer->amount));
        layer->is_changed = true;
    }
    note_own(ctx, effects, move, part.minor);
    return add_to(ctx, state, (Qty){ 0 }, part);
}

// ---- Changing how it is valued ------------------------------------------------------------------

static Status revalue(Ctx *ctx, CostState *state, const CostMove *move, Price cost, int64_t minor,
                      CostEffectList *effects)
{
    Money worth = state->amount;
    if (state->quantity.micro > 0)
        TRY(cost_value(ctx, state->quantity, cost, minor, &worth));
    note_own(ctx, effects, move, worth.minor - state->amount.minor);
    state->amount = worth;
    return OK;
}

static Status set_cost(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                       CostEffectList *effects)
{
    state->standard = move->unit_cost.value;
    if (state->method == COST_METHOD_STANDARD)
        return revalue(ctx, state, move, state->standard, minor, effects);
    note_own(ctx, effects, move, 0);
    return OK;
}

// The cost of the newest thing that came in and is still there.
static Status newest_rate(Ctx *ctx, const CostState *state, int64_t minor, Price *ret)
{
    *ret = cost_assumed(state);
    EACH (layer, state->layers)
        if (layer->quantity.micro > 0)
            TRY(cost_rate(ctx, layer->amount, layer->quantity, minor, ret));
    return OK;
}

static Status value_by_new_method(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                                  CostEffectList *effects)
{
    Price rate;
    if (move->method == COST_METHOD_STANDARD && state->standard.micro)
        return revalue(ctx, state, move, state->standard, minor, effects);
    if (move->method == COST_METHOD_STANDARD && state->quantity.micro > 0)
        TRY(cost_rate(ctx, state->amount, state->quantity, minor, &state->standard));
    if (keeps_layers(state->method) && move->method == COST_METHOD_AVERAGE && !move->value.known) {
        TRY(newest_rate(ctx, state, minor, &rate));
        return revalue(ctx, state, move, rate, minor, effects);
    }
    note_own(ctx, effects, move, 0);
    return OK;
}

static void drop_layers(CostState *state)
{
    EACH (layer, state->layers)
        if (layer->quantity.micro > 0)
            cut_layer(layer, layer->quantity, layer->amount);
}

static Status set_method(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                         CostEffectList *effects)
{
    bool had_layers = keeps_layers(state->method), will_have = keeps_layers(move->method);
    TRY(value_by_new_method(ctx, state, move, minor, effects));
    if (had_layers && !will_have)
        drop_layers(state);
    if (!had_layers && will_have && state->quantity.micro > 0)
        push_layer(ctx, state, move, state->quantity, state->amount);
    state->method = move->method;
    return OK;
}

Status cost_apply(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                  CostEffectList *effects)
{
    switch (move->kind) {
    case VALUE_KIND_IN:
    case VALUE_KIND_RETURN: return bring_in(ctx, state, move, minor, effects);
    case VALUE_KIND_OUT: return take_out(ctx, state, move, minor, effects);
    case VALUE_KIND_LATE: return add_late(ctx, state, move, effects);
    case VALUE_KIND_COST: return set_cost(ctx, state, move, minor, effects);
    case VALUE_KIND_METHOD: return set_method(ctx, state, move, minor, effects);
    case VALUE_KIND_NONE: break;
    }
    assert(!"a cost move without kind");
    return OK;
}
