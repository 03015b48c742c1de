// fuzzy.c - edit distance (Damerau's, optimal string alignment) against a sorted dictionary.
//
// Neighbours in the dictionary share their beginning, and so the rows of the distance table: only
// what differs from the word before is computed, and a beginning that is already too far away is
// passed over with all its words, the first few one by one, the rest at a leap.
#include "kernel/search/fuzzy.h"

#include <unicode/utf8.h>

enum { WORD_MAX = KEY_BYTES_MAX, STEPS_BEFORE_LEAP = 4 };

typedef struct Table {
    int32_t word[FUZZY_WORD_MAX];
    int len, most;  // of the word, and the distance allowed
    int32_t key[WORD_MAX];
    int rows;  // so many rows below are right for the beginning of `key`
    int dead;  // every word with the first `dead` letters of key is too far; 0: not known
    uint8_t row[FUZZY_WORD_MAX + 4][FUZZY_WORD_MAX + 1];
} Table;

static int letters_of(Str text, int32_t *ret, int room)
{
    int count = 0;
    for (int32_t at = 0; at < (int32_t)text.len && count < room;) {
        UChar32 c;
        U8_NEXT_OR_FFFD(text.ptr, at, (int32_t)text.len, c);
        ret[count++] = c;
    }
    return count;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

// The distances of the first `i` letters of the key to all beginnings of the word; the least of
// them.
static int fill_row(Table *t, int i)
{
    uint8_t *row = t->row[i], *above = t->row[i - 1];
    int smallest = row[0] = (uint8_t)i;
    for (int j = 1; j <= t->len; j++) {
        bool is_same = t->key[i - 1] == t->word[j - 1];
        int best = least(above[j - 1] + !is_same, least(above[j], row[j - 1]) + 1);
        bool is_swap =
            i > 1 && j > 1 && t->key[i - 1] == t->word[j - 2] && t->key[i - 2] == t->word[j - 1];
        if (is_swap)
            best = least(best, t->row[i - 2][j - 2] + 1);
        row[j] = (uint8_t)best;
        smallest = least(smallest, best);
    }
    return smallest;
}

// Takes the next key; how many letters it has, and how many of them the one before had too.
static int next_key(Table *t, Str key, int *ret_shared)
{
    int32_t letters[WORD_MAX];
    int len = letters_of(key, letters, WORD_MAX), shared = 0;
    while (shared < len && t->key[shared] == letters[shared])
        shared++;
    memcpy(t->key, letters, (size_t)len * sizeof *letters);
    if (len < WORD_MAX)
        t->key[len] = 0;
    *ret_shared = shared;
    return len;
}

// The distance of the key to the word, or of its closest beginning where that is allowed; above
// t->most when it is too far.
static int distance(Table *t, int len, int shared, bool may_continue, bool *ret_is_longer)
{
    int closest = t->most + 1;
    *ret_is_longer = false;
    if (t->dead && shared >= t->dead)
        return closest;
    t->dead = 0;
    t->rows = least(t->rows, shared);
    int depth = least(len, t->len + t->most);
    for (int i = 1; i <= depth; i++) {
        if (i > t->rows && fill_row(t, i) > t->most) {
            t->rows = i;
            t->dead = may_continue && closest <= t->most ? 0 : i;
            break;
        }
        t->rows = t->rows < i ? i : t->rows;
        if (may_continue)
            closest = least(closest, t->row[i][t->len]);
    }
    int whole = !t->dead && t->rows >= len && len <= depth ? t->row[len][t->len] : t->most + 1;
    *ret_is_longer = closest < whole;
    return least(whole, closest);
}

static bool is_word(Str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] >= '0' && key.ptr[i] <= '9')
            return false;
    return true;
}

// The first key behind all that begin with the first `letters` letters of `key`. No byte of UTF-8
// is so high that one more would not fit.
static Str behind(Ctx *ctx, Str key, int letters)
{
    int32_t len = 0;
    U8_FWD_N(key.ptr, len, (int32_t)key.len, letters);
    Str start = str_copy(ctx->arena, str_sub(key, 0, (size_t)len));
    ((char *)start.ptr)[start.len - 1]++;
    return start;
}

static Status next_alive(Ctx *ctx, Cursor *cursor, const Table *t, int *passed)
{
    *passed = t->dead ? *passed + 1 : 0;
    if (*passed < STEPS_BEFORE_LEAP)
        return cursor_next(ctx, cursor);
    *passed = 0;
    return cursor_seek(ctx, cursor->segment, behind(ctx, cursor->entry.key, t->dead), cursor);
}

static Status compare_from(Ctx *ctx, const Segment *segment, Table *t, Str start, bool may_continue,
                           FuzzyWordList *ret)
{
    Cursor cursor;
    int passed = 0;
    TRY(cursor_seek(ctx, segment, start, &cursor));
    while (!cursor.is_end && str_starts(cursor.entry.key, start)) {
        bool is_longer;
        int shared, len = next_key(t, cursor.entry.key, &shared);
        int away = distance(t, len, shared, may_continue, &is_longer);
        if (away <= t->most && is_word(cursor.entry.key)) {
            FuzzyWord *word = list_push(ctx->arena, ret);
            *word = (FuzzyWord){ cursor.entry, away, is_longer };
            word->entry.key = str_copy(ctx->arena, cursor.entry.key);
        }
        TRY(next_alive(ctx, &cursor, t, &passed));
    }
    return OK;
}

static Table *table_new(Arena *arena, const int32_t *letters, int len)
{
    Table *t = NEW(arena, Table);
    t->len = len;
    t->most = len < TYPO_TWO_MIN ? 1 : 2;
    memcpy(t->word, letters, (size_t)len * sizeof *letters);
    for (int j = 0; j <= len; j++)
        t->row[0][j] = (uint8_t)j;
    return t;
}

Status fuzzy_find(Ctx *ctx, const Segment *segment, Str word, bool may_continue, FuzzyWordList *ret)
{
    int32_t letters[FUZZY_WORD_MAX + 1];
    int len = letters_of(word, letters, FUZZY_WORD_MAX + 1);
    if (len < TYPO_MIN || len > FUZZY_WORD_MAX || !is_word(word))
        return OK;
    Table *t = table_new(ctx->arena, letters, len);
    int32_t first = 0, second = 0;
    U8_FWD_N(word.ptr, first, (int32_t)word.len, 1);
    U8_FWD_N(word.ptr, second, (int32_t)word.len, 2);
    TRY(compare_from(ctx, segment, t, str_sub(word, 0, (size_t)first), may_continue, ret));
    if (letters[0] == letters[1])
        return OK;
    Str start = str_sub(word, (size_t)first, (size_t)(second - first));
    return compare_from(ctx, segment, t, start, may_continue, ret);
}
