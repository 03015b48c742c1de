// dispatch.c - a first plan by priority.
#include "algo/schedule/dispatch.h"

typedef struct Machine {
    int64_t free;  // when its last operation ends
    int family;    // what it is set up for; -1: for anything
} Machine;

typedef struct Chance {  // the next operation of a job, on the machine where it is done first
    int operation, option;
    int64_t start, end;
} Chance;

struct JobDispatch {
    const JobShop *shop;
    Machine *machine;
    int *next;       // of each job: its next operation
    int64_t *ready;  // of each job: when that may start
    int64_t
        *work_left;  // of each operation: it and what follows in its job, on the fastest machines
    Chance *chance;  // of each job that is not done
};

static int64_t fastest(const JobShop *shop, int u)
{
    const JobShopOption *option = shop->option + shop->operation[u].first_option;
    int64_t least = option[0].duration;
    for (int o = 1; o < shop->operation[u].options; o++)
        least = option[o].duration < least ? option[o].duration : least;
    return least;
}

JobDispatch *jobdispatch_make(Arena *arena, const JobShop *shop)
{
    JobDispatch *d = NEW(arena, JobDispatch);
    *d = (JobDispatch){ .shop = shop,
                        .machine = NEW_ARRAY(arena, Machine, (size_t)shop->machines),
                        .next = NEW_ARRAY(arena, int, (size_t)shop->jobs),
                        .ready = NEW_ARRAY(arena, int64_t, (size_t)shop->jobs),
                        .work_left = NEW_ARRAY(arena, int64_t, (size_t)shop->operations),
                        .chance = NEW_ARRAY(arena, Chance, (size_t)shop->jobs) };
    for (int j = 0; j < shop->jobs; j++) {
        int64_t sum = 0;
        for (int i = shop->job[j].operations - 1; i >= 0; i--)
            d->work_left[shop->job[j].first + i] = sum += fastest(shop, shop->job[j].first + i);
    }
    return d;
}

static int64_t setup_time(const JobShop *shop, int machine, int before, int after)
{
    const int64_t *setup = shop->machine[machine].setup;
    return setup && before >= 0 ? setup[before * shop->families + after] : 0;
}

// When u would run if it went next on this option's machine.
static Chance try_option(const JobDispatch *d, int u, int option, int64_t ready)
{
    const JobShopOperation *operation = d->shop->operation + u;
    const JobShopOption *o = d->shop->option + option;
    const Calendar *calendar = d->shop->machine[o->machine].calendar;
    const Machine *machine = d->machine + o->machine;
    int64_t setup = setup_time(d->shop, o->machine, machine->family, operation->family);
    if (!calendar) {
        int64_t start = machine->free + setup > ready ? machine->free + setup : ready;
        return (Chance){ u, option, start, start + o->duration };
    }
    int64_t free = setup ? calendar_end(calendar, calendar_open(calendar, machine->free), setup)
                         : machine->free;
    int64_t both = free > ready ? free : ready;
    int64_t start = operation->is_whole ? calendar_whole(calendar, both, o->duration)
                                        : calendar_open(calendar, both);
    return (Chance){ u, option, start, calendar_end(calendar, start, o->duration) };
}

static void look(JobDispatch *d, int job)
{
    int u = d->next[job];
    const JobShopOperation *operation = d->shop->operation + u;
    for (int o = 0; o < operation->options; o++) {
        Chance chance = try_option(d, u, operation->first_option + o, d->ready[job]);
        if (o == 0 || chance.end < d->chance[job].end)
            d->chance[job] = chance;
    }
}

// The smaller the sooner.
static double priority(const JobDispatch *d, DispatchRule rule, const Chance *chance,
                       Random *random)
{
    const JobShopJob *job = d->shop->job + d->shop->operation[chance->operation].job;
    double left = (double)d->work_left[chance->operation];
    switch (rule) {
    case DISPATCH_MOST_WORK: return -left;
    case DISPATCH_SLACK:
        return ((double)job->due - left - (double)chance->start) / (double)(job->weight + 1);
    case DISPATCH_SHORTEST: return (double)(chance->end - chance->start);
    case DISPATCH_ANY:
    case DISPATCH_RULES: break;
    }
    return (double)(random_next(random) >> 11);
}

static int machine_of(const JobDispatch *d, int job)
{
    return d->shop->option[d->chance[job].option].machine;
}

// The job whose chance ends first decides the machine; among those who could start there before
// that end, the rule.
static int choose(const JobDispatch *d, DispatchRule rule, Random *random)
{
    int first = -1, chosen = -1;
    for (int j = 0; j < d->shop->jobs; j++)
        if (d->next[j] >= 0 && (first < 0 || d->chance[j].end < d->chance[first].end))
            first = j;
    int machine = machine_of(d, first);
    double best = 0;
    for (int j = 0; j < d->shop->jobs; j++) {
        if (d->next[j] < 0 || machine_of(d, j) != machine ||
            (j != first && d->chance[j].start >= d->chance[first].end))
            continue;
        double value = priority(d, rule, d->chance + j, random);
        if (chosen < 0 || value < best) {
            chosen = j;
            best = value;
        }
    }
    return chosen;
}

static void take(JobDispatch *d, int job)
{
    const Chance *chance = d->chance + job;
    int u = chance->operation, machine = machine_of(d, job);
    d->machine[machine] = (Machine){ chance->end, d->shop->operation[u].family };
    d->ready[job] = chance->end;
    bool is_last = u + 1 == d->shop->job[job].first + d->shop->job[job].operations;
    d->next[job] = is_last ? -1 : u + 1;
}

// Whether one of the options of the job's next operation is on this machine.
static bool is_touched(const JobDispatch *d, int job, int machine)
{
    const JobShopOperation *operation = d->shop->operation + d->next[job];
    for (int o = 0; o < operation->options; o++)
        if (d->shop->option[operation->first_option + o].machine == machine)
            return true;
    return false;
}

static void start(JobDispatch *d)
{
    for (int m = 0; m < d->shop->machines; m++)
        d->machine[m] = (Machine){ 0, d->shop->machine[m].first_family };
    for (int j = 0; j < d->shop->jobs; j++) {
        d->next[j] = d->shop->job[j].operations ? d->shop->job[j].first : -1;
        d->ready[j] = d->shop->job[j].release;
        if (d->next[j] >= 0)
            look(d, j);
    }
}

void jobdispatch_plan(JobDispatch *d, DispatchRule rule, Random *random, JobSequence *ret)
{
    start(d);
    for (int i = 0; i < d->shop->operations; i++) {
        int job = choose(d, rule, random);
        int machine = machine_of(d, job);
        ret->order[i] = d->chance[job].operation;
        ret->option[ret->order[i]] = d->chance[job].option;
        take(d, job);
        for (int j = 0; j < d->shop->jobs; j++)
            if (d->next[j] >= 0 && (j == job || is_touched(d, j, machine)))
                look(d, j);
    }
}
