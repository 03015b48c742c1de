// schema_plan.h - the two halves of a plan, between which numbered steps run. Private to kernel/db.
#pragma once

#include "kernel/db/schema.h"

// What only adds, and asks nothing of the rows: tables, columns. *ret_after is what is there then.
void plan_expand(Arena *arena, Engine engine, const TableList *wanted, const TableList *present,
                 TableList *ret_after, StepList *steps);
// The rest, from `present`, of which `real` is there already: rows can only be asked about what is.
void plan_settle(Arena *arena, Engine engine, const TableList *wanted, const TableList *present,
                 const TableList *real, StepList *steps);
