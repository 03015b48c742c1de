// pages.c - where pages break: each block, or part of it, gets a page and a height on it.
//
// What must stay true: a row is never split, nor totals, nor what stands side by side; only a row
// that is taller than a whole page is, between its lines, because the other choice is to lose it.
// Text breaks between lines and leaves no line alone. A heading and the head of a table never end a
// page. Nothing is drawn here, so the number of pages is known before the first one is.
#include "inside.h"

#include <math.h>

#define RUNNING_GAP (4 * MM)  // between running head, body and footer

typedef struct Pager {
    Pdf *pdf;
    size_t page;
    double y;
    bool is_top;          // nothing stands on this page yet
    const Block *headed;  // the table whose head stands on this page
} Pager;

static double body_bottom(const Pdf *pdf)
{
    double foot = pdf->is_label ? 0 : pdf_foot_height(pdf) + RUNNING_GAP;
    return pdf->page_height - pdf->margin - foot;
}

static double body_top(const Pdf *pdf, size_t page)
{
    bool has_head = page > 0 && pdf->has_head;
    return pdf->margin + (has_head ? pdf_head_height(pdf) + RUNNING_GAP : 0);
}

static double room(const Pager *pager)
{
    return body_bottom(pager->pdf) - pager->y;
}

static Status page_next(Pager *pager)
{
    if (pager->page + 1 >= PDF_PAGES_MAX)
        return FAIL(pager->pdf->ctx, E_INVALID, "pdf.too_long",
                    "the document has more than %d pages", PDF_PAGES_MAX);
    pager->page++;
    pager->y = body_top(pager->pdf, pager->page);
    pager->is_top = true;
    pager->headed = NULL;
    return OK;
}

static Status too_tall(const Pager *pager, double height)
{
    return FAIL(pager->pdf->ctx, E_INVALID, "pdf.too_tall",
                "a block of %.0f mm does not fit on a page with room for %.0f mm", height / MM,
                room(pager) / MM);
}

// Goes on to the next page where this one has not enough room left.
static Status make_room(Pager *pager, double height)
{
    if (height > room(pager) && !pager->is_top)
        TRY(page_next(pager));
    return height > room(pager) ? too_tall(pager, height) : OK;
}

static void put(Pager *pager, Piece piece, double height)
{
    piece.page = pager->page;
    piece.y = pager->y;
    piece.height = height;
    *list_push(pager->pdf->arena, &pager->pdf->pieces) = piece;
    pager->y += height;
    pager->is_top = false;
}

// ---- Text ---------------------------------------------------------------------------------------

// How many of the lines from `from` on to put here; 0 means to go on on the next page. Neither the
// first nor the last line of a text stands alone on its page, unless a page has room for no more.
static size_t lines_here(const Pager *pager, const Text *text, size_t from, double *ret_height)
{
    size_t left = text->lines - from;
    if (from == 0 && text->height <= room(pager)) {
        *ret_height = text->height;
        return left;
    }
    size_t fitting =
        pdf_text_fit(pager->pdf, text, (Range){ from, text->lines }, room(pager), ret_height);
    if (fitting == left || (pager->is_top && fitting < 3))
        return fitting;
    if (left - fitting == 1)
        fitting--;
    return fitting < 2 ? 0 : fitting;
}

static Status place_text(Pager *pager, const Block *block)
{
    const Text *text = &block->text;
    for (size_t from = 0; from < text->lines;) {
        double height;
        size_t fitting = lines_here(pager, text, from, &height);
        if (fitting == 0 && pager->is_top)
            return too_tall(pager, text->height / (double)text->lines);
        if (fitting > 0)
            put(pager, (Piece){ .block = block, .lines = { from, from + fitting } }, height);
        from += fitting;
        if (from < text->lines)
            TRY(page_next(pager));
    }
    return OK;
}

// ---- Tables -------------------------------------------------------------------------------------

// The head's height where this page has none yet.
static double head_wanted(const Pager *pager, const Block *block)
{
    return pager->headed == block ? 0 : block->table.head.height;
}

static void put_rows(Pager *pager, const Block *block, Range rows, Range lines, double height)
{
    double head = head_wanted(pager, block);
    Piece piece = { .block = block, .rows = rows, .lines = lines, .has_head = head > 0 };
    put(pager, piece, head + height);
    pager->headed = block;
}

static size_t rows_fit(const Table *table, size_t from, double space, double *ret_height)
{
    size_t to = from;
    for (*ret_height = 0; to < table->rows.len; to++) {
        if (*ret_height + table->rows.items[to].height > space)
            break;
        *ret_height += table->rows.items[to].height;
    }
    return to;
}

// The line at which a row that is too tall is cut so that the part before it fits in every cell.
static size_t row_cut(const Pager *pager, const Table *table, const Row *row, size_t from,
                      double space)
{
    size_t cut = SIZE_MAX;
    for (size_t i = 0; i < table->count; i++) {
        const Cell *cell = &row->cells[i];
        size_t lines = pdf_cell_lines(cell);
        double height;
        if (lines <= from)
            continue;
        Range rest = { from, lines };
        double below = space - pdf_cell_drop(row, cell, rest);
        size_t fitting = pdf_cell_fit(pager->pdf, cell, rest, below, &height);
        if (from + fitting < lines && from + fitting < cut)
            cut = from + fitting;
    }
    return cut;
}

static double row_part_height(const Pager *pager, const Table *table, const Row *row, Range lines)
{
    double tallest = 0;
    for (size_t i = 0; i < table->count; i++) {
        double height;
        const Cell *cell = &row->cells[i];
        pdf_cell_fit(pager->pdf, cell, lines, INFINITY, &height);
        tallest = fmax(tallest, pdf_cell_drop(row, cell, lines) + height);
    }
    return tallest + 2 * CELL_PAD_Y;
}

static Status place_split_row(Pager *pager, const Block *block, size_t at)
{
    const Table *table = &block->table;
    const Row *row = &table->rows.items[at];
    size_t lines = 0;
    for (size_t i = 0; i < table->count; i++)
        lines = pdf_cell_lines(&row->cells[i]) > lines ? pdf_cell_lines(&row->cells[i]) : lines;
    for (size_t from = 0; from < lines;) {
        double space = room(pager) - head_wanted(pager, block) - 2 * CELL_PAD_Y;
        size_t cut = row_cut(pager, table, row, from, space);
        size_t to = cut < lines ? cut : lines;
        if (to == from)
            return too_tall(pager, table->head.height + row->height / (double)lines);
        double height = row_part_height(pager, table, row, (Range){ from, to });
        put_rows(pager, block, (Range){ at, at + 1 }, (Range){ from, to }, height);
        from = to;
        if (from < lines)
            TRY(page_next(pager));
    }
    return OK;
}

static Status place_table(Pager *pager, const Block *block)
{
    const Table *table = &block->table;
    const Range all_lines = { 0, SIZE_MAX };
    if (table->rows.len == 0) {
        TRY(make_room(pager, table->head.height));
        put_rows(pager, block, (Range){ 0, 0 }, all_lines, 0);
    }
    for (size_t row = 0; row < table->rows.len;) {
        double height;
        size_t to = rows_fit(table, row, room(pager) - head_wanted(pager, block), &height);
        if (to > row)
            put_rows(pager, block, (Range){ row, to }, all_lines, height);
        else if (pager->is_top)
            TRY(place_split_row(pager, block, to++));
        else
            TRY(page_next(pager));
        row = to;
    }
    return OK;
}

// ---- The run of blocks --------------------------------------------------------------------------

// How much must fit below a block so that it may start here: a heading wants the start of what
// follows.
static double start_height(const Block *block)
{
    if (!block)
        return 0;
    switch (block->kind) {
    case BLOCK_TABLE:
        return block->table.head.height +
               (block->table.rows.len ? block->table.rows.items[0].height : 0);
    case BLOCK_TEXT:
        if (block->text.look == PDF_HEADING)
            return block->height + start_height(block->next);
        return block->height * fmin(1, 2 / fmax(1, (double)block->text.lines));
    case BLOCK_SPACE: return block->height + start_height(block->next);
    default: return block->height;
    }
}

static bool is_heading(const Block *block)
{
    return block->kind == BLOCK_TEXT && block->text.look == PDF_HEADING;
}

static Status place_whole(Pager *pager, const Block *block)
{
    TRY(make_room(pager, block->height));
    put(pager, (Piece){ .block = block }, block->height);
    return OK;
}

static Status place(Pager *pager, const Block *block)
{
    if (is_heading(block) && !pager->is_top && start_height(block) > room(pager))
        TRY(page_next(pager));
    switch (block->kind) {
    case BLOCK_TEXT: return place_text(pager, block);
    case BLOCK_TABLE: return place_table(pager, block);
    case BLOCK_SPACE: pager->y += pager->is_top ? 0 : block->height; return OK;
    case BLOCK_PAGE: return pager->is_top ? OK : page_next(pager);
    default: return place_whole(pager, block);
    }
}

Status pdf_pages_break(Pdf *pdf)
{
    Pager pager = { .pdf = pdf, .y = body_top(pdf, 0), .is_top = true };
    for (const Block *block = pdf->flow.first; block; block = block->next)
        TRY(place(&pager, block));
    pdf->pages = pager.page + 1;
    return OK;
}
