// model.c - the linear programme of a supply plan.
//
// A site is an item at a plant that somebody makes, keeps, sends, takes or wants. For each site and
// period one row says that nothing appears or vanishes:
//
//     stock before - backlog before + made + arrived - taken - sent
//         = demand + stock after - backlog after
//
// and for each resource and period one row that the hours used are within hours and overtime. All
// other limits are bounds of columns. In the last period nothing may be left in backlog.
#include "algo/sop/model.h"

#include "base/map.h"

// ---- Sites --------------------------------------------------------------------------------------

typedef struct {
    Ctx *ctx;
    SopModel *model;
    Map sites;  // (item, plant) as bytes -> site + 1
    LIST(SopSite) list;
} Sites;

static int32_t site_of(Sites *sites, int32_t item, int32_t plant)
{
    int32_t pair[2] = { item, plant };
    Str key = { (const char *)pair, sizeof pair };
    intptr_t found = (intptr_t)map_get(&sites->sites, key);
    if (found)
        return (int32_t)found - 1;
    SopSite *site = list_push(sites->ctx->arena, &sites->list);
    *site = (SopSite){ .item = item, .plant = plant };
    map_put(&sites->sites, str_copy(sites->ctx->arena, key), (void *)(intptr_t)sites->list.len);
    return (int32_t)sites->list.len - 1;
}

static size_t count_takes(const SopInput *input)
{
    size_t count = 0;
    for (int32_t i = 0; i < input->make_count; i++)
        count += (size_t)input->makes[i].take_count;
    return count;
}

static void find_sites(Sites *sites, const SopInput *input)
{
    SopModel *model = sites->model;
    Arena *arena = sites->ctx->arena;
    model->make_site = NEW_ARRAY(arena, int32_t, (size_t)input->make_count);
    int32_t *take = model->take_site = NEW_ARRAY(arena, int32_t, count_takes(input));
    model->lane_from = NEW_ARRAY(arena, int32_t, (size_t)input->lane_count);
    model->lane_to = NEW_ARRAY(arena, int32_t, (size_t)input->lane_count);
    for (int32_t i = 0; i < input->store_count; i++)
        site_of(sites, input->stores[i].item, input->stores[i].plant);
    for (int32_t i = 0; i < input->make_count; i++) {
        const SopMake *make = &input->makes[i];
        model->make_site[i] = site_of(sites, make->item, make->plant);
        for (int32_t k = 0; k < make->take_count; k++)
            *take++ = site_of(sites, make->takes[k].of, make->plant);
    }
    for (int32_t i = 0; i < input->lane_count; i++) {
        model->lane_from[i] = site_of(sites, input->lanes[i].item, input->lanes[i].from);
        model->lane_to[i] = site_of(sites, input->lanes[i].item, input->lanes[i].to);
    }
    for (int32_t i = 0; i < input->demand_count; i++)
        site_of(sites, input->demands[i].item, input->demands[i].plant);
}

static void put_demand(Sites *sites, const SopInput *input)
{
    Arena *arena = sites->ctx->arena;
    EACH (site, sites->list)
        site->demand = NEW_ARRAY(arena, double, (size_t)input->period_count);
    for (int32_t i = 0; i < input->demand_count; i++) {
        const SopDemand *demand = &input->demands[i];
        const SopSite *site = &sites->list.items[site_of(sites, demand->item, demand->plant)];
        ((double *)site->demand)[demand->period] += demand->quantity;
    }
}

// ---- Columns ------------------------------------------------------------------------------------

static const SopStore any_store = { .max_stock = INFINITY, .backlog_cost = -1 };

static int32_t columns_begin(const SopModel *model)
{
    return (int32_t)model->lp.columns.len;
}

static void put_production(Arena *arena, SopModel *model)
{
    const SopInput *input = model->input;
    model->make = columns_begin(model);
    for (int32_t i = 0; i < input->make_count; i++)
        for (int32_t t = 0; t < input->period_count; t++)
            lp_column(arena, &model->lp, input->makes[i].cost, 0, input->makes[i].max[t]);
    model->overtime = columns_begin(model);
    for (int32_t i = 0; i < input->resource_count; i++)
        for (int32_t t = 0; t < input->period_count; t++)
            lp_column(arena, &model->lp, input->resources[i].overtime_cost, 0,
                      input->resources[i].overtime[t]);
}

static void put_keeping(Arena *arena, SopModel *model)
{
    int32_t periods = model->input->period_count;
    model->stock = columns_begin(model);
    for (int32_t i = 0; i < model->site_count; i++)
        for (int32_t t = 0; t < periods; t++)
            lp_column(arena, &model->lp, model->stores[i]->holding_cost,
                      model->stores[i]->safety_stock, model->stores[i]->max_stock);
    model->backlog = columns_begin(model);
    for (int32_t i = 0; i < model->site_count; i++)
        for (int32_t t = 0; t < periods; t++) {
            double cost = model->stores[i]->backlog_cost;
            bool is_allowed = cost >= 0 && t < periods - 1;
            lp_column(arena, &model->lp, is_allowed ? cost : 0, 0, is_allowed ? INFINITY : 0);
        }
}

// What would arrive behind the last period cannot be sent: nobody would see it again.
static void put_transport(Arena *arena, SopModel *model)
{
    const SopInput *input = model->input;
    model->move = columns_begin(model);
    for (int32_t i = 0; i < input->lane_count; i++)
        for (int32_t t = 0; t < input->period_count; t++) {
            const SopLane *lane = &input->lanes[i];
            bool arrives = t + lane->lead_periods < input->period_count;
            lp_column(arena, &model->lp, lane->cost, 0, arrives ? lane->max[t] : 0);
        }
}

// ---- Rows ---------------------------------------------------------------------------------------

static void put_rows(Arena *arena, SopModel *model)
{
    const SopInput *input = model->input;
    model->balance = 0;
    for (int32_t i = 0; i < model->site_count; i++)
        for (int32_t t = 0; t < input->period_count; t++) {
            double wanted = model->sites[i].demand[t] - (t ? 0 : model->stores[i]->on_hand);
            lp_row(arena, &model->lp, wanted, wanted);
        }
    model->hours = (int32_t)model->lp.rows.len;
    for (int32_t i = 0; i < input->resource_count; i++)
        for (int32_t t = 0; t < input->period_count; t++)
            lp_row(arena, &model->lp, -INFINITY, input->resources[i].hours[t]);
}

static void put_make_entries(Arena *arena, SopModel *model, int32_t number, const int32_t *takes)
{
    const SopMake *make = &model->input->makes[number];
    int32_t periods = model->input->period_count;
    for (int32_t t = 0; t < periods; t++) {
        int32_t column = model->make + number * periods + t;
        lp_entry(arena, &model->lp, column, model->make_site[number] * periods + t, 1);
        for (int32_t k = 0; k < make->take_count; k++)
            lp_entry(arena, &model->lp, column, takes[k] * periods + t, -make->takes[k].per_unit);
        for (int32_t k = 0; k < make->use_count; k++)
            lp_entry(arena, &model->lp, column, model->hours + make->uses[k].of * periods + t,
                     make->uses[k].per_unit);
    }
}

static void put_site_entries(Arena *arena, SopModel *model)
{
    int32_t periods = model->input->period_count;
    for (int32_t i = 0; i < model->site_count * periods; i++) {
        bool is_last = (i + 1) % periods == 0;
        lp_entry(arena, &model->lp, model->stock + i, i, -1);
        lp_entry(arena, &model->lp, model->backlog + i, i, 1);
        if (is_last)
            continue;
        lp_entry(arena, &model->lp, model->stock + i, i + 1, 1);
        lp_entry(arena, &model->lp, model->backlog + i, i + 1, -1);
    }
    for (int32_t i = 0; i < model->input->resource_count * periods; i++)
        lp_entry(arena, &model->lp, model->overtime + i, model->hours + i, -1);
}

static void put_lane_entries(Arena *arena, SopModel *model)
{
    int32_t periods = model->input->period_count;
    for (int32_t i = 0; i < model->input->lane_count; i++)
        for (int32_t t = 0; t < periods; t++) {
            int32_t column = model->move + i * periods + t;
            int32_t arrives = t + model->input->lanes[i].lead_periods;
            lp_entry(arena, &model->lp, column, model->lane_from[i] * periods + t, -1);
            if (arrives < periods)
                lp_entry(arena, &model->lp, column, model->lane_to[i] * periods + arrives, 1);
        }
}

// ---- All of it ----------------------------------------------------------------------------------

static Status check_size(Ctx *ctx, const SopInput *input, int32_t sites)
{
    int64_t cells = ((int64_t)input->make_count + input->resource_count + input->lane_count +
                     2 * (int64_t)sites) *
                    input->period_count;
    if (cells > SOP_CELLS_MAX)
        return FAIL(ctx, E_LIMIT, "sop.cells",
                    "the plan has %lld unknowns; at most %d are possible: fewer periods, or items "
                    "in families",
                    (long long)cells, SOP_CELLS_MAX);
    return OK;
}

static void find_stores(Sites *sites, const SopInput *input, SopModel *model)
{
    model->stores = NEW_ARRAY(sites->ctx->arena, const SopStore *, sites->list.len);
    for (size_t i = 0; i < sites->list.len; i++)
        model->stores[i] = &any_store;
    for (int32_t i = 0; i < input->store_count; i++)
        model->stores[site_of(sites, input->stores[i].item, input->stores[i].plant)] =
            &input->stores[i];
}

Status sop_model(Ctx *ctx, const SopInput *input, SopModel *ret)
{
    SopModel model = { .input = input };
    Sites sites = { .ctx = ctx, .model = &model, .sites = { .arena = ctx->arena } };
    find_sites(&sites, input);
    TRY(check_size(ctx, input, (int32_t)sites.list.len));
    put_demand(&sites, input);
    find_stores(&sites, input, &model);
    model.sites = sites.list.items;
    model.site_count = (int32_t)sites.list.len;
    put_production(ctx->arena, &model);
    put_keeping(ctx->arena, &model);
    put_transport(ctx->arena, &model);
    put_rows(ctx->arena, &model);
    const int32_t *takes = model.take_site;
    for (int32_t i = 0; i < input->make_count; takes += input->makes[i++].take_count)
        put_make_entries(ctx->arena, &model, i, takes);
    put_site_entries(ctx->arena, &model);
    put_lane_entries(ctx->arena, &model);
    *ret = model;
    return OK;
}
