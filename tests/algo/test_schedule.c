// test_schedule.c - job shops: plans keep the rules, and are the best where all can be tried.
#include "harness.h"
#include "schedule_shops.h"

// ---- Small ones, against trying all -------------------------------------------------------------

// clang-format off
static const struct {
    const char *name;
    ShopWishes wishes;
} kinds[] = {
    { "plain",                     { .jobs = 3, .operations = 3, .machines = 3, .options = 1 } },
    { "one machine",               { .jobs = 5, .operations = 1, .machines = 1, .options = 1 } },
    { "flexible",                  { .jobs = 2, .operations = 3, .machines = 3, .options = 3 } },
    { "set-ups",                   { .jobs = 3, .operations = 2, .machines = 2, .options = 1, .setups = true } },
    { "flexible with set-ups",     { .jobs = 3, .operations = 2, .machines = 2, .options = 2, .setups = true } },
    { "calendars",                 { .jobs = 3, .operations = 2, .machines = 2, .options = 1, .calendars = true } },
    { "dates",                     { .jobs = 3, .operations = 2, .machines = 2, .options = 2, .dates = true } },
    { "everything",                { .jobs = 3, .operations = 2, .machines = 3, .options = 2, .calendars = true,
                                     .setups = true, .dates = true } },
};
// clang-format on

static int64_t value_of(const JobShop *shop, const JobShopPlan *plan)
{
    return shop->goal == JOBSHOP_MAKESPAN ? plan->makespan : plan->tardiness;
}

// Set-ups break the theory of blocks, so that the search need not meet the very best there.
static void test_against_all(void)
{
    Ctx *ctx = test_ctx();
    for (size_t k = 0; k < COUNT(kinds); k++) {
        test_row = kinds[k].name;
        int missed = 0;
        for (uint64_t seed = 0; seed < 20; seed++) {
            Random random = { seed };
            const JobShop *shop = shop_by_chance(ctx->arena, &random, kinds[k].wishes);
            Budget budget = { .steps = 6000, .seed = seed };
            JobShopPlan plan;
            CHECK_OK(ctx, jobshop_schedule(ctx, shop, &budget, &plan));
            CHECK_OK(ctx, jobshop_check(ctx, shop, &plan));
            int64_t best = shop_best(ctx->arena, shop);
            CHECK(value_of(shop, &plan) >= best);
            missed += value_of(shop, &plan) > best;
            if (shop->goal == JOBSHOP_MAKESPAN)
                CHECK(plan.lower_bound <= best);
        }
        CHECK(missed <= (kinds[k].wishes.setups ? 2 : 0));
    }
}

static void test_larger(void)
{
    Ctx *ctx = test_ctx();
    for (uint64_t seed = 0; seed < 8; seed++) {
        Random random = { seed };
        ShopWishes wishes = { .jobs = 12,
                              .operations = 6,
                              .machines = 5,
                              .options = 1 + (int)(seed % 3),
                              .calendars = seed & 1,
                              .setups = seed & 2,
                              .dates = seed & 4 };
        const JobShop *shop = shop_by_chance(ctx->arena, &random, wishes);
        Budget budget = { .steps = 3000, .seed = seed, .crew = 1 + (int)(seed % 2) };
        JobShopPlan plan;
        CHECK_OK(ctx, jobshop_schedule(ctx, shop, &budget, &plan));
        CHECK_OK(ctx, jobshop_check(ctx, shop, &plan));
    }
}

// ---- The classical one of six by six ------------------------------------------------------------
// Fisher and Thompson 1963: the best makespan is 55.

static const int ft06[6][6][2] = {
    { { 2, 1 }, { 0, 3 }, { 1, 6 }, { 3, 7 }, { 5, 3 }, { 4, 6 } },
    { { 1, 8 }, { 2, 5 }, { 4, 10 }, { 5, 10 }, { 0, 10 }, { 3, 4 } },
    { { 2, 5 }, { 3, 4 }, { 5, 8 }, { 0, 9 }, { 1, 1 }, { 4, 7 } },
    { { 1, 5 }, { 0, 5 }, { 2, 5 }, { 3, 3 }, { 4, 8 }, { 5, 9 } },
    { { 2, 9 }, { 1, 3 }, { 4, 5 }, { 5, 4 }, { 0, 3 }, { 3, 1 } },
    { { 1, 3 }, { 3, 3 }, { 5, 9 }, { 0, 10 }, { 4, 4 }, { 2, 1 } },
};

typedef struct Six {
    JobShopJob job[6];
    JobShopOperation operation[36];
    JobShopOption option[36];
    JobShopMachine machine[6];
    JobShop shop;
} Six;

static void six_make(Six *six)
{
    for (int j = 0; j < 6; j++) {
        six->job[j] = (JobShopJob){ j * 6, 6, 0, INT64_MAX, 1 };
        six->machine[j] = (JobShopMachine){ .first_family = -1 };
        for (int i = 0; i < 6; i++) {
            int u = j * 6 + i;
            six->operation[u] = (JobShopOperation){ .job = j, .first_option = u, .options = 1 };
            six->option[u] = (JobShopOption){ ft06[j][i][0], ft06[j][i][1] };
        }
    }
    six->shop = (JobShop){
        6, 36, 6, 36, 1, six->job, six->operation, six->option, six->machine, JOBSHOP_MAKESPAN
    };
}

static void test_six(void)
{
    Ctx *ctx = test_ctx();
    Six six;
    six_make(&six);
    Budget budget = { .steps = 60000, .seed = 1 };
    JobShopPlan plan;
    CHECK_OK(ctx, jobshop_schedule(ctx, &six.shop, &budget, &plan));
    CHECK_OK(ctx, jobshop_check(ctx, &six.shop, &plan));
    CHECK_INT(plan.makespan, 55);
    CHECK(plan.lower_bound >= 47 && plan.lower_bound <= 55);
}

// ---- Laws of the budget -------------------------------------------------------------------------

static bool same_plan(const JobShop *shop, const JobShopPlan *a, const JobShopPlan *b)
{
    size_t n = (size_t)shop->operations;
    return memcmp(a->start, b->start, n * sizeof *a->start) == 0 &&
           memcmp(a->option, b->option, n * sizeof *a->option) == 0;
}

// The crew in the opposite order: who works when must not matter.
static void backwards(void *of, int n, void (*work)(void *arg, int i), void *arg)
{
    for (int i = n - 1; i >= 0; i--)
        work(arg, i);
}

static void test_repeats(void)
{
    Ctx *ctx = test_ctx();
    for (size_t k = 0; k < COUNT(kinds); k++) {
        test_row = kinds[k].name;
        Random random = { 7 };
        ShopWishes wishes = kinds[k].wishes;
        wishes.jobs = 8;
        wishes.operations = 4;
        const JobShop *shop = shop_by_chance(ctx->arena, &random, wishes);
        JobShopPlan first, second;
        Budget budget = { .steps = 2000, .seed = 42, .crew = 3 };
        CHECK_OK(ctx, jobshop_schedule(ctx, shop, &budget, &first));
        budget = (Budget){ .steps = 2000, .seed = 42, .crew = 3, .each = backwards };
        CHECK_OK(ctx, jobshop_schedule(ctx, shop, &budget, &second));
        CHECK(same_plan(shop, &first, &second));
    }
}

static void count_better(void *of, const void *answer)
{
    const JobShopPlan *plan = answer;
    int64_t *last = of;
    CHECK(plan->makespan < *last);
    *last = plan->makespan;
}

static void test_stopped(void)
{
    Ctx *ctx = test_ctx();
    Six six;
    six_make(&six);
    atomic_bool stop = true;
    int64_t last = INT64_MAX;
    Budget budget = { .stop = &stop, .better = count_better, .of = &last };
    JobShopPlan plan;
    CHECK_OK(ctx, jobshop_schedule(ctx, &six.shop, &budget, &plan));
    CHECK_OK(ctx, jobshop_check(ctx, &six.shop, &plan));
    CHECK_INT(plan.makespan, last);
}

// ---- What the checker refuses -------------------------------------------------------------------

static void test_checker(void)
{
    Ctx *ctx = test_ctx();
    Random random = { 3 };
    ShopWishes wishes = { 4, 3, 2, 2, true, true, true };
    JobShop *shop = shop_by_chance(ctx->arena, &random, wishes);
    Budget budget = { .steps = 500 };
    JobShopPlan plan;
    CHECK_OK(ctx, jobshop_schedule(ctx, shop, &budget, &plan));
    CHECK_OK(ctx, jobshop_check(ctx, shop, &plan));
    plan.makespan++;
    CHECK_FAILS(ctx, "jobshop.plan", jobshop_check(ctx, shop, &plan));
    plan.makespan--;
    plan.tardiness++;
    CHECK_FAILS(ctx, "jobshop.plan", jobshop_check(ctx, shop, &plan));
    plan.tardiness--;
    plan.lower_bound = plan.makespan + 1;
    CHECK_FAILS(ctx, "jobshop.plan", jobshop_check(ctx, shop, &plan));
    plan.lower_bound = 0;
    for (int u = 0; u < shop->operations; u++) {
        int64_t start = plan.start[u], end = plan.end[u];
        plan.end[u]++;
        CHECK_FAILS(ctx, "jobshop.plan", jobshop_check(ctx, shop, &plan));
        plan.end[u] = end;
        plan.option[u] += shop->options;
        CHECK_FAILS(ctx, "jobshop.plan", jobshop_check(ctx, shop, &plan));
        plan.option[u] -= shop->options;
        plan.start[u] = start - 1 - end;  // before 0
        CHECK_FAILS(ctx, "jobshop.plan", jobshop_check(ctx, shop, &plan));
        plan.start[u] = start;
        plan.turn[u] += shop->operations;
        CHECK_FAILS(ctx, "jobshop.plan", jobshop_check(ctx, shop, &plan));
        plan.turn[u] -= shop->operations;
    }
    CHECK_OK(ctx, jobshop_check(ctx, shop, &plan));
}

// Two operations that take no time: the second in number must be first, or there is a set-up.
static void test_no_time(void)
{
    Ctx *ctx = test_ctx();
    const JobShopJob jobs[] = { { 0, 1, 0, INT64_MAX, 1 }, { 1, 1, 0, INT64_MAX, 1 } };
    const JobShopOperation operations[] = {
        { .job = 0, .first_option = 0, .options = 1, .family = 1 },
        { .job = 1, .first_option = 1, .options = 1, .family = 0 },
    };
    const JobShopOption options[] = { { 0, 0 }, { 0, 0 } };
    const int64_t setup[] = { 0, 0, 5, 0 };
    const JobShopMachine machine = { .setup = setup, .first_family = 0 };
    const JobShop shop = { 2, 2, 1, 2, 2, jobs, operations, options, &machine, JOBSHOP_MAKESPAN };
    Budget budget = { .steps = 20 };
    JobShopPlan plan;
    CHECK_OK(ctx, jobshop_schedule(ctx, &shop, &budget, &plan));
    CHECK_INT(plan.makespan, 0);
    CHECK_INT(plan.turn[0], 1);
    CHECK_OK(ctx, jobshop_check(ctx, &shop, &plan));
    plan.turn[0] = 0, plan.turn[1] = 1;
    CHECK_FAILS(ctx, "jobshop.plan", jobshop_check(ctx, &shop, &plan));
}

// Plans that are wrong between operations: two at once, a job too early, a set-up forgotten.
static void test_checker_between(void)
{
    Ctx *ctx = test_ctx();
    const JobShopJob jobs[] = { { 0, 2, 2, INT64_MAX, 1 }, { 2, 1, 0, INT64_MAX, 1 } };
    const JobShopOperation operations[] = {
        { .job = 0, .first_option = 0, .options = 1, .family = 0 },
        { .job = 0, .first_option = 1, .options = 1, .family = 1 },
        { .job = 1, .first_option = 2, .options = 1, .family = 0 },
    };
    const JobShopOption options[] = { { 0, 3 }, { 1, 4 }, { 1, 5 } };
    const int64_t setup[] = { 0, 2, 2, 0 };
    const JobShopMachine machines[] = { { .first_family = -1 },
                                        { .setup = setup, .first_family = -1 } };
    const JobShop shop = { 2, 3, 2, 3, 2, jobs, operations, options, machines, JOBSHOP_MAKESPAN };
    static const struct {
        const char *name;
        int64_t start[3];
        bool is_right;
    } rows[] = {
        { "right", { 2, 7, 0 }, true },
        { "before the release", { 1, 7, 0 }, false },
        { "before the operation ahead", { 2, 4, 11 }, false },
        { "two at once", { 2, 5, 6 }, false },
        { "without set-up", { 2, 6, 0 }, false },
    };
    for (size_t r = 0; r < COUNT(rows); r++) {
        test_row = rows[r].name;
        int64_t start[3], end[3];
        const int64_t *at = rows[r].start;
        int turn[] = { 0, at[1] > at[2], at[2] > at[1] };
        JobShopPlan plan = {
            .option = (int[]){ 0, 1, 2 }, .start = start, .end = end, .turn = turn
        };
        for (int u = 0; u < 3; u++) {
            start[u] = rows[r].start[u];
            end[u] = start[u] + options[u].duration;
            plan.makespan = end[u] > plan.makespan ? end[u] : plan.makespan;
        }
        if (rows[r].is_right)
            CHECK_OK(ctx, jobshop_check(ctx, &shop, &plan));
        else
            CHECK_FAILS(ctx, "jobshop.plan", jobshop_check(ctx, &shop, &plan));
    }
}

// ---- What the search refuses --------------------------------------------------------------------

static void test_refusals(void)
{
    Ctx *ctx = test_ctx();
    Budget budget = { .steps = 10 };
    JobShopPlan plan;
    Six six;
#define REFUSED(what)                                                                              \
    six_make(&six);                                                                                \
    test_row = #what;                                                                              \
    what;                                                                                          \
    CHECK_FAILS(ctx, "jobshop.input", jobshop_schedule(ctx, &six.shop, &budget, &plan))
    REFUSED(six.option[3].machine = 6);
    REFUSED(six.option[3].machine = -1);
    REFUSED(six.option[3].duration = -1);
    REFUSED(six.option[3].duration = JOBSHOP_TIME_MAX + 1);
    REFUSED(six.operation[3].options = 0);
    REFUSED(six.operation[3].options = 2);
    REFUSED(six.operation[35].options = 2);
    REFUSED(six.operation[3].job = 1);
    REFUSED(six.operation[3].family = 1);
    REFUSED(six.job[2].operations = 5);
    REFUSED(six.job[5].operations = 5);
    REFUSED(six.job[5].operations = 7);
    REFUSED(six.job[2].release = -1);
    REFUSED(six.job[2].weight = -1);
    REFUSED(six.machine[0].first_family = 1);
    REFUSED(six.machine[0].setup = &(int64_t){ -1 });
    REFUSED(six.shop.operations = 0);
    REFUSED(six.shop.machines = 0);
    REFUSED(six.shop.families = 0);
    REFUSED(six.shop.jobs = 0);
    REFUSED(six.shop.operations = JOBSHOP_OPERATIONS_MAX + 1);
    REFUSED(six.shop.machines = JOBSHOP_MACHINES_MAX + 1);
}

static void test_closed(void)
{
    Ctx *ctx = test_ctx();
    Six six;
    six_make(&six);
    Calendar calendar;
    CHECK_OK(ctx, calendar_make(ctx, &(CalendarStretch){ 0, 30 }, 1, 0, &calendar));
    six.machine[4].calendar = &calendar;
    Budget budget = { .steps = 2000 };
    JobShopPlan plan;
    CHECK_FAILS(ctx, "jobshop.closed", jobshop_schedule(ctx, &six.shop, &budget, &plan));
    CHECK_OK(ctx, calendar_make(ctx, &(CalendarStretch){ 0, 3 }, 1, (int64_t)1 << 50, &calendar));
    CHECK_FAILS(ctx, "jobshop.input", jobshop_schedule(ctx, &six.shop, &budget, &plan));
}

const Test schedule_tests[] = {
    { "small shops of every kind get the best plan there is", test_against_all },
    { "larger shops get plans that keep every rule", test_larger },
    { "six jobs on six machines take 55", test_six },
    { "the same seed gives the same plan, whoever of the crew works first", test_repeats },
    { "who is stopped at once still has a plan, and told of every better one", test_stopped },
    { "the checker finds each number that was changed", test_checker },
    { "the checker looks between operations", test_checker_between },
    { "work that takes no time has its turn, too", test_no_time },
    { "input that contradicts itself is refused", test_refusals },
    { "work that finds no open hours is named", test_closed },
    { 0 },
};
