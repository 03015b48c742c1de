// paper.c - a document of sale on paper, in the language it is for: who to whom, what, the taxes by
// rate as tax offices want to see them, and what is to be paid. Invoices and credit notes are drawn
// here; quotations and confirmations by whoever has them, as the same paper with other facts.
#include "kernel/pdf.h"

#include "base/buf.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "modules/billing/inside.h"

static bool is_credit(const Invoice *invoice)
{
    return invoice->kind == INVOICE_KIND_CREDIT_NOTE;
}

static Str kind_title(const Ctx *ctx, const Invoice *invoice)
{
    if (invoice->state == INVOICE_STATE_DRAFT)
        return is_credit(invoice) ? tr(ctx, "Credit note, draft") : tr(ctx, "Invoice, draft");
    return is_credit(invoice) ? tr(ctx, "Credit note") : tr(ctx, "Invoice");
}

// ---- Head ---------------------------------------------------------------------------------------

void paper_letterhead(Ctx *ctx, Pdf *pdf, Str kind)
{
    Str address = setting_text(ctx, "billing.address"), line;
    Str tax_number = setting_text(ctx, "billing.tax_number");
    pdf_sides_begin(pdf, (double[]){ 50, 50 }, 2);
    pdf_text(pdf, PDF_LARGE, PDF_START, ctx->tenant->name);
    while (str_next(&address, ';', &line))
        pdf_text(pdf, PDF_DIM, PDF_START, str_trim(line));
    if (tax_number.len)
        pdf_text(pdf, PDF_DIM, PDF_START,
                 tr_format(ctx, "Tax number %s", str_c(ctx->arena, tax_number)));
    pdf_sides_next(pdf);
    pdf_text(pdf, PDF_TITLE, PDF_END, kind);
    pdf_sides_end(pdf);
    pdf_space(pdf, 7);
}

Str paper_language(const Ctx *ctx)
{
    return ctx->locale ? ctx->locale->tag : S("en");
}

static void address(Ctx *ctx, Pdf *pdf, Str label, const Postal *to, Str tax_number)
{
    Str town = str_trim(
        str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(to->postcode), STR_ARG(to->city)));
    Str tax =
        tax_number.len ? tr_format(ctx, "Tax number %s", str_c(ctx->arena, tax_number)) : S("");
    const Str lines[] = { label, to->recipient, to->street,  to->street2,
                          town,  to->region,    to->country, tax };
    pdf_address(pdf, lines, COUNT(lines));
}

static Status facts(Ctx *ctx, Pdf *pdf, const Invoice *invoice)
{
    Str credited = S("");
    if (invoice->credits)
        TRY(record_title(ctx, &invoice_entity, invoice->credits, &credited));
    pdf_fact(pdf, tr(ctx, "Number"), invoice->number, PDF_MONO);
    pdf_fact(pdf, tr(ctx, "Date"), show_date_long(ctx, invoice->invoice_date), PDF_BODY);
    if (invoice->supply_on && invoice->supply_on != invoice->invoice_date)
        pdf_fact(pdf, tr(ctx, "Date of supply"), show_date_long(ctx, invoice->supply_on), PDF_BODY);
    if (!is_credit(invoice))
        pdf_fact(pdf, tr(ctx, "Due"), show_date_long(ctx, invoice->due_on), PDF_BODY);
    if (credited.len)
        pdf_fact(pdf, tr(ctx, "For invoice"), credited, PDF_MONO);
    if (invoice->reference.len)
        pdf_fact(pdf, tr(ctx, "Your reference"), invoice->reference, PDF_BODY);
    pdf_fact(pdf, tr(ctx, "Place of supply"), invoice->tax_to, PDF_BODY);
    return OK;
}

static Status parties(Ctx *ctx, Pdf *pdf, const SalesPaper *paper)
{
    const Invoice *invoice = paper->figures;
    pdf_sides_begin(pdf, (double[]){ 1, 1, 1 }, 3);
    address(ctx, pdf, tr(ctx, "Bill to"), &invoice->bill_to, invoice->customer_tax_id);
    pdf_sides_next(pdf);
    if (invoice->ship_to.country.len)
        address(ctx, pdf, tr(ctx, "Ship to"), &invoice->ship_to, S(""));
    pdf_sides_next(pdf);
    if (paper->facts.len == 0)
        TRY(facts(ctx, pdf, invoice));
    EACH (fact, paper->facts)
        pdf_fact(pdf, fact->label, fact->value, fact->is_code ? PDF_MONO : PDF_BODY);
    pdf_sides_end(pdf);
    pdf_space(pdf, 7);
    return OK;
}

// ---- Lines --------------------------------------------------------------------------------------

// "18%" or "9% + 9%"; "" where nothing is taxed.
static Str rates_text(Ctx *ctx, const TaxPartList *taxes)
{
    Buf out = { .arena = ctx->arena };
    EACH (part, *taxes) {
        buf_c(&out, out.len ? " + " : "");
        buf_put(&out, show_percent(ctx, part->rate));
    }
    return buf_str(&out);
}

static void line_row(Ctx *ctx, Pdf *pdf, const Invoice *invoice, const InvoiceLine *line)
{
    CurrencyCode currency = invoice->currency;
    Str name = line->hsn.len ? str_format(ctx->arena, STR_FMT "\nHSN " STR_FMT, STR_ARG(line->name),
                                          STR_ARG(line->hsn))
                             : line->name;
    Str quantity = str_format(ctx->arena, STR_FMT " " STR_FMT,
                              STR_ARG(show_qty(ctx, line->quantity, 0)), STR_ARG(line->unit_code));
    Str price = show_price(ctx, line->price, currency);
    if (line->discount.micro)
        price = str_format(ctx->arena, STR_FMT "\n\u2212" STR_FMT, STR_ARG(price),
                           STR_ARG(show_percent(ctx, line->discount)));
    const Str cells[] = { name, str_trim(quantity), price, rates_text(ctx, &line->taxes),
                          show_money(ctx, line->net, currency) };
    pdf_table_row(pdf, cells);
}

static void lines(Ctx *ctx, Pdf *pdf, const Invoice *invoice)
{
    // clang-format off
    static const PdfColumn columns[] = {
        { "Item",     44, PDF_START, PDF_BODY },
        { "Quantity", 14, PDF_END,   PDF_BODY },
        { "Price",    14, PDF_END,   PDF_BODY },
        { "Tax",      12, PDF_END,   PDF_BODY },
        { "Amount",   16, PDF_END,   PDF_BODY },
    };
    // clang-format on
    pdf_table_begin(pdf, columns, COUNT(columns));
    EACH (line, invoice->lines)
        line_row(ctx, pdf, invoice, line);
    EACH (charge, invoice->charges) {
        const ChargeFields *c = &charge->charge_fields;
        const Str cells[] = { c->name, S(""), S(""), rates_text(ctx, &c->taxes),
                              show_money(ctx, c->net, invoice->currency) };
        pdf_table_row(pdf, cells);
    }
    pdf_table_end(pdf);
}

// ---- Taxes and totals ---------------------------------------------------------------------------

typedef LIST(TaxPart) PartSums;

static Status add_parts(Ctx *ctx, const TaxPartList *taxes, PartSums *sums)
{
    EACH (part, *taxes) {
        TaxPart *same = NULL;
        EACH (sum, *sums)
            if (sum->component == part->component && sum->rate.micro == part->rate.micro &&
                sum->is_reverse == part->is_reverse)
                same = sum;
        if (same) {
            TRY(money_add(ctx, same->tax, part->tax, &same->tax));
            TRY(money_add(ctx, same->taxable, part->taxable, &same->taxable));
        } else {
            *list_push(ctx->arena, sums) = *part;
        }
    }
    return OK;
}

static void tax_total(Ctx *ctx, Pdf *pdf, const Invoice *invoice, const TaxPart *sum)
{
    const char *component = ctx_text(ctx, tax_component_enum.values[sum->component].label);
    Str rate = show_percent(ctx, sum->rate), on = show_money(ctx, sum->taxable, invoice->currency);
    if (sum->is_reverse)
        pdf_total(pdf, tr_format(ctx, "%s %s on %s, owed by you", component, rate.ptr, on.ptr),
                  show_money(ctx, (Money){ 0 }, invoice->currency), false);
    else
        pdf_total(pdf, tr_format(ctx, "%s %s on %s", component, rate.ptr, on.ptr),
                  show_money(ctx, sum->tax, invoice->currency), false);
}

static Status totals(Ctx *ctx, Pdf *pdf, const Invoice *invoice)
{
    PartSums sums = { 0 };
    const Totals *t = &invoice->totals;
    Money net;
    TRY(money_add(ctx, t->net, t->charges_net, &net));
    EACH (line, invoice->lines)
        TRY(add_parts(ctx, &line->taxes, &sums));
    EACH (charge, invoice->charges)
        TRY(add_parts(ctx, &charge->charge_fields.taxes, &sums));
    pdf_space(pdf, 3);
    pdf_total(pdf, tr(ctx, "Net"), show_money(ctx, net, invoice->currency), false);
    EACH (sum, sums)
        tax_total(ctx, pdf, invoice, sum);
    if (t->rounding.minor)
        pdf_total(pdf, tr(ctx, "Rounding"), show_money(ctx, t->rounding, invoice->currency), false);
    pdf_total(pdf, tr_format(ctx, "Total %s", invoice->currency.code),
              show_money(ctx, t->total, invoice->currency), true);
    return OK;
}

// What a tax office wants said where a tax is not charged: the reasons, each once.
static void reasons(Ctx *ctx, Pdf *pdf, const Invoice *invoice)
{
    LIST(Str) said = { 0 };
    EACH (line, invoice->lines)
        EACH (part, line->taxes) {
            bool known = part->tax.minor != 0 && !part->is_reverse;
            EACH (one, said)
                known |= str_eq(*one, part->why);
            if (known || part->why.len == 0)
                continue;
            *list_push(ctx->arena, &said) = part->why;
            pdf_text(pdf, PDF_SMALL, PDF_START, part->why);
        }
}

Status paper_draw(Ctx *ctx, const SalesPaper *paper, Str *ret_pdf)
{
    const Invoice *invoice = paper->figures;
    Str title = str_trim(str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(paper->kind),
                                    STR_ARG(invoice->number)));
    Pdf *pdf = pdf_new(ctx, PDF_A4, title, paper_language(ctx));
    pdf_head(pdf, ctx->tenant->name, title);
    pdf_footer(pdf, setting_text(ctx, "billing.footer"));
    paper_letterhead(ctx, pdf, paper->kind);
    TRY(parties(ctx, pdf, paper));
    lines(ctx, pdf, invoice);
    TRY(totals(ctx, pdf, invoice));
    pdf_space(pdf, 5);
    reasons(ctx, pdf, invoice);
    if (invoice->reason.len)
        pdf_text(pdf, PDF_BODY, PDF_START,
                 tr_format(ctx, "Reason: %s", str_c(ctx->arena, invoice->reason)));
    if (invoice->note.len)
        pdf_text(pdf, PDF_BODY, PDF_START, invoice->note);
    if (paper->closing.len)
        pdf_text(pdf, PDF_BODY, PDF_START, paper->closing);
    return pdf_finish(pdf, ret_pdf);
}

Status invoice_draw(Ctx *ctx, const void *record, Str *ret_pdf)
{
    const Invoice *invoice = record;
    return paper_draw(ctx, &(SalesPaper){ .kind = kind_title(ctx, invoice), .figures = invoice },
                      ret_pdf);
}
