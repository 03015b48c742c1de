// test_schedule_project.c - projects: plans keep the rules, and are the best where all can be
// tried.
#include "algo/schedule/profile.h"
#include "harness.h"
#include "schedule_shops.h"

// ---- Small ones, against trying all -------------------------------------------------------------

static void test_against_all(void)
{
    Ctx *ctx = test_ctx();
    for (uint64_t seed = 0; seed < 60; seed++) {
        Random random = { seed };
        int duration_max = seed % 3 ? 9 : 100000;  // cells of both kinds
        const Project *project =
            project_by_chance(ctx->arena, &random, 6, (int)(seed % 6), duration_max);
        Budget budget = { .steps = 3000, .seed = seed };
        ProjectPlan plan;
        CHECK_OK(ctx, project_schedule(ctx, project, &budget, &plan));
        CHECK_OK(ctx, project_check(ctx, project, &plan));
        CHECK(plan.critical_path <= plan.lower_bound);
        if (duration_max > 9)
            continue;
        int best = project_best(ctx->arena, project);
        CHECK_INT(plan.makespan, best);
        CHECK(plan.lower_bound <= best);
    }
}

static void test_larger(void)
{
    Ctx *ctx = test_ctx();
    for (uint64_t seed = 0; seed < 6; seed++) {
        Random random = { seed };
        const Project *project =
            project_by_chance(ctx->arena, &random, 60, 5, seed % 2 ? 10 : 1000000);
        Budget budget = { .steps = 1500, .seed = seed, .crew = 1 + (int)(seed % 3) };
        ProjectPlan plan;
        CHECK_OK(ctx, project_schedule(ctx, project, &budget, &plan));
        CHECK_OK(ctx, project_check(ctx, project, &plan));
    }
}

// ---- Profiles -----------------------------------------------------------------------------------

// What fits is the same whether cells are fine or coarse, and whatever the lanes' width.
static void test_profiles(void)
{
    Ctx *ctx = test_ctx();
    static const int narrow[5] = { 7, 3, 9, 4, 30000 }, wide[5] = { 7, 3, 9, 4, 900000 };
    for (uint64_t seed = 0; seed < 20; seed++) {
        Random random = { seed };
        Profile fine, coarse;
        const int *capacity = seed % 2 ? narrow : wide;
        profile_make(ctx->arena, capacity, 5, 40, 40 * 16, &fine);
        profile_make(ctx->arena, capacity, 5, 40, 1000000, &coarse);
        CHECK(fine.is_fine && !coarse.is_fine);
        uint64_t *need = NEW_ARRAY(ctx->arena, uint64_t, (size_t)fine.words);
        for (int taking = 0; taking < 40; taking++) {
            int amounts[5], duration = (int)random_below(&random, 12);
            int ready = (int)random_below(&random, 60);
            for (int r = 0; r < 5; r++)
                amounts[r] = (int)random_below(&random, capacity[r] + 1);
            profile_pack(&fine, amounts, 5, need);
            int start = profile_find(&fine, need, ready, duration);
            CHECK_INT(profile_find(&coarse, need, ready, duration), start);
            profile_take(&fine, need, start, duration);
            profile_take(&coarse, need, start, duration);
        }
    }
}

// ---- Laws of the budget -------------------------------------------------------------------------

static void test_repeats(void)
{
    Ctx *ctx = test_ctx();
    Random random = { 5 };
    const Project *project = project_by_chance(ctx->arena, &random, 40, 3, 10);
    ProjectPlan first, second;
    Budget budget = { .steps = 2500, .seed = 42, .crew = 2 };
    CHECK_OK(ctx, project_schedule(ctx, project, &budget, &first));
    CHECK_OK(ctx, project_schedule(ctx, project, &budget, &second));
    CHECK(memcmp(first.start, second.start, 40 * sizeof *first.start) == 0);
}

static void count_better(void *of, const void *answer)
{
    const ProjectPlan *plan = answer;
    int *last = of;
    CHECK(plan->makespan < *last);
    *last = plan->makespan;
}

static void test_stopped(void)
{
    Ctx *ctx = test_ctx();
    Random random = { 5 };
    const Project *project = project_by_chance(ctx->arena, &random, 40, 3, 10);
    atomic_bool stop = true;
    int last = INT32_MAX;
    Budget budget = { .stop = &stop, .better = count_better, .of = &last };
    ProjectPlan plan;
    CHECK_OK(ctx, project_schedule(ctx, project, &budget, &plan));
    CHECK_OK(ctx, project_check(ctx, project, &plan));
    CHECK_INT(plan.makespan, last);
}

// ---- Refusals -----------------------------------------------------------------------------------
// Three activities, the first two before the third; the second resource is for the third alone.

typedef struct Three {
    ProjectActivity activity[3];
    int link[2], need[6], capacity[2], start[3];
    Project project;
    ProjectPlan plan;
} Three;

static void three_make(Three *three)
{
    *three = (Three){ .activity = { { 4, 0, 1 }, { 3, 1, 1 }, { 5, 2, 0 } },
                      .link = { 2, 2 },
                      .need = { 2, 0, 2, 0, 1, 6 },
                      .capacity = { 3, 6 },
                      .start = { 3, 0, 7 } };
    three->project =
        (Project){ 3, 2, 2, three->activity, three->link, three->need, three->capacity };
    three->plan = (ProjectPlan){ three->start, 12, 9, 12 };
}

static void test_refusals(void)
{
    Ctx *ctx = test_ctx();
    Budget budget = { .steps = 10 };
    ProjectPlan plan;
    Three three;
    three_make(&three);
    CHECK_OK(ctx, project_schedule(ctx, &three.project, &budget, &plan));
    CHECK_INT(plan.makespan, 12);
    CHECK_INT(plan.critical_path, 9);
#define REFUSED(code, what)                                                                        \
    three_make(&three);                                                                            \
    test_row = #what;                                                                              \
    what;                                                                                          \
    CHECK_FAILS(ctx, code, project_schedule(ctx, &three.project, &budget, &plan))
    REFUSED("project.input", three.activity[0].duration = -1);
    REFUSED("project.input", three.activity[0].duration = PROJECT_TIME_MAX);
    REFUSED("project.input", three.activity[1].first_link = 0);
    REFUSED("project.input", three.activity[1].links = 2);
    REFUSED("project.input", three.activity[1].links = 0);
    REFUSED("project.input", three.link[0] = 3);
    REFUSED("project.input", three.link[0] = -1);
    REFUSED("project.input", three.need[0] = -1);
    REFUSED("project.input", three.capacity[0] = -1);
    REFUSED("project.input", three.project.activities = 0);
    REFUSED("project.input", three.project.activities = PROJECT_ACTIVITIES_MAX + 1);
    REFUSED("project.input", three.project.resources = PROJECT_RESOURCES_MAX + 1);
    REFUSED("project.input", three.project.links = PROJECT_LINKS_MAX + 1);
    REFUSED("project.circle", three.link[0] = 0);
    REFUSED("project.capacity", three.need[0] = 4);
}

static void test_checker(void)
{
    Ctx *ctx = test_ctx();
    Three three;
    three_make(&three);
    CHECK_OK(ctx, project_check(ctx, &three.project, &three.plan));
#define WRONG(what)                                                                                \
    three_make(&three);                                                                            \
    test_row = #what;                                                                              \
    what;                                                                                          \
    CHECK_FAILS(ctx, "project.plan", project_check(ctx, &three.project, &three.plan))
    WRONG(three.start[0] = 2);   // two at once
    WRONG(three.start[1] = -1);  // before time
    WRONG(three.start[2] = 6);   // before the first is done
    WRONG(three.plan.makespan = 11);
    WRONG(three.plan.lower_bound = 13);
}

const Test schedule_project_tests[] = {
    { "small projects get the best plan there is", test_against_all },
    { "larger projects get plans that keep every rule", test_larger },
    { "profiles of fine and of coarse cells say the same", test_profiles },
    { "the same seed gives the same plan", test_repeats },
    { "who is stopped at once still has a plan, and told of every better one", test_stopped },
    { "input that contradicts itself is refused", test_refusals },
    { "the checker finds what is wrong", test_checker },
    { 0 },
};
