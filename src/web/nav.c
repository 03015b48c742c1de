// nav.c - the menu: modules' own rows, grouped in one fixed order, without what somebody may not
// open.
#include "web/web.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"

// The groups that Module.nav names, in the order of the page. "" stands on top, without a heading.
static const char *const groups[] = {
    "",           TEXT("Sell"),    TEXT("Catalogue"), TEXT("Content"), TEXT("Make"),
    TEXT("Buy"),  TEXT("Stock"),   TEXT("Serve"),     TEXT("Money"),   TEXT("People"),
    TEXT("Know"), TEXT("Settings")
};

static bool is_open(const Ctx *ctx, const Module *module, const NavItem *item)
{
    if (!tenant_has_module(ctx->tenant, module->name))
        return false;
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

static void fill_group(Ctx *ctx, NavGroup *group)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const NavItem *item = (*m)->nav; item && item->group; item++)
            if (strcmp(item->group, group->label) == 0 && is_open(ctx, *m, item))
                add_link(ctx, item, group);
    EACH (link, group->links)
        group->is_here |= link->is_here;
    group->is_folded = strcmp(group->label, "Settings") == 0;
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

NavGroupList nav_groups(Ctx *ctx)
{
    NavGroupList list = { 0 };
    if (!ctx->tenant || !ctx->actor || ctx->actor->kind != ACTOR_STAFF)
        return list;
    for (size_t i = 0; i < COUNT(groups); i++) {
        NavGroup group = { .label = groups[i] };
        fill_group(ctx, &group);
        if (group.links.len)
            *list_push(ctx->arena, &list) = group;
    }
    choose_letters(&list);
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
