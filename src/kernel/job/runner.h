// runner.h - the threads that run jobs of all tenants. Private to kernel/job.
#pragma once

#include "kernel/job.h"

typedef struct Wake {
    Id tenant;
    Time due;
} Wake;

// Something is due in that tenant then. Cheap; from any thread; nothing happens while the runner is
// off.
void runner_wake(Id tenant, Time due);
