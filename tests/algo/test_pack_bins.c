// test_pack_bins.c - bins: nothing overflows, bounds are bounds, small ones are best.
#include "algo/pack/bins.h"
#include "harness.h"

enum { SMALL = 9 };

// The fewest bins by trying every item in every bin.
static int fewest(const int64_t *sizes, int n, int64_t capacity, int at, int64_t *load, int used,
                  int best)
{
    if (used >= best)
        return best;
    if (at == n)
        return used;
    for (int b = 0; b <= used; b++) {
        if (load[b] + sizes[at] > capacity)
            continue;
        load[b] += sizes[at];
        int bins = fewest(sizes, n, capacity, at + 1, load, b == used ? used + 1 : used, best);
        best = bins < best ? bins : best;
        load[b] -= sizes[at];
    }
    return best;
}

static void test_small(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 60; round++) {
        int64_t sizes[SMALL], load[SMALL + 1] = { 0 };
        for (int i = 0; i < SMALL; i++)
            sizes[i] = random_below(ctx->random, 61);
        BinsProblem problem = { 60 + round % 40, SMALL, sizes };
        int best = fewest(sizes, SMALL, problem.capacity, 0, load, 0, SMALL + 1);
        Budget budget = { .steps = 20000, .seed = (uint64_t)round };
        BinsPlan plan;
        CHECK_OK(ctx, bins_solve(ctx, &problem, &budget, &plan));
        CHECK_OK(ctx, bins_check(ctx, &problem, &plan));
        CHECK_INT(plan.bins, best);
        CHECK(plan.least <= best);
    }
}

// Three items to a bin that fill it exactly: the number of bins is known.
static void make_triplets(Random *random, int64_t capacity, int bins, int64_t *ret)
{
    for (int b = 0; b < bins; b++) {
        int64_t first = capacity * 38 / 100 + random_below(random, capacity / 9);
        int64_t second = capacity / 4 + random_below(random, (capacity - first) / 2 - capacity / 4);
        ret[3 * b] = first;
        ret[3 * b + 1] = second;
        ret[3 * b + 2] = capacity - first - second;
    }
}

static void test_triplets(void)
{
    enum { BINS = 20 };
    Ctx *ctx = test_ctx();
    int64_t sizes[3 * BINS];
    make_triplets(ctx->random, 1000, BINS, sizes);
    BinsProblem problem = { 1000, 3 * BINS, sizes };
    Budget budget = { .steps = 4000000, .seed = 1 };
    BinsPlan plan;
    CHECK_OK(ctx, bins_solve(ctx, &problem, &budget, &plan));
    CHECK_OK(ctx, bins_check(ctx, &problem, &plan));
    CHECK_INT(plan.bins, BINS);
    CHECK_INT(plan.least, BINS);
}

static void test_bounds(void)
{
    static const struct {
        const char *name;
        int64_t capacity;
        int count;
        int64_t sizes[8];
        int least;
    } rows[] = {
        { "nothing needs no bin", 10, 0, { 0 }, 0 },
        { "the sum, rounded up", 10, 3, { 4, 4, 4 }, 2 },
        { "more than half a bin stands alone", 10, 4, { 6, 6, 6, 6 }, 4 },
        { "small ones do not fit beside large ones", 10, 4, { 8, 8, 4, 4 }, 3 },
        { "three of a third and a bit never share", 90, 6, { 31, 31, 31, 31, 31, 31 }, 3 },
        { "zeros need no room", 10, 3, { 0, 0, 10 }, 1 },
        { "but a bin to be in", 10, 3, { 0, 0, 0 }, 1 },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        BinsProblem problem = { rows[i].capacity, rows[i].count, rows[i].sizes };
        CHECK_INT(bins_least(ctx->arena, &problem), rows[i].least);
        Budget budget = { .steps = 1000 };
        BinsPlan plan;
        CHECK_OK(ctx, bins_solve(ctx, &problem, &budget, &plan));
        CHECK_OK(ctx, bins_check(ctx, &problem, &plan));
        CHECK_INT(plan.bins, rows[i].least);
    }
}

static void backwards(void *of, int n, void (*work)(void *arg, int i), void *arg)
{
    for (int i = n - 1; i >= 0; i--)
        work(arg, i);
}

static void test_same_seed(void)
{
    enum { BINS = 12 };
    Ctx *ctx = test_ctx();
    int64_t sizes[3 * BINS];
    make_triplets(ctx->random, 1000, BINS, sizes);
    BinsProblem problem = { 1000, 3 * BINS, sizes };
    Budget budget = { .steps = 100000, .seed = 5, .crew = 3 };
    BinsPlan one, again;
    CHECK_OK(ctx, bins_solve(ctx, &problem, &budget, &one));
    budget.each = backwards;
    CHECK_OK(ctx, bins_solve(ctx, &problem, &budget, &again));
    CHECK_INT(again.bins, one.bins);
    CHECK(memcmp(one.bin_of, again.bin_of, sizeof *one.bin_of * 3 * BINS) == 0);
}

static void test_stopped(void)
{
    enum { BINS = 30 };
    Ctx *ctx = test_ctx();
    int64_t sizes[3 * BINS];
    make_triplets(ctx->random, 100000, BINS, sizes);
    BinsProblem problem = { 100000, 3 * BINS, sizes };
    atomic_bool stop = true;
    Budget budget = { .stop = &stop };
    BinsPlan plan;
    CHECK_OK(ctx, bins_solve(ctx, &problem, &budget, &plan));
    CHECK_OK(ctx, bins_check(ctx, &problem, &plan));
    CHECK(plan.bins > BINS);
}

static void test_refusals(void)
{
    Ctx *ctx = test_ctx();
    const int64_t sizes[] = { 3, 11, -1 };
    Budget budget = { .steps = 10 };
    BinsPlan plan = { 0 };
    CHECK_FAILS(ctx, "bins.problem",
                bins_solve(ctx, &(BinsProblem){ 10, 2, sizes }, &budget, &plan));
    CHECK_FAILS(ctx, "bins.problem",
                bins_solve(ctx, &(BinsProblem){ 20, 3, sizes }, &budget, &plan));
    CHECK_FAILS(ctx, "bins.problem",
                bins_solve(ctx, &(BinsProblem){ 0, 0, sizes }, &budget, &plan));
    CHECK_FAILS(ctx, "bins.problem",
                bins_solve(ctx, &(BinsProblem){ 20, BINS_ITEMS_MOST + 1, sizes }, &budget, &plan));
}

static void test_checker(void)
{
    Ctx *ctx = test_ctx();
    const int64_t sizes[] = { 6, 4, 5 };
    BinsProblem problem = { 10, 3, sizes };
    CHECK_OK(ctx,
             bins_check(ctx, &problem, &(BinsPlan){ .bins = 2, .bin_of = (int32_t[]){ 0, 0, 1 } }));
    CHECK_FAILS(
        ctx, "bins.plan",
        bins_check(ctx, &problem, &(BinsPlan){ .bins = 2, .bin_of = (int32_t[]){ 0, 1, 0 } }));
    CHECK_FAILS(
        ctx, "bins.plan",
        bins_check(ctx, &problem, &(BinsPlan){ .bins = 2, .bin_of = (int32_t[]){ 0, 0, 2 } }));
}

const Test pack_bins_tests[] = {
    { "a few items are packed as well as can be", test_small },
    { "triplets that fill their bins are found", test_triplets },
    { "no packing has fewer bins than the bound", test_bounds },
    { "the same seed gives the same packing, whoever does which share", test_same_seed },
    { "who is stopped answers the best fit", test_stopped },
    { "what fits into no bin is refused", test_refusals },
    { "the checker finds a full bin and an item in none", test_checker },
    { 0 },
};
