// figure.c - what a line comes to, and where the company sells from.
#include "modules/billing/inside.h"

#include "kernel/tenant.h"

Status line_amount(Ctx *ctx, Qty quantity, Price price, Rate discount, CurrencyCode currency,
                   Money *ret)
{
    Wide exact = (Wide)price.micro * quantity.micro;  // in 10^-12 of a major unit
    Wide unit = (Wide)currency_minor(currency) * MICRO;
    if (__builtin_mul_overflow(exact, (Wide)(MICRO - discount.micro), &exact))
        return FAIL(ctx, E_INVALID, "number.range", "the number is too large");
    return money_from_wide(ctx, exact, unit, ROUND_HALF_UP, ret);
}

// The nearest place above that has an address; a bin is in its warehouse's.
Status seller_place(Ctx *ctx, Id place, Str *ret_country, Str *ret_region)
{
    bool found = false;
    *ret_country = ctx->tenant->country;
    *ret_region = S("");
    if (place)
        TRY(db_maybe(
            ctx,
            SQL("SELECT a.country, a.region FROM place p JOIN place a"
                " ON substr(p.path, 1, length(a.path)) = a.path"
                " WHERE p.id = $1 AND a.country <> '' ORDER BY length(a.path) DESC LIMIT 1",
                place),
            &found, ret_country, ret_region));
    if (found)
        return OK;
    return db_maybe(ctx,
                    SQL("SELECT country, region FROM place WHERE kind = 'company'"
                        " AND country <> '' ORDER BY id LIMIT 1"),
                    &found, ret_country, ret_region);
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
