// valuer.c - what stock must be worth, worked out anew the way a bookkeeper would, in floating
// point: what comes in is taken as it is written, what goes out is worked out by the method and
// compared. The program's own arithmetic (integers and rests) has no part in it.
//
// Average and standard need only the sums so far and are always compared. FIFO and LIFO need their
// layers; after something that reorders these (a cost added late or set, a change of method, stock
// below zero, goods of a certain cost) they are not known until the stock is empty again.
#include "sim/sim.h"

#include <math.h>

typedef struct Heap {  // one receipt's goods
    double quantity, worth;
} Heap;
typedef struct Chain {
    Id variant, warehouse;
    double quantity, worth;  // in pieces and minor units
    LIST(Heap) heaps;
    bool is_blind;  // the heaps are not known
    CostMethod method;
} Chain;

typedef struct Row {
    Id variant, warehouse, move;
    Str kind, method;
    int64_t quantity, amount, rest, settled;
    int64_t standard;
    MaybePrice rate;
} Row;

static double worth_of(const Row *row)
{
    return (double)row->amount + (double)row->rest / 1e10;  // pounds have two decimals
}

static double take(Chain *chain, double wanted)
{
    double worth = 0;
    while (wanted > 1e-9 && chain->heaps.len) {
        size_t at = chain->method == COST_METHOD_LIFO ? chain->heaps.len - 1 : 0;
        Heap *heap = &chain->heaps.items[at];
        double part = heap->quantity < wanted ? heap->quantity : wanted;
        double share = heap->worth * part / heap->quantity;
        heap->quantity -= part;
        heap->worth -= share;
        worth += share;
        wanted -= part;
        if (heap->quantity < 1e-9)
            list_remove(&chain->heaps, at);
    }
    return worth;
}

static double expected_out(Chain *chain, const Row *row, double pieces)
{
    if (chain->method == COST_METHOD_AVERAGE)
        return chain->worth * pieces / chain->quantity;
    if (chain->method == COST_METHOD_STANDARD)
        return (double)row->standard * pieces / 1e4;
    return take(chain, pieces);
}

static void check_out(Sim *sim, Ctx *ctx, Chain *chain, const Row *row)
{
    double pieces = -(double)row->quantity / MICRO;
    bool has_heaps = chain->method == COST_METHOD_FIFO || chain->method == COST_METHOD_LIFO;
    if (row->rate.known)
        chain->is_blind = true;
    if (chain->quantity + 1e-9 < pieces || (has_heaps && chain->is_blind))
        return;
    double wanted = expected_out(chain, row, pieces), is = -worth_of(row);
    if (fabs(wanted - is) > 1.01)
        sim_found(sim, "auditor: %.0f of variant %s went out worth %.4f, and should have been %.4f",
                  pieces, sim_id(ctx, row->variant), is, wanted);
}

static void walk_row(Sim *sim, Ctx *ctx, Chain *chain, const Row *row)
{
    bool is_in = str_is(row->kind, "in") || str_is(row->kind, "return");
    if (str_is(row->kind, "out"))
        check_out(sim, ctx, chain, row);
    else if (!is_in)
        chain->is_blind = true;
    if (is_in)
        *list_push(ctx->arena, &chain->heaps) =
            (Heap){ (double)row->quantity / MICRO, worth_of(row) };
    chain->quantity += (double)row->quantity / MICRO;
    chain->worth += worth_of(row) + (double)row->settled;
    chain->method = (CostMethod)enum_value(&cost_method_enum, row->method);
    if (chain->quantity < -1e-9 || row->settled)
        chain->is_blind = true;
    if (fabs(chain->quantity) > 1e-9)
        return;
    if (fabs(chain->worth) > 0.01)
        sim_found(sim, "auditor: nothing is left of variant %s, and it is worth %.4f",
                  sim_id(ctx, row->variant), chain->worth);
    chain->is_blind = false;
    chain->heaps.len = 0;
}

static Status check_end(Sim *sim, Ctx *ctx, const Chain *chain)
{
    int64_t quantity, amount, rest;
    if (!chain->variant)
        return OK;
    TRY(db_one(ctx,
               SQL("SELECT quantity, amount, rest FROM stock_cost WHERE variant_id = $1"
                   " AND warehouse_id = $2",
                   chain->variant, chain->warehouse),
               &quantity, &amount, &rest));
    if (fabs((double)quantity / MICRO - chain->quantity) > 1e-6 ||
        fabs((double)amount + (double)rest / 1e10 - chain->worth) > 0.01)
        sim_found(sim, "auditor: variant %s stands at %lld worth %lld, its rows come to %.2f",
                  sim_id(ctx, chain->variant), (long long)quantity, (long long)amount,
                  chain->worth);
    return OK;
}

Status audit_value(Sim *sim, Ctx *ctx)
{
    Chain chain = { 0 };
    LIST(Chain) ended = { 0 };
    Row row = { 0 };
    Rows *rows = db_query(
        ctx, SQL("SELECT variant_id, warehouse_id, move, kind, method, quantity, amount, rest,"
                 " settled, standard, rate FROM stock_value"
                 " ORDER BY variant_id, warehouse_id, moved_on, move"));
    while (rows_next(rows, &row.variant, &row.warehouse, &row.move, &row.kind, &row.method,
                     &row.quantity, &row.amount, &row.rest, &row.settled, &row.standard,
                     &row.rate)) {
        if (row.variant != chain.variant || row.warehouse != chain.warehouse) {
            *list_push(ctx->arena, &ended) = chain;
            chain = (Chain){ .variant = row.variant, .warehouse = row.warehouse };
        }
        walk_row(sim, ctx, &chain, &row);
    }
    TRY(rows_end(rows));
    *list_push(ctx->arena, &ended) = chain;
    EACH (one, ended)
        TRY(check_end(sim, ctx, one));
    return OK;
}
