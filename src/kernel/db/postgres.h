// postgres.h - a PostgreSQL connection and what is under way on it. Private to the driver
// (db_postgres.c, postgres_stmt.c, postgres_fail.c).
//
// The connection is always in pipeline mode: commands are sent and their results read later, in
// order. The server skips whatever follows a failed command up to the next synchronisation point,
// and we send one whenever we wait, so a failure spoils nothing that is sent after it was seen.
#pragma once

#include "kernel/db/driver.h"

#include "base/map.h"

#include <libpq-fe.h>

// Statements are prepared once per connection and schema (the plan depends on the search path) and
// per types of their arguments: a NULL fits any type, but a number does not fit where the server
// had to guess.
typedef struct PgStmt PgStmt;
struct PgStmt {
    PgStmt *other;  // the same text with other types
    const char *text;
    char name[16];  // on the server; "" not prepared there
    int64_t asked;  // the command that prepares it
    int count;
    Oid types[];  // 0: only NULL was seen; the server infers what it is
};

enum { PG_UNDER_WAY_MAX = 256 };  // commands whose results wait in our memory and the server's

typedef struct PgSchema {
    Str name;
    Map statements;  // text -> PgStmt
} PgSchema;

typedef struct PgConn {
    Conn conn;
    PGconn *pg;
    Arena arena;       // lives as long as the connection: schemas, statements
    Map schemas;       // that it has served: name -> PgSchema
    PgSchema *schema;  // the one in the search path
    int statement_count;
    int64_t sent, read;                             // commands sent, and whose results were read
    const PgStmt *under_way[PG_UNDER_WAY_MAX + 4];  // what each of the others is, in a ring
    int syncs;                                      // synchronisation points under way
    PGresult *kept;                                 // of the last command, when somebody wants it
    int64_t number_asked;  // the command that asks for the transaction's number
    int64_t number;        // of the transaction; 0 not known yet
    int64_t commit_asked;  // the COMMIT under way; 0: none
    bool has_lock;         // the schema's advisory lock
} PgConn;

typedef struct PgRows {
    Rows rows;
    PGresult *result;
    int at, count;
    Str cell;  // of a BYTEA column, decoded
} PgRows;

static inline PgConn *pg_of(Conn *conn)
{
    return (PgConn *)conn;
}

// ---- Sending and reading (postgres_stmt.c) ------------------------------------------------------

void pg_send(Conn *conn, Query query);
void pg_sync(PgConn *conn);  // a synchronisation point, not waited for
// Reads every result up to a new synchronisation point. The last command's stays in `kept` when all
// went well; else the connection has failed.
void pg_wait(PgConn *conn);
int64_t pg_change(Conn *conn, Query query);
void pg_aim(PgConn *conn, Str schema);  // the search path, and whose statements pg_send() uses

void pg_rows_open(Rows *rows, Query query);
bool pg_rows_next(Rows *rows);
int pg_rows_width(const Rows *rows);
void pg_rows_cell(Rows *rows, int column, Cell *ret);
void pg_rows_close(Rows *rows);

// ---- Failures (postgres_fail.c) -----------------------------------------------------------------

void pg_failed(PgConn *conn, const PGresult *result, const char *text);  // of a statement
void pg_gone(PgConn *conn);                                              // the connection
