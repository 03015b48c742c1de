// jobs.c - what happens to orders without anybody asking: payments are taken over, stock that came
// in is given to those who wait, what is late becomes an exception, what is over is closed.
#include "modules/oms/offer.h"
#include "modules/oms/order.h"

#include "modules/payments/payments.h"

#include "kernel/entity/access.h"
#include "kernel/tenant.h"

enum { BATCH = 50 };

static Status collect(Ctx *ctx, Query query, IdList *ret)
{
    Id id;
    Rows *rows = db_query(ctx, query);
    *ret = (IdList){ 0 };
    while (rows_next(rows, &id))
        *list_push(ctx->arena, ret) = id;
    return rows_end(rows);
}

// Something became known about a payment; its order takes it over.
Status oms_payment_job(Ctx *ctx, const JobRun *job)
{
    Payment payment;
    bool found;
    TRY(payment_load_maybe(ctx, job->subject.id, &payment, &found));
    if (!found || payment.subject.entity != &sales_order_entity)
        return OK;
    return order_paid(ctx, payment.subject.id);
}

// ---- Waiting for stock --------------------------------------------------------------------------

// The oldest first: who ordered first is served first.
Status oms_backorders_job(Ctx *ctx, const JobRun *job)
{
    IdList waiting;
    (void)job;
    TRY(collect(
        ctx,
        SQL("SELECT o.id FROM order_exception x JOIN sales_order o ON o.id = x.sales_order_id"
            " WHERE x.code = 'oms.short' AND x.state = 'open'"
            " AND o.state IN ('placed', 'confirmed') ORDER BY o.placed_at, o.id LIMIT $1",
            BATCH),
        &waiting));
    EACH (id, waiting) {
        SalesOrder order;
        TRY(sales_order_load(ctx, *id, &order));
        TRY(order_reserve(ctx, &order));
        TRY(order_refresh(ctx, &order));
        TRY(sales_order_save(ctx, &order));
    }
    return OK;
}

// ---- Being late ---------------------------------------------------------------------------------

Status oms_late_job(Ctx *ctx, const JobRun *job)
{
    IdList late;
    (void)job;
    TRY(collect(ctx,
                SQL("SELECT id FROM sales_order WHERE state = 'confirmed' AND promised_on < $1"
                    " AND fulfilment IN ('unshipped', 'in_production', 'ready', 'part_shipped')"
                    " ORDER BY promised_on, id LIMIT $2",
                    tenant_today(ctx), BATCH),
                &late));
    EACH (id, late)
        TRY(exception_raise(ctx, *id, "oms.late", S("it was promised for a day that has passed")));
    return db_write(ctx, SQL("UPDATE order_exception SET state = 'solved', solved_at = $1"
                             " WHERE code = 'oms.late' AND state = 'open' AND sales_order_id IN"
                             " (SELECT id FROM sales_order WHERE state <> 'confirmed'"
                             " OR fulfilment IN ('shipped', 'delivered'))",
                             ctx->now));
}

// ---- Closing ------------------------------------------------------------------------------------

Status oms_close_job(Ctx *ctx, const JobRun *job)
{
    int64_t days = setting_int(ctx, "oms.close_after_days");
    IdList over;
    (void)job;
    if (days <= 0)
        return OK;
    TRY(collect(
        ctx,
        SQL("SELECT id FROM sales_order WHERE headline = 'delivered' AND state = 'confirmed'"
            " AND payment IN ('paid', 'part_refunded', 'refunded')"
            " AND returns IN ('none_open', 'settled') AND updated_at < $1"
            " ORDER BY id LIMIT $2",
            ctx->now - days * DAY, BATCH),
        &over));
    EACH (id, over) {
        SalesOrder order;
        TRY(sales_order_load(ctx, *id, &order));
        if (order_close_check(ctx, &order) != OK) {
            ctx_recover(ctx);  // not everything is invoiced: it stays open for somebody to see
            continue;
        }
        TRY(action_do(ctx, &sales_order_entity, &order, "close", NULL));
    }
    return OK;
}
