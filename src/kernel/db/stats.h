// stats.h - what the lanes have done since the program started, for the metrics page.
#pragma once

#include <stdint.h>

typedef struct DbStats {
    int64_t groups;       // commits, or their failures
    int64_t members;      // answered
    int64_t failed;       // of them, with a failure
    int64_t group_max;    // members of the largest group
    int64_t alone;        // members run again alone because their group was lost
    int64_t conflicts;    // groups run again because of others, or of a lost connection
    int64_t commit_us;    // spent in COMMIT
    int64_t waited_us;    // by members, until they were taken from their queue
    int64_t checkpoints;  // of SQLite's write-ahead logs
} DbStats;

DbStats db_stats(void);

// For the layer itself.
typedef enum DbStat {
    STAT_GROUPS,
    STAT_MEMBERS,
    STAT_FAILED,
    STAT_ALONE,
    STAT_CONFLICTS,
    STAT_COMMIT_US,
    STAT_WAITED_US,
    STAT_CHECKPOINTS,
    STAT_WAITING,  // goes up and down
    STAT_COUNT
} DbStat;
void stats_register(void);  // once
void stat_add(DbStat which, int64_t n);
void stat_group_size(int64_t size);
