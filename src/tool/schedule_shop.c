// schedule_shop.c - a job shop that is being read.
#include "tool/schedule_shop.h"

Status draft_job(Ctx *ctx, ShopDraft *draft)
{
    if (draft->jobs.len >= JOBSHOP_OPERATIONS_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "there are more than %d jobs",
                    JOBSHOP_OPERATIONS_MAX);
    JobShopJob *job = list_push(draft->arena, &draft->jobs);
    *job = (JobShopJob){ .first = (int)draft->operations.len, .due = INT64_MAX, .weight = 1 };
    return OK;
}

Status draft_operation(Ctx *ctx, ShopDraft *draft)
{
    if (draft->operations.len >= JOBSHOP_OPERATIONS_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "there are more than %d operations",
                    JOBSHOP_OPERATIONS_MAX);
    JobShopOperation *operation = list_push(draft->arena, &draft->operations);
    operation->job = (int)draft->jobs.len - 1;
    operation->first_option = (int)draft->options.len;
    draft->jobs.items[operation->job].operations++;
    return OK;
}

Status draft_option(Ctx *ctx, ShopDraft *draft, int64_t machine, int64_t duration)
{
    if (machine < 0 || machine >= JOBSHOP_MACHINES_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "machine %lld is not one of 0 to %d",
                    (long long)machine, JOBSHOP_MACHINES_MAX - 1);
    if (duration < 0 || duration > JOBSHOP_TIME_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "a duration of %lld is not 0 to %lld",
                    (long long)duration, (long long)JOBSHOP_TIME_MAX);
    if (draft->options.len >= (size_t)JOBSHOP_OPERATIONS_MAX * 20)
        return FAIL(ctx, E_INVALID, "schedule.file", "there are more than %d alternatives",
                    JOBSHOP_OPERATIONS_MAX * 20);
    JobShopOption *option = list_push(draft->arena, &draft->options);
    *option = (JobShopOption){ (int)machine, duration };
    draft->operations.items[draft->operations.len - 1].options++;
    if (machine >= draft->machines)
        draft->machines = (int)machine + 1;
    return OK;
}

void draft_finish(ShopDraft *draft, JobShop *ret)
{
    JobShopMachine *machines = NEW_ARRAY(draft->arena, JobShopMachine, (size_t)draft->machines + 1);
    for (int m = 0; m < draft->machines; m++)
        machines[m].first_family = -1;
    *ret = (JobShop){ .jobs = (int)draft->jobs.len,
                      .operations = (int)draft->operations.len,
                      .machines = draft->machines,
                      .options = (int)draft->options.len,
                      .families = 1,
                      .job = draft->jobs.items,
                      .operation = draft->operations.items,
                      .option = draft->options.items,
                      .machine = machines };
}
