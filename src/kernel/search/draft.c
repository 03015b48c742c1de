// draft.c - parts on their way to the database.
#include "kernel/search/draft.h"

#include "kernel/tenant.h"

static void release_arena(void *arena)
{
    arena_release(arena);
}

Draft *draft_new(Ctx *ctx, Str index)
{
    Draft *draft = NEW(ctx->arena, Draft);
    arena_defer(ctx->arena, release_arena, &draft->arena);
    draft->ctx = ctx;
    draft->id = id_next(ctx->now);
    draft->index = index;
    draft->arena.on_limit = ctx->arena->on_limit;
    draft->arena.on_limit_arg = ctx->arena->on_limit_arg;
    return draft;
}

static Status check_building(Ctx *ctx, const Draft *draft)
{
    bool is_building;
    TRY(store_is_building(ctx, draft->id, &is_building));
    return is_building
             ? OK
             : FAIL(ctx, E_CONFLICT, "search.draft", "the segment took too long and was removed");
}

Status draft_write(Ctx *ctx, const Draft *draft)
{
    if (draft->is_begun)
        TRY(check_building(ctx, draft));
    return store_write_parts(ctx, draft->id, draft->parts.items, draft->parts.len);
}

static Status write_some(Ctx *ctx, void *arg)
{
    const Draft *draft = arg;
    if (!draft->is_begun)
        TRY(store_add_segment(ctx, draft->id, draft->index, STAGE_BUILDING, 0, NULL));
    return draft_write(ctx, draft);
}

static Status take_part(Ctx *ctx, void *arg, PartKind kind, uint32_t number, Str bytes)
{
    Draft *draft = arg;
    *list_push(&draft->arena, &draft->parts) =
        (StoredPart){ kind, number, str_copy(&draft->arena, bytes) };
    if (draft->parts.len < STORE_PARTS_AT_ONCE)
        return OK;
    TRY(tenant_transact(ctx, write_some, draft));
    draft->is_begun = true;
    draft->parts = (StoredPartList){ 0 };
    arena_clear(&draft->arena);
    return OK;
}

SegmentSink draft_sink(Draft *draft)
{
    return (SegmentSink){ .write = take_part, .arg = draft };
}

Status draft_publish(Ctx *ctx, const Draft *draft, int64_t docs, const Set *gone)
{
    if (draft->is_begun)
        return store_publish(ctx, draft->id, docs, gone);
    return store_add_segment(ctx, draft->id, draft->index, STAGE_LIVE, docs, gone);
}
