// project_check.c - whether a plan of a project keeps every rule. It looks at starts only and
// shares nothing with the search: a resource is most used at some activity's start, so all that run
// then are added up.
#include "algo/schedule/project.h"

#define WRONG(...) FAIL(ctx, E_INVALID, "project.plan", __VA_ARGS__)

static int64_t end_of(const Project *project, const ProjectPlan *plan, int i)
{
    return (int64_t)plan->start[i] + project->activity[i].duration;
}

static Status check_orders(Ctx *ctx, const Project *project, const ProjectPlan *plan)
{
    int64_t makespan = 0;
    for (int i = 0; i < project->activities; i++) {
        const ProjectActivity *activity = project->activity + i;
        int64_t end = end_of(project, plan, i);
        if (plan->start[i] < 0)
            return WRONG("activity %d starts at %d", i, plan->start[i]);
        for (int k = 0; k < activity->links; k++) {
            int after = project->link[activity->first_link + k];
            if (plan->start[after] < end)
                return WRONG("activity %d starts at %d, before %d is done at %lld", after,
                             plan->start[after], i, (long long)end);
        }
        makespan = end > makespan ? end : makespan;
    }
    if (makespan != plan->makespan)
        return WRONG("the makespan is %lld, not %d", (long long)makespan, plan->makespan);
    if (makespan < plan->lower_bound)
        return WRONG("the makespan is %lld, below its bound %d", (long long)makespan,
                     plan->lower_bound);
    return OK;
}

static Status check_moment(Ctx *ctx, const Project *project, const ProjectPlan *plan, int time)
{
    for (int r = 0; r < project->resources; r++) {
        int64_t used = 0;
        for (int i = 0; i < project->activities; i++)
            if (plan->start[i] <= time && time < end_of(project, plan, i))
                used += project->need[(size_t)i * (size_t)project->resources + (size_t)r];
        if (used > project->capacity[r])
            return WRONG("at %d, %lld of resource %d are used, of which there are %d", time,
                         (long long)used, r, project->capacity[r]);
    }
    return OK;
}

Status project_check(Ctx *ctx, const Project *project, const ProjectPlan *plan)
{
    TRY(check_orders(ctx, project, plan));
    for (int i = 0; i < project->activities; i++)
        TRY(check_moment(ctx, project, plan, plan->start[i]));
    return OK;
}
