// explain.c - why a plan is impossible, in words of the business.
//
// Every limit gets a second column beside the one it bounds, with the same entries and a price
// instead of the bound: hours beyond overtime, production beyond its limit, stock beyond its room,
// demand that is simply not met. The cheapest way to use them is what is short. All other costs are
// nothing here: first it must be possible.
//
// One answer says what to add; prices make a unit of product about equal whatever is added, touch
// safety stock only where that saves five times as much, and leave demand unmet only where nothing
// at all can help. The other says what is not delivered when nothing is added; there, safety stock
// goes first.
#include "algo/sop/model.h"

enum { NO_WAY = 1000, TRACE_PER_UNIT = 1000000 };
static const double EARLIER = 0.01;  // of two periods that would do, the later one is told

typedef enum { ADD_HOURS, ADD_MAKE, ADD_LANE, ADD_ROOM, LESS_SAFETY, LESS_DEMAND } Relief;

typedef struct {
    Relief relief;
    int32_t of, period, column;
} Slack;

typedef struct {
    Arena *arena;
    SopModel *model;
    LIST(Slack) slacks;
    int32_t *twin;  // of a column, the slack beside it, + 1
} Elastic;

// `like`: the column beside which it stands; -1: entries of its own.
static void put_slack(Elastic *e, Slack slack, int32_t like, double cost, double high)
{
    int32_t periods = e->model->input->period_count;
    double later = EARLIER * (periods - slack.period) / periods;
    slack.column = lp_column(e->arena, &e->model->lp, cost * (1 + later), 0, high);
    *list_push(e->arena, &e->slacks) = slack;
    if (like >= 0)
        e->twin[like] = slack.column + 1;
}

// Hours of a unit of product, so that an hour's price is that of what it makes.
static double hours_per_unit(const SopInput *input, int32_t resource)
{
    double sum = 0;
    int count = 0;
    for (int32_t i = 0; i < input->make_count; i++)
        for (int32_t k = 0; k < input->makes[i].use_count; k++)
            if (input->makes[i].uses[k].of == resource && input->makes[i].uses[k].per_unit > 0) {
                sum += input->makes[i].uses[k].per_unit;
                count++;
            }
    return count ? sum / count : 1;
}

static void relieve_capacity(Elastic *e)
{
    const SopInput *input = e->model->input;
    int32_t periods = input->period_count;
    for (int32_t i = 0; i < input->resource_count; i++) {
        double cost = 1 / hours_per_unit(input, i);
        for (int32_t t = 0; t < periods; t++)
            put_slack(e, (Slack){ ADD_HOURS, i, t, 0 }, e->model->overtime + i * periods + t, cost,
                      INFINITY);
    }
    for (int32_t i = 0; i < input->make_count; i++)
        for (int32_t t = 0; t < periods; t++)
            if (isfinite(input->makes[i].max[t]))
                put_slack(e, (Slack){ ADD_MAKE, i, t, 0 }, e->model->make + i * periods + t, 1,
                          INFINITY);
    for (int32_t i = 0; i < input->lane_count; i++)
        for (int32_t t = 0; t + input->lanes[i].lead_periods < periods; t++)
            if (isfinite(input->lanes[i].max[t]))
                put_slack(e, (Slack){ ADD_LANE, i, t, 0 }, e->model->move + i * periods + t, 1,
                          INFINITY);
}

static void relieve_room(Elastic *e, double cost)
{
    int32_t periods = e->model->input->period_count;
    for (int32_t i = 0; i < e->model->site_count; i++)
        for (int32_t t = 0; t < periods; t++)
            if (isfinite(e->model->stores[i]->max_stock))
                put_slack(e, (Slack){ ADD_ROOM, i, t, 0 }, e->model->stock + i * periods + t, cost,
                          INFINITY);
}

// The stock column keeps its low bound; what the slack says is not really there.
static void relieve_safety(Elastic *e, double cost)
{
    int32_t periods = e->model->input->period_count;
    for (int32_t i = 0; i < e->model->site_count; i++) {
        double safety = e->model->stores[i]->safety_stock;
        for (int32_t t = 0; safety > 0 && t < periods; t++) {
            int32_t row = e->model->balance + i * periods + t;
            put_slack(e, (Slack){ LESS_SAFETY, i, t, 0 }, -1, cost, safety);
            int32_t column = list_end(e->slacks)[-1].column;
            lp_entry(e->arena, &e->model->lp, column, row, 1);
            if (t + 1 < periods)
                lp_entry(e->arena, &e->model->lp, column, row + 1, -1);
        }
    }
}

static void relieve_demand(Elastic *e, double cost)
{
    int32_t periods = e->model->input->period_count;
    for (int32_t i = 0; i < e->model->site_count; i++)
        for (int32_t t = 0; t < periods; t++) {
            double demand = e->model->sites[i].demand[t];
            if (demand <= 0)
                continue;
            put_slack(e, (Slack){ LESS_DEMAND, i, t, 0 }, -1, cost, demand);
            lp_entry(e->arena, &e->model->lp, list_end(e->slacks)[-1].column,
                     e->model->balance + i * periods + t, 1);
        }
}

static void copy_entries(Elastic *e, size_t columns)
{
    Lp *lp = &e->model->lp;
    size_t count = lp->entries.len;
    for (size_t i = 0; i < count; i++) {
        LpEntry entry = lp->entries.items[i];
        if ((size_t)entry.column < columns && e->twin[entry.column])
            lp_entry(e->arena, lp, e->twin[entry.column] - 1, entry.row, entry.value);
    }
}

// ---- Words --------------------------------------------------------------------------------------

static const char *amount(Arena *arena, double value)
{
    char text[64];
    int len = snprintf(text, sizeof text, "%.3f", value);
    while (text[len - 1] == '0')
        len--;
    if (text[len - 1] == '.')
        len--;
    return str_copy(arena, (Str){ text, (size_t)len }).ptr;
}

static const char *item_of(const Elastic *e, int32_t item)
{
    return str_c(e->arena, e->model->input->items[item]);
}

static const char *plant_of(const Elastic *e, int32_t plant)
{
    return str_c(e->arena, e->model->input->plants[plant]);
}

static Str hours_text(const Elastic *e, const Slack *slack, const char *by, const char *when)
{
    const SopResource *resource = &e->model->input->resources[slack->of];
    return str_format(e->arena,
                      STR_FMT " at %s is short by %s hours in %s, beyond its %s hours and %s of "
                              "overtime",
                      STR_ARG(resource->id), plant_of(e, resource->plant), by, when,
                      amount(e->arena, resource->hours[slack->period]),
                      amount(e->arena, resource->overtime[slack->period]));
}

static Str make_text(const Elastic *e, const Slack *slack, const char *by, const char *when)
{
    const SopMake *make = &e->model->input->makes[slack->of];
    return str_format(e->arena, "the most that %s may make of %s in %s, %s, is too little by %s",
                      plant_of(e, make->plant), item_of(e, make->item), when,
                      amount(e->arena, make->max[slack->period]), by);
}

static Str lane_text(const Elastic *e, const Slack *slack, const char *by, const char *when)
{
    const SopLane *lane = &e->model->input->lanes[slack->of];
    return str_format(
        e->arena, "the most that may be sent of %s from %s to %s in %s, %s, is too little by %s",
        item_of(e, lane->item), plant_of(e, lane->from), plant_of(e, lane->to), when,
        amount(e->arena, lane->max[slack->period]), by);
}

static Str site_text(const Elastic *e, const Slack *slack, const char *by, const char *when)
{
    const SopSite *site = &e->model->sites[slack->of];
    const SopStore *store = e->model->stores[slack->of];
    const char *item = item_of(e, site->item), *plant = plant_of(e, site->plant);
    if (slack->relief == ADD_ROOM)
        return str_format(e->arena, "room for %s at %s is short by %s in %s: it holds %s", item,
                          plant, by, when, amount(e->arena, store->max_stock));
    if (slack->relief == LESS_SAFETY)
        return str_format(e->arena, "%s of the %s safety stock of %s at %s are not there in %s", by,
                          amount(e->arena, store->safety_stock), item, plant, when);
    return str_format(e->arena, "%s of the %s of %s that %s wants in %s cannot be delivered", by,
                      amount(e->arena, site->demand[slack->period]), item, plant, when);
}

static SopShort told(const Elastic *e, const Slack *slack, double value)
{
    static const char *const names[] = { "hours",     "make_max",     "lane_max",
                                         "max_stock", "safety_stock", "demand" };
    static Str (*const texts[])(const Elastic *, const Slack *, const char *,
                                const char *) = { hours_text, make_text, lane_text,
                                                  site_text,  site_text, site_text };
    const char *by = amount(e->arena, value);
    const char *when = str_c(e->arena, e->model->input->periods[slack->period]);
    return (SopShort){ texts[slack->relief](e, slack, by, when), names[slack->relief], slack->of,
                       slack->period, value };
}

// ---- Solving ------------------------------------------------------------------------------------

// With what is allowed to give way: everything, or deliveries only (and room, where what lies there
// already has none). Such a programme always has an answer.
static Status solve(Ctx *ctx, const SopInput *input, LpSolver solver, const Budget *budget,
                    bool is_everything, SopShortList *ret)
{
    SopModel model;
    LpAnswer answer;
    TRY(sop_model(ctx, input, &model));
    size_t columns = model.lp.columns.len;
    Elastic e = { .arena = ctx->arena,
                  .model = &model,
                  .twin = NEW_ARRAY(ctx->arena, int32_t, columns) };
    EACH (column, model.lp.columns)
        column->cost = 0;
    if (is_everything)
        relieve_capacity(&e);
    relieve_room(&e, is_everything ? 1 : NO_WAY);
    relieve_safety(&e, is_everything ? 5 : 0.5);
    relieve_demand(&e, is_everything ? NO_WAY : 1);
    copy_entries(&e, columns);
    TRY(solver(ctx, &model.lp, budget, &answer));
    if (answer.state == LP_STOPPED)
        return FAIL(ctx, E_INVALID, "sop.stopped", "the time ended before the plan was found");
    if (answer.state != LP_OPTIMAL)
        return FAIL(ctx, E_INTERNAL, "sop.unsolved",
                    "the solver found no plan: the figures differ too much in size");
    *ret = (SopShortList){ 0 };
    for (size_t i = 0; i < e.slacks.len; i++) {
        const Slack *slack = &e.slacks.items[i];
        double value = answer.value[slack->column];
        if (value * TRACE_PER_UNIT > 1)
            *list_push(ctx->arena, ret) = told(&e, slack, value);
    }
    return OK;
}

Status sop_lacking(Ctx *ctx, const SopInput *input, LpSolver solver, const Budget *budget,
                   SopShortList *ret)
{
    return solve(ctx, input, solver, budget, true, ret);
}

Status sop_undelivered(Ctx *ctx, const SopInput *input, LpSolver solver, const Budget *budget,
                       SopShortList *ret)
{
    return solve(ctx, input, solver, budget, false, ret);
}
