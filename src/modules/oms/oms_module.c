// oms_module.c - orders, deliveries, returns: what the module offers.
#include "modules/oms/oms_module.h"

#include "modules/oms/matrix_page.h"
#include "modules/oms/offer.h"
#include "modules/oms/order.h"

#include "kernel/i18n.h"
#include "kernel/pdf.h"

static const Permission permissions[] = {
    { "oms.view", "See orders, deliveries and returns" },
    { "oms.edit", "Write orders and quotations" },
    { "oms.confirm", "Release, hold and cancel orders" },
    { "oms.ship", "Plan, pick, pack and ship deliveries" },
    { "oms.invoice", "Invoice what was shipped" },
    { "oms.returns", "Take goods back and settle returns" },
    { "oms.reports", "See what was sold" },
    { "oms.approve", "Approve prices below cost" },
    { 0 },
};

// ---- What can be done ---------------------------------------------------------------------------

// clang-format off
static const Action order_actions[] = {
    { "quote", TEXT_IN("verb", "Quotation"), "draft", "quoted", "oms.edit", .check = order_quote_check },
    { "place", TEXT_IN("verb", "Place"), "draft|quoted", "placed", "oms.edit", order_place_run, .check = order_quote_check,
      .flags = ACTION_PRIMARY | ACTION_FRESH, .effect = "Freezes the prices and reserves the stock" },
    { "confirm", "Release", "placed", "confirmed", "oms.confirm", .check = order_confirm_check,
      .flags = ACTION_PRIMARY | ACTION_CONFIRM, .effect = "Releases the order, although it is not paid" },
    { "hold", TEXT_IN("verb", "Hold"), "placed|confirmed", NULL, "oms.confirm", order_hold_run, &hold_input_shape },
    { "unhold", "End hold", "placed|confirmed", NULL, "oms.confirm", order_unhold_run,
      .check = order_unhold_check },
    { "plan", "Plan delivery", "confirmed", NULL, "oms.ship", order_plan_run, .flags = ACTION_PRIMARY | ACTION_BULK },
    { "invoice", TEXT_IN("verb", "Invoice"), "confirmed|closed", NULL, "oms.invoice", order_invoice_run,
      .flags = ACTION_CONFIRM, .effect = "Posts an invoice; it can only be credited then" },
    { "amend", TEXT_IN("verb", "Change"), "placed|confirmed", NULL, "oms.edit", order_amend_run, &amend_input_shape },
    { "cancel", "Cancel", "draft|quoted|placed|confirmed", "cancelled", "oms.confirm", order_cancel_run,
      &cancel_input_shape, order_cancel_check, ACTION_BAD | ACTION_CONFIRM,
      "Lets the stock go and gives back what was paid" },
    { "cancel_rest", "Cancel the rest", "confirmed", NULL, "oms.confirm", order_cancel_rest_run,
      &cancel_input_shape, order_cancel_rest_check, ACTION_BAD | ACTION_CONFIRM,
      "What has not left will not be delivered any more" },
    { "close", "Close", "confirmed", "closed", "oms.confirm", .check = order_close_check },
    { 0 },
};

static const Action delivery_actions[] = {
    { "pick", TEXT_IN("verb", "Pick"), "planned|picking", "picking", "oms.ship", delivery_pick_run,
      .flags = ACTION_PRIMARY | ACTION_BULK },
    { "pack", "Packed", "picking", "packed", "oms.ship", delivery_pack_run,
      .flags = ACTION_PRIMARY | ACTION_BULK },
    { "ship", "Ship", "planned|picking|packed", "shipped", "oms.ship", delivery_ship_run, &ship_input_shape,
      .flags = ACTION_CONFIRM, .effect = "The goods leave stock" },
    { "deliver", "Delivered", "shipped", "delivered", "oms.ship", delivery_arrive_run, &arrive_input_shape },
    { "cancel", "Cancel", "planned|picking|packed", "cancelled", "oms.ship", delivery_cancel_run,
      .flags = ACTION_BAD | ACTION_CONFIRM, .effect = "Its goods stay reserved for the order" },
    { 0 },
};

static const Action pick_list_actions[] = {
    { "fill", "Take in deliveries", "open", NULL, "oms.ship", pick_list_fill_run, .flags = ACTION_PRIMARY },
    { "done", "Done", "open", "done", "oms.ship" },
    { 0 },
};

static const Action rma_actions[] = {
    { "approve", "Approve", "requested", "approved", "oms.returns", .flags = ACTION_PRIMARY },
    { "reject", "Reject", "requested|approved", "rejected", "oms.returns", rma_reject_run,
      .flags = ACTION_BAD | ACTION_CONFIRM },
    { "receive", "Received", "requested|approved", "received", "oms.returns", rma_receive_run,
      &arrive_input_shape, .flags = ACTION_PRIMARY, .effect = "Goods come into inspection" },
    { "inspect", "Inspected", "received", "inspected", "oms.returns", rma_inspect_run,
      .check = rma_inspect_check, .flags = ACTION_PRIMARY },
    { "settle", "Settle", "inspected", "settled", "oms.returns", rma_settle_run, &arrive_input_shape,
      .flags = ACTION_PRIMARY | ACTION_CONFIRM, .effect = "Posts a credit note and gives back what was paid" },
    { 0 },
};

static const Action exception_actions[] = {
    { "solve", "Solved", .permission = "oms.confirm", .run = exception_solve_run,
      .check = exception_solve_check, .flags = ACTION_PRIMARY },
    { 0 },
};
// clang-format on

static const Machine machines[] = {
    { &sales_order_entity, "state", order_actions },
    { &delivery_entity, "state", delivery_actions },
    { &pick_list_entity, "state", pick_list_actions },
    { &rma_entity, "state", rma_actions },
    { &order_exception_entity, NULL, exception_actions },
    { 0 },
};

static const ApprovalRule approvals[] = {
    { &sales_order_entity, "place", "oms.approve", order_needs_approval },
    { 0 },
};

static const Hook hooks[] = {
    { &sales_order_entity, .before_save = order_before_save },
    { &delivery_entity, .before_save = delivery_before_save },
    { &rma_entity, .before_save = rma_before_save, .after_save = rma_after_save },
    { 0 },
};

// ---- What happens later -------------------------------------------------------------------------

static const JobDef jobs[] = {
    { "oms.payment", "Take over a payment", oms_payment_job, .in_lane = true },
    { "oms.backorders", "Give stock to orders that wait", oms_backorders_job, .in_lane = true,
      .every_s = 300 },
    { "oms.late", "Notice orders that are late", oms_late_job, .in_lane = true, .every_s = 3600 },
    { "oms.close", "Close what is over", oms_close_job, .in_lane = true, .every_s = 3600 },
    { 0 },
};
static const Subscription subscriptions[] = {
    { "payments.payment.applied", "oms.payment" },
    { 0 },
};
static const EventDef events[] = {
    { "oms.sales_order.place", "An order was placed", &sales_order_entity },
    { "oms.sales_order.confirm", "An order was released", &sales_order_entity },
    { "oms.sales_order.amend", "An order was changed", &sales_order_entity },
    { "oms.sales_order.cancel", "An order was cancelled", &sales_order_entity },
    { "oms.sales_order.close", "An order was closed", &sales_order_entity },
    { "oms.delivery.ship", "A delivery has left", &delivery_entity },
    { "oms.delivery.deliver", "A delivery has arrived", &delivery_entity },
    { "oms.rma.receive", "A return has come in", &rma_entity },
    { "oms.rma.settle", "A return was settled", &rma_entity },
    { 0 },
};

// ---- The rest -----------------------------------------------------------------------------------

static const Setting settings[] = {
    { "oms.invoice_on_shipping", "Invoice when goods leave",
      "Each delivery is invoiced in the same step; else somebody invoices the order", SETTING_BOOL,
      "1" },
    { "oms.approve_below_cost", "Prices below cost need approval",
      "Whoever places an order with a line that costs more than it brings asks another person "
      "first; the shop's own prices are not asked about",
      SETTING_BOOL, "0" },
    { "oms.close_after_days", "Close delivered orders after, days",
      "Delivered and paid orders are closed when so many days have passed; 0 never closes them",
      SETTING_INT, "14" },
    { 0 },
};

static const NavItem nav[] = {
    { .group = "Sell", .entity = &sales_order_entity },
    { .group = "Sell", .entity = &delivery_entity },
    { .group = "Sell", .entity = &pick_list_entity },
    { .group = "Sell", .entity = &rma_entity },
    { .group = "Sell", .entity = &order_exception_entity },
    { 0 },
};

static const RecordLink links[] = {
    { &sales_order_entity, "Size by colour", "cols", "matrix", "oms.edit", "draft|quoted" },
    { 0 },
};

// clang-format off
static const Route routes[] = {
    { "GET", "/admin/oms/orders/{id}/matrix", "oms.edit", ROUTE_READ, order_matrix_get, ROUTE_HIDDEN },
    { "POST", "/admin/oms/orders/{id}/matrix", "oms.edit", ROUTE_WRITE, order_matrix_post, ROUTE_HIDDEN },
    { 0 },
};
// clang-format on

static const PrintForm prints[] = {
    { &sales_order_entity, "order", "Quotation or confirmation", "oms.view", print_order },
    { &rma_entity, "return-slip", "Return slip", "oms.view", print_return_slip },
    { &delivery_entity, "packing-slip", "Packing slip", "oms.view", print_packing_slip },
    { &delivery_entity, "pick-list", "Pick list", "oms.view", print_delivery_picks },
    { &pick_list_entity, "pick-list", "Pick list", "oms.view", print_pick_list },
    { 0 },
};

static const ScanFlow scans[] = {
    { &pick_list_entity, TEXT_IN("verb", "Pick"), "open", "oms.ship", pick_scan_show,
      pick_scan_act },
    { 0 },
};

static const VerifyCheck checks[] = {
    { "oms.axes", "orders stand where their documents say", oms_check_axes },
    { "oms.quantities", "shipped, invoiced and returned equal their documents",
      oms_check_quantities },
    { "oms.reserved", "what orders reserve is what stock holds back", oms_check_reserved },
    { "oms.money", "orders add up, and are paid what their payments say", oms_check_money },
    { 0 },
};

static const RoleTemplate roles[] = {
    { "sales", "Sales",
      "oms.view oms.edit oms.confirm oms.returns oms.reports party.* catalog.view inventory.view"
      " billing.view payments.view" },
    { "packer", "Picking and packing", "oms.view oms.ship inventory.view catalog.view" },
    { 0 },
};

const Module oms_part = {
    .name = "oms",
    .label = "Orders",
    .entities = &oms_module,
    .permissions = permissions,
    .machines = machines,
    .approvals = approvals,
    .hooks = hooks,
    .jobs = jobs,
    .events = events,
    .subscriptions = subscriptions,
    .settings = settings,
    .nav = nav,
    .reports = oms_reports,
    .tiles = oms_tiles,
    .scans = scans,
    .links = links,
    .routes = routes,
    .prints = prints,
    .checks = checks,
    .roles = roles,
};
