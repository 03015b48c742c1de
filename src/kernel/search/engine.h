// engine.h - asks an index: words, filters, what the asker may see; hits best first, an exact
// count, counts by facet. Pure: it reads segments and knows no database.
//
// How words match. Every word must be in a record, as it is, as part of a code written together,
// joined with its neighbour ("head set" finds headset), for the last word as the beginning of a
// longer one, and, where a word finds next to nothing, with one or two letters wrong. Where no
// record has all words, those with as many as any record has are the answer; where only a few have,
// those with one word less come behind them, unless the query is strict. Hits are ordered by how
// many words they have, then by the sum over these of rarity x level (score.h), then newer records
// first.
//
// How it stays fast. Matching is arithmetic on bitmaps: a document costs a bit. Ranking walks the
// levels of the words from the best down and stops when the page is full (Fagin's threshold idea,
// over sets instead of lists), so a common word is not scored hit by hit.
#pragma once

#include "kernel/search/index.h"

typedef struct Index {
    const Segment *segments;
    size_t count;
} Index;

// Records whose facet has one of the values, or (is_range) a value between two, both included,
// compared by bytes; "" is open.
typedef struct IndexFilter {
    Str facet;
    LIST(Str) values;
    bool is_range;
    Str from, to;
    bool is_not;  // those that have none of them
} IndexFilter;

// What the asker may see: all, or records with any of these values, or among these ids; and of
// these what `also` lets through. Counts and facets know nothing of the rest.
typedef struct IndexScope {
    bool is_all;
    LIST(IndexValue) values;
    LIST(Id) ids;
    const struct IndexScope *also;  // NULL: no more conditions
} IndexScope;

enum {
    SLOTS_MAX = 12,  // words of a query; more are not looked at
    OFFSET_MAX = 1000,
    LIMIT_MAX = 1000,
    ANSWER_FEW = 10,        // answers below which lesser ones are added
    FACET_VALUES_MAX = 50,  // of one facet in an answer, those with the highest counts
};

typedef struct IndexQuery {
    Str words;         // "" finds all
    bool is_complete;  // the last word is not the beginning of another
    bool is_strict;    // few answers are not filled up with lesser ones
    LIST(IndexFilter) filters;
    IndexScope scope;
    LIST(Str) facets;  // to be counted
    int limit, offset;
} IndexQuery;

typedef struct IndexHit {
    Id id;
    int score;
} IndexHit;
typedef struct IndexCount {
    Str value;
    int64_t count;
} IndexCount;
typedef struct IndexFacet {
    Str facet;
    LIST(IndexCount) counts;  // highest first. Made without the filter on this facet
} IndexFacet;
typedef struct IndexAnswer {
    LIST(IndexHit) hits;
    int64_t count;  // exact
    LIST(IndexFacet) facets;
} IndexAnswer;

MUST_CHECK Status index_search(Ctx *ctx, const Index *index, const IndexQuery *query,
                               IndexAnswer *ret);
