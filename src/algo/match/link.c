// link.c - finds which records are one.
#include "algo/match/link.h"

#include <math.h>

enum { USES_MAX = 400, GRAM_BUCKETS = 1 << 16 };

// ---- Candidates ---------------------------------------------------------------------------------

// Which records have a word: one array, the words' parts behind each other.
typedef struct {
    uint32_t *from;  // of each key; from[key + 1] is where it ends
    uint32_t *records;
    size_t keys;
} Index;

// Words have their ids; parts of words are folded into buckets behind them.
static size_t key_of(size_t words, uint32_t id, bool is_gram)
{
    return is_gram ? words + (id * 2654435761u >> 16) % GRAM_BUCKETS : id;
}

static void count_keys(const Bag *bag, size_t words, bool is_gram, uint32_t *counts)
{
    for (size_t i = 0; i < bag->len; i++)
        counts[key_of(words, bag->ids[i], is_gram) + 1]++;
}

static void put_keys(Index *index, const Bag *bag, size_t words, bool is_gram, uint32_t record,
                     uint32_t *at)
{
    for (size_t i = 0; i < bag->len; i++)
        index->records[at[key_of(words, bag->ids[i], is_gram)]++] = record;
}

static Index make_index(Arena *arena, const Records *records, const Record *of, size_t count)
{
    size_t words = records->words.count, keys = words + GRAM_BUCKETS;
    Index index = { NEW_ARRAY(arena, uint32_t, keys + 1), NULL, keys };
    for (size_t i = 0; i < count; i++) {
        count_keys(&of[i].words, words, false, index.from);
        count_keys(&of[i].grams, words, true, index.from);
    }
    for (size_t k = 0; k < keys; k++)
        index.from[k + 1] += index.from[k];
    index.records = NEW_ARRAY(arena, uint32_t, index.from[keys] + 1);
    uint32_t *at = NEW_ARRAY(arena, uint32_t, keys);
    memcpy(at, index.from, keys * sizeof *at);
    for (size_t i = 0; i < count; i++) {
        put_keys(&index, &of[i].words, words, false, (uint32_t)i, at);
        put_keys(&index, &of[i].grams, words, true, (uint32_t)i, at);
    }
    return index;
}

// Points of each record against the one being looked at, and which have any.
typedef struct {
    float *points;
    uint32_t *touched;
    size_t touched_count;
} Board;

static void add_points(Board *board, const Index *index, const Bag *bag, size_t words, bool is_gram)
{
    for (size_t i = 0; i < bag->len; i++) {
        size_t key = key_of(words, bag->ids[i], is_gram);
        uint32_t uses = index->from[key + 1] - index->from[key];
        if (uses > USES_MAX)
            continue;
        float points = (is_gram ? 0.2f : 1.0f) / (1 + logf((float)uses + 1));
        for (uint32_t k = index->from[key]; k < index->from[key + 1]; k++) {
            uint32_t record = index->records[k];
            if (board->points[record] == 0)
                board->touched[board->touched_count++] = record;
            board->points[record] += points;
        }
    }
}

// Puts the best of those touched into `best`, sorted; clears the board. `itself` is left out.
static size_t take_best(Board *board, uint32_t itself, uint32_t *best)
{
    size_t count = 0;
    for (size_t t = 0; t < board->touched_count; t++) {
        uint32_t record = board->touched[t];
        float points = board->points[record];
        if (record == itself)
            continue;
        size_t at = count;
        while (at > 0 && board->points[best[at - 1]] < points)
            at--;
        if (at == LINK_CANDIDATES)
            continue;
        size_t kept = count < LINK_CANDIDATES ? count++ : LINK_CANDIDATES - 1;
        memmove(&best[at + 1], &best[at], (kept - at) * sizeof *best);
        best[at] = record;
    }
    return count;
}

static void clear(Board *board)
{
    for (size_t t = 0; t < board->touched_count; t++)
        board->points[board->touched[t]] = 0;
    board->touched_count = 0;
}

static int by_pair(const void *a, const void *b)
{
    const Link *x = a, *y = b;
    if (x->left != y->left)
        return (x->left > y->left) - (x->left < y->left);
    return (x->right > y->right) - (x->right < y->right);
}

// Within one set a pair may be found from both its ends.
static void drop_twice(LinkList *links)
{
    if (links->len == 0)
        return;
    qsort(links->items, links->len, sizeof *links->items, by_pair);
    size_t kept = 1;
    for (size_t i = 1; i < links->len; i++)
        if (by_pair(&links->items[i], &links->items[kept - 1]) != 0)
            links->items[kept++] = links->items[i];
    links->len = kept;
}

LinkList link_candidates(Arena *arena, const Records *records, const Record *left,
                         size_t left_count, const Record *right, size_t right_count)
{
    const Record *others = right ? right : left;
    size_t other_count = right ? right_count : left_count, words = records->words.count;
    Index index = make_index(arena, records, others, other_count);
    Board board = { NEW_ARRAY(arena, float, other_count + 1),
                    NEW_ARRAY(arena, uint32_t, other_count + 1), 0 };
    LinkList links = { 0 };
    for (size_t i = 0; i < left_count; i++) {
        uint32_t best[LINK_CANDIDATES], self = right ? UINT32_MAX : (uint32_t)i;
        add_points(&board, &index, &left[i].words, words, false);
        add_points(&board, &index, &left[i].grams, words, true);
        size_t count = take_best(&board, self, best);
        clear(&board);
        for (size_t k = 0; k < count; k++) {
            bool is_first = right || i < best[k];
            *list_push(arena, &links) =
                (Link){ is_first ? (uint32_t)i : best[k], is_first ? best[k] : (uint32_t)i, 0 };
        }
    }
    if (!right)
        drop_twice(&links);
    return links;
}

// ---- Fellegi and Sunter -------------------------------------------------------------------------

static const double level_floor[LINK_LEVELS] = { 0, 0.6, 0.8, 0.95 };

// A name may stand in another name's field ("nicolson emiily"); it then agrees nearly.
static double field_agreement(const Records *records, const Record *a, const Record *b, size_t f)
{
    FieldKind kind = records->fields[f].kind;
    double own = value_agreement(kind, &a->values[f], &b->values[f]);
    if (kind != FIELD_NAME || isnan(own) || own >= level_floor[2])
        return own;
    double elsewhere = 0;
    for (size_t g = 0; g < records->field_count; g++)
        if (g != f && records->fields[g].kind == FIELD_NAME) {
            double alike = value_agreement(kind, &a->values[f], &b->values[g]);
            elsewhere = isnan(alike) ? elsewhere : fmax(elsewhere, alike);
        }
    return elsewhere >= level_floor[3] ? level_floor[2] : own;
}

static int level_of(double agreement)
{
    int level = LINK_LEVELS - 1;
    while (level > 0 && agreement < level_floor[level])
        level--;
    return level;
}

enum { MISSING = -1 };

static void levels_of(const Records *records, const Record *a, const Record *b, int8_t *ret)
{
    for (size_t f = 0; f < records->field_count; f++) {
        double agreement = field_agreement(records, a, b, f);
        ret[f] = (int8_t)(isnan(agreement) ? MISSING : level_of(agreement));
    }
}

static double pair_odds(const LinkModel *model, const int8_t *levels, size_t fields)
{
    double odds = logit_odds(model->share);
    for (size_t f = 0; f < fields; f++)
        if (levels[f] != MISSING)
            odds += log(model->fields[f].one[levels[f]] / model->fields[f].other[levels[f]]);
    return odds;
}

// One round: what the levels would be, were the probabilities right.
static void maximise(LinkModel *model, const int8_t *levels, size_t fields, const LinkList *links)
{
    double ones = 0;
    FieldModel counts[RECORD_FIELDS_MAX];
    for (size_t f = 0; f < fields; f++)
        for (int level = 0; level < LINK_LEVELS; level++)
            counts[f].one[level] = counts[f].other[level] = 0.5;  // so that nothing is impossible
    for (size_t i = 0; i < links->len; i++) {
        double p = links->items[i].probability;
        ones += p;
        for (size_t f = 0; f < fields; f++) {
            int level = levels[i * fields + f];
            if (level == MISSING)
                continue;
            counts[f].one[level] += p;
            counts[f].other[level] += 1 - p;
        }
    }
    model->share = fmin(fmax(ones / (double)links->len, 1e-6), 0.5);
    for (size_t f = 0; f < fields; f++) {
        double one = 0, other = 0;
        for (int level = 0; level < LINK_LEVELS; level++) {
            one += counts[f].one[level];
            other += counts[f].other[level];
        }
        for (int level = 0; level < LINK_LEVELS; level++) {
            model->fields[f].one[level] = counts[f].one[level] / one;
            model->fields[f].other[level] = counts[f].other[level] / other;
        }
    }
}

static LinkModel first_guess(size_t fields)
{
    static const FieldModel guess = { { 0.05, 0.05, 0.2, 0.7 }, { 0.7, 0.15, 0.1, 0.05 } };
    LinkModel model = { .share = 0.05 };
    for (size_t f = 0; f < fields; f++)
        model.fields[f] = guess;
    return model;
}

void link_estimate(Arena *arena, const Records *records, const Record *left, const Record *right,
                   LinkList *links, LinkModel *ret)
{
    size_t fields = records->field_count;
    *ret = first_guess(fields);
    if (links->len == 0)
        return;
    int8_t *levels = NEW_ARRAY(arena, int8_t, links->len * fields);
    for (size_t i = 0; i < links->len; i++) {
        const Link *link = &links->items[i];
        const Record *other = right ? &right[link->right] : &left[link->right];
        levels_of(records, &left[link->left], other, levels + i * fields);
    }
    for (int round = 0; round < LINK_ROUNDS; round++) {
        double moved = 0;
        for (size_t i = 0; i < links->len; i++) {
            Link *link = &links->items[i];
            double odds = pair_odds(ret, levels + i * fields, fields);
            double p = logit_probability(odds);
            moved += fabs(p - link->probability);
            link->probability = (float)p;
        }
        if (moved < 1e-4 * (double)links->len && round > 0)
            break;
        maximise(ret, levels, fields, links);
    }
}

Verdict link_judge(Arena *arena, const Records *records, const LinkModel *model, const Record *a,
                   const Record *b)
{
    int8_t levels[RECORD_FIELDS_MAX];
    levels_of(records, a, b, levels);
    Verdict verdict = { 0 };
    for (size_t f = 0; f < records->field_count; f++) {
        if (levels[f] == MISSING)
            continue;
        double part = log(model->fields[f].one[levels[f]] / model->fields[f].other[levels[f]]);
        double agreement = field_agreement(records, a, b, f);
        Str text = str_format(arena, STR_FMT ": %s", STR_ARG(records->fields[f].name),
                              levels[f] == 3   ? "agrees"
                              : levels[f] == 2 ? "nearly agrees"
                              : levels[f] == 1 ? "is somewhat alike"
                                               : "differs");
        verdict_note(&verdict, (Reason){ text, agreement, part });
    }
    verdict.probability = logit_probability(pair_odds(model, levels, records->field_count));
    verdict.is_match = verdict.probability >= 0.5;
    return verdict;
}

// ---- What links make ----------------------------------------------------------------------------

static int by_probability(const void *a, const void *b)
{
    const Link *x = a, *y = b;
    if (x->probability != y->probability)
        return x->probability < y->probability ? 1 : -1;
    return by_pair(a, b);
}

void link_one_to_one(Arena *arena, LinkList *links, size_t left_count, size_t right_count)
{
    bool *left = NEW_ARRAY(arena, bool, left_count + 1);
    bool *right = NEW_ARRAY(arena, bool, right_count + 1);
    size_t kept = 0;
    if (links->len)
        qsort(links->items, links->len, sizeof *links->items, by_probability);
    EACH (link, *links)
        if (!left[link->left] && !right[link->right]) {
            left[link->left] = right[link->right] = true;
            links->items[kept++] = *link;
        }
    links->len = kept;
}

static uint32_t top(uint32_t *group, uint32_t i)
{
    while (group[i] != i)
        i = group[i] = group[group[i]];
    return i;
}

uint32_t *link_groups(Arena *arena, const LinkList *links, size_t count)
{
    uint32_t *group = NEW_ARRAY(arena, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++)
        group[i] = (uint32_t)i;
    EACH (link, *links) {
        uint32_t a = top(group, link->left), b = top(group, link->right);
        group[a > b ? a : b] = a > b ? b : a;
    }
    for (size_t i = 0; i < count; i++)
        group[i] = top(group, (uint32_t)i);
    return group;
}
