// costing.h - what stock is worth: one chain of moves per variant and warehouse, worked through in
// order of day and move. Pure: no database, no clock; the same code values a move of today (from
// the open layers) and walks a chain again after a back-dated entry (from an earlier state).
//
// Methods: moving average; FIFO and LIFO by layers; standard cost. Amounts are minor units of the
// company's currency and are rounded once, half up, where a value is taken out; what is left keeps
// the rest, so when the quantity is nothing the value is nothing too.
//
// Below zero: an issue of more than there is takes the rest at an assumed rate (that of the last
// layer consumed, else the last known, else the standard cost) and owes it: a layer with a negative
// quantity. The next receipt settles what is owed at its own cost, oldest first, and the difference
// corrects the cost of the issues that owed it; what it does not cover keeps its assumed rate. So
// layers below and above zero never stand side by side.
//
// What 118 pieces at 0.0047 are worth is no amount of money. Booked is 0.55; the rest, 0.0046, is
// kept beside it and shared with it, so that unit costs stay true and roundings do not add up. With
// every issue the amount is brought to within half a minor unit of the exact worth again.
//
// Late cost (freight that is billed weeks later) goes to what is left of the goods it belongs to;
// the rest is cost of what was sold and never enters the chain. With layers, what is left is the
// layer; without, the oldest goods are taken to have left first.
#pragma once

#include "base/list.h"
#include "gen/inventory.gen.h"

// What goods are worth, exactly: the amount that is booked and what it lacks, in 10^-12 of a major
// unit, as quantity x price is.
typedef struct Worth {
    Money amount;
    int64_t rest;
} Worth;

typedef struct Layer {
    Date on;
    Id move;                  // that brought it in; below zero: that owes it
    Qty quantity;             // below zero: owed
    Worth worth;              // same sign
    bool is_new, is_changed;  // since the state was read; quantity 0: to be deleted
} Layer;
typedef LIST(Layer) LayerList;

typedef struct CostState {
    CostMethod method;
    Qty quantity;
    Worth worth;
    Price last_rate;   // of the last layer consumed, or of the last receipt
    Price standard;    // set by people: standard cost, else the fallback
    LayerList layers;  // in order: FIFO and LIFO all that may matter, else owed ones only
} CostState;

typedef struct CostMove {
    ValueKind kind;
    Date on;
    Id move;
    Qty quantity;          // in, out, return: above zero
    MaybeMoney value;      // in, return, late: what it brings. method: known 0, the value stays
    MaybePrice unit_cost;  // in: else per unit; unknown: the last known. cost: the cost that is set
    MaybePrice at_rate;    // out: takes layers of that rate first
    CostMethod method;     // method: the one that holds from here
    Id origin;             // late: the move that it adds to,
    Qty whole;             //       how much came in with that,
    Qty newer;             //       and how much since
} CostMove;

// What a move does to values: its own, and corrections of earlier issues that were owed.
typedef struct CostEffect {
    Date on;  // of the move it belongs to
    Id move;
    Money delta;  // of that move's value: above zero into stock, below zero out of it
    bool is_own;
} CostEffect;
typedef LIST(CostEffect) CostEffectList;

// Applies one move: changes the state and adds its effects, its own first. E_INVALID "number.range"
// only. `minor` is currency_minor() of the company's currency.
//
// A change of method: from FIFO or LIFO to average the value becomes quantity x the cost of the
// newest receipt that is still there, unless the move says that it stays; to standard it becomes
// quantity x standard cost, or where none is set the cost per unit becomes it; to FIFO or LIFO what
// is there becomes one layer. Below zero nothing is revalued: the receipt that settles it tells.
MUST_CHECK Status cost_apply(Ctx *ctx, CostState *state, const CostMove *move, int64_t minor,
                             CostEffectList *effects);

// What is not there is taken at: the last known cost, else the one set by people; 0 when nobody
// knows.
Price cost_assumed(const CostState *state);
// Value per unit, at a millionth; 0 when there is nothing. Exact halves up.
MUST_CHECK Status cost_rate(Ctx *ctx, Worth worth, Qty quantity, int64_t minor, Price *ret);
// quantity x price in minor units, rounded half up.
MUST_CHECK Status cost_value(Ctx *ctx, Qty quantity, Price price, int64_t minor, Money *ret);
// The share of an amount that goes with `part` of `whole`; all of it with all.
MUST_CHECK Status cost_share(Ctx *ctx, Money amount, Qty part, Qty whole, Money *ret);
