// bazaar.c - the bazaar's module.
#include "kernel/bazaar.h"

#include "bazaar.gen.h"

static const Permission permissions[] = {
    { "bazaar.view", "See the wares" },
    { "bazaar.edit", "Change the wares" },
    { "bazaar.guilds", "See the guilds" },
    { "bazaar.costs", "See what wares cost us" },
    { 0 },
};
const Module bazaar_part = {
    .name = "bazaar",
    .label = "Bazaar",
    .entities = &bazaar_module,
    .permissions = permissions,
};
