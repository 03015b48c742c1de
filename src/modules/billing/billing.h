// billing.h - invoices and credit notes, asked for by the modules that know what was delivered.
#pragma once

#include "gen/billing.gen.h"
#include "modules/ledger/ledger.h"

typedef struct InvoiceLineSpec {
    Id variant;
    Str name, unit_code, hsn;
    Qty quantity;
    Price price;
    Rate discount;
    Id tax_class;
    Link source;  // the order line
} InvoiceLineSpec;
typedef struct InvoiceChargeSpec {
    Str name;
    Money amount;
    Id tax_class;
    Purpose purpose;  // 0: charge_income
} InvoiceChargeSpec;

typedef struct InvoiceSpec {
    InvoiceKind kind;
    Id customer, credits;
    Date on, supply_on;
    CurrencyCode currency;
    bool is_tax_included;
    Link source;
    Postal bill_to, ship_to;
    Id channel, place, cost_centre;
    Str reference, reason, note;
    LIST(InvoiceLineSpec) lines;
    LIST(InvoiceChargeSpec) charges;
} InvoiceSpec;

// Makes a draft with its figures; posting is its action "post" (invoice_post).
MUST_CHECK Status invoice_create(Ctx *ctx, const InvoiceSpec *spec, Invoice *ret);
// Works out net, tax and totals of a draft.
MUST_CHECK Status invoice_calculate(Ctx *ctx, Invoice *invoice);
// draft -> posted: draws the gap-free number, posts entry, tax lines and the open item.
MUST_CHECK Status invoice_post(Ctx *ctx, Invoice *invoice);
// A credit note over some quantities of an invoice's lines (quantities[i] for lines[i], 0 none),
// posted.
MUST_CHECK Status invoice_credit(Ctx *ctx, const Invoice *invoice, const Qty *quantities,
                                 bool with_charges, Str reason, Date on, Link source, Invoice *ret);
// A document of sale on paper. Without facts of its own it has those of an invoice; `figures` are
// the addresses, lines, charges and totals, and need not be stored.
typedef struct PaperFact {
    Str label, value;
    bool is_code;
} PaperFact;
typedef struct SalesPaper {
    Str kind;  // "Quotation"
    const Invoice *figures;
    LIST(PaperFact) facts;
    Str closing;  // after the totals
} SalesPaper;
MUST_CHECK Status paper_draw(Ctx *ctx, const SalesPaper *paper, Str *ret_pdf);
typedef struct Pdf Pdf;
void paper_letterhead(Ctx *ctx, Pdf *pdf, Str kind);  // who writes, and what it is
Str paper_language(const Ctx *ctx);                   // of the caller, for pdf_new()

// Takes over what has been allocated to its open item: settled, settlement.
MUST_CHECK Status invoice_refresh(Ctx *ctx, Id invoice);
