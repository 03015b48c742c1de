// budget.c - how long an algorithm may search.
#include "algo/budget.h"

static double elapsed(const Budget *budget)
{
    return budget->now ? budget->now(budget->of) - budget->started : 0;
}

void budget_start(Budget *budget)
{
    budget->started = budget->now ? budget->now(budget->of) : 0;
}

bool budget_over(const Budget *budget, int64_t steps)
{
    if (budget->stop && atomic_load_explicit(budget->stop, memory_order_relaxed))
        return true;
    return (budget->steps && steps >= budget->steps) ||
           (budget->seconds > 0 && elapsed(budget) >= budget->seconds);
}

double budget_used(const Budget *budget, int64_t steps)
{
    double by_steps = budget->steps ? (double)steps / (double)budget->steps : 0;
    double by_time = budget->seconds > 0 ? elapsed(budget) / budget->seconds : 0;
    double used = by_steps > by_time ? by_steps : by_time;
    return used < 1 ? used : 1;
}

void budget_each(const Budget *budget, int n, void (*work)(void *arg, int i), void *arg)
{
    if (budget->each) {
        budget->each(budget->of, n, work, arg);
        return;
    }
    for (int i = 0; i < n; i++)
        work(arg, i);
}
