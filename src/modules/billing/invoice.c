// invoice.c - customer invoices and credit notes, from draft to posted.
//
// A draft's figures are worked out whenever it is saved, so what people see is what will be posted.
// Posting draws the number from a series without holes, in the transaction that writes the entry,
// the tax rows and the open item; afterwards only its settlement changes. A credit note has the
// same positive figures and is posted with the sides exchanged.
#include "modules/billing/inside.h"

#include "kernel/entity/access.h"
#include "kernel/i18n.h"

static Link invoice_link(const Invoice *invoice)
{
    return (Link){ &invoice_entity, invoice->record.id };
}

static int sign_of(const Invoice *invoice)
{
    return invoice->kind == INVOICE_KIND_CREDIT_NOTE ? -1 : 1;
}

// ---- Figures ------------------------------------------------------------------------------------

// A consumer has no tax number to owe tax under, whatever the default says.
static int buyer_status(const PartyFacts *facts)
{
    return facts->is_consumer && facts->tax_status == TAX_STATUS_REGULAR ? TAX_STATUS_UNREGISTERED
                                                                         : (int)facts->tax_status;
}

static Status read_where(Ctx *ctx, const Invoice *invoice, TaxWhere *ret)
{
    PartyFacts facts;
    const Postal *goods_go = invoice->ship_to.country.len ? &invoice->ship_to : &invoice->bill_to;
    TRY(party_facts(ctx, invoice->customer, &facts));
    *ret = (TaxWhere){ .to_country = goods_go->country.len ? goods_go->country : facts.country,
                       .to_region = goods_go->country.len ? goods_go->region : facts.region,
                       .buyer_status = buyer_status(&facts),
                       .on = invoice->supply_on ? invoice->supply_on : invoice->invoice_date };
    return seller_place(ctx, invoice->dimensions.place, &ret->from_country, &ret->from_region);
}

static Status items_of(Ctx *ctx, const Invoice *invoice, TaxDocument *ret)
{
    size_t count = invoice->lines.len + invoice->charges.len;
    TaxItem *item = NEW_ARRAY(ctx->arena, TaxItem, count + 1);
    *ret = (TaxDocument){ .currency = invoice->currency,
                          .is_tax_included = invoice->is_tax_included,
                          .items = item,
                          .count = count };
    EACH (line, invoice->lines) {
        item->tax_class = line->tax_class;
        TRY(line_amount(ctx, line->quantity, line->price, line->discount, invoice->currency,
                        &item->amount));
        item++;
    }
    EACH (charge, invoice->charges)
        *item++ = (TaxItem){ .tax_class = charge->charge_fields.tax_class,
                             .amount = charge->charge_fields.amount };
    return OK;
}

static void take_over(Invoice *invoice, const TaxDocument *document)
{
    const TaxItem *item = document->items;
    EACH (line, invoice->lines) {
        line->net = item->net;
        line->tax = item->tax;
        line->taxes = item->taxes;
        item++;
    }
    EACH (charge, invoice->charges) {
        charge->charge_fields.net = item->net;
        charge->charge_fields.tax = item->tax;
        charge->charge_fields.taxes = item->taxes;
        item++;
    }
}

Status invoice_calculate(Ctx *ctx, Invoice *invoice)
{
    TaxWhere where;
    TaxDocument document;
    TRY(read_where(ctx, invoice, &where));
    invoice->tax_from = tax_place_text(ctx, where.from_country, where.from_region);
    invoice->tax_to = tax_place_text(ctx, where.to_country, where.to_region);
    if (invoice->kind == INVOICE_KIND_CREDIT_NOTE && invoice->credits)
        return credit_calculate(ctx, invoice);
    TRY(items_of(ctx, invoice, &document));
    TRY(tax_apply(ctx, &where, &document));
    take_over(invoice, &document);
    return totals_from(ctx, &document, invoice->lines.len, &invoice->totals);
}

// ---- Drafts -------------------------------------------------------------------------------------

static Status fill_from_customer(Ctx *ctx, Invoice *invoice)
{
    PartyFacts facts;
    TRY(party_facts(ctx, invoice->customer, &facts));
    if (!invoice->bill_to.country.len && !invoice->bill_to.street.len)
        TRY(party_address_find(ctx, invoice->customer, false, &invoice->bill_to));
    if (!invoice->bill_to.recipient.len)
        invoice->bill_to.recipient = facts.name;
    TRY(party_tax_number(ctx, invoice->customer, invoice->bill_to.country,
                         &invoice->customer_tax_id));
    if (!invoice->currency.code[0])
        invoice->currency = facts.currency.code[0] ? facts.currency : ctx->tenant->base;
    return party_due_on(ctx, facts.payment_term, invoice->invoice_date, &invoice->due_on);
}

Status invoice_before_save(Ctx *ctx, void *record, const void *before)
{
    Invoice *invoice = record;
    (void)before;
    if (invoice->state != INVOICE_STATE_DRAFT || !invoice->customer)
        return OK;
    TRY(fill_from_customer(ctx, invoice));
    return invoice_calculate(ctx, invoice);
}

static void add_line(Ctx *ctx, const InvoiceLineSpec *spec, InvoiceLineList *lines)
{
    *list_push(ctx->arena, lines) = (InvoiceLine){ .variant = spec->variant,
                                                   .name = spec->name,
                                                   .source = spec->source,
                                                   .quantity = spec->quantity,
                                                   .unit_code = spec->unit_code,
                                                   .price = spec->price,
                                                   .discount = spec->discount,
                                                   .tax_class = spec->tax_class,
                                                   .hsn = spec->hsn };
}

static void add_charge(Ctx *ctx, const InvoiceChargeSpec *spec, InvoiceChargeList *charges)
{
    *list_push(ctx->arena, charges) = (InvoiceCharge){
        .charge_fields = { .name = spec->name,
                           .amount = spec->amount,
                           .tax_class = spec->tax_class },
        .purpose = spec->purpose ? spec->purpose : PURPOSE_CHARGE_INCOME,
    };
}

Status invoice_create(Ctx *ctx, const InvoiceSpec *spec, Invoice *ret)
{
    Invoice *invoice = invoice_new(ctx);
    invoice->kind = spec->kind ? spec->kind : INVOICE_KIND_INVOICE;
    invoice->customer = spec->customer;
    invoice->credits = spec->credits;
    invoice->invoice_date = spec->on ? spec->on : invoice->invoice_date;
    invoice->supply_on = spec->supply_on;
    invoice->currency = spec->currency;
    invoice->is_tax_included = spec->is_tax_included;
    invoice->source = spec->source;
    invoice->bill_to = spec->bill_to;
    invoice->ship_to = spec->ship_to;
    invoice->dimensions = (Dimensions){ spec->channel, spec->place, spec->cost_centre };
    invoice->reference = spec->reference;
    invoice->reason = spec->reason;
    invoice->note = spec->note;
    EACH (line, spec->lines)
        add_line(ctx, line, &invoice->lines);
    EACH (charge, spec->charges)
        add_charge(ctx, charge, &invoice->charges);
    TRY(invoice_save(ctx, invoice));
    *ret = *invoice;
    return OK;
}

// ---- Posting ------------------------------------------------------------------------------------

Status invoice_may_post(Ctx *ctx, const void *record)
{
    const Invoice *invoice = record;
    if (invoice->lines.len == 0 && invoice->charges.len == 0)
        return FAIL(ctx, E_CONFLICT, "billing.empty", "there is nothing on it");
    if (invoice->totals.total.minor < 0)
        return FAIL(ctx, E_CONFLICT, "billing.negative_total",
                    "the total is below zero: write a credit note instead");
    return ledger_day_open(ctx, invoice->invoice_date);
}

// Sales as one amount: the lines stand on the invoice, which the entry leads to.
static Status postings_of(Ctx *ctx, const Invoice *invoice, PostingList *ret)
{
    int sign = sign_of(invoice);
    const Dimensions *where = &invoice->dimensions;
    TaxSums taxes = { 0 };
    post_amount(ctx, PURPOSE_RECEIVABLE, money_signed(invoice->totals.total, sign), where, ret);
    ret->items[0].party = invoice->customer;
    ret->items[0].due_on = invoice->due_on;
    post_amount(ctx, sign < 0 ? PURPOSE_SALES_RETURNS : PURPOSE_SALES,
                money_signed(invoice->totals.net, -sign), where, ret);
    EACH (line, invoice->lines)
        TRY(tax_sums_add(ctx, &taxes, &line->taxes));
    EACH (charge, invoice->charges) {
        TRY(tax_sums_add(ctx, &taxes, &charge->charge_fields.taxes));
        post_amount(ctx, charge->purpose, money_signed(charge->charge_fields.net, -sign), where,
                    ret);
        ret->items[ret->len - 1].wording = charge->charge_fields.name;
    }
    tax_sums_post(ctx, &taxes, PURPOSE_OUTPUT_TAX, -sign, where, ret);
    post_amount(ctx, PURPOSE_ROUNDING, money_signed(invoice->totals.rounding, -sign), where, ret);
    return OK;
}

static Status write_tax_rows(Ctx *ctx, const Invoice *invoice)
{
    TaxRows rows = { .document = invoice_link(invoice),
                     .on = invoice->invoice_date,
                     .is_sale = true,
                     .sign = sign_of(invoice),
                     .party = invoice->customer,
                     .currency = invoice->currency,
                     .fx = invoice->fx };
    EACH (line, invoice->lines) {
        rows.line = (Link){ &invoice_line_entity, line->record.id };
        rows.tax_class = line->tax_class;
        TRY(tax_rows_write(ctx, &rows, &line->taxes));
    }
    EACH (charge, invoice->charges) {
        rows.line = (Link){ &invoice_charge_entity, charge->record.id };
        rows.tax_class = charge->charge_fields.tax_class;
        TRY(tax_rows_write(ctx, &rows, &charge->charge_fields.taxes));
    }
    return OK;
}

static Status draw_number(Ctx *ctx, Invoice *invoice)
{
    if (invoice->kind != INVOICE_KIND_CREDIT_NOTE)
        return number_draw(ctx, &invoice_entity, "number", invoice->invoice_date, &invoice->number);
    TRY(number_draw(ctx, &invoice_entity, "credit_no", invoice->invoice_date, &invoice->credit_no));
    invoice->number = invoice->credit_no;
    return OK;
}

Status invoice_run_post(Ctx *ctx, void *record, const void *input)
{
    Invoice *invoice = record;
    Id entry;
    (void)input;
    if (invoice->credits) {  // others may have been posted since it was saved
        TRY(credit_check(ctx, invoice));
        TRY(credit_calculate(ctx, invoice));
    }
    TRY(ledger_fx(ctx, invoice->currency, invoice->invoice_date, &invoice->fx));
    TRY(draw_number(ctx, invoice));
    EntrySpec spec = { .on = invoice->invoice_date,
                       .source = invoice_link(invoice),
                       .wording = invoice->bill_to.recipient,
                       .currency = invoice->currency,
                       .fx = invoice->fx,
                       .number = invoice->number };
    TRY(postings_of(ctx, invoice, &spec.postings));
    TRY(ledger_post(ctx, &spec, &entry));
    TRY(write_tax_rows(ctx, invoice));
    if (invoice->credits)
        TRY(credit_allocate(ctx, invoice));
    return settled_of(ctx, spec.source, invoice->totals.total, &invoice->settled,
                      &invoice->settlement);
}

Status invoice_post(Ctx *ctx, Invoice *invoice)
{
    return action_do(ctx, &invoice_entity, invoice, "post", NULL);
}

Status invoice_refresh(Ctx *ctx, Id id)
{
    Invoice invoice;
    Money settled;
    SettleState state;
    TRY(invoice_load(ctx, id, &invoice));
    TRY(settled_of(ctx, invoice_link(&invoice), invoice.totals.total, &settled, &state));
    if (settled.minor == invoice.settled.minor && state == invoice.settlement)
        return OK;
    invoice.settled = settled;
    invoice.settlement = state;
    return invoice_save(ctx, &invoice);
}
