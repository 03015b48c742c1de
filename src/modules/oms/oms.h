// oms.h - orders, for storefront, channels and connectors.
#pragma once

#include "gen/oms.gen.h"

typedef struct OrderLineSpec {
    Id variant, unit;
    Qty quantity;
    MaybePrice price;  // unknown: the price list's
    Rate discount;
    Str name;  // "": the variant's
    ConfigPickList config;
} OrderLineSpec;
typedef struct OrderChargeSpec {
    Str kind;  // code of charge_kind
    Str name;
    Money amount;  // below zero: a discount
    Id tax_class;
} OrderChargeSpec;
typedef struct OrderSpec {
    Id channel, customer;
    Date on;
    CurrencyCode currency;  // none: the channel's
    Postal ship_to, bill_to;
    Str external, reference, email, phone, note;
    Str guest_token;  // by which a visitor without a login finds it again
    Id warehouse;
    LIST(OrderLineSpec) lines;
    LIST(OrderChargeSpec) charges;
} OrderSpec;
// A draft with prices, taxes and totals.
MUST_CHECK Status order_create(Ctx *ctx, const OrderSpec *spec, SalesOrder *ret);
// The same and placed in the same breath: worked out and written once.
MUST_CHECK Status order_create_placed(Ctx *ctx, const OrderSpec *spec, SalesOrder *ret);
// Works out prices (where none is set by hand), taxes, totals.
MUST_CHECK Status order_calculate(Ctx *ctx, SalesOrder *order);
// draft|quoted -> placed (-> confirmed where nothing stands in the way): freezes, reserves,
// allocates.
MUST_CHECK Status order_place(Ctx *ctx, SalesOrder *order);
// Takes over what was paid and refunded; releases the order when that was what it waited for.
MUST_CHECK Status order_paid(Ctx *ctx, Id order);
// Axes and headline from the facts, by the one table.
void order_headline(SalesOrder *order);

// Carts: lines put aside before there is an order. cart_append() makes one. A line is one variant
// with one configuration, known by its print ("" for none).
Str picks_print(Ctx *ctx, const ConfigPickList *config);
MUST_CHECK Status picks_read(Ctx *ctx, Str json, ConfigPickList *ret);  // as a line has it
Price picks_price(const ConfigPickList *config);
// "Name: Nora; Ribbon: red": for people, on one line.
Str picks_words(Ctx *ctx, const ConfigPickList *config);
MUST_CHECK Status cart_put(Ctx *ctx, Id cart, Id variant, const ConfigPickList *config,
                           Qty quantity);
MUST_CHECK Status cart_recount(Ctx *ctx, Id cart, Id variant, Str print, Qty quantity);  // 0: out
MUST_CHECK Status cart_touch(Ctx *ctx, Id cart);
MUST_CHECK Status cart_ordered(Ctx *ctx, Id cart, Id order);  // it became this order

// Deliveries.
MUST_CHECK Status delivery_plan(Ctx *ctx, Id order, Date on, IdList *ret);  // one a warehouse
MUST_CHECK Status delivery_pick_all(Ctx *ctx,
                                    Delivery *delivery);  // everything where the plan says
MUST_CHECK Status delivery_ship(Ctx *ctx, Delivery *delivery, Date on);
MUST_CHECK Status delivery_delivered(Ctx *ctx, Id delivery, Date on);
// Invoices what was shipped and not invoiced yet.
MUST_CHECK Status order_invoice(Ctx *ctx, Id order, Date on, Id *ret_invoice);
