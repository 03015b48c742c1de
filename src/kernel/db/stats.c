// stats.c - counters; nobody waits for anybody.
#include "kernel/db/stats.h"

#include <stdatomic.h>

static _Atomic int64_t counters[STAT_COUNT], group_max;

void stat_add(DbStat which, int64_t n)
{
    atomic_fetch_add_explicit(&counters[which], n, memory_order_relaxed);
}

void stat_group_size(int64_t size)
{
    int64_t seen = atomic_load_explicit(&group_max, memory_order_relaxed);
    while (size > seen && !atomic_compare_exchange_weak(&group_max, &seen, size))
        ;
}

static int64_t read_one(DbStat which)
{
    return atomic_load_explicit(&counters[which], memory_order_relaxed);
}

DbStats db_stats(void)
{
    return (DbStats){ .groups = read_one(STAT_GROUPS),
                      .members = read_one(STAT_MEMBERS),
                      .failed = read_one(STAT_FAILED),
                      .group_max = atomic_load_explicit(&group_max, memory_order_relaxed),
                      .alone = read_one(STAT_ALONE),
                      .conflicts = read_one(STAT_CONFLICTS),
                      .commit_us = read_one(STAT_COMMIT_US),
                      .waited_us = read_one(STAT_WAITED_US),
                      .checkpoints = read_one(STAT_CHECKPOINTS) };
}
