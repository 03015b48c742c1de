// rank.c - top documents without scoring every one.
//
// Documents fall into classes: one level of each word. All of a class have the same score, and a
// class is an intersection of bitmaps. Classes are visited in falling order of score (a heap; each
// visited class adds its neighbours, one word one level lower) until the page is full. Where
// matches are few, or classes turn out too sparse, every match is scored, in one pass over the
// levels.
#include "kernel/search/rank.h"

#include <assert.h>

enum {
    CLASSES_MAX = 64,  // visited before giving up and scoring every match
    READ_AHEAD = 256,
};

// ---- The page: a heap with the worst on top -----------------------------------------------------

typedef struct Page {
    uint64_t *keys;  // score, then document
    size_t len, want;
    int floor;
} Page;

static uint64_t key_of(int score, uint32_t doc)
{
    return (uint64_t)score << 32 | doc;
}

static void sink(Page *page, size_t at)
{
    for (;;) {
        size_t least = at, child = at * 2 + 1;
        for (size_t c = child; c < child + 2 && c < page->len; c++)
            if (page->keys[c] < page->keys[least])
                least = c;
        if (least == at)
            return;
        uint64_t key = page->keys[at];
        page->keys[at] = page->keys[least];
        page->keys[least] = key;
        at = least;
    }
}

static void rise(Page *page, size_t at)
{
    while (at > 0 && page->keys[at] < page->keys[(at - 1) / 2]) {
        uint64_t key = page->keys[at];
        page->keys[at] = page->keys[(at - 1) / 2];
        page->keys[(at - 1) / 2] = key;
        at = (at - 1) / 2;
    }
}

// False when it is not good enough for the page.
static bool page_put(Page *page, int score, uint32_t doc)
{
    uint64_t key = key_of(score, doc);
    if (score < page->floor || (page->len == page->want && key <= page->keys[0]))
        return false;
    if (page->len < page->want) {
        page->keys[page->len] = key;
        rise(page, page->len++);
    } else {
        page->keys[0] = key;
        sink(page, 0);
    }
    return true;
}

// No document with this score or less can enter.
static bool page_is_closed(const Page *page, int score)
{
    return score < page->floor || (page->len == page->want && score < (int)(page->keys[0] >> 32));
}

// Puts documents of one score, last first, until the page wants no more of them.
static void page_put_set(Page *page, int score, const Set *docs)
{
    roaring_uint32_iterator_t at;
    roaring_init_iterator_last(docs, &at);
    while (at.has_value && page_put(page, score, at.current_value))
        roaring_previous_uint32_iterator(&at);
}

static void page_read(Ctx *ctx, Page *page, RankedList *ret)
{
    list_reserve(ctx->arena, ret, page->len);
    ret->len = page->len;
    while (page->len > 0) {
        uint64_t key = page->keys[0];
        page->keys[0] = page->keys[--page->len];
        sink(page, 0);
        ret->items[page->len] = (Ranked){ (uint32_t)key, (int)(key >> 32) };
    }
}

// ---- Every match --------------------------------------------------------------------------------

static void add_scores(int *scores, const Set *docs, int score)
{
    uint32_t ahead[READ_AHEAD], count;
    roaring_uint32_iterator_t at;
    roaring_init_iterator(docs, &at);
    while ((count = roaring_read_uint32_iterator(&at, ahead, READ_AHEAD)) > 0)
        for (uint32_t i = 0; i < count; i++)
            scores[ahead[i]] += score;
}

// Adding to documents that do not match is harmless, and cheaper than leaving them out where they
// are not many more.
static void add_level(Ctx *ctx, int *scores, const Set *matches, const Set *docs, int score)
{
    ArenaMark mark = arena_mark(ctx->arena);
    bool is_small = set_len(docs) < set_len(matches) * 4;
    add_scores(scores, is_small ? docs : set_and(ctx->arena, matches, docs), score);
    arena_rewind(ctx->arena, mark);
}

static void score_all(Ctx *ctx, const SlotList *slots, size_t segment, uint32_t docs,
                      const Set *matches, Page *page)
{
    int *scores = NEW_ARRAY(ctx->arena, int, docs);
    EACH (slot, *slots)
        EACH (level, slot->in[segment].levels)
            add_level(ctx, scores, matches, level->docs,
                      SCORE_OF_WORD + level->value * slot->rarity);
    roaring_uint32_iterator_t at;
    for (roaring_init_iterator_last(matches, &at); at.has_value;
         roaring_previous_uint32_iterator(&at))
        page_put(page, scores[at.current_value], at.current_value);
}

// ---- Classes ------------------------------------------------------------------------------------

typedef struct Class {
    int score;
    uint8_t last;  // the highest word that was lowered: only it and those behind may be, so that
                   // each class is reached once
    uint8_t at[SLOTS_MAX];  // which level of each word
} Class;

typedef struct Classes {
    const SlotList *slots;
    size_t segment;
    Class heap[CLASSES_MAX * SLOTS_MAX + 1];  // the best on top
    size_t len;
} Classes;

static void classes_put(Classes *classes, const Class *class)
{
    size_t at = classes->len++;
    for (; at > 0 && classes->heap[(at - 1) / 2].score < class->score; at = (at - 1) / 2)
        classes->heap[at] = classes->heap[(at - 1) / 2];
    classes->heap[at] = *class;
}

static Class classes_take(Classes *classes)
{
    Class best = classes->heap[0], last = classes->heap[--classes->len];
    size_t at = 0;
    for (size_t child; (child = at * 2 + 1) < classes->len; at = child) {
        if (child + 1 < classes->len && classes->heap[child + 1].score > classes->heap[child].score)
            child++;
        if (classes->heap[child].score <= last.score)
            break;
        classes->heap[at] = classes->heap[child];
    }
    classes->heap[at] = last;
    return best;
}

static const SlotLevel *level_at(const Classes *classes, const Class *class, size_t slot)
{
    return &classes->slots->items[slot].in[classes->segment].levels.items[class->at[slot]];
}

static int class_score(const Classes *classes, const Class *class)
{
    int score = 0;
    for (size_t i = 0; i < classes->slots->len; i++)
        score +=
            SCORE_OF_WORD + classes->slots->items[i].rarity * level_at(classes, class, i)->value;
    return score;
}

static void put_neighbours(Classes *classes, const Class *class)
{
    for (size_t i = class->last; i < classes->slots->len; i++) {
        Class next = *class;
        next.last = (uint8_t)i;
        if (++next.at[i] >= classes->slots->items[i].in[classes->segment].levels.len)
            continue;
        next.score = class_score(classes, &next);
        classes_put(classes, &next);
    }
}

static void put_class(Ctx *ctx, const Classes *classes, const Class *class, const Set *matches,
                      Page *page)
{
    ArenaMark mark = arena_mark(ctx->arena);
    const Set *docs = matches;
    for (size_t i = 0; i < classes->slots->len && !set_is_empty(docs); i++)
        docs = set_and(ctx->arena, docs, level_at(classes, class, i)->docs);
    page_put_set(page, class->score, docs);
    arena_rewind(ctx->arena, mark);
}

// False when too many classes were visited and the page may still lack some.
static bool visit_classes(Ctx *ctx, Classes *classes, const Set *matches, Page *page)
{
    Class class = { 0 };
    class.score = class_score(classes, &class);
    classes_put(classes, &class);
    for (int visited = 0; classes->len > 0; visited++) {
        class = classes_take(classes);
        if (page_is_closed(page, class.score))
            return true;
        if (visited == CLASSES_MAX)
            return false;
        put_class(ctx, classes, &class, matches, page);
        put_neighbours(classes, &class);
    }
    return true;
}

void rank_segment(Ctx *ctx, const SlotList *slots, size_t segment, uint32_t docs,
                  const Match *match, size_t want, int floor, RankedList *ret)
{
    Page page = { .keys = NEW_ARRAY(ctx->arena, uint64_t, want), .want = want, .floor = floor };
    bool is_done = false;
    ret->len = 0;
    if (want == 0 || set_is_empty(match->docs))
        return;
    if (slots->len == 0) {
        page_put_set(&page, 0, match->docs);
        is_done = true;
    } else if (match->has_all_words && (slots->len == 1 || set_len(match->docs) > match->few)) {
        Classes *classes = NEW(ctx->arena, Classes);
        classes->slots = slots;
        classes->segment = segment;
        is_done = visit_classes(ctx, classes, match->docs, &page);
    }
    if (!is_done) {
        page.len = 0;
        score_all(ctx, slots, segment, docs, match->docs, &page);
    }
    page_read(ctx, &page, ret);
}
