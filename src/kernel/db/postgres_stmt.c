// postgres_stmt.c - statements on PostgreSQL: prepared once, sent without waiting, their results
// read in order.
#include "kernel/db/postgres.h"

#include "kernel/db/options.h"

#include <endian.h>

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_NUMERIC = 1700
};
enum { BINARY = 1, TEXT_RESULT = 0 };
enum { STATEMENTS_MAX = 2000 };  // the server keeps a plan of each

// ---- Statements ---------------------------------------------------------------------------------

static Oid type_of(const Arg *arg)
{
    switch (arg->type) {
    case ARG_NULL: return 0;
    case ARG_INT: return OID_INT8;
    case ARG_TEXT:
    case ARG_CODE: return OID_TEXT;
    case ARG_BYTES: return OID_BYTEA;
    }
    return 0;
}

static bool fits(const PgStmt *stmt, Query query)
{
    if (stmt->count != query.count)
        return false;
    for (int i = 0; i < query.count; i++)
        if (query.args[i].type != ARG_NULL && stmt->types[i] != type_of(&query.args[i]))
            return false;
    return true;
}

// For a NULL, the type that was seen elsewhere is the best guess.
static PgStmt *stmt_new(PgConn *conn, PgStmt *other, Query query)
{
    PgStmt *stmt = arena_alloc(&conn->arena, sizeof *stmt + (size_t)query.count * sizeof(Oid));
    stmt->other = other;
    stmt->text = other ? other->text : str_c(&conn->arena, str_from(query.text));
    stmt->count = query.count;
    for (int i = 0; i < query.count; i++) {
        stmt->types[i] = type_of(&query.args[i]);
        if (!stmt->types[i] && other && i < other->count)
            stmt->types[i] = other->types[i];
    }
    return stmt;
}

static PgStmt *stmt_find(PgConn *conn, Query query)
{
    Map *statements = &conn->schema->statements;
    Str text = str_from(query.text);
    PgStmt *first = map_get(statements, text);
    for (PgStmt *stmt = first; stmt; stmt = stmt->other)
        if (fits(stmt, query))
            return stmt;
    PgStmt *stmt = stmt_new(conn, first, query);
    map_set(statements, str_from(stmt->text), stmt);
    return stmt;
}

// What a failed pipeline skipped was never prepared.
static void forget_since(PgConn *conn, int64_t command)
{
    for (size_t s = 0; s < conn->schemas.len; s++) {
        const PgSchema *schema = conn->schemas.values[s];
        for (size_t i = 0; i < schema->statements.len; i++)
            for (PgStmt *stmt = schema->statements.values[i]; stmt; stmt = stmt->other)
                if (stmt->asked >= command)
                    stmt->name[0] = '\0';
    }
}

// ---- Sending ------------------------------------------------------------------------------------

static const PgStmt **place_of(PgConn *conn, int64_t command)
{
    return &conn->under_way[command % (int64_t)COUNT(conn->under_way)];
}

static void count_sent(PgConn *conn, const PgStmt *stmt, int ok)
{
    *place_of(conn, ++conn->sent) = stmt;
    if (!ok)
        pg_gone(conn);
}

static void prepare(PgConn *conn, PgStmt *stmt)
{
    snprintf(stmt->name, sizeof stmt->name, "s%d", ++conn->statement_count);
    stmt->asked = conn->sent + 1;
    if (conn->statement_count > STATEMENTS_MAX)
        conn->conn.is_worn = true;
    count_sent(conn, stmt,
               PQsendPrepare(conn->pg, stmt->name, stmt->text, stmt->count, stmt->types));
}

// Arguments go in binary: text without a copy, numbers without their digits.
static void execute(PgConn *conn, const PgStmt *stmt, Query query)
{
    const char *values[DB_ARGS_MAX];
    int lengths[DB_ARGS_MAX], formats[DB_ARGS_MAX];
    uint64_t numbers[DB_ARGS_MAX];
    for (int i = 0; i < query.count; i++) {
        const Arg *arg = &query.args[i];
        Str view = arg_view(arg);
        numbers[i] = htobe64((uint64_t)arg->number);
        values[i] = arg->type == ARG_NULL ? NULL
                  : arg->type == ARG_INT  ? (char *)&numbers[i]
                                          : view.ptr;
        lengths[i] = arg->type == ARG_INT ? (int)sizeof numbers[i] : (int)view.len;
        formats[i] = BINARY;
    }
    count_sent(conn, stmt,
               PQsendQueryPrepared(conn->pg, stmt->name, query.count, values, lengths, formats,
                                   TEXT_RESULT));
}

void pg_send(Conn *base, Query query)
{
    PgConn *conn = pg_of(base);
    if (conn->sent - conn->read >= PG_UNDER_WAY_MAX)
        pg_wait(conn);
    if (base->has_failed)
        return;
    PgStmt *stmt = stmt_find(conn, query);
    if (!stmt->name[0])
        prepare(conn, stmt);
    if (!base->has_failed)
        execute(conn, stmt, query);
}

void pg_sync(PgConn *conn)
{
    if (PQpipelineSync(conn->pg))
        conn->syncs++;
    else
        pg_gone(conn);
}

// Setting the path inside a transaction would be undone with it, so it stands before a
// synchronisation point of its own.
void pg_aim(PgConn *conn, Str name)
{
    if (conn->schema && str_eq(conn->schema->name, name))
        return;
    conn->schema = map_get(&conn->schemas, name);
    if (!conn->schema) {
        conn->schema = NEW(&conn->arena, PgSchema);
        *conn->schema = (PgSchema){ str_copy(&conn->arena, name), { .arena = &conn->arena } };
        map_put(&conn->schemas, conn->schema->name, conn->schema);
    }
    if (conn->schemas.len > (size_t)db_options()->tenants_max)
        conn->conn.is_worn = true;  // the server keeps a catalog of every schema it has touched
    pg_send(&conn->conn, SQL("SELECT set_config('search_path', $1, false)", name));
    pg_sync(conn);
}

// ---- Reading ------------------------------------------------------------------------------------

static void keep(PgConn *conn, PGresult *result)
{
    PQclear(conn->kept);
    conn->kept = result;
}

static void note_number(PgConn *conn, const PGresult *result)
{
    if (conn->read == conn->number_asked && PQntuples(result) == 1)
        str_int(str_from(PQgetvalue(result, 0, 0)), &conn->number);
}

// A dying server may have last words that answer no command.
static const char *text_of(PgConn *conn, int64_t command)
{
    return command <= conn->sent ? (*place_of(conn, command))->text : "";
}

static void read_one(PgConn *conn, PGresult *result)
{
    conn->read++;
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        note_number(conn, result);
        keep(conn, result);
        return;
    case PGRES_PIPELINE_ABORTED: break;
    default:
        pg_failed(conn, result, text_of(conn, conn->read));
        if (conn->read == conn->commit_asked && conn->conn.loss < LOSS_ALL)
            conn->conn.loss = LOSS_ALL;
        forget_since(conn, conn->read);
    }
    keep(conn, NULL);
    PQclear(result);
}

// The results up to the next synchronisation point, or to the end of the connection.
static void read_segment(PgConn *conn)
{
    int blanks =
        0;  // a NULL stands behind each result; two in a row mean that nothing more will come
    while (PQstatus(conn->pg) == CONNECTION_OK && blanks < 2) {
        PGresult *result = PQgetResult(conn->pg);
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            conn->syncs--;
            return;
        }
        blanks = result ? 0 : blanks + 1;
        if (result)
            read_one(conn, result);
    }
    conn->syncs = 0;
    pg_gone(conn);
}

void pg_wait(PgConn *conn)
{
    keep(conn, NULL);
    pg_sync(conn);
    while (conn->syncs > 0)
        read_segment(conn);
    conn->read = conn->sent;
    if (conn->conn.has_failed)
        keep(conn, NULL);
}

int64_t pg_change(Conn *base, Query query)
{
    PgConn *conn = pg_of(base);
    int64_t changed = 0;
    pg_send(base, query);
    pg_wait(conn);
    if (!base->has_failed)
        str_int(str_from(PQcmdTuples(conn->kept)), &changed);
    return changed;
}

// ---- Rows ---------------------------------------------------------------------------------------

static PgRows *rows_of(Rows *rows)
{
    return (PgRows *)rows;
}

void pg_rows_open(Rows *base, Query query)
{
    PgRows *rows = rows_of(base);
    PgConn *conn = pg_of(base->conn);
    pg_send(base->conn, query);
    pg_wait(conn);
    rows->result = conn->kept;
    conn->kept = NULL;
    rows->count = PQntuples(rows->result);
    rows->at = -1;
}

bool pg_rows_next(Rows *base)
{
    PgRows *rows = rows_of(base);
    return ++rows->at < rows->count;
}

int pg_rows_width(const Rows *rows)
{
    return PQnfields(((const PgRows *)rows)->result);
}

// sum() of BIGINT is NUMERIC, which may be too large for us, and avg() is not whole.
static void number_cell(Str text, Cell *ret)
{
    ret->type = str_int(text, &ret->number) ? CELL_INT : CELL_BAD;
}

static int hex_value(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

// "\x00ff" -> two bytes
static Str bytes_from(Arena *arena, Str text)
{
    size_t len = text.len / 2 - 1;
    char *bytes = arena_alloc(arena, len + 1);
    for (size_t i = 0; i < len; i++) {
        const char *digits = text.ptr + 2 + 2 * i;
        bytes[i] = (char)(hex_value(digits[0]) << 4 | hex_value(digits[1]));
    }
    return (Str){ bytes, len };
}

void pg_rows_cell(Rows *base, int column, Cell *ret)
{
    PgRows *rows = rows_of(base);
    Str text = { PQgetvalue(rows->result, rows->at, column),
                 (size_t)PQgetlength(rows->result, rows->at, column) };
    *ret = (Cell){ .type = CELL_TEXT, .text = text };
    if (PQgetisnull(rows->result, rows->at, column)) {
        ret->type = CELL_NULL;
        return;
    }
    switch (PQftype(rows->result, column)) {
    case OID_INT8:
    case OID_INT4:
    case OID_INT2:
    case OID_NUMERIC: number_cell(text, ret); return;
    case OID_BOOL: *ret = (Cell){ .type = CELL_INT, .number = text.ptr[0] == 't' }; return;
    case OID_BYTEA:
        *ret = (Cell){ .type = CELL_BYTES, .text = bytes_from(base->ctx->arena, text) };
        return;
    }
}

void pg_rows_close(Rows *base)
{
    PgRows *rows = rows_of(base);
    PQclear(rows->result);
    rows->result = NULL;
}
