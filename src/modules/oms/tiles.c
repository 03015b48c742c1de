// tiles.c - what selling shows on the home page: what was sold, what is to be shipped, and what
// waits for somebody.
//
// Counts and lists are asked by the query of their list, so that each person's are of her own rows.
// Sums over all orders have no rows, so whoever is limited to some does not see them.
#include "modules/oms/offer.h"

#include "gen/oms.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/query.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/dashboard.h"
#include "web/web.h"

enum { SALES_DAYS = 30, SUMS_MAX = 5000, WAITING_SHOWN = 8 };

// ---- Sold ---------------------------------------------------------------------------------------

typedef struct Sold {
    Date from, until;
    Money days[SALES_DAYS * 2];
} Sold;

static Status require_all_rows(Ctx *ctx)
{
    if (ctx->actor->limits.len == 0)
        return OK;
    return FAIL(ctx, E_DENIED, "denied.scope",
                "sums over all rows are not for who sees some of them");
}

// In the company's currency, each order at the rate it was frozen with.
static Status read_sold(Ctx *ctx, Sold *sold)
{
    Date day;
    CurrencyCode currency;
    Fx fx;
    Money net, base;
    TRY(require_all_rows(ctx));
    Rows *rows =
        db_query(ctx, SQL("SELECT order_date, currency, fx,"
                          " CAST(sum(net + charges_net) AS BIGINT) FROM sales_order"
                          " WHERE state IN ('placed', 'confirmed', 'closed')"
                          " AND order_date BETWEEN $1 AND $2"
                          " GROUP BY order_date, currency, fx ORDER BY order_date LIMIT $3",
                          sold->from, sold->until, SUMS_MAX));
    while (rows_next(rows, &day, &currency, &fx, &net)) {
        TRY(money_convert(ctx, net, currency, ctx->tenant->base, fx, &base));
        TRY(money_add(ctx, sold->days[day - sold->from], base, &sold->days[day - sold->from]));
    }
    return rows_end(rows);
}

static Money sum_of(const Sold *sold, int from, int count)
{
    Money sum = { 0 };
    for (int i = from; i < from + count; i++)
        sum.minor += sold->days[i].minor;
    return sum;
}

// Drawn in whole units of the currency; each figure is shown to its cent.
static void add_points(Ctx *ctx, const Sold *sold, TileData *ret)
{
    int64_t unit = power10(currency_digits(ctx->tenant->base));
    for (int i = SALES_DAYS; i < SALES_DAYS * 2; i++)
        *list_push(ctx->arena, &ret->points) =
            (TilePoint){ .label = show_date(ctx, sold->from + i),
                         .value = sold->days[i].minor > 0 ? sold->days[i].minor / unit : 0,
                         .shown = show_money(ctx, sold->days[i], ctx->tenant->base) };
}

static void compare(Ctx *ctx, Money now, Money before, TileData *ret)
{
    if (before.minor <= 0)
        return;
    int64_t permille = (int64_t)((Wide)(now.minor - before.minor) * 1000 / before.minor);
    ret->note = tr_format(
        ctx, permille < 0 ? "%s %% on the 30 days before" : "+%s %% on the 30 days before",
        show_number(ctx, permille, 1).ptr);
    ret->note_tone = permille < 0 ? "down" : "up";
}

static Status net_sales(Ctx *ctx, TileData *ret)
{
    Date today = tenant_today(ctx);
    Sold sold = { .from = today - SALES_DAYS * 2 + 1, .until = today };
    TRY(read_sold(ctx, &sold));
    Money now = sum_of(&sold, SALES_DAYS, SALES_DAYS), before = sum_of(&sold, 0, SALES_DAYS);
    ret->value = show_money(ctx, now, ctx->tenant->base);
    ret->unit = str_copy(ctx->arena, currency_text(&ctx->tenant->base));
    compare(ctx, now, before, ret);
    add_points(ctx, &sold, ret);
    return OK;
}

static Status sales_by_day(Ctx *ctx, TileData *ret)
{
    Date today = tenant_today(ctx);
    Sold sold = { .from = today - SALES_DAYS * 2 + 1, .until = today };
    TRY(read_sold(ctx, &sold));
    add_points(ctx, &sold, ret);
    return OK;
}

// ---- To be done ---------------------------------------------------------------------------------

typedef struct Asked {
    const char *name, *value;
} Asked;

static Status ask(Ctx *ctx, const EntityDef *e, const Asked *asked, int limit, EntityQuery *query,
                  EntityRows *ret)
{
    FormFieldList fields = { 0 };
    for (; asked->name; asked++)
        *list_push(ctx->arena, &fields) =
            (FormField){ str_from(asked->name), str_from(asked->value) };
    TRY(entity_query_parse(ctx, e, &fields, query));
    query->limit = limit;
    query->want_count = true;
    return entity_query(ctx, query, ret);
}

static Status to_ship(Ctx *ctx, TileData *ret)
{
    EntityQuery query;
    EntityRows rows, late;
    Str today = date_text(ctx->arena, tenant_today(ctx));
    const Asked open[] = { { "state", "confirmed" },
                           { "fulfilment[in]", "unshipped,in_production,ready" },
                           { 0 } };
    const Asked over[] = { { "state", "confirmed" },
                           { "fulfilment[in]", "unshipped,in_production,ready" },
                           { "promised_on[below]", today.ptr },
                           { 0 } };
    TRY(ask(ctx, &sales_order_entity, open, 1, &query, &rows));
    TRY(ask(ctx, &sales_order_entity, over, 1, &query, &late));
    ret->value = show_number(ctx, rows.count, 0);
    ret->unit = tr_plural(ctx, "order", "orders", rows.count);
    ret->note =
        late.count ? tr_plural(ctx, "%lld late", "%lld late", late.count) : tr(ctx, "none is late");
    ret->note_tone = late.count ? "down" : "up";
    return OK;
}

static Status to_pay(Ctx *ctx, TileData *ret)
{
    EntityQuery query;
    EntityRows rows;
    static const Asked asked[] = { { "headline", "pending_payment" }, { 0 } };
    TRY(ask(ctx, &sales_order_entity, asked, 1, &query, &rows));
    ret->value = show_number(ctx, rows.count, 0);
    ret->unit = tr_plural(ctx, "order", "orders", rows.count);
    return OK;
}

static Str cell_text(const EntityQuery *query, const EntityRow *row, const char *field)
{
    for (size_t i = 0; i < query->columns.len; i++)
        if (query->columns.items[i].field &&
            strcmp(query->columns.items[i].field->name, field) == 0)
            return row->cells[i].text;
    return S("");
}

static Status exceptions(Ctx *ctx, TileData *ret)
{
    EntityQuery query;
    EntityRows rows;
    static const Asked asked[] = { { "state", "open" }, { 0 } };
    TRY(ask(ctx, &order_exception_entity, asked, WAITING_SHOWN, &query, &rows));
    EACH (row, rows.rows)
        *list_push(ctx->arena, &ret->rows) =
            (TileRow){ .label = cell_text(&query, row, "words"),
                       .second = cell_text(&query, row, "sales_order"),
                       .icon = "warn",
                       .url = record_url(ctx->arena, &order_exception_entity, row->id) };
    ret->count = rows.count;
    ret->empty = tr(ctx, "Nothing stands in an order's way.");
    return OK;
}

static Status returns_asked(Ctx *ctx, TileData *ret)
{
    EntityQuery query;
    EntityRows rows;
    static const Asked asked[] = { { "state[in]", "requested,received" }, { 0 } };
    TRY(ask(ctx, &rma_entity, asked, WAITING_SHOWN, &query, &rows));
    EACH (row, rows.rows)
        *list_push(ctx->arena, &ret->rows) =
            (TileRow){ .label = cell_text(&query, row, "number"),
                       .second = cell_text(&query, row, "customer"),
                       .value = str_is(cell_text(&query, row, "state"), "requested")
                                  ? tr(ctx, "to approve")
                                  : tr(ctx, "to inspect"),
                       .tone = "warn",
                       .icon = "ret",
                       .url = record_url(ctx->arena, &rma_entity, row->id) };
    ret->count = rows.count;
    ret->empty = tr(ctx, "No return waits.");
    return OK;
}

const Tile oms_tiles[] = {
    { "oms.net_sales", "Net sales, 30 days", TILE_FIGURE, "oms.reports",
      "/admin/reports/oms.sales_by_month", net_sales },
    { "oms.to_ship", "Orders to ship", TILE_FIGURE, "oms.view",
      "/admin/oms/orders?state=confirmed&fulfilment[in]=unshipped,in_production,ready", to_ship },
    { "oms.to_pay", "Orders waiting for money", TILE_FIGURE, "oms.view",
      "/admin/oms/orders?headline=pending_payment", to_pay },
    { "oms.sales_by_day", "Net sales by day", TILE_CHART, "oms.reports",
      "/admin/reports/oms.sales_by_month", sales_by_day },
    { "oms.exceptions", "Orders that are stuck", TILE_WAITING, "oms.view",
      "/admin/oms/exceptions?state=open", exceptions },
    { "oms.returns", "Returns", TILE_WAITING, "oms.returns",
      "/admin/oms/returns?state[in]=requested,received", returns_asked },
    { 0 },
};
