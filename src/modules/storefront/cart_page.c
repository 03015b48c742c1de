// cart_page.c - the bag: putting things in, changing how many, and on to the checkout, which is
// reached only with what can be kept.
#include "gen/pages/storefront_cart.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "modules/storefront/cart.h"
#include "modules/storefront/product.h"

static Str field_value(const FormFieldList *form, const char *name)
{
    EACH (field, *form)
        if (str_is(field->name, name))
            return field->value;
    return S("");
}

static Status go(Ctx *ctx, Url url)
{
    return respond_redirect(ctx, url.text);
}

// ---- Seeing -------------------------------------------------------------------------------------

Status cart_page_get(Ctx *ctx)
{
    Shop shop;
    CartView view;
    TRY(shop_enter(ctx, &shop));
    TRY(cart_view(ctx, &shop, &view));
    size_t body = html_begin(&ctx->request->out);
    storefront_cart(&ctx->request->out, ctx, &shop, &view);
    ShopHead head = { .title = tr(ctx, "Your bag") };
    return shop_answer(ctx, &shop, &head, body, 200);
}

// ---- Putting in ---------------------------------------------------------------------------------

static Status find_chosen(Ctx *ctx, const FormFieldList *form, Product *product,
                          const Variant **ret)
{
    Id id;
    TRY(product_find(ctx, "slug", field_value(form, "product"), &id));
    *ret = NULL;
    if (!id)
        return OK;
    TRY(product_load(ctx, id, product));
    bool is_shown = product->state == PRODUCT_STATE_ACTIVE && product->published_at &&
                    product->published_at <= ctx->now && !product->record.is_archived;
    *ret = is_shown ? product_variant(ctx, product, form) : NULL;
    return OK;
}

static Status pieces_in_cart(Ctx *ctx, const Shop *shop, Id variant, int64_t *ret)
{
    bool found;
    Qty quantity = { 0 };
    TRY(db_maybe(ctx,
                 SQL("SELECT quantity FROM cart_line WHERE cart_id = $1 AND variant_id = $2",
                     shop->cart, variant),
                 &found, &quantity));
    *ret = quantity.micro / MICRO;
    return OK;
}

Status cart_add_post(Ctx *ctx)
{
    Shop shop;
    Product product;
    const Variant *variant;
    const FormFieldList *form;
    int64_t more = 1, already;
    TRY(shop_enter(ctx, &shop));
    TRY(request_form(ctx, &form));
    TRY(find_chosen(ctx, form, &product, &variant));
    if (!variant)
        return shop_missing(ctx, &shop);
    if (field_value(form, "show").len)
        return go(ctx, shop_url(ctx, &shop, "/p/{}?v={}", product.slug, variant->sku));
    if (!str_int(field_value(form, "quantity"), &more) || more < 1)
        more = 1;
    TRY(cart_open(ctx, &shop));
    TRY(pieces_in_cart(ctx, &shop, variant->record.id, &already));
    TRY(cart_set(ctx, &shop, variant->record.id, already + more));
    TRY(cart_hold(ctx, &shop));
    flash_put(ctx, "ok", tr_format(ctx, "%s is in your bag.", product.name.ptr));
    return go(ctx, shop_url(ctx, &shop, "/cart"));
}

// ---- Changing -----------------------------------------------------------------------------------

// Quantities come as "q-ID"; a button "remove" names the line that goes.
static Status take_changes(Ctx *ctx, const Shop *shop, const FormFieldList *form)
{
    Id variant, removed = 0;
    int64_t pieces;
    if (!id_parse(field_value(form, "remove"), &removed))
        removed = 0;
    EACH (field, *form) {
        bool is_line =
            str_starts(field->name, S("q-")) && id_parse(str_from_at(field->name, 2), &variant);
        if (!is_line || !str_int(str_trim(field->value), &pieces))
            continue;
        int64_t before;
        TRY(pieces_in_cart(ctx, shop, variant, &before));
        if (before > 0)
            TRY(cart_set(ctx, shop, variant, variant == removed ? 0 : pieces));
    }
    return OK;
}

Status cart_post(Ctx *ctx)
{
    Shop shop;
    CartView view;
    const FormFieldList *form;
    TRY(shop_enter(ctx, &shop));
    TRY(request_form(ctx, &form));
    if (!shop.cart)
        return go(ctx, shop_url(ctx, &shop, "/cart"));
    TRY(take_changes(ctx, &shop, form));
    TRY(cart_hold(ctx, &shop));
    TRY(cart_view(ctx, &shop, &view));
    bool wants_to_pay = field_value(form, "checkout").len > 0;
    bool can_go_on = wants_to_pay && view.items.len > 0 && !view.has_shortage;
    if (wants_to_pay && view.has_shortage)
        flash_put(ctx, "warn", tr(ctx, "Not all of it can be had. Look at the marked lines."));
    return go(ctx, can_go_on ? shop_url(ctx, &shop, "/checkout") : shop_url(ctx, &shop, "/cart"));
}
