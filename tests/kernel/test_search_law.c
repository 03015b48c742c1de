// test_search_law.c - the search engine's law: it always finds what reading every record would
// find.
#include "search_docs.h"

#include "kernel/search/fuzzy.h"
#include "kernel/search/rank.h"

#include "harness.h"

static const char *const typed[] = { "walet",  "wal", "keyb",      "leahter", "blutooth",
                                     "he",     "c",   "kn-12 ",    "hed",     "xyzzy",
                                     "awllet", "ab",  "head set ", "16 gb",   "\u8fd0" };

static void replace_doc(Ctx *ctx, ReferenceDocs *docs, const IndexDoc *doc)
{
    EACH (old, *docs)
        if (old->id == doc->id) {
            *old = *doc;
            return;
        }
    *list_push(ctx->arena, docs) = *doc;
}

static void put_some(Ctx *ctx, MemoryIndex *index, ReferenceDocs *docs, Random *random)
{
    ReferenceDocs batch = { 0 };
    for (int64_t n = 1 + random_below(random, 12); n > 0; n--) {
        IndexDoc doc = random_doc(ctx, random, 1 + random_below(random, 120));
        replace_doc(ctx, &batch, &doc);
        replace_doc(ctx, docs, &doc);
    }
    CHECK_OK(ctx, memory_put(index, batch.items, batch.len));
}

static void delete_one(Ctx *ctx, MemoryIndex *index, ReferenceDocs *docs, Random *random)
{
    if (docs->len == 0)
        return;
    size_t at = (size_t)random_below(random, (int64_t)docs->len);
    CHECK_OK(ctx, memory_delete(index, docs->items[at].id));
    list_remove(docs, at);
}

static void change(Ctx *ctx, MemoryIndex *index, ReferenceDocs *docs, Random *random)
{
    bool merged;
    switch (random_below(random, 8)) {
    case 0:
    case 1:
    case 2:
    case 3: put_some(ctx, index, docs, random); break;
    case 4:
    case 5: delete_one(ctx, index, docs, random); break;
    case 6: CHECK_OK(ctx, memory_merge(index, &merged)); break;
    default:
        if (random_chance(random, 4))
            CHECK_OK(ctx, memory_merge_all(index));
    }
}

static Str random_words(Ctx *ctx, Random *random)
{
    Buf out = { .arena = ctx->arena };
    for (int64_t n = random_below(random, 4); n > 0; n--) {
        buf_c(&out, random_chance(random, 3) ? random_one(random, typed, COUNT(typed))
                                             : random_word(random));
        if (n > 1 || random_chance(random, 3))
            buf_c(&out, random_chance(random, 6) ? "-" : " ");
    }
    return buf_str(&out);
}

static IndexQuery random_query(Ctx *ctx, Random *random)
{
    IndexQuery query = { .words = random_words(ctx, random),
                         .scope.is_all = true,
                         .limit = (int)random_below(random, 30),
                         .offset = random_chance(random, 4) ? (int)random_below(random, 30) : 0,
                         .is_strict = random_chance(random, 2),
                         .is_complete = random_chance(random, 4) };
    if (random_chance(random, 3)) {
        query.scope.is_all = false;
        *list_push(ctx->arena, &query.scope.values) = (IndexValue){ S("owner"), S("2") };
        *list_push(ctx->arena, &query.scope.ids) = 1 + random_below(random, 130);
    }
    if (random_chance(random, 3)) {
        IndexFilter *filter = list_push(ctx->arena, &query.filters);
        *filter = (IndexFilter){ .facet = S("colour"),
                                 .is_not = random_chance(random, 4),
                                 .is_range = random_chance(random, 4),
                                 .to = S("green") };
        if (!filter->is_range)
            filter_value(ctx, filter, random_chance(random, 2) ? "red" : "blue");
    }
    *list_push(ctx->arena, &query.facets) = S("colour");
    *list_push(ctx->arena, &query.facets) = S("owner");
    return query;
}

static void check_same(Ctx *ctx, const IndexAnswer *actual, const IndexAnswer *wanted)
{
    CHECK_INT(actual->count, wanted->count);
    CHECK_INT((int64_t)actual->hits.len, (int64_t)wanted->hits.len);
    for (size_t i = 0; i < actual->hits.len && i < wanted->hits.len; i++) {
        CHECK_INT(actual->hits.items[i].id, wanted->hits.items[i].id);
        CHECK_INT(actual->hits.items[i].score, wanted->hits.items[i].score);
    }
    for (size_t f = 0; f < wanted->facets.len; f++)
        CHECK(str_eq(docs_counts(ctx, actual, f), docs_counts(ctx, wanted, f)));
}

static void check_queries(Ctx *ctx, MemoryIndex *index, const ReferenceDocs *docs, Random *random)
{
    for (int n = 0; n < 4; n++) {
        Arena arena = { 0 };
        Ctx own = *ctx;
        own.arena = &arena;
        IndexQuery query = random_query(&own, random);
        IndexAnswer wanted;
        test_row = str_c(&arena, query.words);
        CHECK_OK(&own, reference_search(&own, docs, &query, &wanted));
        IndexAnswer actual = docs_ask(&own, index, &query);
        check_same(&own, &actual, &wanted);
        test_row = NULL;
        arena_release(&arena);
    }
}

static void test_law(void)
{
    static const size_t caches[] = { 0, 4096, CACHE };
    for (size_t round = 0; round < 6; round++) {
        Ctx *ctx = test_ctx();
        Random random = { ctx->random->state + round };
        MemoryIndex *index = memory_index(ctx, caches[round % COUNT(caches)]);
        ReferenceDocs docs = { 0 };
        for (int step = 0; step < 60; step++) {
            change(ctx, index, &docs, &random);
            check_queries(ctx, index, &docs, &random);
            CHECK(cache_bytes(index->cache) <= caches[round % COUNT(caches)]);
        }
        arena_clear(ctx->arena);
    }
}

// Visiting classes of levels and scoring every match are two ways to one order.
static void test_two_ways_to_rank(void)
{
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    for (Id id = 1; id <= 800; id++)
        *list_push(ctx->arena, &docs) = random_doc(ctx, ctx->random, id);
    MemoryIndex *index = docs_index(ctx, &docs);
    static const char *const queries[] = { "the", "the wallet ", "the leather kn12", "wal",
                                           "the the 16" };
    for (size_t q = 0; q < COUNT(queries); q++) {
        Index all;
        SlotList slots = { 0 };
        test_row = queries[q];
        CHECK_OK(ctx, memory_open(index, ctx, &all));
        CHECK_OK(ctx, slots_make(ctx, &all, str_from(queries[q]), false, &slots));
        const Set *docs_with = set_range(ctx->arena, 0, 800);
        EACH (slot, slots)
            docs_with = set_and(ctx->arena, docs_with, slot->in[0].all);
        Match match = { .docs = docs_with, .has_all_words = true };
        for (size_t want = 1; want < 300; want += 37) {
            RankedList few = { 0 }, many = { 0 };
            match.few = 0;
            rank_segment(ctx, &slots, 0, 800, &match, want, 0, &few);
            match.few = INT64_MAX;
            rank_segment(ctx, &slots, 0, 800, &match, want, 0, &many);
            CHECK_INT((int64_t)few.len, (int64_t)many.len);
            for (size_t i = 0; i < few.len && i < many.len; i++)
                CHECK(few.items[i].doc == many.items[i].doc &&
                      few.items[i].score == many.items[i].score);
        }
    }
}

static Str random_letters(Ctx *ctx, int64_t most)
{
    Buf out = { .arena = ctx->arena };
    for (int64_t n = 1 + random_below(ctx->random, most); n > 0; n--)
        buf_c(&out, (const char *[]){ "a", "b", "c", "\u0434" }[random_below(ctx->random, 4)]);
    return buf_str(&out);
}

static Mistake mistake_of(const FuzzyWordList *found, Str word)
{
    EACH (one, *found)
        if (str_eq(one->entry.key, word))
            return one->is_longer ? MISTAKE_LONGER : one->distance < 2 ? MISTAKE_ONE : MISTAKE_TWO;
    return MISTAKE_NONE;
}

// Passing over beginnings that are too far away misses nothing.
static void test_mistakes_law(void)
{
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    Str words[1500];
    for (size_t i = 0; i < COUNT(words); i++) {
        words[i] = random_letters(ctx, 11);
        doc_add(ctx, &docs, (Id)i + 1, words[i].ptr);
    }
    Index all;
    MemoryIndex *index = docs_index(ctx, &docs);
    CHECK_OK(ctx, memory_open(index, ctx, &all));
    for (int round = 0; round < 60; round++) {
        FuzzyWordList found = { 0 };
        Str typed = random_letters(ctx, 11);
        bool is_open = round % 2;
        CHECK_OK(ctx, fuzzy_find(ctx, &all.segments[0], typed, is_open, &found));
        test_row = typed.ptr;
        for (size_t i = 0; i < COUNT(words); i++)
            if (!str_eq(words[i], typed))
                CHECK_INT(mistake_of(&found, words[i]),
                          reference_mistake(typed, is_open, words[i]));
    }
}

const Test search_law_tests[] = {
    { "any order of changes and merges answers as reading every record does", test_law },
    { "two ways to rank give one order", test_two_ways_to_rank },
    { "words like a typed one are found as by comparing all", test_mistakes_law },
    { 0 },
};
