// inventory_module.c - stock: what the module offers.
#include "modules/inventory/inventory_module.h"

#include "kernel/event.h"
#include "kernel/i18n.h"
#include "kernel/job.h"
#include "modules/inventory/document.h"

static const Permission permissions[] = {
    { "inventory.view", "See stock, moves and stock documents" },
    { "inventory.edit", "Write stock documents" },
    { "inventory.post", "Post receipts, adjustments and counts, send and receive transfers" },
    { "inventory.value", "See what stock is worth" },
    { "inventory.cost", "Add landed cost" },
    { 0 },
};

// ---- Documents ----------------------------------------------------------------------------------

static const Action receipt_actions[] = {
    { "post", "Post", "draft", "posted", "inventory.post", receipt_post, .check = receipt_may_post,
      .flags = ACTION_PRIMARY | ACTION_CONFIRM | ACTION_BULK,
      .effect = "Puts the goods into stock and books them; it can only be corrected then" },
    { "correct", "Correct a quantity", "posted", NULL, "inventory.post", receipt_correct,
      &receipt_correction_shape, .effect = "Moves the difference today" },
    { 0 },
};
static const Action transfer_actions[] = {
    { "dispatch", "Send", "draft", "dispatched", "inventory.post", transfer_dispatch,
      .flags = ACTION_PRIMARY | ACTION_CONFIRM,
      .effect = "Takes the goods out of the first place" },
    { "receive", "Receive all", "dispatched", "received", "inventory.post", transfer_receive,
      .flags = ACTION_PRIMARY },
    { "receive_part", "Receive a part", "dispatched", NULL, "inventory.post", transfer_receive_part,
      &arrival_input_shape },
    { "lose_rest", "Rest is lost", "dispatched", "received", "inventory.post", transfer_lose_rest,
      .flags = ACTION_BAD | ACTION_CONFIRM | ACTION_REASON,
      .effect = "What has not arrived leaves stock as a loss" },
    { "recall", "Call back", "dispatched", "cancelled", "inventory.post", transfer_recall,
      .flags = ACTION_BAD | ACTION_CONFIRM,
      .effect = "What has not arrived goes back to where it was" },
    { "cancel", "Cancel", "draft", "cancelled", "inventory.edit", .flags = ACTION_BAD },
    { 0 },
};
static const Action adjustment_actions[] = {
    { "post", "Post", "draft", "posted", "inventory.post", adjustment_post,
      .flags = ACTION_PRIMARY | ACTION_CONFIRM,
      .effect = "Changes stock and books the difference" },
    { 0 },
};
static const Action count_actions[] = {
    { "start", "Start counting", "draft", "counting", "inventory.edit", count_start,
      .flags = ACTION_PRIMARY },
    { "enter", "Enter what was counted", "counting", NULL, "inventory.edit", count_enter,
      &counted_input_shape },
    { "post", "Post", "counting", "posted", "inventory.post", count_post,
      .flags = ACTION_PRIMARY | ACTION_CONFIRM, .effect = "Books the differences" },
    { "cancel", "Cancel", "draft|counting", "cancelled", "inventory.edit", .flags = ACTION_BAD },
    { 0 },
};
static const Action landed_actions[] = {
    { "post", "Post", "draft", "posted", "inventory.cost", landed_post,
      .flags = ACTION_PRIMARY | ACTION_CONFIRM,
      .effect = "Adds the cost to the goods that came, and to what was sold of them" },
    { 0 },
};
static const Machine machines[] = {
    { &goods_receipt_entity, "state", receipt_actions },
    { &stock_transfer_entity, "state", transfer_actions },
    { &stock_adjustment_entity, "state", adjustment_actions },
    { &stock_count_entity, "state", count_actions },
    { &landed_cost_entity, "state", landed_actions },
    { 0 },
};

// ---- Rules of records ---------------------------------------------------------------------------

static Status check_rule(Ctx *ctx, void *record, const void *before)
{
    const ReorderRule *rule = record;
    (void)before;
    if (rule->wanted.micro < rule->least.micro)
        ctx_problem(ctx, S("wanted"), "reorder_rule.wanted", "it is less than what is ordered at");
    return ctx_problems(ctx);
}

static const Hook hooks[] = {
    { &goods_receipt_entity, .before_save = receipt_check },
    { &landed_cost_entity, .before_save = landed_check },
    { &reorder_rule_entity, .before_save = check_rule },
    { 0 },
};

// ---- Jobs ---------------------------------------------------------------------------------------

enum { EXPIRED_AT_ONCE = 500 };

static Status run_expire(Ctx *ctx, const JobRun *job)
{
    int64_t ended;
    (void)job;
    return reservations_expire(ctx, EXPIRED_AT_ONCE, &ended);
}

// Each rule that is reached once a day, so that whoever buys can be told, or buy by itself.
static Status run_reorder(Ctx *ctx, const JobRun *job)
{
    Id rule;
    IdList reached = { 0 };
    (void)job;
    Rows *rows =
        db_query(ctx, SQL("SELECT r.id FROM reorder_rule r LEFT JOIN stock_available a"
                          " ON a.variant_id = r.variant_id AND a.warehouse_id = r.warehouse_id"
                          " WHERE r.archived = 0 AND COALESCE(a.free - a.reserved, 0) < r.least"
                          " ORDER BY r.id LIMIT 5000"));
    while (rows_next(rows, &rule))
        *list_push(ctx->arena, &reached) = rule;
    TRY(rows_end(rows));
    EACH (each, reached)
        TRY(event_emit(ctx, "inventory.reorder_rule.reached", *each, S("")));
    return OK;
}

static const JobDef jobs[] = {
    { "inventory.reservations_expire", "Let go of what carts held too long", run_expire,
      .in_lane = true, .every_s = 60 },
    { "inventory.reorder", "Look for stock below its reorder point", run_reorder, .in_lane = true,
      .daily_at = 5 * 60 + 1 },
    { 0 },
};

static const EventDef events[] = {
    { "inventory.goods_receipt.post", "Goods were received", &goods_receipt_entity },
    { "inventory.stock_transfer.dispatch", "A transfer left", &stock_transfer_entity },
    { "inventory.stock_transfer.receive", "A transfer arrived", &stock_transfer_entity },
    { "inventory.stock_adjustment.post", "Stock was adjusted", &stock_adjustment_entity },
    { "inventory.stock_count.post", "A count was posted", &stock_count_entity },
    { "inventory.landed_cost.post", "Landed cost was added", &landed_cost_entity },
    { "inventory.reorder_rule.reached", "Stock fell below its reorder point",
      &reorder_rule_entity },
    { 0 },
};

// ---- Settings, menu, roles ----------------------------------------------------------------------

static const EnumValue method_changes[] = {
    { "", "", "" },
    { "newest_cost", "Everything at the newest receipt's cost", "" },
    { "keep_value", "The value stays as it is", "" },
};
static const EnumDef method_change_enum = { "method_change", "Change of method", method_changes,
                                            COUNT(method_changes) };

static const Setting settings[] = {
    { "inventory.cost_method", "How stock is valued",
      "Holds for goods that come into a warehouse for the first time; others keep theirs",
      SETTING_ENUM, "average", .values = &cost_method_enum },
    { "inventory.method_change", "When FIFO becomes average",
      "What stock is worth after its method changed from FIFO or LIFO to the moving average",
      SETTING_ENUM, "newest_cost", .values = &method_change_enum },
    { 0 },
};

static const ScanFlow scans[] = {
    { &goods_receipt_entity, TEXT_IN("verb", "Receive"), "draft", "inventory.edit",
      receipt_scan_show, receipt_scan_act },
    { &stock_count_entity, TEXT_IN("verb", "Count"), "counting", "inventory.edit", count_scan_show,
      count_scan_act },
    { 0 },
};

static const NavItem nav[] = {
    { "Stock", "Scanner", "scan", "/admin/scan", "inventory.edit", NULL },
    { "Stock", "Stock on hand", "box", "/admin/reports/inventory.on_hand", "inventory.view", NULL },
    { "Stock", .permission = "inventory.view", .entity = &goods_receipt_entity },
    { "Stock", .permission = "inventory.view", .entity = &stock_transfer_entity },
    { "Stock", .permission = "inventory.view", .entity = &stock_adjustment_entity },
    { "Stock", .permission = "inventory.view", .entity = &stock_count_entity },
    { "Stock", .permission = "inventory.value", .entity = &landed_cost_entity },
    { "Stock", .permission = "inventory.view", .entity = &stock_move_entity },
    { "Stock", .permission = "inventory.view", .entity = &lot_entity },
    { "Stock", .permission = "inventory.view", .entity = &serial_entity },
    { "Settings", .permission = "inventory.view", .entity = &reorder_rule_entity },
    { 0 },
};

static const RoleTemplate roles[] = {
    { "stock_manager", "Stock manager", "inventory.* catalog.view company.* party.view" },
    { "stock_worker", "Warehouse worker",
      "inventory.view inventory.edit inventory.post catalog.view company.view" },
    { 0 },
};

const Module inventory_part = {
    .name = "inventory",
    .label = "Stock",
    .entities = &inventory_module,
    .permissions = permissions,
    .machines = machines,
    .hooks = hooks,
    .jobs = jobs,
    .events = events,
    .settings = settings,
    .nav = nav,
    .scans = scans,
    .reports = stock_reports,
    .checks = stock_checks,
    .roles = roles,
    .install = places_install,
};
