// schedule.c - entrepot-schedule: job shops and projects, planned.
#include "tool/schedule_read.h"
#include "tool/schedule_write.h"
#include "tool/tool.h"

enum { THREADS_MAX = 64 };

static struct {
    const char *in, *out, *svg, *goal;
    double seconds;
    int64_t seed, threads, steps;
    bool is_quiet;
} opts = { .seconds = 10, .seed = 1, .threads = 1 };

// clang-format off
static const ToolOption options[] = {
    { NULL, "IN", TOOL_TEXT, &opts.in, "what is to be planned; \"-\" is stdin, .gz is unpacked" },
    { "-o", "OUT.json", TOOL_TEXT, &opts.out, "where the plans go (default: stdout)" },
    { "--svg", "GANTT.svg", TOOL_TEXT, &opts.svg, "a chart of the last plan" },
    { "--seconds", "N", TOOL_NUMBER, &opts.seconds, "for each task (10)" },
    { "--steps", "N", TOOL_INT, &opts.steps, "for each task: moves or schedules tried, instead of seconds" },
    { "--seed", "N", TOOL_INT, &opts.seed, "of the search's chance (1)" },
    { "--threads", "N", TOOL_INT, &opts.threads, "that search at the same time (1)" },
    { "--goal", "GOAL", TOOL_TEXT, &opts.goal, "makespan or tardiness, whatever the file says" },
    { "--quiet", NULL, TOOL_SWITCH, &opts.is_quiet, "no progress on stderr" },
    { 0 },
};

static const char formats[] =
    "IN is one of these; the JSON forms may also come as one task a line:\n"
    "\n"
    "  job shop       {\"name\": \"x\", \"jobs\": [[[machine, duration], ...], ...]}\n"
    "                 or text: a line \"jobs machines\", then a line of pairs for each job\n"
    "  flexible       {\"operations\": [{\"operation\": 0, \"machine\": 2, \"duration\": 4}, ...],\n"
    "                  \"precedences\": [{\"before\": 0, \"after\": 1}, ...]}, chains only; an\n"
    "                 operation's rows are its alternatives. Or text: a line \"jobs machines\", then\n"
    "                 for each job a line: operations, and for each: alternatives, and pairs\n"
    "  project        {\"name\": \"p\", \"capacity\": [4, 9],\n"
    "                  \"activities\": [{\"d\": 3, \"r\": [2, 0], \"succ\": [1, 2]}, ...]}\n"
    "  work centres   {\"name\": \"week 12\", \"minimise\": \"tardiness\",\n"
    "                  \"work_centres\": [{\"id\": \"saw\",\n"
    "                    \"calendar\": {\"period\": 1440, \"open\": [[480, 720], [780, 1020]]},\n"
    "                    \"setup\": {\"start\": \"oak\", \"default\": 20, \"times\": [[\"oak\", \"pine\", 35]]}}],\n"
    "                  \"jobs\": [{\"id\": \"A\", \"release\": 0, \"due\": 960, \"weight\": 3, \"operations\":\n"
    "                    [{\"id\": \"cut\", \"family\": \"pine\", \"whole\": true,\n"
    "                      \"alternatives\": [{\"work_centre\": \"saw\", \"duration\": 90}]}]}]}\n"
    "                 Times are whole numbers of any unit, 0 or later. A calendar without period ends\n"
    "                 with its last stretch. Work pauses while its work centre is closed; what is\n"
    "                 \"whole\" waits until it fits. A set-up takes working time before the operation\n"
    "                 and may precede the job's arrival. \"priority\" is another word for \"weight\".\n"
    "\n"
    "OUT has one line of JSON for each task:\n"
    "  {\"name\", \"makespan\", \"lower_bound\", \"weighted_tardiness\", \"operations\": [{\"job\", \"operation\",\n"
    "   \"machine\", \"start\", \"end\"}, ...]}, or for a project\n"
    "  {\"name\", \"makespan\", \"lower_bound\", \"critical_path\", \"activities\": [{\"activity\", \"start\", \"end\"}, ...]}\n";
// clang-format on

static Status check_options(Ctx *ctx)
{
    if (opts.seconds < 0 || opts.steps < 0)
        return FAIL(ctx, E_INVALID, "tool.option", "--seconds and --steps are at least 0");
    if (opts.threads < 1 || opts.threads > THREADS_MAX)
        return FAIL(ctx, E_INVALID, "tool.option", "--threads is 1 to %d", THREADS_MAX);
    if (opts.goal && strcmp(opts.goal, "makespan") != 0 && strcmp(opts.goal, "tardiness") != 0)
        return FAIL(ctx, E_INVALID, "tool.option", "--goal is makespan or tardiness, not \"%s\"",
                    opts.goal);
    return OK;
}

// ---- Progress -----------------------------------------------------------------------------------

static const Budget *running;  // the budget of the task at hand, for the time

static void tell_shop(void *of, const void *answer)
{
    const JobShopPlan *plan = answer;
    fprintf(stderr, "%8.3f s  makespan %lld  tardiness %lld  at least %lld\n",
            tool_now() - running->started, (long long)plan->makespan, (long long)plan->tardiness,
            (long long)plan->lower_bound);
}

static void tell_project(void *of, const void *answer)
{
    const ProjectPlan *plan = answer;
    fprintf(stderr, "%8.3f s  makespan %d  at least %d\n", tool_now() - running->started,
            plan->makespan, plan->lower_bound);
}

// ---- Tasks --------------------------------------------------------------------------------------

static Status plan_shop(Ctx *ctx, ScheduleTask *task, Budget *budget, Buf *out, Buf *svg)
{
    JobShopPlan plan;
    if (opts.goal)
        task->shop.goal =
            strcmp(opts.goal, "tardiness") == 0 ? JOBSHOP_TARDINESS : JOBSHOP_MAKESPAN;
    TRY(jobshop_schedule(ctx, &task->shop, budget, &plan));
    schedule_write_shop(task, &plan, out);
    buf_clear(svg);
    if (opts.svg)
        schedule_draw_shop(task, &plan, svg);
    return OK;
}

static Status plan_project(Ctx *ctx, ScheduleTask *task, Budget *budget, Buf *out, Buf *svg)
{
    ProjectPlan plan;
    TRY(project_schedule(ctx, &task->project, budget, &plan));
    schedule_write_project(task, &plan, out);
    buf_clear(svg);
    if (opts.svg)
        schedule_draw_project(task, &plan, svg);
    return OK;
}

// What a task's search takes goes with it: `out` and `svg` live in an arena of their own.
static Status plan_task(Ctx *ctx, ScheduleTask *task, Buf *out, Buf *svg)
{
    Budget budget;
    tool_budget(&budget, opts.steps ? 0 : opts.seconds, (int)opts.threads, (uint64_t)opts.seed);
    budget.steps = opts.steps ? opts.steps : opts.seconds > 0 ? 0 : 1;
    if (!opts.is_quiet)
        budget.better = task->is_project ? tell_project : tell_shop;
    running = &budget;
    ArenaMark mark = arena_mark(ctx->arena);
    TRY(task->is_project ? plan_project(ctx, task, &budget, out, svg)
                         : plan_shop(ctx, task, &budget, out, svg));
    arena_rewind(ctx->arena, mark);
    return OK;
}

static void release_arena(void *arena)
{
    arena_release(arena);
}

static Status run(Ctx *ctx)
{
    Str text;
    ScheduleTaskList tasks = { 0 };
    TRY(check_options(ctx));
    TRY(tool_read(ctx, opts.in, &text));
    TRY(schedule_read(ctx, text, &tasks));
    Arena *answers = NEW(ctx->arena, Arena);
    arena_defer(ctx->arena, release_arena, answers);
    Buf out = { .arena = answers }, svg = { .arena = answers };
    EACH (task, tasks)
        TRY(plan_task(ctx, task, &out, &svg));
    TRY(tool_write(ctx, opts.out, buf_str(&out)));
    return opts.svg ? tool_write(ctx, opts.svg, buf_str(&svg)) : OK;
}

int main(int argc, char **argv)
{
    static const ToolSpec spec = {
        "entrepot-schedule", "plans job shops and projects: which operation runs where and when",
        options, formats, run
    };
    return tool_main(&spec, argc, argv);
}
