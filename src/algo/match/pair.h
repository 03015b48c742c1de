// pair.h - what can be said about two records that may be one: the features of record linkage.
#pragma once

#include "algo/match/logit.h"
#include "algo/match/record.h"

typedef struct PairFeatures {
    Str names[CARD_FEATURES_MAX];  // "name: words in common"
    size_t count;
} PairFeatures;

// Which features records of these fields have.
PairFeatures pair_features(Arena *arena, const Records *records);

// Writes `count` numbers, most from 0 to 1; NAN where one of the two says nothing.
void pair_compare(const Records *records, const Record *a, const Record *b, double *ret);

// How much a field of both agrees, from 0 to 1; NAN when one is missing. One number a field, for
// linking without examples.
double value_agreement(FieldKind kind, const Value *a, const Value *b);
