// load_check.c - whether a load keeps every rule.
//
// Independent of the search: it knows boxes only, no blocks, and asks every pair of them.
#include "algo/pack/load.h"

static Status wrong(Ctx *ctx, int box, const char *why)
{
    return FAIL(ctx, E_CONFLICT, "load.plan", "box %d %s", box, why);
}

static bool is_position(const LoadItem *item, const int32_t size[3])
{
    for (int up = 0; up < 3; up++) {
        int32_t a = item->size[(up + 1) % 3], b = item->size[(up + 2) % 3];
        bool lies_right = (size[0] == a && size[1] == b) || (size[0] == b && size[1] == a);
        if (item->may_stand[up] && size[2] == item->size[up] && lies_right)
            return true;
    }
    return false;
}

// How long two boxes lie over each other along an axis.
static int64_t shared(const LoadBox *a, const LoadBox *b, int axis)
{
    int64_t from = a->at[axis] > b->at[axis] ? a->at[axis] : b->at[axis];
    int64_t a_to = (int64_t)a->at[axis] + a->size[axis];
    int64_t b_to = (int64_t)b->at[axis] + b->size[axis];
    int64_t to = a_to < b_to ? a_to : b_to;
    return to > from ? to - from : 0;
}

static Status check_box(Ctx *ctx, const LoadProblem *problem, const LoadBox *box, int i,
                        int32_t *taken)
{
    if (box->item < 0 || box->item >= problem->item_count)
        return wrong(ctx, i, "is of a type that is not there");
    const LoadItem *item = &problem->items[box->item];
    if (++taken[box->item] > item->count)
        return wrong(ctx, i, "is one more than there are");
    if (!is_position(item, box->size))
        return wrong(ctx, i, "stands on a side that it may not stand on");
    for (int k = 0; k < 3; k++)
        if (box->at[k] < 0 || (int64_t)box->at[k] + box->size[k] > problem->size[k])
            return wrong(ctx, i, "sticks out");
    return OK;
}

static Status check_apart(Ctx *ctx, const LoadPlan *plan)
{
    for (int i = 0; i < plan->box_count; i++)
        for (int j = 0; j < i; j++) {
            const LoadBox *a = &plan->boxes[i], *b = &plan->boxes[j];
            if (shared(a, b, 0) && shared(a, b, 1) && shared(a, b, 2))
                return FAIL(ctx, E_CONFLICT, "load.plan", "boxes %d and %d overlap", j, i);
        }
    return OK;
}

static int64_t contact(const LoadBox *below, const LoadBox *above)
{
    if (below->at[2] + below->size[2] != above->at[2])
        return 0;
    return shared(below, above, 0) * shared(below, above, 1);
}

static int from_above(const void *a, const void *b, void *boxes)
{
    int32_t one = ((LoadBox *)boxes)[*(const int32_t *)a].at[2];
    int32_t other = ((LoadBox *)boxes)[*(const int32_t *)b].at[2];
    return (one < other) - (one > other);
}

// Each box hands what rests on it, and its own weight, to those below by the share of its base that
// lies on them.
static Status check_support(Ctx *ctx, const LoadProblem *problem, const LoadPlan *plan)
{
    size_t n = (size_t)plan->box_count;
    double *rests = NEW_ARRAY(ctx->arena, double, n + 1);
    int32_t *order = NEW_ARRAY(ctx->arena, int32_t, n + 1);
    for (int i = 0; i < plan->box_count; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, from_above, plan->boxes);
    for (size_t o = 0; o < n; o++) {
        int i = order[o];
        const LoadBox *box = &plan->boxes[i];
        const LoadItem *item = &problem->items[box->item];
        if (item->bears >= 0 && rests[i] > (double)item->bears + 1e-6)
            return wrong(ctx, i, "bears more than it can");
        if (box->at[2] == 0)
            continue;
        int64_t base = (int64_t)box->size[0] * box->size[1], held = 0;
        for (int j = 0; j < plan->box_count; j++) {
            int64_t area = contact(&plan->boxes[j], box);
            held += area;
            rests[j] += (rests[i] + (double)item->weight) * (double)area / (double)base;
        }
        if (held != base)
            return wrong(ctx, i, "does not rest with its whole base on others");
    }
    return OK;
}

Status load_check(Ctx *ctx, const LoadProblem *problem, const LoadPlan *plan)
{
    int32_t *taken = NEW_ARRAY(ctx->arena, int32_t, (size_t)problem->item_count + 1);
    int64_t volume = 0, weight = 0;
    for (int i = 0; i < plan->box_count; i++) {
        const LoadBox *box = &plan->boxes[i];
        TRY(check_box(ctx, problem, box, i, taken));
        volume += (int64_t)box->size[0] * box->size[1] * box->size[2];
        weight += problem->items[box->item].weight;
    }
    TRY(check_apart(ctx, plan));
    TRY(check_support(ctx, problem, plan));
    if (problem->weight_most >= 0 && weight > problem->weight_most)
        return FAIL(ctx, E_CONFLICT, "load.plan", "the load weighs %lld, at most %lld is allowed",
                    (long long)weight, (long long)problem->weight_most);
    if (volume != plan->volume || weight != plan->weight)
        return FAIL(ctx, E_CONFLICT, "load.plan", "the load is %lld large and not %lld",
                    (long long)volume, (long long)plan->volume);
    return OK;
}
