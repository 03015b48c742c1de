// company_module.c - how a company is made up: what the module offers, and what keeps the tree of
// places sensible. Virtual places (where stock comes from and goes to) stand alone; bins are in
// zones or warehouses.
#include "modules/company/company_module.h"

#include "gen/company.gen.h"
#include "kernel/entity/record.h"

static const Permission permissions[] = {
    { "company.view", "See places and sales channels" },
    { "company.edit", "Change company data" },
    { "company.places", "Change warehouses, zones and bins" },
    { "company.settings", "Change sales channels" },
    { 0 },
};

// ---- Places -------------------------------------------------------------------------------------

static bool is_virtual(PlaceKind kind)
{
    return kind >= PLACE_KIND_SUPPLIER;
}

// Which kinds of place stand in which: company > branch > warehouse, shop, factory > zone > bin.
static int rank_of(PlaceKind kind)
{
    switch (kind) {
    case PLACE_KIND_COMPANY: return 1;
    case PLACE_KIND_BRANCH: return 2;
    case PLACE_KIND_SHOP:
    case PLACE_KIND_WAREHOUSE:
    case PLACE_KIND_FACTORY: return 3;
    case PLACE_KIND_ZONE: return 4;
    case PLACE_KIND_BIN: return 5;
    default: return 0;
    }
}

static Status kind_at(Ctx *ctx, Id place, PlaceKind *ret)
{
    Str kind;
    TRY(db_one(ctx, SQL("SELECT kind FROM place WHERE id = $1", place), &kind));
    *ret = (PlaceKind)enum_value(&place_kind_enum, kind);
    return OK;
}

static Status check_above(Ctx *ctx, const Place *place)
{
    PlaceKind above;
    TRY(kind_at(ctx, place->above, &above));
    bool fits = above == PLACE_KIND_ZONE && place->kind == PLACE_KIND_ZONE;
    if (!fits &&
        (is_virtual(place->kind) || is_virtual(above) || rank_of(above) >= rank_of(place->kind)))
        return FAIL(ctx, E_INVALID, "place.above",
                    "a place of the kind '%s' cannot stand in one of the kind '%s'",
                    place_kind_enum.values[place->kind].label, place_kind_enum.values[above].label);
    return OK;
}

static Status check_place(Ctx *ctx, void *record, const void *before)
{
    const Place *place = record;
    (void)before;
    bool needs_one = place->kind == PLACE_KIND_ZONE || place->kind == PLACE_KIND_BIN;
    if (place->above)
        return check_above(ctx, place);
    if (needs_one)
        return FAIL(ctx, E_INVALID, "place.alone",
                    "a zone or bin stands in a warehouse, shop or factory");
    return OK;
}

// ---- Channels -----------------------------------------------------------------------------------

static Status check_channel(Ctx *ctx, void *record, const void *before)
{
    Channel *channel = record;
    (void)before;
    for (size_t i = 0; i < channel->warehouses.len; i++) {
        PlaceKind kind;
        Id warehouse = channel->warehouses.items[i].warehouse;
        if (!warehouse)
            continue;  // the declaration's own rule says so
        TRY(kind_at(ctx, warehouse, &kind));
        if (rank_of(kind) != rank_of(PLACE_KIND_WAREHOUSE))
            ctx_problem(ctx, str_format(ctx->arena, "warehouses[%zu].warehouse", i),
                        "channel.warehouse",
                        "a channel sells from warehouses, shops and factories");
    }
    return ctx_problems(ctx);
}

static const Hook hooks[] = {
    { &place_entity, .before_save = check_place },
    { &channel_entity, .before_save = check_channel },
    { 0 },
};

static const NavItem nav[] = {
    { "Settings", .permission = "company.places", .entity = &place_entity },
    { "Settings", .permission = "company.settings", .entity = &channel_entity },
    { 0 },
};

const Module company_part = {
    .name = "company",
    .label = "Company",
    .entities = &company_module,
    .is_shared = true,
    .permissions = permissions,
    .hooks = hooks,
    .nav = nav,
};
