// bill.c - supplier bills and debit notes: what we owe, with the tax we may claim back. Lines that
// answer a receipt clear "goods received, not billed"; others go to the account they name, or to
// purchases. Tax that is reversed on us is owed and claimed at once.
#include "modules/billing/inside.h"

#include "kernel/tenant.h"

static Link bill_link(const Bill *bill)
{
    return (Link){ &bill_entity, bill->record.id };
}

static int sign_of(const Bill *bill)
{
    return bill->kind == BILL_KIND_DEBIT_NOTE ? -1 : 1;
}

// ---- Figures ------------------------------------------------------------------------------------

// Taxed as their country taxes what they sell us, so far as our rates know it.
static Status read_where(Ctx *ctx, const Bill *bill, const PartyFacts *supplier, TaxWhere *ret)
{
    *ret = (TaxWhere){ .from_country =
                           supplier->country.len ? supplier->country : ctx->tenant->country,
                       .from_region = supplier->region,
                       .buyer_status = TAX_STATUS_REGULAR,
                       .on = bill->bill_date };
    if (supplier->tax_status == TAX_STATUS_EXEMPT ||
        supplier->tax_status == TAX_STATUS_UNREGISTERED)
        ret->buyer_status = TAX_STATUS_EXEMPT;  // they charge none
    return seller_place(ctx, bill->dimensions.place, &ret->to_country, &ret->to_region);
}

static Status calculate(Ctx *ctx, Bill *bill, const TaxWhere *where)
{
    TaxItem *item = NEW_ARRAY(ctx->arena, TaxItem, bill->lines.len + 1);
    TaxDocument document = { .currency = bill->currency,
                             .is_tax_included = bill->is_tax_included,
                             .items = item,
                             .count = bill->lines.len };
    EACH (line, bill->lines) {
        item->tax_class = line->tax_class;
        TRY(line_amount(ctx, line->quantity, line->price, (Rate){ 0 }, bill->currency,
                        &item->amount));
        item++;
    }
    TRY(tax_apply(ctx, where, &document));
    item = document.items;
    EACH (line, bill->lines) {
        line->net = item->net;
        line->tax = item->tax;
        line->taxes = item->taxes;
        item++;
    }
    return totals_from(ctx, &document, bill->lines.len, &bill->totals);
}

Status bill_before_save(Ctx *ctx, void *record, const void *before)
{
    Bill *bill = record;
    PartyFacts supplier;
    TaxWhere where;
    (void)before;
    if (bill->state != INVOICE_STATE_DRAFT || !bill->supplier)
        return OK;
    TRY(party_facts(ctx, bill->supplier, &supplier));
    if (bill->due_on == 0)
        TRY(party_due_on(ctx, supplier.payment_term, bill->bill_date, &bill->due_on));
    TRY(read_where(ctx, bill, &supplier, &where));
    return calculate(ctx, bill, &where);
}

// ---- Posting ------------------------------------------------------------------------------------

Status bill_may_post(Ctx *ctx, const void *record)
{
    const Bill *bill = record;
    if (bill->lines.len == 0)
        return FAIL(ctx, E_CONFLICT, "billing.empty", "there is nothing on it");
    if (bill->totals.total.minor < 0)
        return FAIL(ctx, E_CONFLICT, "billing.negative_total",
                    "the total is below zero: write a debit note instead");
    return ledger_day_open(ctx, bill->bill_date);
}

static void post_line(Ctx *ctx, const Bill *bill, const BillLine *line, PostingList *postings)
{
    Purpose purpose = line->source.id ? PURPOSE_GOODS_RECEIVED : PURPOSE_PURCHASES;
    post_amount(ctx, purpose, money_signed(line->net, sign_of(bill)), &bill->dimensions, postings);
    Posting *posting = &postings->items[postings->len - 1];
    posting->account = line->account;
    posting->wording = line->name;
    posting->source = (Link){ &bill_line_entity, line->record.id };
}

static Status post_reverse(Ctx *ctx, const Bill *bill, PostingList *postings)
{
    Money owed = { 0 };
    EACH (line, bill->lines)
        EACH (part, line->taxes)
            if (part->is_reverse)
                TRY(money_add(ctx, owed, part->tax, &owed));
    post_amount(ctx, PURPOSE_INPUT_TAX, money_signed(owed, sign_of(bill)), &bill->dimensions,
                postings);
    post_amount(ctx, PURPOSE_TAX_REVERSE, money_signed(owed, -sign_of(bill)), &bill->dimensions,
                postings);
    return OK;
}

static Status postings_of(Ctx *ctx, const Bill *bill, PostingList *ret)
{
    int sign = sign_of(bill);
    TaxSums taxes = { 0 };
    post_amount(ctx, PURPOSE_PAYABLE, money_signed(bill->totals.total, -sign), &bill->dimensions,
                ret);
    ret->items[0].party = bill->supplier;
    ret->items[0].due_on = bill->due_on;
    EACH (line, bill->lines) {
        post_line(ctx, bill, line, ret);
        TRY(tax_sums_add(ctx, &taxes, &line->taxes));
    }
    tax_sums_post(ctx, &taxes, PURPOSE_INPUT_TAX, sign, &bill->dimensions, ret);
    post_amount(ctx, PURPOSE_ROUNDING, money_signed(bill->totals.rounding, sign), &bill->dimensions,
                ret);
    return post_reverse(ctx, bill, ret);
}

static Status write_tax_rows(Ctx *ctx, const Bill *bill)
{
    TaxRows rows = { .document = bill_link(bill),
                     .on = bill->bill_date,
                     .sign = sign_of(bill),
                     .party = bill->supplier,
                     .currency = bill->currency,
                     .fx = bill->fx };
    EACH (line, bill->lines) {
        rows.line = (Link){ &bill_line_entity, line->record.id };
        rows.tax_class = line->tax_class;
        TRY(tax_rows_write(ctx, &rows, &line->taxes));
    }
    return OK;
}

// A debit note takes what it can off the bill it is for.
static Status match_debit_note(Ctx *ctx, const Bill *note)
{
    Id owed, own;
    Money matched;
    Bill bill;
    TRY(item_of(ctx, (Link){ &bill_entity, note->credits }, &owed));
    TRY(item_of(ctx, bill_link(note), &own));
    if (!owed || !own)
        return OK;
    TRY(item_allocate(ctx, own, owed, (Money){ 0 }, note->bill_date, &matched));
    TRY(bill_load(ctx, note->credits, &bill));
    TRY(settled_of(ctx, bill_link(&bill), bill.totals.total, &bill.settled, &bill.settlement));
    return bill_save(ctx, &bill);
}

Status bill_run_post(Ctx *ctx, void *record, const void *input)
{
    Bill *bill = record;
    Id entry;
    (void)input;
    TRY(ledger_fx(ctx, bill->currency, bill->bill_date, &bill->fx));
    EntrySpec spec = { .on = bill->bill_date,
                       .source = bill_link(bill),
                       .wording = bill->their_number,
                       .currency = bill->currency,
                       .fx = bill->fx,
                       .number = bill->number };
    TRY(postings_of(ctx, bill, &spec.postings));
    TRY(ledger_post(ctx, &spec, &entry));
    TRY(write_tax_rows(ctx, bill));
    if (bill->kind == BILL_KIND_DEBIT_NOTE && bill->credits)
        TRY(match_debit_note(ctx, bill));
    return settled_of(ctx, spec.source, bill->totals.total, &bill->settled, &bill->settlement);
}
