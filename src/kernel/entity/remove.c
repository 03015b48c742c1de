// remove.c - deleting and archiving. Only drafts and master data that nothing refers to really go;
// all else is archived: it stays unique, leaves pickers and lists, and can be brought back.
#include "kernel/entity/info.h"

#include "base/json.h"
#include "kernel/entity/record.h"
#include "kernel/entity/work.h"

// ---- Who refers to it ---------------------------------------------------------------------------

static Status rows_that_refer(Ctx *ctx, const EntityDef *from, const FieldDef *f, const char *sql,
                              Id id, int limit, ReferrerList *ret)
{
    Id found;
    Rows *rows = db_query(ctx, (Query){ sql, (Arg[]){ arg_int(id) }, 1 });
    while (rows_next(rows, &found))
        if ((int)ret->len < limit)
            *list_push(ctx->arena, ret) = (Referrer){ from, found, f->name };
    return rows_end(rows);
}

static const char *referrer_sql(Ctx *ctx, const EntityDef *from, const FieldDef *f)
{
    if (f->type == FIELD_REFS || f->type == FIELD_CHOICES)
        return sql_intern(str_format(ctx->arena,
                                     "SELECT owner_id FROM %s_%s WHERE target_id = $1 LIMIT 20",
                                     from->name, f->name));
    return sql_intern(
        str_format(ctx->arena, "SELECT id FROM %s WHERE %s_id = $1 LIMIT 20", from->name, f->name));
}

static bool refers(const FieldDef *f, const EntityDef *target)
{
    switch ((FieldType)f->type) {
    case FIELD_REF:
    case FIELD_REFS: return f->of == target;
    case FIELD_CHOICE:
    case FIELD_CHOICES: return strcmp(target->name, "choice") == 0;
    case FIELD_LINK: return true;
    default: return false;
    }
}

static bool is_here(const Ctx *ctx, const EntityDef *e)
{
    return !entity_is_keyed(e) && strcmp(e->module, "control") != 0 &&
           (!ctx->tenant || tenant_has_entity(ctx->tenant, e));
}

// The trail and the timeline refer to everything and hold nothing back; neither do a record's own
// rows.
static bool holds_back(const EntityDef *from, const EntityDef *target)
{
    return from->kind != LOG && from->info->root != target;
}

Status record_referrers(Ctx *ctx, const EntityDef *e, Id id, int limit, ReferrerList *ret)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    *ret = (ReferrerList){ 0 };
    for (size_t i = 0; i < count && (int)ret->len < limit; i++) {
        const EntityDef *from = all[i];
        if (!is_here(ctx, from) || !holds_back(from, e))
            continue;
        for (const FieldDef *f = from->fields; f < from->fields + from->count; f++)
            if (refers(f, e))
                TRY(rows_that_refer(ctx, from, f, referrer_sql(ctx, from, f), id, limit, ret));
    }
    return OK;
}

static Status refuse_in_use(Ctx *ctx, const EntityDef *e, const ReferrerList *referrers)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_open(&json, '{');
    json_key(&json, "referrers");
    json_open(&json, '[');
    EACH (r, *referrers) {
        json_open(&json, '{');
        json_key(&json, "entity");
        json_put_str(&json, str_from(r->entity->name));
        json_key(&json, "id");
        json_put_str(&json, id_text(ctx->arena, r->id));
        json_key(&json, "field");
        json_put_str(&json, str_from(r->field));
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    Status status = FAIL(ctx, E_CONFLICT, "record.in_use",
                         "%zu other records refer to it (the first is a %s); archive it instead",
                         referrers->len, referrers->items[0].entity->label);
    ctx->failure.extra = buf_str(&out);
    return status;
}

// ---- Deleting -----------------------------------------------------------------------------------

static Status check_version(Ctx *ctx, const Record *record, int64_t version)
{
    if (version && record->version != version)
        return FAIL(ctx, E_CONFLICT, "record.changed",
                    "somebody else saved this in the meantime (version %lld, yours was %lld)",
                    (long long)record->version, (long long)version);
    return OK;
}

Status record_delete(Ctx *ctx, const EntityDef *e, Id id, int64_t version)
{
    const Hook *hook = hook_of(e);
    ReferrerList referrers;
    Record *record = arena_alloc(ctx->arena, e->size);
    TRY(record_load(ctx, e, id, record));
    TRY(check_version(ctx, record, version));
    const FieldDef *state = entity_state_field(e);
    if (e->kind == DOCUMENT && state && FIELD_GET(record, state, int) > 1)
        return FAIL(ctx, E_CONFLICT, "record.not_draft",
                    "only a draft can be deleted; what has been released is cancelled or reversed");
    TRY(record_referrers(ctx, e, id, 5, &referrers));
    if (referrers.len)
        return refuse_in_use(ctx, e, &referrers);
    if (hook && hook->before_delete)
        TRY(hook->before_delete(ctx, record));
    TRY(db_write(ctx, (Query){ e->info->delete_sql, (Arg[]){ arg_int(id) }, 1 }));
    work_saved(ctx, e, record, WORK_DELETED);
    return OK;
}

Status record_set_archived(Ctx *ctx, const EntityDef *e, Id id, int64_t version, bool archived)
{
    Record *record = arena_alloc(ctx->arena, e->size);
    TRY(record_load(ctx, e, id, record));
    TRY(check_version(ctx, record, version));
    if (record->is_archived == archived)
        return OK;
    record->is_archived = archived;
    record->version++;
    record->updated_at = ctx->now;
    const char *sql = sql_intern(str_format(
        ctx->arena, "UPDATE %s SET archived = $1, version = $2, updated_at = $3 WHERE id = $4",
        e->name));
    TRY(db_write(ctx, (Query){ sql,
                               (Arg[]){ arg_int(archived), arg_int(record->version),
                                        arg_int(record->updated_at), arg_int(id) },
                               4 }));
    work_saved(ctx, e, record, archived ? WORK_ARCHIVED : WORK_RESTORED);
    return OK;
}
