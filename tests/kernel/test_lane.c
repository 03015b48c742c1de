// test_lane.c - write lanes: groups and neighbours, deadlines, durability, on the engine under
// test.
#include "kernel/db/lane.h"
#include "kernel/db/options.h"
#include "kernel/db/stats.h"

#include "base/log.h"
#include "harness.h"
#include "kernel/counter.h"
#include "kernel/fixture.h"
#include "kernel/proxy.h"
#include "kernel/shim.h"

#include <dirent.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- Kinds of members ---------------------------------------------------------------------------

static Status refuse_as_member(Ctx *ctx, void *arg)
{
    TRY(counter_add_as_member(ctx, arg));
    return FAIL(ctx, E_CONFLICT, "test.refused", "not today");
}

static Status violate_as_member(Ctx *ctx, void *arg)
{
    TRY(counter_add_as_member(ctx, arg));
    return db_write(ctx, SQL("UPDATE counter SET value = -5 WHERE id = 1"));
}

static Status unwind_as_member(Ctx *ctx, void *arg)
{
    TRY(counter_add_as_member(ctx, arg));
    ctx->arena->limit = ctx->arena->used + (1 << 20);
    for (;;)
        arena_alloc(ctx->arena, 5000);
}

static Status slow_read_as_member(Ctx *ctx, void *arg)
{
    int64_t n;
    TRY(counter_add_as_member(ctx, arg));
    return db_one(ctx,
                  SQL("WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r"
                      " WHERE n < 1000000000) SELECT count(*) FROM r"),
                  &n);
}

static Status slow_write_as_member(Ctx *ctx, void *arg)
{
    TRY(counter_add_as_member(ctx, arg));
    return db_write(ctx, SQL("UPDATE counter SET value = (WITH RECURSIVE r (n) AS"
                             " (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 1000000000)"
                             " SELECT count(*) FROM r) WHERE id = 1"));
}

static Status sleep_as_member(Ctx *ctx, void *arg)
{
    TRY(counter_add_as_member(ctx, arg));
    usleep((LANE_MEMBER_LIMIT_MS + 20) * 1000);
    return counter_add(ctx, arg);
}

// SQLite only: the file may not grow by as much as is written.
static Status fill_disk_as_member(Ctx *ctx, void *arg)
{
    int64_t pages, most;
    Bytes large = { { arena_alloc(ctx->arena, 1 << 20), 1 << 20 } };
    TRY(counter_add_as_member(ctx, arg));
    TRY(db_one(ctx, SQL("PRAGMA page_count"), &pages));
    const char *limit =
        sql_intern(str_format(ctx->arena, "PRAGMA max_page_count = %d", (int)pages + 8));
    TRY(db_one(ctx, ((Query){ limit, NULL, 0 }), &most));
    return db_write(ctx, SQL("INSERT INTO blob (id, body) VALUES (1, $1)", large));
}

// ---- Groups -------------------------------------------------------------------------------------

static void test_members_of_a_group_do_not_hurt_each_other(void)
{
    // clang-format off
    static const struct {
        TxFn run;
        const char *code;
    } rows[] = {
        { counter_add_as_member,       "ok" },
        { refuse_as_member,    "test.refused" },
        { counter_add_as_member,       "ok" },
        { unwind_as_member,    "memory.limit" },
        { counter_add_as_member,       "ok" },
        { violate_as_member,   "db.check" },
        { counter_add_as_member,       "ok" },
        { slow_read_as_member, "lane.too_slow" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 2);
    Crew crew;
    DbStats before = db_stats();
    crew_init(&crew, ctx, db);
    for (size_t i = 0; i < COUNT(rows); i++)
        crew_add(&crew, rows[i].run);
    crew_run(&crew);
    for (size_t i = 0; i < COUNT(rows); i++) {
        counter_check_member(ctx, db, &crew.members[i], rows[i].code);
        CHECK_INT(crew.members[i].runs, 1);
    }
    CHECK_INT(counter_value(ctx, db), 4);
    CHECK(db_stats().groups - before.groups < (int64_t)COUNT(rows));
    crew_release(&crew);
    counter_stop(db);
}

// Whoever of eight it is, and whatever befalls him: the other seven have done their work, once.
static void test_one_of_eight(void)
{
    enum { EIGHT = 8 };
    // clang-format off
    static const struct {
        const char *name;
        TxFn run;
        const char *code;
        bool needs_file;
    } rows[] = {
        { "refuses",        refuse_as_member,     "test.refused" },
        { "unwinds",        unwind_as_member,     "memory.limit" },
        { "breaks a rule",  violate_as_member,    "db.check" },
        { "reads for ever", slow_read_as_member,  "lane.too_slow" },
        { "writes for ever", slow_write_as_member, "lane.too_slow" },
        { "fills the disk", fill_disk_as_member,  "db.full", true },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t row = 0; row < COUNT(rows); row++) {
        if (rows[row].needs_file && fixture_is_postgres())
            continue;
        test_row = rows[row].name;
        int place = (int)(row * 3 % EIGHT);
        Db *db = counter_start(ctx, 2);
        Crew crew;
        fixture_ddl(ctx, db, "CREATE TABLE blob (id BIGINT PRIMARY KEY, body BYTEA)");
        crew_init(&crew, ctx, db);
        for (int i = 0; i < EIGHT; i++)
            crew_add(&crew, i == place ? rows[row].run : counter_add_as_member);
        crew_run(&crew);
        for (int i = 0; i < EIGHT; i++)
            counter_check_member(ctx, db, &crew.members[i], i == place ? rows[row].code : "ok");
        CHECK_INT(counter_value(ctx, db), EIGHT - 1);
        crew_release(&crew);
        counter_stop(db);
    }
    test_row = NULL;
}

// Everyone is run again alone, as it ran before, and what was lost is not counted twice.
static void test_a_lost_group_is_run_again_one_by_one(void)
{
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 2);
    bool is_sqlite = !fixture_is_postgres();
    Crew crew;
    fixture_ddl(ctx, db, "CREATE TABLE blob (id BIGINT PRIMARY KEY, body BYTEA)");
    crew_init(&crew, ctx, db);
    CrewMember *first = crew_add(&crew, counter_add_as_member);
    CrewMember *refused = crew_add(&crew, refuse_as_member);
    CrewMember *full = is_sqlite ? crew_add(&crew, fill_disk_as_member) : NULL;
    CrewMember *last = crew_add(&crew, counter_add_as_member);
    CrewMember *slow = crew_add(&crew, slow_write_as_member);
    crew_run(&crew);
    counter_check_member(ctx, db, first, "ok");
    counter_check_member(ctx, db, refused, "test.refused");
    counter_check_member(ctx, db, slow, "lane.too_slow");
    counter_check_member(ctx, db, last, "ok");
    if (full)
        counter_check_member(ctx, db, full, "db.full");
    CHECK_INT(first->runs, is_sqlite ? 2 : 1);
    Random same = { (uint64_t)first->number + 1 };
    CHECK(first->drawn == random_next(&same));
    CHECK_INT(counter_value(ctx, db), 2);
    crew_release(&crew);
    counter_stop(db);
}

static Status sleepy(Ctx *ctx, void *arg)
{
    return sleep_as_member(ctx, arg);
}

static void test_time_is_up_at_the_next_statement(void)
{
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 1);
    CrewMember member = { .number = 1 };
    CHECK_FAILS(ctx, "lane.too_slow", db_transact(ctx, db, sleepy, &member));
    CHECK_INT(counter_value(ctx, db), 0);
    counter_stop(db);
}

// ---- A COMMIT that fails ------------------------------------------------------------------------

static atomic_int hooks;

static void count_hook(Db *db, void *arg)
{
    atomic_fetch_add(&hooks, (int)(intptr_t)arg);
}

static Status look_before_commit(Ctx *ctx, void *arg)
{
    return db_write(ctx, SQL("UPDATE counter SET value = value + 10 WHERE id = 1"));
}

static Status hooked_as_member(Ctx *ctx, void *arg)
{
    after_commit(ctx, count_hook, (void *)(intptr_t)1);
    before_commit(ctx, look_before_commit, NULL);
    return counter_add_as_member(ctx, arg);
}

static Status hooked_and_refused(Ctx *ctx, void *arg)
{
    after_commit(ctx, count_hook, (void *)(intptr_t)1000);
    before_commit(ctx, look_before_commit, NULL);
    return refuse_as_member(ctx, arg);
}

// PostgreSQL: COMMIT itself refuses a row of this kind.
static Status poison_as_member(Ctx *ctx, void *arg)
{
    CrewMember *member = arg;
    member->runs++;
    return db_write(ctx,
                    SQL("INSERT INTO counter (id, value) VALUES ($1, 666)", 100 + member->number));
}

static void make_commit_picky(Ctx *ctx, Db *db)
{
    fixture_ddl(ctx, db,
                "CREATE FUNCTION picky() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " IF NEW.value = 666 THEN RAISE EXCEPTION 'poison'; END IF; RETURN NULL; END $$");
    fixture_ddl(ctx, db,
                "CREATE CONSTRAINT TRIGGER picky AFTER INSERT ON counter"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION picky()");
}

static void test_a_failed_commit_is_nobodys_fault_but_one_s(void)
{
    Ctx *ctx = test_ctx();
    bool is_sqlite = !fixture_is_postgres();
    if (is_sqlite)
        shim_install();
    Db *db = counter_start(ctx, 2);
    Crew crew;
    if (!is_sqlite)
        make_commit_picky(ctx, db);
    atomic_store(&hooks, 0);
    crew_init(&crew, ctx, db);
    CrewMember *first = crew_add(&crew, hooked_as_member);
    CrewMember *refused = crew_add(&crew, hooked_and_refused);
    CrewMember *poison = is_sqlite ? NULL : crew_add(&crew, poison_as_member);
    CrewMember *last = crew_add(&crew, hooked_as_member);
    if (is_sqlite)
        shim_fail(SHIM_SYNC_FAILS,
                  2);  // the holder has nothing to sync: the group's, and the first one's
    crew_run(&crew);
    CHECK_STR(str_from(first->code), is_sqlite ? "db.io" : "ok");
    CHECK_STR(str_from(refused->code), "test.refused");
    CHECK_STR(str_from(last->code), "ok");
    CHECK(first->runs == 2 && refused->runs == 2 && last->runs == 2);
    if (poison)
        CHECK(poison->runs == 2 && poison->status == E_INTERNAL);
    CHECK_INT(atomic_load(&hooks), is_sqlite ? 1 : 2);
    CHECK_INT(counter_value(ctx, db), is_sqlite ? 11 : 22);
    crew_release(&crew);
    counter_stop(db);
    if (is_sqlite)
        shim_remove();
}

static void test_a_full_disk_is_survived(void)
{
    if (fixture_is_postgres()) {
        test_skip("needs a disk of our own");
        return;
    }
    Ctx *ctx = test_ctx();
    shim_install();
    Db *db = counter_start(ctx, 2);
    CHECK_OK(ctx, db_transact(ctx, db, counter_add, NULL));
    shim_fail(SHIM_WRITE_FULL, 1000);
    CHECK_FAILS(ctx, "db.full", db_transact(ctx, db, counter_add, NULL));
    shim_fail(SHIM_NONE, 0);
    CHECK_OK(ctx, db_transact(ctx, db, counter_add, NULL));
    CHECK_INT(counter_value(ctx, db), 2);
    counter_stop(db);
    shim_remove();
}

// ---- Many clients -------------------------------------------------------------------------------

static void test_thirty_two_clients_add_up(void)
{
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 4);
    CHECK_INT(counter_add_from_clients(db, CLIENTS, ADDITIONS, NULL, NULL), 0);
    CHECK_INT(counter_value(ctx, db), CLIENTS * ADDITIONS);
    CHECK(db_stats().group_max > 1);
    counter_stop(db);
}

static void test_without_a_pool_callers_serve_the_lane(void)
{
    Ctx *ctx = test_ctx();
    Db *db = counter_open(ctx);
    LaneTask task = { .ctx = ctx, .run = counter_add };
    CHECK_FAILS(ctx, "lane.stopped", db_submit(db, &task));
    CHECK_INT(counter_add_from_clients(db, 8, 50, NULL, NULL), 0);
    CHECK_INT(counter_value(ctx, db), 8 * 50);
    fixture_close(db);
}

static void test_stopping_answers_all_that_wait(void)
{
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 2);
    Crew crew;
    crew_init(&crew, ctx, db);
    for (int i = 0; i < CREW_MAX; i++)
        crew_add(&crew, counter_add_as_member);
    sem_post(&crew.go);
    lanes_stop();
    for (int i = 0; i < CREW_MAX + 1; i++)
        CHECK(sem_trywait(&crew.answered) == 0);
    CHECK_INT(counter_value(ctx, db), CREW_MAX);
    crew_release(&crew);
    fixture_close(db);
}

// ---- Lanes within lanes -------------------------------------------------------------------------

static Status add_there_too(Ctx *ctx, void *arg)
{
    TRY(counter_add(ctx, NULL));
    TRY(db_transact(ctx, arg, counter_add, NULL));
    CHECK(db_is_writing(ctx));
    return counter_add(ctx, NULL);
}

static void test_a_member_may_wait_for_another_lane(void)
{
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 1), *other = counter_open(ctx);
    CHECK_OK(ctx, db_transact(ctx, db, add_there_too, other));
    CHECK_INT(counter_value(ctx, db), 2);
    CHECK_INT(counter_value(ctx, other), 1);
    fixture_close(other);
    counter_stop(db);
}

// ---- Limits -------------------------------------------------------------------------------------

static void test_a_deadline_is_kept(void)
{
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 2);
    Crew crew;
    crew_init(&crew, ctx, db);
    CrewMember *in_time = crew_add(&crew, counter_add_as_member);
    CrewMember *late = crew_add_until(&crew, counter_add_as_member, -1);
    crew_run(&crew);
    CHECK_STR(str_from(in_time->code), "ok");
    CHECK_STR(str_from(late->code), "lane.late");
    CHECK(late->status == E_BUSY && late->runs == 0);
    crew_release(&crew);
    counter_stop(db);
}

static atomic_int answers;

static void count_answer(LaneTask *task, Status status)
{
    atomic_fetch_add(&answers, 1);
}

static Status do_nothing(Ctx *ctx, void *arg)
{
    return OK;
}

static void test_a_full_queue_says_so(void)
{
    Ctx *ctx = test_ctx();
    Db *db = counter_start(ctx, 2);
    Crew crew;
    ThreadCtx other;
    LaneTask *tasks = calloc(LANE_QUEUE_MAX + 1, sizeof *tasks);
    atomic_store(&answers, 0);
    thread_ctx(&other, 1);
    crew_init(&crew, ctx, db);
    for (int i = 0; i <= LANE_QUEUE_MAX; i++) {
        tasks[i] = (LaneTask){ .ctx = &other.ctx, .run = do_nothing, .done = count_answer };
        if (i < LANE_QUEUE_MAX)
            CHECK_OK(&other.ctx, db_submit(db, &tasks[i]));
        else
            CHECK_FAILS(&other.ctx, "lane.full", db_submit(db, &tasks[i]));
    }
    crew_run(&crew);
    lanes_stop();
    CHECK_INT(atomic_load(&answers), LANE_QUEUE_MAX);
    free(tasks);
    thread_ctx_release(&other);
    crew_release(&crew);
    fixture_close(db);
}

// ---- Connections --------------------------------------------------------------------------------

static int open_databases(void)
{
    int count = 0;
    char path[300], target[300];
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        ssize_t len = readlink(path, target, sizeof target);
        count += len > 0 && str_ends((Str){ target, (size_t)len }, S("test.db"));
    }
    closedir(folder);
    return count;
}

static void test_many_tenants_share_few_connections(void)
{
    enum { TENANTS = 12 };
    Ctx *ctx = test_ctx();
    DbOptions usual = *db_options(), few = usual;
    Db *all[TENANTS];
    few.handles_max = few.pool_max = 4;
    few.tenants_max = 3;
    db_use_options(&few);
    CHECK_OK(ctx, lanes_start(ctx, 2));
    for (int i = 0; i < TENANTS; i++)
        all[i] = counter_open(ctx);
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < TENANTS; i++) {
            CHECK_OK(ctx, db_transact(ctx, all[i], counter_add, NULL));
            CHECK_INT(counter_value(ctx, all[i]), round + 1);
        }
    CHECK(open_databases() <= 4);
    for (int i = 0; i < TENANTS; i++)
        fixture_close(all[i]);
    lanes_stop();
    db_use_options(&usual);
}

static Status read_held(Ctx *ctx, void *arg)
{
    Db *db = arg;
    int64_t value;
    TRY(db_one(ctx, SQL("SELECT value FROM counter"), &value));
    return db_read(ctx, db, do_nothing, NULL);
}

static void test_a_crowded_pool_says_so(void)
{
    if (!fixture_is_postgres()) {
        test_skip("files have no limit of their own");
        return;
    }
    Ctx *ctx = test_ctx();
    DbOptions usual = *db_options(), one = usual;
    one.pool_max = 1;
    one.pool_wait_ms = 50;
    db_use_options(&one);
    Db *db = counter_open(ctx);
    CHECK_FAILS(ctx, "db.crowded", db_read(ctx, db, read_held, db));
    CHECK_OK(ctx, db_read(ctx, db, do_nothing, NULL));
    fixture_close(db);
    db_use_options(&usual);
}

static Status write_page(Ctx *ctx, void *arg)
{
    Bytes page = { { arena_alloc(ctx->arena, 4000), 4000 } };
    return db_write(ctx, SQL("INSERT INTO blob (id, body) VALUES ($1, $2)", *(int64_t *)arg, page));
}

static void test_the_log_stays_bounded(void)
{
    if (fixture_is_postgres()) {
        test_skip("the server does it");
        return;
    }
    Ctx *ctx = test_ctx();
    DbOptions usual = *db_options(), eager = usual;
    eager.checkpoint_pages = 50;
    eager.checkpoint_pages_max = 200;
    db_use_options(&eager);
    Db *db = counter_start(ctx, 2);
    int64_t before = db_stats().checkpoints;
    struct stat log = { 0 };
    fixture_ddl(ctx, db, "CREATE TABLE blob (id BIGINT PRIMARY KEY, body BYTEA)");
    for (int64_t i = 0; i < 1500; i++)
        CHECK_OK(ctx, db_transact(ctx, db, write_page, &i));
    CHECK(db_stats().checkpoints > before);
    CHECK(stat(str_format(ctx->arena, STR_FMT "-wal", STR_ARG(db_place(db)->file)).ptr, &log) == 0);
    CHECK(log.st_size < 1000 * 4096);
    CHECK_INT(fixture_number(ctx, db, "SELECT count(*) FROM blob"), 1500);
    counter_stop(db);
    db_use_options(&usual);
}

const Test lane_tests[] = {
    { "members of a group do not hurt each other", test_members_of_a_group_do_not_hurt_each_other },
    { "whatever befalls one of eight, the others have done their work once", test_one_of_eight },
    { "a lost group is run again one by one", test_a_lost_group_is_run_again_one_by_one },
    { "time is up at the next statement", test_time_is_up_at_the_next_statement },
    { "a failed commit is nobody's fault but one's",
      test_a_failed_commit_is_nobodys_fault_but_one_s },
    { "a full disk is survived", test_a_full_disk_is_survived },
    { "thirty-two clients add up", test_thirty_two_clients_add_up },
    { "without a pool callers serve the lane", test_without_a_pool_callers_serve_the_lane },
    { "stopping answers all that wait", test_stopping_answers_all_that_wait },
    { "a member may wait for another lane", test_a_member_may_wait_for_another_lane },
    { "a deadline is kept", test_a_deadline_is_kept },
    { "a full queue says so", test_a_full_queue_says_so },
    { "many tenants share few connections", test_many_tenants_share_few_connections },
    { "a crowded pool says so", test_a_crowded_pool_says_so },
    { "the log stays bounded", test_the_log_stays_bounded },
    { 0 },
};
