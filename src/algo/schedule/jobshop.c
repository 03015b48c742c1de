// jobshop.c - which search answers which job shop, and the times of its answer.
#include "algo/schedule/jobshop.h"

#include "algo/schedule/anneal.h"
#include "algo/schedule/bound.h"
#include "algo/schedule/dispatch.h"
#include "algo/schedule/elite.h"

typedef struct Report {
    const JobShop *shop;
    Budget *budget;
    JobGraph graph;
    JobShopPlan plan;
} Report;

// ---- What fits together -------------------------------------------------------------------------

static Status check_option(Ctx *ctx, const JobShop *shop, int u, int option)
{
    const JobShopOption *o = shop->option + option;
    if (o->machine < 0 || o->machine >= shop->machines)
        return FAIL(ctx, E_INVALID, "jobshop.input", "operation %d wants machine %d of %d", u,
                    o->machine, shop->machines);
    if (o->duration < 0 || o->duration > JOBSHOP_TIME_MAX)
        return FAIL(ctx, E_INVALID, "jobshop.input",
                    "operation %d takes %lld, which is not 0 to %lld", u, (long long)o->duration,
                    (long long)JOBSHOP_TIME_MAX);
    return OK;
}

static Status check_operations(Ctx *ctx, const JobShop *shop)
{
    int next = 0;
    for (int u = 0; u < shop->operations; u++) {
        const JobShopOperation *o = shop->operation + u;
        if (o->options < 1)
            return FAIL(ctx, E_INVALID, "jobshop.input", "operation %d can run nowhere", u);
        if (o->first_option != next || o->options > shop->options - next)
            return FAIL(ctx, E_INVALID, "jobshop.input", "operation %d's options are not its own",
                        u);
        if (o->family < 0 || o->family >= shop->families)
            return FAIL(ctx, E_INVALID, "jobshop.input", "operation %d is of family %d of %d", u,
                        o->family, shop->families);
        for (int i = 0; i < o->options; i++)
            TRY(check_option(ctx, shop, u, next++));
    }
    return OK;
}

static Status check_jobs(Ctx *ctx, const JobShop *shop)
{
    int next = 0;
    for (int j = 0; j < shop->jobs; j++) {
        const JobShopJob *job = shop->job + j;
        if (job->first != next || job->operations < 0 || job->operations > shop->operations - next)
            return FAIL(ctx, E_INVALID, "jobshop.input", "job %d's operations are not its own", j);
        if (job->release < 0 || job->release > JOBSHOP_TIME_MAX || job->due < 0 ||
            job->weight < 0 || job->weight > JOBSHOP_TIME_MAX)
            return FAIL(ctx, E_INVALID, "jobshop.input",
                        "job %d has a date or weight that is not 0 to %lld", j,
                        (long long)JOBSHOP_TIME_MAX);
        for (int i = 0; i < job->operations; i++)
            if (shop->operation[next++].job != j)
                return FAIL(ctx, E_INVALID, "jobshop.input", "operation %d is not of job %d",
                            next - 1, j);
    }
    return next == shop->operations
             ? OK
             : FAIL(ctx, E_INVALID, "jobshop.input", "operation %d is of no job", next);
}

static Status check_sizes(Ctx *ctx, const JobShop *shop)
{
    if (shop->operations < 1 || shop->operations > JOBSHOP_OPERATIONS_MAX)
        return FAIL(ctx, E_INVALID, "jobshop.input", "a job shop has 1 to %d operations, not %d",
                    JOBSHOP_OPERATIONS_MAX, shop->operations);
    if (shop->machines < 1 || shop->machines > JOBSHOP_MACHINES_MAX)
        return FAIL(ctx, E_INVALID, "jobshop.input", "a job shop has 1 to %d machines, not %d",
                    JOBSHOP_MACHINES_MAX, shop->machines);
    if (shop->families < 1 || shop->families > JOBSHOP_FAMILIES_MAX)
        return FAIL(ctx, E_INVALID, "jobshop.input", "a job shop has 1 to %d families, not %d",
                    JOBSHOP_FAMILIES_MAX, shop->families);
    if (shop->jobs < 1 || shop->jobs > 2 * JOBSHOP_OPERATIONS_MAX)
        return FAIL(ctx, E_INVALID, "jobshop.input", "a job shop has 1 to %d jobs, not %d",
                    2 * JOBSHOP_OPERATIONS_MAX, shop->jobs);
    return OK;
}

// What one operation may take at most, with its set-up.
static int64_t longest_setup(const JobShop *shop)
{
    int64_t longest = 0;
    for (int m = 0; m < shop->machines; m++)
        for (int i = 0; shop->machine[m].setup && i < shop->families * shop->families; i++)
            if (shop->machine[m].setup[i] > longest)
                longest = shop->machine[m].setup[i];
    return longest;
}

static Status check_machines(Ctx *ctx, const JobShop *shop)
{
    for (int m = 0; m < shop->machines; m++) {
        const JobShopMachine *machine = shop->machine + m;
        if (machine->first_family < -1 || machine->first_family >= shop->families)
            return FAIL(ctx, E_INVALID, "jobshop.input", "machine %d starts with family %d of %d",
                        m, machine->first_family, shop->families);
        for (int i = 0; machine->setup && i < shop->families * shop->families; i++)
            if (machine->setup[i] < 0 || machine->setup[i] > JOBSHOP_TIME_MAX)
                return FAIL(ctx, E_INVALID, "jobshop.input",
                            "a set-up of machine %d takes %lld, which is not 0 to %lld", m,
                            (long long)machine->setup[i], (long long)JOBSHOP_TIME_MAX);
    }
    return OK;
}

// Everything one after another, through the machines' closed hours, must end before CALENDAR_NEVER;
// otherwise sums of times could not be told from it.
static Status check_horizon(Ctx *ctx, const JobShop *shop)
{
    double work = (double)longest_setup(shop) * shop->operations, release = 0, turns = 0;
    for (int i = 0; i < shop->options; i++)
        work += (double)shop->option[i].duration;
    for (int j = 0; j < shop->jobs; j++)
        release = (double)shop->job[j].release > release ? (double)shop->job[j].release : release;
    for (int m = 0; m < shop->machines; m++) {
        const Calendar *c = shop->machine[m].calendar;
        if (!c || c->period == 0)
            continue;
        double more = (double)c->period *
                      (work / (double)c->worked[c->stretches] + 3.0 * shop->operations + 2);
        turns = more > turns ? more : turns;
    }
    if (release + work + turns >= (double)CALENDAR_NEVER / 4)
        return FAIL(ctx, E_INVALID, "jobshop.input",
                    "the work could take longer than %lld units of time",
                    (long long)CALENDAR_NEVER / 4);
    return OK;
}

Status jobshop_validate(Ctx *ctx, const JobShop *shop)
{
    TRY(check_sizes(ctx, shop));
    TRY(check_operations(ctx, shop));
    TRY(check_jobs(ctx, shop));
    TRY(check_machines(ctx, shop));
    return check_horizon(ctx, shop);
}

// ---- Answers ------------------------------------------------------------------------------------

static JobShopPlan plan_make(Arena *arena, const JobShop *shop, int64_t bound)
{
    size_t n = (size_t)shop->operations;
    return (JobShopPlan){ .option = NEW_ARRAY(arena, int, n),
                          .start = NEW_ARRAY(arena, int64_t, n),
                          .end = NEW_ARRAY(arena, int64_t, n),
                          .turn = NEW_ARRAY(arena, int, n),
                          .lower_bound = bound };
}

static void time_sequence(JobGraph *graph, JobSequence *sequence)
{
    jobgraph_load(graph, sequence);
    jobgraph_times(graph, 0);
    sequence->makespan = jobgraph_makespan(graph);
    sequence->tardiness = jobgraph_tardiness(graph);
}

static void fill_turns(const JobGraph *graph, int *turn)
{
    for (int m = 0; m < graph->shop->machines; m++) {
        int count = 0;
        for (int u = graph->first[m]; u < graph->n; u = graph->node[u].later)
            turn[u] = count++;
    }
}

static void fill_plan(Report *report, const JobSequence *best)
{
    JobShopPlan *plan = &report->plan;
    JobGraph *g = &report->graph;
    jobgraph_load(g, best);
    jobgraph_times(g, 0);
    for (int u = 0; u < g->n; u++) {
        bool by_machine;
        plan->option[u] = g->node[u].option;
        plan->start[u] = jobgraph_start(g, u, &by_machine);
        plan->end[u] = g->node[u].done;
    }
    fill_turns(g, plan->turn);
    plan->makespan = jobgraph_makespan(g);
    plan->tardiness = jobgraph_tardiness(g);
}

static void tell(void *arg, const JobSequence *best)
{
    Report *report = arg;
    if (!report->budget->better)
        return;
    fill_plan(report, best);
    report->budget->better(report->budget->of, &report->plan);
}

// ---- First plans --------------------------------------------------------------------------------

static void plan_by_rules(Ctx *ctx, const JobShop *shop, Report *report, JobSequence *best)
{
    JobDispatch *dispatch = jobdispatch_make(ctx->arena, shop);
    JobSequence sequence = jobsequence_make(ctx->arena, shop);
    Random random = { report->budget->seed };
    for (DispatchRule rule = 0; rule < DISPATCH_ANY; rule++) {
        if (rule > 0 && budget_over(report->budget, 0))
            return;
        jobdispatch_plan(dispatch, rule, &random, &sequence);
        time_sequence(&report->graph, &sequence);
        if (rule > 0 && !jobsequence_better(shop, &sequence, best))
            continue;
        jobsequence_copy(shop, best, &sequence);
        tell(report, best);
    }
}

static bool has_calendars(const JobShop *shop)
{
    for (int m = 0; m < shop->machines; m++)
        if (shop->machine[m].calendar)
            return true;
    return false;
}

// Whether all work found open hours.
static Status check_open(Ctx *ctx, const JobShop *shop, const JobShopPlan *plan)
{
    for (int u = 0; u < shop->operations; u++)
        if (plan->end[u] >= CALENDAR_NEVER)
            return FAIL(ctx, E_INVALID, "jobshop.closed",
                        "the calendar of machine %d has no time for operation %d",
                        shop->option[plan->option[u]].machine, u);
    return OK;
}

Status jobshop_schedule(Ctx *ctx, const JobShop *shop, Budget *budget, JobShopPlan *ret)
{
    TRY(jobshop_validate(ctx, shop));
    Report report = { .shop = shop, .budget = budget };
    int64_t bound = jobshop_bound(ctx, shop);
    report.plan = plan_make(ctx->arena, shop, bound);
    jobgraph_make(ctx->arena, shop, &report.graph);
    JobSequence best = jobsequence_make(ctx->arena, shop);
    plan_by_rules(ctx, shop, &report, &best);
    if (shop->goal == JOBSHOP_MAKESPAN && !has_calendars(shop))
        jobelite_search(ctx, shop, bound, budget, &best, tell, &report);
    else
        jobanneal_search(ctx, shop, bound, budget, &best, tell, &report);
    fill_plan(&report, &best);
    TRY(check_open(ctx, shop, &report.plan));
    *ret = report.plan;
    return OK;
}
