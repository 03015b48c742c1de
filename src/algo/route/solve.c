// solve.c - routes from beginning to end: the crew, and the plan in the form that the caller sees.
#include "algo/route/search.h"

#include <math.h>

enum { EPOCHS = 16 };  // after each of them the crew compares; in the later half it also copies

// ---- The plan -----------------------------------------------------------------------------------

static RouteTour tour_of(Arena *arena, const RouteState *state, int vehicle)
{
    const RouteModel *model = state->model;
    const RouteLeg *leg = &state->legs[vehicle];
    const RouteNode *nodes = state->nodes;
    int32_t start = route_start_of(model, vehicle), end = start + 1;
    RouteTour tour = { .vehicle = vehicle,
                       .back = nodes[end].begin,
                       .distance = leg->distance,
                       .call_count = leg->count,
                       .calls = NEW_ARRAY(arena, RouteCall, (size_t)leg->count + 1) };
    // Backwards from the earliest return: how late everything may be. Forwards from there: when it
    // is.
    int32_t latest = tour.back, behind = nodes[end].place;
    for (int32_t i = nodes[end].prev, at = leg->count; i != start; i = nodes[i].prev) {
        int32_t way = model->time[(size_t)nodes[i].place * (size_t)model->places + (size_t)behind];
        latest =
            route_open_before(&model->problem->stops[i], latest - way - model->facts[i].service);
        tour.calls[--at] = (RouteCall){ .stop = i };
        behind = nodes[i].place;
    }
    latest -= model->time[(size_t)nodes[start].place * (size_t)model->places + (size_t)behind];
    tour.leave = latest;
    int32_t now = latest, here = nodes[start].place;
    for (RouteCall *call = tour.calls; call < tour.calls + leg->count; call++) {
        int32_t place = model->facts[call->stop].place;
        call->arrive = now + model->time[(size_t)here * (size_t)model->places + (size_t)place];
        call->begin = route_open_after(&model->problem->stops[call->stop], call->arrive);
        now = call->leave = call->begin + model->facts[call->stop].service;
        here = place;
    }
    const RouteVehicle *facts = &model->problem->vehicles[vehicle];
    tour.cost = facts->cost_fixed + facts->cost_distance * (double)tour.distance +
                facts->cost_time * (tour.back - tour.leave);
    return tour;
}

// Whether the vehicle could call at this stop if it had nothing else to do.
static bool can_alone(const RouteModel *model, const RouteVehicle *vehicle, const RouteStop *stop)
{
    size_t places = (size_t)model->places;
    int32_t out = model->time[(size_t)vehicle->start * places + (size_t)stop->place];
    int32_t home = model->time[(size_t)stop->place * places + (size_t)vehicle->end];
    int32_t begin = route_open_after(stop, vehicle->shift.from + out);
    if (begin == INT32_MAX || begin + stop->service + home > vehicle->shift.to)
        return false;
    return !vehicle->longest || out + stop->service + home <= vehicle->longest;
}

static RouteReason reason_of(const RouteModel *model, int i)
{
    const RouteStop *stop = &model->problem->stops[i];
    RouteReason reason = ROUTE_NO_SKILL;
    double cheapest = INFINITY;
    for (int v = 0; v < model->vehicles; v++) {
        const RouteVehicle *vehicle = &model->problem->vehicles[v];
        if ((vehicle->skills & stop->skills) != stop->skills)
            continue;
        bool is_small = true;
        for (int k = 0; k < ROUTE_LOADS; k++)
            is_small = is_small && stop->load[k] <= vehicle->capacity[k];
        RouteReason here = !is_small                        ? ROUTE_TOO_BIG
                         : !can_alone(model, vehicle, stop) ? ROUTE_TOO_FAR
                                                            : ROUTE_NO_ROOM;
        reason = here > reason ? here : reason;
        size_t places = (size_t)model->places;
        double way = model->distance[(size_t)vehicle->start * places + (size_t)stop->place] +
                     (double)model->distance[(size_t)stop->place * places + (size_t)vehicle->end];
        double cost = vehicle->cost_fixed + vehicle->cost_distance * way;
        cheapest = here == ROUTE_NO_ROOM && cost < cheapest ? cost : cheapest;
    }
    return reason == ROUTE_NO_ROOM && stop->penalty <= cheapest ? ROUTE_NOT_WORTH : reason;
}

static RoutePlan plan_of(Arena *arena, const RouteState *state)
{
    const RouteModel *model = state->model;
    RoutePlan plan = { .tours = NEW_ARRAY(arena, RouteTour, (size_t)state->busy_count + 1),
                       .misses = NEW_ARRAY(arena, RouteMiss, (size_t)model->stops + 1) };
    for (int v = 0; v < model->vehicles; v++) {
        if (!state->legs[v].count)
            continue;
        plan.tours[plan.tour_count++] = tour_of(arena, state, v);
        plan.cost += plan.tours[plan.tour_count - 1].cost;
        plan.distance += state->legs[v].distance;
    }
    for (int i = 0; i < model->stops; i++) {
        if (state->nodes[i].tour >= 0)
            continue;
        plan.misses[plan.miss_count++] = (RouteMiss){ i, reason_of(model, i) };
        plan.penalty += model->facts[i].penalty;
    }
    return plan;
}

// ---- The crew -----------------------------------------------------------------------------------

typedef struct Crew {
    RouteWorker *workers;
    int count;
    const Budget *budget;
    double share;  // of the budget, that is used at the end of this epoch
} Crew;

static void work_epoch(void *arg, int i)
{
    Crew *crew = arg;
    route_worker_run(&crew->workers[i], crew->budget, crew->share);
}

static RouteWorker *best_of(const Crew *crew)
{
    RouteWorker *best = crew->workers;
    for (RouteWorker *w = crew->workers + 1; w < crew->workers + crew->count; w++)
        if (w->best_cost < best->best_cost)
            best = w;
    return best;
}

static void share_best(const Crew *crew, const RouteWorker *best)
{
    for (RouteWorker *w = crew->workers; w < crew->workers + crew->count; w++)
        if (w->best_cost > best->best_cost)
            route_worker_adopt(w, &best->best, best->best_cost);
}

static void tell(Arena *arena, const Budget *budget, const RouteWorker *best, double *told)
{
    if (!budget->better || best->best_cost >= *told)
        return;
    *told = best->best_cost;
    ArenaMark mark = arena_mark(arena);
    RoutePlan plan = plan_of(arena, &best->best);
    budget->better(budget->of, &plan);
    arena_rewind(arena, mark);
}

Status route_solve(Ctx *ctx, const RouteProblem *problem, Budget *budget, RoutePlan *ret)
{
    RouteModel model;
    TRY(route_model(ctx, problem, &model));
    Crew crew = { .budget = budget, .count = budget->crew > 1 ? budget->crew : 1 };
    crew.count = crew.count < ROUTE_CREW_MOST ? crew.count : ROUTE_CREW_MOST;
    crew.workers = NEW_ARRAY(ctx->arena, RouteWorker, (size_t)crew.count);
    Random seeds = { budget->seed };
    for (int i = 0; i < crew.count; i++)
        route_worker_init(ctx->arena, &model, random_next(&seeds), &crew.workers[i]);

    double told = INFINITY;
    int epochs = model.stops && model.vehicles ? EPOCHS : 0;
    for (int epoch = 1; epoch <= epochs; epoch++) {
        crew.share = (double)epoch / EPOCHS;
        budget_each(budget, crew.count, work_epoch, &crew);
        tell(ctx->arena, budget, best_of(&crew), &told);
        if (2 * epoch >= EPOCHS)
            share_best(&crew, best_of(&crew));
    }
    *ret = plan_of(ctx->arena, &best_of(&crew)->best);
    for (int i = 0; i < crew.count; i++)
        ret->rounds += crew.workers[i].rounds;
    return OK;
}
