// hierarchy.c - reconciliation: bottom-up and MinT with shrinkage.
//
// MinT is written with the constraints C (a row for each node with children: it less its children
// is 0), which is smaller than the usual form with the summing matrix:  y - W C' (C W C')^-1 C y.
#include "algo/forecast/hierarchy.h"

#include <math.h>
#include <string.h>

typedef struct {
    const Hierarchy *tree;
    int *children;  // how many each node has
    int *sums;      // nodes with children, parents before their children
    int sum_count;
} Shape;

// ---- The tree -----------------------------------------------------------------------------------

static Status depth_of(Ctx *ctx, const Hierarchy *tree, int node, int *ret)
{
    int depth = 0;
    for (int at = node; tree->parents[at] >= 0; at = tree->parents[at], depth++)
        if (tree->parents[at] >= tree->count || depth > tree->count)
            return FAIL(ctx, E_INVALID, "forecast.hierarchy", "node %d does not hang from a top",
                        node + 1);
    *ret = depth;
    return OK;
}

static Status shape_of(Ctx *ctx, const Hierarchy *tree, Shape *ret)
{
    if (tree->count < 1 || tree->count > HIERARCHY_NODES)
        return FAIL(ctx, E_INVALID, "forecast.hierarchy", "%d nodes; 1 to %d are possible",
                    tree->count, HIERARCHY_NODES);
    size_t count = (size_t)tree->count;
    *ret = (Shape){ tree, NEW_ARRAY(ctx->arena, int, count), NEW_ARRAY(ctx->arena, int, count), 0 };
    int *depths = NEW_ARRAY(ctx->arena, int, count), deepest = 0;
    for (int i = 0; i < tree->count; i++) {
        TRY(depth_of(ctx, tree, i, &depths[i]));
        deepest = depths[i] > deepest ? depths[i] : deepest;
        if (tree->parents[i] >= 0)
            ret->children[tree->parents[i]]++;
    }
    for (int depth = 0; depth <= deepest; depth++)
        for (int i = 0; i < tree->count; i++)
            if (depths[i] == depth && ret->children[i] > 0)
                ret->sums[ret->sum_count++] = i;
    if (ret->sum_count > HIERARCHY_SUMS)
        return FAIL(ctx, E_INVALID, "forecast.hierarchy", "%d nodes have children; at most %d",
                    ret->sum_count, HIERARCHY_SUMS);
    return OK;
}

static void add_up(const Shape *shape, double *ahead, int h)
{
    const int *parents = shape->tree->parents;
    for (int k = shape->sum_count - 1; k >= 0; k--) {
        double *sum = ahead + (size_t)shape->sums[k] * (size_t)h;
        memset(sum, 0, (size_t)h * sizeof *sum);
        for (int i = 0; i < shape->tree->count; i++)
            for (int t = 0; parents[i] == shape->sums[k] && t < h; t++)
                sum[t] += ahead[(size_t)i * (size_t)h + (size_t)t];
    }
}

Status hierarchy_bottom_up(Ctx *ctx, const Hierarchy *hierarchy, double *ahead, int h)
{
    Shape shape;
    TRY(shape_of(ctx, hierarchy, &shape));
    add_up(&shape, ahead, h);
    return OK;
}

// ---- The errors' covariance ---------------------------------------------------------------------

typedef struct {
    const double *errors;
    int count, times;
    double *deviations;
    double shrunk;  // the share by which correlations are taken back
} Covariance;

static double correlation(const Covariance *c, int i, int j)
{
    const double *a = c->errors + (size_t)i * (size_t)c->times;
    const double *b = c->errors + (size_t)j * (size_t)c->times;
    double sum = 0;
    for (int t = 0; t < c->times; t++)
        sum += a[t] * b[t];
    double scale = c->deviations[i] * c->deviations[j] * c->times;
    return scale > 0 ? sum / scale : 0;
}

// How uncertain a correlation is: the variance of the products whose mean it is.
static double uncertainty(const Covariance *c, int i, int j, double r)
{
    const double *a = c->errors + (size_t)i * (size_t)c->times;
    const double *b = c->errors + (size_t)j * (size_t)c->times;
    double scale = c->deviations[i] * c->deviations[j], sum = 0;
    for (int t = 0; scale > 0 && t < c->times; t++)
        sum += (a[t] * b[t] / scale - r) * (a[t] * b[t] / scale - r);
    double n = c->times;
    return sum / (n * (n - 1));
}

// The share that errs least on average is the correlations' uncertainty over their size. Of large
// trees every tenth pair or so is asked, which is plenty.
static Covariance covariance_of(Arena *arena, const double *errors, int count, int times)
{
    Covariance c = { errors, count, times, NEW_ARRAY(arena, double, (size_t)count), 1 };
    for (int i = 0; i < count; i++) {
        double squares = 0;
        for (int t = 0; t < times; t++)
            squares += pow(errors[(size_t)i * (size_t)times + (size_t)t], 2);
        c.deviations[i] = times > 0 ? sqrt(squares / times) : 0;
    }
    double doubt = 0, size = 0;
    int stride = 1 + count / 100;
    for (int i = 0; i < count && times > 2; i++)
        for (int j = i + 1; j < count; j += stride) {
            double r = correlation(&c, i, j);
            doubt += uncertainty(&c, i, j, r);
            size += r * r;
        }
    c.shrunk = size > 0 ? fmin(fmax(doubt / size, 0), 1) : 1;
    return c;
}

// A node without errors would never be changed: it gets a little of everything's.
static double covariance(const Covariance *c, int i, int j, double least)
{
    if (i == j)
        return c->deviations[i] * c->deviations[i] + least;
    return (1 - c->shrunk) * correlation(c, i, j) * c->deviations[i] * c->deviations[j];
}

// ---- MinT ---------------------------------------------------------------------------------------

// W C': a row for each node, a column for each sum.
static double *weigh(Arena *arena, const Shape *shape, const Covariance *c, double least)
{
    int n = shape->tree->count, m = shape->sum_count;
    double *weighed = NEW_ARRAY(arena, double, (size_t)n *(size_t)m);
    int *column = NEW_ARRAY(arena, int, (size_t)n);
    for (int k = 0; k < m; k++)
        column[shape->sums[k]] = k;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double value = covariance(c, i, j, least);
            int parent = shape->tree->parents[j];
            if (shape->children[j])
                weighed[(size_t)i * (size_t)m + (size_t)column[j]] += value;
            if (parent >= 0)
                weighed[(size_t)i * (size_t)m + (size_t)column[parent]] -= value;
        }
    return weighed;
}

// C times a matrix with a row for each node.
static double *constrain(Arena *arena, const Shape *shape, const double *rows, int width)
{
    size_t w = (size_t)width;
    double *result = NEW_ARRAY(arena, double, (size_t)shape->sum_count *w);
    for (int k = 0; k < shape->sum_count; k++)
        for (int i = 0; i < shape->tree->count; i++) {
            double sign = (i == shape->sums[k]) - (shape->tree->parents[i] == shape->sums[k]);
            for (size_t t = 0; sign != 0 && t < w; t++)
                result[(size_t)k * w + t] += sign * rows[(size_t)i * w + t];
        }
    return result;
}

// Solves the symmetric positive definite system for `width` right sides at once, in place.
static void solve(double *a, int n, double *b, int width)
{
    size_t m = (size_t)n, w = (size_t)width;
    for (size_t j = 0; j < m; j++) {
        for (size_t k = 0; k < j; k++)
            a[j * m + j] -= a[j * m + k] * a[j * m + k];
        a[j * m + j] = sqrt(fmax(a[j * m + j], 1e-300));
        for (size_t i = j + 1; i < m; i++) {
            for (size_t k = 0; k < j; k++)
                a[i * m + j] -= a[i * m + k] * a[j * m + k];
            a[i * m + j] /= a[j * m + j];
        }
    }
    for (size_t i = 0; i < m; i++)
        for (size_t t = 0; t < w; t++) {
            for (size_t k = 0; k < i; k++)
                b[i * w + t] -= a[i * m + k] * b[k * w + t];
            b[i * w + t] /= a[i * m + i];
        }
    for (size_t i = m; i-- > 0;)
        for (size_t t = 0; t < w; t++) {
            for (size_t k = i + 1; k < m; k++)
                b[i * w + t] -= a[k * m + i] * b[k * w + t];
            b[i * w + t] /= a[i * m + i];
        }
}

Status hierarchy_mint(Ctx *ctx, const Hierarchy *hierarchy, const double *errors, int times,
                      double *ahead, int h)
{
    Shape shape;
    TRY(shape_of(ctx, hierarchy, &shape));
    int n = hierarchy->count, m = shape.sum_count;
    if (m == 0)
        return OK;
    Covariance c = covariance_of(ctx->arena, errors, n, times);
    double mean = 0;
    for (int i = 0; i < n; i++)
        mean += c.deviations[i] * c.deviations[i] / n;
    double *weighed = weigh(ctx->arena, &shape, &c, 1e-6 * mean + 1e-12);
    double *system = constrain(ctx->arena, &shape, weighed, m);
    double *gap = constrain(ctx->arena, &shape, ahead, h);
    solve(system, m, gap, h);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m; k++)
            for (int t = 0; t < h; t++)
                ahead[i * h + t] -= weighed[i * m + k] * gap[k * h + t];
    add_up(&shape, ahead, h);  // what rounding left
    return OK;
}
