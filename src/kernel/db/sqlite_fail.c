// sqlite_fail.c - SQLite's result codes as failures.
//
// SQLite names a violated CHECK and a unique index over expressions, but of a plain unique index
// only its columns; those are looked up in the catalog.
#include "kernel/db/sqlite.h"

// What stands behind "constraint failed: ".
static Str violated(SqliteConn *conn)
{
    Str message = str_from(sqlite3_errmsg(conn->db)), lead = S("constraint failed: ");
    ptrdiff_t at = str_find(message, lead);
    return at < 0 ? S("") : str_from_at(message, (size_t)at + lead.len);
}

// The unique index of `table` over exactly these columns ("a, b"). A primary key is called
// TABLE_pkey, as PostgreSQL does.
static Str index_over(SqliteConn *conn, Str table, Str columns, char *to, size_t size)
{
    static const char find[] =
        "SELECT name FROM pragma_index_list(?1) AS i WHERE i.\"unique\" AND i.origin <>"
        " 'pk' AND ?2 ="
        " (SELECT group_concat(name, ', ') FROM"
        " (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno))";
    sqlite3_stmt *stmt = NULL;
    snprintf(to, size, STR_FMT "_pkey", STR_ARG(table));
    if (sqlite3_prepare_v2(conn->db, find, -1, &stmt, NULL) == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, table.ptr, (int)table.len, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 2, columns.ptr, (int)columns.len, SQLITE_STATIC);
        if (sqlite3_step(stmt) == SQLITE_ROW)
            snprintf(to, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
    }
    sqlite3_finalize(stmt);
    return str_from(to);
}

// "UNIQUE constraint failed: index 'sales_order__external'", or "...: party.country,
// party.tax_number".
static void fail_unique(SqliteConn *conn)
{
    char list[512], table[128], columns[512], name[128];
    size_t len = 0;
    snprintf(list, sizeof list, STR_FMT, STR_ARG(violated(conn)));
    Str rest = str_from(list), part, index = S("index '");
    if (str_starts(rest, index)) {
        Str quoted = str_sub(rest, index.len, rest.len - index.len - 1);
        conn_violated(&conn->conn, VIOLATES_UNIQUE, quoted);
        return;
    }
    table[0] = columns[0] = '\0';
    while (str_next(&rest, ',', &part)) {
        part = str_trim(part);
        ptrdiff_t dot = str_find_char(part, '.');
        if (dot < 0 || len >= sizeof columns)
            break;
        snprintf(table, sizeof table, "%.*s", (int)dot, part.ptr);
        len += (size_t)snprintf(columns + len, sizeof columns - len, "%s" STR_FMT, len ? ", " : "",
                                STR_ARG(str_from_at(part, (size_t)dot + 1)));
    }
    conn_violated(&conn->conn, VIOLATES_UNIQUE,
                  index_over(conn, str_from(table), str_from(columns), name, sizeof name));
}

static void fail_constraint(SqliteConn *conn, int code, Str detail)
{
    char name[128];
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: fail_unique(conn); return;
    case SQLITE_CONSTRAINT_CHECK:
        snprintf(name, sizeof name, STR_FMT, STR_ARG(violated(conn)));
        conn_violated(&conn->conn, VIOLATES_CHECK, str_from(name));
        return;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        conn_violated(&conn->conn, VIOLATES_REFERENCE, S(""));
        return;
    case SQLITE_CONSTRAINT_TRIGGER:
        conn_fail(&conn->conn, LOSS_NONE, E_INTERNAL, "db.append_only",
                  "a ledger is only ever added to", detail);
        return;
    case SQLITE_CONSTRAINT_DATATYPE:  // arithmetic that overflows turns into a REAL
        if (str_find(detail, S("REAL value")) >= 0)
            conn_fail(&conn->conn, LOSS_NONE, E_INVALID, "number.range", "the number is too large",
                      S(""));
    }
    conn_fail(&conn->conn, LOSS_NONE, E_INTERNAL, "db.refused", "the database refused a row",
              detail);
}

typedef struct Reason {
    int result;  // primary code
    Loss loss;
    Status status;
    const char *code, *sentence;
} Reason;

// clang-format off
static const Reason reasons[] = {
    { SQLITE_BUSY,     LOSS_CONFLICT, E_BUSY,     "db.busy",      "the database is busy" },
    { SQLITE_LOCKED,   LOSS_CONFLICT, E_BUSY,     "db.busy",      "the database is busy" },
    { SQLITE_FULL,     LOSS_NONE,     E_INTERNAL, "db.full",      "the disk is full" },
    { SQLITE_IOERR,    LOSS_NONE,     E_INTERNAL, "db.io",        "the disk does not answer" },
    { SQLITE_CANTOPEN, LOSS_NONE,     E_INTERNAL, "db.io",        "the database file cannot be opened" },
    { SQLITE_CORRUPT,  LOSS_NONE,     E_INTERNAL, "db.corrupt",   "the database file is damaged" },
    { SQLITE_NOTADB,   LOSS_NONE,     E_INTERNAL, "db.corrupt",   "the file is not a database" },
    { SQLITE_READONLY, LOSS_NONE,     E_INTERNAL, "db.read_only", "the database cannot be written" },
    { SQLITE_NOMEM,    LOSS_NONE,     E_LIMIT,    "db.memory",    "there is not enough memory" },
    { SQLITE_TOOBIG,   LOSS_NONE,     E_LIMIT,    "db.too_long",  "a text is too long to be stored" },
    { SQLITE_INTERRUPT, LOSS_NONE,    E_LIMIT,    "lane.too_slow", "this takes too long to do at once" },
    { SQLITE_RANGE,    LOSS_NONE,     E_INTERNAL, "db.arguments", "a statement lacks an argument" },
};
// clang-format on

static void fail_reason(SqliteConn *conn, int result, Str detail)
{
    for (const Reason *reason = reasons; reason < reasons + COUNT(reasons); reason++)
        if (reason->result == result) {
            conn_fail(&conn->conn, reason->loss, reason->status, reason->code, reason->sentence,
                      detail);
            return;
        }
    if (str_starts(detail, S("integer overflow")))
        conn_fail(&conn->conn, LOSS_NONE, E_INVALID, "number.range", "the number is too large",
                  S(""));
    else
        conn_fail(&conn->conn, LOSS_NONE, E_INTERNAL, "db.statement",
                  "the database does not understand a statement", detail);
}

void sqlite_failed(SqliteConn *conn, const char *text)
{
    char detail[480];
    int code = sqlite3_extended_errcode(conn->db), result = code & 0xff;
    snprintf(detail, sizeof detail, "%s in: %.300s", sqlite3_errmsg(conn->db), text);
    if (result == SQLITE_CONSTRAINT)
        fail_constraint(conn, code, str_from(detail));
    else
        fail_reason(conn, result, str_from(detail));
    // Some failures (full disk, I/O, an interrupted write) end the transaction by themselves.
    if (conn->in_transaction && sqlite3_get_autocommit(conn->db))
        conn_fail(&conn->conn, LOSS_ALL, E_INTERNAL, "db.lost", "the transaction was lost",
                  str_from(detail));
}
