// shop.h - a house that sells: two warehouses with stock, customers, two channels (a web shop that
// wants its money first, wholesale on account), a price list, and the steps of selling in one line
// each.
#pragma once

#include "modules/oms/oms.h"
#include "modules/payments/payments.h"
#include "modules/stockroom.h"

enum { SHOP_VARIANTS = 4 };

typedef struct Shop {
    Stockroom room;
    Id web, wholesale;  // channels; prices without tax
    Id customer, on_account;
    Id bank;                     // payment method
    Id variants[SHOP_VARIANTS];  // at 10.00, 20.00, 30.00, 40.00; bought at half of it
} Shop;

// Stock of every variant in both warehouses.
void shop_open(Ctx *ctx, Shop *ret, int64_t in_main, int64_t in_second);
void shop_close(Shop *shop);

// ---- Steps, in the lane -------------------------------------------------------------------------

typedef struct Basket {  // pieces of each variant
    int64_t pieces[SHOP_VARIANTS];
    Id channel, customer;  // 0: the web shop and its customer
    int64_t freight;       // minor units
} Basket;
void shop_spec(Ctx *ctx, const Shop *shop, const Basket *basket, OrderSpec *ret);
Status shop_order(Ctx *ctx, const Shop *shop, const Basket *basket, SalesOrder *ret);  // placed
Status shop_pay(Ctx *ctx, const Shop *shop, const SalesOrder *order, int64_t minor);
// Plans, picks and ships everything that can leave.
Status shop_deliver(Ctx *ctx, Id order, Date on, IdList *ret);
Status shop_act(Ctx *ctx, Id order, const char *action, const void *input);

// ---- Outside ------------------------------------------------------------------------------------

// A step that found no time in the lane is unchanged and tried again, as the server does with
// requests.
Status shop_try(Ctx *ctx, TxFn step, void *arg);
void shop_jobs(Ctx *ctx);    // what is due is done
void shop_verify(Ctx *ctx);  // nothing may be found; each finding is a failed check
