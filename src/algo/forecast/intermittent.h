// intermittent.h - demand that comes now and then: spare parts, slow articles, single shops.
//
// What is forecast is the demand per period, one value for all periods ahead.
#pragma once

#include "base/arena.h"

#include <stdbool.h>

// Syntetos, Boylan and Croston, "On the categorization of demand patterns", JORS 56, 2005: by the
// mean distance of demands (1.32 periods) and the squared coefficient of variation of their sizes
// (0.49).
typedef enum DemandClass {
    DEMAND_SMOOTH,
    DEMAND_ERRATIC,       // every period, sizes vary
    DEMAND_INTERMITTENT,  // now and then, sizes alike
    DEMAND_LUMPY,         // now and then, sizes vary
    DEMAND_NONE,          // never any, or negative values, which are no demand
} DemandClass;

DemandClass demand_class(const double *x, int n);
bool demand_is_rare(DemandClass class);  // intermittent or lumpy
const char *demand_class_name(DemandClass class);

// n at least 1, no negative values. `weight` is that of the newest value, between 0 and 1.

// Croston, "Forecasting and stock control for intermittent demands", OR Quarterly 23, 1972: the
// sizes and the distances smoothed apart. `is_corrected` takes out the bias of their quotient
// (Syntetos and Boylan, "The accuracy of intermittent demand estimates", IJF 21, 2005).
double demand_croston(const double *x, int n, double weight, bool is_corrected);

// Teunter, Syntetos and Babai, "Intermittent demand: linking forecasting to inventory
// obsolescence", EJOR 214, 2011: the chance of a demand sinks while none comes.
double demand_tsb(const double *x, int n, double size_weight, double chance_weight);

// Simple smoothing from the mean of the past.
double demand_smoothed(const double *x, int n, double weight);

// The same of square roots, squared again: single large orders count less. Low on purpose.
double demand_rooted(const double *x, int n, double weight);

// Nikolopoulos, Syntetos, Boylan, Petropoulos and Assimakopoulos, "An aggregate-disaggregate
// intermittent demand approach", JORS 62, 2011: simple smoothing of sums over `bucket` periods.
double demand_aggregated(const double *x, int n, int bucket, double weight);

// ---- How much may be wanted in one period -------------------------------------------------------

// A chance of any demand at all, and the sizes there were.
typedef struct DemandSpread {
    double chance;
    double *sizes;  // ascending
    int count;      // at least 1
} DemandSpread;

// From a past with at least one demand; newer periods count more for the chance.
DemandSpread demand_spread(Arena *arena, const double *x, int n);

// The share of periods in which no more than `value` is wanted, and its inverse. Sizes between
// those seen are filled in evenly; above the largest the chance sinks with 1 / size.
double demand_share(const DemandSpread *spread, double value);
double demand_quantile(const DemandSpread *spread, double share);
