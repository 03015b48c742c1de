// cartons.c - which cartons an order goes into.
#include "algo/pack/cartons.h"

#include <math.h>

enum {
    BEAM = 4,  // plans carried on at a time
    // How long one load is searched, in greedy finishes: at first, then as many times as long for
    // as long as there is time, and at last.
    FINISHES = 400,
    FINISHES_GROW = 8,
    FINISHES_MOST = FINISHES * FINISHES_GROW * FINISHES_GROW,
};

// A plan that is begun: what was packed before is in `parent`.
typedef struct Stage {
    const struct Stage *parent;
    CartonLoad last;
    int32_t *left;  // of each item
    double cost;
    double guess;  // cost, and what the rest may cost
} Stage;

typedef struct Packer {
    Ctx *ctx;
    const CartonProblem *problem;
    Budget *budget;
    int64_t trials;
    int64_t finishes;   // of one load
    double least_rate;  // the price of a unit of volume in a carton filled to the brim
    double usual_rate;  // in the best one so far
    const Stage *best;  // that has nothing left
    Stage **next;       // one carton more than those of the beam
    int next_count;
} Packer;

// ---- What fits at all ---------------------------------------------------------------------------

static bool fits(const LoadItem *item, const Carton *carton)
{
    if (carton->weight_most >= 0 && item->weight > carton->weight_most)
        return false;
    for (int up = 0; up < 3; up++) {
        int32_t a = item->size[(up + 1) % 3], b = item->size[(up + 2) % 3];
        bool lies = (a <= carton->size[0] && b <= carton->size[1]) ||
                    (b <= carton->size[0] && a <= carton->size[1]);
        if (item->may_stand[up] && item->size[up] <= carton->size[2] && lies)
            return true;
    }
    return false;
}

static bool fits_any(const CartonProblem *problem, const LoadItem *item)
{
    for (int c = 0; c < problem->carton_count; c++)
        if (fits(item, &problem->cartons[c]))
            return true;
    return false;
}

static Status check_problem(Ctx *ctx, const CartonProblem *problem)
{
    if (problem->carton_count < 1 || problem->carton_count > CARTON_SIZES_MOST)
        return FAIL(ctx, E_INVALID, "cartons.problem", "%d sizes of cartons; 1 to %d are wanted",
                    problem->carton_count, CARTON_SIZES_MOST);
    for (int c = 0; c < problem->carton_count; c++) {
        const Carton *carton = &problem->cartons[c];
        if (!(carton->cost > 0 && carton->cost < 1e15))
            return FAIL(ctx, E_INVALID, "cartons.problem", "carton %d: a cost above 0 is wanted",
                        c);
        for (int k = 0; k < 3; k++)
            if (carton->size[k] < 1 || carton->size[k] > LOAD_SIDE_MOST)
                return FAIL(ctx, E_INVALID, "cartons.problem",
                            "carton %d: sides from 1 to %d are wanted", c, LOAD_SIDE_MOST);
    }
    return OK;
}

// ---- One load -----------------------------------------------------------------------------------

static int boxes_of(const CartonProblem *problem, const int32_t *counts)
{
    int boxes = 0;
    for (int i = 0; i < problem->item_count; i++)
        boxes += counts[i];
    return boxes;
}

static double volume_of(const CartonProblem *problem, const int32_t *counts)
{
    double volume = 0;
    for (int i = 0; i < problem->item_count; i++) {
        const int32_t *size = problem->items[i].size;
        volume += (double)counts[i] * size[0] * size[1] * size[2];
    }
    return volume;
}

// Loads as much of `counts` as goes into the carton. Only the boxes outlive the search.
static Status load_carton(Packer *packer, int carton, const int32_t *counts, LoadPlan *ret)
{
    const CartonProblem *problem = packer->problem;
    const Carton *size = &problem->cartons[carton];
    Arena *arena = packer->ctx->arena;
    LoadBox *boxes = NEW_ARRAY(arena, LoadBox, (size_t)boxes_of(problem, counts) + 1);
    ArenaMark mark = arena_mark(arena);
    LoadItem *items = NEW_ARRAY(arena, LoadItem, (size_t)problem->item_count + 1);
    for (int i = 0; i < problem->item_count; i++) {
        items[i] = problem->items[i];
        items[i].count = counts[i];
    }
    LoadProblem load = { .weight_most = size->weight_most,
                         .item_count = problem->item_count,
                         .items = items };
    memcpy(load.size, size->size, sizeof load.size);
    Budget budget = *packer->budget;
    budget.steps = packer->finishes;
    budget.better = NULL;
    LoadPlan plan;
    TRY(load_solve(packer->ctx, &load, &budget, &plan));
    memcpy(boxes, plan.boxes, sizeof *boxes * (size_t)plan.box_count);
    arena_rewind(arena, mark);
    plan.boxes = boxes;
    *ret = plan;
    packer->trials++;
    return OK;
}

static void count_boxes(const CartonProblem *problem, const LoadPlan *plan, int32_t *ret)
{
    memset(ret, 0, sizeof *ret * (size_t)problem->item_count);
    for (int b = 0; b < plan->box_count; b++)
        ret[plan->boxes[b].item]++;
}

// Into the cheapest carton that holds the same boxes.
static Status move_to_cheaper(Packer *packer, CartonLoad *load)
{
    const CartonProblem *problem = packer->problem;
    int32_t *counts = NEW_ARRAY(packer->ctx->arena, int32_t, (size_t)problem->item_count + 1);
    count_boxes(problem, &load->load, counts);
    for (int c = 0; c < problem->carton_count; c++) {
        const Carton *carton = &problem->cartons[c];
        double room = (double)carton->size[0] * carton->size[1] * carton->size[2];
        if (carton->cost >= problem->cartons[load->carton].cost ||
            room < (double)load->load.volume || budget_over(packer->budget, packer->trials))
            continue;
        LoadPlan plan;
        TRY(load_carton(packer, c, counts, &plan));
        if (plan.box_count == load->load.box_count)
            *load = (CartonLoad){ c, plan };
    }
    return OK;
}

// ---- Stages -------------------------------------------------------------------------------------

static void keep_stage(Packer *packer, Stage *stage)
{
    double rest = volume_of(packer->problem, stage->left);
    if (packer->best && stage->cost + packer->least_rate * rest >= packer->best->cost)
        return;
    if (rest > 0)
        packer->next[packer->next_count++] = stage;
    else
        packer->best = stage;
}

static int by_guess(const void *a, const void *b)
{
    const Stage *one = *(Stage *const *)a, *other = *(Stage *const *)b;
    if (one->guess != other->guess)
        return one->guess < other->guess ? -1 : 1;
    return one->last.carton - other->last.carton;
}

// The few that promise most. What the rest costs is guessed from the best carton filled so far.
static void cut_beam(Packer *packer)
{
    for (Stage **stage = packer->next; stage < packer->next + packer->next_count; stage++) {
        double price = packer->problem->cartons[(*stage)->last.carton].cost;
        packer->usual_rate = fmin(packer->usual_rate, price / (double)(*stage)->last.load.volume);
    }
    for (Stage **stage = packer->next; stage < packer->next + packer->next_count; stage++)
        (*stage)->guess =
            (*stage)->cost + packer->usual_rate * volume_of(packer->problem, (*stage)->left);
    qsort(packer->next, (size_t)packer->next_count, sizeof(Stage *), by_guess);
    packer->next_count = packer->next_count < BEAM ? packer->next_count : BEAM;
}

static Status add_carton(Packer *packer, const Stage *from, int carton)
{
    const CartonProblem *problem = packer->problem;
    Stage *stage = NEW(packer->ctx->arena, Stage);
    stage->parent = from;
    stage->last.carton = carton;
    stage->left = NEW_ARRAY(packer->ctx->arena, int32_t, (size_t)problem->item_count + 1);
    TRY(load_carton(packer, carton, from->left, &stage->last.load));
    if (stage->last.load.box_count == 0)
        return OK;
    if (stage->last.load.box_count < boxes_of(problem, from->left))
        TRY(move_to_cheaper(packer, &stage->last));
    memcpy(stage->left, from->left, sizeof *stage->left * (size_t)problem->item_count);
    for (int b = 0; b < stage->last.load.box_count; b++)
        stage->left[stage->last.load.boxes[b].item]--;
    stage->cost = from->cost + problem->cartons[stage->last.carton].cost;
    keep_stage(packer, stage);
    return OK;
}

static int by_cost(const void *a, const void *b, void *cartons)
{
    int32_t i = *(const int32_t *)a, j = *(const int32_t *)b;
    double one = ((const Carton *)cartons)[i].cost, other = ((const Carton *)cartons)[j].cost;
    return one != other ? (one > other) - (one < other) : i - j;
}

// One carton more at a time, until nothing that is left could become cheaper.
static Status grow(Packer *packer, Stage *first)
{
    const CartonProblem *problem = packer->problem;
    Arena *arena = packer->ctx->arena;
    size_t cartons = (size_t)problem->carton_count;
    int32_t *order = NEW_ARRAY(arena, int32_t, cartons + 1);
    for (int c = 0; c < problem->carton_count; c++)
        order[c] = c;
    qsort_r(order, cartons, sizeof *order, by_cost, (void *)problem->cartons);
    Stage *beam[BEAM] = { first };
    int beam_count = 1;
    packer->next = NEW_ARRAY(arena, Stage *, BEAM * cartons);
    for (int depth = 0; depth < CARTONS_MOST && beam_count; depth++) {
        packer->next_count = 0;
        for (int s = 0; s < beam_count; s++)
            for (int c = 0; c < problem->carton_count; c++) {
                // Out of time: one plan is carried on to its end all the same.
                bool is_late = budget_over(packer->budget, packer->trials);
                if (is_late && (packer->best || packer->next_count))
                    continue;
                if (packer->best &&
                    beam[s]->cost + problem->cartons[order[c]].cost >= packer->best->cost)
                    continue;
                TRY(add_carton(packer, beam[s], order[c]));
            }
        cut_beam(packer);
        beam_count = packer->next_count;
        memcpy(beam, packer->next, sizeof *beam * (size_t)beam_count);
    }
    return OK;
}

// ---- The whole ----------------------------------------------------------------------------------

static CartonPlan plan_of(Packer *packer, int32_t *left)
{
    CartonPlan plan = { .left = left, .trials = packer->trials };
    const Stage *last = packer->best;
    for (const Stage *stage = last; stage && stage->parent; stage = stage->parent)
        plan.load_count++;
    plan.loads = NEW_ARRAY(packer->ctx->arena, CartonLoad, (size_t)plan.load_count + 1);
    int at = plan.load_count;
    for (const Stage *stage = last; stage && stage->parent; stage = stage->parent)
        plan.loads[--at] = stage->last;
    plan.cost = last ? last->cost : 0;
    return plan;
}

Status cartons_solve(Ctx *ctx, const CartonProblem *problem, Budget *budget, CartonPlan *ret)
{
    TRY(check_problem(ctx, problem));
    Packer packer = { .ctx = ctx,
                      .problem = problem,
                      .budget = budget,
                      .least_rate = INFINITY,
                      .usual_rate = INFINITY };
    double cheapest = INFINITY;
    for (int c = 0; c < problem->carton_count; c++) {
        const Carton *carton = &problem->cartons[c];
        double room = (double)carton->size[0] * carton->size[1] * carton->size[2];
        packer.least_rate = fmin(packer.least_rate, carton->cost / room);
        cheapest = fmin(cheapest, carton->cost);
    }
    size_t items = (size_t)problem->item_count + 1;
    Stage *first = NEW(ctx->arena, Stage);
    first->left = NEW_ARRAY(ctx->arena, int32_t, items);
    int32_t *left = NEW_ARRAY(ctx->arena, int32_t, items);
    for (int i = 0; i < problem->item_count; i++) {
        bool is_packed = fits_any(problem, &problem->items[i]);
        first->left[i] = is_packed ? problem->items[i].count : 0;
        left[i] = is_packed ? 0 : problem->items[i].count;
    }
    double least = fmax(cheapest, packer.least_rate * volume_of(problem, first->left));
    bool is_over = boxes_of(problem, first->left) == 0;
    for (int64_t n = FINISHES; n <= FINISHES_MOST && !is_over; n *= FINISHES_GROW) {
        packer.finishes = n;
        TRY(grow(&packer, first));
        is_over = budget_over(budget, packer.trials) ||
                  (packer.best && packer.best->cost <= least * (1 + 1e-9));
    }
    if (!packer.best && boxes_of(problem, first->left))
        return FAIL(ctx, E_LIMIT, "cartons.many", "the order needs more than %d cartons",
                    CARTONS_MOST);
    *ret = plan_of(&packer, left);
    return OK;
}

Status cartons_check(Ctx *ctx, const CartonProblem *problem, const CartonPlan *plan)
{
    int32_t *counts = NEW_ARRAY(ctx->arena, int32_t, (size_t)problem->item_count + 1);
    double cost = 0;
    for (int l = 0; l < plan->load_count; l++) {
        const CartonLoad *load = &plan->loads[l];
        if (load->carton < 0 || load->carton >= problem->carton_count)
            return FAIL(ctx, E_CONFLICT, "cartons.plan", "carton %d is not there", load->carton);
        const Carton *carton = &problem->cartons[load->carton];
        LoadProblem inside = { .size = { carton->size[0], carton->size[1], carton->size[2] },
                               .weight_most = carton->weight_most,
                               .item_count = problem->item_count,
                               .items = problem->items };
        TRY(load_check(ctx, &inside, &load->load));
        for (int b = 0; b < load->load.box_count; b++)
            counts[load->load.boxes[b].item]++;
        cost += carton->cost;
    }
    for (int i = 0; i < problem->item_count; i++)
        if (counts[i] + plan->left[i] != problem->items[i].count)
            return FAIL(ctx, E_CONFLICT, "cartons.plan", "item %d is packed %d times of %d", i,
                        counts[i], problem->items[i].count);
    if (fabs(cost - plan->cost) > 1e-6 * (1 + cost))
        return FAIL(ctx, E_CONFLICT, "cartons.plan", "the cartons cost %.6f and not %.6f", cost,
                    plan->cost);
    return OK;
}
