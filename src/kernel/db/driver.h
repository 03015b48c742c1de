// driver.h - a connection, and what the two engines do differently, behind one table. Private to
// kernel/db.
//
// Drivers do not return failures, they note them in the connection: the first one stays until the
// work is undone, and every statement in between answers with it. PostgreSQL insists on that; on
// SQLite we do the same, so that nothing is ever committed behind a refused statement, on either
// engine.
//
// A connection belongs to one thread at a time; the pool (pool.h) hands it on. Drivers allocate in
// an arena only for rows, and are whole again when such an allocation does not return.
#pragma once

#include "kernel/db/lane.h"

typedef struct Conn Conn;
typedef struct Driver Driver;

// How much a failure took with it.
typedef enum Loss {
    LOSS_NONE,      // at most the work since the last savepoint, which can be undone alone
    LOSS_ALL,       // the transaction: its disk is full, its COMMIT was refused, it was interrupted
    LOSS_CONFLICT,  // the transaction, because somebody else was in the way: as it is, it may work
    LOSS_CONNECTION,  // the transaction, with its connection
    LOSS_UNKNOWN,     // the connection, while COMMIT was under way: it may have happened
} Loss;

typedef struct DbFailure {
    Status status;
    const char *code, *sentence;  // English; translated when raised
    char detail[480];             // the engine's own words and the statement; "" none
} DbFailure;

struct Conn {
    const Driver *driver;
    Db *db;           // the namespace it serves
    Conn *outer;      // what ctx->conn was before it was borrowed
    Conn **scope;     // where db_read_begin() keeps it; NULL: somebody else does
    bool is_writing;  // lent to a lane: inside a transaction that may write
    bool is_worn;     // not to be lent again
    bool has_failed;  // see above
    Loss loss;
    DbFailure failure;
    int limit_ms;         // longest statement of this transaction; 0: no limit
    int64_t until_us;     // after this clock_us() no statement may go on; 0: no limit
    struct Kept *kept;    // answers it may give again (kept.h); NULL: none yet
    int log_pages;        // SQLite: how long the write-ahead log was at the last commit
    struct Pool *pool;    // from here on: the pool's
    Conn *next_idle;      // in its pool
    Conn *newer, *older;  // in the list of all idle connections
};

typedef enum CellType { CELL_NULL, CELL_INT, CELL_TEXT, CELL_BYTES, CELL_BAD } CellType;
typedef struct Cell {
    CellType type;  // CELL_BAD: a number that is not whole or does not fit
    int64_t number;
    Str text;  // a view, good until the next row
} Cell;

// What all rows have; each driver appends its own.
struct Rows {
    const Driver *driver;
    Ctx *ctx;
    Conn *conn;       // may be lent to others, or gone, when rows are closed late
    bool is_over;     // nothing more to come
    bool has_failed;  // conn->failure says why
};

struct Driver {
    size_t rows_size;

    // Outside all locks.
    Status (*make)(Ctx *ctx, const DbPlace *place);  // an empty file, where there is none
    Status (*open)(Ctx *ctx, const DbPlace *place, Conn **ret);
    void (*close)(Conn *conn);
    bool (*is_alive)(Conn *conn);            // asked before it is lent out again
    void (*enter)(Conn *conn, bool create);  // fails unless the schema is there and fit for us

    // A transaction: a snapshot, or one that may write when conn->is_writing.
    void (*begin)(Conn *conn);
    void (*commit)(Conn *conn);  // failed with LOSS_NONE: not committed, undo() then commit() works
    void (*rollback)(Conn *conn);  // whatever state it is in; forgets the failure
    void (*savepoint)(Conn *conn);
    void (*release)(Conn *conn);  // keeps what was done since the savepoint
    void (*undo)(Conn *conn);   // undoes it, and forgets the failure unless it took more than that
    void (*flush)(Conn *conn);  // waits for everything sent
    void (*rest)(Conn *conn);   // lets go of rows that nobody will read on

    void (*send)(Conn *conn, Query query);         // not waited for
    int64_t (*change)(Conn *conn, Query query);    // how many rows it changed
    void (*script)(Conn *conn, const char *text);  // our own statements, several in one text

    void (*open_rows)(Rows *rows, Query query);
    bool (*next_row)(Rows *rows);  // onto the next row; false: over, or failed
    int (*row_width)(const Rows *rows);
    void (*row_cell)(Rows *rows, int column, Cell *ret);
    void (*close_rows)(Rows *rows);  // any number of times

    // Of a transaction that has begun: another number whenever another connection has committed
    // something since this connection was asked before; 0: it cannot be told.
    int64_t (*version)(Conn *conn);

    // After LOSS_UNKNOWN, asked of another connection: did the transaction `number` commit?
    // LOSS_NONE it did, LOSS_ALL it did not, LOSS_UNKNOWN not decided yet. NULL: cannot occur.
    Loss (*outcome)(Conn *conn, int64_t number);
    int64_t (*transaction)(const Conn *conn);  // the number of the one under way; 0: none yet
};
extern const Driver driver_sqlite, driver_postgres;

enum { DB_ARGS_MAX = 1000, DB_NAME_MAX = 63 };  // most arguments of a statement; PostgreSQL's names

// Indexes end in this in the catalog, because PostgreSQL keeps them in one drawer with the tables;
// rules are looked up without it.
#define INDEX_ENDING "_ix"

// ---- Failures (conn.c) --------------------------------------------------------------------------

// Notes the first failure since the work was last undone. `detail` may be empty.
void conn_fail(Conn *conn, Loss loss, Status status, const char *code, const char *sentence,
               Str detail);
// A violated constraint fails with the code and sentence that its declaration gave; where the name
// ("": the engine does not tell) means nothing, with E_CONFLICT "db.duplicate", "db.check",
// "db.reference".
typedef enum Violation { VIOLATES_UNIQUE, VIOLATES_CHECK, VIOLATES_REFERENCE } Violation;
void conn_violated(Conn *conn, Violation kind, Str name);
void conn_forget(Conn *conn);  // what failed is undone

MUST_CHECK Status failure_raise(Ctx *ctx, const DbFailure *failure);
// The connection's failure as ctx's; OK when there is none.
MUST_CHECK Status conn_raise(Ctx *ctx, const Conn *conn);
// False, and failed, when it has failed before or its time is up.
bool conn_may_run(Conn *conn);
bool conn_is_late(const Conn *conn);

int64_t clock_us(void);  // monotonic

// ---- What is kept (kept.c) ----------------------------------------------------------------------

void kept_begin(Conn *conn);  // a lane's transaction has begun
void kept_end(Conn *conn);
void kept_wrote(Conn *conn, const char *text);  // this statement is about to be run; it may write
void kept_forget(Conn *conn);                   // something was undone, or written otherwise
void kept_free(Conn *conn);                     // it is closed

// ---- Values (value.c) ---------------------------------------------------------------------------

Str arg_view(
    const Arg *arg);  // the bytes of an ARG_TEXT, ARG_CODE or ARG_BYTES; never a NULL pointer
// A text that either engine would cut or refuse at a zero byte.
bool arg_has_zero_byte(const Arg *arg);

// Puts a cell where `out` says, texts copied into the arena; false when it does not fit there.
bool cell_store(Arena *arena, const Cell *cell, const Out *out);
