// place.h - where a supply is taxed and how: the law's part of choosing rates. Private to the
// module.
#pragma once

#include "modules/tax/tax.h"

typedef struct PlaceFacts {
    bool has_regions;     // of the seller's country: regions decide within or between
    bool is_home_abroad;  // the company has rates of its own in the buyer's country
} PlaceFacts;

typedef struct TaxPlan {
    Str country, region;  // whose rates hold; region "" none
    TaxScope scope;       // beside TAX_SCOPE_ANY
    bool is_zero;         // taxed at 0 %, because of `why`
    bool is_reverse;      // the buyer owes it
    const char *why;      // English; NULL: the ordinary case
} TaxPlan;

// Pure.
TaxPlan tax_plan(const TaxWhere *where, const PlaceFacts *facts);
