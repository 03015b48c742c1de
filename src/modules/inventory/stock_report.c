// stock_report.c - what people ask about stock: how much is where, what happened to it, what it was
// on a day, what it is worth, and what has to be ordered.
#include "modules/inventory/document.h"

#include "kernel/i18n.h"
#include "kernel/report.h"

// clang-format off
static const ReportColumn on_hand_columns[] = {
    { "variant_id", "", REPORT_ID },
    { "sku", TEXT("Variant"), REPORT_TEXT,
      .drill = "/admin/reports/inventory.stock_ledger?variant={variant_id}" },
    { "name", TEXT("Product"), REPORT_TEXT },
    { "place_code", TEXT("Place"), REPORT_TEXT },
    { "status", TEXT("Status"), REPORT_TEXT },
    { "lot", TEXT("Lot"), REPORT_TEXT },
    { "on_hand", TEXT("On hand"), REPORT_QTY },
    { 0 },
};
static const ReportColumn available_columns[] = {
    { "variant_id", "", REPORT_ID },
    { "sku", TEXT("Variant"), REPORT_TEXT },
    { "name", TEXT("Product"), REPORT_TEXT },
    { "warehouse", TEXT("Warehouse"), REPORT_TEXT },
    { "free", TEXT("Free"), REPORT_QTY },
    { "reserved", TEXT("Reserved"), REPORT_QTY },
    { "available", TEXT("Available"), REPORT_QTY },
    { 0 },
};
static const ReportColumn ledger_columns[] = {
    { "move_id", "", REPORT_ID },
    { "moved_on", TEXT("Day"), REPORT_DATE },
    { "kind", TEXT("Kind"), REPORT_TEXT, .drill = "/admin/inventory/moves/{move_id}" },
    { "from_code", TEXT("From"), REPORT_TEXT },
    { "to_code", TEXT("To"), REPORT_TEXT },
    { "lot", TEXT("Lot"), REPORT_TEXT },
    { "change", TEXT("Change"), REPORT_QTY, .is_sum = true },
    { "balance", TEXT("Balance"), REPORT_QTY },
    { 0 },
};
static const ReportColumn day_columns[] = {
    { "variant_id", "", REPORT_ID },
    { "sku", TEXT("Variant"), REPORT_TEXT },
    { "name", TEXT("Product"), REPORT_TEXT },
    { "warehouse", TEXT("Warehouse"), REPORT_TEXT },
    { "quantity", TEXT("Quantity"), REPORT_QTY },
    { "amount", TEXT("Value"), REPORT_MONEY, .is_sum = true },
    { 0 },
};
static const ReportColumn value_columns[] = {
    { "variant_id", "", REPORT_ID },
    { "warehouse", TEXT("Warehouse"), REPORT_TEXT, .is_group = true },
    { "sku", TEXT("Variant"), REPORT_TEXT },
    { "name", TEXT("Product"), REPORT_TEXT },
    { "method", TEXT("Method"), REPORT_TEXT },
    { "quantity", TEXT("Quantity"), REPORT_QTY },
    { "amount", TEXT("Value"), REPORT_MONEY, .is_sum = true },
    { 0 },
};
static const ReportColumn reorder_columns[] = {
    { "variant_id", "", REPORT_ID },
    { "sku", TEXT("Variant"), REPORT_TEXT },
    { "name", TEXT("Product"), REPORT_TEXT },
    { "warehouse", TEXT("Warehouse"), REPORT_TEXT },
    { "supplier", TEXT("Supplier"), REPORT_TEXT },
    { "available", TEXT("Available"), REPORT_QTY },
    { "least", TEXT("Order when below"), REPORT_QTY },
    { "wanted", TEXT("Order"), REPORT_QTY },
    { 0 },
};
static const ReportColumn expiry_columns[] = {
    { "lot_id", "", REPORT_ID },
    { "best_before", TEXT("Best before"), REPORT_DATE },
    { "sku", TEXT("Variant"), REPORT_TEXT },
    { "number", TEXT("Lot"), REPORT_TEXT },
    { "place_code", TEXT("Place"), REPORT_TEXT },
    { "on_hand", TEXT("On hand"), REPORT_QTY },
    { 0 },
};
// clang-format on

#define NAMED_VARIANT "v.sku, CASE WHEN v.name <> '' THEN v.name ELSE pr.name END AS name"
#define JOIN_VARIANT                                                                               \
    " JOIN seen_variant v ON v.id = s.variant_id JOIN seen_product pr ON pr.id = v.product_id"

static const char on_hand_sql[] =
    "SELECT s.variant_id, " NAMED_VARIANT ", p.place_code, s.status, COALESCE(l.number, '') AS lot,"
    " s.on_hand FROM seen_stock_level s" JOIN_VARIANT " JOIN seen_place p ON p.id = s.place_id"
    " LEFT JOIN seen_lot l ON l.id = s.lot_id LEFT JOIN seen_place w ON w.id = $1"
    " WHERE s.on_hand <> 0 AND ($1 = 0 OR (p.path >= w.path AND p.path < w.path || '~'))"
    " AND ($2 = 0 OR s.variant_id = $2) ORDER BY v.sku, p.path, l.best_before";

static const char available_sql[] =
    "SELECT s.variant_id, " NAMED_VARIANT ", p.place_code AS warehouse, s.free, s.reserved,"
    " s.free - s.reserved AS available FROM seen_stock_available s" JOIN_VARIANT
    " JOIN seen_place p ON p.id = s.warehouse_id WHERE ($1 = 0 OR s.warehouse_id = $1)"
    " AND ($2 = 0 OR s.variant_id = $2) AND (s.free <> 0 OR s.reserved <> 0)"
    " ORDER BY v.sku, p.place_code";

// A move within the warehouse, or between two of ours where all are asked for, changes nothing.
static const char ledger_sql[] =
    "WITH change AS (SELECT m.id, m.moved_on, m.kind, f.place_code AS from_code,"
    " t.place_code AS to_code, COALESCE(l.number, '') AS lot,"
    " CASE WHEN t.kind NOT IN ('supplier', 'customer', 'production', 'loss')"
    " AND ($4 = 0 OR (t.path >= w.path AND t.path < w.path || '~')) THEN m.quantity ELSE 0 END"
    " - CASE WHEN f.kind NOT IN ('supplier', 'customer', 'production', 'loss')"
    " AND ($4 = 0 OR (f.path >= w.path AND f.path < w.path || '~')) THEN m.quantity ELSE 0 END"
    " AS quantity FROM seen_stock_move m JOIN seen_place f ON f.id = m.from_id"
    " JOIN seen_place t ON t.id = m.to_id LEFT JOIN seen_lot l ON l.id = m.lot_id"
    " LEFT JOIN seen_place w ON w.id = $4 WHERE m.variant_id = $1 AND m.moved_on <= $3),"
    " running AS (SELECT id, moved_on, kind, from_code, to_code, lot, quantity,"
    " sum(quantity) OVER (ORDER BY moved_on, id ROWS UNBOUNDED PRECEDING) AS balance"
    " FROM change WHERE quantity <> 0)"
    " SELECT id AS move_id, moved_on, kind, from_code, to_code, lot, quantity AS change,"
    " CAST(balance AS BIGINT) AS balance FROM running WHERE moved_on >= $2 ORDER BY moved_on, id";

static const char day_sql[] =
    "WITH whole AS (SELECT variant_id, warehouse_id, CAST(sum(quantity) AS BIGINT) AS quantity,"
    " CAST(sum(amount + settled) AS BIGINT) AS amount FROM seen_stock_value WHERE moved_on <= $1"
    " AND ($2 = 0 OR warehouse_id = $2) AND ($3 = 0 OR variant_id = $3)"
    " GROUP BY variant_id, warehouse_id)"
    " SELECT s.variant_id, " NAMED_VARIANT ", p.place_code AS warehouse, s.quantity, s.amount"
    " FROM whole s" JOIN_VARIANT " JOIN seen_place p ON p.id = s.warehouse_id"
    " WHERE s.quantity <> 0 OR s.amount <> 0 ORDER BY v.sku, p.place_code";

static const char value_sql[] =
    "SELECT s.variant_id, p.place_code AS warehouse, " NAMED_VARIANT
    ", s.method, s.quantity, s.amount"
    " FROM seen_stock_cost s" JOIN_VARIANT " JOIN seen_place p ON p.id = s.warehouse_id"
    " WHERE ($1 = 0 OR s.warehouse_id = $1) AND ($2 = 0 OR s.variant_id = $2)"
    " AND (s.quantity <> 0 OR s.amount <> 0) ORDER BY p.place_code, v.sku";

static const char reorder_sql[] =
    "SELECT s.variant_id, " NAMED_VARIANT
    ", p.place_code AS warehouse, COALESCE(c.name, '') AS supplier,"
    " COALESCE(a.free - a.reserved, 0) AS available, s.least,"
    " s.wanted - COALESCE(a.free - a.reserved, 0) AS wanted"
    " FROM seen_reorder_rule s" JOIN_VARIANT " JOIN seen_place p ON p.id = s.warehouse_id"
    " LEFT JOIN seen_stock_available a ON a.variant_id = s.variant_id"
    " AND a.warehouse_id = s.warehouse_id"
    " LEFT JOIN seen_party c ON c.id = s.supplier_id WHERE s.archived = 0"
    " AND COALESCE(a.free - a.reserved, 0) < s.least"
    " AND ($1 = 0 OR s.warehouse_id = $1) AND ($2 = 0 OR s.variant_id = $2)"
    " ORDER BY supplier, v.sku";

static const char expiry_sql[] =
    "SELECT l.id AS lot_id, l.best_before, v.sku, l.number, p.place_code, s.on_hand"
    " FROM seen_stock_level s JOIN seen_lot l ON l.id = s.lot_id"
    " JOIN seen_variant v ON v.id = s.variant_id JOIN seen_place p ON p.id = s.place_id"
    " LEFT JOIN seen_place w ON w.id = $2 WHERE s.on_hand > 0 AND l.best_before <= $1"
    " AND ($2 = 0 OR (p.path >= w.path AND p.path < w.path || '~'))"
    " AND ($3 = 0 OR s.variant_id = $3) ORDER BY l.best_before, v.sku, l.number";

const Report stock_reports[] = {
    { "inventory.on_hand", TEXT("Stock on hand"), TEXT("Stock"), "inventory.view",
      &stock_filter_shape, on_hand_sql, on_hand_columns,
      TEXT("What lies where, by status and lot") },
    { "inventory.available", TEXT("Available stock"), TEXT("Stock"), "inventory.view",
      &stock_filter_shape, available_sql, available_columns,
      TEXT("What can still be promised, by warehouse") },
    { "inventory.stock_ledger", TEXT("Stock ledger"), TEXT("Stock"), "inventory.view",
      &stock_ledger_filter_shape, ledger_sql, ledger_columns,
      TEXT("Every move of one variant with its balance") },
    { "inventory.stock_on", TEXT("Stock on a day"), TEXT("Stock"), "inventory.value",
      &stock_day_filter_shape, day_sql, day_columns,
      TEXT("Quantity and value as they stood at the end of a day") },
    { "inventory.value", TEXT("Stock value"), TEXT("Stock"), "inventory.value", &stock_filter_shape,
      value_sql, value_columns, TEXT("What stock is worth now, by warehouse") },
    { "inventory.reorder", TEXT("To be ordered"), TEXT("Stock"), "inventory.view",
      &stock_filter_shape, reorder_sql, reorder_columns,
      TEXT("What has fallen below its reorder point, and how much is wanted") },
    { "inventory.expiry", TEXT("Lots about to expire"), TEXT("Stock"), "inventory.view",
      &stock_day_filter_shape, expiry_sql, expiry_columns,
      TEXT("Lots in stock whose best-before day is not later than the one given") },
    { 0 },
};
