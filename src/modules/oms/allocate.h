// allocate.h - from which warehouses an order is served. Pure: what is wanted and what is there go
// in, who gives what comes out.
#pragma once

#include "gen/oms.gen.h"

typedef struct AllocationTable {
    size_t variants, warehouses;  // warehouses in the channel's order
    const Qty *wanted;            // [variants]
    const Qty *free;              // [variants * warehouses], a row per variant
    Qty *taken;                   // the same shape; worked out
} AllocationTable;

// Fills `taken`. One warehouse that has everything is always preferred, since it means one parcel.
// False: the rule takes no part of an order and something is short; then nothing is taken, and
// *ret_variant and *ret_short say what is short by how much (with `whole`, in the warehouse that
// comes nearest).
bool allocate(const AllocationTable *table, SplitPolicy policy, size_t *ret_variant,
              Qty *ret_short);
