// test_memo.c - what a lane's member has read is kept as long as it stays true, and no longer.
#include "kernel/entity/access.h"
#include "kernel/entity/memo.h"
#include "kernel/house.h"
#include "loan.gen.h"

static const MemoKind of_books = { (const EntityDef *const[]){ &shelf_book_entity, NULL } };
static const MemoKind of_nothing = { (const EntityDef *const[]){ NULL } };
static const char answer[] = "x";

static void keep(Ctx *ctx)
{
    memo_put(ctx, &of_books, 1, 7, answer);
    memo_put(ctx, &of_nothing, 0, 7, answer);
}

static bool knows(Ctx *ctx, const MemoKind *kind, int64_t of, int64_t key)
{
    return memo_get(ctx, kind, of, key) == answer;
}

static Status save_book(Ctx *ctx, Id *ret)
{
    const Json *input;
    TRY(json_parse(ctx, S("{\"isbn\":\"4006381333931\",\"name\":\"Middlemarch\"}"), &input));
    return access_create(ctx, &shelf_book_entity, input, 0, ret);
}

static Status keep_and_change(Ctx *ctx, void *arg)
{
    Id book;
    keep(ctx);
    CHECK(knows(ctx, &of_books, 1, 7) && knows(ctx, &of_nothing, 0, 7));
    CHECK(!knows(ctx, &of_books, 2, 7) && !knows(ctx, &of_books, 1, 8));
    TRY(save_book(ctx, &book));
    CHECK(!knows(ctx, &of_books, 1, 7));
    CHECK(knows(ctx, &of_nothing, 0, 7));
    keep(ctx);
    TRY(access_delete(ctx, &shelf_book_entity, book, 1));
    CHECK(!knows(ctx, &of_books, 1, 7) && !knows(ctx, &of_nothing, 0, 7));
    keep(ctx);
    return OK;
}

static Status look(Ctx *ctx, void *arg)
{
    CHECK(!knows(ctx, &of_nothing, 0, 7));
    keep(ctx);
    CHECK(db_is_writing(ctx) == knows(ctx, &of_nothing, 0, 7));
    return OK;
}

static Status part(Ctx *ctx, void *arg)
{
    CHECK(!knows(ctx, &of_books, 1, 7));
    return OK;
}

static Status with_part(Ctx *ctx, void *arg)
{
    keep(ctx);
    TRY(db_try(ctx, part, NULL));
    CHECK(!knows(ctx, &of_books, 1, 7));
    return OK;
}

static void test_memo(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    CHECK_OK(ctx, tenant_transact(ctx, keep_and_change, NULL));
    CHECK_OK(ctx, tenant_transact(ctx, look, NULL));
    CHECK_OK(ctx, tenant_read(ctx, look, NULL));
    CHECK_OK(ctx, tenant_transact(ctx, with_part, NULL));
    house_close(&house);
}

const Test memo_tests[] = {
    { "what was read is kept until it is saved, deleted, or the member ends", test_memo },
    { 0 },
};
