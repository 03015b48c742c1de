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
