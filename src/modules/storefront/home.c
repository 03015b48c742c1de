// home.c - pages made of blocks: the start page, texts, and a draft shown to whoever has a signed
// link.
#include "gen/pages/storefront_blocks.h"
#include "kernel/i18n.h"
#include "kernel/secrets.h"
#include "modules/storefront/shelf.h"
#include "modules/storefront/visit.h"

enum { FEATURED = 8 };

static Status put_featured(Ctx *ctx, const Shop *shop, const PageBlock *block)
{
    ShelfItemList items;
    TRY(shelf_featured(ctx, shop, block->category, FEATURED, &items));
    block_featured(&ctx->request->out, ctx, shop, block, items);
    return OK;
}

static Status put_block(Ctx *ctx, const Shop *shop, const PageBlock *block)
{
    Buf *out = &ctx->request->out;
    RichPartList parts = { 0 };
    Str lead;
    rich_parts(ctx, block->words, &lead, &parts);
    switch (block->kind) {
    case BLOCK_KIND_HERO: block_hero(out, ctx, shop, block, &parts, lead); return OK;
    case BLOCK_KIND_FEATURED: return put_featured(ctx, shop, block);
    case BLOCK_KIND_MISSION:
    case BLOCK_KIND_VISION: block_story(out, ctx, shop, block, &parts, lead); return OK;
    case BLOCK_KIND_OBJECTIVES:
    case BLOCK_KIND_VALUES:
    case BLOCK_KIND_SUSTAINABILITY: block_tiles(out, ctx, shop, block, &parts, lead); return OK;
    case BLOCK_KIND_TESTIMONIALS: block_voices(out, ctx, shop, block, &parts); return OK;
    case BLOCK_KIND_FAQ: block_questions(out, ctx, shop, block, &parts); return OK;
    case BLOCK_KIND_CONTACT: block_contact(out, ctx, shop, block); return OK;
    case BLOCK_KIND_PROSE: block_prose(out, ctx, shop, block); return OK;
    case BLOCK_KIND_NONE: break;
    }
    return OK;
}

// One h1: the hero's, where the page begins with one.
static Status answer_page(Ctx *ctx, const Shop *shop, const PageView *page, bool is_draft)
{
    Buf *out = &ctx->request->out;
    bool has_hero = page->blocks.len && page->blocks.items[0].kind == BLOCK_KIND_HERO;
    bool is_home = page->kind == PAGE_KIND_HOME;
    Str path = is_home ? S("/") : str_join(ctx->arena, S("/page/"), page->slug);
    ShopHead head = { .title = page->title,
                      .description = page->description,
                      .canonical = is_draft ? S("") : path,
                      .json_ld = is_home ? shop_json_ld(ctx, shop) : S(""),
                      .has_alternates = is_home };
    size_t body = html_begin(out);
    if (is_draft)
        preview_mark(out, ctx, page->live_from);
    if (!has_hero)
        page_title(out, ctx, page->title);
    EACH (block, page->blocks)
        TRY(put_block(ctx, shop, block));
    return shop_answer(ctx, shop, &head, body, 200);
}

// In the language asked for, else in the shop's main one.
static Status find_page(Ctx *ctx, const Shop *shop, Str slug, PageView *ret, bool *ret_found)
{
    Id channel = shop->store.channel;
    TRY(page_find(ctx, channel, shop->language, slug, ret, ret_found));
    if (*ret_found || shop->languages.len < 2)
        return OK;
    return page_find(ctx, channel, shop->languages.items[0], slug, ret, ret_found);
}

// A shop whose start page nobody has written yet begins with its products.
static Status answer_plain_home(Ctx *ctx, const Shop *shop)
{
    PageView page = { .kind = PAGE_KIND_HOME,
                      .title = shop->store.name,
                      .description = shop->store.summary };
    *list_push(ctx->arena, &page.blocks) = (PageBlock){ .kind = BLOCK_KIND_HERO,
                                                        .heading = shop->store.name,
                                                        .words = shop->store.summary,
                                                        .link = S("/c"),
                                                        .link_label = tr(ctx, "See everything") };
    *list_push(ctx->arena, &page.blocks) =
        (PageBlock){ .kind = BLOCK_KIND_FEATURED, .heading = tr(ctx, "New here") };
    return answer_page(ctx, shop, &page, false);
}

Status home_page_get(Ctx *ctx)
{
    ctx->request->timed = TIMED_SHOP_HOME;
    Shop shop;
    PageView page;
    bool found;
    TRY(shop_enter(ctx, &shop));
    TRY(find_page(ctx, &shop, S(""), &page, &found));
    visit_note(ctx, &shop, VISIT_KIND_PAGE);
    return found && !page.is_gone ? answer_page(ctx, &shop, &page, false)
                                  : answer_plain_home(ctx, &shop);
}

Status text_page_get(Ctx *ctx)
{
    Shop shop;
    PageView page;
    bool found;
    TRY(shop_enter(ctx, &shop));
    TRY(find_page(ctx, &shop, ctx->request->params[1], &page, &found));
    if (!found)
        return shop_missing(ctx, &shop);
    if (page.is_gone)
        return shop_gone(ctx, &shop);
    visit_note(ctx, &shop, VISIT_KIND_PAGE);
    return answer_page(ctx, &shop, &page, false);
}

Status preview_page_get(Ctx *ctx)
{
    Shop shop;
    PageView page;
    Id id;
    TRY(shop_enter(ctx, &shop));
    if (!id_parse(ctx->request->params[1], &id) ||
        !link_ok(ctx, str_join(ctx->arena, S("/preview/"), ctx->request->params[1]),
                 request_query(ctx->request, "expires"), request_query(ctx->request, "sig")))
        return shop_missing(ctx, &shop);
    TRY(page_draft(ctx, id, &page));
    return answer_page(ctx, &shop, &page, true);
}

// From the editor to the draft in its shop: a link that may be passed on for a week.
Status preview_link_get(Ctx *ctx)
{
    enum { DRAFT_LIVES_DAYS = 7 };
    Shop shop;
    SitePage page;
    Id id;
    bool found = false;
    if (!id_parse(ctx->request->params[0], &id))
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such page");
    TRY(site_page_load(ctx, id, &page));
    TRY(shop_of_channel(ctx, page.channel, &shop, &found));
    if (!found)
        return FAIL(ctx, E_CONFLICT, "shop.no_store", "no shop sells in the channel of this page");
    Str path = str_join(ctx->arena, S("/preview/"), id_text(ctx->arena, id));
    Str link = link_sign(ctx, path, ctx->now + DRAFT_LIVES_DAYS * DAY);
    return respond_redirect(ctx, shop_alternate(ctx, &shop, page.language, link).text);
}
