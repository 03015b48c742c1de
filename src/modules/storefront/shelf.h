// shelf.h - everything a shop offers, read in one statement, and what a visitor narrows it down to.
// Private to the module.
//
// A shelf is at most SHELF_MAX products, so facets are counted in memory: each counts what there
// would be if its own choices were different and all others as they are, which is what a number
// behind a box promises. Beyond the limit the shelf says so and offers the search.
#pragma once

#include "modules/catalog/catalog.h"
#include "modules/inventory/inventory.h"
#include "modules/storefront/shop.h"

enum { SHELF_MAX = 5000, SHELF_PAGE = 24, SHELF_CATEGORIES_MAX = 2000 };

typedef struct ShelfCategory {
    Id id, above;
    Str name, slug, summary;
} ShelfCategory;
typedef LIST(ShelfCategory) ShelfCategoryList;
MUST_CHECK Status shelf_categories(Ctx *ctx, const Shop *shop, ShelfCategoryList *ret);
const ShelfCategory *shelf_category(const ShelfCategoryList *list, Id id);  // NULL: none
const ShelfCategory *shelf_category_by_slug(const ShelfCategoryList *list, Str slug);

typedef struct ShelfItem {
    Id product, category, brand, file;
    Str slug, name, key, sku, summary;
    ProductKind kind;
    Price from, to;
    int64_t variants;
    Qty available;
    MaybeQty limited_below;
    bool is_stocked;
    Time published_at;
    int rank;      // of a search: the best is 0
    IdList marks;  // the facet values it has: category and all above it, brand, options
} ShelfItem;
typedef LIST(ShelfItem) ShelfItemList;

// Products of a category and below it (0: of the whole shop), at most SHELF_MAX.
MUST_CHECK Status shelf_read(Ctx *ctx, const Shop *shop, Id category, ShelfItemList *ret);
// What is sold best or was published last, at most `limit`, in stock before others.
MUST_CHECK Status shelf_featured(Ctx *ctx, const Shop *shop, Str category_slug, size_t limit,
                                 ShelfItemList *ret);
Availability shelf_badge(const ShelfItem *item);

typedef struct ShelfChoice {
    Id id;
    Str label;
    int64_t count;
    bool is_on;
} ShelfChoice;
typedef struct ShelfFacet {
    Str label;
    LIST(ShelfChoice) choices;
} ShelfFacet;
typedef LIST(ShelfFacet) ShelfFacetList;

typedef enum ShelfSort {
    SHELF_BEST,
    SHELF_NEW,
    SHELF_CHEAP,
    SHELF_DEAR,
    SHELF_NAME,
} ShelfSort;
const char *shelf_sort_name(ShelfSort sort);  // in the address
const char *shelf_sort_label(ShelfSort sort);

typedef LIST(const ShelfCategory *) ShelfTrail;  // from the top to the one above

// A shelf as somebody looks at it.
typedef struct ShelfView {
    Str title, lead, words;
    Url url;  // without what was chosen
    ShelfFacetList facets;
    bool only_available, is_cut;
    int64_t available;           // how many there would be if only what is in stock were shown
    Price price_from, price_to;  // 0: not limited
    ShelfSort sort;
    ShelfItemList items;  // of this page
    int64_t count, page, pages;
    bool is_narrowed;
    ShelfTrail trail;
} ShelfView;
// As search engines read it: the way to a page, and whose shop it is.
Str trail_json_ld(Ctx *ctx, const Shop *shop, const ShelfTrail *trail);
Str shop_json_ld(Ctx *ctx, const Shop *shop);

// Narrows by the request's query, sorts, and leaves the page that was asked for.
MUST_CHECK Status shelf_view(Ctx *ctx, const Shop *shop, const ShelfCategoryList *categories,
                             ShelfItemList *all, Id category, ShelfView *view);
