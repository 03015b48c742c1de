// fuzzy.h - words of a dictionary that differ from a given one by a letter or two.
#pragma once

#include "kernel/search/segment.h"

enum {
    TYPO_MIN = 4,         // shorter words are taken as they are
    TYPO_TWO_MIN = 8,     // from this length on two letters may be wrong
    FUZZY_WORD_MAX = 24,  // longer words are taken as they are
};

typedef struct FuzzyWord {
    KeyEntry entry;  // its key is the arena's
    int distance;    // insertions, deletions, changes, swaps of neighbours
    bool is_longer;  // what was typed is like the beginning of it
} FuzzyWord;
typedef LIST(FuzzyWord) FuzzyWordList;

// Adds the words of the segment that `word` may be meant for. The first letter is taken to be
// right, or one too many, or swapped with the second. Digits are never guessed at. With
// `may_continue` also words whose beginning is like it.
MUST_CHECK Status fuzzy_find(Ctx *ctx, const Segment *segment, Str word, bool may_continue,
                             FuzzyWordList *ret);
