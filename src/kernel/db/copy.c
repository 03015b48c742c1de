// copy.c - reading and writing tables by their catalog.
//
// Statements are composed from the catalog's names only, and kept by their shape. Pages go by the
// primary key, since PostgreSQL's answers are read as a whole.
#include "kernel/db/copy.h"

#include "base/buf.h"
#include "kernel/db/space.h"

#include <assert.h>

enum { PAGE_ROWS = 1000, KEY_PARTS_MAX = 12 };

typedef struct Page {
    Arena arena;  // of the key where it ended
    Arg key[KEY_PARTS_MAX];
    int key_parts;
    int key_at[KEY_PARTS_MAX];  // which of the columns it is
    int rows;
} Page;

// ---- Reading ------------------------------------------------------------------------------------

static int column_at(const ColumnList *columns, Str name)
{
    for (size_t i = 0; i < columns->len; i++)
        if (str_eq(columns->items[i].name, name))
            return (int)i;
    return -1;
}

static void find_key(const Table *table, const ColumnList *columns, Page *page)
{
    Str rest = table->key, part;
    while (str_next(&rest, ',', &part)) {
        int at = column_at(columns, str_trim(part));
        assert(at >= 0 && page->key_parts < KEY_PARTS_MAX);
        page->key_at[page->key_parts++] = at;
    }
}

static void put_names(Buf *out, const ColumnList *columns)
{
    for (size_t i = 0; i < columns->len; i++)
        buf_printf(out, "%s" STR_FMT, i ? ", " : "", STR_ARG(columns->items[i].name));
}

static Query page_query(Ctx *ctx, const Table *table, const ColumnList *columns, const Page *page,
                        bool is_first)
{
    Buf out = { .arena = ctx->arena };
    buf_c(&out, "SELECT ");
    put_names(&out, columns);
    buf_printf(&out, " FROM " STR_FMT, STR_ARG(table->name));
    if (!is_first) {
        buf_printf(&out, " WHERE (" STR_FMT ") > (", STR_ARG(table->key));
        for (int i = 0; i < page->key_parts; i++)
            buf_printf(&out, "%s$%d", i ? ", " : "", i + 1);
        buf_c(&out, ")");
    }
    buf_printf(&out, " ORDER BY " STR_FMT " LIMIT %d", STR_ARG(table->key), PAGE_ROWS);
    return (Query){ sql_intern(buf_str(&out)), page->key, is_first ? 0 : page->key_parts };
}

// PostgreSQL decodes one cell of bytes at a time.
static Arg value_of(Arena *arena, const Cell *cell)
{
    switch (cell->type) {
    case CELL_INT: return arg_int(cell->number);
    case CELL_TEXT: return arg_text(cell->text);
    case CELL_BYTES: return arg_bytes((Bytes){ str_copy(arena, cell->text) });
    default: return (Arg){ .type = ARG_NULL };
    }
}

static void keep_key(Page *page, const Arg *values)
{
    arena_clear(&page->arena);
    for (int i = 0; i < page->key_parts; i++) {
        page->key[i] = values[page->key_at[i]];
        page->key[i].text = str_copy(&page->arena, page->key[i].text);
    }
}

static Status read_page(Ctx *ctx, Query query, const ColumnList *columns, CopyRowFn row, void *arg,
                        Page *page)
{
    Arg *values = NEW_ARRAY(ctx->arena, Arg, columns->len + 1);
    Rows *rows = db_query(ctx, query);
    for (page->rows = 0; rows_next_(rows, NULL, 0); page->rows++) {
        for (size_t i = 0; i < columns->len; i++) {
            Cell cell;
            rows->driver->row_cell(rows, (int)i, &cell);
            values[i] = value_of(ctx->arena, &cell);
        }
        TRY(row(ctx, values, arg));
        if (page->rows == PAGE_ROWS - 1)
            keep_key(page, values);
    }
    return rows_end(rows);
}

static void close_page(void *arg)
{
    arena_release(&((Page *)arg)->arena);
}

Status table_each(Ctx *ctx, const Table *table, const ColumnList *columns, CopyRowFn row, void *arg)
{
    Page *page = NEW(ctx->arena, Page);
    bool is_first = true;
    arena_defer(ctx->arena, close_page, page);
    find_key(table, columns, page);
    do {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(read_page(ctx, page_query(ctx, table, columns, page, is_first), columns, row, arg,
                      page));
        arena_rewind(ctx->arena, mark);
        is_first = false;
    } while (page->rows == PAGE_ROWS);
    return OK;
}

static Query query_of(Buf *out, const Arg *args, int count)
{
    return (Query){ sql_intern(buf_str(out)), args, count };
}

Status table_count(Ctx *ctx, const Table *table, int64_t *ret)
{
    Buf out = { .arena = ctx->arena };
    buf_printf(&out, "SELECT count(*) FROM " STR_FMT, STR_ARG(table->name));
    return db_one(ctx, query_of(&out, NULL, 0), ret);
}

// ---- Writing ------------------------------------------------------------------------------------

Status table_put(Ctx *ctx, const Table *table, const ColumnList *columns, const Arg *values)
{
    Buf out = { .arena = ctx->arena };
    buf_printf(&out, "INSERT INTO " STR_FMT " (", STR_ARG(table->name));
    put_names(&out, columns);
    buf_c(&out, ") VALUES (");
    for (size_t i = 0; i < columns->len; i++)
        buf_printf(&out, "%s$%zu", i ? ", " : "", i + 1);
    buf_c(&out, ")");
    return db_write(ctx, query_of(&out, values, (int)columns->len));
}

Status table_point(Ctx *ctx, const Table *table, const Column *column, int64_t id, int64_t to)
{
    Buf out = { .arena = ctx->arena };
    Arg args[] = { arg_int(id), arg_int(to) };
    buf_printf(&out, "UPDATE " STR_FMT " SET " STR_FMT " = $2 WHERE id = $1", STR_ARG(table->name),
               STR_ARG(column->name));
    return db_write(ctx, query_of(&out, args, COUNT(args)));
}

Status table_empty(Ctx *ctx, const Table *table)
{
    Buf out = { .arena = ctx->arena };
    buf_printf(&out, "DELETE FROM " STR_FMT, STR_ARG(table->name));
    return db_write(ctx, query_of(&out, NULL, 0));
}

// ---- One transaction ----------------------------------------------------------------------------

typedef struct Bulk {
    TxFn fn;
    void *arg;
} Bulk;

static Status run_guarded(Ctx *ctx, void *arg)
{
    const Bulk *bulk = arg;
    return bulk->fn(ctx, bulk->arg);
}

static Status run_bulk(Ctx *ctx, void *arg)
{
    Conn *conn = ctx->conn;
    conn->driver->begin(conn);
    Status status = ctx_guard(ctx, run_guarded, arg);
    ctx->conn = conn;
    if (status == OK)
        status = db_flush(ctx);
    if (status == OK) {
        conn->driver->commit(conn);
        status = conn_raise(ctx, conn);
    }
    conn->driver->rollback(conn);  // nothing, after a commit
    return status;
}

Status db_bulk(Ctx *ctx, Db *db, TxFn fn, void *arg)
{
    Bulk bulk = { fn, arg };
    return lane_alone(ctx, db, run_bulk, &bulk);
}
