// sqlite.h - a SQLite connection and its statements. Private to the driver (db_sqlite.c,
// sqlite_stmt.c, sqlite_kept.c, sqlite_fail.c).
#pragma once

#include "kernel/db/driver.h"

#include <sqlite3.h>

// A prepared statement, found again by its text.
typedef struct Stmt {
    sqlite3_stmt *stmt;
    uint16_t *places;  // of SQLite's n-th parameter: which $number it is
    int place_count;
    bool is_readonly;
    bool is_busy;   // somebody steps it
    bool is_loose;  // not in the cache: all places were busy
    uint64_t used;  // the connection's tick
} Stmt;

// A small set-associative cache: a text may stand in the ways of one set only, where a new one
// takes the place of what was used least lately. However many texts come by, no more than these are
// kept. Placing an order takes a hundred and more: with four ways some sets were too small for
// them, and their statements were prepared again with every order.
// Before a text is hashed, the statement that the same address asked for last is looked at: most
// are literals, and hashing them was 3 % of an order.
enum { STMT_SETS = 64, STMT_WAYS = 8, STMT_NEAR = 512 };

typedef struct SqliteRows SqliteRows;
struct SqliteRows {
    Rows rows;
    SqliteRows *next_open;
    Stmt *stmt;  // NULL: over, or all that is left is spooled
    int width;
    bool is_spooled;
    LIST(Cell) spool;  // the rows left, cell by cell
    size_t at;         // in spool: behind the current row
};

typedef struct KeptRows KeptRows;
enum { KEPT_SLOTS = 64 };

typedef struct SqliteConn {
    Conn conn;
    sqlite3 *db;
    uint64_t snapshot;           // counted: which of its transactions is under way
    KeptRows *kept[KEPT_SLOTS];  // by question
    size_t kept_bytes;
    int64_t kept_version;    // of the file, when they were read
    uint64_t kept_snapshot;  // in which that was last looked at
    Stmt sets[STMT_SETS][STMT_WAYS];
    Stmt *near[STMT_NEAR];  // by the text's address
    uint64_t tick;
    SqliteRows *open_rows;  // that have a statement
    bool in_transaction;    // as far as we asked for
    sqlite3_stmt *version;  // asks for the data's version; NULL: not asked yet
} SqliteConn;

static inline SqliteConn *sqlite_of(Conn *conn)
{
    return (SqliteConn *)conn;
}

// ---- Statements and rows (sqlite_stmt.c) --------------------------------------------------------

// Runs to its end; fails the connection otherwise.
void sqlite_run(Conn *conn, Query query);
int64_t sqlite_change(Conn *conn, Query query);
void sqlite_rows_open(Rows *rows, Query query);
bool sqlite_rows_next(Rows *rows);
int sqlite_rows_width(const Rows *rows);
void sqlite_rows_cell(Rows *rows, int column, Cell *ret);
void sqlite_rows_close(Rows *rows);
void sqlite_rest(Conn *conn);  // closes all that are open
void sqlite_free_statements(SqliteConn *conn);

// ---- Rows kept from snapshot to snapshot (sqlite_kept.c) ----------------------------------------

// The answer that still holds; NULL: it has to be asked. Good until the snapshot ends.
const KeptRows *sqlite_kept_find(SqliteConn *conn, Query query);
Cell *sqlite_kept_cells(const KeptRows *kept, size_t *ret_count, int *ret_width);
void sqlite_keep(SqliteConn *conn, Query query, const Cell *cells, size_t count, int width);
void sqlite_kept_clear(SqliteConn *conn);

// ---- Failures (sqlite_fail.c) -------------------------------------------------------------------

// Notes the failure of the statement that has just been stepped or prepared, before it is reset.
void sqlite_failed(SqliteConn *conn, const char *text);
