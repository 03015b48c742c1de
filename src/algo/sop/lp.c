// lp.c - building linear programmes, and judging answers without the solver that gave them.
#include "algo/sop/lp.h"

int32_t lp_column(Arena *arena, Lp *lp, double cost, double low, double high)
{
    *list_push(arena, &lp->columns) = (LpColumn){ cost, low, high };
    return (int32_t)lp->columns.len - 1;
}

int32_t lp_row(Arena *arena, Lp *lp, double low, double high)
{
    *list_push(arena, &lp->rows) = (LpRow){ low, high };
    return (int32_t)lp->rows.len - 1;
}

void lp_entry(Arena *arena, Lp *lp, int32_t column, int32_t row, double value)
{
    if (value != 0)
        *list_push(arena, &lp->entries) = (LpEntry){ column, row, value };
}

// The least of price * x over low <= x <= high. A price that is only rounding counts as none.
static double least(double price, double low, double high)
{
    enum { DUST_PER_UNIT = 10000000 };
    if (price > 0)
        return isfinite(low) ? price * low : price > 1.0 / DUST_PER_UNIT ? -INFINITY : 0;
    if (price < 0)
        return isfinite(high) ? price * high : price < -1.0 / DUST_PER_UNIT ? -INFINITY : 0;
    return 0;
}

double lp_least_cost(Arena *arena, const Lp *lp, const double *price)
{
    double *reduced = NEW_ARRAY(arena, double, lp->columns.len);
    double bound = 0;
    for (size_t i = 0; i < lp->columns.len; i++)
        reduced[i] = lp->columns.items[i].cost;
    EACH (entry, lp->entries)
        reduced[entry->column] -= price[entry->row] * entry->value;
    for (size_t i = 0; i < lp->columns.len; i++)
        bound += least(reduced[i], lp->columns.items[i].low, lp->columns.items[i].high);
    for (size_t i = 0; i < lp->rows.len; i++)
        bound += least(price[i], lp->rows.items[i].low, lp->rows.items[i].high);
    return bound;
}

static double outside(double value, double low, double high)
{
    double under = low - value, over = value - high;
    return under > over ? under : over;
}

double lp_violation(Arena *arena, const Lp *lp, const double *value)
{
    double *sum = NEW_ARRAY(arena, double, lp->rows.len), worst = 0;
    EACH (entry, lp->entries)
        sum[entry->row] += entry->value * value[entry->column];
    for (size_t i = 0; i < lp->columns.len; i++)
        worst = fmax(worst, outside(value[i], lp->columns.items[i].low, lp->columns.items[i].high));
    for (size_t i = 0; i < lp->rows.len; i++)
        worst = fmax(worst, outside(sum[i], lp->rows.items[i].low, lp->rows.items[i].high));
    return worst;
}
