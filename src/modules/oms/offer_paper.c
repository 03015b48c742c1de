// offer_paper.c - an order on paper: a quotation until it is placed, its confirmation afterwards;
// and the slip that lies in a parcel that comes back.
#include "modules/oms/offer.h"
#include "modules/oms/order.h"

#include "kernel/i18n.h"
#include "kernel/pdf.h"
#include "kernel/tenant.h"
#include "modules/billing/billing.h"
#include "modules/company/company.h"

// ---- Quotation, confirmation --------------------------------------------------------------------

static bool is_offer(const SalesOrder *order)
{
    return order->state == ORDER_STATE_DRAFT || order->state == ORDER_STATE_QUOTED;
}

static Status add_line(Ctx *ctx, const SalesLine *line, Invoice *figures)
{
    Unit unit = { 0 };
    VariantFacts facts;
    TRY(variant_facts(ctx, line->variant, &facts));
    if (line->unit)
        TRY(unit_load(ctx, line->unit, &unit));
    Str name = line->wishes.len ? str_format(ctx->arena, STR_FMT "\n" STR_FMT, STR_ARG(line->name),
                                             STR_ARG(line->wishes))
                                : line->name;
    *(InvoiceLine *)list_push(ctx->arena, &figures->lines) =
        (InvoiceLine){ .name = name,
                       .hsn = facts.hsn,
                       .quantity = line->quantity,
                       .unit_code = unit.unit_code,
                       .price = line->price,
                       .discount = line->discount,
                       .net = line->net,
                       .tax = line->tax,
                       .taxes = line->taxes };
    return OK;
}

static Status figures_of(Ctx *ctx, const SalesOrder *order, Invoice *ret)
{
    *ret = (Invoice){ .number = order->number,
                      .customer = order->customer,
                      .currency = order->currency,
                      .is_tax_included = order->is_tax_included,
                      .invoice_date = order->order_date,
                      .totals = order->totals,
                      .bill_to = order->bill_to,
                      .ship_to = order->ship_to };
    EACH (line, order->lines)
        TRY(add_line(ctx, line, ret));
    EACH (charge, order->charges)
        ((InvoiceCharge *)list_push(ctx->arena, &ret->charges))->charge_fields =
            charge->charge_fields;
    return OK;
}

static void add_fact(Ctx *ctx, SalesPaper *paper, Str label, Str value, bool is_code)
{
    if (value.len)
        *list_push(ctx->arena, &paper->facts) = (PaperFact){ label, value, is_code };
}

Status print_order(Ctx *ctx, const void *record, Str *ret_pdf)
{
    const SalesOrder *order = record;
    Invoice figures;
    bool is_quote = is_offer(order);
    TRY(figures_of(ctx, order, &figures));
    SalesPaper paper = { .kind = is_quote ? tr(ctx, "Quotation") : tr(ctx, "Order confirmation"),
                         .figures = &figures };
    add_fact(ctx, &paper, tr(ctx, "Number"), order->number, true);
    add_fact(ctx, &paper, tr(ctx, "Date"), show_date_long(ctx, order->order_date), false);
    if (is_quote && order->valid_until)
        add_fact(ctx, &paper, tr(ctx, "Valid through"), show_date_long(ctx, order->valid_until),
                 false);
    if (!is_quote && order->promised_on)
        add_fact(ctx, &paper, tr(ctx, "Delivery"), show_date_long(ctx, order->promised_on), false);
    add_fact(ctx, &paper, tr(ctx, "Your reference"), order->reference, false);
    paper.closing = is_quote ? tr(ctx, "This is an offer; it becomes an order when you accept it.")
                             : tr(ctx, "Thank you for your order.");
    return paper_draw(ctx, &paper, ret_pdf);
}

// ---- Coming back --------------------------------------------------------------------------------

static Status return_rows(Ctx *ctx, const Rma *rma, Pdf *pdf)
{
    static const PdfColumn columns[] = {
        { "SKU", 22, PDF_START, PDF_MONO },
        { "Article", 60, PDF_START, PDF_BODY },
        { "Quantity", 18, PDF_END, PDF_BODY },
    };
    pdf_table_begin(pdf, columns, COUNT(columns));
    EACH (line, rma->lines) {
        VariantFacts facts;
        TRY(variant_facts(ctx, line->variant, &facts));
        Str name = line->words.len ? str_format(ctx->arena, STR_FMT "\n" STR_FMT,
                                                STR_ARG(facts.name), STR_ARG(line->words))
                                   : facts.name;
        const Str cells[] = { facts.sku, name, show_qty(ctx, line->quantity, 0) };
        pdf_table_row(pdf, cells);
    }
    pdf_table_end(pdf);
    return OK;
}

Status print_return_slip(Ctx *ctx, const void *record, Str *ret_pdf)
{
    const Rma *rma = record;
    Postal to;
    Str order = S(""), kind = tr(ctx, "Return slip");
    TRY(place_address(ctx, rma->warehouse, &to));
    if (rma->sales_order)
        TRY(record_title(ctx, &sales_order_entity, rma->sales_order, &order));
    Str title = str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(rma->number));
    Pdf *pdf = pdf_new(ctx, PDF_A4, title, paper_language(ctx));
    pdf_head(pdf, ctx->tenant->name, title);
    paper_letterhead(ctx, pdf, kind);
    Str town = str_trim(
        str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(to.postcode), STR_ARG(to.city)));
    const Str lines[] = { tr(ctx, "Send it to"), ctx->tenant->name, to.street, town, to.country };
    pdf_sides_begin(pdf, (double[]){ 1, 1 }, 2);
    pdf_address(pdf, lines, COUNT(lines));
    pdf_sides_next(pdf);
    pdf_fact(pdf, tr(ctx, "Number"), rma->number, PDF_MONO);
    pdf_fact(pdf, tr(ctx, "Date"), show_date_long(ctx, rma->asked_on), PDF_BODY);
    if (order.len)
        pdf_fact(pdf, tr(ctx, "Order"), order, PDF_MONO);
    pdf_sides_end(pdf);
    pdf_space(pdf, 5);
    pdf_code128(pdf, rma->number, 14);
    pdf_space(pdf, 5);
    TRY(return_rows(ctx, rma, pdf));
    pdf_space(pdf, 4);
    pdf_text(pdf, PDF_BODY, PDF_START,
             tr(ctx, "Please put this slip into the parcel, so that we know whose it is."));
    return pdf_finish(pdf, ret_pdf);
}
