// draw.c - puts the pieces on their pages, tagged: headings, paragraphs, lists, tables and figures,
// in the order in which they are read. Rules, running heads, repeated table heads and page numbers
// stand outside every tag, so nobody has to hear them again on each page.
//
// Cairo 1.16 marks content only in tags that hold no other tag. So every text stands in an
// innermost tag of its own, and a paragraph that goes on on the next page is two paragraphs to a
// reader.
#include "inside.h"

#include "base/date.h"

#include <cairo-pdf.h>
#include <math.h>

enum { FILE_MAX = 512 * 1024 * 1024 };  // bytes; reached only by a document that nobody can read

static void draw_flow(Pdf *pdf, const Flow *flow, Place at);

double pdf_real_x(const Pdf *pdf, double x, double width)
{
    return pdf->is_rtl ? pdf->page_width - x - width : x;
}

static void fill(const Pdf *pdf, Ink ink, Place at, double height)
{
    pdf_set_ink(pdf, ink);
    cairo_rectangle(pdf->cr, pdf_real_x(pdf, at.x, at.width), at.y, at.width, height);
    cairo_fill(pdf->cr);
}

// NULL for what is drawn again and has been read already: no tag.
static void tag_begin(const Pdf *pdf, const char *name)
{
    if (name)
        cairo_tag_begin(pdf->cr, name, "");
}

static void tag_end(const Pdf *pdf, const char *name)
{
    if (name)
        cairo_tag_end(pdf->cr, name);
}

static void note(Pdf *pdf, NoteKind kind, Str alt)
{
    *list_push(pdf->arena, &pdf->notes) = (Note){ kind, alt };
}

static Range whole(const Text *text)
{
    return (Range){ 0, text->lines };
}

// ---- Text ---------------------------------------------------------------------------------------

static const char *text_tag(const Text *text)
{
    return text->look == PDF_TITLE ? "H1" : text->look == PDF_HEADING ? "H2" : "P";
}

static void draw_text(Pdf *pdf, const Block *block, Place at, Range lines)
{
    const char *tag = text_tag(&block->text);
    tag_begin(pdf, tag);
    if (block->link)
        cairo_tag_begin(pdf->cr, CAIRO_TAG_LINK, block->link);
    pdf_text_draw(pdf, &block->text, at, lines);
    if (block->link)
        tag_end(pdf, CAIRO_TAG_LINK);
    tag_end(pdf, tag);
}

// ---- Tables -------------------------------------------------------------------------------------

static void draw_cell(Pdf *pdf, const Cell *cell, Place at, Range lines)
{
    Range main = pdf_range_within(lines, 0, cell->main.lines);
    pdf_text_draw(pdf, &cell->main, at, main);
    if (!cell->under)
        return;
    double height = cell->main.height;
    if (main.to - main.from < cell->main.lines)
        pdf_text_fit(pdf, &cell->main, main, INFINITY, &height);
    at.y += height;
    pdf_text_draw(pdf, cell->under, at,
                  pdf_range_within(lines, cell->main.lines, cell->under->lines));
}

// One row's cells, each in `tag`.
static void draw_row(Pdf *pdf, const Table *table, const Row *row, const char *tag, Place at,
                     Range lines)
{
    const char *row_tag = tag ? "TR" : NULL;
    tag_begin(pdf, row_tag);
    for (size_t i = 0; i < table->count; i++) {
        const Cell *cell = &row->cells[i];
        Place place = { at.x + table->x[i], at.y + pdf_cell_drop(row, cell, lines),
                        table->width[i] };
        tag_begin(pdf, tag);
        draw_cell(pdf, cell, place, lines);
        tag_end(pdf, tag);
    }
    tag_end(pdf, row_tag);
}

static void draw_head(Pdf *pdf, const Table *table, bool is_first, Place at)
{
    Place texts = { at.x, at.y + HEAD_PAD_Y, at.width };
    draw_row(pdf, table, &table->head, is_first ? "TH" : NULL, texts, (Range){ 0, SIZE_MAX });
    for (size_t i = 0; is_first && i < table->count; i++)
        note(pdf, NOTE_COLUMN_HEAD, S(""));
    at.y += table->head.height - RULE_STRONG;
    fill(pdf, INK_BLACK, at, RULE_STRONG);
}

static void draw_rows(Pdf *pdf, const Piece *piece, bool is_first, Place at)
{
    const Table *table = &piece->block->table;
    double end = at.y + piece->height;
    if (piece->has_head) {
        draw_head(pdf, table, is_first, at);
        at.y += table->head.height;
    }
    for (size_t i = piece->rows.from; i < piece->rows.to; i++) {
        const Row *row = &table->rows.items[i];
        Place texts = { at.x, at.y + CELL_PAD_Y, at.width };
        draw_row(pdf, table, row, "TD", texts, piece->lines);
        at.y = i + 1 < piece->rows.to ? at.y + row->height : end;
        fill(pdf, INK_LINE, (Place){ at.x, at.y - RULE_HAIR, at.width }, RULE_HAIR);
    }
}

// ---- Facts and totals ---------------------------------------------------------------------------

// Tags of a run of labels with values: a list of facts, or a table of totals.
typedef struct FactTags {
    const char *run, *pair, *label, *value;
} FactTags;

static void draw_fact(Pdf *pdf, const Fact *fact, const FactTags *tags, Place at)
{
    double base = at.y + fact->y + fact->baseline;
    tag_begin(pdf, tags->pair);
    tag_begin(pdf, tags->label);
    if (strcmp(tags->label, "TH") == 0)
        note(pdf, NOTE_ROW_HEAD, S(""));
    pdf_text_draw(pdf, &fact->label, (Place){ at.x, base - fact->label.baseline, at.width },
                  whole(&fact->label));
    tag_end(pdf, tags->label);
    tag_begin(pdf, tags->value);
    pdf_text_draw(pdf, &fact->value, (Place){ at.x, base - fact->value.baseline, at.width },
                  whole(&fact->value));
    tag_end(pdf, tags->value);
    tag_end(pdf, tags->pair);
}

// The ledger's sign for a sum that is final: a rule above, two below the amount.
static void draw_grand_rules(Pdf *pdf, const Fact *fact, Place at)
{
    fill(pdf, INK_LINE, (Place){ at.x, at.y + fact->y - TOTAL_GAP, at.width }, RULE_HAIR);
    double width = fact->value.width;
    Place under = { at.x + at.width - width, 0, width };
    under.y = at.y + fact->y + fact->baseline - fact->value.baseline + fact->value.height;
    fill(pdf, INK_BLACK, under, RULE_DOUBLE);
    under.y += 3 * RULE_DOUBLE;
    fill(pdf, INK_BLACK, under, RULE_DOUBLE);
}

static void draw_facts(Pdf *pdf, const FactList *facts, const FactTags *tags, Place at)
{
    tag_begin(pdf, tags->run);
    for (const Fact *fact = facts->items; fact < list_end(*facts); fact++)
        draw_fact(pdf, fact, tags, at);
    tag_end(pdf, tags->run);
    for (const Fact *fact = facts->items; fact < list_end(*facts); fact++)
        if (fact->is_grand)
            draw_grand_rules(pdf, fact, at);
}

static void draw_totals(Pdf *pdf, const FactList *totals, Place at)
{
    static const FactTags tags = { "Table", "TR", "TH", "TD" };
    double width = fmin(at.width, TOTALS_WIDTH);
    draw_facts(pdf, totals, &tags, (Place){ at.x + at.width - width, at.y, width });
}

// ---- Figures ------------------------------------------------------------------------------------

// All dark modules as one path, joined along rows: filled at once, so that no viewer shows seams.
static void draw_modules(const Pdf *pdf, const Code *code, double x, double y)
{
    double row_height = code->bars / (double)code->rows;
    for (size_t row = 0; row < code->rows; row++) {
        const unsigned char *dark = code->dark + row * code->columns;
        for (size_t from = 0, to; from < code->columns; from = to) {
            for (to = from + 1; to < code->columns && dark[to] == dark[from];)
                to++;
            if (dark[from])
                cairo_rectangle(pdf->cr, x + code->module * (double)from,
                                y + row_height * (double)row, code->module * (double)(to - from),
                                row_height);
        }
    }
    cairo_set_source_rgb(pdf->cr, 0, 0, 0);  // scanners want all the contrast there is
    cairo_fill(pdf->cr);
}

// A code is never mirrored: bars read from the left in every language.
static void draw_code(Pdf *pdf, const Code *code, Place at)
{
    double width = code->module * (double)code->columns;
    double x = pdf->is_label ? at.x + (at.width - width) / 2 : at.x;
    tag_begin(pdf, "Figure");
    note(pdf, NOTE_ALT, code->alt);
    draw_modules(pdf, code, pdf_real_x(pdf, x, width), at.y);
    pdf_text_draw(pdf, &code->text, (Place){ x, at.y + code->bars, width }, whole(&code->text));
    tag_end(pdf, "Figure");
}

static void draw_image(Pdf *pdf, const Image *image, Place at)
{
    int pixels = cairo_image_surface_get_width(image->surface);
    double scale = image->width / pixels;
    if (image->alt.len) {
        tag_begin(pdf, "Figure");
        note(pdf, NOTE_ALT, image->alt);
    }
    cairo_save(pdf->cr);
    cairo_translate(pdf->cr, pdf_real_x(pdf, at.x, image->width), at.y);
    cairo_scale(pdf->cr, scale, scale);
    cairo_set_source_surface(pdf->cr, image->surface, 0, 0);
    cairo_paint(pdf->cr);
    cairo_restore(pdf->cr);
    if (image->alt.len)
        tag_end(pdf, "Figure");
}

// ---- Blocks -------------------------------------------------------------------------------------

static void draw_block(Pdf *pdf, const Block *block, Place at)
{
    static const FactTags list_tags = { "L", "LI", "Lbl", "LBody" };
    switch (block->kind) {
    case BLOCK_TEXT: draw_text(pdf, block, at, whole(&block->text)); break;
    case BLOCK_RULE: fill(pdf, INK_LINE, at, RULE_HAIR); break;
    case BLOCK_SIDES:
        for (size_t i = 0; i < block->sides.count; i++)
            draw_flow(pdf, &block->sides.flows[i], pdf_side_place(&block->sides, i, at));
        break;
    case BLOCK_FACTS: draw_facts(pdf, &block->facts, &list_tags, at); break;
    case BLOCK_TOTALS: draw_totals(pdf, &block->facts, at); break;
    case BLOCK_CODE: draw_code(pdf, &block->code, at); break;
    case BLOCK_IMAGE: draw_image(pdf, &block->image, at); break;
    case BLOCK_TABLE:  // in pieces only
    case BLOCK_SPACE:
    case BLOCK_PAGE: break;
    }
}

static void draw_flow(Pdf *pdf, const Flow *flow, Place at)
{
    for (const Block *block = flow->first; block; block = block->next) {
        draw_block(pdf, block, at);
        at.y += block->height;
    }
}

// ---- Pages --------------------------------------------------------------------------------------

static bool is_same_block(const Pdf *pdf, const Piece *piece, ptrdiff_t other)
{
    ptrdiff_t at = piece - pdf->pieces.items + other;
    return at >= 0 && (size_t)at < pdf->pieces.len && pdf->pieces.items[at].block == piece->block;
}

// A table is one table to a reader, over however many pages: its tag stays open from the first
// piece to the last.
static void draw_table_piece(Pdf *pdf, const Piece *piece, Place at)
{
    bool is_first = !is_same_block(pdf, piece, -1);
    if (is_first)
        tag_begin(pdf, "Table");
    draw_rows(pdf, piece, is_first, at);
    if (!is_same_block(pdf, piece, +1))
        tag_end(pdf, "Table");
}

static void draw_piece(Pdf *pdf, const Piece *piece)
{
    Place at = { pdf->margin, piece->y, pdf_body_width(pdf) };
    if (piece->block->kind == BLOCK_TABLE)
        draw_table_piece(pdf, piece, at);
    else if (piece->block->kind == BLOCK_TEXT)
        draw_text(pdf, piece->block, at, piece->lines);
    else
        draw_block(pdf, piece->block, at);
}

static void draw_running_head(const Pdf *pdf, Place at)
{
    pdf_text_draw(pdf, &pdf->head_start, at, whole(&pdf->head_start));
    pdf_text_draw(pdf, &pdf->head_end, at, whole(&pdf->head_end));
    at.y += pdf_head_height(pdf) - RULE_HAIR;
    fill(pdf, INK_LINE, at, RULE_HAIR);
}

// Its conversions are the English ones in every language: a catalogue is checked when it is loaded.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static Str page_number(const Pdf *pdf, size_t page)
{
    return str_format(pdf->arena, ctx_text(pdf->ctx, "Page %zu of %zu"), page, pdf->pages);
}
#pragma GCC diagnostic pop

static void draw_footer(Pdf *pdf, size_t page, Place at)
{
    fill(pdf, INK_LINE, at, RULE_HAIR);
    at.y += RUNNING_PAD;
    pdf_text_draw(pdf, &pdf->foot, at, whole(&pdf->foot));
    Text *number = NEW(pdf->arena, Text);
    *number =
        (Text){ .string = page_number(pdf, page + 1), .look = LOOK_RUNNING, .align = PDF_END };
    pdf_text_measure(pdf, number);
    pdf_text_draw(pdf, number, at, whole(number));
}

static void draw_frame(Pdf *pdf, size_t page)
{
    if (pdf->is_label)
        return;
    Place top = { pdf->margin, pdf->margin, pdf_body_width(pdf) };
    if (page > 0 && pdf->has_head)
        draw_running_head(pdf, top);
    double foot = pdf->page_height - pdf->margin - pdf_foot_height(pdf);
    draw_footer(pdf, page, (Place){ top.x, foot, top.width });
}

// The tag around everything opens behind the first page's frame and closes at the very end. What a
// page repeats is drawn while no innermost tag is open, so it belongs to none.
static void draw_pages(Pdf *pdf)
{
    size_t page = 0;
    draw_frame(pdf, 0);
    tag_begin(pdf, "Document");
    EACH (piece, pdf->pieces) {
        for (; page < piece->page; page++) {
            cairo_show_page(pdf->cr);
            draw_frame(pdf, page + 1);
        }
        draw_piece(pdf, piece);
    }
    tag_end(pdf, "Document");
    cairo_show_page(pdf->cr);
}

// ---- The file -----------------------------------------------------------------------------------

// Called by Cairo, so it must not unwind: no arena here.
static cairo_status_t take_bytes(void *arg, const unsigned char *bytes, unsigned len)
{
    Bytes *to = arg;
    if (to->len + len > to->cap) {
        size_t cap = to->cap ? 2 * to->cap : 64 * 1024;
        while (cap < to->len + len)
            cap *= 2;
        unsigned char *grown = cap <= FILE_MAX ? realloc(to->ptr, cap) : NULL;
        if (!grown)
            return CAIRO_STATUS_WRITE_ERROR;
        to->ptr = grown;
        to->cap = cap;
    }
    memcpy(to->ptr + to->len, bytes, len);
    to->len += len;
    return CAIRO_STATUS_SUCCESS;
}

static void canvas_open(Pdf *pdf)
{
    const char *title = str_c(pdf->arena, pdf->title);
    const char *now = time_text(pdf->arena, pdf->ctx->now - pdf->ctx->now % SECOND).ptr;
    pdf->surface = cairo_pdf_surface_create_for_stream(take_bytes, &pdf->bytes, pdf->page_width,
                                                       pdf->page_height);
    // Cairo from 1.17 on packs objects of PDF 1.5 into streams, which update.c does not read. 1.4
    // has tags, too; what it lacks is the written text behind shaped glyphs, which copying from
    // Indic scripts needs.
    if (cairo_version() >= CAIRO_VERSION_ENCODE(1, 17, 0))
        cairo_pdf_surface_restrict_to_version(pdf->surface, CAIRO_PDF_VERSION_1_4);
    pdf->cr = cairo_create(pdf->surface);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Entrepot");
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, now);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_MOD_DATE, now);
}

Status pdf_pages_draw(Pdf *pdf)
{
    canvas_open(pdf);
    draw_pages(pdf);
    cairo_status_t status = cairo_status(pdf->cr);
    cairo_surface_finish(pdf->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(pdf->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return FAIL(pdf->ctx, E_INTERNAL, "pdf.draw", "the page could not be drawn: %s",
                    cairo_status_to_string(status));
    return OK;
}
