// voucher.c - journal vouchers: entries that people write themselves. A draft is theirs to edit;
// posting it writes the entry through the same door as every other document.
#include "modules/ledger/inside.h"

#include "kernel/entity/access.h"
#include "kernel/i18n.h"

static Link voucher_link(const Voucher *voucher)
{
    return (Link){ &voucher_entity, voucher->record.id };
}

static Status sums(Ctx *ctx, const Voucher *voucher, Money *ret_debit, Money *ret_credit)
{
    *ret_debit = *ret_credit = (Money){ 0 };
    EACH (line, voucher->lines) {
        TRY(money_add(ctx, *ret_debit, line->debit, ret_debit));
        TRY(money_add(ctx, *ret_credit, line->credit, ret_credit));
    }
    return OK;
}

Status voucher_may_post(Ctx *ctx, const void *record)
{
    const Voucher *voucher = record;
    Money debit, credit;
    TRY(sums(ctx, voucher, &debit, &credit));
    if (debit.minor == 0 && credit.minor == 0)
        return FAIL(ctx, E_CONFLICT, "ledger.voucher_empty", "the voucher has no amounts");
    if (debit.minor != credit.minor)
        return FAIL(ctx, E_CONFLICT, "ledger.voucher_unbalanced",
                    "debit is " STR_FMT " and credit " STR_FMT ": they must be equal",
                    STR_ARG(show_money(ctx, debit, voucher->currency)),
                    STR_ARG(show_money(ctx, credit, voucher->currency)));
    return ledger_day_open(ctx, voucher->entry_date);
}

// Rule of approval: what is booked by hand.
Status voucher_needs_approval(Ctx *ctx, const void *record, const void *input, Str *ret_why)
{
    const Voucher *voucher = record;
    Money debit, credit;
    (void)input;
    TRY(sums(ctx, voucher, &debit, &credit));
    return ledger_over_limit(ctx, "ledger.approve_above",
                             &(LimitQuestion){ .amount = debit,
                                               .currency = voucher->currency,
                                               .fx = voucher->rate,
                                               .on = voucher->entry_date },
                             ret_why);
}

static void add_posting(Ctx *ctx, const VoucherLine *line, PostingList *postings)
{
    *list_push(ctx->arena, postings) = (Posting){
        .account = line->account,
        .amount = { line->debit.minor - line->credit.minor },
        .party = line->party,
        .source = { &voucher_line_entity, line->record.id },
        .channel = line->dimensions.channel,
        .place = line->dimensions.place,
        .cost_centre = line->dimensions.cost_centre,
        .wording = line->wording,
    };
}

Status voucher_post(Ctx *ctx, void *record, const void *input)
{
    Voucher *voucher = record;
    Id entry;
    (void)input;
    if (voucher->rate.nano == 0)
        TRY(ledger_fx(ctx, voucher->currency, voucher->entry_date, &voucher->rate));
    EntrySpec spec = { .on = voucher->entry_date,
                       .source = voucher_link(voucher),
                       .wording = voucher->wording,
                       .currency = voucher->currency,
                       .fx = voucher->rate,
                       .number = voucher->number };
    EACH (line, voucher->lines)
        add_posting(ctx, line, &spec.postings);
    return ledger_post(ctx, &spec, &entry);
}

// ---- Turning one round --------------------------------------------------------------------------

Status voucher_may_reverse(Ctx *ctx, const void *record)
{
    const Voucher *voucher = record;
    Str number;
    bool found;
    if (voucher->reverses)
        return FAIL(ctx, E_CONFLICT, "ledger.is_reversal",
                    "this voucher reverses another; write a new one instead");
    TRY(db_maybe(ctx, SQL("SELECT number FROM voucher WHERE reverses_id = $1", voucher->record.id),
                 &found, &number));
    return found ? FAIL(ctx, E_CONFLICT, "ledger.reversed_already",
                        "the voucher was reversed already, by " STR_FMT, STR_ARG(number))
                 : OK;
}

static Status mirror(Ctx *ctx, const Voucher *before, Date on, Id *ret)
{
    Voucher *voucher = voucher_new(ctx);
    voucher->state = VOUCHER_STATE_POSTED;
    voucher->entry_date = on;
    voucher->currency = before->currency;
    voucher->rate = before->rate;
    voucher->wording = before->wording;
    voucher->reverses = before->record.id;
    EACH (line, before->lines) {
        VoucherLine turned = *line;
        turned.record = (Child){ 0 };
        turned.debit = line->credit;
        turned.credit = line->debit;
        *list_push(ctx->arena, &voucher->lines) = turned;
    }
    TRY(voucher_save(ctx, voucher));
    *ret = voucher->record.id;
    return OK;
}

Status voucher_reverse(Ctx *ctx, void *record, const void *input)
{
    const Voucher *voucher = record;
    Date on = ((const ReverseInput *)input)->on;
    Id entry, turned, mirrored;
    TRY(db_one(ctx,
               SQL("SELECT id FROM journal_entry WHERE source_id = $1 AND reverses_id IS NULL"
                   " ORDER BY id LIMIT 1",
                   voucher->record.id),
               &entry));
    TRY(ledger_reverse(ctx, entry, on, &turned));
    TRY(mirror(ctx, voucher, on, &mirrored));
    action_made(ctx, &voucher_entity, mirrored);
    return OK;
}
