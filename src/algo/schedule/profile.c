// profile.c - how much of each resource is left over time.
#include "algo/schedule/profile.h"

#include <assert.h>

enum {
    NARROW = 16,  // bits of a lane
    WIDE = 32,
    FINE_PER_TAKING = 16,  // units of the horizon for each taking, up to which cells are fine
};

// ---- Making -------------------------------------------------------------------------------------

void profile_pack(const Profile *p, const int *amounts, int resources, uint64_t *ret)
{
    int lanes = 64 / p->lane;
    memset(ret, 0, (size_t)p->words * sizeof *ret);
    for (int r = 0; r < resources; r++)
        ret[r / lanes] |= (uint64_t)amounts[r] << (r % lanes * p->lane);
}

static inline uint64_t *cell(const Profile *p, int i)
{
    return p->left + (size_t)i * (size_t)p->words;
}

// Makes sure that there are cells up to `end`.
static void reach(Profile *p, int end)
{
    for (; p->cells <= end; p->cells++)
        memcpy(cell(p, p->cells), p->all, (size_t)p->words * sizeof *p->all);
}

void profile_make(Arena *arena, const int *capacity, int resources, int takings, int horizon,
                  Profile *ret)
{
    int largest = 0;
    for (int r = 0; r < resources; r++)
        largest = capacity[r] > largest ? capacity[r] : largest;
    int lane = largest < 1 << (NARROW - 1) ? NARROW : WIDE, lanes = 64 / lane;
    int words = resources ? (resources + lanes - 1) / lanes : 1;
    *ret = (Profile){ .words = words, .lane = lane, .room = 2 * takings + 1 };
    ret->is_fine = horizon / FINE_PER_TAKING <= takings;
    if (ret->is_fine)
        ret->room = horizon + 2;
    for (int i = 0; i < lanes; i++)
        ret->spare |= (uint64_t)1 << ((i + 1) * lane - 1);
    ret->from = NEW_ARRAY(arena, int, ret->is_fine ? 1 : (size_t)ret->room);
    ret->left = NEW_ARRAY(arena, uint64_t, (size_t)ret->room * (size_t)words);
    ret->all = NEW_ARRAY(arena, uint64_t, (size_t)words);
    profile_pack(ret, capacity, resources, ret->all);
    profile_clear(ret);
}

void profile_clear(Profile *p)
{
    p->cells = 0;
    p->from[0] = 0;
    reach(p, 0);
}

// ---- Finding ------------------------------------------------------------------------------------

static inline bool fits(const Profile *p, const uint64_t *need, int i)
{
    const uint64_t *left = cell(p, i);
    uint64_t kept = p->spare;
    for (int w = 0; w < p->words; w++)
        kept &= (left[w] | p->spare) - need[w];
    return kept == p->spare;
}

// A place is tried from its end: what is in the way there is in the way of all starts up to it.
static int find_fine(const Profile *p, const uint64_t *need, int ready, int duration)
{
    int start = ready, sure = ready;  // from `start` to `sure` it fits
    while (start < p->cells) {
        int end = start + duration < p->cells ? start + duration : p->cells, at = end - 1;
        while (at >= sure && fits(p, need, at))
            at--;
        if (at < sure)
            return start;
        start = at + 1;
        sure = end > start ? end : start;
    }
    return start;
}

// The cell in which `time` lies.
static int cell_at(const Profile *p, int time)
{
    int from = 0, to = p->cells;
    while (to - from > 1) {
        int middle = (from + to) / 2;
        if (p->from[middle] <= time)
            from = middle;
        else
            to = middle;
    }
    return from;
}

int profile_find(const Profile *p, const uint64_t *need, int ready, int duration)
{
    if (duration == 0)
        return ready;
    if (p->is_fine)
        return find_fine(p, need, ready, duration);
    int start = ready;
    for (int i = cell_at(p, ready);; i++) {
        bool is_last = i + 1 == p->cells;
        if (!fits(p, need, i)) {
            assert(!is_last);  // needs within the capacity fit where nothing is taken
            start = p->from[i + 1];
        } else if (is_last || p->from[i + 1] - start >= duration) {
            return start;
        }
    }
}

// ---- Taking -------------------------------------------------------------------------------------

// The cell that begins at `time`, cut out of the one there.
static int cut(Profile *p, int time)
{
    int at = cell_at(p, time);
    if (p->from[at] == time)
        return at;
    size_t behind = (size_t)(p->cells - at);
    assert(p->cells < p->room);
    memmove(p->from + at + 1, p->from + at, behind * sizeof *p->from);
    memmove(cell(p, at + 1), cell(p, at), behind * (size_t)p->words * sizeof *p->left);
    p->from[at + 1] = time;
    p->cells++;
    return at + 1;
}

void profile_take(Profile *p, const uint64_t *need, int start, int duration)
{
    if (duration == 0)
        return;
    int first = start, end = start + duration;
    if (p->is_fine) {
        assert(end < p->room);
        reach(p, end);
    } else {
        first = cut(p, start);
        end = cut(p, end);
    }
    for (int i = first; i < end; i++)
        for (int w = 0; w < p->words; w++)
            cell(p, i)[w] -= need[w];
}
