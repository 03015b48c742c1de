// logit.h - logistic regression: how probable something is, given numbers about it.
//
// Fitted by Newton's method on the penalised likelihood (iteratively reweighted least squares, with
// step halving), Cholesky inside: exact, without a rate to tune, O(n d^2 + d^3) a round. The ridge
// keeps weights finite where the classes can be parted perfectly. Deterministic.
//
// A card is a regression on features that need not act in a straight line: each feature is first
// bent at knots, quantiles of what it was when fitted (a linear spline), and has a weight for being
// missing (NAN). Since the sum still goes feature by feature, every answer can say which features
// spoke for and which against it, and how much: its reasons.
#pragma once

#include "base/ctx.h"

enum { CARD_FEATURES_MAX = 96, CARD_KNOTS = 4, CARD_BENDS = CARD_KNOTS + 2 };

// `rows` is n x d, row after row; `labels` 0 or 1; `ridge` above zero. Writes d weights and the
// bias, which is not penalised. E_INVALID "match.labels" when all labels are the same.
MUST_CHECK Status logit_fit(Ctx *ctx, const double *rows, const double *labels, size_t n, size_t d,
                            double ridge, double *ret_weights, double *ret_bias);

double logit_probability(double odds);  // of log odds
double logit_odds(double probability);  // log odds; cut to what a double can hold

typedef struct CardFeature {
    double knots[CARD_KNOTS];
    double mean[CARD_BENDS];     // of each bend, over what it was fitted on
    double weights[CARD_BENDS];  // missing, straight, behind each knot
} CardFeature;

typedef struct Card {
    size_t features;
    CardFeature feature[CARD_FEATURES_MAX];
    double bias;
} Card;

// `rows` is n x features with NAN for missing.
MUST_CHECK Status card_fit(Ctx *ctx, const double *rows, const double *labels, size_t n,
                           size_t features, double ridge, Card *ret);

// Log odds. `ret_parts`, if not NULL, gets what each feature adds to or takes from the average.
double card_odds(const Card *card, const double *row, double *ret_parts);

// The threshold above which calling a match gives the best F1 on these; 0.5 without any match.
double best_threshold(Arena *arena, const double *probabilities, const double *labels, size_t n);
