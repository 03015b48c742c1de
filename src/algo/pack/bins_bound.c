// bins_bound.c - how many bins are needed at least.
#include "algo/pack/bins.h"

typedef __int128 Wide;

static int descending(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one < other) - (one > other);
}

static int64_t bins_of(Wide total, int64_t capacity)
{
    return (int64_t)((total + capacity - 1) / capacity);
}

// Martello & Toth 1990, L2: for a threshold k up to half a bin, items above capacity - k stand
// alone; those above half a bin never meet; those from k up fill what the latter leave, and then
// more bins.
static int64_t bound_at(const int64_t *sizes, int n, int64_t capacity, int64_t k)
{
    int64_t alone = 0, halves = 0;
    Wide halves_size = 0, small_size = 0;
    for (int i = 0; i < n && sizes[i] >= k; i++) {
        if (sizes[i] > capacity - k) {
            alone++;
        } else if (2 * sizes[i] > capacity) {
            halves++;
            halves_size += sizes[i];
        } else {
            small_size += sizes[i];
        }
    }
    Wide rest = small_size - ((Wide)halves * capacity - halves_size);
    return alone + halves + (rest > 0 ? bins_of(rest, capacity) : 0);
}

// Every threshold that is some item's size; sampled where there are very many.
static int64_t bound_by_thresholds(const int64_t *sizes, int n, int64_t capacity)
{
    enum { TRIED = 2000 };
    int64_t best = 0;
    int stride = n / TRIED + 1;
    for (int i = 0; i < n; i += stride) {
        if (2 * sizes[i] > capacity || (i && sizes[i] == sizes[i - 1]))
            continue;
        int64_t bound = bound_at(sizes, n, capacity, sizes[i]);
        best = bound > best ? bound : best;
    }
    int64_t all = bound_at(sizes, n, capacity, 0);
    return all > best ? all : best;
}

// The dual feasible function u(k) of Fekete & Schepers 2001: sizes of which k + 1 times is a whole
// number of bins stay; of others the part below counts, in k-ths of a bin.
static int64_t bound_by_function(const int64_t *sizes, int n, int64_t capacity, int64_t k)
{
    Wide total = 0;  // in (capacity * k)-ths of a bin
    for (int i = 0; i < n; i++) {
        Wide scaled = (Wide)sizes[i] * (k + 1);
        total += scaled % capacity == 0 ? (Wide)sizes[i] * k : scaled / capacity * capacity;
    }
    Wide bin = (Wide)capacity * k;
    return (int64_t)((total + bin - 1) / bin);
}

int bins_least(Arena *arena, const BinsProblem *problem)
{
    enum { FUNCTIONS = 100 };
    int n = problem->item_count;
    int64_t *sizes = NEW_ARRAY(arena, int64_t, (size_t)n + 1);
    if (n)
        memcpy(sizes, problem->sizes, sizeof *sizes * (size_t)n);
    qsort(sizes, (size_t)n, sizeof *sizes, descending);
    int64_t least = bound_by_thresholds(sizes, n, problem->capacity);
    least = least || !n ? least : 1;  // items of no size are in a bin all the same
    for (int64_t k = 2; k <= FUNCTIONS; k++) {
        int64_t bound = bound_by_function(sizes, n, problem->capacity, k);
        least = bound > least ? bound : least;
    }
    return (int)least;
}
