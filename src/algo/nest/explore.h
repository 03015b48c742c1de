// explore.h - one searcher: tries ever shorter strips, shift by shift.
#pragma once

#include "algo/nest/separate.h"
#include "algo/nest/settle.h"

enum { EXPLORER_POOL = 12 };  // overlapping markers remembered

typedef struct Explorer {
    Marker marker;
    Separation separation;
    Shift shift;
    bool is_separating;
    bool is_compressing;
    double shrink;  // share of the length to take away next
    double aim;     // length being tried
    double best_length;
    Pose *best;  // of best_length: nothing overlaps
    Pose *pool[EXPLORER_POOL];
    double pool_loss[EXPLORER_POOL];
    int pool_count;
    int tries;       // from the pool
    Pose *settled;   // room to settle
    Arena *scratch;  // empty between two uses
} Explorer;

void explorer_make(Arena *arena, const Shapes *shapes, const Tables *tables, uint64_t seed,
                   Explorer *ret);

// Starts over from a marker on which nothing overlaps.
void explorer_adopt(Explorer *explorer, const Pose *poses, double length);

// Works until the shift is over, or until there is nothing left to gain (below `least`). Exploring
// takes larger steps and, when stuck, shakes one of the overlapping markers it remembers;
// compressing takes ever smaller steps from the best.
void explorer_work(Explorer *explorer, double least);

// From exploring to compressing; `share` of the compression's time that is used, 0 to 1.
void explorer_compress(Explorer *explorer, double share);
