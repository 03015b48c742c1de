// group.c - group commit: members run one after another, each in a savepoint, and are answered when
// one COMMIT has made all of them durable.
//
// A member that fails is undone to its savepoint, and nobody else notices. The first of a
// transaction has none: if it fails there is nothing else to keep, and the transaction is begun
// again (SQLite copies each page before its first change behind a savepoint, which was a tenth of
// an order that came alone). When the transaction
// itself is lost, it depends on why: others were in the way, then the group is run again as it is
// until its deadlines; for a reason that may be one member's fault (it filled the disk, it was
// interrupted), then each member is run again alone, once, and answered by its own result. The only
// doubt that can arise is a connection that breaks while COMMIT is under way; then the server is
// asked what became of it.
//
// Nothing here may allocate in a member's arena outside ctx_guard(): it may be full.
#include "kernel/db/group.h"

#include "kernel/db/options.h"
#include "kernel/db/stats.h"

#include <assert.h>

enum {
    GROUP_US = 20 * 1000,            // a group takes nobody in after so long
    DEADLINE_US = 10 * 1000 * 1000,  // of a task that says none
    PAUSE_US = 1000,
    PAUSE_MAX_US = 50 * 1000,  // between attempts, doubling
};

// ---- Members ------------------------------------------------------------------------------------

static int64_t late_us(const LaneTask *task)
{
    struct timespec t;
    if (!task->deadline)
        return task->queued_us + DEADLINE_US;
    clock_gettime(CLOCK_REALTIME, &t);
    return clock_us() + task->deadline - ((int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000);
}

static void member_init(Member *member, LaneTask *task)
{
    Ctx *ctx = task->ctx;
    ctx_recover(ctx);
    *member = (Member){ .task = task,
                        .status = E_BUSY,  // has not run
                        .late_us = late_us(task),
                        .mark = arena_mark(ctx->arena),
                        .random = ctx->random ? *ctx->random : (Random){ 0 },
                        .outer_conn = ctx->conn,
                        .outer_effects = ctx->effects };
}

// As before its first run.
static void member_rewind(Member *member)
{
    Ctx *ctx = member->task->ctx;
    arena_rewind(ctx->arena, member->mark);
    if (ctx->random)
        *ctx->random = member->random;
    member->effects = (Effects){ 0 };
    ctx_recover(ctx);
}

static Status raise(Ctx *ctx, void *arg)
{
    return failure_raise(ctx, arg);
}

static void member_fail(Member *member, const DbFailure *failure)
{
    member->status = ctx_guard(member->task->ctx, raise, (void *)failure);
}

static void answer_one(Db *db, Member *member)
{
    if (member->status == OK)
        effects_after_commit(&member->effects, db);
    else
        stat_add(STAT_FAILED, 1);
    stat_add(STAT_MEMBERS, 1);
    member->task->done(member->task, member->status);
}

// Their tasks may be gone afterwards.
static void answer(Db *db, Member *members, int count)
{
    if (count == 0)
        return;
    int64_t first = members[0].task->number, last = members[count - 1].task->number;
    for (int i = 0; i < count; i++)
        answer_one(db, &members[i]);
    lane_answered(db, first, last);
}

static void refuse_late(const Group *group, Member *member)
{
    static const DbFailure late = { .status = E_BUSY,
                                    .code = "lane.late",
                                    .sentence = "too many others were in front" };
    member_fail(member, group->failure.code ? &group->failure : &late);
    answer(group->db, member, 1);
}

static bool is_late(const Member *member)
{
    return clock_us() > member->late_us;
}

// ---- Running a member ---------------------------------------------------------------------------

static void begin(Conn *conn)
{
    conn->driver->begin(conn);
    kept_begin(conn);
}

// All that the transaction has done so far.
static void undo_all(Conn *conn)
{
    conn_forget(conn);
    conn->driver->rollback(conn);
    kept_forget(conn);
}

static void undo(Conn *conn)
{
    conn->driver->undo(conn);
    kept_forget(conn);
}

typedef struct Run {
    Group *group;
    Member *member;
} Run;

static bool may_grow(const Group *group)
{
    return group->phase == PHASE_TOGETHER && group->attempts == 0 &&
           group->count < LANE_GROUP_MAX && clock_us() - group->started_us < GROUP_US;
}

// Whoever is followed by another must be known to be good before that one starts. The last one's
// writes may still be under way: they come in with the COMMIT.
static bool is_followed(const Group *group, const Member *member)
{
    if (group->phase == PHASE_ALONE)
        return false;
    return member + 1 < group->members + group->count ||
           (may_grow(group) && lane_has_waiting(group->db));
}

static Status run_member(Ctx *ctx, void *arg)
{
    const Run *run = arg;
    LaneTask *task = run->member->task;
    TRY(task->run(ctx, task->arg));
    TRY(effects_before_commit(ctx));
    run->member->is_settled = is_followed(run->group, run->member);
    return run->member->is_settled ? db_flush(ctx) : conn_raise(ctx, ctx->conn);
}

// Ends a member's part of the transaction. `is_first`: there is nothing in it but this.
static void member_end(Conn *conn, const Member *member, bool is_first)
{
    if (!is_first && member->status == OK)
        conn->driver->release(conn);
    else if (!is_first)
        undo(conn);
    else if (member->status != OK && conn->loss == LOSS_NONE) {
        undo_all(conn);
        begin(conn);
    }
}

static void member_run(Group *group, Conn *conn, Member *member, bool is_first)
{
    Run run = { group, member };
    Ctx *ctx = member->task->ctx;
    member_rewind(member);
    ctx->conn = conn;
    ctx->effects = &member->effects;

    if (!is_first)
        conn->driver->savepoint(conn);
    int limit_ms = member->task->limit_ms ? member->task->limit_ms : db_options()->member_limit_ms;
    conn->until_us = clock_us() + limit_ms * INT64_C(1000);
    member->status = ctx_guard(ctx, run_member, &run);
    conn->until_us = 0;
    conn->driver->rest(conn);

    ctx->conn = member->outer_conn;
    ctx->effects = member->outer_effects;
    member_end(conn, member, is_first);
    if (member->status == E_LIMIT && strcmp(ctx->failure.code, "memory.limit") == 0)
        arena_rewind(ctx->arena, member->mark);  // so that there is room to say so
}

static bool has_success(const Member *from, const Member *to)
{
    for (const Member *member = from; member < to; member++)
        if (member->status == OK)
            return true;
    return false;
}

// Somebody came behind a member that seemed to be the last: what it sent is waited for first, or
// its refusal would be taken for the next one's.
static void settle(Conn *conn, const Member *from, Member *member)
{
    if (member->is_settled || member->status != OK)
        return;
    conn->driver->flush(conn);
    if (!conn->has_failed || conn->loss != LOSS_NONE)
        return;
    member_fail(member, &conn->failure);
    member_end(conn, member, !has_success(from, member));
}

// ---- One transaction ----------------------------------------------------------------------------

static bool grow(Group *group)
{
    while (may_grow(group)) {
        LaneTask *task = lane_take(group->db);
        if (!task)
            return false;
        Member *member = &group->members[group->count];
        member_init(member, task);
        if (!is_late(member)) {
            group->count++;
            return true;
        }
        refuse_late(group, member);
    }
    return false;
}

static void commit(Conn *conn)
{
    int64_t start_us = clock_us();
    conn->driver->commit(conn);
    stat_add(STAT_COMMIT_US, clock_us() - start_us);
}

// Commits what succeeded. What the last member had sent may turn out to be refused only now: then
// it alone is undone, and the rest is committed.
static void finish(Conn *conn, Member *from, Member *to)
{
    if (has_success(from, to))
        commit(conn);
    if (conn->has_failed && conn->loss == LOSS_NONE) {
        member_fail(to - 1, &conn->failure);
        if (has_success(from, to))
            undo(conn);
        else
            undo_all(conn);
        if (conn->loss == LOSS_NONE && has_success(from, to))
            commit(conn);
    }
    if (conn->has_failed && conn->loss == LOSS_NONE)
        conn->loss = LOSS_ALL;
    if (conn->loss == LOSS_NONE && !has_success(from, to))
        undo_all(conn);
}

// A connection of the lane; else the reason in group->failure, and whether to try again.
static Loss borrow(Group *group, Conn **ret)
{
    Ctx ctx = { .arena = &group->arena };
    arena_clear(&group->arena);
    if (conn_borrow(&ctx, group->db, true, ret) == OK) {
        (*ret)->limit_ms = db_options()->member_limit_ms;
        return LOSS_NONE;
    }
    group->failure = (DbFailure){ .status = ctx.failure.status,
                                  .code = ctx.failure.code,
                                  .sentence = "the database cannot be reached" };
    snprintf(group->failure.detail, sizeof group->failure.detail, STR_FMT,
             STR_ARG(ctx.failure.message));
    return ctx.failure.status == E_BUSY ? LOSS_CONNECTION : LOSS_ALL;
}

static void end_attempt(Group *group, Conn *conn)
{
    kept_end(conn);
    if (conn->loss != LOSS_NONE) {
        kept_forget(conn);
        group->failure = conn->failure;
        group->number = conn->driver->transaction(conn);
        conn->driver->rollback(conn);
    } else {
        checkpoint_consider(conn);
    }
    conn_return(conn);
}

static void run_next(Group *group, Conn *conn, const Member *first, Member *member)
{
    if (member > first)
        settle(conn, first, member - 1);
    if (conn->loss == LOSS_NONE)
        member_run(group, conn, member, !has_success(first, member));
}

// Runs the members from `first` on, up to `end` or as many as come, in one transaction.
static Loss transact(Group *group, Conn *conn, int first, int end)
{
    int at = first;
    begin(conn);
    if (group->count == 0)
        group->started_us = clock_us();  // however long it took to get here
    for (; conn->loss == LOSS_NONE && (at < end || grow(group)); at++)
        run_next(group, conn, &group->members[first], &group->members[at]);
    if (conn->loss == LOSS_NONE)
        finish(conn, &group->members[first], &group->members[at]);
    stat_add(STAT_GROUPS, 1);
    stat_group_size(at - first);
    return conn->loss;
}

static Loss attempt(Group *group, int first, int end)
{
    Conn *conn;
    Loss loss = borrow(group, &conn);
    if (loss == LOSS_NONE) {
        loss = transact(group, conn, first, end);
        end_attempt(group, conn);
    }
    if (loss != LOSS_NONE && group->count == 0) {
        group->started_us = clock_us();
        grow(group);  // somebody must hold the place in front of what is in the way
    }
    return loss;
}

// ---- What becomes of the group ------------------------------------------------------------------

static void pause_group(Group *group)
{
    int64_t pause_us = PAUSE_US << (group->attempts < 6 ? group->attempts : 6);
    group->attempts++;
    group->again_us = clock_us() + (pause_us < PAUSE_MAX_US ? pause_us : PAUSE_MAX_US);
    stat_add(STAT_CONFLICTS, 1);
}

static void drop_late(Group *group)
{
    int kept = group->next;
    for (int i = group->next; i < group->count; i++)
        if (group->attempts && is_late(&group->members[i]))
            refuse_late(group, &group->members[i]);
        else
            group->members[kept++] = group->members[i];
    group->count = kept;
}

static void ask_later(Group *group)
{
    group->phase_before = group->phase;
    group->phase = PHASE_ASKING;
    pause_group(group);
}

static void run_together(Group *group)
{
    Loss loss = attempt(group, 0, group->count);
    switch (loss) {
    case LOSS_NONE:
        answer(group->db, group->members, group->count);
        group->count = 0;
        return;
    case LOSS_CONFLICT: pause_group(group); return;
    case LOSS_UNKNOWN: ask_later(group); return;
    case LOSS_CONNECTION: pause_group(group); break;  // alone then, in case one of them breaks it
    case LOSS_ALL: break;
    }
    group->phase = PHASE_ALONE;
    stat_add(STAT_ALONE, group->count);
}

// The member at `next`, in a transaction of its own.
static void run_alone(Group *group)
{
    Member *member = &group->members[group->next];
    switch (attempt(group, group->next, group->next + 1)) {
    case LOSS_CONFLICT:
    case LOSS_CONNECTION: pause_group(group); return;
    case LOSS_UNKNOWN: ask_later(group); return;
    case LOSS_ALL:
        if (member->task->ctx->failure.status == OK)  // it was not its own doing
            member_fail(member, &group->failure);
        break;
    case LOSS_NONE: break;
    }
    answer(group->db, member, 1);
    group->next++;
    group->attempts = 0;
    group->again_us = 0;
}

// Those whose fate the outcome is: all, or the one that ran alone.
static int asking_end(const Group *group)
{
    return group->phase_before == PHASE_ALONE ? group->next + 1 : group->count;
}

static Loss outcome(Group *group)
{
    Conn *conn;
    if (borrow(group, &conn) != LOSS_NONE)
        return LOSS_UNKNOWN;
    Loss loss = conn->driver->outcome(conn, group->number);
    if (conn->has_failed)
        conn->is_worn = true;
    conn_return(conn);
    return loss;
}

static void ask(Group *group)
{
    static const DbFailure unknown = {
        .status = E_INTERNAL,
        .code = "db.outcome_unknown",
        .sentence = "the database broke off, and whether this was stored is not known"
    };
    int end = asking_end(group);
    Loss loss = outcome(group);
    bool is_over = true;
    for (int i = group->next; i < end; i++)
        is_over = is_over && is_late(&group->members[i]);
    if (loss == LOSS_UNKNOWN && !is_over) {
        pause_group(group);
        return;
    }
    group->phase = group->phase_before;
    if (loss == LOSS_ALL)  // it did not happen
        return;
    for (int i = group->next; i < end && loss == LOSS_UNKNOWN; i++)
        member_fail(&group->members[i], &unknown);
    answer(group->db, &group->members[group->next], end - group->next);
    group->next = end;
    group->attempts = 0;
}

static void (*const steps[])(Group *) = {
    [PHASE_TOGETHER] = run_together,
    [PHASE_ALONE] = run_alone,
    [PHASE_ASKING] = ask,
};

bool group_serve(Group *group)
{
    if (group->count == 0)
        group->started_us = clock_us();
    group->again_us = 0;
    bool is_new = group->attempts == 0;
    do {
        if (group->phase != PHASE_ASKING)
            drop_late(group);
        if (group->next >= group->count && !is_new)
            break;
        is_new = false;
        steps[group->phase](group);
    } while (group->next < group->count && !group->again_us);
    return group->next >= group->count;
}

// ---- Alone on the lane's connection -------------------------------------------------------------

void group_run_alone(Db *db, LaneTask *task)
{
    Ctx *ctx = task->ctx;
    Conn *conn, *outer = ctx->conn;
    int64_t number = task->number;
    Status status = conn_borrow(ctx, db, true, &conn);
    if (status == OK) {
        ctx->conn = conn;
        status = ctx_guard(ctx, task->run, task->arg);
        ctx->conn = outer;
        conn->driver->rollback(conn);
        kept_forget(conn);
        conn_return(conn);
    }
    task->done(task, status);
    lane_answered(db, number, number);
}
