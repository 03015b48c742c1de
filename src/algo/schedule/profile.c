// profile.c - how much of each resource is left over time.
#include "algo/schedule/profile.h"

#include <assert.h>

enum { NARROW = 16, WIDE = 32 };  // bits of a lane

void profile_pack(const Profile *p, const int *amounts, int resources, uint64_t *ret)
{
    int lanes = 64 / p->lane;
    memset(ret, 0, (size_t)p->words * sizeof *ret);
    for (int r = 0; r < resources; r++)
        ret[r / lanes] |= (uint64_t)amounts[r] << (r % lanes * p->lane);
}

void profile_make(Arena *arena, const int *capacity, int resources, int takings, Profile *ret)
{
    int largest = 0;
    for (int r = 0; r < resources; r++)
        largest = capacity[r] > largest ? capacity[r] : largest;
    int lane = largest < 1 << (NARROW - 1) ? NARROW : WIDE, lanes = 64 / lane;
    int words = resources ? (resources + lanes - 1) / lanes : 1;
    *ret = (Profile){ .words = words, .lane = lane, .room = 2 * takings + 1 };
    for (int i = 0; i < lanes; i++)
        ret->spare |= (uint64_t)1 << ((i + 1) * lane - 1);
    ret->from = NEW_ARRAY(arena, int, (size_t)ret->room);
    ret->left = NEW_ARRAY(arena, uint64_t, (size_t)ret->room * (size_t)words);
    ret->all = NEW_ARRAY(arena, uint64_t, (size_t)words);
    profile_pack(ret, capacity, resources, ret->all);
    profile_clear(ret);
}

void profile_clear(Profile *p)
{
    p->stretches = 1;
    p->from[0] = 0;
    memcpy(p->left, p->all, (size_t)p->words * sizeof *p->left);
}

// The stretch in which `time` lies.
static int stretch_at(const Profile *p, int time)
{
    int from = 0, to = p->stretches;
    while (to - from > 1) {
        int middle = (from + to) / 2;
        if (p->from[middle] <= time)
            from = middle;
        else
            to = middle;
    }
    return from;
}

static inline bool fits(const Profile *p, const uint64_t *need, int stretch)
{
    const uint64_t *left = p->left + (size_t)stretch * (size_t)p->words;
    uint64_t kept = p->spare;
    for (int w = 0; w < p->words; w++)
        kept &= (left[w] | p->spare) - need[w];
    return kept == p->spare;
}

int profile_find(const Profile *p, const uint64_t *need, int ready, int duration)
{
    if (duration == 0)
        return ready;
    int start = ready;
    for (int i = stretch_at(p, ready);; i++) {
        bool is_last = i + 1 == p->stretches;
        if (!fits(p, need, i)) {
            assert(!is_last);  // needs within the capacity fit where nothing is taken
            start = p->from[i + 1];
        } else if (is_last || p->from[i + 1] - start >= duration) {
            return start;
        }
    }
}

// The stretch that begins at `time`, cut out of the one there.
static int cut(Profile *p, int time)
{
    int at = stretch_at(p, time);
    if (p->from[at] == time)
        return at;
    size_t words = (size_t)p->words, behind = (size_t)(p->stretches - at);
    assert(p->stretches < p->room);
    memmove(p->from + at + 1, p->from + at, behind * sizeof *p->from);
    memmove(p->left + ((size_t)at + 1) * words, p->left + (size_t)at * words,
            behind * words * sizeof *p->left);
    p->from[at + 1] = time;
    p->stretches++;
    return at + 1;
}

void profile_take(Profile *p, const uint64_t *need, int start, int duration)
{
    if (duration == 0)
        return;
    int first = cut(p, start), end = cut(p, start + duration);
    for (int i = first; i < end; i++)
        for (int w = 0; w < p->words; w++)
            p->left[(size_t)i * (size_t)p->words + (size_t)w] -= need[w];
}
