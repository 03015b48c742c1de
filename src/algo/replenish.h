// replenish.h - when to order again, and how much to keep against surprise.
//
// The reorder point is what is wanted until the goods are there, plus what it takes to be right as
// often as is promised. Both the demand and the time until the goods come are uncertain.
#pragma once

#include "base/arena.h"
#include "base/random.h"

// ---- From mean and deviation --------------------------------------------------------------------

// Demand is per period; its deviation is that of the forecast's error, not of the sales. The lead
// time is in periods.
typedef struct Lead {
    double demand, demand_deviation;
    double time, time_deviation;
} Lead;

typedef struct Stock {
    double reorder_point;  // order when what is there and on order falls to this
    double safety;         // the part of it that is not expected to be needed
    double service;        // chance that a cycle ends without a shortage, 0 to 1
    double fill_rate;      // share of the demand served from stock, with the given order quantity
} Stock;

// For a service level strictly between 0 and 1; normal demand over the lead time (Silver, Pyke and
// Thomas, "Inventory and Production Management in Supply Chains", 2017, ch. 6). `quantity` is what
// is ordered at a time, above 0.
Stock replenish_for_service(const Lead *lead, double service, double quantity);

// The least safety stock with at least this fill rate, likewise between 0 and 1.
Stock replenish_for_fill(const Lead *lead, double fill_rate, double quantity);

// ---- From what happened -------------------------------------------------------------------------

// For demand that is not normal: the quantile of what was wanted over lead times, drawn from the
// demands and lead times there were (Viswanathan and Zhou's bootstrap, 2008, in its simple form).
// `times` are whole periods, at least 1. The same `random` gives the same answer. O(rounds x time).
double replenish_from_history(Arena *arena, const double *demands, int n, const int *times,
                              int time_count, double service, int rounds, Random *random);

// ---- Slow movers --------------------------------------------------------------------------------

typedef enum { MOVER_FAST, MOVER_MEDIUM, MOVER_SLOW, MOVER_DEAD } MoverClass;

typedef struct Mover {
    double value_sold;  // over the time looked at, at cost
    double stock_value;
    int idle;  // periods since the last sale
    MoverClass class;
} Mover;

// Sets the classes: dead is stock without a sale for `dead_after` periods; of the rest, the
// articles that together make the first 80 % of the value sold are fast, the next 15 % medium, the
// rest slow.
void replenish_classify(Arena *arena, Mover *movers, int count, int dead_after);

// ---- The normal distribution --------------------------------------------------------------------

double normal_share(double z);         // of values below z
double normal_quantile(double share);  // the inverse; share strictly between 0 and 1
double normal_loss(double z);          // expected excess above z
