// once.c - pieces that are done once, however often they are told.
#include "app/replay/replay.h"

#include "kernel/db/db.h"

enum { TRIES = 50, KEPT_YEARS = 20 };

typedef struct Told {
    Str name;
    TxFn fn;
    void *arg;
} Told;

static Status run_step(Ctx *ctx, void *arg)
{
    Told *step = arg;
    bool is_done;
    int64_t status;
    TRY(db_maybe(ctx,
                 SQL("SELECT status FROM idempotency WHERE actor = 0 AND route = 'replay'"
                     " AND request = $1",
                     step->name),
                 &is_done, &status));
    if (is_done)
        return OK;
    TRY(step->fn(ctx, step->arg));
    return db_write(ctx, SQL("INSERT INTO idempotency (actor, route, request, body_hash, status,"
                             " answer, location, expires_at) VALUES (0, 'replay', $1, $2, 200, '',"
                             " '', $3)",
                             step->name, (Bytes){ S("") }, ctx->now + KEPT_YEARS * 366 * DAY));
}

// "Busy" is not "no".
Status once(Ctx *ctx, Str name, TxFn fn, void *arg)
{
    Told step = { name, fn, arg };
    for (int i = 0;; i++) {
        Status status = tenant_transact(ctx, run_step, &step);
        if (status != E_BUSY || i == TRIES)
            return status;
        ctx_recover(ctx);
    }
}
