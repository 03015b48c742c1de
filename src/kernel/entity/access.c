// access.c - what an actor does to records.
//
// Each operation asks the same three questions in the same order - may you do this at all, do you
// see this row, may you set these fields - and then does it through record.h.
#include "kernel/entity/access.h"

#include "kernel/approval.h"
#include "kernel/audit.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/info.h"
#include "kernel/entity/query.h"
#include "kernel/entity/record.h"
#include "kernel/entity/scope.h"
#include "kernel/entity/work.h"

static Status not_there(Ctx *ctx, const EntityDef *e)
{
    return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such %s",
                str_lower_ascii(ctx->arena, str_from(ctx_text(ctx, e->label))).ptr);
}

// Outside one's scope is as good as not there: nobody learns that it exists.
static Status require_seen(Ctx *ctx, const EntityDef *e, Id id)
{
    bool seen;
    TRY(scope_require_read(ctx, e));
    TRY(entity_may_see(ctx, e, id, &seen));
    return seen ? OK : not_there(ctx, e);
}

static Status require_write(Ctx *ctx, const EntityDef *e)
{
    if (e->api && (strcmp(e->api, "none") == 0 || strcmp(e->api, "read") == 0))
        return FAIL(ctx, E_DENIED, "denied.read_only", "these are written by the program only");
    if (entity_is_entry(e))
        return FAIL(ctx, E_DENIED, "denied.read_only", "these are written by the program only");
    return actor_require(ctx, e->info->write_permission);
}

Status access_get(Ctx *ctx, const EntityDef *e, Id id, void *ret)
{
    TRY(require_seen(ctx, e, id));
    TRY(record_load(ctx, e, id, ret));
    if (e->info->has_personal)
        audit_read(ctx, e, id, "");
    return OK;
}

// The new row must lie in the actor's own scope, or she could write what she may not see.
static Status require_own(Ctx *ctx, const EntityDef *e, Id id)
{
    bool seen;
    if (scope_is_open(ctx))
        return OK;
    TRY(db_flush(ctx));
    TRY(entity_may_see(ctx, e, id, &seen));
    return seen ? OK : FAIL(ctx, E_DENIED, "denied.scope", "this would lie outside what is yours");
}

// A reference that is new here must be to a row that the actor may see: else its title, which
// whoever sees this row is shown, would tell her what is not hers. `before` NULL: all of them are
// new.
static Status require_seen_references(Ctx *ctx, const EntityDef *e, const void *record,
                                      const void *before)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        Id id = f->type == FIELD_REF ? FIELD_GET(record, f, Id) : 0;
        bool seen;
        if (!id || (before && FIELD_GET(before, f, Id) == id) ||
            !actor_may(ctx->actor, ((const EntityDef *)f->of)->info->read_permission))
            continue;
        TRY(entity_may_see(ctx, f->of, id, &seen));
        if (!seen)
            ctx_problem(ctx, str_from(f->name), "field.no_such_record", "there is no such %s",
                        ctx_text(ctx, ((const EntityDef *)f->of)->label));
    }
    return ctx_problems(ctx);
}

// What hangs on a record that was saved.
static Status save_rest(Ctx *ctx, const EntityDef *e, const Record *saved)
{
    TRY(custom_index(ctx, e, saved->id, saved->extra));
    TRY(translations_save(ctx, e, saved->id));
    return require_own(ctx, e, saved->id);
}

static Status save_all(Ctx *ctx, const EntityDef *e, void *record)
{
    TRY(ctx_problems(ctx));
    TRY(record_save(ctx, e, record));
    return save_rest(ctx, e, record);
}

// A new record as the input has it, not saved.
static Status take_in(Ctx *ctx, const EntityDef *e, const Json *input, int flags, Record *ret)
{
    ret->id = id_next(ctx->now);
    TRY(record_from_json(ctx, e, input, flags, ret));
    TRY(require_seen_references(ctx, e, ret, NULL));
    return ctx_problems(ctx);
}

Status access_create(Ctx *ctx, const EntityDef *e, const Json *input, int flags, Id *ret)
{
    TRY(require_write(ctx, e));
    Record *record = record_new(ctx, e);
    TRY(take_in(ctx, e, input, flags, record));
    TRY(save_all(ctx, e, record));
    *ret = record->id;
    return OK;
}

// What it may take two people for is asked for, or done, of a record that is there.
static Status create_and_run(Ctx *ctx, const EntityDef *e, const Json *input, const Action *action,
                             void *ret, bool *ret_asked)
{
    Id id;
    Link made;
    TRY(access_create(ctx, e, input, 0, &id));
    TRY(action_run(ctx, e, id, 0, action->name, NULL, 0, &made));
    *ret_asked = action_was_asked(made);
    return record_load(ctx, e, id, ret);
}

Status access_create_then(Ctx *ctx, const EntityDef *e, const Json *input, Str name, void *ret,
                          bool *ret_asked)
{
    const Action *action = action_named(e, name);
    *ret_asked = false;
    TRY(require_write(ctx, e));
    TRY(scope_require_read(ctx, e));
    if (!action || !action_may_follow(e, action))
        return FAIL(ctx, E_INVALID, "query.then", "'" STR_FMT "' cannot follow a creation here",
                    STR_ARG(name));
    TRY(actor_require_action(ctx, e, action));
    if (approval_is_known(e))
        return create_and_run(ctx, e, input, action, ret, ret_asked);
    record_defaults(ctx, e, ret);
    TRY(take_in(ctx, e, input, 0, ret));
    TRY(action_do_new(ctx, e, ret, action->name));
    TRY(save_rest(ctx, e, ret));
    return record_derive(ctx, e, ret);
}

static bool row_stays(const EntityDef *child, const void *row, const void *before)
{
    for (const FieldDef *f = child->fields; f < child->fields + child->count; f++) {
        bool is_free = f->flags & (OPEN | READONLY);
        bool same =
            f->type == FIELD_LIST ? children_equal(f, row, before) : field_equal(f, row, before);
        if (!is_free && !same)
            return false;
    }
    return *(const Id *)row == *(const Id *)before;
}

// The same rows in the same order, changed in their own open fields at most.
static bool rows_stay(const FieldDef *list, const void *record, const void *before)
{
    const EntityDef *child = list->of;
    const AnyList *rows = &FIELD_GET(record, list, AnyList),
                  *old = &FIELD_GET(before, list, AnyList);
    if (entity_is_entry(child))
        return true;
    for (size_t i = 0; rows->len == old->len && i < rows->len; i++)
        if (!row_stays(child, (const char *)rows->items + i * child->size,
                       (const char *)old->items + i * child->size))
            return false;
    return rows->len == old->len;
}

// After a document has left its first state only `open` fields may be edited, its own and its
// rows'; the rest moves by actions.
static Status require_open(Ctx *ctx, const EntityDef *e, const void *record, const void *before)
{
    const FieldDef *state = entity_state_field(e);
    if (e->kind != DOCUMENT || !state || FIELD_GET(before, state, int) <= 1)
        return OK;
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        bool is_free = f->flags & (OPEN | READONLY) || f->type == FIELD_STATE;
        bool same =
            f->type == FIELD_LIST ? rows_stay(f, record, before) : field_equal(f, record, before);
        if (!is_free && !same)
            ctx_problem(ctx, str_from(f->name), "document.released",
                        "this was released and can no longer be edited here");
    }
    return ctx_problems(ctx);
}

static Status check_version(Ctx *ctx, const EntityDef *e, const Record *record, int64_t version)
{
    if (version == 0 || record->version == version)
        return OK;
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    TRY(record_to_json(ctx, e, record, JSON_MASKED, NULL, &json));
    Status status = FAIL(ctx, E_CONFLICT, "record.changed",
                         "somebody else saved this in the meantime (version %lld, yours was %lld)",
                         (long long)record->version, (long long)version);
    ctx->failure.extra = buf_str(&out);
    return status;
}

Status access_update(Ctx *ctx, const EntityDef *e, Id id, int64_t version, const Json *input,
                     int flags)
{
    void *record = arena_alloc(ctx->arena, e->size), *before = arena_alloc(ctx->arena, e->size);
    TRY(require_write(ctx, e));
    TRY(require_seen(ctx, e, id));
    TRY(record_load(ctx, e, id, record));
    TRY(check_version(ctx, e, record, version));
    record_copy(ctx->arena, e, record, before);
    TRY(record_from_json(ctx, e, input, flags, record));
    TRY(require_seen_references(ctx, e, record, before));
    TRY(require_open(ctx, e, record, before));
    return save_all(ctx, e, record);
}

Status access_delete(Ctx *ctx, const EntityDef *e, Id id, int64_t version)
{
    TRY(require_write(ctx, e));
    TRY(require_seen(ctx, e, id));
    return record_delete(ctx, e, id, version);
}

Status access_archive(Ctx *ctx, const EntityDef *e, Id id, int64_t version, bool archived)
{
    TRY(require_write(ctx, e));
    TRY(require_seen(ctx, e, id));
    return record_set_archived(ctx, e, id, version, archived);
}

// ---- Upserts ------------------------------------------------------------------------------------

// The record that the input means: by its id, or by the first field of `import:`.
static Status find_meant(Ctx *ctx, const EntityDef *e, const Json *input, Id *ret)
{
    Str key, value = S(""), rest = str_from(e->import);
    *ret = 0;
    if (id_parse(json_str(input, "id"), ret))
        return OK;
    if (!str_next_word(&rest, &key))
        return OK;
    const FieldDef *f = entity_field(e, key);
    const Json *given = f ? json_get(input, f->name) : NULL;
    if (given && (given->type == JSON_STRING || given->type == JSON_NUMBER))
        value = str_trim(given->text);
    return f && f->flags & UNIQUE && value.len ? record_find(ctx, e, f->name, value, ret) : OK;
}

Status access_upsert(Ctx *ctx, const EntityDef *e, const Json *input, int flags, Id *ret,
                     bool *ret_created)
{
    TRY(find_meant(ctx, e, input, ret));
    *ret_created = *ret == 0;
    return *ret ? access_update(ctx, e, *ret, 0, input, flags)
                : access_create(ctx, e, input, flags, ret);
}
