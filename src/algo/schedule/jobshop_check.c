// jobshop_check.c - whether a plan of a job shop keeps every rule. It looks at starts, ends and
// turns only and shares nothing with the search: open hours are added up stretch by stretch. Turns
// are needed where work takes no time: of two such operations in one instant, starts do not say
// which was first and so which set-up there was.
#include "algo/schedule/jobshop.h"

#define WRONG(...) FAIL(ctx, E_INVALID, "jobshop.plan", __VA_ARGS__)

typedef struct Run {
    int machine, turn, operation;
    int64_t start, end;
} Run;

// ---- Open hours ---------------------------------------------------------------------------------

// Open time in [0, time).
static int64_t open_before(const Calendar *calendar, int64_t time)
{
    int64_t sum = 0, all = 0;
    int64_t turns = calendar->period ? time / calendar->period : 0;
    int64_t rest = time - turns * calendar->period;
    for (int i = 0; i < calendar->stretches; i++) {
        const CalendarStretch *s = calendar->stretch + i;
        all += s->to - s->from;
        if (rest > s->from)
            sum += (rest < s->to ? rest : s->to) - s->from;
    }
    return turns * all + sum;
}

static int64_t open_between(const Calendar *calendar, int64_t from, int64_t to)
{
    if (!calendar)
        return to - from;
    return to > from ? open_before(calendar, to) - open_before(calendar, from) : 0;
}

// ---- One operation ------------------------------------------------------------------------------

static Status check_run(Ctx *ctx, const JobShop *shop, const JobShopPlan *plan, int u)
{
    const JobShopOperation *operation = shop->operation + u;
    int place = plan->option[u] - operation->first_option;
    if (place < 0 || place >= operation->options)
        return WRONG("operation %d takes an option that is not its own", u);
    const JobShopOption *option = shop->option + plan->option[u];
    const Calendar *calendar = shop->machine[option->machine].calendar;
    int64_t start = plan->start[u], end = plan->end[u];
    if (start < 0 || end < start)
        return WRONG("operation %d runs from %lld to %lld", u, (long long)start, (long long)end);
    if (open_between(calendar, start, end) != option->duration)
        return WRONG("operation %d works for %lld, not %lld", u,
                     (long long)open_between(calendar, start, end), (long long)option->duration);
    if (option->duration > 0 && (open_between(calendar, start, start + 1) == 0 ||
                                 open_between(calendar, end - 1, end) == 0))
        return WRONG("operation %d starts or ends in closed hours", u);
    if (operation->is_whole && end - start != option->duration)
        return WRONG("operation %d is interrupted", u);
    return OK;
}

// ---- Jobs ---------------------------------------------------------------------------------------

static Status check_job(Ctx *ctx, const JobShop *shop, const JobShopPlan *plan, int j,
                        int64_t *ret_done)
{
    int64_t done = shop->job[j].release;
    for (int i = 0; i < shop->job[j].operations; i++) {
        int u = shop->job[j].first + i;
        TRY(check_run(ctx, shop, plan, u));
        if (plan->start[u] < done)
            return WRONG("operation %d starts at %lld, before its job is there at %lld", u,
                         (long long)plan->start[u], (long long)done);
        done = plan->end[u];
    }
    *ret_done = shop->job[j].operations ? done : 0;
    return OK;
}

// Late work is summed as a fraction would be, and compared only while it is exact.
static Status check_totals(Ctx *ctx, const JobShop *shop, const JobShopPlan *plan)
{
    int64_t makespan = 0;
    __int128 tardiness = 0;
    for (int j = 0; j < shop->jobs; j++) {
        int64_t done = 0;
        TRY(check_job(ctx, shop, plan, j, &done));
        makespan = done > makespan ? done : makespan;
        if (done > shop->job[j].due)
            tardiness += (__int128)(done - shop->job[j].due) * shop->job[j].weight;
    }
    if (makespan != plan->makespan)
        return WRONG("the makespan is %lld, not %lld", (long long)makespan,
                     (long long)plan->makespan);
    if (tardiness < INT64_MAX / 2 && tardiness != plan->tardiness)
        return WRONG("the tardiness is %lld, not %lld", (long long)tardiness,
                     (long long)plan->tardiness);
    if (makespan < plan->lower_bound)
        return WRONG("the makespan is %lld, below its bound %lld", (long long)makespan,
                     (long long)plan->lower_bound);
    return OK;
}

// ---- Machines -----------------------------------------------------------------------------------

static int by_machine(const void *a, const void *b)
{
    const Run *x = a, *y = b;
    if (x->machine != y->machine)
        return x->machine - y->machine;
    return x->turn < y->turn ? -1 : x->turn > y->turn;
}

// Between two runs on a machine lies the set-up, in open hours; the first may need one, too.
static Status check_next(Ctx *ctx, const JobShop *shop, const Run *before, const Run *run)
{
    const JobShopMachine *machine = shop->machine + run->machine;
    int64_t free = before ? before->end : 0;
    if (run->turn != (before ? before->turn + 1 : 0))
        return WRONG("operation %d cannot have turn %d on its machine", run->operation, run->turn);
    int from = before ? shop->operation[before->operation].family : machine->first_family;
    int to = shop->operation[run->operation].family;
    int64_t setup = machine->setup && from >= 0 ? machine->setup[from * shop->families + to] : 0;
    if (run->start < free)
        return WRONG("operations %d and %d are on machine %d at the same time",
                     before ? before->operation : -1, run->operation, run->machine);
    if (open_between(machine->calendar, free, run->start) < setup)
        return WRONG("operation %d starts before its machine is set up", run->operation);
    return OK;
}

static Status check_machines(Ctx *ctx, const JobShop *shop, const JobShopPlan *plan)
{
    Run *runs = NEW_ARRAY(ctx->arena, Run, (size_t)shop->operations);
    for (int u = 0; u < shop->operations; u++)
        runs[u] = (Run){ shop->option[plan->option[u]].machine, plan->turn[u], u, plan->start[u],
                         plan->end[u] };
    qsort(runs, (size_t)shop->operations, sizeof *runs, by_machine);
    for (int i = 0; i < shop->operations; i++) {
        bool is_first = i == 0 || runs[i - 1].machine != runs[i].machine;
        TRY(check_next(ctx, shop, is_first ? NULL : runs + i - 1, runs + i));
    }
    return OK;
}

Status jobshop_check(Ctx *ctx, const JobShop *shop, const JobShopPlan *plan)
{
    TRY(check_totals(ctx, shop, plan));
    return check_machines(ctx, shop, plan);
}
