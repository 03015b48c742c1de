// pdf.c - building a document: every call adds a block to the end of the page's flow, or of the
// side being filled.
//
// Texts are cleaned and copied as they come, so a caller's buffers may go. A block that cannot be
// made leaves its failure behind, the first one counts, and pdf_finish() hands it out: drawing a
// form is a list of calls without a branch.
#include "inside.h"

#include "base/utf8.h"

#include <assert.h>
#include <math.h>

// ---- Birth and death ----------------------------------------------------------------------------

// Everything that libraries gave out. Registered before the first of it is acquired.
static void pdf_close(void *arg)
{
    Pdf *pdf = arg;
    EACH (text, pdf->shaped)
        g_clear_object(&(*text)->layout);
    EACH (image, pdf->images)
        cairo_surface_destroy((*image)->surface);
    if (pdf->cr)
        cairo_destroy(pdf->cr);
    if (pdf->surface)
        cairo_surface_destroy(pdf->surface);
    g_clear_object(&pdf->context);
    free(pdf->bytes.ptr);
}

static void paper_choose(Pdf *pdf, PdfSize size)
{
    static const struct {
        double width, height, margin;
        bool is_label;
    } papers[] = {
        [PDF_A4] = { 210 * MM, 297 * MM, 14 * MM, false },
        [PDF_LETTER] = { 8.5 * 72, 11 * 72, 14 * MM, false },
        [PDF_LABEL_100X150] = { 100 * MM, 150 * MM, 4 * MM, true },
        [PDF_LABEL_50X25] = { 50 * MM, 25 * MM, 1.5 * MM, true },
        [PDF_A4_WIDE] = { 297 * MM, 210 * MM, 14 * MM, false },
        [PDF_LETTER_WIDE] = { 11 * 72, 8.5 * 72, 14 * MM, false },
    };
    pdf->page_width = papers[size].width;
    pdf->page_height = papers[size].height;
    pdf->margin = papers[size].margin;
    pdf->is_label = papers[size].is_label;
}

// Control characters other than line breaks become blanks, where Pango would draw boxes: those of
// ASCII, and those of Unicode, which are two bytes.
static void blank_controls(unsigned char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool is_ascii_control = (text[i] < ' ' && text[i] != '\n') || text[i] == 0x7f;
        bool is_wide_control = text[i] == 0xc2 && i + 1 < len && text[i + 1] < 0xa0;
        if (is_ascii_control || is_wide_control)
            text[i] = ' ';
        if (is_wide_control)
            text[i + 1] = ' ';
    }
}

// A copy that is UTF-8 and can be drawn.
static Str clean(Pdf *pdf, Str text)
{
    Str valid = utf8_clean(pdf->arena, text);
    unsigned char *copy = arena_alloc(pdf->arena, valid.len + 1);
    if (valid.len > 0)
        memcpy(copy, valid.ptr, valid.len);
    blank_controls(copy, valid.len);
    return (Str){ (const char *)copy, valid.len };
}

static void remember_failure(Pdf *pdf, Status status)
{
    if (status != OK && pdf->failure.status == OK)
        pdf->failure = pdf->ctx->failure;
}

// A caller's text, ready to be shaped.
static Text text_of(Pdf *pdf, Str string, int look, PdfAlign align)
{
    Str text = clean(pdf, string);
    if (utf8_len(text) > PDF_TEXT_MAX) {
        remember_failure(pdf, FAIL(pdf->ctx, E_INVALID, "pdf.text_too_long",
                                   "a text on paper has at most %d characters", PDF_TEXT_MAX));
        text = S("");
    }
    return (Text){ .string = text, .look = (uint8_t)look, .align = (uint8_t)align };
}

Pdf *pdf_new(Ctx *ctx, PdfSize size, Str title, Str language)
{
    Pdf *pdf = NEW(ctx->arena, Pdf);
    pdf->ctx = ctx;
    pdf->arena = ctx->arena;
    paper_choose(pdf, size);
    pdf->title = clean(pdf, title);
    pdf->language = clean(pdf, language);
    arena_defer(pdf->arena, pdf_close, pdf);
    pdf_text_begin(pdf);
    pdf_head(pdf, S(""), S(""));
    pdf_footer(pdf, S(""));
    return pdf;
}

void pdf_head(Pdf *pdf, Str start, Str end)
{
    pdf->head_start = text_of(pdf, start, LOOK_RUNNING, PDF_START);
    pdf->head_end = text_of(pdf, end, LOOK_RUNNING, PDF_END);
    pdf->has_head = pdf->head_start.string.len + pdf->head_end.string.len > 0;
}

void pdf_footer(Pdf *pdf, Str text)
{
    pdf->foot = text_of(pdf, text, LOOK_RUNNING, PDF_START);
}

// ---- Blocks -------------------------------------------------------------------------------------

static Flow *flow(Pdf *pdf)
{
    return pdf->sides ? &pdf->sides->flows[pdf->sides->current] : &pdf->flow;
}

static double flow_width(const Pdf *pdf)
{
    Place whole = { .width = pdf_body_width(pdf) };
    return pdf->sides ? pdf_side_place(pdf->sides, pdf->sides->current, whole).width : whole.width;
}

static Block *block_add(Pdf *pdf, BlockKind kind)
{
    assert(!pdf->table);
    Flow *to = flow(pdf);
    Block *block = NEW(pdf->arena, Block);
    block->kind = kind;
    if (to->last)
        to->last->next = block;
    else
        to->first = block;
    to->last = block;
    return block;
}

void pdf_text(Pdf *pdf, PdfStyle style, PdfAlign align, Str text)
{
    block_add(pdf, BLOCK_TEXT)->text = text_of(pdf, text, style, align);
}

// Addresses come from data: only those a reader can safely be sent to become links.
static bool is_safe_address(Str address)
{
    static const char *const starts[] = { "https://", "http://", "mailto:", "tel:" };
    for (size_t i = 0; i < COUNT(starts); i++)
        if (str_starts(address, str_from(starts[i])))
            return true;
    return false;
}

// In Cairo's notation. Cairo copies an address into the file as it is, so whatever means something
// to it or to PDF is percent-encoded, which means the same to who follows the link.
static const char *link_attributes(Pdf *pdf, Str address)
{
    Buf out = { .arena = pdf->arena };
    buf_c(&out, "uri='");
    for (size_t i = 0; i < address.len; i++) {
        unsigned char c = (unsigned char)address.ptr[i];
        bool is_plain = c > ' ' && c < 0x7f && !strchr("'\\()<>\"", c);
        buf_printf(&out, is_plain ? "%c" : "%%%02X", c);
    }
    buf_char(&out, '\'');
    return out.ptr;
}

void pdf_link(Pdf *pdf, PdfStyle style, Str text, Str address)
{
    Block *block = block_add(pdf, BLOCK_TEXT);
    block->text = text_of(pdf, text, style, PDF_START);
    if (is_safe_address(address))
        block->link = link_attributes(pdf, address);
}

void pdf_space(Pdf *pdf, double millimetres)
{
    block_add(pdf, BLOCK_SPACE)->height = millimetres * MM;
}

void pdf_rule(Pdf *pdf)
{
    block_add(pdf, BLOCK_RULE)->height = RULE_HAIR;
}

void pdf_page(Pdf *pdf)
{
    assert(!pdf->sides);
    block_add(pdf, BLOCK_PAGE);
}

// ---- Side by side -------------------------------------------------------------------------------

void pdf_sides_begin(Pdf *pdf, const double *shares, size_t count)
{
    assert(!pdf->sides);
    assert(count > 0 && count <= PDF_SIDES_MAX);
    Sides *sides = &block_add(pdf, BLOCK_SIDES)->sides;
    sides->count = count;
    for (size_t i = 0; i < count; i++) {
        assert(shares[i] > 0);
        sides->shares[i] = shares[i];
    }
    pdf->sides = sides;
}

void pdf_sides_next(Pdf *pdf)
{
    assert(pdf->sides);
    assert(pdf->sides->current + 1 < pdf->sides->count);
    pdf->sides->current++;
}

void pdf_sides_end(Pdf *pdf)
{
    assert(pdf->sides);
    pdf->sides = NULL;
}

void pdf_address(Pdf *pdf, const Str *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        PdfStyle style = i == 0 ? PDF_DIM : i == 1 ? PDF_BOLD : PDF_BODY;
        if (lines[i].len > 0)
            pdf_text(pdf, style, PDF_START, lines[i]);
    }
}

void pdf_pair(Pdf *pdf, const Str *left, size_t left_count, const Str *right, size_t right_count)
{
    pdf_sides_begin(pdf, (double[]){ 1, 1 }, 2);
    pdf_address(pdf, left, left_count);
    pdf_sides_next(pdf);
    pdf_address(pdf, right, right_count);
    pdf_sides_end(pdf);
}

// ---- Facts and totals ---------------------------------------------------------------------------

// The block being filled, or a new one: facts in a row belong together, and a grand total ends its
// run.
static FactList *run_of(Pdf *pdf, BlockKind kind)
{
    Block *last = flow(pdf)->last;
    bool goes_on = last && last->kind == kind && !list_end(last->facts)[-1].is_grand;
    return goes_on ? &last->facts : &block_add(pdf, kind)->facts;
}

void pdf_fact(Pdf *pdf, Str label, Str value, PdfStyle style)
{
    Fact fact = { .label = text_of(pdf, label, PDF_DIM, PDF_START),
                  .value = text_of(pdf, value, style, PDF_END) };
    *list_push(pdf->arena, run_of(pdf, BLOCK_FACTS)) = fact;
}

void pdf_total(Pdf *pdf, Str label, Str amount, bool is_grand)
{
    Fact fact = { .label = text_of(pdf, label, is_grand ? LOOK_GRAND : LOOK_TOTAL, PDF_START),
                  .value = text_of(pdf, amount, is_grand ? LOOK_GRAND : PDF_BODY, PDF_END),
                  .is_grand = is_grand };
    *list_push(pdf->arena, run_of(pdf, BLOCK_TOTALS)) = fact;
}

// ---- Tables -------------------------------------------------------------------------------------

void pdf_table_begin(Pdf *pdf, const PdfColumn *columns, size_t count)
{
    assert(!pdf->sides);
    if (count > PDF_TABLE_COLUMNS_MAX) {
        remember_failure(pdf, FAIL(pdf->ctx, E_INVALID, "pdf.too_wide",
                                   "a table on paper has at most %d columns, not %zu",
                                   PDF_TABLE_COLUMNS_MAX, count));
        count = PDF_TABLE_COLUMNS_MAX;
    }
    Table *table = &block_add(pdf, BLOCK_TABLE)->table;
    PdfColumn *copy = NEW_ARRAY(pdf->arena, PdfColumn, count);
    memcpy(copy, columns, count * sizeof *copy);
    *table = (Table){ .columns = copy,
                      .count = count,
                      .x = NEW_ARRAY(pdf->arena, double, count),
                      .width = NEW_ARRAY(pdf->arena, double, count),
                      .head.cells = NEW_ARRAY(pdf->arena, Cell, count) };
    for (size_t i = 0; i < count; i++) {
        assert(columns[i].share > 0);
        Str label = str_from(ctx_text(pdf->ctx, columns[i].label));
        table->head.cells[i].main = text_of(pdf, label, LOOK_TABLE_HEAD, columns[i].align);
    }
    pdf->table = table;
}

static Cell cell_of(Pdf *pdf, const PdfColumn *column, Str text)
{
    ptrdiff_t line_break = str_find_char(text, '\n');
    if (line_break < 0)
        return (Cell){ text_of(pdf, text, column->style, column->align), NULL };
    Str first = str_sub(text, 0, (size_t)line_break);
    Cell cell = { text_of(pdf, first, column->style, column->align), NEW(pdf->arena, Text) };
    *cell.under = text_of(pdf, str_from_at(text, first.len + 1), LOOK_UNDER, column->align);
    return cell;
}

void pdf_table_row(Pdf *pdf, const Str *cells)
{
    assert(pdf->table);
    Table *table = pdf->table;
    Cell *row = NEW_ARRAY(pdf->arena, Cell, table->count);
    for (size_t i = 0; i < table->count; i++)
        row[i] = cell_of(pdf, &table->columns[i], cells[i]);
    list_push(pdf->arena, &table->rows)->cells = row;
}

void pdf_table_end(Pdf *pdf)
{
    assert(pdf->table);
    pdf->table = NULL;
}

// ---- Codes and images ---------------------------------------------------------------------------

void pdf_code128(Pdf *pdf, Str text, double height_mm)
{
    Code code = { 0 };
    remember_failure(pdf, pdf_code128_make(pdf, clean(pdf, text), flow_width(pdf), &code));
    code.bars = height_mm * MM;
    block_add(pdf, BLOCK_CODE)->code = code;
}

void pdf_qr(Pdf *pdf, Str text, double size_mm)
{
    Code code = { 0 };
    remember_failure(pdf, pdf_qr_make(pdf, clean(pdf, text), size_mm * MM, flow_width(pdf), &code));
    block_add(pdf, BLOCK_CODE)->code = code;
}

static cairo_status_t read_png(void *arg, unsigned char *to, unsigned len)
{
    Str *rest = arg;
    if (rest->len < len)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, rest->ptr, len);
    *rest = (Str){ rest->ptr + len, rest->len - len };
    return CAIRO_STATUS_SUCCESS;
}

static uint32_t big_endian(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

// Width and height from the header, before anything is unpacked: a small file can unpack to
// gigabytes.
static bool is_small_png(Str png)
{
    static const char signature[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    if (png.len < 24 || memcmp(png.ptr, signature, sizeof signature - 1) != 0)
        return false;
    uint32_t width = big_endian(png.ptr + 16), height = big_endian(png.ptr + 20);
    return width > 0 && width <= PDF_IMAGE_SIDE_MAX && height > 0 && height <= PDF_IMAGE_SIDE_MAX;
}

static Status image_make(Pdf *pdf, Str png, double width, Image *ret)
{
    cairo_status_t status = CAIRO_STATUS_READ_ERROR;
    if (is_small_png(png)) {
        *list_push(pdf->arena, &pdf->images) = ret;
        ret->surface = cairo_image_surface_create_from_png_stream(read_png, &png);
        status = cairo_surface_status(ret->surface);
    }
    if (status != CAIRO_STATUS_SUCCESS)
        return FAIL(pdf->ctx, E_INVALID, "pdf.image",
                    "the image is no png of at most %d pixels a side", PDF_IMAGE_SIDE_MAX);
    int across = cairo_image_surface_get_width(ret->surface);
    int down = cairo_image_surface_get_height(ret->surface);
    ret->width = fmin(width, flow_width(pdf));
    ret->height = ret->width * down / across;
    return OK;
}

void pdf_image(Pdf *pdf, Str png, double width_mm, Str alt)
{
    Image *image = &block_add(pdf, BLOCK_IMAGE)->image;
    image->alt = clean(pdf, alt);
    remember_failure(pdf, image_make(pdf, png, width_mm * MM, image));
}

// ---- The end ------------------------------------------------------------------------------------

Status pdf_finish(Pdf *pdf, Str *ret_bytes)
{
    assert(!pdf->table);
    assert(!pdf->sides);
    assert(!pdf->surface);  // once
    if (pdf->failure.status != OK) {
        pdf->ctx->failure = pdf->failure;
        return pdf->failure.status;
    }
    pdf_measure(pdf);
    TRY(pdf_pages_break(pdf));
    TRY(pdf_pages_draw(pdf));
    Str file = { (const char *)pdf->bytes.ptr, pdf->bytes.len };
    return pdf_update(pdf->ctx, file, pdf->language, &pdf->notes, ret_bytes);
}
