// pdf.h - paper: PDF drawn with Pango and Cairo, so that Bangla, Hindi and Arabic are shaped
// rightly, with structure tags, document language and alternative texts. Deterministic: the same
// input gives the same text, structure and picture.
//
// A document is a run of blocks. Pages break between them, never inside a row, and the head of a
// table is repeated. Everything is said in terms of start and end, so a document in Arabic is
// mirrored without its caller knowing. Texts are copied; lengths are millimetres.
//
// Nothing fails before pdf_finish(): a block that cannot be made is remembered, and its failure
// comes out there. A Pdf is made and finished on one thread (docs/pdf.md says why).
#pragma once

#include "base/ctx.h"

typedef struct EntityDef EntityDef;
typedef struct Pdf Pdf;

enum {
    PDF_PAGES_MAX = 2000,
    PDF_TEXT_MAX = 20000,  // characters of one text
    PDF_TABLE_COLUMNS_MAX = 16,
    PDF_SIDES_MAX = 4,          // columns side by side
    PDF_IMAGE_SIDE_MAX = 2400,  // pixels
};

// Paper has margins of 14 mm, a running head and a footer; labels have neither and centre their
// codes. The wide ones lie on their side.
typedef enum PdfSize {
    PDF_A4,
    PDF_LETTER,
    PDF_LABEL_100X150,
    PDF_LABEL_50X25,
    PDF_A4_WIDE,
    PDF_LETTER_WIDE,
} PdfSize;

// clang-format off
typedef enum PdfStyle {
    PDF_BODY,     // 9.5 points
    PDF_SMALL,    // 8.5 points
    PDF_DIM,      // small and grey: labels, second thoughts
    PDF_BOLD,
    PDF_TITLE,    // the document's kind, once; a heading of the first level
    PDF_HEADING,  // a heading of the second level; stays with what follows
    PDF_MONO,     // document numbers, codes
    PDF_MONO_BOLD,
    PDF_LARGE,    // 12 points, bold: the house's name, an address on a label
} PdfStyle;
// clang-format on

typedef enum PdfAlign { PDF_START, PDF_END, PDF_CENTER } PdfAlign;

typedef struct PdfColumn {
    const char *label;  // English; shown in the caller's language
    double share;  // of the width; a column aligned to its end gets more if its amounts need it
    PdfAlign align;
    PdfStyle style;
} PdfColumn;

// `title` is what a window showing the document is called; `language` a BCP 47 tag ("bn", "es-CO"),
// which also decides the direction of the paper. Lives as long as ctx's arena.
Pdf *pdf_new(Ctx *ctx, PdfSize size, Str title, Str language);

// Repeated on every page but the first, which has a letterhead instead: what it is, and its number.
void pdf_head(Pdf *pdf, Str start, Str end);
void pdf_footer(Pdf *pdf, Str text);  // repeated on every page, with "page x of y"

void pdf_text(Pdf *pdf, PdfStyle style, PdfAlign align, Str text);
void pdf_link(Pdf *pdf, PdfStyle style, Str text, Str address);
void pdf_space(Pdf *pdf, double millimetres);  // nothing at the top of a page
void pdf_rule(Pdf *pdf);
void pdf_page(Pdf *pdf);  // what follows starts on a new page (the next label)

// Up to PDF_SIDES_MAX columns side by side, kept whole on a page: what is added between begin and
// next stands in the first, and so on. Not inside one another, and no tables in them.
void pdf_sides_begin(Pdf *pdf, const double *shares, size_t count);
void pdf_sides_next(Pdf *pdf);
void pdf_sides_end(Pdf *pdf);

// A label ("Bill to"), a name, and what lies below it. Empty lines are left out.
void pdf_address(Pdf *pdf, const Str *lines, size_t count);
// Two of them side by side.
void pdf_pair(Pdf *pdf, const Str *left, size_t left_count, const Str *right, size_t right_count);
// "Date   20 Nov 2026": facts in a row make one block, kept whole.
void pdf_fact(Pdf *pdf, Str label, Str value, PdfStyle style);

// In a cell, what follows a line break stands small and grey below the first line. A row never
// splits, unless it is taller than a page. More columns than PDF_TABLE_COLUMNS_MAX: E_INVALID
// "pdf.too_wide".
void pdf_table_begin(Pdf *pdf, const PdfColumn *columns, size_t count);
void pdf_table_row(Pdf *pdf, const Str *cells);  // as many as there are columns
void pdf_table_end(Pdf *pdf);

// Label and amount at the end edge; the grand one, which is the last, with the ledger's double
// rule. Totals in a row make one block, kept whole.
void pdf_total(Pdf *pdf, Str label, Str amount, bool is_grand);

// Codes as vectors, with their text below (Code 128) or read out (QR). Printable ASCII only in Code
// 128: E_INVALID "pdf.code_text"; what does not fit: "pdf.code_too_long". `size_mm` is without the
// quiet zone, which is kept free below and at the end side.
void pdf_code128(Pdf *pdf, Str text, double height_mm);
void pdf_qr(Pdf *pdf, Str text, double size_mm);

// A PNG of at most PDF_IMAGE_SIDE_MAX pixels a side: E_INVALID "pdf.image". Without `alt` it is
// decoration, which nobody reads out.
void pdf_image(Pdf *pdf, Str png, double width_mm, Str alt);

// Measures, breaks into pages and draws. E_INVALID "pdf.too_tall" (a block that must stay whole is
// taller than a page), "pdf.too_long" (pages), "pdf.text_too_long"; E_INTERNAL "pdf.draw",
// "pdf.update". The bytes live in ctx's arena.
MUST_CHECK Status pdf_finish(Pdf *pdf, Str *ret_bytes);

// A paper form of an entity: what Print offers on its page and GET .../{id}/print/NAME answers.
typedef struct PrintForm {
    const EntityDef *entity;
    const char *name, *label;  // "invoice", "Tax invoice"
    const char *permission;
    Status (*draw)(Ctx *ctx, const void *record, Str *ret_pdf);
} PrintForm;
