// plan.c - the plan: level by level, and within a level item by item, each one read, netted and cut
// into orders without knowing its neighbours.
//
// A crew shares a level in blocks of items. Whoever plans an item has days, needs and orders in
// places of his own and puts the finished orders into room that was got for him before, because an
// arena belongs to one thread: when his room is used up he stops, and goes on after he got more.
#include "algo/mrp/work.h"

enum {
    BLOCK = 64,  // items in a row that one of the crew plans
    CREW_MOST = 64,
    CREW_ITEMS = 2000,  // a level of fewer items is not worth a crew
    ROOM = 1 << 17,     // orders
};

typedef struct Hand {  // one of the crew
    const MrpPlan *plan;
    int32_t of;                // he plans each `of`-th block of the level
    int32_t first, next, end;  // places in work->items
    int64_t *gross;            // by day
    MrpNeed *needs;
    MrpLotRoom lots;
    MrpOrder *draft;  // of one item
    MrpOrder *room;   // for finished orders
    size_t left;
    int64_t orders;
    int32_t too_much;  // the item whose needs are beyond all measure, or -1
} Hand;

// ---- Needs --------------------------------------------------------------------------------------

static bool pull(Hand *hand, const MrpUse *use, int64_t *total)
{
    const MrpRun *run = &hand->plan->runs[use->parent];
    for (int32_t i = 0; i < run->count; i++) {
        const MrpOrder *order = &run->orders[i];
        int32_t day = use_day(hand->plan, use, order);
        if (day >= hand->plan->input->days)
            continue;
        int64_t quantity;
        if (!use_quantity(use, order->quantity.micro, &quantity) ||
            __builtin_add_overflow(*total, quantity, total))
            return false;
        hand->gross[day] += quantity;
    }
    return true;
}

static bool add(Hand *hand, int32_t day, int64_t quantity, int64_t *total)
{
    if (day >= hand->plan->input->days)
        return true;
    hand->gross[day > 0 ? day : 0] += quantity;
    return !__builtin_add_overflow(*total, quantity, total);
}

// All that is wanted of an item, by day. False when it is too much to be counted: what is added up
// stays below a quarter of what Qty holds.
static bool gather(Hand *hand, const MrpTerms *terms, int32_t item)
{
    const MrpInput *input = hand->plan->input;
    const MrpWork *work = hand->plan->work;
    int64_t total = 0;
    memset(hand->gross, 0, (size_t)input->days * sizeof *hand->gross);
    bool fits = add(hand, terms->restore, terms->item->safety_stock.micro, &total);
    if (terms->item->on_hand.micro < 0)
        fits = fits && add(hand, 0, -terms->item->on_hand.micro, &total);
    for (int64_t i = work->demand_first[item]; fits && i < work->demand_first[item + 1]; i++) {
        const MrpDemand *demand = &input->demands[work->demands[i]];
        fits = add(hand, demand->day, demand->quantity.micro, &total);
    }
    for (const MrpTake *take = work->takes[item].first; fits && take; take = take->next)
        fits = add(hand, take->day, take->quantity, &total);
    for (int64_t i = work->use_first[item]; fits && i < work->use_first[item + 1]; i++)
        fits = pull(hand, &work->uses[i], &total);
    return fits && total < INT64_MAX / 4;
}

// ---- Netting ------------------------------------------------------------------------------------

static void put_need(Hand *hand, const MrpTerms *terms, int32_t day, int64_t quantity,
                     int32_t *count)
{
    int32_t met = day > terms->frozen ? day : terms->frozen;
    MrpNeed *last = *count ? &hand->needs[*count - 1] : NULL;
    if (last && last->day == met)
        last->quantity += quantity;
    else
        hand->needs[(*count)++] = (MrpNeed){ met, day, quantity };
}

// What existing supplies leave open, into hand->needs; notes when each receipt is first wanted.
static int32_t net(Hand *hand, const MrpTerms *terms, int32_t item)
{
    MrpShelf shelf = shelf_open(hand->plan, terms, item);
    int32_t count = 0;
    for (int32_t day = 0; day < hand->plan->input->days; day++) {
        int64_t open = hand->gross[day], got = 1;
        while (open > 0 && got > 0) {
            int32_t receipt;
            got = shelf_take(&shelf, day, open, &receipt);
            open -= got;
            if (receipt >= 0 && hand->plan->receipt_need[receipt] == MRP_NEVER)
                hand->plan->receipt_need[receipt] = day;
        }
        if (open > 0)
            put_need(hand, terms, day, open, &count);
    }
    return count;
}

// ---- One item -----------------------------------------------------------------------------------

// The planner's own orders, which want their components like any other.
static int32_t firm_orders(const MrpPlan *plan, const MrpTerms *terms, int32_t item, MrpOrder *ret)
{
    const MrpWork *work = plan->work;
    int32_t count = 0;
    for (int64_t i = work->receipt_first[item]; i < work->receipt_first[item + 1]; i++) {
        const MrpReceipt *receipt = &plan->input->receipts[work->receipts[i]];
        if (!receipt->is_firm)
            continue;
        int32_t at = days_at(terms->days, receipt->day > 0 ? receipt->day : 0);
        at = at > terms->lead ? at - terms->lead : 0;
        ret[count++] = (MrpOrder){ .need = receipt->day,
                                   .due = receipt->day,
                                   .start = terms->days->work[at],
                                   .receipt = work->receipts[i],
                                   .quantity = receipt->quantity };
    }
    return count;
}

// False when the room does not do.
static bool keep(Hand *hand, int32_t item, int32_t count)
{
    if ((size_t)count > hand->left)
        return false;
    if (count)
        memcpy(hand->room, hand->draft, (size_t)count * sizeof *hand->draft);
    hand->plan->runs[item] = (MrpRun){ hand->room, count };
    hand->room += count;
    hand->left -= (size_t)count;
    hand->orders += count;
    return true;
}

static bool plan_item(Hand *hand, int32_t item)
{
    MrpTerms terms = mrp_terms(hand->plan, item);
    if (!gather(hand, &terms, item)) {
        hand->too_much = item;
        return false;
    }
    int32_t needs = net(hand, &terms, item);
    int32_t firm = firm_orders(hand->plan, &terms, item, hand->draft);
    int32_t lots = mrp_lots(&terms, hand->needs, needs, &hand->lots, hand->draft + firm);
    return keep(hand, item, firm + lots);
}

static void plan_share(void *arg, int i)
{
    Hand *hand = &((Hand *)arg)[i];
    while (hand->next < hand->end) {
        if (!plan_item(hand, hand->plan->work->items[hand->next]))
            return;
        hand->next++;
        if ((hand->next - hand->first) % BLOCK == 0)
            hand->next += (hand->of - 1) * BLOCK;
    }
}

// ---- The crew -----------------------------------------------------------------------------------

typedef struct Crew {
    Ctx *ctx;
    MrpPlan *plan;
    Budget *budget;
    Hand *hands;
    int count;
    size_t draft;  // most orders of one item
} Crew;

static Crew crew_of(Ctx *ctx, MrpPlan *plan, Budget *budget)
{
    int count = budget->crew < 1 ? 1 : budget->crew > CREW_MOST ? CREW_MOST : budget->crew;
    size_t days = (size_t)plan->input->days;
    Crew crew = { .ctx = ctx,
                  .plan = plan,
                  .budget = budget,
                  .hands = NEW_ARRAY(ctx->arena, Hand, (size_t)count),
                  .count = count,
                  .draft = days * MRP_LOTS_MAX + (size_t)plan->work->firm_most };
    for (int i = 0; i < count; i++)
        crew.hands[i] = (Hand){ .plan = plan,
                                .gross = NEW_ARRAY(ctx->arena, int64_t, days),
                                .needs = NEW_ARRAY(ctx->arena, MrpNeed, days),
                                .lots = lot_room(ctx->arena, plan->input->days),
                                .draft = NEW_ARRAY(ctx->arena, MrpOrder, crew.draft),
                                .too_much = -1 };
    return crew;
}

static Status refuse(Ctx *ctx, const MrpPlan *plan, int32_t item)
{
    return FAIL(ctx, E_INVALID, "mrp.range",
                "the needs of " STR_FMT " add up to more than can be counted",
                STR_ARG(plan->input->items[item].id));
}

// Gives room to those who stopped for want of it. *ret_open: there is still something to do.
static Status top_up(Crew *crew, bool *ret_open)
{
    *ret_open = false;
    size_t room = crew->draft > ROOM ? crew->draft : ROOM;
    for (int i = 0; i < crew->count; i++) {
        Hand *hand = &crew->hands[i];
        if (hand->too_much >= 0)
            return refuse(crew->ctx, crew->plan, hand->too_much);
        if (hand->next >= hand->end)
            continue;
        *ret_open = true;
        if (hand->left < crew->draft) {
            hand->room = NEW_ARRAY(crew->ctx->arena, MrpOrder, room);
            hand->left = room;
        }
    }
    return OK;
}

static Status plan_level(Crew *crew, int32_t level)
{
    const int32_t *first = crew->plan->work->level_first;
    int32_t items = first[level + 1] - first[level];
    int count = items < CREW_ITEMS ? 1 : crew->count;
    for (int i = 0; i < crew->count; i++) {
        Hand *hand = &crew->hands[i];
        hand->of = count;
        hand->first = first[level];
        hand->next = first[level] + i * BLOCK;
        hand->end = i < count ? first[level + 1] : 0;
    }
    for (bool is_open;;) {
        TRY(top_up(crew, &is_open));
        if (!is_open)
            return OK;
        budget_each(crew->budget, count, plan_share, crew->hands);
    }
}

Status mrp_plan(Ctx *ctx, const MrpInput *input, Budget *budget, MrpPlan **ret)
{
    size_t items = (size_t)input->item_count, receipts = (size_t)input->receipt_count;
    MrpPlan *plan = NEW(ctx->arena, MrpPlan);
    *plan = (MrpPlan){ .input = input,
                       .level = NEW_ARRAY(ctx->arena, int32_t, items),
                       .runs = NEW_ARRAY(ctx->arena, MrpRun, items),
                       .receipt_need = NEW_ARRAY(ctx->arena, int32_t, receipts) };
    for (size_t i = 0; i < receipts; i++)
        plan->receipt_need[i] = MRP_NEVER;
    TRY(mrp_rows(ctx, plan));
    Crew crew = crew_of(ctx, plan, budget);
    MrpAlternates *alternates = mrp_alternates(ctx, plan);
    while (plan->levels_done < plan->level_count && !budget_over(budget, plan->levels_done)) {
        TRY(plan_level(&crew, plan->levels_done));
        TRY(mrp_alternates_level(ctx, alternates, plan, plan->levels_done));
        plan->levels_done++;
    }
    for (int i = 0; i < crew.count; i++)
        plan->order_count += crew.hands[i].orders;
    *ret = plan;
    return OK;
}
