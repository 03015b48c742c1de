// intermittent.c - Croston's method, its corrections and its rivals.
#include "algo/forecast/intermittent.h"

#include <math.h>
#include <stdlib.h>

// ---- Classes ------------------------------------------------------------------------------------

DemandClass demand_class(const double *x, int n)
{
    double sum = 0, squares = 0;
    int count = 0;
    for (int i = 0; i < n; i++) {
        if (x[i] < 0)
            return DEMAND_NONE;
        count += x[i] > 0;
        sum += x[i];
        squares += x[i] * x[i];
    }
    if (count == 0)
        return DEMAND_NONE;
    double mean = sum / count, variation = squares / count / (mean * mean) - 1;
    if (n < 1.32 * count)
        return variation < 0.49 ? DEMAND_SMOOTH : DEMAND_ERRATIC;
    return variation < 0.49 ? DEMAND_INTERMITTENT : DEMAND_LUMPY;
}

bool demand_is_rare(DemandClass class)
{
    return class == DEMAND_INTERMITTENT || class == DEMAND_LUMPY;
}

const char *demand_class_name(DemandClass class)
{
    static const char *const names[] = { "smooth", "erratic", "intermittent", "lumpy", "none" };
    return names[class];
}

// ---- Methods ------------------------------------------------------------------------------------

double demand_croston(const double *x, int n, double weight, bool is_corrected)
{
    double size = 0, distance = 0, since = 1;
    for (int i = 0; i < n; i++, since++) {
        if (x[i] <= 0)
            continue;
        size = size == 0 ? x[i] : size + weight * (x[i] - size);
        distance = distance == 0 ? since : distance + weight * (since - distance);
        since = 0;
    }
    double rate = distance > 0 ? size / distance : 0;
    return is_corrected ? rate * (1 - weight / 2) : rate;
}

double demand_tsb(const double *x, int n, double size_weight, double chance_weight)
{
    double size = 0, chance = 0;
    for (int i = 0; i < n; i++)
        chance += x[i] > 0 ? 1.0 / n : 0;
    for (int i = 0; i < n; i++) {
        chance += chance_weight * ((x[i] > 0) - chance);
        if (x[i] > 0)
            size = size == 0 ? x[i] : size + size_weight * (x[i] - size);
    }
    return size * chance;
}

double demand_smoothed(const double *x, int n, double weight)
{
    double level = 0;
    for (int i = 0; i < n; i++)
        level += x[i] / n;
    for (int i = 0; i < n; i++)
        level += weight * (x[i] - level);
    return level;
}

double demand_rooted(const double *x, int n, double weight)
{
    double level = 0;
    for (int i = 0; i < n; i++)
        level += sqrt(x[i]) / n;
    for (int i = 0; i < n; i++)
        level += weight * (sqrt(x[i]) - level);
    return level * level;
}

double demand_aggregated(const double *x, int n, int bucket, double weight)
{
    if (n < 2 * bucket)
        return demand_smoothed(x, n, weight);
    int first = n % bucket, buckets = n / bucket;
    double level = 0;
    for (int i = first; i < n; i++)
        level += x[i] / buckets;
    for (int i = first; i < n; i += bucket) {
        double sum = 0;
        for (int k = 0; k < bucket; k++)
            sum += x[i + k];
        level += weight * (sum - level);
    }
    return level / bucket;
}

// ---- How much may be wanted in one period -------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

DemandSpread demand_spread(Arena *arena, const double *x, int n)
{
    DemandSpread spread = { .sizes = NEW_ARRAY(arena, double, (size_t)n) };
    for (int i = 0; i < n; i++)
        if (x[i] > 0)
            spread.sizes[spread.count++] = x[i];
    spread.chance = (double)spread.count / n;
    for (int i = 0; i < n; i++)
        spread.chance += 0.1 * ((x[i] > 0) - spread.chance);
    qsort(spread.sizes, (size_t)spread.count, sizeof *spread.sizes, by_value);
    return spread;
}

double demand_share(const DemandSpread *spread, double value)
{
    if (value <= 0)
        return 1 - spread->chance;
    double gaps = spread->count + 1, most = spread->sizes[spread->count - 1];
    if (value > most)
        return 1 - spread->chance * most / (gaps * value);
    int i = 0;
    while (spread->sizes[i] < value)
        i++;
    double from = i ? spread->sizes[i - 1] : 0, to = spread->sizes[i];
    double within = (i + (value - from) / (to - from)) / gaps;
    return 1 - spread->chance + spread->chance * within;
}

double demand_quantile(const DemandSpread *spread, double share)
{
    if (share <= 1 - spread->chance)
        return 0;
    double gaps = spread->count + 1, at = (share - 1 + spread->chance) / spread->chance * gaps;
    double most = spread->sizes[spread->count - 1];
    if (at >= spread->count)
        return most / fmax(gaps - at, 1e-3);
    int i = (int)at;
    double from = i ? spread->sizes[i - 1] : 0;
    return from + (at - i) * (spread->sizes[i] - from);
}
