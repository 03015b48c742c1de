// elite.c - a small society of good plans.
#include "algo/schedule/elite.h"

#include "algo/schedule/dispatch.h"
#include "algo/schedule/tabu.h"

enum {
    MEMBERS = 16,
    PATIENCE = 12500,    // moves of tabu search without improvement (Peng, Lü, Cheng 2015)
    ALIKE_PERCENT = 3,   // neighbours turned round, under which two members count as one
    FRUITLESS_MAX = 60,  // children in a row that found no place, before all start anew
    CREW_MAX = 256,
};

typedef struct Member {
    JobSequence sequence;  // its order is by start
    int *place;            // of each operation in it
} Member;

typedef struct Search Search;

typedef struct Island {  // what one of the crew works with
    Search *search;
    JobTabu *tabu;
    JobDispatch *dispatch;
    JobGraph graph;
    Member child;
    Random random;
    int64_t steps;
} Island;

typedef struct Key {
    double value;
    int operation;
} Key;

struct Search {
    const JobShop *shop;
    const Budget *budget;
    int64_t bound, steps;
    Member *member;
    int members, fruitless;
    Island *island;
    Key *keys;  // of all islands, each its own stretch
};

// ---- Members ------------------------------------------------------------------------------------

static Member member_make(Arena *arena, const JobShop *shop)
{
    return (Member){ jobsequence_make(arena, shop),
                     NEW_ARRAY(arena, int, (size_t)shop->operations + 1) };
}

static void member_copy(const JobShop *shop, Member *to, const Member *from)
{
    jobsequence_copy(shop, &to->sequence, &from->sequence);
    memcpy(to->place, from->place, (size_t)shop->operations * sizeof *to->place);
}

static int by_value(const void *a, const void *b)
{
    const Key *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->operation - y->operation;
}

static Key *keys_of(const Island *island)
{
    const Search *s = island->search;
    return s->keys + (island - s->island) * s->shop->operations;
}

// Puts the child's operations in the order of their keys.
static void order_by_keys(Island *island)
{
    int n = island->search->shop->operations;
    Key *keys = keys_of(island);
    qsort(keys, (size_t)n, sizeof *keys, by_value);
    for (int i = 0; i < n; i++)
        island->child.sequence.order[i] = keys[i].operation;
}

// Orders the child by start, so that places compare between members. Where starts are equal, what
// takes no time keeps its place before what waits for it.
static void settle(Island *island)
{
    JobGraph *g = &island->graph;
    Member *child = &island->child;
    Key *keys = keys_of(island);
    jobgraph_load(g, &child->sequence);
    jobgraph_heads(g, 0);
    for (int u = 0; u < g->n; u++) {
        double start = (double)(g->node[u].done - g->node[u].duration);
        keys[u] = (Key){ start + (double)g->node[u].place / (g->n + 1), u };
    }
    order_by_keys(island);
    for (int i = 0; i < g->n; i++)
        child->place[child->sequence.order[i]] = i;
}

// How many of 1000 neighbours on a machine stand otherwise in b: on other machines, or turned.
static int difference(Island *island, const Member *b)
{
    JobGraph *g = &island->graph;
    jobgraph_load(g, &island->child.sequence);
    int64_t turned = 0, all = 1;
    for (int u = 0; u < g->n; u++) {
        int later = g->node[u].later;
        int machine = g->shop->option[b->sequence.option[u]].machine;
        turned += machine != g->node[u].machine;
        if (later == g->none)
            continue;
        all++;
        turned += b->place[u] > b->place[later];
    }
    return (int)(turned * 1000 / all);
}

// ---- Children -----------------------------------------------------------------------------------

static void relink(Island *island, const Member *a, const Member *b)
{
    const JobShop *shop = island->search->shop;
    double share = 0.3 + 0.4 * (double)random_below(&island->random, 1000) / 1000;
    Key *keys = keys_of(island);
    for (int u = 0; u < shop->operations; u++) {
        keys[u] = (Key){ (1 - share) * a->place[u] + share * b->place[u], u };
        bool from_b = random_below(&island->random, 1000) < (int64_t)(1000 * share);
        island->child.sequence.option[u] = (from_b ? b : a)->sequence.option[u];
    }
    order_by_keys(island);
}

static void conceive(Island *island)
{
    const Search *s = island->search;
    if (s->members < MEMBERS) {
        jobdispatch_plan(island->dispatch, DISPATCH_ANY, &island->random, &island->child.sequence);
        return;
    }
    int a = (int)random_below(&island->random, s->members);
    int b = (int)random_below(&island->random, s->members - 1);
    relink(island, s->member + a, s->member + (b < a ? b : b + 1));
}

static void raise_child(void *arg, int i)
{
    Search *s = arg;
    Island *island = s->island + i;
    island->steps = s->steps;
    conceive(island);
    jobtabu_improve(island->tabu, &island->child.sequence, PATIENCE, s->bound, s->budget,
                    &island->steps, &island->random);
    settle(island);
}

// ---- The society --------------------------------------------------------------------------------

static int worst_member(const Search *s)
{
    int worst = 0;
    for (int i = 1; i < s->members; i++)
        if (s->member[i].sequence.makespan > s->member[worst].sequence.makespan)
            worst = i;
    return worst;
}

// The member that the child must beat: its like, else a free place, else the worst.
static Member *rival(Search *s, Island *island)
{
    for (int i = 0; i < s->members; i++)
        if (difference(island, s->member + i) < ALIKE_PERCENT * 10)
            return s->member + i;
    if (s->members < MEMBERS) {
        s->member[s->members].sequence.makespan = INT64_MAX;
        return s->member + s->members++;
    }
    return s->member + worst_member(s);
}

static void admit(Search *s, Island *island)
{
    Member *other = rival(s, island);
    bool is_better = island->child.sequence.makespan < other->sequence.makespan;
    s->fruitless = is_better ? 0 : s->fruitless + 1;
    if (is_better)
        member_copy(s->shop, other, &island->child);
    if (s->fruitless < FRUITLESS_MAX)
        return;
    s->members = s->fruitless = 0;
}

static Search search_make(Ctx *ctx, const JobShop *shop, int64_t bound, const Budget *budget,
                          int crew)
{
    Search s = { .shop = shop, .budget = budget, .bound = bound };
    s.member = NEW_ARRAY(ctx->arena, Member, MEMBERS);
    s.island = NEW_ARRAY(ctx->arena, Island, (size_t)crew);
    s.keys = NEW_ARRAY(ctx->arena, Key, (size_t)crew * (size_t)shop->operations + 1);
    for (int i = 0; i < MEMBERS; i++)
        s.member[i] = member_make(ctx->arena, shop);
    for (int i = 0; i < crew; i++) {
        s.island[i] = (Island){ .tabu = jobtabu_make(ctx->arena, shop),
                                .dispatch = jobdispatch_make(ctx->arena, shop),
                                .child = member_make(ctx->arena, shop),
                                .random = { budget->seed * 1000003 + (uint64_t)i } };
        jobgraph_make(ctx->arena, shop, &s.island[i].graph);
    }
    return s;
}

void jobelite_search(Ctx *ctx, const JobShop *shop, int64_t bound, Budget *budget,
                     JobSequence *best, void (*report)(void *arg, const JobSequence *best),
                     void *arg)
{
    int crew = budget->crew < 1 ? 1 : budget->crew > CREW_MAX ? CREW_MAX : budget->crew;
    Search s = search_make(ctx, shop, bound, budget, crew);
    for (int i = 0; i < crew; i++)
        s.island[i].search = &s;
    while (best->makespan > bound && !budget_over(budget, s.steps)) {
        budget_each(budget, crew, raise_child, &s);
        for (int i = 0; i < crew; i++) {
            Island *island = s.island + i;
            s.steps = island->steps > s.steps ? island->steps : s.steps;
            if (island->child.sequence.makespan < best->makespan) {
                jobsequence_copy(shop, best, &island->child.sequence);
                report(arg, best);
            }
            admit(&s, island);
        }
    }
}
