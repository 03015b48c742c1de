// place.c - where a supply is taxed. The rules of three laws, as far as goods need them, each a
// line of one small decision:
//
//   within a country       its rates; where regions decide (India), CGST + SGST inside one state
//   and IGST
//                          between two (IGST Act 2017, sections 7, 8 and 10). A buyer whose state
//                          is not known is taken to be in the seller's (section 10(1)(ca))
//   inside the EU          to a business: 0 %, the buyer owes the tax (Directive 2006/112/EC,
//   articles
//                          138 and 196). To a consumer: the rates of the buyer's country where the
//                          company has any (article 33, one-stop shop), else its own (article 59c)
//   out of the country     0 % (article 146; IGST Act, section 16; VAT Act 1994, section 30),
//   unless the
//                          company has rates there, being registered there
#include "modules/tax/place.h"

#include "kernel/i18n.h"
#include "modules/tax/region.h"

static TaxPlan inside(const TaxWhere *where, const PlaceFacts *facts)
{
    TaxPlan plan = { .country = where->from_country,
                     .region = where->to_region,
                     .scope = TAX_SCOPE_ANY };
    bool is_known = region_code(where->from_country, where->to_region).len > 0;
    if (!is_known)
        plan.region = where->from_region;
    if (facts->has_regions)
        plan.scope =
            !is_known || region_same(where->from_country, where->from_region, where->to_region)
                ? TAX_SCOPE_WITHIN
                : TAX_SCOPE_BETWEEN;
    if (where->buyer_status == TAX_STATUS_EXEMPT) {
        plan.is_zero = true;
        plan.why = TEXT("the buyer is exempt");
    }
    return plan;
}

static TaxPlan abroad(const TaxWhere *where, const PlaceFacts *facts)
{
    bool is_business = where->buyer_status == TAX_STATUS_REGULAR;
    bool in_eu = country_in_eu(where->from_country) && country_in_eu(where->to_country);
    TaxPlan plan = { .country = where->from_country,
                     .scope = TAX_SCOPE_EXPORT,
                     .is_zero = true,
                     .why = TEXT("export") };
    if (in_eu && is_business) {
        plan.is_reverse = true;
        plan.why = TEXT("the buyer owes the tax: supply to a business in the European Union");
    } else if (facts->is_home_abroad) {
        plan = (TaxPlan){ .country = where->to_country,
                          .region = where->to_region,
                          .scope = TAX_SCOPE_ANY };
    } else if (in_eu) {
        plan = (TaxPlan){ .country = where->from_country,
                          .region = where->from_region,
                          .scope = TAX_SCOPE_ANY };
    }
    return plan;
}

TaxPlan tax_plan(const TaxWhere *where, const PlaceFacts *facts)
{
    bool stays = where->to_country.len == 0 || str_eq(where->to_country, where->from_country);
    return stays && where->buyer_status != TAX_STATUS_ABROAD ? inside(where, facts)
                                                             : abroad(where, facts);
}
