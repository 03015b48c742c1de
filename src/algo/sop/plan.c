// plan.c - a supply plan out of the solved programme, and scenarios.
#include "algo/sop/model.h"

enum { DUST_PER_UNIT = 10000000 };  // less than this share of a unit is rounding

static double clean(double value)
{
    return fabs(value) * DUST_PER_UNIT < 1 ? 0 : value;
}

static const double *slice(Arena *arena, const double *values, int32_t first, int32_t count)
{
    double *copy = NEW_ARRAY(arena, double, (size_t)count);
    for (int32_t i = 0; i < count; i++)
        copy[i] = clean(values[first + i]);
    return copy;
}

static const double *const *slices(Arena *arena, const double *values, int32_t first, int32_t rows,
                                   int32_t periods)
{
    const double **list = NEW_ARRAY(arena, const double *, (size_t)rows);
    for (int32_t i = 0; i < rows; i++)
        list[i] = slice(arena, values, first + i * periods, periods);
    return list;
}

static void add(const double *to, int32_t period, double value)
{
    ((double *)to)[period] += value;
}

static void put_sites(Arena *arena, const SopModel *model, const double *values, SopPlan *plan)
{
    int32_t periods = model->input->period_count;
    SopSite *sites = model->sites;
    for (int32_t i = 0; i < model->site_count; i++) {
        sites[i].made = NEW_ARRAY(arena, double, (size_t)periods);
        sites[i].taken = NEW_ARRAY(arena, double, (size_t)periods);
        sites[i].sent = NEW_ARRAY(arena, double, (size_t)periods);
        sites[i].arrived = NEW_ARRAY(arena, double, (size_t)periods);
        sites[i].stock = slice(arena, values, model->stock + i * periods, periods);
        sites[i].backlog = slice(arena, values, model->backlog + i * periods, periods);
    }
    for (int32_t t = 0; t < periods; t++) {
        for (int32_t i = 0; i < model->input->make_count; i++)
            add(sites[model->make_site[i]].made, t, plan->made[i][t]);
        for (int32_t i = 0; i < model->input->lane_count; i++) {
            int32_t arrives = t + model->input->lanes[i].lead_periods;
            add(sites[model->lane_from[i]].sent, t, plan->sent[i][t]);
            if (arrives < periods)
                add(sites[model->lane_to[i]].arrived, arrives, plan->sent[i][t]);
        }
    }
    plan->sites = sites;
    plan->site_count = model->site_count;
}

static void put_taken(const SopModel *model, const SopPlan *plan)
{
    const int32_t *taken_at = model->take_site;
    for (int32_t i = 0; i < model->input->make_count; i++) {
        const SopMake *make = &model->input->makes[i];
        for (int32_t k = 0; k < make->take_count; k++, taken_at++)
            for (int32_t t = 0; t < model->input->period_count; t++)
                add(model->sites[*taken_at].taken, t, plan->made[i][t] * make->takes[k].per_unit);
    }
}

static void put_loads(Arena *arena, const SopModel *model, const LpAnswer *answer, SopPlan *plan)
{
    const SopInput *input = model->input;
    int32_t periods = input->period_count;
    SopLoad *loads = NEW_ARRAY(arena, SopLoad, (size_t)input->resource_count);
    for (int32_t i = 0; i < input->resource_count; i++) {
        double *worth = NEW_ARRAY(arena, double, (size_t)periods);
        for (int32_t t = 0; t < periods; t++)
            worth[t] = clean(-answer->price[model->hours + i * periods + t]);
        loads[i] =
            (SopLoad){ NEW_ARRAY(arena, double, (size_t)periods),
                       slice(arena, answer->value, model->overtime + i * periods, periods), worth };
    }
    for (int32_t i = 0; i < input->make_count; i++)
        for (int32_t k = 0; k < input->makes[i].use_count; k++)
            for (int32_t t = 0; t < periods; t++)
                add(loads[input->makes[i].uses[k].of].used, t,
                    plan->made[i][t] * input->makes[i].uses[k].per_unit);
    plan->loads = loads;
}

static double cost_of(const SopModel *model, const double *values, int32_t first, int32_t end)
{
    double sum = 0;
    for (int32_t i = first; i < end; i++)
        sum += model->lp.columns.items[i].cost * values[i];
    return sum;
}

static void fill(Arena *arena, const SopModel *model, const LpAnswer *answer, SopPlan *plan)
{
    const SopInput *input = model->input;
    const double *values = answer->value;
    int32_t periods = input->period_count, end = (int32_t)model->lp.columns.len;
    *plan = (SopPlan){ .is_possible = true, .cost = answer->cost };
    plan->costs = (SopCosts){ cost_of(model, values, model->make, model->overtime),
                              cost_of(model, values, model->overtime, model->stock),
                              cost_of(model, values, model->stock, model->backlog),
                              cost_of(model, values, model->backlog, model->move),
                              cost_of(model, values, model->move, end) };
    plan->made = slices(arena, values, model->make, input->make_count, periods);
    plan->sent = slices(arena, values, model->move, input->lane_count, periods);
    put_sites(arena, model, values, plan);
    put_taken(model, plan);
    put_loads(arena, model, answer, plan);
}

// First whether it can be done at all, since a solver that is asked for the impossible says only
// no.
Status sop_plan(Ctx *ctx, const SopInput *input, LpSolver solver, const Budget *budget,
                SopPlan *ret)
{
    SopModel model;
    LpAnswer answer;
    SopPlan plan = { 0 };
    TRY(sop_lacking(ctx, input, solver, budget, &plan.lacking));
    if (plan.lacking.len) {
        TRY(sop_undelivered(ctx, input, solver, budget, &plan.undelivered));
        *ret = plan;
        return OK;
    }
    TRY(sop_model(ctx, input, &model));
    TRY(solver(ctx, &model.lp, budget, &answer));
    if (answer.state == LP_STOPPED)
        return FAIL(ctx, E_INVALID, "sop.stopped", "the time ended before the plan was found");
    if (answer.state != LP_OPTIMAL)
        return FAIL(ctx, E_INTERNAL, "sop.unsolved",
                    "the solver found no plan: the figures differ too much in size");
    fill(ctx->arena, &model, &answer, ret);
    return OK;
}

// ---- Scenarios ----------------------------------------------------------------------------------

// Nothing of what has no limit is nothing.
static void change(const SopChange *change, double *value)
{
    double scaled = change->factor == 0 ? 0 : *value * change->factor;
    *value = isnan(change->set) ? scaled : change->set;
}

static void change_periods(const SopChange *c, double *values)
{
    for (int32_t t = c->from_period; t <= c->to_period; t++)
        change(c, &values[t]);
}

static bool is_meant(int32_t wanted, int32_t is)
{
    return wanted < 0 || wanted == is;
}

static void change_demand(const SopChange *c, SopInput *input)
{
    for (int32_t i = 0; i < input->demand_count; i++) {
        SopDemand *demand = &input->demands[i];
        if (is_meant(c->item, demand->item) && is_meant(c->plant, demand->plant) &&
            demand->period >= c->from_period && demand->period <= c->to_period)
            change(c, &demand->quantity);
    }
}

static void change_resources(const SopChange *c, SopInput *input)
{
    for (int32_t i = 0; i < input->resource_count; i++) {
        SopResource *resource = &input->resources[i];
        if (!is_meant(c->resource, i) || !is_meant(c->plant, resource->plant))
            continue;
        if (c->what == SOP_OVERTIME_COST)
            change(c, &resource->overtime_cost);
        else
            change_periods(c, c->what == SOP_HOURS ? resource->hours : resource->overtime);
    }
}

static void change_makes(const SopChange *c, SopInput *input)
{
    for (int32_t i = 0; i < input->make_count; i++) {
        SopMake *make = &input->makes[i];
        if (!is_meant(c->item, make->item) || !is_meant(c->plant, make->plant))
            continue;
        if (c->what == SOP_MAKE_COST)
            change(c, &make->cost);
        else
            change_periods(c, make->max);
    }
}

static void change_lanes(const SopChange *c, SopInput *input)
{
    for (int32_t i = 0; i < input->lane_count; i++) {
        SopLane *lane = &input->lanes[i];
        if (!is_meant(c->item, lane->item) || !is_meant(c->plant, lane->from))
            continue;
        if (c->what == SOP_LANE_COST)
            change(c, &lane->cost);
        else
            change_periods(c, lane->max);
    }
}

static void change_stores(const SopChange *c, SopInput *input)
{
    for (int32_t i = 0; i < input->store_count; i++) {
        SopStore *store = &input->stores[i];
        if (is_meant(c->item, store->item) && is_meant(c->plant, store->plant))
            change(c, c->what == SOP_HOLDING_COST ? &store->holding_cost : &store->backlog_cost);
    }
}

static void *copied(Arena *arena, const void *rows, size_t size, int32_t count)
{
    void *copy = arena_alloc_array(arena, size, (size_t)count);
    if (count)
        memcpy(copy, rows, size * (size_t)count);
    return copy;
}

static double *own(Arena *arena, const double *values, int32_t periods)
{
    return copied(arena, values, sizeof *values, periods);
}

static SopInput own_copy(Arena *arena, const SopInput *input)
{
    SopInput copy = *input;
    int32_t periods = input->period_count;
    copy.resources = copied(arena, input->resources, sizeof(SopResource), input->resource_count);
    copy.makes = copied(arena, input->makes, sizeof(SopMake), input->make_count);
    copy.stores = copied(arena, input->stores, sizeof(SopStore), input->store_count);
    copy.lanes = copied(arena, input->lanes, sizeof(SopLane), input->lane_count);
    copy.demands = copied(arena, input->demands, sizeof(SopDemand), input->demand_count);
    for (int32_t i = 0; i < input->resource_count; i++) {
        copy.resources[i].hours = own(arena, input->resources[i].hours, periods);
        copy.resources[i].overtime = own(arena, input->resources[i].overtime, periods);
    }
    for (int32_t i = 0; i < input->make_count; i++)
        copy.makes[i].max = own(arena, input->makes[i].max, periods);
    for (int32_t i = 0; i < input->lane_count; i++)
        copy.lanes[i].max = own(arena, input->lanes[i].max, periods);
    return copy;
}

SopInput sop_scenario(Arena *arena, const SopInput *input, const SopScenario *scenario)
{
    static void (*const apply[])(const SopChange *, SopInput *) = {
        [SOP_DEMAND] = change_demand,           [SOP_HOURS] = change_resources,
        [SOP_OVERTIME] = change_resources,      [SOP_MAKE_MAX] = change_makes,
        [SOP_LANE_MAX] = change_lanes,          [SOP_MAKE_COST] = change_makes,
        [SOP_OVERTIME_COST] = change_resources, [SOP_LANE_COST] = change_lanes,
        [SOP_HOLDING_COST] = change_stores,     [SOP_BACKLOG_COST] = change_stores,
    };
    SopInput changed = own_copy(arena, input);
    for (size_t i = 0; i < scenario->change_count; i++)
        apply[scenario->changes[i].what](&scenario->changes[i], &changed);
    return changed;
}
