// anneal.c - annealing with exact evaluation.
#include "algo/schedule/anneal.h"

#include <math.h>

enum {
    FIRST_ROUND = 20,       // moves for each operation
    ROUND_MOST = 5000,      // the same, of the longest round
    BUDGET_EVERY = 32,      // moves between two looks at the clock
    ELSEWHERE_ONE_IN = 16,  // moves that have nothing to do with the critical path
    CREW_MAX = 256,
};
#define HOT      0.5    // the first temperature, in mean losses
#define COLD     0.005  // and the last
#define TIE      0.001  // what one unit of the other goal counts
#define LOSS_NEW 0.01   // how fast the mean loss follows

typedef struct Anneal Anneal;

typedef struct Island {  // what one of the crew works with
    Anneal *anneal;
    JobGraph graph, undo;
    JobSequence best;
    int *path;
    double cost, mean_loss;
    Random random;
    int64_t steps;
} Island;

struct Anneal {
    const JobShop *shop;
    const Budget *budget;
    const JobSequence *start;  // of all islands' rounds
    int64_t bound, steps, length;
    Island *island;
};

// ---- What a plan costs --------------------------------------------------------------------------

static bool is_perfect(const Anneal *a, const JobSequence *plan)
{
    bool tardiness_matters = a->shop->goal == JOBSHOP_TARDINESS;
    return plan->makespan <= a->bound && (!tardiness_matters || plan->tardiness == 0);
}

static JobSequence measure(const Island *island)
{
    return (JobSequence){ .makespan = jobgraph_makespan(&island->graph),
                          .tardiness = jobgraph_tardiness(&island->graph) };
}

static double cost_of(const JobShop *shop, const JobSequence *plan)
{
    double makespan = (double)plan->makespan, tardiness = (double)plan->tardiness;
    return shop->goal == JOBSHOP_MAKESPAN ? makespan + TIE * tardiness : tardiness + TIE * makespan;
}

// ---- Which operation to move --------------------------------------------------------------------

static int last_of(const JobShop *shop, int job)
{
    return shop->job[job].first + shop->job[job].operations - 1;
}

static int longest_job(const JobGraph *g)
{
    int longest = -1;
    for (int j = 0; j < g->shop->jobs; j++)
        if (g->shop->job[j].operations &&
            (longest < 0 ||
             g->node[last_of(g->shop, j)].done > g->node[last_of(g->shop, longest)].done))
            longest = j;
    return longest;
}

// A job that is late, any of them with the same chance; if none is, the one that ends last.
static int job_to_hurry(Island *island)
{
    const JobGraph *g = &island->graph;
    int chosen = -1, ties = 0;
    if (g->shop->goal == JOBSHOP_TARDINESS)
        for (int j = 0; j < g->shop->jobs; j++) {
            const JobShopJob *job = g->shop->job + j;
            if (job->operations && job->weight > 0 &&
                g->node[last_of(g->shop, j)].done > job->due &&
                random_chance(&island->random, ++ties))
                chosen = j;
        }
    return chosen >= 0 ? chosen : longest_job(g);
}

// Fills path[] with the operations that a move could help: those on the critical path of the job's
// end that wait for their machine, or could run on another.
static int walk_path(Island *island, int job)
{
    const JobGraph *g = &island->graph;
    int length = 0;
    for (int u = last_of(g->shop, job); u < g->n;) {
        bool by_machine;
        jobgraph_start(g, u, &by_machine);
        by_machine = by_machine && g->node[u].earlier != g->none;
        if (by_machine || g->shop->operation[u].options > 1)
            island->path[length++] = u;
        u = by_machine ? g->node[u].earlier : g->node[u].before;
    }
    return length;
}

// ---- Moves --------------------------------------------------------------------------------------

// u before the operation it waits for, or before some that come before that one.
static bool move_sooner(Island *island, int u)
{
    JobGraph *g = &island->graph;
    int to = g->node[g->node[u].earlier].earlier;
    while (to != g->none && random_chance(&island->random, 3))
        to = g->node[to].earlier;
    return jobgraph_move(g, u, g->node[u].option, to);
}

// The operation that u waits for behind u, or behind some that come after.
static bool move_later(Island *island, int u)
{
    JobGraph *g = &island->graph;
    int first = g->node[u].earlier, to = u;
    while (g->node[to].later != g->none && random_chance(&island->random, 3))
        to = g->node[to].later;
    return jobgraph_move(g, first, g->node[first].option, to);
}

// u on another machine, about where its job arrives.
static bool move_over(Island *island, int u)
{
    JobGraph *g = &island->graph;
    const JobShopOperation *operation = g->shop->operation + u;
    int option = operation->first_option + (int)random_below(&island->random, operation->options);
    int machine = g->shop->option[option].machine, to = g->none;
    if (machine == g->node[u].machine)
        return false;
    int64_t ready = g->node[g->node[u].before].done;
    for (int w = g->first[machine]; w != g->none && g->node[w].done <= ready; w = g->node[w].later)
        to = w;
    while (to != g->none && random_chance(&island->random, 4))
        to = g->node[to].earlier;
    for (int w = to == g->none ? g->first[machine] : g->node[to].later;
         w != g->none && random_chance(&island->random, 3); w = g->node[w].later)
        to = w;
    return jobgraph_move(g, u, option, to);
}

static bool move_any(Island *island)
{
    int u = (int)random_below(&island->random, island->graph.n);
    if (island->graph.shop->operation[u].options > 1 && random_chance(&island->random, 2))
        return move_over(island, u);
    return island->graph.node[u].earlier != island->graph.none && move_sooner(island, u);
}

// False when nothing was moved.
static bool move(Island *island)
{
    const JobGraph *g = &island->graph;
    int length = walk_path(island, job_to_hurry(island));
    if (length == 0 || random_chance(&island->random, ELSEWHERE_ONE_IN))
        return move_any(island);
    int u = island->path[random_below(&island->random, length)];
    bool by_machine;
    jobgraph_start(g, u, &by_machine);
    by_machine = by_machine && g->node[u].earlier != g->none;
    if (!by_machine || (g->shop->operation[u].options > 1 && random_chance(&island->random, 2)))
        return move_over(island, u);
    return random_chance(&island->random, 2) ? move_sooner(island, u) : move_later(island, u);
}

// ---- Rounds -------------------------------------------------------------------------------------

static bool accepts(Island *island, double loss, double temperature)
{
    if (loss <= 0)
        return true;
    if (island->mean_loss == 0)
        island->mean_loss = loss;
    island->mean_loss += LOSS_NEW * (loss - island->mean_loss);
    double chance = exp(-loss / (temperature * island->mean_loss));
    return (double)(random_next(&island->random) >> 11) * 0x1p-53 < chance;
}

static void try_move(Island *island, double temperature)
{
    const JobShop *shop = island->anneal->shop;
    jobgraph_copy(&island->undo, &island->graph);
    if (!move(island))
        return;
    jobgraph_times(&island->graph, island->graph.low);
    JobSequence plan = measure(island);
    double cost = cost_of(shop, &plan);
    if (!accepts(island, cost - island->cost, temperature)) {
        jobgraph_copy(&island->graph, &island->undo);
        return;
    }
    island->cost = cost;
    if (!jobsequence_better(shop, &plan, &island->best))
        return;
    jobgraph_save(&island->graph, &island->best);
    island->best.makespan = plan.makespan;
    island->best.tardiness = plan.tardiness;
}

static void do_round(void *arg, int i)
{
    Anneal *a = arg;
    Island *island = a->island + i;
    jobsequence_copy(a->shop, &island->best, a->start);
    jobgraph_load(&island->graph, a->start);
    jobgraph_times(&island->graph, 0);
    island->cost = cost_of(a->shop, a->start);
    island->steps = a->steps;
    for (int64_t step = 0; step < a->length && !is_perfect(a, &island->best); step++) {
        if (step % BUDGET_EVERY == 0 && budget_over(a->budget, island->steps))
            return;
        try_move(island, HOT * pow(COLD / HOT, (double)step / (double)a->length));
        island->steps++;
    }
}

static void anneal_make(Ctx *ctx, Anneal *a, int crew)
{
    a->island = NEW_ARRAY(ctx->arena, Island, (size_t)crew);
    for (int i = 0; i < crew; i++) {
        Island *island = a->island + i;
        *island = (Island){ .anneal = a,
                            .best = jobsequence_make(ctx->arena, a->shop),
                            .path = NEW_ARRAY(ctx->arena, int, (size_t)a->shop->operations),
                            .random = { a->budget->seed * 1000003 + (uint64_t)i } };
        jobgraph_make(ctx->arena, a->shop, &island->graph);
        jobgraph_make(ctx->arena, a->shop, &island->undo);
    }
}

void jobanneal_search(Ctx *ctx, const JobShop *shop, int64_t bound, Budget *budget,
                      JobSequence *best, void (*report)(void *arg, const JobSequence *best),
                      void *arg)
{
    int crew = budget->crew < 1 ? 1 : budget->crew > CREW_MAX ? CREW_MAX : budget->crew;
    Anneal a = { .shop = shop, .budget = budget, .start = best, .bound = bound };
    a.length = (int64_t)FIRST_ROUND * shop->operations;
    anneal_make(ctx, &a, crew);
    while (!is_perfect(&a, best) && !budget_over(budget, a.steps)) {
        budget_each(budget, crew, do_round, &a);
        const JobSequence *found = best;
        for (int i = 0; i < crew; i++) {
            a.steps = a.island[i].steps > a.steps ? a.island[i].steps : a.steps;
            if (jobsequence_better(shop, &a.island[i].best, found))
                found = &a.island[i].best;
        }
        if (found != best) {
            jobsequence_copy(shop, best, found);
            report(arg, best);
        }
        if (a.length < (int64_t)ROUND_MOST * shop->operations)
            a.length *= 2;
    }
}
