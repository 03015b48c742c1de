// scanned.c - what a label says. Labels carry no kind, so a code is looked up as one thing after
// the other: places first, since their codes are the house's own, then articles, serials, lots.
#include "modules/inventory/stock.h"

static Status find_place(Ctx *ctx, Str code, Scanned *ret)
{
    TRY(place_find(ctx, "barcode", code, &ret->place));
    return ret->place ? OK : place_find(ctx, "place_code", code, &ret->place);
}

static Status find_serial(Ctx *ctx, Str code, Scanned *ret)
{
    bool found;
    return db_maybe(ctx,
                    SQL("SELECT id, variant_id, COALESCE(lot_id, 0) FROM serial"
                        " WHERE number = $1 ORDER BY id LIMIT 1",
                        code),
                    &found, &ret->serial, &ret->variant, &ret->lot);
}

// Two articles may have lots of one number; then the number alone says nothing.
static Status find_lot(Ctx *ctx, Str code, Scanned *ret)
{
    int64_t count;
    Id lot, variant;
    TRY(db_one(ctx,
               SQL("SELECT count(*), COALESCE(min(id), 0), COALESCE(min(variant_id), 0) FROM lot"
                   " WHERE number = $1",
                   code),
               &count, &lot, &variant));
    if (count == 1) {
        ret->lot = lot;
        ret->variant = variant;
    }
    return OK;
}

static bool is_found(const Scanned *scanned)
{
    return scanned->place || scanned->variant;
}

static Status look_up(Ctx *ctx, Str code, Scanned *ret)
{
    TRY(find_place(ctx, code, ret));
    if (!is_found(ret))
        TRY(variant_by_label(ctx, code, &ret->variant, &ret->quantity));
    if (is_found(ret))
        return OK;
    ret->quantity = (Qty){ MICRO };
    TRY(find_serial(ctx, code, ret));
    return is_found(ret) ? OK : find_lot(ctx, code, ret);
}

Status stock_scanned(Ctx *ctx, Str code, Scanned *ret)
{
    Str typed = str_trim(code), capitals = str_upper_ascii(ctx->arena, typed);
    *ret = (Scanned){ 0 };
    if (typed.len)
        TRY(look_up(ctx, typed, ret));
    if (!is_found(ret) && !str_eq(typed, capitals))
        TRY(look_up(ctx, capitals, ret));
    if (is_found(ret))
        return OK;
    return FAIL(ctx, E_INVALID, "stock.scan_unknown",
                "no bin and no article has the code '" STR_FMT "'", STR_ARG(code));
}
