// bill.c - what was shipped becomes an invoice: the lines in the customer's own units at the
// order's prices, the charges once, with the first invoice. What came in for the order is matched
// with it at once.
#include "modules/oms/order.h"

#include "modules/billing/billing.h"
#include "modules/payments/payments.h"

#include "kernel/entity/access.h"
#include "kernel/tenant.h"

static Qty line_unbilled(const SalesLine *line)
{
    return (Qty){ line->shipped.micro - line->invoiced.micro };
}

static Purpose purpose_of(Str kind)
{
    if (str_is(kind, "freight"))
        return PURPOSE_FREIGHT_INCOME;
    return str_is(kind, "discount") ? PURPOSE_DISCOUNT_GIVEN : PURPOSE_CHARGE_INCOME;
}

static Status bill_line(Ctx *ctx, SalesLine *line, InvoiceSpec *spec)
{
    VariantFacts facts;
    Qty quantity;
    Unit unit;
    TRY(line_part_in_unit(ctx, line, line->invoiced, line_unbilled(line), &quantity));
    TRY(variant_facts(ctx, line->variant, &facts));
    TRY(unit_load(ctx, line->unit, &unit));
    *list_push(ctx->arena, &spec->lines) =
        (InvoiceLineSpec){ .variant = line->variant,
                           .name = line->name,
                           .unit_code = unit.unit_code,
                           .hsn = facts.hsn,
                           .quantity = quantity,
                           .price = line->price,
                           .discount = line->discount,
                           .tax_class = line->tax_class,
                           .source = { &sales_line_entity, line->record.id } };
    line->invoiced = line->shipped;
    return OK;
}

static Status bill_charge(Ctx *ctx, SalesCharge *charge, InvoiceSpec *spec)
{
    Str kind;
    TRY(choice_code(ctx, charge->kind, &kind));
    *list_push(ctx->arena, &spec->charges) =
        (InvoiceChargeSpec){ .name = charge->charge_fields.name,
                             .amount = charge->charge_fields.amount,
                             .tax_class = charge->charge_fields.tax_class,
                             .purpose = purpose_of(kind) };
    charge->is_invoiced = true;
    return OK;
}

static void take_heads(const SalesOrder *order, Date on, InvoiceSpec *ret)
{
    *ret = (InvoiceSpec){ .kind = INVOICE_KIND_INVOICE,
                          .customer = order->customer,
                          .on = on,
                          .supply_on = on,
                          .currency = order->currency,
                          .is_tax_included = order->is_tax_included,
                          .source = order_link(order),
                          .bill_to = order->bill_to,
                          .ship_to = order->ship_to,
                          .channel = order->channel,
                          .place = order->warehouse,
                          .cost_centre = order->cost_centre,
                          .reference = order->reference };
}

static Status collect(Ctx *ctx, SalesOrder *order, InvoiceSpec *spec)
{
    EACH (line, order->lines)
        if (line_unbilled(line).micro > 0)
            TRY(bill_line(ctx, line, spec));
    if (spec->lines.len == 0)
        return OK;
    EACH (charge, order->charges)
        if (!charge->is_invoiced)
            TRY(bill_charge(ctx, charge, spec));
    return OK;
}

// So that later payments and returns find the invoices of an order by its deliveries.
static Status note_on_deliveries(Ctx *ctx, const SalesOrder *order, Id invoice)
{
    Id id;
    IdList shipped = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT id FROM delivery WHERE sales_order_id = $1"
                                   " AND invoice_id IS NULL AND state IN ('shipped', 'delivered')"
                                   " ORDER BY id",
                                   order->record.id));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &shipped) = id;
    TRY(rows_end(rows));
    EACH (at, shipped) {
        Delivery delivery;
        TRY(delivery_load(ctx, *at, &delivery));
        delivery.invoice = invoice;
        TRY(delivery_save(ctx, &delivery));
    }
    return OK;
}

Status order_bill(Ctx *ctx, SalesOrder *order, Date on, Id *ret_invoice)
{
    InvoiceSpec spec;
    Invoice invoice;
    *ret_invoice = 0;
    take_heads(order, on, &spec);
    TRY(collect(ctx, order, &spec));
    if (spec.lines.len == 0)
        return OK;
    TRY(invoice_create(ctx, &spec, &invoice));
    TRY(action_do(ctx, &invoice_entity, &invoice, "post", NULL));
    TRY(payments_allocate(ctx, order_link(order), invoice.record.id, on));
    order->invoiced.minor += invoice.totals.total.minor;
    *ret_invoice = invoice.record.id;
    return OK;
}

static Status bill_and_note(Ctx *ctx, SalesOrder *order, Date on, Id *ret_invoice)
{
    TRY(order_bill(ctx, order, on, ret_invoice));
    return *ret_invoice ? note_on_deliveries(ctx, order, *ret_invoice) : OK;
}

Status order_invoice(Ctx *ctx, Id id, Date on, Id *ret_invoice)
{
    SalesOrder order;
    TRY(sales_order_load(ctx, id, &order));
    TRY(bill_and_note(ctx, &order, on, ret_invoice));
    return *ret_invoice ? sales_order_save(ctx, &order) : OK;
}

Status order_invoice_run(Ctx *ctx, void *record, const void *input)
{
    Id invoice;
    (void)input;
    TRY(bill_and_note(ctx, record, tenant_today(ctx), &invoice));
    if (!invoice)
        return FAIL(ctx, E_CONFLICT, "oms.nothing_to_invoice",
                    "nothing was shipped that is not invoiced yet");
    action_made(ctx, &invoice_entity, invoice);
    return OK;
}
