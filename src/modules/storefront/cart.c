// cart.c - what a visitor has put aside.
#include "modules/storefront/cart.h"

#include "kernel/db/db.h"
#include "kernel/secrets.h"

Status cart_peek(Ctx *ctx, Shop *shop)
{
    bool found;
    Str token = ctx->request ? request_cookie(ctx->request, "cart") : S("");
    if (token.len == 0)
        return OK;
    return db_maybe(
        ctx,
        SQL("SELECT c.id, (SELECT CAST(COALESCE(sum(l.quantity), 0) AS BIGINT) FROM cart_line l"
            " WHERE l.cart_id = c.id) / 1000000 FROM cart c"
            " WHERE c.token = $1 AND c.channel_id = $2 AND c.sales_order_id IS NULL",
            secret_hash(ctx->arena, token), shop->store.channel),
        &found, &shop->cart, &shop->in_cart);
}
