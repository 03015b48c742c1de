// schedule_shops.c - small job shops and projects by chance, and their best answers by trying all.
// What is tried is timed by stepping from one unit of time to the next, which no search does.
#include "schedule_shops.h"

static int below(Random *random, int n)
{
    return (int)random_below(random, n);
}

// ---- Job shops ----------------------------------------------------------------------------------

static const Calendar *calendar_by_chance(Arena *arena, Random *random)
{
    Ctx ctx = { .arena = arena };
    CalendarStretch *stretch = NEW_ARRAY(arena, CalendarStretch, 2);
    Calendar *calendar = NEW(arena, Calendar);
    stretch[0].from = below(random, 4);
    stretch[0].to = stretch[0].from + 3 + below(random, 5);
    stretch[1].from = stretch[0].to + 1 + below(random, 3);
    stretch[1].to = stretch[1].from + 9;
    int64_t period = random_chance(random, 4) ? 0 : stretch[1].to + below(random, 3);
    if (period == 0)
        stretch[1].to = 10000;
    if (calendar_make(&ctx, stretch, 2, period, calendar) != OK)
        return NULL;
    return calendar;
}

static void machines_by_chance(Arena *arena, Random *random, ShopWishes wishes, JobShop *shop)
{
    JobShopMachine *machine = NEW_ARRAY(arena, JobShopMachine, (size_t)wishes.machines);
    size_t cells = (size_t)shop->families * (size_t)shop->families;
    for (int m = 0; m < wishes.machines; m++) {
        machine[m].first_family = below(random, shop->families + 1) - 1;
        if (wishes.calendars && !random_chance(random, 3))
            machine[m].calendar = calendar_by_chance(arena, random);
        if (!wishes.setups)
            continue;
        int64_t *setup = NEW_ARRAY(arena, int64_t, cells);
        for (size_t i = 0; i < cells; i++)
            setup[i] = i % (size_t)(shop->families + 1) ? below(random, 5) : 0;
        machine[m].setup = setup;
    }
    shop->machine = machine;
}

static void options_by_chance(Random *random, ShopWishes wishes, JobShop *shop,
                              JobShopOperation *operation, JobShopOption *option)
{
    operation->first_option = shop->options;
    operation->options = 1 + below(random, wishes.options);
    for (int o = 0; o < operation->options; o++)
        option[shop->options++] =
            (JobShopOption){ (int)below(random, wishes.machines), below(random, 9) };
}

JobShop *shop_by_chance(Arena *arena, Random *random, ShopWishes wishes)
{
    size_t n = (size_t)(wishes.jobs * wishes.operations);
    JobShop *shop = NEW(arena, JobShop);
    JobShopJob *job = NEW_ARRAY(arena, JobShopJob, (size_t)wishes.jobs);
    JobShopOperation *operation = NEW_ARRAY(arena, JobShopOperation, n);
    JobShopOption *option = NEW_ARRAY(arena, JobShopOption, n * (size_t)wishes.options);
    *shop = (JobShop){ .jobs = wishes.jobs,
                       .machines = wishes.machines,
                       .families = wishes.setups ? 3 : 1,
                       .job = job,
                       .operation = operation,
                       .option = option };
    for (int j = 0; j < wishes.jobs; j++) {
        job[j] = (JobShopJob){ shop->operations, wishes.operations, 0, INT64_MAX, 1 };
        if (wishes.dates)
            job[j] = (JobShopJob){ shop->operations, wishes.operations, below(random, 8),
                                   5 + below(random, 20), below(random, 4) };
        for (int i = 0; i < wishes.operations; i++) {
            JobShopOperation *o = operation + shop->operations++;
            o->job = j;
            o->family = below(random, shop->families);
            o->is_whole = random_chance(random, 5);
            options_by_chance(random, wishes, shop, o, option);
        }
    }
    machines_by_chance(arena, random, wishes, shop);
    shop->goal = wishes.dates ? JOBSHOP_TARDINESS : JOBSHOP_MAKESPAN;
    return shop;
}

// ---- Trying all plans ---------------------------------------------------------------------------

typedef struct Trial {
    const JobShop *shop;
    int *next;       // of each job
    int64_t *ready;  // of each job
    int64_t *free;   // of each machine
    int *family;     // of each machine
    int64_t best;
} Trial;

static bool is_open(const JobShopMachine *machine, int64_t time)
{
    const Calendar *c = machine->calendar;
    if (!c)
        return true;
    int64_t at = c->period ? time % c->period : time;
    for (int i = 0; i < c->stretches; i++)
        if (at >= c->stretch[i].from && at < c->stretch[i].to)
            return true;
    return false;
}

// The moment after so many open units from `time` on.
static int64_t work_from(const JobShopMachine *machine, int64_t time, int64_t duration)
{
    while (duration > 0)
        duration -= is_open(machine, time++);
    return time;
}

static int64_t start_from(const JobShopMachine *machine, int64_t time, int64_t duration, bool whole)
{
    for (;; time++) {
        int64_t open = 0, wanted = whole && duration > 0 ? duration : 1;
        while (open < wanted && is_open(machine, time + open))
            open++;
        if (open == wanted)
            return time;
    }
}

static void judge(Trial *trial)
{
    const JobShop *shop = trial->shop;
    int64_t makespan = 0, tardiness = 0;
    for (int j = 0; j < shop->jobs; j++) {
        int64_t done = trial->ready[j], due = shop->job[j].due;
        makespan = done > makespan ? done : makespan;
        tardiness += done > due ? (done - due) * shop->job[j].weight : 0;
    }
    int64_t value = shop->goal == JOBSHOP_MAKESPAN ? makespan : tardiness;
    trial->best = value < trial->best ? value : trial->best;
}

static void try_next(Trial *trial);

static void try_option(Trial *trial, int j, const JobShopOption *option)
{
    const JobShopOperation *operation = trial->shop->operation + trial->next[j];
    const JobShopMachine *machine = trial->shop->machine + option->machine;
    int64_t ready = trial->ready[j], free = trial->free[option->machine];
    int family = trial->family[option->machine];
    int64_t setup = machine->setup && family >= 0
                      ? machine->setup[family * trial->shop->families + operation->family]
                      : 0;
    int64_t set_up = work_from(machine, free, setup);
    int64_t start =
        start_from(machine, set_up > ready ? set_up : ready, option->duration, operation->is_whole);
    trial->ready[j] = trial->free[option->machine] = work_from(machine, start, option->duration);
    trial->family[option->machine] = operation->family;
    trial->next[j]++;
    try_next(trial);
    trial->next[j]--;
    trial->family[option->machine] = family;
    trial->free[option->machine] = free;
    trial->ready[j] = ready;
}

static void try_next(Trial *trial)
{
    bool is_done = true;
    for (int j = 0; j < trial->shop->jobs; j++) {
        const JobShopJob *job = trial->shop->job + j;
        int u = trial->next[j];
        if (u == job->first + job->operations)
            continue;
        is_done = false;
        for (int o = 0; o < trial->shop->operation[u].options; o++)
            try_option(trial, j, trial->shop->option + trial->shop->operation[u].first_option + o);
    }
    if (is_done)
        judge(trial);
}

int64_t shop_best(Arena *arena, const JobShop *shop)
{
    Trial trial = { .shop = shop,
                    .next = NEW_ARRAY(arena, int, (size_t)shop->jobs),
                    .ready = NEW_ARRAY(arena, int64_t, (size_t)shop->jobs),
                    .free = NEW_ARRAY(arena, int64_t, (size_t)shop->machines),
                    .family = NEW_ARRAY(arena, int, (size_t)shop->machines),
                    .best = INT64_MAX };
    for (int j = 0; j < shop->jobs; j++) {
        trial.next[j] = shop->job[j].first;
        trial.ready[j] = shop->job[j].release;
    }
    for (int m = 0; m < shop->machines; m++)
        trial.family[m] = shop->machine[m].first_family;
    try_next(&trial);
    return trial.best;
}

// ---- Projects -----------------------------------------------------------------------------------

Project *project_by_chance(Arena *arena, Random *random, int activities, int resources,
                           int duration_max)
{
    size_t n = (size_t)activities, cells = n * (size_t)resources;
    Project *project = NEW(arena, Project);
    ProjectActivity *activity = NEW_ARRAY(arena, ProjectActivity, n);
    int *link = NEW_ARRAY(arena, int, n *n), *need = NEW_ARRAY(arena, int, cells + 1);
    int *capacity = NEW_ARRAY(arena, int, (size_t)resources + 1);
    *project = (Project){ .activities = activities,
                          .resources = resources,
                          .activity = activity,
                          .link = link,
                          .need = need,
                          .capacity = capacity };
    for (int r = 0; r < resources; r++)
        capacity[r] = 4 + below(random, 8);
    for (int i = 0; i < activities; i++) {
        activity[i] = (ProjectActivity){ below(random, duration_max + 1), project->links, 0 };
        for (int k = i + 1; k < activities; k++)
            if (random_chance(random, activities)) {
                link[project->links++] = k;
                activity[i].links++;
            }
        for (int r = 0; r < resources; r++)
            need[i * resources + r] = below(random, capacity[r] + 1);
    }
    return project;
}

typedef struct ProjectTrial {
    const Project *project;
    int *start;  // -1: not yet
    int best;
} ProjectTrial;

static bool fits_at(const ProjectTrial *trial, int i, int time)
{
    const Project *p = trial->project;
    for (int r = 0; r < p->resources; r++) {
        int used = p->need[i * p->resources + r];
        for (int k = 0; k < p->activities; k++)
            if (trial->start[k] >= 0 && trial->start[k] <= time &&
                time < trial->start[k] + p->activity[k].duration)
                used += p->need[k * p->resources + r];
        if (used > p->capacity[r])
            return false;
    }
    return true;
}

// When i may start after all it follows; -1 while one of these has no place.
static int ready_at(const ProjectTrial *trial, int i)
{
    const Project *p = trial->project;
    int ready = 0;
    for (int k = 0; k < p->activities; k++)
        for (int l = 0; l < p->activity[k].links; l++) {
            if (p->link[p->activity[k].first_link + l] != i)
                continue;
            if (trial->start[k] < 0)
                return -1;
            int done = trial->start[k] + p->activity[k].duration;
            ready = done > ready ? done : ready;
        }
    return ready;
}

static void try_activity(ProjectTrial *trial, int placed, int makespan)
{
    const Project *p = trial->project;
    if (makespan >= trial->best)
        return;
    if (placed == p->activities)
        trial->best = makespan;
    for (int i = 0; i < p->activities; i++) {
        int start = trial->start[i] < 0 ? ready_at(trial, i) : -1;
        if (start < 0)
            continue;
        for (int time = start; time < start + p->activity[i].duration; time++)
            if (!fits_at(trial, i, time))
                start = time + 1;
        int done = start + p->activity[i].duration;
        trial->start[i] = start;
        try_activity(trial, placed + 1, done > makespan ? done : makespan);
        trial->start[i] = -1;
    }
}

int project_best(Arena *arena, const Project *project)
{
    ProjectTrial trial = { project, NEW_ARRAY(arena, int, (size_t)project->activities), INT32_MAX };
    for (int i = 0; i < project->activities; i++)
        trial.start[i] = -1;
    try_activity(&trial, 0, 0);
    return trial.best;
}
