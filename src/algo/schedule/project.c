// project.c - projects whose resources are scarce: what fits together, the first plan, the search.
#include "algo/schedule/project.h"

#include "algo/schedule/breed.h"
#include "algo/schedule/project_bound.h"

// ---- What fits together -------------------------------------------------------------------------

static Status check_sizes(Ctx *ctx, const Project *p)
{
    if (p->activities < 1 || p->activities > PROJECT_ACTIVITIES_MAX)
        return FAIL(ctx, E_INVALID, "project.input", "a project has 1 to %d activities, not %d",
                    PROJECT_ACTIVITIES_MAX, p->activities);
    if (p->resources < 0 || p->resources > PROJECT_RESOURCES_MAX)
        return FAIL(ctx, E_INVALID, "project.input", "a project has at most %d resources, not %d",
                    PROJECT_RESOURCES_MAX, p->resources);
    if (p->links < 0 || p->links > PROJECT_LINKS_MAX)
        return FAIL(ctx, E_INVALID, "project.input", "a project has at most %d links, not %d",
                    PROJECT_LINKS_MAX, p->links);
    for (int r = 0; r < p->resources; r++)
        if (p->capacity[r] < 0 || p->capacity[r] > PROJECT_CAPACITY_MAX)
            return FAIL(ctx, E_INVALID, "project.input", "resource %d has %d, which is not 0 to %d",
                        r, p->capacity[r], PROJECT_CAPACITY_MAX);
    return OK;
}

static Status check_needs(Ctx *ctx, const Project *p, int i)
{
    for (int r = 0; r < p->resources; r++) {
        int need = p->need[(size_t)i * (size_t)p->resources + (size_t)r];
        if (need < 0)
            return FAIL(ctx, E_INVALID, "project.input", "activity %d needs %d of resource %d", i,
                        need, r);
        if (need > p->capacity[r] && p->activity[i].duration > 0)
            return FAIL(ctx, E_INVALID, "project.capacity",
                        "activity %d needs %d of resource %d, of which there are %d", i, need, r,
                        p->capacity[r]);
    }
    return OK;
}

static Status check_activities(Ctx *ctx, const Project *p)
{
    int64_t sum = 0;
    int next = 0;
    for (int i = 0; i < p->activities; i++) {
        const ProjectActivity *activity = p->activity + i;
        if (activity->first_link != next || activity->links < 0 ||
            activity->links > p->links - next)
            return FAIL(ctx, E_INVALID, "project.input", "activity %d's links are not its own", i);
        for (int k = 0; k < activity->links; k++, next++)
            if (p->link[next] < 0 || p->link[next] >= p->activities)
                return FAIL(ctx, E_INVALID, "project.input", "activity %d is followed by %d of %d",
                            i, p->link[next], p->activities);
        if (activity->duration < 0 || (sum += activity->duration) > PROJECT_TIME_MAX)
            return FAIL(ctx, E_INVALID, "project.input",
                        "all activities together take 0 to %d units of time, not more",
                        PROJECT_TIME_MAX);
        TRY(check_needs(ctx, p, i));
    }
    return next == p->links
             ? OK
             : FAIL(ctx, E_INVALID, "project.input", "link %d is of no activity", next);
}

// Takes away whoever waits for nobody, until nobody is left.
static Status check_circles(Ctx *ctx, const Project *p)
{
    int *waiting = NEW_ARRAY(ctx->arena, int, (size_t)p->activities);
    int *free = NEW_ARRAY(ctx->arena, int, (size_t)p->activities);
    int count = 0;
    for (int k = 0; k < p->links; k++)
        waiting[p->link[k]]++;
    for (int i = 0; i < p->activities; i++)
        if (waiting[i] == 0)
            free[count++] = i;
    for (int at = 0; at < count; at++) {
        const ProjectActivity *activity = p->activity + free[at];
        for (int k = 0; k < activity->links; k++)
            if (--waiting[p->link[activity->first_link + k]] == 0)
                free[count++] = p->link[activity->first_link + k];
    }
    for (int i = 0; i < p->activities; i++)
        if (waiting[i] > 0)
            return FAIL(ctx, E_INVALID, "project.circle",
                        "activity %d follows itself, or one that does", i);
    return OK;
}

Status project_validate(Ctx *ctx, const Project *project)
{
    TRY(check_sizes(ctx, project));
    TRY(check_activities(ctx, project));
    return check_circles(ctx, project);
}

// ---- The plan -----------------------------------------------------------------------------------

typedef struct Report {
    Budget *budget;
    ProjectPlan plan;
} Report;

static void tell(void *arg, int makespan)
{
    Report *report = arg;
    report->plan.makespan = makespan;
    if (report->budget->better)
        report->budget->better(report->budget->of, &report->plan);
}

// What must end soonest goes first.
static int first_plan(Ctx *ctx, ProjectSgs *sgs, const int *tail, int *start)
{
    const Project *project = sgs->project;
    int *list = NEW_ARRAY(ctx->arena, int, (size_t)project->activities);
    int *rest = NEW_ARRAY(ctx->arena, int, (size_t)project->activities);
    for (int i = 0; i < project->activities; i++)
        rest[i] = tail[i] + project->activity[i].duration;
    project_list(sgs, rest, NULL, list);
    int makespan = sgs_schedule(sgs, list, start);
    return sgs_justify(sgs, list, start, makespan);
}

Status project_schedule(Ctx *ctx, const Project *project, Budget *budget, ProjectPlan *ret)
{
    TRY(project_validate(ctx, project));
    size_t n = (size_t)project->activities;
    Report report = { .budget = budget, .plan.start = NEW_ARRAY(ctx->arena, int, n) };
    int *head = NEW_ARRAY(ctx->arena, int, n), *tail = NEW_ARRAY(ctx->arena, int, n);
    ProjectSgs sgs;
    ProjectPlan *plan = &report.plan;
    sgs_make(ctx->arena, project, &sgs);
    plan->lower_bound = project_bound(ctx->arena, &sgs, head, tail, &plan->critical_path);
    tell(&report, first_plan(ctx, &sgs, tail, plan->start));
    plan->makespan = project_breed(ctx, project, tail, plan->lower_bound, budget, plan->start,
                                   plan->makespan, tell, &report);
    *ret = *plan;
    return OK;
}
