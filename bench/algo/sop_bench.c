// sop_bench.c - supply plans of several sizes from a seed: unknowns, equations, and what first
// asking whether it can be done and then planning cost. Each plan is proven optimal by its prices
// before its time is told.
//
//     sop-bench [SEED]
//
// The company: each plant makes two thirds of the items on two resources, every item can be sent to
// the next plant in the ring, demand swings with the seasons.
#include "algo/sop/cbc.h"
#include "algo/sop/model.h"
#include "base/random.h"
#include "tool/tool.h"

#include <time.h>

typedef struct {
    int32_t periods, plants, items;
} Size;

static const Size sizes[] = { { 12, 3, 20 }, { 12, 5, 100 }, { 24, 4, 50 }, { 52, 3, 30 } };

typedef struct {
    Arena *arena;
    Random random;
    Size size;
    SopInput input;
} Company;

static double some(Company *c, int64_t from, int64_t most)
{
    return (double)(from + random_below(&c->random, most - from + 1));
}

static double *all(Company *c, double value)
{
    double *values = NEW_ARRAY(c->arena, double, (size_t)c->size.periods);
    for (int32_t t = 0; t < c->size.periods; t++)
        values[t] = value;
    return values;
}

static Str *names(Company *c, const char *letter, int32_t count)
{
    Str *list = NEW_ARRAY(c->arena, Str, (size_t)count);
    for (int32_t i = 0; i < count; i++)
        list[i] = str_format(c->arena, "%s%d", letter, i);
    return list;
}

static void make_resources(Company *c)
{
    SopInput *in = &c->input;
    in->resource_count = 2 * c->size.plants;
    in->resources = NEW_ARRAY(c->arena, SopResource, (size_t)in->resource_count);
    for (int32_t i = 0; i < in->resource_count; i++)
        in->resources[i] =
            (SopResource){ str_format(c->arena, "r%d", i), i / 2, all(c, 30.0 * c->size.items),
                           all(c, 6.0 * c->size.items), some(c, 3, 9) };
}

static void make_sites(Company *c, int32_t plant, int32_t item)
{
    SopInput *in = &c->input;
    in->stores[in->store_count++] =
        (SopStore){ item,           plant,    some(c, 0, 80), some(c, 1, 9) / 10,
                    some(c, 0, 10), INFINITY, some(c, 5, 40) };
    in->lanes[in->lane_count++] =
        (SopLane){ plant, (plant + 1) % c->size.plants, item, some(c, 1, 5), all(c, INFINITY), 1 };
    if ((plant + item) % 3) {
        SopPart *uses = NEW_ARRAY(c->arena, SopPart, 2);
        uses[0] = (SopPart){ 2 * plant, some(c, 2, 6) / 10 };
        uses[1] = (SopPart){ 2 * plant + 1, some(c, 2, 6) / 10 };
        in->makes[in->make_count++] =
            (SopMake){ item, plant, some(c, 5, 30), all(c, INFINITY), uses, NULL, 2, 0 };
    }
    for (int32_t t = 0; t < c->size.periods; t++)
        in->demands[in->demand_count++] =
            (SopDemand){ item, plant, t, some(c, 10, 40) * (1 + 0.5 * sin(0.5 * t + item)) };
}

static void make_company(Company *c)
{
    SopInput *in = &c->input;
    size_t sites = (size_t)c->size.plants * (size_t)c->size.items;
    *in = (SopInput){ .period_count = c->size.periods,
                      .plant_count = c->size.plants,
                      .item_count = c->size.items,
                      .periods = names(c, "t", c->size.periods),
                      .plants = names(c, "p", c->size.plants),
                      .items = names(c, "i", c->size.items),
                      .makes = NEW_ARRAY(c->arena, SopMake, sites),
                      .stores = NEW_ARRAY(c->arena, SopStore, sites),
                      .lanes = NEW_ARRAY(c->arena, SopLane, sites),
                      .demands = NEW_ARRAY(c->arena, SopDemand, sites * (size_t)c->size.periods) };
    make_resources(c);
    for (int32_t plant = 0; plant < c->size.plants; plant++)
        for (int32_t item = 0; item < c->size.items; item++)
            make_sites(c, plant, item);
}

static double worked(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

static Status measure(Ctx *ctx, const Size *size, uint64_t seed)
{
    Company company = { ctx->arena, { seed }, *size, { 0 } };
    SopModel model;
    LpAnswer answer;
    SopPlan plan;
    make_company(&company);
    double from = worked();
    TRY(sop_plan(ctx, &company.input, cbc_solve, &(Budget){ 0 }, &plan));
    double whole = worked() - from;
    TRY(sop_model(ctx, &company.input, &model));
    TRY(cbc_solve(ctx, &model.lp, &(Budget){ 0 }, &answer));
    double least = plan.is_possible ? lp_least_cost(ctx->arena, &model.lp, answer.price) : NAN;
    printf("| %d x %d x %d | %zu | %zu | %.2f s | %s |\n", size->periods, size->plants, size->items,
           model.lp.columns.len, model.lp.rows.len, whole,
           !plan.is_possible                                     ? "impossible"
           : fabs(least - plan.cost) <= 1e-6 * (1 + fabs(least)) ? "yes"
                                                                 : "no");
    fflush(stdout);
    return OK;
}

static Status run(Ctx *ctx, void *arg)
{
    printf(
        "| periods x plants x items | unknowns | equations | whole plan, CPU | proven optimal |\n"
        "|--:|--:|--:|--:|--:|\n");
    for (size_t i = 0; i < COUNT(sizes); i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(measure(ctx, &sizes[i], (uint64_t) * (const int64_t *)arg));
        arena_rewind(ctx->arena, mark);
    }
    return OK;
}

int main(int argc, char **argv)
{
    int64_t seed = 1;
    if (argc > 2 || (argc == 2 && !str_int(str_from(argv[1]), &seed))) {
        fprintf(stderr, "usage: sop-bench [SEED]\n");
        return 2;
    }
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    Status status = ctx_guard(&ctx, run, &seed);
    if (status != OK)
        fprintf(stderr, "sop-bench: " STR_FMT "\n", STR_ARG(ctx.failure.message));
    arena_release(&arena);
    return status != OK;
}
