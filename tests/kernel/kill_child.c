// kill_child.c - writes rows as fast as it can from several threads and says on standard output,
// eight bytes each, which ones were answered; until somebody kills it. test_lane.c does, and
// counts.
#include "kernel/db/lane.h"

#include <pthread.h>
#include <unistd.h>

enum { THREADS = 4 };

static Db *db;

static Status add_row(Ctx *ctx, void *arg)
{
    return db_write(ctx, SQL("INSERT INTO counter (id, value) VALUES ($1, 1)", *(int64_t *)arg));
}

static void *write_rows(void *arg)
{
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    for (int64_t id = (intptr_t)arg;; id += THREADS) {
        if (db_transact(&ctx, db, add_row, &id) == OK && write(STDOUT_FILENO, &id, sizeof id) < 0)
            exit(1);
        arena_clear(&arena);
    }
}

// kill_child FIRST_ID FILE | kill_child FIRST_ID CONNINFO SCHEMA
int main(int argc, char **argv)
{
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    pthread_t threads[THREADS];
    int64_t first = 0;
    DbPlace place = { .engine = argc == 4 ? ENGINE_POSTGRES : ENGINE_SQLITE };
    if (argc < 3 || !str_int(str_from(argv[1]), &first))
        return 2;
    place.file = argc == 3 ? str_from(argv[2]) : S("");
    place.conninfo = argc == 4 ? str_from(argv[2]) : S("");
    place.schema = argc == 4 ? str_from(argv[3]) : S("");
    if (lanes_start(&ctx, 2) != OK || db_open(&ctx, &place, false, &db) != OK)
        return 2;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, write_rows, (void *)(intptr_t)(first + i));
    pthread_join(threads[0], NULL);
    return 0;
}
