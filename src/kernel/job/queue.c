// queue.c - a tenant's jobs as rows.
//
// All changes of state go through the tenant's lane, so two workers never claim one job, on however
// many nodes. A worker that dies leaves its lease to run out; then the job is claimed again, as one
// more attempt.
#include "kernel/job/queue.h"

#include "base/log.h"
#include "base/random.h"
#include "base/utf8.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/record.h"
#include "kernel/event.h"
#include "kernel/job/runner.h"
#include "kernel/metrics.h"

#include <assert.h>
#include <time.h>
#include <unistd.h>

Time clock_now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    return at.tv_sec * SECOND + at.tv_nsec / 1000;
}

// ---- What is counted ----------------------------------------------------------------------------

static Counter jobs_run, jobs_failed;
static Histogram jobs_late;

void queue_register(void)
{
    metrics_counter("jobs_total", "", "jobs begun, tries counted each", &jobs_run);
    metrics_counter("jobs_failed_total", "", "tries of jobs that failed", &jobs_failed);
    metrics_histogram("jobs_late", "", "from when a job is due to when it begins", &jobs_late);
}

// ---- Adding -------------------------------------------------------------------------------------

static void wake(Db *db, void *arg)
{
    Wake *wake_up = arg;
    (void)db;
    runner_wake(wake_up->tenant, wake_up->due);
}

static Status find_waiting(Ctx *ctx, Str dedupe, Id *ret)
{
    bool found = false;
    *ret = 0;
    if (dedupe.len == 0)
        return OK;
    return db_maybe(ctx,
                    SQL("SELECT id FROM job WHERE dedupe = $1 AND state IN ('queued','waiting')"
                        " AND dedupe <> ''",
                        dedupe),
                    &found, ret);
}

Status job_add(Ctx *ctx, const JobSpec *spec, Id *ret)
{
    const JobDef *def = job_named(str_from(spec->name));
    assert(def);
    TRY(find_waiting(ctx, spec->dedupe, ret));
    if (*ret)
        return OK;
    Job job = { .name = str_from(def->name),
                .queue = str_from(def->queue ? def->queue : "default"),
                .state = JOB_STATE_QUEUED,
                .subject = spec->subject,
                .input = spec->input,
                .due_at = spec->due ? spec->due : ctx->now,
                .attempts_max = def->retries ? def->retries : RETRIES,
                .dedupe = spec->dedupe,
                .cause = spec->cause,
                .member = ctx->actor ? ctx->actor->member : 0 };
    TRY(job_append(ctx, &job));
    *ret = job.record.id;
    Wake *wake_up = NEW(ctx->arena, Wake);
    *wake_up = (Wake){ ctx->tenant->id, job.due_at };
    after_commit(ctx, wake, wake_up);
    return OK;
}

Status job_soon(Ctx *ctx, const char *name, Time due)
{
    int64_t changed;
    TRY(db_change(ctx,
                  SQL("UPDATE job SET due_at = $2 WHERE name = $1"
                      " AND (state IN ('queued','waiting') OR state = 'running')"
                      " AND (state = 'running' OR due_at > $2)",
                      name, due),
                  &changed));
    if (changed == 0)
        return OK;
    Wake *wake_up = NEW(ctx->arena, Wake);
    *wake_up = (Wake){ ctx->tenant->id, due };
    after_commit(ctx, wake, wake_up);
    return OK;
}

// ---- Claiming -----------------------------------------------------------------------------------

// Finished jobs are kept for weeks and may be many: each condition on states is written out as the
// partial indexes of the declaration have it, or neither engine would use them.
//
// The first whose worker died; there are few of these.
static Status find_orphan(Ctx *ctx, Id *ret, bool *ret_found)
{
    return db_maybe(
        ctx,
        SQL("SELECT id FROM job WHERE (state IN ('queued','waiting') OR state = 'running')"
            " AND state = 'running' AND lease_until < $1"
            " ORDER BY due_at, id LIMIT 1",
            ctx->now),
        ret_found, ret);
}

// The first that waits behind no other of its name and subject. Walks an index of what is due, so
// that a long queue costs no more than a short one.
static Status find_due(Ctx *ctx, Id *ret, bool *ret_found)
{
    TRY(find_orphan(ctx, ret, ret_found));
    if (*ret_found)
        return OK;
    return db_maybe(
        ctx,
        SQL("SELECT j.id FROM job j WHERE j.state IN ('queued','waiting') AND j.due_at <= $1"
            " AND NOT EXISTS (SELECT 1 FROM job e WHERE e.subject_id = j.subject_id"
            " AND e.name = j.name"
            " AND (e.state IN ('queued','waiting') OR e.state IN ('running','dead'))"
            " AND e.id < j.id)"
            " ORDER BY j.due_at, j.id LIMIT 1",
            ctx->now),
        ret_found, ret);
}

static Status find_next_due(Ctx *ctx, Time *ret)
{
    bool found;
    *ret = 0;
    return db_maybe(ctx,
                    SQL("SELECT due FROM (SELECT min(CASE WHEN state = 'running' THEN lease_until"
                        " ELSE due_at END) AS due FROM job"
                        " WHERE (state IN ('queued','waiting') OR state = 'running')) next"
                        " WHERE due IS NOT NULL"),
                    &found, ret);
}

static Str owner(Ctx *ctx)
{
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    return utf8_cut(str_format(ctx->arena, "%s:%d", host, (int)getpid()), 40);
}

static Status finish(Ctx *ctx, Job *job, JobState state)
{
    job->state = state;
    job->lease_until = 0;
    job->finished_at = ctx->now;
    return job_update(ctx, job);
}

// A module that was given up, or a job that no longer exists: it will never run.
static Status give_up_unknown(Ctx *ctx, Job *job)
{
    job->error_code = S("job.unknown");
    job->error_words = S("this program has no such job");
    return finish(ctx, job, JOB_STATE_DEAD);
}

Status queue_claim(Ctx *ctx, Claim *claim)
{
    Id id;
    *claim = (Claim){ 0 };
    for (;;) {
        TRY(find_due(ctx, &id, &claim->found));
        if (!claim->found)
            return find_next_due(ctx, &claim->next_due);
        TRY(job_load(ctx, id, &claim->job));
        claim->def = job_named(claim->job.name);
        if (claim->def)
            break;
        TRY(give_up_unknown(ctx, &claim->job));
        TRY(db_flush(ctx));
    }
    Job *job = &claim->job;
    job->state = JOB_STATE_RUNNING;
    job->attempt++;
    job->started_at = ctx->now;
    job->lease_until = ctx->now + LEASE_S * SECOND;
    job->lease_owner = owner(ctx);
    return job_update(ctx, job);
}

// ---- Running ------------------------------------------------------------------------------------

typedef struct Running {
    const Claim *claim;
    JobRun run;
    Status status;  // of the work itself
    Failure failure;
    Time postponed_to;
} Running;

static Status load_running(Ctx *ctx, const Running *running, Job *job)
{
    TRY(job_load(ctx, running->claim->job.record.id, job));
    // Somebody else took it over when the lease ran out, or it was cancelled: its end is not ours
    // to write.
    bool is_ours = job->state == JOB_STATE_RUNNING && job->attempt == running->claim->job.attempt;
    return is_ours ? OK
                   : FAIL(ctx, E_CONFLICT, "job.taken", "the job is not this worker's any more");
}

static Time next_try(Ctx *ctx, const Job *job)
{
    int64_t wait = job->attempt > 11 ? WAIT_MAX_S : (int64_t)1 << job->attempt;
    int64_t jitter = random_below(ctx->random, wait * SECOND / 4 + 1);
    return ctx->now + (wait > WAIT_MAX_S ? WAIT_MAX_S : wait) * SECOND + jitter;
}

static Status write_failure(Ctx *ctx, Running *running, Job *job)
{
    job->error_code = str_from(running->failure.code);
    job->error_words = utf8_cut(running->failure.message, 500);
    job->lease_until = 0;
    if (job->attempt >= job->attempts_max)
        return finish(ctx, job, JOB_STATE_DEAD);
    job->state = JOB_STATE_WAITING;
    job->due_at = next_try(ctx, job);
    return job_update(ctx, job);
}

static Status schedule_again(Ctx *ctx, const JobDef *def);

static Status write_end(Ctx *ctx, void *arg)
{
    Running *running = arg;
    Job job;
    TRY(load_running(ctx, running, &job));
    if (running->postponed_to) {
        job.state = JOB_STATE_WAITING;
        job.attempt--;
        if (job.due_at <= job.started_at || job.due_at > running->postponed_to)
            job.due_at = running->postponed_to;  // nobody wanted it sooner
        job.lease_until = 0;
        return job_update(ctx, &job);
    }
    if (running->status != OK)
        TRY(write_failure(ctx, running, &job));
    else
        TRY(finish(ctx, &job, JOB_STATE_DONE));
    bool is_over = job.state == JOB_STATE_DONE || job.state == JOB_STATE_DEAD;
    return is_over ? schedule_again(ctx, running->claim->def) : OK;
}

// Work and "done" in one transaction: its effect happens once.
static Status run_in_lane(Ctx *ctx, void *arg)
{
    Running *running = arg;
    running->status = OK;
    TRY(running->claim->def->run(ctx, &running->run));
    return write_end(ctx, running);
}

static Status run_free(Ctx *ctx, void *arg)
{
    Running *running = arg;
    return running->claim->def->run(ctx, &running->run);
}

static void note_failure(Ctx *ctx, Running *running, Status status)
{
    running->status = status;
    running->failure = ctx->failure;
    if (status != OK) {
        counter_add(&jobs_failed, 1);
        log_failure(LOG_WARN, ctx, "job.failed");
    }
    ctx_recover(ctx);
}

Status queue_run(Ctx *ctx, const Claim *claim)
{
    const Job *job = &claim->job;
    Running running = { .claim = claim,
                        .run = { .id = job->record.id,
                                 .def = claim->def,
                                 .subject = job->subject,
                                 .input = job->input,
                                 .attempt = (int)job->attempt } };
    counter_add(&jobs_run, 1);
    histogram_add(&jobs_late, job->started_at - job->due_at);
    if (claim->def->in_lane) {
        Status status = tenant_transact(ctx, run_in_lane, &running);
        if (status == OK)
            return OK;
        note_failure(ctx, &running, status);
    } else {
        note_failure(ctx, &running, ctx_guard(ctx, run_free, &running));
        running.postponed_to = running.run.postponed_to;
    }
    Status status = tenant_transact(ctx, write_end, &running);
    if (status == E_CONFLICT && strcmp(ctx->failure.code, "job.taken") == 0) {
        ctx_recover(ctx);
        return OK;
    }
    return status;
}

Status job_postpone(Ctx *ctx, const JobRun *job, Time due)
{
    ((JobRun *)job)->postponed_to = due;
    (void)ctx;
    return OK;
}

// ---- From inside a job --------------------------------------------------------------------------

typedef struct Progress {
    const JobRun *job;
    int64_t done, total;
    Str words, result;
} Progress;

static Status write_progress(Ctx *ctx, void *arg)
{
    Progress *p = arg;
    int64_t changed;
    TRY(db_change(ctx,
                  SQL("UPDATE job SET progress_done = $1, progress_total = $2, progress_words = $3,"
                      " lease_until = $4 WHERE id = $5 AND state = 'running' AND attempt = $6",
                      p->done, p->total, utf8_cut(p->words, 200), ctx->now + LEASE_S * SECOND,
                      p->job->id, p->job->attempt),
                  &changed));
    if (changed == 0)
        return FAIL(ctx, E_CONFLICT, "job.cancelled", "the job was stopped");
    return OK;
}

Status job_progress(Ctx *ctx, const JobRun *job, int64_t done, int64_t total, Str words)
{
    Progress progress = { .job = job, .done = done, .total = total, .words = words };
    TRY(tenant_transact(ctx, write_progress, &progress));
    Str topic = str_format(ctx->arena, "job/" STR_FMT, STR_ARG(id_text(ctx->arena, job->id)));
    Str data =
        str_format(ctx->arena, "{\"done\":%lld,\"total\":%lld}", (long long)done, (long long)total);
    live_publish(ctx->tenant, topic, data);
    return OK;
}

static Status write_result(Ctx *ctx, void *arg)
{
    Progress *p = arg;
    return db_write(ctx, SQL("UPDATE job SET result = $1 WHERE id = $2", p->result, p->job->id));
}

Status job_result(Ctx *ctx, const JobRun *job, Str json)
{
    Progress progress = { .job = job, .result = json };
    if (job->def->in_lane)
        return write_result(ctx, &progress);
    return tenant_transact(ctx, write_result, &progress);
}

// ---- By people ----------------------------------------------------------------------------------

Status job_cancel(Ctx *ctx, Id id)
{
    Job job;
    TRY(job_load(ctx, id, &job));
    bool is_over = job.state == JOB_STATE_DONE || job.state == JOB_STATE_CANCELLED;
    if (is_over)
        return FAIL(ctx, E_CONFLICT, "job.over", "the job is over already");
    return finish(ctx, &job, JOB_STATE_CANCELLED);
}

Status job_retry(Ctx *ctx, Id id)
{
    Job job;
    TRY(job_load(ctx, id, &job));
    if (job.state != JOB_STATE_DEAD && job.state != JOB_STATE_WAITING &&
        job.state != JOB_STATE_CANCELLED)
        return FAIL(ctx, E_CONFLICT, "job.not_dead",
                    "only a job that was given up can be tried again");
    job.state = JOB_STATE_QUEUED;
    job.attempt = 0;
    job.due_at = ctx->now;
    job.finished_at = 0;
    TRY(job_update(ctx, &job));
    Wake *wake_up = NEW(ctx->arena, Wake);
    *wake_up = (Wake){ ctx->tenant->id, job.due_at };
    after_commit(ctx, wake, wake_up);
    return OK;
}

// ---- On their own -------------------------------------------------------------------------------

static Time next_run(const Ctx *ctx, const JobDef *def)
{
    if (def->every_s)
        return ctx->now + def->every_s * SECOND;
    const Zone *zone = ctx->tenant->zone;
    Date today = zone_date(zone, ctx->now);
    Time at = zone_time(zone, today, def->daily_at - 1);
    return at > ctx->now ? at : zone_time(zone, today + 1, def->daily_at - 1);
}

static Status schedule_again(Ctx *ctx, const JobDef *def)
{
    Id id;
    if (!def->every_s && !def->daily_at)
        return OK;
    Str dedupe = str_format(ctx->arena, "schedule:%s", def->name);
    return job_add(
        ctx, &(JobSpec){ .name = def->name, .due = next_run(ctx, def), .dedupe = dedupe }, &id);
}

Status queue_schedule(Ctx *ctx)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const JobDef *def = (*m)->jobs; def && def->name; def++)
            if (tenant_has_module(ctx->tenant, (*m)->name))
                TRY(schedule_again(ctx, def));
    return OK;
}

// ---- Without the runner -------------------------------------------------------------------------

static Status claim_one(Ctx *ctx, void *arg)
{
    return queue_claim(ctx, arg);
}

Status jobs_run_due(Ctx *ctx, int *ret_ran)
{
    Actor *outer = ctx->actor;
    struct Locale *locale = ctx->locale;  // a job may speak its customer's, whose memory goes
    *ret_ran = 0;
    for (;;) {
        ArenaMark mark = arena_mark(ctx->arena);
        Claim claim;
        TRY(tenant_transact(ctx, claim_one, &claim));
        if (!claim.found)
            return OK;
        ctx->actor = &actor_system;
        Status status = queue_run(ctx, &claim);
        ctx->actor = outer;
        ctx->locale = locale;
        TRY(status);
        ++*ret_ran;
        arena_rewind(ctx->arena, mark);
    }
}
