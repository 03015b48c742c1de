// dashboard.h - tiles of the home page: figures, charts and lists that modules contribute by
// Module.tiles. A tile says one thing and leads to the list or report that proves it.
//
//     static const Tile tiles[] = {
//         { "oms.to_ship", "Orders to ship", TILE_FIGURE, "oms.view", "/admin/oms/orders?...",
//         to_ship }, { 0 },
//     };
//
// Tiles are read on the page's snapshot, one after the other: each is one or two statements over an
// index, never a walk over a table.
#pragma once

#include "kernel/module.h"
#include "web/html.h"

typedef enum TileKind {
    TILE_FIGURE,   // a value, what it was, a small line
    TILE_CHART,    // bars over time, with a table behind them
    TILE_LIST,     // what there is to know
    TILE_WAITING,  // what waits for somebody: on the home page and in the inbox
} TileKind;

typedef struct TilePoint {
    Str label;      // "20 Nov"
    int64_t value;  // for the drawing only; 0 or more
    Str shown;      // as people read it
} TilePoint;

typedef struct TileRow {
    Str label, second;
    Str value;         // at the end; "" none
    const char *tone;  // of the value: "ok", "warn", "bad", "info"; NULL: plain
    const char *icon;  // NULL: none
    Url url;           // text "": leads nowhere
} TileRow;

typedef struct TileData {
    Str value, unit;        // TILE_FIGURE: "412,806", "GBP"
    Str note;               // "4 late", "+11 % on October"
    const char *note_tone;  // "up", "down" or NULL
    LIST(TilePoint) points;
    LIST(TileRow) rows;
    int64_t count;  // TILE_WAITING: all that wait, also those not shown
    Str empty;      // what a list says when nothing waits
} TileData;

struct Tile {
    const char *name, *label;
    TileKind kind;
    const char *permission;
    const char *href;  // NULL: none
    Status (*read)(Ctx *ctx, TileData *ret);
};

enum { TILE_POINTS_MAX = 60, TILE_ROWS_MAX = 8 };
