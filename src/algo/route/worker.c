// worker.c - one worker of the search for routes: rounds of ruin and recreate under simulated
// annealing.
#include "algo/route/search.h"

#include <math.h>

// The temperature at the beginning and at the end, as parts of the mean cost of a stop.
static const double WARMTH = 1, FROST = 0.003;
enum { LOOK_EVERY = 16 };  // rounds between two looks at the clock

// While stops are left out that must not be, plans which leave out others come first for this part
// of the budget: those that were missed less often (Christiaens & Vanden Berghe 2020, section 5.4).
static const double HUNT_SHARE = 0.3;

void route_touch(RouteWorker *worker, int vehicle)
{
    if (worker->is_touched[vehicle])
        return;
    worker->is_touched[vehicle] = true;
    worker->touched[worker->touched_count++] = vehicle;
}

// ---- Keeping or going back ----------------------------------------------------------------------

static void carry_over(RouteWorker *worker, RouteState *to, const RouteState *from)
{
    for (int i = 0; i < worker->bank_count; i++)
        to->nodes[worker->bank[i]] = from->nodes[worker->bank[i]];
    for (int i = 0; i < worker->touched_count; i++)
        route_state_copy_tour(to, from, worker->touched[i]);
    memcpy(to->absent, from->absent, (size_t)from->absent_count * sizeof *to->absent);
    to->absent_count = from->absent_count;
    to->cost = from->cost;
}

static void end_round(RouteWorker *worker)
{
    for (int i = 0; i < worker->touched_count; i++)
        worker->is_touched[worker->touched[i]] = false;
    worker->touched_count = worker->bank_count = 0;
}

static double cost_after(const RouteWorker *worker)
{
    double cost = worker->kept.cost;
    for (int i = 0; i < worker->touched_count; i++) {
        int v = worker->touched[i];
        cost += worker->work.legs[v].cost - worker->kept.legs[v].cost;
    }
    for (int i = 0; i < worker->bank_count; i++) {
        int stop = worker->bank[i];
        double penalty = worker->model->facts[stop].penalty;
        if (worker->work.nodes[stop].tour < 0)
            cost += penalty;
        if (worker->kept.nodes[stop].tour < 0)
            cost -= penalty;
    }
    return cost;
}

// Below zero: this round leaves out stops that were easier to place so far.
static int64_t missed_change(RouteWorker *worker)
{
    int64_t change = 0;
    for (int i = 0; i < worker->bank_count; i++) {
        int stop = worker->bank[i];
        bool is_out = worker->work.nodes[stop].tour < 0;
        change += (int64_t)(is_out - (worker->kept.nodes[stop].tour < 0)) * worker->missed[stop];
        worker->missed[stop] += is_out;
    }
    return change;
}

static void one_round(RouteWorker *worker, double warmth, bool is_hunting)
{
    route_ruin(worker);
    route_recreate(worker);
    double cost = worker->work.cost = cost_after(worker);
    bool is_taken = cost < worker->kept.cost - warmth * log(route_unit(worker));
    if (is_hunting && worker->work.absent_count)
        is_taken |= missed_change(worker) < 0;
    if (!is_taken) {
        carry_over(worker, &worker->work, &worker->kept);
        end_round(worker);
        return;
    }
    carry_over(worker, &worker->kept, &worker->work);
    end_round(worker);
    if (cost < worker->best_cost - 1e-7) {
        worker->kept.cost = worker->work.cost = worker->best_cost = route_cost(&worker->kept);
        route_state_copy(&worker->best, &worker->kept);
    }
}

// ---- The whole ----------------------------------------------------------------------------------

void route_worker_init(Arena *arena, const RouteModel *model, uint64_t seed, RouteWorker *ret)
{
    size_t stops = (size_t)model->stops + 1, vehicles = (size_t)model->vehicles + 1;
    RouteWorker worker = { .model = model,
                           .random = { seed },
                           .touched = NEW_ARRAY(arena, int32_t, vehicles),
                           .is_touched = NEW_ARRAY(arena, bool, vehicles),
                           .bank = NEW_ARRAY(arena, int32_t, stops),
                           .rank = NEW_ARRAY(arena, double, stops),
                           .missed = NEW_ARRAY(arena, int32_t, stops),
                           .until_blink = 1 };
    if ((int64_t)model->stops * model->vehicles <= ROUTE_MEMORY_MOST)
        worker.memory = NEW_ARRAY(arena, RouteMemory, stops * vehicles);
    route_state_init(arena, model, &worker.work);
    route_state_init(arena, model, &worker.kept);
    route_state_init(arena, model, &worker.best);
    *ret = worker;
}

void route_worker_adopt(RouteWorker *worker, const RouteState *plan, double cost)
{
    route_state_copy(&worker->work, plan);
    for (int v = 0; v < worker->model->vehicles; v++)
        route_refresh(&worker->work, v);  // with stamps of our own
    route_state_copy(&worker->kept, &worker->work);
    route_state_copy(&worker->best, plan);
    worker->best_cost = cost;
}

// Everything into the bank once: the first plan, and from it how much a stop costs.
static void first_plan(RouteWorker *worker)
{
    RouteState *work = &worker->work;
    for (int i = 0; i < work->absent_count; i++)
        worker->bank[worker->bank_count++] = work->absent[i];
    work->absent_count = 0;
    route_recreate(worker);
    work->cost = route_cost(work);
    carry_over(worker, &worker->kept, work);
    end_round(worker);
    worker->best_cost = work->cost;
    route_state_copy(&worker->best, work);
    double of_tours = 0;
    for (int v = 0; v < worker->model->vehicles; v++)
        of_tours += work->legs[v].cost;
    int served = worker->model->stops - work->absent_count;
    double of_stop = fmax(of_tours, 1e-6) / (served ? served : 1);
    worker->warmth = WARMTH * of_stop;
    worker->frost = FROST * of_stop;
}

void route_worker_run(RouteWorker *worker, const Budget *budget, double share)
{
    if (worker->warmth == 0)
        first_plan(worker);
    while (!budget_over(budget, worker->rounds)) {
        double used = budget_used(budget, worker->rounds);
        if (used >= share)
            return;
        double warmth = worker->warmth * pow(worker->frost / worker->warmth, used);
        for (int i = 0; i < LOOK_EVERY; i++)
            one_round(worker, warmth, used < HUNT_SHARE);
        worker->rounds += LOOK_EVERY;
    }
}
