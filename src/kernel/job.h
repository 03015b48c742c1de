// job.h - work for later: queues, leases, retries, progress, a schedule. A job is a row of the
// tenant; it is claimed by state, never by a high-water mark, and a worker that dies loses its
// lease.
#pragma once

#include "kernel/tenant.h"

typedef struct JobRun {
    Id id;
    const JobDef *def;
    Link subject;
    Str input;          // JSON
    int attempt;        // from 1
    Time postponed_to;  // set by job_postpone()
} JobRun;

typedef struct JobSpec {
    const char *name;
    Link subject;  // jobs of one subject run one after another, in order
    Str input;     // JSON object; ""
    Time due;      // 0: now
    Str dedupe;    // a waiting job with this key already exists: nothing is added
    Id cause;      // the event that started it
} JobSpec;

// In a lane: adds it; it runs after the commit.
MUST_CHECK Status job_add(Ctx *ctx, const JobSpec *spec, Id *ret);

// In a lane: the job of this name that waits for its time runs at `due` already; while it runs, it
// runs again. For a job that postpones itself.
MUST_CHECK Status job_soon(Ctx *ctx, const char *name, Time due);

// From inside a running job, outside its transactions: tells the monitor and the progress stream,
// and renews the lease. E_CONFLICT "job.cancelled" when somebody asked it to stop.
MUST_CHECK Status job_progress(Ctx *ctx, const JobRun *job, int64_t done, int64_t total, Str words);
// A file, record or count to show when it is finished (JSON).
MUST_CHECK Status job_result(Ctx *ctx, const JobRun *job, Str json);
// Not failed, but not now: again at `due`, without counting as an attempt.
Status job_postpone(Ctx *ctx, const JobRun *job, Time due);

MUST_CHECK Status job_cancel(Ctx *ctx, Id id);
MUST_CHECK Status job_retry(Ctx *ctx, Id id);  // a dead one, from the start

// ---- The runner ---------------------------------------------------------------------------------

MUST_CHECK Status jobs_start(Ctx *ctx, int workers);
void jobs_stop(void);  // lets the running ones finish their step
// Runs what is due in ctx->tenant now, in this thread, until nothing is due: tests and the command
// line. *ret_ran counts.
MUST_CHECK Status jobs_run_due(Ctx *ctx, int *ret_ran);
