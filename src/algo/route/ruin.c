// ruin.c - taking strings of stops out of a plan (Christiaens & Vanden Berghe 2020, section 5.2).
//
// Around a stop drawn by chance, one string is taken out of each of the nearest tours. So the gaps
// are next to each other, and there is slack in several tours at once to be used in another way.
#include "algo/route/search.h"

// How many stops go in the mean, how long a string is at most, how often a string that keeps some
// of its stops grows those by one more. The paper has 10, 10 and 0.01; where windows are wide and
// tours long, more and longer strings and more warmth (worker.c) came nearer to the best known.
static const double MEAN_REMOVED = 20, LONGEST_STRING = 30, KEEP_ONE_MORE = 0.01;
enum { ABSENT_TRIED = 32 };  // of the stops left out before, so many come back in a round

static void take_out(RouteWorker *worker, int stop)
{
    route_unlink(&worker->work, stop);
    worker->bank[worker->bank_count++] = stop;
}

// A stretch of `length` stops that holds `stop`; `spare` stops in its middle stay where they are.
static void take_string(RouteWorker *worker, int stop, int length, int spare)
{
    RouteNode *nodes = worker->work.nodes;
    const RouteLeg *leg = &worker->work.legs[nodes[stop].tour];
    int span = length + spare;
    int first = nodes[stop].at - (span - 1), last = nodes[stop].at;
    first = first > 0 ? first : 0;
    last = last < leg->count - span ? last : leg->count - span;
    int begin = first + (int)route_below(worker, (uint32_t)(last - first + 1));
    int32_t node = stop;
    for (int at = nodes[stop].at; at > begin; at--)
        node = nodes[node].prev;
    int spare_from = begin + 1 + (int)route_below(worker, (uint32_t)(length > 1 ? length - 1 : 1));
    for (int at = begin; at < begin + span; at++) {
        int32_t next = nodes[node].next;
        if (spare == 0 || at < spare_from || at >= spare_from + spare)
            take_out(worker, node);
        node = next;
    }
}

static void take_near(RouteWorker *worker, int stop, double string_most)
{
    int32_t vehicle = worker->work.nodes[stop].tour;
    int count = worker->work.legs[vehicle].count;
    double most = string_most < count ? string_most : count;
    int length = (int)(1 + route_unit(worker) * most);
    length = length > count ? count : length;
    int spare = 0;
    if (length > 1 && length < count && route_below(worker, 2)) {
        spare = 1;
        while (length + spare < count && route_unit(worker) < KEEP_ONE_MORE)
            spare++;
    }
    route_touch(worker, vehicle);
    take_string(worker, stop, length, spare);
}

static void bank_absent(RouteWorker *worker)
{
    RouteState *work = &worker->work;
    for (int n = 0; n < ABSENT_TRIED && work->absent_count; n++) {
        int at = (int)route_below(worker, (uint32_t)work->absent_count);
        worker->bank[worker->bank_count++] = work->absent[at];
        work->absent[at] = work->absent[--work->absent_count];
    }
}

void route_ruin(RouteWorker *worker)
{
    RouteState *work = &worker->work;
    const RouteModel *model = worker->model;
    bank_absent(worker);
    int served = model->stops - work->absent_count - worker->bank_count;
    if (served <= 0)
        return;
    double mean_length = (double)served / work->busy_count;
    double string_most = mean_length < LONGEST_STRING ? mean_length : LONGEST_STRING;
    double strings_most = 4 * MEAN_REMOVED / (1 + string_most) - 1;
    int strings = (int)(1 + route_unit(worker) * strings_most);
    int seed = (int)route_below(worker, (uint32_t)model->stops);
    const int32_t *near = model->neighbours + (size_t)seed * (size_t)model->neighbour_count;
    for (int i = -1; i < model->neighbour_count && worker->touched_count < strings; i++) {
        int stop = i < 0 ? seed : near[i];
        int32_t vehicle = work->nodes[stop].tour;
        if (vehicle >= 0 && !worker->is_touched[vehicle])
            take_near(worker, stop, string_most);
    }
    for (int i = 0; i < worker->touched_count; i++)
        route_refresh(work, worker->touched[i]);
}
