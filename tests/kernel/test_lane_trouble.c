// test_lane_trouble.c - a lane whose database others hold, whose connection is lost, whose process
// is killed.
#include "kernel/db/lane.h"
#include "kernel/db/options.h"
#include "kernel/db/stats.h"

#include "harness.h"
#include "kernel/counter.h"
#include "kernel/fixture.h"
#include "kernel/proxy.h"

#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- Others in the way --------------------------------------------------------------------------

// SQLite: another program holds the write lock.
static sqlite3 *lock_file(const Db *db)
{
    sqlite3 *file;
    Arena arena = { 0 };
    sqlite3_open(str_c(&arena, db_place(db)->file), &file);
    sqlite3_busy_timeout(file, 1000);
    CHECK(sqlite3_exec(file, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK);
    arena_release(&arena);
    return file;
}

static void hold_file(void *db)
{
    sqlite3 *file = lock_file(db);
    usleep(600 * 1000);
    sqlite3_close(file);
}

static PGconn *pg_connect(const Db *db)
{
    Arena arena = { 0 };
    PGconn *pg = PQconnectdb(str_c(&arena, db_place(db)->conninfo));
    Str path = str_format(&arena, "SET search_path = " STR_FMT, STR_ARG(db_place(db)->schema));
    PQclear(PQexec(pg, path.ptr));
    arena_release(&arena);
    return pg;
}

// PostgreSQL: another node holds the tenant's lock for a while.
static void hold_lock(void *arg)
{
    Db *db = arg;
    Arena arena = { 0 };
    PGconn *pg = pg_connect(db);
    Str lock = str_format(&arena, "SELECT pg_advisory_lock(hashtextextended('" STR_FMT "', 0))",
                          STR_ARG(db_place(db)->schema));
    PQclear(PQexec(pg, lock.ptr));
    usleep(600 * 1000);
    PQfinish(pg);
    arena_release(&arena);
}

static void test_a_lane_waits_for_other_programs(void)
{
    Ctx *ctx = test_ctx();
    DbOptions usual = *db_options(), many = usual;
    many.has_many_nodes = true;
    db_use_options(&many);
    Db *db = counter_start(ctx, 2);
    CHECK_INT(
        counter_add_from_clients(db, 4, 10, fixture_is_postgres() ? hold_lock : hold_file, db), 0);
    CHECK_INT(counter_value(ctx, db), 40);
    counter_stop(db);
    db_use_options(&usual);
}

static Status compete_up_to(Ctx *ctx, CrewMember *member, int runs)
{
    int64_t value;
    TRY(db_one(ctx, SQL("SELECT value FROM counter WHERE id = 2"), &value));
    if (member->runs++ < runs) {
        PGconn *pg = pg_connect(member->crew->db);
        PQclear(PQexec(pg, "UPDATE counter SET value = value + 100 WHERE id = 2"));
        PQfinish(pg);
    }
    return db_write(ctx, SQL("UPDATE counter SET value = $1 WHERE id = 2", value + 1));
}

static Status compete(Ctx *ctx, void *arg)
{
    return compete_up_to(ctx, arg, 1);
}

static Status compete_for_ever(Ctx *ctx, void *arg)
{
    return compete_up_to(ctx, arg, INT32_MAX);
}

static void test_a_conflict_runs_the_group_again(void)
{
    if (!fixture_is_postgres()) {
        test_skip("a file has one writer");
        return;
    }
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 2);
    Crew crew;
    fixture_ddl(ctx, db, "INSERT INTO counter (id, value) VALUES (2, 0)");
    crew_init(&crew, ctx, db);
    CrewMember *first = crew_add(&crew, counter_add_as_member);
    CrewMember *second = crew_add(&crew, compete);
    crew_run(&crew);
    CHECK(first->status == OK && first->runs == 2);
    CHECK(second->status == OK && second->runs == 2);
    CHECK_INT(fixture_number(ctx, db, "SELECT sum(value) FROM counter WHERE id <= 2"), 102);
    crew_release(&crew);
    counter_stop(db);
}

// Run again until the deadline, then told to come back later; and nothing was done.
static void test_a_conflict_that_lasts_is_busy(void)
{
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 2);
    bool is_sqlite = !fixture_is_postgres();
    Crew crew;
    fixture_ddl(ctx, db, "INSERT INTO counter (id, value) VALUES (2, 0)");
    sqlite3 *file = is_sqlite ? lock_file(db) : NULL;
    crew_init_free(&crew, db);
    CrewMember *member =
        crew_add_until(&crew, is_sqlite ? counter_add_as_member : compete_for_ever, 300);
    crew_run(&crew);
    sqlite3_close(file);
    CHECK_STR(str_from(member->code), is_sqlite ? "db.busy" : "db.conflict");
    CHECK(member->status == E_BUSY);
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM counter WHERE id > 100"), 0);
    crew_release(&crew);
    counter_stop(db);
}

// ---- Lost connections ---------------------------------------------------------------------------

static Status lose_backend(Ctx *ctx, void *arg)
{
    CrewMember *member = arg;
    int64_t pid;
    TRY(counter_add_as_member(ctx, arg));
    TRY(db_one(ctx, SQL("SELECT pg_backend_pid()"), &pid));
    if (member->runs == 1) {
        PGconn *pg = pg_connect(member->crew->db);
        char text[64];
        snprintf(text, sizeof text, "SELECT pg_terminate_backend(%d)", (int)pid);
        PQclear(PQexec(pg, text));
        PQfinish(pg);
    }
    return counter_add(ctx, arg);
}

static void test_a_killed_backend_costs_nothing(void)
{
    if (!fixture_is_postgres()) {
        test_skip("there is no backend");
        return;
    }
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 2);
    Crew crew;
    crew_init(&crew, ctx, db);
    CrewMember *first = crew_add(&crew, counter_add_as_member);
    CrewMember *second = crew_add(&crew, lose_backend);
    CrewMember *third = crew_add(&crew, counter_add_as_member);
    crew_run(&crew);
    counter_check_member(ctx, db, first, "ok");
    counter_check_member(ctx, db, second, "ok");
    counter_check_member(ctx, db, third, "ok");
    CHECK_INT(counter_value(ctx, db), 4);
    crew_release(&crew);
    counter_stop(db);
}

// Whether it happened is asked, not guessed.
static void test_a_line_cut_during_commit_leaves_no_doubt(void)
{
    if (!fixture_is_postgres()) {
        test_skip("there is no line");
        return;
    }
    Ctx *ctx = test_ctx();
    CHECK_OK(ctx, lanes_start(ctx, 2));
    for (ProxyCut cut = CUT_BEFORE_COMMIT; cut <= CUT_AFTER_COMMIT; cut++) {
        Db *direct = counter_open(ctx), *db;
        Proxy *proxy = proxy_start(ctx, db_place(direct)->conninfo);
        DbPlace place = *db_place(direct);
        CrewMember member = { .number = 1 };
        place.conninfo = proxy_conninfo(proxy);
        CHECK_OK(ctx, db_open(ctx, &place, false, &db));
        proxy_cut(proxy, cut);
        CHECK_OK(ctx, db_transact(ctx, db, counter_add_as_member, &member));
        CHECK(proxy_has_cut(proxy));
        CHECK_INT(member.runs, cut == CUT_AFTER_COMMIT ? 1 : 2);
        CHECK_INT(counter_value(ctx, direct), 1);
        db_drop(db);
        proxy_stop(proxy);
        fixture_close(direct);
    }
    lanes_stop();
}

static void cut_now_and_then(void *arg)
{
    for (int i = 0; i < 20; i++) {
        proxy_cut(arg, i % 2 ? CUT_BEFORE_COMMIT : CUT_AFTER_COMMIT);
        for (int tries = 0; tries < 200 && !proxy_has_cut(arg); tries++)
            usleep(1000);
    }
    proxy_cut(arg, CUT_NONE);
}

static void test_a_bad_line_loses_and_doubles_nothing(void)
{
    if (!fixture_is_postgres()) {
        test_skip("there is no line");
        return;
    }
    Ctx *ctx = test_ctx();
    Db *direct = counter_start(ctx, 2), *db;
    Proxy *proxy = proxy_start(ctx, db_place(direct)->conninfo);
    DbPlace place = *db_place(direct);
    place.conninfo = proxy_conninfo(proxy);
    CHECK_OK(ctx, db_open(ctx, &place, false, &db));
    CHECK_INT(counter_add_from_clients(db, 8, 200, cut_now_and_then, proxy), 0);
    CHECK_INT(counter_value(ctx, direct), 1600);
    db_drop(db);
    proxy_stop(proxy);
    counter_stop(direct);
}

static void restart_server(void *arg)
{
    Arena arena = { 0 };
    const char *ctl = getenv("TEST_PG_CTL");
    usleep(50 * 1000);
    CHECK(system(str_format(&arena, "%s -m fast restart", ctl).ptr) == 0);
    arena_release(&arena);
}

static void test_the_server_may_restart(void)
{
    if (!fixture_is_postgres()) {
        test_skip("there is no server");
        return;
    }
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 2);
    CHECK_INT(counter_add_from_clients(db, 4, 200, restart_server, NULL), 0);
    CHECK_INT(counter_value(ctx, db), 800);
    counter_stop(db);
}

// ---- Killed -------------------------------------------------------------------------------------

static pid_t start_child(const Db *db, int64_t first, int *ret_answers)
{
    Arena arena = { 0 };
    char self[4096] = "";
    int ends[2];
    const DbPlace *place = db_place(db);
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0 || pipe(ends) != 0)
        exit(2);
    Str folder = str_sub(str_from(self), 0, (size_t)str_rfind_char(str_from(self), '/'));
    const char *program = str_format(&arena, STR_FMT "/kill_child", STR_ARG(folder)).ptr;
    const char *from = str_format(&arena, "%lld", (long long)first).ptr;
    const char *where =
        str_c(&arena, place->engine == ENGINE_SQLITE ? place->file : place->conninfo);
    const char *schema = place->schema.len ? str_c(&arena, place->schema) : NULL;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execl(program, program, from, where, schema, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    *ret_answers = ends[0];
    arena_release(&arena);
    return child;
}

static Status find_row(Ctx *ctx, void *arg)
{
    int64_t value;
    return db_one(ctx, SQL("SELECT value FROM counter WHERE id = $1", *(int64_t *)arg), &value);
}

static void test_what_was_answered_survives_kill_9(void)
{
    enum { ROUNDS = 20 };
    Ctx *ctx = test_ctx();
    Db *db = counter_open(ctx);
    int64_t answered = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int from;
        int64_t id;
        bool is_first = true;
        pid_t child = start_child(db, (round + 1) * INT64_C(1000000), &from);
        while (read(from, &id, sizeof id) == sizeof id) {
            if (is_first) {
                usleep((useconds_t)(5 + random_below(ctx->random, 40)) * 1000);
                kill(child, SIGKILL);
            }
            is_first = false;
            answered++;
            CHECK_OK(ctx, db_read(ctx, db, find_row, &id));
        }
        close(from);
        waitpid(child, NULL, 0);
        CHECK(!is_first);
    }
    CHECK(answered >= ROUNDS);
    fixture_close(db);
}

const Test lane_trouble_tests[] = {
    { "a lane waits for other programs", test_a_lane_waits_for_other_programs },
    { "a conflict runs the group again", test_a_conflict_runs_the_group_again },
    { "a conflict that lasts is busy", test_a_conflict_that_lasts_is_busy },
    { "a killed backend costs nothing", test_a_killed_backend_costs_nothing },
    { "a line cut during COMMIT leaves no doubt", test_a_line_cut_during_commit_leaves_no_doubt },
    { "a bad line loses and doubles nothing", test_a_bad_line_loses_and_doubles_nothing },
    { "the server may restart", test_the_server_may_restart },
    { "what was answered survives kill -9", test_what_was_answered_survives_kill_9 },
    { 0 },
};
