// engine.c - a search from words to answer: match, narrow, count, rank.
#include "kernel/search/engine.h"

#include "kernel/search/facet.h"
#include "kernel/search/rank.h"

typedef struct Search {
    Ctx *ctx;
    const Index *index;
    const IndexQuery *query;
    SlotList slots;
    bool has_all_words;
    // One set a segment:
    const Set **visible;  // what is there and may be seen
    const Set **found;    // of these, what the words match
    const Set ***passed;  // for each filter, what it lets through
    const Set **matches;  // found and passed by all filters
} Search;

static const Set **sets_new(Search *search)
{
    return NEW_ARRAY(search->ctx->arena, const Set *, search->index->count);
}

// ---- What may be seen ---------------------------------------------------------------------------

static Status find_visible(Search *search)
{
    Arena *arena = search->ctx->arena;
    search->visible = sets_new(search);
    for (size_t s = 0; s < search->index->count; s++) {
        const Segment *segment = &search->index->segments[s];
        const Set *docs;
        TRY(scope_docs(search->ctx, segment, &search->query->scope, &docs));
        if (!docs)
            docs = set_range(arena, 0, segment->head->docs);
        search->visible[s] = segment->gone ? set_minus(arena, docs, segment->gone) : docs;
    }
    return OK;
}

// ---- What the words match -----------------------------------------------------------------------

// How many documents have all words.
static int64_t match_all_words(Search *search)
{
    Arena *arena = search->ctx->arena;
    int64_t count = 0;
    for (size_t s = 0; s < search->index->count; s++) {
        const Set *docs = search->visible[s];
        EACH (slot, search->slots) {
            const Set *all = slot->in[s].all;
            docs = all ? set_and(arena, docs, all) : set_new(arena);
        }
        search->found[s] = docs;
        count += set_len(docs);
    }
    return count;
}

// For each number of words up to `most`, the documents of a segment that match at least so many.
static void count_words(Search *search, size_t s, Set **at_least, size_t most)
{
    Arena *arena = search->ctx->arena;
    at_least[0] = set_copy(arena, search->visible[s]);
    for (size_t n = 1; n <= most; n++)
        at_least[n] = set_new(arena);
    EACH (slot, search->slots) {
        for (size_t n = most; slot->in[s].all && n > 0; n--) {
            ArenaMark mark = arena_mark(arena);
            roaring_bitmap_or_inplace(at_least[n],
                                      set_and(arena, at_least[n - 1], slot->in[s].all));
            arena_rewind(arena, mark);
        }
    }
}

// So many of the words that any document has them; one less where those are few.
static size_t words_wanted(const Search *search, Set *const *at_least)
{
    size_t count = search->index->count, most = search->slots.len;
    for (size_t n = most; n > 0; n--) {
        int64_t found = 0;
        for (size_t s = 0; s < count; s++)
            found += set_len(at_least[s * (most + 1) + n]);
        if (found)
            return n > 1 && found < ANSWER_FEW && !search->query->is_strict ? n - 1 : n;
    }
    return 0;
}

static void match_most_words(Search *search)
{
    size_t count = search->index->count, most = search->slots.len;
    Set **at_least = NEW_ARRAY(search->ctx->arena, Set *, count * (most + 1));
    for (size_t s = 0; s < count; s++)
        count_words(search, s, at_least + s * (most + 1), most);
    size_t wanted = words_wanted(search, at_least);
    for (size_t s = 0; s < count; s++)
        search->found[s] = wanted ? at_least[s * (most + 1) + wanted] : set_new(search->ctx->arena);
    search->has_all_words = wanted == most;
}

static Status find_words(Search *search)
{
    const IndexQuery *query = search->query;
    TRY(slots_make(search->ctx, search->index, query->words, query->is_complete, &search->slots));
    search->found = sets_new(search);
    search->has_all_words = true;
    int64_t count = match_all_words(search);
    if (count == 0 && search->slots.len > 0) {
        TRY(slots_guess(search->ctx, search->index, &search->slots));
        count = match_all_words(search);
    }
    if (count < (query->is_strict ? 1 : ANSWER_FEW) && search->slots.len > 1)
        match_most_words(search);
    return OK;
}

// ---- What the filters let through ---------------------------------------------------------------

static Status find_passed(Search *search)
{
    size_t filters = search->query->filters.len;
    search->passed = NEW_ARRAY(search->ctx->arena, const Set **, filters);
    for (size_t f = 0; f < filters; f++) {
        search->passed[f] = sets_new(search);
        for (size_t s = 0; s < search->index->count; s++)
            TRY(filter_docs(search->ctx, &search->index->segments[s],
                            &search->query->filters.items[f], &search->passed[f][s]));
    }
    return OK;
}

// What the words match and all filters let through, but those on the facet `without`.
static const Set **narrow(Search *search, Str without)
{
    const Set **narrowed = sets_new(search);
    for (size_t s = 0; s < search->index->count; s++) {
        narrowed[s] = search->found[s];
        for (size_t f = 0; f < search->query->filters.len; f++)
            if (!str_eq(search->query->filters.items[f].facet, without))
                narrowed[s] = set_and(search->ctx->arena, narrowed[s], search->passed[f][s]);
    }
    return narrowed;
}

// ---- The answer ---------------------------------------------------------------------------------

static int clamp(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

static int by_score_and_id(const void *a, const void *b)
{
    const IndexHit *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->id < y->id) - (x->id > y->id);
}

static Status add_hits(Search *search, size_t s, size_t want, IndexAnswer *ret)
{
    Ctx *ctx = search->ctx;
    const Segment *segment = &search->index->segments[s];
    Match match = { search->matches[s], search->has_all_words, RANK_FEW };
    RankedList ranked = { 0 };
    int floor = want && ret->hits.len == want ? list_end(ret->hits)[-1].score : 0;
    rank_segment(ctx, &search->slots, s, segment->head->docs, &match, want, floor, &ranked);
    EACH (best, ranked) {
        IndexHit *hit = list_push(ctx->arena, &ret->hits);
        hit->score = best->score;
        TRY(segment_id(ctx, segment, best->doc, &hit->id));
    }
    if (ret->hits.len)
        qsort(ret->hits.items, ret->hits.len, sizeof *ret->hits.items, by_score_and_id);
    if (ret->hits.len > want)
        ret->hits.len = want;
    return OK;
}

static Status find_hits(Search *search, IndexAnswer *ret)
{
    size_t offset = (size_t)clamp(search->query->offset, OFFSET_MAX);
    size_t want = offset + (size_t)clamp(search->query->limit, LIMIT_MAX);
    for (size_t s = 0; s < search->index->count; s++) {
        ret->count += set_len(search->matches[s]);
        TRY(add_hits(search, s, want, ret));
    }
    size_t left = ret->hits.len > offset ? ret->hits.len - offset : 0;
    if (left)
        memmove(ret->hits.items, ret->hits.items + offset, left * sizeof *ret->hits.items);
    ret->hits.len = left;
    return OK;
}

static Status find_facets(Search *search, IndexAnswer *ret)
{
    EACH (name, search->query->facets) {
        IndexFacet *facet = list_push(search->ctx->arena, &ret->facets);
        facet->facet = *name;
        TRY(facet_count(search->ctx, search->index, narrow(search, *name), facet));
    }
    return OK;
}

Status index_search(Ctx *ctx, const Index *index, const IndexQuery *query, IndexAnswer *ret)
{
    Search search = { .ctx = ctx, .index = index, .query = query };
    *ret = (IndexAnswer){ 0 };
    TRY(find_visible(&search));
    TRY(find_words(&search));
    TRY(find_passed(&search));
    search.matches = narrow(&search, S(""));
    TRY(find_hits(&search, ret));
    return find_facets(&search, ret);
}
