// test_kept.c - an answer is kept exactly as long as the database would give it again.
#include "kernel/db/kept.h"
#include "kernel/db/options.h"
#include "kernel/entity/access.h"
#include "kernel/entity/record.h"
#include "kernel/house.h"
#include "loan.gen.h"

#include <sqlite3.h>

enum { FAR = 1000000 };

typedef struct Story {
    Id book, other;
    Str name;    // as it was answered
    bool asked;  // the database was
} Story;

static Status add_book(Ctx *ctx, const char *isbn, Id *ret)
{
    const Json *input;
    Str body = str_format(ctx->arena, "{\"isbn\":\"%s\",\"name\":\"Emma\"}", isbn);
    TRY(json_parse(ctx, body, &input));
    return access_create(ctx, &shelf_book_entity, input, 0, ret);
}

static Status add_books(Ctx *ctx, void *arg)
{
    Story *story = arg;
    TRY(add_book(ctx, "4006381333931", &story->book));
    return add_book(ctx, "4006381333955", &story->other);
}

// Statements that may fail are counted, so what was kept is told from what was asked.
static Status look(Ctx *ctx, void *arg)
{
    Story *story = arg;
    bool found;
    db_fail_after(FAR);
    Status status = kept_maybe(ctx, SQL("SELECT name FROM shelf_book WHERE id = $1", story->book),
                               &found, &story->name);
    story->asked = db_fails_after() != FAR;
    db_fail_after(0);
    return status;
}

static Status rename_book(Ctx *ctx, Id id, const char *name)
{
    ShelfBook book;
    TRY(shelf_book_load(ctx, id, &book));
    book.name = str_from(name);
    return shelf_book_save(ctx, &book);
}

static void looked(Ctx *ctx, Story *story, const char *name, bool asked)
{
    CHECK_OK(ctx, look(ctx, story));
    CHECK_STR(story->name, name);
    CHECK(story->asked == asked);
}

static Status within_a_member(Ctx *ctx, void *arg)
{
    Story *story = arg;
    looked(ctx, story, "Emma", true);
    looked(ctx, story, "Emma", false);
    TRY(rename_book(ctx, story->other, "Persuasion"));
    looked(ctx, story, "Emma", true);  // the table was written to
    looked(ctx, story, "Emma", false);
    TRY(db_write(ctx, SQL("UPDATE shelf_book SET name = 'Sanditon' WHERE id = $1", story->book)));
    looked(ctx, story, "Sanditon", true);
    TRY(db_write(ctx, SQL("DELETE FROM idempotency WHERE expires_at < $1", ctx->now)));
    looked(ctx, story, "Sanditon", false);  // another table
    return OK;
}

static Status rename_and_fail(Ctx *ctx, void *arg)
{
    Story *story = arg;
    TRY(rename_book(ctx, story->book, "Lady Susan"));
    looked(ctx, story, "Lady Susan", true);
    return FAIL(ctx, E_CONFLICT, "kept.test", "not this time");
}

static Status part_fails(Ctx *ctx, void *arg)
{
    Story *story = arg;
    looked(ctx, story, "Sanditon", true);
    CHECK_FAILS(ctx, "kept.test", db_try(ctx, rename_and_fail, story));
    looked(ctx, story, "Sanditon", true);
    return OK;
}

static Status outside(Ctx *ctx, void *arg)
{
    Story *story = arg;
    looked(ctx, story, "Sanditon", true);
    looked(ctx, story, "Sanditon", true);
    return OK;
}

// In a transaction of its own.
static void later(Ctx *ctx, Story *story, const char *name, bool asked)
{
    CHECK_OK(ctx, tenant_transact(ctx, look, story));
    CHECK_STR(story->name, name);
    CHECK(story->asked == asked);
}

static void write_from_elsewhere(Ctx *ctx)
{
    sqlite3 *db = NULL;
    const char *file = str_c(ctx->arena, db_place(ctx->tenant->db)->file);
    CHECK(sqlite3_open(file, &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, "UPDATE shelf_book SET name = 'Evelina'", NULL, NULL, NULL) ==
          SQLITE_OK);
    sqlite3_close(db);
}

static void test_kept_while_true(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Story story = { 0 };
    bool asks = fixture_is_postgres();  // in each transaction anew
    house_open(ctx, &house);
    CHECK_OK(ctx, tenant_transact(ctx, add_books, &story));
    CHECK_OK(ctx, tenant_transact(ctx, within_a_member, &story));
    later(ctx, &story, "Sanditon", asks);
    CHECK_FAILS(ctx, "kept.test", tenant_transact(ctx, rename_and_fail, &story));
    CHECK_OK(ctx, tenant_transact(ctx, part_fails, &story));
    CHECK_OK(ctx, tenant_read(ctx, outside, &story));
    later(ctx, &story, "Sanditon", asks);
    if (!asks) {
        write_from_elsewhere(ctx);
        later(ctx, &story, "Evelina", true);
    }
    house_close(&house);
}

// ---- Rows that go with others -------------------------------------------------------------------

static Status count_lines(Ctx *ctx, Id loan, int64_t *ret)
{
    bool found;
    return kept_maybe(ctx, SQL("SELECT count(*) FROM loan_line WHERE loan_id = $1", loan), &found,
                      ret);
}

static Status delete_a_loan(Ctx *ctx, void *arg)
{
    const Story *story = arg;
    int64_t lines;
    Loan *loan = loan_new(ctx);
    loan->book = story->book;
    *list_push(ctx->arena, &loan->lines) = (LoanLine){ .book = story->book };
    TRY(loan_save(ctx, loan));
    TRY(count_lines(ctx, loan->record.id, &lines));
    CHECK_INT(lines, 1);
    TRY(record_delete(ctx, &loan_entity, loan->record.id, 1));
    TRY(count_lines(ctx, loan->record.id, &lines));
    CHECK_INT(lines, 0);
    return OK;
}

static void test_rows_that_go_with_others(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Story story = { 0 };
    house_open(ctx, &house);
    CHECK_OK(ctx, tenant_transact(ctx, add_books, &story));
    CHECK_OK(ctx, tenant_transact(ctx, delete_a_loan, &story));
    house_close(&house);
}

const Test kept_tests[] = {
    { "an answer is kept while nothing that it was read from is written", test_kept_while_true },
    { "a row that goes with its owner is not remembered", test_rows_that_go_with_others },
    { 0 },
};
