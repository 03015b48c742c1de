// matrix_page.h - an order's lines of one product as a table. Private to the module.
#pragma once

#include "modules/oms/order.h"
#include "web/matrix.h"
#include "web/web.h"

typedef struct MatrixChoice {
    Id id;
    Str sku, name;
} MatrixChoice;
typedef struct OrderMatrix {
    SalesOrder order;
    Id product;  // 0: none chosen
    Str product_name;
    LIST(MatrixChoice) choices;  // what is typed may mean these
    Str asked;
    Matrix matrix;
    Str refused;
} OrderMatrix;

MUST_CHECK Status order_matrix_get(Ctx *ctx);   // GET  /admin/oms/orders/~ID/matrix
MUST_CHECK Status order_matrix_post(Ctx *ctx);  // POST
