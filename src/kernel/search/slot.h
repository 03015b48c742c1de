// slot.h - a word of a query turned into sets: per segment, the documents that match it, by how
// much they say about it. Private to the engine.
#pragma once

#include "kernel/search/engine.h"

// Documents of one segment whose match is worth `value`: level x weight of the spelling that
// matched.
typedef struct SlotLevel {
    int value;
    const Set *docs;
} SlotLevel;
typedef struct SlotSets {
    LIST(SlotLevel) levels;  // best first; no document is in two
    const Set *all;          // NULL: none
} SlotSets;

typedef struct Slot {
    Str word;
    bool is_exact;    // never taken for a mistake
    bool is_open;     // may be the beginning of a longer word
    bool is_guessed;  // words that it may be meant for were added
    SlotSets *in;     // one a segment
    int64_t found;    // documents that are not gone, over all segments
    int rarity;
} Slot;
typedef LIST(Slot) SlotList;

// The words of the query, each with what it finds; a word that finds nothing is taken for a
// mistake. `ret->len` is 0 when there are none.
MUST_CHECK Status slots_make(Ctx *ctx, const Index *index, Str words, bool is_complete,
                             SlotList *ret);

// Takes also words that find next to nothing for mistakes: when the words together find nothing.
MUST_CHECK Status slots_guess(Ctx *ctx, const Index *index, SlotList *slots);
