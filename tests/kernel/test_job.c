// test_job.c - work for later: run once, tried again, given up, in order for one subject, found
// again after a worker died.
#include "gen/kernel.gen.h"
#include "kernel/db/options.h"
#include "kernel/house.h"
#include "kernel/job.h"
#include "kernel/job/queue.h"
#include "kernel/library.h"
#include "kernel/metrics.h"
#include "loan.gen.h"

typedef struct Adding {
    JobSpec spec;
    Id id;
} Adding;

static Status add(Ctx *ctx, void *arg)
{
    Adding *adding = arg;
    return job_add(ctx, &adding->spec, &adding->id);
}

static Id added(Ctx *ctx, JobSpec spec)
{
    Adding adding = { .spec = spec };
    CHECK_OK(ctx, tenant_transact(ctx, add, &adding));
    return adding.id;
}

typedef struct Look {
    Id id;
    Job job;
} Look;

static Status load(Ctx *ctx, void *arg)
{
    Look *look = arg;
    return job_load(ctx, look->id, &look->job);
}

static Job job_now(Ctx *ctx, Id id)
{
    Look look = { .id = id };
    CHECK_OK(ctx, tenant_read(ctx, load, &look));
    return look.job;
}

// Hours pass, and what falls due runs.
static int run_due(Ctx *ctx, int64_t seconds)
{
    int ran = 0;
    ctx->now += seconds * SECOND;
    CHECK_OK(ctx, jobs_run_due(ctx, &ran));
    return ran;
}

// The kernel's own hourly jobs run at the first look and are out of the way.
static void open_house(Ctx *ctx, House *house)
{
    house_open(ctx, house);
    run_due(ctx, 0);
    library_run_count = 0;
}

static void test_once(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id id = added(ctx, (JobSpec){ .name = "loan.remind" });
    run_due(ctx, 0);
    run_due(ctx, 0);
    CHECK_INT(library_run_count, 1);
    CHECK_INT(job_now(ctx, id).state, JOB_STATE_DONE);
    house_close(&house);
}

static void test_tried_again(void)
{
    static const char *const names[] = { "loan.remind", "loan.call" };
    for (size_t i = 0; i < COUNT(names); i++) {
        Ctx *ctx = test_ctx();
        House house;
        test_row = names[i];
        open_house(ctx, &house);
        Id id = added(ctx, (JobSpec){ .name = names[i], .input = S("{\"fail\":2}") });
        run_due(ctx, 0);
        CHECK_INT(job_now(ctx, id).state, JOB_STATE_WAITING);
        CHECK_STR(job_now(ctx, id).error_code, "loan.no_answer");
        run_due(ctx, 0);  // not due yet
        CHECK_INT(library_run_count, 1);
        run_due(ctx, 10);
        run_due(ctx, 20);
        CHECK_INT(library_run_count, 3);
        CHECK_INT(job_now(ctx, id).state, JOB_STATE_DONE);
        house_close(&house);
    }
    test_row = NULL;
}

static Status retry(Ctx *ctx, void *arg)
{
    return job_retry(ctx, *(Id *)arg);
}

static void test_given_up_and_replayed(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Link subject = { &loan_entity, 77 };
    Id first = added(
        ctx, (JobSpec){ .name = "loan.call", .subject = subject, .input = S("{\"fail\":3}") });
    Id second = added(ctx, (JobSpec){ .name = "loan.call", .subject = subject });
    Id other = added(ctx, (JobSpec){ .name = "loan.call", .subject = { &loan_entity, 78 } });
    for (int i = 0; i < 5; i++)
        run_due(ctx, 60);
    CHECK_INT(job_now(ctx, first).state, JOB_STATE_DEAD);
    CHECK_INT(job_now(ctx, second).state, JOB_STATE_QUEUED);  // parked behind it
    CHECK_INT(job_now(ctx, other).state, JOB_STATE_DONE);     // nobody else waits
    CHECK_OK(ctx, tenant_transact(ctx, retry, &first));
    for (int i = 0; i < 3; i++)
        run_due(ctx, 60);
    CHECK_INT(job_now(ctx, first).state, JOB_STATE_DEAD);
    CHECK_FAILS(ctx, "job.not_dead", tenant_transact(ctx, retry, &other));
    house_close(&house);
}

static Status cancel(Ctx *ctx, void *arg)
{
    return job_cancel(ctx, *(Id *)arg);
}

static void test_cancelled(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id id = added(ctx, (JobSpec){ .name = "loan.call", .due = ctx->now + HOUR });
    CHECK_OK(ctx, tenant_transact(ctx, cancel, &id));
    run_due(ctx, 7200);
    CHECK_INT(library_run_count, 0);
    CHECK_INT(job_now(ctx, id).state, JOB_STATE_CANCELLED);
    house_close(&house);
}

static void test_dedupe(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id first = added(ctx, (JobSpec){ .name = "loan.call", .dedupe = S("once") });
    Id second = added(ctx, (JobSpec){ .name = "loan.call", .dedupe = S("once") });
    CHECK(first == second);
    run_due(ctx, 0);
    CHECK(added(ctx, (JobSpec){ .name = "loan.call", .dedupe = S("once") }) != first);
    house_close(&house);
}

static Status claim(Ctx *ctx, void *arg)
{
    return queue_claim(ctx, arg);
}

static void test_a_dead_worker_loses_its_lease(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Claim lost = { 0 };
    open_house(ctx, &house);
    Id id = added(ctx, (JobSpec){ .name = "loan.call" });
    CHECK_OK(ctx, tenant_transact(ctx, claim, &lost));
    CHECK(lost.found);
    run_due(ctx, 0);
    CHECK_INT(library_run_count, 0);
    run_due(ctx, LEASE_S + 1);
    CHECK_INT(library_run_count, 1);
    CHECK_INT(library_runs[0].attempt, 2);
    CHECK_INT(job_now(ctx, id).state, JOB_STATE_DONE);
    CHECK_OK(ctx, queue_run(ctx, &lost));  // it wakes up late: what it ends is not its any more
    CHECK_INT(job_now(ctx, id).state, JOB_STATE_DONE);
    CHECK_INT(job_now(ctx, id).attempt, 2);
    house_close(&house);
}

// Finished ones stay for weeks: enough of them that looking through all takes longer than a lane
// allows.
static Status finish_many(Ctx *ctx, void *arg)
{
    (void)arg;
    return db_write(
        ctx, SQL("WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 200000)"
                 " INSERT INTO job (id, at, name, queue, state, subject_kind, subject_id, input,"
                 " due_at, attempt, attempts_max, dedupe, finished_at)"
                 " SELECT n, $1, 'loan.remind', 'loan', 'done', 'loan', n % 700, '', $1, 1, 1,"
                 " '', $1 FROM r",
                 ctx->now));
}

static void test_many_finished_are_not_in_the_way(void)
{
    enum { WAITING = 20 };
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    DbOptions patient = *db_options(), usual = patient;
    patient.member_limit_ms = 60000;
    usual.member_limit_ms = LANE_MEMBER_LIMIT_MS;
    db_use_options(&patient);
    CHECK_OK(ctx, tenant_transact(ctx, finish_many, NULL));
    db_use_options(&usual);
    for (int i = 0; i < WAITING; i++)
        added(ctx, (JobSpec){ .name = "loan.remind", .subject = { &loan_entity, 100 + i } });
    CHECK(run_due(ctx, 1) >= WAITING);
    house_close(&house);
}

// Thousands of one name, as after an import or a day without workers: each is found at once.
enum { MANY = 3000, AT_ONCE = 100 };

static Status add_many(Ctx *ctx, void *arg)
{
    Id id, from = *(Id *)arg;
    for (Id i = from; i < from + AT_ONCE; i++)
        TRY(job_add(ctx,
                    &(JobSpec){ .name = "loan.remind",
                                .subject = { &loan_entity, 1000000 + i },
                                .due = ctx->now + i },
                    &id));
    return OK;
}

static void test_long_queue(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Claim first;
    open_house(ctx, &house);
    for (Id from = 0; from < MANY; from += AT_ONCE)
        CHECK_OK(ctx, tenant_transact(ctx, add_many, &from));
    ctx->now += HOUR;
    for (int i = 0; i < 50; i++) {
        CHECK_OK(ctx, tenant_transact(ctx, claim, &first));
        CHECK(first.found);
    }
    CHECK_INT(first.job.subject.id, 1000049);
    house_close(&house);
}

static int64_t figure(Ctx *ctx, const char *name)
{
    int64_t value = -1;
    Buf metrics = { .arena = ctx->arena };
    metrics_write(&metrics);
    Str head = str_format(ctx->arena, "\n%s ", name), rest = buf_str(&metrics), line;
    ptrdiff_t at = str_find(rest, head);
    if (at < 0)
        return -1;
    rest = str_from_at(rest, (size_t)at + head.len);
    return str_next(&rest, '\n', &line) && str_int(line, &value) ? value : -1;
}

static void test_counted(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    queue_register();
    int64_t run = figure(ctx, "jobs_total"), failed = figure(ctx, "jobs_failed_total");
    added(ctx, (JobSpec){ .name = "loan.remind", .input = S("{\"fail\":1}") });
    run_due(ctx, 0);
    run_due(ctx, 10);
    CHECK(figure(ctx, "jobs_total") >= run + 2);  // and what runs on its own
    CHECK_INT(figure(ctx, "jobs_failed_total"), failed + 1);
    CHECK_INT(figure(ctx, "jobs_late_count"), figure(ctx, "jobs_total"));
    CHECK_INT(figure(ctx, "db_waiting"), 0);
    house_close(&house);
}

const Test job_tests[] = {
    { "many finished jobs are not in the way of the next", test_many_finished_are_not_in_the_way },
    { "what is added runs once", test_once },
    { "tries are counted, and nobody is left standing in line", test_counted },
    { "what fails is tried again, later and later", test_tried_again },
    { "what is given up parks its own subject, and can be replayed", test_given_up_and_replayed },
    { "what is stopped does not run", test_cancelled },
    { "the same waits once", test_dedupe },
    { "a long queue is claimed one by one, in time", test_long_queue },
    { "a dead worker loses its lease", test_a_dead_worker_loses_its_lease },
    { 0 },
};
