// bank.h - which open items a bank line pays.
//
// A line may pay one item, several items of one party, or a part of one; it may be short by a fee
// or a cash discount, or too much; it may come in another currency; it may pay nothing that is
// open. For each line the hypotheses are made that numbers in its text, the payer's account, his
// name and the amount suggest; each is described by BANK_FEATURES numbers and weighed by a logistic
// regression; hypotheses of one line compete with each other and with "nothing of these" (a
// conditional logit), lines that claim the same item see each other, and what comes out is mapped
// to a probability that holds what it says (isotonic calibration, Zadrozny and Elkan 2002).
//
// Only a best hypothesis at or above the threshold may be posted without a person. What was
// confirmed teaches: accounts and names of payers, and, by bank_learn, the weights, the calibration
// and the threshold.
#pragma once

#include "algo/budget.h"
#include "algo/match/logit.h"
#include "base/date.h"

enum {
    BANK_FEATURES = 26,
    BANK_ITEMS_MAX = 12,       // items in one hypothesis
    BANK_PROPOSALS = 3,        // told of each line
    BANK_HYPOTHESES_MAX = 48,  // weighed for each line
    BANK_STEPS_MAX = 40,       // of the calibration
};

// Amounts are in minor units of their currency; money in is above zero, an item that we are owed
// too. A party's items say the same `party`. Texts are as written; "" is unknown.
typedef struct BankLine {
    Str id, currency, name, iban, text;
    int64_t amount;
    Str original_currency;  // when the payer paid in another
    int64_t original_amount;
    Date date;
} BankLine;

typedef struct OpenItem {
    Str id, number, party, name, iban, currency;
    int64_t amount;    // still open
    int64_t discount;  // that the party may take, same sign as amount; 0: none
    Date date, due, discount_until;
} OpenItem;

// A past line, and whose it was: an account and a name to remember.
typedef struct Alias {
    Str party, name, iban;
} Alias;

typedef enum {
    PAYS_EXACTLY,
    PAYS_LESS_DISCOUNT,
    PAYS_LESS_FEE,
    PAYS_PART,
    PAYS_MORE,
    PAYS_IN_OTHER_CURRENCY,
} PaymentKind;

typedef struct Proposal {
    uint32_t items[BANK_ITEMS_MAX];  // places in the array of open items
    uint32_t count;
    PaymentKind kind;
    int64_t difference;  // line's amount less the items'; 0 in another currency
    double probability;
    float features[BANK_FEATURES];  // NAN: unknown
    float parts[BANK_FEATURES];     // what each feature adds to the log odds
} Proposal;

typedef struct LineMatch {
    Proposal proposals[BANK_PROPOSALS];  // the most probable first
    uint32_t count;
    bool is_automatic;  // the first may be posted without a person
} LineMatch;

// What one of `rate[i].per` in the books' currency costs; for lines in another currency.
typedef struct BankRate {
    Str currency;
    double per;
} BankRate;

typedef struct BankModel {
    Card card;
    double steps_from[BANK_STEPS_MAX];  // raw log odds from which a step holds
    double steps[BANK_STEPS_MAX];       // calibrated
    size_t step_count;
    double threshold;
} BankModel;

typedef struct BankBooks {
    const BankLine *lines;
    size_t line_count;
    const OpenItem *items;
    size_t item_count;
    const Alias *aliases;
    size_t alias_count;
    const BankRate *rates;
    size_t rate_count;
} BankBooks;

extern const char *const bank_feature_names[BANK_FEATURES];

// The model learned from generated ledgers (docs/matching.md), for books without history.
const BankModel *bank_default_model(void);

// Writes one match a line. Memory follows the number of lines and items; O(lines + items) but for
// parties with very many open items, of which the nearest in time are looked at. The budget's step
// is a line; its crew shares the lines. Lines that were not reached have no proposals.
void bank_match(Arena *arena, const Budget *budget, const BankBooks *books, const BankModel *model,
                LineMatch *ret);

// What people confirmed of a line: the places of its items, none when it pays nothing open.
typedef struct Confirmed {
    uint32_t items[BANK_ITEMS_MAX];
    uint32_t count;
} Confirmed;

// Learns from books whose every line is confirmed. Half of the lines teach the weights, the other
// half the calibration and the threshold: the lowest from which on at least `precision` of the
// automatic matches were right. E_INVALID "match.labels" when there is nothing to tell apart.
MUST_CHECK Status bank_learn(Ctx *ctx, const Budget *budget, const BankBooks *books,
                             const Confirmed *confirmed, double precision, BankModel *ret);
