// correct.c - an import put right: its refused rows with their cells, the file with some of them
// corrected, and what it made taken back.
#include "kernel/transfer.h"

#include "gen/kernel.gen.h"
#include "kernel/transfer/rows.h"

enum { UNDO_AT_ONCE = 50 };

// ---- Refused rows -------------------------------------------------------------------------------

static void copy_cells(Ctx *ctx, const RowReader *reader, const Row *row, StrList *ret)
{
    for (size_t i = 0; i < reader->headings.len; i++)
        *list_push(ctx->arena, ret) =
            i < row->cells.len && !row->bad ? str_copy(ctx->arena, row->cells.items[i]) : S("");
}

static Status read_problems(Ctx *ctx, Id run, int limit, ImportProblems *ret)
{
    ImportProblem one = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT line, problem FROM import_row WHERE import = $1"
                                   " AND problem <> '' ORDER BY line LIMIT $2",
                                   run, limit));
    while (rows_next(rows, &one.line, &one.problem))
        *list_push(ctx->arena, &ret->rows) = one;
    return rows_end(rows);
}

Status import_problems(Ctx *ctx, Id run, const char *path, int limit, ImportProblems *ret)
{
    RowReader *reader;
    Row row = { 0 };
    bool found = true;
    *ret = (ImportProblems){ 0 };
    TRY(read_problems(ctx, run, limit, ret));
    TRY(rows_open(ctx, path, &reader));
    ret->headings = reader->headings;
    EACH (problem, ret->rows) {
        while (found && row.line < problem->line)
            TRY(rows_read(ctx, reader, &row, &found));
        if (found && row.line == problem->line)
            copy_cells(ctx, reader, &row, &problem->cells);
    }
    return OK;
}

// ---- The file, corrected ------------------------------------------------------------------------

static Str fixed_cell(const CellFix *fixes, size_t count, const Row *row, size_t column)
{
    for (size_t i = 0; i < count; i++)
        if (fixes[i].line == row->line && fixes[i].column == (int)column)
            return fixes[i].text;
    return column < row->cells.len ? row->cells.items[column] : S("");
}

static void put_row(Buf *out, const RowReader *reader, const Row *row, const CellFix *fixes,
                    size_t count)
{
    for (size_t i = 0; i < reader->headings.len; i++)
        csv_put(out, fixed_cell(fixes, count, row, i), i == 0);
    csv_end_row(out);
}

Status import_fix(Ctx *ctx, const char *path, const CellFix *fixes, size_t count, Str *ret_csv)
{
    Buf out = { .arena = ctx->arena };
    RowReader *reader;
    Row row = { 0 };
    bool found = true;
    TRY(rows_open(ctx, path, &reader));
    if (reader->headings.len == 0)
        return FAIL(ctx, E_INVALID, "import.not_a_table", "only tables can be corrected here");
    for (size_t i = 0; i < reader->headings.len; i++)
        csv_put(&out, reader->headings.items[i], i == 0);
    csv_end_row(&out);
    for (;;) {
        TRY(rows_read(ctx, reader, &row, &found));
        if (!found)
            break;
        put_row(&out, reader, &row, fixes, count);
        if (out.len > IMPORT_FIX_BYTES)
            return FAIL(ctx, E_LIMIT, "import.fix_size",
                        "files up to %d MB can be corrected here; correct the list of refused rows",
                        IMPORT_FIX_BYTES >> 20);
    }
    *ret_csv = buf_str(&out);
    return OK;
}

// ---- Taken back ---------------------------------------------------------------------------------

typedef struct Made {
    int64_t line;
    Str kind;
    Id id;
} Made;

typedef struct Undo {
    Id run;
    int64_t before;  // line of the last one looked at
    LIST(Made) made;
    const EntityDef *entity;
    Id id;
    ImportUndone done;
} Undo;

static Status read_made(Ctx *ctx, Undo *undo)
{
    Made one;
    undo->made.len = 0;
    Rows *rows = db_query(ctx, SQL("SELECT line, target_kind, target_id FROM import_row"
                                   " WHERE import = $1 AND is_new = 1 AND target_id IS NOT NULL"
                                   " AND line < $2 ORDER BY line DESC LIMIT $3",
                                   undo->run, undo->before, UNDO_AT_ONCE));
    while (rows_next(rows, &one.line, &one.kind, &one.id))
        *list_push(ctx->arena, &undo->made) = one;
    return rows_end(rows);
}

static Status delete_one(Ctx *ctx, void *arg)
{
    const Undo *undo = arg;
    TRY(access_delete(ctx, undo->entity, undo->id, 0));
    return db_flush(ctx);
}

static Status undo_one(Ctx *ctx, Undo *undo, const Made *made)
{
    undo->entity = entity_named(made->kind);
    undo->id = made->id;
    Status status = undo->entity ? db_try(ctx, delete_one, undo) : E_NOT_FOUND;
    if (status == E_BUSY || status == E_INTERNAL)
        return status;
    ctx_recover(ctx);
    if (status == OK)
        undo->done.gone++;
    else if (status != E_NOT_FOUND)
        undo->done.kept++;
    if (status != OK)
        return OK;
    return db_write(ctx, SQL("UPDATE import_row SET is_new = 0 WHERE import = $1 AND line = $2",
                             undo->run, made->line));
}

static Status undo_some(Ctx *ctx, void *arg)
{
    Undo *undo = arg;
    ImportUndone before = undo->done;
    TRY(read_made(ctx, undo));
    EACH (made, undo->made) {
        Status status = undo_one(ctx, undo, made);
        if (status != OK)
            undo->done = before;  // the lane runs it again
        TRY(status);
    }
    return OK;
}

Status import_undo(Ctx *ctx, Id run, ImportUndone *ret)
{
    Undo undo = { .run = run, .before = INT64_MAX };
    do {
        TRY(tenant_transact(ctx, undo_some, &undo));
        if (undo.made.len)
            undo.before = undo.made.items[undo.made.len - 1].line;
    } while (undo.made.len == UNDO_AT_ONCE);
    *ret = undo.done;
    return OK;
}
