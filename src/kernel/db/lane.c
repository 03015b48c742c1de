// lane.c - the queues of all namespaces and the small pool of threads that serves them.
//
// A lane is never served by two threads. Lanes with work stand in one queue; a worker takes the
// first, serves one group and, when more has come, puts it at the end, so that a busy tenant cannot
// starve the others. A group that has to wait (the server restarts, another node holds the lock) is
// parked with its lane and occupies nobody.
//
// Where no pool runs (command line, tests) and inside another lane, the caller serves the lane
// itself, so waiting for a lane never takes a worker from it.
#include "kernel/db/group.h"
#include "kernel/db/stats.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { WORKERS_MAX = 64 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t work;     // a lane is ready or parked, or the pool stops
    pthread_cond_t changed;  // for helpers: a lane is ready, parked, or its group answered
    int helpers;
    Db *ready, *ready_last;
    Db *parked;
    bool is_running;
    pthread_t threads[WORKERS_MAX];
    int thread_count;
} lanes = { .lock = PTHREAD_MUTEX_INITIALIZER };

// The lanes this thread is serving, innermost first.
typedef struct Serving Serving;
struct Serving {
    const Db *db;
    Serving *outer;
};
static _Thread_local Serving *serving;

static bool is_serving(const Db *db)
{
    for (const Serving *s = serving; s; s = s->outer)
        if (s->db == db)
            return true;
    return false;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void prepare(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&lanes.work, &attributes);
    pthread_cond_init(&lanes.changed, &attributes);
    pthread_condattr_destroy(&attributes);
    stats_register();
}

// ---- Queues (under the lock) --------------------------------------------------------------------

static void tell_helpers(void)
{
    if (lanes.helpers)
        pthread_cond_broadcast(&lanes.changed);
}

static void make_ready(Db *db)
{
    db->lane.state = LANE_READY;
    db->lane.next = NULL;
    if (lanes.ready)
        lanes.ready_last->lane.next = db;
    else
        lanes.ready = db;
    lanes.ready_last = db;
    pthread_cond_signal(&lanes.work);
    tell_helpers();
}

static void unlink_from(Db **first, const Db *db)
{
    while (*first != db)
        first = &(*first)->lane.next;
    *first = db->lane.next;
}

static void unlink_ready(Db *db)
{
    Db *before = NULL;
    for (Db *d = lanes.ready; d != db; d = d->lane.next)
        before = d;
    unlink_from(&lanes.ready, db);
    if (lanes.ready_last == db)
        lanes.ready_last = before;
}

static void park(Db *db, int64_t again_us)
{
    db->lane.state = LANE_PARKED;
    db->lane.again_us = again_us;
    db->lane.next = lanes.parked;
    lanes.parked = db;
    pthread_cond_broadcast(&lanes.work);  // whoever waits next must know until when
    tell_helpers();
}

// The parked lane that is due first.
static Db *parked_first(void)
{
    Db *first = lanes.parked;
    for (Db *db = first; db; db = db->lane.next)
        if (db->lane.again_us < first->lane.again_us)
            first = db;
    return first;
}

// A lane to serve now; NULL and when to look again (0: when told).
static Db *next_lane(int64_t *ret_look_us)
{
    Db *parked = parked_first();
    *ret_look_us = 0;
    if (parked && parked->lane.again_us <= clock_us()) {
        unlink_from(&lanes.parked, parked);
        return parked;
    }
    Db *ready = lanes.ready;
    if (ready)
        unlink_ready(ready);
    else if (parked)
        *ret_look_us = parked->lane.again_us;
    return ready;
}

static void wait_until(pthread_cond_t *what, int64_t until_us)
{
    struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };
    if (until_us)
        pthread_cond_timedwait(what, &lanes.lock, &until);
    else
        pthread_cond_wait(what, &lanes.lock);
}

// ---- The lane's tasks ---------------------------------------------------------------------------

static LaneTask *take(Db *db, bool is_alone)
{
    Lane *lane = &db->lane;
    pthread_mutex_lock(&lanes.lock);
    LaneTask *task = lane->first;
    if (task && task->is_alone == is_alone) {
        lane->first = task->next;
        atomic_fetch_sub(&lane->waiting, 1);
    } else {
        task = NULL;
    }
    pthread_mutex_unlock(&lanes.lock);
    if (task) {
        stat_add(STAT_WAITED_US, clock_us() - task->queued_us);
        stat_add(STAT_WAITING, -1);
    }
    return task;
}

LaneTask *lane_take(Db *db)
{
    return take(db, false);
}

bool lane_has_waiting(const Db *db)
{
    return atomic_load(&db->lane.waiting) > 0;
}

// ---- Adding a task ------------------------------------------------------------------------------

static void append(Lane *lane, LaneTask *task)
{
    task->next = NULL;
    task->number = lane->pushed++;
    task->queued_us = clock_us();
    if (lane->first)
        lane->last->next = task;
    else
        lane->first = task;
    lane->last = task;
    atomic_fetch_add(&lane->waiting, 1);
    stat_add(STAT_WAITING, 1);
}

// What a caller that will wait does meanwhile: serve the lane itself, if it is idle. Then nobody
// has to be woken for it, and the answer takes two changes of thread less.
typedef enum Push { PUSH_AND_GO, PUSH_AND_SERVE } Push;

static Status push(Db *db, LaneTask *task, Push how, bool *ret_serve)
{
    Lane *lane = &db->lane;
    pthread_once(&once, prepare);
    pthread_mutex_lock(&lanes.lock);
    bool is_full = atomic_load(&lane->waiting) >= LANE_QUEUE_MAX;
    bool is_stopped = how == PUSH_AND_GO && !lanes.is_running;
    bool was_idle = lane->state == LANE_IDLE && !is_full && !is_stopped;
    if (!is_full && !is_stopped)
        append(lane, task);
    if (was_idle)
        db_keep(db);  // until it is idle again
    if (was_idle && how == PUSH_AND_SERVE)
        lane->state = LANE_SERVED;
    else if (was_idle)
        make_ready(db);
    pthread_mutex_unlock(&lanes.lock);
    *ret_serve = was_idle && how == PUSH_AND_SERVE;
    if (is_full)
        return FAIL(task->ctx, E_BUSY, "lane.full", "too many changes are waiting");
    if (is_stopped)
        return FAIL(task->ctx, E_BUSY, "lane.stopped", "the program is stopping");
    return OK;
}

// ---- Serving ------------------------------------------------------------------------------------

static bool serve_group(Db *db)
{
    Group *group = db->lane.group;
    if (!group && !(group = malloc(sizeof *group)))
        abort();
    if (!db->lane.group)
        *group = (Group){ .db = db };
    db->lane.group = group;
    if (!group_serve(group))
        return false;
    arena_release(&group->arena);
    free(group);
    db->lane.group = NULL;
    return true;
}

// Serves a lane that was taken out of its list. Called without the lock.
static void serve(Db *db)
{
    Serving here = { db, serving };
    serving = &here;
    LaneTask *alone = db->lane.group ? NULL : take(db, true);
    bool is_done = true;
    if (alone)
        group_run_alone(db, alone);
    else
        is_done = serve_group(db);
    serving = here.outer;

    pthread_mutex_lock(&lanes.lock);
    bool is_idle = is_done && !db->lane.first;
    if (is_idle)
        db->lane.state = LANE_IDLE;
    else if (is_done)
        make_ready(db);
    else
        park(db, db->lane.group->again_us);
    tell_helpers();
    pthread_mutex_unlock(&lanes.lock);
    if (is_idle)
        db_drop(db);
}

static void *work(void *arg)
{
    pthread_setname_np(pthread_self(), "lane");
    pthread_mutex_lock(&lanes.lock);
    while (lanes.is_running || lanes.ready || lanes.parked) {
        int64_t look_us;
        Db *db = next_lane(&look_us);
        if (db) {
            db->lane.state = LANE_SERVED;
            pthread_mutex_unlock(&lanes.lock);
            serve(db);
            pthread_mutex_lock(&lanes.lock);
        } else {
            wait_until(&lanes.work, look_us);
        }
    }
    pthread_mutex_unlock(&lanes.lock);
    return NULL;
}

// ---- Waiting for a task -------------------------------------------------------------------------

typedef struct Waiter {
    LaneTask task;
    atomic_bool is_done;
    Status status;
} Waiter;

static void note_answer(LaneTask *task, Status status)
{
    Waiter *waiter = (Waiter *)task;
    waiter->status = status;
    atomic_store(&waiter->is_done, true);  // from here on it may be gone
}

static Gate *gate_of(Db *db, int64_t number)
{
    return &db->lane.gates[number / LANE_GROUP_MAX % LANE_GATES];
}

void lane_answered(Db *db, int64_t first, int64_t last)
{
    for (int64_t block = first / LANE_GROUP_MAX; block <= last / LANE_GROUP_MAX; block++)
        gate_open(gate_of(db, block * LANE_GROUP_MAX));
}

static void wait_for(Db *db, Waiter *waiter)
{
    Gate *gate = gate_of(db, waiter->task.number);
    for (unsigned seen = gate_look(gate); !atomic_load(&waiter->is_done); seen = gate_look(gate))
        gate_wait(gate, seen);
}

// Takes the lane out of its list, if it may be served now.
static bool take_lane(Db *db)
{
    Lane *lane = &db->lane;
    if (lane->state == LANE_READY)
        unlink_ready(db);
    else if (lane->state == LANE_PARKED && lane->again_us <= clock_us())
        unlink_from(&lanes.parked, db);
    else
        return false;
    lane->state = LANE_SERVED;
    return true;
}

// Serves the lane until the task is answered, whoever else does so too.
static void help(Db *db, Waiter *waiter)
{
    pthread_mutex_lock(&lanes.lock);
    lanes.helpers++;
    while (!atomic_load(&waiter->is_done)) {
        if (take_lane(db)) {
            pthread_mutex_unlock(&lanes.lock);
            serve(db);
            pthread_mutex_lock(&lanes.lock);
        } else {
            wait_until(&lanes.changed, db->lane.state == LANE_PARKED ? db->lane.again_us : 0);
        }
    }
    lanes.helpers--;
    pthread_mutex_unlock(&lanes.lock);
}

static bool has_pool(void)
{
    pthread_mutex_lock(&lanes.lock);
    bool yes = lanes.is_running;
    pthread_mutex_unlock(&lanes.lock);
    return yes;
}

static Status run_and_wait(Ctx *ctx, Db *db, LaneTask task)
{
    Waiter waiter = { .task = task };
    waiter.task.ctx = ctx;
    waiter.task.done = note_answer;
    bool must_serve;
    assert(!is_serving(db));
    TRY(push(db, &waiter.task, PUSH_AND_SERVE, &must_serve));
    if (must_serve)
        serve(db);
    if (serving || !has_pool())
        help(db, &waiter);
    else
        wait_for(db, &waiter);
    return waiter.status;
}

Status db_transact(Ctx *ctx, Db *db, TxFn fn, void *arg)
{
    return run_and_wait(ctx, db, (LaneTask){ .run = fn, .arg = arg });
}

Status db_transact_within(Ctx *ctx, Db *db, TxFn fn, void *arg, int limit_ms)
{
    return run_and_wait(ctx, db, (LaneTask){ .run = fn, .arg = arg, .limit_ms = limit_ms });
}

Status lane_alone(Ctx *ctx, Db *db, TxFn fn, void *arg)
{
    return run_and_wait(ctx, db, (LaneTask){ .run = fn, .arg = arg, .is_alone = true });
}

Status db_submit(Db *db, LaneTask *task)
{
    bool must_serve;
    task->is_alone = false;
    return push(db, task, PUSH_AND_GO, &must_serve);
}

// ---- The pool -----------------------------------------------------------------------------------

static int workers_for(int wanted)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (wanted <= 0)
        wanted = cores < 2 ? 2 : cores > 8 ? 8 : (int)cores;
    return wanted < WORKERS_MAX ? wanted : WORKERS_MAX;
}

// Signals are for the main thread.
static int start_worker(pthread_t *ret)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(ret, NULL, work, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

Status lanes_start(Ctx *ctx, int workers)
{
    int wanted = workers_for(workers);
    pthread_once(&once, prepare);
    pthread_mutex_lock(&lanes.lock);
    assert(!lanes.is_running);
    lanes.is_running = true;
    pthread_mutex_unlock(&lanes.lock);
    checkpoint_start();
    for (lanes.thread_count = 0; lanes.thread_count < wanted; lanes.thread_count++)
        if (start_worker(&lanes.threads[lanes.thread_count]) != 0) {
            lanes_stop();
            return FAIL(ctx, E_INTERNAL, "lane.threads", "cannot start %d threads", wanted);
        }
    return OK;
}

void lanes_stop(void)
{
    pthread_once(&once, prepare);
    pthread_mutex_lock(&lanes.lock);
    lanes.is_running = false;
    pthread_cond_broadcast(&lanes.work);
    pthread_mutex_unlock(&lanes.lock);
    while (lanes.thread_count > 0)
        pthread_join(lanes.threads[--lanes.thread_count], NULL);
    checkpoint_stop();
}
