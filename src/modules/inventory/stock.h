// stock.h - what the files of inventory share: places as stock sees them, levels, what may be
// promised, and the value chain. Private to the module.
#pragma once

#include "kernel/tenant.h"
#include "modules/catalog/catalog.h"
#include "modules/inventory/costing.h"
#include "modules/inventory/inventory.h"

// ---- Places (place.c) ---------------------------------------------------------------------------

typedef struct StockPlace {
    Id id;
    Str code;
    PlaceKind kind;
    Id warehouse;  // whose stock and worth it is; goods on the way are one of their own; 0: not
                   // ours
    bool may_go_negative;
    bool is_locked;
} StockPlace;

MUST_CHECK Status stock_place(Ctx *ctx, Id place,
                              StockPlace *ret);  // E_NOT_FOUND "place.not_found"
// Where a move begins and ends, in one statement.
MUST_CHECK Status stock_places(Ctx *ctx, Id from, Id to, StockPlace *ret_from, StockPlace *ret_to);
MUST_CHECK Status places_install(Ctx *ctx);  // the virtual ones

// ---- Levels (level.c) ---------------------------------------------------------------------------

typedef struct LevelKey {
    Id variant, place;
    StockStatus status;
    Id lot, owner;
} LevelKey;

// Takes from or puts to one place. Taking more than is there, now or at any later day that is
// already written: E_CONFLICT "stock_level.negative", unless `may_go_negative`.
MUST_CHECK Status level_take(Ctx *ctx, const LevelKey *key, Qty quantity, Date on,
                             const VariantFacts *variant, bool may_go_negative);
MUST_CHECK Status level_put(Ctx *ctx, const LevelKey *key, Qty quantity);

// Adds to what is free in a warehouse (below zero: takes); E_CONFLICT "stock_available.short" where
// less than what is reserved would be left.
MUST_CHECK Status available_add(Ctx *ctx, const VariantFacts *variant, Id warehouse, Qty free,
                                bool may_go_negative);

// Ends at most `limit` soft reservations whose time is over (reserve.c).
MUST_CHECK Status reservations_expire(Ctx *ctx, int64_t limit, int64_t *ret_ended);

// "3 pairs"; for failures.
Str qty_words(Ctx *ctx, Qty quantity, const VariantFacts *variant);

// As stock_pick_plan() of any place and what is below it, of one lot (0: any).
MUST_CHECK Status stock_pick_plan_lot(Ctx *ctx, Id variant, Id place, Id lot, Qty quantity,
                                      PickSourceList *ret, Qty *ret_short);

// ---- Pieces with numbers (serials.c) ------------------------------------------------------------

typedef struct PieceMove {  // of a move under way
    const VariantFacts *variant;
    const StockPlace *from, *to;
    StockStatus from_status, to_status;
    Id serial, lot;
    Qty quantity;
} PieceMove;

// The piece goes with its move: it must stand where that begins, and stands where it ends.
// E_CONFLICT "inventory.serial_elsewhere", "inventory.serial_here" name the place where it is.
MUST_CHECK Status serial_follow(Ctx *ctx, const PieceMove *piece);

// ---- The value chain (chain.c) ------------------------------------------------------------------

typedef struct ChainKey {
    Id variant, warehouse;
} ChainKey;

// What is added to a chain: the move as the costing engine takes it, the day of the move it refers
// to, and what later differences of its value are booked against.
typedef struct ChainEntry {
    CostMove move;
    Date origin_on;
    Purpose counter;
    Id channel, cost_centre;
} ChainEntry;

// A change of value that is to be booked.
typedef struct ChainDelta {
    Date on;
    Money amount;  // above zero: stock is worth more
    Purpose counter;
    Id channel, cost_centre;
} ChainDelta;
typedef LIST(ChainDelta) ChainDeltaList;

// Adds an entry where its day puts it, and works through everything behind it again. *ret_own is
// its own value; what it changed of others' is added to `deltas`.
MUST_CHECK Status chain_add(Ctx *ctx, ChainKey key, const ChainEntry *entry, ChainDeltaList *deltas,
                            Money *ret_own);
// Where the chain stands; a chain that nothing has moved in yet has the method that the settings
// say.
MUST_CHECK Status chain_cost(Ctx *ctx, ChainKey key, StockCost *ret);
// What one move is worth in its chain, with its corrections; below zero: it went out. E_NOT_FOUND
// "stock_value.not_found".
MUST_CHECK Status chain_value_of(Ctx *ctx, ChainKey key, Date on, Id move, Qty *ret_quantity,
                                 Money *ret_value);
// Works through a whole chain from its beginning, in memory only; for `verify`.
MUST_CHECK Status chain_recompute(Ctx *ctx, ChainKey key, StockCost *ret_cost, int64_t *ret_wrong);

// ---- Booking (value_book.c) ---------------------------------------------------------------------

// Collects what one event changes in the books, and posts it: one entry a day, on open days only.
typedef struct ValueBook {
    Link source;
    Str wording;
    Id channel, cost_centre;  // of the event
    Str kind_code;            // narrows the counter account: a reason
    Id place;                 // the warehouse concerned; set by book_stock()
    struct ValueLineList {
        struct ValueLine *items;
        size_t len, cap;
    } lines;
} ValueBook;

void book_stock(Ctx *ctx, ValueBook *book, Date on, const StockPlace *place, Money amount);
void book_counter(Ctx *ctx, ValueBook *book, Date on, Purpose counter, Money amount);
// The stock's side and the counter's of changes further down a chain.
void book_deltas(Ctx *ctx, ValueBook *book, const StockPlace *place, const ChainDeltaList *deltas);
MUST_CHECK Status book_post(Ctx *ctx, const ValueBook *book);

// As stock_move(), but what it changes in the books is only added to `book`: moves of one source
// and reason are posted as one by book_post().
MUST_CHECK Status stock_move_unbooked(Ctx *ctx, const MoveSpec *spec, ValueBook *book,
                                      MoveDone *ret);
