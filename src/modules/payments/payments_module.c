// payments_module.c - getting paid: what the module offers.
#include "modules/payments/payments_module.h"

#include "modules/payments/payment.h"

#include "kernel/report.h"
#include "kernel/verify.h"

static const Permission permissions[] = {
    { "payments.view", "See payments" },
    { "payments.edit", "Receive payments" },
    { "payments.refund", "Give money back" },
    { "payments.settings", "Set up payment methods" },
    { "payments.approve", "Approve refunds above the limit" },
    { 0 },
};

// clang-format off
static const Action payment_actions[] = {
    { "receive", "Received", .permission = "payments.edit", .run = payment_receive_run,
      .input = &receipt_input_shape, .check = payment_receive_check, .flags = ACTION_PRIMARY,
      .effect = "Books the amount as paid" },
    { "refund", "Give back", .permission = "payments.refund", .run = payment_refund_run,
      .input = &refund_input_shape, .check = payment_refund_check, .flags = ACTION_CONFIRM | ACTION_BAD,
      .effect = "Gives the money back to where it came from" },
    { "void", "Called off", .permission = "payments.edit", .run = payment_void_run,
      .check = payment_void_check, .flags = ACTION_CONFIRM | ACTION_BAD,
      .effect = "Nothing is expected any more" },
    { 0 },
};
// clang-format on
static const Machine machines[] = {
    { &payment_entity, NULL, payment_actions },
    { 0 },
};

static const ApprovalRule approvals[] = {
    { &payment_entity, "refund", "payments.approve", refund_needs_approval },
    { 0 },
};

static const Setting settings[] = {
    { "payments.approve_above", "Refunds above this need approval",
      "In whole units of the company's currency: whoever gives back more asks another person "
      "first; 0 asks nobody",
      SETTING_INT, "0" },
    { 0 },
};

static const Hook hooks[] = {
    { &payment_entity, .before_save = payment_before_save },
    { &payment_method_entity, .before_save = method_before_save },
    { 0 },
};

// clang-format off
static const Route routes[] = {
    { "POST", "/webhooks/{provider}", NULL, ROUTE_WRITE, payments_webhook_route,
      ROUTE_PUBLIC | ROUTE_RAW_BODY | ROUTE_NO_CSRF | ROUTE_HIDDEN, "What a payment provider tells us" },
    { "GET", "/pay/return/{number}", NULL, ROUTE_FREE, payments_return_route,
      ROUTE_PUBLIC | ROUTE_SLOW | ROUTE_HIDDEN, "The customer comes back from the provider" },
    { "POST", "/api/v1/payments/payments/{id}/start", "payments.edit", ROUTE_FREE, payments_start_route,
      ROUTE_SLOW, "Start a payment at its provider" },
    { 0 },
};
// clang-format on

static const JobDef jobs[] = {
    { "payments.webhook", "Take in what a provider told us", payments_webhook_job,
      .in_lane = true },
    { "payments.refund", "Give money back through the provider", payments_refund_job,
      .retries = 12 },
    { "payments.fee", "Ask a provider what it kept of a payment", payments_fee_job, .retries = 12 },
    { "payments.poll", "Ask providers about waiting payments", payments_poll_job, .every_s = 300 },
    { 0 },
};

static const EventDef events[] = {
    { "payments.payment.applied", "Something became known about a payment", &payment_entity },
    { 0 },
};

static const NavItem nav[] = {
    { .group = "Money", .entity = &payment_entity },
    { .group = "Settings", .entity = &payment_method_entity },
    { 0 },
};

static const ReportColumn open_columns[] = {
    { "number", "Payment", REPORT_TEXT },
    { "created", "Asked for", REPORT_DATE },
    { "state", "State", REPORT_TEXT },
    { "currency", "Currency", REPORT_TEXT },
    { "wanted", "Amount", REPORT_MONEY, .in = "currency" },
    { "captured", "Came in", REPORT_MONEY, .in = "currency" },
    { "refunded", "Given back", REPORT_MONEY, .in = "currency" },
    { 0 },
};
static const Report reports[] = {
    { .name = "payments.attention",
      .title = "Payments to look at",
      .group = "Money",
      .permission = "payments.view",
      .sql = "SELECT number, paid_on, state, currency, wanted, captured, refunded FROM seen_payment"
             " WHERE state IN ('disputed', 'pending', 'wanted') ORDER BY id DESC",
      .columns = open_columns,
      .description = "What waits for money, and what came in another way than it was asked for" },
    { 0 },
};

static const VerifyCheck checks[] = {
    { "payments.sums", "every payment is what its facts come to", payments_check_sums },
    { "payments.posted", "what came in and went back stands in the books", payments_check_posted },
    { 0 },
};

static const RoleTemplate roles[] = {
    { "cashier", "Cashier", "payments.view payments.edit party.view billing.view" },
    { 0 },
};

const Module payments_part = {
    .name = "payments",
    .label = "Payments",
    .entities = &payments_module,
    .is_shared = true,
    .permissions = permissions,
    .machines = machines,
    .approvals = approvals,
    .hooks = hooks,
    .routes = routes,
    .jobs = jobs,
    .events = events,
    .settings = settings,
    .nav = nav,
    .reports = reports,
    .checks = checks,
    .roles = roles,
    .install = methods_install,
};
