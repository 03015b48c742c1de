// search.h - finding records by words: one engine for both databases, postings in the tenant's own
// tables, so that a backup holds the index and both engines give one answer. docs/search.md says
// why not the engines' own.
//
// Numbers, SKUs, barcodes and e-mail addresses are found at once through unique indexes; the rest
// is visible within a second of the commit. Row scopes apply before counting.
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
    const EntityDef *entity;  // NULL: every kind the actor may read (the palette)
    FilterList filters;       // on facet fields
    bool want_facets;
    int limit;   // 0: 20
    int offset;  // at most 1000
} SearchQuery;

typedef struct SearchResult {
    SearchHitList hits;
    int64_t count;  // all that match and the actor may see; exact to COUNT_EXACT_MAX
    FacetList facets;
} SearchResult;

MUST_CHECK Status search_run(Ctx *ctx, const SearchQuery *query, SearchResult *ret);
// The ids of one entity that match, for a list's search box (q=): at most `limit`, best first.
typedef enum Archived { ARCHIVED_NO, ARCHIVED_ONLY, ARCHIVED_ALSO } Archived;
MUST_CHECK Status search_ids(Ctx *ctx, const EntityDef *e, Str words, Archived archived, int limit,
                             IdList *ret);

// In a lane: the root record's words, and those of its rows, are to be read again. Saving does it.
MUST_CHECK Status search_touch(Ctx *ctx, const EntityDef *e, Id id);
// Saving tells what changed: the record is touched, and where others are found by a field of it
// that is different now, they are too. `before` NULL: it is new.
MUST_CHECK Status search_changed(Ctx *ctx, const EntityDef *e, Id id, const void *before,
                                 const void *after);

// Outside a lane, in the tenant: brings the index up to date with what was touched, and builds anew
// what an older program, or other declarations, left. A job does it; tests call it. *ret_done:
// records read.
MUST_CHECK Status search_refresh(Ctx *ctx, int64_t *ret_done);
// In the tenant's lane: forgets the index of a kind; search_refresh() builds it anew from the
// records.
MUST_CHECK Status search_rebuild(Ctx *ctx, const EntityDef *e);
