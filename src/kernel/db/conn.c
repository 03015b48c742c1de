// conn.c - what a connection remembers of its first failure, and how a violated constraint becomes
// the failure its declaration asks for.
#include "kernel/db/driver.h"

#include "base/log.h"
#include "kernel/db/options.h"

#include <assert.h>
#include <stdatomic.h>

static bool (*_Atomic find_rule)(Str constraint, DbRule *ret);

void db_set_rules(bool (*find)(Str constraint, DbRule *ret))
{
    find_rule = find;
}

int64_t clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

// Losing a transaction is worth a line even when nobody hears of it, because it is run again.
static void log_loss(Loss loss, const char *code, Str detail)
{
    static const char *const words[] = { [LOSS_ALL] = "transaction",
                                         [LOSS_CONNECTION] = "connection",
                                         [LOSS_UNKNOWN] = "connection in commit" };
    if (loss != LOSS_NONE && loss != LOSS_CONFLICT)
        log_line(LOG_WARN, NULL, "db.lost", "what=\"%s\" code=%s why=\"" STR_FMT "\"", words[loss],
                 code, STR_ARG(detail));
}

void conn_fail(Conn *conn, Loss loss, Status status, const char *code, const char *sentence,
               Str detail)
{
    assert(status != OK);
    if (loss > conn->loss) {
        conn->loss = loss;
        log_loss(loss, code, detail);
    }
    if (conn->has_failed)
        return;
    DbFailure *failure = &conn->failure;
    *failure = (DbFailure){ .status = status, .code = code, .sentence = sentence };
    snprintf(failure->detail, sizeof failure->detail, STR_FMT, STR_ARG(detail));
    conn->has_failed = true;
}

// What a violation is called where no declaration says more.
static const DbRule violations[] = {
    [VIOLATES_UNIQUE] = { E_CONFLICT, "db.duplicate", "this exists already" },
    [VIOLATES_CHECK] = { E_CONFLICT, "db.check", "this breaks a rule of the database" },
    [VIOLATES_REFERENCE] = { E_CONFLICT, "db.reference",
                             "it refers to something that is gone, or is still referred to" },
};

void conn_violated(Conn *conn, Violation kind, Str name)
{
    bool (*find)(Str constraint, DbRule * ret) = find_rule;
    DbRule rule;
    if (str_ends(name, S(INDEX_ENDING)))
        name.len -= strlen(INDEX_ENDING);
    if (name.len && find && find(name, &rule))
        conn_fail(conn, LOSS_NONE, rule.status, rule.code, rule.message, S(""));
    else
        conn_fail(conn, LOSS_NONE, violations[kind].status, violations[kind].code,
                  violations[kind].message, name);
}

void conn_forget(Conn *conn)
{
    conn->has_failed = false;
    conn->loss = LOSS_NONE;
}

// The engine's words are for whoever has to mend it, or names the rule; a person who should only
// try again is spared them.
Status failure_raise(Ctx *ctx, const DbFailure *failure)
{
    const char *sentence = ctx_text(ctx, failure->sentence);
    bool is_ours = failure->status == E_INTERNAL || failure->status == E_CONFLICT;
    if (is_ours && failure->detail[0])
        return FAIL(ctx, failure->status, failure->code, "%s: %s", sentence, failure->detail);
    return FAIL(ctx, failure->status, failure->code, "%s", sentence);
}

Status conn_raise(Ctx *ctx, const Conn *conn)
{
    return conn->has_failed ? failure_raise(ctx, &conn->failure) : OK;
}

bool conn_is_late(const Conn *conn)
{
    return conn->until_us && clock_us() > conn->until_us;
}

static atomic_long fails_after;

void db_fail_after(long n)
{
    atomic_store(&fails_after, n);
}

long db_fails_after(void)
{
    return atomic_load(&fails_after);
}

static bool strikes(void)
{
    return atomic_load_explicit(&fails_after, memory_order_relaxed) > 0 &&
           atomic_fetch_sub(&fails_after, 1) == 1;
}

bool conn_may_run(Conn *conn)
{
    if (strikes())
        conn_fail(conn, LOSS_NONE, E_INTERNAL, "db.trouble", "the database is in trouble", S(""));
    if (!conn->has_failed && conn_is_late(conn))
        conn_fail(conn, LOSS_NONE, E_LIMIT, "lane.too_slow", "this takes too long to do at once",
                  S(""));
    return !conn->has_failed;
}
