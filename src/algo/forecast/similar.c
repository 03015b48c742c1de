// similar.c - forecasts by likeness.
#include "algo/forecast/similar.h"

#include <math.h>
#include <stdlib.h>

void similar_likeness(const SimilarItem *items, int count, const SimilarFeature *features,
                      int feature_count, const double *of, double *ret)
{
    double weights = 0;
    for (int i = 0; i < count; i++)
        ret[i] = 0;
    for (int f = 0; f < feature_count; f++) {
        double lowest = of[f], highest = of[f];
        for (int i = 0; i < count; i++) {
            lowest = fmin(lowest, items[i].features[f]);
            highest = fmax(highest, items[i].features[f]);
        }
        for (int i = 0; i < count; i++) {
            double apart = fabs(items[i].features[f] - of[f]);
            double like = features[f].is_kind ? apart == 0
                        : highest > lowest    ? 1 - apart / (highest - lowest)
                                              : 1;
            ret[i] += features[f].weight * like;
        }
        weights += features[f].weight;
    }
    for (int i = 0; i < count; i++)
        ret[i] = weights > 0 ? ret[i] / weights : 1;
}

typedef struct {
    int item;
    double likeness;
} Neighbour;

static int by_likeness(const void *a, const void *b)
{
    const Neighbour *x = a, *y = b;
    if (x->likeness != y->likeness)
        return x->likeness < y->likeness ? 1 : -1;
    return x->item - y->item;
}

// The nearest of those with enough past, most like first.
static int nearest(Arena *arena, const SimilarItem *items, int count, const double *likeness,
                   int least, Neighbour **ret)
{
    Neighbour *found = NEW_ARRAY(arena, Neighbour, (size_t)count);
    int used = 0;
    for (int i = 0; i < count; i++)
        if (items[i].n >= least)
            found[used++] = (Neighbour){ i, likeness[i] };
    qsort(found, (size_t)used, sizeof *found, by_likeness);
    *ret = found;
    return used < SIMILAR_NEIGHBOURS ? used : SIMILAR_NEIGHBOURS;
}

static double sum_of(const double *x, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

int similar_ahead(Arena *arena, const SimilarItem *items, int count, const SimilarFeature *features,
                  int feature_count, const SimilarItem *new_item, double *ret, int h)
{
    ArenaMark mark = arena_mark(arena);
    double *likeness = NEW_ARRAY(arena, double, (size_t)count);
    similar_likeness(items, count, features, feature_count, new_item->features, likeness);
    Neighbour *neighbours;
    int n = new_item->n, used = nearest(arena, items, count, likeness, n + h, &neighbours);
    double weights = 0, before = 0;
    for (int i = 0; i < h; i++)
        ret[i] = 0;
    for (int k = 0; k < used; k++) {
        const SimilarItem *item = &items[neighbours[k].item];
        double weight = pow(neighbours[k].likeness, 4) + 1e-6;  // the near ones count most
        for (int i = 0; i < h; i++)
            ret[i] += weight * item->x[n + i];
        before += weight * sum_of(item->x, n);
        weights += weight;
    }
    // The item's own sales against theirs by the same age, as one more voice among them at first.
    double theirs = weights > 0 ? before / weights : 0, own = sum_of(new_item->x, n);
    double prior = n > 0 ? theirs / n : 0;
    double height = theirs > 0 ? (own + prior) / (theirs + prior) : 1;
    for (int i = 0; i < h && weights > 0; i++)
        ret[i] *= height / weights;
    arena_rewind(arena, mark);
    return used;
}
