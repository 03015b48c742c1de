// alternates.c - alternatives that are chosen by what lies in stock.
//
// Whether an alternative's stock is free depends on everybody else who wants it, so these needs
// cannot be pulled by the component: after a level is planned, its needs of such groups are dealt
// out in order of days. What counts as free is the stock above the safety stock that nobody has
// claimed yet: neither customers, nor orders of the levels planned so far. What no alternative has
// in stock goes to the first valid one, as if it stood there alone.
#include "algo/mrp/work.h"

#include <stdlib.h>

typedef struct Group {
    int32_t first, end;  // lines
} Group;

struct MrpAlternates {
    Group *groups;  // by level of the parent
    int32_t *group_first;
    MrpUse *claims;  // plain lines of items that stand in groups too, by level of the parent
    int32_t *claim_first;
    MrpUse *uses;   // of the groups' lines, by line; others are empty
    int64_t *free;  // by item: stock that nobody has claimed
};

typedef struct {
    int32_t day, order;  // of the parent's run
    const Group *group;
} Want;

static bool begins_group(const MrpInput *input, int32_t line)
{
    const MrpLine *l = &input->lines[line];
    return l->group && l->by_stock && (line == 0 || input->lines[line - 1].group != l->group);
}

static int32_t group_end(const MrpInput *input, int32_t line)
{
    int32_t group = input->lines[line].group;
    while (line < input->line_count && input->lines[line].group == group)
        line++;
    return line;
}

static void put_groups(Ctx *ctx, const MrpPlan *plan, MrpAlternates *alternates)
{
    const MrpInput *input = plan->input;
    int32_t *put = alternates->group_first + 1, count = 0;
    for (int32_t i = 0; i < input->line_count; i++)
        if (begins_group(input, i)) {
            put[plan->level[input->lines[i].parent] + 1]++;
            count++;
        }
    for (int32_t i = 0; i < plan->level_count; i++)
        put[i + 1] += put[i];
    alternates->groups = NEW_ARRAY(ctx->arena, Group, (size_t)count);
    for (int32_t i = 0; i < input->line_count; i++)
        if (begins_group(input, i))
            alternates->groups[put[plan->level[input->lines[i].parent]]++] =
                (Group){ i, group_end(input, i) };
}

static void put_claims(Ctx *ctx, const MrpPlan *plan, const bool *is_option,
                       MrpAlternates *alternates)
{
    const MrpWork *work = plan->work;
    const MrpInput *input = plan->input;
    int32_t *put = alternates->claim_first + 1, count = 0;
    int64_t uses = work->use_first[input->item_count];
    for (int64_t i = 0; i < uses; i++)
        if (is_option[input->lines[work->uses[i].line].component]) {
            put[plan->level[work->uses[i].parent] + 1]++;
            count++;
        }
    for (int32_t i = 0; i < plan->level_count; i++)
        put[i + 1] += put[i];
    alternates->claims = NEW_ARRAY(ctx->arena, MrpUse, (size_t)count);
    for (int64_t i = 0; i < uses; i++)
        if (is_option[input->lines[work->uses[i].line].component])
            alternates->claims[put[plan->level[work->uses[i].parent]]++] = work->uses[i];
}

// Never below what int64 holds: whoever claims that much gets nothing anyway.
static void claim(MrpAlternates *alternates, int32_t item, int64_t quantity)
{
    if (__builtin_sub_overflow(alternates->free[item], quantity, &alternates->free[item]))
        alternates->free[item] = INT64_MIN;
}

static void count_stock(const MrpPlan *plan, const bool *is_option, MrpAlternates *alternates)
{
    const MrpInput *input = plan->input;
    for (int32_t i = 0; i < input->item_count; i++)
        if (is_option[i]) {
            alternates->free[i] = input->items[i].on_hand.micro;
            claim(alternates, i, input->items[i].safety_stock.micro);
        }
    for (int32_t i = 0; i < input->demand_count; i++)
        if (is_option[input->demands[i].item] && input->demands[i].day < input->days)
            claim(alternates, input->demands[i].item, input->demands[i].quantity.micro);
}

MrpAlternates *mrp_alternates(Ctx *ctx, const MrpPlan *plan)
{
    const MrpInput *input = plan->input;
    MrpAlternates *alternates = NEW(ctx->arena, MrpAlternates);
    bool *is_option = NEW_ARRAY(ctx->arena, bool, (size_t)input->item_count);
    bool has_any = false;
    for (int32_t i = 0; i < input->line_count; i++)
        if (input->lines[i].group && input->lines[i].by_stock)
            has_any = is_option[input->lines[i].component] = true;
    if (!has_any)
        return NULL;
    size_t levels = (size_t)plan->level_count;
    alternates->group_first = NEW_ARRAY(ctx->arena, int32_t, levels + 2);
    alternates->claim_first = NEW_ARRAY(ctx->arena, int32_t, levels + 2);
    alternates->free = NEW_ARRAY(ctx->arena, int64_t, (size_t)input->item_count);
    alternates->uses = NEW_ARRAY(ctx->arena, MrpUse, (size_t)input->line_count);
    for (int32_t i = 0; i < input->line_count; i++)
        if (input->lines[i].group && input->lines[i].by_stock)
            alternates->uses[i] = use_of(input, i);
    put_groups(ctx, plan, alternates);
    put_claims(ctx, plan, is_option, alternates);
    count_stock(plan, is_option, alternates);
    return alternates;
}

// ---- A level ------------------------------------------------------------------------------------

static void claim_plain(MrpAlternates *alternates, const MrpPlan *plan, int32_t level)
{
    for (int32_t i = alternates->claim_first[level]; i < alternates->claim_first[level + 1]; i++) {
        const MrpUse *use = &alternates->claims[i];
        const MrpRun *run = &plan->runs[use->parent];
        int32_t component = plan->input->lines[use->line].component;
        for (int32_t order = 0; order < run->count; order++) {
            int64_t quantity = INT64_MAX;
            if (use_day(plan, use, &run->orders[order]) >= plan->input->days)
                continue;
            use_quantity(use, run->orders[order].quantity.micro, &quantity);
            claim(alternates, component, quantity);
        }
    }
}

static int by_day(const void *a, const void *b)
{
    const Want *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static void put_take(Arena *arena, MrpAlternates *alternates, MrpPlan *plan, const Want *want,
                     int32_t line, int64_t quantity)
{
    int32_t component = plan->input->lines[line].component;
    const MrpUse *use = &alternates->uses[line];
    MrpTakes *takes = &plan->work->takes[component];
    MrpTake *take = NEW(arena, MrpTake);
    *take = (MrpTake){
        .line = line,
        .order = want->order,
        .day = use_day(plan, use, &plan->runs[use->parent].orders[want->order]),
        .quantity = quantity,
    };
    if (takes->first)
        *takes->last = take;
    else
        takes->first = take;
    takes->last = &take->next;
    claim(alternates, component, quantity);
}

// How much of a parent's quantity the free stock of a line's component does for, at most `parent`.
static int64_t served_by_stock(const MrpAlternates *alternates, const MrpPlan *plan, int32_t line,
                               int64_t parent)
{
    const MrpUse *use = &alternates->uses[line];
    int64_t free = alternates->free[plan->input->lines[line].component];
    if (free <= 0)
        return 0;
    if (use->numerator == 0)
        return parent;
    Wide served = (Wide)free * use->denominator / use->numerator;
    return served < parent ? (int64_t)served : parent;
}

static Status deal_out(Ctx *ctx, MrpAlternates *alternates, MrpPlan *plan, const Want *want)
{
    const MrpUse *uses = alternates->uses;
    const MrpOrder *order = &plan->runs[uses[want->group->first].parent].orders[want->order];
    int64_t open = order->quantity.micro, quantity;
    int32_t first_valid = -1;
    for (int32_t line = want->group->first; open > 0 && line < want->group->end; line++) {
        if (use_day(plan, &uses[line], order) >= plan->input->days)
            continue;
        first_valid = first_valid < 0 ? line : first_valid;
        int64_t served = served_by_stock(alternates, plan, line, open);
        if (served > 0 && use_quantity(&uses[line], served, &quantity) && quantity > 0) {
            put_take(ctx->arena, alternates, plan, want, line, quantity);
            open -= served;
        }
    }
    if (open == 0 || first_valid < 0)
        return OK;
    if (!use_quantity(&uses[first_valid], open, &quantity))
        return FAIL(ctx, E_INVALID, "mrp.range",
                    "the needs of " STR_FMT " add up to more than can be counted",
                    STR_ARG(plan->input->items[plan->input->lines[first_valid].component].id));
    if (quantity > 0)
        put_take(ctx->arena, alternates, plan, want, first_valid, quantity);
    return OK;
}

Status mrp_alternates_level(Ctx *ctx, MrpAlternates *alternates, MrpPlan *plan, int32_t level)
{
    if (!alternates)
        return OK;
    claim_plain(alternates, plan, level);
    LIST(Want) wants = { 0 };
    for (int32_t i = alternates->group_first[level]; i < alternates->group_first[level + 1]; i++) {
        const Group *group = &alternates->groups[i];
        const MrpRun *run = &plan->runs[plan->input->lines[group->first].parent];
        for (int32_t order = 0; order < run->count; order++)
            *list_push(ctx->arena, &wants) = (Want){ run->orders[order].start, order, group };
    }
    if (wants.len)
        qsort(wants.items, wants.len, sizeof *wants.items, by_day);
    EACH (want, wants)
        TRY(deal_out(ctx, alternates, plan, want));
    return OK;
}
