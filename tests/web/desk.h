// desk.h - a shop with one placed order, and somebody at a desk who asks for pages.
#pragma once

#include "kernel/ask.h"
#include "modules/shop.h"

typedef struct Desk {
    Shop shop;
    SalesOrder order;  // of Ada Ltd: two P-1, one P-2, 5.00 for delivery; 54.00 in all
    Str token;         // the owner's, until a test takes another
} Desk;

void desk_open(Ctx *ctx, Desk *desk);
void desk_close(Desk *desk);
void desk_pay(Ctx *ctx, Desk *desk);      // the order, and what follows from it
void desk_deliver(Ctx *ctx, Desk *desk);  // everything that can leave

Answered desk_get(Ctx *ctx, const Desk *desk, Str target);
// A form's fields, "a=1&b=2".
Answered desk_post(Ctx *ctx, const Desk *desk, Str target, const char *fields);
Str desk_order(Ctx *ctx, const Desk *desk, const char *more);  // the order's address
bool answer_has(Answered answer, const char *words);
