// matrix_page.h - what the page of a product's variants shows. Private to the module.
#pragma once

#include "modules/catalog/product.h"
#include "web/matrix.h"
#include "web/web.h"

enum { MATRIX_OPTIONS_SHOWN = 3 };

typedef struct OptionView {
    Str id, name, values;
} OptionView;
typedef struct PriceListView {
    Id id;
    Str name;
    CurrencyCode currency;
} PriceListView;
typedef struct VariantsPage {
    Product product;
    OptionView options[PRODUCT_OPTIONS_MAX];
    int option_count;
    LIST(PriceListView) lists;
    const PriceListView *list;  // whose prices stand in the table; NULL: there is none
    Matrix matrix;              // without rows: there are no options yet
    Str refused;                // "": nothing was
} VariantsPage;
