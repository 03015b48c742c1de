// churn.h - who orders again, foretold from the days on which customers ordered.
//
// Two views of the same history: a logistic regression on four features, which learns from all
// customers what a silence means for somebody who used to order so often; and the distribution of
// the gaps between orders, which needs no more than the length of the silence. calibration_of()
// (customers.h) tells which to believe.
#pragma once

#include "algo/customers.h"
#include "base/date.h"

typedef struct Buyer {
    const Date *days;  // of orders, ascending, each once
    int count;
} Buyer;

typedef struct Churn {
    Logistic logistic;
    Gaps gaps;
    int ahead;  // days
} Churn;

// Learns what the buyers did in the `ahead` days from `cut` on, from what they had done before it.
Churn churn_fit(Arena *arena, const Buyer *buyers, int count, Date cut, int ahead);

// Chance of an order in the `ahead` days from `on` on; only days before it count, and there must be
// one.
double churn_returns(const Churn *churn, const Buyer *buyer, Date on);
double churn_returns_by_gaps(const Churn *churn, const Buyer *buyer, Date on);

int buyer_orders(const Buyer *buyer, Date before);          // how many
bool buyer_came(const Buyer *buyer, Date from, int ahead);  // whether there is one
