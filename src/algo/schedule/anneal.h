// anneal.h - the search where heads and tails do not tell what a move brings: with calendars, whole
// operations, or tardiness as goal.
//
// Simulated annealing (Kirkpatrick, Gelatt, Vecchi 1983) over the same graph of a plan. A move
// takes an operation from the path that makes a late job late, or the plan long, and puts it
// elsewhere on its machine, next to those it waits for, or on another machine; its worth is worked
// out exactly. Rounds start from the best plan and each takes longer than the one before.
#pragma once

#include "algo/schedule/graph.h"

// Improves *best, a plan of the shop, until the budget is over or nothing can be better: no
// tardiness matters and the makespan is down to `bound`. Calls report(arg, best) after each round
// that found something. Steps are moves tried by one of the crew.
void jobanneal_search(Ctx *ctx, const JobShop *shop, int64_t bound, Budget *budget,
                      JobSequence *best, void (*report)(void *arg, const JobSequence *best),
                      void *arg);
