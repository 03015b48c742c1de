// print.c - papers of the warehouse: the pick list in the order a picker walks, and the packing
// slip that lies in the parcel. Both carry their number as a barcode, so that a scanner finds the
// document.
#include "modules/oms/offer.h"
#include "modules/oms/order.h"

#include "kernel/i18n.h"
#include "kernel/pdf.h"
#include "kernel/tenant.h"
#include "modules/billing/billing.h"

static Str quantity_text(Ctx *ctx, Qty quantity)
{
    return decimal_short(ctx->arena, quantity.micro, 6);
}

// In a cell: the article, and small below it what was asked for of this piece.
static Str with_below(Ctx *ctx, Str name, Str below)
{
    return below.len ? str_format(ctx->arena, STR_FMT "\n" STR_FMT, STR_ARG(name), STR_ARG(below))
                     : name;
}

static Pdf *paper(Ctx *ctx, Str kind, Str number)
{
    Str title = str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(number));
    Pdf *pdf = pdf_new(ctx, PDF_A4, title, paper_language(ctx));
    pdf_head(pdf, kind, number);
    pdf_text(pdf, PDF_LARGE, PDF_START, ctx->tenant->name);
    pdf_text(pdf, PDF_TITLE, PDF_START, title);
    pdf_code128(pdf, number, 12);
    return pdf;
}

// ---- Packing slip -------------------------------------------------------------------------------

static const PdfColumn slip_columns[] = {
    { "SKU", 22, PDF_START, PDF_MONO },
    { "Article", 60, PDF_START, PDF_BODY },
    { "Quantity", 18, PDF_END, PDF_BODY },
};

static Status slip_rows(Ctx *ctx, const Delivery *delivery, Pdf *pdf)
{
    bool is_picked = delivery->state != GOODS_STATE_PLANNED;
    pdf_table_begin(pdf, slip_columns, COUNT(slip_columns));
    EACH (line, delivery->lines) {
        SalesLine ordered;
        Qty quantity = is_picked ? line->picked : line->quantity;
        TRY(sales_line_load(ctx, line->order_line, &ordered));
        Str cells[] = { ordered.sku, with_below(ctx, ordered.name, ordered.wishes),
                        quantity_text(ctx, quantity) };
        pdf_table_row(pdf, cells);
    }
    pdf_table_end(pdf);
    return OK;
}

Status print_packing_slip(Ctx *ctx, const void *record, Str *ret_pdf)
{
    const Delivery *delivery = record;
    const Postal *to = &delivery->ship_to;
    SalesOrder order;
    TRY(sales_order_load(ctx, delivery->sales_order, &order));
    Pdf *pdf = paper(ctx, tr(ctx, "Packing slip"), delivery->number);
    Str lines[] = { tr(ctx, "Ship to"), to->recipient, to->street, to->street2,
                    to->postcode,       to->city,      to->region, to->country };
    pdf_address(pdf, lines, COUNT(lines));
    pdf_fact(pdf, tr(ctx, "Order"), order.number, PDF_MONO);
    if (order.reference.len)
        pdf_fact(pdf, tr(ctx, "Your order"), order.reference, PDF_BODY);
    if (delivery->shipped_on)
        pdf_fact(pdf, tr(ctx, "Shipped on"), show_date_long(ctx, delivery->shipped_on), PDF_BODY);
    if (delivery->tracking.len)
        pdf_fact(pdf, tr(ctx, "Tracking number"), delivery->tracking, PDF_MONO);
    pdf_space(pdf, 4);
    TRY(slip_rows(ctx, delivery, pdf));
    return pdf_finish(pdf, ret_pdf);
}

// ---- Picking ------------------------------------------------------------------------------------

static const PdfColumn pick_columns[] = {
    { "Place", 20, PDF_START, PDF_MONO_BOLD }, { "SKU", 20, PDF_START, PDF_MONO },
    { "Article", 34, PDF_START, PDF_BODY },    { "Quantity", 12, PDF_END, PDF_BOLD },
    { "For", 14, PDF_START, PDF_MONO },
};

static Status pick_rows(Ctx *ctx, Query query, Pdf *pdf)
{
    Str place, sku, name, wishes, lot, number;
    Qty quantity;
    Rows *rows = db_query(ctx, query);
    pdf_table_begin(pdf, pick_columns, COUNT(pick_columns));
    while (rows_next(rows, &place, &sku, &name, &wishes, &lot, &quantity, &number)) {
        name = with_below(ctx, with_below(ctx, name, wishes), lot);
        Str cells[] = { place, sku, name, quantity_text(ctx, quantity), number };
        pdf_table_row(pdf, cells);
    }
    pdf_table_end(pdf);
    return rows_end(rows);
}

#define PICKS                                                                                      \
    "SELECT b.place_code, o.sku, o.name, o.wishes, coalesce(t.number, ''), p.quantity,"            \
    " d.number"                                                                                    \
    " FROM delivery_pick p JOIN delivery d ON d.id = p.delivery_id"                                \
    " JOIN delivery_line l ON l.id = p.line_id JOIN sales_line o ON o.id = l.order_line_id"        \
    " JOIN place b ON b.id = p.bin_id LEFT JOIN lot t ON t.id = p.lot_id"
#define WALK " ORDER BY b.pick_rank, b.path, o.sku, d.number"

Status print_pick_list(Ctx *ctx, const void *record, Str *ret_pdf)
{
    const PickList *list = record;
    Pdf *pdf = paper(ctx, tr(ctx, "Pick list"), list->number);
    TRY(pick_rows(ctx, SQL(PICKS " WHERE d.pick_list_id = $1" WALK, list->record.id), pdf));
    return pdf_finish(pdf, ret_pdf);
}

Status print_delivery_picks(Ctx *ctx, const void *record, Str *ret_pdf)
{
    const Delivery *delivery = record;
    Pdf *pdf = paper(ctx, tr(ctx, "Pick list"), delivery->number);
    TRY(pick_rows(ctx, SQL(PICKS " WHERE d.id = $1" WALK, delivery->record.id), pdf));
    return pdf_finish(pdf, ret_pdf);
}
