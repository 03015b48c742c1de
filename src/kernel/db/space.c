// space.c - the namespaces that are open: found again by their place, so that there is one lane for
// each, whoever opens it and however often.
#include "kernel/db/space.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>

enum { BUCKETS = 512 };

static struct {
    pthread_mutex_t lock;
    Db *buckets[BUCKETS];
} spaces = { .lock = PTHREAD_MUTEX_INITIALIZER };

const DbPlace *db_place(const Db *db)
{
    return &db->place;
}

Engine db_engine(const Db *db)
{
    return db->place.engine;
}

// ---- The registry -------------------------------------------------------------------------------

static bool is_same_place(const DbPlace *a, const DbPlace *b)
{
    return a->engine == b->engine && str_eq(a->file, b->file) && str_eq(a->conninfo, b->conninfo) &&
           str_eq(a->schema, b->schema);
}

static Db **bucket_of(const DbPlace *place)
{
    return &spaces.buckets[(str_hash(place->file) ^ str_hash(place->schema)) % BUCKETS];
}

static Db *space_new(const DbPlace *place)
{
    Db *db = calloc(1, sizeof *db);
    if (!db)
        abort();
    db->place = (DbPlace){ .engine = place->engine,
                           .file = str_copy(&db->arena, place->file),
                           .conninfo = str_copy(&db->arena, place->conninfo),
                           .schema = str_copy(&db->arena, place->schema) };
    db->driver = place->engine == ENGINE_SQLITE ? &driver_sqlite : &driver_postgres;
    db->pool = pool_open(db);
    return db;
}

static Db *find_or_add(const DbPlace *place)
{
    pthread_mutex_lock(&spaces.lock);
    Db **bucket = bucket_of(place), *db = *bucket;
    while (db && !is_same_place(&db->place, place))
        db = db->next;
    if (!db) {
        db = space_new(place);
        db->next = *bucket;
        *bucket = db;
    }
    db->users++;
    pthread_mutex_unlock(&spaces.lock);
    return db;
}

Db *db_keep(Db *db)
{
    pthread_mutex_lock(&spaces.lock);
    db->users++;
    pthread_mutex_unlock(&spaces.lock);
    return db;
}

void db_drop(Db *db)
{
    pthread_mutex_lock(&spaces.lock);
    bool is_last = --db->users == 0;
    for (Db **at = bucket_of(&db->place); is_last && *at; at = &(*at)->next)
        if (*at == db) {
            *at = db->next;
            break;
        }
    pthread_mutex_unlock(&spaces.lock);
    if (!is_last)
        return;
    assert(db->lane.state == LANE_IDLE && !db->lane.first);
    pool_close(db->pool);
    arena_release(&db->arena);
    free(db);
}

// ---- Opening ------------------------------------------------------------------------------------

// One spelling for each file, so that two cannot mean two lanes.
static Str real_file(Arena *arena, Str file)
{
    char whole[PATH_MAX];
    if (realpath(str_c(arena, file), whole))
        return str_copy(arena, str_from(whole));
    ptrdiff_t slash = str_rfind_char(file, '/');  // not there yet, but its folder is
    Str folder = slash < 0 ? S("./") : str_sub(file, 0, (size_t)slash + 1);
    if (!realpath(str_c(arena, folder), whole))
        return file;
    return str_format(arena, "%s/" STR_FMT, strcmp(whole, "/") == 0 ? "" : whole,
                      STR_ARG(str_from_at(file, (size_t)(slash + 1))));
}

static Status enter(Ctx *ctx, Db *db, bool create)
{
    Conn *conn;
    TRY(conn_borrow(ctx, db, false, &conn));
    db->driver->enter(conn, create);
    Status status = conn_raise(ctx, conn);
    conn_return(conn);
    return status;
}

Status db_open(Ctx *ctx, const DbPlace *place, bool create, Db **ret)
{
    DbPlace exact = *place;
    if (place->engine == ENGINE_SQLITE)
        exact = (DbPlace){ .engine = ENGINE_SQLITE, .file = real_file(ctx->arena, place->file) };
    Db *db = find_or_add(&exact);
    Status status = create ? db->driver->make(ctx, &db->place) : OK;
    if (status == OK)
        status = enter(ctx, db, create);
    if (status != OK)
        db_drop(db);
    else
        *ret = db;
    return status;
}
