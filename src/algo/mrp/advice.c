// advice.c - what a planner should do: the difference between what is on its way and what the plan
// assumes, and the orders that need a person. Like pegging it follows from the plan.
//
// Netting lets a receipt serve whatever needs it first (item.c); here that becomes advice to move
// it there. Within the frozen days nothing is advised, because nothing may change.
#include "algo/mrp/advice.h"
#include "algo/mrp/work.h"

// clang-format off
const char *const mrp_advice_names[MRP_ADVICE_COUNT] = {
    [MRP_RESCHEDULE_IN]  = "reschedule_in",
    [MRP_RESCHEDULE_OUT] = "reschedule_out",
    [MRP_CANCEL]         = "cancel",
    [MRP_OVERDUE]        = "overdue",
    [MRP_START_LATE]     = "start_late",
    [MRP_FENCED]         = "fenced",
    [MRP_APPROVE]        = "approve",
    [MRP_SPLIT]          = "split",
};
// clang-format on

static void advise_receipt(Arena *arena, const MrpPlan *plan, const MrpTerms *terms, int32_t number,
                           MrpMessageList *list)
{
    const MrpReceipt *receipt = &plan->input->receipts[number];
    int32_t need = plan->receipt_need[number], tolerance = terms->item->tolerance_days;
    MrpMessage message = {
        .item = receipt->item, .receipt = number, .order = -1, .from = receipt->day, .to = need
    };
    if (receipt->day < 0 && need != MRP_NEVER) {
        message.advice = MRP_OVERDUE;
        message.to = terms->days->work[days_from(terms->days, 0)];
        *list_push(arena, list) = message;
        return;
    }
    if (receipt->day < terms->item->frozen_days ||
        (need == MRP_NEVER && receipt->day >= plan->input->days))
        return;
    message.advice = MRP_CANCEL;
    if (need != MRP_NEVER) {
        message.to = terms->days->work[due_at(terms, need)];
        message.advice = need < receipt->day ? MRP_RESCHEDULE_IN : MRP_RESCHEDULE_OUT;
        int32_t moved = need < receipt->day ? receipt->day - message.to : message.to - receipt->day;
        if (moved <= tolerance || need == receipt->day)
            return;
    }
    *list_push(arena, list) = message;
}

static void advise(Arena *arena, MrpMessageList *list, MrpAdvice advice, const MrpMessage *about,
                   int32_t from, int32_t to)
{
    MrpMessage *message = list_push(arena, list);
    *message = *about;
    message->advice = advice;
    message->from = from;
    message->to = to;
}

static void advise_order(Arena *arena, const MrpPlan *plan, const MrpTerms *terms,
                         const MrpMessage *about, MrpMessageList *list)
{
    const MrpOrder *order = &plan->runs[about->item].orders[about->order];
    if (order->start < 0)
        advise(arena, list, MRP_START_LATE, about, order->start, terms->earliest);
    if (order->receipt >= 0)
        return;
    if (order->due > order->need)
        advise(arena, list, MRP_FENCED, about, order->need, order->due);
    if (order->due < terms->item->slushy_days)
        advise(arena, list, MRP_APPROVE, about, order->due, order->due);
}

static void advise_split(Arena *arena, const MrpPlan *plan, int32_t item, MrpMessageList *list)
{
    const MrpRun *run = &plan->runs[item];
    for (int32_t i = 0, lots = 0; i < run->count; i++) {
        bool goes_on =
            lots && run->orders[i].receipt < 0 && run->orders[i].need == run->orders[i - 1].need;
        lots = run->orders[i].receipt >= 0 ? 0 : goes_on ? lots + 1 : 1;
        MrpMessage about = { .item = item, .receipt = -1, .order = i };
        if (lots == MRP_LOTS_MAX)
            advise(arena, list, MRP_SPLIT, &about, run->orders[i].due, run->orders[i].due);
    }
}

void mrp_messages(Arena *arena, const MrpPlan *plan, int32_t item, MrpMessageList *ret)
{
    *ret = (MrpMessageList){ 0 };
    const MrpWork *work = plan->work;
    if (plan->input->items[item].kind == MRP_PHANTOM || plan->level[item] >= plan->levels_done)
        return;
    MrpTerms terms = mrp_terms(plan, item);
    for (int64_t i = work->receipt_first[item]; i < work->receipt_first[item + 1]; i++)
        advise_receipt(arena, plan, &terms, work->receipts[i], ret);
    for (int32_t i = 0; i < plan->runs[item].count; i++) {
        MrpMessage about = { .item = item,
                             .receipt = plan->runs[item].orders[i].receipt,
                             .order = i };
        advise_order(arena, plan, &terms, &about, ret);
    }
    advise_split(arena, plan, item, ret);
}

// ---- Words --------------------------------------------------------------------------------------

static const char *day(Arena *arena, const MrpPlan *plan, int32_t day)
{
    return date_text(arena, plan->input->start + day).ptr;
}

// "PO-7 of wheel (100)"; a planned order has no name yet.
static const char *subject(Arena *arena, const MrpPlan *plan, const MrpMessage *message)
{
    const MrpInput *input = plan->input;
    Str item = input->items[message->item].id;
    if (message->receipt >= 0) {
        const MrpReceipt *receipt = &input->receipts[message->receipt];
        return str_format(arena, STR_FMT " of " STR_FMT " (" STR_FMT ")", STR_ARG(receipt->id),
                          STR_ARG(item), STR_ARG(decimal_short(arena, receipt->quantity.micro, 6)))
            .ptr;
    }
    const MrpOrder *order = &plan->runs[message->item].orders[message->order];
    return str_format(arena, "the planned order of " STR_FMT " (" STR_FMT ")", STR_ARG(item),
                      STR_ARG(decimal_short(arena, order->quantity.micro, 6)))
        .ptr;
}

Str mrp_message_text(Arena *arena, const MrpPlan *plan, const MrpMessage *message)
{
    const char *what = subject(arena, plan, message);
    const char *from = day(arena, plan, message->from);
    const char *to = message->to == MRP_NEVER ? "" : day(arena, plan, message->to);
    switch (message->advice) {
    case MRP_RESCHEDULE_IN:
        return str_format(arena, "%s is wanted earlier: bring it forward from %s to %s", what, from,
                          to);
    case MRP_RESCHEDULE_OUT:
        return str_format(arena, "%s is wanted later: put it off from %s to %s", what, from, to);
    case MRP_CANCEL:
        return str_format(arena, "%s, due %s, is wanted by nobody: cancel it", what, from);
    case MRP_OVERDUE:
        return str_format(arena, "%s was due %s and has not come: it is planned for %s", what, from,
                          to);
    case MRP_START_LATE:
        return str_format(arena,
                          "%s should have been started on %s: hurry it, or it is there on %s "
                          "at the earliest",
                          what, from, to);
    case MRP_FENCED:
        return str_format(arena, "%s is wanted on %s, but nothing new can come before %s", what,
                          from, to);
    case MRP_APPROVE:
        return str_format(arena, "%s is due %s, within the days in which orders want approval",
                          what, from);
    default:
        return str_format(arena,
                          "%s, due %s, is larger than its lot: its need takes more than %d lots",
                          what, from, MRP_LOTS_MAX);
    }
}
