// fuzz_replenish.c - any bytes as articles. Laws: whatever the reader takes has an answer for a
// service level and for a fill rate, and what is written is JSON again, without surprises in it.
#include "fuzz.h"

#include "tool/articles.h"

static Status answer(Ctx *ctx, const Article *article, const Promise *promise, const Mover *mover)
{
    Random random = { 1 };
    const Json *again;
    Buf out = { .arena = ctx->arena };
    Reorder reorder = article_reorder(ctx->arena, article, promise, &random);
    LAW(reorder.stock.safety == reorder.stock.safety);  // a number
    LAW(reorder.stock.reorder_point == reorder.stock.reorder_point);
    article_write(&out, article, &reorder, mover);
    LAW(json_parse(ctx, str_trim(buf_str(&out)), &again) == OK);
    return OK;
}

static Status read_all(Ctx *ctx, void *arg)
{
    ArticleList articles;
    TRY(articles_read(ctx, *(Str *)arg, &articles));
    const Mover *movers = articles_movers(ctx->arena, &articles, 26);
    for (size_t i = 0; i < articles.len && i < 4; i++) {
        TRY(answer(ctx, &articles.items[i], &(Promise){ .service = 0.95 }, &movers[i]));
        TRY(answer(ctx, &articles.items[i], &(Promise){ .fill = 0.98 }, &movers[i]));
    }
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Random random = { 1 };
    Ctx ctx = { .arena = &arena, .random = &random };
    Str text = { (const char *)data, size };
    Status status = ctx_guard(&ctx, read_all, &text);
    LAW(status == OK || ctx.failure.message.len > 0);
    arena_release(&arena);
    return 0;
}
