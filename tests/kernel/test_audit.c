// test_audit.c - the audit trail against somebody who has the tenant's database in his hands, but
// not the key and not the control database: whatever he changes, adds, takes away or seals again by
// his own arithmetic, the check names the first place that does not fit.
#include "kernel/audit.h"
#include "kernel/secrets.h"
#include "kernel/verify.h"
#include "modules/books.h"

#include <libpq-fe.h>
#include <sqlite3.h>

enum { ROWS = 12 };

typedef struct Trail {
    House house;
    int64_t first, last;  // of what the tests made: the house itself has done things before
} Trail;

// ---- Behind the program's back ------------------------------------------------------------------

static void run_sqlite(const DbPlace *place, const char *sql)
{
    sqlite3 *file;
    Arena arena = { 0 };
    char *error = NULL;
    CHECK(sqlite3_open(str_c(&arena, place->file), &file) == SQLITE_OK);
    sqlite3_busy_timeout(file, 5000);
    if (sqlite3_exec(file, sql, NULL, NULL, &error) != SQLITE_OK)
        test_fail(__FILE__, __LINE__, "%s: %s", sql, error);
    sqlite3_free(error);
    sqlite3_close(file);
    arena_release(&arena);
}

static void run_postgres(const DbPlace *place, const char *sql)
{
    Arena arena = { 0 };
    PGconn *pg = PQconnectdb(str_c(&arena, place->conninfo));
    Str path = str_format(&arena, "SET search_path = " STR_FMT, STR_ARG(place->schema));
    PQclear(PQexec(pg, path.ptr));
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        test_fail(__FILE__, __LINE__, "%s: %s", sql, PQerrorMessage(pg));
    PQclear(result);
    PQfinish(pg);
    arena_release(&arena);
}

// One statement or several; $ stands for the first row that the test made, # for the last.
static void behind(const Trail *trail, const char *sql)
{
    Arena arena = { 0 };
    Buf out = { .arena = &arena };
    for (const char *c = sql; *c; c++)
        if (*c == '$' || *c == '#')
            buf_printf(&out, "%lld", (long long)(*c == '$' ? trail->first : trail->last));
        else
            buf_put(&out, (Str){ c, 1 });
    const DbPlace *place = &trail->house.place;
    if (fixture_is_postgres())
        run_postgres(place, str_c(&arena, buf_str(&out)));
    else
        run_sqlite(place, str_c(&arena, buf_str(&out)));
    arena_release(&arena);
}

// ---- Sealing again ------------------------------------------------------------------------------

// He knows how the chain is made and guesses the key: every row from `from` on fits the one before
// it, by his key.
static void seal_again(Ctx *ctx, const Trail *trail, int64_t from)
{
    uint8_t mac[32] = { 0 };
    const char *bytes = fixture_is_postgres() ? "decode('%s', 'hex')" : "x'%s'";
    for (int64_t seq = from; seq <= trail->last; seq++) {
        Str row = str_format(ctx->arena, "%lld", (long long)seq);
        hmac_sha256(S("guessed"), str_join(ctx->arena, (Str){ (char *)mac, 32 }, row), mac);
        char value[128];
        snprintf(value, sizeof value, bytes, hex_text(ctx->arena, mac, sizeof mac).ptr);
        behind(trail, str_format(ctx->arena, "UPDATE audit_row SET mac = %s WHERE seq = %lld",
                                 value, (long long)seq)
                          .ptr);
    }
}

// ---- The house ----------------------------------------------------------------------------------

static Status look(Ctx *ctx, void *arg)
{
    return audit_check(ctx, arg);
}

static AuditCheck checked(Ctx *ctx)
{
    AuditCheck check = { 0 };
    CHECK_OK(ctx, tenant_read(ctx, look, &check));
    return check;
}

static void do_things(Ctx *ctx, int count)
{
    for (int i = 0; i < count; i++)
        books_party(ctx, "Ada Ltd");
}

static void trail_open(Ctx *ctx, Trail *trail)
{
    house_open(ctx, &trail->house);
    int64_t before = checked(ctx).rows;
    do_things(ctx, ROWS);
    AuditCheck check = checked(ctx);
    CHECK(check.is_whole);
    trail->first = before + 1;
    trail->last = check.rows;
    CHECK_INT(trail->last - trail->first + 1, ROWS);
    behind(trail, "CREATE TABLE kept AS SELECT * FROM audit_row");
}

static void restore(const Trail *trail)
{
    behind(trail, "DELETE FROM audit_row");
    behind(trail, "INSERT INTO audit_row SELECT * FROM kept");
}

typedef struct Told {
    char sentence[200];  // verify clears its memory behind each check
} Told;

static void hear(const char *check, Str sentence, void *arg)
{
    Told *told = arg;
    if (strcmp(check, "kernel.audit") == 0 && !told->sentence[0])
        snprintf(told->sentence, sizeof told->sentence, STR_FMT, STR_ARG(sentence));
}

// The check names the row, and verify says the same.
static void is_broken_at(Ctx *ctx, int64_t seq)
{
    Told told = { 0 };
    VerifyRun run = { .report = hear, .arg = &told };
    AuditCheck check = checked(ctx);
    CHECK(!check.is_whole);
    CHECK_INT(check.broken_seq, seq);
    CHECK_OK(ctx, verify_run(ctx, &run));
    CHECK_STR(check.what, told.sentence);
}

// ---- What may be done to it ---------------------------------------------------------------------

typedef struct Deed {
    const char *name;
    const char *steps[4];
    int64_t at;           // of the first row that the test made: the broken place
    int64_t sealed_from;  // he seals again from there on; -1: not
} Deed;

static const Deed deeds[] = {
    { "what was done", { "UPDATE audit_row SET act = 'party.view' WHERE seq = $ + 4" }, 4, -1 },
    { "what changed", { "UPDATE audit_row SET changes = '{}' WHERE seq = $ + 4" }, 4, -1 },
    { "who did it", { "UPDATE audit_row SET actor = 'Nobody' WHERE seq = $ + 4" }, 4, -1 },
    { "when", { "UPDATE audit_row SET at = at + 1 WHERE seq = $ + 4" }, 4, -1 },
    { "to what", { "UPDATE audit_row SET subject_id = subject_id + 1 WHERE seq = $ + 4" }, 4, -1 },
    { "why", { "UPDATE audit_row SET reason = 'asked to' WHERE seq = $ + 4" }, 4, -1 },
    { "the seal",
      { "UPDATE audit_row SET mac = (SELECT mac FROM kept WHERE seq = $)"
        " WHERE seq = #" },
      ROWS - 1,
      -1 },
    { "one is taken out", { "DELETE FROM audit_row WHERE seq = $ + 4" }, 4, -1 },
    { "the first is taken out", { "DELETE FROM audit_row WHERE seq = 1" }, INT64_MIN, -1 },
    { "the last is taken off", { "DELETE FROM audit_row WHERE seq = #" }, ROWS - 1, -1 },
    { "the last five are taken off", { "DELETE FROM audit_row WHERE seq > # - 5" }, ROWS - 5, -1 },
    { "all are taken away", { "DELETE FROM audit_row" }, INT64_MIN, -1 },
    { "one is put in",
      { "UPDATE audit_row SET seq = -seq - 1 WHERE seq > $ + 4",
        "UPDATE audit_row SET seq = -seq WHERE seq < 0",
        "INSERT INTO audit_row (id, at, seq, actor, member_id, address, act,"
        " subject_kind, subject_id, title, changes, reason, mac) SELECT id + 1,"
        " at, $ + 5, actor, member_id, address, act, subject_kind, subject_id,"
        " title, changes, reason, mac FROM audit_row WHERE seq = $ + 4" },
      5,
      -1 },
    { "one is put at the end",
      { "INSERT INTO audit_row (id, at, seq, actor, member_id, address,"
        " act, subject_kind, subject_id, title, changes, reason, mac)"
        " SELECT id + 1, at, # + 1, actor, member_id, address, act,"
        " subject_kind, subject_id, title, changes, reason, mac"
        " FROM audit_row WHERE seq = #" },
      ROWS,
      -1 },
    { "two change places",
      { "UPDATE audit_row SET seq = -1 WHERE seq = $ + 4",
        "UPDATE audit_row SET seq = $ + 4 WHERE seq = $ + 5",
        "UPDATE audit_row SET seq = $ + 5 WHERE seq = -1" },
      4,
      -1 },
    { "sealed again", { "UPDATE audit_row SET reason = 'x' WHERE seq = $ + 4" }, 4, 4 },
    { "all sealed again", { "UPDATE audit_row SET reason = 'x' WHERE seq = $ + 4" }, 0, 0 },
    { "one taken out, the rest renumbered and sealed again",
      { "DELETE FROM audit_row WHERE seq = $ + 4",
        "UPDATE audit_row SET seq = -seq + 1 WHERE seq > $ + 4",
        "UPDATE audit_row SET seq = -seq WHERE seq < 0" },
      4,
      4 },
};

static void test_every_deed_is_found(void)
{
    Ctx *ctx = test_ctx();
    Trail trail;
    trail_open(ctx, &trail);
    CHECK_OK(ctx, audit_anchor(ctx));
    for (const Deed *deed = deeds; deed < deeds + COUNT(deeds); deed++) {
        test_row = deed->name;
        for (size_t i = 0; i < COUNT(deed->steps) && deed->steps[i]; i++)
            behind(&trail, deed->steps[i]);
        if (deed->sealed_from >= 0)
            seal_again(ctx, &trail, trail.first + deed->sealed_from);
        is_broken_at(ctx, deed->at == INT64_MIN ? 1 : trail.first + deed->at);
        restore(&trail);
        CHECK(checked(ctx).is_whole);
    }
    test_row = NULL;
    house_close(&trail.house);
}

// The program goes on where the chain was cut, so that it fits again: but not what was anchored.
static void test_cut_and_grown_again(void)
{
    Ctx *ctx = test_ctx();
    Trail trail;
    trail_open(ctx, &trail);
    CHECK_OK(ctx, audit_anchor(ctx));
    behind(&trail, "DELETE FROM audit_row WHERE seq > # - 3");
    do_things(ctx, 6);
    is_broken_at(ctx, trail.last);
    house_close(&trail.house);
}

// A backup from before, put back in secret: what it holds is whole, but it ends too early.
static void test_an_older_state_is_found(void)
{
    Ctx *ctx = test_ctx();
    Trail trail;
    trail_open(ctx, &trail);
    CHECK_OK(ctx, audit_anchor(ctx));
    do_things(ctx, 4);
    CHECK_OK(ctx, audit_anchor(ctx));
    restore(&trail);
    is_broken_at(ctx, trail.last + 1);
    house_close(&trail.house);
}

const Test audit_tests[] = {
    { "whatever is done to the trail, the first broken place is named", test_every_deed_is_found },
    { "a trail that was cut and has grown again is found out", test_cut_and_grown_again },
    { "an older state put back is found out", test_an_older_state_is_found },
    { 0 },
};
