// replenish.c - reorder points, safety stock, slow movers.
#include "algo/replenish.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

// ---- The normal distribution --------------------------------------------------------------------

static double density(double z)
{
    return exp(-z * z / 2) / sqrt(2 * M_PI);
}

double normal_share(double z)
{
    return erfc(-z / M_SQRT2) / 2;
}

// Bisection to start with, then Newton's steps: exact to the last digits and short.
double normal_quantile(double share)
{
    assert(share > 0 && share < 1);
    double lo = -40, hi = 40;
    for (int i = 0; i < 30; i++) {
        double middle = (lo + hi) / 2;
        *(normal_share(middle) < share ? &lo : &hi) = middle;
    }
    double z = (lo + hi) / 2;
    for (int i = 0; i < 3 && density(z) > 1e-250; i++)
        z -= (normal_share(z) - share) / density(z);
    return z;
}

double normal_loss(double z)
{
    return density(z) - z * normal_share(-z);
}

// ---- From mean and deviation --------------------------------------------------------------------

// Of what is wanted over a lead time: demands vary, and so does their number.
static double lead_deviation(const Lead *lead)
{
    return sqrt(lead->time * lead->demand_deviation * lead->demand_deviation +
                lead->demand * lead->demand * lead->time_deviation * lead->time_deviation);
}

static Stock stock_at(const Lead *lead, double z, double quantity)
{
    double deviation = lead_deviation(lead), safety = z * deviation;
    double short_of = deviation * normal_loss(z);  // expected in a cycle
    return (Stock){ .reorder_point = lead->demand * lead->time + safety,
                    .safety = safety,
                    .service = normal_share(z),
                    .fill_rate = fmax(0, 1 - short_of / quantity) };
}

Stock replenish_for_service(const Lead *lead, double service, double quantity)
{
    assert(service > 0 && service < 1 && quantity > 0);
    return stock_at(lead, normal_quantile(service), quantity);
}

Stock replenish_for_fill(const Lead *lead, double fill_rate, double quantity)
{
    assert(fill_rate > 0 && fill_rate < 1 && quantity > 0);
    double lo = -8, hi = 8;
    for (int i = 0; i < 60; i++) {
        double middle = (lo + hi) / 2;
        *(stock_at(lead, middle, quantity).fill_rate < fill_rate ? &lo : &hi) = middle;
    }
    return stock_at(lead, hi, quantity);
}

// ---- From what happened -------------------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double replenish_from_history(Arena *arena, const double *demands, int n, const int *times,
                              int time_count, double service, int rounds, Random *random)
{
    assert(n > 0 && time_count > 0 && rounds > 0 && service > 0 && service < 1);
    ArenaMark mark = arena_mark(arena);
    double *wanted = NEW_ARRAY(arena, double, (size_t)rounds);
    for (int i = 0; i < rounds; i++)
        for (int t = times[random_below(random, time_count)]; t > 0; t--)
            wanted[i] += demands[random_below(random, n)];
    qsort(wanted, (size_t)rounds, sizeof *wanted, by_value);
    int at = (int)ceil(service * rounds) - 1;
    double point = wanted[at < 0 ? 0 : at];
    arena_rewind(arena, mark);
    return point;
}

// ---- Slow movers --------------------------------------------------------------------------------

static int by_sales(const void *a, const void *b)
{
    const Mover *x = *(Mover *const *)a, *y = *(Mover *const *)b;
    if (x->value_sold != y->value_sold)
        return x->value_sold < y->value_sold ? 1 : -1;
    return (x > y) - (x < y);
}

// An article belongs to the class in which its first coin falls.
static MoverClass class_at(double before, double total)
{
    return before < 0.8 * total ? MOVER_FAST : before < 0.95 * total ? MOVER_MEDIUM : MOVER_SLOW;
}

void replenish_classify(Arena *arena, Mover *movers, int count, int dead_after)
{
    ArenaMark mark = arena_mark(arena);
    Mover **sorted = NEW_ARRAY(arena, Mover *, (size_t)count);
    double total = 0, before = 0;
    for (int i = 0; i < count; i++) {
        sorted[i] = &movers[i];
        total += movers[i].value_sold;
    }
    qsort(sorted, (size_t)count, sizeof *sorted, by_sales);
    for (int i = 0; i < count; i++) {
        Mover *mover = sorted[i];
        bool is_dead = mover->stock_value > 0 && mover->idle >= dead_after;
        mover->class = is_dead ? MOVER_DEAD : class_at(before, total);
        if (mover->value_sold <= 0 && !is_dead)
            mover->class = MOVER_SLOW;
        before += mover->value_sold;
    }
    arena_rewind(arena, mark);
}
