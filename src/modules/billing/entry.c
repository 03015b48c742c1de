// entry.c - what invoices and supplier bills have in common when they are posted: taxes as postings
// and as rows for tax returns, and how far a document has been settled.
#include "modules/billing/inside.h"

#include "kernel/tenant.h"

Money money_signed(Money amount, int sign)
{
    return sign < 0 ? money_neg(amount) : amount;
}

void post_amount(Ctx *ctx, Purpose purpose, Money amount, const Dimensions *where,
                 PostingList *postings)
{
    *list_push(ctx->arena, postings) = (Posting){ .purpose = purpose,
                                                  .amount = amount,
                                                  .channel = where->channel,
                                                  .place = where->place,
                                                  .cost_centre = where->cost_centre };
}

// ---- Taxes --------------------------------------------------------------------------------------

Status tax_sums_add(Ctx *ctx, TaxSums *sums, const TaxPartList *taxes)
{
    EACH (part, *taxes)
        if (!part->is_reverse)
            TRY(money_add(ctx, sums->by[part->component], part->tax, &sums->by[part->component]));
    return OK;
}

void tax_sums_post(Ctx *ctx, const TaxSums *sums, Purpose purpose, int sign,
                   const Dimensions *where, PostingList *postings)
{
    for (size_t i = 1; i < COUNT(sums->by); i++) {
        post_amount(ctx, purpose, money_signed(sums->by[i], sign), where, postings);
        postings->items[postings->len - 1].kind_code = str_from(tax_component_enum.values[i].name);
    }
}

static Status to_base(Ctx *ctx, const TaxRows *rows, Money amount, Money *ret)
{
    return money_convert(ctx, amount, rows->currency, ctx->tenant->base, rows->fx, ret);
}

Status tax_rows_write(Ctx *ctx, const TaxRows *rows, const TaxPartList *taxes)
{
    EACH (part, *taxes) {
        TaxLine row = { .document = rows->document,
                        .line = rows->line,
                        .tax_date = rows->on,
                        .is_sale = rows->is_sale,
                        .party = rows->party,
                        .tax_class = rows->tax_class,
                        .component = part->component,
                        .place = part->place,
                        .rate = part->rate,
                        .currency = rows->currency,
                        .taxable = money_signed(part->taxable, rows->sign),
                        .tax = money_signed(part->tax, rows->sign),
                        .is_recoverable = !rows->is_sale,
                        .is_reverse = part->is_reverse,
                        .why = part->why };
        TRY(to_base(ctx, rows, row.taxable, &row.taxable_base));
        TRY(to_base(ctx, rows, row.tax, &row.tax_base));
        TRY(tax_line_append(ctx, &row));
    }
    return OK;
}

// ---- Settlement ---------------------------------------------------------------------------------

Status settled_of(Ctx *ctx, Link document, Money total, Money *ret_settled, SettleState *ret_state)
{
    Money amount, open;
    TRY(item_state(ctx, document, &amount, &open));
    *ret_settled = (Money){ llabs(amount.minor) - llabs(open.minor) };
    *ret_state = ret_settled->minor >= total.minor ? SETTLE_STATE_SETTLED
               : ret_settled->minor > 0            ? SETTLE_STATE_PART_PAID
                                                   : SETTLE_STATE_OPEN;
    return OK;
}
