// test_mrp_laws.c - what holds of every material plan, over companies made up by seeded chance:
// needs are what the bills say, every need is served, nothing is used twice, lots keep their
// limits, pegs add up through the levels, and a crew plans what one alone does.
#include "algo/mrp/peg.h"
#include "algo/mrp/work.h"
#include "harness.h"

#include <pthread.h>

enum { COMPANIES = 300, ITEMS = 14, DAYS = 40 };

// ---- Companies ----------------------------------------------------------------------------------

static int32_t below(Ctx *ctx, int32_t n)
{
    return (int32_t)random_below(ctx->random, n);
}

static Qty some(Ctx *ctx, int32_t most)
{
    int64_t micro = below(ctx, 2) ? (int64_t)below(ctx, most + 1) * MICRO
                                  : random_below(ctx->random, (int64_t)most * MICRO);
    return (Qty){ micro };
}

static MrpLot some_lot(Ctx *ctx)
{
    int32_t step = 1 + below(ctx, 9);
    switch (below(ctx, 6)) {
    case 0: return (MrpLot){ .rule = MRP_FIXED, .fixed = { step * 5 * MICRO } };
    case 1: return (MrpLot){ .rule = MRP_PERIOD, .days = 1 + below(ctx, 9) };
    case 2: return (MrpLot){ MRP_ECONOMIC, .order_cost = below(ctx, 50), .holding_cost = 0.1 };
    case 3: return (MrpLot){ .multiple = { step * MICRO }, .max = { 40 * MICRO } };
    case 4: return (MrpLot){ .min = { step * MICRO }, .max = { 30 * MICRO } };
    default: return (MrpLot){ 0 };
    }
}

static MrpItem some_item(Ctx *ctx, int32_t i)
{
    bool is_phantom = below(ctx, 8) == 0;
    return (MrpItem){ .id = str_format(ctx->arena, "i%d", i),
                      .kind = is_phantom ? MRP_PHANTOM : MRP_MAKE,
                      .on_hand = below(ctx, 9) ? some(ctx, 30) : (Qty){ -5 * MICRO },
                      .safety_stock = below(ctx, 3) ? (Qty){ 0 } : some(ctx, 9),
                      .scrap = { below(ctx, 3) ? 0 : below(ctx, 500000) },
                      .calendar = below(ctx, 2) - 1,
                      .lead_days = below(ctx, 6),
                      .lot = is_phantom ? (MrpLot){ 0 } : some_lot(ctx),
                      .frozen_days = below(ctx, 3) ? 0 : below(ctx, 8),
                      .expedite_days = below(ctx, 2) ? MRP_ALWAYS : below(ctx, 6) };
}

static int32_t put_lines(Ctx *ctx, MrpLine *lines)
{
    int32_t count = 0, group = 0;
    for (int32_t parent = 0; parent < ITEMS - 1; parent++)
        for (int32_t n = below(ctx, 4); n > 0; n--) {
            int32_t options = below(ctx, 5) ? 1 : 2;
            bool by_stock = below(ctx, 2);
            group++;
            for (int32_t k = 0; k < options; k++) {
                int32_t from = below(ctx, 4) ? -MRP_ALWAYS : below(ctx, DAYS);
                lines[count++] =
                    (MrpLine){ .parent = parent,
                               .component = parent + 1 + below(ctx, ITEMS - 1 - parent),
                               .quantity = some(ctx, 3),
                               .per = { MICRO * (1 + below(ctx, 3)) },
                               .scrap = { below(ctx, 3) ? 0 : below(ctx, 300000) },
                               .from = from,
                               .to = below(ctx, 4) ? MRP_ALWAYS : below(ctx, DAYS),
                               .offset_days = below(ctx, 4) ? 0 : below(ctx, 5),
                               .group = options > 1 ? group : 0,
                               .by_stock = options > 1 && by_stock };
            }
        }
    return count;
}

static MrpInput some_company(Ctx *ctx)
{
    static const int32_t closed[] = { -9, 3, 4, 17 };
    MrpCalendar *calendar = NEW(ctx->arena, MrpCalendar);
    *calendar = (MrpCalendar){ .weekdays = 0x1F, .closed = closed, .closed_len = COUNT(closed) };
    MrpItem *items = NEW_ARRAY(ctx->arena, MrpItem, ITEMS);
    MrpLine *lines = NEW_ARRAY(ctx->arena, MrpLine, ITEMS * 8);
    MrpDemand *demands = NEW_ARRAY(ctx->arena, MrpDemand, 40);
    MrpReceipt *receipts = NEW_ARRAY(ctx->arena, MrpReceipt, 10);
    for (int32_t i = 0; i < ITEMS; i++)
        items[i] = some_item(ctx, i);
    for (int32_t i = 0; i < 40; i++)
        demands[i] = (MrpDemand){ .item = below(ctx, 1 + below(ctx, ITEMS)),
                                  .day = below(ctx, DAYS + 10) - 5,
                                  .quantity = { 1 + some(ctx, 20).micro } };
    for (int32_t i = 0; i < 10; i++)
        receipts[i] = (MrpReceipt){ .item = below(ctx, ITEMS),
                                    .day = below(ctx, DAYS + 10) - 5,
                                    .quantity = { MICRO + some(ctx, 20).micro },
                                    .is_firm = below(ctx, 2) };
    return (MrpInput){ .start = date_from_ymd(2026, 1, 5),
                       .days = DAYS,
                       .calendars = calendar,
                       .items = items,
                       .lines = lines,
                       .demands = demands,
                       .receipts = receipts,
                       .calendar_count = 1,
                       .item_count = ITEMS,
                       .line_count = put_lines(ctx, lines),
                       .demand_count = 40,
                       .receipt_count = 10 };
}

// ---- Needs are what the bills say ---------------------------------------------------------------

// quantity / per / (1 - scrap) of an order, rounded up, straight from the line.
static int64_t by_hand(const MrpLine *line, int64_t placed)
{
    Wide above = (Wide)placed * line->quantity.micro * MICRO;
    Wide under = (Wide)line->per.micro * (MICRO - line->scrap.micro);
    return (int64_t)((above + under - 1) / under);
}

static bool is_chosen(const MrpInput *input, int32_t number, const MrpOrder *order)
{
    const MrpLine *line = &input->lines[number];
    if (order->start < line->from || order->start >= line->to)
        return false;
    for (int32_t i = number - 1; line->group && i >= 0 && input->lines[i].group == line->group; i--)
        if (order->start >= input->lines[i].from && order->start < input->lines[i].to)
            return false;
    return true;
}

// The wanted quantity of `component` by one order; -1 when stock decides about part of it.
static int64_t wanted_by(const MrpInput *input, int32_t parent, const MrpOrder *order,
                         int32_t component)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < input->line_count; i++) {
        const MrpLine *line = &input->lines[i];
        if (line->parent != parent || line->component != component)
            continue;
        if (line->by_stock)
            return -1;
        if (is_chosen(input, i, order))
            sum += by_hand(line, order->quantity.micro);
    }
    return sum;
}

static void check_needs(const MrpPlan *plan, int32_t component, const MrpPegList *pegs)
{
    for (int32_t parent = 0; parent < component; parent++)
        for (int32_t i = 0; i < plan->runs[parent].count; i++) {
            const MrpOrder *order = &plan->runs[parent].orders[i];
            int64_t wanted = wanted_by(plan->input, parent, order, component), got = 0;
            EACH (peg, *pegs)
                if (peg->purpose == MRP_FOR_ORDER && peg->item == parent && peg->index == i)
                    got += peg->quantity.micro;
            if (order->start < DAYS - 8 && wanted >= 0)  // so that an offset stays within the plan
                CHECK_INT(got, wanted);
        }
}

// A group by stock: what the options take makes up the parent's quantity, once.
static void check_group(const MrpPlan *plan, int32_t first, int32_t end)
{
    const MrpRun *run = &plan->runs[plan->input->lines[first].parent];
    for (int32_t i = 0; i < run->count; i++) {
        double share = 0;
        bool is_whole = run->orders[i].start < DAYS - 8, has_any = false;
        for (int32_t line = first; line < end; line++) {
            const MrpLine *l = &plan->input->lines[line];
            has_any |= run->orders[i].start >= l->from && run->orders[i].start < l->to;
            int64_t each = by_hand(l, MICRO);
            is_whole &= each > 100;  // a line of nothing takes nothing
            for (const MrpTake *take = plan->work->takes[l->component].first; take;
                 take = take->next)
                if (take->line == line && take->order == i)
                    share += (double)take->quantity / (double)each;
        }
        double placed = (double)run->orders[i].quantity.micro / MICRO;
        if (is_whole && has_any)
            CHECK(share > placed * 0.98 - 0.05 && share < placed * 1.02 + 0.05);
    }
}

static void check_groups(const MrpPlan *plan)
{
    const MrpInput *input = plan->input;
    for (int32_t i = 0, end; i < input->line_count; i = end) {
        end = i + 1;
        while (end < input->line_count && input->lines[i].group &&
               input->lines[end].group == input->lines[i].group)
            end++;
        if (input->lines[i].by_stock)
            check_group(plan, i, end);
    }
}

// ---- Needs are served, once ---------------------------------------------------------------------

static void check_demands(const MrpPlan *plan, int32_t item, const MrpPegList *pegs)
{
    for (int32_t i = 0; i < plan->input->demand_count; i++) {
        const MrpDemand *demand = &plan->input->demands[i];
        int64_t got = 0;
        EACH (peg, *pegs)
            if (peg->purpose == MRP_FOR_DEMAND && peg->index == i)
                got += peg->quantity.micro;
        if (demand->item == item)
            CHECK_INT(got, demand->day < DAYS ? demand->quantity.micro : 0);
    }
}

static int64_t arrives(const MrpPlan *plan, int32_t item, MrpSupply supply, int32_t index)
{
    const MrpItem *it = &plan->input->items[item];
    if (supply == MRP_FROM_STOCK)
        return it->on_hand.micro > 0 ? it->on_hand.micro : 0;
    if (supply == MRP_FROM_ORDER)
        return mrp_received(it, plan->runs[item].orders[index].quantity).micro;
    const MrpReceipt *receipt = &plan->input->receipts[index];
    return receipt->is_firm ? mrp_received(it, receipt->quantity).micro : receipt->quantity.micro;
}

static int64_t taken(const MrpPegList *pegs, MrpSupply supply, int32_t index)
{
    int64_t sum = 0;
    EACH (peg, *pegs)
        if (peg->supply == supply && peg->supply_index == index)
            sum += peg->quantity.micro;
    return sum;
}

static void check_supplies(const MrpPlan *plan, int32_t item, const MrpPegList *pegs)
{
    const MrpItem *it = &plan->input->items[item];
    EACH (peg, *pegs) {
        CHECK(peg->supply != MRP_FROM_NOWHERE && peg->quantity.micro > 0);
        CHECK(taken(pegs, peg->supply, peg->supply_index) <=
              arrives(plan, item, peg->supply, peg->supply_index));
        if (peg->supply != MRP_FROM_ORDER)
            continue;
        const MrpOrder *order = &plan->runs[item].orders[peg->supply_index];
        CHECK(peg->day >= order->need);
        CHECK(order->due <= peg->day || order->due <= it->frozen_days + 4);  // a long week-end
    }
    for (int32_t i = 0; i < plan->runs[item].count; i++)
        if (plan->runs[item].orders[i].receipt < 0)  // nothing is ordered for nobody
            CHECK(taken(pegs, MRP_FROM_ORDER, i) > 0);
}

// The last of the most lots that a need is split into takes all that is left.
static bool takes_the_rest(const MrpRun *run, int32_t order)
{
    int32_t before = 0;
    for (int32_t i = order - 1; i >= 0 && run->orders[i].need == run->orders[order].need; i--)
        before += run->orders[i].receipt < 0;
    return before == MRP_LOTS_MAX - 1;
}

static void check_lots(const MrpPlan *plan, int32_t item)
{
    const MrpLot *lot = &plan->input->items[item].lot;
    for (int32_t i = 0; i < plan->runs[item].count; i++) {
        const MrpOrder *order = &plan->runs[item].orders[i];
        if (order->receipt >= 0)
            continue;
        CHECK(order->quantity.micro > 0 && order->quantity.micro >= lot->min.micro);
        bool is_rest = takes_the_rest(&plan->runs[item], i);
        CHECK(lot->max.micro == 0 || is_rest || order->quantity.micro <= lot->max.micro);
        CHECK(lot->multiple.micro == 0 || order->quantity.micro % lot->multiple.micro == 0);
        CHECK(lot->fixed.micro == 0 || order->quantity.micro % lot->fixed.micro == 0);
        CHECK(lot->fixed.micro == 0 || is_rest || order->quantity.micro == lot->fixed.micro);
        CHECK(order->start <= order->due);
    }
}

// Through levels, each supply is given away to the last millionth, and each demand got all it
// asked.
static void check_through(Ctx *ctx, const MrpPlan *plan)
{
    const MrpPegList *serves;
    CHECK_OK(ctx, mrp_serves(ctx, plan, 1000000, &serves));
    for (int32_t item = 0; item < ITEMS; item++) {
        for (int32_t i = 0; i < plan->runs[item].count; i++)
            if (plan->runs[item].orders[i].receipt < 0)
                CHECK_INT(taken(&serves[item], MRP_FROM_ORDER, i),
                          arrives(plan, item, MRP_FROM_ORDER, i));
        for (int32_t i = 0; i < plan->input->receipt_count; i++)
            if (plan->input->receipts[i].item == item)
                CHECK_INT(taken(&serves[item], MRP_FROM_RECEIPT, i),
                          arrives(plan, item, MRP_FROM_RECEIPT, i));
        EACH (peg, serves[item])
            CHECK(peg->purpose != MRP_FOR_ORDER);
    }
}

static void test_laws(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < COMPANIES; round++) {
        ArenaMark mark = arena_mark(ctx->arena);
        MrpInput input = some_company(ctx);
        MrpPlan *plan;
        CHECK_OK(ctx, mrp_plan(ctx, &input, &(Budget){ 0 }, &plan));
        for (int32_t item = 0; item < ITEMS; item++) {
            MrpPegList pegs;
            mrp_pegs(ctx->arena, plan, item, &pegs);
            check_needs(plan, item, &pegs);
            check_demands(plan, item, &pegs);
            check_supplies(plan, item, &pegs);
            check_lots(plan, item);
        }
        check_groups(plan);
        check_through(ctx, plan);
        arena_rewind(ctx->arena, mark);
    }
}

// ---- Economic lots ------------------------------------------------------------------------------

// The cost when orders begin with the needs whose bits are set.
static double cost_of(const MrpLot *lot, const MrpNeed *needs, int32_t count, unsigned begins)
{
    double cost = 0;
    int32_t at = 0;
    for (int32_t i = 0; i < count; i++) {
        if (begins >> i & 1) {
            cost += lot->order_cost;
            at = i;
        }
        cost +=
            lot->holding_cost * (needs[i].day - needs[at].day) * (double)needs[i].quantity / MICRO;
    }
    return cost;
}

static void test_economic(void)
{
    Ctx *ctx = test_ctx();
    MrpNeed needs[9];
    MrpLotRoom room = lot_room(ctx->arena, COUNT(needs));
    for (int round = 0; round < 400; round++) {
        int32_t count = 1 + below(ctx, COUNT(needs)), day = 0;
        MrpLot lot = { .order_cost = below(ctx, 100), .holding_cost = 0.5 * below(ctx, 5) };
        for (int32_t i = 0; i < count; i++)
            needs[i] = (MrpNeed){ day += 1 + below(ctx, 5), 0, 1 + some(ctx, 30).micro };
        economic_lots(&lot, needs, count, &room);
        unsigned ours = 0;
        for (int32_t i = 0; i < count; i = room.end[i])
            ours |= 1u << i;
        double best = cost_of(&lot, needs, count, 1);
        for (unsigned begins = 1; begins < 1u << count; begins += 2) {
            double cost = cost_of(&lot, needs, count, begins);
            best = cost < best ? cost : best;
        }
        CHECK(cost_of(&lot, needs, count, ours) < best + 1e-6);
    }
}

// ---- The crew -----------------------------------------------------------------------------------

typedef struct {
    void (*work)(void *arg, int i);
    void *arg;
    int i;
} Share;

static void *do_share(void *arg)
{
    Share *share = arg;
    share->work(share->arg, share->i);
    return NULL;
}

static void in_threads(void *of, int n, void (*work)(void *arg, int i), void *arg)
{
    pthread_t threads[8];
    Share shares[8];
    for (int i = 0; i < n; i++) {
        shares[i] = (Share){ work, arg, i };
        CHECK(pthread_create(&threads[i], NULL, do_share, &shares[i]) == 0);
    }
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

enum { WIDE_ITEMS = 9000 };

// Two levels wide enough for a crew: item i of the upper half is made of two of the lower.
static MrpInput wide_company(Ctx *ctx)
{
    MrpItem *items = NEW_ARRAY(ctx->arena, MrpItem, WIDE_ITEMS);
    MrpLine *lines = NEW_ARRAY(ctx->arena, MrpLine, WIDE_ITEMS);
    MrpDemand *demands = NEW_ARRAY(ctx->arena, MrpDemand, WIDE_ITEMS);
    for (int32_t i = 0; i < WIDE_ITEMS; i++) {
        items[i] = some_item(ctx, i);
        items[i].calendar = -1;
        demands[i] = (MrpDemand){ .item = below(ctx, WIDE_ITEMS),
                                  .day = below(ctx, 10),
                                  .quantity = { 1 + some(ctx, 20).micro } };
        lines[i] = (MrpLine){ .parent = i / 2,
                              .component = WIDE_ITEMS / 2 + i / 2 % (WIDE_ITEMS / 4) * 2 + i % 2,
                              .quantity = { MICRO },
                              .per = { MICRO },
                              .from = -MRP_ALWAYS,
                              .to = MRP_ALWAYS };
    }
    return (MrpInput){ .start = date_from_ymd(2026, 1, 5),
                       .days = 10,
                       .items = items,
                       .lines = lines,
                       .demands = demands,
                       .item_count = WIDE_ITEMS,
                       .line_count = WIDE_ITEMS,
                       .demand_count = WIDE_ITEMS };
}

static void test_crew(void)
{
    Ctx *ctx = test_ctx();
    MrpInput input = wide_company(ctx);
    MrpPlan *alone, *together;
    CHECK_OK(ctx, mrp_plan(ctx, &input, &(Budget){ 0 }, &alone));
    CHECK_OK(ctx, mrp_plan(ctx, &input, &(Budget){ .each = in_threads, .crew = 3 }, &together));
    CHECK(alone->order_count > WIDE_ITEMS / 2);
    CHECK_INT(together->order_count, alone->order_count);
    bool is_same = true;
    for (int32_t i = 0; i < WIDE_ITEMS; i++)
        is_same &= alone->runs[i].count == together->runs[i].count &&
                   (alone->runs[i].count == 0 ||
                    memcmp(alone->runs[i].orders, together->runs[i].orders,
                           (size_t)alone->runs[i].count * sizeof(MrpOrder)) == 0);
    CHECK(is_same);
}

const Test mrp_laws_tests[] = {
    { "needs are what the bills say, and are served once", test_laws },
    { "economic lots cost no more than any others", test_economic },
    { "a crew plans what one alone does", test_crew },
    { 0 },
};
