// cart.c - what a visitor has put aside. The stock of a line is held softly, warehouse by warehouse
// in the channel's order, and let go by time; each time the cart is touched it is held anew. What
// cannot be held is not taken out: the cart says so, before anybody pays.
#include "modules/storefront/cart.h"

#include "kernel/db/db.h"
#include "kernel/secrets.h"
#include "modules/catalog/catalog.h"

enum { TOKEN_BYTES = 24, DAY_S = 86400 };

// Two shops may stand on one host, each with a bag of its own.
static const char *cookie_of(Ctx *ctx, const Shop *shop)
{
    return str_format(ctx->arena, "cart_" STR_FMT, STR_ARG(shop->store.store_code)).ptr;
}

Link cart_link(const Shop *shop)
{
    return (Link){ &cart_entity, shop->cart };
}

Status cart_peek(Ctx *ctx, Shop *shop)
{
    bool found;
    Str token = ctx->request ? request_cookie(ctx->request, cookie_of(ctx, shop)) : S("");
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

Status cart_open(Ctx *ctx, Shop *shop)
{
    if (shop->cart)
        return OK;
    Str token = secret_token(ctx->arena, TOKEN_BYTES);
    Cart cart = { .token = secret_hash(ctx->arena, token),
                  .channel = shop->store.channel,
                  .customer = shop->customer,
                  .currency = shop->channel.currency,
                  .touched_at = ctx->now };
    TRY(cart_append(ctx, &cart));
    shop->cart = cart.record.id;
    respond_cookie(ctx, cookie_of(ctx, shop), token, CART_LIVES_DAYS * DAY_S);
    return OK;
}

static Status require_room(Ctx *ctx, const Shop *shop)
{
    int64_t lines;
    TRY(db_one(ctx, SQL("SELECT count(*) FROM cart_line WHERE cart_id = $1", shop->cart), &lines));
    return lines < CART_LINES_MAX ? OK
                                  : FAIL(ctx, E_LIMIT, "cart.full",
                                         "a bag holds at most %d different things", CART_LINES_MAX);
}

static Qty pieces_of(int64_t pieces)
{
    return (Qty){ (pieces < CART_PIECES_MAX ? pieces : CART_PIECES_MAX) * MICRO };
}

Status cart_add(Ctx *ctx, const Shop *shop, Id variant, const ConfigPickList *config, int64_t more)
{
    bool found;
    Qty there = { 0 };
    TRY(require_room(ctx, shop));
    TRY(db_maybe(ctx,
                 SQL("SELECT quantity FROM cart_line WHERE cart_id = $1 AND variant_id = $2"
                     " AND config_print = $3",
                     shop->cart, variant, picks_print(ctx, config)),
                 &found, &there));
    more = more < CART_PIECES_MAX ? more : CART_PIECES_MAX;
    return cart_put(ctx, shop->cart, variant, config, pieces_of(there.micro / MICRO + more));
}

Status cart_set(Ctx *ctx, const Shop *shop, const CartItem *item, int64_t pieces)
{
    return cart_recount(ctx, shop->cart, item->variant, item->print, pieces_of(pieces));
}

// ---- Holding ------------------------------------------------------------------------------------

static Status hold_line(Ctx *ctx, const Shop *shop, Id variant, Qty wanted)
{
    VariantFacts facts;
    TRY(variant_facts(ctx, variant, &facts));
    if (!facts.is_stocked || facts.kind == PRODUCT_KIND_MADE_TO_ORDER)
        return OK;
    EACH (row, shop->channel.warehouses) {
        Qty there;
        TRY(stock_available(ctx, variant, row->warehouse, &there));
        Qty take = there.micro < wanted.micro ? there : wanted;
        if (take.micro <= 0)
            continue;
        TRY(stock_reserve(
            ctx, &(ReserveSpec){ .kind = HOLD_KIND_CART,
                                 .source = cart_link(shop),
                                 .line = variant,
                                 .variant = variant,
                                 .warehouse = row->warehouse,
                                 .quantity = take,
                                 .expires_at = ctx->now + shop->channel.hold_minutes * MINUTE }));
        wanted.micro -= take.micro;
    }
    return OK;
}

typedef struct Wanted {
    Id variant;
    Qty quantity;
} Wanted;
typedef LIST(Wanted) WantedList;

static Status read_wanted(Ctx *ctx, const Shop *shop, WantedList *ret)
{
    Wanted one;
    Rows *rows = db_query(ctx, SQL("SELECT variant_id, CAST(sum(quantity) AS BIGINT) FROM cart_line"
                                   " WHERE cart_id = $1 GROUP BY variant_id"
                                   " ORDER BY variant_id LIMIT $2",
                                   shop->cart, CART_LINES_MAX));
    *ret = (WantedList){ 0 };
    while (rows_next(rows, &one.variant, &one.quantity))
        *list_push(ctx->arena, ret) = one;
    return rows_end(rows);
}

// In order of variants, so that two carts cannot wait for each other.
Status cart_hold(Ctx *ctx, const Shop *shop)
{
    WantedList wanted;
    TRY(read_wanted(ctx, shop, &wanted));
    TRY(stock_release_all(ctx, cart_link(shop)));
    EACH (one, wanted)
        TRY(hold_line(ctx, shop, one->variant, one->quantity));
    return cart_touch(ctx, shop->cart);
}

Status cart_close(Ctx *ctx, const Shop *shop, Id order)
{
    respond_cookie(ctx, cookie_of(ctx, shop), S(""), -1);
    return cart_ordered(ctx, shop->cart, order);
}

// ---- Seeing -------------------------------------------------------------------------------------

static Status held_of(Ctx *ctx, const Shop *shop, Id variant, Qty *ret, Time *ret_until)
{
    Time until;
    TRY(db_one(ctx,
               SQL("SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT), COALESCE(min(expires_at), 0)"
                   " FROM reservation WHERE source_id = $1 AND variant_id = $2 AND expires_at > $3",
                   shop->cart, variant, ctx->now),
               ret, &until));
    if (until && (!*ret_until || until < *ret_until))
        *ret_until = until;
    return OK;
}

static Status price_item(Ctx *ctx, const Shop *shop, CartItem *item)
{
    PriceAnswer answer;
    PriceQuestion question = { .variant = item->variant,
                               .channel = shop->store.channel,
                               .group = shop->group,
                               .quantity = item->quantity,
                               .currency = shop->channel.currency,
                               .on = tenant_today(ctx) };
    TRY(price_find(ctx, &question, &answer));
    item->is_priced = answer.is_known;
    item->price.micro = answer.price.micro + picks_price(&item->config).micro;
    return money_from_wide(ctx, (Wide)item->price.micro * item->quantity.micro,
                           currency_minor(shop->channel.currency), ROUND_HALF_UP, &item->total);
}

// All lines of a variant share what is held of it.
static Qty wanted_of(const CartView *view, Id variant)
{
    Qty sum = { 0 };
    EACH (item, view->items)
        sum.micro += item->variant == variant ? item->quantity.micro : 0;
    return sum;
}

static Status judge_item(Ctx *ctx, const Shop *shop, CartItem *item, CartView *view)
{
    VariantFacts facts;
    TRY(variant_facts(ctx, item->variant, &facts));
    TRY(price_item(ctx, shop, item));
    TRY(held_of(ctx, shop, item->variant, &item->held, &view->held_until));
    bool is_held = facts.is_stocked && facts.kind != PRODUCT_KIND_MADE_TO_ORDER;
    item->sku = facts.sku;
    item->name = facts.name;
    item->tax_class = facts.tax_class;
    item->weight_g = facts.weight_g;
    item->is_short = !facts.is_active || !item->is_priced ||
                     (is_held && item->held.micro < wanted_of(view, item->variant).micro);
    view->has_shortage |= item->is_short;
    view->pieces += item->quantity.micro / MICRO;
    view->weight_g += facts.weight_g * (item->quantity.micro / MICRO);
    return money_add(ctx, view->total, item->total, &view->total);
}

static Str item_key(Ctx *ctx, const CartItem *item)
{
    Str id = id_text(ctx->arena, item->variant);
    return item->print.len
             ? str_format(ctx->arena, STR_FMT "." STR_FMT, STR_ARG(id), STR_ARG(item->print))
             : id;
}

static Status read_items(Ctx *ctx, const Shop *shop, CartView *ret)
{
    Id file;
    Str config;
    CartItem item = { 0 };
    Rows *rows = db_query(
        ctx, SQL("SELECT l.variant_id, p.id, p.slug, l.quantity, l.config_print, l.config,"
                 " COALESCE((SELECT min(m.file_id) FROM product_media m WHERE m.product_id = p.id"
                 " AND m.position = (SELECT min(n.position) FROM product_media n"
                 " WHERE n.product_id = p.id)), 0)"
                 " FROM cart_line l JOIN variant v ON v.id = l.variant_id"
                 " JOIN product p ON p.id = v.product_id"
                 " WHERE l.cart_id = $1 ORDER BY l.added_at, l.variant_id, l.config_print LIMIT $2",
                 shop->cart, CART_LINES_MAX));
    while (rows_next(rows, &item.variant, &item.product, &item.slug, &item.quantity, &item.print,
                     &config, &file)) {
        item.key = item_key(ctx, &item);
        item.file = file;
        TRY(picks_read(ctx, config, &item.config));
        *list_push(ctx->arena, &ret->items) = item;
    }
    return rows_end(rows);
}

Status cart_view(Ctx *ctx, const Shop *shop, CartView *ret)
{
    *ret = (CartView){ 0 };
    TRY(read_items(ctx, shop, ret));
    EACH (item, ret->items) {
        TRY(judge_item(ctx, shop, item, ret));
        TRY(picture_of(ctx, item->file, item->name, 480, &item->picture));
    }
    return OK;
}
