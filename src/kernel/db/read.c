// read.c - snapshots: a connection of one's own, on which nothing moves while one looks.
//
// ctx->conn is a stack: each connection remembers the one below it, so that a request on a tenant
// can look into the control database in between.
#include "kernel/db/space.h"

#include <assert.h>

static void close_snapshot(Conn *conn)
{
    conn->driver->rest(conn);
    conn->driver->commit(conn);
    if (conn->has_failed)
        conn->driver->rollback(conn);
    conn_return(conn);
}

static Status open_snapshot(Ctx *ctx, Db *db, Conn **ret)
{
    TRY(conn_borrow(ctx, db, false, ret));
    (*ret)->driver->begin(*ret);
    (*ret)->outer = ctx->conn;
    return OK;
}

typedef struct Reading {
    TxFn fn;
    void *arg;
} Reading;

static Status run(Ctx *ctx, void *arg)
{
    const Reading *reading = arg;
    return reading->fn(ctx, reading->arg);
}

// Guarded, so that an exhausted arena cannot jump past the connection's return.
Status db_read(Ctx *ctx, Db *db, TxFn fn, void *arg)
{
    Reading reading = { fn, arg };
    Conn *conn;
    TRY(open_snapshot(ctx, db, &conn));
    ctx->conn = conn;
    Status status = ctx_guard(ctx, run, &reading);
    ctx->conn = conn->outer;
    close_snapshot(conn);
    return status;
}

// ---- For the rest of an arena's life ------------------------------------------------------------

static void close_left_open(void *arg)
{
    Conn **scope = arg;
    if (*scope)
        close_snapshot(*scope);
    *scope = NULL;
}

Status db_read_begin(Ctx *ctx, Db *db)
{
    Conn **scope = NEW(ctx->arena, Conn *);
    arena_defer(ctx->arena, close_left_open, scope);
    TRY(open_snapshot(ctx, db, scope));
    (*scope)->scope = scope;
    ctx->conn = *scope;
    return OK;
}

void db_read_end(Ctx *ctx)
{
    Conn *conn = ctx->conn;
    assert(conn && conn->scope);
    ctx->conn = conn->outer;
    *conn->scope = NULL;
    conn->scope = NULL;
    close_snapshot(conn);
}
