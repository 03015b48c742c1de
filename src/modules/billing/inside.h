// inside.h - what billing's own files share. Private to the module.
#pragma once

#include "kernel/verify.h"
#include "modules/billing/billing.h"
#include "modules/party/party.h"
#include "modules/tax/tax.h"

// ---- Figures (figure.c) -------------------------------------------------------------------------

// quantity x price less discount, rounded once.
MUST_CHECK Status line_amount(Ctx *ctx, Qty quantity, Price price, Rate discount,
                              CurrencyCode currency, Money *ret);

// Where the company is taxed from, for goods that leave `place` (0: its seat).
MUST_CHECK Status seller_place(Ctx *ctx, Id place, Str *ret_country, Str *ret_region);
MUST_CHECK Status totals_from(Ctx *ctx, const TaxDocument *document, size_t line_count,
                              Totals *ret);

// ---- Postings (entry.c) -------------------------------------------------------------------------

// The taxes of lines and charges as postings: one a component. sign -1: credit side.
typedef struct TaxSums {
    Money by[TAX_COMPONENT_SALES_TAX + 1];
} TaxSums;
MUST_CHECK Status tax_sums_add(Ctx *ctx, TaxSums *sums, const TaxPartList *taxes);
void tax_sums_post(Ctx *ctx, const TaxSums *sums, Purpose purpose, int sign,
                   const Dimensions *where, PostingList *postings);
void post_amount(Ctx *ctx, Purpose purpose, Money amount, const Dimensions *where,
                 PostingList *postings);
Money money_signed(Money amount, int sign);

// The rows that tax returns are made of, for one line or charge.
typedef struct TaxRows {
    Link document, line;
    Date on;
    bool is_sale;
    int sign;
    Id party, tax_class;
    CurrencyCode currency;
    Fx fx;
} TaxRows;
MUST_CHECK Status tax_rows_write(Ctx *ctx, const TaxRows *rows, const TaxPartList *taxes);

// What has been matched with the document's open item, from what it came to.
MUST_CHECK Status settled_of(Ctx *ctx, Link document, Money total, Money *ret_settled,
                             SettleState *ret_state);

// ---- Credit notes (credit.c) --------------------------------------------------------------------

// The figures of a credit note for an invoice: shares of what the invoice said.
MUST_CHECK Status credit_calculate(Ctx *ctx, Invoice *credit);
// No more than was invoiced, counting those posted before.
MUST_CHECK Status credit_check(Ctx *ctx, const Invoice *credit);
// Matches a posted credit note with its invoice.
MUST_CHECK Status credit_allocate(Ctx *ctx, const Invoice *credit);

// ---- Actions, hooks, paper, checks --------------------------------------------------------------

MUST_CHECK Status invoice_before_save(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status invoice_may_post(Ctx *ctx, const void *record);
MUST_CHECK Status invoice_run_post(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status invoice_may_credit(Ctx *ctx, const void *record);
MUST_CHECK Status credit_needs_approval(Ctx *ctx, const void *record, const void *input,
                                        Str *ret_why);
MUST_CHECK Status invoice_run_credit(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status invoice_draw(Ctx *ctx, const void *record, Str *ret_pdf);    // paper.c
MUST_CHECK Status statement_draw(Ctx *ctx, const void *record, Str *ret_pdf);  // statement.c
MUST_CHECK Status bill_before_save(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status bill_may_post(Ctx *ctx, const void *record);
MUST_CHECK Status bill_run_post(Ctx *ctx, void *record, const void *input);
extern const VerifyCheck billing_checks[];  // check.c
