// code.c - barcodes as bars and squares: Code 128 by zint, QR by qrencode. Only their modules are
// taken from the libraries; drawing is ours, as vectors.
//
// A bar is as wide as a whole number of a label printer's dots (203 per inch, 8 per millimetre)
// where the place allows it, because a bar that falls between dots is printed uneven and scans
// badly.
#include "inside.h"

#include <errno.h>
#include <math.h>
#include <qrencode.h>
#include <zint.h>

#define DOT        (MM / 8)
#define MODULE_MAX (3 * DOT)    // 0.375 mm: as wide as hand scanners like it
#define MODULE_MIN (0.17 * MM)  // thinner bars run together in print
#define SQUARE_MIN (0.25 * MM)

enum {
    QUIET_BARS = 10,    // modules free on both sides of a Code 128 (ISO/IEC 15417)
    QUIET_SQUARES = 4,  // around a QR code (ISO/IEC 18004)
    QR_ROBUST_MAX =
        300,  // longer texts (signed invoices) get fewer spare modules, so that squares stay large
    ALT_MAX = 200,  // longer texts are not read out: nobody wants to hear a signature
    CODE128_MAX = 80,
};

static Str alt_text(Pdf *pdf, const char *kind, Str text)
{
    Str name = str_from(ctx_text(pdf->ctx, kind));
    if (text.len > ALT_MAX)
        return name;
    return str_format(pdf->arena, STR_FMT ": " STR_FMT, STR_ARG(name), STR_ARG(text));
}

static Status too_long(Pdf *pdf)
{
    return FAIL(pdf->ctx, E_INVALID, "pdf.code_too_long",
                "the text is too long for a code in this place");
}

// ---- Code 128 -----------------------------------------------------------------------------------

static void bars_free(void *arg)
{
    struct zint_symbol **symbol = arg;
    if (*symbol)
        ZBarcode_Delete(*symbol);
    *symbol = NULL;
}

static bool is_printable_ascii(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] > '~')
            return false;
    return text.len > 0;
}

// The width of one module, or 0 when the bars would be too thin to scan.
static double bar_width(const Pdf *pdf, size_t modules, double width)
{
    double widest = width / (double)modules;
    if (pdf->is_label)  // the label's edge is the edge of the quiet zone
        widest = fmin(widest, pdf->page_width / (double)(modules + 2 * QUIET_BARS));
    if (widest >= 2 * DOT)
        return fmin(floor(widest / DOT) * DOT, MODULE_MAX);
    return widest >= MODULE_MIN ? widest : 0;
}

// Bits of the symbol's only row, one byte each.
static const unsigned char *bars_copy(Arena *arena, const struct zint_symbol *symbol)
{
    size_t modules = (size_t)symbol->width;
    unsigned char *dark = NEW_ARRAY(arena, unsigned char, modules);
    for (size_t i = 0; i < modules; i++)
        dark[i] = symbol->encoded_data[0][i / 8] >> (i % 8) & 1;
    return dark;
}

Status pdf_code128_make(Pdf *pdf, Str text, double width, Code *ret)
{
    if (!is_printable_ascii(text))
        return FAIL(pdf->ctx, E_INVALID, "pdf.code_text",
                    "a barcode holds letters, digits and signs of ascii only");
    if (text.len > CODE128_MAX)
        return too_long(pdf);
    struct zint_symbol **symbol = NEW(pdf->arena, struct zint_symbol *);
    arena_defer(pdf->arena, bars_free, symbol);
    *symbol = ZBarcode_Create();
    if (!*symbol)
        return FAIL(pdf->ctx, E_LIMIT, "memory.limit", "no memory left for a barcode");
    (*symbol)->symbology = BARCODE_CODE128;
    if (ZBarcode_Encode(*symbol, (const unsigned char *)text.ptr, (int)text.len) >= ZINT_ERROR)
        return too_long(pdf);
    size_t modules = (size_t)(*symbol)->width;
    double module = bar_width(pdf, modules, width);
    if (module == 0)
        return too_long(pdf);
    *ret = (Code){ .dark = bars_copy(pdf->arena, *symbol),
                   .columns = modules,
                   .rows = 1,
                   .module = module,
                   .text = { .string = text, .look = LOOK_CODE, .align = PDF_CENTER },
                   .alt = alt_text(pdf, "barcode", text) };
    bars_free(symbol);
    return OK;
}

// ---- QR -----------------------------------------------------------------------------------------

static void qr_free(void *arg)
{
    QRcode **qr = arg;
    if (*qr)
        QRcode_free(*qr);
    *qr = NULL;
}

static const unsigned char *squares_copy(Arena *arena, const QRcode *qr)
{
    size_t count = (size_t)qr->width * (size_t)qr->width;
    unsigned char *dark = NEW_ARRAY(arena, unsigned char, count);
    for (size_t i = 0; i < count; i++)
        dark[i] = qr->data[i] & 1;
    return dark;
}

Status pdf_qr_make(Pdf *pdf, Str text, double size, double width, Code *ret)
{
    const char *string = str_c(pdf->arena, text);
    QRecLevel level = text.len > QR_ROBUST_MAX ? QR_ECLEVEL_L : QR_ECLEVEL_M;
    QRcode **qr = NEW(pdf->arena, QRcode *);
    arena_defer(pdf->arena, qr_free, qr);
    *qr = QRcode_encodeString(string, 0, level, QR_MODE_8, 1);
    if (!*qr && errno == ENOMEM)
        return FAIL(pdf->ctx, E_LIMIT, "memory.limit", "no memory left for a code");
    if (!*qr)
        return text.len ? too_long(pdf)
                        : FAIL(pdf->ctx, E_INVALID, "pdf.code_text", "a code needs a text");
    size_t side = (size_t)(*qr)->width;
    double module = size / (double)side;
    if (size > width || module < SQUARE_MIN)
        return too_long(pdf);
    *ret = (Code){ .dark = squares_copy(pdf->arena, *qr),
                   .columns = side,
                   .rows = side,
                   .module = module,
                   .bars = size,
                   .quiet = QUIET_SQUARES * module,
                   .alt = alt_text(pdf, "QR code", text) };
    qr_free(qr);
    return OK;
}
