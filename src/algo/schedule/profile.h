// profile.h - how much of each resource is left over time.
//
// The amounts of one moment are packed side by side into words, each with a spare bit above it, so
// that one subtraction tells whether all of several needs fit: a spare bit that is gone was
// borrowed from. Where all times are small, every unit of time has its words; otherwise time is cut
// where the amounts change.
#pragma once

#include "base/ctx.h"

typedef struct Profile {
    int words;       // of one cell, at least 1
    int lane;        // bits of one amount, its spare bit included
    uint64_t spare;  // the spare bits of a word
    bool is_fine;    // a cell for each unit of time
    int cells;       // in use; the last one never ends
    int room;
    int *from;       // where each cell begins, if not fine
    uint64_t *left;  // cells x words
    uint64_t *all;   // words: what there is when nothing is taken
} Profile;

// For at most `takings` takings between two clearings, none ending after `horizon`.
void profile_make(Arena *arena, const int *capacity, int resources, int takings, int horizon,
                  Profile *ret);
void profile_clear(Profile *profile);

// Amounts as the words that the others take.
void profile_pack(const Profile *profile, const int *amounts, int resources, uint64_t *ret);

// The first time from `ready` on at which `need` is left for so long; it is no more than the
// capacity.
int profile_find(const Profile *profile, const uint64_t *need, int ready, int duration);
void profile_take(Profile *profile, const uint64_t *need, int start, int duration);
