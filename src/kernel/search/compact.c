// compact.c - many small segments become few large ones, and what nobody reads any more goes.
//
// A merge reads on a snapshot and writes in short members of the lane, so it holds nobody up. What
// became gone from its inputs in the meantime is found by its id and gone from the output too.
#include "kernel/search/draft.h"
#include "kernel/search/refresh.h"

#include <assert.h>

enum { ABANDONED_S = 6 * 3600 };  // a segment that was begun so long ago will not be finished

typedef struct Merging {
    Str index;
    StoredSegmentList inputs;
    Index opened;  // the inputs as they were read
    Draft *draft;
} Merging;

// ---- Choosing and merging -----------------------------------------------------------------------

// Of the segments of one index, those to merge next.
static void pick(Ctx *ctx, const StoredSegment *segments, size_t count, StoredSegmentList *ret)
{
    IndexSize *sizes = NEW_ARRAY(ctx->arena, IndexSize, count);
    bool *picked = NEW_ARRAY(ctx->arena, bool, count);
    for (size_t i = 0; i < count; i++)
        sizes[i] = (IndexSize){ segments[i].docs, segments[i].gone_docs };
    if (!index_merge_pick(sizes, count, picked))
        return;
    for (size_t i = 0; i < count; i++)
        if (picked[i])
            *list_push(ctx->arena, ret) = segments[i];
}

static Status merge_inputs(Ctx *ctx, void *arg)
{
    Merging *merging = arg;
    StoredSegmentList live = { 0 };
    TRY(store_segments(ctx, merging->index, &live));
    pick(ctx, live.items, live.len, &merging->inputs);
    if (merging->inputs.len == 0)
        return OK;
    TRY(store_open(ctx, &merging->inputs, &merging->opened));
    merging->draft = draft_new(ctx, merging->index);
    SegmentSink sink = draft_sink(merging->draft);
    return index_merge(ctx, merging->opened.segments, merging->opened.count, &sink);
}

// ---- Publishing, in the lane --------------------------------------------------------------------

// The input as it is now; NULL: somebody else merged it.
static const StoredSegment *now_of(const StoredSegmentList *live, Id id)
{
    EACH (segment, *live)
        if (segment->id == id)
            return segment;
    return NULL;
}

static bool are_all_there(const Merging *merging, const StoredSegmentList *live)
{
    EACH (input, merging->inputs)
        if (!now_of(live, input->id))
            return false;
    return true;
}

// Adds the output's numbers of the documents in `docs`, which are an input's.
static Status carry_over(Ctx *ctx, const Segment *input, const Set *docs, const Segment *output,
                         Set *gone)
{
    uint32_t *numbers = NEW_ARRAY(ctx->arena, uint32_t, (size_t)set_len(docs));
    roaring_bitmap_to_uint32_array(docs, numbers);
    for (int64_t i = 0; i < set_len(docs); i++) {
        Id id;
        uint32_t doc;
        bool found;
        TRY(segment_id(ctx, input, numbers[i], &id));
        TRY(segment_doc(ctx, output, id, &doc, &found));
        if (found)
            roaring_bitmap_add(gone, doc);
    }
    return OK;
}

static Status gone_meanwhile(Ctx *ctx, const Merging *merging, const StoredSegmentList *live,
                             const Segment *output, Set *gone)
{
    for (size_t i = 0; i < merging->inputs.len; i++) {
        const Segment *before = &merging->opened.segments[i];
        Segment now;
        const StoredSegment *stored = now_of(live, before->id);
        if (stored->edition == merging->inputs.items[i].edition)
            continue;
        TRY(store_open_one(ctx, stored, &now));
        const Set *docs = before->gone ? set_minus(ctx->arena, now.gone, before->gone) : now.gone;
        TRY(carry_over(ctx, &now, docs, output, gone));
    }
    return OK;
}

static Status retire_inputs(Ctx *ctx, const Merging *merging)
{
    EACH (input, merging->inputs)
        TRY(store_retire(ctx, input->id));
    return OK;
}

static Status publish(Ctx *ctx, void *arg)
{
    const Merging *merging = arg;
    StoredSegmentList live = { 0 };
    Segment output;
    TRY(store_segments(ctx, merging->index, &live));
    if (!are_all_there(merging, &live))
        return merging->draft->is_begun ? store_retire(ctx, merging->draft->id) : OK;
    Set *gone = set_new(ctx->arena);
    TRY(draft_write(ctx, merging->draft));
    TRY(store_open_draft(ctx, merging->draft->id, &output));
    TRY(gone_meanwhile(ctx, merging, &live, &output, gone));
    TRY(draft_publish(ctx, merging->draft, output.head->docs, gone));
    return retire_inputs(ctx, merging);
}

static Status merge_once(Ctx *ctx, Str index, bool *ret_merged)
{
    Merging merging = { .index = index };
    TRY(tenant_read(ctx, merge_inputs, &merging));
    *ret_merged = merging.inputs.len > 0;
    return *ret_merged ? tenant_transact(ctx, publish, &merging) : OK;
}

// ---- All indexes --------------------------------------------------------------------------------

typedef LIST(Str) NameList;

// The indexes that have something to merge.
static Status read_names(Ctx *ctx, void *arg)
{
    NameList *names = arg;
    StoredSegmentList live = { 0 };
    TRY(store_segments(ctx, S(""), &live));
    for (size_t from = 0, to; from < live.len; from = to) {
        StoredSegmentList inputs = { 0 };
        for (to = from + 1; to < live.len && str_eq(live.items[to].index, live.items[from].index);)
            to++;
        pick(ctx, live.items + from, to - from, &inputs);
        if (inputs.len)
            *list_push(ctx->arena, names) = live.items[from].index;
    }
    return OK;
}

typedef struct Sweep {
    Time abandoned;
    bool more;
} Sweep;

static Status sweep(Ctx *ctx, void *arg)
{
    Sweep *sweep = arg;
    return store_sweep(ctx, sweep->abandoned, &sweep->more);
}

static Status sweep_all(Ctx *ctx)
{
    Sweep state = { .abandoned = ctx->now - ABANDONED_S * SECOND, .more = true };
    while (state.more)
        TRY(tenant_transact(ctx, sweep, &state));
    return OK;
}

Status compact_all(Ctx *ctx)
{
    NameList names = { 0 };
    TRY(tenant_read(ctx, read_names, &names));
    EACH (name, names)
        for (bool merged = true; merged;) {
            ArenaMark mark = arena_mark(ctx->arena);
            TRY(merge_once(ctx, *name, &merged));
            arena_rewind(ctx->arena, mark);
        }
    return sweep_all(ctx);
}
