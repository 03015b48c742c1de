// lots.c - from needs to orders: which needs one order covers, and how large it is.
//
// The rule says where an order's cover ends; the order then takes what these needs want beyond what
// earlier lots left over, sized to the item's minimum, multiple and maximum. What a size adds lies
// in stock for the needs that follow.
#include "algo/mrp/work.h"

MrpLotRoom lot_room(Arena *arena, int32_t needs)
{
    size_t n = (size_t)needs + 1;
    return (MrpLotRoom){ .cost = NEW_ARRAY(arena, double, n),
                         .sum = NEW_ARRAY(arena, double, n),
                         .moment = NEW_ARRAY(arena, double, n),
                         .cut = NEW_ARRAY(arena, double, n),
                         .line = NEW_ARRAY(arena, int32_t, n),
                         .best = NEW_ARRAY(arena, int32_t, n),
                         .end = NEW_ARRAY(arena, int32_t, n) };
}

// ---- Wagner and Whitin --------------------------------------------------------------------------
//
// The least cost of the first t needs is cost(t) = min over j < t of
//
//     cost(j) + K + h * sum of (d_k - d_j) * r_k over j <= k < t
//   = [cost(j) + K - h M(j) + h d_j R(j)] - h d_j R(t) + h M(t)
//
// with R and M the running sums of r and d r. Each j is thus a straight line over R(t), steeper for
// later j, and R(t) only grows: the lower envelope of the lines is kept in a queue whose front is
// the best one, and the whole takes linear time.

typedef struct {
    const MrpNeed *needs;
    double order, hold;
    MrpLotRoom *room;
    int32_t head, tail;  // of the lines on the envelope, room->line
} Envelope;

static double slope(const Envelope *e, int32_t j)
{
    return -e->hold * (double)e->needs[j].day;
}

static double line_at(const Envelope *e, int32_t j, double x)
{
    return e->room->cut[j] + slope(e, j) * x;
}

// Whether line b, between a and c, is nowhere the lowest.
static bool is_hidden(const Envelope *e, int32_t a, int32_t b, int32_t c)
{
    const double *cut = e->room->cut;
    return (cut[c] - cut[a]) * (slope(e, a) - slope(e, b)) <=
           (cut[b] - cut[a]) * (slope(e, a) - slope(e, c));
}

static void add_line(Envelope *e, int32_t j)
{
    MrpLotRoom *room = e->room;
    room->cut[j] = room->cost[j] + e->order - e->hold * room->moment[j] +
                   e->hold * (double)e->needs[j].day * room->sum[j];
    while (e->tail - e->head >= 2 &&
           is_hidden(e, room->line[e->tail - 2], room->line[e->tail - 1], j))
        e->tail--;
    room->line[e->tail++] = j;
}

static int32_t best_line(Envelope *e, double x)
{
    const int32_t *line = e->room->line;
    while (e->tail - e->head >= 2 &&
           line_at(e, line[e->head + 1], x) < line_at(e, line[e->head], x))
        e->head++;
    return line[e->head];
}

void economic_lots(const MrpLot *lot, const MrpNeed *needs, int32_t count, MrpLotRoom *room)
{
    Envelope e = { needs, lot->order_cost, lot->holding_cost, room, 0, 0 };
    room->cost[0] = room->sum[0] = room->moment[0] = 0;
    for (int32_t t = 1; t <= count; t++) {
        double quantity = (double)needs[t - 1].quantity / MICRO;
        room->sum[t] = room->sum[t - 1] + quantity;
        room->moment[t] = room->moment[t - 1] + quantity * needs[t - 1].day;
        add_line(&e, t - 1);
        room->best[t] = best_line(&e, room->sum[t]);
        room->cost[t] = line_at(&e, room->best[t], room->sum[t]) + e.hold * room->moment[t];
    }
    for (int32_t t = count; t > 0; t = room->best[t])
        room->end[room->best[t]] = t;
}

// ---- Sizes --------------------------------------------------------------------------------------

// The size of one order towards `short_of`; is_last: of a split that takes all the rest.
static int64_t lot_size(const MrpItem *item, int64_t short_of, bool is_last)
{
    const MrpLot *lot = &item->lot;
    int64_t placed = placed_for(item, short_of);
    int64_t step = lot->rule == MRP_FIXED ? lot->fixed.micro : lot->multiple.micro;
    if (placed < lot->min.micro)
        placed = lot->min.micro;
    int64_t over = step ? placed % step : 0;
    if (over && placed > INT64_MAX - step)
        return INT64_MAX;
    placed += over ? step - over : 0;
    if (is_last)
        return placed;
    if (lot->rule == MRP_FIXED)
        return step;
    int64_t most = lot->max.micro - (step ? lot->max.micro % step : 0);
    return lot->max.micro && placed > most ? most : placed;
}

// Orders that bring at least `short_of`; what they bring beyond it.
static int64_t place(const MrpTerms *terms, const MrpNeed *need, int64_t short_of, MrpOrder *orders,
                     int32_t *count)
{
    int32_t at = due_at(terms, need->day);
    for (int lots = 1; short_of > 0; lots++) {
        int64_t size = lot_size(terms->item, short_of, lots == MRP_LOTS_MAX);
        orders[(*count)++] = (MrpOrder){ .need = need->need,
                                         .due = terms->days->work[at],
                                         .start = terms->days->work[at - terms->lead],
                                         .receipt = -1,
                                         .quantity = { size } };
        short_of -= mrp_received(terms->item, (Qty){ size }).micro;
        if (lots == MRP_LOTS_MAX)
            break;
    }
    return -short_of;
}

// Where the cover of an order that begins with need i ends.
static int32_t cover_end(const MrpLot *lot, const MrpNeed *needs, int32_t count, int32_t i,
                         const MrpLotRoom *room)
{
    int32_t end = i + 1;
    if (lot->rule == MRP_ECONOMIC)
        return room->end[i];
    while (lot->rule == MRP_PERIOD && end < count && needs[end].day - needs[i].day < lot->days)
        end++;
    return end;
}

int32_t mrp_lots(const MrpTerms *terms, const MrpNeed *needs, int32_t count, MrpLotRoom *room,
                 MrpOrder *ret)
{
    MrpItem plain = { .scrap = terms->item->scrap };
    MrpTerms own = *terms;
    if (terms->item->kind == MRP_PHANTOM)
        own.item = &plain;
    const MrpLot *lot = &own.item->lot;
    if (lot->rule == MRP_ECONOMIC)
        economic_lots(lot, needs, count, room);
    int64_t over = 0;
    int32_t orders = 0;
    for (int32_t i = 0, end; i < count; i = end) {
        end = cover_end(lot, needs, count, i, room);
        if (lot->rule == MRP_PERIOD && over >= needs[i].quantity)
            end = i + 1;  // the period begins with the first need that wants an order
        int64_t wanted = 0;
        for (int32_t k = i; k < end; k++)
            wanted += needs[k].quantity;
        over -= wanted;
        if (over < 0)
            over = place(&own, &needs[i], -over, ret, &orders);
    }
    return orders;
}
