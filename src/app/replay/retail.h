// retail.h - the sales of a shop as a file of order lines: invoice_no, stock_code, description,
// quantity, invoice_date, unit_price_gbp, customer_id, country (the "Online Retail" data set, CC
// BY 4.0, Daqing Chen, UCI Machine Learning Repository, https://doi.org/10.24432/C5BW33).
#pragma once

#include "base/csv.h"
#include "base/date.h"
#include "base/id.h"
#include "base/map.h"
#include "base/number.h"

typedef enum LineClass {
    LINE_GOODS,    // sold, or taken back
    LINE_SERVICE,  // postage, carriage, manual charges, discounts, samples, vouchers
    LINE_EXPENSE,  // fees charged to the shop: outside revenue
    LINE_STOCK,    // price nothing, or a negative quantity that cancels nothing: only stock changes
} LineClass;

typedef struct RetailProduct {
    Str sku, name;
    bool is_service;
    Price cost;  // what the supplier asks: three fifths of the first price seen
    Id variant;
} RetailProduct;

typedef struct RetailCustomer {
    Str number, country;  // "" for those who give no name: the cash customer of the country
    Id party;
} RetailCustomer;

typedef struct RetailLine {
    LineClass class;
    RetailProduct *product;
    int64_t quantity;  // as in the file: below zero in cancellations
    Price price;
    int at;  // among the goods and services of its invoice
    // Of a cancellation: the line that it takes back, as far as it does.
    struct RetailInvoice *sold_on;
    struct RetailLine *sold;
    int64_t left;  // of a sale: not taken back yet
} RetailLine;
typedef LIST(RetailLine) RetailLineList;

typedef struct RetailInvoice {
    Str number;
    bool is_cancellation;
    Time at;
    Date on;
    RetailCustomer *customer;
    Str country;  // ISO
    RetailLineList lines;
    int sold_lines;  // goods and services
    int steps;       // how far its order goes (trade.c); 0: to its end
} RetailInvoice;

typedef struct Retail {
    Arena *arena;
    LIST(RetailInvoice *) invoices;    // in order of the file
    Map numbers, products, customers;  // RetailInvoice *, RetailProduct *, RetailCustomer *
    int64_t rows, refused;
    FILE *refusals;  // where refused rows go, with the reason
} Retail;

enum { REFUSED_MAX = 50 };

// Reads all of it (gzip or plain). E_INVALID "replay.columns" for another file, "replay.refused"
// when more than REFUSED_MAX rows cannot be read: then it is not the file it should be.
MUST_CHECK Status retail_read(Ctx *ctx, const char *path, const char *refused_path, Retail *ret);

// ISO 3166 of a country as the file writes it; "" unknown.
Str retail_country(Str name);
// Cancellations are matched with earlier sales of the same product at the same price to the same
// customer, the newest first; a line that takes back parts of several sales, or more than was sold,
// is split.
void retail_match(Retail *retail);
