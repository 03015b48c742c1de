// stow.h - a load while it is being made: which blocks stand where, and the room that is free.
//
// Whatever stands, stands on one block's top or on the floor, and nothing is ever above free room.
// So free room is, for each top and for the floor, a set of rectangles that go up to the ceiling:
// the largest ones free of what stands there already; they overlap each other.
#pragma once

#include "algo/pack/block.h"

typedef struct LoadSpace {
    int32_t from[2], to[2];
    int32_t z;
    int32_t on;  // the place of the block below among `puts`; -1: the floor
} LoadSpace;

typedef struct LoadPut {
    int32_t block;
    int32_t at[3];
    bool flip[2];   // mirrored, so that its top begins at the other end
    int32_t on;     // as in LoadSpace
    int64_t bears;  // what may still be put on it, along with all that stands on that
} LoadPut;

// For every length up to the container's, the longest not above it that the sides of boxes add up
// to.
typedef struct LoadReach {
    int32_t *longest[2];  // horizontally and vertically, from 0 to the largest side
    int32_t least[2];     // the shortest side of any box left; INT32_MAX: none
    uint64_t *bits;       // room for working it out
} LoadReach;

typedef struct LoadState {
    const LoadBlocks *blocks;
    int32_t *left;  // of each item, how many are still to be loaded
    int32_t *open;  // blocks that those may make, largest first; some are no longer possible
    int open_count;
    LoadSpace *spaces;
    int space_count;
    LoadPut *puts;
    int put_count, put_room;
    int64_t volume, weight;
    LoadReach reach;
} LoadState;

enum { LOAD_SPACES = 2000 };  // free rectangles kept; the smallest are not made beyond that

void load_state_init(Arena *arena, const LoadBlocks *blocks, LoadState *ret);
void load_state_copy(LoadState *to, const LoadState *from);

// The free space nearest to a corner; NULL when there is none.
LoadSpace *load_next_space(LoadState *state);
// What goes into the space best: up to `most` blocks, best first; returns how many.
int load_best_blocks(LoadState *state, const LoadSpace *space, int most, int32_t *ret,
                     int64_t *ret_scores);
void load_put(LoadState *state, const LoadSpace *space, int block);
void load_drop_space(LoadState *state, LoadSpace *space);

// Puts the best block into the next space until nothing fits anywhere.
void load_finish(LoadState *state);
