// elite.h - the search for the least makespan without calendars: a small society of good plans.
//
// Each member came out of tabu search. A child lies between two of them: the place of every
// operation is a weighted mean of its places with the parents, which keeps whatever both agree on
// and is always feasible, because the parents' orders keep every job's order. Tabu search improves
// it; a child that is better than the worst member and like none takes its place. (The scheme of
// Nowicki and Smutnicki 2005 and of Peng, Lü and Cheng 2015; the way between the parents is new.)
// When members have grown alike, all but the best start anew.
#pragma once

#include "algo/schedule/graph.h"

// Improves *best, a plan of the shop, until the budget is over or its makespan is down to `bound`.
// Calls budget->better through `report` after each improvement. Steps are moves of tabu search by
// one of the crew.
void jobelite_search(Ctx *ctx, const JobShop *shop, int64_t bound, Budget *budget,
                     JobSequence *best, void (*report)(void *arg, const JobSequence *best),
                     void *arg);
