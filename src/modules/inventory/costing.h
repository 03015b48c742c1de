// costing.h - what stock is worth: one chain of moves per variant and warehouse, worked through in order of
// day and move. Pure: no database, no clock; the same code values a move of today (from the open layers) and
// walks a chain again after a back-dated entry (from an earlier state).
//
// Methods: moving average; FIFO and LIFO by layers; standard cost. Amounts are minor units of the company's
// currency and are rounded once, half up, where a value is taken out; what is left keeps the rest, so when the
// quantity is nothing the value is nothing too.
//
// Below zero: an issue of more than there is takes the rest at an assumed rate (that of the last layer consumed,
// else the last known, else the standard cost) and owes it: a layer with a negative quantity. The next receipt settles
// what is owed at its own cost, oldest first, and the difference corrects the cost of the issues that owed
// it; what it does not cover keeps its assumed rate. (The practice of the two large open ERP systems, whose
// published behaviour tests/data the cases in tests/ restate.)
#pragma once

#include "base/list.h"
#include "gen/inventory.gen.h"

typedef struct Layer {
    Date on;
    Id move;        // that brought it in; below zero: that owes it
    Qty quantity;   // below zero: owed
    Money amount;   // same sign
    bool is_new, is_changed;  // since the state was read; quantity 0 and changed: to be deleted
} Layer;
typedef LIST(Layer) LayerList;

typedef struct CostState {
    CostMethod method;
    Qty quantity;
    Money amount;
    Price last_rate;  // of the last layer consumed, or of the last receipt
    Price standard;   // set by people: standard cost, or the fallback for stock that was never bought
    LayerList layers;  // FIFO and LIFO: all open ones that may matter; average: owed ones only
} CostState;

typedef struct CostMove {
    ValueKind kind;   // in, out, return, late, revalue
    Date on;
    Id move;
    Qty quantity;          // above zero, but for late and revalue, where it is 0
    MaybeMoney value;      // in, return, late, revalue: what it brings, if that is known as a whole
    MaybePrice unit_cost;  // in: else per unit
    MaybePrice at_rate;    // out: takes layers of that rate first
} CostMove;

// What a move does to values: its own, and corrections of earlier issues that were owed.
typedef struct CostEffect {
    Id move;
    Money delta;    // of the move's value: above zero into stock, below zero out of it
    bool is_own;
} CostEffect;
typedef LIST(CostEffect) CostEffectList;

// Applies one move: changes the state and adds effects. E_INVALID "number.range" only.
// `minor` is currency_minor() of the company's currency.
MUST_CHECK Status cost_apply(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                             CostEffectList *effects);

// Changes the method. FIFO and LIFO to another: by `neutral` the value stays, else it becomes quantity x the cost of
// the newest receipt (policy inventory.method_change). To FIFO or LIFO: what is there becomes one layer.
MUST_CHECK Status cost_set_method(Ctx *ctx, CostState *state, CostMethod method, bool neutral, Date on,
                                  Id move, int64_t minor, Money *ret_revaluation);
// Sets the standard cost; stock kept at standard cost is revalued.
MUST_CHECK Status cost_set_standard(Ctx *ctx, CostState *state, Price cost, int64_t minor,
                                    Money *ret_revaluation);

// Value per unit, at a millionth; 0 when there is nothing. Exact halves up.
MUST_CHECK Status cost_rate(Ctx *ctx, Money amount, Qty quantity, int64_t minor, Price *ret);
// quantity x price in minor units, rounded half up.
MUST_CHECK Status cost_value(Ctx *ctx, Qty quantity, Price price, int64_t minor, Money *ret);
