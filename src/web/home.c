// home.c - where somebody begins: figures with what they were, charts, what waits; and finding
// things.
#include "web/home.h"

#include "gen/pages/web_home.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/search.h"
#include "kernel/tenant.h"

enum { HITS_MAX = 12, FIGURES_MAX = 8 };

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
    }
    return OK;
}

Status home_page(Ctx *ctx)
{
    Home home = { .greeting = greeting(ctx), .today = show_date_long(ctx, tenant_today(ctx)) };
    for (const Module *const *m = modules_all(); *m; m++)
        for (const Tile *tile = (*m)->tiles; tile && tile->name; tile++)
            if (is_shown(ctx, *m, tile))
                TRY(add_tile(ctx, tile, &home));
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

// ---- Finding ------------------------------------------------------------------------------------

static bool begins_with(Ctx *ctx, Str text, Str words)
{
    return str_find(fold_text(ctx, text), fold_text(ctx, words)) >= 0;
}

static void find_places(Ctx *ctx, Str words, HitList *ret)
{
    NavGroupList groups = nav_groups(ctx);
    EACH (group, groups)
        EACH (link, group->links) {
            Str label = tr(ctx, link->label);
            if (ret->len < HITS_MAX && begins_with(ctx, label, words))
                *list_push(ctx->arena, ret) = (Hit){
                    .title = label, .kind = TEXT("Page"), .icon = link->icon, .url = link->url
                };
        }
}

static Status find_records(Ctx *ctx, Str words, HitList *ret)
{
    SearchQuery query = { .words = words, .limit = HITS_MAX };
    SearchResult result;
    TRY(search_run(ctx, &query, &result));
    EACH (hit, result.hits) {
        Str title;
        if (!entity_is_open(ctx, hit->entity))
            continue;
        TRY(record_title(ctx, hit->entity, hit->id, &title));
        *list_push(ctx->arena, ret) = (Hit){ .title = title,
                                             .kind = hit->entity->label,
                                             .icon = hit->entity->icon ? hit->entity->icon : "list",
                                             .url = record_url(ctx->arena, hit->entity, hit->id) };
    }
    return OK;
}

Status search_page(Ctx *ctx)
{
    Str words = str_trim(request_query(ctx->request, "q"));
    Buf *out = &ctx->request->out;
    HitList hits = { 0 };
    if (words.len) {
        TRY(find_records(ctx, words, &hits));
        find_places(ctx, words, &hits);
    }
    size_t body = html_begin(out);
    if (page_wants_part(ctx, "palette-hits")) {
        web_hits(out, ctx, words, hits);
        return page_answer_part(ctx);
    }
    web_search(out, ctx, words, hits);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Search") }, body, 200);
}
