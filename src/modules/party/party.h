// party.h - customers and suppliers, for the modules that deal with them.
#pragma once

#include "gen/party.gen.h"

// What a document needs of a party, in one statement.
typedef struct PartyFacts {
    Id id, group, payment_term;
    Str number, name, language, country;  // country and region of the billing address, "" none
    Str region;
    CurrencyCode currency;
    MaybeMoney credit_limit;  // base currency; unknown: no limit
    TaxStatus tax_status;
    bool is_blocked, is_customer, is_supplier, is_consumer;
    Str block_reason;
} PartyFacts;
MUST_CHECK Status party_facts(Ctx *ctx, Id party, PartyFacts *ret);

// The first address of the kind, empty when there is none.
MUST_CHECK Status party_address_find(Ctx *ctx, Id party, bool for_delivery, Postal *ret);
// The number in `country` ("VAT", "GSTIN"); "" none.
MUST_CHECK Status party_tax_number(Ctx *ctx, Id party, Str country, Str *ret);
// When an invoice of that day falls due by the party's terms.
MUST_CHECK Status party_due_on(Ctx *ctx, Id payment_term, Date invoiced_on, Date *ret);
// The customer that stands for all who do not give a name, one per country: "Cash customer,
// Germany".
MUST_CHECK Status party_cash_customer(Ctx *ctx, Str country, Id *ret);
