// product.h - what catalog_module.c hangs on products. Private to the module.
#pragma once

#include "kernel/entity/access.h"
#include "modules/catalog/catalog.h"

Status product_check(Ctx *ctx, void *record, const void *before);  // before each save
Status product_check_complete(Ctx *ctx, const void *record);       // before it is sold
Status product_labels(Ctx *ctx, const void *record, Str *ret_pdf);
Status list_check(Ctx *ctx, void *record, const void *before);  // price lists, before each save
