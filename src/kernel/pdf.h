// pdf.h - paper: PDF drawn with Pango and Cairo, so that Bangla, Hindi and Arabic are shaped rightly, with
// structure tags, document language and alternative texts. Deterministic: the same input gives the
// same text, structure and picture.
//
// A document is a run of blocks; pages break between them, never inside a row, and the head of a table
// is repeated.
#pragma once

#include "kernel/i18n.h"
#include "kernel/tenant.h"

typedef struct Pdf Pdf;

typedef enum PdfSize { PDF_A4, PDF_LETTER, PDF_LABEL_100X150, PDF_LABEL_50X25 } PdfSize;
typedef enum PdfStyle { PDF_BODY, PDF_SMALL, PDF_DIM, PDF_BOLD, PDF_TITLE, PDF_HEADING, PDF_MONO } PdfStyle;
typedef enum PdfAlign { PDF_START, PDF_END, PDF_CENTER } PdfAlign;

typedef struct PdfColumn {
    const char *label;
    double share;  // of the width
    PdfAlign align;
    PdfStyle style;
} PdfColumn;

Pdf *pdf_new(Ctx *ctx, PdfSize size, Str title, Str language);
void pdf_text(Pdf *pdf, PdfStyle style, PdfAlign align, Str text);
void pdf_space(Pdf *pdf, double millimetres);
void pdf_rule(Pdf *pdf);
// Two blocks of lines side by side: addresses, facts.
void pdf_pair(Pdf *pdf, const Str *left, size_t left_count, const Str *right, size_t right_count);
void pdf_table_begin(Pdf *pdf, const PdfColumn *columns, size_t count);
void pdf_table_row(Pdf *pdf, const Str *cells);
void pdf_table_end(Pdf *pdf);
// Label and amount at the right edge; the last one with the ledger's double rule.
void pdf_total(Pdf *pdf, Str label, Str amount, bool is_grand);
void pdf_code128(Pdf *pdf, Str text, double height_mm);
void pdf_qr(Pdf *pdf, Str text, double size_mm);
void pdf_image(Pdf *pdf, Str png, double width_mm, Str alt);
void pdf_footer(Pdf *pdf, Str text);  // repeated, with "page x of y"
MUST_CHECK Status pdf_finish(Pdf *pdf, Str *ret_bytes);

// A paper form of an entity: what Print offers on its page and GET .../{id}/print/NAME answers.
typedef struct PrintForm {
    const EntityDef *entity;
    const char *name, *label;  // "invoice", "Tax invoice"
    const char *permission;
    Status (*draw)(Ctx *ctx, const void *record, Str *ret_pdf);
} PrintForm;
