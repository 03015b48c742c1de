// search.h - finding records by words: one engine for both databases, postings in the tenant's own
// tables, so that a backup holds the index and both engines give one answer. docs/search.md says why
// not the engines' own.
//
// Numbers, SKUs, barcodes and e-mail addresses are found at once through unique indexes; the rest is
// visible within a second of the commit. Row scopes apply before counting.
#pragma once

#include "kernel/entity/query.h"

typedef struct SearchHit {
    const EntityDef *entity;
    Id id;
    int score;
} SearchHit;
typedef LIST(SearchHit) SearchHitList;

typedef struct FacetValue {
    Str value, label;
    int64_t count;
} FacetValue;
typedef struct Facet {
    const char *field;
    LIST(FacetValue) values;
} Facet;
typedef LIST(Facet) FacetList;

typedef struct SearchQuery {
    Str words;
    const EntityDef *entity;   // NULL: every kind the actor may read (the palette)
    FilterList filters;        // on facet fields
    bool want_facets;
    int limit;                 // 0: 20
    int offset;                // at most 1000
} SearchQuery;

typedef struct SearchResult {
    SearchHitList hits;
    int64_t count;   // all that match and the actor may see; exact to COUNT_EXACT_MAX
    FacetList facets;
} SearchResult;

MUST_CHECK Status search_run(Ctx *ctx, const SearchQuery *query, SearchResult *ret);
// The ids of one entity that match, for a list's search box (q=): at most `limit`, best first.
MUST_CHECK Status search_ids(Ctx *ctx, const EntityDef *e, Str words, int limit, IdList *ret);

// In a lane: the record's words are to be read again. record_save does it.
MUST_CHECK Status search_touch(Ctx *ctx, const EntityDef *e, Id id);
// Brings the index up to date with what was touched; a job does it, tests call it.
MUST_CHECK Status search_refresh(Ctx *ctx, int64_t *ret_done);
MUST_CHECK Status search_rebuild(Ctx *ctx, const EntityDef *e);
