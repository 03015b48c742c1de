// catalog_module.c - products and prices: what the module offers.
#include "modules/catalog/catalog_module.h"

#include "modules/catalog/catalog.h"

static const Permission permissions[] = {
    { "catalog.view", "See products and prices" },
    { "catalog.edit", "Change products and prices" },
    { 0 },
};

const Module catalog_part = {
    .name = "catalog",
    .label = "Catalogue",
    .entities = &catalog_module,
    .is_shared = true,
    .permissions = permissions,
};
