// test_nest_lay.c - lay planning: the order is covered, table and rolls are kept.
#include "algo/nest/lay.h"
#include "harness.h"

#include <math.h>

typedef struct {
    int wanted[12];
    double areas[4];
    LayRoll rolls[6];
    LayJob job;
} Workshop;

// Four sizes in three colours, rolls of two widths, more than enough.
static Workshop *workshop(Ctx *ctx)
{
    Workshop *shop = NEW(ctx->arena, Workshop);
    *shop = (Workshop){
        .wanted = { 20, 10, 5, 40, 20, 10, 40, 20, 10, 20, 10, 5 },
        .areas = { 1.0, 1.1, 1.2, 1.35 },
        .rolls = { { 0, 100, 1.5, 1 },
                   { 0, 100, 1.5, 2 },
                   { 1, 70, 1.5, 1 },
                   { 1, 60, 1.6, 1 },
                   { 2, 60, 1.5, 3 },
                   { 2, 20, 1.5, 3 } },
    };
    shop->job = (LayJob){ .size_count = 4,
                          .colour_count = 3,
                          .wanted = shop->wanted,
                          .areas = shop->areas,
                          .density = 0.85,
                          .table_length = 8,
                          .plies_most = 40,
                          .garments_most = 6,
                          .end_loss = 0.04,
                          .lay_cost = 2,
                          .roll_count = 6,
                          .rolls = shop->rolls };
    return shop;
}

static LayPlan planned(Ctx *ctx, const LayJob *job, int64_t steps)
{
    LayPlan plan = { 0 };
    Budget budget = { .steps = steps, .seed = 5 };
    CHECK_OK(ctx, lay_plan(ctx, job, &budget, &plan));
    CHECK_OK(ctx, lay_check(ctx, job, &plan));
    return plan;
}

static void test_covered(void)
{
    Ctx *ctx = test_ctx();
    Workshop *shop = workshop(ctx);
    LayPlan plan = planned(ctx, &shop->job, 1500);
    CHECK_INT(plan.missing_count, 0);
    // 210 garments need this much fabric at the expected density, were there no ends.
    double least = (35 * 1.0 + 70 * 1.1 + 70 * 1.2 + 35 * 1.35) / (0.85 * 1.6);
    CHECK(plan.fabric >= least && plan.fabric < 1.12 * least);
    CHECK(plan.lay_count <= 6);
}

static void test_more_steps(void)
{
    Ctx *ctx = test_ctx();
    Workshop *shop = workshop(ctx);
    LayPlan few = planned(ctx, &shop->job, 1), many = planned(ctx, &shop->job, 800);
    CHECK(many.fabric + 2 * many.lay_count <= few.fabric + 2 * few.lay_count);
    LayPlan again = planned(ctx, &shop->job, 800);
    CHECK(again.fabric == many.fabric && again.lay_count == many.lay_count);
}

static void test_short_rolls(void)
{
    Ctx *ctx = test_ctx();
    Workshop *shop = workshop(ctx);
    shop->rolls[4].length = shop->rolls[5].length = 9;
    LayPlan plan = planned(ctx, &shop->job, 200);
    CHECK(plan.missing_count > 0);
    for (int i = 0; i < 12; i++)
        CHECK(i % 3 == 2 || plan.missing[i] == 0);
}

static void test_dear_lays(void)
{
    Ctx *ctx = test_ctx();
    Workshop *shop = workshop(ctx);
    shop->job.lay_cost = 0;
    LayPlan cheap = planned(ctx, &shop->job, 600);
    shop->job.lay_cost = 1000;
    shop->job.surplus_most = 4;
    LayPlan dear = planned(ctx, &shop->job, 600);
    CHECK(dear.lay_count <= cheap.lay_count);
}

static void test_stopped(void)
{
    Ctx *ctx = test_ctx();
    Workshop *shop = workshop(ctx);
    atomic_bool stop = true;
    Budget budget = { .seed = 1, .stop = &stop };
    LayPlan plan;
    CHECK_OK(ctx, lay_plan(ctx, &shop->job, &budget, &plan));
    CHECK_OK(ctx, lay_check(ctx, &shop->job, &plan));
    CHECK(plan.lay_count > 0);
}

static void no_density(LayJob *job)
{
    job->density = 0;
}
static void no_table(LayJob *job)
{
    job->table_length = 0;
}
static void small_table(LayJob *job)
{
    job->table_length = 0.5;
}
static void no_plies(LayJob *job)
{
    job->plies_most = 0;
}
static void many_sizes(LayJob *job)
{
    job->size_count = LAY_SIZES_MOST + 1;
}

static void test_refused(void)
{
    static const struct {
        const char *name, *code;
        void (*spoil)(LayJob *job);
    } rows[] = {
        { "no density", "lay.job", no_density },
        { "no table", "lay.job", no_table },
        { "a table too small for a garment", "lay.size", small_table },
        { "no plies", "lay.job", no_plies },
        { "one size too many", "lay.job", many_sizes },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Ctx *ctx = test_ctx();
        Workshop *shop = workshop(ctx);
        test_row = rows[i].name;
        rows[i].spoil(&shop->job);
        Budget budget = { .steps = 1 };
        LayPlan plan;
        CHECK_FAILS(ctx, rows[i].code, lay_plan(ctx, &shop->job, &budget, &plan));
    }
    Ctx *ctx = test_ctx();
    Workshop *shop = workshop(ctx);
    test_row = "a roll of no known colour";
    shop->rolls[2].colour = 3;
    Budget budget = { .steps = 1 };
    LayPlan plan;
    CHECK_FAILS(ctx, "lay.roll", lay_plan(ctx, &shop->job, &budget, &plan));
    test_row = NULL;
}

static void test_check_finds(void)
{
    Ctx *ctx = test_ctx();
    Workshop *shop = workshop(ctx);
    LayPlan plan = planned(ctx, &shop->job, 20);
    plan.lays[0].spreads[0].plies--;
    CHECK_FAILS(ctx, "lay.plan", lay_check(ctx, &shop->job, &plan));
    plan.lays[0].spreads[0].plies++;
    shop->wanted[0]++;
    CHECK_FAILS(ctx, "lay.plan", lay_check(ctx, &shop->job, &plan));
    shop->wanted[0]--;
    shop->rolls[plan.lays[0].spreads[0].roll].length = 1;
    CHECK_FAILS(ctx, "lay.plan", lay_check(ctx, &shop->job, &plan));
}

const Test nest_lay_tests[] = {
    { "an order is covered with little more fabric than its pieces need", test_covered },
    { "more plans are never worse, and the same seed plans the same", test_more_steps },
    { "what the rolls do not allow is missing, and only that", test_short_rolls },
    { "when lays are dear there are not more of them", test_dear_lays },
    { "a planner that is told to stop has a plan", test_stopped },
    { "what makes no sense is refused", test_refused },
    { "the check finds what a plan gets wrong", test_check_finds },
    { 0 },
};
