// inventory_module.c - stock: what the module offers.
#include "modules/inventory/inventory_module.h"

#include "modules/inventory/stock.h"

static const Permission permissions[] = {
    { "inventory.view", "See stock, moves and stock documents" },
    { "inventory.edit", "Write stock documents" },
    { "inventory.value", "See what stock is worth" },
    { 0 },
};

static const EnumValue method_changes[] = {
    { "", "", "" },
    { "newest_cost", "Everything at the newest receipt's cost", "" },
    { "keep_value", "The value stays as it is", "" },
};
static const EnumDef method_change_enum = { "method_change", "Change of method", method_changes,
                                            COUNT(method_changes) };

static const Setting settings[] = {
    { "inventory.cost_method", "How stock is valued",
      "Holds for goods that come into a warehouse for the first time; others keep theirs",
      SETTING_ENUM, "average", .values = &cost_method_enum },
    { "inventory.method_change", "When FIFO becomes average",
      "What stock is worth after its method changed from FIFO or LIFO to the moving average",
      SETTING_ENUM, "newest_cost", .values = &method_change_enum },
    { 0 },
};

const Module inventory_part = {
    .name = "inventory",
    .label = "Stock",
    .entities = &inventory_module,
    .permissions = permissions,
    .settings = settings,
    .install = places_install,
};
