// link.h - finds which records are one, in two sets or within one.
//
// Blocking: records that share words or parts of words, rare ones counting more, are candidates of
// each other; the best LINK_CANDIDATES a record. Words that very many records have bring none.
//
// Judging: by a matcher where people have judged pairs; else without examples, by Fellegi and
// Sunter's model (1969): each field agrees to one of four levels, with probabilities that differ
// between pairs that are one and pairs that are not; these are estimated from the candidates
// themselves by expectation maximisation (Winkler 1988). Fields are taken as independent, so
// probabilities are more certain than they should be; the threshold of 0.5 is right all the same.
#pragma once

#include "algo/match/matcher.h"

enum { LINK_CANDIDATES = 20, LINK_LEVELS = 4, LINK_ROUNDS = 50 };

typedef struct Link {
    uint32_t left, right;  // within one set, left < right
    float probability;
} Link;
typedef LIST(Link) LinkList;

// How often each field's agreement has each level, among pairs that are one and among others.
typedef struct FieldModel {
    double one[LINK_LEVELS], other[LINK_LEVELS];
} FieldModel;

typedef struct LinkModel {
    FieldModel fields[RECORD_FIELDS_MAX];
    double share;  // of the candidates that are one
} LinkModel;

// The candidates, probability 0. `right` NULL: within `left`. O(words * how many have them).
LinkList link_candidates(Arena *arena, const Records *records, const Record *left,
                         size_t left_count, const Record *right, size_t right_count);

// Estimates the model from the candidates and gives each its probability. `right` as above.
void link_estimate(Arena *arena, const Records *records, const Record *left, const Record *right,
                   LinkList *links, LinkModel *ret);

// What each field says about one pair, in log odds; reasons as a matcher's.
Verdict link_judge(Arena *arena, const Records *records, const LinkModel *model, const Record *a,
                   const Record *b);

// Keeps of each record only its best link, the most probable pairs first.
void link_one_to_one(Arena *arena, LinkList *links, size_t left_count, size_t right_count);

// Which group each of `count` records is in, when all these links hold: the group's smallest index.
uint32_t *link_groups(Arena *arena, const LinkList *links, size_t count);
