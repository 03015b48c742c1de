// merge.c - several segments into one, by walking their dictionaries side by side.
//
// Documents are renumbered by one table an input; as ids ascend in the inputs and in the output,
// numbers keep their order. Each input reads through an arena of its own that is emptied at the end
// of each terms part, so memory does not grow with the size of the dictionary.
#include "kernel/search/index.h"

#include <assert.h>

enum { GONE = UINT32_MAX };

typedef struct Input {
    Ctx ctx;  // the caller's with the arena below
    Arena arena;
    const Segment *segment;
    uint32_t *doc_after;  // its documents' numbers in the output; GONE
    Cursor cursor;
} Input;

typedef struct Merge {
    Ctx *ctx;
    Input *inputs;
    size_t count;
    SegmentWriter *writer;
} Merge;

// ---- Ids ----------------------------------------------------------------------------------------

// One document of one input, for putting them in order.
typedef struct Place {
    Id id;
    uint32_t input, doc;
} Place;
typedef LIST(Place) PlaceList;

static Status read_ids(Ctx *ctx, const Segment *segment, uint32_t input, PlaceList *places)
{
    list_reserve(ctx->arena, places, places->len + segment->head->docs);
    for (uint32_t from = 0; from < segment->head->docs; from += IDS_PER_PART) {
        ArenaMark mark = arena_mark(ctx->arena);
        for (uint32_t doc = from; doc < segment->head->docs && doc < from + IDS_PER_PART; doc++) {
            if (segment->gone && set_has(segment->gone, doc))
                continue;
            Place *place = &places->items[places->len++];
            *place = (Place){ .input = input, .doc = doc };
            TRY(segment_id(ctx, segment, doc, &place->id));
        }
        arena_rewind(ctx->arena, mark);
    }
    return OK;
}

static int by_id(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id)
                          : (x->input > y->input) - (x->input < y->input);
}

static Status number_docs(Merge *merge)
{
    Ctx *ctx = merge->ctx;
    PlaceList places = { 0 };
    for (size_t i = 0; i < merge->count; i++)
        TRY(read_ids(ctx, merge->inputs[i].segment, (uint32_t)i, &places));
    if (places.len)
        qsort(places.items, places.len, sizeof *places.items, by_id);

    Id *ids = NEW_ARRAY(ctx->arena, Id, places.len);
    size_t count = 0;
    for (size_t i = 0; i < places.len; i++) {
        const Place *place = &places.items[i];
        if (i + 1 < places.len && place[1].id == place->id)
            continue;  // the later input's counts
        merge->inputs[place->input].doc_after[place->doc] = (uint32_t)count;
        ids[count++] = place->id;
    }
    return writer_ids(merge->writer, ids, count);
}

// ---- Keys ---------------------------------------------------------------------------------------

static void release_arena(void *arena)
{
    arena_release(arena);
}

static void input_init(Ctx *ctx, const Segment *segment, Input *ret)
{
    arena_defer(ctx->arena, release_arena, &ret->arena);
    ret->segment = segment;
    ret->arena.on_limit = ctx->arena->on_limit;
    ret->arena.on_limit_arg = ctx->arena->on_limit_arg;
    ret->ctx = *ctx;
    ret->ctx.arena = &ret->arena;
    ret->doc_after = NEW_ARRAY(ctx->arena, uint32_t, segment->head->docs);
    memset(ret->doc_after, 0xff, segment->head->docs * sizeof *ret->doc_after);
}

// A failure's words must outlive the input's arena.
static Status hand_up(Ctx *ctx, const Input *input, Status status)
{
    if (status != OK) {
        ctx->failure = input->ctx.failure;
        ctx->failure.message = str_copy(ctx->arena, input->ctx.failure.message);
    }
    return status;
}

static Status input_next(Merge *merge, Input *input)
{
    if (cursor_is_part_end(&input->cursor))
        arena_clear(&input->arena);
    return hand_up(merge->ctx, input, cursor_next(&input->ctx, &input->cursor));
}

static const Input *smallest(const Merge *merge)
{
    const Input *least = NULL;
    for (const Input *input = merge->inputs; input < merge->inputs + merge->count; input++)
        if (!input->cursor.is_end &&
            (!least || str_compare(input->cursor.entry.key, least->cursor.entry.key) < 0))
            least = input;
    return least;
}

static Status add_occurrences(Merge *merge, Input *input, OccurrenceList *all)
{
    OccurrenceList own = { 0 };
    TRY(hand_up(merge->ctx, input,
                segment_occurrences(&input->ctx, input->segment, &input->cursor.entry, &own)));
    EACH (item, own) {
        uint32_t doc = input->doc_after[item->doc];
        if (doc != GONE)
            *list_push(merge->ctx->arena, all) = (Occurrence){ doc, item->level };
    }
    return OK;
}

// All inputs' documents of one key; the inputs that have it move on.
static Status take_key(Merge *merge, Str key, OccurrenceList *ret)
{
    ret->len = 0;
    for (Input *input = merge->inputs; input < merge->inputs + merge->count; input++) {
        if (input->cursor.is_end || !str_eq(input->cursor.entry.key, key))
            continue;
        TRY(add_occurrences(merge, input, ret));
        TRY(input_next(merge, input));
    }
    return OK;
}

static Status merge_keys(Merge *merge)
{
    OccurrenceList items = { 0 };
    char bytes[KEY_BYTES_MAX];
    for (const Input *least; (least = smallest(merge)) != NULL;) {
        Str key = { bytes, least->cursor.entry.key.len };
        memcpy(bytes, least->cursor.entry.key.ptr, key.len);
        TRY(take_key(merge, key, &items));
        if (items.len)
            TRY(writer_key(merge->writer, key, items.items, items.len));
    }
    return OK;
}

Status index_merge(Ctx *ctx, const Segment *inputs, size_t count, const SegmentSink *sink)
{
    Merge merge = { .ctx = ctx, .count = count, .writer = writer_new(ctx, sink) };
    merge.inputs = NEW_ARRAY(ctx->arena, Input, count);
    for (size_t i = 0; i < count; i++)
        input_init(ctx, &inputs[i], &merge.inputs[i]);
    TRY(number_docs(&merge));
    for (size_t i = 0; i < count; i++) {
        Input *input = &merge.inputs[i];
        TRY(hand_up(ctx, input, cursor_seek(&input->ctx, input->segment, S(""), &input->cursor)));
    }
    TRY(merge_keys(&merge));
    return writer_end(merge.writer);
}

// ---- Which to merge -----------------------------------------------------------------------------

static int tier_of(const IndexSize *size)
{
    int tier = 0;
    for (int64_t live = (size->docs - size->gone) / MERGE_SMALL; live > 0; live /= MERGE_TIER)
        tier++;
    return tier;
}

static bool pick_hollow(const IndexSize *sizes, size_t count, bool *picked)
{
    for (size_t i = 0; i < count; i++)
        if (sizes[i].gone * 2 > sizes[i].docs)
            return picked[i] = true;
    return false;
}

bool index_merge_pick(const IndexSize *sizes, size_t count, bool *ret_picked)
{
    enum { TIERS = 33 };
    int in_tier[TIERS] = { 0 };
    memset(ret_picked, 0, count * sizeof *ret_picked);
    for (size_t i = 0; i < count; i++)
        in_tier[tier_of(&sizes[i])]++;
    for (int tier = 0; tier < TIERS; tier++) {
        int left = MERGE_INPUTS_MAX;
        if (in_tier[tier] < MERGE_TIER)
            continue;
        for (size_t i = 0; i < count; i++)
            if (tier_of(&sizes[i]) == tier && left-- > 0)
                ret_picked[i] = true;
        return true;
    }
    return pick_hollow(sizes, count, ret_picked);
}
