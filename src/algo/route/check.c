// check.c - whether a plan of routes keeps every rule, and costs what it says.
//
// Independent of the search: it drives every tour anew from the problem's own numbers and shares no
// code with what made the plan.
#include "algo/route/route.h"

#include <math.h>

typedef struct Check {
    Ctx *ctx;
    const RouteProblem *problem;
    int *calls;  // of each stop
    bool *goes_out;
    double cost, penalty;
    int64_t distance;
} Check;

static Status wrong(Check *check, const char *what, int i, const char *why)
{
    return FAIL(check->ctx, E_CONFLICT, "route.plan", "%s %d %s", what, i, why);
}

static bool is_in_window(const RouteStop *stop, int32_t at)
{
    for (int w = 0; w < stop->window_count; w++)
        if (stop->windows[w].from <= at && at <= stop->windows[w].to)
            return true;
    return false;
}

static Status check_call(Check *check, const RouteVehicle *vehicle, const RouteCall *call,
                         int64_t leave, int32_t from)
{
    if (call->stop < 0 || call->stop >= check->problem->stop_count)
        return wrong(check, "stop", call->stop, "is not there");
    if (check->calls[call->stop]++)
        return wrong(check, "stop", call->stop, "is called at twice");
    const RouteStop *stop = &check->problem->stops[call->stop];
    if (stop->skills & ~vehicle->skills)
        return wrong(check, "stop", call->stop, "wants a skill that the vehicle lacks");
    int64_t way = check->problem->time[(int64_t)from * check->problem->places + stop->place];
    if (call->arrive < leave + way)
        return wrong(check, "stop", call->stop, "is reached sooner than the way takes");
    if (call->begin < call->arrive || !is_in_window(stop, call->begin))
        return wrong(check, "stop", call->stop, "is served outside its windows");
    if (call->leave < (int64_t)call->begin + stop->service)
        return wrong(check, "stop", call->stop, "is left before the service is done");
    return OK;
}

static Status check_loads(Check *check, const RouteVehicle *vehicle, const RouteTour *tour)
{
    for (int k = 0; k < ROUTE_LOADS; k++) {
        int64_t load = 0;
        for (int c = 0; c < tour->call_count; c++)
            load += check->problem->stops[tour->calls[c].stop].load[k];
        if (load > vehicle->capacity[k])
            return wrong(check, "vehicle", tour->vehicle, "carries more than it can");
    }
    return OK;
}

static Status check_tour(Check *check, const RouteTour *tour)
{
    const RouteProblem *problem = check->problem;
    if (tour->vehicle < 0 || tour->vehicle >= problem->vehicle_count)
        return wrong(check, "vehicle", tour->vehicle, "is not there");
    if (check->goes_out[tour->vehicle])
        return wrong(check, "vehicle", tour->vehicle, "goes out twice");
    check->goes_out[tour->vehicle] = true;
    const RouteVehicle *vehicle = &problem->vehicles[tour->vehicle];
    if (tour->call_count < 1)
        return wrong(check, "vehicle", tour->vehicle, "goes out for nothing");
    if (tour->leave < vehicle->shift.from || tour->back > vehicle->shift.to)
        return wrong(check, "vehicle", tour->vehicle, "is out beyond its shift");
    int32_t from = vehicle->start;
    int64_t leave = tour->leave, distance = 0;
    for (const RouteCall *call = tour->calls; call < tour->calls + tour->call_count; call++) {
        TRY(check_call(check, vehicle, call, leave, from));
        int32_t place = problem->stops[call->stop].place;
        distance += problem->distance[(int64_t)from * problem->places + place];
        leave = call->leave;
        from = place;
    }
    distance += problem->distance[(int64_t)from * problem->places + vehicle->end];
    leave += problem->time[(int64_t)from * problem->places + vehicle->end];
    if (tour->back < leave)
        return wrong(check, "vehicle", tour->vehicle, "is back sooner than the way takes");
    if (vehicle->longest && tour->back - tour->leave > vehicle->longest)
        return wrong(check, "vehicle", tour->vehicle, "is out longer than it may");
    if (distance != tour->distance)
        return wrong(check, "vehicle", tour->vehicle, "drives another distance than it says");
    TRY(check_loads(check, vehicle, tour));
    check->distance += distance;
    check->cost += vehicle->cost_fixed + vehicle->cost_distance * (double)distance +
                   vehicle->cost_time * (tour->back - tour->leave);
    return OK;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-6 * (1 + fabs(a) + fabs(b));
}

Status route_check(Ctx *ctx, const RouteProblem *problem, const RoutePlan *plan)
{
    Check check = { .ctx = ctx,
                    .problem = problem,
                    .calls = NEW_ARRAY(ctx->arena, int, (size_t)problem->stop_count + 1),
                    .goes_out = NEW_ARRAY(ctx->arena, bool, (size_t)problem->vehicle_count + 1) };
    for (int t = 0; t < plan->tour_count; t++)
        TRY(check_tour(&check, &plan->tours[t]));
    for (int m = 0; m < plan->miss_count; m++) {
        int stop = plan->misses[m].stop;
        if (stop < 0 || stop >= problem->stop_count)
            return wrong(&check, "stop", stop, "is not there");
        if (check.calls[stop]++)
            return wrong(&check, "stop", stop, "is left out and called at");
        check.penalty += problem->stops[stop].penalty;
    }
    for (int i = 0; i < problem->stop_count; i++)
        if (!check.calls[i])
            return wrong(&check, "stop", i, "is forgotten");
    if (check.distance != plan->distance || !is_near(check.cost, plan->cost) ||
        !is_near(check.penalty, plan->penalty))
        return FAIL(ctx, E_CONFLICT, "route.plan", "the plan costs %.6f and not %.6f",
                    check.cost + check.penalty, plan->cost + plan->penalty);
    return OK;
}
