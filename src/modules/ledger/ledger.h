// ledger.h - posting. Journals are written by one function, which takes all lines of an entry and
// refuses what does not balance, in each currency and in base currency; totals and open items are
// kept in the same transaction. Nothing posted is ever changed: a correction is another entry.
#pragma once

#include "gen/ledger.gen.h"

typedef struct Posting {  // one line of an entry
    Purpose purpose;      // turned into an account by the posting rules, unless
    Id account;           // this names one
    Str kind_code;        // narrows a rule: a reason code, a charge kind
    Money amount;         // document currency; debit above zero, credit below
    Money base;           // base currency; ignored where the document is in base currency
    Id party;
    Date due_on;
    Link source;  // the line it comes from; {0} none
    Id channel, place, cost_centre;
    Str wording;
} Posting;
typedef LIST(Posting) PostingList;

typedef struct EntrySpec {
    Date on;
    Link source;  // the document
    Str wording;
    CurrencyCode currency;
    Fx fx;       // {0}: base currency
    Str number;  // of the document, for open items
    PostingList postings;
    Id reverses;
} EntrySpec;

// Posts; *ret is the entry. Lines of nothing are dropped; an entry without lines is not written and
// *ret is 0. E_CONFLICT "ledger.period_locked", "ledger.no_rule", "ledger.account_closed"; an entry
// that does not balance is our own mistake (E_INTERNAL "ledger.unbalanced"). A difference of
// conversion of at most one minor unit a line is added as a rounding line.
MUST_CHECK Status ledger_post(Ctx *ctx, const EntrySpec *entry, Id *ret);

// The same for many entries, ret[i] of specs[i], at a fraction of the cost each: for imports. All
// or none: the first that is refused fails the call.
MUST_CHECK Status ledger_post_many(Ctx *ctx, const EntrySpec *specs, size_t count, Id *ret);

// The same entry with the signs turned, dated `on`; once only.
MUST_CHECK Status ledger_reverse(Ctx *ctx, Id entry, Date on, Id *ret);

// The account that a purpose means there.
MUST_CHECK Status ledger_account(Ctx *ctx, Purpose purpose, Id channel, Id place,
                                 CurrencyCode currency, Str kind_code, Id *ret);

// May something be posted on that day? E_CONFLICT "ledger.period_locked" says when the next open
// day is.
MUST_CHECK Status ledger_day_open(Ctx *ctx, Date on);
// The day itself when its period is open, else the first open day after it.
MUST_CHECK Status ledger_open_day(Ctx *ctx, Date on, Date *ret);

// The rate for converting `currency` into base currency on that day. E_CONFLICT "ledger.no_rate".
MUST_CHECK Status ledger_fx(Ctx *ctx, CurrencyCode currency, Date on, Fx *ret);

// An amount, and what it takes to know it in base currency; fx {0}: the day's.
typedef struct LimitQuestion {
    Money amount;
    CurrencyCode currency;
    Fx fx;
    Date on;
} LimitQuestion;
// For approvals (kernel/approval.h): whether it is above what a setting says in whole units of base
// currency. *ret_why says so in words; "" when it is not, or when there is no limit.
MUST_CHECK Status ledger_over_limit(Ctx *ctx, const char *setting, const LimitQuestion *question,
                                    Str *ret_why);

// ---- Open items ---------------------------------------------------------------------------------
//
// A
// posting to an account whose items are matched (receivable, payable) with a party makes an open
// item.

// Matches a debit with a credit item of the same account and party as far as both are open (or at
// most `amount`, where it is not 0). An exchange difference is posted. *ret_amount: what was
// matched.
MUST_CHECK Status item_allocate(Ctx *ctx, Id debit_item, Id credit_item, Money amount, Date on,
                                Money *ret_amount);
// The open items of a source document on receivable or payable accounts.
MUST_CHECK Status item_of(Ctx *ctx, Link source, Id *ret);  // 0: none
// What a source document's item came to and what of it is open; 0 and 0: it has none.
MUST_CHECK Status item_state(Ctx *ctx, Link source, Money *ret_amount, Money *ret_open);
// What a party owes us, base currency: all open items on receivable accounts.
MUST_CHECK Status party_exposure(Ctx *ctx, Id party, Money *ret);

// ---- Reading the books (all in base currency) ---------------------------------------------------

typedef struct AccountSum {
    Id account;
    Str code, name;
    AccountKind kind;
    bool is_profit;  // where the results of earlier years stand
    Money debit, credit;
} AccountSum;
typedef LIST(AccountSum) AccountSumList;
typedef struct SumQuestion {
    Date before;              // everything booked earlier than this day
    Id channel, cost_centre;  // 0: all
} SumQuestion;
// Every account, in order of codes.
MUST_CHECK Status account_sums(Ctx *ctx, const SumQuestion *question, AccountSumList *ret);

// What accounts came to in a period, by two of what totals are kept by: an id, a month as 202604,
// or 0 for none. In order of both.
typedef struct PivotQuestion {
    TotalBy by, then_by;  // none: all together
    Date from, to;
    Id account, channel, place, cost_centre;  // 0: all
} PivotQuestion;
typedef struct PivotCell {
    Id by, then_by;
    Money debit, credit;
} PivotCell;
typedef LIST(PivotCell) PivotCellList;
MUST_CHECK Status account_pivot(Ctx *ctx, const PivotQuestion *question, PivotCellList *ret);

typedef struct BookLine {
    Date on, due_on;
    Str number, document;  // of the entry, and of what it was posted for
    Str wording, party;
    Link source;
    Money base;
} BookLine;
typedef LIST(BookLine) BookLineList;
enum { BOOK_LINES_MAX = 50000 };
// The first lines of a period, in order of days: of an account; of a party on receivable accounts.
MUST_CHECK Status account_lines(Ctx *ctx, Id account, Date from, Date to, BookLineList *ret);
MUST_CHECK Status receivable_lines(Ctx *ctx, Id party, Date from, Date to, BookLineList *ret);
MUST_CHECK Status receivable_before(Ctx *ctx, Id party, Date before, Money *ret);

enum { AGE_COUNT = 5 };  // not due; 1 to 30, 31 to 60, 61 to 90 days late; older
typedef struct PartyAge {
    Id party;
    Str number, name;
    Money age[AGE_COUNT];
} PartyAge;
typedef LIST(PartyAge) PartyAgeList;
// What is open on receivable accounts as it stood on that day, by party.
MUST_CHECK Status receivable_ages(Ctx *ctx, Date on, PartyAgeList *ret);
