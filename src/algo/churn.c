// churn.c - who orders again.
#include "algo/churn.h"

#include <math.h>

enum { FEATURES = 4, GAP_UNKNOWN = 60 };

int buyer_orders(const Buyer *buyer, Date before)
{
    int orders = 0;
    while (orders < buyer->count && buyer->days[orders] < before)
        orders++;
    return orders;
}

bool buyer_came(const Buyer *buyer, Date from, int ahead)
{
    int next = buyer_orders(buyer, from);
    return next < buyer->count && buyer->days[next] < from + ahead;
}

// Days since the last order, how many, the mean gap, days known.
static void describe(const Buyer *buyer, Date on, double ret[FEATURES])
{
    int orders = buyer_orders(buyer, on);
    Date first = buyer->days[0], last = buyer->days[orders - 1];
    ret[0] = on - last;
    ret[1] = log(orders);
    ret[2] = orders > 1 ? (double)(last - first) / (orders - 1) : GAP_UNKNOWN;
    ret[3] = on - first;
}

typedef struct Sample {
    double *x, *gaps;
    bool *came, *is_open;
    int count, gap_count;
} Sample;

static void add_gap(Sample *sample, Date from, Date to, bool is_open)
{
    sample->gaps[sample->gap_count] = to - from;
    sample->is_open[sample->gap_count++] = is_open;
}

static void add_buyer(Sample *sample, const Buyer *buyer, Date cut, int ahead)
{
    int orders = buyer_orders(buyer, cut);
    if (orders == 0)
        return;
    for (int i = 1; i < orders; i++)
        add_gap(sample, buyer->days[i - 1], buyer->days[i], false);
    add_gap(sample, buyer->days[orders - 1], cut, true);
    describe(buyer, cut, sample->x + (size_t)sample->count * FEATURES);
    sample->came[sample->count++] = buyer_came(buyer, cut, ahead);
}

Churn churn_fit(Arena *arena, const Buyer *buyers, int count, Date cut, int ahead)
{
    size_t orders = 0, room = (size_t)count + 1;
    for (int i = 0; i < count; i++)
        orders += (size_t)buyers[i].count;
    Sample sample = { .x = NEW_ARRAY(arena, double, room *FEATURES),
                      .gaps = NEW_ARRAY(arena, double, orders + 1),
                      .came = NEW_ARRAY(arena, bool, room),
                      .is_open = NEW_ARRAY(arena, bool, orders + 1) };
    for (int i = 0; i < count; i++)
        add_buyer(&sample, &buyers[i], cut, ahead);
    return (Churn){
        .logistic = logistic_fit(arena, sample.x, sample.came, sample.count, FEATURES, 1),
        .gaps = gaps_fit(sample.gaps, sample.is_open, sample.gap_count),
        .ahead = ahead,
    };
}

double churn_returns(const Churn *churn, const Buyer *buyer, Date on)
{
    double row[FEATURES];
    describe(buyer, on, row);
    return logistic_chance(&churn->logistic, row);
}

double churn_returns_by_gaps(const Churn *churn, const Buyer *buyer, Date on)
{
    Date last = buyer->days[buyer_orders(buyer, on) - 1];
    return gaps_return(&churn->gaps, on - last, churn->ahead);
}
