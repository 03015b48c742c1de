// logit.c - logistic regression.
#include "algo/match/logit.h"

#include <math.h>

enum { ROUNDS_MAX = 60, HALVINGS_MAX = 20 };

double logit_probability(double odds)
{
    return odds >= 0 ? 1 / (1 + exp(-odds)) : exp(odds) / (1 + exp(odds));
}

double logit_odds(double probability)
{
    double p = fmin(fmax(probability, 1e-12), 1 - 1e-12);
    return log(p / (1 - p));
}

// ---- Fitting ------------------------------------------------------------------------------------

// Everything one fit works on. The bias is the last of the d + 1 weights.
typedef struct {
    const double *rows, *labels;
    size_t n, d, size;  // size = d + 1
    double ridge;
    double *weights, *gradient, *hessian, *step, *tried;
} Fit;

static double row_odds(const Fit *fit, const double *weights, size_t i)
{
    const double *row = fit->rows + i * fit->d;
    double odds = weights[fit->d];
    for (size_t j = 0; j < fit->d; j++)
        odds += weights[j] * row[j];
    return odds;
}

// log(1 + e^odds), without overflow
static double soft_plus(double odds)
{
    return odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds));
}

static double loss(const Fit *fit, const double *weights)
{
    double sum = 0;
    for (size_t i = 0; i < fit->n; i++) {
        double odds = row_odds(fit, weights, i);
        sum += soft_plus(odds) - fit->labels[i] * odds;
    }
    for (size_t j = 0; j < fit->d; j++)
        sum += 0.5 * fit->ridge * weights[j] * weights[j];
    return sum;
}

static void add_row(Fit *fit, const double *row, double error, double curve)
{
    for (size_t j = 0; j < fit->size; j++) {
        double x = j < fit->d ? row[j] : 1;
        if (x == 0)
            continue;
        fit->gradient[j] += error * x;
        double *line = fit->hessian + j * fit->size;
        for (size_t k = 0; k <= j; k++)
            line[k] += curve * x * (k < fit->d ? row[k] : 1);
    }
}

static void derive(Fit *fit)
{
    memset(fit->gradient, 0, fit->size * sizeof *fit->gradient);
    memset(fit->hessian, 0, fit->size * fit->size * sizeof *fit->hessian);
    for (size_t i = 0; i < fit->n; i++) {
        double p = logit_probability(row_odds(fit, fit->weights, i));
        add_row(fit, fit->rows + i * fit->d, p - fit->labels[i], fmax(p * (1 - p), 1e-10));
    }
    for (size_t j = 0; j < fit->d; j++) {
        fit->gradient[j] += fit->ridge * fit->weights[j];
        fit->hessian[j * fit->size + j] += fit->ridge;
    }
}

// Solves hessian * step = gradient in place; the lower half becomes its Cholesky factor.
static void solve(Fit *fit)
{
    size_t m = fit->size;
    double *h = fit->hessian, *x = fit->step;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = h[i * m + j];
            for (size_t k = 0; k < j; k++)
                sum -= h[i * m + k] * h[j * m + k];
            h[i * m + j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / h[j * m + j];
        }
    for (size_t i = 0; i < m; i++) {
        double sum = fit->gradient[i];
        for (size_t k = 0; k < i; k++)
            sum -= h[i * m + k] * x[k];
        x[i] = sum / h[i * m + i];
    }
    for (size_t i = m; i-- > 0;) {
        double sum = x[i];
        for (size_t k = i + 1; k < m; k++)
            sum -= h[k * m + i] * x[k];
        x[i] = sum / h[i * m + i];
    }
}

// Goes along the step, half as far each time it would get worse. How much better it got.
static double walk(Fit *fit, double before)
{
    double length = 1;
    for (int i = 0; i < HALVINGS_MAX; i++, length /= 2) {
        for (size_t j = 0; j < fit->size; j++)
            fit->tried[j] = fit->weights[j] - length * fit->step[j];
        double after = loss(fit, fit->tried);
        if (after < before) {
            memcpy(fit->weights, fit->tried, fit->size * sizeof *fit->weights);
            return before - after;
        }
    }
    return 0;
}

Status logit_fit(Ctx *ctx, const double *rows, const double *labels, size_t n, size_t d,
                 double ridge, double *ret_weights, double *ret_bias)
{
    double positive = 0;
    for (size_t i = 0; i < n; i++)
        positive += labels[i];
    if (n == 0 || positive == 0 || positive == (double)n)
        return FAIL(ctx, E_INVALID, "match.labels",
                    "there must be matches and others to learn from; of %zu examples %.0f match", n,
                    positive);
    Fit fit = { rows, labels, n, d, d + 1, ridge };
    fit.weights = NEW_ARRAY(ctx->arena, double, fit.size);
    fit.gradient = NEW_ARRAY(ctx->arena, double, fit.size);
    fit.step = NEW_ARRAY(ctx->arena, double, fit.size);
    fit.tried = NEW_ARRAY(ctx->arena, double, fit.size);
    fit.hessian = NEW_ARRAY(ctx->arena, double, fit.size *fit.size);
    fit.weights[d] = logit_odds(positive / (double)n);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        double before = loss(&fit, fit.weights);
        derive(&fit);
        solve(&fit);
        if (walk(&fit, before) < 1e-9 * (1 + fabs(before)))
            break;
    }
    memcpy(ret_weights, fit.weights, d * sizeof *ret_weights);
    *ret_bias = fit.weights[d];
    return OK;
}

// ---- Cards --------------------------------------------------------------------------------------

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Knots at the quantiles of the values that are there; equal ones bend nothing twice.
static void set_knots(Arena *arena, const double *rows, size_t n, size_t features, size_t f,
                      CardFeature *feature)
{
    ArenaMark mark = arena_mark(arena);
    double *values = NEW_ARRAY(arena, double, n + 1);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(rows[i * features + f]))
            values[count++] = rows[i * features + f];
    qsort(values, count, sizeof *values, compare_doubles);
    for (size_t k = 0; k < CARD_KNOTS; k++)
        feature->knots[k] = count ? values[count * (k + 1) / (CARD_KNOTS + 1)] : 0;
    arena_rewind(arena, mark);
}

static void bend(const CardFeature *feature, double x, double *ret)
{
    bool is_missing = isnan(x);
    ret[0] = is_missing;
    ret[1] = is_missing ? 0 : x;
    for (int k = 0; k < CARD_KNOTS; k++) {
        bool is_again = k > 0 && feature->knots[k] == feature->knots[k - 1];
        ret[2 + k] = is_missing || is_again ? 0 : fmax(x - feature->knots[k], 0);
    }
}

Status card_fit(Ctx *ctx, const double *rows, const double *labels, size_t n, size_t features,
                double ridge, Card *ret)
{
    if (features > CARD_FEATURES_MAX)
        return FAIL(ctx, E_INVALID, "match.features", "%zu features are more than %d", features,
                    CARD_FEATURES_MAX);
    size_t d = features * CARD_BENDS;
    double *bent = NEW_ARRAY(ctx->arena, double, n *d);
    double *weights = NEW_ARRAY(ctx->arena, double, d);
    *ret = (Card){ .features = features };
    for (size_t f = 0; f < features; f++) {
        CardFeature *feature = &ret->feature[f];
        set_knots(ctx->arena, rows, n, features, f, feature);
        for (size_t i = 0; i < n; i++) {
            double *at = bent + i * d + f * CARD_BENDS;
            bend(feature, rows[i * features + f], at);
            for (size_t k = 0; k < CARD_BENDS; k++)
                feature->mean[k] += at[k] / (double)n;
        }
    }
    TRY(logit_fit(ctx, bent, labels, n, d, ridge, weights, &ret->bias));
    for (size_t f = 0; f < features; f++)
        memcpy(ret->feature[f].weights, weights + f * CARD_BENDS, sizeof ret->feature[f].weights);
    return OK;
}

double card_odds(const Card *card, const double *row, double *ret_parts)
{
    double odds = card->bias;
    for (size_t f = 0; f < card->features; f++) {
        const CardFeature *feature = &card->feature[f];
        double bends[CARD_BENDS], part = 0, average = 0;
        bend(feature, row[f], bends);
        for (size_t k = 0; k < CARD_BENDS; k++) {
            part += feature->weights[k] * bends[k];
            average += feature->weights[k] * feature->mean[k];
        }
        odds += part;
        if (ret_parts)
            ret_parts[f] = part - average;
    }
    return odds;
}

// ---- Threshold ----------------------------------------------------------------------------------

typedef struct {
    double probability, label;
} Scored;

static int by_probability(const void *a, const void *b)
{
    const Scored *x = a, *y = b;
    return (x->probability < y->probability) - (x->probability > y->probability);
}

// Halfway between the last that is called a match and the next.
double best_threshold(Arena *arena, const double *probabilities, const double *labels, size_t n)
{
    Scored *all = NEW_ARRAY(arena, Scored, n + 1);
    double matches = 0, found = 0, best = 0, threshold = 0.5;
    for (size_t i = 0; i < n; i++) {
        all[i] = (Scored){ probabilities[i], labels[i] };
        matches += labels[i];
    }
    qsort(all, n, sizeof *all, by_probability);
    for (size_t i = 0; i < n; i++) {
        found += all[i].label;
        bool is_tied = i + 1 < n && all[i + 1].probability == all[i].probability;
        double f1 = 2 * found / ((double)(i + 1) + matches);
        if (!is_tied && f1 > best) {
            best = f1;
            threshold = (all[i].probability + (i + 1 < n ? all[i + 1].probability : 0)) / 2;
        }
    }
    return threshold;
}
