// work.c - the unit of work: images of the records that a lane member touched.
//
// An image shares the texts of the record (they never change in place) and has its own structs and
// lists, so remembering an order costs a few copies and no allocation per field.
#include "kernel/entity/work.h"

#include "kernel/audit.h"
#include "kernel/entity/memo.h"
#include "kernel/entity/record.h"
#include "kernel/event.h"
#include "kernel/search.h"

// ---- Images -------------------------------------------------------------------------------------

static void copy_lists(Arena *arena, const EntityDef *e, void *record)
{
    EACH (part, e->info->parts) {
        AnyList *list = FIELD_AT(record, part->field, AnyList);
        size_t size = part->child ? part->child->size : sizeof(Id);
        void *items = list->len ? arena_alloc_array(arena, size, list->len) : NULL;
        if (items)
            memcpy(items, list->items, list->len * size);
        *list = (AnyList){ items, list->len, list->len };
        for (size_t i = 0; part->child && i < list->len; i++)
            copy_lists(arena, part->child, (char *)items + i * size);
    }
}

void record_copy(Arena *arena, const EntityDef *e, const void *record, void *ret)
{
    memcpy(ret, record, e->size);
    copy_lists(arena, e, ret);
}

static void *image(Arena *arena, const EntityDef *e, const void *record)
{
    void *copy = arena_alloc(arena, e->size);
    record_copy(arena, e, record, copy);
    return copy;
}

// ---- The list -----------------------------------------------------------------------------------

static Status finish(Ctx *ctx, void *arg);

Work *work_of(Ctx *ctx)
{
    void **slot = member_slot(ctx, MEMBER_WORK);
    if (!*slot) {
        Work *work = NEW(ctx->arena, Work);
        *slot = work;
        before_commit(ctx, finish, work);
    }
    return *slot;
}

static WorkItem *item_of(Work *work, const EntityDef *e, Id id)
{
    EACH (item, work->items)
        if (item->id == id && item->entity == e)
            return item;
    return NULL;
}

static WorkItem *item_make(Ctx *ctx, const EntityDef *e, Id id)
{
    Work *work = work_of(ctx);
    WorkItem *item = item_of(work, e, id);
    if (!item) {
        item = list_push(ctx->arena, &work->items);
        *item = (WorkItem){ .entity = e, .id = id };
    }
    return item;
}

void work_remember(Ctx *ctx, const EntityDef *e, const void *record)
{
    WorkItem *item = item_make(ctx, e, *(const Id *)record);
    const void *copy = image(ctx->arena, e, record);
    if (!item->before && !item->is_dirty)
        item->before = copy;
    item->after = copy;
}

const void *work_before(Ctx *ctx, const EntityDef *e, Id id)
{
    WorkItem *item = item_of(work_of(ctx), e, id);
    return item ? item->before : NULL;
}

const void *work_current(Ctx *ctx, const EntityDef *e, Id id)
{
    WorkItem *item = item_of(work_of(ctx), e, id);
    return item ? item->after : NULL;
}

void work_saved(Ctx *ctx, const EntityDef *e, const void *record, WorkKind kind)
{
    WorkItem *item = item_make(ctx, e, *(const Id *)record);
    memo_forget(ctx, kind == WORK_DELETED ? NULL : e);
    bool was_new = item->is_dirty && item->kind == WORK_CREATED;
    item->after = image(ctx->arena, e, record);
    item->kind = was_new && kind == WORK_CHANGED ? WORK_CREATED : kind;
    item->act = work_of(ctx)->act ? work_of(ctx)->act : item->act;
    item->is_dirty = true;
}

// ---- The end of the member ----------------------------------------------------------------------

// The control database has no trail of its own: who changes it is noted in the log.
static bool is_followed(const WorkItem *item)
{
    return item->is_dirty && strcmp(item->entity->module, "control") != 0;
}

static Status finish(Ctx *ctx, void *arg)
{
    Work *work = arg;
    for (size_t i = 0; i < work->items.len; i++) {
        WorkItem *item = &work->items.items[i];
        if (!is_followed(item))
            continue;
        TRY(audit_work(ctx, item, work->reason));
        TRY(event_changed(ctx, item));
        TRY(search_changed(ctx, item->entity, item->id, item->before, item->after));
    }
    return OK;
}
