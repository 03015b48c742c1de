// home.h - the home page, searching, the menu. Private to web.
#pragma once

#include "kernel/entity/entity.h"
#include "web/dashboard.h"
#include "web/web.h"

MUST_CHECK Status home_page(Ctx *ctx);    // GET /admin
MUST_CHECK Status menu_page(Ctx *ctx);    // GET /admin/menu
MUST_CHECK Status search_page(Ctx *ctx);  // GET /admin/search?q=

typedef struct TileView {
    const Tile *tile;
    TileData data;
} TileView;

typedef struct Home {
    LIST(TileView) figures, charts, lists;
    Str greeting, today;
} Home;

typedef struct Hit {
    Str title;
    const char *kind, *icon;
    Url url;
} Hit;
typedef LIST(Hit) HitList;
