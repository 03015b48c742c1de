// similarity.h - how alike two texts are, each from 0 to 1.
#pragma once

#include "base/str.h"

// Small letters without accents, every run of signs one blank: "Müller & Co." is "muller co". What
// is not Latin stays as it is.
Str text_fold(Arena *arena, Str text);

// Jaro's measure with Winkler's bonus for a common start of up to four characters (Winkler 1990).
// By bytes, which is right for folded text. O(a.len * b.len), texts are cut at 128 bytes.
double jaro_winkler(Str a, Str b);

// Insertions, deletions, changes and swaps of neighbours between them (optimal string alignment);
// most + 1 when there are more. Texts are cut at 128 bytes.
int edit_distance(Str a, Str b, int most);

size_t common_start(Str a, Str b);  // bytes

// A bag of words or parts of words: ids in ascending order, each with its weight.
typedef struct Bag {
    uint32_t *ids;
    float *weights;
    size_t len;
    double norm;    // of the weights, as a vector
    double weight;  // their sum
} Bag;

double bag_cosine(const Bag *a, const Bag *b);   // Salton's cosine; 0 when one is empty
double bag_overlap(const Bag *a, const Bag *b);  // common weight of the smaller's; 0 as above
double bag_jaccard(const Bag *a, const Bag *b);  // common weight of all
