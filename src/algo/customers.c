// customers.c - marks, churn by logistic regression, survival of order gaps, calibration.
#include "algo/customers.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- Recency, frequency, money ------------------------------------------------------------------

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// 1 to 5 by how many are below.
static int fifth(const double *sorted, int count, double value)
{
    int lo = 0, hi = count;
    while (lo < hi) {
        int middle = (lo + hi) / 2;
        if (sorted[middle] < value)
            lo = middle + 1;
        else
            hi = middle;
    }
    return 1 + (int)((int64_t)lo * 5 / count);
}

void customers_mark(Arena *arena, Customer *customers, int count)
{
    ArenaMark mark = arena_mark(arena);
    double *sorted[3];
    for (int k = 0; k < 3; k++)
        sorted[k] = NEW_ARRAY(arena, double, (size_t)count);
    for (int i = 0; i < count; i++) {
        sorted[0][i] = -customers[i].recency;  // the latest is the best
        sorted[1][i] = customers[i].frequency;
        sorted[2][i] = customers[i].money;
    }
    for (int k = 0; k < 3; k++)
        qsort(sorted[k], (size_t)count, sizeof *sorted[k], by_value);
    for (int i = 0; i < count; i++) {
        customers[i].r = fifth(sorted[0], count, -customers[i].recency);
        customers[i].f = fifth(sorted[1], count, customers[i].frequency);
        customers[i].m = fifth(sorted[2], count, customers[i].money);
    }
    arena_rewind(arena, mark);
}

const char *customer_segment(const Customer *c)
{
    if (c->r >= 4)
        return c->f >= 4 ? "champion" : c->f <= 2 ? "new" : "steady";
    if (c->r <= 2)
        return c->f >= 4 ? "at risk" : c->f <= 2 ? "lost" : "steady";
    return c->f >= 4 ? "loyal" : "steady";
}

// ---- Logistic regression ------------------------------------------------------------------------

typedef struct {
    int n;  // unknowns
    double a[LOGISTIC_FEATURES + 1][LOGISTIC_FEATURES + 1];
    double b[LOGISTIC_FEATURES + 1];
} System;

// Gauss's elimination; the matrix is positive definite, so no rows need to be exchanged.
static void solve(System *s)
{
    for (int i = 0; i < s->n; i++)
        for (int k = i + 1; k < s->n; k++) {
            double share = s->a[k][i] / s->a[i][i];
            for (int j = i; j < s->n; j++)
                s->a[k][j] -= share * s->a[i][j];
            s->b[k] -= share * s->b[i];
        }
    for (int i = s->n - 1; i >= 0; i--) {
        for (int j = i + 1; j < s->n; j++)
            s->b[i] -= s->a[i][j] * s->b[j];
        s->b[i] /= s->a[i][i];
    }
}

static void standardise(Logistic *model, const double *x, int count)
{
    for (int f = 0; f < model->features; f++) {
        double sum = 0, squares = 0;
        for (int i = 0; i < count; i++)
            sum += x[i * model->features + f];
        model->means[f] = sum / count;
        for (int i = 0; i < count; i++)
            squares += pow(x[i * model->features + f] - model->means[f], 2);
        model->deviations[f] = squares > 0 ? sqrt(squares / count) : 1;
    }
}

static void row_of(const Logistic *model, const double *x, double *row)
{
    row[0] = 1;
    for (int f = 0; f < model->features; f++)
        row[f + 1] = (x[f] - model->means[f]) / model->deviations[f];
}

static double chance_of(const Logistic *model, const double *row)
{
    double sum = 0;
    for (int f = 0; f <= model->features; f++)
        sum += model->weights[f] * row[f];
    return 1 / (1 + exp(-fmin(fmax(sum, -30), 30)));
}

double logistic_chance(const Logistic *model, const double *x)
{
    double row[LOGISTIC_FEATURES + 1];
    row_of(model, x, row);
    return chance_of(model, row);
}

// One step of Newton's method on the penalised likelihood; returns the largest change of a weight.
static double improve(Logistic *model, System *s, const double *x, const bool *came, int count,
                      double ridge)
{
    memset(s, 0, sizeof *s);
    s->n = model->features + 1;
    for (int i = 0; i < count; i++) {
        double row[LOGISTIC_FEATURES + 1];
        row_of(model, x + (size_t)i * (size_t)model->features, row);
        double chance = chance_of(model, row), weight = chance * (1 - chance);
        for (int j = 0; j < s->n; j++) {
            s->b[j] += row[j] * (came[i] - chance);
            for (int k = 0; k < s->n; k++)
                s->a[j][k] += weight * row[j] * row[k];
        }
    }
    for (int j = 0; j < s->n; j++) {
        double penalty = j == 0 ? 1e-6 : ridge;  // the height is free
        s->a[j][j] += penalty;
        s->b[j] -= penalty * model->weights[j];
    }
    solve(s);
    double most = 0;
    for (int j = 0; j < s->n; j++) {
        double change = fmin(fmax(s->b[j], -2), 2);
        model->weights[j] += change;
        most = fmax(most, fabs(change));
    }
    return most;
}

Logistic logistic_fit(Arena *arena, const double *x, const bool *came, int count, int features,
                      double ridge)
{
    assert(features >= 1 && features <= LOGISTIC_FEATURES && count >= 1 && ridge > 0);
    Logistic model = { .features = features };
    standardise(&model, x, count);
    System *system = NEW(arena, System);
    for (int round = 0; round < 50; round++)
        if (improve(&model, system, x, came, count, ridge) < 1e-9)
            break;
    return model;
}

// ---- Gaps between orders ------------------------------------------------------------------------

// The likelihood's slope in the shape, with the scale solved for; it falls in the shape.
static double slope(const double *gaps, const bool *is_open, int count, double shape, double most)
{
    double powers = 0, weighted = 0, logs = 0;
    int ended = 0;
    for (int i = 0; i < count; i++) {
        double part = log(gaps[i] / most), power = exp(shape * part);
        powers += power;
        weighted += power * part;
        logs += is_open[i] ? 0 : part;
        ended += !is_open[i];
    }
    return 1 / shape + logs / ended - weighted / powers;
}

Gaps gaps_fit(const double *gaps, const bool *is_open, int count)
{
    double most = 0, lo = 0.05, hi = 20, powers = 0;
    int ended = 0;
    for (int i = 0; i < count; i++) {
        assert(gaps[i] > 0);
        most = fmax(most, gaps[i]);
        ended += !is_open[i];
    }
    for (int i = 0; i < 60 && ended >= 2; i++) {
        double middle = (lo + hi) / 2;
        *(slope(gaps, is_open, count, middle, most) > 0 ? &lo : &hi) = middle;
    }
    double shape = ended >= 2 ? (lo + hi) / 2 : 1;
    for (int i = 0; i < count; i++)
        powers += pow(gaps[i] / most, shape);
    double scale = most * pow(powers / (ended ? ended : 1), 1 / shape);
    return (Gaps){ shape, count ? scale : 1 };
}

double gaps_survival(const Gaps *gaps, double time)
{
    return exp(-pow(fmax(time, 0) / gaps->scale, gaps->shape));
}

double gaps_return(const Gaps *gaps, double since, double more)
{
    double before = pow(fmax(since, 0) / gaps->scale, gaps->shape);
    double after = pow(fmax(since + more, 0) / gaps->scale, gaps->shape);
    return 1 - exp(before - after);
}

// ---- Calibration --------------------------------------------------------------------------------

Calibration calibration_of(const double *chances, const bool *came, int count)
{
    Calibration c = { 0 };
    for (int i = 0; i < count; i++) {
        int bin = (int)(chances[i] * CALIBRATION_BINS);
        bin = bin < 0 ? 0 : bin >= CALIBRATION_BINS ? CALIBRATION_BINS - 1 : bin;
        c.counts[bin]++;
        c.told[bin] += chances[i];
        c.came[bin] += came[i];
        c.brier += (chances[i] - came[i]) * (chances[i] - came[i]) / count;
    }
    for (int bin = 0; bin < CALIBRATION_BINS; bin++) {
        if (c.counts[bin] == 0)
            continue;
        c.off += fabs(c.told[bin] - c.came[bin]) / count;
        c.told[bin] /= c.counts[bin];
        c.came[bin] /= c.counts[bin];
    }
    return c;
}
