// search_fixture.h - an index in memory, the judged product searches, and a hundred thousand
// products mixed from them: what the tests and the measurements of the search engine stand on.
#pragma once

#include "base/map.h"
#include "kernel/search/engine.h"

// ---- An index without a database ----------------------------------------------------------------

typedef struct MemorySegment {
    Id id;
    Map *parts;  // "kind/number" to Str
    Set *gone;   // NULL: none
    int64_t bytes;
} MemorySegment;

typedef struct MemoryIndex {
    Ctx *ctx;  // its arena holds the parts
    Cache *cache;
    SegmentSource source;
    LIST(MemorySegment) segments;
    Id last_id;
    int64_t reads;  // of parts, so far
} MemoryIndex;

// The cache is freed with ctx's arena.
MemoryIndex *memory_index(Ctx *ctx, size_t cache_bytes);
Status memory_put(MemoryIndex *index, const IndexDoc *docs, size_t count);
Status memory_delete(MemoryIndex *index, Id id);
// One merge as the policy says; *ret_merged false: there was nothing to do.
Status memory_merge(MemoryIndex *index, bool *ret_merged);
// All into one segment.
Status memory_merge_all(MemoryIndex *index);
// As a query sees it; valid until ctx's arena is cleared or rewound.
Status memory_open(MemoryIndex *index, Ctx *ctx, Index *ret);
int64_t memory_bytes(const MemoryIndex *index);

// ---- The judged searches (Open Icecat content, as published with the Chorus project) ------------

typedef LIST(IndexDoc) IndexDocList;

// The products below `shared`: title, short description, attributes; facets brand, colour, type,
// year, country. Their ids are the product numbers.
Status products_load(Ctx *ctx, const char *shared, IndexDocList *ret);
// `count` products, ids from 1, each made of two: a title with now and then a foreign word,
// description and facets of one or the other.
void products_mix(Ctx *ctx, const IndexDocList *from, size_t count, Random *random,
                  IndexDocList *ret);

typedef struct Judged {
    Str words;
    Map grades;  // id as text to Str, "0" to "3"
} Judged;
typedef LIST(Judged) JudgedList;
Status judged_load(Ctx *ctx, const char *shared, JudgedList *ret);

// NDCG@10, gain 2^grade - 1, unjudged 0, over the searches that have a relevant product; in
// 1/10000. `each` may be NULL; else it gets every search's own.
Status judged_score(MemoryIndex *index, const JudgedList *judged,
                    void (*each)(const Judged *judged, double ndcg), int *ret);
