// stow.c - a load while it is being made.
#include "algo/pack/stow.h"

static int32_t least_of(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t most_of(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

// ---- Which lengths boxes add up to --------------------------------------------------------------

static int32_t reach_length(const LoadProblem *problem, int axis)
{
    return axis ? problem->size[2] : most_of(problem->size[0], problem->size[1]);
}

// bits |= bits << by
static void add_length(uint64_t *bits, int words, int32_t by)
{
    int jump = by / 64, shift = by % 64;
    for (int w = words - 1; w >= jump; w--) {
        uint64_t moved = bits[w - jump] << shift;
        if (shift && w > jump)
            moved |= bits[w - jump - 1] >> (64 - shift);
        bits[w] |= moved;
    }
}

static void reach_axis(LoadState *state, int axis)
{
    const LoadProblem *problem = state->blocks->problem;
    LoadReach *reach = &state->reach;
    int32_t length = reach_length(problem, axis);
    int words = length / 64 + 1;
    memset(reach->bits, 0, sizeof *reach->bits * (size_t)words);
    reach->bits[0] = 1;
    reach->least[axis] = INT32_MAX;
    for (int i = 0; i < problem->item_count; i++) {
        const LoadItem *item = &problem->items[i];
        for (int k = 0; k < 3 && state->left[i]; k++) {
            int32_t side = item->size[k];
            bool is_used = axis ? item->may_stand[k]
                                : item->may_stand[(k + 1) % 3] || item->may_stand[(k + 2) % 3];
            if (!is_used || side > length)
                continue;
            reach->least[axis] = least_of(reach->least[axis], side);
            for (int n = least_of(state->left[i], length / side); n > 0; n--)
                add_length(reach->bits, words, side);
        }
    }
    int32_t longest = 0;
    for (int32_t at = 0; at <= length; at++) {
        if (reach->bits[at / 64] >> (at % 64) & 1)
            longest = at;
        reach->longest[axis][at] = longest;
    }
}

static void work_out_reach(LoadState *state)
{
    reach_axis(state, 0);
    reach_axis(state, 1);
}

// ---- Making and copying -------------------------------------------------------------------------

static int box_count(const LoadProblem *problem)
{
    int count = 0;
    for (int i = 0; i < problem->item_count; i++)
        count += problem->items[i].count;
    return count;
}

void load_state_init(Arena *arena, const LoadBlocks *blocks, LoadState *ret)
{
    const LoadProblem *problem = blocks->problem;
    LoadState state = { .blocks = blocks, .put_room = box_count(problem) };
    state.left = NEW_ARRAY(arena, int32_t, (size_t)problem->item_count + 1);
    state.open = NEW_ARRAY(arena, int32_t, (size_t)blocks->count + 1);
    state.spaces = NEW_ARRAY(arena, LoadSpace, LOAD_SPACES);
    state.puts = NEW_ARRAY(arena, LoadPut, (size_t)state.put_room + 1);
    int32_t length = most_of(reach_length(problem, 0), reach_length(problem, 1));
    for (int axis = 0; axis < 2; axis++)
        state.reach.longest[axis] =
            NEW_ARRAY(arena, int32_t, (size_t)reach_length(problem, axis) + 1);
    state.reach.bits = NEW_ARRAY(arena, uint64_t, (size_t)length / 64 + 1);
    for (int i = 0; i < problem->item_count; i++)
        state.left[i] = problem->items[i].count;
    for (int b = 0; b < blocks->count; b++)
        state.open[state.open_count++] = b;
    state.spaces[state.space_count++] =
        (LoadSpace){ .to = { problem->size[0], problem->size[1] }, .on = -1 };
    work_out_reach(&state);
    *ret = state;
}

void load_state_copy(LoadState *to, const LoadState *from)
{
    const LoadProblem *problem = from->blocks->problem;
    memcpy(to->left, from->left, sizeof *to->left * (size_t)problem->item_count);
    memcpy(to->open, from->open, sizeof *to->open * (size_t)from->open_count);
    memcpy(to->spaces, from->spaces, sizeof *to->spaces * (size_t)from->space_count);
    memcpy(to->puts, from->puts, sizeof *to->puts * (size_t)from->put_count);
    for (int axis = 0; axis < 2; axis++) {
        memcpy(to->reach.longest[axis], from->reach.longest[axis],
               sizeof(int32_t) * ((size_t)reach_length(problem, axis) + 1));
        to->reach.least[axis] = from->reach.least[axis];
    }
    to->open_count = from->open_count;
    to->space_count = from->space_count;
    to->put_count = from->put_count;
    to->volume = from->volume;
    to->weight = from->weight;
}

// ---- Free room ----------------------------------------------------------------------------------

// From the space's nearest corner to the container's: how far along each axis.
static int32_t corner_distance(const LoadProblem *problem, const LoadSpace *space)
{
    int32_t distance = space->z;
    for (int k = 0; k < 2; k++)
        distance += least_of(space->from[k], problem->size[k] - space->to[k]);
    return distance;
}

static int64_t area_of(const LoadSpace *space)
{
    return (int64_t)(space->to[0] - space->from[0]) * (space->to[1] - space->from[1]);
}

LoadSpace *load_next_space(LoadState *state)
{
    const LoadProblem *problem = state->blocks->problem;
    LoadSpace *best = NULL;
    int32_t best_distance = 0;
    for (LoadSpace *space = state->spaces; space < state->spaces + state->space_count; space++) {
        int32_t distance = corner_distance(problem, space);
        if (!best || distance < best_distance ||
            (distance == best_distance && area_of(space) > area_of(best))) {
            best = space;
            best_distance = distance;
        }
    }
    return best;
}

void load_drop_space(LoadState *state, LoadSpace *space)
{
    *space = state->spaces[--state->space_count];
}

static bool is_inside(const LoadSpace *a, const LoadSpace *b)
{
    return a->on == b->on && a->from[0] >= b->from[0] && a->to[0] <= b->to[0] &&
           a->from[1] >= b->from[1] && a->to[1] <= b->to[1];
}

static void add_space(LoadState *state, LoadSpace space)
{
    const LoadProblem *problem = state->blocks->problem;
    int32_t least = state->reach.least[0];
    if (space.to[0] - space.from[0] < least || space.to[1] - space.from[1] < least ||
        problem->size[2] - space.z < state->reach.least[1] || state->space_count == LOAD_SPACES)
        return;
    for (LoadSpace *other = state->spaces; other < state->spaces + state->space_count; other++)
        if (is_inside(&space, other))
            return;
    state->spaces[state->space_count++] = space;
}

// What is left of the rectangles on the same ground beside the new block.
static void cut_spaces(LoadState *state, int32_t on, const int32_t from[2], const int32_t to[2])
{
    int before = state->space_count;
    LoadSpace cut[LOAD_SPACES];
    int cut_count = 0;
    for (int i = before - 1; i >= 0; i--) {
        LoadSpace *space = &state->spaces[i];
        if (space->on != on || space->from[0] >= to[0] || space->to[0] <= from[0] ||
            space->from[1] >= to[1] || space->to[1] <= from[1])
            continue;
        cut[cut_count++] = *space;
        load_drop_space(state, space);
    }
    for (LoadSpace *space = cut; space < cut + cut_count; space++)
        for (int k = 0; k < 2; k++) {
            LoadSpace part = *space;
            part.to[k] = from[k];
            add_space(state, part);
            part = *space;
            part.from[k] = to[k];
            add_space(state, part);
        }
}

// ---- What to put where --------------------------------------------------------------------------

static bool can_make(const LoadState *state, const LoadBlock *block)
{
    for (const LoadPart *part = block->parts; part < block->parts + block->part_count; part++)
        if (part->count > state->left[part->item])
            return false;
    return true;
}

static int64_t bears_of(const LoadState *state, int32_t on)
{
    int64_t bears = INT64_MAX;
    for (; on >= 0; on = state->puts[on].on)
        bears = state->puts[on].bears < bears ? state->puts[on].bears : bears;
    return bears;
}

// The block's volume without the room that it spoils: what no sides of boxes add up to beside and
// above it, and what is above its top where nothing may stand.
static int64_t score_of(const LoadState *state, const LoadBlock *block, const int32_t room[3])
{
    const int32_t *flat = state->reach.longest[0], *up = state->reach.longest[1];
    int64_t used_x = block->size[0] + flat[room[0] - block->size[0]];
    int64_t used_y = block->size[1] + flat[room[1] - block->size[1]];
    int64_t above = up[room[2] - block->size[2]];
    int64_t used = used_x * used_y * (block->size[2] + above);
    int64_t bare =
        (int64_t)block->size[0] * block->size[1] - (int64_t)block->top[0] * block->top[1];
    return block->volume - ((int64_t)room[0] * room[1] * room[2] - used) - bare * above;
}

int load_best_blocks(LoadState *state, const LoadSpace *space, int most, int32_t *ret,
                     int64_t *ret_scores)
{
    const LoadProblem *problem = state->blocks->problem;
    const int32_t room[3] = { space->to[0] - space->from[0], space->to[1] - space->from[1],
                              problem->size[2] - space->z };
    int64_t volume = (int64_t)room[0] * room[1] * room[2];
    int64_t weight_most = bears_of(state, space->on);
    if (problem->weight_most >= 0 && problem->weight_most - state->weight < weight_most)
        weight_most = problem->weight_most - state->weight;
    int count = 0, kept = 0, i = 0;
    for (; i < state->open_count; i++) {
        const LoadBlock *block = &state->blocks->items[state->open[i]];
        if (block->volume <= volume && count == most && block->volume <= ret_scores[count - 1])
            break;  // the score is at most the volume, and those that follow are smaller
        if (!can_make(state, block))
            continue;
        state->open[kept++] = state->open[i];
        if (block->size[0] > room[0] || block->size[1] > room[1] || block->size[2] > room[2] ||
            block->weight > weight_most)
            continue;
        int64_t score = score_of(state, block, room);
        if (count == most && score <= ret_scores[count - 1])
            continue;
        int at = count < most ? count++ : most - 1;
        for (; at > 0 && ret_scores[at - 1] < score; at--) {
            ret[at] = ret[at - 1];
            ret_scores[at] = ret_scores[at - 1];
        }
        ret[at] = state->open[kept - 1];
        ret_scores[at] = score;
    }
    memmove(state->open + kept, state->open + i,
            sizeof *state->open * (size_t)(state->open_count - i));
    state->open_count -= i - kept;
    return count;
}

static void take_boxes(LoadState *state, const LoadBlock *block)
{
    bool is_gone = false;
    for (const LoadPart *part = block->parts; part < block->parts + block->part_count; part++) {
        state->left[part->item] -= part->count;
        is_gone |= state->left[part->item] == 0;
    }
    state->volume += block->volume;
    state->weight += block->weight;
    if (is_gone)
        work_out_reach(state);
}

void load_put(LoadState *state, const LoadSpace *space, int b)
{
    const LoadProblem *problem = state->blocks->problem;
    const LoadBlock *block = &state->blocks->items[b];
    LoadSpace room = *space, top = { .z = room.z + block->size[2], .on = state->put_count };
    LoadPut *put = &state->puts[state->put_count];
    *put = (LoadPut){ .block = b, .at = { 0, 0, room.z }, .on = room.on, .bears = block->bears };
    int32_t to[2];
    for (int k = 0; k < 2; k++) {
        put->flip[k] = room.from[k] > problem->size[k] - room.to[k];
        put->at[k] = put->flip[k] ? room.to[k] - block->size[k] : room.from[k];
        to[k] = put->at[k] + block->size[k];
        top.from[k] = put->flip[k] ? to[k] - block->top[k] : put->at[k];
        top.to[k] = top.from[k] + block->top[k];
    }
    for (int32_t on = room.on; on >= 0; on = state->puts[on].on)
        if (state->puts[on].bears != INT64_MAX)
            state->puts[on].bears -= block->weight;
    state->put_count++;
    take_boxes(state, block);
    cut_spaces(state, room.on, put->at, to);
    add_space(state, top);
}

void load_finish(LoadState *state)
{
    for (LoadSpace *space; (space = load_next_space(state));) {
        int32_t block;
        int64_t score;
        if (load_best_blocks(state, space, 1, &block, &score))
            load_put(state, space, block);
        else
            load_drop_space(state, space);
    }
}
