// checkpoint.c - copies SQLite's write-ahead logs into their databases.
//
// A commit only appends to the log and syncs it. When the log is long, a thread of its own copies
// it meanwhile. Under steady load that alone never reaches the log's end, so the log would never
// start again from its beginning and grow for ever; when it is very long, the lane itself copies,
// between two groups, the few pages that the thread has left. Neither waits for anybody (PASSIVE).
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

static void copy_log(Conn *conn)
{
    sqlite3_wal_checkpoint_v2(sqlite_of(conn)->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    stat_add(STAT_CHECKPOINTS, 1);
}

static void run(Db *db)
{
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    Conn *conn;
    if (conn_borrow(&ctx, db, false, &conn) == OK) {
        copy_log(conn);
        conn_return(conn);
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
    pthread_setname_np(pthread_self(), "checkpoint");
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

// Hands it to the thread; false when there is none.
static bool hand_over(Db *db)
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
    return has_thread;
}

// Again only when the log has grown by as much once more: under steady load a copy never reaches
// the log's end, and one after each commit would sync the disk more often than the commits do.
static bool is_due(Db *db, int log_pages)
{
    if (log_pages < db->checkpoint_asked)
        db->checkpoint_asked = 0;  // the log has begun anew
    return log_pages - db->checkpoint_asked >= db_options()->checkpoint_pages;
}

void checkpoint_consider(Conn *conn)
{
    if (!is_due(conn->db, conn->log_pages))
        return;
    conn->db->checkpoint_asked = conn->log_pages;
    if (!hand_over(conn->db) || conn->log_pages >= db_options()->checkpoint_pages_max)
        copy_log(conn);
}
