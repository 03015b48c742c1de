// queue.h - a tenant's jobs as rows: claiming, finishing, trying again. Private to kernel/job.
#pragma once

#include "gen/kernel.gen.h"
#include "kernel/job.h"

enum { LEASE_S = 120, RETRIES = 8, WAIT_MAX_S = 3600 };

typedef struct Claim {
    Job job;
    const JobDef *def;
    bool found;
    Time next_due;  // when nothing was found: when to look again; 0: nothing waits
} Claim;

// In the tenant's lane: takes the next job that is due. One subject's jobs of one kind go in order:
// while an earlier one waits, runs or has been given up, the later ones wait with it.
MUST_CHECK Status queue_claim(Ctx *ctx, Claim *claim);

// Runs a claimed job to its end, whatever that is, and writes it down.
MUST_CHECK Status queue_run(Ctx *ctx, const Claim *claim);

// Adds the rows of jobs that run on their own, where they are missing.
MUST_CHECK Status queue_schedule(Ctx *ctx);

void queue_register(void);  // its metrics, once

Time clock_now(void);  // the wall clock; only the runner, the server and the command line ask it
