// reports.c - what was sold, by month, country, product and channel: placed orders, without tax, in
// the company's currency and others side by side, since amounts of two currencies are never added.
#include "modules/oms/offer.h"

static const ReportColumn month_columns[] = {
    { "month", "Month", REPORT_DATE },
    { "currency", "Currency", REPORT_TEXT },
    { "orders", "Orders", REPORT_INT, .is_sum = true },
    { "net", "Net sales", REPORT_MONEY, .in = "currency", .is_sum = true },
    { 0 },
};
static const ReportColumn country_columns[] = {
    { "country", "Country", REPORT_TEXT },
    { "currency", "Currency", REPORT_TEXT },
    { "orders", "Orders", REPORT_INT, .is_sum = true },
    { "net", "Net sales", REPORT_MONEY, .in = "currency", .is_sum = true },
    { 0 },
};
static const ReportColumn product_columns[] = {
    { "sku", "SKU", REPORT_TEXT },
    { "name", "Article", REPORT_TEXT },
    { "currency", "Currency", REPORT_TEXT },
    { "quantity", "Quantity", REPORT_QTY },
    { "net", "Net sales", REPORT_MONEY, .in = "currency", .is_sum = true },
    { "cost", "Cost", REPORT_MONEY, .is_sum = true },
    { 0 },
};
static const ReportColumn channel_columns[] = {
    { "channel", "Channel", REPORT_TEXT },
    { "currency", "Currency", REPORT_TEXT },
    { "orders", "Orders", REPORT_INT, .is_sum = true },
    { "net", "Net sales", REPORT_MONEY, .in = "currency", .is_sum = true },
    { 0 },
};
static const ReportColumn open_columns[] = {
    { "number", "Order", REPORT_TEXT },
    { "ordered", "Ordered", REPORT_DATE },
    { "promised", "Promised", REPORT_DATE },
    { "headline", "Stands", REPORT_TEXT },
    { "currency", "Currency", REPORT_TEXT },
    { "total", "Total", REPORT_MONEY, .in = "currency" },
    { 0 },
};

#define SOLD " o.state IN ('placed', 'confirmed', 'closed') AND o.order_date BETWEEN $1 AND $2"

// The first day of the month of a day, in whole numbers, since the engines share no words for
// dates: Hinnant's civil_from_days for years that begin in March, from 1900-03-01 (day 693655) to
// 2100-02-28.
static const char sales_by_month[] =
    "WITH sold AS (SELECT o.order_date - 693655 AS n, o.currency, o.net + o.charges_net AS net"
    " FROM seen_sales_order o WHERE" SOLD "),"
    " cycle AS (SELECT n / 1461 AS c, n % 1461 AS r, currency, net FROM sold),"
    " year AS (SELECT c, r, (4 * r + 3) / 1461 AS y, currency, net FROM cycle),"
    " month AS (SELECT c, y, (5 * (r - y * 1461 / 4) + 2) / 153 AS m, currency, net FROM year)"
    " SELECT 693655 + c * 1461 + y * 1461 / 4 + (153 * m + 2) / 5 AS first_day, currency,"
    " count(*) AS orders, CAST(sum(net) AS BIGINT) AS net FROM month"
    " GROUP BY c, y, m, currency ORDER BY first_day, currency";

const Report oms_reports[] = {
    { .name = "oms.sales_by_month",
      .title = "Sales by month",
      .group = "Sell",
      .permission = "oms.reports",
      .params = &sales_period_shape,
      .sql = sales_by_month,
      .columns = month_columns,
      .description = "Net of placed orders, charges included, by the month they were ordered in" },
    { .name = "oms.sales_by_country",
      .title = "Sales by country",
      .group = "Sell",
      .permission = "oms.reports",
      .params = &sales_period_shape,
      .sql =
          "SELECT coalesce(a.country, '') AS country, o.currency, count(*) AS orders,"
          " CAST(sum(o.net + o.charges_net) AS BIGINT) AS net"
          " FROM seen_sales_order o LEFT JOIN"
          " (SELECT party_id, min(country) AS country FROM seen_party_address"
          " WHERE is_delivery = 1 GROUP BY party_id) a ON a.party_id = o.customer_id"
          " WHERE" SOLD " GROUP BY coalesce(a.country, ''), o.currency ORDER BY net DESC, country",
      .columns = country_columns,
      .description = "Net of placed orders by the country the customer is delivered in" },
    { .name = "oms.sales_by_product",
      .title = "Sales by article",
      .group = "Sell",
      .permission = "oms.reports",
      .params = &sales_period_shape,
      .sql = "SELECT l.sku, max(l.name) AS name, o.currency,"
             " CAST(sum(l.base_quantity - l.cancelled) AS BIGINT) AS quantity,"
             " CAST(sum(l.net) AS BIGINT) AS net, CAST(sum(l.cost) AS BIGINT) AS cost"
             " FROM seen_sales_order o JOIN seen_sales_line l ON l.sales_order_id = o.id"
             " WHERE" SOLD " GROUP BY l.sku, o.currency ORDER BY net DESC, l.sku",
      .columns = product_columns,
      .description = "Quantity, net and cost of what was ordered, article by article" },
    { .name = "oms.sales_by_channel",
      .title = "Sales by channel",
      .group = "Sell",
      .permission = "oms.reports",
      .params = &sales_period_shape,
      .sql = "SELECT c.name AS channel, o.currency, count(*) AS orders,"
             " CAST(sum(o.net + o.charges_net) AS BIGINT) AS net"
             " FROM seen_sales_order o JOIN seen_channel c ON c.id = o.channel_id"
             " WHERE" SOLD " GROUP BY c.name, o.currency ORDER BY net DESC, channel",
      .columns = channel_columns,
      .description = "Net of placed orders by the way they were sold" },
    { .name = "oms.open_orders",
      .title = "Open orders",
      .group = "Sell",
      .permission = "oms.view",
      .sql =
          "SELECT number, order_date, promised_on, headline, currency, total FROM seen_sales_order"
          " WHERE state IN ('placed', 'confirmed')"
          " AND fulfilment IN ('unshipped', 'in_production', 'ready', 'part_shipped')"
          " ORDER BY promised_on, order_date, number",
      .columns = open_columns,
      .description = "What has been ordered and has not left completely, the most urgent on top" },
    { 0 },
};
