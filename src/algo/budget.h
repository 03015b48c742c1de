// budget.h - how long an algorithm may search, who helps it, and who hears of better answers.
//
// Algorithms are pure: no clock, no threads, no files. What they need of these, the caller hands
// over here. With `steps` alone the same input and seed give the same answer on every machine; with
// `seconds` the answer depends on how far the machine got. Either way an algorithm that is stopped
// answers the best it has.
#pragma once

#include "base/ctx.h"

#include <stdatomic.h>

typedef struct Budget {
    int64_t steps;   // most rounds, in the algorithm's own unit (its header names it); 0: no limit
    double seconds;  // most seconds by `now`; 0: no limit
    uint64_t seed;   // of the algorithm's chance
    double (*now)(void *of);  // seconds since some fixed moment; NULL only without `seconds`
    double started;           // `now` at the beginning; budget_start() sets it
    atomic_bool *stop;        // somebody else says "enough"; may be NULL

    // Runs work(arg, i) for every i below n, at the same time where the caller has threads, and
    // returns when all are done. NULL: one after another. The answer must not depend on which.
    void (*each)(void *of, int n, void (*work)(void *arg, int i), void *arg);
    int crew;  // how many run at the same time; 0 is 1

    // A better answer was found; the shape of `answer` is in the algorithm's header. May be NULL.
    // Called by the thread that called the algorithm.
    void (*better)(void *of, const void *answer);
    void *of;  // passed to all of them
} Budget;

// The moment from which `seconds` count.
void budget_start(Budget *budget);

// Whether to stop, after so many steps.
bool budget_over(const Budget *budget, int64_t steps);

// How much of the budget is used, 0 to 1: the larger of both shares; 0 without any limit.
double budget_used(const Budget *budget, int64_t steps);

// Runs the crew, or does it all itself.
void budget_each(const Budget *budget, int n, void (*work)(void *arg, int i), void *arg);
