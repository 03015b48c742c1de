// db_postgres.c - the PostgreSQL driver: connections, transactions, a tenant's schema.
//
// A lane's transaction is SERIALIZABLE: within one node nothing competes with it, and it is the net
// under everything else that writes. It asks for its own number at its start, and COMMIT is not
// sent before that number is known: when the connection breaks while COMMIT is under way, the
// number tells later, on another connection, whether it happened.
#include "kernel/db/options.h"
#include "kernel/db/postgres.h"

#include <poll.h>

enum { SERVER_MIN = 150000 };

// ---- Connections --------------------------------------------------------------------------------

static void ignore_notice(void *arg, const char *message) {}

static void pg_close(Conn *base)
{
    PgConn *conn = pg_of(base);
    PQclear(conn->kept);
    PQfinish(conn->pg);
    arena_release(&conn->arena);
    kept_free(base);
    free(conn);
}

// What the connection string says goes before what we say.
static PGconn *connect_to(const char *conninfo)
{
    const char *const keys[] = { "connect_timeout", "tcp_user_timeout", "application_name",
                                 "client_encoding", "dbname",           NULL };
    const char *const values[] = { "5", "15000", "entrepot", "UTF8", conninfo, NULL };
    return PQconnectdbParams(keys, values, 1);
}

static bool configure(PGconn *pg)
{
    static const char settings[] = "SET client_min_messages = error;"
                                   "SET lock_timeout = '1s';"
                                   "SET idle_in_transaction_session_timeout = '10min';"
                                   "SET jit = off";
    PQsetNoticeProcessor(pg, ignore_notice, NULL);
    PGresult *result = PQexec(pg, settings);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return ok && PQenterPipelineMode(pg);
}

// A schema is made by pg_enter(), which has a connection.
static Status pg_make(Ctx *ctx, const DbPlace *place)
{
    return OK;
}

static Status pg_open(Ctx *ctx, const DbPlace *place, Conn **ret)
{
    PgConn *conn = calloc(1, sizeof *conn);
    if (!conn)
        return FAIL(ctx, E_LIMIT, "memory.limit", "there is not enough memory");
    conn->conn.driver = &driver_postgres;
    conn->schemas.arena = &conn->arena;
    conn->pg = connect_to(str_c(ctx->arena, place->conninfo));
    if (PQstatus(conn->pg) == CONNECTION_OK && configure(conn->pg)) {
        *ret = &conn->conn;
        return OK;
    }
    Str why = str_trim(str_copy(ctx->arena, str_from(PQerrorMessage(conn->pg))));
    pg_close(&conn->conn);
    return FAIL(ctx, E_BUSY, "db.gone", "the database does not answer: " STR_FMT, STR_ARG(why));
}

// Whether the server has hung up meanwhile. Its last words and the end of the stream arrive one by
// one.
static bool pg_is_alive(Conn *base)
{
    PGconn *pg = pg_of(base)->pg;
    struct pollfd fd = { .fd = PQsocket(pg), .events = POLLIN };
    for (int i = 0; i < 3 && PQstatus(pg) == CONNECTION_OK && poll(&fd, 1, 0) > 0; i++)
        PQconsumeInput(pg);
    return PQstatus(pg) == CONNECTION_OK;
}

// ---- The namespace ------------------------------------------------------------------------------

static bool is_schema_name(Str name)
{
    bool ok = name.len > 0 && name.len <= DB_NAME_MAX && !str_starts(name, S("pg_"));
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        ok = ok && ((c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9'));
    }
    return ok;
}

static bool is_true(const PGresult *result, int column)
{
    return PQgetvalue(result, 0, column)[0] == 't';
}

static void make_schema(PgConn *conn, Str name)
{
    char text[128];
    snprintf(text, sizeof text, "CREATE SCHEMA IF NOT EXISTS " STR_FMT, STR_ARG(name));
    conn->conn.driver->script(&conn->conn, text);
}

static void pg_enter(Conn *base, bool create)
{
    PgConn *conn = pg_of(base);
    Str schema = db_place(base->db)->schema;
    if (!is_schema_name(schema)) {
        conn_fail(base, LOSS_NONE, E_INVALID, "db.schema",
                  "a schema's name is lower-case letters, digits and _", schema);
        return;
    }
    pg_aim(conn, schema);
    pg_send(base, SQL("SELECT datcollate = 'C' AND pg_encoding_to_char(encoding) = 'UTF8',"
                      " CAST(current_setting('server_version_num') AS int) >= $1,"
                      " EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $2)"
                      " FROM pg_database WHERE datname = current_database()",
                      SERVER_MIN, schema));
    pg_wait(conn);
    if (base->has_failed)
        return;
    if (!is_true(conn->kept, 0))
        conn_fail(base, LOSS_NONE, E_INVALID, "db.collation",
                  "the PostgreSQL database must be created with ENCODING UTF8 and LC_COLLATE C",
                  S(""));
    else if (!is_true(conn->kept, 1))
        conn_fail(base, LOSS_NONE, E_INVALID, "db.version", "PostgreSQL 15 or newer is needed",
                  S(""));
    else if (!is_true(conn->kept, 2) && create)
        make_schema(conn, schema);
    else if (!is_true(conn->kept, 2))
        conn_fail(base, LOSS_NONE, E_NOT_FOUND, "db.not_found", "there is no such schema", schema);
}

// ---- Transactions -------------------------------------------------------------------------------

static void control(PgConn *conn, const char *text)
{
    pg_send(&conn->conn, (Query){ text, NULL, 0 });
}

// With several nodes, one group at a time over all of them. The lock is the session's and is waited
// for before BEGIN: a snapshot taken before the wait would be stale behind it.
static void take_lock(PgConn *conn)
{
    if (!db_options()->has_many_nodes)
        return;
    pg_send(&conn->conn,
            SQL("SELECT pg_advisory_lock(hashtextextended($1, 0))", conn->schema->name));
    pg_sync(conn);
    conn->has_lock = true;
}

static void give_lock_back(PgConn *conn)
{
    if (!conn->has_lock || conn->conn.is_worn)
        return;
    pg_send(&conn->conn,
            SQL("SELECT pg_advisory_unlock(hashtextextended($1, 0))", conn->schema->name));
    pg_sync(conn);
    conn->has_lock = false;
}

static void pg_begin(Conn *base)
{
    PgConn *conn = pg_of(base);
    pg_aim(conn, db_place(base->db)->schema);
    conn->number = conn->number_asked = 0;
    if (!base->is_writing) {
        control(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        return;
    }
    char limit[16];
    snprintf(limit, sizeof limit, "%d", base->limit_ms);
    take_lock(conn);
    control(conn, "BEGIN ISOLATION LEVEL SERIALIZABLE");
    pg_send(base,
            SQL("SELECT pg_current_xact_id(), set_config('statement_timeout', $1, true)", limit));
    conn->number_asked = conn->sent;
}

static void pg_flush(Conn *base)
{
    PgConn *conn = pg_of(base);
    if (conn->sent > conn->read)
        pg_wait(conn);
}

static void pg_rollback(Conn *base)
{
    PgConn *conn = pg_of(base);
    pg_flush(base);
    conn_forget(base);
    control(conn, "ROLLBACK");
    pg_wait(conn);
    base->is_worn |= base->has_failed || PQtransactionStatus(conn->pg) != PQTRANS_IDLE;
    conn_forget(base);
    give_lock_back(conn);
}

static void commit_write(PgConn *conn)
{
    if (!conn->number)
        pg_wait(conn);
    if (conn->conn.has_failed)
        return;
    conn->commit_asked = INT64_MAX;
    control(conn, "COMMIT");
    conn->commit_asked = conn->sent;
    pg_wait(conn);
    conn->commit_asked = 0;
    if (!conn->conn.has_failed)
        give_lock_back(conn);
}

static void pg_commit(Conn *base)
{
    PgConn *conn = pg_of(base);
    if (base->is_writing) {
        commit_write(conn);
        return;
    }
    conn_forget(base);
    control(conn, "COMMIT");
    pg_sync(conn);  // nothing to learn from it: read before the connection's next use
}

static void pg_savepoint(Conn *conn)
{
    control(pg_of(conn), "SAVEPOINT member");
}

static void pg_release(Conn *conn)
{
    control(pg_of(conn), "RELEASE SAVEPOINT member");
}

static void pg_undo(Conn *base)
{
    PgConn *conn = pg_of(base);
    pg_flush(base);
    if (base->loss != LOSS_NONE)
        return;
    conn_forget(base);
    control(conn, "ROLLBACK TO SAVEPOINT member");
    control(conn, "RELEASE SAVEPOINT member");
}

static void pg_rest(Conn *conn) {}

// Simple protocol, which takes several statements at once. Only for texts of our own.
static void pg_script(Conn *base, const char *text)
{
    PgConn *conn = pg_of(base);
    pg_wait(conn);
    if (base->has_failed || !PQexitPipelineMode(conn->pg))
        return;
    PGresult *result = PQexec(conn->pg, text);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        pg_failed(conn, result, text);
    PQclear(result);
    if (!PQenterPipelineMode(conn->pg))
        pg_gone(conn);
}

static int64_t pg_transaction(const Conn *conn)
{
    return ((const PgConn *)conn)->number;
}

// Other programs may write to the same schema, and the server does not say so.
static int64_t pg_version(Conn *conn)
{
    return 0;
}

static Loss pg_outcome(Conn *base, int64_t number)
{
    PgConn *conn = pg_of(base);
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    pg_aim(conn, db_place(base->db)->schema);
    pg_send(base, SQL("SELECT pg_xact_status(CAST($1 AS xid8))", text));
    pg_wait(conn);
    if (base->has_failed)
        return LOSS_UNKNOWN;
    const char *status = PQgetvalue(conn->kept, 0, 0);
    return strcmp(status, "committed") == 0 ? LOSS_NONE
         : strcmp(status, "aborted") == 0   ? LOSS_ALL
                                            : LOSS_UNKNOWN;
}

const Driver driver_postgres = {
    .rows_size = sizeof(PgRows),
    .make = pg_make,
    .open = pg_open,
    .close = pg_close,
    .is_alive = pg_is_alive,
    .enter = pg_enter,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .savepoint = pg_savepoint,
    .release = pg_release,
    .undo = pg_undo,
    .flush = pg_flush,
    .rest = pg_rest,
    .send = pg_send,
    .change = pg_change,
    .script = pg_script,
    .open_rows = pg_rows_open,
    .next_row = pg_rows_next,
    .row_width = pg_rows_width,
    .row_cell = pg_rows_cell,
    .close_rows = pg_rows_close,
    .version = pg_version,
    .outcome = pg_outcome,
    .transaction = pg_transaction,
};
