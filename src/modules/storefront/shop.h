// shop.h - what the parts of the storefront know of each other. Private to the module.
//
// A Shop is one store as one request sees it: its channel, the language asked for, and where its
// pages stand: "/shop/main", "/shop/main.es", "" or "/es" on a domain of its own. Every address on
// a page goes through shop_url(), so that the same page works at each of them.
#pragma once

#include "gen/storefront.gen.h"
#include "kernel/http/request.h"
#include "kernel/tenant.h"
#include "modules/cms/cms.h"
#include "web/web.h"

enum { LANGUAGES_MAX = 12 };

typedef struct Shop {
    Store store;
    Channel channel;
    Str language;
    Str code;             // in addresses of forms: "main", "main.es"
    LIST(Str) languages;  // the first is the main one
    Str base;
    Str root;  // "https://shop.example", where search engines shall find it
    MenuEntryList top, foot;
    Url logo;            // "": a letter in a circle
    Id customer, group;  // 0: nobody has signed in as a customer
    Str customer_name;
    Id cart;  // 0: nothing has been put into one yet
    int64_t in_cart;
    Str here;  // the path within the shop: "/c/kitchen"
} Shop;

// The store of the address (its first parameter), with what every page shows. E_NOT_FOUND
// "shop.not_found" for one that is closed.
MUST_CHECK Status shop_enter(Ctx *ctx, Shop *ret);
MUST_CHECK Status shop_of_channel(Ctx *ctx, Id channel, Shop *ret, bool *ret_found);

// An address in the shop: shop_url(ctx, shop, "/p/{}", slug).
#define shop_url(ctx, shop, pattern, ...)                                                          \
    shop_url_((ctx), (shop), url_path((ctx)->arena, pattern, ##__VA_ARGS__))
Url shop_url_(Ctx *ctx, const Shop *shop, Url within);
Url shop_link(Ctx *ctx, const Shop *shop, Str link);  // as people write it in pages and menus
// The same page in another language, and as search engines shall know it.
Url shop_alternate(Ctx *ctx, const Shop *shop, Str language, Str within);
Str shop_absolute(Ctx *ctx, const Shop *shop, Str language, Str within);

typedef struct ShopHead {
    Str title, description;
    Str canonical;  // within the shop; "": not for search engines at all
    Str json_ld;
    bool has_alternates;
    bool is_bare;  // the checkout: nothing that leads away
    bool is_paying;
    Str picture;  // absolute, for those who share the page
} ShopHead;
// Takes what was written to request->out since `body` and answers it inside the shop's frame.
Status shop_answer(Ctx *ctx, const Shop *shop, const ShopHead *head, size_t body, int status);
// The page that says what is not there, with ways on; follows an address that has moved.
Status shop_missing(Ctx *ctx, const Shop *shop);
Status shop_gone(Ctx *ctx, const Shop *shop);

// The shop that the request's path or host belongs to, whether there is a route for it or not.
MUST_CHECK Status shop_of_request(Ctx *ctx, Shop *ret, bool *ret_found);
// Where a host of its own shows the shop: the path as the routes know it, "" for other hosts.
MUST_CHECK Status shop_front(Ctx *ctx, Str path, Str *ret);

// "GBP 12.95" is for the office; a shop writes the symbol where its language is sure of it.
Str shop_money(Ctx *ctx, Money amount, CurrencyCode currency);
Str shop_price(Ctx *ctx, Price price, CurrencyCode currency);
const char *shop_face(const Shop *shop);
Url shop_theme(Ctx *ctx, const Shop *shop);  // the style sheet of its tokens

// ---- Pictures -----------------------------------------------------------------------------------

// A product's picture: a stored one, or a drawing from our own sheet, chosen by the words of its
// name and tinted by its colour words.
typedef struct Picture {
    Url url;  // "": draw
    Str alt;
    const char *motif, *tint;
    int width, height;
} Picture;
MUST_CHECK Status picture_of(Ctx *ctx, Id file, Str name, int width, Picture *ret);
void picture_drawn(Ctx *ctx, Str name, Picture *ret);

// ---- Routes -------------------------------------------------------------------------------------

MUST_CHECK Status home_page_get(Ctx *ctx);
MUST_CHECK Status text_page_get(Ctx *ctx);
MUST_CHECK Status preview_page_get(Ctx *ctx);
MUST_CHECK Status preview_link_get(Ctx *ctx);
MUST_CHECK Status shelf_page_get(Ctx *ctx);
MUST_CHECK Status category_page_get(Ctx *ctx);
MUST_CHECK Status search_page_get(Ctx *ctx);
MUST_CHECK Status suggest_get(Ctx *ctx);
MUST_CHECK Status product_page_get(Ctx *ctx);
MUST_CHECK Status theme_get(Ctx *ctx);
MUST_CHECK Status sitemap_get(Ctx *ctx);
MUST_CHECK Status robots_get(Ctx *ctx);
MUST_CHECK Status nowhere_get(Ctx *ctx);
MUST_CHECK Status cart_page_get(Ctx *ctx);
MUST_CHECK Status cart_add_post(Ctx *ctx);
MUST_CHECK Status cart_post(Ctx *ctx);
MUST_CHECK Status checkout_page_get(Ctx *ctx);
MUST_CHECK Status checkout_post(Ctx *ctx);
MUST_CHECK Status pay_page_get(Ctx *ctx);
MUST_CHECK Status order_page_get(Ctx *ctx);
MUST_CHECK Status track_page_get(Ctx *ctx);
MUST_CHECK Status track_post(Ctx *ctx);
