// db.c - statements from C: the part both engines share.
#include "kernel/db/driver.h"
#include "kernel/db/effects.h"

#include <assert.h>

// The connection of the open transaction or snapshot.
static Conn *conn_of(const Ctx *ctx)
{
    assert(ctx->conn != NULL);
    return ctx->conn;
}

static Conn *writer_of(const Ctx *ctx)
{
    Conn *conn = conn_of(ctx);
    assert(conn->is_writing);
    return conn;
}

// What every engine would refuse, or worse, not refuse.
static bool may_run(Conn *conn, Query query)
{
    assert(query.count <= DB_ARGS_MAX);
    for (const Arg *arg = query.args; arg < query.args + query.count; arg++)
        if (arg_has_zero_byte(arg))
            conn_fail(conn, LOSS_NONE, E_INVALID, "db.text", "a text must not hold a zero byte",
                      S(""));
    return conn_may_run(conn);
}

// ---- Reading ------------------------------------------------------------------------------------

static void close_rows(void *arg)
{
    Rows *rows = arg;
    rows->driver->close_rows(rows);
}

static void stop(Rows *rows)
{
    rows->is_over = true;
    rows->has_failed = rows->conn->has_failed;
    rows->driver->close_rows(rows);
}

Rows *db_query(Ctx *ctx, Query query)
{
    Conn *conn = conn_of(ctx);
    Rows *rows = arena_alloc(ctx->arena, conn->driver->rows_size);
    rows->driver = conn->driver;
    rows->ctx = ctx;
    rows->conn = conn;
    arena_defer(ctx->arena, close_rows, rows);
    kept_wrote(conn, query.text);  // INSERT ... RETURNING
    if (may_run(conn, query))
        rows->driver->open_rows(rows, query);
    if (conn->has_failed)
        stop(rows);
    return rows;
}

static bool scan(Rows *rows, const Out *outs, int count)
{
    assert(count == 0 || count == rows->driver->row_width(rows));
    for (int i = 0; i < count; i++) {
        Cell cell;
        rows->driver->row_cell(rows, i, &cell);
        if (cell_store(rows->ctx->arena, &cell, &outs[i]))
            continue;
        if (cell.type == CELL_BAD)
            conn_fail(rows->conn, LOSS_NONE, E_INVALID, "number.range", "the number is too large",
                      S(""));
        else
            conn_fail(rows->conn, LOSS_NONE, E_INTERNAL, "db.type",
                      "a column does not fit into its variable",
                      str_format(rows->ctx->arena, "column %d", i + 1));
        return false;
    }
    return true;
}

bool rows_next_(Rows *rows, const Out *outs, int count)
{
    if (!rows->is_over && rows->driver->next_row(rows) && scan(rows, outs, count))
        return true;
    if (!rows->is_over)
        stop(rows);
    return false;
}

Status rows_end(Rows *rows)
{
    if (!rows->is_over)
        stop(rows);
    return rows->has_failed ? conn_raise(rows->ctx, rows->conn) : OK;
}

Status db_maybe_(Ctx *ctx, Query query, bool *found, const Out *outs, int count)
{
    Rows *rows = db_query(ctx, query);
    *found = rows_next_(rows, outs, count);
    return rows_end(rows);
}

Status db_one_(Ctx *ctx, Query query, const Out *outs, int count)
{
    bool found;
    TRY(db_maybe_(ctx, query, &found, outs, count));
    return found ? OK : FAIL(ctx, E_NOT_FOUND, "db.no_row", "it is not there");
}

// ---- Writing ------------------------------------------------------------------------------------

Status db_write(Ctx *ctx, Query query)
{
    Conn *conn = writer_of(ctx);
    if (!may_run(conn, query))
        return conn_raise(ctx, conn);
    kept_wrote(conn, query.text);
    conn->driver->send(conn, query);
    return OK;
}

Status db_change(Ctx *ctx, Query query, int64_t *ret_changed)
{
    Conn *conn = writer_of(ctx);
    kept_wrote(conn, query.text);
    int64_t changed = may_run(conn, query) ? conn->driver->change(conn, query) : 0;
    TRY(conn_raise(ctx, conn));
    *ret_changed = changed;
    return OK;
}

Status db_flush(Ctx *ctx)
{
    Conn *conn = conn_of(ctx);
    if (!conn->has_failed)
        conn->driver->flush(conn);
    return conn_raise(ctx, conn);
}

bool db_is_writing(const Ctx *ctx)
{
    const Conn *conn = ctx->conn;
    return conn && conn->is_writing;
}

// ---- Parts that may fail alone ------------------------------------------------------------------

typedef struct Part {
    Status (*fn)(Ctx *ctx, void *arg);
    void *arg;
} Part;

static Status run_part(Ctx *ctx, void *arg)
{
    const Part *part = arg;
    TRY(part->fn(ctx, part->arg));
    TRY(effects_before_commit(ctx));
    return db_flush(ctx);
}

// A part is a member within the member: its own savepoint, its own effects, its own boundary.
Status db_try(Ctx *ctx, Status (*fn)(Ctx *ctx, void *arg), void *arg)
{
    Conn *conn = conn_of(ctx);
    Part part = { fn, arg };
    Effects *outer = ctx->effects, inner = { 0 };
    TRY(db_flush(ctx));  // what is refused of it is not the part's

    ctx->effects = &inner;
    conn->driver->savepoint(conn);
    Status status = ctx_guard(ctx, run_part, &part);
    ctx->conn = conn;
    ctx->effects = outer;

    if (status != OK) {
        conn->driver->undo(conn);
        kept_forget(conn);
        return status;
    }
    conn->driver->release(conn);
    if (outer)
        effects_keep(outer, &inner);
    return OK;
}

Status db_part(Ctx *ctx, Status (*fn)(Ctx *ctx, void *arg), void *arg)
{
    Effects *outer = ctx->effects, inner = { 0 };
    effects_lend(outer, &inner);
    ctx->effects = &inner;
    Status status = fn(ctx, arg);
    if (status == OK)
        status = effects_before_commit(ctx);
    ctx->effects = outer;
    if (status == OK)
        effects_join(outer, &inner);
    return status;
}
