// lane_bench.c - how much of what the engine can do is left when transactions go through a lane.
//
// Ours: N client threads, each writing one row a transaction through db_transact(), waiting for its
// durable answer. The floor: the same rows into the same table straight through the engine's own C
// interface from one thread, in transactions of as many rows as our groups had, so with the same
// number of syncs per row, and without savepoints, threads, or anybody waiting.
//
//     lane_bench                               SQLite, in a temporary folder (TMPDIR)
//     tests/postgres.sh lane_bench             PostgreSQL
#include "frame.h"

#include "kernel/db/lane.h"
#include "kernel/db/stats.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <unistd.h>

enum { CLIENTS_MAX = 32, ROUNDS = 9, ROUND_US = 400000 };

#define INSERT "INSERT INTO entry (id, account, amount, note) VALUES ($1, $2, $3, $4)"
#define CREATE                                                                                     \
    "CREATE TABLE entry (id %s PRIMARY KEY, account %s NOT NULL, amount %s NOT NULL,"              \
    " note TEXT NOT NULL)"
static const char note[] = "received against invoice 2026-000417";

static _Atomic int64_t next_id = 1;
static atomic_bool is_over;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void fail(const char *what)
{
    fprintf(stderr, "lane_bench: %s\n", what);
    exit(1);
}

// ---- Ours ---------------------------------------------------------------------------------------

typedef struct Client {
    pthread_t thread;
    Db *db;
    int64_t done;
    int64_t sum_us;
} Client;

static Status insert(Ctx *ctx, void *arg)
{
    int64_t id = *(int64_t *)arg;
    return db_write(ctx, SQL(INSERT, id, id % 100, id * 7, note));
}

static void *write_rows(void *arg)
{
    Client *client = arg;
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    while (!atomic_load_explicit(&is_over, memory_order_relaxed)) {
        int64_t id = atomic_fetch_add(&next_id, 1), start = now_us();
        if (db_transact(&ctx, client->db, insert, &id) != OK)
            fail(ctx.failure.message.ptr);
        int64_t took = now_us() - start;
        client->sum_us += took;
        client->done++;
        arena_clear(&arena);
    }
    arena_release(&arena);
    return NULL;
}

typedef struct Figures {
    double per_s, cpu_us, mean_us, group;
} Figures;

static Figures run_ours(Db *db, int count)
{
    Client clients[CLIENTS_MAX];
    int64_t done = 0, sum_us = 0;
    Spent start = spent_now();
    DbStats before = db_stats();
    atomic_store(&is_over, false);
    for (int i = 0; i < count; i++) {
        clients[i] = (Client){ .db = db };
        pthread_create(&clients[i].thread, NULL, write_rows, &clients[i]);
    }
    usleep(ROUND_US);
    atomic_store(&is_over, true);
    for (int i = 0; i < count; i++) {
        pthread_join(clients[i].thread, NULL);
        done += clients[i].done;
        sum_us += clients[i].sum_us;
    }
    DbStats after = db_stats();
    Spent spent = spent_since(start);
    return (Figures){ .per_s = (double)done * 1e6 / spent.wall_us,
                      .cpu_us = spent.cpu_us / (double)done,
                      .mean_us = (double)sum_us / (double)done,
                      .group = (double)(after.members - before.members) /
                               (double)(after.groups - before.groups) };
}

// ---- The floor ----------------------------------------------------------------------------------

static void sqlite_group(sqlite3 *file, sqlite3_stmt *stmt, int rows)
{
    sqlite3_exec(file, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    for (int i = 0; i < rows; i++) {
        int64_t id = next_id++;
        sqlite3_bind_int64(stmt, 1, id);
        sqlite3_bind_int64(stmt, 2, id % 100);
        sqlite3_bind_int64(stmt, 3, id * 7);
        sqlite3_bind_text(stmt, 4, note, sizeof note - 1, SQLITE_STATIC);
        if (sqlite3_step(stmt) != SQLITE_DONE)
            fail(sqlite3_errmsg(file));
        sqlite3_reset(stmt);
    }
    if (sqlite3_exec(file, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        fail(sqlite3_errmsg(file));
}

static void send(PGconn *pg, const char *name, int count, const char *const *values)
{
    if (!PQsendQueryPrepared(pg, name, count, values, NULL, NULL, 0))
        fail(PQerrorMessage(pg));
}

static void postgres_group(PGconn *pg, int rows)
{
    char id[24], account[24], amount[24];
    const char *values[] = { id, account, amount, note };
    send(pg, "begin", 0, NULL);
    for (int i = 0; i < rows; i++) {
        long long n = next_id++;
        snprintf(id, sizeof id, "%lld", n);
        snprintf(account, sizeof account, "%lld", n % 100);
        snprintf(amount, sizeof amount, "%lld", n * 7);
        send(pg, "insert", 4, values);
    }
    send(pg, "commit", 0, NULL);
    PQpipelineSync(pg);
    for (PGresult *result;;) {
        result = PQgetResult(pg);
        ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (result && status == PGRES_PIPELINE_SYNC)
            return;
        if (result && status != PGRES_COMMAND_OK)
            fail(PQerrorMessage(pg));
    }
}

typedef struct Floor {
    sqlite3 *file;
    sqlite3_stmt *stmt;
    PGconn *pg;
} Floor;

static void prepare(PGconn *pg, const char *name, const char *sql)
{
    PGresult *result = PQprepare(pg, name, sql, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        fail(PQerrorMessage(pg));
    PQclear(result);
}

static Floor open_floor(Arena *arena, const DbPlace *place)
{
    Floor floor = { 0 };
    if (place->engine == ENGINE_SQLITE) {
        sqlite3_open(str_c(arena, place->file), &floor.file);
        sqlite3_exec(floor.file, "PRAGMA synchronous = FULL; PRAGMA mmap_size = 268435456", NULL,
                     NULL, NULL);
        if (sqlite3_prepare_v2(floor.file, INSERT, -1, &floor.stmt, NULL) != SQLITE_OK)
            fail(sqlite3_errmsg(floor.file));
        return floor;
    }
    floor.pg = PQconnectdb(str_c(arena, place->conninfo));
    PQclear(PQexec(floor.pg,
                   str_format(arena, "SET search_path = " STR_FMT, STR_ARG(place->schema)).ptr));
    prepare(floor.pg, "begin", "BEGIN ISOLATION LEVEL SERIALIZABLE");
    prepare(floor.pg, "insert", INSERT);
    prepare(floor.pg, "commit", "COMMIT");
    PQenterPipelineMode(floor.pg);
    return floor;
}

static void close_floor(Floor *floor)
{
    sqlite3_finalize(floor->stmt);
    sqlite3_close(floor->file);
    PQfinish(floor->pg);
}

static Figures run_floor(const Floor *floor, int group)
{
    int64_t end = now_us() + ROUND_US, done = 0;
    Spent start = spent_now();
    for (; now_us() < end; done += group) {
        if (floor->pg)
            postgres_group(floor->pg, group);
        else
            sqlite_group(floor->file, floor->stmt, group);
    }
    Spent spent = spent_since(start);
    return (Figures){ .per_s = (double)done * 1e6 / spent.wall_us,
                      .cpu_us = spent.cpu_us / (double)done };
}

// ---- The table ----------------------------------------------------------------------------------

static Status create(Ctx *ctx, void *arg)
{
    const char *type = db_engine(arg) == ENGINE_SQLITE ? "INTEGER" : "BIGINT";
    Str sql = str_format(ctx->arena, CREATE, type, type, type);
    return db_write(ctx, (Query){ sql.ptr, NULL, 0 });
}

static DbPlace new_place(Arena *arena)
{
    const char *pg = getenv("TEST_PG"), *folder = getenv("TMPDIR");
    if (pg)
        return (
            DbPlace){ .engine = ENGINE_POSTGRES, .conninfo = str_from(pg), .schema = S("bench") };
    Str path = str_format(arena, "%s/lane-bench-XXXXXX", folder ? folder : "/tmp");
    if (!mkdtemp((char *)path.ptr))
        fail("no temporary folder");
    return (DbPlace){ .engine = ENGINE_SQLITE, .file = str_join(arena, path, S("/bench.db")) };
}

static void remove_place(Arena *arena, const DbPlace *place)
{
    if (place->engine == ENGINE_POSTGRES)
        return;  // the server is temporary
    unlink(str_c(arena, place->file));
    rmdir(str_c(arena, str_sub(place->file, 0, (size_t)str_rfind_char(place->file, '/'))));
}

static void compare(Db *db, const Floor *floor, int clients)
{
    Series per_s = { 0 }, group = { 0 }, mean = { 0 }, cpu = { 0 }, raw_s = { 0 }, raw_cpu = { 0 },
           ratio = { 0 };
    for (int i = 0; i < ROUNDS; i++) {
        Figures ours = run_ours(db, clients);
        Figures raw = run_floor(floor, ours.group < 1 ? 1 : (int)(ours.group + 0.5));
        series_add(&per_s, ours.per_s);
        series_add(&group, ours.group);
        series_add(&mean, ours.mean_us);
        series_add(&cpu, ours.cpu_us);
        series_add(&raw_s, raw.per_s);
        series_add(&raw_cpu, raw.cpu_us);
        series_add(&ratio, 100 * ours.per_s / raw.per_s);
    }
    printf("%-8d %10.0f %8.1f %10.0f %10.1f %10.0f %10.1f %6.0f%%\n", clients,
           series_median(&per_s), series_median(&group), series_median(&mean), series_median(&cpu),
           series_median(&raw_s), series_median(&raw_cpu), series_median(&ratio));
}

int main(void)
{
    static const int client_counts[] = { 1, 8, 32 };
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena };
    Db *db;
    DbPlace place = new_place(&arena);
    if (lanes_start(&ctx, 0) != OK || db_open(&ctx, &place, true, &db) != OK ||
        db_transact(&ctx, db, create, db) != OK)
        fail(ctx.failure.message.ptr);
    Floor floor = open_floor(&arena, &place);
    printf("%-8s %10s %8s %10s %10s %10s %10s %7s\n", "clients", "writes/s", "group", "mean us",
           "cpu us", "floor/s", "floor cpu", "ratio");
    for (size_t i = 0; i < COUNT(client_counts); i++)
        compare(db, &floor, client_counts[i]);
    close_floor(&floor);
    lanes_stop();
    db_drop(db);
    remove_place(&arena, &place);
    arena_release(&arena);
    return 0;
}
