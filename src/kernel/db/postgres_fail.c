// postgres_fail.c - PostgreSQL's SQLSTATEs as failures.
// https://www.postgresql.org/docs/15/errcodes-appendix.html
#include "kernel/db/postgres.h"

typedef struct Reason {
    const char *state;  // or the start of it
    Loss loss;
    bool is_worn;  // the connection is of no more use
    Status status;
    const char *code, *sentence;
} Reason;

// clang-format off
static const Reason reasons[] = {  // the first that fits
    { "40001", LOSS_CONFLICT,   false, E_BUSY,     "db.conflict",    "others were changing the same" },
    { "40P01", LOSS_CONFLICT,   false, E_BUSY,     "db.conflict",    "others were changing the same" },
    { "55P03", LOSS_CONFLICT,   false, E_BUSY,     "db.busy",        "the database is busy" },
    { "26000", LOSS_CONFLICT,   true,  E_BUSY,     "db.changed",     "the tables were just changed" },
    { "57014", LOSS_NONE,       false, E_LIMIT,    "lane.too_slow",  "this takes too long to do at once" },
    { "22003", LOSS_NONE,       false, E_INVALID,  "number.range",   "the number is too large" },
    { "22021", LOSS_NONE,       false, E_INVALID,  "db.text",        "a text is not valid UTF-8" },
    { "LEDGE", LOSS_NONE,       false, E_INTERNAL, "db.append_only", "a ledger is only ever added to" },
    { "25006", LOSS_NONE,       false, E_INTERNAL, "db.read_only",   "a snapshot cannot be written to" },
    { "54",    LOSS_NONE,       false, E_LIMIT,    "db.too_long",    "this is too long to be stored" },
    { "53100", LOSS_NONE,       false, E_INTERNAL, "db.full",        "the disk is full" },
    { "53",    LOSS_CONNECTION, true,  E_BUSY,     "db.busy",        "the database is busy" },
    { "57P",   LOSS_CONNECTION, true,  E_BUSY,     "db.gone",        "the database does not answer" },
    { "08",    LOSS_CONNECTION, true,  E_BUSY,     "db.gone",        "the database does not answer" },
    { "23",    LOSS_NONE,       false, E_INTERNAL, "db.refused",     "the database refused a row" },
    { "",      LOSS_NONE,       false, E_INTERNAL, "db.statement",   "the database does not understand a statement" },
};
// clang-format on

void pg_gone(PgConn *conn)
{
    Loss loss = conn->commit_asked ? LOSS_UNKNOWN : LOSS_CONNECTION;
    Str words = str_from(PQerrorMessage(conn->pg)), first = S("");
    str_next(&words, '\n', &first);
    conn->conn.is_worn = true;
    conn_fail(&conn->conn, loss, E_BUSY, "db.gone", "the database does not answer", first);
}

static bool fail_constraint(PgConn *conn, const PGresult *result, const char *state)
{
    Str name = str_from(PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME));
    if (strcmp(state, "23505") == 0)
        conn_violated(&conn->conn, VIOLATES_UNIQUE, name);
    else if (strcmp(state, "23514") == 0)
        conn_violated(&conn->conn, VIOLATES_CHECK, name);
    else if (strcmp(state, "23503") == 0)
        conn_violated(&conn->conn, VIOLATES_REFERENCE, S(""));
    else
        return false;
    return true;
}

static const Reason *reason_of(const char *state, const char *message)
{
    static const Reason stale_plan = { "0A000", LOSS_CONFLICT, true,
                                       E_BUSY,  "db.changed",  "the tables were just changed" };
    if (strcmp(state, stale_plan.state) == 0 && strstr(message, "cached plan"))
        return &stale_plan;
    const Reason *reason = reasons;
    while (!str_starts(str_from(state), str_from(reason->state)))
        reason++;
    return reason;
}

void pg_failed(PgConn *conn, const PGresult *result, const char *text)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!state || !message || PQstatus(conn->pg) == CONNECTION_BAD) {
        pg_gone(conn);
    } else if (!fail_constraint(conn, result, state)) {
        char detail[480];
        const Reason *reason = reason_of(state, message);
        snprintf(detail, sizeof detail, "%s in: %.300s", message, text);
        conn->conn.is_worn |= reason->is_worn;
        conn_fail(&conn->conn, reason->loss, reason->status, reason->code, reason->sentence,
                  str_from(detail));
    }
}
