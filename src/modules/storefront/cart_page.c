// cart_page.c - the bag: putting things in, changing how many, and on to the checkout, which is
// reached only with what can be kept.
#include "gen/pages/storefront_cart.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "modules/storefront/cart.h"
#include "modules/storefront/product.h"
#include "modules/storefront/visit.h"

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
    ctx->request->timed = TIMED_CART;
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

// What was chosen is asked for again as an address, for whoever has no script.
static Url chosen_url(Ctx *ctx, const Shop *shop, const Product *product, const Variant *variant,
                      const PersonalFieldList *fields)
{
    Buf out = { .arena = ctx->arena };
    Url url = shop_url(ctx, shop, "/p/{}?v={}", product->slug, variant->sku);
    buf_put(&out, url.text);
    EACH (field, *fields)
        if (field->value.len)
            buf_printf(&out, "&" STR_FMT "=" STR_FMT, STR_ARG(field->field),
                       STR_ARG(url_encode(ctx->arena, field->value)));
    return (Url){ buf_str(&out) };
}

static Status put_in(Ctx *ctx, Shop *shop, const FormFieldList *form, const Product *product,
                     const Variant *variant, const ConfigPickList *config)
{
    int64_t more = 1;
    if (!str_int(field_value(form, "quantity"), &more) || more < 1)
        more = 1;
    TRY(cart_open(ctx, shop));
    TRY(cart_add(ctx, shop, variant->record.id, config, more));
    TRY(cart_hold(ctx, shop));
    visit_note(ctx, shop, VISIT_KIND_BAG);
    flash_put(ctx, "ok", tr_format(ctx, "%s is in your bag.", product->name.ptr));
    return go(ctx, shop_url(ctx, shop, "/cart"));
}

Status cart_add_post(Ctx *ctx)
{
    Shop shop;
    Product product;
    const Variant *variant;
    const FormFieldList *form;
    PersonalFieldList fields;
    ConfigPickList config;
    TRY(shop_enter(ctx, &shop));
    TRY(request_form(ctx, &form));
    TRY(find_chosen(ctx, form, &product, &variant));
    if (!variant)
        return shop_missing(ctx, &shop);
    personal_fields(ctx, &shop, &product, form, &fields);
    if (field_value(form, "show").len)
        return go(ctx, chosen_url(ctx, &shop, &product, variant, &fields));
    if (personal_read(ctx, &fields, &config) != OK)
        return product_page_again(ctx, &shop, product.slug, form);
    return put_in(ctx, &shop, form, &product, variant, &config);
}

// ---- Changing -----------------------------------------------------------------------------------

// Quantities come as "q-KEY"; a button "remove" names the line that goes.
static Status take_changes(Ctx *ctx, const Shop *shop, const FormFieldList *form)
{
    CartView view;
    int64_t pieces;
    TRY(cart_view(ctx, shop, &view));
    EACH (item, view.items) {
        Str name = str_join(ctx->arena, S("q-"), item->key);
        if (str_eq(field_value(form, "remove"), item->key))
            TRY(cart_set(ctx, shop, item, 0));
        else if (str_int(str_trim(field_value(form, name.ptr)), &pieces))
            TRY(cart_set(ctx, shop, item, pieces));
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
