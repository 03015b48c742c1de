// product.h - a product as its page shows it. Private to the module.
#pragma once

#include "modules/storefront/personal.h"
#include "modules/storefront/shelf.h"

typedef struct OptionChoice {
    Id id;
    Str label, colour;
    bool is_chosen;
    bool is_left;  // there is a variant of it with the other choices as they are
} OptionChoice;
typedef struct OptionView {
    Str label, chosen;
    Str field;  // "o0"
    bool has_colours;
    LIST(OptionChoice) choices;
} OptionView;

typedef struct FactRow {
    Str label, value;
} FactRow;

typedef struct ProductView {
    Product product;
    const Variant *variant;  // the chosen one
    Price price;
    bool has_price;
    Availability badge;
    Qty available;
    Str delivery;  // "from £3.95, 24 Nov to 26 Nov"; "" not known
    Str made_by;   // of what is made to order: "ready by 3 Dec"
    LIST(OptionView) options;
    PersonalFieldList wishes;
    LIST(FactRow) facts;
    LIST(Picture) pictures;
    ShelfItemList related;
    const ShelfCategory *category;
    ShelfTrail trail;
} ProductView;

// By the address's slug, with the choices that `form` names. *ret_found false: the shop does not
// show it.
MUST_CHECK Status product_view(Ctx *ctx, const Shop *shop, Str slug, const FormFieldList *form,
                               ProductView *ret, bool *ret_found);
// The page with what was typed and the problems in ctx->failure, which are taken off it.
MUST_CHECK Status product_page_again(Ctx *ctx, const Shop *shop, Str slug,
                                     const FormFieldList *form);
// The variant of the choices that a form names ("o0", "o1" ...), else of `v`, else the first that
// can be had.
const Variant *product_variant(Ctx *ctx, const Product *product, const FormFieldList *form);
Str product_json_ld(Ctx *ctx, const Shop *shop, const ProductView *view);
