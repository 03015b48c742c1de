// lane.h - a namespace of tables (one tenant's, or the control database), and how transactions run
// on it.
//
// Reads take a connection of their own and one snapshot. Writes go through the namespace's lane: a
// queue whose members run one after another as savepoints of one commit (group commit) and are
// answered when that commit is on disk. So totals, number series and reservations never conflict,
// durability is paid once per group, and a rule that holds one by one holds under load. A lane is a
// queue, not a thread: a small pool serves all lanes, never two workers one lane.
//
// Nobody kills a neighbour: a member that fails or unwinds is undone to its savepoint; when the
// whole transaction is lost (disk full, lost connection, serialisation), every member is run again
// alone and answered by its own result. So a member's function may run more than once: it must not
// depend on anything but ctx and the database. docs/database.md tells the whole story.
#pragma once

#include "kernel/db/db.h"

typedef struct Db Db;

typedef enum Engine { ENGINE_SQLITE, ENGINE_POSTGRES } Engine;

// Where a namespace lives: a file, or a schema of a PostgreSQL database.
typedef struct DbPlace {
    Engine engine;
    Str file;      // SQLite: path of the database file
    Str conninfo;  // PostgreSQL: libpq connection string
    Str schema;    // PostgreSQL: a lower-case identifier
} DbPlace;

enum {
    LANE_GROUP_MAX = 64,         // members of one commit
    LANE_MEMBER_LIMIT_MS = 250,  // longest a member may run in the lane
    LANE_QUEUE_MAX = 4096,       // waiting members; beyond: E_BUSY "lane.full"
};

typedef Status (*TxFn)(Ctx *ctx, void *arg);

// Starts and stops the pool that serves all lanes, and the checkpoint thread.
Status lanes_start(Ctx *ctx, int workers);
void lanes_stop(void);  // waits until every queue is empty

// Opens a namespace (creating an empty one where `create`); it is shared by all threads and
// counted.
MUST_CHECK Status db_open(Ctx *ctx, const DbPlace *place, bool create, Db **ret);
Db *db_keep(Db *db);
void db_drop(Db *db);  // gives one count back; the last closes its connections
const DbPlace *db_place(const Db *db);
Engine db_engine(const Db *db);

// Runs fn(ctx, arg) on one read-only snapshot of `db`. Nests: ctx->conn is put back afterwards, so
// a request on a tenant can look into the control database in between.
MUST_CHECK Status db_read(Ctx *ctx, Db *db, TxFn fn, void *arg);

// The same for the rest of the arena's life (or until db_read_end): how a request's GET handler
// runs.
MUST_CHECK Status db_read_begin(Ctx *ctx, Db *db);
void db_read_end(Ctx *ctx);

// Runs fn(ctx, arg) in db's lane and waits until its commit is on disk. Never call it from inside a
// lane of the same database (asserted).
MUST_CHECK Status db_transact(Ctx *ctx, Db *db, TxFn fn, void *arg);
// The same with a longer limit than others have: for a company that is being set up, whose lane
// nobody else waits for.
MUST_CHECK Status db_transact_within(Ctx *ctx, Db *db, TxFn fn, void *arg, int limit_ms);

// The same without waiting: `done` is called from a lane worker when the commit is on disk or the
// member has failed, and takes ctx back. The caller must not touch ctx in between. E_BUSY at once
// when the queue is full.
typedef struct LaneTask LaneTask;
struct LaneTask {
    Ctx *ctx;
    TxFn run;
    void (*done)(LaneTask *task, Status status);
    void *arg;
    Time deadline;   // after it the member is answered E_BUSY; 0: the default (10 s)
    int limit_ms;    // longest it may run; 0: DbOptions.member_limit_ms
    LaneTask *next;  // from here on the lane's own
    int64_t queued_us, number;
    bool is_alone;
};
MUST_CHECK Status db_submit(Db *db, LaneTask *task);

// True inside a lane: this ctx may write.
bool db_is_writing(const Ctx *ctx);

// ---- What happens after the commit --------------------------------------------------------------
// Registered inside a member, called once its commit is on disk, on the lane's worker, never if it
// fails. Must be quick and must not fail: waking a queue, dropping a cached value.
void after_commit(Ctx *ctx, void (*fn)(Db *db, void *arg), void *arg);

// Called at the end of each member before its savepoint is released: the audit trail and the search
// queue collect during the member and write here. Order of registration.
void before_commit(Ctx *ctx, TxFn fn, void *arg);

// Room for what a part of the kernel collects during one member: NULL at the member's start (and at
// each re-run), gone at its end.
typedef enum MemberSlot {
    MEMBER_WORK,
    MEMBER_AUDIT,
    MEMBER_EVENTS,
    MEMBER_TRANSLATIONS,
    MEMBER_SEARCH,
    MEMBER_MEMO,
    MEMBER_BODY,
    MEMBER_SLOTS
} MemberSlot;
void **member_slot(Ctx *ctx, MemberSlot which);

// ---- Failure codes of the database --------------------------------------------------------------
// A violated named CHECK or unique index becomes a failure with the rule's own code and sentence,
// on both engines. The entity registry tells the database layer what the names mean.
typedef struct DbRule {
    Status status;
    const char *code, *message;
} DbRule;
void db_set_rules(bool (*find)(Str constraint, DbRule *ret));
