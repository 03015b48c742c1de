// category.c - a shelf on a page: a category, everything, or what a search finds.
#include "base/utf8.h"
#include "gen/pages/storefront_shelf.h"
#include "kernel/auth/actor.h"
#include "kernel/i18n.h"
#include "kernel/search.h"
#include "modules/storefront/shelf.h"
#include "modules/storefront/visit.h"

enum { FOUND_MAX = 500, SUGGESTED_MAX = 6, WORDS_MAX = 80 };

static void put_trail(Ctx *ctx, const Shop *shop, const ShelfCategoryList *all,
                      const ShelfCategory *category, ShelfView *view)
{
    const ShelfCategory *up[20];
    size_t depth = 0;
    for (const ShelfCategory *at = shelf_category(all, category->above);
         at && depth < COUNT(up) && category->id != shop->store.category;
         at = shelf_category(all, at->above)) {
        up[depth++] = at;
        if (at->id == shop->store.category)
            break;
    }
    while (depth)
        *list_push(ctx->arena, &view->trail) = up[--depth];
}

// What is narrowed down is not worth a search engine's while: it would find everything many times.
static Status answer_view(Ctx *ctx, const Shop *shop, const ShelfView *view, Str path)
{
    visit_note(ctx, shop, VISIT_KIND_PAGE);
    Buf *out = &ctx->request->out;
    bool is_plain = !view->is_narrowed && view->sort == SHELF_BEST && view->words.len == 0;
    Str page = view->page > 1 ? str_format(ctx->arena, "?page=%lld", (long long)view->page) : S("");
    ShopHead head = { .title = view->title,
                      .description = view->lead,
                      .canonical = is_plain ? str_join(ctx->arena, path, page) : S(""),
                      .json_ld = is_plain ? trail_json_ld(ctx, shop, &view->trail) : S(""),
                      .has_alternates = is_plain };
    size_t body = html_begin(out);
    storefront_shelf(out, ctx, shop, view);
    return shop_answer(ctx, shop, &head, body, 200);
}

Status shelf_page_get(Ctx *ctx)
{
    ctx->request->timed = TIMED_SHELF;
    Shop shop;
    ShelfCategoryList categories;
    ShelfItemList all;
    ShelfView view = { 0 };
    TRY(shop_enter(ctx, &shop));
    TRY(shelf_categories(ctx, &shop, &categories));
    TRY(shelf_read(ctx, &shop, 0, &all));
    view.title = tr(ctx, "Everything");
    view.url = shop_url(ctx, &shop, "/c");
    TRY(shelf_view(ctx, &shop, &categories, &all, shop.store.category, &view));
    return answer_view(ctx, &shop, &view, S("/c"));
}

static bool is_within(const ShelfCategoryList *all, const ShelfCategory *category, Id top)
{
    for (int depth = 0; category && depth < 20; depth++) {
        if (!top || category->id == top)
            return true;
        category = shelf_category(all, category->above);
    }
    return false;
}

Status category_page_get(Ctx *ctx)
{
    ctx->request->timed = TIMED_SHELF;
    Shop shop;
    ShelfCategoryList categories;
    ShelfItemList all;
    ShelfView view = { 0 };
    TRY(shop_enter(ctx, &shop));
    TRY(shelf_categories(ctx, &shop, &categories));
    const ShelfCategory *category = shelf_category_by_slug(&categories, ctx->request->params[1]);
    if (!category || !is_within(&categories, category, shop.store.category))
        return shop_missing(ctx, &shop);
    TRY(shelf_read(ctx, &shop, category->id, &all));
    view.title = category->name;
    view.lead = category->summary;
    view.url = shop_url(ctx, &shop, "/c/{}", category->slug);
    put_trail(ctx, &shop, &categories, category, &view);
    TRY(shelf_view(ctx, &shop, &categories, &all, category->id, &view));
    return answer_view(ctx, &shop, &view, str_join(ctx->arena, S("/c/"), category->slug));
}

// ---- Search -------------------------------------------------------------------------------------

// The index knows more than the shop shows; what is on the shelf decides. The visitor may see no
// records at all, so it is the program that asks.
static Status find_words(Ctx *ctx, Str words, IdList *ret)
{
    Actor *visitor = ctx->actor;
    *ret = (IdList){ 0 };
    if (words.len == 0)
        return OK;
    ctx->actor = &actor_system;
    Status status = search_ids(ctx, &product_entity, words, ARCHIVED_NO, FOUND_MAX, ret);
    ctx->actor = visitor;
    return status;
}

static Status read_found(Ctx *ctx, const Shop *shop, Str words, ShelfItemList *ret)
{
    ShelfItemList all;
    IdList found;
    TRY(find_words(ctx, words, &found));
    TRY(shelf_read(ctx, shop, 0, &all));
    *ret = (ShelfItemList){ 0 };
    EACH (item, all)
        EACH (id, found)
            if (*id == item->product) {
                item->rank = (int)(id - found.items);
                *list_push(ctx->arena, ret) = *item;
            }
    return OK;
}

static Str asked_words(const Ctx *ctx)
{
    return utf8_cut(str_trim(request_query(ctx->request, "q")), WORDS_MAX);
}

Status search_page_get(Ctx *ctx)
{
    ctx->request->timed = TIMED_SEARCH;
    Shop shop;
    ShelfCategoryList categories;
    ShelfItemList found;
    ShelfView view = { .words = asked_words(ctx) };
    TRY(shop_enter(ctx, &shop));
    TRY(shelf_categories(ctx, &shop, &categories));
    TRY(read_found(ctx, &shop, view.words, &found));
    view.title = view.words.len ? tr_format(ctx, "Search for “%.*s”", STR_ARG(view.words))
                                : tr(ctx, "Search");
    view.url = shop_url(ctx, &shop, "/search");
    TRY(shelf_view(ctx, &shop, &categories, &found, 0, &view));
    return answer_view(ctx, &shop, &view, S("/search"));
}

Status suggest_get(Ctx *ctx)
{
    Shop shop;
    ShelfItemList found;
    TRY(shop_enter(ctx, &shop));
    TRY(read_found(ctx, &shop, asked_words(ctx), &found));
    found.len = found.len < SUGGESTED_MAX ? found.len : SUGGESTED_MAX;
    storefront_suggestions(&ctx->request->out, ctx, &shop, found);
    return page_answer_part(ctx);
}
