// search_reference.c - searching by reading everything.
#include "search_reference.h"

#include "base/map.h"
#include "kernel/search/analyse.h"
#include "kernel/search/score.h"

enum { WORD_BONUS = 1 << 23 };

// ---- Records ------------------------------------------------------------------------------------

typedef struct Word {
    Str text;
    int level;
} Word;
typedef struct Record {
    const IndexDoc *doc;
    LIST(Word) words;
    bool is_found;
    int matched, score;
} Read;
typedef LIST(Read) ReadList;

static void count(Ctx *ctx, Map *counts, Str word, int field)
{
    ScoreCounts *own = map_get(counts, word);
    if (!own) {
        own = NEW(ctx->arena, ScoreCounts);
        map_put(counts, word, own);
    }
    own->times[field]++;
}

static Status read_doc(Ctx *ctx, const IndexDoc *doc, Read *ret)
{
    Map counts = { .arena = ctx->arena };
    uint32_t lengths[SCORE_FIELDS] = { 0 };
    ret->doc = doc;
    EACH (text, doc->texts) {
        Analysis found;
        int field = text->field < SCORE_FIELDS ? text->field : SCORE_FIELDS - 1;
        TRY(analyse(ctx, text->text, &found));
        EACH (atom, found.atoms) {
            count(ctx, &counts, atom->word, field);
            lengths[field] += !atom->is_single;
        }
        EACH (compound, found.compounds)
            if (compound->word.len)
                count(ctx, &counts, compound->word, field);
    }
    for (size_t i = 0; i < counts.len; i++) {
        ScoreCounts *own = counts.values[i];
        own->words = lengths;
        *list_push(ctx->arena, &ret->words) = (Word){ counts.keys[i], score_level(own) };
    }
    return OK;
}

// ---- Spellings ----------------------------------------------------------------------------------

typedef enum How {
    WHOLE,
    EXACT,
    JOINED_BEFORE,
    JOINED_AFTER,
    LONGER,
    TYPO,
    TWO_TYPOS,
    TYPO_LONGER,
    HOWS
} How;
static const int weights[HOWS] = { 20, 16, 8, 8, 10, 8, 5, 4 };

typedef struct Asked {
    Str word, whole, before, after;  // "" where there is none
    bool is_exact, is_open, is_guessed;
    int64_t found;
} Asked;

static int letters_of(Str text, int32_t *ret)
{
    int n = 0;
    for (size_t at = 0; at < text.len; n++) {
        int32_t c = (unsigned char)text.ptr[at++];
        while (at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80)
            c = c << 8 | (unsigned char)text.ptr[at++];
        ret[n] = c;
    }
    return n;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

// The distance of `word` to the first `len` letters of `other`.
static int distance(const int32_t *word, int word_len, const int32_t *other, int len)
{
    int row[64][64] = { 0 };
    for (int i = 0; i <= len; i++)
        for (int j = 0; j <= word_len; j++) {
            if (i == 0 || j == 0) {
                row[i][j] = i + j;
                continue;
            }
            row[i][j] = least(row[i - 1][j - 1] + (other[i - 1] != word[j - 1]),
                              least(row[i - 1][j], row[i][j - 1]) + 1);
            if (i > 1 && j > 1 && other[i - 1] == word[j - 2] && other[i - 2] == word[j - 1])
                row[i][j] = least(row[i][j], row[i - 2][j - 2] + 1);
        }
    return row[len][word_len];
}

static bool has_digit(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9')
            return true;
    return false;
}

Mistake reference_mistake(Str typed, bool is_open, Str word)
{
    int32_t a[64], b[64];
    int a_len = letters_of(typed, a), b_len = letters_of(word, b);
    int most = a_len < 8 ? 1 : 2, closest = most + 1;
    if (a_len < 4 || a_len > 24 || has_digit(typed) || has_digit(word))
        return MISTAKE_NONE;
    if ((b[0] != a[0] && b[0] != a[1]) || str_eq(typed, word))
        return MISTAKE_NONE;
    int whole = distance(a, a_len, b, b_len);
    for (int len = 1; is_open && len <= b_len; len++)
        closest = least(closest, distance(a, a_len, b, len));
    if (whole > most && closest > most)
        return MISTAKE_NONE;
    return closest < whole ? MISTAKE_LONGER : whole < 2 ? MISTAKE_ONE : MISTAKE_TWO;
}

static How how_matches(const Asked *asked, Str word)
{
    if (asked->whole.len && str_eq(word, asked->whole))
        return WHOLE;
    if (str_eq(word, asked->word))
        return EXACT;
    if (asked->before.len && str_eq(word, asked->before))
        return JOINED_BEFORE;
    if (asked->after.len && str_eq(word, asked->after))
        return JOINED_AFTER;
    if (asked->is_open && word.len > asked->word.len && str_starts(word, asked->word))
        return LONGER;
    static const How as[] = { HOWS, TYPO, TWO_TYPOS, TYPO_LONGER };
    return asked->is_guessed ? as[reference_mistake(asked->word, asked->is_open, word)] : HOWS;
}

// The first of the spellings that the record has, by its best level; 0: it has none.
static int value_in(const Asked *asked, const Read *read)
{
    How best = HOWS;
    int level = 0;
    EACH (word, read->words) {
        How how = how_matches(asked, word->text);
        if (how < best || (how == best && how < HOWS && word->level > level)) {
            best = how;
            level = word->level;
        }
    }
    return best < HOWS ? level * weights[best] : 0;
}

static void count_found(Asked *asked, const ReadList *all)
{
    asked->found = 0;
    EACH (read, *all)
        asked->found += value_in(asked, read) > 0;
}

// ---- The query ----------------------------------------------------------------------------------

static Str joined(Ctx *ctx, const Analysis *words, size_t at)
{
    if (at + 1 >= words->atoms.len)
        return S("");
    return analyse_stem(ctx->arena, str_join(ctx->arena, words->atoms.items[at].word,
                                             words->atoms.items[at + 1].word));
}

static Status ask(Ctx *ctx, const IndexQuery *query, const ReadList *all, Asked *asked, size_t *ret)
{
    Analysis words;
    TRY(analyse(ctx, query->words, &words));
    *ret = 0;
    for (size_t i = 0; i < words.atoms.len && *ret < SLOTS_MAX; i++) {
        const Atom *atom = &words.atoms.items[i];
        bool is_repeated = atom->is_single;
        for (size_t k = 0; k < *ret; k++)
            is_repeated = is_repeated || str_eq(asked[k].word, atom->word);
        if (is_repeated)
            continue;
        Asked *own = &asked[(*ret)++];
        *own = (Asked){ .word = atom->word, .is_exact = atom->is_exact };
        own->is_open = !query->is_complete && words.ends_open && i + 1 == words.atoms.len &&
                       atom->word.len >= 2;
        own->before = i > 0 ? joined(ctx, &words, i - 1) : S("");
        own->after = joined(ctx, &words, i);
        EACH (compound, words.compounds)
            if (i >= compound->from && i < compound->from + compound->count)
                own->whole = compound->word;
        count_found(own, all);
        own->is_guessed = own->found == 0 && !own->is_exact;
        count_found(own, all);
    }
    return OK;
}

static bool is_visible(const IndexDoc *doc, const IndexScope *scope)
{
    bool is_seen = scope->is_all;
    EACH (wanted, scope->values)
        EACH (value, doc->values)
            is_seen = is_seen ||
                      (str_eq(wanted->facet, value->facet) && str_eq(wanted->value, value->value));
    EACH (id, scope->ids)
        is_seen = is_seen || *id == doc->id;
    return is_seen && (!scope->also || is_visible(doc, scope->also));
}

static bool passes(const IndexDoc *doc, const IndexFilter *filter)
{
    bool has_any = false;
    EACH (value, doc->values) {
        if (!str_eq(value->facet, filter->facet))
            continue;
        if (filter->is_range)
            has_any =
                has_any || ((!filter->from.len || str_compare(value->value, filter->from) >= 0) &&
                            (!filter->to.len || str_compare(value->value, filter->to) <= 0));
        EACH (wanted, filter->values)
            has_any = has_any || str_eq(*wanted, value->value);
    }
    return has_any != filter->is_not;
}

static bool passes_but(const IndexDoc *doc, const IndexQuery *query, Str without)
{
    EACH (filter, query->filters)
        if (!str_eq(filter->facet, without) && !passes(doc, filter))
            return false;
    return true;
}

// Marks what the words match.
static void match(const IndexQuery *query, Asked *asked, size_t count, ReadList *all)
{
    int64_t at_least[SLOTS_MAX + 1] = { 0 };
    EACH (read, *all) {
        read->matched = read->score = 0;
        for (size_t i = 0; i < count; i++) {
            int rarity = score_rarity(asked[i].found, (int64_t)all->len);
            int value = value_in(&asked[i], read);
            read->matched += value > 0;
            read->score += value ? WORD_BONUS + value * rarity : 0;
        }
        for (int n = 0; is_visible(read->doc, &query->scope) && n <= read->matched; n++)
            at_least[n]++;
    }
    int wanted = (int)count;
    while (wanted > 0 && at_least[wanted] == 0)
        wanted--;
    bool is_none = wanted == 0 && count > 0;
    if (wanted > 1 && at_least[wanted] < ANSWER_FEW && !query->is_strict)
        wanted--;
    EACH (read, *all)
        read->is_found =
            !is_none && read->matched >= wanted && is_visible(read->doc, &query->scope);
}

static bool is_hopeless(const IndexQuery *query, const Asked *asked, size_t count,
                        const ReadList *all)
{
    EACH (read, *all) {
        size_t matched = 0;
        for (size_t i = 0; i < count; i++)
            matched += value_in(&asked[i], read) > 0;
        if (matched == count && is_visible(read->doc, &query->scope))
            return false;
    }
    return count > 0;
}

// ---- The answer ---------------------------------------------------------------------------------

static int by_score(const void *a, const void *b)
{
    const IndexHit *x = a, *y = b;
    return x->score != y->score ? (x->score < y->score ? 1 : -1)
                                : (x->id < y->id) - (x->id > y->id);
}

static int by_count(const void *a, const void *b)
{
    const IndexCount *x = a, *y = b;
    return x->count != y->count ? (x->count < y->count ? 1 : -1) : str_compare(x->value, y->value);
}

static void count_facet(Ctx *ctx, const IndexQuery *query, const ReadList *all, Str name,
                        IndexFacet *ret)
{
    ret->facet = name;
    EACH (read, *all) {
        if (!read->is_found || !passes_but(read->doc, query, name))
            continue;
        EACH (value, read->doc->values) {
            size_t at = 0;
            if (!str_eq(value->facet, name))
                continue;
            while (at < ret->counts.len && !str_eq(ret->counts.items[at].value, value->value))
                at++;
            if (at == ret->counts.len)
                *list_push(ctx->arena, &ret->counts) = (IndexCount){ value->value, 0 };
            ret->counts.items[at].count++;
        }
    }
    if (ret->counts.len)
        qsort(ret->counts.items, ret->counts.len, sizeof *ret->counts.items, by_count);
}

static void answer(Ctx *ctx, const IndexQuery *query, const ReadList *all, IndexAnswer *ret)
{
    EACH (read, *all)
        if (read->is_found && passes_but(read->doc, query, S("")))
            *list_push(ctx->arena, &ret->hits) = (IndexHit){ read->doc->id, read->score };
    ret->count = (int64_t)ret->hits.len;
    if (ret->hits.len)
        qsort(ret->hits.items, ret->hits.len, sizeof *ret->hits.items, by_score);
    size_t offset = (size_t)query->offset < ret->hits.len ? (size_t)query->offset : ret->hits.len;
    ret->hits.items += offset;
    ret->hits.len -= offset;
    if (ret->hits.len > (size_t)query->limit)
        ret->hits.len = (size_t)query->limit;
    EACH (name, query->facets)
        count_facet(ctx, query, all, *name, list_push(ctx->arena, &ret->facets));
}

Status reference_search(Ctx *ctx, const ReferenceDocs *docs, const IndexQuery *query,
                        IndexAnswer *ret)
{
    ReadList all = { 0 };
    Asked asked[SLOTS_MAX];
    size_t count;
    *ret = (IndexAnswer){ 0 };
    EACH (doc, *docs)
        TRY(read_doc(ctx, doc, list_push(ctx->arena, &all)));
    TRY(ask(ctx, query, &all, asked, &count));
    bool must_guess = is_hopeless(query, asked, count, &all);
    for (size_t i = 0; must_guess && i < count; i++)
        if (!asked[i].is_exact && asked[i].found <= 3) {
            asked[i].is_guessed = true;
            count_found(&asked[i], &all);
        }
    match(query, asked, count, &all);
    answer(ctx, query, &all, ret);
    return OK;
}
