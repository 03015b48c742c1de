// schedule_write.h - plans as entrepot-schedule writes them: JSON, and a Gantt chart as SVG.
#pragma once

#include "base/buf.h"
#include "tool/schedule_read.h"

// One line of JSON: {"name", "makespan", "lower_bound", "operations": [...]}.
void schedule_write_shop(const ScheduleTask *task, const JobShopPlan *plan, Buf *out);
void schedule_write_project(const ScheduleTask *task, const ProjectPlan *plan, Buf *out);

// A row for each machine, or for each activity, over time.
void schedule_draw_shop(const ScheduleTask *task, const JobShopPlan *plan, Buf *out);
void schedule_draw_project(const ScheduleTask *task, const ProjectPlan *plan, Buf *out);
