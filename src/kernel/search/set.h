// set.h - sets of document numbers (CRoaring bitmaps) that hang from an arena, and how they are
// stored.
//
// CRoaring takes its memory from malloc: every set here is registered with the arena before it is
// made, so that nobody frees. Sets that others hold are const; nothing changes a set it was handed,
// except the functions whose names say so.
#pragma once

#include "kernel/search/packed.h"

#include <roaring/roaring.h>

typedef roaring_bitmap_t Set;

Set *set_new(Arena *arena);
Set *set_of(Arena *arena, const uint32_t *docs, size_t count);
Set *set_range(Arena *arena, uint32_t from, uint32_t to);  // to is not in it
Set *set_copy(Arena *arena, const Set *set);
Set *set_and(Arena *arena, const Set *a, const Set *b);
Set *set_or(Arena *arena, const Set *a, const Set *b);
Set *set_minus(Arena *arena, const Set *a, const Set *b);
Set *set_union(Arena *arena, const Set *const *sets, size_t count);

static inline int64_t set_len(const Set *set)
{
    return (int64_t)roaring_bitmap_get_cardinality(set);
}
static inline bool set_is_empty(const Set *set)
{
    return roaring_bitmap_is_empty(set);
}
static inline bool set_has(const Set *set, uint32_t doc)
{
    return roaring_bitmap_contains(set, doc);
}
static inline int64_t set_and_len(const Set *a, const Set *b)
{
    return (int64_t)roaring_bitmap_and_cardinality(a, b);
}
static inline int64_t set_minus_len(const Set *a, const Set *b)
{
    return (int64_t)roaring_bitmap_andnot_cardinality(a, b);
}
// Memory it takes, roughly.
size_t set_bytes(const Set *set);

// ---- Stored form --------------------------------------------------------------------------------
//
// The count, then for each run of 65,536 numbers that has any: how many runs further, how many, and
// either the gaps between them or 8,192 bytes of bits, whichever is shorter.

void set_put(Buf *out, const uint32_t *docs, size_t count);  // ascending, each once

// Takes a stored set of numbers below `limit` off `in`, in ascending order; writes at most `room`
// of them to `docs` and says how many. Anything else sets in->is_bad and is 0.
size_t set_get(PackedReader *in, uint32_t limit, uint32_t *docs, size_t room);
