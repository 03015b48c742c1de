// touch.c - noting, in the transaction that changes a record, that its words are to be read again.
//
// A note and the change commit together, so a crash between them and the refresh loses nothing.
// Each touching gives the note a new stamp: a refresh takes away only the stamp that it read before
// the record, so a change that comes while it reads stays noted.
#include "kernel/search/refresh.h"

#include "kernel/entity/info.h"
#include "kernel/job/queue.h"
#include "kernel/search.h"
#include "kernel/search/declared.h"

enum { REFRESH_AFTER = 300 * 1000 };  // what a burst of changes leaves is read together

Status touch_note(Ctx *ctx, Str kind, Id id, bool is_far)
{
    return db_write(ctx, SQL("INSERT INTO search_pending (subject_kind, subject_id, stamp, is_far)"
                             " VALUES ($1, $2, $3, $4)"
                             " ON CONFLICT (subject_id) DO UPDATE SET stamp = excluded.stamp,"
                             " is_far = CASE WHEN excluded.is_far = 1 THEN 1"
                             " ELSE search_pending.is_far END",
                             kind, id, id_next(ctx->now), is_far));
}

// Once in each member of the lane.
static Status refresh_soon(Ctx *ctx)
{
    void **was_told = member_slot(ctx, MEMBER_SEARCH);
    if (*was_told)
        return OK;
    *was_told = ctx;
    return job_soon(ctx, SEARCH_JOB, ctx->now + REFRESH_AFTER);
}

Status search_touch(Ctx *ctx, const EntityDef *e, Id id)
{
    TRY(touch_note(ctx, str_from(e->name), id, false));
    return refresh_soon(ctx);
}

static Status touch_showers(Ctx *ctx, const EntityDef *e, Id id, const void *before,
                            const void *after)
{
    ShowerList showers = { 0 };
    declared_showers(ctx, e, &showers);
    EACH (shower, showers) {
        if (field_equal(shower->field, before, after))
            continue;
        TRY(touch_note(ctx, str_from(e->name), id, true));
        return refresh_soon(ctx);
    }
    return OK;
}

Status search_changed(Ctx *ctx, const EntityDef *e, Id id, const void *before, const void *after)
{
    if (e->info->is_searched)
        TRY(search_touch(ctx, e, id));
    bool may_differ = e->info->is_shown && before && after;
    return may_differ ? touch_showers(ctx, e, id, before, after) : OK;
}
