// test_budget.c - how long an algorithm may search.
#include "algo/budget.h"
#include "harness.h"

static double clock_hand;

static double read_hand(void *of)
{
    return clock_hand;
}

static void test_limits(void)
{
    Budget budget = { .steps = 10, .seconds = 4, .now = read_hand };
    clock_hand = 100;
    budget_start(&budget);
    CHECK(!budget_over(&budget, 9));
    CHECK(budget_over(&budget, 10));
    CHECK(budget_used(&budget, 5) == 0.5);
    clock_hand = 103;
    CHECK(budget_used(&budget, 5) == 0.75);
    CHECK(!budget_over(&budget, 5));
    clock_hand = 104;
    CHECK(budget_over(&budget, 0));
    clock_hand = 200;
    CHECK(budget_used(&budget, 0) == 1);
}

static void test_no_limit(void)
{
    Budget budget = { 0 };
    budget_start(&budget);
    CHECK(!budget_over(&budget, INT64_MAX));
    CHECK(budget_used(&budget, INT64_MAX) == 0);
}

static void test_stop(void)
{
    atomic_bool stop = false;
    Budget budget = { .stop = &stop };
    CHECK(!budget_over(&budget, 0));
    atomic_store(&stop, true);
    CHECK(budget_over(&budget, 0));
}

static void mark(void *arg, int i)
{
    ((int *)arg)[i]++;
}

static void twice(void *of, int n, void (*work)(void *arg, int i), void *arg)
{
    for (int round = 0; round < 2; round++)
        for (int i = n - 1; i >= 0; i--)
            work(arg, i);
}

static void test_each(void)
{
    int seen[3] = { 0 };
    budget_each(&(Budget){ 0 }, 3, mark, seen);
    CHECK(seen[0] == 1 && seen[1] == 1 && seen[2] == 1);
    budget_each(&(Budget){ .each = twice }, 3, mark, seen);
    CHECK(seen[0] == 3 && seen[1] == 3 && seen[2] == 3);
}

const Test budget_tests[] = {
    { "steps and seconds, whichever ends first", test_limits },
    { "without a limit a search never ends by itself", test_no_limit },
    { "somebody else says enough", test_stop },
    { "the crew does every share, whoever it is", test_each },
    { 0 },
};
