// graph.c - a plan of a job shop as a graph.
//
// The order is repaired as in online topological sorting (Pearce and Kelly 2006), with both ends of
// the disturbed stretch known: what hangs from the moved node moves with it behind its new
// neighbour; if that neighbour itself hangs from it, there is a circle.
#include "algo/schedule/graph.h"

#define TARDINESS_MAX (INT64_MAX / 2)  // where a sum stays that would pass it

// ---- Sequences ----------------------------------------------------------------------------------

JobSequence jobsequence_make(Arena *arena, const JobShop *shop)
{
    return (JobSequence){ .order = NEW_ARRAY(arena, int, (size_t)shop->operations + 1),
                          .option = NEW_ARRAY(arena, int, (size_t)shop->operations + 1),
                          .makespan = INT64_MAX,
                          .tardiness = INT64_MAX };
}

void jobsequence_copy(const JobShop *shop, JobSequence *to, const JobSequence *from)
{
    memcpy(to->order, from->order, (size_t)shop->operations * sizeof *to->order);
    memcpy(to->option, from->option, (size_t)shop->operations * sizeof *to->option);
    to->makespan = from->makespan;
    to->tardiness = from->tardiness;
}

bool jobsequence_better(const JobShop *shop, const JobSequence *a, const JobSequence *b)
{
    bool by_makespan = shop->goal == JOBSHOP_MAKESPAN;
    int64_t first = by_makespan ? a->makespan : a->tardiness;
    int64_t other = by_makespan ? b->makespan : b->tardiness;
    if (first != other)
        return first < other;
    return by_makespan ? a->tardiness < b->tardiness : a->makespan < b->makespan;
}

// ---- Making -------------------------------------------------------------------------------------

void jobgraph_make(Arena *arena, const JobShop *shop, JobGraph *ret)
{
    size_t n = (size_t)shop->operations, nodes = n + 1 + (size_t)shop->jobs;
    *ret = (JobGraph){ .shop = shop,
                       .n = shop->operations,
                       .none = shop->operations,
                       .node = NEW_ARRAY(arena, JobNode, nodes),
                       .order = NEW_ARRAY(arena, int, n + 1),
                       .first = NEW_ARRAY(arena, int, (size_t)shop->machines),
                       .moved = NEW_ARRAY(arena, int, n + 1),
                       .stayed = NEW_ARRAY(arena, int, n + 1),
                       .mark = NEW_ARRAY(arena, bool, nodes) };
    for (int m = 0; m < shop->machines; m++)
        ret->has_setups |= shop->machine[m].setup != NULL;
    for (int j = 0; j < shop->jobs; j++) {
        const JobShopJob *job = shop->job + j;
        ret->node[ret->none + 1 + j].done = job->release;
        for (int u = job->first; u < job->first + job->operations; u++) {
            bool is_last = u + 1 == job->first + job->operations;
            ret->node[u] = (JobNode){ .before = u > job->first ? u - 1 : ret->none + 1 + j,
                                      .after = is_last ? ret->none : u + 1,
                                      .family = shop->operation[u].family };
        }
    }
}

void jobgraph_copy(JobGraph *to, const JobGraph *from)
{
    memcpy(to->node, from->node, (size_t)from->n * sizeof *to->node);
    memcpy(to->order, from->order, (size_t)from->n * sizeof *to->order);
    memcpy(to->first, from->first, (size_t)from->shop->machines * sizeof *to->first);
}

static void take_option(JobGraph *g, int u, int option)
{
    g->node[u].option = option;
    g->node[u].machine = g->shop->option[option].machine;
    g->node[u].duration = g->shop->option[option].duration;
}

void jobgraph_load(JobGraph *g, const JobSequence *from)
{
    for (int m = 0; m < g->shop->machines; m++)
        g->first[m] = g->none;
    for (int i = 0; i < g->n; i++) {
        int u = from->order[i];
        JobNode *node = g->node + u;
        g->order[i] = u;
        node->place = i;
        take_option(g, u, from->option[u]);
        node->earlier = node->later = g->none;
    }
    for (int i = g->n - 1; i >= 0; i--) {
        JobNode *node = g->node + g->order[i];
        node->later = g->first[node->machine];
        if (node->later != g->none)
            g->node[node->later].earlier = g->order[i];
        g->first[node->machine] = g->order[i];
    }
}

void jobgraph_save(const JobGraph *g, JobSequence *to)
{
    memcpy(to->order, g->order, (size_t)g->n * sizeof *to->order);
    for (int u = 0; u < g->n; u++)
        to->option[u] = g->node[u].option;
}

// ---- Moving -------------------------------------------------------------------------------------

static void unlink_node(JobGraph *g, int u)
{
    JobNode *node = g->node + u;
    if (node->earlier != g->none)
        g->node[node->earlier].later = node->later;
    else
        g->first[node->machine] = node->later;
    if (node->later != g->none)
        g->node[node->later].earlier = node->earlier;
}

static int behind(const JobGraph *g, int earlier, int machine)
{
    return earlier != g->none ? g->node[earlier].later : g->first[machine];
}

static void link_node(JobGraph *g, int u, int earlier)
{
    JobNode *node = g->node + u;
    node->earlier = earlier;
    node->later = behind(g, earlier, node->machine);
    if (earlier != g->none)
        g->node[earlier].later = u;
    else
        g->first[node->machine] = u;
    if (node->later != g->none)
        g->node[node->later].earlier = u;
}

static void put_in_order(JobGraph *g, int at, const int *nodes, int count)
{
    for (int i = 0; i < count; i++) {
        g->order[at + i] = nodes[i];
        g->node[nodes[i]].place = at + i;
    }
}

// Moves u, and what hangs from it, behind x, which comes later in the order.
static bool order_behind(JobGraph *g, int u, int x)
{
    int low = g->node[u].place, high = g->node[x].place;
    int moved = 0, stayed = 0;
    g->moved[moved++] = u;
    g->mark[u] = true;
    for (int i = low + 1; i <= high; i++) {
        int w = g->order[i];
        if (g->mark[g->node[w].before] || g->mark[g->node[w].earlier]) {
            g->mark[w] = true;
            g->moved[moved++] = w;
        } else {
            g->stayed[stayed++] = w;
        }
    }
    bool is_circle = g->mark[x];
    for (int i = 0; i < moved; i++)
        g->mark[g->moved[i]] = false;
    if (is_circle)
        return false;
    put_in_order(g, low, g->stayed, stayed);
    put_in_order(g, low + stayed, g->moved, moved);
    g->low = low;
    g->high = high;
    return true;
}

// Moves u, and what it hangs from, before y, which comes earlier in the order.
static bool order_before(JobGraph *g, int u, int y)
{
    int low = g->node[y].place, high = g->node[u].place;
    int moved = 0, stayed = 0, length = high - low + 1;
    g->moved[length - ++moved] = u;
    g->mark[u] = true;
    for (int i = high - 1; i >= low; i--) {
        int w = g->order[i];
        if (g->mark[g->node[w].after] || g->mark[g->node[w].later]) {
            g->mark[w] = true;
            g->moved[length - ++moved] = w;
        } else {
            g->stayed[length - ++stayed] = w;
        }
    }
    bool is_circle = g->mark[y];
    for (int i = 1; i <= moved; i++)
        g->mark[g->moved[length - i]] = false;
    if (is_circle)
        return false;
    put_in_order(g, low, g->moved + length - moved, moved);
    put_in_order(g, low + moved, g->stayed + length - stayed, stayed);
    g->low = low;
    g->high = high;
    return true;
}

bool jobgraph_move(JobGraph *g, int u, int option, int earlier)
{
    JobNode *node = g->node + u;
    int machine = g->shop->option[option].machine, back = node->earlier;
    unlink_node(g, u);
    int later = behind(g, earlier, machine);
    bool is_done = true;
    g->low = g->high = node->place;
    if (earlier != g->none && g->node[earlier].place > node->place)
        is_done = order_behind(g, u, earlier);
    else if (later != g->none && g->node[later].place < node->place)
        is_done = order_before(g, u, later);
    if (is_done)
        take_option(g, u, option);
    link_node(g, u, is_done ? earlier : back);
    return is_done;
}

// ---- Times without calendars --------------------------------------------------------------------

static inline int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void jobgraph_heads(JobGraph *g, int from)
{
    for (int i = from; i < g->n; i++) {
        int u = g->order[i];
        JobNode *node = g->node + u;
        node->done = node->duration +
                     larger(g->node[node->before].done,
                            g->node[node->earlier].done + jobgraph_setup(g, node->earlier, u));
    }
}

void jobgraph_tails(JobGraph *g, int from)
{
    for (int i = from; i >= 0; i--) {
        int u = g->order[i];
        JobNode *node = g->node + u;
        node->tail =
            node->duration + larger(g->node[node->after].tail,
                                    g->node[node->later].tail + jobgraph_setup(g, u, node->later));
    }
}

int64_t jobgraph_makespan(const JobGraph *g)
{
    int64_t last = 0;
    for (int j = 0; j < g->shop->jobs; j++) {
        const JobShopJob *job = g->shop->job + j;
        if (job->operations)
            last = larger(last, g->node[job->first + job->operations - 1].done);
    }
    return last;
}

int64_t jobgraph_tardiness(const JobGraph *g)
{
    int64_t sum = 0;
    for (int j = 0; j < g->shop->jobs; j++) {
        const JobShopJob *job = g->shop->job + j;
        int64_t done = job->operations ? g->node[job->first + job->operations - 1].done : 0;
        if (done > job->due && job->weight > 0) {
            int64_t late = done - job->due, most = TARDINESS_MAX / job->weight;
            sum += job->weight * (late < most ? late : most);
            sum = sum < TARDINESS_MAX ? sum : TARDINESS_MAX;
        }
    }
    return sum;
}

// ---- Times with calendars -----------------------------------------------------------------------

// When u's machine is ready for it, set up.
static int64_t machine_ready(const JobGraph *g, int u)
{
    const Calendar *calendar = g->shop->machine[g->node[u].machine].calendar;
    int64_t free = g->node[g->node[u].earlier].done;
    int64_t setup = jobgraph_setup(g, g->node[u].earlier, u);
    if (!calendar || setup == 0)
        return free + setup;
    return calendar_end(calendar, calendar_open(calendar, free), setup);
}

int64_t jobgraph_start(const JobGraph *g, int u, bool *ret_by_machine)
{
    const JobNode *node = g->node + u;
    const Calendar *calendar = g->shop->machine[node->machine].calendar;
    int64_t by_job = g->node[node->before].done, by_machine = machine_ready(g, u);
    *ret_by_machine = by_machine > by_job;
    int64_t ready = larger(by_job, by_machine);
    if (!calendar)
        return ready;
    if (g->shop->operation[u].is_whole)
        return calendar_whole(calendar, ready, node->duration);
    return calendar_open(calendar, ready);
}

void jobgraph_times(JobGraph *g, int from)
{
    for (int i = from; i < g->n; i++) {
        int u = g->order[i];
        JobNode *node = g->node + u;
        const Calendar *calendar = g->shop->machine[node->machine].calendar;
        bool by_machine;
        int64_t start = jobgraph_start(g, u, &by_machine);
        node->done =
            calendar ? calendar_end(calendar, start, node->duration) : start + node->duration;
    }
}
