// cms.h - pages, menus and moved addresses, for the modules that show them to visitors.
//
// A page belongs to a channel and a language. Whoever shows it decides at which address; links
// inside pages are written from the site's root ("/c/kitchen"), and `base` is what stands before
// them.
#pragma once

#include "gen/cms.gen.h"
#include "web/html.h"

typedef struct PageView {
    Id page;
    PageKind kind;
    Str slug, language, title, description;
    PageBlockList blocks;
    bool is_gone;  // was there, and was taken off for good
    Time live_from;
} PageView;

// What visitors see at ctx->now. *ret_found false: there is none, or none has been published yet.
MUST_CHECK Status page_find(Ctx *ctx, Id channel, Str language, Str slug, PageView *ret,
                            bool *ret_found);
// The page as it is being written.
MUST_CHECK Status page_draft(Ctx *ctx, Id page, PageView *ret);
// Every page that visitors see, for a sitemap; blocks are left out. At most PAGES_MAX.
enum { PAGES_MAX = 1000 };
typedef LIST(PageView) PageViewList;
MUST_CHECK Status pages_live(Ctx *ctx, Id channel, PageViewList *ret);

// The entries, none where there is no such menu.
MUST_CHECK Status menu_find(Ctx *ctx, Id channel, Str language, MenuPlace place,
                            MenuEntryList *ret);
// Where an address has moved to; *ret_to "" with *ret_found: it is gone for good.
MUST_CHECK Status redirect_find(Ctx *ctx, Id channel, Str path, Str *ret_to, bool *ret_found);
// From now on the old address leads to the new one, and what led to the old one as well.
MUST_CHECK Status redirect_add(Ctx *ctx, Id channel, Str from_path, Str to_path);

// Publishes the draft from an instant on (0: now). For what writes pages without a person.
MUST_CHECK Status page_publish(Ctx *ctx, SitePage *page, Time from, Str note);

// ---- Words --------------------------------------------------------------------------------------

// Our small markup: blank lines part paragraphs, "- " begins an item, "## " a heading, **bold**,
// [text](address). Nothing else means anything, and everything is escaped.
Html rich_html(Ctx *ctx, Str words, Str base);
// A text in parts, each under a "## " heading: questions, values, voices. What stands before the
// first heading is `ret_lead`.
typedef struct RichPart {
    Str heading, words;
} RichPart;
typedef LIST(RichPart) RichPartList;
void rich_parts(Ctx *ctx, Str words, Str *ret_lead, RichPartList *ret);
// "/c/kitchen" behind `base`, or an address elsewhere; "#" for what is neither.
Url site_link(Ctx *ctx, Str link, Str base);
