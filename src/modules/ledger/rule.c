// rule.c - which account is meant. Documents say what an amount is ("freight income", "output tax,
// kind cgst"); posting rules, which are rows that people edit, say which account that is, for
// everything or only for one channel, place, currency or kind.
//
// The rule that says most wins: a kind weighs more than a channel, a channel more than a place, a
// place more than a currency. Of equals the first in people's order.
#include "modules/ledger/inside.h"

#include "kernel/db/kept.h"
#include "kernel/entity/memo.h"

// ---- Reading ------------------------------------------------------------------------------------

static const MemoKind rules_memo = { (const EntityDef *const[]){ &posting_rule_entity,
                                                                 &account_entity, NULL } };

// All rules, in people's order: a company has a few dozen.
static Status read_all(Ctx *ctx, RuleList *ret)
{
    Rule rule = { 0 };
    Str purpose;
    Rows *rows =
        kept_query(ctx, SQL("SELECT r.purpose, r.channel_id, r.place_id, r.currency, r.kind_code,"
                            " a.id, a.account_code, a.currency, a.is_open_item, a.is_closed"
                            " FROM posting_rule r JOIN account a ON a.id = r.account_id"
                            " WHERE r.archived = 0 ORDER BY r.position, r.id"));
    while (rows_next(rows, &purpose, &rule.channel, &rule.place, &rule.currency, &rule.kind_code,
                     &rule.account.id, &rule.account.code, &rule.account.currency,
                     &rule.account.is_open_item, &rule.account.is_closed)) {
        rule.purpose = (Purpose)enum_value(&purpose_enum, purpose);
        *list_push(ctx->arena, ret) = rule;
    }
    return rows_end(rows);
}

Status rules_read(Ctx *ctx, const RuleList **ret)
{
    *ret = memo_get(ctx, &rules_memo, 0, 0);
    if (*ret)
        return OK;
    RuleList *rules = NEW(ctx->arena, RuleList);
    TRY(read_all(ctx, rules));
    memo_put(ctx, &rules_memo, 0, 0, rules);
    *ret = rules;
    return OK;
}

static const MemoKind facts_memo = { (const EntityDef *const[]){ &account_entity, NULL } };

static Status read_facts(Ctx *ctx, Id account, AccountFacts *ret)
{
    bool found;
    ret->id = account;
    TRY(kept_maybe(ctx,
                   SQL("SELECT account_code, currency, is_open_item, is_closed FROM account"
                       " WHERE id = $1",
                       account),
                   &found, &ret->code, &ret->currency, &ret->is_open_item, &ret->is_closed));
    return found ? OK : FAIL(ctx, E_NOT_FOUND, "ledger.no_account", "there is no such account");
}

Status account_facts(Ctx *ctx, Id account, AccountFacts *ret)
{
    const AccountFacts *known = memo_get(ctx, &facts_memo, 0, account);
    if (!known) {
        AccountFacts *facts = NEW(ctx->arena, AccountFacts);
        TRY(read_facts(ctx, account, facts));
        memo_put(ctx, &facts_memo, 0, account, facts);
        known = facts;
    }
    *ret = *known;
    return OK;
}

// ---- Choosing -----------------------------------------------------------------------------------

static bool fits(const Rule *rule, const RuleQuestion *q)
{
    return rule->purpose == q->purpose && (!rule->channel || rule->channel == q->channel) &&
           (!rule->place || rule->place == q->place) &&
           (!rule->currency.code[0] || currency_eq(rule->currency, q->currency)) &&
           (!rule->kind_code.len || str_eq(rule->kind_code, q->kind_code));
}

static int weight(const Rule *rule)
{
    return (rule->kind_code.len ? 8 : 0) + (rule->channel ? 4 : 0) + (rule->place ? 2 : 0) +
           (rule->currency.code[0] ? 1 : 0);
}

const Rule *rule_best(const RuleList *rules, const RuleQuestion *question)
{
    const Rule *best = NULL;
    EACH (rule, *rules)
        if (fits(rule, question) && (!best || weight(rule) > weight(best)))
            best = rule;
    return best;
}

Status rule_missing(Ctx *ctx, const RuleQuestion *question)
{
    return FAIL(ctx, E_CONFLICT, "ledger.no_rule",
                "no posting rule says which account '%s' is booked to",
                ctx_text(ctx, purpose_enum.values[question->purpose].label));
}

Status ledger_account(Ctx *ctx, Purpose purpose, Id channel, Id place, CurrencyCode currency,
                      Str kind_code, Id *ret)
{
    RuleQuestion question = { purpose, channel, place, currency, kind_code };
    const RuleList *rules;
    TRY(rules_read(ctx, &rules));
    const Rule *rule = rule_best(rules, &question);
    if (!rule)
        return rule_missing(ctx, &question);
    *ret = rule->account.id;
    return OK;
}
