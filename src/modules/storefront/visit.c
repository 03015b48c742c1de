// visit.c - counting pages, and what came of it: visits, products looked at, bags begun, checkouts,
// orders.
#include "modules/storefront/visit.h"

#include "kernel/db/db.h"
#include "kernel/tally.h"
#include "modules/oms/oms.h"

static bool is_robot(const Ctx *ctx)
{
    static const char *const words[] = { "bot", "crawl", "spider", "slurp", "preview", "monitor" };
    Str agent = str_lower_ascii(ctx->arena, request_header(ctx->request, "user-agent"));
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_find(agent, str_from(words[i])) >= 0)
            return true;
    return false;
}

static bool comes_from_outside(const Ctx *ctx)
{
    Str rest = request_header(ctx->request, "referer"), host = S("");
    ptrdiff_t at = str_find(rest, S("://"));
    rest = at < 0 ? S("") : str_from_at(rest, (size_t)at + 3);
    str_next(&rest, '/', &host);
    return !str_eq(host, request_header(ctx->request, "host"));
}

void visit_note(Ctx *ctx, const Shop *shop, VisitKind kind)
{
    if (is_robot(ctx))
        return;
    tally_add(ctx, shop->store.channel, visit_kind_enum.values[kind].name);
    if (kind != VISIT_KIND_BAG && comes_from_outside(ctx))
        tally_add(ctx, shop->store.channel, visit_kind_enum.values[VISIT_KIND_VISIT].name);
}

Status visits_write_job(Ctx *ctx, const JobRun *job)
{
    TallyList counted;
    (void)job;
    tally_take(ctx, &counted);
    EACH (one, counted)
        TRY(db_write(ctx, SQL("INSERT INTO visit_day (channel_id, day, kind, count)"
                              " VALUES ($1, $2, $3, $4) ON CONFLICT (channel_id, day, kind)"
                              " DO UPDATE SET count = visit_day.count + excluded.count",
                              one->subject, one->day, str_from(one->kind), one->count)));
    return OK;
}

// ---- What came of it ----------------------------------------------------------------------------

static const ReportColumn columns[] = {
    { "day", "Day", REPORT_DATE },
    { "channel", "Channel", REPORT_TEXT },
    { "visits", "Visits", REPORT_INT, .is_sum = true },
    { "pages", "Pages", REPORT_INT, .is_sum = true },
    { "products", "Products seen", REPORT_INT, .is_sum = true },
    { "bags", "Put into the bag", REPORT_INT, .is_sum = true },
    { "checkouts", "Checkouts", REPORT_INT, .is_sum = true },
    { "orders", "Orders", REPORT_INT, .is_sum = true },
    { "rate", "Orders of visits", REPORT_PERCENT },
    { 0 },
};

#define OF(kind) " CAST(COALESCE(sum(v.count) FILTER (WHERE v.kind = '" kind "'), 0) AS BIGINT)"

// clang-format off
const Report storefront_reports[] = {
    { .name = "storefront.visits",
      .title = "Visits and orders",
      .group = "Sell",
      .permission = "storefront.view",
      .params = &sales_period_shape,
      .sql = "SELECT n.day, n.channel, n.visits, n.pages, n.products, n.bags, n.checkouts,"
             " n.orders, CASE WHEN n.visits > 0 THEN n.orders * 1000000 / n.visits ELSE 0 END"
             " AS rate FROM (SELECT v.day, c.name AS channel,"
             OF("visit") " AS visits,"
             OF("page") " +" OF("product") " +" OF("checkout") " AS pages,"
             OF("product") " AS products," OF("bag") " AS bags," OF("checkout") " AS checkouts,"
             " (SELECT count(*) FROM seen_sales_order o WHERE o.channel_id = v.channel_id"
             " AND o.order_date = v.day AND o.state <> 'draft') AS orders"
             " FROM seen_visit_day v JOIN seen_channel c ON c.id = v.channel_id"
             " WHERE v.day BETWEEN $1 AND $2 GROUP BY v.day, v.channel_id, c.name) n"
             " ORDER BY n.day DESC, n.channel",
      .columns = columns,
      .description = "How many came to a shop, what they looked at, and how many bought; counted "
                     "without cookies" },
    { 0 },
};
// clang-format on
