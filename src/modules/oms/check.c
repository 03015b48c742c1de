// check.c - what `entrepot verify` asks of orders: the axes follow from the facts, and every
// quantity on a line is the sum of the documents that made it.
#include "modules/oms/offer.h"
#include "modules/oms/order.h"

#include "modules/inventory/inventory.h"

enum { CHECK_BATCH = 100 };

typedef Status (*CheckOrder)(Ctx *ctx, VerifyRun *run, SalesOrder *order);

static Status next_orders(Ctx *ctx, Id after, IdList *ret)
{
    Id id;
    Rows *rows = db_query(ctx, SQL("SELECT id FROM sales_order WHERE id > $1 ORDER BY id LIMIT $2",
                                   after, CHECK_BATCH));
    *ret = (IdList){ 0 };
    while (rows_next(rows, &id))
        *list_push(ctx->arena, ret) = id;
    return rows_end(rows);
}

static Status each_order(Ctx *ctx, VerifyRun *run, CheckOrder check)
{
    Id last = 0;
    size_t count;
    do {
        ArenaMark mark = arena_mark(ctx->arena);
        IdList ids;
        TRY(next_orders(ctx, last, &ids));
        count = ids.len;
        EACH (id, ids) {
            SalesOrder order;
            TRY(sales_order_load(ctx, *id, &order));
            TRY(check(ctx, run, &order));
            last = *id;
        }
        arena_rewind(ctx->arena, mark);
    } while (count == CHECK_BATCH);
    return OK;
}

// ---- Axes ---------------------------------------------------------------------------------------

static Status check_axes(Ctx *ctx, VerifyRun *run, SalesOrder *order)
{
    SalesOrder now = *order;
    TRY(order_refresh(ctx, &now));
    bool is_right = now.payment == order->payment && now.fulfilment == order->fulfilment &&
                    now.returns == order->returns && now.headline == order->headline;
    if (!is_right)
        verify_found(ctx, run, "oms.axes", "order " STR_FMT " is called %s, the facts say %s",
                     STR_ARG(order->number), headline_enum.values[order->headline].name,
                     headline_enum.values[now.headline].name);
    return OK;
}

Status oms_check_axes(Ctx *ctx, VerifyRun *run)
{
    return each_order(ctx, run, check_axes);
}

// ---- Quantities ---------------------------------------------------------------------------------
//
// What
// deliveries took and returns brought, line by line, in one statement each.

static Status report_lines(Ctx *ctx, VerifyRun *run, Query query, const char *what)
{
    Str number, sku;
    Qty says, sum;
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &number, &sku, &says, &sum))
        verify_found(ctx, run, "oms.quantities",
                     "order " STR_FMT ": " STR_FMT " says " STR_FMT " %s, its documents " STR_FMT,
                     STR_ARG(number), STR_ARG(sku),
                     STR_ARG(decimal_short(ctx->arena, says.micro, 6)), what,
                     STR_ARG(decimal_short(ctx->arena, sum.micro, 6)));
    return rows_end(rows);
}

Status oms_check_quantities(Ctx *ctx, VerifyRun *run)
{
    Query shipped = SQL("SELECT o.number, l.sku, l.shipped, CAST(coalesce(d.total, 0) AS BIGINT)"
                        " FROM sales_line l JOIN sales_order o ON o.id = l.sales_order_id"
                        " LEFT JOIN (SELECT dl.order_line_id AS line, sum(dl.picked) AS total"
                        " FROM delivery_line dl JOIN delivery d ON d.id = dl.delivery_id"
                        " WHERE d.state IN ('shipped', 'delivered') GROUP BY dl.order_line_id) d"
                        " ON d.line = l.id"
                        " WHERE l.shipped <> coalesce(d.total, 0) ORDER BY l.id LIMIT 1000");
    Query returned = SQL("SELECT o.number, l.sku, l.returned, CAST(coalesce(r.total, 0) AS BIGINT)"
                         " FROM sales_line l JOIN sales_order o ON o.id = l.sales_order_id"
                         " LEFT JOIN (SELECT rl.order_line_id AS line, sum(rl.received) AS total"
                         " FROM rma_line rl JOIN rma r ON r.id = rl.rma_id"
                         " WHERE r.state IN ('received', 'inspected', 'settled')"
                         " GROUP BY rl.order_line_id) r ON r.line = l.id"
                         " WHERE l.returned <> coalesce(r.total, 0) ORDER BY l.id LIMIT 1000");
    Query invoiced = SQL("SELECT o.number, l.sku, l.invoiced, l.shipped"
                         " FROM sales_line l JOIN sales_order o ON o.id = l.sales_order_id"
                         " WHERE l.invoiced > l.shipped ORDER BY l.id LIMIT 1000");
    TRY(report_lines(ctx, run, shipped, "shipped"));
    TRY(report_lines(ctx, run, returned, "returned"));
    return report_lines(ctx, run, invoiced, "invoiced");
}

static Status check_reserved(Ctx *ctx, VerifyRun *run, SalesOrder *order)
{
    StockHeldList held;
    TRY(stock_held(ctx, order_link(order), &held));
    EACH (line, order->lines) {
        int64_t sum = 0;
        EACH (h, held)
            sum += h->line == line->record.id ? h->quantity.micro : 0;
        if (sum != line->reserved.micro)
            verify_found(ctx, run, "oms.reserved",
                         "order " STR_FMT ": " STR_FMT " says " STR_FMT
                         " reserved, stock says " STR_FMT,
                         STR_ARG(order->number), STR_ARG(line->sku),
                         STR_ARG(decimal_short(ctx->arena, line->reserved.micro, 6)),
                         STR_ARG(decimal_short(ctx->arena, sum, 6)));
    }
    return OK;
}

Status oms_check_reserved(Ctx *ctx, VerifyRun *run)
{
    return each_order(ctx, run, check_reserved);
}

// ---- Money --------------------------------------------------------------------------------------

static Status check_money(Ctx *ctx, VerifyRun *run, SalesOrder *order)
{
    SalesOrder now = *order;
    Money net = { 0 };
    EACH (line, order->lines)
        net.minor += line->net.minor;
    TRY(order_take_payments(ctx, &now));
    if (net.minor != order->totals.net.minor)
        verify_found(ctx, run, "oms.money", "order " STR_FMT ": its lines do not add up to its net",
                     STR_ARG(order->number));
    if (now.paid.minor != order->paid.minor || now.refunded.minor != order->refunded.minor)
        verify_found(ctx, run, "oms.money",
                     "order " STR_FMT " says " STR_FMT " was paid, its payments " STR_FMT,
                     STR_ARG(order->number),
                     STR_ARG(money_text(ctx->arena, order->paid, order->currency)),
                     STR_ARG(money_text(ctx->arena, now.paid, order->currency)));
    return OK;
}

Status oms_check_money(Ctx *ctx, VerifyRun *run)
{
    return each_order(ctx, run, check_money);
}
