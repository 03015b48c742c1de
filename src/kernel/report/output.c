// output.c - a report as CSV, XLSX or PDF. The same cells as on the page, by one function that
// turns a cell into text; a spreadsheet gets numbers as numbers.
#include "kernel/report.h"

#include "base/csv.h"
#include "kernel/i18n.h"
#include "kernel/pdf.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

static bool is_shown(const ReportColumn *column)
{
    return column->type != REPORT_ID && column->type != REPORT_HREF;
}

static CurrencyCode currency_of_cell(const Ctx *ctx, const ReportRows *rows,
                                     const ReportCell *cells, const ReportColumn *column)
{
    for (int i = 0; column->in && i < rows->column_count; i++)
        if (strcmp(rows->report->columns[i].name, column->in) == 0)
            return currency_stored(cells[i].text);
    return ctx->tenant->base;
}

static int digits_of(const Ctx *ctx, const ReportRows *rows, const ReportCell *cells,
                     const ReportColumn *column)
{
    switch (column->type) {
    case REPORT_MONEY: return currency_digits(currency_of_cell(ctx, rows, cells, column));
    case REPORT_QTY: return 6;
    case REPORT_PERCENT: return 4;
    default: return 0;
    }
}

// As data: plain decimals, ISO days.
static Str plain_cell(Ctx *ctx, const ReportRows *rows, const ReportCell *cells, int i)
{
    const ReportColumn *column = &rows->report->columns[i];
    const ReportCell *cell = &cells[i];
    if (!cell->known)
        return S("");
    switch (column->type) {
    case REPORT_HREF:
    case REPORT_TEXT: return cell->text;
    case REPORT_DATE: return date_text(ctx->arena, (Date)cell->number);
    case REPORT_MONEY:
        return decimal_text(ctx->arena, cell->number, digits_of(ctx, rows, cells, column));
    default: return decimal_short(ctx->arena, cell->number, digits_of(ctx, rows, cells, column));
    }
}

// As people read it.
static Str shown_cell(Ctx *ctx, const ReportRows *rows, const ReportCell *cells, int i)
{
    const ReportColumn *column = &rows->report->columns[i];
    const ReportCell *cell = &cells[i];
    if (!cell->known)
        return S("");
    switch (column->type) {
    case REPORT_HREF:
    case REPORT_TEXT: return cell->text;
    case REPORT_DATE: return show_date(ctx, (Date)cell->number);
    case REPORT_MONEY:
        return show_money(ctx, (Money){ cell->number }, currency_of_cell(ctx, rows, cells, column));
    case REPORT_QTY: return show_qty(ctx, (Qty){ cell->number }, 6);
    case REPORT_PERCENT: return show_percent(ctx, (Rate){ (int32_t)cell->number });
    default: return show_number(ctx, cell->number, 0);
    }
}

// ---- CSV ----------------------------------------------------------------------------------------

Status report_csv(Ctx *ctx, const ReportRows *rows, Buf *out)
{
    bool first = true;
    for (int i = 0; i < rows->column_count; i++)
        if (is_shown(&rows->report->columns[i])) {
            csv_put(out, tr(ctx, rows->report->columns[i].label), first);
            first = false;
        }
    csv_end_row(out);
    EACH (row, rows->rows) {
        first = true;
        for (int i = 0; i < rows->column_count; i++)
            if (is_shown(&rows->report->columns[i])) {
                csv_put(out, plain_cell(ctx, rows, *row, i), first);
                first = false;
            }
        csv_end_row(out);
    }
    return OK;
}

// ---- XLSX ---------------------------------------------------------------------------------------

typedef struct Book {
    lxw_workbook *book;
    char path[64];  // the library writes files only
} Book;

static void book_close(void *arg)
{
    Book *b = arg;
    if (b->book)
        workbook_close(b->book);
    if (b->path[0])
        unlink(b->path);
}

// A double holds 15 digits; longer numbers go in as text, so that none is lost.
static void write_cell(Ctx *ctx, lxw_worksheet *sheet, lxw_format *format, const ReportRows *rows,
                       const ReportCell *cells, int i, lxw_row_t y, lxw_col_t x)
{
    const ReportColumn *column = &rows->report->columns[i];
    int64_t number = cells[i].number;
    bool is_text = column->type == REPORT_TEXT || column->type == REPORT_DATE ||
                   number > INT64_C(999999999999999) || number < -INT64_C(999999999999999);
    if (!cells[i].known)
        return;
    if (is_text) {
        worksheet_write_string(sheet, y, x, str_c(ctx->arena, plain_cell(ctx, rows, cells, i)),
                               NULL);
        return;
    }
    int digits = digits_of(ctx, rows, cells, column);
    worksheet_write_number(sheet, y, x, (double)number / (double)power10(digits),
                           column->type == REPORT_MONEY ? format : NULL);
}

static void write_sheet(Ctx *ctx, Book *b, const ReportRows *rows)
{
    lxw_worksheet *sheet = workbook_add_worksheet(b->book, NULL);
    lxw_format *bold = workbook_add_format(b->book), *money = workbook_add_format(b->book);
    lxw_col_t x = 0;
    format_set_bold(bold);
    format_set_num_format(money, "#,##0.00");
    for (int i = 0; i < rows->column_count; i++)
        if (is_shown(&rows->report->columns[i]))
            worksheet_write_string(
                sheet, 0, x++, str_c(ctx->arena, tr(ctx, rows->report->columns[i].label)), bold);
    for (size_t r = 0; r < rows->rows.len; r++) {
        x = 0;
        for (int i = 0; i < rows->column_count; i++)
            if (is_shown(&rows->report->columns[i]))
                write_cell(ctx, sheet, money, rows, rows->rows.items[r], i, (lxw_row_t)r + 1, x++);
    }
    worksheet_freeze_panes(sheet, 1, 0);
}

static Status read_back(Ctx *ctx, const Book *b, Str *ret)
{
    struct stat info;
    if (stat(b->path, &info) != 0)
        return FAIL(ctx, E_INTERNAL, "report.xlsx", "the sheet could not be read back");
    char *bytes = arena_alloc(ctx->arena, (size_t)info.st_size + 1);  // before what must be closed
    FILE *file = fopen(b->path, "rb");
    size_t n = file ? fread(bytes, 1, (size_t)info.st_size, file) : 0;
    if (file)
        fclose(file);
    *ret = (Str){ bytes, n };
    return n == (size_t)info.st_size
             ? OK
             : FAIL(ctx, E_INTERNAL, "report.xlsx", "the sheet could not be read back");
}

Status report_xlsx(Ctx *ctx, const ReportRows *rows, Str *ret)
{
    Book *b = NEW(ctx->arena, Book);
    arena_defer(ctx->arena, book_close, b);
    snprintf(b->path, sizeof b->path, "/tmp/entrepot-sheet-XXXXXX");
    int fd = mkstemp(b->path);
    if (fd >= 0)
        close(fd);
    b->book = fd >= 0 ? workbook_new(b->path) : NULL;
    if (!b->book)
        return FAIL(ctx, E_INTERNAL, "report.xlsx", "the sheet could not be made");
    write_sheet(ctx, b, rows);
    lxw_error error = workbook_close(b->book);
    b->book = NULL;
    if (error != LXW_NO_ERROR)
        return FAIL(ctx, E_INTERNAL, "report.xlsx", "the sheet could not be made: %s",
                    lxw_strerror(error));
    return read_back(ctx, b, ret);
}

// ---- PDF ----------------------------------------------------------------------------------------

Status report_pdf(Ctx *ctx, const ReportRows *rows, Str *ret)
{
    PdfColumn *columns = NEW_ARRAY(ctx->arena, PdfColumn, (size_t)rows->column_count);
    Str *cells = NEW_ARRAY(ctx->arena, Str, (size_t)rows->column_count);
    size_t n = 0;
    Pdf *pdf = pdf_new(ctx, PDF_A4, tr(ctx, rows->report->title), ctx->locale->tag);
    pdf_text(pdf, PDF_TITLE, PDF_START, tr(ctx, rows->report->title));
    pdf_text(pdf, PDF_DIM, PDF_START, ctx->tenant->name);
    pdf_space(pdf, 4);
    for (int i = 0; i < rows->column_count; i++) {
        const ReportColumn *column = &rows->report->columns[i];
        bool is_number = column->type != REPORT_TEXT && column->type != REPORT_DATE;
        if (is_shown(column))
            columns[n++] =
                (PdfColumn){ tr(ctx, column->label).ptr, column->type == REPORT_TEXT ? 2 : 1,
                             is_number ? PDF_END : PDF_START, PDF_BODY };
    }
    pdf_table_begin(pdf, columns, n);
    EACH (row, rows->rows) {
        size_t c = 0;
        for (int i = 0; i < rows->column_count; i++)
            if (is_shown(&rows->report->columns[i]))
                cells[c++] = shown_cell(ctx, rows, *row, i);
        pdf_table_row(pdf, cells);
    }
    pdf_table_end(pdf);
    return pdf_finish(pdf, ret);
}
