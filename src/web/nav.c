// nav.c - the menu: modules' own rows, grouped in one fixed order, without what somebody may not
// open.
#include "web/web.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "kernel/inbox.h"

// The groups that Module.nav names, in the order of the page. "" stands on top, without a heading.
static const char *const groups[] = {
    "",           TEXT("Sell"),    TEXT("Catalogue"), TEXT("Content"), TEXT("Make"),
    TEXT("Buy"),  TEXT("Stock"),   TEXT("Serve"),     TEXT("Money"),   TEXT("People"),
    TEXT("Know"), TEXT("Settings")
};

static bool is_open(const Ctx *ctx, const NavItem *item)
{
    if (item->entity && !entity_is_open(ctx, item->entity))
        return false;
    return !item->permission || actor_may(ctx->actor, item->permission);
}

// "/admin/oms/orders" is here for its own list and everything below it; the home page only for
// itself.
static bool is_here(const Ctx *ctx, Str url)
{
    Str path = ctx->request->path;
    if (!str_starts(path, url) || (str_is(url, "/admin") && path.len > url.len))
        return false;
    return path.len == url.len || path.ptr[url.len] == '/';
}

static void add_link(Ctx *ctx, const NavItem *item, NavGroup *group)
{
    const EntityDef *e = item->entity;
    NavLink *link = list_push(ctx->arena, &group->links);
    link->label = item->label ? item->label : e->plural;
    link->icon = item->icon ? item->icon : e && e->icon ? e->icon : "list";
    link->url = item->href ? (Url){ str_from(item->href) } : entity_url(ctx->arena, e);
    link->is_here = is_here(ctx, link->url.text);
    link->entity = e;
}

static NavGroup *group_named(NavGroup all[COUNT(groups)], const char *label)
{
    for (size_t i = 0; i < COUNT(groups); i++)
        if (strcmp(groups[i], label) == 0)
            return &all[i];
    return NULL;
}

static void fill_groups(Ctx *ctx, NavGroup all[COUNT(groups)])
{
    for (const Module *const *m = modules_all(); *m; m++) {
        const NavItem *items = tenant_has(ctx->tenant, *m) ? (*m)->nav : NULL;
        for (const NavItem *item = items; item && item->group; item++) {
            NavGroup *group = group_named(all, item->group);
            if (group && is_open(ctx, item))
                add_link(ctx, item, group);
        }
    }
}

static void finish_group(NavGroup *group, const char *label)
{
    group->label = label;
    EACH (link, group->links)
        group->is_here |= link->is_here;
    group->is_folded = strcmp(label, "Settings") == 0;
}

// G and the first letter of its English name that is still free: the same for everybody with the
// same menu, whatever the language.
static void choose_letters(NavGroupList *list)
{
    bool is_taken[26] = { false };
    EACH (group, *list)
        EACH (link, group->links)
            for (const char *at = link->label; *at; at++) {
                int letter = (*at | 0x20) - 'a';
                if (letter < 0 || letter >= 26 || is_taken[letter])
                    continue;
                is_taken[letter] = true;
                link->go[0] = (char)('A' + letter);
                break;
            }
}

// Pages that stand outside the company's snapshot, like those of failures, go without.
static void count_inbox(Ctx *ctx, NavGroupList *list)
{
    int64_t count = 0;
    if (!ctx->conn || inbox_count(ctx, &count) != OK) {
        ctx_recover(ctx);
        return;
    }
    EACH (group, *list)
        EACH (link, group->links)
            if (str_is(link->url.text, "/admin/inbox"))
                link->count = count;
}

NavGroupList nav_groups(Ctx *ctx)
{
    NavGroupList list = { 0 };
    if (!ctx->tenant || !ctx->actor || ctx->actor->kind != ACTOR_STAFF)
        return list;
    NavGroup all[COUNT(groups)] = { 0 };
    fill_groups(ctx, all);
    for (size_t i = 0; i < COUNT(groups); i++) {
        finish_group(&all[i], groups[i]);
        if (all[i].links.len)
            *list_push(ctx->arena, &list) = all[i];
    }
    choose_letters(&list);
    count_inbox(ctx, &list);
    return list;
}

const char *nav_group_of(const EntityDef *e)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const NavItem *item = (*m)->nav; item && item->group; item++)
            if (item->entity == e)
                return item->group;
    return NULL;
}
