// outlier.c - outliers by the running median.
#include "algo/forecast/outlier.h"

#include "algo/forecast/intermittent.h"
#include "algo/forecast/members.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REACH = 3, LEAST = 12, TOGETHER = 2, EDGE = 2 };

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, by_value);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

static double running_median(const double *x, int n, int at)
{
    double window[2 * REACH + 1];
    int count = 0;
    for (int i = at - REACH; i <= at + REACH; i++)
        if (i >= 0 && i < n)
            window[count++] = x[i];
    return median(window, count);
}

// Longer runs are no outliers but a new level.
static int keep_short_runs(bool *is_off, int n)
{
    int found = 0;
    for (int from = 0, to; from < n; from = to + 1) {
        for (to = from; to < n && is_off[to]; to++)
            ;
        bool is_run = to - from > TOGETHER || from < EDGE || to > n - EDGE;
        for (int i = from; i < to; i++)
            is_off[i] = !is_run;
        found += is_run ? 0 : to - from;
    }
    return found;
}

static int find(Arena *arena, const Prepared *p, double limit, bool *is_off, double *middles)
{
    int n = p->series->n;
    double *distances = NEW_ARRAY(arena, double, (size_t)n);
    double *sorted = NEW_ARRAY(arena, double, (size_t)n);
    for (int i = 0; i < n; i++) {
        middles[i] = running_median(p->rest, n, i);
        sorted[i] = distances[i] = fabs(p->rest[i] - middles[i]);
    }
    double deviation = 1.4826 * median(sorted, n);
    for (int i = 0; i < n; i++)
        is_off[i] = deviation > 0 && distances[i] > limit * deviation;
    return keep_short_runs(is_off, n);
}

static bool is_fit(const Series *series)
{
    return series->n >= LEAST && !demand_is_rare(demand_class(series->x, series->n));
}

int outliers_find(Arena *arena, const Series *series, double limit, bool *is_off)
{
    memset(is_off, 0, (size_t)series->n * sizeof *is_off);
    if (!is_fit(series))
        return 0;
    ArenaMark mark = arena_mark(arena);
    Prepared prepared = prepare(arena, series);
    double *middles = NEW_ARRAY(arena, double, (size_t)series->n);
    int found = find(arena, &prepared, limit, is_off, middles);
    arena_rewind(arena, mark);
    return found;
}

double *outliers_mended(Arena *arena, const Series *series, double limit, int *ret_count)
{
    size_t n = (size_t)series->n;
    double *mended = NEW_ARRAY(arena, double, n), *middles = NEW_ARRAY(arena, double, n);
    bool *is_off = NEW_ARRAY(arena, bool, n);
    memcpy(mended, series->x, n * sizeof *mended);
    *ret_count = 0;
    if (!is_fit(series))
        return mended;
    Prepared prepared = prepare(arena, series);
    *ret_count = find(arena, &prepared, limit, is_off, middles);
    season_restore(&prepared.season, 0, middles, series->n);
    for (int i = 0; i < series->n; i++)
        if (is_off[i])
            mended[i] = middles[i];
    return mended;
}
