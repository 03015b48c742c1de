// menu.c - menus, and addresses that have moved. A chain of moves is kept one step long: what led
// to an address that moves again is led on at once.
#include "modules/cms/cms.h"

enum { ENTRIES_MAX = 40 };

Status menu_find(Ctx *ctx, Id channel, Str language, MenuPlace place, MenuEntryList *ret)
{
    MenuEntry entry = { 0 };
    Rows *rows =
        db_query(ctx, SQL("SELECT e.label, e.link FROM site_menu m"
                          " JOIN menu_entry e ON e.site_menu_id = m.id"
                          " WHERE m.channel_id = $1 AND m.language = $2 AND m.place = $3"
                          " AND m.archived = 0 ORDER BY e.position LIMIT $4",
                          channel, language, menu_place_enum.values[place].name, ENTRIES_MAX));
    *ret = (MenuEntryList){ 0 };
    while (rows_next(rows, &entry.label, &entry.link))
        *list_push(ctx->arena, ret) = entry;
    return rows_end(rows);
}

Status redirect_find(Ctx *ctx, Id channel, Str path, Str *ret_to, bool *ret_found)
{
    return db_maybe(ctx,
                    SQL("SELECT to_path FROM site_redirect"
                        " WHERE channel_id = $1 AND from_path = $2 AND archived = 0",
                        channel, path),
                    ret_found, ret_to);
}

static Status lead_on(Ctx *ctx, Id channel, Str from_path, Str to_path)
{
    IdList earlier = { 0 };
    Id id;
    Rows *rows = db_query(ctx, SQL("SELECT id FROM site_redirect"
                                   " WHERE channel_id = $1 AND (to_path = $2 OR from_path = $2)"
                                   " ORDER BY id LIMIT 1000",
                                   channel, from_path));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &earlier) = id;
    TRY(rows_end(rows));
    EACH (at, earlier) {
        SiteRedirect redirect;
        TRY(site_redirect_load(ctx, *at, &redirect));
        redirect.to_path = to_path;
        TRY(site_redirect_save(ctx, &redirect));
    }
    return OK;
}

Status redirect_add(Ctx *ctx, Id channel, Str from_path, Str to_path)
{
    Str to;
    bool found;
    TRY(lead_on(ctx, channel, from_path, to_path));
    TRY(redirect_find(ctx, channel, from_path, &to, &found));
    if (found)
        return OK;
    SiteRedirect *redirect = site_redirect_new(ctx);
    redirect->channel = channel;
    redirect->from_path = from_path;
    redirect->to_path = to_path;
    return site_redirect_save(ctx, redirect);
}
