// costing.c - the four methods over one small set of steps: bring in, take out, owe, settle.
#include "modules/inventory/costing.h"

#include <assert.h>

// ---- Arithmetic ---------------------------------------------------------------------------------

Status cost_value(Ctx *ctx, Qty quantity, Price price, int64_t minor, Money *ret)
{
    return money_from_wide(ctx, (Wide)quantity.micro * price.micro, minor, ROUND_HALF_UP, ret);
}

Status cost_rate(Ctx *ctx, Worth worth, Qty quantity, int64_t minor, Price *ret)
{
    *ret = (Price){ 0 };
    if (quantity.micro == 0)
        return OK;
    Wide value = (Wide)worth.amount.minor * minor + worth.rest, unit = quantity.micro;
    return price_from_wide(ctx, unit < 0 ? -value : value, unit < 0 ? -unit : unit, ROUND_HALF_UP,
                           ret);
}

// quantity x price: booked to the minor unit, with the rest.
static Status worth_at(Ctx *ctx, Qty quantity, Price price, int64_t minor, Worth *ret)
{
    Wide value = (Wide)quantity.micro * price.micro;
    TRY(cost_value(ctx, quantity, price, minor, &ret->amount));
    return wide_fit(ctx, value - (Wide)ret->amount.minor * minor, &ret->rest);
}

Status cost_share(Ctx *ctx, Money amount, Qty part, Qty whole, Money *ret)
{
    if (part.micro == whole.micro) {
        *ret = amount;
        return OK;
    }
    return money_share(ctx, amount, part.micro, whole.micro, ROUND_HALF_UP, ret);
}

static void worth_add(Worth *to, Worth more)
{
    to->amount.minor += more.amount.minor;
    to->rest += more.rest;
}

static Worth worth_neg(Worth worth)
{
    return (Worth){ money_neg(worth.amount), -worth.rest };
}

// The exact share, in steps that fit 128 bits whatever the amount and the quantity.
static Wide exact_share(Worth worth, Qty part, Qty whole, int64_t minor)
{
    int sign = whole.micro < 0 ? -1 : 1;  // what is owed is below zero, like its share
    Wide unit = (Wide)whole.micro * sign, times = (Wide)part.micro * sign;
    Wide product = worth.amount.minor * times;
    Wide rest = product % unit * minor + worth.rest * times;
    return product / unit * minor + wide_div(rest, unit, ROUND_HALF_UP);
}

// Takes the share of `part` in `whole` out; what stays is booked within half a minor unit of its
// exact worth.
static Status worth_take(Ctx *ctx, Worth *from, Qty part, Qty whole, int64_t minor, Worth *ret)
{
    *ret = *from;
    if (part.micro != whole.micro) {
        Wide share = exact_share(*from, part, whole, minor);
        TRY(money_from_wide(ctx, share - from->rest, minor, ROUND_HALF_UP, &ret->amount));
        TRY(wide_fit(ctx, share - (Wide)ret->amount.minor * minor, &ret->rest));
    }
    worth_add(from, worth_neg(*ret));
    return OK;
}

static Status add_to(Ctx *ctx, CostState *state, Qty quantity, Worth worth)
{
    TRY(qty_add(ctx, state->quantity, quantity, &state->quantity));
    state->worth.rest += worth.rest;
    return money_add(ctx, state->worth.amount, worth.amount, &state->worth.amount);
}

static bool keeps_layers(CostMethod method)
{
    return method == COST_METHOD_FIFO || method == COST_METHOD_LIFO;
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

static Qty least(Qty a, Qty b)
{
    return a.micro < b.micro ? a : b;
}

// ---- Layers -------------------------------------------------------------------------------------

static void push_layer(Ctx *ctx, CostState *state, const CostMove *move, Qty quantity, Worth worth)
{
    *list_push(ctx->arena, &state->layers) = (Layer){
        .on = move->on, .move = move->move, .quantity = quantity, .worth = worth, .is_new = true
    };
}

static Status cut_layer(Ctx *ctx, Layer *layer, Qty quantity, int64_t minor, Worth *ret)
{
    TRY(worth_take(ctx, &layer->worth, quantity, layer->quantity, minor, ret));
    layer->quantity.micro -= quantity.micro;
    layer->is_changed = true;
    return OK;
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
        TRY(cost_rate(ctx, layer->worth, layer->quantity, minor, &own));
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
                          int64_t minor, Worth *ret_value)
{
    Layer *layer;
    TRY(pick_layer(ctx, state, move, minor, &layer));
    while (left->micro > 0 && layer) {
        Qty taken = least(*left, layer->quantity);
        Worth value;
        TRY(cost_rate(ctx, layer->worth, layer->quantity, minor, &state->last_rate));
        TRY(cut_layer(ctx, layer, taken, minor, &value));
        left->micro -= taken.micro;
        worth_add(ret_value, value);
        TRY(pick_layer(ctx, state, move, minor, &layer));
    }
    return OK;
}

static Status take_average(Ctx *ctx, CostState *state, Qty *left, int64_t minor, Worth *ret_value)
{
    if (state->quantity.micro <= 0)
        return OK;
    Qty taken = least(*left, state->quantity);
    TRY(cost_rate(ctx, state->worth, state->quantity, minor, &state->last_rate));
    Worth whole = state->worth;
    TRY(worth_take(ctx, &whole, taken, state->quantity, minor, ret_value));
    left->micro -= taken.micro;
    return OK;
}

static Status take_standard(Ctx *ctx, CostState *state, Qty *left, int64_t minor, Worth *ret_value)
{
    if (state->quantity.micro <= 0)
        return OK;
    Qty taken = least(*left, state->quantity);
    if (taken.micro == state->quantity.micro)
        *ret_value = state->worth;
    else
        TRY(worth_at(ctx, taken, state->standard, minor, ret_value));
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
                  Worth *ret_value)
{
    Worth value;
    if (quantity.micro == 0)
        return OK;
    TRY(worth_at(ctx, quantity, cost_assumed(state), minor, &value));
    push_layer(ctx, state, move, qty_neg(quantity), worth_neg(value));
    ret_value->rest += value.rest;
    return money_add(ctx, ret_value->amount, value.amount, &ret_value->amount);
}

static Status take_out(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                       CostEffectList *effects)
{
    Qty left = move->quantity;
    Worth value = { 0 };
    switch (state->method) {
    case COST_METHOD_FIFO:
    case COST_METHOD_LIFO: TRY(take_layers(ctx, state, move, &left, minor, &value)); break;
    case COST_METHOD_STANDARD: TRY(take_standard(ctx, state, &left, minor, &value)); break;
    default: TRY(take_average(ctx, state, &left, minor, &value)); break;
    }
    TRY(owe(ctx, state, move, left, minor, &value));
    note_own(ctx, effects, move, -value.amount.minor);
    return add_to(ctx, state, qty_neg(move->quantity), worth_neg(value));
}

// ---- In -----------------------------------------------------------------------------------------

static Status value_in(Ctx *ctx, const CostState *state, const CostMove *move, int64_t minor,
                       Worth *ret)
{
    if (state->method == COST_METHOD_STANDARD)
        return worth_at(ctx, move->quantity, state->standard, minor, ret);
    if (move->value.known) {
        *ret = (Worth){ .amount = move->value.value };
        return OK;
    }
    Price cost = move->unit_cost.known ? move->unit_cost.value : cost_assumed(state);
    return worth_at(ctx, move->quantity, cost, minor, ret);
}

// Settles one owed layer with up to `left` of what came in. The owing issue had an assumed cost;
// now it gets its share of the real one.
static Status settle_layer(Ctx *ctx, CostState *state, Layer *owed, Qty *left, Worth *value,
                           int64_t minor, CostEffectList *effects)
{
    Qty settled = least(*left, qty_neg(owed->quantity));
    Worth more, owing;  // more: cost of the issue beyond what was assumed
    TRY(worth_take(ctx, value, settled, *left, minor, &more));
    TRY(cut_layer(ctx, owed, qty_neg(settled), minor, &owing));
    worth_add(&more, owing);
    left->micro -= settled.micro;
    if (more.amount.minor)
        note_effect(ctx, effects, owed->on, owed->move, -more.amount.minor);
    worth_add(&state->worth, worth_neg(more));
    return OK;
}

static Status settle(Ctx *ctx, CostState *state, Qty *left, Worth *value, int64_t minor,
                     CostEffectList *effects)
{
    for (size_t i = 0; i < state->layers.len && left->micro > 0; i++) {
        if (state->layers.items[i].quantity.micro < 0)
            TRY(settle_layer(ctx, state, &state->layers.items[i], left, value, minor, effects));
    }
    return OK;
}

static Status bring_in(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                       CostEffectList *effects)
{
    Worth value;
    Qty left = move->quantity;
    TRY(value_in(ctx, state, move, minor, &value));
    note_own(ctx, effects, move, value.amount.minor);
    Worth rest = value;
    TRY(settle(ctx, state, &left, &rest, minor, effects));
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
        TRY(money_add(ctx, layer->worth.amount, part, &layer->worth.amount));
        layer->is_changed = true;
    }
    note_own(ctx, effects, move, part.minor);
    return add_to(ctx, state, (Qty){ 0 }, (Worth){ .amount = part });
}

// ---- Changing how it is valued ------------------------------------------------------------------

static Status revalue(Ctx *ctx, CostState *state, const CostMove *move, Price cost, int64_t minor,
                      CostEffectList *effects)
{
    Worth worth = state->worth;
    if (state->quantity.micro > 0)
        TRY(worth_at(ctx, state->quantity, cost, minor, &worth));
    note_own(ctx, effects, move, worth.amount.minor - state->worth.amount.minor);
    state->worth = worth;
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
            TRY(cost_rate(ctx, layer->worth, layer->quantity, minor, ret));
    return OK;
}

static Status value_by_new_method(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                                  CostEffectList *effects)
{
    Price rate;
    if (move->method == COST_METHOD_STANDARD && state->standard.micro)
        return revalue(ctx, state, move, state->standard, minor, effects);
    if (move->method == COST_METHOD_STANDARD && state->quantity.micro > 0)
        TRY(cost_rate(ctx, state->worth, state->quantity, minor, &state->standard));
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
        if (layer->quantity.micro > 0) {
            layer->quantity = (Qty){ 0 };
            layer->worth = (Worth){ 0 };
            layer->is_changed = true;
        }
}

static Status set_method(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                         CostEffectList *effects)
{
    bool had_layers = keeps_layers(state->method), will_have = keeps_layers(move->method);
    TRY(value_by_new_method(ctx, state, move, minor, effects));
    if (had_layers && !will_have)
        drop_layers(state);
    if (!had_layers && will_have && state->quantity.micro > 0)
        push_layer(ctx, state, move, state->quantity, state->worth);
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
