// peg.c - pegging: the needs of an item in order of days, dealt onto its supplies in the order in
// which netting used them. Nothing of this is kept in the plan; it follows from it at any time.
//
// Through levels: each supply knows piece by piece what it is for in the end. What an order wants
// of a component is cut into the same pieces, in proportion; the cuts are differences of rounded
// running sums, so that the pieces of a need always add up to it.
#include "algo/mrp/peg.h"
#include "algo/mrp/work.h"

#include <stdlib.h>

// ---- Needs in order -----------------------------------------------------------------------------

static void put(Arena *arena, const MrpPlan *plan, MrpPegList *list, MrpPeg need)
{
    if (need.day >= plan->input->days || need.quantity.micro == 0)
        return;
    need.day = need.day > 0 ? need.day : 0;
    *list_push(arena, list) = need;
}

static void put_demands(Arena *arena, const MrpPlan *plan, int32_t item, MrpPegList *list)
{
    const MrpWork *work = plan->work;
    for (int64_t i = work->demand_first[item]; i < work->demand_first[item + 1]; i++) {
        const MrpDemand *demand = &plan->input->demands[work->demands[i]];
        put(arena, plan, list,
            (MrpPeg){ .purpose = MRP_FOR_DEMAND,
                      .item = item,
                      .index = work->demands[i],
                      .day = demand->day,
                      .quantity = demand->quantity });
    }
}

static void put_takes(Arena *arena, const MrpPlan *plan, int32_t item, MrpPegList *list)
{
    for (const MrpTake *take = plan->work->takes[item].first; take; take = take->next)
        put(arena, plan, list,
            (MrpPeg){ .purpose = MRP_FOR_ORDER,
                      .item = plan->input->lines[take->line].parent,
                      .index = take->order,
                      .day = take->day,
                      .quantity = { take->quantity } });
}

static void put_use(Arena *arena, const MrpPlan *plan, const MrpUse *use, MrpPegList *list)
{
    const MrpRun *run = &plan->runs[use->parent];
    for (int32_t i = 0; i < run->count; i++) {
        int64_t quantity = 0;
        int32_t day = use_day(plan, use, &run->orders[i]);
        if (day < plan->input->days && use_quantity(use, run->orders[i].quantity.micro, &quantity))
            put(arena, plan, list,
                (MrpPeg){ .purpose = MRP_FOR_ORDER,
                          .item = use->parent,
                          .index = i,
                          .day = day,
                          .quantity = { quantity } });
    }
}

static MrpPegList by_day(Arena *arena, const MrpPlan *plan, const MrpPegList *list)
{
    size_t days = (size_t)plan->input->days;
    MrpPegList sorted = { NEW_ARRAY(arena, MrpPeg, list->len), list->len, list->len };
    size_t *at = NEW_ARRAY(arena, size_t, days + 1);
    EACH (need, *list)
        at[need->day + 1]++;
    for (size_t day = 0; day < days; day++)
        at[day + 1] += at[day];
    EACH (need, *list)
        sorted.items[at[need->day]++] = *need;
    return sorted;
}

// All needs of an item by day; on one day customers before orders, safety stock last.
static MrpPegList needs_of(Arena *arena, const MrpPlan *plan, const MrpTerms *terms, int32_t item)
{
    MrpPegList list = { 0 };
    const MrpWork *work = plan->work;
    if (terms->item->on_hand.micro < 0)
        put(arena, plan, &list,
            (MrpPeg){ .purpose = MRP_FOR_BACKLOG,
                      .item = item,
                      .quantity = qty_neg(terms->item->on_hand) });
    put_demands(arena, plan, item, &list);
    put_takes(arena, plan, item, &list);
    for (int64_t i = work->use_first[item]; i < work->use_first[item + 1]; i++)
        put_use(arena, plan, &work->uses[i], &list);
    put(arena, plan, &list,
        (MrpPeg){ .purpose = MRP_FOR_SAFETY,
                  .item = item,
                  .day = terms->restore,
                  .quantity = terms->item->safety_stock });
    return by_day(arena, plan, &list);
}

// ---- Supplies in order --------------------------------------------------------------------------

typedef struct {
    Arena *arena;
    const MrpPlan *plan;
    const MrpTerms *terms;
    MrpShelf shelf;
    MrpRun run;
    int32_t order;  // the planned order that is being dealt out
    int64_t left;   // of it
    MrpPegList *pegs;
} Dealer;

static void next_order(Dealer *dealer, int32_t from)
{
    dealer->order = from;
    while (dealer->order < dealer->run.count && dealer->run.orders[dealer->order].receipt >= 0)
        dealer->order++;
    dealer->left =
        dealer->order < dealer->run.count
            ? mrp_received(dealer->terms->item, dealer->run.orders[dealer->order].quantity).micro
            : 0;
}

static Dealer dealer_of(Arena *arena, const MrpPlan *plan, const MrpTerms *terms, int32_t item,
                        MrpPegList *pegs)
{
    Dealer dealer = { .arena = arena,
                      .plan = plan,
                      .terms = terms,
                      .shelf = shelf_open(plan, terms, item),
                      .run = plan->runs[item],
                      .pegs = pegs };
    next_order(&dealer, 0);
    return dealer;
}

static bool is_same(const MrpPeg *a, const MrpPeg *b)
{
    return a->supply == b->supply && a->supply_index == b->supply_index &&
           a->purpose == b->purpose && a->item == b->item && a->index == b->index &&
           a->day == b->day;
}

static void put_peg(Dealer *dealer, const MrpPeg *need, MrpSupply supply, int32_t index,
                    int64_t quantity)
{
    MrpPeg peg = *need;
    peg.supply = supply;
    peg.supply_index = index;
    MrpPeg *last = dealer->pegs->len ? list_end(*dealer->pegs) - 1 : NULL;
    if (last && is_same(last, &peg)) {
        last->quantity.micro += quantity;
        return;
    }
    peg.quantity.micro = quantity;
    *list_push(dealer->arena, dealer->pegs) = peg;
}

static void deal(Dealer *dealer, const MrpPeg *need)
{
    int64_t open = need->quantity.micro;
    int32_t receipt;
    for (int64_t got; open > 0 && (got = shelf_take(&dealer->shelf, need->day, open, &receipt)) > 0;
         open -= got)
        put_peg(dealer, need, receipt >= 0 ? MRP_FROM_RECEIPT : MRP_FROM_STOCK, receipt, got);
    while (open > 0 && dealer->order < dealer->run.count) {
        int64_t got = open < dealer->left ? open : dealer->left;
        if (got > 0)
            put_peg(dealer, need, MRP_FROM_ORDER, dealer->order, got);
        open -= got;
        dealer->left -= got;
        if (dealer->left == 0)
            next_order(dealer, dealer->order + 1);
    }
    if (open > 0)
        put_peg(dealer, need, MRP_FROM_NOWHERE, -1, open);
}

void mrp_pegs(Arena *arena, const MrpPlan *plan, int32_t item, MrpPegList *ret)
{
    *ret = (MrpPegList){ 0 };
    MrpTerms terms = mrp_terms(plan, item);
    MrpPegList needs = needs_of(arena, plan, &terms, item);
    Dealer dealer = dealer_of(arena, plan, &terms, item, ret);
    EACH (need, needs)
        deal(&dealer, need);
}

// ---- Through levels -----------------------------------------------------------------------------

typedef struct {
    Ctx *ctx;
    const MrpPlan *plan;
    MrpPegList *by_item;  // sorted by supply
    int64_t count, most;
} Through;

static int compare_supply(const MrpPeg *a, MrpSupply supply, int32_t index)
{
    if (a->supply != supply)
        return a->supply < supply ? -1 : 1;
    return (a->supply_index > index) - (a->supply_index < index);
}

// The first peg of a supply in a sorted list.
static const MrpPeg *pegs_of(const MrpPegList *pegs, MrpSupply supply, int32_t index)
{
    size_t low = 0, high = pegs->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_supply(&pegs->items[middle], supply, index) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pegs->len ? &pegs->items[low] : list_end(*pegs);
}

// A need of an order, cut into what the order is for.
static void deal_pieces(Through *through, Dealer *dealer, const MrpPeg *need)
{
    const MrpOrder *order = &through->plan->runs[need->item].orders[need->index];
    bool is_firm = order->receipt >= 0;
    MrpSupply supply = is_firm ? MRP_FROM_RECEIPT : MRP_FROM_ORDER;
    int32_t index = is_firm ? order->receipt : need->index;
    const MrpPegList *pegs = &through->by_item[need->item];
    const MrpPeg *first = pegs_of(pegs, supply, index), *end = first;
    Wide whole = 0, sum = 0;
    for (; end < list_end(*pegs) && compare_supply(end, supply, index) == 0; end++)
        whole += end->quantity.micro;
    for (const MrpPeg *peg = first; peg < end; peg++) {
        Wide before = need->quantity.micro * sum / whole;
        sum += peg->quantity.micro;
        MrpPeg piece = *peg;
        piece.day = need->day;
        piece.quantity.micro = (int64_t)(need->quantity.micro * sum / whole - before);
        deal(dealer, &piece);
    }
}

// What is left of each supply is for nobody.
static void deal_surplus(Dealer *dealer)
{
    MrpPeg nobody = { .purpose = MRP_FOR_NOBODY, .item = -1, .index = -1 };
    int32_t receipt;
    nobody.day = MRP_ALWAYS;
    for (int64_t got; (got = shelf_take(&dealer->shelf, MRP_ALWAYS, INT64_MAX, &receipt)) > 0;)
        put_peg(dealer, &nobody, receipt >= 0 ? MRP_FROM_RECEIPT : MRP_FROM_STOCK, receipt, got);
    for (; dealer->order < dealer->run.count; next_order(dealer, dealer->order + 1))
        if (dealer->left > 0)
            put_peg(dealer, &nobody, MRP_FROM_ORDER, dealer->order, dealer->left);
}

typedef struct {
    MrpPeg peg;
    size_t at;
} Placed;

static int by_supply(const void *a, const void *b)
{
    const Placed *x = a, *y = b;
    int order = compare_supply(&x->peg, y->peg.supply, y->peg.supply_index);
    return order ? order : (x->at > y->at) - (x->at < y->at);
}

static void sort_pegs(Arena *arena, MrpPegList *pegs)
{
    ArenaMark mark = arena_mark(arena);
    Placed *placed = NEW_ARRAY(arena, Placed, pegs->len);
    for (size_t i = 0; i < pegs->len; i++)
        placed[i] = (Placed){ pegs->items[i], i };
    if (pegs->len)
        qsort(placed, pegs->len, sizeof *placed, by_supply);
    for (size_t i = 0; i < pegs->len; i++)
        pegs->items[i] = placed[i].peg;
    arena_rewind(arena, mark);
}

static Status through_item(Through *through, int32_t item)
{
    Arena *arena = through->ctx->arena;
    MrpTerms terms = mrp_terms(through->plan, item);
    MrpPegList *pegs = &through->by_item[item];
    MrpPegList needs = needs_of(arena, through->plan, &terms, item);
    Dealer dealer = dealer_of(arena, through->plan, &terms, item, pegs);
    EACH (need, needs) {
        if (need->purpose == MRP_FOR_ORDER)
            deal_pieces(through, &dealer, need);
        else
            deal(&dealer, need);
        if (through->count + (int64_t)pegs->len > through->most)
            return FAIL(through->ctx, E_LIMIT, "mrp.pegs",
                        "pegging through all levels takes more than %lld pegs; ask for one level",
                        (long long)through->most);
    }
    deal_surplus(&dealer);
    through->count += (int64_t)pegs->len;
    sort_pegs(arena, pegs);
    return OK;
}

Status mrp_serves(Ctx *ctx, const MrpPlan *plan, int64_t most, const MrpPegList **ret_by_item)
{
    int32_t items = plan->input->item_count;
    Through through = { ctx, plan, NEW_ARRAY(ctx->arena, MrpPegList, (size_t)items), 0, most };
    for (int32_t i = 0; i < plan->work->level_first[plan->levels_done]; i++)
        TRY(through_item(&through, plan->work->items[i]));
    *ret_by_item = through.by_item;
    return OK;
}
