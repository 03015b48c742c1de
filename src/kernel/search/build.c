// build.c - a segment in memory: words and facet values with their documents, then written in
// order.
#include "kernel/search/index.h"

#include "base/map.h"
#include "kernel/search/analyse.h"
#include "kernel/search/score.h"

#include <assert.h>

// A key and its documents so far. `times` counts for the document that is being read.
typedef struct Key {
    Str text;
    OccurrenceList items;
    uint32_t doc_after;  // the last document it was seen in, plus one
    bool is_value;       // of a facet: has no level
    uint16_t times[SCORE_FIELDS];
} Key;

typedef struct Build {
    Ctx *ctx;
    Map keys;          // text to Key
    LIST(Key *) seen;  // keys of the document being read
    uint32_t doc;
    uint32_t words[SCORE_FIELDS];
} Build;

static Str cut(Str text, size_t len)
{
    if (text.len <= len)
        return text;
    while (len > 0 && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
        len--;
    return str_sub(text, 0, len);
}

Str index_facet_key(Arena *arena, Str facet, Str value)
{
    facet = cut(facet, KEY_BYTES_MAX / 3);
    value = cut(value, KEY_BYTES_MAX - facet.len - 2);
    return str_format(arena, FACET_MARK STR_FMT FACET_END STR_FMT, STR_ARG(facet), STR_ARG(value));
}

// The key's counts for this document, made when it is new.
static Key *key_of(Build *build, Str text)
{
    Key *key = map_get(&build->keys, text);
    if (!key) {
        key = NEW(build->ctx->arena, Key);
        key->text = str_copy(build->ctx->arena, text);
        map_put(&build->keys, key->text, key);
    }
    if (key->doc_after != build->doc + 1) {
        key->doc_after = build->doc + 1;
        memset(key->times, 0, sizeof key->times);
        *list_push(build->ctx->arena, &build->seen) = key;
    }
    return key;
}

static void count_word(Build *build, Str word, int field)
{
    Key *key = key_of(build, word);
    if (key->times[field] < UINT16_MAX)
        key->times[field]++;
}

static Status read_text(Build *build, const IndexText *text)
{
    int field = text->field < SCORE_FIELDS ? text->field : SCORE_FIELDS - 1;
    Analysis found;
    TRY(analyse(build->ctx, text->text, &found));
    EACH (atom, found.atoms) {
        count_word(build, atom->word, field);
        build->words[field] += !atom->is_single;
    }
    EACH (compound, found.compounds)
        if (compound->word.len)
            count_word(build, compound->word, field);
    return OK;
}

static void close_doc(Build *build)
{
    EACH (seen, build->seen) {
        Key *key = *seen;
        ScoreCounts counts = { .words = build->words };
        memcpy(counts.times, key->times, sizeof counts.times);
        uint32_t level = key->is_value ? 1 : (uint32_t)score_level(&counts);
        *list_push(build->ctx->arena, &key->items) = (Occurrence){ build->doc, level };
    }
    build->seen.len = 0;
    build->doc++;
}

static Status read_doc(Build *build, const IndexDoc *doc)
{
    memset(build->words, 0, sizeof build->words);
    EACH (text, doc->texts)
        TRY(read_text(build, text));
    EACH (value, doc->values)
        key_of(build, index_facet_key(build->ctx->arena, value->facet, value->value))->is_value =
            true;
    close_doc(build);
    return OK;
}

static int by_id(const void *a, const void *b)
{
    Id x = (*(const IndexDoc *const *)a)->id, y = (*(const IndexDoc *const *)b)->id;
    return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
    return str_compare((*(Key *const *)a)->text, (*(Key *const *)b)->text);
}

static Status write_ids(Ctx *ctx, SegmentWriter *writer, const IndexDoc *const *docs, size_t count)
{
    Id *ids = NEW_ARRAY(ctx->arena, Id, count);
    for (size_t i = 0; i < count; i++)
        ids[i] = docs[i]->id;
    return writer_ids(writer, ids, count);
}

Status index_build(Ctx *ctx, const IndexDoc *docs, size_t count, const SegmentSink *sink)
{
    assert(count <= SEGMENT_DOCS_MAX);
    const IndexDoc **order = NEW_ARRAY(ctx->arena, const IndexDoc *, count);
    for (size_t i = 0; i < count; i++)
        order[i] = docs + i;
    qsort(order, count, sizeof *order, by_id);

    Build build = { .ctx = ctx, .keys.arena = ctx->arena };
    for (size_t i = 0; i < count; i++)
        TRY(read_doc(&build, order[i]));

    SegmentWriter *writer = writer_new(ctx, sink);
    TRY(write_ids(ctx, writer, order, count));
    Key **keys = (Key **)build.keys.values;
    if (build.keys.len)
        qsort(keys, build.keys.len, sizeof *keys, by_text);
    for (size_t i = 0; i < build.keys.len; i++)
        TRY(writer_key(writer, keys[i]->text, keys[i]->items.items, keys[i]->items.len));
    return writer_end(writer);
}
