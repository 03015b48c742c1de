// packing.h - bins while they are being filled: each bin's items as a linked list, and the items
// that are outside.
#pragma once

#include "algo/pack/bins.h"

typedef struct Packing {
    const int64_t *sizes;
    int64_t capacity;
    int item_count;
    int bin_count;
    int32_t *first, *count;  // of each bin: its first item, -1: none; how many
    int64_t *load;
    int32_t *next, *prev;   // of each item, in its bin; -1: none
    int32_t *bin_of;        // of each item; -1: outside
    int32_t *out, *out_at;  // the items outside; each one's place there
    int out_count;
    int64_t out_size;
} Packing;

void packing_init(Arena *arena, const BinsProblem *problem, int bins_most, Packing *ret);
void packing_copy(Packing *to, const Packing *from);
void packing_take(Packing *packing, int item);          // out of its bin
void packing_put(Packing *packing, int item, int bin);  // into a bin, from outside
void packing_drop_bin(Packing *packing,
                      int bin);  // its items go outside; the last bin gets its number
