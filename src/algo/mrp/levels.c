// levels.c - low-level codes: how far down an item is used at the longest, by removing what nobody
// left uses (Kahn 1962). What cannot be removed goes round in a circle, and the circle is named.
//
// Every item that is left over has a parent that is left over too, so walking up from parent to
// parent comes back to an item it has seen: that is a circle. Its items are taken out and the
// search goes on, so that several circles that do not touch are found at once.
#include "algo/mrp/work.h"

#include "base/buf.h"

enum { CIRCLES_SHOWN = 5, NAMES_SHOWN = 20 };

typedef struct {
    const MrpInput *in;
    int64_t *first;  // lines by parent: lines[first[p]] .. lines[first[p + 1] - 1]
    int32_t *lines;
    int32_t *parents;  // of an item, those not yet removed, counted by line
    int32_t *queue;
    int32_t head, tail;
    int32_t *level;
    bool *is_done;
} Sorting;

static bool is_used(const MrpLine *line)
{
    return line->from < line->to;
}

static Sorting begin(Arena *arena, const MrpInput *in, int32_t *level)
{
    size_t items = (size_t)in->item_count;
    Sorting sorting = { .in = in,
                        .first = NEW_ARRAY(arena, int64_t, items + 2),
                        .lines = NEW_ARRAY(arena, int32_t, (size_t)in->line_count),
                        .parents = NEW_ARRAY(arena, int32_t, items),
                        .queue = NEW_ARRAY(arena, int32_t, items),
                        .level = level,
                        .is_done = NEW_ARRAY(arena, bool, items) };
    int64_t *put = sorting.first + 1;  // moves up to where the next parent begins
    for (int32_t i = 0; i < in->line_count; i++)
        put[in->lines[i].parent + 1] += is_used(&in->lines[i]);
    for (size_t i = 0; i < items; i++)
        put[i + 1] += put[i];
    for (int32_t i = 0; i < in->line_count; i++)
        if (is_used(&in->lines[i])) {
            sorting.lines[put[in->lines[i].parent]++] = i;
            sorting.parents[in->lines[i].component]++;
        }
    return sorting;
}

static void push(Sorting *sorting, int32_t item)
{
    sorting->is_done[item] = true;
    sorting->queue[sorting->tail++] = item;
}

static void drain(Sorting *sorting)
{
    while (sorting->head < sorting->tail) {
        int32_t parent = sorting->queue[sorting->head++];
        for (int64_t i = sorting->first[parent]; i < sorting->first[parent + 1]; i++) {
            int32_t component = sorting->in->lines[sorting->lines[i]].component;
            if (sorting->is_done[component])
                continue;
            if (sorting->level[component] <= sorting->level[parent])
                sorting->level[component] = sorting->level[parent] + 1;
            if (--sorting->parents[component] == 0)
                push(sorting, component);
        }
    }
}

// ---- Circles ------------------------------------------------------------------------------------

typedef LIST(int32_t) ItemList;

// For each item left, one parent that is left too.
static void find_parents(const Sorting *sorting, int32_t *ret)
{
    for (int32_t parent = sorting->in->item_count - 1; parent >= 0; parent--)
        for (int64_t i = sorting->first[parent];
             !sorting->is_done[parent] && i < sorting->first[parent + 1]; i++)
            ret[sorting->in->lines[sorting->lines[i]].component] = parent;
}

// The circle that walking up from `item` runs into, from parent to component, beginning with its
// first item.
static ItemList circle_above(Arena *arena, const int32_t *parent_of, int32_t item, int32_t items)
{
    for (int32_t i = 0; i < items; i++)
        item = parent_of[item];
    int32_t at = item;  // by now the walk is within its circle
    for (int32_t next = parent_of[item]; next != item; next = parent_of[next])
        at = next < at ? next : at;
    item = at;
    ItemList up = { 0 };
    do {
        *list_push(arena, &up) = at;
        at = parent_of[at];
    } while (at != item);
    for (size_t i = 1, j = up.len - 1; i < j; i++, j--) {
        int32_t swap = up.items[i];
        up.items[i] = up.items[j];
        up.items[j] = swap;
    }
    return up;
}

// "frame needs tube, tube needs weld, weld needs frame"
static void put_circle(Buf *out, const MrpInput *in, const ItemList *circle)
{
    size_t shown = circle->len <= NAMES_SHOWN ? circle->len : NAMES_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        Str parent = in->items[circle->items[i]].id;
        Str component = in->items[circle->items[(i + 1) % circle->len]].id;
        buf_printf(out, "%s" STR_FMT " needs " STR_FMT, i ? ", " : "", STR_ARG(parent),
                   STR_ARG(component));
    }
    if (shown < circle->len)
        buf_printf(out, ", and so on over %zu more items", circle->len - shown);
}

static int32_t first_left(const Sorting *sorting, int32_t item)
{
    while (item < sorting->in->item_count && sorting->is_done[item])
        item++;
    return item;
}

static Status fail_circles(Ctx *ctx, Sorting *sorting)
{
    int32_t items = sorting->in->item_count;
    int32_t *parent_of = NEW_ARRAY(ctx->arena, int32_t, (size_t)items);
    Buf out = { .arena = ctx->arena };
    int circles = 0;
    for (int32_t item = 0; (item = first_left(sorting, item)) < items;) {
        find_parents(sorting, parent_of);
        ItemList circle = circle_above(ctx->arena, parent_of, item, items);
        if (circles++)
            buf_c(&out, "; ");
        put_circle(&out, sorting->in, &circle);
        if (circles == CIRCLES_SHOWN)
            break;
        EACH (at, circle)
            push(sorting, *at);
        drain(sorting);
    }
    if (circles > 1)
        return FAIL(ctx, E_INVALID, "mrp.cycle", "some items are made of themselves: " STR_FMT,
                    STR_ARG(buf_str(&out)));
    return FAIL(ctx, E_INVALID, "mrp.cycle", "an item is made of itself: " STR_FMT,
                STR_ARG(buf_str(&out)));
}

Status mrp_levels(Ctx *ctx, const MrpInput *input, int32_t *ret_level, int32_t *ret_count)
{
    Sorting sorting = begin(ctx->arena, input, ret_level);
    for (int32_t i = 0; i < input->item_count; i++)
        if (sorting.parents[i] == 0)
            push(&sorting, i);
    drain(&sorting);
    if (sorting.tail < input->item_count)
        return fail_circles(ctx, &sorting);
    *ret_count = 0;
    for (int32_t i = 0; i < input->item_count; i++)
        if (ret_level[i] >= *ret_count)
            *ret_count = ret_level[i] + 1;
    return OK;
}
