// profile.h - how much of each resource is left over time.
//
// Time is cut where the amounts change. The amounts of one stretch are packed side by side into
// words, each with a spare bit above it, so that one subtraction tells whether all of several needs
// fit: a spare bit that is gone was borrowed from.
#pragma once

#include "base/ctx.h"

typedef struct Profile {
    int words;           // of one stretch, at least 1
    int lane;            // bits of one amount, its spare bit included
    uint64_t spare;      // the spare bits of a word
    int stretches, room;
    int *from;           // where each stretch begins; the last one never ends
    uint64_t *left;      // stretches x words
    uint64_t *all;       // words: what there is when nothing is taken
} Profile;

// For at most `takings` takings between two clearings.
void profile_make(Arena *arena, const int *capacity, int resources, int takings, Profile *ret);
void profile_clear(Profile *profile);

// Amounts as the words that the others take.
void profile_pack(const Profile *profile, const int *amounts, int resources, uint64_t *ret);

// The first time from `ready` on at which `need` is left for so long.
int profile_find(const Profile *profile, const uint64_t *need, int ready, int duration);
void profile_take(Profile *profile, const uint64_t *need, int start, int duration);
