// exception.c - the queue of what stands in an order's way, for somebody to solve: short stock, a
// credit limit, money for a cancelled order. One row per order and reason while it is open; the
// code that raised it also closes it when its reason is gone, so that the queue shows only what
// needs a person.
#include "modules/oms/order.h"

#include "kernel/auth/actor.h"

Status exception_raise(Ctx *ctx, Id order, const char *code, Str words)
{
    bool is_open;
    Id id;
    TRY(db_maybe(ctx,
                 SQL("SELECT id FROM order_exception"
                     " WHERE sales_order_id = $1 AND code = $2 AND state = 'open'",
                     order, code),
                 &is_open, &id));
    if (is_open)
        return db_write(ctx, SQL("UPDATE order_exception SET words = $2 WHERE id = $1", id, words));
    OrderException row = {
        .sales_order = order, .state = EXCEPTION_STATE_OPEN, .code = str_from(code), .words = words
    };
    return order_exception_append(ctx, &row);
}

Status exception_raise_in(Ctx *ctx, SalesOrder *order, const char *code, Str words)
{
    if (order_is_fresh(order))
        TRY(sales_order_save(ctx, order));
    return exception_raise(ctx, order->record.id, code, words);
}

Status exception_solve(Ctx *ctx, Id order, const char *code)
{
    return db_write(ctx, SQL("UPDATE order_exception SET state = 'solved', solved_at = $3"
                             " WHERE sales_order_id = $1 AND state = 'open'"
                             " AND (code = $2 OR $2 = '')",
                             order, code, ctx->now));
}

Status exception_solve_check(Ctx *ctx, const void *record)
{
    const OrderException *row = record;
    return row->state == EXCEPTION_STATE_OPEN
             ? OK
             : FAIL(ctx, E_CONFLICT, "oms.solved_already", "it is solved already");
}

Status exception_solve_run(Ctx *ctx, void *record, const void *input)
{
    OrderException *row = record;
    (void)input;
    row->state = EXCEPTION_STATE_SOLVED;
    row->solved_at = ctx->now;
    row->member = ctx->actor->member;
    return order_exception_update(ctx, row);
}
