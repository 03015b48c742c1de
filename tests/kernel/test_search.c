// test_search.c - the search engine: what is found, in which order, merging, storing, damage.
#include "search_docs.h"

#include "kernel/search/fuzzy.h"
#include "kernel/search/rank.h"

#include "harness.h"

// ---- Small indexes ------------------------------------------------------------------------------

static void test_spellings(void)
{
    static const char *const names[] = {
        [1] = "Brown leather wallet",
        [2] = "Wallet, men's, black",
        [3] = "Wall clock",
        [4] = "Trousers KN-1182-NVY",
        [5] = "Bluetooth headset",
        [6] = "Micro SD card 16 GB",
        [7] = "Sony MDR-1000X headphones",
        [8] = "Caf\u00e9 table, oak",
        [9] = "\u8fd0\u52a8\u978b \u7ea2\u8272",
        [10] = "Zapatos de ni\u00f1o",
        [11] = "USB-C cable 1.5 m",
        [12] = "Wallpaper",
    };
    // clang-format off
    static const struct { const char *row, *words, *ids; } rows[] = {
        { "the word itself",                 "wallet ",           "2 1" },
        { "two letters swapped",             "wallte",            "2 1" },
        { "a letter missing",                "walet ",            "2 1" },
        { "the beginning of the word",       "walle",             "2 1" },
        { "its plural",                      "wallets ",          "2 1" },
        { "a beginning that several have",   "wall",              "3 12 2 1" },
        { "the same, said to be complete",   "wall ",             "3" },
        { "a mistake in a beginning",        "blutoo",            "5" },
        { "two mistakes in a long word",     "hedphonse ",        "7" },
        { "two mistakes in a short one",     "wlalte ",           "" },
        { "the first letter wrong",          "mallet ",           "" },
        { "the first two swapped",           "awllet ",           "2 1" },
        { "both words",                      "leather wallet",    "1" },
        { "in any order",                    "wallet leather",    "1" },
        { "no record has both",              "clock wallet",      "3 2 1" },
        { "one word is unknown",             "wallet zzzzzzzz",   "2 1" },
        { "a code as it stands",             "KN-1182-NVY",       "4" },
        { "run together",                    "kn1182nvy",         "4" },
        { "with blanks",                     "kn 1182 nvy",       "4" },
        { "half of it",                      "kn-11",             "4" },
        { "half of it, whole parts",         "kn-1182",           "4" },
        { "digits are never guessed",        "1183",              "" },
        { "words joined in the query",       "microsd ",          "" },
        { "words apart in the query",        "head set",          "5" },
        { "a unit run together",             "16gb",              "6" },
        { "a model number",                  "mdr1000x",          "7" },
        { "without accents",                 "cafe nino",         "10 8" },
        { "with accents",                    "CAF\u00c9",         "8" },
        { "a Chinese word",                  "\u8fd0\u52a8\u978b", "9" },
        { "part of it",                      "\u52a8\u978b",      "9" },
        { "one character of it",             "\u7ea2",            "9" },
        { "a Spanish plural",                "zapato",            "10" },
        { "a decimal",                       "1,5m",              "11" },
        { "nothing but marks finds all",     "--",                "12 11 10 9 8 7 6 5 4 3 2 1" },
        { "nothing that is there",           "qqqqqq",            "" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    for (size_t i = 1; i < COUNT(names); i++)
        doc_add(ctx, &docs, (Id)i, names[i]);
    MemoryIndex *index = docs_index(ctx, &docs);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK_STR(docs_ids(ctx, index, rows[i].words), rows[i].ids);
    }
}

static void test_order(void)
{
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    IndexDoc *doc = doc_add(ctx, &docs, 1, "Case for something else altogether, in many words");
    *list_push(ctx->arena, &doc->texts) = (IndexText){ 2, S("goes well with a wallet") };
    doc_add(ctx, &docs, 2, "Wallet");
    doc_add(ctx, &docs, 3, "Wallet with a long name and coin pocket, card slots, zip and chain");
    doc_add(ctx, &docs, 4, "Wallet");
    MemoryIndex *index = docs_index(ctx, &docs);
    CHECK_STR(docs_ids(ctx, index, "wallet"), "4 2 3 1");
}

static void test_fill(void)
{
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    for (Id id = 1; id <= 12; id++)
        doc_add(ctx, &docs, id, id == 1 ? "brown wallet" : id <= 6 ? "brown belt" : "black wallet");
    MemoryIndex *index = docs_index(ctx, &docs);
    IndexQuery query = { .words = S("brown wallet"), .scope.is_all = true, .limit = 20 };
    IndexAnswer answer = docs_ask(ctx, index, &query);
    CHECK_INT(answer.count, 12);
    CHECK_INT(answer.hits.items[0].id, 1);
    query.is_strict = true;
    answer = docs_ask(ctx, index, &query);
    CHECK_INT(answer.count, 1);
}

// ---- Scopes, filters, facets --------------------------------------------------------------------

static MemoryIndex *shop(Ctx *ctx)
{
    static const char *const colours[] = { "red", "green", "blue" };
    static const char *const prices[] = { "0010", "0020", "0030", "0040" };
    ReferenceDocs docs = { 0 };
    for (Id id = 1; id <= 12; id++) {
        IndexDoc *doc = doc_add(ctx, &docs, id, id % 2 ? "wallet" : "belt");
        doc_value(ctx, doc, "colour", colours[id % 3]);
        doc_value(ctx, doc, "price", prices[id % 4]);
        doc_value(ctx, doc, "owner", id <= 4 ? "7" : "8");
    }
    return docs_index(ctx, &docs);
}

static void test_scope_before_counting(void)
{
    Ctx *ctx = test_ctx();
    MemoryIndex *index = shop(ctx);
    IndexQuery query = { .words = S("wallet"), .limit = 20 };
    *list_push(ctx->arena, &query.facets) = S("colour");
    IndexAnswer answer = docs_ask(ctx, index, &query);
    CHECK_INT(answer.count, 0);  // a scope that lets nothing through
    CHECK_STR(docs_counts(ctx, &answer, 0), "");

    *list_push(ctx->arena, &query.scope.values) = (IndexValue){ S("owner"), S("7") };
    answer = docs_ask(ctx, index, &query);
    CHECK_INT(answer.count, 2);  // 1 and 3 of the six wallets
    CHECK_STR(docs_counts(ctx, &answer, 0), "green 1, red 1");

    *list_push(ctx->arena, &query.scope.ids) = 11;
    *list_push(ctx->arena, &query.scope.ids) = 12;    // a belt
    *list_push(ctx->arena, &query.scope.ids) = 9999;  // not there
    answer = docs_ask(ctx, index, &query);
    CHECK_INT(answer.count, 3);
    CHECK_STR(docs_counts(ctx, &answer, 0), "blue 1, green 1, red 1");
    CHECK_INT(answer.hits.items[0].id, 11);

    query.words = S("");
    answer = docs_ask(ctx, index, &query);
    CHECK_INT(answer.count, 6);
}

// A word that only others' records have is as good as unknown: the answer must not tell.
static void test_scope_hides_words(void)
{
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    doc_value(ctx, doc_add(ctx, &docs, 1, "wallet"), "owner", "7");
    doc_value(ctx, doc_add(ctx, &docs, 2, "wallte"), "owner", "8");
    MemoryIndex *index = docs_index(ctx, &docs);
    IndexQuery query = { .words = S("wallte"), .limit = 20 };
    *list_push(ctx->arena, &query.scope.values) = (IndexValue){ S("owner"), S("7") };
    IndexAnswer answer = docs_ask(ctx, index, &query);
    CHECK_INT(answer.count, 1);
    CHECK_INT(answer.hits.items[0].id, 1);
}

static void test_filters(void)
{
    Ctx *ctx = test_ctx();
    MemoryIndex *index = shop(ctx);
    IndexQuery query = { .words = S("wallet"), .scope.is_all = true, .limit = 20 };
    *list_push(ctx->arena, &query.facets) = S("colour");
    *list_push(ctx->arena, &query.facets) = S("price");
    *list_push(ctx->arena, &query.facets) = S("no_such");

    IndexFilter *colour = list_push(ctx->arena, &query.filters);
    colour->facet = S("colour");
    filter_value(ctx, colour, "red");
    IndexAnswer answer = docs_ask(ctx, index, &query);
    CHECK_INT(answer.count, 2);
    CHECK_STR(docs_counts(ctx, &answer, 0), "blue 2, green 2, red 2");  // as if colour were open
    CHECK_STR(docs_counts(ctx, &answer, 1), "0020 1, 0040 1");
    CHECK_STR(docs_counts(ctx, &answer, 2), "");

    filter_value(ctx, colour, "blue");
    filter_value(ctx, colour, "no such colour");
    CHECK_INT(docs_ask(ctx, index, &query).count, 4);
    colour->is_not = true;
    CHECK_INT(docs_ask(ctx, index, &query).count, 2);

    IndexFilter *price = list_push(ctx->arena, &query.filters);
    *price = (IndexFilter){ .facet = S("price"), .is_range = true, .from = S("0015") };
    query.filters.items[0].is_not = false;
    CHECK_INT(docs_ask(ctx, index, &query).count, 4);
    price->to = S("0020");
    answer = docs_ask(ctx, index, &query);
    CHECK_INT(answer.count, 2);
    CHECK_STR(docs_counts(ctx, &answer, 1), "0020 2, 0040 2");
    price->from = S("0041");
    price->to = S("");
    CHECK_INT(docs_ask(ctx, index, &query).count, 0);
}

static void test_paging(void)
{
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    for (Id id = 1; id <= 50; id++)
        doc_add(ctx, &docs, id, "wallet");
    MemoryIndex *index = docs_index(ctx, &docs);
    // clang-format off
    static const struct { const char *row; int offset, limit, first, count; } rows[] = {
        { "first page",           0,    20, 50, 20 },
        { "second page",          20,   20, 30, 20 },
        { "the last, short",      40,   20, 10, 10 },
        { "behind the end",       60,   20, 0,  0 },
        { "no limit, no hits",    0,    0,  0,  0 },
        { "below zero",           -5,   -5, 0,  0 },
        { "beyond the limits",    5000, 5000, 0, 0 },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        IndexQuery query = { .words = S("wallet"),
                             .scope.is_all = true,
                             .offset = rows[i].offset,
                             .limit = rows[i].limit };
        IndexAnswer answer = docs_ask(ctx, index, &query);
        CHECK_INT(answer.count, 50);
        CHECK_INT((int64_t)answer.hits.len, rows[i].count);
        if (rows[i].count)
            CHECK_INT(answer.hits.items[0].id, rows[i].first);
    }
}

static void test_empty(void)
{
    Ctx *ctx = test_ctx();
    MemoryIndex *index = memory_index(ctx, CACHE);
    IndexQuery query = { .words = S("wallet"), .scope.is_all = true, .limit = 20 };
    *list_push(ctx->arena, &query.facets) = S("colour");
    CHECK_INT(docs_ask(ctx, index, &query).count, 0);
    CHECK_OK(ctx, memory_put(index, NULL, 0));
    CHECK_INT(docs_ask(ctx, index, &query).count, 0);
    ReferenceDocs docs = { 0 };
    doc_add(ctx, &docs, 1, "");
    CHECK_OK(ctx, memory_put(index, docs.items, docs.len));
    CHECK_INT(docs_ask(ctx, index, &query).count, 0);
    query.words = S("");
    CHECK_INT(docs_ask(ctx, index, &query).count, 1);
}

// ---- Merging ------------------------------------------------------------------------------------

static void test_merge_policy(void)
{
    // clang-format off
    static const struct { const char *row; IndexSize sizes[6]; size_t count; const char *picked; } rows[] = {
        { "nothing",                  { { 0, 0 } },                                     0, "" },
        { "three small ones may stay", { { 1, 0 }, { 50, 0 }, { 9, 0 } },                3, "" },
        { "four are merged",          { { 1, 0 }, { 50, 0 }, { 9, 0 }, { 3, 1 } },       4, "xxxx" },
        { "the large one is left",    { { 9000, 0 }, { 1, 0 }, { 50, 0 }, { 9, 0 }, { 3, 1 } }, 5, ".xxxx" },
        { "unlike sizes stay",        { { 10, 0 }, { 100, 0 }, { 1000, 0 }, { 10000, 0 } }, 4, "" },
        { "what is gone does not count", { { 1000, 990 }, { 10, 0 }, { 10, 0 }, { 10, 0 } }, 4, "xxxx" },
        { "half gone is rewritten",   { { 1000, 501 }, { 90, 0 } },                      2, "x." },
        { "a little gone is not",     { { 1000, 400 }, { 90, 0 } },                      2, "" },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool picked[6];
        char shown[7] = "";
        test_row = rows[i].row;
        if (index_merge_pick(rows[i].sizes, rows[i].count, picked))
            for (size_t k = 0; k < rows[i].count; k++)
                shown[k] = picked[k] ? 'x' : '.';
        CHECK_STR(str_from(shown), rows[i].picked);
    }
}

// Many small changes leave few segments, and each record was rewritten a few times only.
static void test_merging_is_cheap(void)
{
    Ctx *ctx = test_ctx();
    MemoryIndex *index = memory_index(ctx, CACHE);
    int64_t rewritten = 0;
    for (Id id = 1; id <= 3000; id += 10) {
        ReferenceDocs batch = { 0 };
        for (Id k = id; k < id + 10; k++)
            *list_push(ctx->arena, &batch) = random_doc(ctx, ctx->random, k);
        CHECK_OK(ctx, memory_put(index, batch.items, batch.len));
        for (bool merged = true; merged;) {
            size_t before = index->segments.len;
            CHECK_OK(ctx, memory_merge(index, &merged));
            if (merged) {
                Index all;
                CHECK(index->segments.len < before);
                CHECK_OK(ctx, memory_open(index, ctx, &all));
                rewritten += all.segments[all.count - 1].head->docs;
            }
        }
    }
    CHECK(index->segments.len <= 12);
    CHECK(rewritten <= 3000 * 5);
    IndexQuery query = { .scope.is_all = true };
    CHECK_INT(docs_ask(ctx, index, &query).count, 3000);
}

static void test_two_of_one_id(void)
{
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    doc_add(ctx, &docs, 7, "older");
    doc_add(ctx, &docs, 7, "newer");
    MemoryIndex *index = memory_index(ctx, CACHE);
    CHECK_OK(ctx, memory_put(index, docs.items, 1));
    CHECK_OK(ctx, memory_put(index, docs.items + 1, 1));
    index->segments.items[0].gone = NULL;  // as if noting it had been forgotten
    CHECK_OK(ctx, memory_merge_all(index));
    CHECK_STR(docs_ids(ctx, index, "newer"), "7");
    CHECK_STR(docs_ids(ctx, index, "older"), "");
}

// ---- Sets, and what they are stored as ----------------------------------------------------------

static void check_set(Ctx *ctx, const uint32_t *docs, size_t count, uint32_t limit)
{
    Buf out = { .arena = ctx->arena };
    uint32_t *back = NEW_ARRAY(ctx->arena, uint32_t, count + 1);
    set_put(&out, docs, count);
    PackedReader in = packed_reader(buf_str(&out));
    CHECK_INT((int64_t)set_get(&in, limit, back, count), (int64_t)count);
    CHECK(!in.is_bad && in.at == in.end);
    CHECK(count == 0 || memcmp(docs, back, count * sizeof *docs) == 0);

    if (count == 0)
        return;
    in = packed_reader(buf_str(&out));
    CHECK_INT((int64_t)set_get(&in, limit, back, count - 1), 0);  // no room for the last
    CHECK(in.is_bad);
    in = packed_reader(buf_str(&out));
    CHECK_INT((int64_t)set_get(&in, docs[count - 1], back, count),
              0);  // the last is beyond the limit
    in = packed_reader(str_sub(buf_str(&out), 0, out.len - 1));
    CHECK_INT((int64_t)set_get(&in, limit, back, count), 0);  // a byte is missing
    CHECK(in.is_bad);
}

static void test_stored_sets(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 60; round++) {
        uint32_t gap = (uint32_t)(1 + random_below(ctx->random, round % 3 ? 9 : 30000)), at = 0;
        size_t count = (size_t)random_below(ctx->random, 40000);
        uint32_t *docs = NEW_ARRAY(ctx->arena, uint32_t, count + 1);
        for (size_t i = 0; i < count; i++)
            docs[i] = at += 1 + (uint32_t)random_below(ctx->random, gap);
        check_set(ctx, docs, count, UINT32_MAX);
        arena_clear(ctx->arena);
    }
    check_set(ctx, (uint32_t[]){ UINT32_MAX - 1 }, 1, UINT32_MAX);
}

// ---- Damage -------------------------------------------------------------------------------------

static void damage(MemoryIndex *index, size_t segment, Random *random)
{
    Map *parts = index->segments.items[segment].parts;
    Str *bytes = parts->values[random_below(random, (int64_t)parts->len)];
    Str copy = str_copy(index->ctx->arena, *bytes);
    ((char *)copy.ptr)[random_below(random, (int64_t)copy.len)] ^=
        (char)(1 << random_below(random, 8));
    *bytes = copy;
}

static void test_damage_is_found(void)
{
    Ctx *ctx = test_ctx();
    for (int round = 0; round < 50; round++) {
        ReferenceDocs docs = { 0 };
        for (Id id = 1; id <= 40; id++)
            *list_push(ctx->arena, &docs) = random_doc(ctx, ctx->random, id);
        MemoryIndex *index = memory_index(ctx, 0);
        CHECK_OK(ctx, memory_put(index, docs.items, docs.len));
        damage(index, 0, ctx->random);
        CHECK_FAILS(ctx, "search.corrupt", memory_merge_all(index));  // it reads every part
        arena_clear(ctx->arena);
    }
}

static void test_missing_part(void)
{
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    doc_add(ctx, &docs, 1, "wallet");
    MemoryIndex *index = docs_index(ctx, &docs);
    index->segments.items[0].parts = NEW(ctx->arena, Map);
    Index all;
    CHECK_FAILS(ctx, "search.corrupt", memory_open(index, ctx, &all));
}

// ---- Memory -------------------------------------------------------------------------------------

static Status load_block(Ctx *ctx, Arena *into, const void *arg, const void **ret, size_t *ret_more)
{
    *ret = arena_alloc(into, 1000);
    *ret_more = 24;
    return arg ? FAIL(ctx, E_INTERNAL, "test.load", "not this time") : OK;
}

static void test_cache_bound(void)
{
    Ctx *ctx = test_ctx();
    Cache *cache = cache_new(20000);
    const void *first, *again, *value;
    ArenaMark mark = arena_mark(ctx->arena);
    CHECK_OK(ctx, cache_use(ctx, cache, (CacheKey){ 1, 0, 0 }, load_block, NULL, &first));
    for (uint64_t at = 1; at < 100; at++) {
        CHECK_OK(ctx, cache_use(ctx, cache, (CacheKey){ 1, 0, at }, load_block, NULL, &value));
        CHECK(cache_bytes(cache) <= 20000);
    }
    ((char *)first)[999] = 1;  // pushed out, but pinned: the sanitizer would tell
    CHECK_OK(ctx, cache_use(ctx, cache, (CacheKey){ 1, 0, 99 }, load_block, NULL, &again));
    CHECK(again == value);
    CHECK_FAILS(ctx, "test.load",
                cache_use(ctx, cache, (CacheKey){ 2, 0, 0 }, load_block, &mark, &again));
    arena_rewind(ctx->arena, mark);
    CHECK(cache_bytes(cache) > 10000);
    cache_clear(cache);
    CHECK_INT((int64_t)cache_bytes(cache), 0);
    cache_free(cache);
}

// A query that runs out of memory anywhere leaves nothing behind and spoils nothing.
static Status searches(Ctx *ctx, void *arg)
{
    MemoryIndex *index = arg;
    Index all;
    IndexAnswer answer;
    IndexQuery query = { .words = S("leather walet"), .scope.is_all = true, .limit = 20 };
    *list_push(ctx->arena, &query.facets) = S("colour");
    TRY(memory_open(index, ctx, &all));
    return index_search(ctx, &all, &query, &answer);
}

static void test_out_of_memory(void)
{
    Ctx *ctx = test_ctx();
    ReferenceDocs docs = { 0 };
    for (Id id = 1; id <= 30; id++)
        *list_push(ctx->arena, &docs) = random_doc(ctx, ctx->random, id);
    MemoryIndex *index = docs_index(ctx, &docs);
    Status status = E_LIMIT;
    for (long n = 1; status == E_LIMIT; n++) {
        Arena arena = { .fail_after = n };
        Ctx own = *ctx;
        own.arena = &arena;
        status = ctx_guard(&own, searches, index);
        CHECK(status == OK || status == E_LIMIT);
        arena_release(&arena);
    }
    CHECK_STR(docs_ids(ctx, index, "xyzzy"), "");
}

// ---- The judged searches ------------------------------------------------------------------------

static void test_relevance(void)
{
    Ctx *ctx = test_ctx();
    IndexDocList products = { 0 };
    JudgedList judged = { 0 };
    int ndcg = 0;
    if (!test_shared()) {
        test_skip("no shared data");
        return;
    }
    CHECK_OK(ctx, products_load(ctx, test_shared(), &products));
    CHECK_OK(ctx, judged_load(ctx, test_shared(), &judged));
    CHECK_INT((int64_t)products.len, 7171);
    MemoryIndex *index = memory_index(ctx, 32 << 20);
    CHECK_OK(ctx, memory_put(index, products.items, products.len));
    CHECK_OK(ctx, judged_score(index, &judged, NULL, &ndcg));
    CHECK(ndcg >= 7600);
}

const Test search_tests[] = {
    { "words are found in every spelling", test_spellings },
    { "short names and early fields come first, then newer records", test_order },
    { "few answers are filled up with those that miss one word", test_fill },
    { "scopes apply before counting", test_scope_before_counting },
    { "a word that only hidden records have is taken for a mistake", test_scope_hides_words },
    { "filters narrow, and a facet is counted as if it were open", test_filters },
    { "pages", test_paging },
    { "an empty index answers", test_empty },
    { "segments of like size are merged", test_merge_policy },
    { "many small changes leave few segments", test_merging_is_cheap },
    { "of two records with one id the newer counts", test_two_of_one_id },
    { "stored sets come back", test_stored_sets },
    { "a flipped bit is found", test_damage_is_found },
    { "a missing part is an error", test_missing_part },
    { "the cache keeps its limit and what is in use", test_cache_bound },
    { "running out of memory leaves nothing behind", test_out_of_memory },
    { "judged product searches reach NDCG@10 of 0.76", test_relevance },
    { 0 },
};
