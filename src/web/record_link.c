// record_link.c - pages that belong to one record and have a shape of their own: which of them its
// page offers, and the record that they are about.
#include "web/record.h"

#include "kernel/auth/actor.h"
#include "kernel/tenant.h"
#include "web/scan.h"

bool record_is_in(const EntityDef *e, const void *record, const char *states)
{
    const FieldDef *state = entity_state_field(e);
    Str rest = str_from(states), one;
    if (!states)
        return true;
    const EnumDef *words = state->of;
    while (str_next(&rest, '|', &one))
        if (str_is(one, words->values[FIELD_GET(record, state, int)].name))
            return true;
    return false;
}

Status linked_record(Ctx *ctx, const EntityDef *e, void *ret)
{
    Str key = ctx->request->params[0];
    Id id;
    if (!str_starts(key, S("~")) || !id_parse(str_from_at(key, 1), &id))
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such page");
    return access_get(ctx, e, id, ret);
}

static void add_link(Ctx *ctx, RecordPage *page, const char *label, const char *icon, Url url)
{
    *list_push(ctx->arena, &page->links) = (LinkView){ tr(ctx, label), icon, url };
}

void record_links(Ctx *ctx, RecordPage *page)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const RecordLink *link = (*m)->links; link && link->entity; link++)
            if (link->entity == page->entity && tenant_has_module(ctx->tenant, (*m)->name) &&
                actor_may(ctx->actor, link->permission) &&
                record_is_in(page->entity, page->record, link->states))
                add_link(ctx, page, link->label, link->icon,
                         record_page_url(ctx->arena, page->entity, page->id, link->page));
    Url scan = scan_url(ctx, page->entity, page->record);
    if (scan.text.len)
        add_link(ctx, page, TEXT("Scan"), "scan", scan);
}
