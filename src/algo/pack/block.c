// block.c - boxes joined into blocks.
#include "algo/pack/block.h"

#include <math.h>

static const double FULL = 0.98;  // of a joint's room that must be boxes
enum { GRIDS_EACH = 12 };         // of a type, at least: two for each of six positions

typedef struct Maker {
    LoadBlocks blocks;
    int most;
    int32_t *slots;  // a hash table of what is there, by size, top and parts; -1: free
    uint32_t slot_mask;
    int32_t *like, *highest;  // of each block, one before it of the same height; of each height,
                              // the last block; -1: none
} Maker;

// ---- Each block once ----------------------------------------------------------------------------

static uint32_t hash_of(const LoadBlock *block)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (int k = 0; k < 3; k++)
        h = (h ^ (uint32_t)block->size[k]) * 0x9E3779B97F4A7C15u;
    for (int p = 0; p < block->part_count; p++) {
        h = (h ^ (uint32_t)block->parts[p].item) * 0x9E3779B97F4A7C15u;
        h = (h ^ (uint32_t)block->parts[p].count) * 0x9E3779B97F4A7C15u;
    }
    return (uint32_t)(h >> 32);
}

static bool is_same(const LoadBlock *a, const LoadBlock *b)
{
    return memcmp(a->size, b->size, sizeof a->size) == 0 && a->part_count == b->part_count &&
           memcmp(a->parts, b->parts, sizeof *a->parts * (size_t)a->part_count) == 0 &&
           a->top[0] >= b->top[0] && a->top[1] >= b->top[1] && a->bears >= b->bears;
}

// Adds a block that is not there yet; of two that differ only in how they are built, the first
// stays.
static void add(Maker *maker, const LoadBlock *block)
{
    uint32_t slot = hash_of(block) & maker->slot_mask;
    for (; maker->slots[slot] >= 0; slot = (slot + 1) & maker->slot_mask)
        if (is_same(&maker->blocks.items[maker->slots[slot]], block))
            return;
    maker->slots[slot] = maker->blocks.count;
    maker->blocks.items[maker->blocks.count++] = *block;
}

// ---- Grids --------------------------------------------------------------------------------------

static void add_grid(Maker *maker, int i, const int32_t unit[3], const int32_t n[3])
{
    const LoadItem *item = &maker->blocks.problem->items[i];
    int32_t count = n[0] * n[1] * n[2];
    int64_t bears = item->bears < 0 ? INT64_MAX : item->bears - (n[2] - 1) * item->weight;
    if (bears < 0)
        return;
    LoadBlock block = { .volume = (int64_t)unit[0] * unit[1] * unit[2] * count,
                        .weight = item->weight * count,
                        .bears = bears,
                        .parts = { { i, count } },
                        .part_count = 1,
                        .axis = -1 };
    for (int k = 0; k < 3; k++) {
        block.unit[k] = unit[k];
        block.size[k] = unit[k] * n[k];
    }
    block.top[0] = block.size[0];
    block.top[1] = block.size[1];
    add(maker, &block);
}

// How many boxes may stand in a row: from first to most, by step; `numbers` of them, or 0: all.
typedef struct Row {
    int32_t first, most, step;
} Row;

static Row row_of(const LoadProblem *problem, int i, const int32_t unit[3], int k, int numbers)
{
    int32_t most = problem->size[k] / unit[k], count = problem->items[i].count;
    most = most < count ? most : count;
    int32_t step = numbers && most > numbers ? (most + numbers - 1) / numbers : 1;
    return (Row){ most > 0 ? (most - 1) % step + 1 : 1, most, step };
}

// All grids of one type in one position, or only counts them.
static int64_t add_grids(Maker *maker, int i, const int32_t unit[3], int numbers, bool is_counting)
{
    const LoadProblem *problem = maker->blocks.problem;
    int32_t count = problem->items[i].count, n[3];
    int64_t grids = 0;
    Row rows[3];
    for (int k = 0; k < 3; k++) {
        rows[k] = row_of(problem, i, unit, k, numbers);
        if (rows[k].most < 1)
            return 0;
    }
    for (n[2] = rows[2].first; n[2] <= rows[2].most; n[2] += rows[2].step)
        for (n[1] = rows[1].first; n[1] <= rows[1].most && n[1] <= count / n[2];
             n[1] += rows[1].step)
            for (n[0] = rows[0].first; n[0] <= rows[0].most && n[0] <= count / (n[1] * n[2]);
                 n[0] += rows[0].step) {
                grids++;
                if (!is_counting && maker->blocks.count < maker->most)
                    add_grid(maker, i, unit, n);
            }
    if (!is_counting && maker->blocks.count < maker->most)
        add_grid(maker, i, unit, (int32_t[]){ 1, 1, 1 });
    return grids;
}

// Each side that may be the height, and the other two both ways round.
static int64_t add_positions(Maker *maker, int i, int numbers, bool is_counting)
{
    const LoadItem *item = &maker->blocks.problem->items[i];
    int64_t grids = 0;
    for (int up = 0; up < 3 && item->count; up++) {
        int32_t a = item->size[(up + 1) % 3], b = item->size[(up + 2) % 3];
        if (!item->may_stand[up])
            continue;
        grids += add_grids(maker, i, (int32_t[]){ a, b, item->size[up] }, numbers, is_counting);
        if (a != b)
            grids += add_grids(maker, i, (int32_t[]){ b, a, item->size[up] }, numbers, is_counting);
    }
    return grids;
}

// Where there are too many, as few numbers to a row as make them fit, so that every type has some.
static void add_all_grids(Maker *maker)
{
    int items = maker->blocks.problem->item_count, numbers = 0;
    for (;;) {
        int64_t grids = 0;
        for (int i = 0; i < items; i++)
            grids += add_positions(maker, i, numbers, true);
        if (grids <= maker->most / 2 || numbers == 1)
            break;
        numbers = numbers ? numbers / 2 : 16;
    }
    for (int i = 0; i < items; i++)
        add_positions(maker, i, numbers, false);
}

// ---- Joints -------------------------------------------------------------------------------------

static bool join_parts(const LoadProblem *problem, const LoadBlock *a, const LoadBlock *b,
                       LoadBlock *ret)
{
    int i = 0, j = 0;
    ret->part_count = 0;
    while (i < a->part_count || j < b->part_count) {
        if (ret->part_count == LOAD_PARTS)
            return false;
        LoadPart *part = &ret->parts[ret->part_count++];
        bool from_a =
            i < a->part_count && (j == b->part_count || a->parts[i].item <= b->parts[j].item);
        bool from_b =
            j < b->part_count && (i == a->part_count || b->parts[j].item <= a->parts[i].item);
        part->item = from_a ? a->parts[i].item : b->parts[j].item;
        part->count = (from_a ? a->parts[i++].count : 0) + (from_b ? b->parts[j++].count : 0);
        if (part->count > problem->items[part->item].count)
            return false;
    }
    return true;
}

// Beside each other: of equal height, so that something may stand on both.
static bool join_beside(const LoadBlock *a, const LoadBlock *b, int axis, LoadBlock *ret)
{
    int other = 1 - axis;
    if (a->size[2] != b->size[2])
        return false;
    ret->bears = a->bears < b->bears ? a->bears : b->bears;
    ret->top[axis] = a->top[axis];
    ret->top[other] = a->top[other];
    if (a->top[axis] == a->size[axis]) {
        ret->top[axis] += b->top[axis];
        ret->top[other] = a->top[other] < b->top[other] ? a->top[other] : b->top[other];
    }
    return true;
}

static bool join_above(const LoadBlock *a, const LoadBlock *b, LoadBlock *ret)
{
    if (b->size[0] > a->top[0] || b->size[1] > a->top[1] || b->weight > a->bears)
        return false;
    int64_t left = a->bears == INT64_MAX ? INT64_MAX : a->bears - b->weight;
    ret->bears = left < b->bears ? left : b->bears;
    ret->top[0] = b->top[0];
    ret->top[1] = b->top[1];
    return true;
}

// Whether the two fit the container along the axis, and fill the room they make well enough.
static bool is_tight(const LoadProblem *problem, const LoadBlock *a, const LoadBlock *b, int axis)
{
    double room = 1;
    for (int k = 0; k < 3; k++) {
        int32_t wider = a->size[k] > b->size[k] ? a->size[k] : b->size[k];
        int32_t size = k == axis ? a->size[k] + b->size[k] : wider;
        if (size > problem->size[k])
            return false;
        room *= size;
    }
    return (double)(a->volume + b->volume) >= FULL * room;
}

static void try_join(Maker *maker, int first, int second, int axis)
{
    const LoadProblem *problem = maker->blocks.problem;
    const LoadBlock *a = &maker->blocks.items[first], *b = &maker->blocks.items[second];
    if (maker->blocks.count == maker->most || !is_tight(problem, a, b, axis))
        return;
    LoadBlock block = { .first = first, .second = second, .axis = axis };
    for (int k = 0; k < 3; k++)
        block.size[k] = a->size[k] > b->size[k] ? a->size[k] : b->size[k];
    block.size[axis] = a->size[axis] + b->size[axis];
    block.volume = a->volume + b->volume;
    block.weight = a->weight + b->weight;
    if (!(axis == 2 ? join_above(a, b, &block) : join_beside(a, b, axis, &block)))
        return;
    if (join_parts(problem, a, b, &block))
        add(maker, &block);
}

static void join_both(Maker *maker, int i, int j, int axis)
{
    try_join(maker, i, j, axis);
    if (i != j)
        try_join(maker, j, i, axis);
}

// Each with each before it, both ways round, until there are enough: beside each other with those
// of the same height, on top of each other with those of nearly the same base.
static void join_all(Maker *maker)
{
    for (int i = 0; i < maker->blocks.count && maker->blocks.count < maker->most; i++) {
        const int32_t *size = maker->blocks.items[i].size;
        int32_t *last = &maker->highest[size[2]];
        maker->like[i] = *last;
        *last = i;
        for (int j = i; j >= 0; j = maker->like[j]) {
            join_both(maker, i, j, 0);
            join_both(maker, i, j, 1);
        }
        double base = (double)size[0] * size[1];
        for (int j = 0; j <= i; j++) {
            const int32_t *other = maker->blocks.items[j].size;
            double other_base = (double)other[0] * other[1];
            if (other_base >= base * (2 * FULL - 1) && base >= other_base * (2 * FULL - 1))
                join_both(maker, i, j, 2);
        }
    }
}

// ---- The whole ----------------------------------------------------------------------------------

static int by_volume(const void *a, const void *b, void *blocks)
{
    int32_t i = *(const int32_t *)a, j = *(const int32_t *)b;
    int64_t one = ((LoadBlock *)blocks)[i].volume, other = ((LoadBlock *)blocks)[j].volume;
    return one != other ? (one < other) - (one > other) : i - j;
}

static void sort_blocks(Arena *arena, LoadBlocks *blocks)
{
    size_t n = (size_t)blocks->count;
    int32_t *order = NEW_ARRAY(arena, int32_t, n + 1), *place = NEW_ARRAY(arena, int32_t, n + 1);
    LoadBlock *sorted = NEW_ARRAY(arena, LoadBlock, n + 1);
    for (int i = 0; i < blocks->count; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, by_volume, blocks->items);
    for (int i = 0; i < blocks->count; i++)
        place[order[i]] = i;
    for (int i = 0; i < blocks->count; i++) {
        sorted[i] = blocks->items[order[i]];
        sorted[i].first = place[sorted[i].first];
        sorted[i].second = place[sorted[i].second];
    }
    blocks->items = sorted;
}

LoadBlocks load_blocks(Arena *arena, const LoadProblem *problem, int most)
{
    most = most > GRIDS_EACH * problem->item_count ? most : GRIDS_EACH * problem->item_count;
    Maker maker = { .blocks = { .problem = problem }, .most = most, .slot_mask = 1 };
    while ((int)maker.slot_mask < 2 * most)
        maker.slot_mask = 2 * maker.slot_mask + 1;
    maker.slots = NEW_ARRAY(arena, int32_t, maker.slot_mask + 1);
    memset(maker.slots, -1, sizeof *maker.slots * (maker.slot_mask + 1));
    maker.blocks.items = NEW_ARRAY(arena, LoadBlock, (size_t)most + 1);
    maker.like = NEW_ARRAY(arena, int32_t, (size_t)most + 1);
    maker.highest = NEW_ARRAY(arena, int32_t, (size_t)problem->size[2] + 1);
    memset(maker.highest, -1, sizeof *maker.highest * ((size_t)problem->size[2] + 1));
    add_all_grids(&maker);
    sort_blocks(arena, &maker.blocks);
    memset(maker.slots, -1, sizeof *maker.slots * (maker.slot_mask + 1));
    int grids = maker.blocks.count;
    LoadBlock *sorted = maker.blocks.items;
    maker.blocks.items = NEW_ARRAY(arena, LoadBlock, (size_t)most + 1);
    maker.blocks.count = 0;
    for (int i = 0; i < grids; i++)
        add(&maker, &sorted[i]);
    join_all(&maker);
    sort_blocks(arena, &maker.blocks);
    return maker.blocks;
}

static int put_grid(const LoadBlock *block, const int32_t at[3], LoadBox *ret)
{
    LoadBox *box = ret;
    for (int32_t z = 0; z < block->size[2]; z += block->unit[2])
        for (int32_t y = 0; y < block->size[1]; y += block->unit[1])
            for (int32_t x = 0; x < block->size[0]; x += block->unit[0])
                *box++ = (LoadBox){ block->parts[0].item,
                                    { at[0] + x, at[1] + y, at[2] + z },
                                    { block->unit[0], block->unit[1], block->unit[2] } };
    return (int)(box - ret);
}

static int put_block(const LoadBlocks *blocks, int b, const int32_t at[3], LoadBox *ret)
{
    const LoadBlock *block = &blocks->items[b];
    if (block->axis < 0)
        return put_grid(block, at, ret);
    int count = put_block(blocks, block->first, at, ret);
    int32_t behind[3] = { at[0], at[1], at[2] };
    behind[block->axis] += blocks->items[block->first].size[block->axis];
    return count + put_block(blocks, block->second, behind, ret + count);
}

int load_block_boxes(const LoadBlocks *blocks, int block, const int32_t at[3], const bool flip[2],
                     LoadBox *ret)
{
    int count = put_block(blocks, block, (int32_t[3]){ 0 }, ret);
    for (LoadBox *box = ret; box < ret + count; box++) {
        for (int k = 0; k < 2; k++)
            if (flip[k])
                box->at[k] = blocks->items[block].size[k] - box->at[k] - box->size[k];
        for (int k = 0; k < 3; k++)
            box->at[k] += at[k];
    }
    return count;
}
