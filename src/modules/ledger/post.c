// post.c - writing entries: the only place that does. All lines of an entry come at once; their
// accounts are found, their base amounts worked out, and what does not balance in the document's
// currency and in base currency is refused. Then entry, lines, month totals and open items are
// written in the caller's transaction.
//
// Converting each line on its own leaves a difference of at most half a minor unit a line; up to
// one a line it becomes a rounding line, anything larger is a mistake of the caller's.
#include "modules/ledger/inside.h"

#include "kernel/auth/actor.h"

typedef struct Poster {
    const EntrySpec *spec;
    bool is_base;  // the document is in base currency
    const RuleList *rules;
    LIST(AccountFacts) accounts;  // those that postings name themselves
    JournalLineList lines;
    LIST(bool) leaves_item;  // one a line
    LIST(AccountTotal) totals;
} Poster;

// ---- Accounts -----------------------------------------------------------------------------------

static bool is_nothing(const Poster *poster, const Posting *posting)
{
    return posting->amount.minor == 0 && (poster->is_base || posting->base.minor == 0);
}

static Status named_account(Ctx *ctx, Poster *poster, Id account, AccountFacts *ret)
{
    EACH (known, poster->accounts)
        if (known->id == account) {
            *ret = *known;
            return OK;
        }
    TRY(account_facts(ctx, account, ret));
    *list_push(ctx->arena, &poster->accounts) = *ret;
    return OK;
}

static Status ruled_account(Ctx *ctx, const Poster *poster, const Posting *posting,
                            AccountFacts *ret)
{
    RuleQuestion question = { posting->purpose, posting->channel, posting->place,
                              poster->spec->currency, posting->kind_code };
    const Rule *rule = rule_best(poster->rules, &question);
    if (!rule)
        return rule_missing(ctx, &question);
    *ret = rule->account;
    return OK;
}

// An account held in a foreign currency (a bank account in dollars) takes that currency only.
static Status check_account(Ctx *ctx, const Poster *poster, const Posting *posting,
                            const AccountFacts *account)
{
    if (account->is_closed)
        return FAIL(ctx, E_CONFLICT, "ledger.account_closed",
                    "account " STR_FMT " takes no postings", STR_ARG(account->code));
    bool is_foreign =
        account->currency.code[0] && !currency_eq(account->currency, ctx->tenant->base);
    if (is_foreign && !currency_eq(account->currency, poster->spec->currency))
        return FAIL(ctx, E_CONFLICT, "ledger.account_currency", "account " STR_FMT " is in %s only",
                    STR_ARG(account->code), account->currency.code);
    if (account->is_open_item && posting->party == 0)
        return FAIL(ctx, E_INVALID, "ledger.party_needed",
                    "account " STR_FMT " is kept by customer or supplier: say whose amount it is",
                    STR_ARG(account->code));
    return OK;
}

// ---- Lines --------------------------------------------------------------------------------------

static Status base_of(Ctx *ctx, const Poster *poster, const Posting *posting, Money *ret)
{
    *ret = poster->is_base ? posting->amount : posting->base;
    if (poster->is_base || ret->minor || poster->spec->reverses)
        return OK;
    if (poster->spec->fx.nano == 0)
        return FAIL(ctx, E_INTERNAL, "ledger.no_fx", "an entry in %s came without its rate",
                    poster->spec->currency.code);
    return money_convert(ctx, posting->amount, poster->spec->currency, ctx->tenant->base,
                         poster->spec->fx, ret);
}

static Status add_line(Ctx *ctx, Poster *poster, const Posting *posting)
{
    AccountFacts account;
    Money base;
    TRY(posting->account ? named_account(ctx, poster, posting->account, &account)
                         : ruled_account(ctx, poster, posting, &account));
    TRY(check_account(ctx, poster, posting, &account));
    TRY(base_of(ctx, poster, posting, &base));
    *list_push(ctx->arena, &poster->lines) = (JournalLine){
        .account = account.id,
        .party = posting->party,
        .currency = poster->spec->currency,
        .amount = posting->amount,
        .base = base,
        .due_on = posting->due_on,
        .dimensions = { posting->channel, posting->place, posting->cost_centre },
        .source = posting->source,
        .wording = posting->wording,
    };
    *list_push(ctx->arena, &poster->leaves_item) = account.is_open_item && posting->amount.minor;
    return OK;
}

static Status unbalanced(Ctx *ctx, const Poster *poster, Money difference, CurrencyCode currency)
{
    return FAIL(ctx, E_INTERNAL, "ledger.unbalanced",
                "the entry of " STR_FMT " does not balance by " STR_FMT " %s",
                STR_ARG(poster->spec->number),
                STR_ARG(money_text(ctx->arena, difference, currency)), currency.code);
}

static Status balance(Ctx *ctx, Poster *poster)
{
    Money amount = { 0 }, base = { 0 };
    EACH (line, poster->lines) {
        TRY(money_add(ctx, amount, line->amount, &amount));
        TRY(money_add(ctx, base, line->base, &base));
    }
    if (amount.minor)
        return unbalanced(ctx, poster, amount, poster->spec->currency);
    if (base.minor == 0)
        return OK;
    if (llabs(base.minor) > (int64_t)poster->lines.len)
        return unbalanced(ctx, poster, base, ctx->tenant->base);
    Posting line = { .purpose = PURPOSE_ROUNDING, .base = money_neg(base) };
    return add_line(ctx, poster, &line);
}

// ---- Month totals -------------------------------------------------------------------------------

static AccountTotal *total_of(Ctx *ctx, Poster *poster, const JournalLine *line)
{
    const Dimensions *d = &line->dimensions;
    EACH (t, poster->totals)
        if (t->account == line->account && t->channel == d->channel && t->place == d->place &&
            t->cost_centre == d->cost_centre)
            return t;
    AccountTotal *added = list_push(ctx->arena, &poster->totals);
    *added = (AccountTotal){ .account = line->account,
                             .channel = d->channel,
                             .place = d->place,
                             .cost_centre = d->cost_centre };
    return added;
}

static Status add_to_total(Ctx *ctx, AccountTotal *total, const JournalLine *line)
{
    Money *side = line->amount.minor > 0 ? &total->debit : &total->credit;
    Money *base_side = line->base.minor > 0 ? &total->debit_base : &total->credit_base;
    TRY(money_add(ctx, *side, (Money){ llabs(line->amount.minor) }, side));
    return money_add(ctx, *base_side, (Money){ llabs(line->base.minor) }, base_side);
}

static int64_t month_of(Date date)
{
    Ymd day = date_ymd(date);
    return day.year * 100 + day.month;
}

static Status write_totals(Ctx *ctx, Poster *poster)
{
    EACH (line, poster->lines)
        TRY(add_to_total(ctx, total_of(ctx, poster, line), line));
    EACH (t, poster->totals)
        TRY(db_write(
            ctx,
            SQL("INSERT INTO account_total (account_id, month, currency, channel_id, place_id,"
                " cost_centre_id, debit, credit, debit_base, credit_base)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                " ON CONFLICT (account_id, month, currency, channel_id, place_id,"
                " cost_centre_id) DO UPDATE SET"
                " debit = account_total.debit + excluded.debit,"
                " credit = account_total.credit + excluded.credit,"
                " debit_base = account_total.debit_base + excluded.debit_base,"
                " credit_base = account_total.credit_base + excluded.credit_base",
                t->account, month_of(poster->spec->on), poster->spec->currency, t->channel,
                t->place, t->cost_centre, t->debit, t->credit, t->debit_base, t->credit_base)));
    return OK;
}

// ---- Writing ------------------------------------------------------------------------------------

static Status write_entry(Ctx *ctx, const EntrySpec *spec, Id *ret)
{
    JournalEntry entry = {
        .entry_date = spec->on,
        .source = spec->source,
        .wording = spec->wording,
        .reverses = spec->reverses,
        .member = ctx->actor ? ctx->actor->member : 0,
    };
    TRY(number_draw(ctx, &journal_entry_entity, "number", spec->on, &entry.number));
    TRY(journal_entry_append(ctx, &entry));
    *ret = entry.record.id;
    return OK;
}

static Status write_lines(Ctx *ctx, Poster *poster, Id entry)
{
    const EntrySpec *spec = poster->spec;
    for (size_t i = 0; i < poster->lines.len; i++) {
        JournalLine *line = &poster->lines.items[i];
        line->record.parent = entry;
        TRY(journal_line_append(ctx, line));
        if (poster->leaves_item.items[i])
            TRY(item_open(ctx, line, spec));
    }
    return OK;
}

Status ledger_post(Ctx *ctx, const EntrySpec *spec, Id *ret)
{
    Poster poster = { .spec = spec, .is_base = currency_eq(spec->currency, ctx->tenant->base) };
    Id entry;
    TRY(rules_read(ctx, &poster.rules));
    EACH (posting, spec->postings)
        if (!is_nothing(&poster, posting))
            TRY(add_line(ctx, &poster, posting));
    if (poster.lines.len == 0) {
        *ret = 0;
        return OK;
    }
    TRY(balance(ctx, &poster));
    TRY(period_enter(ctx, spec->on));
    TRY(write_entry(ctx, spec, &entry));
    TRY(write_lines(ctx, &poster, entry));
    TRY(write_totals(ctx, &poster));
    *ret = entry;
    return OK;
}

// ---- Turning an entry round ---------------------------------------------------------------------

static Status once_only(Ctx *ctx, Id entry)
{
    Str number;
    bool found;
    TRY(db_maybe(ctx, SQL("SELECT number FROM journal_entry WHERE reverses_id = $1", entry), &found,
                 &number));
    if (found)
        return FAIL(ctx, E_CONFLICT, "ledger.reversed_already",
                    "the entry was reversed already, by " STR_FMT, STR_ARG(number));
    return OK;
}

static void turn(Ctx *ctx, const JournalLine *line, PostingList *postings)
{
    *list_push(ctx->arena, postings) = (Posting){
        .account = line->account,
        .amount = money_neg(line->amount),
        .base = money_neg(line->base),
        .party = line->party,
        .due_on = line->due_on,
        .source = line->source,
        .channel = line->dimensions.channel,
        .place = line->dimensions.place,
        .cost_centre = line->dimensions.cost_centre,
        .wording = line->wording,
    };
}

Status ledger_reverse(Ctx *ctx, Id entry, Date on, Id *ret)
{
    JournalEntry before;
    TRY(journal_entry_load(ctx, entry, &before));
    TRY(once_only(ctx, entry));
    EntrySpec spec = { .on = on,
                       .source = before.source,
                       .wording = before.wording,
                       .currency = before.lines.items[0].currency,
                       .number = before.number,
                       .reverses = entry };
    EACH (line, before.lines)
        turn(ctx, line, &spec.postings);
    TRY(ledger_post(ctx, &spec, ret));
    return items_reverse(ctx, entry, *ret, on);
}
