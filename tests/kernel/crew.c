// crew.c - members that meet in one group.
#include "kernel/crew.h"

#include <unistd.h>

static void note_answer(LaneTask *task, Status status)
{
    CrewMember *member = (CrewMember *)task;
    Ctx *ctx = task->ctx;
    member->status = status;
    snprintf(member->code, sizeof member->code, "%s", status == OK ? "ok" : ctx->failure.code);
    sem_post(&member->crew->answered);
}

static CrewMember *prepare(Crew *crew, CrewMember *member, TxFn run)
{
    member->crew = crew;
    member->task = (LaneTask){ .ctx = thread_ctx(&member->thread, (uint64_t)member->number + 1),
                               .run = run,
                               .done = note_answer,
                               .arg = member };
    return member;
}

// Longer than a group takes members in, so that the crew makes a group of its own.
static Status hold(Ctx *ctx, void *arg)
{
    CrewMember *member = arg;
    Crew *crew = member->crew;
    if (member->runs++ > 0)
        return OK;
    sem_post(&crew->held);
    sem_wait(&crew->go);
    usleep(25 * 1000);
    return OK;
}

void crew_init_free(Crew *crew, Db *db)
{
    *crew = (Crew){ .db = db };
    sem_init(&crew->held, 0, 0);
    sem_init(&crew->go, 0, 0);
    sem_init(&crew->answered, 0, 0);
}

void crew_init(Crew *crew, Ctx *ctx, Db *db)
{
    crew_init_free(crew, db);
    CHECK_OK(ctx, db_submit(db, &prepare(crew, &crew->holder, hold)->task));
    sem_wait(&crew->held);
}

static CrewMember *add(Crew *crew, TxFn run, Time deadline)
{
    CrewMember *member = &crew->members[crew->count++];
    member->number = crew->count;
    prepare(crew, member, run)->task.deadline = deadline;
    CHECK(db_submit(crew->db, &member->task) == OK);  // from here on the context is the lane's
    return member;
}

CrewMember *crew_add(Crew *crew, TxFn run)
{
    return add(crew, run, 0);
}

CrewMember *crew_add_until(Crew *crew, TxFn run, int ms)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return add(crew, run, now.tv_sec * SECOND + now.tv_nsec / 1000 + ms * INT64_C(1000));
}

void crew_run(Crew *crew)
{
    bool is_held = crew->holder.crew != NULL;
    sem_post(&crew->go);
    for (int i = 0; i < crew->count + is_held; i++)
        sem_wait(&crew->answered);
}

void crew_release(Crew *crew)
{
    thread_ctx_release(&crew->holder.thread);
    for (int i = 0; i < crew->count; i++)
        thread_ctx_release(&crew->members[i].thread);
    sem_destroy(&crew->held);
    sem_destroy(&crew->go);
    sem_destroy(&crew->answered);
}
