// party_module.c - customers and suppliers: what the module offers.
#include "modules/party/party_module.h"

#include "kernel/i18n.h"
#include "modules/party/party_check.h"

static const Permission permissions[] = {
    { "party.view", "See customers and suppliers" },
    { "party.edit", "Create and change customers and suppliers" },
    { 0 },
};

static const Hook hooks[] = {
    { &party_entity, .before_save = party_check },
    { 0 },
};

static const NavItem nav[] = {
    { "Sell", "Customers", "crm", "/admin/party/parties?is_customer=true", "party.view", NULL },
    { "Buy", "Suppliers", "crm", "/admin/party/parties?is_supplier=true", "party.view", NULL },
    { "Settings", .permission = "party.edit", .entity = &party_group_entity },
    { "Settings", .permission = "party.edit", .entity = &payment_term_entity },
    { 0 },
};

// ---- First rows ---------------------------------------------------------------------------------

static Status add_term(Ctx *ctx, const char *name, int64_t days)
{
    PaymentTerm *term = payment_term_new(ctx);
    term->name = tr(ctx, name);
    term->days = days;
    return payment_term_save(ctx, term);
}

static Status add_group(Ctx *ctx, const char *name)
{
    PartyGroup *group = party_group_new(ctx);
    group->name = tr(ctx, name);
    return party_group_save(ctx, group);
}

static Status install(Ctx *ctx)
{
    TRY(add_term(ctx, TEXT("Immediately"), 0));
    TRY(add_term(ctx, TEXT("30 days"), 30));
    TRY(add_group(ctx, TEXT("Retail")));
    return add_group(ctx, TEXT("Wholesale"));
}

const Module party_part = {
    .name = "party",
    .label = "Customers and suppliers",
    .entities = &party_module,
    .is_shared = true,
    .permissions = permissions,
    .hooks = hooks,
    .nav = nav,
    .install = install,
};
