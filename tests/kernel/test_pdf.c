// test_pdf.c - paper, seen with other people's eyes: what we draw is read back by poppler, qpdf and
// zbar. Text, structure and pictures are compared, never bytes of a stored file. Needs the Debian
// packages poppler-utils, qpdf, zbar-tools and fonts-noto-core; a test without its tool is skipped
// visibly.
#include "kernel/pdf.h"

#include "harness.h"
#include "kernel/pdf/inside.h"
#include "kernel/pdf_papers.h"
#include "kernel/pdf_reader.h"

#include <cairo.h>
#include <math.h>
#include <pthread.h>
#include <unistd.h>

// ---- Checkers -----------------------------------------------------------------------------------
// The sanitizers ask for these. The leak checker does not see fontconfig's caches, which hold their
// pointers as distances; they live as long as the thread, and a thread that ends gives them back.
// The race checker does not see the locks inside libraries that were built without it.

const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);
const char *__tsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

const char *__tsan_default_suppressions(void)
{
    return "race:libfontconfig.so\nrace:libglib-2.0.so\nrace:libharfbuzz.so\nrace:libpango\n"
           "race:libcairo.so\nrace:tzset_internal\n";
}

// ---- Text ---------------------------------------------------------------------------------------

static void test_every_script_can_be_read_back(void)
{
    // clang-format off
    static const struct {
        const char *row, *language, *text;
    } rows[] = {
        { "English",            "en",    "Sixty pairs of sandals, ₹ 1,55,748.00" },
        { "Spanish",            "es-CO", "Factura electrónica: señal de 50 %, envío mañana" },
        { "Bangla",             "bn",    "ক্ষুদ্র শিল্প হিসাব পত্র ৳ ১২,৫০০" },
        { "Hindi",              "hi",    "कर चालान क्रमांक हिन्दी किताबें ₹ ५००" },
        { "Bangla in English",  "en",    "Buyer শ্রীমতী চট্টোপাধ্যায়, Dhaka" },
    };
    // clang-format on
    NEEDS("pdftotext");
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Ctx *ctx = test_ctx();
        Pdf *pdf = pdf_new(ctx, PDF_A4, S("Text"), str_from(rows[i].language));
        pdf_text(pdf, PDF_BODY, PDF_START, str_from(rows[i].text));
        CHECK_HOLDS(page_text(paper_finish(ctx, pdf), 1), rows[i].text);
    }
}

static void test_arabic_can_be_read_back(void)
{
    NEEDS("pdftotext");
    Ctx *ctx = test_ctx();
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("Text"), S("ar"));
    pdf_text(pdf, PDF_BODY, PDF_START, S("فاتورة ضريبية للمبلغ"));
    Str seen = page_text(paper_finish(ctx, pdf), 1);
    CHECK_HOLDS(seen, "فاتورة");
    CHECK_HOLDS(seen, "ضريبية");
    CHECK_HOLDS(seen, "للمبلغ");
}

static void test_bytes_that_are_no_text_do_no_harm(void)
{
    NEEDS("pdftotext", "qpdf");
    Ctx *ctx = test_ctx();
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("Bad \xff title"), S("en"));
    pdf_text(pdf, PDF_BODY, PDF_START, S("before \xc3\x28 \x80 \0 \x07 \xe2\x82 after"));
    Paper *paper = paper_finish(ctx, pdf);
    CHECK_HOLDS(page_text(paper, 1), "before \xef\xbf\xbd( \xef\xbf\xbd");
    CHECK_HOLDS(page_text(paper, 1), "after");
    CHECK_HOLDS(paper_seen_by(paper, "qpdf --check %s 2>&1"),
                "No syntax or stream encoding errors");
}

// ---- Structure ----------------------------------------------------------------------------------

static void test_structure_follows_the_reading_order(void)
{
    NEEDS("pdfinfo");
    static const char wanted[] = "Document\n"
                                 "  H1 (block)\n"
                                 "  P (block)\n"
                                 "  L (block)\n"
                                 "    LI (block)\n"
                                 "      Lbl (block)\n"
                                 "      LBody (block)\n"
                                 "  H2 (block)\n"
                                 "  Table (block)\n"
                                 "    TR\n"
                                 "      TH:\n"
                                 "         /Scope /Column\n"
                                 "      TH:\n"
                                 "         /Scope /Column\n"
                                 "    TR\n"
                                 "      TD\n"
                                 "      TD\n"
                                 "    TR\n"
                                 "      TD\n"
                                 "      TD\n"
                                 "  Table (block)\n"
                                 "    TR\n"
                                 "      TH:\n"
                                 "         /Scope /Row\n"
                                 "      TD\n"
                                 "  Figure\n"
                                 "  Figure\n"
                                 "  P (block)\n"
                                 "    Link (inline)\n"
                                 "      Object\n";
    Ctx *ctx = test_ctx();
    Paper *paper = paper_finish(ctx, paper_receipt(ctx, S("en")));
    CHECK_STR(paper_seen_by(paper, "pdfinfo -struct %s | sed 's/Object [0-9]* 0/Object/'"), wanted);
    Str text = paper_seen_by(paper, "pdfinfo -struct-text %s");
    CHECK_HOLDS(text, "\"What you bought\"");
    CHECK(!text_holds(text, "foot"));
    CHECK(!text_holds(text, "Page 1 of 1"));
}

static void test_language_title_and_alternatives_are_said(void)
{
    NEEDS("qpdf", "pdfinfo");
    Ctx *ctx = test_ctx();
    Paper *paper = paper_finish(ctx, paper_receipt(ctx, S("es-CO")));
    Str objects = paper_seen_by(paper, "qpdf --json %s");
    CHECK_HOLDS(objects, "\"/Lang\": \"u:es-CO\"");
    CHECK_HOLDS(objects, "\"/DisplayDocTitle\": true");
    CHECK_HOLDS(objects, "\"/Alt\": \"u:QR code: https://example.com/7\"");
    CHECK_HOLDS(objects, "\"/Alt\": \"u:The house's sign: \\\"N\\\" (৳)\"");
    CHECK_INT(text_count(objects, "\"/Alt\""), 2);
    CHECK_HOLDS(objects, "\"/Title\": \"u:Небольшой счёт ৳ 😀\"");
    CHECK_HOLDS(paper_seen_by(paper, "TZ=UTC pdfinfo -isodates %s"),
                "CreationDate:    2026-03-02T10:00:00Z");
    CHECK_HOLDS(paper_seen_by(paper, "qpdf --check %s 2>&1"),
                "No syntax or stream encoding errors");
}

static void test_only_safe_addresses_become_links(void)
{
    NEEDS("pdfinfo");
    Ctx *ctx = test_ctx();
    Paper *paper = paper_finish(ctx, paper_receipt(ctx, S("en")));
    CHECK_HOLDS(paper_seen_by(paper, "pdfinfo -url %s"),
                "https://example.com/a%27b%5Cc%29?q=%C3%BC%20d");

    Pdf *pdf = pdf_new(ctx, PDF_A4, S("Links"), S("en"));
    pdf_link(pdf, PDF_BODY, S("press here"), S("javascript:alert(1)"));
    paper = paper_finish(ctx, pdf);
    CHECK(!text_holds(paper_seen_by(paper, "pdfinfo -url %s"), "javascript"));
    CHECK_HOLDS(page_text(paper, 1), "press here");
}

// ---- Pages --------------------------------------------------------------------------------------

static void test_head_repeats_and_rows_stay_whole(void)
{
    NEEDS("pdftotext", "pdfinfo");
    Ctx *ctx = test_ctx();
    Pdf *pdf = pdf_new(ctx, PDF_LETTER, S("Stock list"), S("en"));
    pdf_head(pdf, S("Stock list of the house"), S("SL-26-0001"));
    pdf_footer(pdf, S("made for the count"));
    paper_rows(ctx, pdf, 100);
    Paper *paper = paper_finish(ctx, pdf);
    size_t pages = page_count(paper);
    CHECK(pages > 2);
    for (size_t page = 1; page <= pages; page++) {
        Str text = page_text(paper, page);
        CHECK_INT(text_count(text, "What lies there"), 1);
        CHECK_INT(text_count(text, "SL-26-0001"), page > 1);
        CHECK_HOLDS(text, "made for the count");
        CHECK_HOLDS(text, str_format(ctx->arena, "Page %zu of %zu", page, pages).ptr);
        CHECK_INT(text_count(text, "first"), (int64_t)text_count(text, "second"));
        CHECK_INT(text_count(text, "first"), (int64_t)text_count(text, "thing"));
        CHECK(text_count(text, "first") > 0);
    }
    CHECK_INT(text_count(paper_seen_by(paper, "pdfinfo -struct %s"), "Table"), 1);
    CHECK_INT(text_count(paper_seen_by(paper, "pdfinfo -struct %s"), "TH:"), 3);
}

static void test_totals_and_sides_stay_whole(void)
{
    NEEDS("pdftotext");
    for (int rows = 18; rows < 27; rows++) {
        Ctx *ctx = test_ctx();
        Pdf *pdf = pdf_new(ctx, PDF_A4, S("Totals"), S("en"));
        paper_rows(ctx, pdf, rows);
        pdf_total(pdf, S("net"), S("1.00"), false);
        pdf_total(pdf, S("tax"), S("1.00"), false);
        pdf_total(pdf, S("grand"), S("1.00"), true);
        pdf_pair(pdf, (Str[]){ S("shipper"), S("us"), S("harbour") }, 3,
                 (Str[]){ S("to"), S("you") }, 2);
        Paper *paper = paper_finish(ctx, pdf);
        CHECK_INT(page_of(paper, "net"), (int64_t)page_of(paper, "grand"));
        CHECK_INT(page_of(paper, "shipper"), (int64_t)page_of(paper, "harbour"));
        arena_release(ctx->arena);
    }
}

static void test_a_heading_stays_with_what_follows(void)
{
    NEEDS("pdftotext");
    for (int lines = 46; lines < 57; lines++) {
        Ctx *ctx = test_ctx();
        Pdf *pdf = pdf_new(ctx, PDF_A4, S("Headings"), S("en"));
        for (int i = 0; i < lines; i++)
            pdf_text(pdf, PDF_BODY, PDF_START, S("filler"));
        pdf_text(pdf, PDF_HEADING, PDF_START, S("Heading"));
        pdf_space(pdf, 2);
        paper_rows(ctx, pdf, 2);
        Paper *paper = paper_finish(ctx, pdf);
        CHECK_INT(page_of(paper, "Heading"), (int64_t)page_of(paper, "first000"));
        arena_release(ctx->arena);
    }
}

static void check_all_words(Str text, int count)
{
    for (int i = 0; i < count; i++) {
        char word[16];
        snprintf(word, sizeof word, "word%04d", i);
        CHECK_INT(text_count(text, word), 1);
    }
}

static void test_a_row_taller_than_a_page_splits_and_loses_nothing(void)
{
    NEEDS("pdftotext", "pdfinfo");
    Ctx *ctx = test_ctx();
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("Terms"), S("en"));
    paper_rows(ctx, pdf, 3);
    pdf_table_begin(pdf, paper_columns, PAPER_COLUMNS);
    pdf_table_row(pdf, (Str[]){ S("short"), S("before"), S("1.00") });
    pdf_table_row(pdf, (Str[]){ S("long"), paper_words(ctx, 900), S("2.00") });
    pdf_table_row(pdf, (Str[]){ S("short"), S("after"), S("3.00") });
    pdf_table_end(pdf);
    Paper *paper = paper_finish(ctx, pdf);
    check_all_words(paper_seen_by(paper, "pdftotext -layout %s -"), 900);
    CHECK_INT(page_of(paper, "before"), 1);
    CHECK_INT(page_of(paper, "word0000"), 2);
    CHECK_INT(page_of(paper, "after"), (int64_t)page_of(paper, "word0899"));
}

static void test_text_breaks_between_lines_and_leaves_none_alone(void)
{
    NEEDS("pdftotext");
    for (int lines = 46; lines < 57; lines++) {
        Ctx *ctx = test_ctx();
        Pdf *pdf = pdf_new(ctx, PDF_A4, S("Terms"), S("en"));
        for (int i = 0; i < lines; i++)
            pdf_text(pdf, PDF_BODY, PDF_START, S("filler"));
        pdf_text(pdf, PDF_BODY, PDF_START, paper_words(ctx, 60));
        Paper *paper = paper_finish(ctx, pdf);
        check_all_words(paper_seen_by(paper, "pdftotext -layout %s -"), 60);
        for (size_t page = 1; page <= 2; page++) {
            Str text = paper_seen_by(
                paper, page == 1 ? "pdftotext -l 1 -layout %s - | grep word"
                                 : "pdftotext -f 2 -layout %s - 2>/dev/null | grep word");
            CHECK(text_count(text, "\n") != 1);
        }
        arena_release(ctx->arena);
    }
}

static void test_many_texts_are_shaped_twice_and_look_the_same(void)
{
    NEEDS("pdftotext", "pdfinfo");
    Ctx *ctx = test_ctx();
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("Ledger"), S("en"));
    paper_rows(ctx, pdf, 1300);
    paper_rows(ctx, pdf, 1000);
    Paper *paper = paper_finish(ctx, pdf);
    Str text = paper_seen_by(paper, "pdftotext -layout %s -");
    CHECK_INT(text_count(text, "first"), 2300);
    CHECK_INT(text_count(text, "thing999"), 2);
    CHECK_INT(text_count(text, "1,250.00"), 2300);
}

// ---- Places -------------------------------------------------------------------------------------

static void test_amounts_are_never_broken_and_end_at_one_edge(void)
{
    NEEDS("pdftotext");
    static const PdfColumn columns[] = { { "Item", 20, PDF_START, PDF_BODY },
                                         { "Amount", 1, PDF_END, PDF_BODY } };
    Ctx *ctx = test_ctx();
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("Amounts"), S("en"));
    pdf_table_begin(pdf, columns, COUNT(columns));
    pdf_table_row(pdf, (Str[]){ S("ship"), S("92,23,37,20,36,85,47,758.07") });
    pdf_table_row(pdf, (Str[]){ S("bolt"), S("1.11") });
    pdf_table_end(pdf);
    pdf_total(pdf, S("Total"), S("92,23,37,20,36,85,47,759.18"), true);
    Paper *paper = paper_finish(ctx, pdf);
    double edge = 595.3 - 14 * 72 / 25.4;
    CHECK(fabs(place_of(paper, ">92,23,37,20,36,85,47,758.07<").right - edge) < 1);
    CHECK(fabs(place_of(paper, ">1.11<").right - edge) < 1);
    CHECK(fabs(place_of(paper, ">92,23,37,20,36,85,47,759.18<").right - edge) < 1);
}

// Poppler's boxes hold one Arabic letter each: the first one of the word is its right end.
static void test_a_right_to_left_document_is_mirrored(void)
{
    NEEDS("pdftotext");
    Ctx *ctx = test_ctx();
    double left = 14 * 72 / 25.4, right = 595.3 - left;
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("Mirrored"), S("ar-EG"));
    paper_rows(ctx, pdf, 1);
    pdf_total(pdf, S("sum"), S("7.00"), true);
    pdf_text(pdf, PDF_BODY, PDF_START, S("فاتورة"));
    Paper *paper = paper_finish(ctx, pdf);
    CHECK(fabs(place_of(paper, ">first000<").right - right) < 1);
    CHECK(fabs(place_of(paper, ">1,250.00<").left - left) < 1);
    CHECK(fabs(place_of(paper, ">7.00<").left - left) < 1);
    CHECK(fabs(place_of(paper, ">ف<").right - right) < 1);

    pdf = pdf_new(ctx, PDF_A4, S("Not mirrored"), S("en"));
    paper_rows(ctx, pdf, 1);
    pdf_text(pdf, PDF_BODY, PDF_START, S("فاتورة"));
    paper = paper_finish(ctx, pdf);
    CHECK(fabs(place_of(paper, ">first000<").left - left) < 1);
    CHECK(fabs(place_of(paper, ">ة<").left - left) < 1);
}

static void test_papers_have_their_sizes(void)
{
    // clang-format off
    static const struct {
        const char *row;
        PdfSize size;
        const char *wanted;
        bool has_footer;
    } rows[] = {
        { "A4",               PDF_A4,            "595.276 x 841.89 pts",  true },
        { "Letter",           PDF_LETTER,        "612 x 792 pts",         true },
        { "label 100 x 150",  PDF_LABEL_100X150, "283.465 x 425.197 pts", false },
        { "label 50 x 25",    PDF_LABEL_50X25,   "141.732 x 70.8661 pts", false },
        { "A4 on its side",   PDF_A4_WIDE,       "841.89 x 595.276 pts",  true },
        { "Letter, too",      PDF_LETTER_WIDE,   "792 x 612 pts",         true },
    };
    // clang-format on
    NEEDS("pdfinfo", "pdftotext");
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Ctx *ctx = test_ctx();
        Pdf *pdf = pdf_new(ctx, rows[i].size, S("Size"), S("en"));
        pdf_text(pdf, PDF_BODY, PDF_START, S("one"));
        pdf_page(pdf);
        pdf_page(pdf);
        pdf_text(pdf, PDF_BODY, PDF_START, S("two"));
        Paper *paper = paper_finish(ctx, pdf);
        CHECK_HOLDS(paper_seen_by(paper, "pdfinfo %s"), rows[i].wanted);
        CHECK_INT(page_count(paper), 2);
        CHECK_INT(page_of(paper, "two"), 2);
        CHECK_INT(text_holds(page_text(paper, 1), "Page 1 of 2"), rows[i].has_footer);
    }
}

// ---- Codes --------------------------------------------------------------------------------------

static void test_codes_scan(void)
{
    NEEDS("pdftoppm", "zbarimg");
    static const char scan[] = "pdftoppm -r 203 -gray %s | zbarimg -q - 2>/dev/null";
    Ctx *ctx = test_ctx();
    Str label = paper_seen_by(paper_finish(ctx, paper_shipping_label(ctx)), scan);
    CHECK_HOLDS(label, "CODE-128:SHP-26-000117\n");
    CHECK_HOLDS(label, "QR-Code:https://example.com/track/SHP-26-000117\n");
    CHECK_STR(paper_seen_by(paper_finish(ctx, paper_bin_label(ctx)), scan),
              "CODE-128:KN-1182-NVY-L26117\n");
    CHECK_HOLDS(paper_seen_by(paper_finish(ctx, paper_invoice(ctx, PDF_A4)), scan),
                "|INV-26-04902|155748.00\n");
}

static void test_bars_leave_their_quiet_zone_free_on_a_label(void)
{
    Ctx *ctx = test_ctx();
    Pdf *pdf = pdf_new(ctx, PDF_LABEL_50X25, S("Bars"), S("en"));
    size_t made = 0;
    for (size_t len = 1; len < 40; len++) {
        Code code = { 0 };
        Str text = str_sub(S("A-BIN-B-BIN-C-BIN-D-BIN-E-BIN-F-BIN-G-BIN"), 0, len);
        if (pdf_code128_make(pdf, text, 47 * MM, &code) != OK)
            continue;
        CHECK(code.module * (double)(code.columns + 20) < 50.01 * MM);
        CHECK(code.module >= 0.17 * MM);
        made++;
    }
    CHECK(made > 10 && made < 30);
}

static void test_a_signed_invoice_fits_a_code(void)
{
    NEEDS("pdftoppm", "zbarimg");
    Ctx *ctx = test_ctx();
    char text[1101];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[i * i % 64];
    text[sizeof text - 1] = '\0';
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("Signed"), S("en"));
    pdf_qr(pdf, str_from(text), 45);
    Str seen = paper_seen_by(paper_finish(ctx, pdf),
                             "pdftoppm -r 300 -gray %s | zbarimg -q --raw - 2>/dev/null");
    CHECK_STR(str_trim(seen), text);
}

// ---- Refusals -----------------------------------------------------------------------------------

typedef enum Wrong {
    TALL_IMAGE,
    TOO_MANY_PAGES,
    LONG_TEXT,
    BANGLA_BARCODE,
    EMPTY_QR,
    LONG_BARCODE,
    LONG_QR,
    NO_PNG,
    WIDE_PNG,
    CUT_PNG,
    WIDE_TABLE,
} Wrong;

static void put_wrong(Ctx *ctx, Pdf *pdf, Wrong what)
{
    PdfColumn columns[PDF_TABLE_COLUMNS_MAX + 1];
    Str png = paper_logo(ctx, 64), cells[COUNT(columns)] = { S("one"), S("two") };
    for (size_t i = 0; i < COUNT(columns); i++)
        columns[i] = paper_columns[0];
    switch (what) {
    case TALL_IMAGE: pdf_code128(pdf, S("TALL"), 280); break;
    case TOO_MANY_PAGES:
        for (int i = 0; i <= PDF_PAGES_MAX; i++) {
            pdf_page(pdf);
            pdf_rule(pdf);
        }
        break;
    case LONG_TEXT:
        pdf_text(pdf, PDF_BODY, PDF_START, paper_words(ctx, PDF_TEXT_MAX / 9 + 1));
        break;
    case BANGLA_BARCODE: pdf_code128(pdf, S("হিসাব"), 10); break;
    case EMPTY_QR: pdf_qr(pdf, S(""), 20); break;
    case LONG_BARCODE:
        pdf_sides_begin(pdf, (double[]){ 1, 2 }, 2);
        pdf_code128(pdf, S("THIS IS FAR TOO LONG FOR A THIRD OF A PAGE"), 10);
        pdf_sides_end(pdf);
        break;
    case LONG_QR: pdf_qr(pdf, paper_words(ctx, 300), 40); break;
    case NO_PNG: pdf_image(pdf, S("GIF89a"), 10, S("x")); break;
    case WIDE_PNG: pdf_image(pdf, paper_logo(ctx, PDF_IMAGE_SIDE_MAX + 1), 10, S("x")); break;
    case CUT_PNG: pdf_image(pdf, str_sub(png, 0, png.len / 2), 10, S("x")); break;
    case WIDE_TABLE:
        pdf_table_begin(pdf, columns, COUNT(columns));
        pdf_table_row(pdf, cells);
        pdf_table_end(pdf);
        break;
    }
}

static void test_what_does_not_fit_is_refused(void)
{
    // clang-format off
    static const struct {
        const char *row;
        Wrong what;
        const char *code;
    } rows[] = {
        { "a block taller than the page",  TALL_IMAGE,     "pdf.too_tall" },
        { "more pages than allowed",       TOO_MANY_PAGES, "pdf.too_long" },
        { "a text longer than allowed",    LONG_TEXT,      "pdf.text_too_long" },
        { "a barcode in another script",   BANGLA_BARCODE, "pdf.code_text" },
        { "a code of nothing",             EMPTY_QR,       "pdf.code_text" },
        { "bars too thin to scan",         LONG_BARCODE,   "pdf.code_too_long" },
        { "squares too small to scan",     LONG_QR,        "pdf.code_too_long" },
        { "an image that is no png",       NO_PNG,         "pdf.image" },
        { "a png one pixel too wide",      WIDE_PNG,       "pdf.image" },
        { "half a png",                    CUT_PNG,        "pdf.image" },
        { "a table of too many columns",   WIDE_TABLE,     "pdf.too_wide" },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Ctx *ctx = test_ctx();
        Pdf *pdf = pdf_new(ctx, PDF_A4, S("Wrong"), S("en"));
        put_wrong(ctx, pdf, rows[i].what);
        pdf_text(pdf, PDF_BODY, PDF_START, S("what comes after does not hide it"));
        Str bytes = S("untouched");
        CHECK_FAILS(ctx, rows[i].code, pdf_finish(pdf, &bytes));
        CHECK_STR(bytes, "untouched");
    }
}

// Language and notes are added to what Cairo writes and to nothing else.
static void test_a_file_of_another_form_is_not_touched(void)
{
    Ctx *ctx = test_ctx();
    Str file = S(""), bytes = S("untouched");
    CHECK_OK(ctx, pdf_finish(paper_receipt(ctx, S("en")), &file));
    const NoteList none = { 0 };
    // clang-format off
    const struct {
        const char *row;
        Str file;
    } rows[] = {
        { "nothing",                          S("") },
        { "something else",                   S("startxref 0 %%EOF") },
        { "a place behind the end",           S("%PDF-1.5\nstartxref\n99999\n%%EOF\n") },
        { "more entries than bytes",          S("xref\n0 9\ntrailer\nstartxref\n0\n%%EOF\n") },
        { "half a file",                      str_sub(file, 0, file.len / 2) },
        { "more table heads than were drawn", file },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK_FAILS(ctx, "pdf.update", pdf_update(ctx, rows[i].file, S("en"), &none, &bytes));
        CHECK_STR(bytes, "untouched");
    }
}

// ---- The same again, elsewhere, and out of memory -----------------------------------------------

static void test_the_same_input_gives_the_same_file(void)
{
    Ctx *ctx = test_ctx();
    Str first = S(""), second = S("");
    CHECK_OK(ctx, pdf_finish(paper_invoice(ctx, PDF_A4), &first));
    CHECK_OK(ctx, pdf_finish(paper_receipt(ctx, S("bn")), &second));
    CHECK_OK(ctx, pdf_finish(paper_invoice(ctx, PDF_A4), &second));
    CHECK(str_eq(first, second));
}

enum { THREADS = 4, EACH_DRAWS = 3 };

typedef struct Drawer {
    pthread_t thread;
    Str wanted;
    int alike;
} Drawer;

static void *draw_elsewhere(void *arg)
{
    Drawer *drawer = arg;
    for (int i = 0; i < EACH_DRAWS; i++) {
        Arena arena = { 0 };
        Ctx ctx = { .arena = &arena, .now = 1772445600000000 };
        Str bytes = S("");
        if (pdf_finish(paper_invoice(&ctx, PDF_A4), &bytes) == OK && str_eq(bytes, drawer->wanted))
            drawer->alike++;
        arena_release(&arena);
    }
    return NULL;
}

static void test_threads_draw_at_once(void)
{
    Ctx *ctx = test_ctx();
    Drawer drawers[THREADS] = { 0 };
    Str wanted = S("");
    CHECK_OK(ctx, pdf_finish(paper_invoice(ctx, PDF_A4), &wanted));
    for (int i = 0; i < THREADS; i++) {
        drawers[i].wanted = wanted;
        CHECK(pthread_create(&drawers[i].thread, NULL, draw_elsewhere, &drawers[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(drawers[i].thread, NULL);
        CHECK_INT(drawers[i].alike, EACH_DRAWS);
    }
}

static Status draw_small(Ctx *ctx, void *arg)
{
    return pdf_finish(paper_receipt(ctx, S("en")), arg);
}

// GLib's own slabs hide its objects from the leak checker, so these are watched one by one.
static void test_what_pango_gave_out_is_given_back(void)
{
    Arena arena = { 0 };
    Ctx ctx = { .arena = &arena, .now = 1772445600000000 };
    Str bytes = S("");
    Pdf *pdf = paper_receipt(&ctx, S("en"));
    CHECK_OK(&ctx, pdf_finish(pdf, &bytes));
    gpointer watched[] = { pdf->context, pdf->shaped.items[0]->layout,
                           list_end(pdf->shaped)[-1]->layout };
    for (size_t i = 0; i < COUNT(watched); i++)
        g_object_add_weak_pointer(watched[i], &watched[i]);
    arena_release(&arena);
    for (size_t i = 0; i < COUNT(watched); i++)
        CHECK(watched[i] == NULL);
}

// The n-th allocation fails, n = 1, 2, 3 ...: each time it comes back as a failure, and whatever
// Pango, Cairo, zint and qrencode gave out is given back (the leak checker looks at the end).
static void test_running_out_of_memory_leaves_nothing_behind(void)
{
    Status status = E_LIMIT;
    int tries = 0;
    for (long n = 1; status != OK && tries < 10000; n++, tries++) {
        Arena arena = { .fail_after = n };
        Ctx ctx = { .arena = &arena, .now = 1772445600000000 };
        Str bytes = S("");
        status = ctx_guard(&ctx, draw_small, &bytes);
        CHECK(status == OK || status == E_LIMIT);
        arena_release(&arena);
    }
    CHECK(status == OK);
    CHECK(tries > 50);
}

// ---- Pictures -----------------------------------------------------------------------------------

// How much two pictures differ: the mean of all pixels' differences, 0 to 255. Infinite when their
// sizes do.
static double picture_difference(cairo_surface_t *a, cairo_surface_t *b)
{
    int width = cairo_image_surface_get_width(a), height = cairo_image_surface_get_height(a);
    if (width == 0 || width != cairo_image_surface_get_width(b) ||
        height != cairo_image_surface_get_height(b))
        return INFINITY;
    int stride = cairo_image_surface_get_stride(a);
    const unsigned char *x = cairo_image_surface_get_data(a), *y = cairo_image_surface_get_data(b);
    int64_t sum = 0;
    for (int row = 0; row < height; row++)
        for (int i = 0; i < width * 4; i++)
            sum += abs(x[row * stride + i] - y[row * stride + i]);
    return (double)sum / ((double)width * height * 4);
}

// Moving the rows of a table by a tenth of a millimetre makes 0.2 to 2.
#define PICTURE_TOLERANCE 0.1

static void check_picture(const Paper *paper, const char *name)
{
    Ctx *ctx = paper->ctx;
    Str golden = str_format(ctx->arena, "%s/tests/golden/%s.png", test_root(), name);
    Str made = str_format(ctx->arena, "%s/%s.png", paper->folder, name);
    Str shoot = str_format(ctx->arena, "pdftoppm -r 60 -png -singlefile %%s " STR_FMT,
                           (int)made.len - 4, made.ptr);
    paper_seen_by(paper, shoot.ptr);
    if (getenv("UPDATE_GOLDEN"))
        paper_seen_by(paper, str_format(ctx->arena, "cp %s %s", made.ptr, golden.ptr).ptr);
    cairo_surface_t *wanted = cairo_image_surface_create_from_png(golden.ptr);
    cairo_surface_t *actual = cairo_image_surface_create_from_png(made.ptr);
    CHECK(picture_difference(wanted, actual) < PICTURE_TOLERANCE);
    cairo_surface_destroy(wanted);
    cairo_surface_destroy(actual);
    unlink(made.ptr);
}

static bool has_package(const char *name, const char *version)
{
    char command[128];
    snprintf(command, sizeof command, "dpkg-query -W -f '${Version}' %s 2>/dev/null | grep -qx %s",
             name, version);
    return system(command) == 0;
}

static void test_pages_look_as_they_did(void)
{
    NEEDS("pdftoppm", "dpkg-query");
    if (!has_package("fonts-noto-core", "20201225-1") ||
        !has_package("fonts-noto-mono", "20201225-1")) {
        test_skip("the pictures were taken with fonts-noto-core and fonts-noto-mono 20201225-1");
        return;
    }
    Ctx *ctx = test_ctx();
    check_picture(paper_finish(ctx, paper_invoice(ctx, PDF_A4)), "pdf-invoice");
    check_picture(paper_finish(ctx, paper_arabic_invoice(ctx)), "pdf-arabic");
    check_picture(paper_finish(ctx, paper_bangla_challan(ctx)), "pdf-bangla");
    check_picture(paper_finish(ctx, paper_shipping_label(ctx)), "pdf-label");
}

const Test pdf_tests[] = {
    { "every script can be read back", test_every_script_can_be_read_back },
    { "arabic can be read back", test_arabic_can_be_read_back },
    { "bytes that are no text do no harm", test_bytes_that_are_no_text_do_no_harm },
    { "structure follows the reading order", test_structure_follows_the_reading_order },
    { "language, title and alternatives are said", test_language_title_and_alternatives_are_said },
    { "only safe addresses become links", test_only_safe_addresses_become_links },
    { "the head of a table repeats and rows stay whole", test_head_repeats_and_rows_stay_whole },
    { "totals and what stands side by side stay whole", test_totals_and_sides_stay_whole },
    { "a heading stays with what follows", test_a_heading_stays_with_what_follows },
    { "a row taller than a page splits and loses nothing",
      test_a_row_taller_than_a_page_splits_and_loses_nothing },
    { "text breaks between lines and leaves none alone",
      test_text_breaks_between_lines_and_leaves_none_alone },
    { "many texts are shaped twice and look the same",
      test_many_texts_are_shaped_twice_and_look_the_same },
    { "amounts are never broken and end at one edge",
      test_amounts_are_never_broken_and_end_at_one_edge },
    { "a right-to-left document is mirrored", test_a_right_to_left_document_is_mirrored },
    { "papers have their sizes", test_papers_have_their_sizes },
    { "codes scan", test_codes_scan },
    { "bars leave their quiet zone free on a label",
      test_bars_leave_their_quiet_zone_free_on_a_label },
    { "a signed invoice fits a code", test_a_signed_invoice_fits_a_code },
    { "what does not fit is refused", test_what_does_not_fit_is_refused },
    { "a file of another form is not touched", test_a_file_of_another_form_is_not_touched },
    { "the same input gives the same file", test_the_same_input_gives_the_same_file },
    { "threads draw at once", test_threads_draw_at_once },
    { "what pango gave out is given back", test_what_pango_gave_out_is_given_back },
    { "running out of memory leaves nothing behind",
      test_running_out_of_memory_leaves_nothing_behind },
    { "pages look as they did", test_pages_look_as_they_did },
    { 0 },
};
