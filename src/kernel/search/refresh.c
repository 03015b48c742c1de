// refresh.c - from notes to segments.
//
// The records of some notes are read on one snapshot, outside the lane, and made into a segment.
// Then one short member of the lane does all that others may see: older versions become gone, the
// segment becomes live, the notes go. Two refreshes at once are harmless: a record whose note is
// not there any more was published by the other, from a snapshot at least as new, and is left out.
#include "kernel/search/refresh.h"

#include "kernel/entity/info.h"
#include "kernel/search.h"
#include "kernel/search/draft.h"
#include "kernel/search/source.h"

#include <assert.h>

enum {
    ROOTS_AT_ONCE = 512,
    ROOTS_WITH_ROWS = 64,  // where rows of theirs are documents too
    BATCHES_OF_A_JOB = 100,
    IDLE_S = 3600,
};

typedef struct Note {
    Id id, stamp;
} Note;
typedef LIST(Note) NoteList;

// One index that the batch's records stand in.
typedef struct Target {
    const EntityDef *entity;
    Breadth breadth;
    Str index;
    IndexDocList docs;
    Draft *draft;
} Target;

typedef struct Batch {
    Str kind;               // of the oldest note; "": there is none
    const EntityDef *root;  // NULL: such records are not searched
    Id far;                 // a record whose showers are to be noted; 0: none
    NoteList notes;
    LIST(Target) targets;
} Batch;

// ---- Reading ------------------------------------------------------------------------------------

static void add_target(Ctx *ctx, Batch *batch, const EntityDef *e, Breadth breadth)
{
    *list_push(ctx->arena, &batch->targets) = (Target){
        .entity = e, .breadth = breadth, .index = declared_index(ctx->arena, e, breadth)
    };
}

static void find_targets(Ctx *ctx, Batch *batch)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    for (size_t i = 0; i < count; i++) {
        if (all[i]->info->root != batch->root || !declared_is_searched(ctx, all[i]))
            continue;
        add_target(ctx, batch, all[i], BREADTH_ALL);
        if (declared_has_open(ctx, all[i]))
            add_target(ctx, batch, all[i], BREADTH_OPEN);
    }
}

static int64_t roots_at_once(const Batch *batch)
{
    EACH (target, batch->targets)
        if (target->entity != batch->root)
            return ROOTS_WITH_ROWS;
    return ROOTS_AT_ONCE;
}

static Status read_notes(Ctx *ctx, Batch *batch)
{
    Note note;
    Rows *rows = db_query(ctx, SQL("SELECT subject_id, stamp FROM search_pending"
                                   " WHERE subject_kind = $1 AND is_far = 0"
                                   " ORDER BY stamp LIMIT $2",
                                   batch->kind, roots_at_once(batch)));
    while (rows_next(rows, &note.id, &note.stamp))
        *list_push(ctx->arena, &batch->notes) = note;
    return rows_end(rows);
}

static Status read_oldest(Ctx *ctx, Batch *batch)
{
    bool found, is_far = false;
    Note note;
    batch->kind = S("");
    TRY(db_maybe(ctx,
                 SQL("SELECT subject_kind, subject_id, stamp, is_far FROM search_pending"
                     " ORDER BY stamp LIMIT 1"),
                 &found, &batch->kind, &note.id, &note.stamp, &is_far));
    if (found && is_far) {
        batch->far = note.id;
        *list_push(ctx->arena, &batch->notes) = note;
    }
    return OK;
}

static void add_roots(Ctx *ctx, const NoteList *notes, size_t from, IdList *ret)
{
    *ret = (IdList){ 0 };
    for (size_t i = from; i < notes->len && i < from + SOURCE_IDS_MAX; i++)
        *list_push(ctx->arena, ret) = notes->items[i].id;
}

static Status read_docs(Ctx *ctx, Batch *batch)
{
    for (size_t from = 0; from < batch->notes.len; from += SOURCE_IDS_MAX) {
        IdList roots;
        add_roots(ctx, &batch->notes, from, &roots);
        EACH (target, batch->targets)
            TRY(source_read(ctx, target->entity, target->breadth, &roots, &target->docs));
    }
    return OK;
}

static Status read_batch(Ctx *ctx, void *arg)
{
    Batch *batch = arg;
    *batch = (Batch){ 0 };
    TRY(read_oldest(ctx, batch));
    batch->root = entity_named(batch->kind);
    if (batch->kind.len == 0 || batch->far)
        return OK;
    if (batch->root)
        find_targets(ctx, batch);
    TRY(read_notes(ctx, batch));
    return read_docs(ctx, batch);
}

static Status make_segments(Ctx *ctx, Batch *batch)
{
    EACH (target, batch->targets) {
        if (target->docs.len == 0)
            continue;
        target->draft = draft_new(ctx, target->index);
        SegmentSink sink = draft_sink(target->draft);
        TRY(index_build(ctx, target->docs.items, target->docs.len, &sink));
    }
    return OK;
}

// ---- Publishing, in the lane --------------------------------------------------------------------

// Which of the records still wait, and which were published by somebody else meanwhile.
static Status sort_roots(Ctx *ctx, const Batch *batch, IdList *ret_ours, IdList *ret_others)
{
    EACH (note, batch->notes) {
        bool found;
        Id stamp;
        TRY(db_maybe(ctx, SQL("SELECT stamp FROM search_pending WHERE subject_id = $1", note->id),
                     &found, &stamp));
        *list_push(ctx->arena, found ? ret_ours : ret_others) = note->id;
    }
    return OK;
}

// Older versions are not found any more.
static Status forget(Ctx *ctx, const Target *target, const IdList *roots)
{
    StoredSegmentList live = { 0 };
    Index index;
    TRY(store_segments(ctx, target->index, &live));
    TRY(store_open(ctx, &live, &index));
    for (size_t i = 0; i < index.count; i++) {
        const Segment *segment = &index.segments[i];
        const Set *docs;
        TRY(source_docs_of(ctx, target->entity, segment, roots, &docs));
        if (segment->gone)
            docs = set_or(ctx->arena, docs, segment->gone);
        if (set_len(docs) == live.items[i].gone_docs)
            continue;
        if (set_len(docs) == segment->head->docs)
            TRY(store_retire(ctx, segment->id));
        else
            TRY(store_set_gone(ctx, segment->id, docs));
    }
    return OK;
}

static Status publish_target(Ctx *ctx, const Target *target, const IdList *others)
{
    Segment segment;
    const Set *gone = NULL;
    if (!target->draft)
        return OK;
    TRY(draft_write(ctx, target->draft));
    if (others->len) {
        TRY(store_open_draft(ctx, target->draft->id, &segment));
        TRY(source_docs_of(ctx, target->entity, &segment, others, &gone));
    }
    return draft_publish(ctx, target->draft, (int64_t)target->docs.len, gone);
}

static Status remove_notes(Ctx *ctx, const Batch *batch)
{
    EACH (note, batch->notes)
        TRY(db_write(ctx, SQL("DELETE FROM search_pending WHERE subject_id = $1 AND stamp = $2",
                              note->id, note->stamp)));
    return OK;
}

static Status publish(Ctx *ctx, void *arg)
{
    const Batch *batch = arg;
    IdList ours = { 0 }, others = { 0 };
    TRY(sort_roots(ctx, batch, &ours, &others));
    EACH (target, batch->targets) {
        if (ours.len)
            TRY(forget(ctx, target, &ours));
        TRY(publish_target(ctx, target, &others));
    }
    return remove_notes(ctx, batch);
}

// ---- Records that are found by another's words --------------------------------------------------

typedef struct Spread {
    const Batch *batch;
    const Shower *shower;
    Id after;
    IdList roots;
} Spread;

static Status read_showers(Ctx *ctx, void *arg)
{
    Spread *spread = arg;
    return source_roots_via(ctx, spread->shower, spread->batch->far, spread->after, &spread->roots);
}

static Status note_showers(Ctx *ctx, void *arg)
{
    const Spread *spread = arg;
    Str kind = str_from(spread->shower->entity->info->root->name);
    EACH (root, spread->roots)
        TRY(touch_note(ctx, kind, *root, false));
    return OK;
}

// The note stays for the record itself, where that is searched.
static Status end_spread(Ctx *ctx, void *arg)
{
    const Batch *batch = arg;
    const Note *note = &batch->notes.items[0];
    if (!batch->root || !batch->root->info->is_searched)
        return remove_notes(ctx, batch);
    return db_write(ctx, SQL("UPDATE search_pending SET is_far = 0"
                             " WHERE subject_id = $1 AND stamp = $2",
                             note->id, note->stamp));
}

static Status spread(Ctx *ctx, const Batch *batch)
{
    ShowerList showers = { 0 };
    if (batch->root)
        declared_showers(ctx, batch->root, &showers);
    EACH (shower, showers) {
        Spread some = { .batch = batch, .shower = shower };
        do {
            TRY(tenant_read(ctx, read_showers, &some));
            TRY(tenant_transact(ctx, note_showers, &some));
            some.after = some.roots.len ? list_end(some.roots)[-1] : 0;
        } while (some.roots.len == SOURCE_IDS_MAX);
    }
    return tenant_transact(ctx, end_spread, (void *)batch);
}

// ---- Building anew ------------------------------------------------------------------------------

typedef struct Anew {
    const EntityDef *entity;
    Str shape;
    Id after;
    IdList roots;
} Anew;

// What the indexes were built by: kind to Str.
static Status read_shapes(Ctx *ctx, void *arg)
{
    Map *shapes = arg;
    Str kind, shape;
    Rows *rows = db_query(ctx, SQL("SELECT kind, shape FROM search_kind"));
    while (rows_next(rows, &kind, &shape)) {
        Str *kept = NEW(ctx->arena, Str);
        *kept = shape;
        map_set(shapes, kind, kept);
    }
    return rows_end(rows);
}

static Status read_roots(Ctx *ctx, void *arg)
{
    Anew *anew = arg;
    return source_roots(ctx, anew->entity, anew->after, &anew->roots);
}

static Status note_roots(Ctx *ctx, void *arg)
{
    const Anew *anew = arg;
    EACH (root, anew->roots)
        TRY(touch_note(ctx, str_from(anew->entity->info->root->name), *root, false));
    return OK;
}

static Status write_shape(Ctx *ctx, void *arg)
{
    const Anew *anew = arg;
    if (!declared_has_open(ctx, anew->entity))
        TRY(store_retire_all(ctx, declared_index(ctx->arena, anew->entity, BREADTH_OPEN)));
    return db_write(ctx, SQL("INSERT INTO search_kind (kind, shape) VALUES ($1, $2)"
                             " ON CONFLICT (kind) DO UPDATE SET shape = excluded.shape",
                             anew->entity->name, anew->shape));
}

// All records are noted to be read again; until they are, the old index answers.
static Status build_anew(Ctx *ctx, Anew *anew)
{
    do {
        TRY(tenant_read(ctx, read_roots, anew));
        TRY(tenant_transact(ctx, note_roots, anew));
        anew->after = anew->roots.len ? list_end(anew->roots)[-1] : 0;
    } while (anew->roots.len == SOURCE_IDS_MAX);
    return tenant_transact(ctx, write_shape, anew);
}

static Status check_shapes(Ctx *ctx)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    Map shapes = { .arena = ctx->arena };
    TRY(tenant_read(ctx, read_shapes, &shapes));
    for (size_t i = 0; i < count; i++) {
        Anew anew = { .entity = all[i] };
        if (!declared_is_searched(ctx, all[i]))
            continue;
        const Str *built_by = map_get(&shapes, str_from(all[i]->name));
        anew.shape = declared_shape(ctx, all[i]);
        if (!built_by || !str_eq(anew.shape, *built_by))
            TRY(build_anew(ctx, &anew));
    }
    return OK;
}

Status search_rebuild(Ctx *ctx, const EntityDef *e)
{
    TRY(store_retire_all(ctx, declared_index(ctx->arena, e, BREADTH_ALL)));
    TRY(store_retire_all(ctx, declared_index(ctx->arena, e, BREADTH_OPEN)));
    return db_write(ctx, SQL("DELETE FROM search_kind WHERE kind = $1", e->name));
}

// ---- The whole ----------------------------------------------------------------------------------

static Status refresh_batch(Ctx *ctx, int64_t *ret_done, bool *ret_more)
{
    Batch batch;
    TRY(tenant_read(ctx, read_batch, &batch));
    *ret_more = batch.kind.len > 0;
    if (!*ret_more)
        return OK;
    if (batch.far)
        return spread(ctx, &batch);
    TRY(make_segments(ctx, &batch));
    TRY(tenant_transact(ctx, publish, &batch));
    *ret_done += (int64_t)batch.notes.len;
    return OK;
}

static Status refresh_some(Ctx *ctx, int64_t batches, int64_t *ret_done, bool *ret_more)
{
    *ret_done = 0;
    *ret_more = true;
    TRY(check_shapes(ctx));
    for (int64_t i = 0; i < batches && *ret_more; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(refresh_batch(ctx, ret_done, ret_more));
        arena_rewind(ctx->arena, mark);
    }
    return compact_all(ctx);
}

Status search_refresh(Ctx *ctx, int64_t *ret_done)
{
    bool more;
    return refresh_some(ctx, INT64_MAX, ret_done, &more);
}

Status search_refresh_job(Ctx *ctx, const JobRun *job)
{
    int64_t done;
    bool more;
    TRY(refresh_some(ctx, BATCHES_OF_A_JOB, &done, &more));
    return job_postpone(ctx, job, more ? ctx->now : ctx->now + IDLE_S * SECOND);
}
