// demo_pages.c - the pages of the demo shop, written as a shopkeeper would write them and published
// at once.
#include "app/demo_pages.h"

#include "modules/cms/cms.h"

typedef struct Line {
    const char *link, *words;
} Line;

static const PageBlock home_en[] = {
    { .kind = BLOCK_KIND_HERO,
      .heading = S("Small things that make a table a party"),
      .words = S("Cakestands, bunting, lights and tins, chosen by hand and sent from our own "
                 "warehouse.\n\n## Sent the next working day\n## Free delivery from £50\n"
                 "## Returns within 30 days"),
      .link = S("/c"),
      .link_label = S("See everything"),
      .more = S("/page/our-story"),
      .more_label = S("Our story") },
    { .kind = BLOCK_KIND_FEATURED,
      .heading = S("On the table this week"),
      .category = S("tea-time"),
      .link = S("/c/tea-time"),
      .link_label = S("All for tea time") },
    { .kind = BLOCK_KIND_MISSION,
      .heading = S("A good gift is used, not kept in a drawer"),
      .words = S("Our mission is plain: fewer, better things, that somebody takes out again every "
                 "Sunday.\n\nBy 2030 every piece will say who made it and where.\n\n"
                 "## Made to be used\nTins that close, hooks that hold, glass that survives a "
                 "sink.\n## Less packing\nPaper and card only, since the spring.\n"
                 "## Fair to makers\nWe pay small workshops within ten days.\n"
                 "## Mended, not thrown\nA chip or a loose handle: send it back, we repair it."),
      .link = S("/page/our-story"),
      .link_label = S("Read what we are after") },
    { .kind = BLOCK_KIND_FEATURED,
      .heading = S("For the kitchen"),
      .category = S("kitchen"),
      .link = S("/c/kitchen"),
      .link_label = S("All for the kitchen") },
    { .kind = BLOCK_KIND_TESTIMONIALS,
      .heading = S("What people say"),
      .words = S("## Ruth, tea room in Whitby\nThe cakestands carry forty scones a day and have "
                 "not wobbled once.\n## Tom, village hall\nTwo hundred metres of bunting, and it "
                 "came on the Friday as promised.\n## Aisha, Leeds\nThe jam set made three "
                 "Christmas presents and one very sticky child.") },
    { .kind = BLOCK_KIND_NONE },
};
static const PageBlock home_es[] = {
    { .kind = BLOCK_KIND_HERO,
      .heading = S("Cosas pequeñas que convierten una mesa en una fiesta"),
      .words = S("Fuentes, banderines, luces y latas, elegidos a mano y enviados desde nuestro "
                 "propio almacén.\n\n## Sale al siguiente día hábil\n## Envío gratis desde £50\n"
                 "## Devoluciones en 30 días"),
      .link = S("/c"),
      .link_label = S("Ver todo") },
    { .kind = BLOCK_KIND_FEATURED,
      .heading = S("Esta semana en la mesa"),
      .link = S("/c"),
      .link_label = S("Ver todo") },
    { .kind = BLOCK_KIND_NONE },
};
static const PageBlock story_en[] = {
    { .kind = BLOCK_KIND_PROSE,
      .words = S("We began with a market stall, forty paper bags and one very good cakestand. "
                 "Today we pack several thousand parcels a year, and still unpack every delivery "
                 "ourselves.") },
    { .kind = BLOCK_KIND_VISION,
      .heading = S("Where we want to be"),
      .words = S("A shop where everything on the shelf has been used by one of us for a month "
                 "first.\n\n## Known makers\nA name and a town on every label.\n## Nothing to the "
                 "tip\nWhat comes back is mended, sold as seconds, or taken apart.") },
    { .kind = BLOCK_KIND_OBJECTIVES,
      .heading = S("What we measure"),
      .words = S("## 98 of 100\nparcels leave the day after the order\n## Under 2 of 100\nthings "
                 "come back broken\n## Ten days\nis how long a workshop waits for its money") },
    { .kind = BLOCK_KIND_SUSTAINABILITY,
      .heading = S("Paper, card and a bicycle"),
      .words = S("## No plastic\nFilled with shredded card from our own boxes.\n## Full vans\nTwo "
                 "collections a week, not seven.\n## By bicycle\nInside Bristol, since last "
                 "summer.") },
    { .kind = BLOCK_KIND_NONE },
};
static const PageBlock help_en[] = {
    { .kind = BLOCK_KIND_FAQ,
      .heading = S("What people ask"),
      .words = S("## When does it arrive?\nWhat is in stock leaves the next working day. The "
                 "basket shows the day before you pay.\n## What does delivery cost?\nIt depends on "
                 "weight and place, and is shown before you pay. From £50 it is free.\n## Can I "
                 "send it back?\nYes, within 30 days, used or not. What was lettered for you only "
                 "when it is faulty.\n## Do I need an account?\nNo. A link in the mail shows you "
                 "where the parcel is.") },
    { .kind = BLOCK_KIND_CONTACT,
      .heading = S("Write or call"),
      .words = S("Weekdays from nine to five. We answer the same day.") },
    { .kind = BLOCK_KIND_NONE },
};
static const Line top_en[] = { { "/c/tea-time", "Tea time" },
                               { "/c/kitchen", "Kitchen" },
                               { "/c/bags", "Bags" },
                               { "/c/lights", "Lights" },
                               { "/c/party", "Party" },
                               { "/page/our-story", "Our story" },
                               { 0 } };
static const Line foot_en[] = { { "/page/our-story", "Our story" },
                                { "/page/help", "Questions and contact" },
                                { "/p/slate-heart", "Slate hearts, lettered by hand" },
                                { 0 } };
static const Line top_es[] = {
    { "/c", "Todo" }, { "/c/kitchen", "Cocina" }, { "/c/lights", "Luces" }, { 0 }
};

static Status make_page(Ctx *ctx, const SitePage *head, const PageBlock *blocks)
{
    SitePage *page = site_page_new(ctx);
    page->channel = head->channel;
    page->kind = head->slug.len ? PAGE_KIND_PAGE : PAGE_KIND_HOME;
    page->language = head->language;
    page->slug = head->slug;
    page->title = head->title;
    page->description = head->description;
    for (const PageBlock *block = blocks; block->kind; block++)
        *list_push(ctx->arena, &page->blocks) = *block;
    TRY(site_page_save(ctx, page));
    return page_publish(ctx, page, 0, S(""));
}

static Status make_menu(Ctx *ctx, Id channel, const char *language, MenuPlace place,
                        const Line *lines)
{
    SiteMenu *menu = site_menu_new(ctx);
    menu->channel = channel;
    menu->language = str_from(language);
    menu->place = place;
    for (const Line *line = lines; line->link; line++)
        *list_push(ctx->arena, &menu->entries) =
            (MenuEntry){ .label = str_from(line->words), .link = str_from(line->link) };
    return site_menu_save(ctx, menu);
}

Status demo_pages(Ctx *ctx, Id channel)
{
    const struct {
        SitePage head;
        const PageBlock *blocks;
    } pages[] = {
        { { .language = S("en"),
            .title = S("Gifts for tables, walls and tea times"),
            .description = S("Cakestands, bunting, lights and tins from our own warehouse. Sent "
                             "the next working day, free from £50.") },
          home_en },
        { { .language = S("es"),
            .title = S("Regalos para la mesa, la pared y la merienda"),
            .description = S("Fuentes, banderines, luces y latas desde nuestro propio almacén.") },
          home_es },
        { { .language = S("en"),
            .slug = S("our-story"),
            .title = S("Our story"),
            .description = S("How a market stall became a warehouse, and what we are after.") },
          story_en },
        { { .language = S("en"),
            .slug = S("help"),
            .title = S("Help"),
            .description = S("Delivery, returns and how to reach us.") },
          help_en },
    };
    for (size_t i = 0; i < COUNT(pages); i++) {
        SitePage head = pages[i].head;
        head.channel = channel;
        TRY(make_page(ctx, &head, pages[i].blocks));
    }
    TRY(make_menu(ctx, channel, "en", MENU_PLACE_TOP, top_en));
    TRY(make_menu(ctx, channel, "en", MENU_PLACE_FOOT, foot_en));
    return make_menu(ctx, channel, "es", MENU_PLACE_TOP, top_es);
}
