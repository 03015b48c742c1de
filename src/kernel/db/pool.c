// pool.c - connections that are lent out and come back.
//
// A SQLite file has a pool of its own. On PostgreSQL all namespaces of one database share one, and
// a connection is lent to the namespace it served last where possible, because its statements and
// the server's catalog caches are warm for that one. Idle connections of all pools stand in one
// list, the longest idle at its end: that is the one to close when there are too many.
#include "kernel/db/options.h"
#include "kernel/db/space.h"

#include <assert.h>
#include <pthread.h>

struct Pool {
    Pool *next;    // among those of PostgreSQL
    Str conninfo;  // "" for a SQLite file
    char *text;    // of conninfo
    const Driver *driver;
    int users;   // namespaces
    Conn *idle;  // newest first
    int open, waiting;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t returned;
    Pool *shared;           // one a PostgreSQL database
    Conn *newest, *oldest;  // idle
    int open;
} pools = { .lock = PTHREAD_MUTEX_INITIALIZER };

static DbOptions options = {
    .member_limit_ms = LANE_MEMBER_LIMIT_MS,
    .handles_max = 400,
    .pool_max = 40,
    .pool_wait_ms = 5000,
    .tenants_max = 50,
    .checkpoint_pages = 1000,
    .checkpoint_pages_max = 16000,
};

const DbOptions *db_options(void)
{
    return &options;
}

void db_use_options(const DbOptions *wanted)
{
    options = *wanted;
}

// ---- The list of idle connections (under the lock) ----------------------------------------------

static void idle_add(Conn *conn)
{
    conn->next_idle = conn->pool->idle;
    conn->pool->idle = conn;
    conn->newer = NULL;
    conn->older = pools.newest;
    if (pools.newest)
        pools.newest->newer = conn;
    else
        pools.oldest = conn;
    pools.newest = conn;
}

static void idle_remove(Conn *conn)
{
    Conn **at = &conn->pool->idle;
    while (*at != conn)
        at = &(*at)->next_idle;
    *at = conn->next_idle;
    if (conn->newer)
        conn->newer->older = conn->older;
    else
        pools.newest = conn->older;
    if (conn->older)
        conn->older->newer = conn->newer;
    else
        pools.oldest = conn->newer;
}

static void count_open(Pool *pool, int change)
{
    pool->open += change;
    pools.open += change;
}

// Takes the longest idle one out, to be closed outside the lock.
static Conn *take_surplus(void)
{
    Conn *conn = pools.open > options.handles_max ? pools.oldest : NULL;
    if (conn) {
        idle_remove(conn);
        count_open(conn->pool, -1);
    }
    return conn;
}

static void close_surplus(void)
{
    for (;;) {
        pthread_mutex_lock(&pools.lock);
        Conn *conn = take_surplus();
        pthread_mutex_unlock(&pools.lock);
        if (!conn)
            return;
        conn->driver->close(conn);
    }
}

// ---- Pools --------------------------------------------------------------------------------------

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void prepare(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pools.returned, &attributes);
    pthread_condattr_destroy(&attributes);
}

static Pool *pool_new(const Db *db)
{
    Str conninfo = db->place.engine == ENGINE_POSTGRES ? db->place.conninfo : S("");
    Pool *pool = calloc(1, sizeof *pool);
    char *text = pool ? strndup(conninfo.len ? conninfo.ptr : "", conninfo.len) : NULL;
    if (!text)
        abort();
    *pool = (Pool){
        .text = text, .conninfo = { text, conninfo.len }, .driver = db->driver, .users = 1
    };
    return pool;
}

Pool *pool_open(const Db *db)
{
    pthread_once(&once, prepare);
    if (db->place.engine == ENGINE_SQLITE)
        return pool_new(db);
    pthread_mutex_lock(&pools.lock);
    Pool *pool = pools.shared;
    while (pool && !str_eq(pool->conninfo, db->place.conninfo))
        pool = pool->next;
    if (pool) {
        pool->users++;
    } else {
        pool = pool_new(db);
        pool->next = pools.shared;
        pools.shared = pool;
    }
    pthread_mutex_unlock(&pools.lock);
    return pool;
}

static void unlink_shared(Pool *pool)
{
    for (Pool **at = &pools.shared; *at; at = &(*at)->next)
        if (*at == pool) {
            *at = pool->next;
            return;
        }
}

void pool_close(Pool *pool)
{
    pthread_mutex_lock(&pools.lock);
    bool is_last = --pool->users == 0;
    if (is_last)
        unlink_shared(pool);
    while (is_last && pool->idle) {
        Conn *conn = pool->idle;
        idle_remove(conn);
        count_open(pool, -1);
        pthread_mutex_unlock(&pools.lock);
        conn->driver->close(conn);
        pthread_mutex_lock(&pools.lock);
    }
    pthread_mutex_unlock(&pools.lock);
    if (is_last) {
        assert(pool->open == 0);
        free(pool->text);
        free(pool);
    }
}

// ---- Lending ------------------------------------------------------------------------------------

// An idle connection that served this namespace, on SQLite for the same kind of work: a writer's
// statements are not a reader's.
static Conn *idle_of(const Db *db, bool to_write)
{
    bool is_shared = db->place.engine == ENGINE_POSTGRES;
    for (Conn *conn = db->pool->idle; conn; conn = conn->next_idle)
        if (conn->db == db && (is_shared || conn->is_writing == to_write))
            return conn;
    return NULL;
}

// The one that has been idle longest: whoever used it misses it least.
static Conn *idle_longest(const Pool *pool)
{
    Conn *conn = pool->idle;
    while (conn && conn->next_idle)
        conn = conn->next_idle;
    return conn;
}

typedef enum Offer { OFFER_IDLE, OFFER_NEW, OFFER_NONE } Offer;

// What there is for this borrower now. Half of a PostgreSQL pool is opened before namespaces take
// connections from each other.
static Offer look(const Db *db, bool to_write, Conn **ret)
{
    Pool *pool = db->pool;
    bool is_shared = db->place.engine == ENGINE_POSTGRES;
    *ret = idle_of(db, to_write);
    if (!*ret && is_shared && pool->open >= options.pool_max / 2)
        *ret = idle_longest(pool);
    if (*ret)
        return OFFER_IDLE;
    return !is_shared || pool->open < options.pool_max ? OFFER_NEW : OFFER_NONE;
}

static bool wait_for_return(Pool *pool, int64_t until_us)
{
    struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };
    pool->waiting++;
    int result = pthread_cond_timedwait(&pools.returned, &pools.lock, &until);
    pool->waiting--;
    return result == 0;
}

// An idle connection, or NULL and *ret_may_open: the caller opens one, which is counted already.
static Conn *take(const Db *db, bool to_write, bool *ret_may_open)
{
    int64_t until_us = clock_us() + options.pool_wait_ms * INT64_C(1000);
    Conn *conn = NULL;
    Offer offer;
    pthread_mutex_lock(&pools.lock);
    do
        offer = look(db, to_write, &conn);
    while (offer == OFFER_NONE && wait_for_return(db->pool, until_us));
    if (offer == OFFER_IDLE)
        idle_remove(conn);
    if (offer == OFFER_NEW)
        count_open(db->pool, 1);
    pthread_mutex_unlock(&pools.lock);
    *ret_may_open = offer == OFFER_NEW;
    return conn;
}

static void give_up(Pool *pool, Conn *conn)
{
    if (conn)
        conn->driver->close(conn);
    pthread_mutex_lock(&pools.lock);
    count_open(pool, -1);
    if (pool->waiting)
        pthread_cond_broadcast(&pools.returned);
    pthread_mutex_unlock(&pools.lock);
}

static Status open_new(Ctx *ctx, Db *db, Conn **ret)
{
    Status status = db->driver->open(ctx, &db->place, ret);
    if (status != OK)
        give_up(db->pool, NULL);
    else
        close_surplus();
    return status;
}

Status conn_borrow(Ctx *ctx, Db *db, bool to_write, Conn **ret)
{
    bool may_open;
    Conn *conn = take(db, to_write, &may_open);
    while (conn && !conn->driver->is_alive(conn)) {
        give_up(db->pool, conn);
        conn = take(db, to_write, &may_open);
    }
    if (!conn && !may_open)
        return FAIL(ctx, E_BUSY, "db.crowded", "all connections to the database are in use");
    if (may_open)
        TRY(open_new(ctx, db, &conn));
    conn->pool = db->pool;
    conn->db = db;
    conn->is_writing = to_write;
    conn->scope = NULL;
    conn->limit_ms = 0;
    conn->until_us = 0;
    conn_forget(conn);
    *ret = conn;
    return OK;
}

void conn_return(Conn *conn)
{
    Pool *pool = conn->pool;
    conn->driver->rest(conn);
    if (conn->is_worn) {
        give_up(pool, conn);
        return;
    }
    pthread_mutex_lock(&pools.lock);
    idle_add(conn);
    if (pool->waiting)
        pthread_cond_broadcast(&pools.returned);
    Conn *surplus = take_surplus();
    pthread_mutex_unlock(&pools.lock);
    if (surplus)
        surplus->driver->close(surplus);
}
