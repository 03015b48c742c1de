// breed.c - schedules that breed.
#include "algo/schedule/breed.h"

#include "base/random.h"

enum {
    MEMBERS = 200,
    CHILDREN = 20,         // of each island between two meetings
    FRUITLESS_MAX = 8000,  // children in a row without a better best, before all start anew
    CLONE_ONE_IN = 3,      // children that have no mother
    SHIFTS_MAX = 4,        // activities of a child that go elsewhere
    WINDOWS = 4,           // of the father's list, of which the best used is taken
    WEIGHT_MAX = 100,
    CREW_MAX = 256,
};

typedef struct Member {
    int *list, *start;
    int makespan;
    int64_t sum;  // of all starts, each times its weight: tells schedules apart
} Member;

typedef struct Breed Breed;

typedef struct Island {  // what one of the crew works with
    Breed *breed;
    ProjectSgs sgs;
    Member *member, child, best;
    int members, fruitless;
    bool *is_taken;
    Random random;
    int64_t steps;
} Island;

struct Breed {
    const Project *project;
    const Budget *budget;
    const int *tail;
    double *work;     // of each activity: its shares of all resources times its duration
    int64_t *weight;  // of each activity's start in a member's sum: by chance, 1 to WEIGHT_MAX
    int bound;
    int64_t steps;
    Island *island;
};

// ---- Members ------------------------------------------------------------------------------------

static Member member_make(Arena *arena, int activities)
{
    return (Member){ .list = NEW_ARRAY(arena, int, (size_t)activities + 1),
                     .start = NEW_ARRAY(arena, int, (size_t)activities + 1),
                     .makespan = INT32_MAX };
}

static void member_copy(Member *to, const Member *from, int activities)
{
    memcpy(to->list, from->list, (size_t)activities * sizeof *to->list);
    memcpy(to->start, from->start, (size_t)activities * sizeof *to->start);
    to->makespan = from->makespan;
    to->sum = from->sum;
}

// Among equals the order is arbitrary but firm. To prefer those that start early was found worse:
// soon all members looked alike.
static bool is_fitter(const Member *a, const Member *b)
{
    return a->makespan != b->makespan ? a->makespan < b->makespan : a->sum < b->sum;
}

// Schedules the child's list, justifies it, and keeps the island's best.
static void grow(Island *island)
{
    Member *child = &island->child;
    int n = island->breed->project->activities;
    child->makespan = sgs_schedule(&island->sgs, child->list, child->start);
    child->makespan = sgs_justify(&island->sgs, child->list, child->start, child->makespan);
    island->steps += 3;
    child->sum = 0;
    for (int i = 0; i < n; i++)
        child->sum += child->start[i] * island->breed->weight[i];
    island->fruitless++;
    if (child->makespan >= island->best.makespan)
        return;
    member_copy(&island->best, child, n);
    island->fruitless = 0;
}

// ---- Lists by chance ----------------------------------------------------------------------------

// One of ready[0..count), the likelier the longer its tail.
static int pick(const int *ready, int count, const int *tail, Random *random)
{
    int best = 0;
    for (int k = 1; k < count; k++)
        if (tail[ready[k]] > tail[ready[best]])
            best = k;
    if (!random)
        return best;
    // A tournament of two, which may well meet the best.
    int a = (int)random_below(random, count), b = (int)random_below(random, count);
    return tail[ready[a]] > tail[ready[b]] ? a : b;
}

void project_list(const ProjectSgs *s, const int *tail, Random *random, int *ret)
{
    int n = s->project->activities, count = 0;
    int *waiting = s->mirrored, *ready = s->back;
    for (int i = 0; i < n; i++) {
        waiting[i] = s->before.from[i + 1] - s->before.from[i];
        if (waiting[i] == 0)
            ready[count++] = i;
    }
    for (int at = 0; at < n; at++) {
        int k = pick(ready, count, tail, random), i = ready[k];
        ret[at] = i;
        ready[k] = ready[--count];
        for (int l = s->after.from[i]; l < s->after.from[i + 1]; l++)
            if (--waiting[s->after.link[l]] == 0)
                ready[count++] = s->after.link[l];
    }
}

// ---- Children -----------------------------------------------------------------------------------

// How far list[at] may go in one direction: up to what it waits for, or what waits for it.
static int reach_of(Island *island, const ProjectLinks *links, const int *list, int at, int way)
{
    int n = island->breed->project->activities, i = list[at], to = at;
    for (int k = links->from[i]; k < links->from[i + 1]; k++)
        island->is_taken[links->link[k]] = true;
    while (to + way >= 0 && to + way < n && !island->is_taken[list[to + way]])
        to += way;
    for (int k = links->from[i]; k < links->from[i + 1]; k++)
        island->is_taken[links->link[k]] = false;
    return to;
}

// Takes one activity elsewhere in the list, as far as it may go.
static void shift(Island *island, int *list)
{
    int at = (int)random_below(&island->random, island->breed->project->activities);
    int first = reach_of(island, &island->sgs.before, list, at, -1);
    int last = reach_of(island, &island->sgs.after, list, at, 1);
    int to = first + (int)random_below(&island->random, last - first + 1), i = list[at];
    for (; at < to; at++)
        list[at] = list[at + 1];
    for (; at > to; at--)
        list[at] = list[at - 1];
    list[to] = i;
}

static void mutate(Island *island, int *list, int shifts)
{
    memset(island->is_taken, 0,
           (size_t)island->breed->project->activities * sizeof *island->is_taken);
    for (int s = 0; s < shifts; s++)
        shift(island, list);
}

// How much work list[from..to) does a unit of time.
static double density(const Island *island, const Member *of, int from, int to)
{
    const Project *p = island->breed->project;
    double work = 0;
    int end = 0;
    for (int at = from; at < to; at++) {
        int i = of->list[at], done = of->start[i] + p->activity[i].duration;
        work += island->breed->work[i];
        end = done > end ? done : end;
    }
    return work / (end - of->start[of->list[from]] + 1);
}

// A stretch of the father's list in which his resources are well used.
static void choose_window(Island *island, const Member *father, int *ret_from, int *ret_to)
{
    int n = island->breed->project->activities;
    double best = -1;
    for (int w = 0; w < WINDOWS; w++) {
        int length = n / 4 + (int)random_below(&island->random, n / 2 + 1);
        int from = (int)random_below(&island->random, n - length + 1), to = from + length;
        double value = length ? density(island, father, from, to) : 0;
        if (value > best) {
            best = value;
            *ret_from = from;
            *ret_to = to;
        }
    }
}

// The mother's first activities up to the window, the father's next ones, the mother's rest.
static void cross(Island *island, const Member *father, const Member *mother)
{
    int n = island->breed->project->activities, from = 0, to = 0, at = 0;
    choose_window(island, father, &from, &to);
    memset(island->is_taken, 0, (size_t)n * sizeof *island->is_taken);
    const struct {
        const int *list;
        int until;
    } parts[] = { { mother->list, from }, { father->list, to }, { mother->list, n } };
    for (size_t part = 0; part < COUNT(parts); part++)
        for (int k = 0; at < parts[part].until; k++) {
            int i = parts[part].list[k];
            if (island->is_taken[i])
                continue;
            island->is_taken[i] = true;
            island->child.list[at++] = i;
        }
}

static const Member *fitter_of_two(Island *island)
{
    const Member *a = island->member + random_below(&island->random, island->members);
    const Member *b = island->member + random_below(&island->random, island->members);
    return is_fitter(a, b) ? a : b;
}

// First members are made by chance; after a new start, every second one around the best.
static void conceive(Island *island)
{
    const Breed *breed = island->breed;
    if (island->members == MEMBERS) {
        const Member *father = fitter_of_two(island), *mother = fitter_of_two(island);
        if (random_chance(&island->random, CLONE_ONE_IN))
            member_copy(&island->child, father, breed->project->activities);
        else
            cross(island, father, mother);
        mutate(island, island->child.list, (int)random_below(&island->random, SHIFTS_MAX + 1));
    } else if (island->best.makespan < INT32_MAX && island->members % 2) {
        member_copy(&island->child, &island->best, breed->project->activities);
        mutate(island, island->child.list, breed->project->activities / 4);
    } else {
        project_list(&island->sgs, breed->tail, &island->random, island->child.list);
    }
}

// ---- The population -----------------------------------------------------------------------------

// The worst of a few, to be replaced.
static Member *loser(Island *island)
{
    Member *worst = island->member + random_below(&island->random, island->members);
    for (int i = 0; i < 3; i++) {
        Member *other = island->member + random_below(&island->random, island->members);
        worst = is_fitter(worst, other) ? other : worst;
    }
    return worst;
}

static bool is_known(const Island *island)
{
    for (int i = 0; i < island->members; i++)
        if (island->member[i].makespan == island->child.makespan &&
            island->member[i].sum == island->child.sum)
            return true;
    return false;
}

static void admit(Island *island)
{
    int n = island->breed->project->activities;
    if (island->members < MEMBERS) {
        member_copy(island->member + island->members++, &island->child, n);
    } else if (!is_known(island)) {
        Member *other = loser(island);
        if (!is_fitter(other, &island->child))
            member_copy(other, &island->child, n);
    }
    if (island->fruitless < FRUITLESS_MAX)
        return;
    island->members = island->fruitless = 0;
}

static void breed_children(void *arg, int i)
{
    Breed *breed = arg;
    Island *island = breed->island + i;
    island->steps = breed->steps;
    for (int c = 0; c < CHILDREN && island->best.makespan > breed->bound; c++) {
        if (budget_over(breed->budget, island->steps))
            return;
        conceive(island);
        grow(island);
        admit(island);
    }
}

// ---- The search ---------------------------------------------------------------------------------

static void weigh(Arena *arena, Breed *breed)
{
    const Project *p = breed->project;
    Random random = { breed->budget->seed };
    breed->work = NEW_ARRAY(arena, double, (size_t)p->activities + 1);
    breed->weight = NEW_ARRAY(arena, int64_t, (size_t)p->activities + 1);
    for (int i = 0; i < p->activities; i++)
        breed->weight[i] = 1 + random_below(&random, WEIGHT_MAX);
    for (int i = 0; i < p->activities; i++)
        for (int r = 0; r < p->resources; r++)
            if (p->capacity[r])
                breed->work[i] += (double)p->need[(size_t)i * (size_t)p->resources + (size_t)r] /
                                  p->capacity[r] * p->activity[i].duration;
}

static void island_make(Arena *arena, Breed *breed, int i)
{
    int n = breed->project->activities;
    Island *island = breed->island + i;
    *island = (Island){ .breed = breed,
                        .member = NEW_ARRAY(arena, Member, MEMBERS),
                        .child = member_make(arena, n),
                        .best = member_make(arena, n),
                        .is_taken = NEW_ARRAY(arena, bool, (size_t)n + 1),
                        .random = { breed->budget->seed * 1000003 + (uint64_t)i } };
    sgs_make(arena, breed->project, &island->sgs);
    for (int m = 0; m < MEMBERS; m++)
        island->member[m] = member_make(arena, n);
}

// The fittest of all islands' bests; every island's next start is around it.
static const Member *meet(Breed *breed, int crew)
{
    Island *fittest = breed->island;
    for (int i = 0; i < crew; i++) {
        Island *island = breed->island + i;
        breed->steps = island->steps > breed->steps ? island->steps : breed->steps;
        if (island->best.makespan < fittest->best.makespan)
            fittest = island;
    }
    for (int i = 0; i < crew; i++)
        if (breed->island[i].best.makespan > fittest->best.makespan)
            member_copy(&breed->island[i].best, &fittest->best, breed->project->activities);
    return &fittest->best;
}

int project_breed(Ctx *ctx, const Project *project, const int *tail, int bound, Budget *budget,
                  int *start, int makespan, void (*report)(void *arg, int makespan), void *arg)
{
    int crew = budget->crew < 1 ? 1 : budget->crew > CREW_MAX ? CREW_MAX : budget->crew;
    Breed breed = { .project = project, .budget = budget, .tail = tail, .bound = bound };
    breed.island = NEW_ARRAY(ctx->arena, Island, (size_t)crew);
    weigh(ctx->arena, &breed);
    for (int i = 0; i < crew; i++)
        island_make(ctx->arena, &breed, i);
    while (makespan > bound && !budget_over(budget, breed.steps)) {
        budget_each(budget, crew, breed_children, &breed);
        const Member *best = meet(&breed, crew);
        if (best->makespan >= makespan)
            continue;
        makespan = best->makespan;
        memcpy(start, best->start, (size_t)project->activities * sizeof *start);
        report(arg, makespan);
    }
    return makespan;
}
