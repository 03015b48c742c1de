// library.c - the lending library's modules.
#include "kernel/library.h"

#include "bazaar.gen.h"
#include "kernel/tenant.h"
#include "loan.gen.h"

static const Permission shelf_permissions[] = {
    { "library.view", "See the shelves" },
    { "library.edit", "Change the shelves" },
    { "shelf.read", "See the books" },
    { 0 },
};
const Module shelf_part = {
    .name = "shelf",
    .label = "Library",
    .entities = &shelf_module,
    .permissions = shelf_permissions,
};

// ---- Lending ------------------------------------------------------------------------------------

// The number is the law's: drawn when the book goes out.
static Status lend(Ctx *ctx, void *record, const void *input)
{
    Loan *loan = record;
    (void)input;
    return number_draw(ctx, &loan_entity, "number", tenant_today(ctx), &loan->number);
}

static Status check_lines(Ctx *ctx, const void *record)
{
    const Loan *loan = record;
    return loan->lines.len ? OK : FAIL(ctx, E_CONFLICT, "loan.empty", "there is nothing to lend");
}

static const Action loan_actions[] = {
    { "lend", "Lend", "asked", "lent", "loan.lend", lend, .check = check_lines,
      .flags = ACTION_PRIMARY },
    { 0 },
};
static const Machine loan_machines[] = {
    { &loan_entity, "state", loan_actions },
    { 0 },
};
static const Permission loan_permissions[] = {
    { "loan.view", "See loans" },
    { "loan.edit", "Change loans" },
    { "loan.lend", "Lend books" },
    { 0 },
};
const Module loan_part = {
    .name = "loan",
    .label = "Lending",
    .entities = &loan_module,
    .permissions = loan_permissions,
    .machines = loan_machines,
};

// ---- The bazaar before the door
// ------------------------------------------------------------------

static const Permission bazaar_permissions[] = {
    { "bazaar.view", "See the wares" },
    { "bazaar.edit", "Change the wares" },
    { "bazaar.costs", "See what wares cost us" },
    { 0 },
};
const Module bazaar_part = {
    .name = "bazaar",
    .label = "Bazaar",
    .entities = &bazaar_module,
    .permissions = bazaar_permissions,
};
