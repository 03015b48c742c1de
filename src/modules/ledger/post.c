// post.c - writing entries: the only place that does. All lines of an entry come at once; their
// accounts are found, their base amounts worked out, and what does not balance in the document's
// currency and in base currency is refused. Then entries, lines, totals and open items are written
// in the caller's transaction. Many entries of one call are all worked out before the first is
// written: their numbers are drawn together and each total is raised once.
//
// Converting each line on its own leaves a difference of at most half a minor unit a line; up to
// one a line it becomes a rounding line, anything larger is a mistake of the caller's.
#include "modules/ledger/inside.h"

#include "kernel/auth/actor.h"

typedef struct Draft {  // of one entry
    const EntrySpec *spec;
    bool is_base;     // the document is in base currency
    size_t from, to;  // its lines
    Id id;
} Draft;

typedef struct Poster {  // of one call
    const RuleList *rules;
    LIST(Draft) drafts;
    JournalLineList lines;   // of all entries
    LIST(bool) leaves_item;  // one a line
} Poster;

// ---- Accounts -----------------------------------------------------------------------------------

static Status ruled_account(Ctx *ctx, const Poster *poster, const Draft *draft,
                            const Posting *posting, AccountFacts *ret)
{
    RuleQuestion question = { posting->purpose, posting->channel, posting->place,
                              draft->spec->currency, posting->kind_code };
    const Rule *rule = rule_best(poster->rules, &question);
    if (!rule)
        return rule_missing(ctx, &question);
    *ret = rule->account;
    return OK;
}

// An account held in a foreign currency (a bank account in dollars) takes that currency only.
static Status check_account(Ctx *ctx, const Draft *draft, const Posting *posting,
                            const AccountFacts *account)
{
    if (account->is_closed)
        return FAIL(ctx, E_CONFLICT, "ledger.account_closed",
                    "account " STR_FMT " takes no postings", STR_ARG(account->code));
    bool is_foreign =
        account->currency.code[0] && !currency_eq(account->currency, ctx->tenant->base);
    if (is_foreign && !currency_eq(account->currency, draft->spec->currency))
        return FAIL(ctx, E_CONFLICT, "ledger.account_currency", "account " STR_FMT " is in %s only",
                    STR_ARG(account->code), account->currency.code);
    if (account->is_open_item && posting->party == 0)
        return FAIL(ctx, E_INVALID, "ledger.party_needed",
                    "account " STR_FMT " is kept by customer or supplier: say whose amount it is",
                    STR_ARG(account->code));
    return OK;
}

// ---- Lines --------------------------------------------------------------------------------------

static bool is_nothing(const Draft *draft, const Posting *posting)
{
    return posting->amount.minor == 0 && (draft->is_base || posting->base.minor == 0);
}

static Status base_of(Ctx *ctx, const Draft *draft, const Posting *posting, Money *ret)
{
    *ret = draft->is_base ? posting->amount : posting->base;
    if (draft->is_base || ret->minor || draft->spec->reverses)
        return OK;
    if (draft->spec->fx.nano == 0)
        return FAIL(ctx, E_INTERNAL, "ledger.no_fx", "an entry in %s came without its rate",
                    draft->spec->currency.code);
    return money_convert(ctx, posting->amount, draft->spec->currency, ctx->tenant->base,
                         draft->spec->fx, ret);
}

static Status add_line(Ctx *ctx, Poster *poster, Draft *draft, const Posting *posting)
{
    AccountFacts account;
    Money base;
    TRY(posting->account ? account_facts(ctx, posting->account, &account)
                         : ruled_account(ctx, poster, draft, posting, &account));
    TRY(check_account(ctx, draft, posting, &account));
    TRY(base_of(ctx, draft, posting, &base));
    *list_push(ctx->arena, &poster->lines) = (JournalLine){
        .account = account.id,
        .party = posting->party,
        .currency = draft->spec->currency,
        .amount = posting->amount,
        .base = base,
        .due_on = posting->due_on,
        .dimensions = { posting->channel, posting->place, posting->cost_centre },
        .source = posting->source,
        .wording = posting->wording,
    };
    *list_push(ctx->arena, &poster->leaves_item) = account.is_open_item && posting->amount.minor;
    draft->to = poster->lines.len;
    return OK;
}

static Status unbalanced(Ctx *ctx, const Draft *draft, Money difference, CurrencyCode currency)
{
    return FAIL(ctx, E_INTERNAL, "ledger.unbalanced",
                "the entry of " STR_FMT " does not balance by " STR_FMT " %s",
                STR_ARG(draft->spec->number), STR_ARG(money_text(ctx->arena, difference, currency)),
                currency.code);
}

static Status balance(Ctx *ctx, Poster *poster, Draft *draft)
{
    Money amount = { 0 }, base = { 0 };
    for (size_t i = draft->from; i < draft->to; i++) {
        TRY(money_add(ctx, amount, poster->lines.items[i].amount, &amount));
        TRY(money_add(ctx, base, poster->lines.items[i].base, &base));
    }
    if (amount.minor)
        return unbalanced(ctx, draft, amount, draft->spec->currency);
    if (base.minor == 0)
        return OK;
    if (llabs(base.minor) > (int64_t)(draft->to - draft->from))
        return unbalanced(ctx, draft, base, ctx->tenant->base);
    Posting line = { .purpose = PURPOSE_ROUNDING, .base = money_neg(base) };
    return add_line(ctx, poster, draft, &line);
}

// An entry as it will stand; one without lines leaves no draft.
static Status work_out(Ctx *ctx, Poster *poster, const EntrySpec *spec, Id *ret)
{
    size_t from = poster->lines.len;
    Draft draft = { spec, currency_eq(spec->currency, ctx->tenant->base), from, from, 0 };
    EACH (posting, spec->postings)
        if (!is_nothing(&draft, posting))
            TRY(add_line(ctx, poster, &draft, posting));
    *ret = 0;
    if (draft.from == draft.to)
        return OK;
    TRY(balance(ctx, poster, &draft));
    TRY(period_enter(ctx, spec->on));
    draft.id = *ret = id_next(ctx->now);
    *list_push(ctx->arena, &poster->drafts) = draft;
    return OK;
}

// ---- Writing ------------------------------------------------------------------------------------

static Status write_entries(Ctx *ctx, const Poster *poster)
{
    size_t count = poster->drafts.len;
    Date *days = NEW_ARRAY(ctx->arena, Date, count);
    Str *numbers = NEW_ARRAY(ctx->arena, Str, count);
    for (size_t i = 0; i < count; i++)
        days[i] = poster->drafts.items[i].spec->on;
    TRY(numbers_draw(ctx, &journal_entry_entity, "number", days, count, numbers));
    for (size_t i = 0; i < count; i++) {
        const Draft *draft = &poster->drafts.items[i];
        JournalEntry entry = {
            .record = { .id = draft->id },
            .number = numbers[i],
            .entry_date = draft->spec->on,
            .source = draft->spec->source,
            .wording = draft->spec->wording,
            .reverses = draft->spec->reverses,
            .member = ctx->actor ? ctx->actor->member : 0,
        };
        TRY(journal_entry_append(ctx, &entry));
    }
    return OK;
}

static Status write_lines(Ctx *ctx, Poster *poster)
{
    TotalBook totals = { 0 };
    EACH (draft, poster->drafts)
        for (size_t i = draft->from; i < draft->to; i++) {
            JournalLine *line = &poster->lines.items[i];
            line->record.parent = draft->id;
            TRY(journal_line_append(ctx, line));
            if (poster->leaves_item.items[i])
                TRY(item_open(ctx, line, draft->spec));
            TRY(totals_add(ctx, &totals, line, draft->spec->on));
        }
    return totals_write(ctx, &totals);
}

Status ledger_post_many(Ctx *ctx, const EntrySpec *specs, size_t count, Id *ret)
{
    Poster poster = { 0 };
    if (count == 0)
        return OK;
    TRY(rules_read(ctx, &poster.rules));
    for (size_t i = 0; i < count; i++)
        TRY(work_out(ctx, &poster, &specs[i], &ret[i]));
    TRY(write_entries(ctx, &poster));
    return write_lines(ctx, &poster);
}

Status ledger_post(Ctx *ctx, const EntrySpec *spec, Id *ret)
{
    return ledger_post_many(ctx, spec, 1, ret);
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
