// block.h - boxes joined into blocks, which the search for loads puts down as one.
//
// A block is a grid of boxes of one type in one position, or two blocks side by side, one behind or
// one on top of the other. What must stay true: inside a block every box rests with its whole base
// on others or on the block's floor and none bears too much; on `top`, a rectangle that begins at
// the block's corner and lies at its full height, something may stand, of weight `bears` at most.
#pragma once

#include "algo/pack/load.h"

enum { LOAD_PARTS = 8 };  // most types of boxes in one block

typedef struct LoadPart {
    int32_t item, count;
} LoadPart;

typedef struct LoadBlock {
    int32_t size[3], top[2];
    int64_t volume, weight, bears;  // volume: of its boxes; bears: INT64_MAX for any
    LoadPart parts[LOAD_PARTS];     // by item
    int part_count;
    int32_t unit[3];        // a grid: its box as it stands
    int32_t first, second;  // a joint: what is joined, the second behind the first
    int axis;               // along which; -1: a grid
} LoadBlock;

typedef struct LoadBlocks {
    const LoadProblem *problem;
    LoadBlock *items;  // largest volume first
    int count;
} LoadBlocks;

// At most `most` blocks that fit the container, in the arena; more only where it takes more for
// every type to have some.
LoadBlocks load_blocks(Arena *arena, const LoadProblem *problem, int most);

// The boxes of a block that stands at `at`, mirrored along x or y; returns how many.
int load_block_boxes(const LoadBlocks *blocks, int block, const int32_t at[3], const bool flip[2],
                     LoadBox *ret);
