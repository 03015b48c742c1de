// search.c - a search by words, over one kind of record or all.
//
// What goes out was looked at twice: the index's scope keeps counts, facets and ranking to what the
// actor may see, and the page's records pass the predicate that lists use, as they are now.
// Numbers, SKUs and addresses are also looked up in the tables, so that they are found at once and
// come first.
#include "kernel/search.h"

#include "kernel/entity/info.h"
#include "kernel/entity/scope.h"
#include "kernel/search/seen.h"
#include "kernel/search/store.h"

#include <limits.h>

enum { LIMIT = 20, SCORE_EXACT = INT_MAX };

typedef struct Ask {
    Ctx *ctx;
    const EntityDef *entity;
    Archived archived;
    Str words;
    const StoredSegmentList *live;  // of all indexes, or of this one
    IndexScope scope;
    Index index;
} Ask;

// ---- One kind -----------------------------------------------------------------------------------

static Status open_index(Ask *ask)
{
    Ctx *ctx = ask->ctx;
    StoredSegmentList own = { 0 };
    Str name = declared_index(ctx->arena, ask->entity, declared_breadth(ctx, ask->entity));
    EACH (segment, *ask->live)
        if (str_eq(segment->index, name))
            *list_push(ctx->arena, &own) = *segment;
    seen_scope(ctx, ask->entity, ask->archived, &ask->scope);
    return store_open(ctx, &own, &ask->index);
}

// Whether the index's own answer holds the record.
static Status is_answered(const Ask *ask, const IndexQuery *query, Id id, bool *ret)
{
    IndexQuery one = *query;
    IndexScope narrowed = { .also = &query->scope };
    IndexAnswer answer;
    *list_push(ask->ctx->arena, &narrowed.ids) = id;
    one.scope = narrowed;
    one.limit = one.offset = 0;
    one.facets.len = 0;
    TRY(index_search(ask->ctx, &ask->index, &one, &answer));
    *ret = answer.count > 0;
    return OK;
}

static bool holds(const SearchHitList *hits, Id id)
{
    EACH (hit, *hits)
        if (hit->id == id)
            return true;
    return false;
}

static void put_first(Ctx *ctx, const EntityDef *e, Id id, SearchHitList *hits)
{
    size_t at = 0;
    while (at < hits->len && hits->items[at].id != id)
        at++;
    if (at == hits->len)
        list_push(ctx->arena, hits);
    memmove(hits->items + 1, hits->items, at * sizeof *hits->items);
    hits->items[0] = (SearchHit){ e, id, SCORE_EXACT };
}

// Records whose number, SKU or address was typed come before all others.
static Status add_exact(const Ask *ask, const IndexQuery *query, SearchResult *ret)
{
    IdList exact;
    TRY(seen_exact(ask->ctx, ask->entity, ask->archived, ask->words, &exact));
    for (size_t i = exact.len; i-- > 0;) {
        bool is_counted = holds(&ret->hits, exact.items[i]);
        if (!is_counted)
            TRY(is_answered(ask, query, exact.items[i], &is_counted));
        ret->count += !is_counted;
        put_first(ask->ctx, ask->entity, exact.items[i], &ret->hits);
    }
    return OK;
}

static Status keep_seen(const Ask *ask, SearchResult *ret)
{
    IdList ids = { 0 }, seen;
    EACH (hit, ret->hits)
        *list_push(ask->ctx->arena, &ids) = hit->id;
    if (ids.len == 0)
        return OK;
    TRY(seen_now(ask->ctx, ask->entity, ask->archived, &ids, &seen));
    size_t kept = 0;
    EACH (hit, ret->hits)
        if (kept < seen.len && seen.items[kept] == hit->id)
            ret->hits.items[kept++] = *hit;
    ret->count -= (int64_t)(ret->hits.len - kept);
    ret->hits.len = kept;
    return OK;
}

// The index's answer, with what was typed exactly in front where the list begins.
static Status ask_index(Ask *ask, IndexQuery *query, IndexAnswer *ret_answer, SearchResult *ret)
{
    TRY(open_index(ask));
    query->words = ask->words;
    query->scope = ask->scope;
    TRY(index_search(ask->ctx, &ask->index, query, ret_answer));
    *ret = (SearchResult){ .count = ret_answer->count };
    EACH (hit, ret_answer->hits)
        *list_push(ask->ctx->arena, &ret->hits) = (SearchHit){ ask->entity, hit->id, hit->score };
    if (query->offset == 0 && query->filters.len == 0)
        TRY(add_exact(ask, query, ret));
    TRY(keep_seen(ask, ret));
    if (ret->hits.len > (size_t)query->limit)
        ret->hits.len = (size_t)query->limit;
    return OK;
}

// ---- Facets -------------------------------------------------------------------------------------

static Status add_facets(const Ask *ask, const IndexAnswer *answer, FacetList *ret)
{
    Ctx *ctx = ask->ctx;
    EACH (from, answer->facets) {
        Facet *facet = list_push(ctx->arena, ret);
        facet->field = str_c(ctx->arena, from->facet);
        EACH (counted, from->counts) {
            FacetValue *value = list_push(ctx->arena, &facet->values);
            *value = (FacetValue){ .value = counted->value, .count = counted->count };
            TRY(seen_label(ctx, ask->entity, from->facet, counted->value, &value->label));
        }
    }
    return OK;
}

static Status search_one(Ask *ask, const SearchQuery *asked, IndexQuery *query, SearchResult *ret)
{
    Ctx *ctx = ask->ctx;
    IndexAnswer answer;
    TRY(scope_require_read(ctx, ask->entity));
    EACH (filter, asked->filters)
        TRY(seen_filter(ctx, filter, list_push(ctx->arena, &query->filters)));
    if (asked->want_facets) {
        NameList names = { 0 };
        seen_facets(ctx, ask->entity, &names);
        EACH (name, names)
            *list_push(ctx->arena, &query->facets) = *name;
    }
    TRY(ask_index(ask, query, &answer, ret));
    return add_facets(ask, &answer, &ret->facets);
}

// ---- All kinds ----------------------------------------------------------------------------------

static int by_score_and_id(const void *a, const void *b)
{
    const SearchHit *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->id < y->id) - (x->id > y->id);
}

static bool may_read(Ctx *ctx, const EntityDef *e)
{
    if (scope_require_read(ctx, e) == OK)
        return true;
    ctx_recover(ctx);
    return false;
}

static Status add_kind(Ask *ask, const IndexQuery *query, SearchResult *ret)
{
    IndexQuery own = *query;
    IndexAnswer answer;
    SearchResult found;
    own.limit = query->offset + query->limit;
    own.offset = 0;
    TRY(ask_index(ask, &own, &answer, &found));
    ret->count += found.count;
    EACH (hit, found.hits)
        *list_push(ask->ctx->arena, &ret->hits) = *hit;
    return OK;
}

static Status search_all(Ask *ask, const IndexQuery *query, SearchResult *ret)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    for (size_t i = 0; i < count; i++) {
        ask->entity = all[i];
        if (declared_is_searched(ask->ctx, all[i]) && may_read(ask->ctx, all[i]))
            TRY(add_kind(ask, query, ret));
    }
    if (ret->hits.len)
        qsort(ret->hits.items, ret->hits.len, sizeof *ret->hits.items, by_score_and_id);
    size_t skipped = (size_t)query->offset < ret->hits.len ? (size_t)query->offset : ret->hits.len;
    ret->hits.items += skipped;
    ret->hits.len -= skipped;
    ret->hits.cap -= skipped;
    if (ret->hits.len > (size_t)query->limit)
        ret->hits.len = (size_t)query->limit;
    return OK;
}

// ---- The whole ----------------------------------------------------------------------------------

static int within(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

Status search_run(Ctx *ctx, const SearchQuery *asked, SearchResult *ret)
{
    StoredSegmentList live = { 0 };
    const EntityDef *e = asked->entity;
    IndexQuery query = { .limit = within(asked->limit ? asked->limit : LIMIT, 1, LIMIT_MAX),
                         .offset = within(asked->offset, 0, OFFSET_MAX) };
    Ask ask = { .ctx = ctx, .entity = e, .words = str_trim(asked->words), .live = &live };
    *ret = (SearchResult){ 0 };
    if (e && !declared_is_searched(ctx, e))
        return FAIL(ctx, E_INVALID, "search.kind", "%s cannot be searched by words",
                    ctx_text(ctx, e->plural));
    Str index = e ? declared_index(ctx->arena, e, declared_breadth(ctx, e)) : S("");
    TRY(store_segments(ctx, index, &live));
    return e ? search_one(&ask, asked, &query, ret) : search_all(&ask, &query, ret);
}

Status search_ids(Ctx *ctx, const EntityDef *e, Str words, Archived archived, int limit,
                  IdList *ret)
{
    StoredSegmentList live = { 0 };
    IndexAnswer answer;
    SearchResult found;
    IndexQuery query = { .limit = within(limit, 1, LIMIT_MAX) };
    Ask ask = {
        .ctx = ctx, .entity = e, .archived = archived, .words = str_trim(words), .live = &live
    };
    *ret = (IdList){ 0 };
    if (!declared_is_searched(ctx, e))
        return FAIL(ctx, E_INVALID, "search.kind", "%s cannot be searched by words",
                    ctx_text(ctx, e->plural));
    TRY(store_segments(ctx, declared_index(ctx->arena, e, declared_breadth(ctx, e)), &live));
    TRY(ask_index(&ask, &query, &answer, &found));
    EACH (hit, found.hits)
        *list_push(ctx->arena, ret) = hit->id;
    return OK;
}
