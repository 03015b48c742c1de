// swap.h - one worker of the search for a packing into a given number of bins.
#pragma once

#include "algo/pack/packing.h"

enum { SWAP_OUT = 16 };  // of the items outside, so many at most are offered at a time

typedef struct SwapOffer {
    int64_t size;
    int32_t items[2];  // the second may be -1
} SwapOffer;

typedef struct SwapWorker {
    Packing packing;
    Random random;
    SwapOffer offers[SWAP_OUT + SWAP_OUT * (SWAP_OUT - 1) / 2];  // smallest first
    int offer_count;
    double warmth;
    int64_t steps;
    int goal;          // bins
    bool is_packed;    // the goal is reached: nothing is outside
    int32_t *closing;  // room for closing the last two bins
} SwapWorker;

void swap_init(Arena *arena, const BinsProblem *problem, int bins_most, uint64_t seed,
               SwapWorker *ret);

// Starts from a packing into more bins: the emptiest are dropped until two below `goal`.
void swap_start(SwapWorker *worker, const Packing *from, int goal);

// So many steps, or until the budget is over or everything is packed.
void swap_run(SwapWorker *worker, const Budget *budget, int64_t steps);
