// facet.c - a value's documents are a set, so a filter is a union and a count is the size of an
// intersection: no document is looked at.
#include "kernel/search/facet.h"

#include "base/map.h"

static const Set *none_or_union(Arena *arena, const Set *const *sets, size_t count)
{
    return count == 1 ? sets[0] : set_union(arena, sets, count);
}

static Status value_docs(Ctx *ctx, const Segment *segment, Str facet, Str value, const Set **ret)
{
    KeyEntry entry;
    const Posting *posting;
    *ret = NULL;
    TRY(segment_entry(ctx, segment, index_facet_key(ctx->arena, facet, value), &entry));
    if (entry.count == 0)
        return OK;
    TRY(segment_posting(ctx, segment, &entry, &posting));
    *ret = posting->all;
    return OK;
}

static Status any_value(Ctx *ctx, const Segment *segment, const IndexFilter *filter,
                        const Set **ret)
{
    const Set **sets = NEW_ARRAY(ctx->arena, const Set *, filter->values.len);
    size_t count = 0;
    EACH (value, filter->values) {
        TRY(value_docs(ctx, segment, filter->facet, *value, &sets[count]));
        count += sets[count] != NULL;
    }
    *ret = none_or_union(ctx->arena, sets, count);
    return OK;
}

static bool is_within(Str value, const IndexFilter *filter)
{
    return (filter->from.len == 0 || str_compare(value, filter->from) >= 0) &&
           (filter->to.len == 0 || str_compare(value, filter->to) <= 0);
}

static Status range_docs(Ctx *ctx, const Segment *segment, const IndexFilter *filter,
                         const Set **ret)
{
    const FacetTable *table;
    TRY(segment_facet(ctx, segment, filter->facet, &table));
    const Set **sets = NEW_ARRAY(ctx->arena, const Set *, table->count);
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        if (is_within(table->values[i].value, filter))
            sets[count++] = table->values[i].docs;
    *ret = none_or_union(ctx->arena, sets, count);
    return OK;
}

Status filter_docs(Ctx *ctx, const Segment *segment, const IndexFilter *filter, const Set **ret)
{
    const Set *docs;
    if (filter->is_range)
        TRY(range_docs(ctx, segment, filter, &docs));
    else
        TRY(any_value(ctx, segment, filter, &docs));
    *ret = filter->is_not
             ? set_minus(ctx->arena, set_range(ctx->arena, 0, segment->head->docs), docs)
             : docs;
    return OK;
}

static Status scope_alone(Ctx *ctx, const Segment *segment, const IndexScope *scope,
                          const Set **ret)
{
    Set *docs = set_new(ctx->arena);
    EACH (value, scope->values) {
        const Set *more;
        TRY(value_docs(ctx, segment, value->facet, value->value, &more));
        if (more)
            roaring_bitmap_or_inplace(docs, more);
    }
    EACH (id, scope->ids) {
        uint32_t doc;
        bool found;
        TRY(segment_doc(ctx, segment, *id, &doc, &found));
        if (found)
            roaring_bitmap_add(docs, doc);
    }
    *ret = docs;
    return OK;
}

Status scope_docs(Ctx *ctx, const Segment *segment, const IndexScope *scope, const Set **ret)
{
    *ret = NULL;
    for (; scope; scope = scope->also) {
        const Set *docs;
        if (scope->is_all)
            continue;
        TRY(scope_alone(ctx, segment, scope, &docs));
        *ret = *ret ? set_and(ctx->arena, *ret, docs) : docs;
    }
    return OK;
}

// ---- Counting -----------------------------------------------------------------------------------

static int64_t *count_of(Arena *arena, Map *counts, Str value)
{
    int64_t *count = map_get(counts, value);
    if (!count) {
        count = NEW(arena, int64_t);
        map_put(counts, value, count);
    }
    return count;
}

static int by_count(const void *a, const void *b)
{
    const IndexCount *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : str_compare(x->value, y->value);
}

static void best_counts(Arena *arena, const Map *counts, IndexFacet *ret)
{
    for (size_t i = 0; i < counts->len; i++)
        *list_push(arena, &ret->counts) =
            (IndexCount){ counts->keys[i], *(const int64_t *)counts->values[i] };
    if (ret->counts.len)
        qsort(ret->counts.items, ret->counts.len, sizeof *ret->counts.items, by_count);
    if (ret->counts.len > FACET_VALUES_MAX)
        ret->counts.len = FACET_VALUES_MAX;
}

Status facet_count(Ctx *ctx, const Index *index, const Set *const *matches, IndexFacet *ret)
{
    Map counts = { .arena = ctx->arena };
    for (size_t s = 0; s < index->count; s++) {
        const FacetTable *table;
        if (set_is_empty(matches[s]))
            continue;
        TRY(segment_facet(ctx, &index->segments[s], ret->facet, &table));
        for (size_t i = 0; i < table->count; i++) {
            int64_t found = set_and_len(matches[s], table->values[i].docs);
            if (found)
                *count_of(ctx->arena, &counts, table->values[i].value) += found;
        }
    }
    best_counts(ctx->arena, &counts, ret);
    return OK;
}
