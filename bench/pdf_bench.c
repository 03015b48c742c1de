// pdf_bench.c - what an invoice of twelve lines costs, beside the least that Pango and Cairo need
// for the same texts in the same program: no tables, no tags, no measuring, every text at a fixed
// place.
//
//     pdf-bench [seconds a measurement]
//
// Floor and ours are drawn in turns, so that a busy machine slows both, and the medians are
// compared.
#include "frame.h"

#include "kernel/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <pthread.h>

enum { LINES = 12, COLUMNS = 7, STATEMENT_ROWS = 1000, THREADS = 2 };

// ---- The invoice's texts ------------------------------------------------------------------------

// clang-format off
static const PdfColumn columns[COLUMNS] = {
    { "#",          5,  PDF_START, PDF_BODY },
    { "Item",       32, PDF_START, PDF_MONO },
    { "HSN",        13, PDF_START, PDF_BODY },
    { "Qty",        11, PDF_END,   PDF_BODY },
    { "Rate",       13, PDF_END,   PDF_BODY },
    { "GST %",      10, PDF_END,   PDF_BODY },
    { "Amount INR", 16, PDF_END,   PDF_BODY },
};
static const char *const bill[] = {
    "Bill to", "Deshmukh Retail LLP", "7 Laxmi Road, Pune 411030", "Maharashtra (27)",
    "GSTIN 27AAFFD9876K1ZP",
};
static const char *const ship[] = {
    "Ship to", "শ্রীমতী চট্টোপাধ্যায়", "22 Paud Road, Pune 411038", "महाराष्ट्र (27)", "Kothrud",
};
static const char *const facts[][2] = {
    { "Invoice", "INV-26-04902" },             { "Date", "20 Nov 2026" },
    { "Order", "SO-26-04788" },                { "Due", "20 Dec 2026" },
    { "Place of supply", "Maharashtra (27)" }, { "E-way bill", "2814 0098 7731" },
};
static const char *const totals[][2] = {
    { "Taxable value", "5,61,720.00" },
    { "CGST 2.5% + SGST 2.5%", "28,086.00" },
    { "Total INR", "₹ 5,89,806.00" },
};
static const char house[] = "Northquay Goods India Pvt Ltd";
static const char address[] = "14 Wharf Road, Pune 411001. GSTIN 27AABCN1234F1Z5";
static const char kind[] = "Tax invoice", copy[] = "Original for recipient";
static const char pay_to[] = "Northquay Goods India, account ending 4471. Quote INV-26-04902.";
static const char foot[] = "Goods once engraved are not returned unless faulty.";
// clang-format on

// A line's cells; the second cell has a second line of its own.
static void line_texts(Arena *arena, int line, Str *ret)
{
    ret[0] = str_format(arena, "%d", line + 1);
    ret[1] = str_format(arena, "KN-1%03d-NVY\nRib-knit polo, colour %d", 182 + 7 * line, line + 1);
    ret[2] = str_format(arena, "61%02d 10", line + 5);
    ret[3] = str_format(arena, "%d pcs", 60 - 3 * line);
    ret[4] = str_format(arena, "%d.00", 920 + 45 * line);
    ret[5] = S("5");
    ret[6] = str_format(arena, "%d,%03d.00", 55 - line, 200 + 31 * line);
}

// ---- Ours ---------------------------------------------------------------------------------------

static void put_address(Pdf *pdf, const char *const *lines)
{
    Str texts[COUNT(bill)];
    for (size_t i = 0; i < COUNT(bill); i++)
        texts[i] = str_from(lines[i]);
    pdf_address(pdf, texts, COUNT(bill));
}

static void put_top(Pdf *pdf)
{
    pdf_sides_begin(pdf, (double[]){ 60, 40 }, 2);
    pdf_text(pdf, PDF_LARGE, PDF_START, str_from(house));
    pdf_text(pdf, PDF_DIM, PDF_START, str_from(address));
    pdf_sides_next(pdf);
    pdf_text(pdf, PDF_TITLE, PDF_END, str_from(kind));
    pdf_text(pdf, PDF_DIM, PDF_END, str_from(copy));
    pdf_sides_end(pdf);
    pdf_space(pdf, 7);
    pdf_sides_begin(pdf, (double[]){ 1, 1, 1 }, 3);
    put_address(pdf, bill);
    pdf_sides_next(pdf);
    put_address(pdf, ship);
    pdf_sides_next(pdf);
    for (size_t i = 0; i < COUNT(facts); i++)
        pdf_fact(pdf, str_from(facts[i][0]), str_from(facts[i][1]), PDF_BODY);
    pdf_sides_end(pdf);
    pdf_space(pdf, 7);
}

typedef struct Drawn {
    size_t bytes, pages;
} Drawn;

static size_t pages_in(Str file)
{
    size_t pages = 0;
    for (ptrdiff_t at; (at = str_find(file, S("/Type /Page %"))) >= 0; pages++)
        file = str_from_at(file, (size_t)at + 1);
    return pages;
}

// Finishes and forgets the document.
static Drawn finish(Pdf *pdf, Ctx *ctx)
{
    Str bytes = { 0 };
    if (pdf_finish(pdf, &bytes) != OK) {
        fprintf(stderr, STR_FMT "\n", STR_ARG(ctx->failure.message));
        exit(1);
    }
    Drawn drawn = { bytes.len, pages_in(bytes) };
    arena_clear(ctx->arena);
    return drawn;
}

static Drawn draw_ours(Arena *arena)
{
    Ctx ctx = { .arena = arena, .now = 1772445600000000 };
    Pdf *pdf = pdf_new(&ctx, PDF_A4, S("Tax invoice INV-26-04902"), S("en-IN"));
    pdf_footer(pdf, str_from(foot));
    put_top(pdf);
    pdf_table_begin(pdf, columns, COLUMNS);
    for (int line = 0; line < LINES; line++) {
        Str cells[COLUMNS];
        line_texts(arena, line, cells);
        pdf_table_row(pdf, cells);
    }
    pdf_table_end(pdf);
    pdf_space(pdf, 6);
    for (size_t i = 0; i < COUNT(totals); i++)
        pdf_total(pdf, str_from(totals[i][0]), str_from(totals[i][1]), i + 1 == COUNT(totals));
    pdf_space(pdf, 4);
    pdf_text(pdf, PDF_BODY, PDF_START, str_from(pay_to));
    return finish(pdf, &ctx);
}

// A customer's statement of many pages.
static Drawn draw_statement(Arena *arena)
{
    static const PdfColumn of_statement[] = {
        { "Date", 2, PDF_START, PDF_BODY }, { "Document", 2, PDF_START, PDF_MONO },
        { "What", 5, PDF_START, PDF_BODY }, { "Debit", 2, PDF_END, PDF_BODY },
        { "Credit", 2, PDF_END, PDF_BODY }, { "Balance", 2, PDF_END, PDF_BODY },
    };
    Ctx ctx = { .arena = arena, .now = 1772445600000000 };
    Pdf *pdf = pdf_new(&ctx, PDF_A4, S("Statement"), S("en-IN"));
    pdf_head(pdf, S("Northquay Goods India Pvt Ltd"), S("Statement of account"));
    pdf_table_begin(pdf, of_statement, COUNT(of_statement));
    for (int i = 0; i < STATEMENT_ROWS; i++)
        pdf_table_row(pdf, (Str[]){ str_format(arena, "2026-%02d-%02d", i / 90 + 1, i % 28 + 1),
                                    str_format(arena, "INV-26-%05d", i),
                                    str_format(arena, "Goods of order %d", 4788 + i),
                                    str_format(arena, "%d.00", i * 37 % 9999), S(""),
                                    str_format(arena, "%d.50", i * 91) });
    pdf_table_end(pdf);
    return finish(pdf, &ctx);
}

// ---- The floor ----------------------------------------------------------------------------------

typedef struct Floor {
    cairo_t *cr;
    PangoContext *context;
    double x, y;
} Floor;

static const char fonts[][40] = { "Noto Sans 9.5", "Noto Sans Bold 9.5", "Noto Sans Mono 9",
                                  "Noto Sans 8.5", "Noto Sans Bold 19" };
static PangoFontDescription *descriptions[COUNT(fonts)];
enum { BODY, BOLD, MONO, SMALL, LARGE };

static void show(Floor *at, int font, const char *text, int len)
{
    PangoLayout *layout = pango_layout_new(at->context);
    pango_layout_set_font_description(layout, descriptions[font]);
    pango_layout_set_text(layout, text, len);
    cairo_move_to(at->cr, at->x, at->y);
    pango_cairo_show_layout(at->cr, layout);
    g_object_unref(layout);
    at->y += 14;
}

static void show_row(Floor *at, const Str *cells, double y, int font)
{
    for (int i = 0; i < COLUMNS; i++) {
        at->x = 40 + 72 * i;
        at->y = y;
        ptrdiff_t end = str_find_char(cells[i], '\n');
        show(at, i == 1 && font == BODY ? MONO : font, cells[i].ptr,
             end < 0 ? (int)cells[i].len : (int)end);
        if (end >= 0)
            show(at, SMALL, cells[i].ptr + end + 1, -1);
    }
}

static void show_top(Floor *at)
{
    show(at, BOLD, house, -1);
    show(at, SMALL, address, -1);
    show(at, LARGE, kind, -1);
    show(at, SMALL, copy, -1);
    for (size_t i = 0; i < COUNT(bill); i++)
        show(at, i == 0 ? SMALL : i == 1 ? BOLD : BODY, bill[i], -1);
    for (size_t i = 0; i < COUNT(ship); i++)
        show(at, i == 0 ? SMALL : i == 1 ? BOLD : BODY, ship[i], -1);
    for (size_t i = 0; i < COUNT(facts); i++) {
        show(at, SMALL, facts[i][0], -1);
        show(at, BODY, facts[i][1], -1);
    }
}

static void show_all(Floor *at, Arena *arena)
{
    Str cells[COLUMNS];
    show_top(at);
    for (int i = 0; i < COLUMNS; i++)
        cells[i] = str_from(columns[i].label);
    show_row(at, cells, 300, BOLD);
    for (int line = 0; line < LINES; line++) {
        line_texts(arena, line, cells);
        show_row(at, cells, 320 + 30 * line, BODY);
    }
    for (size_t i = 0; i < COUNT(totals); i++) {
        show(at, BODY, totals[i][0], -1);
        show(at, i + 1 == COUNT(totals) ? BOLD : BODY, totals[i][1], -1);
    }
    show(at, BODY, pay_to, -1);
    show(at, SMALL, foot, -1);
    show(at, SMALL, "Page 1 of 1", -1);
}

static cairo_status_t count_bytes(void *arg, const unsigned char *bytes, unsigned len)
{
    *(size_t *)arg += len;
    return CAIRO_STATUS_SUCCESS;
}

static Drawn draw_floor(Arena *arena)
{
    size_t size = 0;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(count_bytes, &size, 595, 842);
    PangoFontMap *map = pango_cairo_font_map_get_default();
    Floor at = {
        .cr = cairo_create(surface), .context = pango_font_map_create_context(map), .x = 40, .y = 40
    };
    pango_cairo_context_set_resolution(at.context, 72);
    show_all(&at, arena);
    cairo_show_page(at.cr);
    g_object_unref(at.context);
    cairo_destroy(at.cr);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
    arena_clear(arena);
    return (Drawn){ size, 1 };
}

// ---- Measuring ----------------------------------------------------------------------------------

static double clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double cpu_of(Drawn (*draw)(Arena *), Arena *arena)
{
    double start = clock_ms(CLOCK_THREAD_CPUTIME_ID);
    draw(arena);
    return clock_ms(CLOCK_THREAD_CPUTIME_ID) - start;
}

static void measure_one(Arena *arena, double seconds)
{
    Series ours = { 0 }, floors = { 0 };
    double first = cpu_of(draw_ours, arena);
    cpu_of(draw_floor, arena);
    double end = clock_ms(CLOCK_MONOTONIC) + seconds * 1e3;
    while (clock_ms(CLOCK_MONOTONIC) < end) {
        series_add(&floors, cpu_of(draw_floor, arena));
        series_add(&ours, cpu_of(draw_ours, arena));
    }
    double floor = series_median(&floors), our = series_median(&ours);
    printf("invoice of %d lines, CPU per page, median of %d\n", LINES, ours.count);
    printf("  floor  %6.2f ms  %6zu bytes\n", floor, draw_floor(arena).bytes);
    printf("  ours   %6.2f ms  %6zu bytes  %.2f x the floor\n", our, draw_ours(arena).bytes,
           our / floor);
    printf("  first page of a thread %.1f ms\n", first);
}

typedef struct Bulk {
    const char *name;
    Drawn (*draw)(Arena *arena);
    int documents;  // of each thread
    size_t pages;   // of each thread, when it is done
    pthread_t thread;
} Bulk;

static void *draw_many(void *arg)
{
    Bulk *bulk = arg;
    Arena arena = { 0 };
    for (int i = 0; i < bulk->documents; i++)
        bulk->pages += bulk->draw(&arena).pages;
    arena_release(&arena);
    return NULL;
}

static void measure_bulk(Bulk bulk)
{
    Bulk bulks[THREADS];
    size_t pages = 0;
    double start = clock_ms(CLOCK_MONOTONIC), cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < THREADS; i++) {
        bulks[i] = bulk;
        pthread_create(&bulks[i].thread, NULL, draw_many, &bulks[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(bulks[i].thread, NULL);
        pages += bulks[i].pages;
    }
    double wall = clock_ms(CLOCK_MONOTONIC) - start;
    cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("bulk, %d threads, %zu pages of %s: %.0f pages/s, %.2f ms CPU a page\n", THREADS, pages,
           bulk.name, (double)pages / wall * 1e3, cpu / (double)pages);
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 5;
    Arena arena = { 0 };
    for (size_t i = 0; i < COUNT(fonts); i++)
        descriptions[i] = pango_font_description_from_string(fonts[i]);
    measure_one(&arena, seconds);
    int times = seconds < 1 ? 1 : (int)seconds;
    measure_bulk((Bulk){ .name = "invoices", .draw = draw_ours, .documents = 100 * times });
    measure_bulk((Bulk){ .name = "statements", .draw = draw_statement, .documents = 4 * times });
    arena_release(&arena);
    for (size_t i = 0; i < COUNT(fonts); i++)
        pango_font_description_free(descriptions[i]);
    return 0;
}
