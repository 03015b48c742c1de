// fuzz_search.c - any bytes as the parts of a search index. Laws: a query, a merge, a look-up of
// ids answers or says that the index is damaged; what could be merged can be searched.
//
// The input is a list of parts: kind, number, length in two bytes (low byte first), content without
// its check sum, which would keep the fuzzer out.
#include "fuzz.h"

#include "kernel/search/engine.h"

#include <string.h>

enum { PARTS_MAX = 64, CACHE = 1 << 20, MEMORY = 8 << 20 };

typedef struct Parts {
    struct {
        uint8_t kind, number;
        Str bytes;
    } items[PARTS_MAX];
    size_t count;
    Cache *cache;
} Parts;

static void parts_of(const uint8_t *data, size_t size, Parts *ret)
{
    for (ret->count = 0; size >= 4 && ret->count < PARTS_MAX; ret->count++) {
        size_t len = (size_t)(data[2] | data[3] << 8);
        len = len < size - 4 ? len : size - 4;
        ret->items[ret->count].kind = data[0];
        ret->items[ret->count].number = data[1];
        ret->items[ret->count].bytes = (Str){ (const char *)data + 4, len };
        data += 4 + len;
        size -= 4 + len;
    }
}

static Status sealed(Ctx *ctx, Str bytes, Str *ret)
{
    Buf out = { .arena = ctx->arena };
    buf_put(&out, bytes);
    packed_seal(&out);
    *ret = buf_str(&out);
    return OK;
}

static Status read_part(Ctx *ctx, void *arg, Id segment, PartKind kind, uint32_t number, Str *ret)
{
    const Parts *parts = arg;
    for (size_t i = 0; i < parts->count; i++)
        if (parts->items[i].kind == kind && parts->items[i].number == number)
            return sealed(ctx, parts->items[i].bytes, ret);
    return packed_corrupt(ctx, "missing");
}

static Status write_part(Ctx *ctx, void *arg, PartKind kind, uint32_t number, Str bytes)
{
    Str open;
    LAW(packed_open(bytes, &open));
    return OK;
}

static Status look_up_ids(Ctx *ctx, const Segment *segment)
{
    uint32_t docs = segment->head->docs, last = docs < 100 ? docs : 100;
    for (uint32_t doc = 0; doc < last; doc++) {
        Id id;
        uint32_t back;
        bool found;
        TRY(segment_id(ctx, segment, doc, &id));
        TRY(segment_doc(ctx, segment, id, &back, &found));
    }
    return OK;
}

static Status search(Ctx *ctx, const Index *index, const char *words)
{
    IndexAnswer answer;
    IndexQuery query = { .words = str_from(words), .scope.is_all = true, .limit = 5 };
    *list_push(ctx->arena, &query.facets) = S("colour");
    TRY(index_search(ctx, index, &query, &answer));
    LAW(answer.hits.len <= 5 && answer.count >= (int64_t)answer.hits.len);
    return OK;
}

static Status check(Ctx *ctx, void *arg)
{
    static const char *const words[] = { "", "wallet", "wal", "wallte leather", "kn-12 the" };
    Parts *parts = arg;
    SegmentSource source = { read_part, parts, parts->cache };
    Segment segment;
    TRY(segment_open(ctx, &source, 1, &segment));
    Index index = { &segment, 1 };
    Status status = OK;
    for (size_t i = 0; i < COUNT(words) && (status == OK || status == E_INTERNAL); i++)
        status = search(ctx, &index, words[i]);
    TRY(look_up_ids(ctx, &segment));
    TRY(index_merge(ctx, &segment, 1, &(SegmentSink){ write_part, NULL }));
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = MEMORY };  // small, so that large claims are cheap to refuse
    Ctx ctx = { .arena = &arena };
    Parts parts = { .cache = cache_new(CACHE) };
    parts_of(data, size, &parts);
    Status status = ctx_guard(&ctx, check, &parts);
    LAW(status == OK || status == E_INTERNAL || status == E_LIMIT);
    LAW(status != E_INTERNAL || strcmp(ctx.failure.code, "search.corrupt") == 0);
    arena_release(&arena);
    cache_free(parts.cache);
    return 0;
}
