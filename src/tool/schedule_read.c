// schedule_read.c - the published forms in JSON: job shops, flexible job shops, projects; and which
// form a file has.
#include "tool/schedule_read.h"

#include "tool/schedule_shop.h"

// ---- Job shops: {"jobs": [[[machine, duration], ...], ...]} -------------------------------------

static Status read_pair(Ctx *ctx, const Json *pair, ShopDraft *draft)
{
    int64_t machine, duration;
    if (pair->type != JSON_ARRAY || pair->count != 2 || !json_int(pair->first, &machine) ||
        !json_int(pair->first->next, &duration))
        return FAIL(ctx, E_INVALID, "schedule.file",
                    "job %zu: an operation is [machine, duration] in whole numbers",
                    draft->jobs.len - 1);
    TRY(draft_operation(ctx, draft));
    return draft_option(ctx, draft, machine, duration);
}

static Status read_classic(Ctx *ctx, const Json *jobs, ScheduleTask *ret)
{
    ShopDraft draft = { .arena = ctx->arena };
    JSON_EACH (job, jobs) {
        if (job->type != JSON_ARRAY)
            return FAIL(ctx, E_INVALID, "schedule.file", "job %zu is not a list of operations",
                        draft.jobs.len);
        TRY(draft_job(ctx, &draft));
        JSON_EACH (pair, job)
            TRY(read_pair(ctx, pair, &draft));
    }
    draft_finish(&draft, &ret->shop);
    return OK;
}

// ---- Flexible job shops: {"operations": [...], "precedences": [...]} ----------------------------
// Rows of "operations" are alternatives; operations and jobs are numbered by the file, in any
// order. What follows what must be chains: a job is a chain.

typedef struct Row {
    int64_t operation, machine, duration;
} Row;

typedef struct Flexible {
    Row *rows;
    size_t count;
    int *after, *before;  // of each operation; -1 is none
    int64_t operations;
} Flexible;

static int by_operation(const void *a, const void *b)
{
    const Row *x = a, *y = b;
    if (x->operation != y->operation)
        return x->operation < y->operation ? -1 : 1;
    return x < y ? -1 : x > y;
}

static Status read_rows(Ctx *ctx, const Json *list, Flexible *f)
{
    f->rows = NEW_ARRAY(ctx->arena, Row, list->count + 1);
    JSON_EACH (item, list) {
        Row *row = f->rows + f->count++;
        if (!json_int(json_get(item, "operation"), &row->operation) ||
            !json_int(json_get(item, "machine"), &row->machine) ||
            !json_int(json_get(item, "duration"), &row->duration) || row->operation < 0 ||
            row->operation >= JOBSHOP_OPERATIONS_MAX)
            return FAIL(ctx, E_INVALID, "schedule.file",
                        "row %zu of operations wants operation, machine and duration as numbers",
                        f->count);
        if (row->operation >= f->operations)
            f->operations = row->operation + 1;
    }
    qsort(f->rows, f->count, sizeof *f->rows, by_operation);
    return OK;
}

static Status read_links(Ctx *ctx, const Json *list, Flexible *f)
{
    f->before = NEW_ARRAY(ctx->arena, int, (size_t)f->operations + 1);
    f->after = NEW_ARRAY(ctx->arena, int, (size_t)f->operations + 1);
    for (int64_t u = 0; u < f->operations; u++)
        f->before[u] = f->after[u] = -1;
    JSON_EACH (item, list) {
        int64_t before, after;
        if (!json_int(json_get(item, "before"), &before) ||
            !json_int(json_get(item, "after"), &after) || before < 0 || after < 0 ||
            before >= f->operations || after >= f->operations)
            return FAIL(ctx, E_INVALID, "schedule.file",
                        "a precedence wants operations before and after");
        if (f->after[before] >= 0 || f->before[after] >= 0)
            return FAIL(ctx, E_INVALID, "schedule.file",
                        "operations %lld and %lld are not neighbours in a chain", (long long)before,
                        (long long)after);
        f->after[before] = (int)after;
        f->before[after] = (int)before;
    }
    return OK;
}

static Status take_rows(Ctx *ctx, const Flexible *f, int64_t operation, const size_t *from,
                        ShopDraft *draft)
{
    TRY(draft_operation(ctx, draft));
    if (from[operation] == from[operation + 1])
        return FAIL(ctx, E_INVALID, "schedule.file", "operation %lld can run nowhere",
                    (long long)operation);
    for (size_t i = from[operation]; i < from[operation + 1]; i++)
        TRY(draft_option(ctx, draft, f->rows[i].machine, f->rows[i].duration));
    return OK;
}

// The operations keep the file's numbers in their names, because chains may be numbered anyhow.
static Status read_flexible(Ctx *ctx, const Json *rows, const Json *links, ScheduleTask *ret)
{
    Flexible f = { 0 };
    ShopDraft draft = { .arena = ctx->arena };
    TRY(read_rows(ctx, rows, &f));
    TRY(read_links(ctx, links, &f));
    size_t *from = NEW_ARRAY(ctx->arena, size_t, (size_t)f.operations + 2);
    for (size_t i = 0; i < f.count; i++)
        from[f.rows[i].operation + 1]++;
    for (int64_t u = 0; u < f.operations; u++)
        from[u + 1] += from[u];

    Str *names = NEW_ARRAY(ctx->arena, Str, (size_t)f.operations + 1);
    for (int64_t u = 0; u < f.operations; u++) {
        if (f.before[u] >= 0)
            continue;
        TRY(draft_job(ctx, &draft));
        for (int64_t w = u; w >= 0; w = f.after[w]) {
            names[draft.operations.len] = str_format(ctx->arena, "%lld", (long long)w);
            TRY(take_rows(ctx, &f, w, from, &draft));
        }
    }
    if ((int64_t)draft.operations.len < f.operations)
        return FAIL(ctx, E_INVALID, "schedule.file",
                    "some operations follow each other in a circle");
    draft_finish(&draft, &ret->shop);
    ret->operation_name = names;
    return OK;
}

// ---- Which form ---------------------------------------------------------------------------------

static Status read_json(Ctx *ctx, const Json *json, ScheduleTask *ret)
{
    ret->name = json_str(json, "name");
    if (ret->name.len == 0)
        ret->name = json_str(json, "instance");
    const Json *jobs = json_get(json, "jobs"), *operations = json_get(json, "operations");
    const Json *precedences = json_get(json, "precedences");
    if (json_get(json, "activities"))
        return schedule_read_project(ctx, json, ret);
    if (json_get(json, "work_centres"))
        return schedule_read_floor(ctx, json, ret);
    if (jobs && jobs->type == JSON_ARRAY)
        return read_classic(ctx, jobs, ret);
    if (operations && operations->type == JSON_ARRAY && precedences &&
        precedences->type == JSON_ARRAY)
        return read_flexible(ctx, operations, precedences, ret);
    return FAIL(ctx, E_INVALID, "schedule.file",
                "it has neither jobs, nor operations and precedences, nor activities");
}

static Status check_task(Ctx *ctx, ScheduleTask *task)
{
    return task->is_project ? project_validate(ctx, &task->project)
                            : jobshop_validate(ctx, &task->shop);
}

// Each line is a task if the first one is JSON by itself.
static bool is_by_lines(Ctx *ctx, Str text)
{
    Str first = text;
    ptrdiff_t end = str_find_char(text, '\n');
    if (end < 0)
        return false;
    first.len = (size_t)end;
    const Json *json;
    Status status = json_parse(ctx, str_trim(first), &json);
    if (status != OK)
        ctx_recover(ctx);
    return status == OK;
}

static Status read_one(Ctx *ctx, Str text, ScheduleTaskList *ret)
{
    const Json *json;
    if (ret->len >= SCHEDULE_TASKS_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "there are more than %d tasks",
                    SCHEDULE_TASKS_MAX);
    TRY(json_parse(ctx, text, &json));
    ScheduleTask *task = list_push(ctx->arena, ret);
    TRY(read_json(ctx, json, task));
    return check_task(ctx, task);
}

Status schedule_read(Ctx *ctx, Str text, ScheduleTaskList *ret)
{
    Str rest = str_trim(text), line;
    if (rest.len == 0)
        return FAIL(ctx, E_INVALID, "schedule.file", "the file is empty");
    if (rest.ptr[0] != '{') {
        ScheduleTask *task = list_push(ctx->arena, ret);
        TRY(schedule_read_text(ctx, rest, task));
        return check_task(ctx, task);
    }
    if (!is_by_lines(ctx, rest))
        return read_one(ctx, rest, ret);
    while (str_next(&rest, '\n', &line))
        if (str_trim(line).len)
            TRY(read_one(ctx, str_trim(line), ret));
    return OK;
}
