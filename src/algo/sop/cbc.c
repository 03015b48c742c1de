// cbc.c - hands a linear programme to CBC column by column, and takes the answer back.
//
// CBC's C interface tells what columns are worth, not rows. So each row gets a column of its own,
// with an entry of -1, that can be nothing but zero: what it would be worth is the row's price.
// Presolve takes these columns out before the work begins.
#include "algo/sop/cbc.h"

#include <Cbc_C_Interface.h>
#include <float.h>

typedef struct {
    int columns, rows;    // columns: the zeros of the rows stand behind the others
    CoinBigIndex *start;  // by column, and one more
    int *row;
    double *value;
    double *low, *high, *cost;  // by column
    double *row_low, *row_high;
} Sparse;

static double bound(double value)
{
    return value == INFINITY ? DBL_MAX : value == -INFINITY ? -DBL_MAX : value;
}

static void put_bounds(const Lp *lp, Sparse *sparse)
{
    for (size_t i = 0; i < lp->columns.len; i++) {
        sparse->low[i] = bound(lp->columns.items[i].low);
        sparse->high[i] = bound(lp->columns.items[i].high);
        sparse->cost[i] = lp->columns.items[i].cost;
    }
    for (size_t i = 0; i < lp->rows.len; i++) {
        sparse->row_low[i] = bound(lp->rows.items[i].low);
        sparse->row_high[i] = bound(lp->rows.items[i].high);
    }
}

static void put_entries(const Lp *lp, Sparse *sparse)
{
    int columns = (int)lp->columns.len;
    CoinBigIndex *put = sparse->start + 1;  // moves up to where the next column begins
    EACH (entry, lp->entries)
        put[entry->column + 1]++;
    for (int i = columns; i < sparse->columns; i++)
        put[i + 1]++;
    for (int i = 0; i < sparse->columns; i++)
        put[i + 1] += put[i];
    EACH (entry, lp->entries) {
        CoinBigIndex at = put[entry->column]++;
        sparse->row[at] = entry->row;
        sparse->value[at] = entry->value;
    }
    for (int i = columns; i < sparse->columns; i++) {
        CoinBigIndex at = put[i]++;
        sparse->row[at] = i - columns;
        sparse->value[at] = -1;
    }
}

static Sparse sparse_of(Arena *arena, const Lp *lp)
{
    size_t columns = lp->columns.len + lp->rows.len, entries = lp->entries.len + lp->rows.len;
    Sparse sparse = { .columns = (int)columns,
                      .rows = (int)lp->rows.len,
                      .start = NEW_ARRAY(arena, CoinBigIndex, columns + 2),
                      .row = NEW_ARRAY(arena, int, entries),
                      .value = NEW_ARRAY(arena, double, entries),
                      .low = NEW_ARRAY(arena, double, columns),
                      .high = NEW_ARRAY(arena, double, columns),
                      .cost = NEW_ARRAY(arena, double, columns),
                      .row_low = NEW_ARRAY(arena, double, lp->rows.len),
                      .row_high = NEW_ARRAY(arena, double, lp->rows.len) };
    put_bounds(lp, &sparse);
    put_entries(lp, &sparse);
    return sparse;
}

static void delete_model(void *place)
{
    Cbc_Model **model = place;
    if (*model)
        Cbc_deleteModel(*model);
    *model = NULL;
}

static const double *copied(Arena *arena, const double *values, size_t count)
{
    double *copy = NEW_ARRAY(arena, double, count);
    if (count && values)
        memcpy(copy, values, count * sizeof *copy);
    return copy;
}

Status cbc_solve(Ctx *ctx, const Lp *lp, const Budget *budget, LpAnswer *ret)
{
    if (budget_over(budget, 0)) {
        *ret = (LpAnswer){ .state = LP_STOPPED };
        return OK;
    }
    Sparse sparse = sparse_of(ctx->arena, lp);
    Cbc_Model **model = NEW(ctx->arena, Cbc_Model *);
    arena_defer(ctx->arena, delete_model, model);
    *model = Cbc_newModel();
    Cbc_setLogLevel(*model, 0);
    Cbc_loadProblem(*model, sparse.columns, sparse.rows, sparse.start, sparse.row, sparse.value,
                    sparse.low, sparse.high, sparse.cost, sparse.row_low, sparse.row_high);
    Cbc_solve(*model);
    if (Cbc_isAbandoned(*model))
        return FAIL(ctx, E_INTERNAL, "lp.abandoned",
                    "the solver gave up: the figures differ too much in size");
    LpAnswer answer = { .state = LP_INFEASIBLE };
    if (Cbc_isProvenOptimal(*model)) {
        answer.state = LP_OPTIMAL;
        answer.cost = Cbc_getObjValue(*model);
        answer.value = copied(ctx->arena, Cbc_getColSolution(*model), lp->columns.len);
        answer.price =
            copied(ctx->arena, Cbc_getReducedCost(*model) + lp->columns.len, lp->rows.len);
    }
    delete_model(model);
    *ret = answer;
    return OK;
}
