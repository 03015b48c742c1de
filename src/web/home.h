// home.h - the home page, the menu. Private to web.
#pragma once

#include "kernel/entity/entity.h"
#include "web/dashboard.h"
#include "web/web.h"

MUST_CHECK Status home_page(Ctx *ctx);  // GET /admin
MUST_CHECK Status menu_page(Ctx *ctx);  // GET /admin/menu

typedef struct TileView {
    const Tile *tile;
    TileData data;
} TileView;

typedef struct Home {
    LIST(TileView) figures, charts, lists, waiting;
    int64_t waiting_count;
    Str greeting, today;
} Home;

// What waits for whoever comes first: the tiles of that kind, and how many things they hold.
MUST_CHECK Status home_waiting(Ctx *ctx, Home *ret);
