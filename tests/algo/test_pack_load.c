// test_pack_load.c - containers and cartons: nothing overlaps, hangs in the air or is crushed.
#include "algo/pack/cartons.h"
#include "harness.h"

#include <math.h>

enum { TYPES = 6 };

static void make_items(Random *random, LoadItem items[TYPES], bool has_weights)
{
    for (int i = 0; i < TYPES; i++) {
        items[i] =
            (LoadItem){ .size = { 8 + (int32_t)random_below(random, 30),
                                  8 + (int32_t)random_below(random, 30),
                                  8 + (int32_t)random_below(random, 30) },
                        .may_stand = { random_chance(random, 2), random_chance(random, 2), true },
                        .count = 1 + (int32_t)random_below(random, 12),
                        .bears = -1 };
        if (has_weights) {
            items[i].weight = 1 + random_below(random, 20);
            items[i].bears = random_chance(random, 3) ? -1 : random_below(random, 60);
        }
    }
}

static void test_rules(void)
{
    Ctx *ctx = test_ctx();
    LoadItem items[TYPES];
    for (int round = 0; round < 10; round++) {
        make_items(ctx->random, items, round % 2);
        LoadProblem problem = { .size = { 90, 50, 60 },
                                .weight_most = round % 2 ? 200 : -1,
                                .item_count = TYPES,
                                .items = items };
        Budget budget = { .steps = 40 };
        LoadPlan plan;
        CHECK_OK(ctx, load_solve(ctx, &problem, &budget, &plan));
        CHECK_OK(ctx, load_check(ctx, &problem, &plan));
        CHECK(plan.box_count > 0);
    }
}

// Boxes cut out of the container fill it again.
static void test_full(void)
{
    Ctx *ctx = test_ctx();
    LoadItem items[] = {
        { { 20, 30, 10 }, { 0, 0, 1 }, 24, 0, -1 },
        { { 40, 15, 20 }, { 1, 1, 1 }, 6, 0, -1 },
    };
    LoadProblem problem = { { 80, 60, 45 }, -1, 2, items };
    Budget budget = { .steps = 2000 };
    LoadPlan plan;
    CHECK_OK(ctx, load_solve(ctx, &problem, &budget, &plan));
    CHECK_OK(ctx, load_check(ctx, &problem, &plan));
    CHECK_INT(plan.box_count, 30);
}

static void backwards(void *of, int n, void (*work)(void *arg, int i), void *arg)
{
    for (int i = n - 1; i >= 0; i--)
        work(arg, i);
}

static void test_same(void)
{
    Ctx *ctx = test_ctx();
    LoadItem items[TYPES];
    make_items(ctx->random, items, true);
    for (int i = 0; i < TYPES; i++)
        items[i].count += 20;
    LoadProblem problem = { { 90, 50, 60 }, -1, TYPES, items };
    Budget alone = { .steps = 60 }, crew = { .steps = 60, .crew = 3, .each = backwards };
    LoadPlan one, other;
    CHECK_OK(ctx, load_solve(ctx, &problem, &alone, &one));
    CHECK_OK(ctx, load_solve(ctx, &problem, &crew, &other));
    CHECK_INT(other.box_count, one.box_count);
    CHECK(memcmp(one.boxes, other.boxes, sizeof *one.boxes * (size_t)one.box_count) == 0);
}

static void test_stopped(void)
{
    Ctx *ctx = test_ctx();
    LoadItem items[TYPES];
    make_items(ctx->random, items, true);
    LoadProblem problem = { { 90, 50, 60 }, -1, TYPES, items };
    atomic_bool stop = true;
    Budget budget = { .stop = &stop };
    LoadPlan plan;
    CHECK_OK(ctx, load_solve(ctx, &problem, &budget, &plan));
    CHECK_OK(ctx, load_check(ctx, &problem, &plan));
    CHECK(plan.box_count > 0);
}

static void test_this_side_up(void)
{
    Ctx *ctx = test_ctx();
    // Lying down two would go in; standing up none does.
    LoadItem item = { { 10, 10, 30 }, { 0, 0, 1 }, 2, 0, -1 };
    LoadProblem problem = { { 30, 10, 20 }, -1, 1, &item };
    Budget budget = { .steps = 50 };
    LoadPlan plan;
    CHECK_OK(ctx, load_solve(ctx, &problem, &budget, &plan));
    CHECK_INT(plan.box_count, 0);
    item.may_stand[0] = true;
    CHECK_OK(ctx, load_solve(ctx, &problem, &budget, &plan));
    CHECK_INT(plan.box_count, 2);
}

static void test_bears(void)
{
    Ctx *ctx = test_ctx();
    // A tower of cubes of weight 5: each bears one more, so the third has no place.
    LoadItem item = { { 10, 10, 10 }, { 1, 1, 1 }, 3, 5, 5 };
    LoadProblem problem = { { 10, 10, 30 }, -1, 1, &item };
    Budget budget = { .steps = 50 };
    LoadPlan plan;
    CHECK_OK(ctx, load_solve(ctx, &problem, &budget, &plan));
    CHECK_INT(plan.box_count, 2);
    item.bears = 10;
    CHECK_OK(ctx, load_solve(ctx, &problem, &budget, &plan));
    CHECK_INT(plan.box_count, 3);
    problem.weight_most = 14;
    CHECK_OK(ctx, load_solve(ctx, &problem, &budget, &plan));
    CHECK_INT(plan.box_count, 2);
}

// Many of each in a large container: no type is crowded out of the blocks.
static void test_many(void)
{
    Ctx *ctx = test_ctx();
    LoadItem items[] = {
        { { 7, 11, 13 }, { 1, 1, 1 }, 9000, 0, -1 },
        { { 31, 17, 19 }, { 1, 1, 1 }, 200, 0, -1 },
        { { 600, 600, 600 }, { 1, 1, 1 }, 1, 0, -1 },
    };
    LoadProblem problem = { { 600, 600, 600 }, -1, 3, items };
    atomic_bool stop = true;
    Budget budget = { .stop = &stop };
    LoadPlan plan;
    CHECK_OK(ctx, load_solve(ctx, &problem, &budget, &plan));
    CHECK_INT(plan.box_count, 1);
    CHECK(plan.volume == load_volume(&problem));
}

// ---- Refusals -----------------------------------------------------------------------------------

static void test_refusals(void)
{
    static const struct {
        const char *name;
        LoadItem item;
        int32_t side;
    } rows[] = {
        { "a side of nothing", { { 0, 1, 1 }, { 1, 1, 1 }, 1, 0, -1 }, 10 },
        { "a side too long", { { LOAD_SIDE_MOST + 1, 1, 1 }, { 1, 1, 1 }, 1, 0, -1 }, 10 },
        { "no side to stand on", { { 1, 1, 1 }, { 0 }, 1, 0, -1 }, 10 },
        { "a negative count", { { 1, 1, 1 }, { 1, 1, 1 }, -1, 0, -1 }, 10 },
        { "too many boxes", { { 1, 1, 1 }, { 1, 1, 1 }, LOAD_BOXES_MOST + 1, 0, -1 }, 10 },
        { "a negative weight", { { 1, 1, 1 }, { 1, 1, 1 }, 1, -1, -1 }, 10 },
        { "a container of nothing", { { 1, 1, 1 }, { 1, 1, 1 }, 1, 0, -1 }, 0 },
        { "a container too long", { { 1, 1, 1 }, { 1, 1, 1 }, 1, 0, -1 }, LOAD_SIDE_MOST + 1 },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        LoadProblem problem = { { rows[i].side, 10, 10 }, -1, 1, &rows[i].item };
        Budget budget = { .steps = 10 };
        LoadPlan plan;
        CHECK_FAILS(ctx, "load.problem", load_solve(ctx, &problem, &budget, &plan));
    }
}

static void test_checker(void)
{
    static const LoadItem items[] = {
        { { 10, 10, 5 }, { 0, 0, 1 }, 3, 4, 6 },
        { { 4, 4, 4 }, { 1, 1, 1 }, 1, 1, -1 },
    };
    static const struct {
        const char *says;
        LoadBox boxes[4];
        int count;
    } rows[] = {
        { "", { { 0, { 0, 0, 0 }, { 10, 10, 5 } }, { 1, { 3, 3, 5 }, { 4, 4, 4 } } }, 2 },
        { "is of a type that is not there", { { 2, { 0, 0, 0 }, { 4, 4, 4 } } }, 1 },
        { "is one more than there are",
          { { 1, { 0, 0, 0 }, { 4, 4, 4 } }, { 1, { 4, 0, 0 }, { 4, 4, 4 } } },
          2 },
        { "stands on a side that it may not stand on", { { 0, { 0, 0, 0 }, { 5, 10, 10 } } }, 1 },
        { "sticks out", { { 0, { 11, 0, 0 }, { 10, 10, 5 } } }, 1 },
        { "sticks out", { { 0, { -1, 0, 0 }, { 10, 10, 5 } } }, 1 },
        { "overlap", { { 0, { 0, 0, 0 }, { 10, 10, 5 } }, { 1, { 9, 9, 4 }, { 4, 4, 4 } } }, 2 },
        { "does not rest with its whole base on others",
          { { 0, { 0, 0, 0 }, { 10, 10, 5 } }, { 1, { 7, 3, 5 }, { 4, 4, 4 } } },
          2 },
        { "does not rest with its whole base on others", { { 1, { 0, 0, 1 }, { 4, 4, 4 } } }, 1 },
        { "bears more than it can",
          { { 0, { 0, 0, 0 }, { 10, 10, 5 } },
            { 0, { 0, 0, 5 }, { 10, 10, 5 } },
            { 0, { 0, 0, 10 }, { 10, 10, 5 } } },
          3 },
    };
    Ctx *ctx = test_ctx();
    LoadProblem problem = { { 20, 20, 20 }, -1, 2, items };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].says;
        LoadBox boxes[4];
        memcpy(boxes, rows[i].boxes, sizeof boxes);
        LoadPlan plan = { .boxes = boxes, .box_count = rows[i].count };
        plan.volume = 500 + 64;
        plan.weight = 5;
        Status status = load_check(ctx, &problem, &plan);
        CHECK((status == OK) == (rows[i].says[0] == '\0'));
        CHECK(status == OK || str_find(ctx->failure.message, str_from(rows[i].says)) >= 0);
        ctx_recover(ctx);
    }
}

static void test_checker_weight(void)
{
    Ctx *ctx = test_ctx();
    LoadItem item = { { 4, 4, 4 }, { 1, 1, 1 }, 1, 9, -1 };
    LoadProblem problem = { { 20, 20, 20 }, 8, 1, &item };
    LoadBox box = { 0, { 0, 0, 0 }, { 4, 4, 4 } };
    LoadPlan plan = { .boxes = &box, .box_count = 1, .volume = 64, .weight = 9 };
    CHECK_FAILS(ctx, "load.plan", load_check(ctx, &problem, &plan));
    problem.weight_most = 9;
    CHECK_OK(ctx, load_check(ctx, &problem, &plan));
    plan.volume = 63;
    CHECK_FAILS(ctx, "load.plan", load_check(ctx, &problem, &plan));
}

// ---- Cartons ------------------------------------------------------------------------------------

static const Carton sizes[] = {
    { { 10, 10, 10 }, -1, 1 },
    { { 20, 10, 10 }, -1, 1.7 },
    { { 20, 20, 20 }, 50, 5 },
};

static void test_cartons(void)
{
    static const struct {
        const char *name;
        LoadItem item;
        int cartons;
        double cost;
        int left;
    } rows[] = {
        { "one that fits the smallest", { { 9, 9, 9 }, { 1, 1, 1 }, 1, 1, -1 }, 1, 1, 0 },
        { "two fit the middle one", { { 9, 9, 9 }, { 1, 1, 1 }, 2, 1, -1 }, 1, 1.7, 0 },
        { "eight fit the large one", { { 9, 9, 9 }, { 1, 1, 1 }, 8, 1, -1 }, 1, 5, 0 },
        { "eight heavy ones need others", { { 9, 9, 9 }, { 1, 1, 1 }, 8, 10, -1 }, 4, 6.8, 0 },
        { "too long for any", { { 9, 9, 21 }, { 1, 1, 1 }, 2, 1, -1 }, 0, 0, 2 },
        { "nothing needs no carton", { { 9, 9, 9 }, { 1, 1, 1 }, 0, 1, -1 }, 0, 0, 0 },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        CartonProblem problem = { COUNT(sizes), sizes, 1, &rows[i].item };
        Budget budget = { .steps = 200 };
        CartonPlan plan;
        CHECK_OK(ctx, cartons_solve(ctx, &problem, &budget, &plan));
        CHECK_OK(ctx, cartons_check(ctx, &problem, &plan));
        CHECK(fabs(plan.cost - rows[i].cost) < 1e-9);
        CHECK_INT(plan.load_count, rows[i].cartons);
        CHECK_INT(plan.left[0], rows[i].left);
    }
}

static void test_cartons_stopped(void)
{
    Ctx *ctx = test_ctx();
    LoadItem items[TYPES];
    make_items(ctx->random, items, true);
    for (int i = 0; i < TYPES; i++)
        for (int k = 0; k < 3; k++)
            items[i].size[k] = 1 + items[i].size[k] / 4;
    CartonProblem problem = { COUNT(sizes), sizes, TYPES, items };
    atomic_bool stop = true;
    Budget budget = { .stop = &stop };
    CartonPlan plan;
    CHECK_OK(ctx, cartons_solve(ctx, &problem, &budget, &plan));
    CHECK_OK(ctx, cartons_check(ctx, &problem, &plan));
    CHECK(plan.load_count > 0);
}

static void test_cartons_checker(void)
{
    Ctx *ctx = test_ctx();
    LoadItem item = { { 9, 9, 9 }, { 1, 1, 1 }, 1, 1, -1 };
    CartonProblem problem = { COUNT(sizes), sizes, 1, &item };
    Budget budget = { .steps = 20 };
    CartonPlan plan;
    CHECK_OK(ctx, cartons_solve(ctx, &problem, &budget, &plan));
    item.count = 2;
    CHECK_FAILS(ctx, "cartons.plan", cartons_check(ctx, &problem, &plan));
    item.count = 1;
    plan.cost += 1;
    CHECK_FAILS(ctx, "cartons.plan", cartons_check(ctx, &problem, &plan));
    plan.cost -= 1;
    plan.loads[0].carton = 3;
    CHECK_FAILS(ctx, "cartons.plan", cartons_check(ctx, &problem, &plan));
}

static void test_cartons_refusals(void)
{
    Ctx *ctx = test_ctx();
    LoadItem item = { { 9, 9, 9 }, { 1, 1, 1 }, 1, 1, -1 };
    Budget budget = { .steps = 20 };
    CartonPlan plan;
    Carton free_one = { { 10, 10, 10 }, -1, 0 }, flat = { { 10, 0, 10 }, -1, 1 };
    CHECK_FAILS(ctx, "cartons.problem",
                cartons_solve(ctx, &(CartonProblem){ 0, sizes, 1, &item }, &budget, &plan));
    CHECK_FAILS(ctx, "cartons.problem",
                cartons_solve(ctx, &(CartonProblem){ 1, &free_one, 1, &item }, &budget, &plan));
    CHECK_FAILS(ctx, "cartons.problem",
                cartons_solve(ctx, &(CartonProblem){ 1, &flat, 1, &item }, &budget, &plan));
}

const Test pack_load_tests[] = {
    { "a load keeps sides, support, weights and counts", test_rules },
    { "boxes cut out of a container fill it again", test_full },
    { "the size of the crew changes nothing", test_same },
    { "who is stopped answers the first load", test_stopped },
    { "this side up", test_this_side_up },
    { "what a box bears, and what a container may weigh", test_bears },
    { "many boxes crowd no type out", test_many },
    { "a load that breaks a rule is refused", test_refusals },
    { "the checker finds each kind of mistake", test_checker },
    { "the checker weighs and measures", test_checker_weight },
    { "an order goes into the cheapest cartons", test_cartons },
    { "an order that is stopped is still packed", test_cartons_stopped },
    { "the checker of orders finds what is missing", test_cartons_checker },
    { "cartons that break a rule are refused", test_cartons_refusals },
    { 0 },
};
