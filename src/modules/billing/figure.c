// figure.c - what a line comes to, and where the company sells from.
#include "modules/billing/inside.h"

#include "kernel/tenant.h"
#include "modules/company/company.h"

Status line_amount(Ctx *ctx, Qty quantity, Price price, Rate discount, CurrencyCode currency,
                   Money *ret)
{
    Wide exact = (Wide)price.micro * quantity.micro;  // in 10^-12 of a major unit
    Wide unit = (Wide)currency_minor(currency) * MICRO;
    if (__builtin_mul_overflow(exact, (Wide)(MICRO - discount.micro), &exact))
        return FAIL(ctx, E_INVALID, "number.range", "the number is too large");
    return money_from_wide(ctx, exact, unit, ROUND_HALF_UP, ret);
}

Status seller_place(Ctx *ctx, Id place, Str *ret_country, Str *ret_region)
{
    Postal at;
    TRY(place_address(ctx, place, &at));
    *ret_country = at.country.len ? at.country : ctx->tenant->country;
    *ret_region = at.region;
    return OK;
}

Status totals_from(Ctx *ctx, const TaxDocument *document, size_t line_count, Totals *ret)
{
    Totals totals = { .tax = document->tax,
                      .rounding = document->rounding_difference,
                      .total = document->total };
    for (size_t i = 0; i < document->count; i++) {
        Money *sum = i < line_count ? &totals.net : &totals.charges_net;
        TRY(money_add(ctx, *sum, document->items[i].net, sum));
    }
    *ret = totals;
    return OK;
}
