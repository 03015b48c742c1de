// test_replenish.c - reorder points, safety stock, slow movers.
#include "algo/replenish.h"
#include "harness.h"
#include "tool/articles.h"

#include <math.h>

static bool is_near(double a, double b, double within)
{
    return fabs(a - b) <= within;
}

static void test_normal(void)
{
    CHECK(is_near(normal_quantile(0.5), 0, 1e-12));
    CHECK(is_near(normal_quantile(0.975), 1.959963984540054, 1e-9));
    CHECK(is_near(normal_quantile(0.001), -3.090232306167813, 1e-9));
    CHECK(is_near(normal_loss(0), 0.3989422804, 1e-9));
    for (double share = 0.0001; share < 1; share += 0.0137)
        CHECK(is_near(normal_share(normal_quantile(share)), share, 1e-12));
}

// Silver, Pyke and Thomas's way by hand: 100 a week, lead time 4 weeks, 95 %.
static void test_service(void)
{
    Lead lead = { .demand = 100, .demand_deviation = 30, .time = 4 };
    Stock stock = replenish_for_service(&lead, 0.95, 400);
    CHECK(is_near(stock.safety, 1.644853627 * 30 * 2, 1e-6));
    CHECK(is_near(stock.reorder_point, 400 + stock.safety, 1e-9));
    lead.time_deviation = 1;  // the lead time's doubt weighs more than the demand's
    Stock doubtful = replenish_for_service(&lead, 0.95, 400);
    CHECK(is_near(doubtful.safety, 1.644853627 * sqrt(3600 + 10000), 1e-6));
    CHECK(doubtful.fill_rate > 0.98 && doubtful.fill_rate < 1);
}

static void test_fill(void)
{
    Lead lead = { .demand = 50, .demand_deviation = 20, .time = 3, .time_deviation = 0.5 };
    for (double rate = 0.8; rate < 0.999; rate += 0.03) {
        Stock stock = replenish_for_fill(&lead, rate, 200);
        CHECK(is_near(stock.fill_rate, rate, 1e-6));
    }
    CHECK(replenish_for_fill(&lead, 0.95, 2000).safety <
          replenish_for_fill(&lead, 0.95, 100).safety);
}

// A simulated year: the reorder point from history is exceeded as rarely as promised.
static void test_history(void)
{
    Ctx *ctx = test_ctx();
    Random random = { 41 };
    double demands[200];
    static const int times[] = { 2, 3, 3, 5 };
    for (int i = 0; i < 200; i++)
        demands[i] = random_chance(&random, 4) ? (double)random_below(&random, 20) : 0;
    double point = replenish_from_history(ctx->arena, demands, 200, times, 4, 0.9, 4000, &random);
    int held = 0;
    for (int i = 0; i < 4000; i++) {
        double wanted = 0;
        for (int t = times[random_below(&random, 4)]; t > 0; t--)
            wanted += demands[random_below(&random, 200)];
        held += wanted <= point;
    }
    CHECK(is_near(held / 4000.0, 0.9, 0.025));
    Random again = { 5 }, same = { 5 };
    CHECK(replenish_from_history(ctx->arena, demands, 200, times, 4, 0.9, 500, &again) ==
          replenish_from_history(ctx->arena, demands, 200, times, 4, 0.9, 500, &same));
}

static void test_movers(void)
{
    Ctx *ctx = test_ctx();
    Mover movers[] = {
        { .value_sold = 5, .stock_value = 9, .idle = 1 },
        { .value_sold = 800, .stock_value = 100, .idle = 0 },
        { .value_sold = 120, .stock_value = 50, .idle = 2 },
        { .value_sold = 75, .stock_value = 0, .idle = 40 },  // sold out is not dead
        { .value_sold = 0, .stock_value = 30, .idle = 60 },
        { .value_sold = 0, .stock_value = 0, .idle = 60 },
    };
    static const MoverClass wanted[] = { MOVER_SLOW,   MOVER_FAST, MOVER_MEDIUM,
                                         MOVER_MEDIUM, MOVER_DEAD, MOVER_SLOW };
    replenish_classify(ctx->arena, movers, COUNT(movers), 26);
    for (size_t i = 0; i < COUNT(movers); i++)
        CHECK_INT(movers[i].class, wanted[i]);
}

// ---- The tool's files ---------------------------------------------------------------------------

static const char steady[] = "{\"id\":\"A-1\",\"demand\":[3,1,5,2,4,6,3,4],\"lead_times\":[2,2,3],"
                             "\"quantity\":40,\"stock\":12,\"cost\":3.5}\n";
static const char rare[] =
    "{\"id\":\"B\",\"demand\":[0,0,5,0,0,6,0,0,0,0,3],\"lead_times\":[2],\"cost\":1}\n";

static Str answer(Ctx *ctx, const char *text, Promise promise)
{
    ArticleList articles;
    Buf out = { .arena = ctx->arena };
    CHECK_OK(ctx, articles_read(ctx, str_from(text), &articles));
    const Mover *movers = articles_movers(ctx->arena, &articles, 26);
    for (size_t i = 0; i < articles.len; i++) {
        Random random = { 1 };
        Reorder reorder = article_reorder(ctx->arena, &articles.items[i], &promise, &random);
        article_write(&out, &articles.items[i], &reorder, &movers[i]);
    }
    return buf_str(&out);
}

// By hand: mean 3.5 and deviation 1.603567 over 2.3333 +- 0.577350 periods is 8.166667 +- 3.175426:
// of the rare article at most 11 in two periods, and 6 or less in 95 of 100 such pairs at the
// least.
static void test_articles(void)
{
    Ctx *ctx = test_ctx();
    CHECK_STR(answer(ctx, steady, (Promise){ .service = 0.95 }),
              "{\"id\":\"A-1\",\"reorder_point\":13.39,\"safety\":5.223,\"service\":0.95,"
              "\"fill_rate\":0.998341,\"basis\":\"normal\",\"class\":\"fast\",\"idle\":0}\n");
    Str text = answer(ctx, rare, (Promise){ .service = 0.95 });
    CHECK(str_find(text, S("\"fill_rate\":null,\"basis\":\"history\"")) >= 0);
    text = answer(ctx, rare, (Promise){ .fill = 0.98 });
    CHECK(str_find(text, S("\"fill_rate\":0.98,\"basis\":\"normal\"")) >= 0);
}

static void test_articles_refused(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        { "{\"demand\":[1],\"lead_times\":[1]}", "articles[0], id: it is missing" },
        { "{\"id\":\"A\",\"demand\":[],\"lead_times\":[1]}",
          "articles[0], demand: 1 to 5000 numbers are wanted" },
        { "{\"id\":\"A\",\"demand\":[1,-1],\"lead_times\":[1]}",
          "articles[0], demand: number 1 is not 0 to 1000000000" },
        { "{\"id\":\"A\",\"demand\":[1],\"lead_times\":[0.5]}",
          "articles[0], lead_times: number 0 is not 1 to 520 whole periods" },
        { "{\"id\":\"A\",\"demand\":[1],\"lead_times\":[1],\"forecast\":2}",
          "articles[0], forecast: goes together with its deviation" },
        { "{\"id\":\"A\",\"demand\":[1],\"lead_times\":[1],\"quantity\":0}",
          "articles[0], quantity: nothing would be ordered" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(cases); i++) {
        ArticleList articles;
        test_row = cases[i].why;
        CHECK(articles_read(ctx, str_from(cases[i].text), &articles) == E_INVALID);
        CHECK_STR(ctx->failure.message, cases[i].why);
        ctx_recover(ctx);
    }
}

const Test replenish_tests[] = {
    { "the normal distribution and back", test_normal },
    { "safety stock for a service level", test_service },
    { "safety stock for a fill rate", test_fill },
    { "the reorder point from history holds", test_history },
    { "movers have their class", test_movers },
    { "articles are read and answered", test_articles },
    { "articles that make no sense are refused by place and reason", test_articles_refused },
    { 0 },
};
