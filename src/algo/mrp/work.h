// work.h - what the parts of material planning share with each other and nobody else: the input's
// rows sorted by whom they concern, and an item's supplies that exist before anything is planned.
#pragma once

#include "algo/mrp/mrp.h"

// ---- Working days (days.c) ----------------------------------------------------------------------

// The working days of a calendar, some of them before day 0 and behind the plan's end, so that lead
// times are steps in this list.
typedef struct MrpDays {
    const int32_t *work;  // ascending
    int32_t count, span;
    const int32_t *at;  // for a day from 0 to span - 1: the last working day up to it, in `work`
} MrpDays;

// One for each calendar, behind that of every day: calendar c has days[c + 1].
MUST_CHECK Status mrp_days(Ctx *ctx, const MrpInput *input, MrpDays **ret);
int32_t days_at(const MrpDays *days, int32_t day);    // where in `work`: the last up to `day`
int32_t days_from(const MrpDays *days, int32_t day);  // ... the first not before `day`

// ---- Low-level codes (levels.c) -----------------------------------------------------------------

MUST_CHECK Status mrp_levels(Ctx *ctx, const MrpInput *input, int32_t *ret_level,
                             int32_t *ret_count);

// ---- Rows by item (rows.c) ----------------------------------------------------------------------

// A line, ready for multiplying: an order of q needs q * numerator / denominator, rounded up.
typedef struct MrpUse {
    int32_t parent, line;
    int32_t from, to, offset_days;
    int64_t numerator, denominator;  // reduced
} MrpUse;

// What an alternative that is chosen by stock takes over of one order.
typedef struct MrpTake {
    struct MrpTake *next;
    int32_t line, order, day;
    int64_t quantity;
} MrpTake;
typedef struct MrpTakes {
    MrpTake *first, **last;
} MrpTakes;

typedef struct MrpWork {
    const MrpDays *days;
    MrpUse *uses;  // by component, without groups by stock; options of the others do not overlap
    int64_t *use_first;           // item_count + 1
    int32_t *demands, *receipts;  // numbers, by item, then by day
    int64_t *demand_first, *receipt_first;
    int32_t *items, *level_first;  // by level
    MrpTakes *takes;               // by item
    int32_t firm_most;             // most firm orders of one item
} MrpWork;

MUST_CHECK Status mrp_rows(Ctx *ctx, MrpPlan *plan);
MrpUse use_of(const MrpInput *input, int32_t line);

// What an order needs of a line; false beyond int64.
bool use_quantity(const MrpUse *use, int64_t placed, int64_t *ret);
// The day on which it is needed, at least 0; MRP_NEVER when the line is not valid for the order.
int32_t use_day(const MrpPlan *plan, const MrpUse *use, const MrpOrder *order);

// ---- One item (item.c) --------------------------------------------------------------------------

// How an item is treated; a phantom has no stock policy, no lead time and no fence of its own.
typedef struct MrpTerms {
    const MrpItem *item;
    const MrpDays *days;
    int32_t lead, frozen;  // frozen: a working day, the first on which anything may change
    int32_t earliest;      // the first day on which a new order can be there
    int32_t restore;       // from here on safety stock is kept; MRP_NEVER
} MrpTerms;
MrpTerms mrp_terms(const MrpPlan *plan, int32_t item);
// Where in the working days something is due that shall meet a day; never within the frozen days.
int32_t due_at(const MrpTerms *terms, int32_t day);

int64_t placed_for(const MrpItem *item, int64_t wanted);  // the other way round than mrp_received

// The supplies of an item that exist, in the order in which they are used.
typedef struct MrpShelf {
    const MrpPlan *plan;
    const MrpTerms *terms;
    int64_t stock;
    const int32_t *receipt, *end;
    int64_t left;  // of *receipt
} MrpShelf;
MrpShelf shelf_open(const MrpPlan *plan, const MrpTerms *terms, int32_t item);
// Takes up to `wanted` for a day from one supply, *ret_receipt or stock (-1). 0: nothing can help.
int64_t shelf_take(MrpShelf *shelf, int32_t day, int64_t wanted, int32_t *ret_receipt);

// ---- Lots (lots.c) ------------------------------------------------------------------------------

typedef struct MrpNeed {
    int32_t day;   // on which it can be met
    int32_t need;  // on which it is wanted
    int64_t quantity;
} MrpNeed;

// Room for the economic lots of so many needs.
typedef struct MrpLotRoom {
    double *cost, *sum, *moment, *cut;
    int32_t *line, *best, *end;
} MrpLotRoom;
MrpLotRoom lot_room(Arena *arena, int32_t needs);

// Orders for needs by ascending day into ret (room for MRP_LOTS_MAX each); how many.
int32_t mrp_lots(const MrpTerms *terms, const MrpNeed *needs, int32_t count, MrpLotRoom *room,
                 MrpOrder *ret);
// Wagner-Whitin: room->end[i] is where the order that begins with need i ends, for those i at which
// an order begins.
void economic_lots(const MrpLot *lot, const MrpNeed *needs, int32_t count, MrpLotRoom *room);

// ---- Alternatives by stock (alternates.c) -------------------------------------------------------

typedef struct MrpAlternates MrpAlternates;
MrpAlternates *mrp_alternates(Ctx *ctx, const MrpPlan *plan);
// After a level is planned: deals out what its orders need of such groups.
MUST_CHECK Status mrp_alternates_level(Ctx *ctx, MrpAlternates *alternates, MrpPlan *plan,
                                       int32_t level);
