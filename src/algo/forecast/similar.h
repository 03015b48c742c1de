// similar.h - forecasts of articles that have hardly any past, by those that are like them.
//
// An article is known by its features (category, price, colour, season ...). Those most like it
// once were new themselves: what they sold in their first periods, weighted by likeness, is the new
// one's outlook; what it has sold itself so far moves the height, the more the longer it is there.
#pragma once

#include "base/arena.h"

typedef struct SimilarItem {
    const double *features;  // each feature a number; kinds are numbered
    const double *x;         // from its first period on
    int n;
} SimilarItem;

typedef struct SimilarFeature {
    int is_kind;    // equal or not; otherwise the distance counts, against the feature's spread
    double weight;  // how much it counts; 1 is usual
} SimilarFeature;

enum { SIMILAR_NEIGHBOURS = 10 };

// Gower's similarity ("A general coefficient of similarity", Biometrics 27, 1971), 0 to 1, of each
// of `count` items to the features of the new one.
void similar_likeness(const SimilarItem *items, int count, const SimilarFeature *features,
                      int feature_count, const double *of, double *ret);

// What the new item sells in its periods n .. n + h - 1, `x` being those it has (n may be 0). Items
// whose past is shorter than n + h are passed over. Returns how many were asked (0: ret is all 0).
int similar_ahead(Arena *arena, const SimilarItem *items, int count, const SimilarFeature *features,
                  int feature_count, const SimilarItem *new_item, double *ret, int h);
