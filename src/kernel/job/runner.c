// runner.c - a heap of (due, tenant) and a few threads that empty it.
//
// Idle tenants are never opened: a tenant is in the heap only when something is due there. What is
// due later than soon is also written to the control database, lazily, so that a restart knows whom
// to wake; and because a crash may lose the last seconds of that, a restart looks once into every
// tenant, slowly, behind everything else.
#include "kernel/job/runner.h"

#include "base/log.h"
#include "kernel/auth/actor.h"
#include "kernel/job/queue.h"
#include "kernel/metrics.h"
#include "kernel/secrets.h"

#include <pthread.h>
#include <time.h>

enum {
    WORKERS_MAX = 64,
    HEAP_MAX = 100000,
    JOB_ARENA_MAX = 256 << 20,
    SOON_S = 60,
    SWEEP_PAUSE_MS = 20
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    Wake heap[HEAP_MAX];
    int count;
    Id busy[WORKERS_MAX];  // tenants being worked on: one worker each
    pthread_t threads[WORKERS_MAX + 1];
    int thread_count;
    bool is_running;
} runner = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };

// ---- The heap: earliest first, one entry a tenant -----------------------------------------------

static void swap(int a, int b)
{
    Wake kept = runner.heap[a];
    runner.heap[a] = runner.heap[b];
    runner.heap[b] = kept;
}

static void rise(int at)
{
    while (at > 0 && runner.heap[at].due < runner.heap[(at - 1) / 2].due) {
        swap(at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

static void sink(int at)
{
    for (;;) {
        int least = at, left = at * 2 + 1, right = left + 1;
        if (left < runner.count && runner.heap[left].due < runner.heap[least].due)
            least = left;
        if (right < runner.count && runner.heap[right].due < runner.heap[least].due)
            least = right;
        if (least == at)
            return;
        swap(at, least);
        at = least;
    }
}

static void remove_at(int at)
{
    runner.heap[at] = runner.heap[--runner.count];
    if (at < runner.count) {
        rise(at);
        sink(at);
    }
}

static int place_of(Id tenant)
{
    for (int i = 0; i < runner.count; i++)
        if (runner.heap[i].tenant == tenant)
            return i;
    return -1;
}

static void put(Id tenant, Time due)
{
    int at = place_of(tenant);
    if (at >= 0 && runner.heap[at].due <= due)
        return;
    if (at < 0) {
        if (runner.count == HEAP_MAX)
            return;
        at = runner.count++;
        runner.heap[at].tenant = tenant;
    }
    runner.heap[at].due = due;
    rise(at);
}

void runner_wake(Id tenant, Time due)
{
    pthread_mutex_lock(&runner.lock);
    if (runner.is_running) {
        put(tenant, due);
        pthread_cond_signal(&runner.wake);
    }
    pthread_mutex_unlock(&runner.lock);
}

// ---- Waiting for work ---------------------------------------------------------------------------

static bool is_busy(Id tenant)
{
    for (int i = 0; i < WORKERS_MAX; i++)
        if (runner.busy[i] == tenant)
            return true;
    return false;
}

// The first tenant that is due and nobody works on. Under the lock.
static bool take_due(int worker, Time now, Id *ret)
{
    for (int i = 0; i < runner.count; i++)
        if (runner.heap[i].due <= now && !is_busy(runner.heap[i].tenant)) {
            *ret = runner.heap[i].tenant;
            runner.busy[worker] = *ret;
            remove_at(i);
            return true;
        }
    return false;
}

static void wait_until(Time due)
{
    Time limit = clock_now() + 30 * SECOND;
    Time until = due && due < limit ? due : limit;
    struct timespec at = { until / SECOND, until % SECOND * 1000 };
    pthread_cond_timedwait(&runner.wake, &runner.lock, &at);
}

static int64_t count_due(void)
{
    int64_t due = 0;
    Time now = clock_now();
    pthread_mutex_lock(&runner.lock);
    for (int i = 0; i < runner.count; i++)
        due += runner.heap[i].due <= now;
    pthread_mutex_unlock(&runner.lock);
    return due;
}

static bool next_tenant(int worker, Id *ret)
{
    pthread_mutex_lock(&runner.lock);
    runner.busy[worker] = 0;
    pthread_cond_broadcast(&runner.wake);  // somebody may wait for the tenant we had
    while (runner.is_running && !take_due(worker, clock_now(), ret))
        wait_until(runner.count ? runner.heap[0].due : 0);
    bool running = runner.is_running;
    pthread_mutex_unlock(&runner.lock);
    return running;
}

// ---- Working ------------------------------------------------------------------------------------

static Status claim_one(Ctx *ctx, void *arg)
{
    return queue_claim(ctx, arg);
}

typedef struct Remembered {
    Id tenant;
    Time due;
} Remembered;

static Status write_wake(Ctx *ctx, void *arg)
{
    Remembered *r = arg;
    return db_write(ctx, SQL("INSERT INTO tenant_wake (tenant_id, due_at) VALUES ($1, $2)"
                             " ON CONFLICT (tenant_id) DO UPDATE SET due_at = excluded.due_at",
                             r->tenant, r->due));
}

// One job of the tenant, if one is due; else when to come back.
static Status work_on(Ctx *ctx, void *arg)
{
    Id id = *(Id *)arg;
    Tenant *tenant;
    Claim claim;
    TRY(tenant_open_id(ctx, id, &tenant));
    tenant_enter(ctx, tenant);
    TRY(tenant_transact(ctx, claim_one, &claim));
    if (claim.found) {
        Status status = queue_run(ctx, &claim);
        runner_wake(id, clock_now());
        return status;
    }
    if (claim.next_due) {
        runner_wake(id, claim.next_due);
        if (claim.next_due > ctx->now + SOON_S * SECOND)
            return db_transact(ctx, control_db(), write_wake, &(Remembered){ id, claim.next_due });
    }
    return OK;
}

static void run_one(Arena *arena, Random *random, Id tenant)
{
    Ctx ctx = { .arena = arena, .now = clock_now(), .random = random, .actor = &actor_system };
    secret_random(&ctx.trace, sizeof ctx.trace);
    Status status = ctx_guard(&ctx, work_on, &tenant);
    if (status != OK && status != E_NOT_FOUND) {
        log_failure(LOG_ERROR, &ctx, "runner.failed");
        runner_wake(tenant, clock_now() + 10 * SECOND);
    }
    arena_clear(arena);
}

static void *work(void *arg)
{
    int worker = (int)(intptr_t)arg;
    Arena arena = { .limit = JOB_ARENA_MAX };
    Random random;
    Id tenant;
    secret_random(&random.state, sizeof random.state);
    while (next_tenant(worker, &tenant))
        run_one(&arena, &random, tenant);
    arena_release(&arena);
    return NULL;
}

// ---- Starting -----------------------------------------------------------------------------------

static Status read_wakes(Ctx *ctx, void *arg)
{
    Id tenant;
    Time due;
    (void)arg;
    Rows *rows = db_query(ctx, SQL("SELECT tenant_id, due_at FROM tenant_wake ORDER BY due_at"));
    while (rows_next(rows, &tenant, &due))
        runner_wake(tenant, due);
    return rows_end(rows);
}

static Status list_tenants(Ctx *ctx, void *arg)
{
    IdList *ids = arg;
    Id id;
    Rows *rows =
        db_query(ctx, SQL("SELECT id FROM tenant_record WHERE state = 'active' ORDER BY id"));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, ids) = id;
    return rows_end(rows);
}

static bool still_running(void)
{
    pthread_mutex_lock(&runner.lock);
    bool running = runner.is_running;
    pthread_mutex_unlock(&runner.lock);
    return running;
}

// Once after the start: every tenant is woken, one by one.
static void *sweep(void *arg)
{
    Arena arena = { 0 };
    Random random = { 1 };
    Ctx ctx = { .arena = &arena, .now = clock_now(), .random = &random, .actor = &actor_system };
    IdList ids = { 0 };
    (void)arg;
    if (db_read(&ctx, control_db(), list_tenants, &ids) != OK)
        log_failure(LOG_ERROR, &ctx, "runner.sweep");
    for (size_t i = 0; i < ids.len && still_running(); i++) {
        runner_wake(ids.items[i], clock_now());
        nanosleep(&(struct timespec){ 0, SWEEP_PAUSE_MS * 1000000 }, NULL);
    }
    arena_release(&arena);
    return NULL;
}

static void register_metrics(void)
{
    metrics_gauge("jobs_due", "", "companies whose jobs could begin now", count_due);
    queue_register();
}

Status jobs_start(Ctx *ctx, int workers)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_metrics);
    runner.is_running = true;
    TRY(db_read(ctx, control_db(), read_wakes, NULL));
    if (workers > WORKERS_MAX)
        workers = WORKERS_MAX;
    for (int i = 0; i <= workers; i++) {
        void *(*main)(void *) = i < workers ? work : sweep;
        if (pthread_create(&runner.threads[runner.thread_count], NULL, main, (void *)(intptr_t)i) !=
            0)
            return FAIL(ctx, E_INTERNAL, "runner.thread", "a job worker could not be started");
        runner.thread_count++;
    }
    return OK;
}

void jobs_stop(void)
{
    pthread_mutex_lock(&runner.lock);
    runner.is_running = false;
    runner.count = 0;
    pthread_cond_broadcast(&runner.wake);
    pthread_mutex_unlock(&runner.lock);
    while (runner.thread_count > 0)
        pthread_join(runner.threads[--runner.thread_count], NULL);
}
