// export_xlsx.c - a list as a spreadsheet. libxlsxwriter keeps one row in memory and the rest in a
// temporary file, then packs both into a file of its own, which is read back in pieces.
#include "kernel/transfer/export.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
    CELL_CHARACTERS_MAX = 32767,
    SHEET_ROWS_MAX = 1048575,
    EXACT_DIGITS = 15,
    PIECE = 64 * 1024
};

typedef struct Book {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    FILE *file;
    const EntityQuery *query;
    lxw_row_t rows;
    char path[64];  // the library writes files only
} Book;

static void close_book(void *arg)
{
    Book *b = arg;
    if (b->book)
        workbook_close(b->book);
    if (b->file)
        fclose(b->file);
    if (b->path[0])
        unlink(b->path);
}

// The library would write a number that it was given as a double; so that none is changed, only
// what a double holds exactly goes in as a number, by its text.
static bool is_exact(Str text)
{
    int digits = 0;
    for (size_t i = 0; i < text.len; i++)
        digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
    return digits > 0 && digits <= EXACT_DIGITS;
}

static void put_cell(Ctx *ctx, const Book *b, const Cell *cell, lxw_col_t column)
{
    Str text = export_text(ctx->arena, cell);
    if (text.len == 0)
        return;
    if (export_is_number(cell) && is_exact(text)) {
        worksheet_write_number(b->sheet, b->rows, column, strtod(str_c(ctx->arena, text), NULL),
                               NULL);
        return;
    }
    text = utf8_cut(utf8_clean(ctx->arena, text), CELL_CHARACTERS_MAX);
    worksheet_write_string(b->sheet, b->rows, column, str_c(ctx->arena, text), NULL);
}

static Status put_row(Ctx *ctx, const EntityRow *row, void *arg)
{
    Book *b = arg;
    if (b->rows >= SHEET_ROWS_MAX)
        return FAIL(ctx, E_LIMIT, "export.rows",
                    "a spreadsheet holds %d rows and this list has more: take CSV", SHEET_ROWS_MAX);
    b->rows++;
    for (size_t i = 0; i < b->query->columns.len; i++)
        put_cell(ctx, b, &row->cells[i], (lxw_col_t)i);
    return OK;
}

static void put_headings(Ctx *ctx, const Book *b)
{
    lxw_format *bold = workbook_add_format(b->book);
    format_set_bold(bold);
    worksheet_freeze_panes(b->sheet, 1, 0);
    for (size_t i = 0; i < b->query->columns.len; i++)
        worksheet_write_string(
            b->sheet, 0, (lxw_col_t)i,
            str_c(ctx->arena, path_text(ctx->arena, &b->query->columns.items[i])), bold);
}

static Status open_book(Ctx *ctx, Book *b)
{
    lxw_workbook_options options = { .constant_memory = LXW_TRUE };
    snprintf(b->path, sizeof b->path, "/tmp/entrepot-export-XXXXXX");
    int fd = mkstemp(b->path);
    if (fd >= 0)
        close(fd);
    else
        b->path[0] = '\0';
    b->book = fd >= 0 ? workbook_new_opt(b->path, &options) : NULL;
    b->sheet = b->book ? workbook_add_worksheet(b->book, NULL) : NULL;
    return b->sheet ? OK
                    : FAIL(ctx, E_INTERNAL, "export.xlsx", "the sheet could not be begun: %s",
                           strerror(errno));
}

static Status send_file(Ctx *ctx, Book *b, void (*write)(Str piece, void *arg), void *arg)
{
    char piece[PIECE];
    size_t n;
    lxw_error error = workbook_close(b->book);
    b->book = NULL;
    b->file = error == LXW_NO_ERROR ? fopen(b->path, "re") : NULL;
    if (!b->file)
        return FAIL(ctx, E_INTERNAL, "export.xlsx", "the sheet could not be written: %s",
                    lxw_strerror(error));
    while ((n = fread(piece, 1, sizeof piece, b->file)) > 0)
        write((Str){ piece, n }, arg);
    return OK;
}

Status export_xlsx(Ctx *ctx, const EntityQuery *query, void (*write)(Str piece, void *arg),
                   void *arg)
{
    Book *b = NEW(ctx->arena, Book);
    b->query = query;
    arena_defer(ctx->arena, close_book, b);
    TRY(open_book(ctx, b));
    put_headings(ctx, b);
    TRY(entity_each(ctx, query, put_row, b));
    return send_file(ctx, b, write, arg);
}
