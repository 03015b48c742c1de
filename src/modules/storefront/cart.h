// cart.h - what a visitor has put aside: lines known by a cookie's token, their stock held softly
// for as long as the channel says. Private to the module.
#pragma once

#include "modules/inventory/inventory.h"
#include "modules/oms/oms.h"
#include "modules/storefront/shop.h"

enum { CART_LINES_MAX = 100, CART_PIECES_MAX = 999, CART_LIVES_DAYS = 30 };

typedef struct CartItem {
    Id variant, product, tax_class;
    Str key;  // of its fields in forms
    Str print;
    ConfigPickList config;
    Str sku, name, slug;
    Id file;
    Picture picture;
    Qty quantity, held;
    Price price;
    Money total;
    int64_t weight_g;
    bool is_priced;
    bool is_short;  // less of it can be had than is wanted
} CartItem;
typedef struct CartView {
    LIST(CartItem) items;
    Money total;  // of the goods, as priced
    int64_t pieces, weight_g;
    bool has_shortage;
    Time held_until;  // 0: nothing is held
} CartView;

// The cart of the request's cookie, and how many pieces are in it, for the head of every page.
MUST_CHECK Status cart_peek(Ctx *ctx, Shop *shop);
MUST_CHECK Status cart_view(Ctx *ctx, const Shop *shop, CartView *ret);

// In a lane. The first thing put aside makes the cart and its cookie.
MUST_CHECK Status cart_open(Ctx *ctx, Shop *shop);
// More of one, made like this. E_LIMIT "cart.full".
MUST_CHECK Status cart_add(Ctx *ctx, const Shop *shop, Id variant, const ConfigPickList *config,
                           int64_t more);
// How many of a line; 0 takes it out.
MUST_CHECK Status cart_set(Ctx *ctx, const Shop *shop, const CartItem *item, int64_t pieces);
// Holds what can be had of every line, anew and for the channel's minutes.
MUST_CHECK Status cart_hold(Ctx *ctx, const Shop *shop);
Link cart_link(const Shop *shop);
// It became an order: what is held is let go for the order to take, the cookie goes.
MUST_CHECK Status cart_close(Ctx *ctx, const Shop *shop, Id order);
