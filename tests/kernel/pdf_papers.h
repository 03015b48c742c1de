// pdf_papers.h - the documents that the tests of paper draw, up to pdf_finish().
#pragma once

#include "kernel/pdf.h"

// A PNG of `width` by 64 pixels: a field with a lighter band, as a logo would have.
Str paper_logo(Ctx *ctx, int width);

Pdf *paper_invoice(Ctx *ctx, PdfSize size);  // the Indian tax invoice of the design
Pdf *paper_receipt(Ctx *ctx, Str language);  // a little of every block there is
Pdf *paper_shipping_label(Ctx *ctx);         // 100 x 150 mm: Code 128 and QR
Pdf *paper_bin_label(Ctx *ctx);              // 50 x 25 mm
Pdf *paper_arabic_invoice(Ctx *ctx);         // mirrored
Pdf *paper_bangla_challan(Ctx *ctx);         // with a line in Marathi

// A table of `count` rows: row 7 holds first007 and below it second007, thing007, and 1,250.00.
enum { PAPER_COLUMNS = 3 };
extern const PdfColumn paper_columns[PAPER_COLUMNS];
void paper_rows(Ctx *ctx, Pdf *pdf, int count);

Str paper_words(Ctx *ctx, int count);  // "word0000 word0001 ..."
