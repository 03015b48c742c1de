// peg.h - which need each supply of a material plan serves: one level, and through all of them.
#pragma once

#include "algo/mrp/mrp.h"

typedef enum { MRP_FROM_STOCK, MRP_FROM_RECEIPT, MRP_FROM_ORDER, MRP_FROM_NOWHERE } MrpSupply;
typedef enum {
    MRP_FOR_DEMAND,
    MRP_FOR_ORDER,
    MRP_FOR_SAFETY,
    MRP_FOR_BACKLOG,
    MRP_FOR_NOBODY
} MrpPurpose;

// So much of a supply of an item serves this.
typedef struct MrpPeg {
    MrpSupply supply;
    int32_t supply_index;  // of the receipt, or of the order in the item's run
    MrpPurpose purpose;
    int32_t item;   // MRP_FOR_ORDER: of which item; MRP_FOR_SAFETY, _BACKLOG: whose
    int32_t index;  // MRP_FOR_ORDER: in that item's run; MRP_FOR_DEMAND: of the demand
    int32_t day;    // when it is wanted
    Qty quantity;   // received, above 0
} MrpPeg;
typedef LIST(MrpPeg) MrpPegList;

// One level: each need of the item against the supplies in order of days. Every need is served in
// full, MRP_FROM_NOWHERE only when the plan was stopped. Surplus has no peg.
void mrp_pegs(Arena *arena, const MrpPlan *plan, int32_t item, MrpPegList *ret);

// Through all levels: each supply of each item against what it is for in the end: customers'
// demands, safety stock, a backlog, or nobody (a lot's surplus). They add up to the supply. An
// item's pegs are sorted by supply and supply_index. E_LIMIT "mrp.pegs" beyond `most` pegs.
MUST_CHECK Status mrp_serves(Ctx *ctx, const MrpPlan *plan, int64_t most,
                             const MrpPegList **ret_by_item);
