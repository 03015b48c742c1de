// smooth.c - simple, Holt's and damped exponential smoothing with the first states solved for.
#include "algo/forecast/smooth.h"

#include "algo/forecast/minimise.h"

#include <math.h>

typedef struct {
    const double *x;
    int n;
    bool is_damped;
} Data;

// ---- The level alone ----------------------------------------------------------------------------

// The error is what a start from 0 gives, less its fading share of the first level.
static Smooth run_level(const double *x, int n, double alpha)
{
    double level = 0, share = 1, ee = 0, es = 0, ss = 0;
    for (int i = 0; i < n; i++) {
        double e = x[i] - level;
        ee += e * e;
        es += e * share;
        ss += share * share;
        level += alpha * e;
        share *= 1 - alpha;
    }
    double first = es / ss;
    return (Smooth){ .alpha = alpha,
                     .phi = 1,
                     .level = level + first * share,
                     .first_level = first,
                     .squares = fmax(0, ee - es * first) };
}

static double level_squares(const void *of, const double *at)
{
    const Data *data = of;
    return run_level(data->x, data->n, *at).squares;
}

Smooth smooth_level(const double *x, int n)
{
    Data data = { .x = x, .n = n };
    double alpha;
    minimise_line(0.001, 0.999, 8, 10, level_squares, &data, &alpha);
    return run_level(x, n, alpha);
}

// ---- With a trend -------------------------------------------------------------------------------

typedef struct {
    double level, trend;
} State;

static inline double advance(State *state, double x, double alpha, double beta, double phi)
{
    double fading = phi * state->trend, ahead = state->level + fading, e = x - ahead;
    state->level = ahead + alpha * e;
    state->trend = fading + beta * e;
    return e;
}

// The first trend hangs on few values: it is held back as if as many had told of none.
static const double doubt = 2;

// Three runs in one: from nothing, and what a first level or a first trend of 1 changes.
static Smooth run_trend(const double *x, int n, double alpha, double beta, double phi)
{
    State base = { 0, 0 }, level = { 1, 0 }, trend = { 0, 1 };
    double ee = 0, el = 0, et = 0, ll = 0, lt = 0, tt = 0;
    for (int i = 0; i < n; i++) {
        double e = advance(&base, x[i], alpha, beta, phi);
        double l = -advance(&level, 0, alpha, beta, phi);
        double t = -advance(&trend, 0, alpha, beta, phi);
        ee += e * e;
        el += e * l;
        et += e * t;
        ll += l * l;
        lt += l * t;
        tt += t * t;
    }
    tt = tt * doubt + 1e-9;
    double determinant = ll * tt - lt * lt;
    double a = (el * tt - et * lt) / determinant, b = (et * ll - el * lt) / determinant;
    return (Smooth){ .alpha = alpha,
                     .beta = beta,
                     .phi = phi,
                     .level = base.level + a * level.level + b * trend.level,
                     .trend = base.trend + a * level.trend + b * trend.trend,
                     .first_level = a,
                     .first_trend = b,
                     .squares = fmax(0, ee - a * el - b * et) };
}

// The trend's weight is a share of the level's, as Hyndman and others restrict it.
static double trend_squares(const void *of, const double *at)
{
    const Data *data = of;
    return run_trend(data->x, data->n, at[0], at[0] * at[1], data->is_damped ? at[2] : 1).squares;
}

Smooth smooth_trend(const double *x, int n, bool is_damped)
{
    if (n < 4)
        return smooth_level(x, n);
    Data data = { .x = x, .n = n, .is_damped = is_damped };
    Box box = { is_damped ? 3 : 2, { 0.001, 0.001, 0.8 }, { 0.999, 0.999, 0.98 } };
    double best[3] = { 0 }, least = INFINITY;
    for (int i = 0; i < 2; i++) {
        double at[3] = { i ? 0.8 : 0.3, 0.1, 0.93 };
        double squares = minimise(&box, at, 50, trend_squares, &data);
        if (squares < least || i == 0) {
            least = squares;
            best[0] = at[0], best[1] = at[1], best[2] = at[2];
        }
    }
    return run_trend(x, n, best[0], best[0] * best[1], is_damped ? best[2] : 1);
}

void smooth_ahead(const Smooth *smooth, double *ret, int h)
{
    double ahead = smooth->level, trend = smooth->trend;
    for (int i = 0; i < h; i++) {
        trend *= smooth->phi;
        ahead += trend;
        ret[i] = ahead;
    }
}
