// pdf_papers.c - the documents that the tests of paper draw.
#include "pdf_papers.h"

#include "harness.h"

#include <cairo.h>

static cairo_status_t png_take(void *arg, const unsigned char *bytes, unsigned len)
{
    buf_put(arg, (Str){ (const char *)bytes, len });
    return CAIRO_STATUS_SUCCESS;
}

Str paper_logo(Ctx *ctx, int width)
{
    Buf out = { .arena = ctx->arena };
    buf_reserve(&out, 64 * 1024);  // so that the callback has no reason to unwind
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, 64);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 0.07, 0.27, 0.24);
    cairo_paint(cr);
    cairo_set_source_rgb(cr, 0.94, 0.71, 0.27);
    cairo_rectangle(cr, 12, 20, 40, 12);
    cairo_fill(cr);
    cairo_destroy(cr);
    cairo_surface_write_to_png_stream(surface, png_take, &out);
    cairo_surface_destroy(surface);
    return buf_str(&out);
}

static void invoice_letterhead(Ctx *ctx, Pdf *pdf)
{
    pdf_sides_begin(pdf, (double[]){ 4.8, 58, 37.2 }, 3);
    pdf_image(pdf, paper_logo(ctx, 64), 8, S("Northquay"));
    pdf_sides_next(pdf);
    pdf_text(pdf, PDF_LARGE, PDF_START, S("Northquay Goods India Pvt Ltd"));
    pdf_text(pdf, PDF_DIM, PDF_START, S("14 Wharf Road, Pune 411001. GSTIN 27AABCN1234F1Z5"));
    pdf_sides_next(pdf);
    pdf_text(pdf, PDF_TITLE, PDF_END, S("Tax invoice"));
    pdf_text(pdf, PDF_DIM, PDF_END, S("Original for recipient"));
    pdf_sides_end(pdf);
    pdf_space(pdf, 7);
}

static void invoice_parties(Pdf *pdf)
{
    const Str bill[] = { S("Bill to"), S("Deshmukh Retail LLP"), S("7 Laxmi Road, Pune 411030"),
                         S("Maharashtra (27)"), S("GSTIN 27AAFFD9876K1ZP") };
    const Str ship[] = { S("Ship to"), S("Deshmukh Retail, Kothrud"),
                         S("22 Paud Road, Pune 411038"), S("Maharashtra (27)") };
    pdf_sides_begin(pdf, (double[]){ 1, 1, 1 }, 3);
    pdf_address(pdf, bill, COUNT(bill));
    pdf_sides_next(pdf);
    pdf_address(pdf, ship, COUNT(ship));
    pdf_sides_next(pdf);
    pdf_fact(pdf, S("Invoice"), S("INV-26-04902"), PDF_MONO);
    pdf_fact(pdf, S("Date"), S("20 Nov 2026"), PDF_BODY);
    pdf_fact(pdf, S("Order"), S("SO-26-04788"), PDF_MONO);
    pdf_fact(pdf, S("Due"), S("20 Dec 2026"), PDF_BODY);
    pdf_fact(pdf, S("Place of supply"), S("Maharashtra (27)"), PDF_BODY);
    pdf_fact(pdf, S("E-way bill"), S("2814 0098 7731"), PDF_BODY);
    pdf_sides_end(pdf);
    pdf_space(pdf, 7);
}

static void invoice_lines(Pdf *pdf)
{
    // clang-format off
    static const PdfColumn columns[] = {
        { "#",          5,  PDF_START, PDF_BODY },
        { "Item",       32, PDF_START, PDF_MONO_BOLD },
        { "HSN",        13, PDF_START, PDF_BODY },
        { "Qty",        11, PDF_END,   PDF_BODY },
        { "Rate",       13, PDF_END,   PDF_BODY },
        { "GST %",      10, PDF_END,   PDF_BODY },
        { "Amount INR", 16, PDF_END,   PDF_BODY },
    };
    const Str rows[][COUNT(columns)] = {
        { S("1"), S("KN-1182-NVY\nRib-knit polo, navy, S to XL"), S("6105 10"),
          S("60 pcs"), S("920.00"), S("5"), S("55,200.00") },
        { S("2"), S("KN-1182-RST\nRib-knit polo, rust, S to XL"), S("6105 10"),
          S("36 pcs"), S("920.00"), S("5"), S("33,120.00") },
        { S("3"), S("LT-0110\nSlip wallet, saddle tan"), S("4202 31"),
          S("12 pcs"), S("4,450.00"), S("18"), S("53,400.00") },
    };
    // clang-format on
    pdf_table_begin(pdf, columns, COUNT(columns));
    for (size_t i = 0; i < COUNT(rows); i++)
        pdf_table_row(pdf, rows[i]);
    pdf_table_end(pdf);
    pdf_space(pdf, 7);
}

static void invoice_totals(Pdf *pdf)
{
    pdf_sides_begin(pdf, (double[]){ 15, 37, 48 }, 3);
    pdf_qr(pdf, S("IRN 7d1f5e0c9b2a4f6688d3e1a7c04a|27AABCN1234F1Z5|INV-26-04902|155748.00"), 25);
    pdf_sides_next(pdf);
    pdf_text(pdf, PDF_BOLD, PDF_START, S("Signed e-invoice"));
    pdf_text(pdf, PDF_DIM, PDF_START, S("IRN 7d1f…c04a, acknowledged 20 Nov 2026 14:06"));
    pdf_sides_next(pdf);
    pdf_total(pdf, S("Taxable value"), S("1,41,720.00"), false);
    pdf_total(pdf, S("CGST 2.5% + SGST 2.5%"), S("4,416.00"), false);
    pdf_total(pdf, S("CGST 9% + SGST 9%"), S("9,612.00"), false);
    pdf_total(pdf, S("Total INR"), S("1,55,748.00"), true);
    pdf_sides_end(pdf);
    pdf_space(pdf, 5);
    pdf_text(pdf, PDF_DIM, PDF_START, S("Amount in words"));
    pdf_text(
        pdf, PDF_BODY, PDF_START,
        S("Rupees one lakh fifty-five thousand seven hundred and forty-eight only (₹ 1,55,748)"));
    pdf_space(pdf, 4);
    pdf_text(pdf, PDF_DIM, PDF_START, S("Pay to"));
    pdf_text(pdf, PDF_BODY, PDF_START,
             S("Northquay Goods India, account ending 4471. Quote INV-26-04902."));
}

Pdf *paper_invoice(Ctx *ctx, PdfSize size)
{
    Pdf *pdf = pdf_new(ctx, size, S("Tax invoice INV-26-04902"), S("en-IN"));
    pdf_head(pdf, S("Northquay Goods India Pvt Ltd"), S("Tax invoice INV-26-04902"));
    pdf_footer(pdf,
               S("Goods once engraved are not returned unless faulty. Disputes in Pune courts."));
    invoice_letterhead(ctx, pdf);
    invoice_parties(pdf);
    invoice_lines(pdf);
    invoice_totals(pdf);
    return pdf;
}

// ---- A little of everything ---------------------------------------------------------------------

Pdf *paper_receipt(Ctx *ctx, Str language)
{
    static const PdfColumn columns[] = { { "Item", 3, PDF_START, PDF_BODY },
                                         { "Amount", 1, PDF_END, PDF_BODY } };
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("Небольшой счёт ৳ 😀"), language);
    pdf_head(pdf, S("running head"), S("No 7"));
    pdf_footer(pdf, S("foot"));
    pdf_text(pdf, PDF_TITLE, PDF_START, S("Receipt"));
    pdf_text(pdf, PDF_BODY, PDF_START, S("Thank you."));
    pdf_fact(pdf, S("Date"), S("20 Nov 2026"), PDF_BODY);
    pdf_text(pdf, PDF_HEADING, PDF_START, S("What you bought"));
    pdf_table_begin(pdf, columns, COUNT(columns));
    pdf_table_row(pdf, (Str[]){ S("Wallet"), S("12.00") });
    pdf_table_row(pdf, (Str[]){ S("Belt"), S("") });
    pdf_table_end(pdf);
    pdf_total(pdf, S("Total"), S("12.00"), true);
    pdf_qr(pdf, S("https://example.com/7"), 20);
    pdf_image(pdf, paper_logo(ctx, 64), 10, S("The house's sign: \"N\" (৳)"));
    pdf_image(pdf, paper_logo(ctx, 64), 10, S(""));
    pdf_link(pdf, PDF_BODY, S("See it online"), S("https://example.com/a'b\\c)?q=ü d"));
    return pdf;
}

// ---- Labels -------------------------------------------------------------------------------------

Pdf *paper_shipping_label(Ctx *ctx)
{
    Pdf *pdf = pdf_new(ctx, PDF_LABEL_100X150, S("Label SHP-26-000117"), S("en"));
    pdf_text(pdf, PDF_DIM, PDF_START, S("From"));
    pdf_text(pdf, PDF_SMALL, PDF_START, S("Northquay Goods, 14 Wharf Road, Pune 411001"));
    pdf_space(pdf, 2);
    pdf_rule(pdf);
    pdf_space(pdf, 3);
    pdf_text(pdf, PDF_DIM, PDF_START, S("To"));
    pdf_text(pdf, PDF_LARGE, PDF_START,
             S("Deshmukh Retail, Kothrud\n22 Paud Road\nPune 411038, Maharashtra"));
    pdf_space(pdf, 4);
    pdf_rule(pdf);
    pdf_space(pdf, 5);
    pdf_code128(pdf, S("SHP-26-000117"), 24);
    pdf_space(pdf, 5);
    pdf_rule(pdf);
    pdf_space(pdf, 4);
    pdf_sides_begin(pdf, (double[]){ 1, 1 }, 2);
    pdf_fact(pdf, S("Parcel"), S("1 of 2"), PDF_BOLD);
    pdf_fact(pdf, S("Weight"), S("4.250 kg"), PDF_BODY);
    pdf_fact(pdf, S("Order"), S("SO-26-04788"), PDF_MONO);
    pdf_sides_next(pdf);
    pdf_qr(pdf, S("https://example.com/track/SHP-26-000117"), 30);
    pdf_sides_end(pdf);
    return pdf;
}

Pdf *paper_bin_label(Ctx *ctx)
{
    Pdf *pdf = pdf_new(ctx, PDF_LABEL_50X25, S("Bin A-04-17"), S("en"));
    pdf_text(pdf, PDF_BOLD, PDF_CENTER, S("KN-1182-NVY, lot 26-117"));
    pdf_space(pdf, 0.8);
    pdf_code128(pdf, S("KN-1182-NVY-L26117"), 11);
    return pdf;
}

// ---- Other scripts ------------------------------------------------------------------------------

Pdf *paper_arabic_invoice(Ctx *ctx)
{
    static const PdfColumn columns[] = { { "الصنف", 5, PDF_START, PDF_BODY },
                                         { "الكمية", 2, PDF_END, PDF_BODY },
                                         { "المبلغ", 2, PDF_END, PDF_BODY } };
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("فاتورة ضريبية INV-26-04903"), S("ar"));
    pdf_footer(pdf, S("شكرا لتعاملكم معنا"));
    pdf_sides_begin(pdf, (double[]){ 3, 2 }, 2);
    pdf_text(pdf, PDF_LARGE, PDF_START, S("شركة الميناء الشمالي للتجارة"));
    pdf_text(pdf, PDF_DIM, PDF_START, S("١٤ شارع الميناء، دبي"));
    pdf_sides_next(pdf);
    pdf_text(pdf, PDF_TITLE, PDF_END, S("فاتورة ضريبية"));
    pdf_sides_end(pdf);
    pdf_space(pdf, 7);
    pdf_sides_begin(pdf, (double[]){ 3, 2 }, 2);
    pdf_address(pdf, (Str[]){ S("إلى"), S("متجر النخيل"), S("شارع الشيخ زايد") }, 3);
    pdf_sides_next(pdf);
    pdf_fact(pdf, S("رقم الفاتورة"), S("INV-26-04903"), PDF_MONO);
    pdf_fact(pdf, S("التاريخ"), S("٢٠ نوفمبر ٢٠٢٦"), PDF_BODY);
    pdf_sides_end(pdf);
    pdf_space(pdf, 7);
    pdf_table_begin(pdf, columns, COUNT(columns));
    pdf_table_row(pdf,
                  (Str[]){ S("محفظة جلدية\nSlip wallet, saddle tan"), S("12"), S("4,450.00") });
    pdf_table_row(pdf, (Str[]){ S("حزام"), S("3"), S("920.00") });
    pdf_table_end(pdf);
    pdf_space(pdf, 5);
    pdf_total(pdf, S("المجموع الفرعي"), S("5,370.00"), false);
    pdf_total(pdf, S("الإجمالي"), S("5,638.50"), true);
    return pdf;
}

Pdf *paper_bangla_challan(Ctx *ctx)
{
    static const PdfColumn columns[] = { { "পণ্য", 5, PDF_START, PDF_BODY },
                                         { "পরিমাণ", 2, PDF_END, PDF_BODY },
                                         { "মূল্য", 2, PDF_END, PDF_BODY } };
    Pdf *pdf = pdf_new(ctx, PDF_A4, S("চালান"), S("bn"));
    pdf_text(pdf, PDF_TITLE, PDF_START, S("চালানপত্র"));
    pdf_text(pdf, PDF_DIM, PDF_START, S("শ্রীমতী চট্টোপাধ্যায়, ঢাকা ১২০৭"));
    pdf_space(pdf, 6);
    pdf_table_begin(pdf, columns, COUNT(columns));
    pdf_table_row(
        // clang-format off
        pdf, (Str[]){ S("চামড়ার স্যান্ডেল\nKN-1182, मराठी चप्पल"), S("৬০ জোড়া"), S("৳ ১২,৫০০.০০") });
    // clang-format on
    pdf_table_end(pdf);
    pdf_space(pdf, 5);
    pdf_total(pdf, S("সর্বমোট"), S("৳ ১২,৫০০.০০"), true);
    return pdf;
}

// ---- Pieces -------------------------------------------------------------------------------------

const PdfColumn paper_columns[PAPER_COLUMNS] = { { "Place", 1, PDF_START, PDF_MONO },
                                                 { "What lies there", 3, PDF_START, PDF_BODY },
                                                 { "Amount", 1, PDF_END, PDF_BODY } };

void paper_rows(Ctx *ctx, Pdf *pdf, int count)
{
    pdf_table_begin(pdf, paper_columns, PAPER_COLUMNS);
    for (int i = 0; i < count; i++) {
        Str cells[] = { str_format(ctx->arena, "first%03d\nsecond%03d", i, i),
                        str_format(ctx->arena, "thing%03d", i), S("1,250.00") };
        pdf_table_row(pdf, cells);
    }
    pdf_table_end(pdf);
}

Str paper_words(Ctx *ctx, int count)
{
    Buf out = { .arena = ctx->arena };
    for (int i = 0; i < count; i++)
        buf_printf(&out, "%sword%04d", i ? " " : "", i);
    return buf_str(&out);
}
