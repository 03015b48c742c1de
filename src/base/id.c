// id.c - time-ordered ids.
#include "base/id.h"

#include <stdatomic.h>

#define EPOCH_MS INT64_C(1704067200000)  // 2024-01-01T00:00:00Z
enum { NODE_BITS = 10, COUNTER_BITS = 12, LOW_BITS = NODE_BITS + COUNTER_BITS };

static _Atomic int64_t last;  // milliseconds and counter of the newest id
static _Atomic int64_t node;

void id_set_node(int n)
{
    node = n & ((1 << NODE_BITS) - 1);
}

// `last` holds (milliseconds << COUNTER_BITS | counter). A burst of more than 4096 ids in one
// millisecond borrows from the following ones; the clock catches up.
Id id_next(Time now)
{
    int64_t ms = now / 1000 - EPOCH_MS;
    int64_t fresh = (ms < 0 ? 0 : ms) << COUNTER_BITS, seen = last, next;
    do
        next = fresh > seen ? fresh : seen + 1;
    while (!atomic_compare_exchange_weak(&last, &seen, next));
    int64_t counter = next & ((1 << COUNTER_BITS) - 1);
    return (next >> COUNTER_BITS) << LOW_BITS | node << COUNTER_BITS | counter;
}

Time id_time(Id id)
{
    return ((id >> LOW_BITS) + EPOCH_MS) * 1000;
}

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

Str id_text(Arena *arena, Id id)
{
    if (id == 0)
        return S("");
    char *text = arena_alloc(arena, ID_TEXT_LEN + 1);
    for (int i = ID_TEXT_LEN - 1; i >= 0; i--) {
        text[i] = digits[id & 31];
        id >>= 5;
    }
    return (Str){ text, ID_TEXT_LEN };
}

static int digit_value(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'I' || c == 'L')
        c = '1';
    if (c == 'O')
        c = '0';
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

bool id_parse(Str text, Id *ret)
{
    if (text.len != ID_TEXT_LEN)
        return false;
    uint64_t id = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = digit_value(text.ptr[i]);
        if (value < 0 || (i == 0 && value > 7))  // 13 x 5 bits are 65: the first holds three
            return false;
        id = id << 5 | (uint64_t)value;
    }
    if (id == 0)
        return false;
    *ret = (Id)id;
    return true;
}
