// test_db.c - statements, values, failures and snapshots, on the engine under test.
#include "kernel/db/lane.h"

#include "harness.h"
#include "kernel/fixture.h"

static const char *const things =
    "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', amount BIGINT,"
    " small INTEGER, raw BYTEA, CONSTRAINT thing_sane CHECK (amount < 1000000000000000000))";

static Db *open_things(Ctx *ctx)
{
    Db *db = fixture_open(ctx);
    fixture_ddl(ctx, db, things);
    return db;
}

// ---- Values -------------------------------------------------------------------------------------

static Status values_round(Ctx *ctx, void *arg)
{
    CurrencyCode euro = { "EUR" };
    bool yes = true;
    int16_t tiny = -7;
    Str words = S("Ärmel ✂");
    Money money = { 12345 };
    Bytes four = { { "a\0b\xff", 4 } };
    TRY(db_write(ctx,
                 SQL("INSERT INTO thing (id, name, amount, small, raw) VALUES ($1, $2, $3, $4, $5)",
                     INT64_MIN, words, money, tiny, four)));
    TRY(db_write(ctx, SQL("INSERT INTO thing (id, name, amount, small) VALUES ($1, $2, $3, $4)",
                          INT64_MAX - 1, euro, OPT(0), yes)));

    int64_t id;
    Str name;
    Money amount;
    int16_t small;
    Bytes raw;
    TRY(db_one(ctx, SQL("SELECT id, name, amount, small, raw FROM thing ORDER BY id LIMIT 1"), &id,
               &name, &amount, &small, &raw));
    CHECK(id == INT64_MIN && amount.minor == 12345 && small == -7);
    CHECK_STR(name, "Ärmel ✂");
    CHECK(str_eq(raw.bytes, four.bytes));

    CurrencyCode code = { "USD" };
    bool flag = false;
    MaybeMoney maybe = { .known = true };
    Bytes none = { S("x") };
    TRY(db_one(ctx, SQL("SELECT id, name, amount, small, raw FROM thing ORDER BY id DESC LIMIT 1"),
               &id, &code, &maybe, &flag, &none));
    CHECK(id == INT64_MAX - 1 && flag && !maybe.known && none.bytes.len == 0);
    CHECK_STR(str_from(code.code), "EUR");
    return OK;
}

static void test_values_come_back_as_they_went_in(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_OK(ctx, db_transact(ctx, db, values_round, NULL));
    fixture_close(db);
}

static Status nulls(Ctx *ctx, void *arg)
{
    int64_t number = 7;
    int32_t whole = 7;
    bool flag = true;
    Str text = S("x");
    CurrencyCode code = { "EUR" };
    MaybeQty known = { .known = false }, unknown = { .known = true };
    TRY(db_one(ctx, SQL("SELECT amount, small, amount, raw, amount, amount, 5 FROM thing"), &number,
               &whole, &flag, &text, &code, &unknown, &known));
    CHECK(number == 0 && whole == 0 && !flag && text.len == 0 && code.code[0] == '\0');
    CHECK(!unknown.known && known.known && known.value.micro == 5);
    return OK;
}

static void test_null_is_nothing_of_its_type(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    fixture_ddl(ctx, db, "INSERT INTO thing (id) VALUES (1)");
    CHECK_OK(ctx, db_read(ctx, db, nulls, NULL));
    fixture_close(db);
}

static Status empty_texts(Ctx *ctx, void *arg)
{
    int64_t rows;
    Str empty = { NULL, 0 };
    Bytes no_bytes = { empty };
    TRY(db_write(ctx,
                 SQL("INSERT INTO thing (id, name, raw) VALUES (1, $1, $2)", empty, no_bytes)));
    TRY(db_one(ctx, SQL("SELECT count(*) FROM thing WHERE name = '' AND raw IS NOT NULL"), &rows));
    CHECK_INT(rows, 1);
    return OK;
}

static void test_empty_text_is_not_null(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_OK(ctx, db_transact(ctx, db, empty_texts, NULL));
    fixture_close(db);
}

// A parameter that was NULL when the statement was first seen, then large, then text elsewhere.
static Status null_first(Ctx *ctx, void *arg)
{
    int64_t rows;
    for (int i = 0; i < 3; i++) {
        int64_t amount = i == 1 ? INT64_C(500000000000) : 0;
        TRY(db_write(ctx, SQL("INSERT INTO thing (id, amount) VALUES ($1, COALESCE($2, 0))", i,
                              OPT(amount))));
    }
    TRY(db_one(ctx, SQL("SELECT count(*) FROM thing WHERE amount = $1", INT64_C(500000000000)),
               &rows));
    CHECK_INT(rows, 1);
    for (int i = 0; i < 2; i++) {
        MaybeQty sought = { .known = i == 1, .value = { 0 } };
        TRY(db_one(ctx,
                   SQL("SELECT count(*) FROM thing WHERE amount IS NOT DISTINCT FROM $1", sought),
                   &rows));
        CHECK_INT(rows, i == 1 ? 2 : 0);
    }
    return OK;
}

static void test_null_parameters_do_not_fix_a_type(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_OK(ctx, db_transact(ctx, db, null_first, NULL));
    fixture_close(db);
}

static Status parameters(Ctx *ctx, void *arg)
{
    int64_t a, b, c;
    TRY(db_one(ctx, SQL("SELECT $2 - $1, $1 * $1, $3", 3, 10, 5), &a, &b, &c));
    CHECK(a == 7 && b == 9 && c == 5);
    return OK;
}

static void test_parameters_in_any_order_and_twice(void)
{
    Ctx *ctx = test_ctx();
    Db *db = fixture_open(ctx);
    CHECK_OK(ctx, db_read(ctx, db, parameters, NULL));
    fixture_close(db);
}

static Status refuse_zero_byte(Ctx *ctx, void *arg)
{
    Str cut = { "a\0b", 3 };
    return db_write(ctx, SQL("INSERT INTO thing (id, name) VALUES (1, $1)", cut));
}

static void test_a_text_with_a_zero_byte_is_refused(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_FAILS(ctx, "db.text", db_transact(ctx, db, refuse_zero_byte, NULL));
    fixture_close(db);
}

// ---- Numbers that do not fit --------------------------------------------------------------------

static Status two_large(Ctx *ctx, void *arg)
{
    for (int i = 1; i <= 20; i++)
        TRY(db_write(ctx, SQL("INSERT INTO thing (id, amount) VALUES ($1, $2)", i,
                              INT64_C(999999999999999999))));
    return OK;
}

static Status sum_of_all(Ctx *ctx, void *arg)
{
    return db_one(ctx, SQL("SELECT sum(amount) FROM thing"), (int64_t *)arg);
}

static Status sum_of_some(Ctx *ctx, void *arg)
{
    return db_one(ctx, SQL("SELECT sum(amount) FROM thing WHERE id <= 9"), (int64_t *)arg);
}

static Status average(Ctx *ctx, void *arg)
{
    return db_one(ctx, SQL("SELECT avg(id) FROM thing WHERE id <= 2"), (int64_t *)arg);
}

static Status narrow(Ctx *ctx, void *arg)
{
    int32_t small;
    return db_one(ctx, SQL("SELECT amount FROM thing WHERE id = 1"), &small);
}

static Status text_as_number(Ctx *ctx, void *arg)
{
    int64_t number;
    return db_one(ctx, SQL("SELECT name FROM thing WHERE id = 1"), &number);
}

static Status overflow(Ctx *ctx, void *arg)
{
    return db_write(
        ctx, SQL("UPDATE thing SET amount = id * $1 * $1 WHERE id = 20", INT64_C(9000000000)));
}

static void test_what_does_not_fit_is_a_failure(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    int64_t sum = 0;
    CHECK_OK(ctx, db_transact(ctx, db, two_large, NULL));
    CHECK_FAILS(ctx, "number.range", db_read(ctx, db, sum_of_all, &sum));
    CHECK_INT(sum, 0);
    CHECK_OK(ctx, db_read(ctx, db, sum_of_some, &sum));
    CHECK_INT(sum, INT64_C(8999999999999999991));
    CHECK_FAILS(ctx, "number.range", db_read(ctx, db, average, &sum));
    CHECK_FAILS(ctx, "db.type", db_read(ctx, db, narrow, NULL));
    CHECK_FAILS(ctx, "db.type", db_read(ctx, db, text_as_number, NULL));
    CHECK_FAILS(ctx, "number.range", db_transact(ctx, db, overflow, NULL));
    fixture_close(db);
}

// ---- Rows ---------------------------------------------------------------------------------------

static Status five(Ctx *ctx, void *arg)
{
    for (int i = 1; i <= 5; i++)
        TRY(db_write(ctx, SQL("INSERT INTO thing (id, name, amount) VALUES ($1, $2, $3)", i,
                              str_format(ctx->arena, "n%d", i), i * 10)));
    return OK;
}

static Status same_statement_within_itself(Ctx *ctx, void *arg)
{
    int64_t outer, inner, pairs = 0;
    for (int depth = 0; depth < 2; depth++) {
        Rows *rows = db_query(ctx, SQL("SELECT id FROM thing ORDER BY id"));
        while (rows_next(rows, &outer)) {
            Rows *again =
                db_query(ctx, SQL("SELECT id FROM thing WHERE id <> $1 ORDER BY id", outer));
            while (rows_next(again, &inner)) {
                Rows *third =
                    db_query(ctx, SQL("SELECT id FROM thing WHERE id <> $1 ORDER BY id", inner));
                int64_t id;
                while (rows_next(third, &id))
                    pairs += depth;
                TRY(rows_end(third));
            }
            TRY(rows_end(again));
        }
        TRY(rows_end(rows));
    }
    CHECK_INT(pairs, 5 * 4 * 4);
    return OK;
}

static Status deep(Ctx *ctx, void *arg)
{
    int64_t depth = (intptr_t)arg, id, below = 0;
    if (depth == 0)
        return OK;
    Rows *rows = db_query(ctx, SQL("SELECT id FROM thing WHERE id > $1 ORDER BY id", depth / 100));
    while (rows_next(rows, &id)) {
        if (below++ == 0)
            TRY(deep(ctx, (void *)(intptr_t)(depth - 1)));
    }
    CHECK_INT(below, 5);
    return rows_end(rows);
}

static void test_a_statement_may_run_within_itself(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_OK(ctx, db_transact(ctx, db, five, NULL));
    CHECK_OK(ctx, db_read(ctx, db, same_statement_within_itself, NULL));
    CHECK_OK(ctx, db_read(ctx, db, deep, (void *)(intptr_t)9));
    fixture_close(db);
}

// Rows of a loop are those there were when it began, whatever the loop writes.
static Status write_in_loop(Ctx *ctx, void *arg)
{
    int64_t id, seen = 0, left;
    Str name;
    Rows *rows = db_query(ctx, SQL("SELECT id, name FROM thing WHERE amount > 0 ORDER BY amount"));
    while (rows_next(rows, &id, &name)) {
        seen++;
        CHECK_STR(name, str_format(ctx->arena, "n%d", (int)id).ptr);
        TRY(db_write(ctx,
                     SQL("INSERT INTO thing (id, amount) VALUES ($1, $2)", id + 100, id * 1000)));
        TRY(db_write(
            ctx, SQL("UPDATE thing SET name = 'gone', amount = -1 WHERE id > $1 AND id < 10", id)));
    }
    TRY(rows_end(rows));
    CHECK_INT(seen, 5);
    TRY(db_one(ctx, SQL("SELECT count(*) FROM thing"), &left));
    CHECK_INT(left, 10);
    return OK;
}

static void test_a_loop_does_not_see_its_own_writes(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_OK(ctx, db_transact(ctx, db, five, NULL));
    CHECK_OK(ctx, db_transact(ctx, db, write_in_loop, NULL));
    fixture_close(db);
}

static Status returning(Ctx *ctx, void *arg)
{
    int64_t id, total = 0, changed, left;
    Rows *rows =
        db_query(ctx, SQL("UPDATE thing SET amount = amount + 1 WHERE id <= 3 RETURNING amount"));
    if (rows_next(rows, &id))
        TRY(db_one(ctx, SQL("SELECT sum(amount) FROM thing"), &total));
    TRY(rows_end(rows));
    CHECK_INT(total, 153);
    TRY(db_change(ctx, SQL("DELETE FROM thing WHERE id > $1", 3), &changed));
    TRY(db_change(ctx, SQL("UPDATE thing SET name = 'x' WHERE id = $1", 99), &left));
    CHECK(changed == 2 && left == 0);
    return OK;
}

static void test_a_write_may_return_rows_and_says_how_many_it_changed(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_OK(ctx, db_transact(ctx, db, five, NULL));
    CHECK_OK(ctx, db_transact(ctx, db, returning, NULL));
    fixture_close(db);
}

static Status one_or_none(Ctx *ctx, void *arg)
{
    int64_t id = 5;
    bool found = true;
    TRY(db_maybe(ctx, SQL("SELECT id FROM thing WHERE id = 9"), &found, &id));
    CHECK(!found && id == 5);
    TRY(db_maybe(ctx, SQL("SELECT id FROM thing WHERE id = 3"), &found, &id));
    CHECK(found && id == 3);
    return db_one(ctx, SQL("SELECT id FROM thing WHERE id = 9"), &id);
}

static void test_one_row_or_none(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_OK(ctx, db_transact(ctx, db, five, NULL));
    CHECK_FAILS(ctx, "db.no_row", db_read(ctx, db, one_or_none, NULL));
    fixture_close(db);
}

// The same address with another text: a statement that somebody composed in place.
static Status reused_address(Ctx *ctx, void *arg)
{
    char text[64];
    int64_t number;
    for (int i = 1; i <= 3; i++) {
        snprintf(text, sizeof text, "SELECT %d", i);
        TRY(db_one(ctx, ((Query){ text, NULL, 0 }), &number));
        CHECK_INT(number, i);
    }
    CHECK(sql_intern(S("SELECT 1")) == sql_intern(str_from("SELECT 1")));
    return OK;
}

static Status not_sql(Ctx *ctx, void *arg)
{
    int64_t n;
    return db_one(ctx, SQL("SELECT nonsense FROM nowhere"), &n);
}

static Status two_statements(Ctx *ctx, void *arg)
{
    int64_t n;
    return db_one(ctx, SQL("SELECT 1; SELECT 2"), &n);
}

static void test_statements_are_told_apart_by_their_text(void)
{
    Ctx *ctx = test_ctx();
    Db *db = fixture_open(ctx);
    CHECK_OK(ctx, db_read(ctx, db, reused_address, NULL));
    CHECK_FAILS(ctx, "db.statement", db_read(ctx, db, not_sql, NULL));
    CHECK_FAILS(ctx, "db.statement", db_read(ctx, db, two_statements, NULL));
    fixture_close(db);
}

static Status many_statements(Ctx *ctx, void *arg)
{
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 600; i++) {
            int64_t number;
            const char *text = sql_intern(str_format(ctx->arena, "SELECT %d + $1", i));
            TRY(db_one(ctx, ((Query){ text, (Arg[]){ arg_int(round) }, 1 }), &number));
            CHECK_INT(number, i + round);
        }
    return OK;
}

static void test_more_statements_than_are_kept(void)
{
    Ctx *ctx = test_ctx();
    Db *db = fixture_open(ctx);
    CHECK_OK(ctx, db_read(ctx, db, many_statements, NULL));
    fixture_close(db);
}

// ---- Violated rules -----------------------------------------------------------------------------

static bool find_rule(Str name, DbRule *ret)
{
    static const struct {
        const char *name;
        DbRule rule;
    } rules[] = {
        { "thing_sane", { E_INVALID, "thing.sane", "more than there is" } },
        { "thing_name", { E_CONFLICT, "thing.name", "the name is taken" } },
        { "thing_parts", { E_CONFLICT, "thing.parts", "these parts are there" } },
        { "pair_pkey", { E_CONFLICT, "pair.twice", "the pair is there" } },
    };
    for (size_t i = 0; i < COUNT(rules); i++)
        if (str_is(name, rules[i].name)) {
            *ret = rules[i].rule;
            return true;
        }
    return false;
}

static Status run_text(Ctx *ctx, void *arg)
{
    return db_write(ctx, (Query){ sql_intern(str_from(arg)), NULL, 0 });
}

static void test_violated_rules_fail_with_their_own_code(void)
{
    // clang-format off
    static const struct {
        const char *row, *sql, *code;
    } rows[] = {
        { "named check",            "INSERT INTO thing (id, amount) VALUES (2, 2000000000000000000)", "thing.sane" },
        { "named unique index",     "INSERT INTO thing (id, name) VALUES (2, 'a')",                   "thing.name" },
        { "unique over expression", "INSERT INTO thing (id, name, small) VALUES (2, 'b', 0)",         "thing.parts" },
        { "unnamed unique index",   "INSERT INTO thing (id, name, amount) VALUES (2, 'b', 5)",        "db.duplicate" },
        { "primary key",            "INSERT INTO thing (id, name) VALUES (1, 'b')",                   "db.duplicate" },
        { "composite key",          "INSERT INTO pair (a, b) VALUES (1, 1)",                          "pair.twice" },
        { "reference to nothing",   "INSERT INTO pair (a, b) VALUES (2, 7)",                          "db.reference" },
        { "still referred to",      "DELETE FROM thing WHERE id = 1",                                 "db.reference" },
        { "missing value",          "UPDATE thing SET name = NULL WHERE id = 1",                      "db.refused" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    fixture_ddl(ctx, db, "CREATE UNIQUE INDEX thing_name_ix ON thing (name)");
    fixture_ddl(
        ctx, db,
        "CREATE UNIQUE INDEX thing_parts_ix ON thing (COALESCE(small, 0)) WHERE small IS NOT NULL");
    fixture_ddl(ctx, db, "CREATE UNIQUE INDEX thing_amount_ix ON thing (amount)");
    fixture_ddl(ctx, db,
                "CREATE TABLE pair (a BIGINT, b BIGINT REFERENCES thing (id), PRIMARY KEY (a, b))");
    fixture_ddl(ctx, db, "INSERT INTO thing (id, name, amount, small) VALUES (1, 'a', 5, 0)");
    fixture_ddl(ctx, db, "INSERT INTO pair (a, b) VALUES (1, 1)");
    db_set_rules(find_rule);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK_FAILS(ctx, rows[i].code, db_transact(ctx, db, run_text, (void *)rows[i].sql));
    }
    test_row = NULL;
    db_set_rules(NULL);
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM thing"), 1);
    fixture_close(db);
}

// ---- Writing without waiting --------------------------------------------------------------------

static Status refused_then_read(Ctx *ctx, void *arg)
{
    int64_t n;
    Status sent = db_write(ctx, SQL("INSERT INTO thing (id) VALUES (1)"));
    CHECK_INT(sent, OK);
    CHECK_INT(db_one(ctx, SQL("SELECT count(*) FROM thing"), &n), E_CONFLICT);
    CHECK_STR(str_from(ctx->failure.code), "db.duplicate");
    ctx_recover(ctx);
    CHECK_INT(db_write(ctx, SQL("INSERT INTO thing (id) VALUES (9)")), E_CONFLICT);
    ctx_recover(ctx);
    return OK;  // swallowing it does not help
}

static Status refused_then_end(Ctx *ctx, void *arg)
{
    TRY(db_write(ctx, SQL("INSERT INTO thing (id) VALUES (8)")));
    return db_write(ctx, SQL("INSERT INTO thing (id) VALUES (1)"));
}

static Status refused_then_flush(Ctx *ctx, void *arg)
{
    TRY(db_write(ctx, SQL("INSERT INTO thing (id) VALUES (1)")));
    CHECK_INT(db_flush(ctx), E_CONFLICT);
    return db_flush(ctx);
}

static void test_a_sent_write_fails_later_but_surely(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    fixture_ddl(ctx, db, "INSERT INTO thing (id) VALUES (1)");
    CHECK_FAILS(ctx, "db.duplicate", db_transact(ctx, db, refused_then_read, NULL));
    CHECK_FAILS(ctx, "db.duplicate", db_transact(ctx, db, refused_then_end, NULL));
    CHECK_FAILS(ctx, "db.duplicate", db_transact(ctx, db, refused_then_flush, NULL));
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM thing"), 1);
    fixture_close(db);
}

static Status many_writes(Ctx *ctx, void *arg)
{
    for (int i = 0; i < 1000; i++)
        TRY(db_write(
            ctx, SQL("INSERT INTO thing (id, name) VALUES ($1, $2)", i, "a name of some length")));
    return OK;
}

static void test_many_writes_in_one_go(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_OK(ctx, db_transact(ctx, db, many_writes, NULL));
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM thing"), 1000);
    fixture_close(db);
}

// ---- Parts that may fail ------------------------------------------------------------------------

static int hooks_run;

static void count_hook(Db *db, void *arg)
{
    hooks_run += (int)(intptr_t)arg;
}

static Status part(Ctx *ctx, void *arg)
{
    int64_t id = (intptr_t)arg;
    after_commit(ctx, count_hook, (void *)(intptr_t)1);
    return db_write(ctx, SQL("INSERT INTO thing (id) VALUES ($1)", id));
}

static Status part_that_exhausts(Ctx *ctx, void *arg)
{
    TRY(part(ctx, arg));
    for (;;)
        arena_alloc(ctx->arena, 1 << 16);
}

static Status part_in_part(Ctx *ctx, void *arg)
{
    TRY(part(ctx, (void *)(intptr_t)20));
    CHECK_INT(db_try(ctx, part, (void *)(intptr_t)1), E_CONFLICT);
    ctx_recover(ctx);
    CHECK_OK(ctx, db_try(ctx, part, (void *)(intptr_t)21));
    return FAIL(ctx, E_INVALID, "test.no", "changed my mind");
}

static Status whole(Ctx *ctx, void *arg)
{
    after_commit(ctx, count_hook, (void *)(intptr_t)100);
    TRY(db_write(ctx, SQL("INSERT INTO thing (id) VALUES (1)")));
    CHECK_FAILS(ctx, "db.duplicate", db_try(ctx, part, (void *)(intptr_t)1));
    CHECK_OK(ctx, db_try(ctx, part, (void *)(intptr_t)2));
    CHECK_FAILS(ctx, "test.no", db_try(ctx, part_in_part, NULL));
    CHECK_FAILS(ctx, "memory.limit", db_try(ctx, part_that_exhausts, (void *)(intptr_t)30));
    return db_write(ctx, SQL("INSERT INTO thing (id) VALUES (3)"));
}

static void test_a_part_may_fail_alone(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    hooks_run = 0;
    ctx->arena->limit = ctx->arena->used + (4 << 20);
    CHECK_OK(ctx, db_transact(ctx, db, whole, NULL));
    ctx->arena->limit = 0;
    CHECK_INT(hooks_run, 101);
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) * 100 + sum(id) FROM thing"), 306);
    fixture_close(db);
}

// ---- Snapshots ----------------------------------------------------------------------------------

static Status add_one(Ctx *ctx, void *arg)
{
    return db_write(ctx, SQL("UPDATE thing SET amount = amount + 1 WHERE id = 1"));
}

static Status look_twice(Ctx *ctx, void *arg)
{
    ThreadCtx other;
    int64_t before, after;
    TRY(db_one(ctx, SQL("SELECT amount FROM thing"), &before));
    thread_ctx(&other, 1);
    CHECK_OK(&other.ctx, db_transact(&other.ctx, arg, add_one, NULL));
    thread_ctx_release(&other);
    TRY(db_one(ctx, SQL("SELECT amount FROM thing WHERE id = 1"), &after));
    CHECK_INT(after, before);
    return OK;
}

static void test_a_snapshot_stands_still_while_others_commit(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    fixture_ddl(ctx, db, "INSERT INTO thing (id, amount) VALUES (1, 10)");
    CHECK_OK(ctx, db_read(ctx, db, look_twice, db));
    CHECK_INT(fixture_number(ctx, db, "SELECT amount FROM thing"), 11);
    fixture_close(db);
}

static Status sneak_a_write(Ctx *ctx, void *arg)
{
    int64_t id;
    return db_one(ctx, SQL("INSERT INTO thing (id) VALUES (7) RETURNING id"), &id);
}

static void test_a_snapshot_cannot_be_written(void)
{
    Ctx *ctx = test_ctx();
    Db *db = open_things(ctx);
    CHECK_FAILS(ctx, "db.read_only", db_read(ctx, db, sneak_a_write, NULL));
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM thing"), 0);
    fixture_close(db);
}

typedef struct Two {
    Db *tenant, *control;
} Two;

static Status look_here(Ctx *ctx, void *arg)
{
    CHECK(!db_is_writing(ctx));
    return db_one(ctx, SQL("SELECT amount FROM thing"), (int64_t *)arg);
}

static Status look_there_in_between(Ctx *ctx, void *arg)
{
    const Two *two = arg;
    int64_t here, there;
    CHECK(db_is_writing(ctx));
    TRY(db_write(ctx, SQL("UPDATE thing SET amount = 3")));
    TRY(db_read(ctx, two->control, look_here, &there));
    CHECK(db_is_writing(ctx));
    TRY(db_one(ctx, SQL("SELECT amount FROM thing"), &here));
    CHECK(here == 3 && there == 2);
    return OK;
}

static Status use_both_by_begin(Ctx *ctx, const Two *two)
{
    int64_t here, there;
    TRY(db_read_begin(ctx, two->tenant));
    TRY(db_one(ctx, SQL("SELECT amount FROM thing"), &here));
    TRY(db_read_begin(ctx, two->control));
    TRY(db_one(ctx, SQL("SELECT amount FROM thing"), &there));
    CHECK(here == 1 && there == 2);
    db_read_end(ctx);
    TRY(db_one(ctx, SQL("SELECT amount FROM thing"), &here));
    CHECK_INT(here, 1);
    return OK;  // the outer one ends with the arena
}

static void test_two_databases_nest(void)
{
    Ctx *ctx = test_ctx();
    ThreadCtx other;
    Two two = { open_things(ctx), open_things(ctx) };
    fixture_ddl(ctx, two.tenant, "INSERT INTO thing (id, amount) VALUES (1, 1)");
    fixture_ddl(ctx, two.control, "INSERT INTO thing (id, amount) VALUES (1, 2)");
    thread_ctx(&other, 1);
    CHECK_OK(&other.ctx, use_both_by_begin(&other.ctx, &two));
    thread_ctx_release(&other);
    CHECK_OK(ctx, db_transact(ctx, two.tenant, look_there_in_between, &two));
    CHECK(ctx->conn == NULL);
    fixture_close(two.tenant);
    fixture_close(two.control);
}

// ---- Opening ------------------------------------------------------------------------------------

static void test_a_place_opened_twice_is_one_namespace(void)
{
    Ctx *ctx = test_ctx();
    DbPlace place = fixture_place(ctx), other = place;
    Db *a, *b;
    CHECK_FAILS(ctx, "db.not_found", db_open(ctx, &place, false, &a));
    CHECK_OK(ctx, db_open(ctx, &place, true, &a));
    if (!fixture_is_postgres()) {
        Str folder = str_sub(place.file, 0, (size_t)str_rfind_char(place.file, '/'));
        other.file = str_format(ctx->arena, STR_FMT "/./test.db", STR_ARG(folder));
    }
    CHECK_OK(ctx, db_open(ctx, &other, false, &b));
    CHECK(a == b && db_engine(a) == fixture_engine());
    db_drop(b);
    fixture_ddl(ctx, a, things);
    db_drop(a);
    CHECK_OK(ctx, db_open(ctx, &place, false, &a));
    CHECK_INT(fixture_number(ctx, a, "SELECT count(*) FROM thing"), 0);
    fixture_close(a);
}

static void test_a_bad_place_is_named(void)
{
    Ctx *ctx = test_ctx();
    Db *db;
    DbPlace place = fixture_place(ctx);
    if (fixture_is_postgres()) {
        place.schema = S("no\"such; DROP");
        CHECK_FAILS(ctx, "db.schema", db_open(ctx, &place, true, &db));
        place.conninfo = S("host=/nonexistent connect_timeout=1");
        CHECK_FAILS(ctx, "db.gone", db_open(ctx, &place, true, &db));
    } else {
        DbPlace folder = place;
        folder.file = S("/nonexistent/folder/x.db");
        CHECK_FAILS(ctx, "db.io", db_open(ctx, &folder, true, &db));
        fixture_remove(&place);
    }
}

const Test db_tests[] = {
    { "values come back as they went in", test_values_come_back_as_they_went_in },
    { "null is nothing of its type", test_null_is_nothing_of_its_type },
    { "empty text is not null", test_empty_text_is_not_null },
    { "null parameters do not fix a type", test_null_parameters_do_not_fix_a_type },
    { "parameters in any order and twice", test_parameters_in_any_order_and_twice },
    { "a text with a zero byte is refused", test_a_text_with_a_zero_byte_is_refused },
    { "what does not fit is a failure", test_what_does_not_fit_is_a_failure },
    { "a statement may run within itself", test_a_statement_may_run_within_itself },
    { "a loop does not see its own writes", test_a_loop_does_not_see_its_own_writes },
    { "a write may return rows, and says how many it changed",
      test_a_write_may_return_rows_and_says_how_many_it_changed },
    { "one row or none", test_one_row_or_none },
    { "statements are told apart by their text", test_statements_are_told_apart_by_their_text },
    { "more statements than are kept", test_more_statements_than_are_kept },
    { "violated rules fail with their own code", test_violated_rules_fail_with_their_own_code },
    { "a sent write fails later but surely", test_a_sent_write_fails_later_but_surely },
    { "many writes in one go", test_many_writes_in_one_go },
    { "a part may fail alone", test_a_part_may_fail_alone },
    { "a snapshot stands still while others commit",
      test_a_snapshot_stands_still_while_others_commit },
    { "a snapshot cannot be written", test_a_snapshot_cannot_be_written },
    { "two databases nest", test_two_databases_nest },
    { "a place opened twice is one namespace", test_a_place_opened_twice_is_one_namespace },
    { "a bad place is named", test_a_bad_place_is_named },
    { 0 },
};
