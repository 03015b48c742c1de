// season.c - the classical decomposition, shrunk.
#include "algo/forecast/season.h"

#include <math.h>
#include <string.h>

static double mean_of(const double *x, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    return sum / n;
}

// The average of one period about place i, with half weights at both ends of an even one.
static double centred(const double *x, int i, int period)
{
    int half = period / 2;
    double sum = 0;
    for (int k = i - half; k <= i + half; k++)
        sum += x[k];
    if (period % 2 == 0)
        sum -= (x[i - half] + x[i + half]) / 2;
    return sum / period;
}

static void centre(Season *season)
{
    double mean = mean_of(season->index, season->period);
    for (int j = 0; j < season->period; j++)
        season->index[j] = season->is_relative ? season->index[j] / mean : season->index[j] - mean;
}

// The series without its trend where the trend is known: [period / 2, n - period / 2).
static double *seasonal_parts(Arena *arena, const Season *season, const double *x, int n)
{
    double *parts = NEW_ARRAY(arena, double, (size_t)n);
    for (int i = season->period / 2; i < n - season->period / 2; i++) {
        double trend = centred(x, i, season->period);
        parts[i] = season->is_relative ? x[i] / trend : x[i] - trend;
    }
    return parts;
}

// James and Stein's shrinkage, as Miller and Williams use it ("Shrinkage estimators of time series
// seasonal factors", IJF 19, 2003): what could be chance in the spread of the indices is taken out.
static void shrink(Season *season, const double *parts, int n, const int *counts)
{
    int period = season->period, rows = 0;
    double noise = 0, spread = 0, level = season->is_relative, per_place = 0;
    for (int i = period / 2; i < n - period / 2; i++, rows++) {
        double off = parts[i] - season->index[i % period];
        noise += off * off;
    }
    for (int j = 0; j < period; j++) {
        spread += (season->index[j] - level) * (season->index[j] - level);
        per_place += 1.0 / (counts[j] ? counts[j] : 1);
    }
    if (rows <= period || spread <= 0)
        return;
    noise *= per_place / (rows - period);  // the spread to be expected of chance alone
    double kept = fmax(1 - noise / spread, 0);
    for (int j = 0; j < period; j++)
        season->index[j] = level + kept * (season->index[j] - level);
}

Season season_find(Arena *arena, const double *x, int n, int period, bool is_relative)
{
    Season season = { .period = 1, .is_relative = is_relative };
    if (period < 2 || n < 2 * period)
        return season;
    season.period = period;
    season.index = NEW_ARRAY(arena, double, (size_t)period);
    double *parts = seasonal_parts(arena, &season, x, n);
    int *counts = NEW_ARRAY(arena, int, (size_t)period);
    for (int i = period / 2; i < n - period / 2; i++) {
        season.index[i % period] += parts[i];
        counts[i % period]++;
    }
    for (int j = 0; j < period; j++)
        season.index[j] = counts[j] ? season.index[j] / counts[j] : is_relative;
    centre(&season);
    shrink(&season, parts, n, counts);
    return season;
}

double *season_remove(Arena *arena, const Season *season, const double *x, int n)
{
    double *rest = NEW_ARRAY(arena, double, (size_t)n);
    memcpy(rest, x, (size_t)n * sizeof *x);
    for (int i = 0; season->period > 1 && i < n; i++) {
        double index = season->index[i % season->period];
        rest[i] = season->is_relative ? x[i] / index : x[i] - index;
    }
    return rest;
}

void season_restore(const Season *season, int n, double *x, int h)
{
    for (int i = 0; season->period > 1 && i < h; i++) {
        double index = season->index[(n + i) % season->period];
        x[i] = season->is_relative ? x[i] * index : x[i] + index;
    }
}
