// billing_module.c - invoices, credit notes and supplier bills: what the module offers.
#include "modules/billing/billing_module.h"

#include "kernel/pdf.h"
#include "modules/billing/inside.h"

static const Permission permissions[] = {
    { "billing.view", "See invoices and supplier bills" },
    { "billing.edit", "Write invoices and supplier bills" },
    { "billing.post", "Post invoices and supplier bills, write credit notes" },
    { "billing.approve", "Approve credit notes above the limit" },
    { 0 },
};

static const Action invoice_actions[] = {
    { "post", "Post", "draft", "posted", "billing.post", invoice_run_post,
      .check = invoice_may_post, .flags = ACTION_PRIMARY | ACTION_CONFIRM | ACTION_BULK,
      .effect = "Draws the number and posts it; it can only be credited then" },
    { "credit", "Credit", "posted", NULL, "billing.post", invoice_run_credit, &credit_input_shape,
      .check = invoice_may_credit, .flags = ACTION_CONFIRM,
      .effect = "Posts a credit note over everything that has not been credited yet" },
    { 0 },
};
static const Action bill_actions[] = {
    { "post", "Post", "draft", "posted", "billing.post", bill_run_post, .check = bill_may_post,
      .flags = ACTION_PRIMARY | ACTION_CONFIRM | ACTION_BULK,
      .effect = "Posts it; only a debit note can correct it then" },
    { 0 },
};
static const Machine machines[] = {
    { &invoice_entity, "state", invoice_actions },
    { &bill_entity, "state", bill_actions },
    { 0 },
};

static const ApprovalRule approvals[] = {
    { &invoice_entity, "credit", "billing.approve", credit_needs_approval },
    { 0 },
};

static const Hook hooks[] = {
    { &invoice_entity, .before_save = invoice_before_save },
    { &bill_entity, .before_save = bill_before_save },
    { 0 },
};

static const EventDef events[] = {
    { "billing.invoice.post", "An invoice or credit note was posted", &invoice_entity },
    { "billing.bill.post", "A supplier bill was posted", &bill_entity },
    { 0 },
};

static const Setting settings[] = {
    { "billing.approve_above", "Credit notes above this need approval",
      "In whole units of the company's currency: whoever credits more asks another person first; "
      "0 asks nobody",
      SETTING_INT, "0" },
    { "billing.tax_number", "Tax number on invoices",
      "The company's own VAT number or GSTIN, printed below its name", SETTING_TEXT, "",
      .permission = "billing.post" },
    { "billing.address", "Address on invoices",
      "The company's address as printed, lines between semicolons", SETTING_TEXT, "",
      .permission = "billing.post" },
    { "billing.footer", "Foot of invoices", "Bank details or other words at the foot of each page",
      SETTING_TEXT, "", .permission = "billing.post" },
    { 0 },
};

static const NavItem nav[] = {
    { "Money", .permission = "billing.view", .entity = &invoice_entity },
    { "Money", .permission = "billing.view", .entity = &bill_entity },
    { "Money", .permission = "billing.view", .entity = &tax_line_entity },
    { 0 },
};

static const PrintForm prints[] = {
    { &invoice_entity, "invoice", "Invoice", "billing.view", invoice_draw },
    { &party_entity, "statement", "Statement of account", "billing.view", statement_draw },
    { 0 },
};

const Module billing_part = {
    .name = "billing",
    .label = "Invoices",
    .entities = &billing_module,
    .is_shared = true,
    .permissions = permissions,
    .machines = machines,
    .approvals = approvals,
    .hooks = hooks,
    .events = events,
    .settings = settings,
    .nav = nav,
    .prints = prints,
    .checks = billing_checks,
};
