// seo.c - what search engines ask for: which addresses there are, which they shall leave alone.
#include "kernel/db/db.h"
#include "modules/storefront/shelf.h"

enum { SITEMAP_MAX = 20000 };  // addresses; the protocol allows 50,000 in a file

static void put_address(Ctx *ctx, const Shop *shop, Str within, Time changed)
{
    Buf *out = &ctx->request->out;
    EACH (language, shop->languages) {
        buf_c(out, "<url><loc>");
        html_escape(out, shop_absolute(ctx, shop, *language, within));
        buf_c(out, "</loc>");
        if (changed)
            buf_printf(out, "<lastmod>" STR_FMT "</lastmod>",
                       STR_ARG(date_text(ctx->arena, zone_date(ctx->tenant->zone, changed))));
        buf_c(out, "</url>\n");
    }
}

static Str segment(Ctx *ctx, const char *folder, Str name)
{
    return str_join(ctx->arena, str_from(folder), url_encode(ctx->arena, name));
}

static Status put_pages(Ctx *ctx, const Shop *shop)
{
    PageViewList pages;
    TRY(pages_live(ctx, shop->store.channel, &pages));
    EACH (page, pages)
        if (page->kind == PAGE_KIND_PAGE && str_eq(page->language, shop->languages.items[0]))
            put_address(ctx, shop, segment(ctx, "/page/", page->slug), page->live_from);
    return OK;
}

Status sitemap_get(Ctx *ctx)
{
    Shop shop;
    ShelfCategoryList categories;
    ShelfItemList all;
    Buf *out = &ctx->request->out;
    TRY(shop_enter(ctx, &shop));
    TRY(shelf_categories(ctx, &shop, &categories));
    TRY(shelf_read(ctx, &shop, 0, &all));
    buf_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    put_address(ctx, &shop, S("/"), 0);
    TRY(put_pages(ctx, &shop));
    EACH (category, categories) {
        bool is_shown = false;
        EACH (item, all)
            is_shown |= item->category == category->id;
        if (is_shown && category->slug.len)
            put_address(ctx, &shop, segment(ctx, "/c/", category->slug), 0);
    }
    EACH (item, all)
        if (out->len < (size_t)SITEMAP_MAX * 100)
            put_address(ctx, &shop, segment(ctx, "/p/", item->slug), item->published_at);
    buf_c(out, "</urlset>\n");
    ctx->request->status = 200;
    ctx->request->out_type = S("application/xml; charset=utf-8");
    return OK;
}

Status robots_get(Ctx *ctx)
{
    Shop shop;
    TRY(shop_enter(ctx, &shop));
    Str base = shop.base;
    Buf *out = &ctx->request->out;
    static const char *const closed[] = { "/cart",   "/checkout", "/pay/",
                                          "/order/", "/account",  "/search" };
    buf_c(out, "User-agent: *\n");
    for (size_t i = 0; i < COUNT(closed); i++)
        buf_printf(out, "Disallow: " STR_FMT "%s\n", STR_ARG(base), closed[i]);
    buf_printf(out, "Sitemap: " STR_FMT "\n",
               STR_ARG(shop_absolute(ctx, &shop, shop.languages.items[0], S("/sitemap.xml"))));
    ctx->request->status = 200;
    ctx->request->out_type = S("text/plain; charset=utf-8");
    return OK;
}
