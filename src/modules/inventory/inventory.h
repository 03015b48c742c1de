// inventory.h - stock, for the modules that sell, pick, receive and make. Stock only ever moves
// from one place to another; levels, reservations, values and books follow in the same transaction.
#pragma once

#include "gen/inventory.gen.h"
#include "modules/catalog/catalog.h"
#include "modules/ledger/ledger.h"

// ---- Moving -------------------------------------------------------------------------------------

typedef struct MoveSpec {
    Id variant;
    MoveKind kind;
    Id from, to;
    Qty quantity;
    Id lot, serial, owner;
    StockStatus from_status, to_status;  // 0: free
    Date on;
    Link source, line;
    Id reason;  // choice
    // What it costs, where it comes in: a price per unit, or the value itself. A return names the
    // move that it brings back (reverses) and comes back at that move's cost.
    MaybePrice unit_cost;  // base currency
    MaybeMoney value;      // base currency
    Id reverses;
    MaybePrice at_rate;  // an issue that takes the layer of that cost first
    Purpose counter;     // what the value is booked against; 0: follows from the kind
    Id channel, cost_centre;
    bool may_go_negative;  // forced by somebody with the right to
} MoveSpec;
typedef struct MoveDone {
    Id move;
    Money value;  // what it brought in (above zero) or took out (below)
} MoveDone;
// E_CONFLICT "stock_level.negative" names what is short. Back-dated moves revalue what follows them
// in their own chain, and are checked against every later balance.
MUST_CHECK Status stock_move(Ctx *ctx, const MoveSpec *spec, MoveDone *ret);

// What has moved because of a document's line, oldest first.
typedef struct StockMoved {
    Id move, lot, serial;
    Qty quantity;
} StockMoved;
typedef LIST(StockMoved) StockMovedList;
MUST_CHECK Status stock_moved(Ctx *ctx, Link line, MoveKind kind, StockMovedList *ret);

// ---- Goods whose pieces have numbers (serials.c) ------------------------------------------------

// A document's line says its numbers as one text; `code` is its field, for what is refused.
enum { SERIALS_MAX = 1000 };   // of a line: what one transaction moves in its time
typedef LIST(Str) NumberList;  // in order

// E_INVALID: more than SERIALS_MAX, or one of them twice.
MUST_CHECK Status numbers_read(Ctx *ctx, Str text, const char *code, NumberList *ret);
// One a piece, and none of goods without. E_INVALID otherwise.
MUST_CHECK Status numbers_check(Ctx *ctx, const VariantFacts *variant, Qty quantity,
                                const NumberList *numbers, const char *code);

// Moves what a line says: at once, or piece by piece where its goods have serial numbers, the value
// divided exactly. What comes from outside is found among the numbers known or is a new one; what
// leaves a place of ours must stand there.
MUST_CHECK Status stock_move_line(Ctx *ctx, const MoveSpec *spec, Str serials, const char *code,
                                  Money *ret_value);

// ---- Promising ----------------------------------------------------------------------------------

typedef struct ReserveSpec {
    HoldKind kind;
    Link source;
    Id line;
    Id variant, warehouse;
    Qty quantity;
    Time expires_at;  // soft: a cart's; 0: firm
    bool is_first;    // the source is being made: it holds nothing there yet, and is not asked for
} ReserveSpec;
// Sets the reservation of (source, line, variant, warehouse) to `quantity` (0 ends it). E_CONFLICT
// "stock_available.short".
MUST_CHECK Status stock_reserve(Ctx *ctx, const ReserveSpec *spec);
// Takes up to `quantity` off the reservation when goods leave; what was reserved is no longer held
// back.
MUST_CHECK Status stock_release(Ctx *ctx, Link source, Id line, Id variant, Id warehouse,
                                Qty quantity, Qty *ret_released);
MUST_CHECK Status stock_release_all(Ctx *ctx, Link source);
// Turns a cart's soft holds into an order's firm ones.
MUST_CHECK Status stock_firm(Ctx *ctx, Link from, Link to, Id line_from, Id line_to);

// What a document holds reserved, in order of line and warehouse.
typedef struct StockHeld {
    Id line, variant, warehouse;
    Qty quantity;
} StockHeld;
typedef LIST(StockHeld) StockHeldList;
MUST_CHECK Status stock_held(Ctx *ctx, Link source, StockHeldList *ret);

// What can still be promised there: free - reserved. warehouse 0: everywhere.
MUST_CHECK Status stock_available(Ctx *ctx, Id variant, Id warehouse, Qty *ret);

typedef enum Availability {
    AVAILABILITY_NONE,
    AVAILABILITY_IN_STOCK,
    AVAILABILITY_LIMITED,
    AVAILABILITY_MADE_TO_ORDER,
    AVAILABILITY_OUT_OF_STOCK,
} Availability;
// The badge of a variant in a channel (its warehouses), from live stock.
MUST_CHECK Status stock_badge(Ctx *ctx, Id variant, Id channel, Availability *ret,
                              Qty *ret_available);
const char *availability_label(Availability badge);

// ---- Places -------------------------------------------------------------------------------------

MUST_CHECK Status place_warehouse(Ctx *ctx, Id place, Id *ret);  // the warehouse it belongs to
// The virtual places, one of each per company.
MUST_CHECK Status place_virtual(Ctx *ctx, PlaceKind kind, Id *ret);

// Where `quantity` would be taken from: bins by picking order, lots by best-before, oldest first.
typedef struct PickSource {
    Id place, lot, serial;
    Qty quantity;
} PickSource;
typedef LIST(PickSource) PickSourceList;
MUST_CHECK Status stock_pick_plan(Ctx *ctx, Id variant, Id warehouse, Qty quantity,
                                  PickSourceList *ret, Qty *ret_short);

// What a label says: a place by its barcode or code, an article by its barcode, its pack's or its
// SKU, a lot or a serial number; small letters are tried as capitals, too. E_INVALID
// "stock.scan_unknown": it says nothing that is known; exactly one of place and variant is set
// else.
typedef struct Scanned {
    Id place, variant, lot, serial;  // a lot and a serial come with their variant
    Qty quantity;                    // what one such label stands for, in base units
} Scanned;
MUST_CHECK Status stock_scanned(Ctx *ctx, Str code, Scanned *ret);

// ---- Value --------------------------------------------------------------------------------------

MUST_CHECK Status stock_worth(Ctx *ctx, Id variant, Id warehouse, Qty *ret_quantity,
                              Money *ret_value);
// As it stood at the end of a day; variant 0: all, warehouse 0: all.
MUST_CHECK Status stock_worth_on(Ctx *ctx, Id variant, Id warehouse, Date on, Qty *ret_quantity,
                                 Money *ret_value);
// Sets the standard or fallback cost; revalues stock kept at standard cost.
MUST_CHECK Status stock_set_cost(Ctx *ctx, Id variant, Id warehouse, Price cost, Date on);
MUST_CHECK Status stock_set_method(Ctx *ctx, Id variant, Id warehouse, CostMethod method, Date on);
// Cost added to what a move brought in (freight, duty): to what is left of it, and to the cost of
// what was already issued from it.
MUST_CHECK Status stock_add_cost(Ctx *ctx, Id move, Money value, Date on, Link source);
// Says afterwards that another quantity came in or went out: a correcting move today.
MUST_CHECK Status stock_correct(Ctx *ctx, Id move, Qty quantity, Date on, Link source,
                                MoveDone *ret);
