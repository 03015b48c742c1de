// matcher.h - says how probable it is that two records are one, from pairs that people have judged.
#pragma once

#include "algo/match/pair.h"

enum { MATCHER_FOLDS = 5, MATCHER_REASONS = 5 };

typedef struct Matcher {
    Records records;
    PairFeatures features;
    Card card;
    double threshold;  // from here on a pair is called a match
} Matcher;

// Fits the card on all pairs, and the threshold on what each fifth of them got from a card of the
// other four: best F1. `left`, `right`, `labels` (0 or 1) have `n` each. Pairs of one left record
// stand in the same fifth when they follow each other. O(n d^2), d about 100.
MUST_CHECK Status matcher_learn(Ctx *ctx, Matcher *matcher, const Record *left, const Record *right,
                                const double *labels, size_t n);

typedef struct Reason {
    Str text;      // "name: words in common, rare ones more"
    double value;  // of the feature; NAN: missing
    double part;   // log odds that it adds or takes
} Reason;

typedef struct Verdict {
    double probability;
    bool is_match;
    Reason reasons[MATCHER_REASONS];  // the weightiest first
    size_t reason_count;
} Verdict;

Verdict matcher_judge(const Matcher *matcher, const Record *left, const Record *right);

// Keeps the reason if it is among the weightiest, and weighs anything at all.
void verdict_note(Verdict *verdict, Reason reason);
