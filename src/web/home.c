// home.c - where somebody begins: figures with what they were, charts, what waits.
#include "web/home.h"

#include "gen/pages/web_home.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

// ---- The home page ------------------------------------------------------------------------------

static Str greeting(Ctx *ctx)
{
    const Zone *zone = ctx->locale && ctx->locale->zone ? ctx->locale->zone : ctx->tenant->zone;
    int hour = zone_minute(zone, ctx->now) / 60;
    Str first = ctx->actor->name;
    ptrdiff_t blank = str_find_char(first, ' ');
    if (blank > 0)
        first = str_sub(first, 0, (size_t)blank);
    const char *words = hour < 5  ? TEXT("Good night, %.*s")
                      : hour < 12 ? TEXT("Good morning, %.*s")
                      : hour < 18 ? TEXT("Good afternoon, %.*s")
                                  : TEXT("Good evening, %.*s");
    return tr_format(ctx, words, STR_ARG(first));
}

static bool is_shown(const Ctx *ctx, const Module *module, const Tile *tile)
{
    return tenant_has_module(ctx->tenant, module->name) &&
           (!tile->permission || actor_may(ctx->actor, tile->permission));
}

// A tile that fails is left out: the others are still worth seeing.
static Status add_tile(Ctx *ctx, const Tile *tile, Home *home)
{
    TileView view = { .tile = tile };
    Status status = tile->read(ctx, &view.data);
    if (status == E_DENIED || status == E_NOT_FOUND) {
        ctx_recover(ctx);
        return OK;
    }
    TRY(status);
    switch (tile->kind) {
    case TILE_FIGURE: *list_push(ctx->arena, &home->figures) = view; break;
    case TILE_CHART: *list_push(ctx->arena, &home->charts) = view; break;
    case TILE_LIST: *list_push(ctx->arena, &home->lists) = view; break;
    case TILE_WAITING:
        *list_push(ctx->arena, &home->waiting) = view;
        home->waiting_count += view.data.count;
        break;
    }
    return OK;
}

// What the business is about first, the house's own tiles last.
static Status add_tiles(Ctx *ctx, bool only_waiting, Home *home)
{
    for (int house = 0; house < 2; house++)
        for (const Module *const *m = modules_all(); *m; m++)
            for (const Tile *tile = (*m)->tiles; tile && tile->name; tile++)
                if ((*m == &web_part) == house && is_shown(ctx, *m, tile) &&
                    (!only_waiting || tile->kind == TILE_WAITING))
                    TRY(add_tile(ctx, tile, home));
    return OK;
}

Status home_waiting(Ctx *ctx, Home *ret)
{
    *ret = (Home){ 0 };
    return add_tiles(ctx, true, ret);
}

Status home_page(Ctx *ctx)
{
    ctx->request->timed = TIMED_DASHBOARD;
    Home home = { .greeting = greeting(ctx), .today = show_date_long(ctx, tenant_today(ctx)) };
    TRY(add_tiles(ctx, false, &home));
    size_t body = html_begin(&ctx->request->out);
    web_home(&ctx->request->out, ctx, &home);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Home") }, body, 200);
}

Status menu_page(Ctx *ctx)
{
    size_t body = html_begin(&ctx->request->out);
    web_menu(&ctx->request->out, ctx, nav_groups(ctx));
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Menu") }, body, 200);
}
