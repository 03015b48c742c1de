// catalog.h - products and prices, for the modules that sell, store and make them.
#pragma once

#include "gen/catalog.gen.h"

// What a line needs of a variant, in one statement. Texts are in the main language.
typedef struct VariantFacts {
    Id id, product, category, unit, tax_class;
    Str sku, name;  // the name with its options: "Oxford, brown, 42"
    Str unit_code, hsn;
    ProductKind kind;
    bool is_active, is_stocked, has_lots, has_serials, is_returnable;
    int64_t weight_g;    // the variant's, else the product's
    int64_t volume_mm3;  // of the product as it is packed; 0: not known
    int64_t lead_days;
    int unit_digits;
    MaybeQty limited_below;
} VariantFacts;
MUST_CHECK Status variant_facts(Ctx *ctx, Id variant, VariantFacts *ret);
MUST_CHECK Status variant_by_sku(Ctx *ctx, Str sku, Id *ret);       // 0: none
MUST_CHECK Status variant_by_barcode(Ctx *ctx, Str code, Id *ret);  // 0: none
// What a label says: a barcode, a pack's barcode, an SKU. 0: none. *ret_quantity is how much one
// such label stands for, in base units: 12 for a box of twelve.
MUST_CHECK Status variant_by_label(Ctx *ctx, Str code, Id *ret, Qty *ret_quantity);

// How many base units one `unit` of the variant's product is: numerator / denominator. E_INVALID
// "catalog.unit" when the product is not sold in it.
MUST_CHECK Status variant_unit(Ctx *ctx, const VariantFacts *variant, Id unit,
                               int64_t *ret_numerator, int64_t *ret_denominator);

// ---- Size by colour -----------------------------------------------------------------------------

typedef struct VariantPlace {  // one combination
    Id variant;                // 0: there is none yet
    Str signature, sku;
    bool is_active;
} VariantPlace;
typedef struct VariantMatrixRow {
    Str label;  // "Navy"
    LIST(VariantPlace) places;
} VariantMatrixRow;
typedef struct VariantMatrix {
    Str corner;         // "Colour × Size"
    LIST(Str) columns;  // values of the last option
    LIST(VariantMatrixRow) rows;
} VariantMatrix;
// A product's combinations as a table. E_CONFLICT "product.no_options" where it has none.
MUST_CHECK Status product_matrix(Ctx *ctx, const Product *product, VariantMatrix *ret);

// ---- Prices -------------------------------------------------------------------------------------

typedef struct PriceQuestion {
    Id variant, channel, group;  // group: the customer's; 0 none
    Qty quantity;                // base units, for quantity bands
    CurrencyCode currency;
    Date on;
} PriceQuestion;
typedef struct PriceAnswer {
    bool is_known;
    Price price;  // per base unit
    bool is_tax_included;
    Id price_list;
    Str why;  // for people: "Wholesale 2026, from 100"
} PriceAnswer;
// The list of lowest rank that fits channel, group, currency and day and has the variant; within it
// the highest band that the quantity reaches. A contract list wins over a sale list, a sale list
// over a standard one, at equal rank.
MUST_CHECK Status price_find(Ctx *ctx, const PriceQuestion *question, PriceAnswer *ret);

// Products as they are sold: creates a product with one variant (no options). For imports and
// replays.
typedef struct SimpleProduct {
    Str sku, name;
    Id unit, tax_class, category;
    ProductKind kind;
    bool is_stocked;
} SimpleProduct;
MUST_CHECK Status product_create_simple(Ctx *ctx, const SimpleProduct *simple, Id *ret_product,
                                        Id *ret_variant);

// All combinations of a product's options that have no variant yet are added, each with an SKU made
// of the style number and the values' codes.
MUST_CHECK Status product_make_variants(Ctx *ctx, Product *product, int64_t *ret_added);
