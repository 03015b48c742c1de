// customers.h - who buys how often, and who is about to leave.
#pragma once

#include "base/arena.h"

#include <stdbool.h>

// ---- Recency, frequency, money ------------------------------------------------------------------

typedef struct Customer {
    double recency;    // days since the last order
    double frequency;  // orders in the time looked at
    double money;      // spent in it
    int r, f, m;       // set: 1 (worst) to 5 (best)
} Customer;

// Fifths of the customers by each measure; equal values get equal marks.
void customers_mark(Arena *arena, Customer *customers, int count);

// "champion", "loyal", "new", "at risk", "lost", "steady": what the marks r and f together say.
const char *customer_segment(const Customer *customer);

// ---- Logistic regression ------------------------------------------------------------------------

enum { LOGISTIC_FEATURES = 32 };

// chance = 1 / (1 + exp(-(weights[0] + sum of weights[i] (x[i - 1] - means) / deviations)))
typedef struct Logistic {
    int features;
    double weights[LOGISTIC_FEATURES + 1];
    double means[LOGISTIC_FEATURES], deviations[LOGISTIC_FEATURES];
} Logistic;

// `x` holds count rows of `features` numbers (at most LOGISTIC_FEATURES), `came` what happened.
// Iteratively reweighted least squares with a ridge on the standardised weights, which also keeps
// them finite where a feature divides the classes; 1 is a good ridge.
Logistic logistic_fit(Arena *arena, const double *x, const bool *came, int count, int features,
                      double ridge);
double logistic_chance(const Logistic *model, const double *x);

// ---- Gaps between orders ------------------------------------------------------------------------

// Weibull distribution of the gaps: a shape below 1 means that who has waited long waits on.
typedef struct Gaps {
    double shape, scale;  // scale in the unit of the gaps
} Gaps;

// `gaps` above 0; those with `is_open` have lasted so long and not ended yet. Maximum likelihood;
// at least two ended gaps, else the shape is 1.
Gaps gaps_fit(const double *gaps, const bool *is_open, int count);

double gaps_survival(const Gaps *gaps, double time);  // chance that a gap is longer
// Chance that a customer who has been silent for `since` orders within `more`.
double gaps_return(const Gaps *gaps, double since, double more);

// ---- Calibration --------------------------------------------------------------------------------

enum { CALIBRATION_BINS = 10 };

// Of those told a chance of 10 to 20 % (and so on), how many it came true for.
typedef struct Calibration {
    int counts[CALIBRATION_BINS];
    double told[CALIBRATION_BINS];  // mean chance
    double came[CALIBRATION_BINS];  // share
    double brier;                   // mean squared difference; less is better
    double off;                     // mean |told - came| over all, weighted: 0 is perfect
} Calibration;

Calibration calibration_of(const double *chances, const bool *came, int count);
