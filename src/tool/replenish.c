// replenish.c - entrepot-replenish: articles in, when to order them out.
#include "tool/articles.h"
#include "tool/tool.h"

static struct {
    const char *in, *out;
    double service, fill;
    int64_t dead_after, seed;
} opts = { .dead_after = 26, .seed = 1 };

static const ToolOption options[] = {
    { NULL, "IN.jsonl", TOOL_TEXT, &opts.in, "the articles (also .gz; - is stdin)" },
    { "-o", "OUT.jsonl", TOOL_TEXT, &opts.out, "where the answers go (default: stdout)" },
    { "--service", "SHARE", TOOL_NUMBER, &opts.service,
      "of the cycles that are to end without a shortage (0.95)" },
    { "--fill", "SHARE", TOOL_NUMBER, &opts.fill,
      "of the demand that is to be served from stock, instead of --service" },
    { "--dead-after", "N", TOOL_INT, &opts.dead_after,
      "periods without a sale that make stock dead (26)" },
    { "--seed", "N", TOOL_INT, &opts.seed, "of the draws from history (1)" },
    { 0 },
};

static const char formats[] =
    "IN has one article a line: what was wanted in each period, oldest first, and the lead\n"
    "times there were, in whole periods. The rest may be left out: what is ordered at a time,\n"
    "the forecast of a period with its error's standard deviation (else both are taken from\n"
    "the demand), what is there, and what a piece costs.\n"
    "\n"
    "  {\"id\":\"A-1\",\"demand\":[3,0,5,2],\"lead_times\":[2,2,3],\"quantity\":40,\n"
    "   \"forecast\":2.6,\"deviation\":1.9,\"stock\":12,\"cost\":3.5}\n"
    "\n"
    "OUT has one line for each, in the same order: order when what is there and on order\n"
    "falls to reorder_point; safety is the part of it that is not expected to be needed.\n"
    "\n"
    "  {\"id\":\"A-1\",\"reorder_point\":11.2,\"safety\":5.1,\"service\":0.95,\n"
    "   \"fill_rate\":0.996,\"basis\":\"normal\",\"class\":\"fast\",\"idle\":0}\n"
    "\n"
    "Rare demand (more than 1.32 periods from one to the next) without a forecast is drawn\n"
    "again from its own history: basis is then history, and fill_rate null. Classes: fast\n"
    "articles make the first 80 % of the value sold, medium ones the next 15 %, slow the\n"
    "rest; dead is stock that has not sold for so many periods (idle).\n";

static Status read_promise(Ctx *ctx, Promise *ret)
{
    *ret = (Promise){ .service = opts.service, .fill = opts.fill };
    if (opts.service != 0 && opts.fill != 0)
        return FAIL(ctx, E_INVALID, "tool.option", "--service or --fill, not both");
    if (opts.service == 0 && opts.fill == 0)
        ret->service = 0.95;
    double share = ret->service + ret->fill;
    if (!(share > 0 && share < 1))
        return FAIL(ctx, E_INVALID, "tool.option", "the share must lie between 0 and 1");
    if (opts.dead_after < 1 || opts.dead_after > INT32_MAX)
        return FAIL(ctx, E_INVALID, "tool.option", "--dead-after must be at least 1");
    return OK;
}

static Status run(Ctx *ctx)
{
    Promise promise;
    Str text;
    ArticleList articles;
    TRY(read_promise(ctx, &promise));
    TRY(tool_read(ctx, opts.in, &text));
    TRY(articles_read(ctx, text, &articles));
    const Mover *movers = articles_movers(ctx->arena, &articles, (int)opts.dead_after);
    Buf out = { .arena = ctx->arena };
    for (size_t i = 0; i < articles.len; i++) {
        const Article *article = &articles.items[i];
        Random random = { (uint64_t)opts.seed + i };
        Reorder reorder = article_reorder(ctx->arena, article, &promise, &random);
        article_write(&out, article, &reorder, &movers[i]);
    }
    return tool_write(ctx, opts.out, buf_str(&out));
}

int main(int argc, char **argv)
{
    static const ToolSpec spec = {
        .name = "entrepot-replenish",
        .purpose = "says when to order each article, and how much to keep against surprise",
        .options = options,
        .formats = formats,
        .run = run,
    };
    return tool_main(&spec, argc, argv);
}
