// space.h - what a Db is made of: its place, its connections, its lane. Private to kernel/db.
#pragma once

#include "kernel/db/driver.h"
#include "kernel/db/gate.h"

typedef struct Group Group;
typedef struct Pool Pool;

enum { LANE_GATES = 16 };

typedef enum LaneState {
    LANE_IDLE,    // nothing waits
    LANE_READY,   // in the queue of lanes
    LANE_SERVED,  // by one thread
    LANE_PARKED,  // its group is run again at `again_us`
} LaneState;

// Guarded by the lanes' lock, but for `group`, which belongs to whoever serves the lane.
typedef struct Lane {
    LaneState state;
    LaneTask *first, *last;
    atomic_int waiting;      // also read without the lock
    int64_t pushed;          // tasks ever; each has its number
    Gate gates[LANE_GATES];  // where callers wait: one for LANE_GROUP_MAX numbers in a row
    int64_t again_us;
    Db *next;      // among the ready ones, or the parked
    Group *group;  // members taken and not answered yet
} Lane;

struct Db {
    Db *next;  // in the registry, as `users`
    int users;
    Arena arena;  // of the texts in `place`
    DbPlace place;
    const Driver *driver;
    Pool *pool;
    Lane lane;
    Db *next_checkpoint;  // checkpoint.c, as is_checkpointing
    bool is_checkpointing;
    int checkpoint_asked;  // the lane's: how long the log was when a copy was last asked for
};

// ---- Borrowing connections (pool.c) -------------------------------------------------------------

// SQLite: a pool for each file. PostgreSQL: one for each database, for all its namespaces.
Pool *pool_open(const Db *db);
void pool_close(Pool *pool);  // gives one use back; the last closes its connections

// The caller's until conn_return(). conn->db is `db`, nothing has failed, no transaction is open.
// Prefers the connection that served this namespace last.
MUST_CHECK Status conn_borrow(Ctx *ctx, Db *db, bool to_write, Conn **ret);
void conn_return(Conn *conn);

// ---- Lanes (lane.c) -----------------------------------------------------------------------------

// Runs fn as the only one in the lane, on its connection, outside any transaction and without a
// time limit: migrations. Waits.
MUST_CHECK Status lane_alone(Ctx *ctx, Db *db, TxFn fn, void *arg);

// ---- SQLite's checkpoints (checkpoint.c) --------------------------------------------------------

void checkpoint_start(void);
void checkpoint_stop(void);  // when what is queued is done
// A lane's connection, after its commit: its write-ahead log may have become long.
void checkpoint_consider(Conn *conn);
