// slot.c - what a word of a query may stand for, most likely first, and the sets that follow.
//
// A document counts by the first of the word's spellings that it has, so spellings are added in
// order and each takes only what those before it left.
#include "kernel/search/slot.h"

#include "base/map.h"
#include "kernel/search/analyse.h"
#include "kernel/search/fuzzy.h"
#include "kernel/search/score.h"

// Weights of spellings, in 16ths of an exact match.
enum {
    WEIGHT_WHOLE = 20,  // part of a code that is written together, as in the query
    WEIGHT_EXACT = 16,
    WEIGHT_JOINED = 8,   // together with its neighbour
    WEIGHT_LONGER = 10,  // the beginning of another word
    WEIGHT_TYPO = 8,
    WEIGHT_TWO_TYPOS = 5,
    WEIGHT_TYPO_LONGER = 4,
};
enum {
    LONGER_MIN = 2,       // letters that may be the beginning of something
    LONGER_MAX = 64,      // words that one beginning stands for, those in most documents
    LONGER_SEEN = 20000,  // keys looked at for them, in one segment
    TYPOS_MAX = 50,
    FEW = 3,  // a word that finds no more than this may be a mistake
};

typedef struct Query {
    Ctx *ctx;
    const Index *index;
    SlotList *slots;
} Query;

// ---- Adding a spelling --------------------------------------------------------------------------

static void add_level(Query *query, SlotSets *sets, int value, const Set *docs, bool is_first)
{
    Arena *arena = query->ctx->arena;
    const Set *fresh = sets->all && !is_first ? set_minus(arena, docs, sets->all) : docs;
    if (set_is_empty(fresh))
        return;
    *list_push(arena, &sets->levels) = (SlotLevel){ value, fresh };
}

// One key: its levels as they are.
static void add_posting(Query *query, SlotSets *sets, const Posting *posting, int weight)
{
    bool is_first = !sets->all;
    for (int i = 0; i < posting->level_count; i++)
        add_level(query, sets, posting->levels[i].level * weight, posting->levels[i].docs,
                  is_first);
    sets->all = is_first ? posting->all : set_or(query->ctx->arena, sets->all, posting->all);
}

// Several keys that count alike: a document by the best of its levels.
static void add_postings(Query *query, SlotSets *sets, const Posting *const *postings, size_t count,
                         int weight)
{
    Arena *arena = query->ctx->arena;
    LIST(const Set *) of_level[UINT8_MAX + 1] = { 0 };
    for (size_t i = 0; i < count; i++)
        for (int l = 0; l < postings[i]->level_count; l++)
            *list_push(arena, &of_level[postings[i]->levels[l].level]) =
                postings[i]->levels[l].docs;
    for (int level = UINT8_MAX; level > 0; level--) {
        size_t found = of_level[level].len;
        const Set *const *same = of_level[level].items;
        if (found == 0)
            continue;
        const Set *docs = found == 1 ? same[0] : set_union(arena, same, found);
        add_level(query, sets, level * weight, docs, !sets->all);
        sets->all = sets->all ? set_or(arena, sets->all, docs) : docs;
    }
}

// Adds what the entries of one segment lead to; those with count 0 are not there.
static Status add_entries(Query *query, Slot *slot, size_t s, const KeyEntry *const *entries,
                          size_t count, int weight)
{
    Ctx *ctx = query->ctx;
    const Posting **postings = NEW_ARRAY(ctx->arena, const Posting *, count);
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (entries[i]->count)
            TRY(segment_posting(ctx, &query->index->segments[s], entries[i], &postings[found++]));
    if (found == 1)
        add_posting(query, &slot->in[s], postings[0], weight);
    else if (found)
        add_postings(query, &slot->in[s], postings, found, weight);
    return OK;
}

static Status add_key(Query *query, Slot *slot, Str key, int weight)
{
    for (size_t s = 0; key.len && s < query->index->count; s++) {
        KeyEntry entry;
        TRY(segment_entry(query->ctx, &query->index->segments[s], key, &entry));
        TRY(add_entries(query, slot, s, &(const KeyEntry *){ &entry }, 1, weight));
    }
    return OK;
}

// ---- Longer words -------------------------------------------------------------------------------

// A word that the query's may stand for.
typedef struct Candidate {
    Str key;
    int order;      // smaller first, whatever the count
    int64_t count;  // documents over all segments
    KeyEntry *in;   // one a segment
} Candidate;

static int by_order_and_count(const void *a, const void *b)
{
    const Candidate *x = *(Candidate *const *)a, *y = *(Candidate *const *)b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : str_compare(x->key, y->key);
}

static void note_candidate(Query *query, Map *map, size_t s, const KeyEntry *entry, int order)
{
    Arena *arena = query->ctx->arena;
    Candidate *candidate = map_get(map, entry->key);
    if (!candidate) {
        candidate = NEW(arena, Candidate);
        *candidate = (Candidate){ .key = str_copy(arena, entry->key), .order = order };
        candidate->in = NEW_ARRAY(arena, KeyEntry, query->index->count);
        map_put(map, candidate->key, candidate);
    }
    candidate->count += entry->count;
    candidate->in[s] = *entry;
}

// Adds the `most` best candidates of one order.
static Status add_best(Query *query, Slot *slot, const Map *map, int order, size_t most, int weight)
{
    const KeyEntry **entries = NEW_ARRAY(query->ctx->arena, const KeyEntry *, most);
    if (map->len)
        qsort(map->values, map->len, sizeof *map->values, by_order_and_count);
    for (size_t s = 0; s < query->index->count; s++) {
        size_t count = 0;
        for (size_t i = 0; i < map->len && count < most; i++) {
            const Candidate *candidate = map->values[i];
            if (candidate->order == order)
                entries[count++] = &candidate->in[s];
        }
        TRY(add_entries(query, slot, s, entries, count, weight));
    }
    return OK;
}

static Status longer_in(Query *query, size_t s, Str start, Map *map)
{
    Cursor cursor;
    TRY(cursor_seek(query->ctx, &query->index->segments[s], start, &cursor));
    for (int seen = 0; seen < LONGER_SEEN && !cursor.is_end; seen++) {
        if (!str_starts(cursor.entry.key, start))
            break;
        if (cursor.entry.key.len > start.len)
            note_candidate(query, map, s, &cursor.entry, 0);
        TRY(cursor_next(query->ctx, &cursor));
    }
    return OK;
}

static Status add_longer(Query *query, Slot *slot)
{
    Map map = { .arena = query->ctx->arena };
    for (size_t s = 0; s < query->index->count; s++)
        TRY(longer_in(query, s, slot->word, &map));
    return add_best(query, slot, &map, 0, LONGER_MAX, WEIGHT_LONGER);
}

// ---- Mistakes -----------------------------------------------------------------------------------

enum { ORDER_TYPO, ORDER_TWO_TYPOS, ORDER_LONGER };

static int order_of(const FuzzyWord *word)
{
    return word->is_longer ? ORDER_LONGER : word->distance < 2 ? ORDER_TYPO : ORDER_TWO_TYPOS;
}

static Status add_typos(Query *query, Slot *slot)
{
    Ctx *ctx = query->ctx;
    Map map = { .arena = ctx->arena };
    slot->is_guessed = true;
    for (size_t s = 0; s < query->index->count; s++) {
        FuzzyWordList found = { 0 };
        TRY(fuzzy_find(ctx, &query->index->segments[s], slot->word, slot->is_open, &found));
        EACH (word, found)
            if (!str_eq(word->entry.key, slot->word))
                note_candidate(query, &map, s, &word->entry, order_of(word));
    }
    TRY(add_best(query, slot, &map, ORDER_TYPO, TYPOS_MAX, WEIGHT_TYPO));
    TRY(add_best(query, slot, &map, ORDER_TWO_TYPOS, TYPOS_MAX, WEIGHT_TWO_TYPOS));
    return add_best(query, slot, &map, ORDER_LONGER, TYPOS_MAX, WEIGHT_TYPO_LONGER);
}

// ---- The words of a query -----------------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    return ((const SlotLevel *)b)->value - ((const SlotLevel *)a)->value;
}

static void count_found(Query *query, Slot *slot)
{
    slot->found = 0;
    for (size_t s = 0; s < query->index->count; s++) {
        const Set *all = slot->in[s].all, *gone = query->index->segments[s].gone;
        if (all)
            slot->found += gone ? set_minus_len(all, gone) : set_len(all);
    }
}

static int64_t live_docs(const Index *index)
{
    int64_t live = 0;
    for (const Segment *segment = index->segments; segment < index->segments + index->count;
         segment++)
        live += segment->head->docs - (segment->gone ? set_len(segment->gone) : 0);
    return live;
}

static void close_slot(Query *query, Slot *slot)
{
    count_found(query, slot);
    slot->rarity = score_rarity(slot->found, live_docs(query->index));
    for (size_t s = 0; s < query->index->count; s++)
        if (slot->in[s].levels.len)
            qsort(slot->in[s].levels.items, slot->in[s].levels.len, sizeof(SlotLevel), by_value);
}

static const Compound *compound_of(const Analysis *words, size_t atom)
{
    EACH (compound, words->compounds)
        if (atom >= compound->from && atom < compound->from + compound->count)
            return compound;
    return NULL;
}

static Str joined(Arena *arena, const Analysis *words, size_t atom)
{
    return analyse_stem(
        arena, str_join(arena, words->atoms.items[atom].word, words->atoms.items[atom + 1].word));
}

// The word joined with a neighbour, unless that is the compound that was added before.
static Status add_joined(Query *query, Slot *slot, const Analysis *words, size_t atom, Str whole)
{
    Arena *arena = query->ctx->arena;
    Str before = atom > 0 ? joined(arena, words, atom - 1) : S("");
    Str after = atom + 1 < words->atoms.len ? joined(arena, words, atom) : S("");
    if (!str_eq(before, whole))
        TRY(add_key(query, slot, before, WEIGHT_JOINED));
    return str_eq(after, whole) ? OK : add_key(query, slot, after, WEIGHT_JOINED);
}

static Status add_slot(Query *query, const Analysis *words, size_t at, bool is_open)
{
    Ctx *ctx = query->ctx;
    const Atom *atom = &words->atoms.items[at];
    const Compound *compound = compound_of(words, at);
    Slot *slot = list_push(ctx->arena, query->slots);
    *slot = (Slot){ .word = atom->word,
                    .is_exact = atom->is_exact,
                    .is_open = is_open && atom->word.len >= LONGER_MIN,
                    .in = NEW_ARRAY(ctx->arena, SlotSets, query->index->count) };
    TRY(add_key(query, slot, compound->word, WEIGHT_WHOLE));
    TRY(add_key(query, slot, atom->word, WEIGHT_EXACT));
    TRY(add_joined(query, slot, words, at, compound->word));
    if (slot->is_open)
        TRY(add_longer(query, slot));
    count_found(query, slot);
    if (slot->found == 0 && !slot->is_exact)
        TRY(add_typos(query, slot));
    close_slot(query, slot);
    return OK;
}

static bool is_repeated(const SlotList *slots, Str word)
{
    EACH (slot, *slots)
        if (str_eq(slot->word, word))
            return true;
    return false;
}

Status slots_make(Ctx *ctx, const Index *index, Str words, bool is_complete, SlotList *ret)
{
    Query query = { ctx, index, ret };
    Analysis found;
    TRY(analyse(ctx, words, &found));
    ret->len = 0;
    for (size_t i = 0; i < found.atoms.len && ret->len < SLOTS_MAX; i++) {
        const Atom *atom = &found.atoms.items[i];
        bool is_open = !is_complete && found.ends_open && i + 1 == found.atoms.len;
        if (!atom->is_single && !is_repeated(ret, atom->word))
            TRY(add_slot(&query, &found, i, is_open));
    }
    return OK;
}

Status slots_guess(Ctx *ctx, const Index *index, SlotList *slots)
{
    Query query = { ctx, index, slots };
    EACH (slot, *slots) {
        if (slot->is_exact || slot->is_guessed || slot->found > FEW)
            continue;
        TRY(add_typos(&query, slot));
        close_slot(&query, slot);
    }
    return OK;
}
