// stockroom.c - a house with something to store.
#include "modules/stockroom.h"

#include "modules/books.h"

#include "kernel/entity/access.h"
#include "kernel/entity/record.h"

Id room_warehouse(Ctx *ctx, const char *code, bool may_go_negative)
{
    Place *place = place_new(ctx);
    place->place_code = place->name = str_from(code);
    place->kind = PLACE_KIND_WAREHOUSE;
    place->may_go_negative = may_go_negative;
    CHECK_OK(ctx, place_save(ctx, place));
    return place->record.id;
}

static Id make_bin(Ctx *ctx, Id above)
{
    Place *place = place_new(ctx);
    place->place_code = place->name = S("A-01");
    place->kind = PLACE_KIND_BIN;
    place->above = above;
    CHECK_OK(ctx, place_save(ctx, place));
    return place->record.id;
}

static Status furnish(Ctx *ctx, void *arg)
{
    Stockroom *room = arg;
    TRY(unit_find(ctx, "unit_code", S("pcs"), &room->pieces));
    room->main = room_warehouse(ctx, "MAIN", false);
    room->bin = make_bin(ctx, room->main);
    room->second = room_warehouse(ctx, "SECOND", false);
    TRY(place_virtual(ctx, PLACE_KIND_SUPPLIER, &room->supplier));
    TRY(place_virtual(ctx, PLACE_KIND_CUSTOMER, &room->customer));
    TRY(place_virtual(ctx, PLACE_KIND_LOSS, &room->loss));
    return place_virtual(ctx, PLACE_KIND_TRANSIT, &room->transit);
}

void stockroom_open(Ctx *ctx, const char *currency, Stockroom *ret)
{
    *ret = (Stockroom){ .ctx = ctx };
    house_open_with(ctx,
                    &(TenantSpec){ .code = S("acme"),
                                   .name = S("Acme Ltd"),
                                   .country = S("GB"),
                                   .language = S("en"),
                                   .zone = S("Europe/London"),
                                   .currency = currency ? str_from(currency) : S("GBP"),
                                   .fiscal_month = 4,
                                   .modules = S("*") },
                    &ret->house);
    CHECK_OK(ctx, tenant_transact(ctx, furnish, ret));
}

void stockroom_close(Stockroom *room)
{
    house_close(&room->house);
}

Id room_variant_like(Ctx *ctx, Stockroom *room, bool has_lots, bool has_serials)
{
    Product *product = product_new(ctx);
    product->sku = str_format(ctx->arena, "P-%d", ++room->products);
    product->name = str_format(ctx->arena, "Product %d", room->products);
    product->unit = room->pieces;
    product->kind = PRODUCT_KIND_GOODS;
    product->has_lots = has_lots;
    product->has_serials = has_serials;
    CHECK_OK(ctx, product_save(ctx, product));
    return product->variants.items[0].record.id;
}

Id room_variant(Ctx *ctx, Stockroom *room)
{
    return room_variant_like(ctx, room, false, false);
}

Id room_supplier(Ctx *ctx)
{
    Party *party = party_new(ctx);
    party->name = S("Maker Ltd");
    party->is_supplier = true;
    CHECK_OK(ctx, party_save(ctx, party));
    return party->record.id;
}

Id room_lot(Ctx *ctx, Id variant, const char *number, Date best_before)
{
    Lot *lot = lot_new(ctx);
    lot->variant = variant;
    lot->number = str_from(number);
    lot->best_before = best_before;
    CHECK_OK(ctx, lot_save(ctx, lot));
    return lot->record.id;
}

Status room_receive(Ctx *ctx, Stockroom *room, Id variant, Id to, int64_t count, int64_t cents,
                    Date on, MoveDone *ret)
{
    MoveSpec spec = { .variant = variant,
                      .kind = MOVE_KIND_RECEIPT,
                      .from = room->supplier,
                      .to = to,
                      .quantity = pieces(count),
                      .unit_cost = { true, { cents * 10000 } },
                      .on = on };
    return stock_move(ctx, &spec, ret);
}

Status room_issue(Ctx *ctx, Stockroom *room, Id variant, Id from, int64_t count, Date on,
                  MoveDone *ret)
{
    MoveSpec spec = { .variant = variant,
                      .kind = MOVE_KIND_ISSUE,
                      .from = from,
                      .to = room->customer,
                      .quantity = pieces(count),
                      .on = on };
    return stock_move(ctx, &spec, ret);
}

Qty room_level(Ctx *ctx, Id variant, Id place)
{
    Qty level = { 0 };
    CHECK_OK(ctx, db_one(ctx,
                         SQL("SELECT CAST(COALESCE(sum(on_hand), 0) AS BIGINT) FROM stock_level"
                             " WHERE variant_id = $1 AND place_id = $2",
                             variant, place),
                         &level));
    return level;
}

// ---- Papers -------------------------------------------------------------------------------------

typedef struct Deed {
    const EntityDef *entity;
    Id id;
    const char *action;
    Str json;
} Deed;

static Status run_deed(Ctx *ctx, void *arg)
{
    const Deed *deed = arg;
    const Json *input = NULL;
    Link made;
    if (deed->json.len)
        TRY(json_parse(ctx, deed->json, &input));
    return action_run(ctx, deed->entity, deed->id, 0, deed->action, input, 0, &made);
}

Status room_act(Ctx *ctx, const EntityDef *e, Id id, const char *action, Str json)
{
    return tenant_transact(ctx, run_deed, &(Deed){ e, id, action, json });
}

static Status run_create(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    const Json *input;
    TRY(json_parse(ctx, deed->json, &input));
    return access_create(ctx, deed->entity, input, 0, &deed->id);
}

Id room_paper(Ctx *ctx, const EntityDef *e, Str json)
{
    Deed deed = { .entity = e, .json = json };
    CHECK_OK(ctx, tenant_transact(ctx, run_create, &deed));
    return deed.id;
}

Id room_choice(Ctx *ctx, const char *list, const char *code)
{
    Id id = 0;
    CHECK_OK(ctx, db_one(ctx,
                         SQL("SELECT id FROM choice WHERE list_name = $1 AND value_code = $2", list,
                             code),
                         &id));
    return id;
}

// ---- Scenes -------------------------------------------------------------------------------------

void open_scene(Ctx *ctx, Stockroom *room, Scene *ret)
{
    stockroom_open(ctx, NULL, room);
    *ret = (Scene){ .room = room, .today = tenant_today(ctx) };
}

void close_scene(Ctx *ctx, Stockroom *room)
{
    books_verify(ctx);
    stockroom_close(room);
}

Qty room_available(Ctx *ctx, Id variant, Id warehouse)
{
    Qty ret = { 0 };
    CHECK_OK(ctx, stock_available(ctx, variant, warehouse, &ret));
    return ret;
}

Money room_worth(Ctx *ctx, Id variant, Id warehouse)
{
    Qty quantity;
    Money ret = { 0 };
    CHECK_OK(ctx, stock_worth(ctx, variant, warehouse, &quantity, &ret));
    return ret;
}

Status room_supply(Ctx *ctx, Scene *scene, int64_t count, int64_t cents)
{
    MoveDone done;
    scene->variant = room_variant(ctx, scene->room);
    TRY(room_receive(ctx, scene->room, scene->variant, scene->room->bin, count, cents, 0, &done));
    scene->move = done.move;
    return OK;
}

// A refusal undoes what came before it, as at the end of an action.
static Status try_move(Ctx *ctx, void *arg)
{
    return stock_move(ctx, arg, NULL);
}

void move_fails(Ctx *ctx, const char *code, MoveSpec spec)
{
    CHECK_FAILS(ctx, code, db_try(ctx, try_move, &spec));
}

void issue_fails(Ctx *ctx, const char *code, const Scene *scene, Id from, int64_t count, Date on)
{
    move_fails(ctx, code,
               (MoveSpec){ .variant = scene->variant,
                           .kind = MOVE_KIND_ISSUE,
                           .from = from,
                           .to = scene->room->customer,
                           .quantity = pieces(count),
                           .on = on });
}
