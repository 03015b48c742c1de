// test_kept_reads.c - rows that a reading connection keeps (Query.is_kept) are what the database
// would answer.
#include "kernel/db/lane.h"

#include "harness.h"
#include "kernel/fixture.h"

static Db *open_things(Ctx *ctx)
{
    Db *db = fixture_open(ctx);
    fixture_ddl(ctx, db,
                "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL DEFAULT '',"
                " amount BIGINT)");
    return db;
}

static Status add_one(Ctx *ctx, void *arg)
{
    return db_write(ctx, SQL("UPDATE thing SET amount = amount + 1 WHERE id = 1"));
}

// "1 Anton 10, " of each; what is kept holds texts, numbers and nothing at all.
static Status ask_kept(Ctx *ctx, int64_t from, Buf *out)
{
    Query query = SQL("SELECT id, name, amount FROM thing WHERE id >= $1 ORDER BY id", from);
    query.is_kept = true;
    int64_t id;
    Str name;
    MaybeInt amount;
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &id, &name, &amount))
        buf_printf(out, "%lld " STR_FMT " %lld, ", (long long)id, STR_ARG(name),
                   amount.known ? (long long)amount.value : -1LL);
    return rows_end(rows);
}

static Status look_at_kept(Ctx *ctx, void *arg)
{
    TRY(ask_kept(ctx, 1, arg));
    return ask_kept(ctx, 2, arg);
}

static Status look_at_kept_twice(Ctx *ctx, void *arg)
{
    ThreadCtx other;
    Buf before = { .arena = ctx->arena }, after = before;
    TRY(look_at_kept(ctx, &before));
    thread_ctx(&other, 1);
    CHECK_OK(&other.ctx, db_transact(&other.ctx, arg, add_one, NULL));
    thread_ctx_release(&other);
    TRY(look_at_kept(ctx, &after));
    CHECK(str_eq(buf_str(&before), buf_str(&after)));
    return OK;
}

static void check_kept(Ctx *ctx, Db *db, const char *wanted)
{
    for (int i = 0; i < 3; i++) {
        Buf seen = { .arena = ctx->arena };
        CHECK_OK(ctx, db_read(ctx, db, look_at_kept, &seen));
        CHECK_STR(buf_str(&seen), wanted);
    }
}

static void test_holds_until_somebody_commits(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    check_kept(ctx, db, "");
    fixture_ddl(ctx, db, "INSERT INTO thing (id, name, amount) VALUES (1, 'Anton', 10)");
    check_kept(ctx, db, "1 Anton 10, ");
    fixture_ddl(ctx, db, "INSERT INTO thing (id, name) VALUES (2, 'Ärmel')");
    check_kept(ctx, db, "1 Anton 10, 2 Ärmel -1, 2 Ärmel -1, ");
    CHECK_OK(ctx, db_transact(ctx, db, add_one, NULL));
    check_kept(ctx, db, "1 Anton 11, 2 Ärmel -1, 2 Ärmel -1, ");
    CHECK_OK(ctx, db_read(ctx, db, look_at_kept_twice, db));
    check_kept(ctx, db, "1 Anton 12, 2 Ärmel -1, 2 Ärmel -1, ");
    fixture_close(db);
}

// Whoever writes sees what he has written, and no other sees it before the commit.
static Status write_and_look(Ctx *ctx, void *arg)
{
    Buf seen = { .arena = ctx->arena };
    TRY(look_at_kept(ctx, &seen));
    CHECK_STR(buf_str(&seen), "1 Anton 10, ");
    TRY(add_one(ctx, NULL));
    buf_clear(&seen);
    TRY(look_at_kept(ctx, &seen));
    CHECK_STR(buf_str(&seen), "1 Anton 11, ");
    return FAIL(ctx, E_CONFLICT, "test.undone", "taken back");
}

static void test_nothing_that_is_not_committed(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    fixture_ddl(ctx, db, "INSERT INTO thing (id, name, amount) VALUES (1, 'Anton', 10)");
    check_kept(ctx, db, "1 Anton 10, ");
    CHECK_FAILS(ctx, "test.undone", db_transact(ctx, db, write_and_look, NULL));
    check_kept(ctx, db, "1 Anton 10, ");
    fixture_close(db);
}

const Test kept_reads_tests[] = {
    { "what is kept holds until somebody commits", test_holds_until_somebody_commits },
    { "nothing is kept of what is not committed", test_nothing_that_is_not_committed },
    { 0 },
};
