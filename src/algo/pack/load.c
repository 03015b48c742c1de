// load.c - the beam search for loads (Araya & Riff 2014).
#include "algo/pack/stow.h"

#include <math.h>

enum {
    BLOCKS_MOST = 10000,
    BLOCKS_SHORT = 1500,  // for a search of so few steps that making more would take longer
    STEPS_SHORT = 1000,
    BEAM_MOST = 128,
};
static const double WIDER = 1.4142135623730951;  // each search doubles the work of the one before

// ---- Whether the problem keeps the rules --------------------------------------------------------

static Status check_item(Ctx *ctx, const LoadItem *item, int i)
{
    bool may_stand = false;
    for (int k = 0; k < 3; k++) {
        if (item->size[k] < 1 || item->size[k] > LOAD_SIDE_MOST)
            return FAIL(ctx, E_INVALID, "load.problem", "box %d: sides from 1 to %d are wanted", i,
                        LOAD_SIDE_MOST);
        may_stand |= item->may_stand[k];
    }
    if (!may_stand)
        return FAIL(ctx, E_INVALID, "load.problem", "box %d may not stand on any side", i);
    if (item->count < 0 || item->weight < 0 || item->weight > INT64_MAX / (4 * LOAD_BOXES_MOST))
        return FAIL(ctx, E_INVALID, "load.problem", "box %d: its count or weight is out of range",
                    i);
    return OK;
}

static Status check_problem(Ctx *ctx, const LoadProblem *problem)
{
    for (int k = 0; k < 3; k++)
        if (problem->size[k] < 1 || problem->size[k] > LOAD_SIDE_MOST)
            return FAIL(ctx, E_INVALID, "load.problem",
                        "the container: sides from 1 to %d are wanted", LOAD_SIDE_MOST);
    if (problem->item_count < 0 || problem->item_count > LOAD_ITEMS_MOST)
        return FAIL(ctx, E_INVALID, "load.problem", "%d types of boxes; at most %d",
                    problem->item_count, LOAD_ITEMS_MOST);
    int64_t boxes = 0;
    for (int i = 0; i < problem->item_count; i++) {
        TRY(check_item(ctx, &problem->items[i], i));
        boxes += problem->items[i].count;
    }
    if (boxes > LOAD_BOXES_MOST)
        return FAIL(ctx, E_INVALID, "load.problem", "%lld boxes; at most %d", (long long)boxes,
                    LOAD_BOXES_MOST);
    return OK;
}

int64_t load_volume(const LoadProblem *problem)
{
    return (int64_t)problem->size[0] * problem->size[1] * problem->size[2];
}

// ---- The beam -----------------------------------------------------------------------------------

// A state of the beam with one more block: what finishing greedily from there comes to.
typedef struct Twig {
    int32_t parent;  // of the beam
    int32_t block;
    int64_t volume;  // -1: not tried, the budget was over
} Twig;

typedef struct Helper {
    LoadState scratch;
    LoadState best;
    int64_t best_finish;  // the number of the finish that was best
} Helper;

typedef struct Beam {
    Ctx *ctx;
    Budget *budget;
    LoadBlocks blocks;
    LoadState *states, *next;  // each made when a beam first gets that wide
    int state_count, width, made;
    Twig *twigs;
    int twig_count;
    Helper *helpers;
    int crew;
    int64_t finishes;
    LoadState *best;  // of all helpers
    int64_t told;
} Beam;

static void try_twigs(void *arg, int h)
{
    Beam *beam = arg;
    Helper *helper = &beam->helpers[h];
    LoadState *state = &helper->scratch;
    for (int t = h; t < beam->twig_count; t += beam->crew) {
        Twig *twig = &beam->twigs[t];
        if (budget_over(beam->budget, beam->finishes + t))
            return;
        load_state_copy(state, &beam->states[twig->parent]);
        load_put(state, load_next_space(state), twig->block);
        load_finish(state);
        twig->volume = state->volume;
        if (state->volume > helper->best.volume) {
            load_state_copy(&helper->best, state);
            helper->best_finish = beam->finishes + t;
        }
    }
}

// The best of all; of equal ones the first found, so that the crew's size makes no difference.
static void note_best(Beam *beam)
{
    for (Helper *helper = beam->helpers; helper < beam->helpers + beam->crew; helper++) {
        int64_t volume = helper->best.volume;
        if (volume > beam->best->volume ||
            (volume == beam->best->volume && helper->best_finish < beam->told)) {
            load_state_copy(beam->best, &helper->best);
            beam->told = helper->best_finish;
        }
    }
}

// Drops spaces that nothing fits until one is left that something does; then its best blocks.
static int best_blocks(LoadState *state, int most, int32_t *ret)
{
    int64_t scores[BEAM_MOST];
    for (LoadSpace *space; (space = load_next_space(state));) {
        int count = load_best_blocks(state, space, most, ret, scores);
        if (count)
            return count;
        load_drop_space(state, space);
    }
    return 0;
}

static void grow_twigs(Beam *beam)
{
    beam->twig_count = 0;
    for (int s = 0; s < beam->state_count; s++) {
        int32_t blocks[BEAM_MOST];
        int count = best_blocks(&beam->states[s], beam->width, blocks);
        for (int i = 0; i < count; i++)
            beam->twigs[beam->twig_count++] = (Twig){ s, blocks[i], -1 };
    }
}

static int by_volume(const void *a, const void *b)
{
    const Twig *one = a, *other = b;
    if (one->volume != other->volume)
        return one->volume < other->volume ? 1 : -1;
    if (one->parent != other->parent)
        return one->parent - other->parent;
    return one->block - other->block;
}

static bool has_same(const Beam *beam, const LoadState *states, int count, const LoadState *state)
{
    size_t items = (size_t)beam->blocks.problem->item_count;
    for (const LoadState *other = states; other < states + count; other++)
        if (other->volume == state->volume &&
            memcmp(other->left, state->left, sizeof *state->left * items) == 0 &&
            other->space_count == state->space_count &&
            memcmp(other->spaces, state->spaces,
                   sizeof *state->spaces * (size_t)state->space_count) == 0)
            return true;
    return false;
}

// The states of the best twigs; those that came to the same in another order only once.
static void keep_best(Beam *beam)
{
    qsort(beam->twigs, (size_t)beam->twig_count, sizeof *beam->twigs, by_volume);
    int count = 0;
    for (int t = 0; t < beam->twig_count && count < beam->width; t++) {
        const Twig *twig = &beam->twigs[t];
        LoadState *state = &beam->next[count];
        load_state_copy(state, &beam->states[twig->parent]);
        load_put(state, load_next_space(state), twig->block);
        if (!has_same(beam, beam->next, count, state))
            count++;
    }
    LoadState *states = beam->states;
    beam->states = beam->next;
    beam->next = states;
    beam->state_count = count;
}

// ---- The plan -----------------------------------------------------------------------------------

static int by_height(const void *a, const void *b)
{
    const LoadBox *one = a, *other = b;
    for (int k = 2; k >= 0; k--)
        if (one->at[k] != other->at[k])
            return one->at[k] < other->at[k] ? -1 : 1;
    return 0;
}

static LoadPlan plan_of(Arena *arena, const LoadState *state)
{
    LoadPlan plan = { .boxes = NEW_ARRAY(arena, LoadBox, (size_t)state->put_room + 1),
                      .volume = state->volume,
                      .weight = state->weight };
    for (const LoadPut *put = state->puts; put < state->puts + state->put_count; put++)
        plan.box_count += load_block_boxes(state->blocks, put->block, put->at, put->flip,
                                           plan.boxes + plan.box_count);
    qsort(plan.boxes, (size_t)plan.box_count, sizeof *plan.boxes, by_height);
    return plan;
}

static void tell(Beam *beam, int64_t before)
{
    if (!beam->budget->better || beam->best->volume <= before)
        return;
    ArenaMark mark = arena_mark(beam->ctx->arena);
    LoadPlan plan = plan_of(beam->ctx->arena, beam->best);
    beam->budget->better(beam->budget->of, &plan);
    arena_rewind(beam->ctx->arena, mark);
}

// ---- The whole ----------------------------------------------------------------------------------

static LoadState *new_state(Arena *arena, const LoadBlocks *blocks)
{
    LoadState *state = NEW(arena, LoadState);
    load_state_init(arena, blocks, state);
    return state;
}

// Nothing is left outside, or no room inside.
static bool is_perfect(const Beam *beam)
{
    const LoadProblem *problem = beam->blocks.problem;
    bool is_all = true;
    for (int i = 0; i < problem->item_count; i++)
        is_all = is_all && beam->best->left[i] == 0;
    return is_all || beam->best->volume == load_volume(problem);
}

static void make_states(Beam *beam, int count)
{
    for (; beam->made < count; beam->made++) {
        load_state_init(beam->ctx->arena, &beam->blocks, &beam->states[beam->made]);
        load_state_init(beam->ctx->arena, &beam->blocks, &beam->next[beam->made]);
    }
}

static void search(Beam *beam, const LoadState *empty, int width)
{
    beam->width = width;
    make_states(beam, width + 1);
    load_state_copy(&beam->states[0], empty);
    beam->state_count = 1;
    while (beam->state_count && !is_perfect(beam) && !budget_over(beam->budget, beam->finishes)) {
        int64_t before = beam->best->volume;
        grow_twigs(beam);
        budget_each(beam->budget, beam->crew, try_twigs, beam);
        beam->finishes += beam->twig_count;
        note_best(beam);
        tell(beam, before);
        keep_best(beam);
    }
}

static int most_width(const LoadBlocks *blocks)
{
    return blocks->count < BEAM_MOST ? blocks->count : BEAM_MOST;
}

static void search_wider(Beam *beam, const LoadState *empty)
{
    int widest = most_width(&beam->blocks), last = 0;
    for (double width = 1; last < widest; width *= WIDER) {
        int now = (int)fmin(ceil(width), widest);
        if (now == last)
            continue;
        if (budget_over(beam->budget, beam->finishes) || is_perfect(beam))
            return;
        search(beam, empty, now);
        last = now;
    }
}

Status load_solve(Ctx *ctx, const LoadProblem *problem, Budget *budget, LoadPlan *ret)
{
    TRY(check_problem(ctx, problem));
    Beam beam = { .ctx = ctx, .budget = budget, .crew = budget->crew > 1 ? budget->crew : 1 };
    bool is_short = budget->steps && budget->steps <= STEPS_SHORT;
    beam.blocks = load_blocks(ctx->arena, problem, is_short ? BLOCKS_SHORT : BLOCKS_MOST);
    LoadState *empty = new_state(ctx->arena, &beam.blocks);
    beam.best = new_state(ctx->arena, &beam.blocks);
    load_finish(beam.best);  // the answer of a budget that is over at once
    beam.told = 0;
    int width = most_width(&beam.blocks);
    beam.states = NEW_ARRAY(ctx->arena, LoadState, (size_t)width + 1);
    beam.next = NEW_ARRAY(ctx->arena, LoadState, (size_t)width + 1);
    beam.twigs = NEW_ARRAY(ctx->arena, Twig, (size_t)width * (size_t)width + 1);
    beam.helpers = NEW_ARRAY(ctx->arena, Helper, (size_t)beam.crew);
    for (Helper *helper = beam.helpers; helper < beam.helpers + beam.crew; helper++) {
        load_state_init(ctx->arena, &beam.blocks, &helper->scratch);
        load_state_init(ctx->arena, &beam.blocks, &helper->best);
    }
    search_wider(&beam, empty);
    *ret = plan_of(ctx->arena, beam.best);
    ret->finishes = beam.finishes;
    return OK;
}
