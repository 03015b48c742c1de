// verify_links.c - that references lead somewhere. The engines watch over references between
// ordinary tables; nobody watches over keyed tables, which have no foreign keys, and over links,
// which name one of several kinds of record. What has been removed on purpose leaves links of logs
// and ledgers behind: those are history and are not looked at.
#include "base/list.h"
#include "kernel/entity/info.h"
#include "kernel/verify.h"

typedef LIST(Str) KindList;

static Status count_lost(Ctx *ctx, VerifyRun *run, const EntityDef *e, const FieldDef *f,
                         const char *target, Str sql)
{
    int64_t lost;
    TRY(db_one(ctx, ((Query){ sql_intern(sql), NULL, 0 }), &lost));
    if (lost > 0)
        verify_found(ctx, run, "kernel.references",
                     "%lld rows of %s have a %s that is no %s any more", (long long)lost, e->name,
                     f->name, target);
    return OK;
}

static Status check_ref(Ctx *ctx, VerifyRun *run, const EntityDef *e, const FieldDef *f)
{
    const EntityDef *target = f->of;
    Str sql = str_format(ctx->arena,
                         "SELECT COUNT(*) FROM %s t WHERE t.%s_id <> 0 AND NOT EXISTS"
                         " (SELECT 1 FROM %s o WHERE o.id = t.%s_id)",
                         e->name, f->name, target->name, f->name);
    return count_lost(ctx, run, e, f, target->name, sql);
}

static Status kinds_of(Ctx *ctx, const EntityDef *e, const FieldDef *f, KindList *ret)
{
    Str kind;
    Str sql = str_format(ctx->arena, "SELECT DISTINCT %s_kind FROM %s WHERE %s_kind <> ''", f->name,
                         e->name, f->name);
    Rows *rows = db_query(ctx, ((Query){ sql_intern(sql), NULL, 0 }));
    while (rows_next(rows, &kind))
        *list_push(ctx->arena, ret) = kind;
    return rows_end(rows);
}

static Status check_link(Ctx *ctx, VerifyRun *run, const EntityDef *e, const FieldDef *f)
{
    KindList kinds = { 0 };
    TRY(kinds_of(ctx, e, f, &kinds));
    EACH (kind, kinds) {
        const EntityDef *target = entity_named(*kind);
        if (!target || entity_is_keyed(target) || strcmp(target->module, "control") == 0) {
            verify_found(ctx, run, "kernel.references",
                         "%s.%s names '" STR_FMT "', which is no kind of record", e->name, f->name,
                         STR_ARG(*kind));
            continue;
        }
        Str sql = str_format(ctx->arena,
                             "SELECT COUNT(*) FROM %s t WHERE t.%s_kind = '%s' AND NOT EXISTS"
                             " (SELECT 1 FROM %s o WHERE o.id = t.%s_id)",
                             e->name, f->name, target->name, target->name, f->name);
        TRY(count_lost(ctx, run, e, f, target->name, sql));
    }
    return OK;
}

static bool is_here(const Ctx *ctx, const EntityDef *e)
{
    return tenant_has_entity(ctx->tenant, e);
}

static Status check_fields(Ctx *ctx, VerifyRun *run, const EntityDef *e)
{
    for (int i = 0; i < e->count; i++) {
        const FieldDef *f = &e->fields[i];
        if (f->type == FIELD_REF && entity_is_keyed(e) && is_here(ctx, f->of))
            TRY(check_ref(ctx, run, e, f));
        if (f->type == FIELD_LINK && !entity_is_entry(e))
            TRY(check_link(ctx, run, e, f));
    }
    return OK;
}

Status verify_links(Ctx *ctx, VerifyRun *run)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (is_here(ctx, all[i]))
            TRY(check_fields(ctx, run, all[i]));
    }
    return OK;
}
