// fixture.c - databases for tests.
#include "kernel/fixture.h"

#include <libpq-fe.h>
#include <unistd.h>

bool fixture_is_postgres(void)
{
    const char *engine = getenv("TEST_ENGINE");
    return engine && strcmp(engine, "postgres") == 0;
}

Engine fixture_engine(void)
{
    return fixture_is_postgres() ? ENGINE_POSTGRES : ENGINE_SQLITE;
}

// ---- Places -------------------------------------------------------------------------------------

static const char *conninfo(void)
{
    const char *info = getenv("TEST_PG");
    if (!info) {
        fprintf(stderr, "TEST_ENGINE=postgres needs TEST_PG; run tests/postgres.sh\n");
        exit(2);
    }
    return info;
}

static Str temporary_folder(Ctx *ctx)
{
    const char *base = getenv("TMPDIR");
    Str folder = str_format(ctx->arena, "%s/entrepot-test-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp((char *)folder.ptr)) {
        perror(folder.ptr);
        exit(2);
    }
    return folder;
}

DbPlace fixture_place(Ctx *ctx)
{
    static int count;
    if (!fixture_is_postgres())
        return (DbPlace){ .engine = ENGINE_SQLITE,
                          .file = str_join(ctx->arena, temporary_folder(ctx), S("/test.db")) };
    return (DbPlace){ .engine = ENGINE_POSTGRES,
                      .conninfo = str_from(conninfo()),
                      .schema = str_format(ctx->arena, "test_%d_%d", (int)getpid(), ++count) };
}

static void drop_schema(const DbPlace *place)
{
    Arena arena = { 0 };
    PGconn *pg = PQconnectdb(str_c(&arena, place->conninfo));
    Str drop = str_format(
        &arena, "SET client_min_messages = error; DROP SCHEMA IF EXISTS " STR_FMT " CASCADE",
        STR_ARG(place->schema));
    PQclear(PQexec(pg, drop.ptr));
    PQfinish(pg);
    arena_release(&arena);
}

static void remove_file(const DbPlace *place)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    Arena arena = { 0 };
    Str folder = str_sub(place->file, 0, (size_t)str_rfind_char(place->file, '/'));
    for (size_t i = 0; i < COUNT(endings); i++)
        unlink(str_format(&arena, STR_FMT "%s", STR_ARG(place->file), endings[i]).ptr);
    rmdir(str_c(&arena, folder));
    arena_release(&arena);
}

void fixture_remove(const DbPlace *place)
{
    if (place->engine == ENGINE_POSTGRES)
        drop_schema(place);
    else
        remove_file(place);
}

Db *fixture_open(Ctx *ctx)
{
    Db *db = NULL;
    DbPlace place = fixture_place(ctx);
    CHECK_OK(ctx, db_open(ctx, &place, true, &db));
    if (!db)
        exit(2);
    return db;
}

void fixture_close(Db *db)
{
    Arena arena = { 0 };
    const DbPlace *place = db_place(db);
    DbPlace copy = { place->engine, str_copy(&arena, place->file),
                     str_copy(&arena, place->conninfo), str_copy(&arena, place->schema) };
    db_drop(db);
    fixture_remove(&copy);
    arena_release(&arena);
}

// ---- Statements ---------------------------------------------------------------------------------

static Str replaced(Arena *arena, Str text, Str what, Str with)
{
    Buf out = { .arena = arena };
    for (ptrdiff_t at; (at = str_find(text, what)) >= 0;
         text = str_from_at(text, (size_t)at + what.len)) {
        buf_put(&out, str_sub(text, 0, (size_t)at));
        buf_put(&out, with);
    }
    buf_put(&out, text);
    return buf_str(&out);
}

static Status run_ddl(Ctx *ctx, void *arg)
{
    return db_write(ctx, (Query){ arg, NULL, 0 });
}

void fixture_ddl(Ctx *ctx, Db *db, const char *sql)
{
    Str text = str_from(sql);
    if (!fixture_is_postgres()) {
        text = replaced(ctx->arena, text, S("BIGINT"), S("INTEGER"));
        text = replaced(ctx->arena, text, S("BYTEA"), S("BLOB"));
        if (str_starts(text, S("CREATE TABLE")))
            text = str_join(ctx->arena, text, S(" STRICT"));
    }
    CHECK_OK(ctx, db_transact(ctx, db, run_ddl, (void *)sql_intern(text)));
}

typedef struct Number {
    const char *sql;
    int64_t value;
} Number;

static Status read_number(Ctx *ctx, void *arg)
{
    Number *number = arg;
    return db_one(ctx, ((Query){ number->sql, NULL, 0 }), &number->value);
}

int64_t fixture_number(Ctx *ctx, Db *db, const char *sql)
{
    Number number = { sql, -1 };
    CHECK_OK(ctx, db_read(ctx, db, read_number, &number));
    return number.value;
}

// ---- Threads ------------------------------------------------------------------------------------

Ctx *thread_ctx(ThreadCtx *thread, uint64_t seed)
{
    *thread = (ThreadCtx){ .random = { seed } };
    thread->ctx =
        (Ctx){ .arena = &thread->arena, .now = 1772445600000000, .random = &thread->random };
    return &thread->ctx;
}

void thread_ctx_release(ThreadCtx *thread)
{
    arena_release(&thread->arena);
}
