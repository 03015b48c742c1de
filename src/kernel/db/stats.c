// stats.c - counters; nobody waits for anybody.
#include "kernel/db/stats.h"

#include "kernel/metrics.h"

static Counter counters[STAT_COUNT];
static _Atomic int64_t group_max;

static int64_t read_one(DbStat which)
{
    return atomic_load_explicit(&counters[which].value, memory_order_relaxed);
}

static int64_t count_waiting(void)
{
    return read_one(STAT_WAITING);
}

void stats_register(void)
{
    static const struct {
        const char *name, *help;
    } rows[STAT_COUNT] = {
        [STAT_GROUPS] = { "db_groups_total", "commits of changes, each of one or more requests" },
        [STAT_MEMBERS] = { "db_members_total", "requests that changed something, or were refused" },
        [STAT_FAILED] = { "db_members_failed_total", "of them, those that were refused" },
        [STAT_ALONE] = { "db_members_alone_total", "run again alone, their group being lost" },
        [STAT_CONFLICTS] = { "db_conflicts_total", "groups run again because of others" },
        [STAT_COMMIT_US] = { "db_commit_microseconds_total", "time spent in COMMIT" },
        [STAT_WAITED_US] = { "db_waited_microseconds_total", "time that requests stood in line" },
        [STAT_CHECKPOINTS] = { "db_checkpoints_total", "of write-ahead logs" },
    };
    for (int i = 0; i < STAT_COUNT; i++)
        if (rows[i].name)
            metrics_counter(rows[i].name, "", rows[i].help, &counters[i]);
    metrics_gauge("db_waiting", "", "requests that stand in line for their lane", count_waiting);
}

void stat_add(DbStat which, int64_t n)
{
    counter_add(&counters[which], n);
}

void stat_group_size(int64_t size)
{
    int64_t seen = atomic_load_explicit(&group_max, memory_order_relaxed);
    while (size > seen && !atomic_compare_exchange_weak(&group_max, &seen, size))
        ;
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
