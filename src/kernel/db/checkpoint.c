// checkpoint.c - copies SQLite's write-ahead logs into their databases, on a thread of its own.
//
// A commit only appends to the log and syncs it. When the log is long, this thread copies it
// without disturbing anybody (PASSIVE). Under steady load that alone never reaches the end of the
// log, which would grow for ever; so when it is very long, writers are kept out for the few pages
// that the copying has left (RESTART), and the log starts again from its beginning.
#include "kernel/db/options.h"
#include "kernel/db/space.h"
#include "kernel/db/sqlite.h"
#include "kernel/db/stats.h"

#include <pthread.h>

static struct {
    pthread_mutex_t lock;
    pthread_cond_t work;
    Db *first;
    bool is_running, has_thread;
    pthread_t thread;
} checkpoints = { .lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER };

static void run(Db *db)
{
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    Conn *conn;
    int pages = 0, copied;
    if (conn_borrow(&ctx, db, false, &conn) == OK) {
        sqlite3 *file = sqlite_of(conn)->db;
        sqlite3_wal_checkpoint_v2(file, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
        if (pages >= db_options()->checkpoint_pages_max)
            sqlite3_wal_checkpoint_v2(file, NULL, SQLITE_CHECKPOINT_RESTART, &pages, &copied);
        conn_return(conn);
        stat_add(STAT_CHECKPOINTS, 1);
    }
    arena_release(&arena);
}

static Db *take(void)
{
    Db *db = checkpoints.first;
    if (db) {
        checkpoints.first = db->next_checkpoint;
        db->is_checkpointing = false;  // what is committed from here on asks again
    }
    return db;
}

static void *work(void *arg)
{
    pthread_mutex_lock(&checkpoints.lock);
    while (checkpoints.is_running || checkpoints.first) {
        Db *db = take();
        if (!db) {
            pthread_cond_wait(&checkpoints.work, &checkpoints.lock);
            continue;
        }
        pthread_mutex_unlock(&checkpoints.lock);
        run(db);
        db_drop(db);
        pthread_mutex_lock(&checkpoints.lock);
    }
    pthread_mutex_unlock(&checkpoints.lock);
    return NULL;
}

void checkpoint_start(void)
{
    pthread_mutex_lock(&checkpoints.lock);
    checkpoints.is_running = true;
    checkpoints.has_thread = pthread_create(&checkpoints.thread, NULL, work, NULL) == 0;
    checkpoints.is_running = checkpoints.has_thread;
    pthread_mutex_unlock(&checkpoints.lock);
}

void checkpoint_stop(void)
{
    pthread_mutex_lock(&checkpoints.lock);
    bool has_thread = checkpoints.has_thread;
    checkpoints.is_running = checkpoints.has_thread = false;
    pthread_cond_signal(&checkpoints.work);
    pthread_mutex_unlock(&checkpoints.lock);
    if (has_thread)
        pthread_join(checkpoints.thread, NULL);
}

void checkpoint_want(Db *db)
{
    pthread_mutex_lock(&checkpoints.lock);
    bool has_thread = checkpoints.is_running;
    if (has_thread && !db->is_checkpointing) {
        db->is_checkpointing = true;
        db->next_checkpoint = checkpoints.first;
        checkpoints.first = db_keep(db);
        pthread_cond_signal(&checkpoints.work);
    }
    pthread_mutex_unlock(&checkpoints.lock);
    if (!has_thread)
        run(db);
}
