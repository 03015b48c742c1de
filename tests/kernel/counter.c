// counter.c - one row that members of a lane add to.
#include "kernel/counter.h"

#include "base/log.h"
#include "harness.h"

#include <pthread.h>

static const char *const counters =
    "CREATE TABLE counter (id BIGINT PRIMARY KEY, value BIGINT NOT NULL,"
    " CONSTRAINT counter_sane CHECK (value >= 0))";

Db *counter_open(Ctx *ctx)
{
    Db *db = fixture_open(ctx);
    fixture_ddl(ctx, db, counters);
    fixture_ddl(ctx, db, "INSERT INTO counter (id, value) VALUES (1, 0)");
    return db;
}

Db *counter_start(Ctx *ctx, int workers)
{
    log_set_level(LOG_ERROR);
    CHECK_OK(ctx, lanes_start(ctx, workers));
    return counter_open(ctx);
}

void counter_stop(Db *db)
{
    lanes_stop();
    fixture_close(db);
}

int64_t counter_value(Ctx *ctx, Db *db)
{
    return fixture_number(ctx, db, "SELECT value FROM counter WHERE id = 1");
}

Status counter_add(Ctx *ctx, void *arg)
{
    return db_write(ctx, SQL("UPDATE counter SET value = value + 1 WHERE id = 1"));
}

Status counter_add_as_member(Ctx *ctx, void *arg)
{
    CrewMember *member = arg;
    member->runs++;
    member->drawn = random_next(ctx->random);
    TRY(db_write(ctx, SQL("INSERT INTO counter (id, value) VALUES ($1, 1)", 100 + member->number)));
    return counter_add(ctx, arg);
}

void counter_check_member(Ctx *ctx, Db *db, const CrewMember *member, const char *code)
{
    Str sql =
        str_format(ctx->arena, "SELECT count(*) FROM counter WHERE id = %d", 100 + member->number);
    CHECK_STR(str_from(member->code), code);
    CHECK_INT(fixture_number(ctx, db, sql_intern(sql)), member->status == OK);
}

typedef struct Client {
    pthread_t thread;
    Db *db;
    int times, failed;
} Client;

static void *add_often(void *arg)
{
    Client *client = arg;
    ThreadCtx thread;
    thread_ctx(&thread, 1);
    for (int i = 0; i < client->times; i++) {
        client->failed += db_transact(&thread.ctx, client->db, counter_add, NULL) != OK;
        arena_clear(&thread.arena);
    }
    thread_ctx_release(&thread);
    return NULL;
}

int counter_add_from_clients(Db *db, int clients, int times, void (*meanwhile)(void *), void *arg)
{
    Client all[CLIENTS];
    int failed = 0;
    for (int i = 0; i < clients; i++) {
        all[i] = (Client){ .db = db, .times = times };
        pthread_create(&all[i].thread, NULL, add_often, &all[i]);
    }
    if (meanwhile)
        meanwhile(arg);
    for (int i = 0; i < clients; i++) {
        pthread_join(all[i].thread, NULL);
        failed += all[i].failed;
    }
    return failed;
}
