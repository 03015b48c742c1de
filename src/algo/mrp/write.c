// write.c - a material plan as JSON: orders with what they are for, receipts, messages, totals.
#include "algo/mrp/advice.h"
#include "algo/mrp/file.h"
#include "algo/mrp/peg.h"
#include "base/json.h"

#include <stdlib.h>

typedef struct {
    Arena *scratch;  // for one item's texts and pegs
    const MrpPlan *plan;
    const Str *days;  // the plan's days as texts
    JsonOut json;
    MrpPegging pegging;
    const MrpPegList *serves;  // by item, with MRP_PEGS_FULL
    const int64_t *number;     // by item: how many orders stand before its own
    int64_t counts[MRP_ADVICE_COUNT];
} Writer;

static const char *const kind_words[] = { "make", "buy", "phantom" };

// ---- Values -------------------------------------------------------------------------------------

// As decimal_short() makes it, without asking printf for each of some million figures.
static void put_qty(Writer *w, const char *key, Qty quantity)
{
    char text[32], *at = text + sizeof text;
    uint64_t whole = quantity.micro < 0 ? 0 - (uint64_t)quantity.micro : (uint64_t)quantity.micro;
    uint64_t part = whole % MICRO;
    whole /= MICRO;
    *--at = '"';
    if (part) {
        int digits = 6;
        for (; part % 10 == 0; part /= 10)
            digits--;
        for (; digits > 0; digits--, part /= 10)
            *--at = (char)('0' + part % 10);
        *--at = '.';
    }
    do
        *--at = (char)('0' + whole % 10);
    while (whole /= 10);
    if (quantity.micro < 0)
        *--at = '-';
    *--at = '"';
    json_key(&w->json, key);
    json_put_raw(&w->json, (Str){ at, (size_t)(text + sizeof text - at) });
}

// Days of the plan are told again and again: their texts are kept.
static Str day_text(Writer *w, int32_t day)
{
    int32_t days = w->plan->input->days;
    if (day < 0 || day >= days)
        return date_text(w->scratch, w->plan->input->start + day);
    return w->days[day];
}

static void put_day(Writer *w, const char *key, int32_t day)
{
    json_key(&w->json, key);
    json_put_str(&w->json, day_text(w, day));
}

static void put_text(Writer *w, const char *key, Str text)
{
    json_key(&w->json, key);
    json_put_str(&w->json, text);
}

static void put_int(Writer *w, const char *key, int64_t number)
{
    json_key(&w->json, key);
    json_put_int(&w->json, number);
}

// Planned orders are called P1, P2 and so on; firm ones have their own names.
static Str order_name(Writer *w, int32_t item, int32_t order)
{
    int32_t receipt = w->plan->runs[item].orders[order].receipt;
    if (receipt >= 0)
        return w->plan->input->receipts[receipt].id;
    return str_format(w->scratch, "P%lld", (long long)(w->number[item] + order + 1));
}

// ---- Pegs ---------------------------------------------------------------------------------------

static void put_purpose(Writer *w, const MrpPeg *peg)
{
    const MrpInput *input = w->plan->input;
    switch (peg->purpose) {
    case MRP_FOR_DEMAND: put_text(w, "demand", input->demands[peg->index].id); break;
    case MRP_FOR_ORDER:
        put_text(w, "order", order_name(w, peg->item, peg->index));
        put_text(w, "item", input->items[peg->item].id);
        break;
    case MRP_FOR_SAFETY: put_text(w, "safety_stock", input->items[peg->item].id); break;
    case MRP_FOR_BACKLOG: put_text(w, "owed", input->items[peg->item].id); break;
    case MRP_FOR_NOBODY: put_text(w, "surplus", S("of a lot")); break;
    }
}

static void put_pegs(Writer *w, const char *key, const MrpPeg *pegs, size_t count)
{
    json_key(&w->json, key);
    json_open(&w->json, '[');
    for (size_t i = 0; i < count; i++) {
        json_open(&w->json, '{');
        put_purpose(w, &pegs[i]);
        put_qty(w, "quantity", pegs[i].quantity);
        json_close(&w->json, '}');
    }
    json_close(&w->json, ']');
}

// Pegs of one supply, where they begin and how many; `pegs` is sorted by supply.
typedef struct {
    const MrpPeg *first;
    size_t count;
} Span;

static Span span_of(const MrpPegList *pegs, MrpSupply supply, int32_t index)
{
    size_t low = 0, high = pegs->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const MrpPeg *peg = &pegs->items[middle];
        if (peg->supply < supply || (peg->supply == supply && peg->supply_index < index))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == pegs->len)
        return (Span){ 0 };
    Span span = { &pegs->items[low], 0 };
    while (low + span.count < pegs->len && span.first[span.count].supply == supply &&
           span.first[span.count].supply_index == index)
        span.count++;
    return span;
}

static int by_purpose(const void *a, const void *b)
{
    const MrpPeg *x = a, *y = b;
    if (x->purpose != y->purpose)
        return x->purpose < y->purpose ? -1 : 1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

// What a supply is for in the end, each purpose once.
static void put_serves(Writer *w, int32_t item, MrpSupply supply, int32_t index)
{
    Span span = span_of(&w->serves[item], supply, index);
    MrpPeg *sums = NEW_ARRAY(w->scratch, MrpPeg, span.count);
    size_t count = 0;
    if (span.count) {
        memcpy(sums, span.first, span.count * sizeof *sums);
        qsort(sums, span.count, sizeof *sums, by_purpose);
    }
    for (size_t i = 0; i < span.count; i++) {
        if (count && by_purpose(&sums[count - 1], &sums[i]) == 0)
            sums[count - 1].quantity.micro += sums[i].quantity.micro;
        else
            sums[count++] = sums[i];
    }
    put_pegs(w, "serves", sums, count);
}

static int by_supply(const void *a, const void *b)
{
    const MrpPeg *x = a, *y = b;
    if (x->supply != y->supply)
        return x->supply < y->supply ? -1 : 1;
    if (x->supply_index != y->supply_index)
        return x->supply_index < y->supply_index ? -1 : 1;
    int order = by_purpose(a, b);
    return order ? order : (x->day > y->day) - (x->day < y->day);
}

static MrpPegList pegs_by_supply(Writer *w, int32_t item)
{
    MrpPegList pegs = { 0 };
    if (w->pegging == MRP_PEGS_NONE)
        return pegs;
    mrp_pegs(w->scratch, w->plan, item, &pegs);
    if (pegs.len)
        qsort(pegs.items, pegs.len, sizeof *pegs.items, by_supply);
    return pegs;
}

static void put_supply_pegs(Writer *w, const MrpPegList *pegs, int32_t item, MrpSupply supply,
                            int32_t index)
{
    if (w->pegging == MRP_PEGS_NONE)
        return;
    Span span = span_of(pegs, supply, index);
    put_pegs(w, "pegs", span.first, span.count);
    if (w->pegging == MRP_PEGS_FULL)
        put_serves(w, item, supply, index);
}

// ---- Orders, receipts, messages -----------------------------------------------------------------

static void put_order(Writer *w, const MrpPegList *pegs, int32_t item, int32_t number)
{
    const MrpItem *it = &w->plan->input->items[item];
    const MrpOrder *order = &w->plan->runs[item].orders[number];
    json_open(&w->json, '{');
    put_text(w, "id", order_name(w, item, number));
    put_text(w, "item", it->id);
    put_text(w, "kind", str_from(kind_words[it->kind]));
    put_qty(w, "quantity", order->quantity);
    if (it->scrap.micro)
        put_qty(w, "received", mrp_received(it, order->quantity));
    put_day(w, "start", order->start);
    put_day(w, "due", order->due);
    put_day(w, "need", order->need);
    put_supply_pegs(w, pegs, item, MRP_FROM_ORDER, number);
    json_close(&w->json, '}');
}

static void put_orders(Writer *w)
{
    json_key(&w->json, "orders");
    json_open(&w->json, '[');
    for (int32_t item = 0; item < w->plan->input->item_count; item++) {
        if (w->plan->input->items[item].kind == MRP_PHANTOM && w->pegging == MRP_PEGS_NONE)
            continue;
        MrpPegList pegs = pegs_by_supply(w, item);
        for (int32_t i = 0; i < w->plan->runs[item].count; i++)
            if (w->plan->runs[item].orders[i].receipt < 0)
                put_order(w, &pegs, item, i);
        arena_clear(w->scratch);
    }
    json_close(&w->json, ']');
}

static void put_receipt(Writer *w, const MrpPegList *pegs, int32_t number)
{
    const MrpReceipt *receipt = &w->plan->input->receipts[number];
    json_open(&w->json, '{');
    put_text(w, "id", receipt->id);
    put_text(w, "item", w->plan->input->items[receipt->item].id);
    put_qty(w, "quantity", receipt->quantity);
    put_day(w, "due", receipt->day);
    json_key(&w->json, "need");
    if (w->plan->receipt_need[number] == MRP_NEVER)
        json_put_null(&w->json);
    else
        json_put_str(&w->json, day_text(w, w->plan->receipt_need[number]));
    put_supply_pegs(w, pegs, receipt->item, MRP_FROM_RECEIPT, number);
    json_close(&w->json, '}');
}

static void put_receipts(Writer *w)
{
    json_key(&w->json, "receipts");
    json_open(&w->json, '[');
    MrpPegList pegs = { 0 };
    int32_t item = -1;
    for (int32_t i = 0; i < w->plan->input->receipt_count; i++) {
        if (w->plan->input->receipts[i].item != item) {
            arena_clear(w->scratch);
            item = w->plan->input->receipts[i].item;
            pegs = pegs_by_supply(w, item);
        }
        put_receipt(w, &pegs, i);
    }
    json_close(&w->json, ']');
}

static void put_message(Writer *w, const MrpMessage *message)
{
    w->counts[message->advice]++;
    json_open(&w->json, '{');
    put_text(w, "advice", str_from(mrp_advice_names[message->advice]));
    put_text(w, "item", w->plan->input->items[message->item].id);
    if (message->receipt >= 0)
        put_text(w, "receipt", w->plan->input->receipts[message->receipt].id);
    else
        put_text(w, "order", order_name(w, message->item, message->order));
    put_day(w, "from", message->from);
    if (message->to != MRP_NEVER)
        put_day(w, "to", message->to);
    put_text(w, "text", mrp_message_text(w->scratch, w->plan, message));
    json_close(&w->json, '}');
}

static void put_messages(Writer *w)
{
    json_key(&w->json, "messages");
    json_open(&w->json, '[');
    for (int32_t item = 0; item < w->plan->input->item_count; item++) {
        MrpMessageList messages;
        mrp_messages(w->scratch, w->plan, item, &messages);
        EACH (message, messages)
            put_message(w, message);
        arena_clear(w->scratch);
    }
    json_close(&w->json, ']');
}

static void put_totals(Writer *w)
{
    json_key(&w->json, "totals");
    json_open(&w->json, '{');
    put_int(w, "items", w->plan->input->item_count);
    put_int(w, "levels", w->plan->level_count);
    put_int(w, "orders", w->plan->order_count);
    for (int i = 0; i < MRP_ADVICE_COUNT; i++)
        put_int(w, mrp_advice_names[i], w->counts[i]);
    json_close(&w->json, '}');
}

static const int64_t *numbers_of(Arena *arena, const MrpPlan *plan)
{
    int64_t *numbers = NEW_ARRAY(arena, int64_t, (size_t)plan->input->item_count);
    for (int32_t i = 1; i < plan->input->item_count; i++)
        numbers[i] = numbers[i - 1] + plan->runs[i - 1].count;
    return numbers;
}

static const Str *days_of(Arena *arena, const MrpInput *input)
{
    Str *days = NEW_ARRAY(arena, Str, (size_t)input->days);
    for (int32_t i = 0; i < input->days; i++)
        days[i] = date_text(arena, input->start + i);
    return days;
}

static void release(void *arena)
{
    arena_release(arena);
}

Status mrp_write(Ctx *ctx, const MrpPlan *plan, MrpPegging pegging, int64_t most, Buf *out)
{
    Arena *scratch = NEW(ctx->arena, Arena);
    arena_defer(ctx->arena, release, scratch);
    *scratch = (Arena){ .limit = ctx->arena->limit,
                        .on_limit = ctx->arena->on_limit,
                        .on_limit_arg = ctx->arena->on_limit_arg };
    Writer w = { .scratch = scratch,
                 .plan = plan,
                 .days = days_of(ctx->arena, plan->input),
                 .json = { .out = out },
                 .pegging = pegging,
                 .number = numbers_of(ctx->arena, plan) };
    if (pegging == MRP_PEGS_FULL)
        TRY(mrp_serves(ctx, plan, most, &w.serves));
    json_open(&w.json, '{');
    put_day(&w, "start", 0);
    put_int(&w, "days", plan->input->days);
    json_key(&w.json, "is_whole");
    json_put_bool(&w.json, plan->levels_done == plan->level_count);
    put_orders(&w);
    put_receipts(&w);
    put_messages(&w);
    put_totals(&w);
    json_close(&w.json, '}');
    arena_release(scratch);
    return OK;
}
