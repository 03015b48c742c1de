// catalog_module.c - products and prices: what the module offers.
#include "modules/catalog/catalog_module.h"

#include "kernel/i18n.h"
#include "kernel/pdf.h"
#include "modules/catalog/product.h"
#include "web/web.h"

static const Permission permissions[] = {
    { "catalog.view", "See products and prices" },
    { "catalog.edit", "Change products and prices" },
    { 0 },
};

// ---- Products -----------------------------------------------------------------------------------

static Status run_make_variants(Ctx *ctx, void *record, const void *input)
{
    int64_t added;
    (void)input;
    return product_make_variants(ctx, record, &added);
}

static Status run_publish(Ctx *ctx, void *record, const void *input)
{
    Product *product = record;
    (void)input;
    if (product->slug.len == 0)
        return FAIL(ctx, E_CONFLICT, "product.no_slug",
                    "the shop needs an address for it: fill in the slug");
    product->published_at = ctx->now;
    return OK;
}

static Status run_unpublish(Ctx *ctx, void *record, const void *input)
{
    (void)ctx;
    (void)input;
    ((Product *)record)->published_at = 0;
    return OK;
}

static const Action product_actions[] = {
    { "activate", "Release for sale", "draft|retired", "active", "catalog.edit",
      .check = product_check_complete, .flags = ACTION_PRIMARY | ACTION_BULK },
    { "retire", "Retire", "active", "retired", "catalog.edit", .flags = ACTION_BAD | ACTION_BULK },
    { "make_variants", "Make all variants", NULL, NULL, "catalog.edit", run_make_variants },
    { "publish", "Show in the shop", "active", NULL, "catalog.edit", run_publish,
      .flags = ACTION_BULK },
    { "unpublish", "Take out of the shop", NULL, NULL, "catalog.edit", run_unpublish,
      .flags = ACTION_BULK },
    { 0 },
};

static const Machine machines[] = {
    { &product_entity, "state", product_actions },
    { 0 },
};

static const Hook hooks[] = {
    { &product_entity, .before_save = product_check },
    { &price_list_entity, .before_save = list_check },
    { 0 },
};

static const EventDef events[] = {
    { "catalog.product.activate", "A product was released for sale", &product_entity },
    { "catalog.product.retire", "A product was retired", &product_entity },
    { 0 },
};

static const PrintForm prints[] = {
    { &product_entity, "labels", "Labels, one a variant", "catalog.view", product_labels },
    { 0 },
};

static const NavItem nav[] = {
    { "Catalogue", .permission = "catalog.view", .entity = &product_entity },
    { "Catalogue", .permission = "catalog.view", .entity = &category_entity },
    { "Catalogue", .permission = "catalog.view", .entity = &price_list_entity },
    { "Settings", .permission = "catalog.edit", .entity = &attribute_entity },
    { "Settings", .permission = "catalog.edit", .entity = &unit_entity },
    { 0 },
};

static const RecordLink links[] = {
    { &product_entity, "Variants and prices", "cols", "matrix", "catalog.edit" },
    { 0 },
};

// clang-format off
static const Route routes[] = {
    { "GET", "/admin/catalog/products/{id}/matrix", "catalog.edit", ROUTE_READ, product_matrix_get, ROUTE_HIDDEN },
    { "POST", "/admin/catalog/products/{id}/matrix", "catalog.edit", ROUTE_WRITE, product_matrix_post, ROUTE_HIDDEN },
    { 0 },
};
// clang-format on

static const RoleTemplate roles[] = {
    { "catalogue", "Catalogue editor", "catalog.* company.view tax.view" },
    { 0 },
};

// ---- First rows ---------------------------------------------------------------------------------

static const struct FirstUnit {
    const char *code, *name;
    UnitKind kind;
    int64_t numerator, denominator;
    int digits;
} first_units[] = {
    { "pcs", TEXT("Piece"), UNIT_KIND_COUNT, 1, 1, 0 },
    { "pair", TEXT("Pair"), UNIT_KIND_COUNT, 1, 1, 0 },
    { "dozen", TEXT("Dozen"), UNIT_KIND_COUNT, 12, 1, 0 },
    { "kg", TEXT("Kilogram"), UNIT_KIND_MASS, 1000, 1, 3 },
    { "g", TEXT("Gram"), UNIT_KIND_MASS, 1, 1, 0 },
    { "m", TEXT("Metre"), UNIT_KIND_LENGTH, 1, 1, 3 },
    { "cm", TEXT("Centimetre"), UNIT_KIND_LENGTH, 1, 100, 1 },
    { "m2", TEXT("Square metre"), UNIT_KIND_AREA, 1, 1, 4 },
    { "l", TEXT("Litre"), UNIT_KIND_VOLUME, 1, 1, 3 },
    { "h", TEXT("Hour"), UNIT_KIND_TIME, 1, 1, 2 },
};

static Status install(Ctx *ctx)
{
    for (size_t i = 0; i < COUNT(first_units); i++) {
        const struct FirstUnit *first = &first_units[i];
        Unit *unit = unit_new(ctx);
        Id known;
        TRY(unit_find(ctx, "unit_code", str_from(first->code), &known));
        if (known)
            continue;
        unit->unit_code = str_from(first->code);
        unit->name = tr(ctx, first->name);
        unit->kind = first->kind;
        unit->numerator = first->numerator;
        unit->denominator = first->denominator;
        unit->digits = first->digits;
        TRY(unit_save(ctx, unit));
    }
    return OK;
}

const Module catalog_part = {
    .name = "catalog",
    .label = "Catalogue",
    .entities = &catalog_module,
    .is_shared = true,
    .permissions = permissions,
    .machines = machines,
    .hooks = hooks,
    .events = events,
    .nav = nav,
    .prints = prints,
    .links = links,
    .routes = routes,
    .roles = roles,
    .install = install,
};
