// model.c - what the search for routes looks up all the time.
#include "algo/route/model.h"

// ---- Whether the problem keeps the rules --------------------------------------------------------

static Status refuse(Ctx *ctx, const char *what, int i, const char *why)
{
    return FAIL(ctx, E_INVALID, "route.problem", "%s %d %s", what, i, why);
}

static bool is_tick(int32_t value)
{
    return value >= 0 && value <= ROUTE_TICK_MOST;
}

static bool is_ordered(const RouteStop *stop)
{
    for (int i = 0; i < stop->window_count; i++) {
        const RouteWindow *window = &stop->windows[i];
        if (!is_tick(window->from) || !is_tick(window->to) || window->from > window->to)
            return false;
        if (i && window[-1].to >= window->from)
            return false;
    }
    return true;
}

static bool are_loads(const int32_t loads[ROUTE_LOADS])
{
    for (int k = 0; k < ROUTE_LOADS; k++)
        if (!is_tick(loads[k]))
            return false;
    return true;
}

static Status check_stop(Ctx *ctx, const RouteProblem *problem, int i)
{
    const RouteStop *stop = &problem->stops[i];
    if (stop->place < 0 || stop->place >= problem->places)
        return refuse(ctx, "stop", i, "is at a place that is not there");
    if (!is_tick(stop->service))
        return refuse(ctx, "stop", i, "takes a service time that is negative or too long");
    if (!are_loads(stop->load))
        return refuse(ctx, "stop", i, "has a load that is negative or too large");
    if (stop->window_count < 1 || stop->window_count > ROUTE_WINDOWS_MOST)
        return refuse(ctx, "stop", i, "has no window, or too many");
    if (!is_ordered(stop))
        return refuse(ctx, "stop", i, "has windows that end before they begin, or overlap");
    if (!(stop->penalty >= 0))
        return refuse(ctx, "stop", i, "has a negative penalty");
    return OK;
}

static Status check_vehicle(Ctx *ctx, const RouteProblem *problem, int i)
{
    const RouteVehicle *vehicle = &problem->vehicles[i];
    if (vehicle->start < 0 || vehicle->start >= problem->places || vehicle->end < 0 ||
        vehicle->end >= problem->places)
        return refuse(ctx, "vehicle", i, "starts or ends at a place that is not there");
    if (!is_tick(vehicle->shift.from) || !is_tick(vehicle->shift.to) ||
        vehicle->shift.from > vehicle->shift.to || !is_tick(vehicle->longest))
        return refuse(ctx, "vehicle", i, "has a shift that ends before it begins, or is too long");
    if (!are_loads(vehicle->capacity))
        return refuse(ctx, "vehicle", i, "has a capacity that is negative or too large");
    if (!(vehicle->cost_fixed >= 0 && vehicle->cost_distance >= 0 && vehicle->cost_time >= 0))
        return refuse(ctx, "vehicle", i, "has a negative cost");
    return OK;
}

static Status check_problem(Ctx *ctx, const RouteProblem *problem)
{
    if (problem->stop_count < 0 || problem->stop_count > ROUTE_STOPS_MOST)
        return FAIL(ctx, E_INVALID, "route.problem", "%d stops; at most %d", problem->stop_count,
                    ROUTE_STOPS_MOST);
    if (problem->vehicle_count < 0 || problem->vehicle_count > ROUTE_VEHICLES_MOST)
        return FAIL(ctx, E_INVALID, "route.problem", "%d vehicles; at most %d",
                    problem->vehicle_count, ROUTE_VEHICLES_MOST);
    for (int64_t i = 0; i < (int64_t)problem->places * problem->places; i++)
        if (!is_tick(problem->distance[i]) || !is_tick(problem->time[i]))
            return FAIL(ctx, E_INVALID, "route.problem",
                        "the way from place %d to %d is negative or too long",
                        (int)(i / problem->places), (int)(i % problem->places));
    for (int i = 0; i < problem->stop_count; i++)
        TRY(check_stop(ctx, problem, i));
    for (int i = 0; i < problem->vehicle_count; i++)
        TRY(check_vehicle(ctx, problem, i));
    return OK;
}

// ---- What is worked out -------------------------------------------------------------------------

static const StopFacts *facts_of(Arena *arena, const RouteProblem *problem)
{
    StopFacts *facts = NEW_ARRAY(arena, StopFacts, (size_t)problem->stop_count);
    for (int i = 0; i < problem->stop_count; i++) {
        const RouteStop *stop = &problem->stops[i];
        facts[i] = (StopFacts){ .place = stop->place,
                                .service = stop->service,
                                .ready = stop->windows[0].from,
                                .due = stop->windows[stop->window_count - 1].to,
                                .window_count = stop->window_count,
                                .skills = stop->skills,
                                .penalty = stop->penalty };
        memcpy(facts[i].load, stop->load, sizeof stop->load);
    }
    return facts;
}

static const int32_t *turned(Arena *arena, const int32_t *matrix, int n)
{
    bool is_same = true;
    for (int i = 0; i < n && is_same; i++)
        for (int j = 0; j < i && is_same; j++)
            is_same = matrix[(size_t)i * n + j] == matrix[(size_t)j * n + i];
    if (is_same)
        return matrix;
    int32_t *out = NEW_ARRAY(arena, int32_t, (size_t)n * n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            out[(size_t)j * n + i] = matrix[(size_t)i * n + j];
    return out;
}

// Keeps the `most` nearest by insertion into a sorted row: few candidates enter once it is full.
static void nearest(const RouteModel *model, int stop, int most, int32_t *row)
{
    const int32_t *way = model->distance + (size_t)model->facts[stop].place * model->places;
    int count = 0;
    for (int other = 0; other < model->stops; other++) {
        if (other == stop)
            continue;
        int32_t far = way[model->facts[other].place];
        if (count == most && far >= way[model->facts[row[most - 1]].place])
            continue;
        int at = count < most ? count++ : most - 1;
        for (; at > 0 && way[model->facts[row[at - 1]].place] > far; at--)
            row[at] = row[at - 1];
        row[at] = other;
    }
}

static const int32_t *neighbours_of(Arena *arena, const RouteModel *model)
{
    size_t most = (size_t)model->neighbour_count;
    int32_t *all = NEW_ARRAY(arena, int32_t, most * (size_t)model->stops + 1);
    for (int i = 0; i < model->stops && most; i++)
        nearest(model, i, (int)most, all + most * (size_t)i);
    return all;
}

static bool is_alike(const RouteVehicle *a, const RouteVehicle *b)
{
    return a->start == b->start && a->end == b->end && a->shift.from == b->shift.from &&
           a->shift.to == b->shift.to && a->longest == b->longest && a->skills == b->skills &&
           memcmp(a->capacity, b->capacity, sizeof a->capacity) == 0 &&
           a->cost_fixed == b->cost_fixed && a->cost_distance == b->cost_distance &&
           a->cost_time == b->cost_time;
}

static void find_kinds(Arena *arena, RouteModel *model)
{
    const RouteVehicle *vehicles = model->problem->vehicles;
    int32_t *kind = NEW_ARRAY(arena, int32_t, (size_t)model->vehicles + 1);
    int32_t *first = NEW_ARRAY(arena, int32_t, (size_t)model->vehicles + 1);
    bool *pays = NEW_ARRAY(arena, bool, (size_t)model->vehicles + 1);
    for (int v = 0; v < model->vehicles; v++) {
        int k = 0;
        while (k < model->kinds && !is_alike(&vehicles[first[k]], &vehicles[v]))
            k++;
        if (k == model->kinds)
            first[model->kinds++] = v;
        kind[v] = k;
        pays[v] = vehicles[v].cost_time > 0 || vehicles[v].longest > 0;
    }
    model->kind = kind;
    model->pays_time = pays;
}

static void measure_stops(Arena *arena, RouteModel *model)
{
    int32_t *far = NEW_ARRAY(arena, int32_t, (size_t)model->stops + 1);
    int32_t *span = NEW_ARRAY(arena, int32_t, (size_t)model->stops + 1);
    for (int i = 0; i < model->stops; i++) {
        far[i] = model->vehicles ? INT32_MAX : 0;
        for (int v = 0; v < model->vehicles; v++) {
            int32_t start = model->problem->vehicles[v].start;
            int32_t way = model->distance[(size_t)start * model->places + model->facts[i].place];
            if (way < far[i])
                far[i] = way;
        }
        span[i] = model->facts[i].due - model->facts[i].ready;
    }
    model->far = far;
    model->window_span = span;
}

Status route_model(Ctx *ctx, const RouteProblem *problem, RouteModel *ret)
{
    TRY(check_problem(ctx, problem));
    RouteModel model = { .problem = problem,
                         .stops = problem->stop_count,
                         .vehicles = problem->vehicle_count,
                         .places = problem->places,
                         .distance = problem->distance,
                         .time = problem->time };
    int others = model.stops > 0 ? model.stops - 1 : 0;
    model.neighbour_count = others < ROUTE_NEIGHBOURS ? others : ROUTE_NEIGHBOURS;
    model.facts = facts_of(ctx->arena, problem);
    model.distance_to = turned(ctx->arena, model.distance, model.places);
    model.time_to = model.time == model.distance ? model.distance_to
                                                 : turned(ctx->arena, model.time, model.places);
    model.neighbours = neighbours_of(ctx->arena, &model);
    find_kinds(ctx->arena, &model);
    measure_stops(ctx->arena, &model);
    *ret = model;
    return OK;
}

// ---- Windows ------------------------------------------------------------------------------------

int32_t route_open_after(const RouteStop *stop, int32_t at)
{
    for (int i = 0; i < stop->window_count; i++)
        if (at <= stop->windows[i].to)
            return at > stop->windows[i].from ? at : stop->windows[i].from;
    return INT32_MAX;
}

int32_t route_open_before(const RouteStop *stop, int32_t at)
{
    for (int i = stop->window_count - 1; i >= 0; i--)
        if (at >= stop->windows[i].from)
            return at < stop->windows[i].to ? at : stop->windows[i].to;
    return INT32_MIN;
}
