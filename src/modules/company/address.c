// address.c - where a place is: a bin is where its warehouse is, and what has no address of its own
// is at the company's seat.
#include "modules/company/company.h"

#include "kernel/db/kept.h"

static Status seat(Ctx *ctx, Postal *ret)
{
    bool found;
    Postal at = { 0 };
    TRY(kept_maybe(ctx,
                   SQL("SELECT recipient, street, street2, city, region, postcode, country, phone"
                       " FROM place WHERE kind = 'company' AND country <> '' AND archived = 0"
                       " ORDER BY id LIMIT 1"),
                   &found, &at.recipient, &at.street, &at.street2, &at.city, &at.region,
                   &at.postcode, &at.country, &at.phone));
    *ret = found ? at : (Postal){ 0 };
    return OK;
}

Status place_address(Ctx *ctx, Id place, Postal *ret)
{
    bool found = false;
    Postal at = { 0 };
    if (place)
        TRY(kept_maybe(ctx,
                       SQL("SELECT a.recipient, a.street, a.street2, a.city, a.region, a.postcode,"
                           " a.country, a.phone FROM place p JOIN place a"
                           " ON substr(p.path, 1, length(a.path)) = a.path"
                           " WHERE p.id = $1 AND a.country <> ''"
                           " ORDER BY length(a.path) DESC LIMIT 1",
                           place),
                       &found, &at.recipient, &at.street, &at.street2, &at.city, &at.region,
                       &at.postcode, &at.country, &at.phone));
    if (!found)
        return seat(ctx, ret);
    *ret = at;
    return OK;
}
