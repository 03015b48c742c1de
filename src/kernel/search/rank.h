// rank.h - the best documents of a segment. Private to the engine.
#pragma once

#include "kernel/search/slot.h"

// What each word adds beside rarity x level: more than all these together can be, so that records
// with more of the words come first.
enum { SCORE_OF_WORD = 1 << 23 };

typedef struct Ranked {
    uint32_t doc;
    int score;
} Ranked;
typedef LIST(Ranked) RankedList;

// The documents of one segment that match, and how its score comes about.
typedef struct Match {
    const Set *docs;
    bool has_all_words;  // every one of the documents matches every slot
    int64_t few;         // up to so many are scored one by one; RANK_FEW
} Match;
enum { RANK_FEW = 32768 };

// The `want` best of match->docs by score, then by number (later first), leaving out those with a
// score below `floor`; best first.
void rank_segment(Ctx *ctx, const SlotList *slots, size_t segment, uint32_t docs,
                  const Match *match, size_t want, int floor, RankedList *ret);
