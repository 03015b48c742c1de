// tax_module.c - taxes: what the module offers.
#include "modules/tax/tax_module.h"

#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "modules/tax/rates.h"
#include "modules/tax/tax.h"

static const Permission permissions[] = {
    { "tax.view", "See tax classes and rates" },
    { "tax.edit", "Change tax classes and rates" },
    { 0 },
};

// Lines without a class take the default one, so there can be only one.
static Status check_default(Ctx *ctx, void *record, const void *before)
{
    TaxClass *saved = record;
    Id other;
    (void)before;
    if (!saved->is_default)
        return OK;
    TRY(tax_default_class(ctx, &other));
    if (other && other != saved->record.id)
        ctx_problem(ctx, S("is_default"), "tax.two_defaults",
                    "another class is the default already");
    return ctx_problems(ctx);
}

static const Hook hooks[] = {
    { &tax_class_entity, .before_save = check_default },
    { 0 },
};

static const Setting settings[] = {
    { "tax.rounding", "Taxes are rounded",
      "On each line, on the sum of each rate, or once on the whole document", SETTING_ENUM, "line",
      .values = &tax_rounding_enum, .permission = "tax.edit" },
    { "tax.round_total_to", "Totals are rounded to",
      "The smallest amount that invoices end in, in cents or paise: 5 for five cents, 0 for exact",
      SETTING_INT, "0", .permission = "tax.edit" },
    { 0 },
};

static const NavItem nav[] = {
    { "Settings", .permission = "tax.view", .entity = &tax_class_entity },
    { "Settings", .permission = "tax.view", .entity = &tax_rate_entity },
    { "Settings", .permission = "tax.view", .entity = &tax_place_entity },
    { 0 },
};

const Module tax_part = {
    .name = "tax",
    .label = "Taxes",
    .entities = &tax_module,
    .is_shared = true,
    .permissions = permissions,
    .hooks = hooks,
    .settings = settings,
    .nav = nav,
    .install = rates_install,
};
