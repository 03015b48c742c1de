// inside.h - what the ledger's own files share. Private to the module.
#pragma once

#include "base/map.h"
#include "kernel/module.h"
#include "kernel/verify.h"
#include "modules/ledger/ledger.h"
#include "modules/party/party.h"

// ---- Approvals ----------------------------------------------------------------------------------

MUST_CHECK Status voucher_needs_approval(Ctx *ctx, const void *record, const void *input,
                                         Str *ret_why);

// ---- Accounts and rules (rule.c) ----------------------------------------------------------------

typedef struct AccountFacts {
    Id id;
    Str code;
    CurrencyCode currency;
    bool is_open_item, is_closed;
} AccountFacts;

typedef struct Rule {
    Purpose purpose;
    Id channel, place;  // 0: any
    CurrencyCode currency;
    Str kind_code;
    AccountFacts account;
} Rule;
typedef LIST(Rule) RuleList;

typedef struct RuleQuestion {
    Purpose purpose;
    Id channel, place;
    CurrencyCode currency;
    Str kind_code;
} RuleQuestion;

// All rules, in the order people gave them. *ret lives as long as the arena.
MUST_CHECK Status rules_read(Ctx *ctx, const RuleList **ret);
// Pure: of those that fit, the one that says most; of equals the first. NULL: none fits.
const Rule *rule_best(const RuleList *rules, const RuleQuestion *question);
// E_CONFLICT "ledger.no_rule", which names the purpose.
MUST_CHECK Status rule_missing(Ctx *ctx, const RuleQuestion *question);
MUST_CHECK Status account_facts(Ctx *ctx, Id account, AccountFacts *ret);

// ---- Months (period.c) --------------------------------------------------------------------------

// In a lane: the month of that day is open for the actor; its fiscal year is opened where it is not
// there yet and nothing later is locked.
MUST_CHECK Status period_enter(Ctx *ctx, Date on);
// Fills in the months of a year; E_INVALID where it overlaps another.
MUST_CHECK Status fiscal_year_check(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status fiscal_year_open(Ctx *ctx, Date on);
MUST_CHECK Status months_close(Ctx *ctx, void *year, const void *input);
MUST_CHECK Status months_lock(Ctx *ctx, void *year, const void *input);
MUST_CHECK Status months_reopen(Ctx *ctx, void *year, const void *input);

// ---- Totals (total.c) ---------------------------------------------------------------------------

// What the lines of a call add to months and days, before it is written.
typedef struct TotalBook {
    Map months, days;
} TotalBook;

int64_t total_month(Date date);  // 202604
MUST_CHECK Status totals_add(Ctx *ctx, TotalBook *book, const JournalLine *line, Date on);
MUST_CHECK Status totals_write(Ctx *ctx, const TotalBook *book);
extern const Migration ledger_migrations[];

// ---- Open items (item.c) ------------------------------------------------------------------------

// What a posted line to an account whose items are matched leaves open.
MUST_CHECK Status item_open(Ctx *ctx, const JournalLine *line, const EntrySpec *spec);
// The reversal's items against those of the entry it reverses, whose own matches are undone before.
MUST_CHECK Status items_reverse(Ctx *ctx, Id entry, Id reversal, Date on);

// ---- First rows, vouchers, checks ---------------------------------------------------------------

MUST_CHECK Status chart_install(Ctx *ctx);  // chart.c
MUST_CHECK Status voucher_post(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status voucher_reverse(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status voucher_may_post(Ctx *ctx, const void *record);
MUST_CHECK Status voucher_may_reverse(Ctx *ctx, const void *record);
extern const VerifyCheck ledger_checks[];  // check.c
