// account.h - a customer's own pages. Private to the module.
//
// A customer signs in with her address of mail. Whoever asks for access to an address gets a link
// there; following it is what proves that the address is hers, and sets a password. So there is one
// way to register, to come back after forgetting, and to find the orders that were placed as a
// guest.
#pragma once

#include "modules/storefront/order_page.h"
#include "modules/storefront/shelf.h"

typedef struct AccountOrder {
    Str number;
    Time placed_at;
    Headline headline;
    Money total;
    CurrencyCode currency;
    Date invoiced_on;
} AccountOrder;
typedef struct AccountAddress {
    Id id;
    bool is_first;  // where parcels go
    Postal postal;
} AccountAddress;
typedef struct AccountView {
    LIST(AccountOrder) orders;
    ShelfItemList favourites;
    LIST(AccountAddress) addresses;
    Str email, phone;
} AccountView;

typedef struct ReturnLine {  // of an order: how much of it may still come back
    Id line;
    Str name;
    int64_t left;
} ReturnLine;
typedef struct AccountInvoice {
    Str number;
    Date on;
    bool is_credit;
} AccountInvoice;
typedef struct AccountReturn {
    Str number;
    Date on;
    RmaState state;
} AccountReturn;
typedef struct ReturnReason {
    Id id;
    Str label;
} ReturnReason;
typedef struct AccountOrderView {
    OrderView order;
    LIST(ReturnLine) lines;
    LIST(AccountInvoice) invoices;
    LIST(AccountReturn) returns;
    LIST(ReturnReason) reasons;
    bool may_return;
} AccountOrderView;

// The login of an address of mail: outside people's stand apart from the house's.
Str account_login(Ctx *ctx, Str email);
// "/account/key/EMAIL/PRINT" signed; good for an hour and until the password is set.
Str account_key_path(Ctx *ctx, Str email, Str print);

MUST_CHECK Status account_get(Ctx *ctx);
MUST_CHECK Status account_sign_in_post(Ctx *ctx);
MUST_CHECK Status account_sign_out_post(Ctx *ctx);
MUST_CHECK Status account_link_post(Ctx *ctx);
MUST_CHECK Status account_key_get(Ctx *ctx);
MUST_CHECK Status account_key_post(Ctx *ctx);
MUST_CHECK Status account_address_post(Ctx *ctx);
MUST_CHECK Status account_order_get(Ctx *ctx);
MUST_CHECK Status account_invoice_get(Ctx *ctx);
MUST_CHECK Status account_confirmation_get(Ctx *ctx);
MUST_CHECK Status account_slip_get(Ctx *ctx);
MUST_CHECK Status account_return_post(Ctx *ctx);
MUST_CHECK Status favourite_post(Ctx *ctx);
