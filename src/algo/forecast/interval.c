// interval.c - interval widths from earlier errors.
#include "algo/forecast/interval.h"

#include <math.h>
#include <stdlib.h>

enum {
    USUAL_COUNT = 100
};  // errors that the usual widths are worth; those of one series are alike

int interval_zone(int i, int h)
{
    return i * INTERVAL_ZONES / h;
}

Interval interval_usual(bool is_rare)
{
    static const Width steady[INTERVAL_ZONES] = { { -1.15, 1.3, -1.95, 2.3 },
                                                  { -1.3, 1.45, -2.3, 2.7 },
                                                  { -1.3, 1.55, -2.3, 2.9 } };
    static const Width rare = { 0, 0.8, 0, 0.95 };
    Interval interval;
    for (int z = 0; z < INTERVAL_ZONES; z++)
        interval.zones[z] = is_rare ? rare : steady[z];
    return interval;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Between the order statistics, a little outwards: n + 1 gaps for n values.
static double quantile(const IntervalErrors *errors, double share)
{
    double at = share * (errors->len + 1) - 1;
    at = fmin(fmax(at, 0), errors->len - 1);
    int i = (int)at;
    double next = i + 1 < errors->len ? errors->items[i + 1] : errors->items[i];
    return errors->items[i] + (at - i) * (next - errors->items[i]);
}

static double blend(double usual, double found, int count)
{
    return (usual * USUAL_COUNT + found * count) / (USUAL_COUNT + count);
}

static Width learn_zone(IntervalErrors *errors, const Width *usual, bool is_rare)
{
    int n = errors->len;
    if (n == 0)
        return *usual;
    qsort(errors->items, (size_t)n, sizeof *errors->items, by_value);
    Width found = { quantile(errors, 0.1), quantile(errors, 0.9), quantile(errors, 0.025),
                    quantile(errors, 0.975) };
    if (is_rare)
        found = (Width){ 0, quantile(errors, 0.8), 0, quantile(errors, 0.95) };
    return (Width){ blend(usual->lo80, found.lo80, n), blend(usual->hi80, found.hi80, n),
                    blend(usual->lo95, found.lo95, n), blend(usual->hi95, found.hi95, n) };
}

Interval interval_learn(IntervalErrors errors[INTERVAL_ZONES], bool is_rare)
{
    Interval usual = interval_usual(is_rare), interval;
    for (int z = 0; z < INTERVAL_ZONES; z++)
        interval.zones[z] = learn_zone(&errors[z], &usual.zones[z], is_rare);
    return interval;
}

Width interval_width(const Interval *interval, int i, int h)
{
    double at = (i + 0.5) * INTERVAL_ZONES / h - 0.5;
    at = fmin(fmax(at, 0), INTERVAL_ZONES - 1);
    int zone = at >= INTERVAL_ZONES - 1 ? INTERVAL_ZONES - 2 : (int)at;
    double share = at - zone;
    const Width *a = &interval->zones[zone], *b = &interval->zones[zone + 1];
    return (Width){ a->lo80 + share * (b->lo80 - a->lo80), a->hi80 + share * (b->hi80 - a->hi80),
                    a->lo95 + share * (b->lo95 - a->lo95), a->hi95 + share * (b->hi95 - a->hi95) };
}
