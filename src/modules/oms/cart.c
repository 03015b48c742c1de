// cart.c - what a visitor of a shop has put aside, before it becomes an order. The cart is known by
// the hash of a token that only the visitor has; what it holds of the stock are soft reservations
// of its own, made by whoever shows it.
#include "modules/oms/oms.h"

#include "kernel/db/db.h"
#include "kernel/entity/access.h"
#include "kernel/secrets.h"

enum { PRINT_CHARS = 40 };

// ---- Configurations -----------------------------------------------------------------------------

// As an order's line keeps them.
static Str config_json(Ctx *ctx, const ConfigPickList *config)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    if (config->len == 0)
        return S("");
    json_open(&json, '[');
    EACH (pick, *config)
        shape_to_json(ctx, &config_pick_shape, pick, &json);
    json_close(&json, ']');
    return buf_str(&out);
}

Str picks_print(Ctx *ctx, const ConfigPickList *config)
{
    Str json = config_json(ctx, config);
    return json.len ? str_sub(secret_hash(ctx->arena, json), 0, PRINT_CHARS) : S("");
}

Status picks_read(Ctx *ctx, Str json, ConfigPickList *ret)
{
    const Json *tree;
    *ret = (ConfigPickList){ 0 };
    TRY(json_parse(ctx, json.len ? json : S("[]"), &tree));
    JSON_EACH (item, tree)
        TRY(shape_from_json(ctx, &config_pick_shape, item, INPUT_TRUSTED,
                            list_push(ctx->arena, ret)));
    return OK;
}

Price picks_price(const ConfigPickList *config)
{
    Price sum = { 0 };
    EACH (pick, *config)
        sum.micro += pick->price_add.micro;
    return sum;
}

Str picks_words(Ctx *ctx, const ConfigPickList *config)
{
    Buf out = { .arena = ctx->arena };
    EACH (pick, *config)
        buf_printf(&out, "%s" STR_FMT ": " STR_FMT, out.len ? "; " : "", STR_ARG(pick->group),
                   STR_ARG(pick->words.len ? pick->words : pick->name));
    return buf_str(&out);
}

// ---- Lines --------------------------------------------------------------------------------------

Status cart_put(Ctx *ctx, Id cart, Id variant, const ConfigPickList *config, Qty quantity)
{
    return db_write(ctx, SQL("INSERT INTO cart_line (cart_id, variant_id, config_print, quantity,"
                             " config, added_at) VALUES ($1, $2, $3, $4, $5, $6)"
                             " ON CONFLICT (cart_id, variant_id, config_print)"
                             " DO UPDATE SET quantity = excluded.quantity",
                             cart, variant, picks_print(ctx, config), quantity,
                             config_json(ctx, config), ctx->now));
}

Status cart_recount(Ctx *ctx, Id cart, Id variant, Str print, Qty quantity)
{
    if (quantity.micro <= 0)
        return db_write(ctx, SQL("DELETE FROM cart_line WHERE cart_id = $1 AND variant_id = $2"
                                 " AND config_print = $3",
                                 cart, variant, print));
    return db_write(ctx, SQL("UPDATE cart_line SET quantity = $4 WHERE cart_id = $1"
                             " AND variant_id = $2 AND config_print = $3",
                             cart, variant, print, quantity));
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
