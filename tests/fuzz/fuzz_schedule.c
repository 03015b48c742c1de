// fuzz_schedule.c - any bytes as a file to be planned. Laws: a refusal says something; what is read
// gets a plan that keeps every rule, or is told why there is none; writing and drawing it work.
#include "fuzz.h"

#include "tool/schedule_write.h"

enum { OPERATIONS_PLANNED = 300, STEPS = 60 };

static void plan_shop(Ctx *ctx, const ScheduleTask *task, Buf *out)
{
    Budget budget = { .steps = STEPS };
    JobShopPlan plan;
    if (task->shop.operations > OPERATIONS_PLANNED || task->shop.jobs > OPERATIONS_PLANNED)
        return;
    if (jobshop_schedule(ctx, &task->shop, &budget, &plan) != OK) {
        LAW(strcmp(ctx->failure.code, "jobshop.closed") == 0);
        return;
    }
    LAW(jobshop_check(ctx, &task->shop, &plan) == OK);
    schedule_write_shop(task, &plan, out);
    schedule_draw_shop(task, &plan, out);
}

static void plan_project(Ctx *ctx, const ScheduleTask *task, Buf *out)
{
    Budget budget = { .steps = STEPS };
    ProjectPlan plan;
    if (task->project.activities > OPERATIONS_PLANNED)
        return;
    LAW(project_schedule(ctx, &task->project, &budget, &plan) == OK);
    LAW(project_check(ctx, &task->project, &plan) == OK);
    schedule_write_project(task, &plan, out);
    schedule_draw_project(task, &plan, out);
}

static Status read_and_plan(Ctx *ctx, void *arg)
{
    ScheduleTaskList tasks = { 0 };
    Buf out = { .arena = ctx->arena };
    TRY(schedule_read(ctx, *(Str *)arg, &tasks));
    EACH (task, tasks) {
        if (task->is_project)
            plan_project(ctx, task, &out);
        else
            plan_shop(ctx, task, &out);
        buf_clear(&out);
    }
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Ctx ctx = { .arena = &arena };
    Str text = { (const char *)data, size };
    if (ctx_guard(&ctx, read_and_plan, &text) != OK)
        LAW(ctx.failure.message.len > 0 && ctx.failure.code);
    arena_release(&arena);
    return 0;
}
