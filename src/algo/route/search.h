// search.h - one worker of the search for routes: what it changes, what it would go back to, and
// the best it has seen.
#pragma once

#include "algo/route/state.h"
#include "base/random.h"

// Where a stop costs least in a tour.
typedef struct RouteSpot {
    double cost;
    int32_t behind;  // a node, -1: nowhere
} RouteSpot;

// The same, remembered for as long as the tour has that stamp.
typedef struct RouteMemory {
    int64_t stamp;
    RouteSpot spot;
} RouteMemory;

enum { ROUTE_MEMORY_MOST = 1 << 20 };  // stops times vehicles; beyond that nothing is remembered

typedef struct RouteWorker {
    const RouteModel *model;
    Random random;
    RouteState work;  // being changed
    RouteState kept;  // as it was before this round; they differ only in `touched` and `bank`
    RouteState best;
    double best_cost;
    int64_t rounds;

    int32_t *touched;  // tours changed in this round
    int touched_count;
    bool *is_touched;  // of each vehicle
    int32_t *bank;     // stops to be put back in this round
    int bank_count;
    double *rank;          // of each stop: by what the bank is sorted
    int32_t *missed;       // of each stop: how many rounds it was left out
    RouteMemory *memory;   // [stop][vehicle]; may be NULL
    int32_t until_blink;   // places still to be looked at
    double warmth, frost;  // the temperatures at both ends
} RouteWorker;

void route_worker_init(Arena *arena, const RouteModel *model, uint64_t seed, RouteWorker *ret);

// Rounds until `share` of the budget is used.
void route_worker_run(RouteWorker *worker, const Budget *budget, double share);

// Goes on from somebody else's plan.
void route_worker_adopt(RouteWorker *worker, const RouteState *plan, double cost);

// ---- The two halves of a round ------------------------------------------------------------------
// Takes strings of stops out of neighbouring tours into the bank, along with stops left out before.
void route_ruin(RouteWorker *worker);
// Puts the bank back, each where it costs least; what does not fit becomes absent.
void route_recreate(RouteWorker *worker);
// Before a tour of `work` is changed for the first time in a round, and whenever it may be.
void route_touch(RouteWorker *worker, int vehicle);

static inline uint32_t route_below(RouteWorker *worker, uint32_t n)
{
    return (uint32_t)(((random_next(&worker->random) >> 32) * n) >> 32);
}
static inline double route_unit(RouteWorker *worker)  // 0 < result <= 1
{
    return (double)((random_next(&worker->random) >> 11) + 1) * 0x1p-53;
}
