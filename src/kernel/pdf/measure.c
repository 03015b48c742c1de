// measure.c - how wide and tall every block is, before anything has a place.
//
// Columns of a table get the share that was asked for; a column aligned to its end holds amounts,
// which are worthless when broken, so it gets what its widest amount needs, and the columns of
// words give it up.
#include "inside.h"

#include <math.h>

// Words keep at least this much of their share, whatever amounts want.
#define WORDS_KEEP 0.4

double pdf_body_width(const Pdf *pdf)
{
    return pdf->page_width - 2 * pdf->margin;
}

Place pdf_side_place(const Sides *sides, size_t side, Place whole)
{
    double sum = 0, before = 0;
    for (size_t i = 0; i < sides->count; i++) {
        sum += sides->shares[i];
        before += i < side ? sides->shares[i] : 0;
    }
    double usable = whole.width - SIDES_GAP * (double)(sides->count - 1);
    return (Place){ .x = whole.x + usable * before / sum + SIDES_GAP * (double)side,
                    .y = whole.y,
                    .width = usable * sides->shares[side] / sum };
}

// ---- Tables -------------------------------------------------------------------------------------

static void cell_measure(Pdf *pdf, Cell *cell)
{
    pdf_text_measure(pdf, &cell->main);
    if (cell->under)
        pdf_text_measure(pdf, cell->under);
}

static double cell_width(const Cell *cell)
{
    return cell->under ? fmax(cell->main.width, cell->under->width) : cell->main.width;
}

static void row_measure(Pdf *pdf, Table *table, Row *row)
{
    for (size_t i = 0; i < table->count; i++) {
        cell_measure(pdf, &row->cells[i]);
        table->width[i] = fmax(table->width[i], cell_width(&row->cells[i]));
    }
}

static void row_wrap(Pdf *pdf, const Table *table, Row *row, double pad)
{
    double below = 0;
    for (size_t i = 0; i < table->count; i++) {
        Cell *cell = &row->cells[i];
        pdf_text_wrap(pdf, &cell->main, table->width[i]);
        if (cell->under)
            pdf_text_wrap(pdf, cell->under, table->width[i]);
        row->baseline = fmax(row->baseline, cell->main.baseline);
    }
    for (size_t i = 0; i < table->count; i++) {
        const Cell *cell = &row->cells[i];
        double height = cell->main.height + (cell->under ? cell->under->height : 0);
        below = fmax(below, row->baseline - cell->main.baseline + height);
    }
    row->height = below + 2 * pad;
}

// Space between columns, none at the table's outer edges: first and last column stand on the
// margins.
static double column_pads(const Table *table, size_t column)
{
    return (column > 0 ? CELL_PAD_X : 0) + (column + 1 < table->count ? CELL_PAD_X : 0);
}

// Takes `wanted` from the columns that hold words, each giving in proportion to what it has.
static void take_from_words(const Table *table, double *widths, double wanted)
{
    double words = 0;
    for (size_t i = 0; i < table->count; i++)
        words += table->columns[i].align == PDF_END ? 0 : widths[i];
    double factor = words > 0 ? fmax(WORDS_KEEP, 1 - wanted / words) : 1;
    for (size_t i = 0; i < table->count; i++)
        widths[i] *= table->columns[i].align == PDF_END ? 1 : factor;
}

// On entry table->width holds the widest text of each column, afterwards the room its texts have.
static void columns_place(Table *table, double width)
{
    double share_sum = 0, wanted = 0, sum = 0, x = 0;
    double widths[PDF_TABLE_COLUMNS_MAX];
    for (size_t i = 0; i < table->count; i++)
        share_sum += table->columns[i].share;
    for (size_t i = 0; i < table->count; i++) {
        widths[i] = width * table->columns[i].share / share_sum;
        double short_of = table->width[i] + column_pads(table, i) - widths[i];
        if (table->columns[i].align == PDF_END && short_of > 0) {
            widths[i] += short_of;
            wanted += short_of;
        }
    }
    take_from_words(table, widths, wanted);
    for (size_t i = 0; i < table->count; i++)
        sum += widths[i];
    for (size_t i = 0; i < table->count; i++) {
        double whole = widths[i] * width / sum;
        table->x[i] = x + (i > 0 ? CELL_PAD_X : 0);
        table->width[i] = fmax(whole - column_pads(table, i), 1);
        x += whole;
    }
}

static double table_measure(Pdf *pdf, Table *table, double width)
{
    row_measure(pdf, table, &table->head);
    EACH (row, table->rows)
        row_measure(pdf, table, row);
    columns_place(table, width);
    row_wrap(pdf, table, &table->head, HEAD_PAD_Y);
    double height = table->head.height;
    EACH (row, table->rows) {
        row_wrap(pdf, table, row, CELL_PAD_Y);
        height += row->height;
    }
    return height;
}

size_t pdf_cell_lines(const Cell *cell)
{
    return cell->main.lines + (cell->under ? cell->under->lines : 0);
}

Range pdf_range_within(Range range, size_t start, size_t len)
{
    size_t from = range.from > start ? range.from - start : 0;
    size_t to = range.to > start ? range.to - start : 0;
    return (Range){ from < len ? from : len, to < len ? to : len };
}

size_t pdf_cell_fit(const Pdf *pdf, const Cell *cell, Range lines, double room, double *ret_height)
{
    Range main = pdf_range_within(lines, 0, cell->main.lines);
    size_t fitting = pdf_text_fit(pdf, &cell->main, main, room, ret_height);
    if (!cell->under || fitting < main.to - main.from)
        return fitting;
    double under_height;
    Range under = pdf_range_within(lines, cell->main.lines, cell->under->lines);
    fitting += pdf_text_fit(pdf, cell->under, under, room - *ret_height, &under_height);
    *ret_height += under_height;
    return fitting;
}

double pdf_cell_drop(const Row *row, const Cell *cell, Range lines)
{
    return lines.from == 0 ? row->baseline - cell->main.baseline : 0;
}

// ---- Facts and totals ---------------------------------------------------------------------------

// The amount is never broken; the label gets what remains.
static double facts_measure(Pdf *pdf, FactList *facts, double width, double gap)
{
    double y = 0;
    EACH (fact, *facts) {
        pdf_text_measure(pdf, &fact->label);
        pdf_text_measure(pdf, &fact->value);
        pdf_text_wrap(pdf, &fact->value, width * 0.75);
        pdf_text_wrap(pdf, &fact->label,
                      fmax(width - fact->value.width - 2 * CELL_PAD_X, width * 0.2));
        y += fact->is_grand ? 2 * gap : 0;
        fact->y = y;
        fact->baseline = fmax(fact->label.baseline, fact->value.baseline);
        double label = fact->baseline - fact->label.baseline + fact->label.height;
        double value = fact->baseline - fact->value.baseline + fact->value.height;
        y += fmax(label, value) + (fact->is_grand ? 2 * gap : gap);
    }
    return y;
}

// ---- Blocks -------------------------------------------------------------------------------------

static double flow_measure(Pdf *pdf, Flow *flow, double width);

static double sides_measure(Pdf *pdf, Sides *sides, double width)
{
    double height = 0;
    for (size_t i = 0; i < sides->count; i++) {
        Place place = pdf_side_place(sides, i, (Place){ .width = width });
        height = fmax(height, flow_measure(pdf, &sides->flows[i], place.width));
    }
    return height;
}

static double text_block_measure(Pdf *pdf, Text *text, double width)
{
    pdf_text_measure(pdf, text);
    pdf_text_wrap(pdf, text, width);
    return text->height;
}

static double code_measure(Pdf *pdf, Code *code)
{
    pdf_text_measure(pdf, &code->text);
    return code->bars + code->text.height + code->quiet;
}

static double block_measure(Pdf *pdf, Block *block, double width)
{
    switch (block->kind) {
    case BLOCK_TEXT: return text_block_measure(pdf, &block->text, width);
    case BLOCK_SIDES: return sides_measure(pdf, &block->sides, width);
    case BLOCK_TABLE: return table_measure(pdf, &block->table, width);
    case BLOCK_FACTS: return facts_measure(pdf, &block->facts, width, FACT_GAP);
    case BLOCK_TOTALS:
        return facts_measure(pdf, &block->facts, fmin(width, TOTALS_WIDTH), TOTAL_GAP);
    case BLOCK_CODE: return code_measure(pdf, &block->code);
    case BLOCK_IMAGE: return block->image.height;
    case BLOCK_SPACE:
    case BLOCK_RULE:
    case BLOCK_PAGE: break;
    }
    return block->height;
}

static double flow_measure(Pdf *pdf, Flow *flow, double width)
{
    double height = 0;
    for (Block *block = flow->first; block; block = block->next)
        height += block->height = block_measure(pdf, block, width);
    return height;
}

double pdf_head_height(const Pdf *pdf)
{
    return fmax(pdf->head_start.height, pdf->head_end.height) + RUNNING_PAD;
}

double pdf_foot_height(const Pdf *pdf)
{
    return RUNNING_PAD + fmax(pdf->foot.height, 4 * MM);
}

void pdf_measure(Pdf *pdf)
{
    double width = pdf_body_width(pdf);
    flow_measure(pdf, &pdf->flow, width);
    pdf_text_measure(pdf, &pdf->head_end);
    pdf_text_wrap(pdf, &pdf->head_end, width / 3);
    pdf_text_measure(pdf, &pdf->head_start);
    pdf_text_wrap(pdf, &pdf->head_start, width * 0.6);
    pdf_text_measure(pdf, &pdf->foot);
    pdf_text_wrap(pdf, &pdf->foot, width * 0.75);
}
