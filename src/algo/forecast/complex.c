// complex.c - complex exponential smoothing, without season.
//
// x = l + e;  l' = l - (1 - a1) c + (a0 - a1) e;  c' = l + (1 - a0) c + (a0 + a1) e. The errors are
// linear in the first l and c, which are solved for; a0 and a1 are searched for.
#include "algo/forecast/complex.h"

#include "algo/forecast/minimise.h"

#include <math.h>

typedef struct {
    double l, c;
} State;

typedef struct {
    const double *x;
    int n;
} Data;

static inline double advance(State *state, double x, double a0, double a1)
{
    double e = x - state->l, l = state->l;
    state->l = l - (1 - a1) * state->c + (a0 - a1) * e;
    state->c = l + (1 - a0) * state->c + (a0 + a1) * e;
    return e;
}

// The last state; the sum of squared errors in *squares.
static State run(const Data *data, double a0, double a1, double *squares)
{
    State base = { 0, 0 }, of_l = { 1, 0 }, of_c = { 0, 1 };
    double ee = 0, el = 0, ec = 0, ll = 0, lc = 0, cc = 0;
    for (int i = 0; i < data->n; i++) {
        double e = advance(&base, data->x[i], a0, a1);
        double l = -advance(&of_l, 0, a0, a1), c = -advance(&of_c, 0, a0, a1);
        ee += e * e;
        el += e * l;
        ec += e * c;
        ll += l * l;
        lc += l * c;
        cc += c * c;
    }
    cc += 1e-9 * (cc + 1e-9);
    double determinant = ll * cc - lc * lc;
    double a = (el * cc - ec * lc) / determinant, b = (ec * ll - el * lc) / determinant;
    *squares = fmax(0, ee - a * el - b * ec);
    return (State){ base.l + a * of_l.l + b * of_c.l, base.c + a * of_l.c + b * of_c.c };
}

// Stable where both roots of the discount matrix lie inside the unit circle.
static int is_stable(double a0, double a1)
{
    double trace = 2 - 2 * a0 + a1;
    double determinant = (1 - a0 + a1) * (1 - a0) + (1 - a1) * (1 - a0 - a1);
    return fabs(determinant) < 1 && fabs(trace) < 1 + determinant;
}

static double squares_of(const void *of, const double *at)
{
    if (!is_stable(at[0], at[1]))
        return INFINITY;
    double squares;
    run(of, at[0], at[1], &squares);
    return isfinite(squares) ? squares : INFINITY;
}

void complex_ahead(const double *x, int n, double *ret, int h)
{
    Data data = { x, n };
    Box box = { 2, { 0.01, 0.01 }, { 2.5, 2 } };
    double at[2] = { 1.3, 1 }, squares;
    minimise(&box, at, 80, squares_of, &data);
    State state = run(&data, at[0], at[1], &squares);
    for (int i = 0; i < h; i++) {
        ret[i] = state.l;
        advance(&state, state.l, at[0], at[1]);
    }
}
