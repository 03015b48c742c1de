// sqlite_stmt.c - SQLite's statements: found, bound, stepped; their rows.
//
// SQLite would show a loop over rows what the loop itself writes. PostgreSQL does not, and nobody
// wants it, so before a write the rows of every open query are read to their end and kept
// (spooled).
#include "kernel/db/sqlite.h"

#include <assert.h>

// ---- Finding a statement ------------------------------------------------------------------------

static void stmt_clear(Stmt *stmt)
{
    sqlite3_finalize(stmt->stmt);
    free(stmt->places);
    *stmt = (Stmt){ 0 };
}

static void stmt_release(Stmt *stmt)
{
    sqlite3_reset(stmt->stmt);
    stmt->is_busy = false;
    if (stmt->is_loose) {
        stmt_clear(stmt);
        free(stmt);
    }
}

// "$2" is a name to SQLite, numbered by first appearance.
static bool map_places(Stmt *stmt)
{
    stmt->place_count = sqlite3_bind_parameter_count(stmt->stmt);
    stmt->places = calloc((size_t)stmt->place_count + 1, sizeof *stmt->places);
    for (int i = 0; stmt->places && i < stmt->place_count; i++) {
        int64_t number = 0;
        Str name = str_from(sqlite3_bind_parameter_name(stmt->stmt, i + 1));
        if (!str_int(str_from_at(name, 1), &number) || number < 1 || number > DB_ARGS_MAX)
            return false;
        stmt->places[i] = (uint16_t)number;
    }
    return stmt->places != NULL;
}

static bool prepare(SqliteConn *conn, Stmt *stmt, const char *text)
{
    const char *tail;
    int result =
        sqlite3_prepare_v3(conn->db, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt->stmt, &tail);
    if (result != SQLITE_OK) {
        sqlite_failed(conn, text);
        return false;
    }
    if (!stmt->stmt || str_trim(str_from(tail)).len || !map_places(stmt)) {
        conn_fail(&conn->conn, LOSS_NONE, E_INTERNAL, "db.statement",
                  "not one statement with parameters $1, $2, ...", str_from(text));
        stmt_clear(stmt);
        return false;
    }
    stmt->is_readonly = sqlite3_stmt_readonly(stmt->stmt);
    return true;
}

static bool is_same(const Stmt *stmt, const char *text)
{
    return strcmp(sqlite3_sql(stmt->stmt), text) == 0;
}

// Which set a text stands in: by its bytes, eight at a time, since composed texts have no address
// of their own.
static size_t set_of(const char *text)
{
    uint64_t hash = 0;
    for (size_t left = strlen(text); left > 0;) {
        uint64_t word = 0;
        size_t len = left < sizeof word ? left : sizeof word;
        memcpy(&word, text, len);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
        text += len;
        left -= len;
    }
    return hash % STMT_SETS;
}

// The place for a new statement: the least recently used one that is free; NULL when all are busy.
static Stmt *victim_of(Stmt *set)
{
    Stmt *victim = NULL;
    for (Stmt *stmt = set; stmt < set + STMT_WAYS; stmt++)
        if (!stmt->is_busy && (!victim || stmt->used < victim->used))
            victim = stmt;
    return victim;
}

static bool is_at_hand(const Stmt *stmt, const char *text)
{
    return stmt->stmt && !stmt->is_busy && is_same(stmt, text);
}

// A statement nobody else steps. A text that is being stepped already is prepared a second time.
static Stmt *stmt_find(SqliteConn *conn, const char *text)
{
    Stmt *set = conn->sets[set_of(text)];
    Stmt *stmt = NULL;
    for (Stmt *s = set; s < set + STMT_WAYS && !stmt; s++)
        if (is_at_hand(s, text))
            stmt = s;
    if (!stmt) {
        Stmt fresh = { 0 };
        if (!prepare(conn, &fresh, text))
            return NULL;
        stmt = victim_of(set);
        if (stmt)
            stmt_clear(stmt);
        fresh.is_loose = !stmt;
        if (!stmt && !(stmt = malloc(sizeof *stmt)))
            abort();
        *stmt = fresh;
    }
    return stmt;
}

static Stmt *stmt_take(SqliteConn *conn, const char *text)
{
    Stmt **near = &conn->near[(uintptr_t)text / 8 % STMT_NEAR];
    Stmt *stmt = *near && is_at_hand(*near, text) ? *near : stmt_find(conn, text);
    if (!stmt)
        return NULL;
    *near = stmt->is_loose ? NULL : stmt;
    stmt->is_busy = true;
    stmt->used = ++conn->tick;
    return stmt;
}

// ---- Binding ------------------------------------------------------------------------------------

static int bind_one(sqlite3_stmt *stmt, int at, const Arg *arg, sqlite3_destructor_type life)
{
    Str view = arg_view(arg);
    switch (arg->type) {
    case ARG_NULL: return sqlite3_bind_null(stmt, at);
    case ARG_INT: return sqlite3_bind_int64(stmt, at, arg->number);
    case ARG_CODE:
    case ARG_TEXT: return sqlite3_bind_text64(stmt, at, view.ptr, view.len, life, SQLITE_UTF8);
    case ARG_BYTES: return sqlite3_bind_blob64(stmt, at, view.ptr, view.len, life);
    }
    return SQLITE_MISUSE;
}

// `life`: SQLITE_STATIC when the statement ends before the arguments do.
static bool bind(SqliteConn *conn, Stmt *stmt, Query query, sqlite3_destructor_type life)
{
    for (int i = 0; i < stmt->place_count; i++) {
        if (stmt->places[i] > query.count) {
            conn_fail(&conn->conn, LOSS_NONE, E_INTERNAL, "db.arguments",
                      "a statement lacks an argument", str_from(query.text));
            return false;
        }
        if (bind_one(stmt->stmt, i + 1, &query.args[stmt->places[i] - 1], life) != SQLITE_OK) {
            sqlite_failed(conn, query.text);
            return false;
        }
    }
    return true;
}

static void spool_open_rows(SqliteConn *conn);

static Stmt *start(SqliteConn *conn, Query query, sqlite3_destructor_type life)
{
    Stmt *stmt = stmt_take(conn, query.text);
    if (!stmt)
        return NULL;
    if (!stmt->is_readonly && !conn->conn.is_writing)
        conn_fail(&conn->conn, LOSS_NONE, E_INTERNAL, "db.read_only",
                  "a snapshot cannot be written to", str_from(query.text));
    if (!stmt->is_readonly)
        spool_open_rows(conn);
    if (!conn->conn.has_failed && bind(conn, stmt, query, life))
        return stmt;
    stmt_release(stmt);
    return NULL;
}

// ---- Running without rows -----------------------------------------------------------------------

int64_t sqlite_change(Conn *base, Query query)
{
    SqliteConn *conn = sqlite_of(base);
    Stmt *stmt = start(conn, query, SQLITE_STATIC);
    int64_t changed = 0;
    if (!stmt)
        return 0;
    int result;
    do
        result = sqlite3_step(stmt->stmt);
    while (result == SQLITE_ROW);
    if (result != SQLITE_DONE)
        sqlite_failed(conn, query.text);
    else if (!stmt->is_readonly)
        changed = sqlite3_changes64(conn->db);
    stmt_release(stmt);
    return changed;
}

void sqlite_run(Conn *conn, Query query)
{
    sqlite_change(conn, query);
}

// ---- Rows ---------------------------------------------------------------------------------------

static SqliteRows *rows_of(Rows *rows)
{
    return (SqliteRows *)rows;
}

static void let_go(SqliteRows *rows)
{
    SqliteConn *conn = sqlite_of(rows->rows.conn);
    SqliteRows **at = &conn->open_rows;
    while (*at != rows)
        at = &(*at)->next_open;
    *at = rows->next_open;
    stmt_release(rows->stmt);
    rows->stmt = NULL;
}

static void column_cell(sqlite3_stmt *stmt, int column, Cell *ret)
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_NULL: *ret = (Cell){ .type = CELL_NULL }; return;
    case SQLITE_INTEGER:
        *ret = (Cell){ .type = CELL_INT, .number = sqlite3_column_int64(stmt, column) };
        return;
    case SQLITE_FLOAT: *ret = (Cell){ .type = CELL_BAD }; return;  // an integer that overflowed
    case SQLITE_TEXT:
        *ret = (Cell){ .type = CELL_TEXT };
        ret->text.ptr = (const char *)sqlite3_column_text(stmt, column);
        break;
    default: *ret = (Cell){ .type = CELL_BYTES }; ret->text.ptr = sqlite3_column_blob(stmt, column);
    }
    ret->text.len = (size_t)sqlite3_column_bytes(stmt, column);
    if (!ret->text.len)
        ret->text = S("");
}

// The next row of the statement; its end, or its failure, lets go of it.
static bool step(SqliteRows *rows)
{
    SqliteConn *conn = sqlite_of(rows->rows.conn);
    int result = sqlite3_step(rows->stmt->stmt);
    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        sqlite_failed(conn, sqlite3_sql(rows->stmt->stmt));
    let_go(rows);
    return false;
}

static void spool(SqliteRows *rows)
{
    Arena *arena = rows->rows.ctx->arena;
    rows->is_spooled = true;
    while (rows->stmt && step(rows))
        for (int i = 0; i < rows->width; i++) {
            Cell *cell = list_push(arena, &rows->spool);
            column_cell(rows->stmt->stmt, i, cell);
            if (cell->type == CELL_TEXT || cell->type == CELL_BYTES)
                cell->text = str_copy(arena, cell->text);
        }
}

static void spool_open_rows(SqliteConn *conn)
{
    while (conn->open_rows)
        spool(conn->open_rows);
}

static bool take_kept(SqliteRows *rows, Query query)
{
    const KeptRows *kept = sqlite_kept_find(sqlite_of(rows->rows.conn), query);
    if (!kept)
        return false;
    rows->spool.items = sqlite_kept_cells(kept, &rows->spool.len, &rows->width);
    rows->is_spooled = true;
    return true;
}

void sqlite_rows_open(Rows *base, Query query)
{
    SqliteRows *rows = rows_of(base);
    SqliteConn *conn = sqlite_of(base->conn);
    if (query.is_kept && take_kept(rows, query))
        return;
    Stmt *stmt = start(conn, query, SQLITE_TRANSIENT);  // stepped when the arguments may be gone
    if (!stmt)
        return;
    rows->stmt = stmt;
    rows->width = sqlite3_column_count(stmt->stmt);
    rows->next_open = conn->open_rows;
    conn->open_rows = rows;
    if (!stmt->is_readonly)  // INSERT ... RETURNING: its effect must not wait for the reader
        spool(rows);
    if (!query.is_kept)
        return;
    spool(rows);
    if (!conn->conn.has_failed)
        sqlite_keep(conn, query, rows->spool.items, rows->spool.len, rows->width);
}

bool sqlite_rows_next(Rows *base)
{
    SqliteRows *rows = rows_of(base);
    if (!rows->is_spooled)
        return rows->stmt && step(rows);
    if (rows->at >= rows->spool.len)
        return false;
    rows->at += (size_t)rows->width;
    return true;
}

int sqlite_rows_width(const Rows *rows)
{
    return ((const SqliteRows *)rows)->width;
}

void sqlite_rows_cell(Rows *base, int column, Cell *ret)
{
    SqliteRows *rows = rows_of(base);
    if (rows->is_spooled)
        *ret = rows->spool.items[rows->at - (size_t)rows->width + (size_t)column];
    else
        column_cell(rows->stmt->stmt, column, ret);
}

void sqlite_rows_close(Rows *base)
{
    SqliteRows *rows = rows_of(base);
    if (rows->stmt)
        let_go(rows);
}

void sqlite_rest(Conn *base)
{
    SqliteConn *conn = sqlite_of(base);
    while (conn->open_rows)
        let_go(conn->open_rows);
}

void sqlite_free_statements(SqliteConn *conn)
{
    for (Stmt *stmt = conn->sets[0]; stmt < conn->sets[STMT_SETS]; stmt++)
        stmt_clear(stmt);
}
