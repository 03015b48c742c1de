// tax.h - the one tax calculator. A document gives it its lines and charges, where they go and
// when; it gives back net, tax and total with every component explained. Pure: the rates are read
// before, so the arithmetic can be tested without a database.
//
// Inclusive prices: the tax is taken out of the price so that net + tax is the price to the minor
// unit. Rounding by the tenant's setting tax.rounding: each line, each rate's sum, or the document;
// with the latter two, the lines' taxes are split so that they add up to the rounded sum
// (money_split).
#pragma once

#include "gen/tax.gen.h"

typedef struct TaxRule {  // one rate that applies to a class
    Id tax_class;
    TaxComponent component;
    Rate rate;
    Str place;        // code
    bool is_reverse;  // owed by the buyer: shown, not charged
    Str why;
} TaxRule;
typedef LIST(TaxRule) TaxRuleList;

typedef struct TaxItem {  // a line or a charge
    Id tax_class;         // 0: the class marked as default; if there is none, not taxed
    Money amount;         // quantity x price less discount, as priced (with or without tax)
    // Worked out:
    Money net, tax;
    TaxPartList taxes;
} TaxItem;

typedef struct TaxDocument {
    CurrencyCode currency;
    bool is_tax_included;
    TaxItem *items;
    size_t count;
    TaxRounding rounding;
    Money round_to;  // the total is rounded to this (cash rounding); 0: not
    // Worked out:
    Money net, tax, reverse_tax, rounding_difference, total;
} TaxDocument;

// Pure. `rules` holds all rules of all classes in question.
MUST_CHECK Status tax_calculate(Ctx *ctx, const TaxRuleList *rules, TaxDocument *document);

// A place as documents keep it, "IN-27" or "DE"; "" none.
Str tax_place_text(Ctx *ctx, Str country, Str region);

typedef struct TaxWhere {
    Str from_country, from_region;  // the seller
    Str to_country, to_region;      // the place of supply
    int buyer_status;               // TaxStatus of party.ent
    Date on;
} TaxWhere;
// The rules that hold for these classes there and then: within or between regions, exports, exempt
// and foreign buyers, by the dated rates.
MUST_CHECK Status tax_rules(Ctx *ctx, const TaxWhere *where, const Id *classes, size_t count,
                            TaxRuleList *ret);
// Both in one, with the tenant's rounding setting.
MUST_CHECK Status tax_apply(Ctx *ctx, const TaxWhere *where, TaxDocument *document);
MUST_CHECK Status tax_default_class(Ctx *ctx, Id *ret);  // 0: none
