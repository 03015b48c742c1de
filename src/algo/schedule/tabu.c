// tabu.c - tabu search for the least makespan.
#include "algo/schedule/tabu.h"

enum {
    TENURE = 4,           // shortest time that a turn is forbidden, and more for many jobs
    BUDGET_EVERY = 64,    // moves between two looks at the clock
    FORBIDDEN_BITS = 20,  // of the table of forbidden turns; where two share a cell, both wait
};

typedef struct Move {
    int u, option, earlier;
    int64_t estimate;
    bool is_forbidden;
} Move;

struct JobTabu {
    JobGraph graph;
    int32_t *forbidden;  // until which round a turn is forbidden
    uint32_t mask;
    int32_t round;
    int *block, *path, *line;
    int64_t *head;
    int64_t makespan, record;
    Move best, any;  // of those that are not forbidden; if there is none, one by chance
    int ties, moves;
    Random *random;
    int tenure;
};

JobTabu *jobtabu_make(Arena *arena, const JobShop *shop)
{
    JobTabu *tabu = NEW(arena, JobTabu);
    jobgraph_make(arena, shop, &tabu->graph);
    size_t n = (size_t)shop->operations + 2, cells = 1024;
    while (cells < n * n && cells < (size_t)1 << FORBIDDEN_BITS)
        cells *= 2;
    tabu->mask = (uint32_t)cells - 1;
    tabu->forbidden = NEW_ARRAY(arena, int32_t, cells);
    tabu->block = NEW_ARRAY(arena, int, n);
    tabu->path = NEW_ARRAY(arena, int, n);
    tabu->line = NEW_ARRAY(arena, int, n);
    tabu->head = NEW_ARRAY(arena, int64_t, n);
    tabu->tenure = TENURE + shop->jobs / (shop->machines ? shop->machines : 1);
    return tabu;
}

// ---- What is forbidden --------------------------------------------------------------------------

static int32_t *turn(JobTabu *tabu, int before, int after)
{
    uint32_t key = (uint32_t)before * (uint32_t)(tabu->graph.n + 2) + (uint32_t)after;
    return tabu->forbidden + (key & tabu->mask);
}

// Cells of "u on this machine" lie behind those of the turns.
static int32_t *return_to(JobTabu *tabu, int u, int machine)
{
    uint32_t key = (uint32_t)(tabu->graph.n + machine) * 0x9E3779B1u + (uint32_t)u * 0x85EBCA6Bu;
    return tabu->forbidden + ((key >> 7) & tabu->mask);
}

// Whether putting u behind `earlier` on its machine turns something round that may not be.
static bool turns_forbidden(JobTabu *tabu, int u, int earlier, bool is_forward)
{
    const JobNode *node = tabu->graph.node;
    if (is_forward) {
        for (int w = node[u].later;; w = node[w].later) {
            if (*turn(tabu, w, u) > tabu->round)
                return true;
            if (w == earlier)
                return false;
        }
    }
    for (int w = node[u].earlier; w != earlier; w = node[w].earlier)
        if (*turn(tabu, u, w) > tabu->round)
            return true;
    return false;
}

// Of all that u passes, only the nearest and the farthest may not be passed back: forbidding all of
// them was found too much (docs/scheduling.md).
static void forbid_back(JobTabu *tabu, const Move *move, bool is_forward)
{
    const JobGraph *g = &tabu->graph;
    const JobNode *node = g->node + move->u;
    int u = move->u;
    int32_t until = tabu->round + tabu->tenure + (int32_t)random_below(tabu->random, tabu->tenure);
    if (move->option != node->option) {
        *return_to(tabu, u, node->machine) = until;
    } else if (is_forward) {
        *turn(tabu, u, node->later) = until;
        *turn(tabu, u, move->earlier) = until;
    } else {
        int first =
            move->earlier == g->none ? g->first[node->machine] : g->node[move->earlier].later;
        *turn(tabu, node->earlier, u) = until;
        *turn(tabu, first, u) = until;
    }
}

// ---- Estimates ----------------------------------------------------------------------------------

static inline int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

// The longest path through any of line[0..length), if they stood in this sequence on the machine
// between `earlier` and `later`.
static int64_t estimate_line(JobTabu *tabu, int length, int earlier, int later)
{
    const JobGraph *g = &tabu->graph;
    const JobNode *node = g->node;
    int64_t free = node[earlier].done;
    for (int i = 0, before = earlier; i < length; before = tabu->line[i++]) {
        int w = tabu->line[i];
        tabu->head[i] = larger(node[node[w].before].done, free + jobgraph_setup(g, before, w));
        free = tabu->head[i] + node[w].duration;
    }
    int64_t longest = 0, tail = node[later].tail;
    for (int i = length - 1, after = later; i >= 0; after = tabu->line[i--]) {
        int w = tabu->line[i];
        tail =
            node[w].duration + larger(node[node[w].after].tail, tail + jobgraph_setup(g, w, after));
        longest = larger(longest, tabu->head[i] + tail);
    }
    return longest;
}

// ---- Choosing -----------------------------------------------------------------------------------

// Keeps the better; each of equals with the same chance.
static void prefer(JobTabu *tabu, const Move *move)
{
    if (tabu->ties && move->estimate > tabu->best.estimate)
        return;
    tabu->ties = tabu->ties && move->estimate == tabu->best.estimate ? tabu->ties + 1 : 1;
    if (tabu->ties == 1 || random_chance(tabu->random, tabu->ties))
        tabu->best = *move;
}

static void offer(JobTabu *tabu, const Move *move)
{
    bool is_free = !move->is_forbidden || move->estimate < tabu->record;
    tabu->moves++;
    if (is_free)
        prefer(tabu, move);
    else if (!tabu->ties && random_chance(tabu->random, tabu->moves))
        tabu->any = *move;
}

// block[from] behind block[to].
static void offer_forward(JobTabu *tabu, int from, int to)
{
    const JobNode *node = tabu->graph.node;
    int u = tabu->block[from], v = tabu->block[to], after = node[u].after;
    if (after < tabu->graph.n && node[v].tail + node[after].duration <= node[after].tail)
        return;  // v may hang from what follows u in its job
    for (int i = from; i < to; i++)
        tabu->line[i - from] = tabu->block[i + 1];
    tabu->line[to - from] = u;
    Move move = { u, node[u].option, v,
                  estimate_line(tabu, to - from + 1, node[u].earlier, node[v].later),
                  turns_forbidden(tabu, u, v, true) };
    offer(tabu, &move);
}

// block[from] before block[to].
static void offer_backward(JobTabu *tabu, int from, int to)
{
    const JobNode *node = tabu->graph.node;
    int u = tabu->block[from], v = tabu->block[to], before = node[u].before;
    if (before < tabu->graph.n && node[v].done <= node[before].done - node[before].duration)
        return;  // what precedes u in its job may hang from v
    tabu->line[0] = u;
    for (int i = to; i < from; i++)
        tabu->line[i - to + 1] = tabu->block[i];
    Move move = { u, node[u].option, node[v].earlier,
                  estimate_line(tabu, from - to + 1, node[v].earlier, node[u].later),
                  turns_forbidden(tabu, u, node[v].earlier, false) };
    offer(tabu, &move);
}

// The moves of N7, each once. Nothing is gained at the front of a block that starts at time 0, nor
// at the end of one with which the plan ends, unless set-ups change.
static void offer_block(JobTabu *tabu, int length, bool is_front_open, bool is_end_open)
{
    if (length < 2)
        return;
    int last = length - 1;
    if (length == 2) {
        if (is_front_open || is_end_open)
            offer_forward(tabu, 0, 1);
        return;
    }
    if (is_end_open) {
        for (int i = 0; i < last; i++)
            offer_forward(tabu, i, last);
        for (int i = 1; i < last - 1; i++)
            offer_backward(tabu, last, i);
    }
    if (is_front_open) {
        for (int i = 1; i <= last; i++)
            offer_backward(tabu, i, 0);
        for (int i = 2; i < last; i++)
            offer_forward(tabu, 0, i);
    }
}

// u with another option: at every place of that machine where no circle can close.
static void offer_places(JobTabu *tabu, int u, int option)
{
    const JobGraph *g = &tabu->graph;
    const JobNode *node = g->node;
    const JobShopOption *to = g->shop->option + option;
    int before = node[u].before, after = node[u].after;
    int64_t soonest = before < g->n ? node[before].done - node[before].duration : -1;
    int64_t ready = node[before].done, rest = node[after].tail;
    bool is_forbidden = *return_to(tabu, u, to->machine) > tabu->round;

    int earlier = g->none, later = g->first[to->machine];
    while (later != g->none && node[later].done <= soonest) {
        earlier = later;
        later = node[later].later;
    }
    for (;; earlier = later, later = node[later].later) {
        if (earlier != g->none && after < g->n && node[earlier].tail + node[after].duration <= rest)
            return;
        Move move = { u, option, earlier,
                      larger(ready, node[earlier].done) + to->duration +
                          larger(rest, node[later].tail),
                      is_forbidden };
        offer(tabu, &move);
        if (later == g->none)
            return;
    }
}

static void offer_options(JobTabu *tabu, int u)
{
    const JobGraph *g = &tabu->graph;
    const JobShopOperation *operation = g->shop->operation + u;
    if (operation->options == 1)
        return;
    for (int o = 0; o < operation->options; o++) {
        int option = operation->first_option + o;
        if (g->shop->option[option].machine != g->node[u].machine)
            offer_places(tabu, u, option);
    }
}

// ---- The critical path --------------------------------------------------------------------------

// An operation that ends last, any of them with the same chance.
static int any_last(JobTabu *tabu)
{
    const JobGraph *g = &tabu->graph;
    int last = g->none, ties = 0;
    for (int j = 0; j < g->shop->jobs; j++) {
        const JobShopJob *job = g->shop->job + j;
        int u = job->first + job->operations - 1;
        if (job->operations && g->node[u].done == tabu->makespan &&
            random_chance(tabu->random, ++ties))
            last = u;
    }
    return last;
}

// Fills path[] from its last operation back to its first; returns how many.
static int walk_critical(JobTabu *tabu)
{
    const JobGraph *g = &tabu->graph;
    int length = 0;
    for (int u = any_last(tabu); u < g->n;) {
        const JobNode *node = g->node + u;
        tabu->path[length++] = u;
        int64_t start = node->done - node->duration;
        bool by_job = node->before < g->n && g->node[node->before].done == start;
        bool by_machine =
            node->earlier < g->n &&
            g->node[node->earlier].done + jobgraph_setup(g, node->earlier, u) == start;
        if (by_job && by_machine)
            by_machine = random_next(tabu->random) & 1;
        u = by_machine ? node->earlier : by_job ? node->before : g->none;
    }
    return length;
}

static void offer_all(JobTabu *tabu)
{
    const JobGraph *g = &tabu->graph;
    int length = walk_critical(tabu);
    tabu->moves = tabu->ties = 0;
    for (int at = length - 1; at >= 0;) {
        int in_block = 0, from = at;
        do {
            tabu->block[in_block++] = tabu->path[at--];
        } while (at >= 0 && g->node[tabu->path[at]].earlier == tabu->path[at + 1] &&
                 g->node[tabu->path[at]].machine == g->node[tabu->path[at + 1]].machine);
        const JobNode *first = g->node + tabu->block[0];
        bool is_front_open = g->has_setups || from < length - 1 || first->done > first->duration;
        offer_block(tabu, in_block, is_front_open, g->has_setups || at >= 0);
        for (int i = 0; i < in_block; i++)
            offer_options(tabu, tabu->block[i]);
    }
}

// ---- The search ---------------------------------------------------------------------------------

static bool is_forward(const JobGraph *g, const Move *move)
{
    return move->earlier != g->none && g->node[move->earlier].place > g->node[move->u].place;
}

static bool do_move(JobTabu *tabu, const Move *move)
{
    JobGraph *g = &tabu->graph;
    bool forward = is_forward(g, move);
    forbid_back(tabu, move, forward);
    if (!jobgraph_move(g, move->u, move->option, move->earlier))
        return false;
    jobgraph_heads(g, g->low);
    jobgraph_tails(g, g->high);
    tabu->makespan = jobgraph_makespan(g);
    return true;
}

static void start_from(JobTabu *tabu, const JobSequence *sequence)
{
    JobGraph *g = &tabu->graph;
    jobgraph_load(g, sequence);
    jobgraph_heads(g, 0);
    jobgraph_tails(g, g->n - 1);
    tabu->makespan = jobgraph_makespan(g);
    memset(tabu->forbidden, 0, ((size_t)tabu->mask + 1) * sizeof *tabu->forbidden);
    tabu->round = 1;
}

void jobtabu_improve(JobTabu *tabu, JobSequence *sequence, int64_t patience, int64_t bound,
                     const Budget *budget, int64_t *steps, Random *random)
{
    tabu->random = random;
    start_from(tabu, sequence);
    tabu->record = sequence->makespan = tabu->makespan;
    for (int64_t idle = 0; idle < patience && tabu->record > bound; idle++) {
        if (*steps % BUDGET_EVERY == 0 && budget_over(budget, *steps))
            return;
        ++*steps;
        ++tabu->round;
        offer_all(tabu);
        if (tabu->moves == 0)
            return;  // the critical path is one job, or one machine without a gap: nothing is
                     // better
        do_move(tabu, tabu->ties ? &tabu->best : &tabu->any);
        if (tabu->makespan < tabu->record) {
            tabu->record = sequence->makespan = tabu->makespan;
            jobgraph_save(&tabu->graph, sequence);
            idle = -1;
        }
    }
}
