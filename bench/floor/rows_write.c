// rows_write.c - recorded rows, written through SQLite's and PostgreSQL's own C interfaces.
#include "floor/rows_inside.h"

#include "base/buf.h"

enum { PIPELINE_MAX = 256 };  // statements under way, fewer than fill a socket with answers

// ---- SQLite -------------------------------------------------------------------------------------

static void run(RowsFloor *floor, const char *sql)
{
    if (sqlite3_exec(floor->file, sql, NULL, NULL, NULL) != SQLITE_OK)
        rows_fail(sql, sqlite3_errmsg(floor->file));
}

static void bind(sqlite3_stmt *stmt, int at, const Value *value)
{
    if (value->type == SQLITE_INTEGER)
        sqlite3_bind_int64(stmt, at, value->number);
    else if (value->type == SQLITE_TEXT)
        sqlite3_bind_text(stmt, at, value->bytes, value->len, SQLITE_STATIC);
    else if (value->type == SQLITE_BLOB)
        sqlite3_bind_blob(stmt, at, value->bytes, value->len, SQLITE_STATIC);
    else
        sqlite3_bind_null(stmt, at);
}

static void sqlite_write(RowsFloor *floor, const Change *change)
{
    sqlite3_stmt *stmt = floor->statements.items[change->statement].sqlite;
    for (int i = 0; i < change->value_count; i++)
        bind(stmt, i + 1, change->values[i]);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        rows_fail(sqlite3_sql(stmt), sqlite3_errmsg(floor->file));
    sqlite3_reset(stmt);
}

static void sqlite_open(RowsFloor *floor, const DbPlace *place)
{
    if (sqlite3_open(str_c(&floor->arena, place->file), &floor->file) != SQLITE_OK)
        rows_fail("opening", sqlite3_errmsg(floor->file));
    sqlite3_db_config(floor->file, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    run(floor, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
               " PRAGMA mmap_size = 268435456; PRAGMA cache_size = -1024");
}

// ---- PostgreSQL ---------------------------------------------------------------------------------

static void pg_run(RowsFloor *floor, const char *sql)
{
    PGresult *result = PQexec(floor->pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        rows_fail(sql, PQerrorMessage(floor->pg));
    PQclear(result);
}

// What a parameter is sent as: numbers as text, bytes as hex.
static const char *pg_value(Buf *room, const Value *value)
{
    if (value->type == SQLITE_NULL)
        return NULL;
    if (value->type == SQLITE_TEXT)
        return value->bytes;
    size_t start = room->len;
    if (value->type == SQLITE_INTEGER) {
        buf_int(room, value->number);
    } else {
        buf_put(room, S("\\x"));
        for (int i = 0; i < value->len; i++)
            buf_printf(room, "%02x", (unsigned char)value->bytes[i]);
    }
    buf_char(room, '\0');
    return room->ptr + start;
}

static void pg_send(RowsFloor *floor, Arena *arena, const Change *change)
{
    const char *values[2 * COLUMNS_MAX];
    ArenaMark mark = arena_mark(arena);
    for (int i = 0; i < change->value_count; i++) {
        Buf room = { .arena = arena };
        values[i] = pg_value(&room, change->values[i]);
    }
    if (!PQsendQueryPrepared(floor->pg, floor->statements.items[change->statement].name,
                             change->value_count, values, NULL, NULL, 0))
        rows_fail("sending", PQerrorMessage(floor->pg));
    arena_rewind(arena, mark);
}

static void pg_take(RowsFloor *floor, int results)
{
    for (int seen = 0; seen < results;) {
        PGresult *result = PQgetResult(floor->pg);
        ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        seen += result != NULL;
        if (result && status != PGRES_COMMAND_OK && status != PGRES_PIPELINE_SYNC)
            rows_fail("writing", PQerrorMessage(floor->pg));
    }
}

static void pg_group(RowsFloor *floor, const Change *from, const Change *end)
{
    Arena arena = { 0 };
    int waiting = 1;
    PQsendQueryPrepared(floor->pg, "begin", 0, NULL, NULL, NULL, 0);
    for (const Change *change = from; change < end; change++) {
        pg_send(floor, &arena, change);
        if (++waiting < PIPELINE_MAX)
            continue;
        PQsendFlushRequest(floor->pg);
        PQflush(floor->pg);
        pg_take(floor, waiting);
        waiting = 0;
    }
    PQsendQueryPrepared(floor->pg, "commit", 0, NULL, NULL, NULL, 0);
    PQpipelineSync(floor->pg);
    pg_take(floor, waiting + 2);
    arena_release(&arena);
}

static void pg_prepare(RowsFloor *floor, const char *name, const char *sql)
{
    PGresult *result = PQprepare(floor->pg, name, sql, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        rows_fail(sql, PQerrorMessage(floor->pg));
    PQclear(result);
}

static void pg_open(RowsFloor *floor, const DbPlace *place)
{
    floor->pg = PQconnectdb(str_c(&floor->arena, place->conninfo));
    if (PQstatus(floor->pg) != CONNECTION_OK)
        rows_fail("connecting", PQerrorMessage(floor->pg));
    pg_run(floor,
           str_format(&floor->arena, "SET search_path = " STR_FMT, STR_ARG(place->schema)).ptr);
    pg_prepare(floor, "begin", "BEGIN ISOLATION LEVEL SERIALIZABLE");
    pg_prepare(floor, "commit", "COMMIT");
}

// ---- Either -------------------------------------------------------------------------------------

void rows_write_open(RowsFloor *floor, const DbPlace *place)
{
    if (place->engine == ENGINE_SQLITE)
        sqlite_open(floor, place);
    else
        pg_open(floor, place);
}

void rows_write_prepare(RowsFloor *floor, Statement *statement)
{
    if (floor->pg)
        pg_prepare(floor, statement->name, statement->text);
    else if (sqlite3_prepare_v2(floor->file, statement->text, -1, &statement->sqlite, NULL) !=
             SQLITE_OK)
        rows_fail(statement->text, sqlite3_errmsg(floor->file));
}

void rows_write_close(RowsFloor *floor)
{
    EACH (statement, floor->statements)
        sqlite3_finalize(statement->sqlite);
    sqlite3_close(floor->file);
    PQfinish(floor->pg);
}

void rows_write_group(RowsFloor *floor, const Change *from, const Change *end)
{
    if (floor->pg) {
        if (!PQpipelineStatus(floor->pg))
            PQenterPipelineMode(floor->pg);
        pg_group(floor, from, end);
        return;
    }
    run(floor, "BEGIN IMMEDIATE");
    for (const Change *change = from; change < end; change++)
        sqlite_write(floor, change);
    run(floor, "COMMIT");
}
