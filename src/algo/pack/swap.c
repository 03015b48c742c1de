// swap.c - swapping between bins and what is outside of them.
//
// All bins but two are being filled; what is outside must end up fitting into those two. Swaps of
// equal size cost nothing and are always taken, so the search wanders through packings that are
// equally full until what is outside divides into two bins.
#include "algo/pack/swap.h"
#include "base/random.h"

#include <math.h>

enum {
    OPEN_BINS = 2,       // bins' worth of items that stay outside
    BIN_SEEN = 64,       // items of one bin that are looked at
    CLOSE_NODES = 4000,  // branches looked at for dividing the rest
    CYCLE = 1 << 18,     // steps between two times of warming up
    LOOK_EVERY = 256,    // steps between two looks at the clock
};
static const double WARMTH = 0.01, FROST = 0.0002;  // parts of a bin

static uint32_t below(SwapWorker *worker, uint32_t n)
{
    return (uint32_t)(((random_next(&worker->random) >> 32) * n) >> 32);
}

static double unit(SwapWorker *worker)
{
    return (double)((random_next(&worker->random) >> 11) + 1) * 0x1p-53;
}

// ---- What is offered from outside ---------------------------------------------------------------

static void add_offer(SwapWorker *worker, int64_t size, int32_t a, int32_t b)
{
    int at = worker->offer_count++;
    for (; at > 0 && worker->offers[at - 1].size > size; at--)
        worker->offers[at] = worker->offers[at - 1];
    worker->offers[at] = (SwapOffer){ size, { a, b } };
}

static void make_offers(SwapWorker *worker)
{
    Packing *packing = &worker->packing;
    int count = packing->out_count < SWAP_OUT ? packing->out_count : SWAP_OUT;
    for (int i = 0; i < count && packing->out_count > SWAP_OUT; i++) {
        int j = i + (int)below(worker, (uint32_t)(packing->out_count - i));
        int32_t item = packing->out[j];
        packing->out[j] = packing->out[i];
        packing->out_at[packing->out[j]] = j;
        packing->out[i] = item;
        packing->out_at[item] = i;
    }
    worker->offer_count = 0;
    for (int i = 0; i < count; i++) {
        int32_t a = packing->out[i];
        add_offer(worker, packing->sizes[a], a, -1);
        for (int j = 0; j < i; j++) {
            int32_t b = packing->out[j];
            int64_t size = packing->sizes[a] + packing->sizes[b];
            if (size <= packing->capacity)
                add_offer(worker, size, a, b);
        }
    }
}

// The largest offer up to a size, now and then one of those below; -1: none.
static int find_offer(SwapWorker *worker, int64_t most)
{
    int from = 0, to = worker->offer_count;
    while (from < to) {
        int middle = (from + to) / 2;
        if (worker->offers[middle].size <= most)
            from = middle + 1;
        else
            to = middle;
    }
    int at = from - 1;
    while (at > 0 && below(worker, 4) == 0)
        at--;
    return at;
}

// ---- Closing the last two bins ------------------------------------------------------------------

typedef struct Closing {
    const Packing *packing;
    const int32_t *items;  // largest first
    int count, nodes;
    int64_t least, most;  // what the first of the two bins must hold
    bool *is_in;
} Closing;

static bool divide(Closing *closing, int at, int64_t held, int64_t rest)
{
    if (held >= closing->least)
        return true;
    if (at == closing->count || held + rest < closing->least || ++closing->nodes > CLOSE_NODES)
        return false;
    int64_t size = closing->packing->sizes[closing->items[at]];
    if (held + size <= closing->most) {
        closing->is_in[at] = true;
        if (divide(closing, at + 1, held + size, rest - size))
            return true;
        closing->is_in[at] = false;
    }
    return divide(closing, at + 1, held, rest - size);
}

// Puts everything outside into the last bins if it divides; up to 64 items are tried.
static bool close_bins(SwapWorker *worker)
{
    enum { CLOSE_MOST = 64 };
    Packing *packing = &worker->packing;
    int open = worker->goal - packing->bin_count;
    if (packing->out_size > open * packing->capacity || packing->out_count > CLOSE_MOST)
        return false;
    int count = packing->out_count;
    bool is_in[CLOSE_MOST + 1] = { false };
    for (int i = 0; i < count; i++) {
        int32_t item = packing->out[i];
        int at = i;
        for (; at > 0 && packing->sizes[worker->closing[at - 1]] < packing->sizes[item]; at--)
            worker->closing[at] = worker->closing[at - 1];
        worker->closing[at] = item;
    }
    if (open > 1) {
        Closing closing = { .packing = packing,
                            .items = worker->closing,
                            .count = count,
                            .least = packing->out_size - packing->capacity,
                            .most = packing->capacity,
                            .is_in = is_in };
        if (!divide(&closing, 0, 0, packing->out_size))
            return false;
    }
    int bin = packing->bin_count;
    packing->bin_count = worker->goal;
    for (int i = 0; i < count; i++)
        packing_put(packing, worker->closing[i], open > 1 && !is_in[i] ? bin + 1 : bin);
    return true;
}

// ---- Swaps --------------------------------------------------------------------------------------

// None, one or two items of a bin, by chance; returns how many.
static int draw_items(SwapWorker *worker, int bin, int32_t ret[2])
{
    const Packing *packing = &worker->packing;
    int count = packing->count[bin] < BIN_SEEN ? packing->count[bin] : BIN_SEEN;
    int wanted = (int)below(worker, 16);
    wanted = wanted == 0 ? 0 : wanted < 8 ? 1 : 2;
    if (wanted > count)
        wanted = count;
    int places[2] = { -1, -1 };
    if (wanted)
        places[0] = (int)below(worker, (uint32_t)count);
    if (wanted == 2) {
        places[1] = (int)below(worker, (uint32_t)count - 1);
        places[1] += places[1] >= places[0];
    }
    int32_t item = packing->first[bin];
    for (int at = 0; at < count; at++, item = packing->next[item])
        for (int k = 0; k < wanted; k++)
            if (places[k] == at)
                ret[k] = item;
    return wanted;
}

static bool try_swap(SwapWorker *worker, double warmth)
{
    Packing *packing = &worker->packing;
    int bin = (int)below(worker, (uint32_t)packing->bin_count);
    int32_t taken[2];
    int count = draw_items(worker, bin, taken);
    int64_t size = 0;
    for (int k = 0; k < count; k++)
        size += packing->sizes[taken[k]];
    int at = find_offer(worker, packing->capacity - packing->load[bin] + size);
    if (at < 0)
        return false;
    const SwapOffer offer = worker->offers[at];
    int64_t more = size - offer.size;  // outside
    if (more > 0 && -warmth * log(unit(worker)) < (double)more)
        return false;
    bool is_pair = offer.items[1] >= 0;
    if (more == 0 && count == 1 + is_pair &&
        (packing->sizes[taken[0]] == packing->sizes[offer.items[0]] ||
         (is_pair && packing->sizes[taken[0]] == packing->sizes[offer.items[1]])))
        return false;  // the same sizes again
    for (int k = 0; k < count; k++)
        packing_take(packing, taken[k]);
    for (int k = 0; k < 1 + is_pair; k++)
        packing_put(packing, offer.items[k], bin);
    return true;
}

// ---- The whole ----------------------------------------------------------------------------------

void swap_init(Arena *arena, const BinsProblem *problem, int bins_most, uint64_t seed,
               SwapWorker *ret)
{
    *ret = (SwapWorker){ .random = { seed } };
    ret->closing = NEW_ARRAY(arena, int32_t, (size_t)problem->item_count + 1);
    packing_init(arena, problem, bins_most, &ret->packing);
}

void swap_start(SwapWorker *worker, const Packing *from, int goal)
{
    Packing *packing = &worker->packing;
    packing_copy(packing, from);
    worker->goal = goal;
    worker->is_packed = false;
    while (packing->bin_count > 0 && packing->bin_count > goal - OPEN_BINS) {
        int emptiest = 0;
        for (int b = 1; b < packing->bin_count; b++)
            if (packing->load[b] < packing->load[emptiest])
                emptiest = b;
        packing_drop_bin(packing, emptiest);
    }
    make_offers(worker);
    worker->is_packed = close_bins(worker);
}

void swap_run(SwapWorker *worker, const Budget *budget, int64_t steps)
{
    int64_t last = worker->steps + steps;
    while (!worker->is_packed && worker->packing.bin_count && worker->steps < last &&
           !budget_over(budget, worker->steps)) {
        double cooled = (double)(worker->steps % CYCLE) / CYCLE;
        double warmth = (double)worker->packing.capacity * WARMTH * pow(FROST / WARMTH, cooled);
        bool is_many = worker->packing.out_count > SWAP_OUT;
        for (int i = 0; i < LOOK_EVERY && !worker->is_packed; i++) {
            worker->steps++;
            if (!try_swap(worker, warmth))
                continue;
            make_offers(worker);
            worker->is_packed = close_bins(worker);
        }
        if (is_many)
            make_offers(worker);
    }
}
