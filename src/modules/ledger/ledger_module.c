// ledger_module.c - the books: what the module offers.
#include "modules/ledger/ledger_module.h"

#include "modules/ledger/inside.h"

static const Permission permissions[] = {
    { "ledger.view", "See the books" },
    { "ledger.edit", "Write journal vouchers, cost centres and exchange rates" },
    { "ledger.post", "Post and reverse journal vouchers" },
    { "ledger.accounts", "Change which account is booked to" },
    { "ledger.close", "Close and lock months, and post while they are closing" },
    { "ledger.approve", "Approve journal vouchers above the limit" },
    { 0 },
};

static const Action voucher_actions[] = {
    { "post", "Post", "draft", "posted", "ledger.post", voucher_post, .check = voucher_may_post,
      .flags = ACTION_PRIMARY | ACTION_CONFIRM | ACTION_BULK,
      .effect = "Writes the entry; it can only be reversed then" },
    { "reverse", "Reverse", "posted", NULL, "ledger.post", voucher_reverse, &reverse_input_shape,
      .check = voucher_may_reverse, .flags = ACTION_CONFIRM,
      .effect = "Writes the same entry with debit and credit exchanged" },
    { 0 },
};
static const Action year_actions[] = {
    { "close", "Close months", .permission = "ledger.close", .run = months_close,
      .input = &months_input_shape,
      .effect = "Only those who close the books can still post there" },
    { "lock", "Lock months", .permission = "ledger.close", .run = months_lock,
      .input = &months_input_shape, .flags = ACTION_CONFIRM,
      .effect = "Nobody can post there any more" },
    { "reopen", "Open months again", .permission = "ledger.close", .run = months_reopen,
      .input = &reopen_input_shape, .flags = ACTION_BAD | ACTION_REASON,
      .effect = "What was reported for these months may change" },
    { 0 },
};
static const Machine machines[] = {
    { &voucher_entity, "state", voucher_actions },
    { &fiscal_year_entity, NULL, year_actions },
    { 0 },
};

static const ApprovalRule approvals[] = {
    { &voucher_entity, "post", "ledger.approve", voucher_needs_approval },
    { &voucher_entity, "reverse", "ledger.approve", voucher_needs_approval },
    { 0 },
};

static const Setting settings[] = {
    { "ledger.approve_above", "Journal vouchers above this need approval",
      "In whole units of the company's currency: whoever posts or reverses more asks another "
      "person first; 0 asks nobody",
      SETTING_INT, "0" },
    { 0 },
};

static const Hook hooks[] = {
    { &fiscal_year_entity, .before_save = fiscal_year_check },
    { 0 },
};

static const NavItem nav[] = {
    { "Money", .permission = "ledger.view", .entity = &journal_entry_entity },
    { "Money", .permission = "ledger.edit", .entity = &voucher_entity },
    { "Money", .permission = "ledger.view", .entity = &open_item_entity },
    { "Settings", .permission = "ledger.view", .entity = &account_entity },
    { "Settings", .permission = "ledger.accounts", .entity = &posting_rule_entity },
    { "Settings", .permission = "ledger.view", .entity = &fiscal_year_entity },
    { "Settings", .permission = "ledger.view", .entity = &cost_centre_entity },
    { "Settings", .permission = "ledger.view", .entity = &fx_rate_entity },
    { 0 },
};

static const RoleTemplate roles[] = {
    { "accountant", "Accountant", "ledger.* billing.* finance.* payments.* tax.* party.view" },
    { 0 },
};

const Module ledger_part = {
    .name = "ledger",
    .label = "Books",
    .entities = &ledger_module,
    .is_shared = true,
    .permissions = permissions,
    .machines = machines,
    .approvals = approvals,
    .hooks = hooks,
    .settings = settings,
    .nav = nav,
    .checks = ledger_checks,
    .roles = roles,
    .migrations = ledger_migrations,
    .install = chart_install,
};
