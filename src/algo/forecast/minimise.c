// minimise.c - Nelder and Mead's simplex, and golden sections on a line.
#include "algo/forecast/minimise.h"

#include <assert.h>
#include <math.h>
#include <string.h>

typedef struct {
    double at[MINIMISE_DIMS];
    double value;
} Corner;

typedef struct {
    const Box *box;
    Objective *objective;
    const void *of;
    Corner corners[MINIMISE_DIMS + 1];  // best first
    int calls;
} Simplex;

static void measure(Simplex *simplex, Corner *corner)
{
    const Box *box = simplex->box;
    for (int i = 0; i < box->dims; i++)
        corner->at[i] = fmin(fmax(corner->at[i], box->lo[i]), box->hi[i]);
    corner->value = simplex->objective(simplex->of, corner->at);
    simplex->calls++;
}

// Puts the last corner where it belongs; the others are in order.
static void sift(Simplex *simplex, int last)
{
    Corner corner = simplex->corners[last];
    int i = last;
    for (; i > 0 && corner.value < simplex->corners[i - 1].value; i--)
        simplex->corners[i] = simplex->corners[i - 1];
    simplex->corners[i] = corner;
}

static void begin(Simplex *simplex, const double *at)
{
    int dims = simplex->box->dims;
    for (int k = 0; k <= dims; k++) {
        Corner *corner = &simplex->corners[k];
        memcpy(corner->at, at, (size_t)dims * sizeof *at);
        if (k > 0) {
            int i = k - 1;
            double side = simplex->box->hi[i] - simplex->box->lo[i];
            corner->at[i] += at[i] + 0.2 * side > simplex->box->hi[i] ? -0.2 * side : 0.2 * side;
        }
        measure(simplex, corner);
        sift(simplex, k);
    }
}

// The worst corner, moved along the line through the middle of the others: -1 is its mirror image.
static Corner moved(Simplex *simplex, double share)
{
    int dims = simplex->box->dims;
    Corner corner;
    for (int i = 0; i < dims; i++) {
        double middle = 0;
        for (int k = 0; k < dims; k++)
            middle += simplex->corners[k].at[i];
        middle /= dims;
        corner.at[i] = middle + share * (simplex->corners[dims].at[i] - middle);
    }
    measure(simplex, &corner);
    return corner;
}

static void shrink(Simplex *simplex)
{
    int dims = simplex->box->dims;
    for (int k = 1; k <= dims; k++) {
        Corner *corner = &simplex->corners[k];
        for (int i = 0; i < dims; i++)
            corner->at[i] = (corner->at[i] + simplex->corners[0].at[i]) / 2;
        measure(simplex, corner);
    }
    for (int k = 1; k <= dims; k++)
        sift(simplex, k);
}

static void step(Simplex *simplex)
{
    int dims = simplex->box->dims;
    Corner *worst = &simplex->corners[dims];
    Corner found = moved(simplex, -1);
    if (found.value < simplex->corners[0].value) {
        Corner further = moved(simplex, -2);
        found = further.value < found.value ? further : found;
    } else if (found.value >= simplex->corners[dims - 1].value) {
        Corner between = moved(simplex, found.value < worst->value ? -0.5 : 0.5);
        found = between.value < found.value ? between : found;
    }
    if (found.value >= worst->value) {
        shrink(simplex);
        return;
    }
    *worst = found;
    sift(simplex, dims);
}

static int is_settled(const Simplex *simplex)
{
    double best = simplex->corners[0].value, worst = simplex->corners[simplex->box->dims].value;
    return isfinite(best) && worst - best <= 1e-6 * (fabs(best) + 1e-6);
}

double minimise(const Box *box, double *at, int calls, Objective *objective, const void *of)
{
    assert(box->dims >= 1 && box->dims <= MINIMISE_DIMS);
    Simplex simplex = { .box = box, .objective = objective, .of = of };
    begin(&simplex, at);
    while (simplex.calls < calls && !is_settled(&simplex))
        step(&simplex);
    memcpy(at, simplex.corners[0].at, (size_t)box->dims * sizeof *at);
    return simplex.corners[0].value;
}

double minimise_line(double lo, double hi, int cells, int calls, Objective *objective,
                     const void *of, double *at)
{
    const double golden = 0.6180339887498949;
    double best = INFINITY, cell = (hi - lo) / cells;
    *at = lo;
    for (int i = 0; i <= cells; i++) {
        double here = lo + i * cell, value = objective(of, &here);
        if (value < best) {
            best = value;
            *at = here;
        }
    }
    double left = fmax(lo, *at - cell), right = fmin(hi, *at + cell);
    double a = right - golden * (right - left), b = left + golden * (right - left);
    double at_a = objective(of, &a), at_b = objective(of, &b);
    for (int i = 2; i < calls; i++) {
        if (at_a < at_b) {
            right = b, b = a, at_b = at_a;
            a = right - golden * (right - left);
            at_a = objective(of, &a);
        } else {
            left = a, a = b, at_a = at_b;
            b = left + golden * (right - left);
            at_b = objective(of, &b);
        }
    }
    double found = at_a < at_b ? a : b, value = fmin(at_a, at_b);
    if (value < best) {
        best = value;
        *at = found;
    }
    return best;
}
