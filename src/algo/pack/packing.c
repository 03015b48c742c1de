// packing.c - bins while they are being filled.
#include "algo/pack/packing.h"

static void leave_outside(Packing *packing, int item)
{
    packing->bin_of[item] = -1;
    packing->out_at[item] = packing->out_count;
    packing->out[packing->out_count++] = item;
    packing->out_size += packing->sizes[item];
}

void packing_init(Arena *arena, const BinsProblem *problem, int bins_most, Packing *ret)
{
    size_t items = (size_t)problem->item_count + 1, bins = (size_t)bins_most + 1;
    Packing packing = { .sizes = problem->sizes,
                        .capacity = problem->capacity,
                        .item_count = problem->item_count,
                        .first = NEW_ARRAY(arena, int32_t, bins),
                        .count = NEW_ARRAY(arena, int32_t, bins),
                        .load = NEW_ARRAY(arena, int64_t, bins),
                        .next = NEW_ARRAY(arena, int32_t, items),
                        .prev = NEW_ARRAY(arena, int32_t, items),
                        .bin_of = NEW_ARRAY(arena, int32_t, items),
                        .out = NEW_ARRAY(arena, int32_t, items),
                        .out_at = NEW_ARRAY(arena, int32_t, items) };
    for (int i = 0; i < problem->item_count; i++)
        leave_outside(&packing, i);
    memset(packing.first, -1, sizeof *packing.first * bins);
    *ret = packing;
}

void packing_copy(Packing *to, const Packing *from)
{
    size_t items = (size_t)from->item_count, bins = (size_t)from->bin_count;
    memcpy(to->first, from->first, sizeof *to->first * bins);
    memcpy(to->count, from->count, sizeof *to->count * bins);
    memcpy(to->load, from->load, sizeof *to->load * bins);
    memcpy(to->next, from->next, sizeof *to->next * items);
    memcpy(to->prev, from->prev, sizeof *to->prev * items);
    memcpy(to->bin_of, from->bin_of, sizeof *to->bin_of * items);
    memcpy(to->out, from->out, sizeof *to->out * (size_t)from->out_count);
    memcpy(to->out_at, from->out_at, sizeof *to->out_at * items);
    to->bin_count = from->bin_count;
    to->out_count = from->out_count;
    to->out_size = from->out_size;
}

void packing_take(Packing *packing, int item)
{
    int32_t bin = packing->bin_of[item], next = packing->next[item], prev = packing->prev[item];
    if (prev >= 0)
        packing->next[prev] = next;
    else
        packing->first[bin] = next;
    if (next >= 0)
        packing->prev[next] = prev;
    packing->load[bin] -= packing->sizes[item];
    packing->count[bin]--;
    leave_outside(packing, item);
}

void packing_put(Packing *packing, int item, int bin)
{
    int32_t last = packing->out[--packing->out_count];
    packing->out[packing->out_at[item]] = last;
    packing->out_at[last] = packing->out_at[item];
    packing->out_size -= packing->sizes[item];
    packing->next[item] = packing->first[bin];
    packing->prev[item] = -1;
    if (packing->first[bin] >= 0)
        packing->prev[packing->first[bin]] = item;
    packing->first[bin] = item;
    packing->load[bin] += packing->sizes[item];
    packing->count[bin]++;
    packing->bin_of[item] = bin;
}

void packing_drop_bin(Packing *packing, int bin)
{
    while (packing->first[bin] >= 0)
        packing_take(packing, packing->first[bin]);
    int last = --packing->bin_count;
    packing->first[bin] = packing->first[last];
    packing->count[bin] = packing->count[last];
    packing->load[bin] = packing->load[last];
    for (int32_t item = packing->first[bin]; item >= 0; item = packing->next[item])
        packing->bin_of[item] = bin;
    packing->first[last] = -1;
    packing->count[last] = 0;
    packing->load[last] = 0;
}
