// orders.h - the files of entrepot-customers: orders in, what each customer is worth and whether he
// comes back out.
#pragma once

#include "algo/churn.h"
#include "base/csv.h"
#include "base/map.h"

typedef struct Sale {
    Date day;
    double amount;
} Sale;

typedef struct Shopper {
    Str id;
    LIST(Sale) sales;  // by day, ascending, each day once
} Shopper;

typedef struct Orders {
    LIST(Shopper *) shoppers;  // in the order in which they first stand in the file
    Date last;                 // day in the file
} Orders;

// CSV whose first row names at least the columns customer, date and amount; one row an order or a
// line of one, in any order. E_INVALID "orders.file" names the line.
MUST_CHECK Status orders_read(Ctx *ctx, Str text, Orders *ret);

// As churn.h wants them, in the same order.
Buyer *orders_buyers(Arena *arena, const Orders *orders);

// One line a customer who ordered before `on`, as JSON. E_CONFLICT "orders.few" when the `ahead`
// days before `on` cannot teach anything: nobody had ordered before them.
MUST_CHECK Status orders_answer(Ctx *ctx, const Orders *orders, Date on, int ahead, Buf *out);

// What was told on every second customer against what came, by a model of the others.
MUST_CHECK Status orders_calibration(Ctx *ctx, const Orders *orders, Date on, int ahead, Buf *out);
