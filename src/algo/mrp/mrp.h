// mrp.h - material requirements planning: what is to be made and bought, when, how much and for
// whom, over many levels of bills of materials.
//
// Time is days counted from the plan's first day (0); the plan looks at days 0 to days - 1. What is
// due before day 0 is wanted on day 0. Quantities are exact (Qty, millionths); every quantity that
// is written down is rounded once, up. Items are numbers into `items`, and so on: whoever calls has
// checked that every index and quantity is in its range (read.c does).
//
// Method: low-level codes (Orlicky, Material Requirements Planning, 1975), netting in FIFO order,
// level by level; economic lots by Wagner and Whitin (Management Science 5, 1958) in linear time
// after Wagelmans, van Hoesel and Kolen (Operations Research 40, 1992). A level's items do not know
// each other, so a crew shares them; the plan does not depend on who did which.
// docs/planning.md tells the rules and why they are so. Who is served by what stands in peg.h, what
// a planner should do in advice.h.
#pragma once

#include "algo/budget.h"
#include "base/date.h"
#include "base/number.h"

enum {
    MRP_DAYS_MAX = 3660,  // of the plan, of lead times, of fences
    MRP_ITEMS_MAX = 1000000,
    MRP_CALENDARS_MAX = 1000,
    MRP_ROWS_MAX = 20000000,     // lines, demands, receipts
    MRP_LOTS_MAX = 100,          // orders that one need is split into; the last takes the rest
    MRP_ALWAYS = INT32_MAX / 2,  // a day that never comes
    MRP_NEVER = INT32_MAX,
};

// ---- What is given ------------------------------------------------------------------------------

// Days on which an item is made, sent and received.
typedef struct MrpCalendar {
    Str id;
    uint8_t weekdays;              // bit 0 is Monday; at least one
    const int32_t *closed, *open;  // days (may be before 0) that are not as their weekday says
    size_t closed_len, open_len;   // `open` wins
} MrpCalendar;

typedef enum { MRP_MAKE, MRP_BUY, MRP_PHANTOM } MrpKind;
typedef enum { MRP_EACH, MRP_FIXED, MRP_PERIOD, MRP_ECONOMIC } MrpLotRule;

// Sizes are of an order as it is placed, before scrap. 0: no such limit.
typedef struct MrpLot {
    MrpLotRule rule;
    int32_t days;                     // MRP_PERIOD: an order covers the needs of so many days
    Qty fixed;                        // MRP_FIXED: every order is so much
    Qty min, max, multiple;           // the other rules; max >= min and >= multiple
    double order_cost, holding_cost;  // MRP_ECONOMIC: of an order, of a unit kept for a day
} MrpLot;

typedef struct MrpItem {
    Str id;
    MrpKind kind;  // a phantom's stock is used, then what it is made of stands in its place
    Qty on_hand;   // below zero: owed
    Qty safety_stock;
    Rate scrap;         // of an order, this share is never received; below 1
    int32_t calendar;   // -1: every day is a working day
    int32_t lead_days;  // working days between an order's start and its receipt
    MrpLot lot;
    int32_t frozen_days;     // nothing changes on days before this one
    int32_t slushy_days;     // before this one, new orders want somebody's approval
    int32_t expedite_days;   // a receipt can come so many days earlier than told, not more
    int32_t tolerance_days;  // a receipt this little too early or late is left alone
} MrpItem;

// One of `parent` needs quantity / per of `component`. Lines of one `group` (above 0, consecutive,
// same parent) are alternatives, the preferred first; a line outside a group has 0.
typedef struct MrpLine {
    int32_t parent, component;
    Qty quantity, per;    // per > 0
    Rate scrap;           // of the component, this share is spoilt on the way; below 1
    int32_t from, to;     // for orders that start on days from <= day < to
    int32_t offset_days;  // wanted so many working days after the order's start
    int32_t group;
    bool by_stock;  // the group: what lies in stock first, in their order; else the first valid one
} MrpLine;

typedef struct MrpDemand {
    Str id;
    int32_t item, day;
    Qty quantity;  // above 0
} MrpDemand;

// Something on its way, or (firm) an order of the planner that only he moves.
typedef struct MrpReceipt {
    Str id;
    int32_t item, day;
    Qty quantity;  // above 0; a firm order's is before scrap
    bool is_firm;  // not started: its components are still to be taken
} MrpReceipt;

typedef struct MrpInput {
    Date start;  // day 0
    int32_t days;
    const MrpCalendar *calendars;
    const MrpItem *items;
    const MrpLine *lines;
    const MrpDemand *demands;
    const MrpReceipt *receipts;
    int32_t calendar_count, item_count, line_count, demand_count, receipt_count;
} MrpInput;

// ---- What is answered ---------------------------------------------------------------------------

typedef struct MrpOrder {
    int32_t need;     // the first day that wants it
    int32_t due;      // received in the morning of this working day; after `need`: the fence
    int32_t start;    // below 0: it is too late to start it in time
    int32_t receipt;  // the firm order that this is; -1: newly planned
    Qty quantity;     // placed; mrp_received() of it arrives
} MrpOrder;

typedef struct MrpRun {  // an item's orders: its firm ones, then the planned ones by day
    const MrpOrder *orders;
    int32_t count;
} MrpRun;

typedef struct MrpPlan {
    const MrpInput *input;
    int32_t *level;  // an item's low-level code: the longest way down to it
    int32_t level_count;
    int32_t levels_done;    // fewer than level_count when the budget said stop: the rest is empty
    MrpRun *runs;           // by item
    int32_t *receipt_need;  // the day on which a receipt is first wanted; MRP_NEVER
    int64_t order_count;
    struct MrpWork *work;  // of src/algo/mrp only
} MrpPlan;

// Plans everything. Steps of the budget are levels. E_INVALID "mrp.cycle" when something is made of
// itself, with the whole way round in words; "mrp.range" when a need is beyond what Qty holds.
// O(days x items + lines x orders). The plan lives in ctx's arena and looks into `input`.
MUST_CHECK Status mrp_plan(Ctx *ctx, const MrpInput *input, Budget *budget, MrpPlan **ret);

Qty mrp_received(const MrpItem *item, Qty placed);
