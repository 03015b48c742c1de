// test_route.c - routes: plans keep every rule, small ones are best, the same seed gives the same.
#include "algo/route/route.h"
#include "harness.h"

#include <math.h>

// ---- Problems made up ---------------------------------------------------------------------------

enum { PLACES = 41 };  // the depot and 40 stops

typedef struct World {
    int32_t distance[PLACES * PLACES];
    RouteStop stops[PLACES - 1];
    RouteWindow windows[PLACES - 1][2];
    RouteVehicle vehicles[8];
    RouteProblem problem;
} World;

static const RouteWindow whole_day = { 0, 10000 };

static void measure(World *world, Random *random, int places)
{
    int32_t x[PLACES], y[PLACES];
    for (int i = 0; i < places; i++) {
        x[i] = (int32_t)random_below(random, 1000);
        y[i] = (int32_t)random_below(random, 1000);
    }
    for (int i = 0; i < places; i++)
        for (int j = 0; j < places; j++)
            world->distance[i * places + j] = (int32_t)lrint(hypot(x[i] - x[j], y[i] - y[j]));
    world->problem = (RouteProblem){ .places = places,
                                     .distance = world->distance,
                                     .time = world->distance,
                                     .stop_count = places - 1,
                                     .stops = world->stops,
                                     .vehicles = world->vehicles };
}

// Stops all over with nothing special about them, and one vehicle that can do it all.
static void plain_world(World *world, Random *random, int places)
{
    *world = (World){ 0 };
    measure(world, random, places);
    for (int i = 0; i < places - 1; i++)
        world->stops[i] =
            (RouteStop){ .place = i + 1, .windows = &whole_day, .window_count = 1, .penalty = 1e9 };
    world->vehicles[0] = (RouteVehicle){ .shift = { 0, 100000 }, .cost_distance = 1 };
    world->problem.vehicle_count = 1;
}

static void make_stop(World *world, Random *random, int i)
{
    RouteWindow *windows = world->windows[i];
    windows[0].from = (int32_t)random_below(random, 4000);
    windows[0].to = windows[0].from + (int32_t)random_below(random, 1500);
    windows[1].from = windows[0].to + 1 + (int32_t)random_below(random, 1000);
    windows[1].to = windows[1].from + (int32_t)random_below(random, 800);
    world->stops[i] = (RouteStop){ .place = i + 1,
                                   .service = (int32_t)random_below(random, 120),
                                   .load = { 1 + (int32_t)random_below(random, 9),
                                             (int32_t)random_below(random, 3) },
                                   .skills = (uint64_t)random_below(random, 4),
                                   .windows = windows,
                                   .window_count = 1 + (int)random_below(random, 2),
                                   .penalty = random_chance(random, 3) ? 700 : 1e7 };
}

// Everything at once: windows, two loads, skills, paid time, longest days, stops that may be left.
static void rich_world(World *world, Random *random)
{
    *world = (World){ 0 };
    measure(world, random, PLACES);
    for (int i = 0; i < PLACES - 1; i++)
        make_stop(world, random, i);
    for (int v = 0; v < 8; v++)
        world->vehicles[v] = (RouteVehicle){ .start = v % 2 ? 5 : 0,
                                             .end = v % 3 ? 0 : 7,
                                             .shift = { 100 * v, 7000 },
                                             .longest = v % 2 ? 3000 : 0,
                                             .capacity = { 30 + 10 * (v % 3), 12 },
                                             .skills = (uint64_t)(v % 4),
                                             .cost_fixed = 100 * (v % 3),
                                             .cost_distance = 1 + v % 2,
                                             .cost_time = v % 4 == 1 ? 0.5 : 0 };
    world->problem.vehicle_count = 8;
}

static bool is_same(const RoutePlan *a, const RoutePlan *b)
{
    if (a->cost != b->cost || a->tour_count != b->tour_count || a->miss_count != b->miss_count)
        return false;
    for (int t = 0; t < a->tour_count; t++)
        if (a->tours[t].call_count != b->tours[t].call_count ||
            memcmp(a->tours[t].calls, b->tours[t].calls,
                   sizeof(RouteCall) * (size_t)a->tours[t].call_count) != 0)
            return false;
    return true;
}

// ---- What plans are like ------------------------------------------------------------------------

static void test_rules(void)
{
    Ctx *ctx = test_ctx();
    World world;
    for (int round = 0; round < 12; round++) {
        rich_world(&world, ctx->random);
        RoutePlan plan;
        Budget budget = { .steps = 320, .seed = (uint64_t)round };
        CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &plan));
        CHECK_OK(ctx, route_check(ctx, &world.problem, &plan));
        CHECK(plan.tour_count > 0);
    }
}

// The shortest round trip through all stops, by trying them all.
static int64_t shortest(const World *world, int here, unsigned left)
{
    if (left == 0)
        return world->distance[here * world->problem.places];
    int64_t best = INT64_MAX;
    for (int next = 1; next < world->problem.places; next++)
        if (left >> next & 1) {
            int64_t way = world->distance[here * world->problem.places + next] +
                          shortest(world, next, left & ~(1u << next));
            best = way < best ? way : best;
        }
    return best;
}

static void test_small(void)
{
    Ctx *ctx = test_ctx();
    World world;
    for (int round = 0; round < 5; round++) {
        plain_world(&world, ctx->random, 8);
        RoutePlan plan;
        Budget budget = { .steps = 400 };
        CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &plan));
        CHECK_INT(plan.distance, shortest(&world, 0, 0xFE));
        CHECK_INT(plan.miss_count, 0);
    }
}

static void backwards(void *of, int n, void (*work)(void *arg, int i), void *arg)
{
    for (int i = n - 1; i >= 0; i--)
        work(arg, i);
}

static void test_same_seed(void)
{
    Ctx *ctx = test_ctx();
    World world;
    rich_world(&world, ctx->random);
    RoutePlan one, again, other;
    Budget budget = { .steps = 480, .seed = 7, .crew = 3 };
    CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &one));
    budget.each = backwards;
    CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &again));
    CHECK(is_same(&one, &again));
    budget.seed = 8;
    CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &other));
    CHECK(!is_same(&one, &other));
}

static void test_stopped(void)
{
    Ctx *ctx = test_ctx();
    World world;
    rich_world(&world, ctx->random);
    atomic_bool stop = true;
    Budget budget = { .stop = &stop };
    RoutePlan plan;
    CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &plan));
    CHECK_OK(ctx, route_check(ctx, &world.problem, &plan));
    CHECK(plan.tour_count > 0);
    CHECK_INT(plan.rounds, 0);
}

typedef struct Heard {
    int times;
    double last;
} Heard;

static void hear(void *of, const void *answer)
{
    Heard *heard = of;
    const RoutePlan *plan = answer;
    double cost = plan->cost + plan->penalty;
    CHECK(heard->times == 0 || cost < heard->last);
    heard->times++;
    heard->last = cost;
}

static void test_better(void)
{
    Ctx *ctx = test_ctx();
    World world;
    rich_world(&world, ctx->random);
    Heard heard = { 0 };
    Budget budget = { .steps = 480, .better = hear, .of = &heard };
    RoutePlan plan;
    CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &plan));
    CHECK(heard.times > 0);
    CHECK(fabs(heard.last - plan.cost - plan.penalty) < 1e-6);
}

// One stop with a late window: whoever is paid by the hour leaves late.
static void test_leaves_late(void)
{
    Ctx *ctx = test_ctx();
    World world;
    plain_world(&world, ctx->random, 2);
    RouteWindow noon = { 5000, 6000 };
    world.stops[0].windows = &noon;
    world.vehicles[0].cost_time = 1;
    RoutePlan plan;
    Budget budget = { .steps = 32 };
    CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &plan));
    CHECK_INT(plan.tour_count, 1);
    CHECK_INT(plan.tours[0].calls[0].begin, 5000);
    CHECK_INT(plan.tours[0].leave, 5000 - world.distance[1]);
    CHECK(plan.cost == 4.0 * world.distance[1]);
}

// ---- What is left out, and why ------------------------------------------------------------------

static void want_skill(World *world)
{
    world->stops[0].skills = 8;
}
static void too_big(World *world)
{
    world->stops[0].load[1] = 1;
}
static void too_far(World *world)
{
    world->vehicles[0].longest = 1;
}
static void not_worth(World *world)
{
    world->stops[0].penalty = 0.5;
}
static void no_room(World *world)
{
    world->stops[0].load[0] = world->stops[1].load[0] = world->vehicles[0].capacity[0] = 1;
    world->stops[0].penalty = 1e6;
}

static void test_reasons(void)
{
    static const struct {
        const char *name;
        void (*change)(World *world);
        RouteReason reason;
    } rows[] = {
        { "no vehicle has the skill", want_skill, ROUTE_NO_SKILL },
        { "no vehicle can carry it", too_big, ROUTE_TOO_BIG },
        { "no vehicle has so much time", too_far, ROUTE_TOO_FAR },
        { "it is not worth the way", not_worth, ROUTE_NOT_WORTH },
        { "the vehicle is full", no_room, ROUTE_NO_ROOM },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        World world;
        plain_world(&world, ctx->random, 3);
        rows[i].change(&world);
        RoutePlan plan;
        Budget budget = { .steps = 64 };
        CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &plan));
        CHECK_OK(ctx, route_check(ctx, &world.problem, &plan));
        CHECK(plan.miss_count >= 1);
        CHECK(plan.miss_count < 1 || plan.misses[0].stop == 0);
        CHECK(plan.miss_count < 1 || plan.misses[0].reason == rows[i].reason);
    }
}

static void test_nothing(void)
{
    Ctx *ctx = test_ctx();
    World world;
    plain_world(&world, ctx->random, 3);
    world.problem.vehicle_count = 0;
    RoutePlan plan;
    Budget budget = { .steps = 64 };
    CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &plan));
    CHECK_INT(plan.miss_count, 2);
    world.problem.stop_count = 0;
    CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &plan));
    CHECK_INT(plan.miss_count, 0);
    CHECK(plan.cost == 0);
}

// ---- Refusals -----------------------------------------------------------------------------------

static void bad_place(World *world)
{
    world->stops[1].place = 99;
}
static void bad_service(World *world)
{
    world->stops[1].service = -1;
}
static void bad_load(World *world)
{
    world->stops[1].load[2] = -1;
}
static void no_window(World *world)
{
    world->stops[1].window_count = 0;
}
static void crossed_windows(World *world)
{
    world->windows[1][0] = (RouteWindow){ 10, 20 };
    world->windows[1][1] = (RouteWindow){ 20, 30 };
    world->stops[1].windows = world->windows[1];
    world->stops[1].window_count = 2;
}
static void bad_penalty(World *world)
{
    world->stops[1].penalty = NAN;
}
static void bad_start(World *world)
{
    world->vehicles[0].start = -1;
}
static void bad_shift(World *world)
{
    world->vehicles[0].shift = (RouteWindow){ 5, 4 };
}
static void bad_capacity(World *world)
{
    world->vehicles[0].capacity[0] = -1;
}
static void bad_cost(World *world)
{
    world->vehicles[0].cost_time = -1;
}
static void bad_way(World *world)
{
    world->distance[1] = -1;
}
static void many_stops(World *world)
{
    world->problem.stop_count = ROUTE_STOPS_MOST + 1;
}
static void many_vehicles(World *world)
{
    world->problem.vehicle_count = ROUTE_VEHICLES_MOST + 1;
}

static void test_refusals(void)
{
    static const struct {
        const char *name;
        void (*change)(World *world);
    } rows[] = {
        { "a place that is not there", bad_place },
        { "a negative service time", bad_service },
        { "a negative load", bad_load },
        { "no window", no_window },
        { "windows that meet", crossed_windows },
        { "a penalty that is no number", bad_penalty },
        { "a start that is not there", bad_start },
        { "a shift that ends before it begins", bad_shift },
        { "a negative capacity", bad_capacity },
        { "a negative cost", bad_cost },
        { "a negative distance", bad_way },
        { "too many stops", many_stops },
        { "too many vehicles", many_vehicles },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        World world;
        plain_world(&world, ctx->random, 4);
        rows[i].change(&world);
        RoutePlan plan;
        Budget budget = { .steps = 16 };
        CHECK_FAILS(ctx, "route.problem", route_solve(ctx, &world.problem, &budget, &plan));
    }
}

// ---- The checker --------------------------------------------------------------------------------

static void too_soon(World *world, RoutePlan *plan)
{
    plan->tours[0].calls[1].arrive--;
}
static void outside_window(World *world, RoutePlan *plan)
{
    static const RouteWindow evening = { 9000, 9500 };
    world->stops[plan->tours[0].calls[0].stop].windows = &evening;
}
static void service_cut(World *world, RoutePlan *plan)
{
    world->stops[plan->tours[0].calls[0].stop].service = 5;
}
static void skill_lacks(World *world, RoutePlan *plan)
{
    world->stops[0].skills = 1;
}
static void overloaded(World *world, RoutePlan *plan)
{
    world->stops[0].load[1] = 1;
}
static void called_twice(World *world, RoutePlan *plan)
{
    plan->tours[0].calls[2].stop = plan->tours[0].calls[1].stop;
}
static void forgotten(World *world, RoutePlan *plan)
{
    world->distance[plan->tours[0].calls[2].stop + 1] = 0;
    plan->tours[0].call_count = 2;
    plan->tours[0].back = 90000;
    plan->tours[0].distance = 0;
    for (int i = 0; i < 16; i++)
        world->distance[i] = 0;
}
static void out_of_shift(World *world, RoutePlan *plan)
{
    world->vehicles[0].shift.to = plan->tours[0].back - 1;
}
static void long_day(World *world, RoutePlan *plan)
{
    world->vehicles[0].longest = plan->tours[0].back - plan->tours[0].leave - 1;
}
static void wrong_cost(World *world, RoutePlan *plan)
{
    plan->cost += 1;
}
static void wrong_distance(World *world, RoutePlan *plan)
{
    plan->tours[0].distance--;
}
static void back_too_soon(World *world, RoutePlan *plan)
{
    plan->tours[0].back--;
}
static void strange_vehicle(World *world, RoutePlan *plan)
{
    plan->tours[0].vehicle = 1;
}
static void strange_stop(World *world, RoutePlan *plan)
{
    plan->tours[0].calls[0].stop = 3;
}

static void test_checker(void)
{
    static const struct {
        const char *says;
        void (*change)(World *world, RoutePlan *plan);
    } rows[] = {
        { "is reached sooner than the way takes", too_soon },
        { "is served outside its windows", outside_window },
        { "is left before the service is done", service_cut },
        { "wants a skill that the vehicle lacks", skill_lacks },
        { "carries more than it can", overloaded },
        { "is called at twice", called_twice },
        { "is forgotten", forgotten },
        { "is out beyond its shift", out_of_shift },
        { "is out longer than it may", long_day },
        { "the plan costs", wrong_cost },
        { "drives another distance than it says", wrong_distance },
        { "is back sooner than the way takes", back_too_soon },
        { "is not there", strange_vehicle },
        { "is not there", strange_stop },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].says;
        World world;
        plain_world(&world, ctx->random, 4);
        RoutePlan plan;
        Budget budget = { .steps = 64 };
        CHECK_OK(ctx, route_solve(ctx, &world.problem, &budget, &plan));
        CHECK_OK(ctx, route_check(ctx, &world.problem, &plan));
        rows[i].change(&world, &plan);
        Status status = route_check(ctx, &world.problem, &plan);
        CHECK(status == E_CONFLICT && str_is(str_from(ctx->failure.code), "route.plan"));
        CHECK(status != OK && str_find(ctx->failure.message, str_from(rows[i].says)) >= 0);
        ctx_recover(ctx);
    }
}

const Test route_tests[] = {
    { "a plan keeps windows, shifts, loads and skills", test_rules },
    { "a small round is the shortest there is", test_small },
    { "the same seed gives the same plan, whoever does which share", test_same_seed },
    { "who is stopped answers the first plan", test_stopped },
    { "each plan that is told is better than the one before", test_better },
    { "whoever is paid by the hour leaves as late as possible", test_leaves_late },
    { "a stop that is left out says why", test_reasons },
    { "without vehicles all is left out, without stops nothing is done", test_nothing },
    { "a problem that breaks a rule is refused", test_refusals },
    { "the checker finds each kind of mistake", test_checker },
    { 0 },
};
