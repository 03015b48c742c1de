// label.c - a product's labels, one a variant: its name, and its number as a barcode that scanners
// find it by.
#include "modules/catalog/product.h"

#include "kernel/i18n.h"
#include "kernel/pdf.h"
#include "kernel/tenant.h"

enum { LABELS_MAX = 500 };

Status product_labels(Ctx *ctx, const void *record, Str *ret_pdf)
{
    const Product *product = record;
    Str language = ctx->locale ? ctx->locale->tag : ctx->tenant->language;
    Pdf *pdf = pdf_new(ctx, PDF_LABEL_50X25, product->sku, language);
    size_t made = 0;
    EACH (variant, product->variants) {
        if (!variant->is_active || made == LABELS_MAX)
            continue;
        if (made++)
            pdf_page(pdf);
        pdf_text(pdf, PDF_SMALL, PDF_START, variant->name.len ? variant->name : product->name);
        pdf_code128(pdf, variant->barcode.len ? variant->barcode : variant->sku, 9);
    }
    if (made == 0)
        return FAIL(ctx, E_CONFLICT, "catalog.no_variants", "there is no variant to label");
    return pdf_finish(pdf, ret_pdf);
}
