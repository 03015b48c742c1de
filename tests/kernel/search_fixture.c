// search_fixture.c - an index in memory, and products to fill it with.
#include "search_fixture.h"

#include "base/json.h"
#include "base/map.h"
#include "base/random.h"

#include <math.h>
#include <zlib.h>

// ---- An index without a database ----------------------------------------------------------------

static Str part_key(Arena *arena, PartKind kind, uint32_t number)
{
    return str_format(arena, "%d/%u", (int)kind, number);
}

static const MemorySegment *segment_with(const MemoryIndex *index, Id id)
{
    EACH (segment, index->segments)
        if (segment->id == id)
            return segment;
    return NULL;
}

static Status read_part(Ctx *ctx, void *arg, Id id, PartKind kind, uint32_t number, Str *ret)
{
    MemoryIndex *index = arg;
    const MemorySegment *segment = segment_with(index, id);
    const Str *bytes = segment ? map_get(segment->parts, part_key(ctx->arena, kind, number)) : NULL;
    index->reads++;
    if (!bytes)
        return FAIL(ctx, E_INTERNAL, "search.corrupt", "no such part");
    *ret = *bytes;
    return OK;
}

static Status write_part(Ctx *ctx, void *arg, PartKind kind, uint32_t number, Str bytes)
{
    MemorySegment *segment = arg;
    Arena *arena = segment->parts->arena;
    Str *kept = NEW(arena, Str);
    *kept = str_copy(arena, bytes);
    segment->bytes += (int64_t)bytes.len;
    map_set(segment->parts, part_key(arena, kind, number), kept);
    return OK;
}

static void free_cache(void *cache)
{
    cache_free(cache);
}

MemoryIndex *memory_index(Ctx *ctx, size_t cache_bytes)
{
    MemoryIndex *index = NEW(ctx->arena, MemoryIndex);
    index->ctx = ctx;
    index->cache = cache_new(cache_bytes);
    arena_defer(ctx->arena, free_cache, index->cache);
    index->source = (SegmentSource){ read_part, index, index->cache };
    return index;
}

static MemorySegment segment_new(MemoryIndex *index)
{
    MemorySegment segment = { .id = ++index->last_id, .parts = NEW(index->ctx->arena, Map) };
    segment.parts->arena = index->ctx->arena;
    return segment;
}

// A context of its own for each step, so that only parts and sets of what is gone stay.
static Ctx step_ctx(const MemoryIndex *index, Arena *arena)
{
    Ctx ctx = *index->ctx;
    ctx.arena = arena;
    return ctx;
}

static Status hand_up(MemoryIndex *index, Ctx *step, Status status)
{
    if (status != OK) {
        index->ctx->failure = step->failure;
        index->ctx->failure.message = str_copy(index->ctx->arena, step->failure.message);
    }
    arena_release(step->arena);
    return status;
}

static Status note_gone(MemoryIndex *index, Ctx *step, MemorySegment *own, Id id)
{
    Segment segment;
    uint32_t doc;
    bool found;
    TRY(segment_open(step, &index->source, own->id, &segment));
    TRY(segment_doc(step, &segment, id, &doc, &found));
    if (!found)
        return OK;
    if (!own->gone)
        own->gone = set_new(index->ctx->arena);
    roaring_bitmap_add(own->gone, doc);
    return OK;
}

static Status delete_in(MemoryIndex *index, Ctx *step, Id id)
{
    EACH (segment, index->segments)
        TRY(note_gone(index, step, segment, id));
    return OK;
}

Status memory_delete(MemoryIndex *index, Id id)
{
    Arena arena = { 0 };
    Ctx step = step_ctx(index, &arena);
    return hand_up(index, &step, delete_in(index, &step, id));
}

static Status put(MemoryIndex *index, Ctx *step, const IndexDoc *docs, size_t count)
{
    MemorySegment segment = segment_new(index);
    for (size_t i = 0; i < count; i++)
        TRY(delete_in(index, step, docs[i].id));
    TRY(index_build(step, docs, count, &(SegmentSink){ write_part, &segment }));
    *list_push(index->ctx->arena, &index->segments) = segment;
    return OK;
}

Status memory_put(MemoryIndex *index, const IndexDoc *docs, size_t count)
{
    Arena arena = { 0 };
    Ctx step = step_ctx(index, &arena);
    return hand_up(index, &step, put(index, &step, docs, count));
}

static Status open_all(MemoryIndex *index, Ctx *ctx, Segment *segments)
{
    for (size_t i = 0; i < index->segments.len; i++) {
        TRY(segment_open(ctx, &index->source, index->segments.items[i].id, &segments[i]));
        segments[i].gone = index->segments.items[i].gone;
    }
    return OK;
}

Status memory_open(MemoryIndex *index, Ctx *ctx, Index *ret)
{
    Segment *segments = NEW_ARRAY(ctx->arena, Segment, index->segments.len);
    TRY(open_all(index, ctx, segments));
    *ret = (Index){ segments, index->segments.len };
    return OK;
}

static Status merge(MemoryIndex *index, Ctx *step, const bool *picked)
{
    Index all;
    TRY(memory_open(index, step, &all));
    Segment *inputs = NEW_ARRAY(step->arena, Segment, all.count);
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < all.count; i++)
        if (picked[i])
            inputs[count++] = all.segments[i];
    MemorySegment merged = segment_new(index);
    TRY(index_merge(step, inputs, count, &(SegmentSink){ write_part, &merged }));
    for (size_t i = 0; i < all.count; i++)
        if (!picked[i])
            index->segments.items[kept++] = index->segments.items[i];
    index->segments.len = kept;
    *list_push(index->ctx->arena, &index->segments) = merged;
    return OK;
}

static Status merge_next(MemoryIndex *index, Ctx *step, bool *ret_merged)
{
    size_t count = index->segments.len;
    IndexSize *sizes = NEW_ARRAY(step->arena, IndexSize, count);
    bool *picked = NEW_ARRAY(step->arena, bool, count);
    Index all;
    TRY(memory_open(index, step, &all));
    for (size_t i = 0; i < count; i++)
        sizes[i] = (IndexSize){ all.segments[i].head->docs,
                                all.segments[i].gone ? set_len(all.segments[i].gone) : 0 };
    *ret_merged = index_merge_pick(sizes, count, picked);
    return *ret_merged ? merge(index, step, picked) : OK;
}

Status memory_merge(MemoryIndex *index, bool *ret_merged)
{
    Arena arena = { 0 };
    Ctx step = step_ctx(index, &arena);
    return hand_up(index, &step, merge_next(index, &step, ret_merged));
}

Status memory_merge_all(MemoryIndex *index)
{
    Arena arena = { 0 };
    Ctx step = step_ctx(index, &arena);
    bool *picked = NEW_ARRAY(&arena, bool, index->segments.len);
    memset(picked, 1, index->segments.len);
    return hand_up(index, &step, merge(index, &step, picked));
}

int64_t memory_bytes(const MemoryIndex *index)
{
    int64_t bytes = 0;
    EACH (segment, index->segments)
        bytes += segment->bytes;
    return bytes;
}

// ---- Products -----------------------------------------------------------------------------------

static Str read_gz(Arena *arena, const char *shared, const char *name)
{
    Buf out = { .arena = arena };
    gzFile in = gzopen(str_format(arena, "%s/data/search/%s", shared, name).ptr, "rb");
    static char piece[1 << 16];
    for (int n; in && (n = gzread(in, piece, sizeof piece)) > 0;)
        buf_put(&out, (Str){ piece, (size_t)n });
    if (in)
        gzclose(in);
    return buf_str(&out);
}

static Str attributes(Arena *arena, const Json *product)
{
    Buf out = { .arena = arena };
    JSON_EACH (member, product)
        if (str_starts(member->key, S("attr_t_")) && member->type == JSON_STRING) {
            buf_put(&out, member->text);
            buf_char(&out, ' ');
        }
    return buf_str(&out);
}

static void put_text(Arena *arena, IndexDoc *doc, int field, Str text)
{
    *list_push(arena, &doc->texts) = (IndexText){ field, text };
}

static void put_value(Arena *arena, IndexDoc *doc, const char *facet, Str value)
{
    if (value.len)
        *list_push(arena, &doc->values) = (IndexValue){ str_from(facet), value };
}

static void product_doc(Arena *arena, const Json *product, IndexDoc *ret)
{
    str_int(json_str(product, "id"), &ret->id);
    put_text(arena, ret, 0, json_str(product, "title"));
    put_text(arena, ret, 1, json_str(product, "short_description"));
    put_text(arena, ret, 2, attributes(arena, product));
    put_value(arena, ret, "brand", json_str(product, "supplier"));
    put_value(arena, ret, "colour", json_str(product, "attr_t_product_colour"));
    put_value(arena, ret, "type", json_str(product, "attr_t_type"));
    put_value(arena, ret, "year", str_sub(json_str(product, "date_released"), 0, 4));
    put_value(arena, ret, "country", json_str(product, "attr_t_country_of_origin"));
}

Status products_load(Ctx *ctx, const char *shared, IndexDocList *ret)
{
    Str all = read_gz(ctx->arena, shared, "icecat_products_dev.jsonl.gz"), line;
    while (str_next(&all, '\n', &line)) {
        const Json *product;
        TRY(json_parse(ctx, line, &product));
        product_doc(ctx->arena, product, list_push(ctx->arena, ret));
    }
    return OK;
}

static Str random_word(Random *random, Str text)
{
    Str rest = text, word, chosen = S("");
    for (int64_t n = 1; str_next_word(&rest, &word); n++)
        if (random_below(random, n) == 0)
            chosen = word;
    return chosen;
}

static Str mixed_title(Ctx *ctx, Random *random, Str title, Str other, Id id)
{
    Buf out = { .arena = ctx->arena };
    Str out_word = random_chance(random, 2) ? random_word(random, title) : S("");
    Str in_word = random_word(random, other), word;
    while (str_next_word(&title, &word)) {
        buf_put(&out, word.ptr == out_word.ptr ? in_word : word);
        buf_char(&out, ' ');
    }
    buf_printf(&out, "MX-%lld", (long long)id);
    return buf_str(&out);
}

void products_mix(Ctx *ctx, const IndexDocList *from, size_t count, Random *random,
                  IndexDocList *ret)
{
    for (size_t i = 0; i < count; i++) {
        const IndexDoc *a = &from->items[random_below(random, (int64_t)from->len)];
        const IndexDoc *b = &from->items[random_below(random, (int64_t)from->len)];
        IndexDoc *doc = list_push(ctx->arena, ret);
        doc->id = (Id)i + 1;
        put_text(ctx->arena, doc, 0,
                 mixed_title(ctx, random, a->texts.items[0].text, b->texts.items[0].text, doc->id));
        put_text(ctx->arena, doc, 1, (random_chance(random, 2) ? a : b)->texts.items[1].text);
        put_text(ctx->arena, doc, 2, a->texts.items[2].text);
        const IndexDoc *source = random_chance(random, 3) ? b : a;
        EACH (value, source->values)
            *list_push(ctx->arena, &doc->values) = *value;
    }
}

// ---- Judgements ---------------------------------------------------------------------------------

Status judged_load(Ctx *ctx, const char *shared, JudgedList *ret)
{
    Str all = read_gz(ctx->arena, shared, "icecat_judgments_dev.jsonl.gz"), line;
    while (str_next(&all, '\n', &line)) {
        const Json *search;
        TRY(json_parse(ctx, line, &search));
        Judged *judged = list_push(ctx->arena, ret);
        judged->words = json_str(search, "query");
        judged->grades.arena = ctx->arena;
        JSON_EACH (doc, json_get(search, "docs")) {
            Str *grade = NEW(ctx->arena, Str);
            *grade = str_sub(doc->text, 0, 1);
            map_put(&judged->grades, doc->key, grade);
        }
    }
    return OK;
}

static double gain_of(Str grade)
{
    return grade.len ? (1 << (grade.ptr[0] - '0')) - 1 : 0;
}

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static double ideal_gain(Ctx *ctx, const Judged *judged)
{
    double sum = 0, *gains = NEW_ARRAY(ctx->arena, double, judged->grades.len);
    for (size_t i = 0; i < judged->grades.len; i++)
        gains[i] = gain_of(*(const Str *)judged->grades.values[i]);
    if (judged->grades.len)
        qsort(gains, judged->grades.len, sizeof *gains, falling);
    for (size_t i = 0; i < judged->grades.len && i < 10; i++)
        sum += gains[i] / log2((double)i + 2);
    return sum;
}

static Status gain_at_10(MemoryIndex *index, Ctx *ctx, const Judged *judged, double *ret)
{
    Index all;
    IndexAnswer answer;
    IndexQuery query = { .words = judged->words, .scope.is_all = true, .limit = 10 };
    TRY(memory_open(index, ctx, &all));
    TRY(index_search(ctx, &all, &query, &answer));
    *ret = 0;
    for (size_t i = 0; i < answer.hits.len; i++) {
        Str id = str_format(ctx->arena, "%lld", (long long)answer.hits.items[i].id);
        const Str *grade = map_get(&judged->grades, id);
        *ret += grade ? gain_of(*grade) / log2((double)i + 2) : 0;
    }
    return OK;
}

Status judged_score(MemoryIndex *index, const JudgedList *judged,
                    void (*each)(const Judged *judged, double ndcg), int *ret)
{
    double sum = 0;
    int count = 0;
    EACH (search, *judged) {
        Arena arena = { 0 };
        Ctx step = step_ctx(index, &arena);
        double gain = 0, ideal = ideal_gain(&step, search);
        Status status = ideal > 0 ? gain_at_10(index, &step, search, &gain) : OK;
        TRY(hand_up(index, &step, status));
        if (ideal <= 0)
            continue;
        sum += gain / ideal;
        count++;
        if (each)
            each(search, gain / ideal);
    }
    *ret = count ? (int)(10000 * sum / count) : 0;
    return OK;
}
