// warehouse.h - a few entities of every kind, written by hand, in two versions: what a module
// declares today, and what it declares after its next release.
#pragma once

#include "kernel/entity/entity.h"

typedef enum WarehouseVersion {
    WAREHOUSE_1,
    WAREHOUSE_2,         // new fields, an index, a table
    WAREHOUSE_CHECKED,   // version 1 with a check more
    WAREHOUSE_REQUIRED,  // version 1 with a required reference more
    WAREHOUSE_UNIQUE,    // version 1 with a unique note more
    WAREHOUSE_CHANGED,   // version 1 wider, looser, computed differently, without a field and a
                         // check
    WAREHOUSE_RETYPED,   // version 1 with another type of a field
    WAREHOUSE_REKEYED,   // version 1 with another key
} WarehouseVersion;

// Valid until the next call.
const EntityModule *const *warehouse_modules(WarehouseVersion version);
