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

// Days are counted from 0001-01-01; a month is known by its first day. The calendar's arithmetic
// (Hinnant's civil_from_days) is not for SQL, so months come from rows of days grouped by code.
static Date month_of(Date day)
{
    return date_month_start(day);
}

typedef struct MonthRow {
    Date month;
    CurrencyCode currency;
    int64_t orders;
    Money net;
} MonthRow;
typedef LIST(MonthRow) MonthRowList;

static MonthRow *month_row(Ctx *ctx, MonthRowList *list, Date month, CurrencyCode currency)
{
    EACH (row, *list)
        if (row->month == month && currency_eq(row->currency, currency))
            return row;
    MonthRow *row = list_push(ctx->arena, list);
    *row = (MonthRow){ .month = month, .currency = currency };
    return row;
}

static void add_month(Ctx *ctx, const MonthRow *row, ReportRows *ret)
{
    ReportCell *cells = report_add_row(ctx, ret);
    cells[0] = (ReportCell){ .number = row->month, .known = true };
    cells[1] =
        (ReportCell){ .text = str_copy(ctx->arena, currency_text(&row->currency)), .known = true };
    cells[2] = (ReportCell){ .number = row->orders, .known = true };
    cells[3] = (ReportCell){ .number = row->net.minor, .known = true };
}

static Status sales_by_month(Ctx *ctx, const void *params, ReportRows *ret)
{
    const SalesPeriod *period = params;
    MonthRowList months = { 0 };
    MonthRow day;
    Rows *rows = db_query(
        ctx, SQL("SELECT o.order_date, o.currency, count(*),"
                 " CAST(sum(o.net + o.charges_net) AS BIGINT) FROM sales_order o WHERE" SOLD
                 " GROUP BY o.order_date, o.currency ORDER BY o.order_date, o.currency",
                 period->from, period->until));
    while (rows_next(rows, &day.month, &day.currency, &day.orders, &day.net)) {
        MonthRow *row = month_row(ctx, &months, month_of(day.month), day.currency);
        row->orders += day.orders;
        row->net.minor += day.net.minor;
    }
    TRY(rows_end(rows));
    EACH (row, months)
        add_month(ctx, row, ret);
    return OK;
}

const Report oms_reports[] = {
    { .name = "oms.sales_by_month",
      .title = "Sales by month",
      .group = "Sell",
      .permission = "oms.reports",
      .params = &sales_period_shape,
      .rows = sales_by_month,
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
