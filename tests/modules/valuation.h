// valuation.h - the published valuation cases and the long exact walks (shared data, see
// test_shared()), read once for two tests: of the pure engine, and of the real actions and tables.
#pragma once

#include "modules/inventory/costing.h"

#include "harness.h"

typedef enum CaseOp {
    CASE_IN,
    CASE_OUT,
    CASE_SET_COST,
    CASE_EDIT,        // says afterwards that another quantity moved
    CASE_RETURN_IN,   // back to the supplier
    CASE_RETURN_OUT,  // back from the customer
    CASE_SET_METHOD,
    CASE_OPEN,      // starts below zero, at an assumed cost
    CASE_DROPSHIP,  // from the supplier to the customer, past us
} CaseOp;

typedef struct CaseStep {
    CaseOp op;
    Qty quantity;
    MaybePrice cost, at_rate;
    Str ref, of;  // a step's name, and the step it is about
    CostMethod method;
} CaseStep;

typedef struct CaseLayer {
    Qty quantity;
    Price rate;
} CaseLayer;

typedef struct ValuationCase {
    const char *id;
    CostMethod method;
    int digits;  // of its currency
    LIST(CaseStep) steps;
    MaybeQty quantity;
    MaybeMoney value;
    MaybePrice unit_cost;  // at the currency's decimals
    MaybeMoney revaluation;
    LIST(Money) move_values;
    LIST(CaseLayer) layers, consumed;
} ValuationCase;
typedef LIST(ValuationCase) ValuationCaseList;

typedef struct WalkStep {
    bool is_in;
    Qty quantity;
    Price cost;  // of what comes in
} WalkStep;
typedef struct WalkCheck {
    int64_t after;  // how many steps
    Qty quantity;
    int64_t value_micro;  // exact to a millionth
} WalkCheck;
typedef struct Walk {
    const char *id;
    CostMethod method;
    LIST(WalkStep) steps;
    LIST(WalkCheck) checks;
} Walk;
typedef LIST(Walk) WalkList;

// False when there is no shared data: the test is marked as skipped then.
bool valuation_cases(Ctx *ctx, ValuationCaseList *ret);
bool valuation_walks(Ctx *ctx, WalkList *ret);

// The currency with so many decimals, and its currency_minor().
CurrencyCode case_currency(int digits);
// A walk's exact worth may be off by a cent for each issue since the stock was last empty: until
// then it is exact to the millionth that the checks are written with. What is booked of it is
// money.
void check_walk_value(const Walk *walk, const WalkCheck *check, Qty quantity, Worth worth,
                      int64_t issues);
