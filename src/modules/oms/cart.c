// cart.c - what a visitor of a shop has put aside, before it becomes an order. The cart is known by
// the hash of a token that only the visitor has; what it holds of the stock are soft reservations
// of its own, made by whoever shows it.
#include "modules/oms/oms.h"

#include "kernel/db/db.h"

Status cart_put(Ctx *ctx, Id cart, Id variant, Qty quantity)
{
    if (quantity.micro <= 0)
        return db_write(ctx, SQL("DELETE FROM cart_line WHERE cart_id = $1 AND variant_id = $2",
                                 cart, variant));
    return db_write(ctx,
                    SQL("INSERT INTO cart_line (cart_id, variant_id, quantity, config, added_at)"
                        " VALUES ($1, $2, $3, '', $4) ON CONFLICT (cart_id, variant_id)"
                        " DO UPDATE SET quantity = excluded.quantity",
                        cart, variant, quantity, ctx->now));
}

Status cart_touch(Ctx *ctx, Id cart)
{
    return db_write(ctx, SQL("UPDATE cart SET touched_at = $2 WHERE id = $1", cart, ctx->now));
}

Status cart_ordered(Ctx *ctx, Id cart, Id order)
{
    return db_write(ctx, SQL("UPDATE cart SET sales_order_id = $2, touched_at = $3 WHERE id = $1",
                             cart, order, ctx->now));
}
