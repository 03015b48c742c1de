// schedule_read.h - the files that entrepot-schedule reads: job shops and projects in the forms in
// which they are published, and Entrepot's own form with calendars, set-ups and dates.
#pragma once

#include "algo/schedule/jobshop.h"
#include "algo/schedule/project.h"
#include "base/json.h"

// What is to be planned, and how the file calls it.
typedef struct ScheduleTask {
    Str name;
    bool is_project;
    Project project;
    JobShop shop;
    const Str *machine_name, *job_name, *operation_name;  // NULL: they have numbers
    int first_number;  // of machines without names: 1 in texts that count from 1
} ScheduleTask;
typedef LIST(ScheduleTask) ScheduleTaskList;

enum { SCHEDULE_TASKS_MAX = 100000 };

// One task, or one a line. Texts and names are views into `text`. E_INVALID "schedule.file" says
// what is wrong and where.
MUST_CHECK Status schedule_read(Ctx *ctx, Str text, ScheduleTaskList *ret);

// Which form a task has; for the reader's own files.
MUST_CHECK Status schedule_read_text(Ctx *ctx, Str text, ScheduleTask *ret);
MUST_CHECK Status schedule_read_project(Ctx *ctx, const Json *json, ScheduleTask *ret);
MUST_CHECK Status schedule_read_floor(Ctx *ctx, const Json *json, ScheduleTask *ret);
