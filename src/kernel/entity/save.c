// save.c - saving records: fill, check, hooks, then the fewest statements that make the database
// say what the struct says.
//
// The header's version guards everything the record owns: children are inserted, updated and
// deleted without conditions of their own, since whoever holds the version holds them all. The lane
// runs one member after another, so between the look at the version and the write nothing can come
// in between.
#include "kernel/entity/info.h"

#include "kernel/entity/codec.h"
#include "kernel/entity/record.h"
#include "kernel/entity/work.h"
#include "kernel/event.h"
#include "kernel/i18n.h"

#include <assert.h>
#include <stddef.h>

enum { ARGS_MAX = 160 };

static Status write_row(Ctx *ctx, const EntityDef *e, const void *record, bool is_insert)
{
    Arg args[ARGS_MAX];
    int n;
    assert(e->info->slots.len + 2 < ARGS_MAX);
    TRY(slot_args(ctx, e, record, is_insert, args, &n));
    if (!is_insert)
        args[n++] = arg_int(*(const Id *)record);
    const char *sql = is_insert ? e->info->insert_sql : e->info->update_sql;
    return db_write(ctx, (Query){ sql, args, n });
}

// ---- Parts --------------------------------------------------------------------------------------

static AnyList *list_at(const void *record, const FieldDef *field)
{
    return FIELD_AT((void *)record, field, AnyList);
}

static Status save_parts(Ctx *ctx, const EntityDef *e, void *record, const void *before);

static const void *child_with_id(const AnyList *list, size_t size, Id id)
{
    for (size_t i = 0; list && i < list->len; i++) {
        const char *item = (const char *)list->items + i * size;
        if (*(const Id *)item == id)
            return item;
    }
    return NULL;
}

static bool row_changed(const EntityDef *e, const void *a, const void *b)
{
    EACH (slot, e->info->slots)
        if (slot->is_written && slot->is_read && slot->is_updated && !slot_equal(slot, a, b))
            return true;
    return false;
}

static Status delete_children(Ctx *ctx, const EntityDef *child, const AnyList *gone,
                              const AnyList *kept)
{
    for (size_t i = 0; gone && i < gone->len; i++) {
        Id id = *(const Id *)((const char *)gone->items + i * child->size);
        if (!child_with_id(kept, child->size, id))
            TRY(db_write(ctx, (Query){ child->info->delete_sql, (Arg[]){ arg_int(id) }, 1 }));
    }
    return OK;
}

// Position is the order in the list. Removing comes first, so that a unique rule among the children
// is not hit by a row that is on its way out.
static Status save_children(Ctx *ctx, const Part *part, void *record, const void *before)
{
    const EntityDef *child = part->child;
    AnyList *now = list_at(record, part->field),
            *old = before ? list_at(before, part->field) : NULL;
    if (entity_is_entry(child))
        return OK;  // ledger rows are appended by code, never saved with their parent
    TRY(delete_children(ctx, child, old, now));
    for (size_t i = 0; i < now->len; i++) {
        Child *row = (Child *)((char *)now->items + i * child->size);
        const void *was = row->id ? child_with_id(old, child->size, row->id) : NULL;
        if (row->id == 0)
            row->id = id_next(ctx->now);
        row->parent = *(Id *)record;
        row->position = (int32_t)i;
        if (!was || row_changed(child, row, was))
            TRY(write_row(ctx, child, row, was == NULL));
        TRY(save_parts(ctx, child, row, was));
    }
    return OK;
}

static Status save_references(Ctx *ctx, const Part *part, void *record, const void *before)
{
    if (before ? field_equal(part->field, record, before) : list_at(record, part->field)->len == 0)
        return OK;
    Id owner = *(Id *)record;
    if (before)
        TRY(db_write(ctx, (Query){ part->delete_sql, (Arg[]){ arg_int(owner) }, 1 }));
    IdList *targets = FIELD_AT(record, part->field, IdList);
    for (size_t i = 0; i < targets->len; i++)
        TRY(db_write(ctx, (Query){ part->insert_sql,
                                   (Arg[]){ arg_int(owner), arg_int(targets->items[i]),
                                            arg_int((int64_t)i) },
                                   3 }));
    return OK;
}

static Status save_parts(Ctx *ctx, const EntityDef *e, void *record, const void *before)
{
    EACH (part, e->info->parts)
        TRY(part->child ? save_children(ctx, part, record, before)
                        : save_references(ctx, part, record, before));
    return OK;
}

static bool parts_equal(const EntityDef *e, const void *a, const void *b)
{
    EACH (part, e->info->parts)
        if (part->child ? !children_equal(part->field, a, b) : !field_equal(part->field, a, b))
            return false;
    return true;
}

bool children_equal(const FieldDef *list, const void *a, const void *b)
{
    const EntityDef *child = list->of;
    const AnyList *x = list_at(a, list), *y = list_at(b, list);
    if (entity_is_entry(child))
        return true;
    for (size_t i = 0; x->len == y->len && i < x->len; i++) {
        const char *p = (const char *)x->items + i * child->size;
        const char *q = (const char *)y->items + i * child->size;
        if (*(const Id *)p != *(const Id *)q || row_changed(child, p, q) ||
            !parts_equal(child, p, q))
            return false;
    }
    return x->len == y->len;
}

// ---- Trees --------------------------------------------------------------------------------------
// `path` is the ids from the top, each as 13 characters: a subtree is one range of the index.

static Status place_in_tree(Ctx *ctx, const EntityDef *e, void *node, const void *before)
{
    Id above = *(Id *)((char *)node + e->above_at);
    Str *path = (Str *)((char *)node + e->path_at), above_path = S("");
    Str old = before ? *(const Str *)((const char *)before + e->path_at) : S("");
    if (above) {
        const char *sql =
            sql_intern(str_format(ctx->arena, "SELECT path FROM %s WHERE id = $1", e->name));
        TRY(db_one(ctx, ((Query){ sql, (Arg[]){ arg_int(above) }, 1 }), &above_path));
    }
    Str own = id_text(ctx->arena, *(Id *)node);
    if (str_find(above_path, own) >= 0)
        return FAIL(ctx, E_INVALID, "tree.loop", "it cannot stand below itself");
    *path = str_join(ctx->arena, above_path, own);
    if (!before || str_eq(old, *path))
        return OK;
    const char *sql = sql_intern(str_format(
        ctx->arena, "UPDATE %s SET path = $1 || substr(path, $2) WHERE path > $3 AND path < $4",
        e->name));
    Str end = str_join(ctx->arena, old, S("~"));  // behind every base32 digit
    return db_write(ctx, (Query){ sql,
                                  (Arg[]){ arg_text(*path), arg_int((int64_t)old.len + 1),
                                           arg_text(old), arg_text(end) },
                                  4 });
}

// ---- Saving -------------------------------------------------------------------------------------

static Status draw_series(Ctx *ctx, const EntityDef *e, void *record)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        bool wanted =
            f->more && f->more->series && !(f->flags & GAPLESS) && field_is_empty(f, record);
        if (wanted)
            TRY(number_draw(ctx, e, f->name, tenant_today(ctx), FIELD_AT(record, f, Str)));
    }
    return OK;
}

static Status changed_meanwhile(Ctx *ctx, const EntityDef *e, const void *current, int64_t seen)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    TRY(record_to_json(ctx, e, current, JSON_MASKED, NULL, &json));
    Status status = FAIL(ctx, E_CONFLICT, "record.changed",
                         "somebody else saved this in the meantime (version %lld, yours was %lld)",
                         (long long)((const Record *)current)->version, (long long)seen);
    ctx->failure.extra = buf_str(&out);
    return status;
}

static Status before_image(Ctx *ctx, const EntityDef *e, const Record *record, const void **ret)
{
    *ret = NULL;
    if (record->version == 0)
        return OK;
    *ret = work_before(ctx, e, record->id);
    if (*ret == NULL ||
        ((const Record *)work_current(ctx, e, record->id))->version != record->version) {
        void *current = arena_alloc(ctx->arena, e->size);
        TRY(record_load(ctx, e, record->id, current));
        if (((Record *)current)->version != record->version)
            return changed_meanwhile(ctx, e, current, record->version);
    }
    *ret = work_current(ctx, e, record->id);
    return OK;
}

static Status write_record(Ctx *ctx, const EntityDef *e, Record *record, const void *before)
{
    if (before) {
        Arg args[ARGS_MAX];
        int n;
        int64_t changed, seen = record->version++;
        TRY(slot_args(ctx, e, record, false, args, &n));
        args[n++] = arg_int(record->id);
        args[n++] = arg_int(seen);
        TRY(db_change(ctx, (Query){ e->info->update_sql, args, n }, &changed));
        if (changed == 0)
            return FAIL(ctx, E_BUSY, "record.moved", "the record changed while it was saved");
    } else {
        record->version = 1;
        TRY(write_row(ctx, e, record, true));
    }
    return save_parts(ctx, e, record, before);
}

// Everything up to the writing: what the record says, and whether it may say so.
static Status complete(Ctx *ctx, const EntityDef *e, Record *record, const void *before)
{
    const Hook *hook = hook_of(e);
    if (!before) {
        record->id = record->id ? record->id : id_next(ctx->now);
        record->created_at = ctx->now;
    }
    record->updated_at = ctx->now;
    TRY(record_fill(ctx, e, record));
    if (hook && hook->before_save)
        TRY(hook->before_save(ctx, record, before));
    return record_check(ctx, e, record);
}

static void name_children(Ctx *ctx, const EntityDef *e, void *record)
{
    EACH (part, e->info->parts) {
        const EntityDef *child = part->child;
        AnyList *rows = list_at(record, part->field);
        for (size_t i = 0; child && !entity_is_entry(child) && i < rows->len; i++) {
            Child *row = (Child *)((char *)rows->items + i * child->size);
            row->id = row->id ? row->id : id_next(ctx->now);
            name_children(ctx, child, row);
        }
    }
}

Status record_make_ready(Ctx *ctx, const EntityDef *e, void *record)
{
    assert(entity_is_root(e) && db_is_writing(ctx) && ((Record *)record)->version == 0);
    TRY(complete(ctx, e, record, NULL));
    name_children(ctx, e, record);
    return OK;
}

Status record_save(Ctx *ctx, const EntityDef *e, void *saved)
{
    Record *record = saved;
    const Hook *hook = hook_of(e);
    const void *before;
    assert(entity_is_root(e) && db_is_writing(ctx));

    TRY(before_image(ctx, e, record, &before));
    TRY(complete(ctx, e, record, before));
    if (!before)
        TRY(draw_series(ctx, e, record));
    if (e->tree)
        TRY(place_in_tree(ctx, e, saved, before));
    TRY(write_record(ctx, e, record, before));
    work_saved(ctx, e, record, before ? WORK_CHANGED : WORK_CREATED);
    return hook && hook->after_save ? hook->after_save(ctx, record, before) : OK;
}

// ---- Logs ---------------------------------------------------------------------------------------

Status record_update_log(Ctx *ctx, const EntityDef *e, void *entry)
{
    assert(e->kind == LOG && db_is_writing(ctx));
    TRY(record_check(ctx, e, entry));
    return write_row(ctx, e, entry, false);
}
