// advice.h - what a planner should do about a material plan, in words.
#pragma once

#include "algo/mrp/mrp.h"

typedef enum MrpAdvice {
    MRP_RESCHEDULE_IN,   // a receipt is wanted earlier
    MRP_RESCHEDULE_OUT,  // ... later
    MRP_CANCEL,          // ... never
    MRP_OVERDUE,         // a receipt should have come before the plan's first day
    MRP_START_LATE,      // an order should have been started before the first day
    MRP_FENCED,          // a need within the frozen days is met only behind them
    MRP_APPROVE,         // a new order within the slushy days
    MRP_SPLIT,           // a need takes more lots than MRP_LOTS_MAX: the last one is larger
    MRP_ADVICE_COUNT,
} MrpAdvice;

typedef struct MrpMessage {
    MrpAdvice advice;
    int32_t item;
    int32_t receipt, order;  // the one it is about; the other is -1
    int32_t from, to;        // days: as it is, as it should be; for MRP_START_LATE: the start that
                             // was needed, and the day on which it can be there at the earliest
} MrpMessage;
typedef LIST(MrpMessage) MrpMessageList;

void mrp_messages(Arena *arena, const MrpPlan *plan, int32_t item, MrpMessageList *ret);
extern const char *const mrp_advice_names[MRP_ADVICE_COUNT];  // "reschedule_in" ...
Str mrp_message_text(Arena *arena, const MrpPlan *plan, const MrpMessage *message);
