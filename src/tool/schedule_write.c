// schedule_write.c - plans as JSON, in the order of the file that they answer.
#include "tool/schedule_write.h"

#include "base/json.h"

static void put_named(JsonOut *json, const char *key, const Str *names, int i, int number)
{
    json_key(json, key);
    if (names && names[i].len)
        json_put_str(json, names[i]);
    else
        json_put_int(json, number);
}

static void put_number(JsonOut *json, const char *key, int64_t number)
{
    json_key(json, key);
    json_put_int(json, number);
}

// In a published flexible shop, operations have the file's numbers.
static void put_operation_name(JsonOut *json, const ScheduleTask *task, int u, int in_job)
{
    int64_t number;
    bool is_numbered =
        task->operation_name && str_int(task->operation_name[u], &number) && !task->job_name;
    if (is_numbered)
        put_number(json, "operation", number);
    else
        put_named(json, "operation", task->operation_name, u, in_job);
}

static void put_operation(JsonOut *json, const ScheduleTask *task, const JobShopPlan *plan, int u)
{
    int job = task->shop.operation[u].job;
    int machine = task->shop.option[plan->option[u]].machine;
    json_open(json, '{');
    put_named(json, "job", task->job_name, job, job);
    put_operation_name(json, task, u, u - task->shop.job[job].first);
    put_named(json, "machine", task->machine_name, machine, machine + task->first_number);
    put_number(json, "start", plan->start[u]);
    put_number(json, "end", plan->end[u]);
    json_close(json, '}');
}

void schedule_write_shop(const ScheduleTask *task, const JobShopPlan *plan, Buf *out)
{
    JsonOut json = { .out = out };
    json_open(&json, '{');
    json_key(&json, "name");
    json_put_str(&json, task->name);
    put_number(&json, "makespan", plan->makespan);
    put_number(&json, "lower_bound", plan->lower_bound);
    put_number(&json, "weighted_tardiness", plan->tardiness);
    json_key(&json, "operations");
    json_open(&json, '[');
    for (int u = 0; u < task->shop.operations; u++)
        put_operation(&json, task, plan, u);
    json_close(&json, ']');
    json_close(&json, '}');
    buf_char(out, '\n');
}

void schedule_write_project(const ScheduleTask *task, const ProjectPlan *plan, Buf *out)
{
    JsonOut json = { .out = out };
    json_open(&json, '{');
    json_key(&json, "name");
    json_put_str(&json, task->name);
    put_number(&json, "makespan", plan->makespan);
    put_number(&json, "lower_bound", plan->lower_bound);
    put_number(&json, "critical_path", plan->critical_path);
    json_key(&json, "activities");
    json_open(&json, '[');
    for (int i = 0; i < task->project.activities; i++) {
        json_open(&json, '{');
        put_number(&json, "activity", i);
        put_number(&json, "start", plan->start[i]);
        put_number(&json, "end", plan->start[i] + task->project.activity[i].duration);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_char(out, '\n');
}
