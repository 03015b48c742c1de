// theta.c - the standard, the optimised and the dynamic Theta method.
//
// All three are one recursion: the forecast of x[t] is  l + w ((1-a)^t A + (1-(1-a)^(t+1)) / a B)
// with A and B the line, l the smoothed level and w = 1 - 1/theta its weight (standard: 1/2). Given
// the smoothing weight a, the errors are linear in the first level and in w, so a is all that is
// searched for, on a line.
#include "algo/forecast/theta.h"

#include "algo/forecast/minimise.h"

#include <math.h>

typedef struct {
    ThetaKind kind;
    const double *x;
    int n;
    const double *intercept, *slope;  // the line as known before each value; [n] is the last one
} Theta;

typedef struct {
    double level, share;  // after the last value; the share left of a first level
    double first, weight, squares;
} State;

enum { WARM_UP = 3 };  // values before which a dynamic line says nothing

// ---- The line -----------------------------------------------------------------------------------

// The least squares line through x[0..t) is kept up to date from value to value.
static void next_line(double x, int t, double *mean, double *intercept, double *slope)
{
    double before = *mean;
    *mean = ((t - 1) * before + x) / t;
    *slope = t == 1 ? 0 : ((t - 2) * *slope + 6 * (x - before) / t) / (t + 1);
    *intercept = *mean - *slope * (t + 1) / 2;
}

static void draw_lines(Arena *arena, Theta *theta)
{
    int n = theta->n;
    double *intercept = NEW_ARRAY(arena, double, (size_t)n + 1);
    double *slope = NEW_ARRAY(arena, double, (size_t)n + 1);
    double mean = 0, a = 0, b = 0;
    for (int t = 1; t <= n; t++) {
        next_line(theta->x[t - 1], t, &mean, &a, &b);
        intercept[t] = a;
        slope[t] = b;
    }
    for (int t = 0; t < n && theta->kind != THETA_DYNAMIC; t++) {
        intercept[t] = a;
        slope[t] = b;
    }
    theta->intercept = intercept;
    theta->slope = slope;
}

// ---- The fit ------------------------------------------------------------------------------------

static State solve(const Theta *theta, double alpha)
{
    double level = 0, share = 1;
    double ee = 0, es = 0, el = 0, ss = 0, sl = 0, ll = 0;
    int skipped = theta->kind == THETA_DYNAMIC ? WARM_UP : 0;
    for (int t = 0; t < theta->n; t++) {
        double line =
            share * theta->intercept[t] + (1 - share * (1 - alpha)) / alpha * theta->slope[t];
        double e = theta->x[t] - level;
        if (t >= skipped) {
            ee += e * e;
            es += e * share;
            el += e * line;
            ss += share * share;
            sl += share * line;
            ll += line * line;
        }
        level += alpha * e;
        share *= 1 - alpha;
    }
    ss += 1e-12;
    double weight = 0.5;
    if (theta->kind != THETA_STANDARD) {
        double determinant = ss * ll - sl * sl;
        weight = determinant > 1e-9 * ss * ll ? (el * ss - es * sl) / determinant : 0;
        weight = fmin(fmax(weight, 0), 1);
    }
    double first = (es - weight * sl) / ss;
    double squares = ee + first * first * ss + weight * weight * ll -
                     2 * (first * es + weight * el - first * weight * sl);
    return (State){ level + first * share, share, first, weight, fmax(0, squares) };
}

static double theta_squares(const void *of, const double *at)
{
    return solve(of, *at).squares;
}

double theta_ahead(Arena *arena, ThetaKind kind, const double *x, int n, double *ret, int h)
{
    Theta theta = { kind, x, n, NULL, NULL };
    draw_lines(arena, &theta);
    double alpha;
    minimise_line(0.01, 0.99, 7, 10, theta_squares, &theta, &alpha);
    State state = solve(&theta, alpha);
    double intercept = theta.intercept[n], slope = theta.slope[n], mean = 0;
    for (int i = 0; i < n; i++)
        mean += x[i] / n;
    for (int i = 0; i < h; i++) {
        double line = state.share * intercept + (1 - state.share * (1 - alpha)) / alpha * slope;
        ret[i] = state.level + state.weight * line;
        state.level += alpha * (ret[i] - state.level);
        state.share *= 1 - alpha;
        if (kind == THETA_DYNAMIC)
            next_line(ret[i], n + i + 1, &mean, &intercept, &slope);
    }
    return state.squares;
}
