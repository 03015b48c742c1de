// rows.c - opening a file of rows by its content, and the CSV kind.
//
// A reader outlives the batches of an import, whose arena is rewound after each; so it has an arena
// of its own, which only borrows the way out when memory runs short.
#include "kernel/transfer/rows.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>

// ---- CSV ----------------------------------------------------------------------------------------

static Status open_csv(Ctx *ctx, RowReader *reader)
{
    (void)ctx;
    reader->state = csv_reader(&reader->arena, 0);
    return OK;
}

static Status feed_csv(Ctx *ctx, RowReader *reader)
{
    char piece[ROW_PIECE];
    size_t n = fread(piece, 1, sizeof piece, reader->file);
    if (n)
        csv_feed(reader->state, (Str){ piece, n });
    else
        csv_finish(reader->state);
    return ferror(reader->file)
             ? FAIL(ctx, E_INTERNAL, "import.read", "the file cannot be read: %s", strerror(errno))
             : OK;
}

static bool are_valid(const StrList *cells)
{
    EACH (cell, *cells)
        if (!utf8_valid(*cell))
            return false;
    return true;
}

static Status next_csv(Ctx *ctx, RowReader *reader, Row *ret, bool *ret_found)
{
    *ret = (Row){ 0 };
    for (;;) {
        CsvResult result = csv_next(reader->state, &ret->cells, &ret->bad);
        if (result == CSV_MORE) {
            TRY(feed_csv(ctx, reader));
            continue;
        }
        ret->line = csv_line(reader->state);
        *ret_found = result != CSV_END;
        if (result == CSV_ROW) {
            ret->bad = NULL;
            if (!are_valid(&ret->cells))
                ret->bad = "the text is not UTF-8: save the file as \"CSV UTF-8\"";
        }
        return OK;
    }
}

const RowKind rows_csv = { open_csv, next_csv, NULL };

// ---- Any ----------------------------------------------------------------------------------------

static void close_reader(void *arg)
{
    RowReader *reader = arg;
    if (reader->kind && reader->kind->close)
        reader->kind->close(reader);
    if (reader->file)
        fclose(reader->file);
    arena_release(&reader->arena);
}

// The reader's arena unwinds to where the caller stands now.
static void lend_exit(const Ctx *ctx, RowReader *reader)
{
    reader->arena.on_limit = ctx->arena->on_limit;
    reader->arena.on_limit_arg = ctx->arena->on_limit_arg;
}

static const RowKind *kind_of(FILE *file)
{
    unsigned char head[64];
    size_t n = fread(head, 1, sizeof head, file), at = 0;
    rewind(file);
    if (n >= 4 && memcmp(head, "PK\3\4", 4) == 0)
        return &rows_xlsx;
    if (n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0)
        at = 3;
    while (at < n && strchr(" \t\r\n", head[at]))
        at++;
    return at < n && (head[at] == '[' || head[at] == '{') ? &rows_json : &rows_csv;
}

static void keep_headings(RowReader *reader, const Row *row)
{
    EACH (cell, row->cells)
        *list_push(&reader->arena, &reader->headings) = str_copy(&reader->arena, str_trim(*cell));
}

static Status read_headings(Ctx *ctx, RowReader *reader)
{
    Row row;
    bool found;
    TRY(rows_read(ctx, reader, &row, &found));
    if (!found)
        return FAIL(ctx, E_INVALID, "import.empty", "the file is empty");
    if (row.bad)
        return FAIL(ctx, E_INVALID, "import.headings", "the headings cannot be read: %s",
                    ctx_text(ctx, row.bad));
    keep_headings(reader, &row);
    return OK;
}

Status rows_open(Ctx *ctx, const char *path, RowReader **ret)
{
    RowReader *reader = NEW(ctx->arena, RowReader);
    arena_defer(ctx->arena, close_reader, reader);
    lend_exit(ctx, reader);
    reader->path = str_copy(&reader->arena, str_from(path)).ptr;
    reader->file = fopen(path, "re");
    if (!reader->file)
        return FAIL(ctx, E_NOT_FOUND, "import.read", "the file cannot be read: %s",
                    strerror(errno));
    reader->kind = kind_of(reader->file);
    TRY(reader->kind->open(ctx, reader));
    if (reader->kind != &rows_json)
        TRY(read_headings(ctx, reader));
    *ret = reader;
    return OK;
}

Status rows_read(Ctx *ctx, RowReader *reader, Row *ret, bool *ret_found)
{
    lend_exit(ctx, reader);
    return reader->kind->next(ctx, reader, ret, ret_found);
}
