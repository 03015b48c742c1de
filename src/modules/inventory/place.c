// place.c - places as stock sees them: each belongs to the nearest warehouse, shop or factory above
// it, which is what stock is promised and valued by. Goods on the way between two of them are ours
// too: the transit place is a warehouse of its own. At suppliers', customers' and beyond, nothing
// is ours.
#include "modules/inventory/stock.h"

#include "kernel/db/kept.h"
#include "kernel/entity/memo.h"

static bool holds_stock(PlaceKind kind)
{
    return kind == PLACE_KIND_WAREHOUSE || kind == PLACE_KIND_SHOP || kind == PLACE_KIND_FACTORY ||
           kind == PLACE_KIND_TRANSIT;
}

static bool is_virtual(PlaceKind kind)
{
    return kind >= PLACE_KIND_SUPPLIER;
}

typedef struct Above {  // one step up the tree
    Id start, id;
    Str code, kind;
    bool may_go_negative, is_locked;
} Above;

// What holds for a place holds for everything in it.
static void take_step(StockPlace *place, const Above *step)
{
    PlaceKind kind = (PlaceKind)enum_value(&place_kind_enum, step->kind);
    if (step->start != place->id)
        return;
    if (step->id == place->id) {
        place->kind = kind;
        place->code = step->code;
    }
    place->may_go_negative |= step->may_go_negative;
    place->is_locked |= step->is_locked;
    if (!place->warehouse && holds_stock(kind))
        place->warehouse = step->id;
}

static Status check_found(Ctx *ctx, const StockPlace *place)
{
    if (place->kind == PLACE_KIND_NONE)
        return FAIL(ctx, E_NOT_FOUND, "place.not_found", "there is no such place");
    if (!place->warehouse && !is_virtual(place->kind))
        return FAIL(ctx, E_INVALID, "place.no_warehouse",
                    STR_FMT " is in no warehouse, shop or factory, so nothing can be kept there",
                    STR_ARG(place->code));
    return OK;
}

typedef struct PlacePair {
    StockPlace from, to;
} PlacePair;

static const MemoKind places_memo = { (const EntityDef *const[]){ &place_entity, NULL } };

static Status read_places(Ctx *ctx, Id from, Id to, PlacePair *ret)
{
    Above step;
    StockPlace a = { .id = from }, b = { .id = to };
    Query query = SQL(
        "WITH RECURSIVE up (start, depth, id, above_id, place_code, kind, may_go_negative,"
        " is_locked) AS (SELECT id, 0, id, above_id, place_code, kind, may_go_negative, is_locked"
        " FROM place WHERE id = $1 OR id = $2 UNION ALL"
        " SELECT up.start, up.depth + 1, p.id, p.above_id, p.place_code, p.kind,"
        " p.may_go_negative, p.is_locked FROM place p JOIN up ON p.id = up.above_id)"
        " SELECT start, id, place_code, kind, may_go_negative, is_locked FROM up ORDER BY depth",
        from, to);
    Rows *rows = kept_query(ctx, query);
    while (rows_next(rows, &step.start, &step.id, &step.code, &step.kind, &step.may_go_negative,
                     &step.is_locked)) {
        take_step(&a, &step);
        take_step(&b, &step);
    }
    TRY(rows_end(rows));
    TRY(check_found(ctx, &a));
    TRY(check_found(ctx, &b));
    *ret = (PlacePair){ a, b };
    return OK;
}

Status stock_places(Ctx *ctx, Id from, Id to, StockPlace *ret_from, StockPlace *ret_to)
{
    const PlacePair *known = memo_get(ctx, &places_memo, from, to);
    if (!known) {
        PlacePair *pair = NEW(ctx->arena, PlacePair);
        TRY(read_places(ctx, from, to, pair));
        memo_put(ctx, &places_memo, from, to, pair);
        known = pair;
    }
    *ret_from = known->from;
    *ret_to = known->to;
    return OK;
}

Status stock_place(Ctx *ctx, Id place, StockPlace *ret)
{
    return stock_places(ctx, place, place, ret, ret);
}

Status place_warehouse(Ctx *ctx, Id place, Id *ret)
{
    StockPlace found;
    TRY(stock_place(ctx, place, &found));
    *ret = found.warehouse;
    return OK;
}

// ---- Virtual places -----------------------------------------------------------------------------

static Status virtual_maybe(Ctx *ctx, PlaceKind kind, bool *ret_found, Id *ret)
{
    return kept_maybe(ctx,
                      SQL("SELECT id FROM place WHERE kind = $1 ORDER BY id LIMIT 1",
                          place_kind_enum.values[kind].name),
                      ret_found, ret);
}

Status place_virtual(Ctx *ctx, PlaceKind kind, Id *ret)
{
    bool found;
    TRY(virtual_maybe(ctx, kind, &found, ret));
    if (!found)
        return FAIL(ctx, E_NOT_FOUND, "place.no_virtual", "there is no place of the kind '%s'",
                    place_kind_enum.values[kind].label);
    return OK;
}

Status places_install(Ctx *ctx)
{
    for (PlaceKind kind = PLACE_KIND_SUPPLIER; kind <= PLACE_KIND_LOSS; kind++) {
        const EnumValue *word = &place_kind_enum.values[kind];
        bool found;
        Id id;
        TRY(virtual_maybe(ctx, kind, &found, &id));
        if (found)
            continue;
        Place *place = place_new(ctx);
        place->kind = kind;
        place->place_code = str_upper_ascii(ctx->arena, str_from(word->name));
        place->name = str_from(word->label);
        TRY(place_save(ctx, place));
    }
    return OK;
}
