// autoregression.c - least squares autoregression with its order and differencing chosen.
#include "algo/forecast/autoregression.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { ORDER_MOST = 6, TERMS = ORDER_MOST + 1 };

typedef struct {
    int order;
    bool has_constant;
    double constant, weights[ORDER_MOST];
    double criterion;
} Model;

// ---- Differences --------------------------------------------------------------------------------

static double mean_of(const double *x, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    return sum / n;
}

// The statistic against a steady level; 0.463 is the limit at 5 %.
static double kpss(const double *x, int n)
{
    int lags = (int)(4 * pow(n / 100.0, 0.25));
    double mean = mean_of(x, n), run = 0, runs = 0, variance = 0;
    for (int i = 0; i < n; i++) {
        run += x[i] - mean;
        runs += run * run;
    }
    for (int lag = 0; lag <= lags && lag < n; lag++) {
        double sum = 0;
        for (int i = lag; i < n; i++)
            sum += (x[i] - mean) * (x[i - lag] - mean);
        variance += lag == 0 ? sum : 2 * (1 - lag / (lags + 1.0)) * sum;
    }
    return variance > 0 ? runs / n / variance : 0;
}

// ---- Least squares ------------------------------------------------------------------------------

// Solves the symmetric system by Cholesky's method, in place; false when it is singular.
static bool solve(int n, double a[TERMS][TERMS], double *b)
{
    for (int j = 0; j < n; j++) {
        double before = a[j][j];
        for (int k = 0; k < j; k++)
            a[j][j] -= a[j][k] * a[j][k];
        if (!(a[j][j] > 1e-10 * before))
            return false;
        a[j][j] = sqrt(a[j][j]);
        for (int i = j + 1; i < n; i++) {
            for (int k = 0; k < j; k++)
                a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
    return true;
}

// Every order is fitted to the same values (those behind the first `skipped`), so that the criteria
// compare.
static Model fit(const double *x, int n, int skipped, int order, bool has_constant)
{
    Model model = { .order = order, .has_constant = has_constant, .criterion = INFINITY };
    int terms = order + has_constant, rows = n - skipped;
    double a[TERMS][TERMS] = { 0 }, b[TERMS] = { 0 }, squares = 0;
    for (int t = skipped; t < n; t++) {
        double row[TERMS] = { 0 };
        for (int k = 0; k < order; k++)
            row[k] = x[t - 1 - k];
        if (has_constant)
            row[order] = 1;
        for (int i = 0; i < terms; i++) {
            for (int j = 0; j <= i; j++)
                a[i][j] += row[i] * row[j];
            b[i] += row[i] * x[t];
        }
        squares += x[t] * x[t];
    }
    double right[TERMS];
    memcpy(right, b, sizeof right);
    if (!solve(terms, a, b) || rows <= terms + 2)
        return model;
    for (int i = 0; i < terms; i++)
        squares -= b[i] * right[i];
    model.constant = has_constant ? b[order] : 0;
    memcpy(model.weights, b, (size_t)order * sizeof *b);
    int parameters = terms + 1;
    model.criterion = rows * log(fmax(squares, 1e-300) / rows) +
                      2.0 * parameters * rows / (rows - parameters - 1);
    return model;
}

// Whether shocks die out: the partial autocorrelations that belong to the weights (Levinson's
// recursion run backwards) are all less than 1.
static bool is_stable(const Model *model)
{
    double w[ORDER_MOST];
    memcpy(w, model->weights, sizeof w);
    for (int k = model->order; k >= 1; k--) {
        double last = w[k - 1];
        if (fabs(last) >= 0.999)
            return false;
        double before[ORDER_MOST];
        memcpy(before, w, sizeof before);
        for (int i = 0; i < k - 1; i++)
            w[i] = (before[i] + last * before[k - 2 - i]) / (1 - last * last);
    }
    return true;
}

static Model best_model(const double *x, int n, bool needs_constant)
{
    int most = n / 6 < ORDER_MOST ? n / 6 : ORDER_MOST;
    Model best = { .constant = needs_constant ? mean_of(x, n) : 0, .criterion = INFINITY };
    for (int order = 0; order <= most; order++)
        for (int constant = needs_constant; constant <= 1; constant++) {
            if (order + constant == 0)
                continue;
            Model model = fit(x, n, most, order, constant);
            if (model.criterion < best.criterion && is_stable(&model))
                best = model;
        }
    return best;
}

// ---- The forecast -------------------------------------------------------------------------------

static void continue_series(const Model *model, double *x, int n, int h)
{
    for (int i = 0; i < h; i++) {
        double next = model->constant;
        for (int k = 0; k < model->order; k++)
            next += model->weights[k] * x[n + i - 1 - k];
        x[n + i] = next;
    }
}

void autoregression_ahead(Arena *arena, const double *x, int n, double *ret, int h)
{
    double *work = NEW_ARRAY(arena, double, (size_t)n + (size_t)h);
    memcpy(work, x, (size_t)n * sizeof *x);
    int d = 0, count = n;
    for (; d < 2 && count > 8 && kpss(work, count) > 0.463; d++) {
        count--;
        for (int i = 0; i < count; i++)
            work[i] = work[i + 1] - work[i];
    }
    Model model = best_model(work, count, d == 0);
    if (d == 2) {
        model.has_constant = false;
        model.constant = 0;
    }
    continue_series(&model, work, count, h);
    double last = x[n - 1], slope = n > 1 ? x[n - 1] - x[n - 2] : 0;
    for (int i = 0; i < h; i++) {
        double step = work[count + i];
        if (d == 2)
            step = slope += step;
        ret[i] = d == 0 ? step : (last += step);
    }
}
