// record_print.c - a record on paper: which forms its modules offer, and each of them as PDF, in
// the reader's language or in the one that the paper is for.
#include "web/record.h"

#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"

static bool is_open(const Ctx *ctx, const Module *module, const PrintForm *form)
{
    return tenant_has_module(ctx->tenant, module->name) &&
           (!form->permission || actor_may(ctx->actor, form->permission));
}

void record_prints(Ctx *ctx, RecordPage *page)
{
    page->languages = locales_all(&page->language_count);
    for (const Module *const *m = modules_all(); *m; m++)
        for (const PrintForm *p = (*m)->prints; p && p->name; p++)
            if (p->entity == page->entity && is_open(ctx, *m, p))
                *list_push(ctx->arena, &page->prints) = (Print){ p->name, p->label };
}

static const PrintForm *print_named(const EntityDef *e, Str name)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const PrintForm *p = (*m)->prints; p && p->name; p++)
            if (p->entity == e && str_is(name, p->name))
                return p;
    return NULL;
}

// Of those with a catalogue: half a translated paper would be no use to anybody.
static void choose_language(Ctx *ctx, Str wanted)
{
    size_t count;
    const Locale *const *all = locales_all(&count);
    for (size_t i = 0; i < count; i++)
        if (str_eq(all[i]->tag, wanted))
            locale_enter(ctx, all[i], ctx->locale ? ctx->locale->zone : NULL);
}

Status record_print_page(Ctx *ctx)
{
    const EntityDef *e;
    Id id;
    Str pdf;
    TRY(page_entity(ctx, &e));
    TRY(record_key(ctx, e, &id));
    const PrintForm *form = print_named(e, ctx->request->params[3]);
    void *record = arena_alloc(ctx->arena, e->size);
    if (!form)
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such form to print");
    TRY(actor_require(ctx, form->permission ? form->permission : e->info->read_permission));
    TRY(access_get(ctx, e, id, record));
    choose_language(ctx, request_query(ctx->request, "lang"));
    TRY(form->draw(ctx, record, &pdf));
    respond_header(ctx, "content-disposition",
                   str_format(ctx->arena, "inline; filename=\"%s.pdf\"", form->name));
    return respond(ctx, 200, S("application/pdf"), pdf);
}
