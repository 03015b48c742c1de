// dispatch.h - a first plan by priority: of the operations that could go next on the machine that
// is decided next, the one that the rule prefers (Giffler and Thompson 1960), each with the
// alternative on which it would be done first. Knows calendars and set-ups. In about
// O(operations * jobs * options).
#pragma once

#include "algo/schedule/graph.h"

// clang-format off
typedef enum {
    DISPATCH_MOST_WORK,  // whose job has most work left
    DISPATCH_SLACK,      // whose job has least time to spare before its due date, by weight
    DISPATCH_SHORTEST,   // which is done fastest
    DISPATCH_ANY,        // by chance
    DISPATCH_RULES,
} DispatchRule;
// clang-format on

typedef struct JobDispatch JobDispatch;

JobDispatch *jobdispatch_make(Arena *arena, const JobShop *shop);

// Fills `ret` but for its makespan and tardiness. Allocates nothing.
void jobdispatch_plan(JobDispatch *dispatch, DispatchRule rule, Random *random, JobSequence *ret);
