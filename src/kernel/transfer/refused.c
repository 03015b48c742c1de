// refused.c - the refused rows as a file that can be corrected and imported again.
#include "kernel/transfer/refused.h"

#include "kernel/files.h"
#include "kernel/i18n.h"
#include "kernel/transfer/rows.h"

enum { PROBLEMS_AT_ONCE = 500 };

typedef struct RowProblem {
    int64_t line;
    Str words;
} RowProblem;

typedef struct Refused {
    Id import;
    Buf out;
    int64_t after;  // line of the last problem read
    LIST(RowProblem) problems;
    int64_t left_out;
    FilePart part;
    Id file;
} Refused;

static Status read_problems(Ctx *ctx, void *arg)
{
    Refused *r = arg;
    RowProblem one;
    r->problems.items = NULL;
    r->problems.len = r->problems.cap = 0;
    Rows *rows = db_query(ctx, SQL("SELECT line, problem FROM import_row WHERE import = $1"
                                   " AND problem <> '' AND line > $2 ORDER BY line LIMIT $3",
                                   r->import, r->after, PROBLEMS_AT_ONCE));
    while (rows_next(rows, &one.line, &one.words))
        *list_push(ctx->arena, &r->problems) = one;
    return rows_end(rows);
}

static void put_headings(Ctx *ctx, Refused *r, const RowReader *reader)
{
    for (size_t i = 0; i < reader->headings.len; i++)
        csv_put(&r->out, reader->headings.items[i], i == 0);
    csv_put(&r->out, tr(ctx, "Row"), reader->headings.len == 0);
    csv_put(&r->out, tr(ctx, "Problem"), false);
    csv_end_row(&r->out);
}

static void put_row(Ctx *ctx, Refused *r, const RowReader *reader, const Row *row, Str words)
{
    size_t width = reader->headings.len;
    if (r->out.len > REFUSED_BYTES_MAX) {
        r->left_out++;
        return;
    }
    for (size_t i = 0; i < width; i++)
        csv_put(&r->out, i < row->cells.len && !row->bad ? row->cells.items[i] : S(""), i == 0);
    csv_put(&r->out, str_format(ctx->arena, "%lld", (long long)row->line), width == 0);
    csv_put(&r->out, words, false);
    csv_end_row(&r->out);
}

// The file's rows that stand at the lines just read.
static Status match_rows(Ctx *ctx, Refused *r, RowReader *reader)
{
    EACH (problem, r->problems) {
        Row row = { 0 };
        bool found = true;
        while (found && row.line < problem->line)
            TRY(rows_read(ctx, reader, &row, &found));
        if (found && row.line == problem->line)
            put_row(ctx, r, reader, &row, problem->words);
        r->after = problem->line;
    }
    return OK;
}

static Status add_file(Ctx *ctx, void *arg)
{
    Refused *r = arg;
    return file_add(ctx, &r->part, &r->file);
}

Status refused_file(Ctx *ctx, Id import, const char *path, Str name, Id *ret_file)
{
    Refused r = { .import = import, .out = { .arena = ctx->arena } };
    RowReader *reader;
    TRY(rows_open(ctx, path, &reader));
    put_headings(ctx, &r, reader);
    do {
        TRY(tenant_read(ctx, read_problems, &r));
        TRY(match_rows(ctx, &r, reader));
    } while (r.problems.len == PROBLEMS_AT_ONCE);
    if (r.left_out)
        buf_printf(&r.out, "%lld more\r\n", (long long)r.left_out);
    TRY(file_write(ctx, str_format(ctx->arena, STR_FMT " - refused.csv", STR_ARG(name)),
                   buf_str(&r.out), false, &r.part));
    TRY(tenant_transact(ctx, add_file, &r));
    *ret_file = r.file;
    return OK;
}
