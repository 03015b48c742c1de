// stockroom.h - a house with something to store: a warehouse with a bin, a second one, the virtual
// places, and products as many as a test wants.
#pragma once

#include "kernel/house.h"
#include "modules/catalog/catalog.h"
#include "modules/inventory/inventory.h"

typedef struct Stockroom {
    House house;
    Ctx *ctx;
    Id pieces;             // unit
    Id main, bin, second;  // places; `bin` is in `main`
    Id supplier, customer, loss, transit;
    int products;
} Stockroom;

// In this currency; NULL: pounds. Its warehouses refuse to go below zero.
void stockroom_open(Ctx *ctx, const char *currency, Stockroom *ret);
void stockroom_close(Stockroom *room);

// In the lane: a new product's only variant, counted in pieces (with lots, with serial numbers).
Id room_variant(Ctx *ctx, Stockroom *room);
Id room_variant_like(Ctx *ctx, Stockroom *room, bool has_lots, bool has_serials);
Id room_warehouse(Ctx *ctx, const char *code, bool may_go_negative);
Id room_supplier(Ctx *ctx);
Id room_lot(Ctx *ctx, Id variant, const char *number, Date best_before);

// In the lane: goods come from the supplier and go to the customer, on a day (0: today).
Status room_receive(Ctx *ctx, Stockroom *room, Id variant, Id to, int64_t pieces, int64_t cents,
                    Date on, MoveDone *ret);
Status room_issue(Ctx *ctx, Stockroom *room, Id variant, Id from, int64_t pieces, Date on,
                  MoveDone *ret);

static inline Qty pieces(int64_t n)
{
    return (Qty){ n * MICRO };
}
Qty room_level(Ctx *ctx, Id variant, Id place);

// ---- Papers -------------------------------------------------------------------------------------

// As the API does it, in a turn of the lane of their own: a document from JSON, and one of its
// actions with what that asks for ("": nothing).
Id room_paper(Ctx *ctx, const EntityDef *e, Str json);
Status room_act(Ctx *ctx, const EntityDef *e, Id id, const char *action, Str json);
Id room_choice(Ctx *ctx, const char *list, const char *code);

// ---- Scenes -------------------------------------------------------------------------------------

// What a test does in several turns of the lane.
typedef struct Scene {
    Stockroom *room;
    Id variant, other, lot_a, lot_b, move;
    Date today;
} Scene;

void open_scene(Ctx *ctx, Stockroom *room, Scene *ret);
void close_scene(Ctx *ctx, Stockroom *room);  // verify finds nothing

// In the lane: a new product, so many of it in the bin at that price.
Status room_supply(Ctx *ctx, Scene *scene, int64_t count, int64_t cents);
Qty room_available(Ctx *ctx, Id variant, Id warehouse);
Money room_worth(Ctx *ctx, Id variant, Id warehouse);
// Refused with this code, and without a trace.
void move_fails(Ctx *ctx, const char *code, MoveSpec spec);
void issue_fails(Ctx *ctx, const char *code, const Scene *scene, Id from, int64_t count, Date on);
