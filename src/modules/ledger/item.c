// item.c - open items: what somebody owes us or we owe them, and what has been matched with what.
//
// An item is left by a posting to an account that is kept by party. Matching takes the same amount
// of the document's currency off a debit and a credit item of one account and party; where the two
// were booked at different rates, the difference in base currency is posted as gain or loss, so
// that what stands open always equals the account's balance. What was matched is a ledger row;
// undoing it is another.
#include "modules/ledger/inside.h"

#include "kernel/auth/actor.h"

// ---- Leaving and finding ------------------------------------------------------------------------

Status item_open(Ctx *ctx, const JournalLine *line, const EntrySpec *spec)
{
    OpenItem item = {
        .account = line->account,
        .party = line->party,
        .entry = line->record.parent,
        .source = spec->source,
        .number = spec->number,
        .currency = line->currency,
        .amount = line->amount,
        .base = line->base,
        .open = line->amount,
        .open_base = line->base,
        .item_date = spec->on,
        .due_on = line->due_on ? line->due_on : spec->on,
        .dimensions = line->dimensions,
    };
    return open_item_append(ctx, &item);
}

Status item_of(Ctx *ctx, Link source, Id *ret)
{
    bool found;
    Id item = 0;
    TRY(db_maybe(
        ctx, SQL("SELECT id FROM open_item WHERE source_id = $1 ORDER BY id LIMIT 1", source.id),
        &found, &item));
    *ret = found ? item : 0;
    return OK;
}

Status item_state(Ctx *ctx, Link source, Money *ret_amount, Money *ret_open)
{
    bool found;
    Money amount = { 0 }, open = { 0 };
    TRY(db_maybe(ctx,
                 SQL("SELECT amount, open FROM open_item WHERE source_id = $1 ORDER BY id LIMIT 1",
                     source.id),
                 &found, &amount, &open));
    *ret_amount = amount;
    *ret_open = open;
    return OK;
}

Status party_exposure(Ctx *ctx, Id party, Money *ret)
{
    return db_one(ctx,
                  SQL("SELECT CAST(COALESCE(sum(i.open_base), 0) AS BIGINT)"
                      " FROM open_item i JOIN account a ON a.id = i.account_id"
                      " WHERE i.party_id = $1 AND i.open <> 0 AND a.special = 'receivable'",
                      party),
                  ret);
}

// ---- Matching -----------------------------------------------------------------------------------

typedef struct Match {
    const OpenItem *debit, *credit;
    Money amount;      // of their currency, above zero
    Money base;        // of the debit item
    Money difference;  // what the debit item was worth more in base currency: a loss
    Id reverses;
    Date on;
} Match;

static Status check_pair(Ctx *ctx, const OpenItem *debit, const OpenItem *credit)
{
    if (debit->account != credit->account || debit->party != credit->party)
        return FAIL(ctx, E_CONFLICT, "ledger.not_together",
                    STR_FMT " and " STR_FMT " are not of one account and party",
                    STR_ARG(debit->number), STR_ARG(credit->number));
    if (!currency_eq(debit->currency, credit->currency))
        return FAIL(ctx, E_CONFLICT, "ledger.two_currencies",
                    STR_FMT " is in %s and " STR_FMT " in %s", STR_ARG(debit->number),
                    debit->currency.code, STR_ARG(credit->number), credit->currency.code);
    if (debit->amount.minor < 0 || credit->amount.minor > 0)
        return FAIL(ctx, E_CONFLICT, "ledger.one_side",
                    STR_FMT " and " STR_FMT " are not a debit and a credit", STR_ARG(debit->number),
                    STR_ARG(credit->number));
    return OK;
}

// The part of an item's open base that goes with `amount` of it; all of it with the last.
static Status base_part(Ctx *ctx, const OpenItem *item, Money amount, Money *ret)
{
    if (llabs(item->open.minor) == amount.minor) {
        *ret = (Money){ llabs(item->open_base.minor) };
        return OK;
    }
    return money_share(ctx, (Money){ llabs(item->open_base.minor) }, amount.minor,
                       llabs(item->open.minor), ROUND_HALF_UP, ret);
}

static Status take(Ctx *ctx, const OpenItem *item, Money amount, Money base)
{
    return db_write(ctx, SQL("UPDATE open_item SET open = open - $2, open_base = open_base - $3"
                             " WHERE id = $1",
                             item->record.id, amount, base));
}

// The account then holds the difference and no item does: it goes to gain or loss. Undoing a loss
// takes it off the losses.
static Status post_difference(Ctx *ctx, const Match *match)
{
    bool is_loss = (match->difference.minor > 0) != (match->reverses != 0);
    const OpenItem *item = match->debit;
    EntrySpec spec = { .on = match->on,
                       .source = item->source,
                       .wording = item->number,
                       .currency = item->currency,
                       .number = item->number };
    Posting lines[] = {
        { .account = item->account,
          .party = item->party,
          .base = money_neg(match->difference),
          .channel = item->dimensions.channel,
          .place = item->dimensions.place,
          .cost_centre = item->dimensions.cost_centre },
        { .purpose = is_loss ? PURPOSE_FX_LOSS : PURPOSE_FX_GAIN,
          .base = match->difference,
          .channel = item->dimensions.channel,
          .place = item->dimensions.place,
          .cost_centre = item->dimensions.cost_centre },
    };
    Id entry;
    spec.postings = (PostingList){ lines, COUNT(lines), COUNT(lines) };
    return ledger_post(ctx, &spec, &entry);
}

static Status write_match(Ctx *ctx, const Match *match)
{
    Allocation row = { .debit_item = match->debit->record.id,
                       .credit_item = match->credit->record.id,
                       .currency = match->debit->currency,
                       .amount = match->amount,
                       .base = match->base,
                       .fx_base = match->difference,
                       .allocated_on = match->on,
                       .reverses = match->reverses,
                       .member = ctx->actor ? ctx->actor->member : 0 };
    Money credit_base = { match->base.minor - match->difference.minor };
    TRY(allocation_append(ctx, &row));
    TRY(take(ctx, match->debit, match->amount, match->base));
    TRY(take(ctx, match->credit, money_neg(match->amount), money_neg(credit_base)));
    return match->difference.minor ? post_difference(ctx, match) : OK;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

Status item_allocate(Ctx *ctx, Id debit_item, Id credit_item, Money amount, Date on,
                     Money *ret_amount)
{
    OpenItem debit, credit;
    Money credit_base;
    TRY(open_item_load(ctx, debit_item, &debit));
    TRY(open_item_load(ctx, credit_item, &credit));
    TRY(check_pair(ctx, &debit, &credit));
    Match match = { .debit = &debit, .credit = &credit, .on = on };
    match.amount.minor = least(debit.open.minor, -credit.open.minor);
    if (amount.minor > 0)
        match.amount.minor = least(match.amount.minor, amount.minor);
    *ret_amount = match.amount;
    if (match.amount.minor == 0)
        return OK;
    TRY(base_part(ctx, &debit, match.amount, &match.base));
    TRY(base_part(ctx, &credit, match.amount, &credit_base));
    match.difference.minor = match.base.minor - credit_base.minor;
    return write_match(ctx, &match);
}

// ---- Undoing ------------------------------------------------------------------------------------

static Status undo(Ctx *ctx, const Allocation *before, Date on)
{
    OpenItem debit, credit;
    TRY(open_item_load(ctx, before->debit_item, &debit));
    TRY(open_item_load(ctx, before->credit_item, &credit));
    Match match = { .debit = &debit,
                    .credit = &credit,
                    .amount = money_neg(before->amount),
                    .base = money_neg(before->base),
                    .difference = money_neg(before->fx_base),
                    .reverses = before->record.id,
                    .on = on };
    return write_match(ctx, &match);
}

static Status undo_matches(Ctx *ctx, Id item, Date on)
{
    IdList matches = { 0 };
    Id id;
    Rows *rows = db_query(
        ctx,
        SQL("SELECT a.id FROM allocation a WHERE (a.debit_item_id = $1 OR a.credit_item_id = $1)"
            " AND a.reverses_id IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM allocation u WHERE u.reverses_id = a.id) ORDER BY a.id",
            item));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &matches) = id;
    TRY(rows_end(rows));
    EACH (match, matches) {
        Allocation before;
        TRY(allocation_load(ctx, *match, &before));
        TRY(undo(ctx, &before, on));
    }
    return OK;
}

static Status items_of_entry(Ctx *ctx, Id entry, IdList *ret)
{
    Id id;
    Rows *rows =
        db_query(ctx, SQL("SELECT id FROM open_item WHERE entry_id = $1 ORDER BY id", entry));
    *ret = (IdList){ 0 };
    while (rows_next(rows, &id))
        *list_push(ctx->arena, ret) = id;
    return rows_end(rows);
}

// Lines are turned round in their order, so the items stand in the same order too.
Status items_reverse(Ctx *ctx, Id entry, Id reversal, Date on)
{
    IdList before, turned;
    TRY(items_of_entry(ctx, entry, &before));
    TRY(items_of_entry(ctx, reversal, &turned));
    for (size_t i = 0; i < before.len && i < turned.len; i++) {
        OpenItem item;
        Money matched;
        TRY(undo_matches(ctx, before.items[i], on));
        TRY(open_item_load(ctx, before.items[i], &item));
        bool is_debit = item.amount.minor > 0;
        TRY(item_allocate(ctx, is_debit ? before.items[i] : turned.items[i],
                          is_debit ? turned.items[i] : before.items[i], (Money){ 0 }, on,
                          &matched));
    }
    return OK;
}
