// store.c - segments and parts as rows.
#include "kernel/search/store.h"

#include <pthread.h>

enum { KIND_GONE = 100 };  // in the cache, beside what segment.c puts there

// ---- The cache of the process -------------------------------------------------------------------

static struct {
    pthread_once_t once;
    Cache *cache;
    size_t limit;
} shared = { .once = PTHREAD_ONCE_INIT, .limit = STORE_CACHE_BYTES };

static void make_cache(void)
{
    shared.cache = cache_new(shared.limit);
}

void search_cache_limit(size_t bytes)
{
    shared.limit = bytes;
}

Cache *search_cache(void)
{
    pthread_once(&shared.once, make_cache);
    return shared.cache;
}

// ---- Reading ------------------------------------------------------------------------------------

static Status read_part(Ctx *ctx, void *arg, Id segment, PartKind kind, uint32_t number, Str *ret)
{
    Bytes body = { S("") };
    bool found;
    TRY(db_maybe(ctx,
                 SQL("SELECT body FROM search_part"
                     " WHERE segment = $1 AND section = $2 AND number = $3",
                     segment, (int64_t)kind, (int64_t)number),
                 &found, &body));
    *ret = body.bytes;
    return found ? OK : packed_corrupt(ctx, "a part is missing");
}

static const SegmentSource *store_source(Ctx *ctx)
{
    SegmentSource *source = NEW(ctx->arena, SegmentSource);
    *source = (SegmentSource){ .read = read_part, .cache = search_cache() };
    return source;
}

Status store_segments(Ctx *ctx, Str index, StoredSegmentList *ret)
{
    StoredSegment one = { 0 };
    Query query = index.len ? SQL("SELECT segment, edition, kind, docs, gone_docs"
                                  " FROM search_segment WHERE kind = $1 AND stage = 'live'"
                                  " ORDER BY segment",
                                  index)
                            : SQL("SELECT segment, edition, kind, docs, gone_docs"
                                  " FROM search_segment WHERE stage = 'live'"
                                  " ORDER BY kind, segment");
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &one.id, &one.edition, &one.index, &one.docs, &one.gone_docs))
        *list_push(ctx->arena, ret) = one;
    return rows_end(rows);
}

static Status gone_set(Ctx *ctx, Arena *into, const StoredSegment *stored, Str sealed,
                       const Set **ret)
{
    Str bytes;
    if (!packed_open(sealed, &bytes))
        return packed_corrupt(ctx, "gone");
    size_t count = (size_t)stored->gone_docs;
    if (count > bytes.len * 8)
        return packed_corrupt(ctx, "gone");
    uint32_t *docs = NEW_ARRAY(ctx->arena, uint32_t, count);
    PackedReader in = packed_reader(bytes);
    if (set_get(&in, (uint32_t)stored->docs, docs, count) != count || in.at != in.end)
        return packed_corrupt(ctx, "gone");
    *ret = set_of(into, docs, count);
    return OK;
}

static Status load_gone(Ctx *ctx, Arena *into, const void *arg, const void **ret, size_t *ret_more)
{
    const StoredSegment *stored = arg;
    const Set *gone = NULL;
    Bytes body = { S("") };
    TRY(db_one(ctx,
               SQL("SELECT gone FROM search_segment"
                   " WHERE segment = $1 AND edition = $2",
                   stored->id, stored->edition),
               &body));
    TRY(gone_set(ctx, into, stored, body.bytes, &gone));
    *ret_more = set_bytes(gone);
    *ret = gone;
    return OK;
}

static Status open_with(Ctx *ctx, const SegmentSource *source, const StoredSegment *stored,
                        Segment *ret)
{
    TRY(segment_open(ctx, source, stored->id, ret));
    if (ret->head->docs != stored->docs)
        return packed_corrupt(ctx, "documents");
    if (stored->gone_docs == 0)
        return OK;
    const void *gone;
    CacheKey key = { stored->id, KIND_GONE, (uint64_t)stored->edition };
    TRY(cache_use(ctx, source->cache, key, load_gone, stored, &gone));
    ret->gone = gone;
    return OK;
}

Status store_open_one(Ctx *ctx, const StoredSegment *segment, Segment *ret)
{
    return open_with(ctx, store_source(ctx), segment, ret);
}

Status store_open_draft(Ctx *ctx, Id segment, Segment *ret)
{
    return segment_open(ctx, store_source(ctx), segment, ret);
}

Status store_open(Ctx *ctx, const StoredSegmentList *segments, Index *ret)
{
    const SegmentSource *source = store_source(ctx);
    Segment *opened = NEW_ARRAY(ctx->arena, Segment, segments->len);
    for (size_t i = 0; i < segments->len; i++)
        TRY(open_with(ctx, source, &segments->items[i], &opened[i]));
    *ret = (Index){ opened, segments->len };
    return OK;
}

// ---- Writing ------------------------------------------------------------------------------------

Status store_write_parts(Ctx *ctx, Id segment, const StoredPart *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(db_write(ctx, SQL("INSERT INTO search_part (segment, section, number, body)"
                              " VALUES ($1, $2, $3, $4)",
                              segment, (int64_t)parts[i].kind, (int64_t)parts[i].number,
                              ((Bytes){ parts[i].bytes }))));
    return OK;
}

static Bytes gone_bytes(Ctx *ctx, const Set *gone)
{
    Buf out = { .arena = ctx->arena };
    size_t count = gone ? (size_t)set_len(gone) : 0;
    uint32_t *docs = NEW_ARRAY(ctx->arena, uint32_t, count);
    if (count)
        roaring_bitmap_to_uint32_array(gone, docs);
    set_put(&out, docs, count);
    packed_seal(&out);
    return (Bytes){ buf_str(&out) };
}

Status store_add_segment(Ctx *ctx, Id segment, Str index, Stage stage, int64_t docs,
                         const Set *gone)
{
    Bytes bytes = gone_bytes(ctx, gone);
    return db_write(
        ctx, SQL("INSERT INTO search_segment (segment, kind, begun_at, stage, docs, gone_docs,"
                 " edition, gone)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                 segment, index, ctx->now, stage == STAGE_LIVE ? "live" : "building", docs,
                 gone ? set_len(gone) : 0, id_next(ctx->now), bytes));
}

Status store_set_gone(Ctx *ctx, Id segment, const Set *gone)
{
    Bytes bytes = gone_bytes(ctx, gone);
    return db_write(ctx, SQL("UPDATE search_segment"
                             " SET gone_docs = $2, edition = $3, gone = $4"
                             " WHERE segment = $1",
                             segment, set_len(gone), id_next(ctx->now), bytes));
}

Status store_is_building(Ctx *ctx, Id segment, bool *ret_is_building)
{
    int64_t one;
    return db_maybe(ctx,
                    SQL("SELECT 1 FROM search_segment"
                        " WHERE segment = $1 AND stage = 'building'",
                        segment),
                    ret_is_building, &one);
}

Status store_publish(Ctx *ctx, Id segment, int64_t docs, const Set *gone)
{
    Bytes bytes = gone_bytes(ctx, gone);
    return db_write(ctx,
                    SQL("UPDATE search_segment"
                        " SET stage = 'live', docs = $2, gone_docs = $3, edition = $4, gone = $5"
                        " WHERE segment = $1",
                        segment, docs, gone ? set_len(gone) : 0, id_next(ctx->now), bytes));
}

Status store_retire(Ctx *ctx, Id segment)
{
    return db_write(ctx, SQL("UPDATE search_segment SET stage = 'retired'"
                             " WHERE segment = $1",
                             segment));
}

Status store_retire_all(Ctx *ctx, Str index)
{
    return db_write(ctx, SQL("UPDATE search_segment SET stage = 'retired'"
                             " WHERE kind = $1 AND stage = 'live'",
                             index));
}

Status store_sweep(Ctx *ctx, Time abandoned, bool *ret_more)
{
    Id segment;
    int64_t changed;
    TRY(db_maybe(ctx,
                 SQL("SELECT segment FROM search_segment"
                     " WHERE stage = 'retired' OR (stage = 'building' AND begun_at < $1)"
                     " ORDER BY segment LIMIT 1",
                     abandoned),
                 ret_more, &segment));
    if (!*ret_more)
        return OK;
    TRY(db_change(ctx,
                  SQL("DELETE FROM search_part"
                      " WHERE segment = $1 AND (section, number) IN"
                      " (SELECT section, number FROM search_part"
                      " WHERE segment = $1 ORDER BY section, number LIMIT $2)",
                      segment, (int64_t)STORE_PARTS_AT_ONCE),
                  &changed));
    if (changed == 0)
        TRY(db_write(ctx, SQL("DELETE FROM search_segment WHERE segment = $1", segment)));
    return OK;
}
