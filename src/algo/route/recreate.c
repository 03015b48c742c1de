// recreate.c - putting stops back into a plan where they cost least, with blinks (Christiaens &
// Vanden Berghe 2020, section 5.3).
//
// The order in which the stops are put back is drawn for each round: by chance, the largest, the
// farthest, the nearest, the tightest window, the earliest, the latest first. One place in a
// hundred is overlooked, so that the same gap is not always filled in the same way.
#include "algo/route/search.h"

#include <math.h>

static const double BLINK = 0.01;

// ---- The order ----------------------------------------------------------------------------------

typedef enum { BY_CHANCE, BIGGEST, FARTHEST, NEAREST, TIGHTEST, EARLIEST, LATEST } Order;

// The weights are those of the paper: 4, 4, 2, 1 and 2 for each order by windows.
static const Order orders[] = { BY_CHANCE, BY_CHANCE, BY_CHANCE, BY_CHANCE, BIGGEST, BIGGEST,
                                BIGGEST,   BIGGEST,   FARTHEST,  FARTHEST,  NEAREST, TIGHTEST,
                                TIGHTEST,  EARLIEST,  EARLIEST,  LATEST,    LATEST };

static double rank_of(RouteWorker *worker, Order order, int stop)
{
    const RouteModel *model = worker->model;
    const StopFacts *facts = &model->facts[stop];
    switch (order) {
    case BY_CHANCE: return (double)random_next(&worker->random);
    case BIGGEST: return -(double)facts->load[0];
    case FARTHEST: return -(double)model->far[stop];
    case NEAREST: return model->far[stop];
    case TIGHTEST: return model->window_span[stop];
    case EARLIEST: return facts->ready;
    case LATEST: return -(double)facts->due;
    }
    return 0;
}

// By insertion: the bank holds about twenty.
static void sort_bank(RouteWorker *worker)
{
    Order order = orders[route_below(worker, COUNT(orders))];
    int32_t *bank = worker->bank;
    double *rank = worker->rank;
    for (int i = 0; i < worker->bank_count; i++)
        rank[bank[i]] = rank_of(worker, order, bank[i]);
    for (int i = 1; i < worker->bank_count; i++) {
        int32_t stop = bank[i];
        int at = i;
        for (; at > 0 && rank[bank[at - 1]] > rank[stop]; at--)
            bank[at] = bank[at - 1];
        bank[at] = stop;
    }
}

// ---- The place ----------------------------------------------------------------------------------

static int32_t draw_blink(RouteWorker *worker)
{
    return 1 + (int32_t)(log(route_unit(worker)) / log1p(-BLINK));
}

// What the vehicle's time costs more with the stop between these two; INFINITY when its day gets
// too long. Where windows change places the spans cannot say; then it is what is driven and done.
static double time_cost(const RouteState *state, int vehicle, int stop, const RouteNode *before,
                        int32_t way_in, int32_t way_out)
{
    const RouteVehicle *facts = &state->model->problem->vehicles[vehicle];
    const RouteNode *nodes = state->nodes;
    const RouteStop *asked = &state->model->problem->stops[stop];
    int32_t begin = route_open_after(asked, before->leave + way_in);
    int w = 0;
    while (begin > asked->windows[w].to)
        w++;
    RouteSpan own = { asked->service, asked->windows[w].from, asked->windows[w].to };
    bool is_open, is_open_after;
    RouteSpan head = route_span_join(state->heads[before - nodes], own, way_in, &is_open);
    RouteSpan all = route_span_join(head, state->tails[before->next], way_out, &is_open_after);
    int32_t ticks = state->legs[vehicle].ticks;
    int32_t more = is_open && is_open_after ? all.ticks - ticks : way_in + way_out + own.ticks;
    if (facts->longest && ticks + more > facts->longest)
        return INFINITY;
    return facts->cost_time * more;
}

// Where the stop costs least in the tour, but not behind `skipped`.
static RouteSpot scan_tour(const RouteWorker *worker, int stop, int vehicle, int32_t skipped)
{
    const RouteState *state = &worker->work;
    const RouteModel *model = worker->model;
    const StopFacts *facts = &model->facts[stop];
    RouteSpot best = { INFINITY, -1 };
    if (!route_takes(state, vehicle, facts))
        return best;
    size_t row = (size_t)facts->place * (size_t)model->places;
    const int32_t *far_in = model->distance_to + row, *far_out = model->distance + row;
    const int32_t *way_in = model->time_to + row, *way_out = model->time + row;
    const RouteVehicle *vehicle_facts = &model->problem->vehicles[vehicle];
    bool is_idle = state->legs[vehicle].count == 0, pays_time = model->pays_time[vehicle];
    double fixed = is_idle ? vehicle_facts->cost_fixed : 0, rate = vehicle_facts->cost_distance;
    const RouteNode *nodes = state->nodes;
    int32_t end = route_start_of(model, vehicle) + 1;
    for (int32_t at = end - 1; at != end; at = nodes[at].next) {
        const RouteNode *before = &nodes[at], *after = &nodes[before->next];
        if (before->leave > facts->due)
            break;
        int32_t arrive = before->leave + way_in[before->place];
        if (arrive > facts->due || at == skipped)
            continue;
        int32_t begin = facts->window_count == 1
                          ? (arrive > facts->ready ? arrive : facts->ready)
                          : route_open_after(&model->problem->stops[stop], arrive);
        if (begin + facts->service + way_out[after->place] > after->latest)
            continue;
        int32_t more = far_in[before->place] + far_out[after->place];
        if (!is_idle)
            more -= model->distance[(size_t)before->place * (size_t)model->places +
                                    (size_t)after->place];
        double cost = fixed + rate * more;
        if (cost < best.cost && pays_time)
            cost += time_cost(state, vehicle, stop, before, way_in[before->place],
                              way_out[after->place]);
        if (cost < best.cost)
            best = (RouteSpot){ cost, at };
    }
    return best;
}

// Most tours are as they were when this stop was last put back.
static RouteSpot spot_in(RouteWorker *worker, int stop, int vehicle)
{
    if (!worker->memory)
        return scan_tour(worker, stop, vehicle, -1);
    RouteMemory *memory =
        &worker->memory[(size_t)stop * (size_t)worker->model->vehicles + (size_t)vehicle];
    int64_t stamp = worker->work.legs[vehicle].stamp;
    if (memory->stamp != stamp)
        *memory = (RouteMemory){ stamp, scan_tour(worker, stop, vehicle, -1) };
    return memory->spot;
}

static void try_tour(RouteWorker *worker, int stop, int vehicle, RouteSpot *best)
{
    RouteSpot spot = spot_in(worker, stop, vehicle);
    if (spot.cost < best->cost && --worker->until_blink <= 0) {
        worker->until_blink = draw_blink(worker);
        spot = scan_tour(worker, stop, vehicle, spot.behind);
    }
    if (spot.cost < best->cost)
        *best = spot;
}

static RouteSpot find_spot(RouteWorker *worker, int stop)
{
    const RouteState *work = &worker->work;
    RouteSpot best = { worker->model->facts[stop].penalty, -1 };
    for (int i = 0; i < work->busy_count; i++)
        try_tour(worker, stop, work->busy[i], &best);
    for (int k = 0; k < worker->model->kinds; k++)
        if (work->idle_count[k])
            try_tour(worker, stop, work->idle[work->idle_from[k] + work->idle_count[k] - 1], &best);
    return best;
}

static bool put_back(RouteWorker *worker, int stop)
{
    RouteState *work = &worker->work;
    RouteSpot spot = find_spot(worker, stop);
    if (spot.behind < 0)
        return false;
    int32_t vehicle = work->nodes[spot.behind].tour;
    route_touch(worker, vehicle);
    route_link(work, stop, spot.behind);
    if (route_refresh(work, vehicle))
        return true;
    route_unlink(work, stop);  // several windows made the day longer than the spans told
    route_refresh(work, vehicle);
    return false;
}

void route_recreate(RouteWorker *worker)
{
    sort_bank(worker);
    for (int i = 0; i < worker->bank_count; i++)
        if (!put_back(worker, worker->bank[i]))
            worker->work.absent[worker->work.absent_count++] = worker->bank[i];
}
