// credit.c - credit notes for an invoice. Each line gives back a share of a line of the invoice:
// net and every tax are differences of rounded running totals over all credit notes so far, so that
// notes over parts of a line add up to the line to the minor unit, at the rates of the invoice's
// own day. A discount on the whole invoice follows its lines: who gives back half of the goods
// gives back half of the discount. Never more is given back than was invoiced.
#include "modules/billing/inside.h"

#include "kernel/entity/access.h"

// ---- What has been credited before --------------------------------------------------------------

typedef struct Credited {
    Id line;
    Qty quantity;
} Credited;
typedef LIST(Credited) CreditedList;

static Status read_credited(Ctx *ctx, Id invoice, Id except, CreditedList *ret)
{
    Credited one;
    Rows *rows =
        db_query(ctx, SQL("SELECT l.source_id, CAST(sum(l.quantity) AS BIGINT) FROM invoice i"
                          " JOIN invoice_line l ON l.invoice_id = i.id"
                          " WHERE i.credits_id = $1 AND i.state = 'posted' AND i.id <> $2"
                          " GROUP BY l.source_id",
                          invoice, except));
    *ret = (CreditedList){ 0 };
    while (rows_next(rows, &one.line, &one.quantity))
        *list_push(ctx->arena, ret) = one;
    return rows_end(rows);
}

static Qty *credited_of(Ctx *ctx, CreditedList *list, Id line)
{
    EACH (one, *list)
        if (one->line == line)
            return &one->quantity;
    Credited *added = list_push(ctx->arena, list);
    added->line = line;
    return &added->quantity;
}

static const InvoiceLine *line_with_id(const Invoice *invoice, Id id)
{
    EACH (line, invoice->lines)
        if (line->record.id == id)
            return line;
    return NULL;
}

static const InvoiceCharge *charge_like(const Invoice *invoice, const InvoiceCharge *charge)
{
    EACH (candidate, invoice->charges)
        if (str_eq(candidate->charge_fields.name, charge->charge_fields.name) &&
            candidate->charge_fields.amount.minor == charge->charge_fields.amount.minor)
            return candidate;
    return NULL;
}

// ---- Figures ------------------------------------------------------------------------------------

// Of a line by its quantity, of a discount by the net of the lines.
typedef struct Share {
    int64_t before, after, whole;  // credited before, with this note, and invoiced
} Share;

static Status part_of(Ctx *ctx, Money amount, const Share *share, Money *ret)
{
    Money until, from;
    TRY(money_share(ctx, amount, share->after, share->whole, ROUND_HALF_UP, &until));
    TRY(money_share(ctx, amount, share->before, share->whole, ROUND_HALF_UP, &from));
    return money_sub(ctx, until, from, ret);
}

static Status share_taxes(Ctx *ctx, const TaxPartList *from, const Share *share, TaxPartList *ret,
                          Money *ret_tax)
{
    *ret = (TaxPartList){ 0 };
    *ret_tax = (Money){ 0 };
    EACH (part, *from) {
        TaxPart *given = list_push(ctx->arena, ret);
        *given = *part;
        TRY(part_of(ctx, part->tax, share, &given->tax));
        TRY(part_of(ctx, part->taxable, share, &given->taxable));
        if (!part->is_reverse)
            TRY(money_add(ctx, *ret_tax, given->tax, ret_tax));
    }
    return OK;
}

static Status share_line(Ctx *ctx, const InvoiceLine *from, const Share *share, InvoiceLine *line)
{
    line->price = from->price;
    line->discount = from->discount;
    line->tax_class = from->tax_class;
    TRY(part_of(ctx, from->net, share, &line->net));
    return share_taxes(ctx, &from->taxes, share, &line->taxes, &line->tax);
}

static Status share_lines(Ctx *ctx, const Invoice *invoice, CreditedList *before, Invoice *credit)
{
    for (size_t i = 0; i < credit->lines.len; i++) {
        InvoiceLine *line = &credit->lines.items[i];
        const InvoiceLine *from = line_with_id(invoice, line->source.id);
        if (!from) {
            ctx_problem(ctx, str_format(ctx->arena, "lines[%zu]", i), "billing.credit_line",
                        "this is no line of invoice " STR_FMT, STR_ARG(invoice->number));
            continue;
        }
        Qty *so_far = credited_of(ctx, before, from->record.id);
        Share share = { .before = so_far->micro, .whole = from->quantity.micro };
        TRY(qty_add(ctx, *so_far, line->quantity, so_far));
        share.after = so_far->micro;
        TRY(share_line(ctx, from, &share, line));
    }
    return ctx_problems(ctx);
}

static bool is_discount(const InvoiceCharge *charge)
{
    return charge->charge_fields.amount.minor < 0;
}

// How much of the goods, by their net, has been and is being given back.
static Status share_of_goods(Ctx *ctx, const Invoice *invoice, const Invoice *credit, Share *ret)
{
    *ret = (Share){ .whole = invoice->totals.net.minor };
    TRY(db_one(ctx,
               SQL("SELECT CAST(COALESCE(sum(l.net), 0) AS BIGINT) FROM invoice i"
                   " JOIN invoice_line l ON l.invoice_id = i.id"
                   " WHERE i.credits_id = $1 AND i.state = 'posted' AND i.id <> $2",
                   invoice->record.id, credit->record.id),
               &ret->before));
    ret->after = ret->before;
    EACH (line, credit->lines)
        ret->after += line->net.minor;
    return OK;
}

static InvoiceCharge *discount_on(Ctx *ctx, Invoice *credit, const InvoiceCharge *from)
{
    EACH (charge, credit->charges)
        if (is_discount(charge) && str_eq(charge->charge_fields.name, from->charge_fields.name))
            return charge;
    return list_push(ctx->arena, &credit->charges);
}

static Status share_discounts(Ctx *ctx, const Invoice *invoice, Invoice *credit)
{
    Share share;
    TRY(share_of_goods(ctx, invoice, credit, &share));
    if (share.after == share.before)
        return OK;
    EACH (from, invoice->charges) {
        const ChargeFields *whole = &from->charge_fields;
        if (!is_discount(from))
            continue;
        InvoiceCharge *charge = discount_on(ctx, credit, from);
        ChargeFields *part = &charge->charge_fields;
        part->name = whole->name;
        part->tax_class = whole->tax_class;
        charge->purpose = from->purpose;
        TRY(part_of(ctx, whole->amount, &share, &part->amount));
        TRY(part_of(ctx, whole->net, &share, &part->net));
        TRY(share_taxes(ctx, &whole->taxes, &share, &part->taxes, &part->tax));
    }
    return OK;
}

static Status copy_charges(Ctx *ctx, const Invoice *invoice, Invoice *credit)
{
    for (size_t i = 0; i < credit->charges.len; i++) {
        InvoiceCharge *charge = &credit->charges.items[i];
        const InvoiceCharge *from = charge_like(invoice, charge);
        if (is_discount(charge))
            continue;
        if (from) {
            charge->charge_fields = from->charge_fields;
            charge->purpose = from->purpose;
        } else {
            ctx_problem(ctx, str_format(ctx->arena, "charges[%zu]", i), "billing.credit_charge",
                        "invoice " STR_FMT " has no such charge of this amount",
                        STR_ARG(invoice->number));
        }
    }
    return ctx_problems(ctx);
}

static Status add_up(Ctx *ctx, Invoice *credit)
{
    Totals totals = { 0 };
    EACH (line, credit->lines) {
        TRY(money_add(ctx, totals.net, line->net, &totals.net));
        TRY(money_add(ctx, totals.tax, line->tax, &totals.tax));
    }
    EACH (charge, credit->charges) {
        TRY(money_add(ctx, totals.charges_net, charge->charge_fields.net, &totals.charges_net));
        TRY(money_add(ctx, totals.tax, charge->charge_fields.tax, &totals.tax));
    }
    TRY(money_add(ctx, totals.net, totals.charges_net, &totals.total));
    TRY(money_add(ctx, totals.total, totals.tax, &totals.total));
    credit->totals = totals;
    return OK;
}

// What the invoice's total was rounded by goes back with the note that gives back the last of it.
static Status give_back_rounding(Ctx *ctx, const Invoice *invoice, Invoice *credit)
{
    int64_t exact, rounded;
    TRY(db_one(ctx,
               SQL("SELECT CAST(COALESCE(sum(net + charges_net + tax), 0) AS BIGINT),"
                   " CAST(COALESCE(sum(rounding), 0) AS BIGINT) FROM invoice"
                   " WHERE credits_id = $1 AND state = 'posted' AND id <> $2",
                   invoice->record.id, credit->record.id),
               &exact, &rounded));
    const Totals *t = &invoice->totals;
    if (exact + credit->totals.total.minor != t->net.minor + t->charges_net.minor + t->tax.minor)
        return OK;
    credit->totals.rounding.minor = t->rounding.minor - rounded;
    return money_add(ctx, credit->totals.total, credit->totals.rounding, &credit->totals.total);
}

Status credit_calculate(Ctx *ctx, Invoice *credit)
{
    Invoice invoice;
    CreditedList before;
    TRY(invoice_load(ctx, credit->credits, &invoice));
    if (invoice.state != INVOICE_STATE_POSTED || invoice.kind != INVOICE_KIND_INVOICE)
        return FAIL(ctx, E_CONFLICT, "billing.not_posted", "only a posted invoice can be credited");
    if (!currency_eq(invoice.currency, credit->currency) || invoice.customer != credit->customer)
        return FAIL(ctx, E_INVALID, "billing.credit_other",
                    "the invoice is another customer's or in another currency");
    TRY(read_credited(ctx, invoice.record.id, credit->record.id, &before));
    TRY(share_lines(ctx, &invoice, &before, credit));
    TRY(copy_charges(ctx, &invoice, credit));
    TRY(share_discounts(ctx, &invoice, credit));
    TRY(add_up(ctx, credit));
    return give_back_rounding(ctx, &invoice, credit);
}

// ---- Never more than was invoiced ---------------------------------------------------------------

static Status check_lines(Ctx *ctx, const Invoice *invoice, const Invoice *credit)
{
    CreditedList so_far;
    TRY(read_credited(ctx, invoice->record.id, credit->record.id, &so_far));
    EACH (line, credit->lines) {
        const InvoiceLine *from = line_with_id(invoice, line->source.id);
        Qty *credited = credited_of(ctx, &so_far, line->source.id);
        int64_t left = from ? from->quantity.micro - credited->micro : 0;
        if (line->quantity.micro > left)
            return FAIL(ctx, E_CONFLICT, "billing.over_credit",
                        "of " STR_FMT " only " STR_FMT " can still be credited",
                        STR_ARG(line->name), STR_ARG(decimal_short(ctx->arena, left, 6)));
        TRY(qty_add(ctx, *credited, line->quantity, credited));
    }
    return OK;
}

static Status check_charges(Ctx *ctx, const Invoice *credit)
{
    EACH (charge, credit->charges) {
        int64_t before;
        if (is_discount(charge))
            continue;
        TRY(db_one(ctx,
                   SQL("SELECT count(*) FROM invoice i JOIN invoice_charge c ON c.invoice_id = i.id"
                       " WHERE i.credits_id = $1 AND i.state = 'posted' AND i.id <> $2"
                       " AND c.name = $3 AND c.amount = $4",
                       credit->credits, credit->record.id, charge->charge_fields.name,
                       charge->charge_fields.amount),
                   &before));
        if (before)
            return FAIL(ctx, E_CONFLICT, "billing.charge_credited",
                        "the charge " STR_FMT " was credited already",
                        STR_ARG(charge->charge_fields.name));
    }
    return OK;
}

Status credit_check(Ctx *ctx, const Invoice *credit)
{
    Invoice invoice;
    TRY(invoice_load(ctx, credit->credits, &invoice));
    TRY(check_lines(ctx, &invoice, credit));
    return check_charges(ctx, credit);
}

Status credit_allocate(Ctx *ctx, const Invoice *credit)
{
    Id debit, own;
    Money matched;
    TRY(item_of(ctx, (Link){ &invoice_entity, credit->credits }, &debit));
    TRY(item_of(ctx, (Link){ &invoice_entity, credit->record.id }, &own));
    if (!debit || !own)
        return OK;
    TRY(item_allocate(ctx, debit, own, (Money){ 0 }, credit->invoice_date, &matched));
    return invoice_refresh(ctx, credit->credits);
}

// ---- Writing one --------------------------------------------------------------------------------

static void spec_lines(Ctx *ctx, const Invoice *invoice, const Qty *quantities, InvoiceSpec *spec)
{
    for (size_t i = 0; i < invoice->lines.len; i++) {
        const InvoiceLine *line = &invoice->lines.items[i];
        if (quantities[i].micro == 0)
            continue;
        *list_push(ctx->arena, &spec->lines) =
            (InvoiceLineSpec){ .variant = line->variant,
                               .name = line->name,
                               .unit_code = line->unit_code,
                               .hsn = line->hsn,
                               .quantity = quantities[i],
                               .price = line->price,
                               .discount = line->discount,
                               .tax_class = line->tax_class,
                               .source = { &invoice_line_entity, line->record.id } };
    }
}

static void spec_charges(Ctx *ctx, const Invoice *invoice, InvoiceSpec *spec)
{
    EACH (charge, invoice->charges)
        if (!is_discount(charge))
            *list_push(ctx->arena, &spec->charges) =
                (InvoiceChargeSpec){ .name = charge->charge_fields.name,
                                     .amount = charge->charge_fields.amount,
                                     .tax_class = charge->charge_fields.tax_class,
                                     .purpose = charge->purpose };
}

Status invoice_credit(Ctx *ctx, const Invoice *invoice, const Qty *quantities, bool with_charges,
                      Str reason, Date on, Link source, Invoice *ret)
{
    InvoiceSpec spec = { .kind = INVOICE_KIND_CREDIT_NOTE,
                         .customer = invoice->customer,
                         .credits = invoice->record.id,
                         .on = on,
                         .supply_on =
                             invoice->supply_on ? invoice->supply_on : invoice->invoice_date,
                         .currency = invoice->currency,
                         .is_tax_included = invoice->is_tax_included,
                         .source = source,
                         .bill_to = invoice->bill_to,
                         .ship_to = invoice->ship_to,
                         .channel = invoice->dimensions.channel,
                         .place = invoice->dimensions.place,
                         .cost_centre = invoice->dimensions.cost_centre,
                         .reference = invoice->reference,
                         .reason = reason };
    spec_lines(ctx, invoice, quantities, &spec);
    if (with_charges)
        spec_charges(ctx, invoice, &spec);
    TRY(invoice_create(ctx, &spec, ret));
    return invoice_post(ctx, ret);
}

Status invoice_may_credit(Ctx *ctx, const void *record)
{
    const Invoice *invoice = record;
    return invoice->kind == INVOICE_KIND_INVOICE
             ? OK
             : FAIL(ctx, E_CONFLICT, "billing.is_credit", "this is a credit note itself");
}

// By what is open of it, charges and all: a note is seldom less.
Status credit_needs_approval(Ctx *ctx, const void *record, const void *input, Str *ret_why)
{
    const Invoice *invoice = record;
    Money credited, left;
    (void)input;
    TRY(db_one(ctx,
               SQL("SELECT CAST(COALESCE(sum(total), 0) AS BIGINT) FROM invoice"
                   " WHERE credits_id = $1 AND state = 'posted'",
                   invoice->record.id),
               &credited));
    TRY(money_sub(ctx, invoice->totals.total, credited, &left));
    return ledger_over_limit(ctx, "billing.approve_above",
                             &(LimitQuestion){ .amount = left,
                                               .currency = invoice->currency,
                                               .fx = invoice->fx,
                                               .on = invoice->invoice_date },
                             ret_why);
}

// The action: everything that has not been credited yet.
Status invoice_run_credit(Ctx *ctx, void *record, const void *given)
{
    const Invoice *invoice = record;
    const CreditInput *input = given;
    Invoice credit;
    CreditedList before;
    Qty *left = NEW_ARRAY(ctx->arena, Qty, invoice->lines.len + 1);
    TRY(read_credited(ctx, invoice->record.id, 0, &before));
    for (size_t i = 0; i < invoice->lines.len; i++) {
        const InvoiceLine *line = &invoice->lines.items[i];
        left[i].micro = line->quantity.micro - credited_of(ctx, &before, line->record.id)->micro;
    }
    TRY(invoice_credit(ctx, invoice, left, input->with_charges, input->reason, input->on,
                       (Link){ &invoice_entity, invoice->record.id }, &credit));
    action_made(ctx, &invoice_entity, credit.record.id);
    return invoice_load(ctx, invoice->record.id, record);  // its settlement moved
}
