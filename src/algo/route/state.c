// state.c - a plan while it is being changed.
#include "algo/route/state.h"

static size_t node_count(const RouteModel *model)
{
    return (size_t)model->stops + 2 * (size_t)model->vehicles;
}

static RouteSpan span_of(const RouteModel *model, const RouteNode *nodes, int32_t node)
{
    int stops = model->stops;
    if (node >= stops) {
        RouteWindow shift = model->problem->vehicles[(node - stops) / 2].shift;
        return (RouteSpan){ 0, shift.from, shift.to };
    }
    const RouteStop *stop = &model->problem->stops[node];
    int w = 0;
    while (w + 1 < stop->window_count && nodes[node].begin > stop->windows[w].to)
        w++;
    return (RouteSpan){ stop->service, stop->windows[w].from, stop->windows[w].to };
}

RouteSpan route_span_join(RouteSpan a, RouteSpan b, int32_t way, bool *is_open)
{
    int32_t ahead = a.ticks + way;
    int32_t wait = b.from - ahead - a.to > 0 ? b.from - ahead - a.to : 0;
    *is_open = a.from + ahead <= b.to;
    return (RouteSpan){ .ticks = ahead + b.ticks + wait,
                        .from = (b.from - ahead > a.from ? b.from - ahead : a.from) - wait,
                        .to = b.to - ahead < a.to ? b.to - ahead : a.to };
}

// ---- Which vehicles go out ----------------------------------------------------------------------

static void take_from(int32_t *list, int32_t *at_of, int *count, int vehicle)
{
    int32_t last = list[--*count];
    list[at_of[vehicle]] = last;
    at_of[last] = at_of[vehicle];
    at_of[vehicle] = -1;
}

// Puts the vehicle on the list where its number of stops says that it belongs.
static void settle(RouteState *state, int vehicle)
{
    bool is_out = state->legs[vehicle].count > 0;
    if (is_out == (state->busy_at[vehicle] >= 0))
        return;
    int kind = state->model->kind[vehicle];
    int32_t *idle = state->idle + state->idle_from[kind];
    if (is_out) {
        take_from(idle, state->idle_at, &state->idle_count[kind], vehicle);
        state->busy_at[vehicle] = state->busy_count;
        state->busy[state->busy_count++] = vehicle;
    } else {
        take_from(state->busy, state->busy_at, &state->busy_count, vehicle);
        state->idle_at[vehicle] = state->idle_count[kind];
        idle[state->idle_count[kind]++] = vehicle;
    }
}

static void fill_idle(RouteState *state)
{
    const RouteModel *model = state->model;
    for (int v = 0; v < model->vehicles; v++)
        state->idle_count[model->kind[v]]++;
    for (int k = 1; k < model->kinds; k++)
        state->idle_from[k] = state->idle_from[k - 1] + state->idle_count[k - 1];
    memset(state->idle_count, 0, sizeof *state->idle_count * (size_t)model->kinds);
    for (int v = model->vehicles - 1; v >= 0; v--) {  // the last is taken first: by number
        int k = model->kind[v];
        state->idle_at[v] = state->idle_count[k];
        state->idle[state->idle_from[k] + state->idle_count[k]++] = v;
        state->busy_at[v] = -1;
    }
}

// ---- Making and copying -------------------------------------------------------------------------

void route_state_init(Arena *arena, const RouteModel *model, RouteState *ret)
{
    size_t nodes = node_count(model), vehicles = (size_t)model->vehicles;
    RouteState state = { .model = model,
                         .nodes = NEW_ARRAY(arena, RouteNode, nodes + 1),
                         .heads = NEW_ARRAY(arena, RouteSpan, nodes + 1),
                         .tails = NEW_ARRAY(arena, RouteSpan, nodes + 1),
                         .legs = NEW_ARRAY(arena, RouteLeg, vehicles + 1),
                         .absent = NEW_ARRAY(arena, int32_t, (size_t)model->stops + 1),
                         .busy = NEW_ARRAY(arena, int32_t, vehicles + 1),
                         .busy_at = NEW_ARRAY(arena, int32_t, vehicles + 1),
                         .idle = NEW_ARRAY(arena, int32_t, vehicles + 1),
                         .idle_at = NEW_ARRAY(arena, int32_t, vehicles + 1),
                         .idle_from = NEW_ARRAY(arena, int32_t, vehicles + 1),
                         .idle_count = NEW_ARRAY(arena, int32_t, vehicles + 1) };
    for (int i = 0; i < model->stops; i++) {
        state.nodes[i] = (RouteNode){ .tour = -1, .place = model->facts[i].place };
        state.absent[state.absent_count++] = i;
        state.cost += model->facts[i].penalty;
    }
    fill_idle(&state);
    for (int v = 0; v < model->vehicles; v++) {
        int32_t start = route_start_of(model, v);
        const RouteVehicle *vehicle = &model->problem->vehicles[v];
        state.nodes[start] = (RouteNode){ .next = start + 1, .tour = v, .place = vehicle->start };
        state.nodes[start + 1] = (RouteNode){ .prev = start, .tour = v, .place = vehicle->end };
        route_refresh(&state, v);
    }
    *ret = state;
}

void route_state_copy(RouteState *to, const RouteState *from)
{
    const RouteModel *model = from->model;
    size_t nodes = node_count(model), vehicles = (size_t)model->vehicles;
    memcpy(to->nodes, from->nodes, nodes * sizeof *to->nodes);
    memcpy(to->heads, from->heads, nodes * sizeof *to->heads);
    memcpy(to->tails, from->tails, nodes * sizeof *to->tails);
    memcpy(to->legs, from->legs, vehicles * sizeof *to->legs);
    memcpy(to->absent, from->absent, (size_t)from->absent_count * sizeof *to->absent);
    memcpy(to->busy, from->busy, vehicles * sizeof *to->busy);
    memcpy(to->busy_at, from->busy_at, vehicles * sizeof *to->busy_at);
    memcpy(to->idle, from->idle, vehicles * sizeof *to->idle);
    memcpy(to->idle_at, from->idle_at, vehicles * sizeof *to->idle_at);
    memcpy(to->idle_count, from->idle_count, vehicles * sizeof *to->idle_count);
    to->absent_count = from->absent_count;
    to->busy_count = from->busy_count;
    to->cost = from->cost;
}

void route_state_copy_tour(RouteState *to, const RouteState *from, int vehicle)
{
    bool has_spans = from->model->pays_time[vehicle];
    int32_t start = route_start_of(from->model, vehicle), node = start;
    for (;;) {
        to->nodes[node] = from->nodes[node];
        if (has_spans) {
            to->heads[node] = from->heads[node];
            to->tails[node] = from->tails[node];
        }
        if (node == start + 1)
            break;
        node = from->nodes[node].next;
    }
    to->legs[vehicle] = from->legs[vehicle];
    settle(to, vehicle);
}

// ---- Changing -----------------------------------------------------------------------------------

void route_unlink(RouteState *state, int stop)
{
    RouteNode *node = &state->nodes[stop];
    state->nodes[node->prev].next = node->next;
    state->nodes[node->next].prev = node->prev;
    node->tour = -1;
}

void route_link(RouteState *state, int stop, int behind)
{
    RouteNode *node = &state->nodes[stop], *before = &state->nodes[behind];
    node->prev = behind;
    node->next = before->next;
    node->tour = before->tour;
    state->nodes[before->next].prev = stop;
    before->next = stop;
}

static void run_forward(RouteState *state, int vehicle)
{
    const RouteModel *model = state->model;
    RouteLeg *leg = &state->legs[vehicle];
    int32_t start = route_start_of(model, vehicle);
    RouteNode *before = &state->nodes[start];
    before->leave = before->begin = model->problem->vehicles[vehicle].shift.from;
    *leg = (RouteLeg){ 0 };
    for (int32_t i = before->next; i != start + 1; i = before->next) {
        RouteNode *node = &state->nodes[i];
        const StopFacts *stop = &model->facts[i];
        size_t way = (size_t)before->place * (size_t)model->places + (size_t)node->place;
        int32_t arrive = before->leave + model->time[way];
        node->begin = stop->window_count == 1 ? (arrive > stop->ready ? arrive : stop->ready)
                                              : route_open_after(&model->problem->stops[i], arrive);
        node->leave = node->begin + stop->service;
        node->at = leg->count++;
        for (int k = 0; k < ROUTE_LOADS; k++)
            leg->load[k] += stop->load[k];
        leg->distance += model->distance[way];
        before = node;
    }
    RouteNode *end = &state->nodes[start + 1];
    size_t way = (size_t)before->place * (size_t)model->places + (size_t)end->place;
    leg->distance += model->distance[way];
    end->at = leg->count;
    end->begin = before->leave + model->time[way];
}

static void run_backward(RouteState *state, int vehicle)
{
    const RouteModel *model = state->model;
    int32_t start = route_start_of(model, vehicle);
    RouteNode *behind = &state->nodes[start + 1];
    behind->latest = model->problem->vehicles[vehicle].shift.to;
    for (int32_t i = behind->prev; i != start; i = behind->prev) {
        RouteNode *node = &state->nodes[i];
        const StopFacts *stop = &model->facts[i];
        int32_t way =
            model->time[(size_t)node->place * (size_t)model->places + (size_t)behind->place];
        int32_t last = behind->latest - way - stop->service;
        node->latest = stop->window_count == 1 ? (last < stop->due ? last : stop->due)
                                               : route_open_before(&model->problem->stops[i], last);
        behind = node;
    }
}

// The spans of all beginnings and all ends, and with them the least time on the road.
static void run_spans(RouteState *state, int vehicle)
{
    const RouteModel *model = state->model;
    const RouteNode *nodes = state->nodes;
    int32_t start = route_start_of(model, vehicle), end = start + 1;
    bool is_open;
    state->heads[start] = span_of(model, nodes, start);
    for (int32_t i = start; i != end; i = nodes[i].next) {
        int32_t next = nodes[i].next;
        int32_t way =
            model->time[(size_t)nodes[i].place * (size_t)model->places + (size_t)nodes[next].place];
        state->heads[next] =
            route_span_join(state->heads[i], span_of(model, nodes, next), way, &is_open);
    }
    state->tails[end] = span_of(model, nodes, end);
    for (int32_t i = end; i != start; i = nodes[i].prev) {
        int32_t prev = nodes[i].prev;
        int32_t way =
            model->time[(size_t)nodes[prev].place * (size_t)model->places + (size_t)nodes[i].place];
        state->tails[prev] =
            route_span_join(span_of(model, nodes, prev), state->tails[i], way, &is_open);
    }
    state->legs[vehicle].ticks = state->heads[end].ticks;
}

bool route_refresh(RouteState *state, int vehicle)
{
    const RouteVehicle *facts = &state->model->problem->vehicles[vehicle];
    RouteLeg *leg = &state->legs[vehicle];
    run_forward(state, vehicle);
    run_backward(state, vehicle);
    if (state->model->pays_time[vehicle])
        run_spans(state, vehicle);
    settle(state, vehicle);
    leg->stamp = ++state->last_stamp;
    if (leg->count == 0) {
        leg->distance = 0;
        leg->ticks = 0;
        leg->cost = 0;
        return true;
    }
    leg->cost = facts->cost_fixed + facts->cost_distance * (double)leg->distance +
                facts->cost_time * (double)leg->ticks;
    return facts->longest == 0 || leg->ticks <= facts->longest;
}

bool route_takes(const RouteState *state, int vehicle, const StopFacts *stop)
{
    const RouteVehicle *facts = &state->model->problem->vehicles[vehicle];
    if ((facts->skills & stop->skills) != stop->skills)
        return false;
    const RouteLeg *leg = &state->legs[vehicle];
    for (int k = 0; k < ROUTE_LOADS; k++)
        if (stop->load[k] > facts->capacity[k] - leg->load[k])
            return false;
    return true;
}

double route_cost(const RouteState *state)
{
    double cost = 0;
    for (int v = 0; v < state->model->vehicles; v++)
        cost += state->legs[v].cost;
    for (int i = 0; i < state->model->stops; i++)
        if (state->nodes[i].tour < 0)
            cost += state->model->facts[i].penalty;
    return cost;
}
