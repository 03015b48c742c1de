// allocate.c - the rule of a channel at work.
#include "modules/oms/allocate.h"

static int64_t at(const AllocationTable *table, const Qty *grid, size_t variant, size_t warehouse)
{
    int64_t micro = grid[variant * table->warehouses + warehouse].micro;
    return micro > 0 ? micro : 0;  // oversold already: nothing to give
}

static Wide missing(const AllocationTable *table, size_t warehouse)
{
    Wide sum = 0;
    for (size_t v = 0; v < table->variants; v++) {
        int64_t here = at(table, table->free, v, warehouse);
        sum += here < table->wanted[v].micro ? table->wanted[v].micro - here : 0;
    }
    return sum;
}

// The first of those that lack least.
static size_t nearest(const AllocationTable *table, Wide *ret_missing)
{
    size_t best = 0;
    *ret_missing = missing(table, 0);
    for (size_t w = 1; w<table->warehouses && * ret_missing> 0; w++) {
        Wide lacks = missing(table, w);
        if (lacks < *ret_missing) {
            *ret_missing = lacks;
            best = w;
        }
    }
    return best;
}

static void take_whole(const AllocationTable *table, size_t warehouse)
{
    for (size_t v = 0; v < table->variants; v++)
        table->taken[v * table->warehouses + warehouse] = table->wanted[v];
}

static int64_t take_variant(const AllocationTable *table, size_t variant)
{
    int64_t left = table->wanted[variant].micro;
    for (size_t w = 0; w < table->warehouses && left > 0; w++) {
        int64_t here = at(table, table->free, variant, w);
        int64_t taken = here < left ? here : left;
        table->taken[variant * table->warehouses + w].micro = taken;
        left -= taken;
    }
    return left;
}

static bool find_short(const AllocationTable *table, size_t warehouse, size_t *ret_variant,
                       Qty *ret_short)
{
    for (size_t v = 0; v < table->variants; v++) {
        int64_t here = table->warehouses ? at(table, table->free, v, warehouse) : 0;
        if (here < table->wanted[v].micro) {
            *ret_variant = v;
            ret_short->micro = table->wanted[v].micro - here;
            return true;
        }
    }
    return false;
}

static void take_nothing(const AllocationTable *table)
{
    for (size_t i = 0; i < table->variants * table->warehouses; i++)
        table->taken[i] = (Qty){ 0 };
}

bool allocate(const AllocationTable *table, SplitPolicy policy, size_t *ret_variant, Qty *ret_short)
{
    Wide lacks = 0;
    take_nothing(table);
    if (table->warehouses == 0)
        return policy == SPLIT_POLICY_BACKORDER || !find_short(table, 0, ret_variant, ret_short);
    size_t best = nearest(table, &lacks);
    if (lacks == 0) {
        take_whole(table, best);
        return true;
    }
    if (policy == SPLIT_POLICY_WHOLE)
        return !find_short(table, best, ret_variant, ret_short);
    for (size_t v = 0; v < table->variants; v++) {
        int64_t left = take_variant(table, v);
        if (left > 0 && policy != SPLIT_POLICY_BACKORDER) {
            take_nothing(table);
            *ret_variant = v;
            ret_short->micro = left;
            return false;
        }
    }
    return true;
}
