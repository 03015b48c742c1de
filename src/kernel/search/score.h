// score.h - how much a word says about a record: BM25 over weighted fields (BM25F: Robertson,
// Zaragoza, Taylor 2004), in integers, so that every engine and machine orders hits alike.
//
// The score of a record is, over the words it matches, rarity x level. A level (1 to SCORE_LEVELS)
// is what the record alone says: how often, in which fields, how long these are. It is stored with
// each posting. Lengths are compared with fixed ones, not with the average of the moment, so a
// stored level never ages and merging copies it. The rarity is worked out from live counts when
// somebody asks.
#pragma once

#include <stdint.h>

enum {
    SCORE_LEVELS = 31,
    SCORE_FIELDS = 8,  // fields an entity may be found by; those beyond count as the last
};

// What one word has in one record: how often in each field, and how many words each field has.
typedef struct ScoreCounts {
    uint16_t times[SCORE_FIELDS];
    const uint32_t *words;  // SCORE_FIELDS numbers, of the record
} ScoreCounts;

int score_level(const ScoreCounts *counts);

// 16 x log2 of how rare a word is that `found` of `all` records have; at least 1.
int score_rarity(int64_t found, int64_t all);
