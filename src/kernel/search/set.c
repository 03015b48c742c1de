// set.c - CRoaring behind an arena, and the stored form of a set.
#include "kernel/search/set.h"

#include <assert.h>

enum { RUN = 1 << 16, RUN_BYTES = RUN / 8 };
enum { AS_GAPS, AS_BITS };

// ---- In memory ----------------------------------------------------------------------------------

static void close_set(void *slot)
{
    Set *set = *(Set **)slot;
    if (set)
        roaring_bitmap_free(set);
}

// Where the set will be put: known to the arena before there is a set to lose.
static Set **slot_new(Arena *arena)
{
    Set **slot = NEW(arena, Set *);
    arena_defer(arena, close_set, slot);
    return slot;
}

static Set *keep(Set **slot, Set *set)
{
    assert(set);
    return *slot = set;
}

Set *set_new(Arena *arena)
{
    Set **slot = slot_new(arena);
    return keep(slot, roaring_bitmap_create());
}

Set *set_of(Arena *arena, const uint32_t *docs, size_t count)
{
    Set **slot = slot_new(arena);
    return keep(slot, roaring_bitmap_of_ptr(count, docs));
}

Set *set_range(Arena *arena, uint32_t from, uint32_t to)
{
    if (from >= to)
        return set_new(arena);
    Set **slot = slot_new(arena);
    return keep(slot, roaring_bitmap_from_range(from, to, 1));
}

Set *set_copy(Arena *arena, const Set *set)
{
    Set **slot = slot_new(arena);
    return keep(slot, roaring_bitmap_copy(set));
}

Set *set_and(Arena *arena, const Set *a, const Set *b)
{
    Set **slot = slot_new(arena);
    return keep(slot, roaring_bitmap_and(a, b));
}

Set *set_or(Arena *arena, const Set *a, const Set *b)
{
    Set **slot = slot_new(arena);
    return keep(slot, roaring_bitmap_or(a, b));
}

Set *set_minus(Arena *arena, const Set *a, const Set *b)
{
    Set **slot = slot_new(arena);
    return keep(slot, roaring_bitmap_andnot(a, b));
}

Set *set_union(Arena *arena, const Set *const *sets, size_t count)
{
    Set **slot = slot_new(arena);
    return keep(slot, roaring_bitmap_or_many(count, (const Set **)sets));
}

size_t set_bytes(const Set *set)
{
    return roaring_bitmap_portable_size_in_bytes(set) + sizeof *set;
}

// ---- Stored -------------------------------------------------------------------------------------

static size_t gap_bytes(uint32_t gap)
{
    return gap < 1 << 7 ? 1 : gap < 1 << 14 ? 2 : 3;
}

static void put_bits(Buf *out, const uint32_t *docs, size_t count)
{
    uint8_t bits[RUN_BYTES] = { 0 };
    for (size_t i = 0; i < count; i++)
        bits[docs[i] % RUN / 8] |= (uint8_t)(1 << docs[i] % 8);
    buf_put(out, (Str){ (const char *)bits, sizeof bits });
}

// One run: `docs` share their upper half. A gap is one less than the difference to the one before.
static void put_run(Buf *out, const uint32_t *docs, size_t count)
{
    size_t as_gaps = 0;
    for (size_t i = 0; i < count; i++)
        as_gaps += gap_bytes(i ? docs[i] - docs[i - 1] - 1 : docs[0] % RUN);
    packed_put(out, count - 1);
    packed_put(out, as_gaps > RUN_BYTES ? AS_BITS : AS_GAPS);
    if (as_gaps > RUN_BYTES) {
        put_bits(out, docs, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        packed_put(out, i ? docs[i] - docs[i - 1] - 1 : docs[0] % RUN);
}

void set_put(Buf *out, const uint32_t *docs, size_t count)
{
    packed_put(out, count);
    uint32_t next_run = 0;
    for (size_t from = 0, to; from < count; from = to) {
        uint32_t run = docs[from] / RUN;
        for (to = from + 1; to < count && docs[to] / RUN == run; to++)
            ;
        packed_put(out, run - next_run);
        put_run(out, docs + from, to - from);
        next_run = run + 1;
    }
}

static bool get_bits(PackedReader *in, uint32_t base, uint32_t *docs, size_t count)
{
    Str bytes = packed_get_bytes(in, RUN_BYTES);
    size_t found = 0;
    for (size_t at = 0; at < bytes.len; at++)
        for (unsigned byte = (uint8_t)bytes.ptr[at]; byte; byte &= byte - 1) {
            if (found == count)
                return false;
            docs[found++] = base + (uint32_t)at * 8 + (uint32_t)__builtin_ctz(byte);
        }
    return found == count;
}

static bool get_gaps(PackedReader *in, uint32_t base, uint32_t *docs, size_t count)
{
    uint64_t at = 0;
    for (size_t i = 0; i < count; i++) {
        at += packed_get_max(in, RUN - 1) + (i > 0);
        if (at >= RUN)
            return false;
        docs[i] = base + (uint32_t)at;
    }
    return !in->is_bad;
}

// One run into `docs`; how many, 0 when it is bad.
static size_t get_run(PackedReader *in, uint64_t run, uint32_t *docs, size_t room)
{
    size_t count = packed_get_max(in, RUN - 1) + 1;
    uint64_t form = packed_get_max(in, AS_BITS);
    if (in->is_bad || count > room)
        return 0;
    uint32_t base = (uint32_t)run * RUN;
    bool is_good =
        form == AS_BITS ? get_bits(in, base, docs, count) : get_gaps(in, base, docs, count);
    return is_good ? count : 0;
}

size_t set_get(PackedReader *in, uint32_t limit, uint32_t *docs, size_t room)
{
    size_t count = packed_get_max(in, room), have = 0;
    uint64_t run = 0;
    while (have < count) {
        run += packed_get_max(in, UINT32_MAX / RUN);
        size_t more = run <= UINT32_MAX / RUN ? get_run(in, run, docs + have, count - have) : 0;
        if (more == 0 || docs[have + more - 1] >= limit) {
            in->is_bad = true;
            return 0;
        }
        have += more;
        run++;
    }
    return have;
}
