// db_sqlite.c - the SQLite driver: one file in write-ahead mode; many may read while the lane
// writes.
//
// Every commit is synced (synchronous = FULL). The write-ahead log is copied into the database by a
// thread of its own (checkpoint.c), never by the commit that happens to find it long. Tables are
// STRICT and foreign keys enforced, so that both engines refuse the same rows.
#include "kernel/db/sqlite.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUSY_MS = 250,          // patience with another program that holds the write lock
    PROGRESS_STEPS = 5000,  // virtual machine steps between two looks at the clock
};

static const char settings[] = "PRAGMA synchronous = FULL;"
                               "PRAGMA journal_size_limit = 67108864;"
                               "PRAGMA mmap_size = 268435456;"
                               "PRAGMA cache_size = -1024;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA case_sensitive_like = ON;";  // as PostgreSQL has it

// ---- Opening ------------------------------------------------------------------------------------

// The file is made by us, readable by nobody else; its folder is synced, or a power cut could lose
// the file with all that was committed into it.
static bool create_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return access(path, F_OK) == 0;
    close(fd);
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

static int stop_when_late(void *conn)
{
    return conn_is_late(conn);
}

static int note_log(void *conn, sqlite3 *db, const char *schema, int pages)
{
    ((Conn *)conn)->log_pages = pages;
    return SQLITE_OK;
}

static bool is_write_ahead(sqlite3 *db)
{
    sqlite3_stmt *stmt = NULL;
    bool yes = sqlite3_prepare_v2(db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL) == SQLITE_OK &&
               sqlite3_step(stmt) == SQLITE_ROW &&
               strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;
    sqlite3_finalize(stmt);
    return yes;
}

static bool configure(SqliteConn *conn)
{
    sqlite3 *db = conn->db;
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_MS);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);  // "x" is a name, as elsewhere
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_progress_handler(db, PROGRESS_STEPS, stop_when_late, conn);
    sqlite3_wal_hook(db, note_log, conn);  // takes the place of SQLite's own checkpoints
    return is_write_ahead(db) && sqlite3_exec(db, settings, NULL, NULL, NULL) == SQLITE_OK;
}

static void sqlite_close(Conn *base)
{
    SqliteConn *conn = sqlite_of(base);
    sqlite_rest(base);
    sqlite_free_statements(conn);
    sqlite_kept_clear(conn);
    sqlite3_finalize(conn->version);
    kept_free(base);
    sqlite3_close(conn->db);
    free(conn);
}

static Status sqlite_make(Ctx *ctx, const DbPlace *place)
{
    const char *path = str_c(ctx->arena, place->file);
    return create_file(path) ? OK : FAIL(ctx, E_INTERNAL, "db.io", "cannot create %s", path);
}

// How much memory SQLite holds is counted under one lock for all threads, at each allocation;
// nobody asks. Before its first use.
static void configure_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static Status sqlite_open(Ctx *ctx, const DbPlace *place, Conn **ret)
{
    const char *path = str_c(ctx->arena, place->file);
    if (access(path, F_OK) != 0)
        return FAIL(ctx, E_NOT_FOUND, "db.not_found", "there is no database %s", path);

    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure_library);
    char why[200] = "out of memory";
    SqliteConn *conn = calloc(1, sizeof *conn);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (conn && sqlite3_open_v2(path, &conn->db, flags, NULL) == SQLITE_OK && configure(conn)) {
        conn->conn.driver = &driver_sqlite;
        *ret = &conn->conn;
        return OK;
    }
    bool is_busy = conn && (sqlite3_errcode(conn->db) & 0xff) == SQLITE_BUSY;
    if (conn) {
        snprintf(why, sizeof why, "%s", sqlite3_errmsg(conn->db));
        sqlite_close(&conn->conn);
    }
    return FAIL(ctx, is_busy ? E_BUSY : E_INTERNAL, is_busy ? "db.busy" : "db.io",
                "cannot open %s: %s", path, why);
}

static bool sqlite_is_alive(Conn *conn)
{
    return true;
}

static void sqlite_enter(Conn *conn, bool create) {}

// ---- Transactions -------------------------------------------------------------------------------

static void control(Conn *conn, const char *text)
{
    sqlite_run(conn, (Query){ text, NULL, 0 });
}

// Writers take the write lock at once: a snapshot that turns writer could find that it is too old.
static void sqlite_begin(Conn *base)
{
    SqliteConn *conn = sqlite_of(base);
    conn->snapshot++;
    control(base, base->is_writing ? "BEGIN IMMEDIATE" : "BEGIN");
    conn->in_transaction = !base->has_failed;
}

static void sqlite_rollback(Conn *base)
{
    SqliteConn *conn = sqlite_of(base);
    sqlite_rest(base);
    conn->in_transaction = false;
    if (!sqlite3_get_autocommit(conn->db))
        control(base, "ROLLBACK");
    if (!sqlite3_get_autocommit(conn->db))
        base->is_worn = true;
    conn_forget(base);
}

static void sqlite_commit(Conn *base)
{
    SqliteConn *conn = sqlite_of(base);
    sqlite_rest(base);
    if (base->has_failed)
        return;
    control(base, "COMMIT");
    conn->in_transaction = false;
    if (base->has_failed && base->loss < LOSS_ALL)
        base->loss = LOSS_ALL;
}

static void sqlite_savepoint(Conn *conn)
{
    control(conn, "SAVEPOINT member");
}

static void sqlite_release(Conn *conn)
{
    if (!conn->has_failed)
        control(conn, "RELEASE member");
}

static void sqlite_undo(Conn *conn)
{
    if (conn->loss != LOSS_NONE)
        return;
    conn_forget(conn);
    control(conn, "ROLLBACK TO member");
    control(conn, "RELEASE member");
    if (conn->has_failed && conn->loss == LOSS_NONE)
        conn->loss = LOSS_ALL;
}

static void sqlite_flush(Conn *conn) {}

static void sqlite_script(Conn *base, const char *text)
{
    SqliteConn *conn = sqlite_of(base);
    if (sqlite3_exec(conn->db, text, NULL, NULL, NULL) != SQLITE_OK)
        sqlite_failed(conn, text);
}

static int64_t sqlite_version(Conn *base)
{
    SqliteConn *conn = sqlite_of(base);
    if (!conn->version &&
        sqlite3_prepare_v3(conn->db, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT,
                           &conn->version, NULL) != SQLITE_OK)
        return 0;
    int64_t version =
        sqlite3_step(conn->version) == SQLITE_ROW ? sqlite3_column_int64(conn->version, 0) : 0;
    sqlite3_reset(conn->version);
    return version;
}

// One writer a file and no network: whether a COMMIT happened is always known.
static int64_t sqlite_transaction(const Conn *conn)
{
    return 0;
}

static Loss sqlite_outcome(Conn *conn, int64_t number)
{
    return LOSS_ALL;
}

const Driver driver_sqlite = {
    .rows_size = sizeof(SqliteRows),
    .make = sqlite_make,
    .open = sqlite_open,
    .close = sqlite_close,
    .is_alive = sqlite_is_alive,
    .enter = sqlite_enter,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .savepoint = sqlite_savepoint,
    .release = sqlite_release,
    .undo = sqlite_undo,
    .flush = sqlite_flush,
    .rest = sqlite_rest,
    .send = sqlite_run,
    .change = sqlite_change,
    .script = sqlite_script,
    .open_rows = sqlite_rows_open,
    .next_row = sqlite_rows_next,
    .row_width = sqlite_rows_width,
    .row_cell = sqlite_rows_cell,
    .close_rows = sqlite_rows_close,
    .version = sqlite_version,
    .outcome = sqlite_outcome,
    .transaction = sqlite_transaction,
};
