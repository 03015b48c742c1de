// structured.c - what search engines read beside the words, in schema.org's terms: a product with
// its offer, the way to a page as a BreadcrumbList, and on the start page whose shop it is.
#include "modules/storefront/product.h"

static void put(JsonOut *json, const char *key, Str value)
{
    json_key(json, key);
    json_put_str(json, value);
}

static const char *availability_url(Availability badge)
{
    switch (badge) {
    case AVAILABILITY_IN_STOCK: return "https://schema.org/InStock";
    case AVAILABILITY_LIMITED: return "https://schema.org/LimitedAvailability";
    case AVAILABILITY_MADE_TO_ORDER: return "https://schema.org/MadeToOrder";
    case AVAILABILITY_OUT_OF_STOCK:
    case AVAILABILITY_NONE: break;
    }
    return "https://schema.org/OutOfStock";
}

static void put_offer(Ctx *ctx, const Shop *shop, const ProductView *view, Str url, JsonOut *json)
{
    json_key(json, "offers");
    json_open(json, '{');
    put(json, "@type", S("Offer"));
    put(json, "url", url);
    put(json, "price", decimal_short(ctx->arena, view->price.micro, 6));
    put(json, "priceCurrency", currency_text(&shop->channel.currency));
    put(json, "availability", str_from(availability_url(view->badge)));
    put(json, "itemCondition", S("https://schema.org/NewCondition"));
    json_close(json, '}');
}

static void put_product(Ctx *ctx, const Shop *shop, const ProductView *view, JsonOut *json)
{
    const Product *product = &view->product;
    Str url = shop_absolute(ctx, shop, shop->language,
                            str_join(ctx->arena, S("/p/"), url_encode(ctx->arena, product->slug)));
    json_open(json, '{');
    put(json, "@type", S("Product"));
    put(json, "name", product->name);
    put(json, "sku", view->variant->sku);
    put(json, "url", url);
    if (product->summary.len)
        put(json, "description", product->summary);
    if (view->variant->barcode.len)
        put(json, "gtin", view->variant->barcode);
    if (view->has_price)
        put_offer(ctx, shop, view, url, json);
    json_close(json, '}');
}

static void put_step(JsonOut *json, int64_t at, Str name, Str url)
{
    json_open(json, '{');
    put(json, "@type", S("ListItem"));
    json_key(json, "position");
    json_put_int(json, at);
    put(json, "name", name);
    put(json, "item", url);
    json_close(json, '}');
}

// The shop, then what lies above the page.
static void put_way(Ctx *ctx, const Shop *shop, const ShelfTrail *trail, JsonOut *json)
{
    int64_t at = 1;
    json_open(json, '{');
    put(json, "@type", S("BreadcrumbList"));
    json_key(json, "itemListElement");
    json_open(json, '[');
    put_step(json, at++, shop->store.name, shop_absolute(ctx, shop, shop->language, S("/")));
    EACH (one, *trail)
        put_step(
            json, at++, (*one)->name,
            shop_absolute(ctx, shop, shop->language,
                          str_join(ctx->arena, S("/c/"), url_encode(ctx->arena, (*one)->slug))));
    json_close(json, ']');
    json_close(json, '}');
}

// The way to a page, and the product that it shows; `view` NULL: none.
static Str page_json_ld(Ctx *ctx, const Shop *shop, const ProductView *view,
                        const ShelfTrail *trail)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_open(&json, '{');
    put(&json, "@context", S("https://schema.org"));
    json_key(&json, "@graph");
    json_open(&json, '[');
    if (view)
        put_product(ctx, shop, view, &json);
    put_way(ctx, shop, trail, &json);
    json_close(&json, ']');
    json_close(&json, '}');
    return buf_str(&out);
}

Str product_json_ld(Ctx *ctx, const Shop *shop, const ProductView *view)
{
    return page_json_ld(ctx, shop, view, &view->trail);
}

Str trail_json_ld(Ctx *ctx, const Shop *shop, const ShelfTrail *trail)
{
    return page_json_ld(ctx, shop, NULL, trail);
}

Str shop_json_ld(Ctx *ctx, const Shop *shop)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    const Store *store = &shop->store;
    json_open(&json, '{');
    put(&json, "@context", S("https://schema.org"));
    put(&json, "@type", S("OnlineStore"));
    put(&json, "name", store->name);
    put(&json, "url", shop_absolute(ctx, shop, shop->language, S("/")));
    if (store->summary.len)
        put(&json, "description", store->summary);
    if (store->email.len)
        put(&json, "email", store->email);
    if (store->phone.len)
        put(&json, "telephone", store->phone);
    if (store->address.len)
        put(&json, "address", store->address);
    json_close(&json, '}');
    return buf_str(&out);
}
