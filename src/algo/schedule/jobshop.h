// jobshop.h - which operation runs where and when: the job shop and its richer relatives.
//
// A job is a chain of operations. Each operation has one or more alternatives: a machine (work
// centre) and how long it takes there; a machine does one operation at a time. Machines may have
// calendars of working time and set-ups between families of work; jobs may have release dates, due
// dates and weights. The plan with the least makespan, or the least weighted tardiness, is wanted.
//
// Times are whole numbers of whatever unit the caller counts in, 0 or later. Work on an operation
// goes on without a break but for its machine's closed hours; an operation that is `whole` does not
// even bear those and waits until it fits. A set-up takes working time too and may be done before
// the job arrives.
#pragma once

#include "algo/budget.h"
#include "algo/schedule/calendar.h"

enum {
    JOBSHOP_OPERATIONS_MAX = 20000,
    JOBSHOP_MACHINES_MAX = 5000,
    JOBSHOP_FAMILIES_MAX = 1000,
};
#define JOBSHOP_TIME_MAX ((int64_t)1 << 40)  // of every date and duration

typedef enum { JOBSHOP_MAKESPAN, JOBSHOP_TARDINESS } JobShopGoal;

typedef struct JobShopOption {
    int machine;
    int64_t duration;  // of working time
} JobShopOption;

typedef struct JobShopOperation {
    int job;
    int first_option, options;  // its alternatives, in JobShop.option; at least one
    int family;                 // for set-ups; 0 where there are none
    bool is_whole;              // fits between two closings
} JobShopOperation;

typedef struct JobShopJob {
    int first, operations;  // in JobShop.operation, in the order of work; may be none
    int64_t release;        // nothing starts before
    int64_t due;            // INT64_MAX: none
    int64_t weight;         // of one unit of lateness
} JobShopJob;

typedef struct JobShopMachine {
    const Calendar *calendar;  // NULL: always open
    const int64_t *setup;      // families x families, [before * families + after]; NULL: none
    int first_family;          // what it is set up for at time 0; -1: for anything
} JobShopMachine;

typedef struct JobShop {
    int jobs, operations, machines, options, families;
    const JobShopJob *job;
    const JobShopOperation *operation;  // grouped by job
    const JobShopOption *option;        // grouped by operation
    const JobShopMachine *machine;
    JobShopGoal goal;  // the other one breaks ties
} JobShop;

typedef struct JobShopPlan {
    int *option;          // for each operation, which of JobShop.option it takes
    int64_t *start;       // of the operation itself, behind its set-up
    int64_t *end;         // start + duration, and the closed hours between
    int *turn;            // how many its machine does before it, also in the same instant
    int64_t makespan;     // the last end
    int64_t tardiness;    // sum of weight * max(0, end of job - due)
    int64_t lower_bound;  // no plan's makespan is below
} JobShopPlan;

// The best plan that the budget finds; steps are moves tried by one of the crew. Whoever is asked
// to stop at once still gets a plan: the best of a few priority rules. `better` is called with a
// JobShopPlan whenever there is a better one.
//
// Without calendars the makespan is searched by tabu search over blocks of the critical path with
// relinking of good plans (tabu.h, elite.h); with calendars or for tardiness by annealing with
// exact evaluation (anneal.h). A makespan that equals the lower bound ends the search.
//
// The plan's arrays are in ctx's arena. E_INVALID "jobshop.input" when the input contradicts
// itself, "jobshop.closed" when a calendar has no time for an operation that must run there.
MUST_CHECK Status jobshop_schedule(Ctx *ctx, const JobShop *shop, Budget *budget, JobShopPlan *ret);

// Whether the numbers fit together; jobshop_schedule() asks this first.
MUST_CHECK Status jobshop_validate(Ctx *ctx, const JobShop *shop);

// Whether a plan keeps every rule and tells its own makespan and tardiness rightly: written apart
// from the search, it shares no code with it. E_INVALID "jobshop.plan" says the first thing wrong.
MUST_CHECK Status jobshop_check(Ctx *ctx, const JobShop *shop, const JobShopPlan *plan);
