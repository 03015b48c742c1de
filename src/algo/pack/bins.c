// bins.c - one-dimensional bin packing from beginning to end.
#include "algo/pack/bins.h"
#include "algo/pack/swap.h"
#include "base/random.h"

enum { SLICE = 1 << 15 };  // steps of each worker between two looks at what the others found

static const int64_t CAPACITY_MOST = 1000000000000;

// ---- Best fit decreasing ------------------------------------------------------------------------

static int by_size(const void *a, const void *b, void *sizes)
{
    int32_t i = *(const int32_t *)a, j = *(const int32_t *)b;
    int64_t one = ((const int64_t *)sizes)[i], other = ((const int64_t *)sizes)[j];
    return one != other ? (one < other) - (one > other) : i - j;
}

static void best_fit(Arena *arena, const BinsProblem *problem, Packing *packing)
{
    size_t n = (size_t)problem->item_count;
    int32_t *order = NEW_ARRAY(arena, int32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        order[i] = (int32_t)i;
    qsort_r(order, n, sizeof *order, by_size, (void *)problem->sizes);
    for (size_t i = 0; i < n; i++) {
        int64_t size = problem->sizes[order[i]];
        int best = -1;
        for (int b = 0; b < packing->bin_count; b++)
            if (packing->load[b] + size <= packing->capacity &&
                (best < 0 || packing->load[b] > packing->load[best]))
                best = b;
        packing_put(packing, order[i], best < 0 ? packing->bin_count++ : best);
    }
}

// ---- Reduction ----------------------------------------------------------------------------------

// Items that two of the smallest do not fit beside have at most one partner; the largest that fits
// is the best one (Martello & Toth 1990). So does a pair that fills a bin. These bins are final.
typedef struct Reduced {
    BinsProblem problem;  // what is left
    int32_t *item_of;     // of each item left, its number in the whole
    int bins;             // that are final
} Reduced;

static int last_that_fits(const int64_t *sizes, const int32_t *order, const bool *is_gone, int from,
                          int n, int64_t room)
{
    for (int i = from; i < n; i++)
        if (!is_gone[i] && sizes[order[i]] <= room)
            return i;
    return -1;
}

// The two smallest that are left.
static int64_t two_smallest(const int64_t *sizes, const int32_t *order, const bool *is_gone, int n)
{
    int64_t sum = 0;
    for (int i = n - 1, found = 0; i >= 0 && found < 2; i--)
        if (!is_gone[i]) {
            sum += sizes[order[i]];
            found++;
        }
    return sum;
}

static Reduced reduce(Arena *arena, const BinsProblem *problem, int32_t *bin_of)
{
    int n = problem->item_count;
    int32_t *order = NEW_ARRAY(arena, int32_t, (size_t)n + 1);
    bool *is_gone = NEW_ARRAY(arena, bool, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, (size_t)n, sizeof *order, by_size, (void *)problem->sizes);
    Reduced reduced = { .item_of = NEW_ARRAY(arena, int32_t, (size_t)n + 1) };
    int all = n;
    while (n > 0 && problem->sizes[order[n - 1]] == 0)
        bin_of[order[--n]] = 0;  // what has no size goes anywhere
    reduced.bins = n == 0 && all > 0;
    bool is_largest = true;  // nothing larger is left, that might be the better partner
    for (int i = 0; i < n; i++) {
        if (is_gone[i])
            continue;
        int64_t room = problem->capacity - problem->sizes[order[i]];
        int partner = last_that_fits(problem->sizes, order, is_gone, i + 1, n, room);
        bool is_full = partner >= 0 && problem->sizes[order[partner]] == room;
        is_largest &= is_full || two_smallest(problem->sizes, order, is_gone, n) > room;
        if (!is_full && !is_largest)
            continue;
        is_gone[i] = true;
        bin_of[order[i]] = reduced.bins;
        if (partner >= 0) {
            is_gone[partner] = true;
            bin_of[order[partner]] = reduced.bins;
        }
        reduced.bins++;
    }
    int64_t *sizes = NEW_ARRAY(arena, int64_t, (size_t)n + 1);
    int left = 0;
    for (int i = 0; i < n; i++)
        if (!is_gone[i]) {
            sizes[left] = problem->sizes[order[i]];
            reduced.item_of[left++] = order[i];
        }
    reduced.problem = (BinsProblem){ problem->capacity, left, sizes };
    return reduced;
}

// ---- The crew -----------------------------------------------------------------------------------

typedef struct Crew {
    SwapWorker *workers;
    int count;
    const Budget *budget;
} Crew;

static void work_slice(void *arg, int i)
{
    Crew *crew = arg;
    swap_run(&crew->workers[i], crew->budget, SLICE);
}

// The first worker that packed everything into the goal; NULL when the budget is over before.
static SwapWorker *search(Crew *crew, const Packing *from, int goal)
{
    for (int i = 0; i < crew->count; i++)
        swap_start(&crew->workers[i], from, goal);
    for (;;) {
        for (int i = 0; i < crew->count; i++)
            if (crew->workers[i].is_packed)
                return &crew->workers[i];
        if (budget_over(crew->budget, crew->workers[0].steps) ||
            crew->workers[0].packing.bin_count == 0)
            return NULL;
        budget_each(crew->budget, crew->count, work_slice, crew);
    }
}

static void note_plan(const Reduced *reduced, const Packing *packing, BinsPlan *plan)
{
    plan->bins = reduced->bins + packing->bin_count;
    for (int i = 0; i < packing->item_count; i++)
        plan->bin_of[reduced->item_of[i]] = reduced->bins + packing->bin_of[i];
}

static Status check_problem(Ctx *ctx, const BinsProblem *problem)
{
    if (problem->item_count < 0 || problem->item_count > BINS_ITEMS_MOST)
        return FAIL(ctx, E_INVALID, "bins.problem", "%d items; at most %d", problem->item_count,
                    BINS_ITEMS_MOST);
    if (problem->capacity < 1 || problem->capacity > CAPACITY_MOST)
        return FAIL(ctx, E_INVALID, "bins.problem", "the capacity is out of range");
    for (int i = 0; i < problem->item_count; i++)
        if (problem->sizes[i] < 0 || problem->sizes[i] > problem->capacity)
            return FAIL(ctx, E_INVALID, "bins.problem", "item %d does not fit into any bin", i);
    return OK;
}

Status bins_solve(Ctx *ctx, const BinsProblem *problem, Budget *budget, BinsPlan *ret)
{
    TRY(check_problem(ctx, problem));
    Arena *arena = ctx->arena;
    BinsPlan plan = { .least = bins_least(arena, problem),
                      .bin_of = NEW_ARRAY(arena, int32_t, (size_t)problem->item_count + 1) };
    Reduced reduced = reduce(arena, problem, plan.bin_of);
    int least = bins_least(arena, &reduced.problem);
    Packing packing;
    packing_init(arena, &reduced.problem, reduced.problem.item_count, &packing);
    best_fit(arena, &reduced.problem, &packing);
    note_plan(&reduced, &packing, &plan);

    Crew crew = { .budget = budget, .count = budget->crew > 1 ? budget->crew : 1 };
    crew.count = crew.count < BINS_CREW_MOST ? crew.count : BINS_CREW_MOST;
    crew.workers = NEW_ARRAY(arena, SwapWorker, (size_t)crew.count);
    Random seeds = { budget->seed };
    for (int i = 0; i < crew.count; i++)
        swap_init(arena, &reduced.problem, packing.bin_count, random_next(&seeds),
                  &crew.workers[i]);
    while (packing.bin_count > least) {
        SwapWorker *found = search(&crew, &packing, packing.bin_count - 1);
        if (!found)
            break;
        packing_copy(&packing, &found->packing);
        note_plan(&reduced, &packing, &plan);
        if (budget->better)
            budget->better(budget->of, &plan);
    }
    if (plan.least < reduced.bins + least)
        plan.least = reduced.bins + least;
    for (int i = 0; i < crew.count; i++)
        plan.steps += crew.workers[i].steps;
    *ret = plan;
    return OK;
}

Status bins_check(Ctx *ctx, const BinsProblem *problem, const BinsPlan *plan)
{
    int64_t *load = NEW_ARRAY(ctx->arena, int64_t, (size_t)(plan->bins > 0 ? plan->bins : 0) + 1);
    for (int i = 0; i < problem->item_count; i++) {
        int32_t bin = plan->bin_of[i];
        if (bin < 0 || bin >= plan->bins)
            return FAIL(ctx, E_CONFLICT, "bins.plan", "item %d is in no bin", i);
        load[bin] += problem->sizes[i];
        if (load[bin] > problem->capacity)
            return FAIL(ctx, E_CONFLICT, "bins.plan", "bin %d holds too much", bin);
    }
    return OK;
}
