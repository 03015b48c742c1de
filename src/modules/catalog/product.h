// product.h - what catalog_module.c hangs on products. Private to the module.
#pragma once

#include "base/csv.h"
#include "kernel/entity/access.h"
#include "modules/catalog/catalog.h"

Status product_check(Ctx *ctx, void *record, const void *before);  // before each save
Status product_check_complete(Ctx *ctx, const void *record);       // before it is sold
Status product_labels(Ctx *ctx, const void *record, Str *ret_pdf);

// ---- The matrix: picks are one value's place of each option -------------------------------------

enum { PRODUCT_OPTIONS_MAX = 6 };

// E_CONFLICT "product.no_options", "product.no_values"; E_INVALID "catalog.too_many".
MUST_CHECK Status product_check_matrix(Ctx *ctx, const Product *product);
Variant product_combine(Ctx *ctx, const Product *product, const size_t *picks);
bool product_next_picks(const Product *product, size_t *picks);  // false after the last
// Adds the variants of these signatures, which it must not have yet (matrix.c).
MUST_CHECK Status product_add_variants(Ctx *ctx, Product *product, const StrList *wanted);
// One more option of `ret` as it was typed: "Black=BLK, Navy blue". What `before` had by these
// names keeps its ids; a value without a code gets one from its name.
void product_set_option(Ctx *ctx, const Product *before, Id id, Str name, Str values, Product *ret);
Str product_option_text(Ctx *ctx, const ProductOption *option);
// Variants that were there before an option are of its first value.
void product_complete_choices(Ctx *ctx, Product *product);

// matrix_page.c
MUST_CHECK Status product_matrix_get(Ctx *ctx);   // GET  /admin/catalog/products/~ID/matrix
MUST_CHECK Status product_matrix_post(Ctx *ctx);  // POST

Status list_check(Ctx *ctx, void *record, const void *before);  // price lists, before each save
