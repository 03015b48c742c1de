// order_page.c - an order as its customer sees it, without an account: by a signed link, which the
// confirmation and every mail carry. Whoever has lost it asks with number and address of mail.
#include "modules/storefront/order_page.h"

#include "base/json.h"
#include "gen/pages/storefront_order.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "modules/storefront/shelf.h"

static Status read_parcels(Ctx *ctx, OrderView *view)
{
    ParcelView parcel;
    Str state;
    Rows *rows = db_query(
        ctx, SQL("SELECT d.number, d.state, COALESCE(d.shipped_on, 0), COALESCE(d.delivered_on, 0),"
                 " d.carrier_name, d.tracking FROM delivery d"
                 " WHERE d.sales_order_id = $1 AND d.state <> 'cancelled' ORDER BY d.id LIMIT 50",
                 view->order.record.id));
    while (rows_next(rows, &parcel.number, &state, &parcel.shipped_on, &parcel.delivered_on,
                     &parcel.carrier, &parcel.tracking)) {
        parcel.state = (GoodsState)enum_value(&goods_state_enum, state);
        *list_push(ctx->arena, &view->parcels) = parcel;
        view->sent_on = view->sent_on ? view->sent_on : parcel.shipped_on;
        view->arrived_on = parcel.delivered_on ? parcel.delivered_on : view->arrived_on;
    }
    return rows_end(rows);
}

static Status read_payment(Ctx *ctx, OrderView *view)
{
    Str way, state;
    TRY(db_maybe(ctx,
                 SQL("SELECT p.number, p.state, m.name, m.way, m.instructions FROM payment p"
                     " JOIN payment_method m ON m.id = p.method_id"
                     " WHERE p.subject_id = $1 ORDER BY p.id DESC LIMIT 1",
                     view->order.record.id),
                 &view->has_payment, &view->payment_number, &state, &view->method, &way,
                 &view->instructions));
    if (!view->has_payment)
        return OK;
    view->way = (PaymentWay)enum_value(&payment_way_enum, way);
    view->payment_state = (PaymentState)enum_value(&payment_state_enum, state);
    return OK;
}

static bool is_settled(const SalesOrder *order)
{
    return order->paid.minor - order->refunded.minor >= order->totals.total.minor;
}

Status order_view(Ctx *ctx, const Shop *shop, Str number, OrderView *ret, bool *ret_found)
{
    Id id;
    *ret = (OrderView){ 0 };
    TRY(db_maybe(ctx,
                 SQL("SELECT id FROM sales_order WHERE number = $1 AND channel_id = $2"
                     " AND state <> 'draft'",
                     number, shop->store.channel),
                 ret_found, &id));
    if (!*ret_found)
        return OK;
    TRY(sales_order_load(ctx, id, &ret->order));
    ret->is_paid = is_settled(&ret->order);
    TRY(read_parcels(ctx, ret));
    return read_payment(ctx, ret);
}

// While the provider is silent the page asks again by itself.
static Status answer_order(Ctx *ctx, const Shop *shop, const OrderView *view)
{
    size_t body = html_begin(&ctx->request->out);
    storefront_order(&ctx->request->out, ctx, shop, view);
    ShopHead head = { .title = tr_format(ctx, "Order %s", view->order.number.ptr) };
    bool waits = view->way == PAYMENT_WAY_GATEWAY && view->payment_state == PAYMENT_STATE_PENDING;
    if (waits && !view->is_paid)
        respond_header(ctx, "refresh", S("15"));
    return shop_answer(ctx, shop, &head, body, 200);
}

Status order_page_get(Ctx *ctx)
{
    Shop shop;
    OrderView view;
    bool found = false;
    TRY(shop_enter(ctx, &shop));
    if (order_link_ok(ctx, "order", ctx->request->params[1]))
        TRY(order_view(ctx, &shop, ctx->request->params[1], &view, &found));
    return found ? answer_order(ctx, &shop, &view) : shop_missing(ctx, &shop);
}

// ---- Without the link ---------------------------------------------------------------------------

static Status draw_track(Ctx *ctx, const Shop *shop, Str number, bool is_wrong)
{
    size_t body = html_begin(&ctx->request->out);
    storefront_track(&ctx->request->out, ctx, shop, number, is_wrong);
    ShopHead head = { .title = tr(ctx, "Track an order") };
    return shop_answer(ctx, shop, &head, body, is_wrong ? 422 : 200);
}

Status track_page_get(Ctx *ctx)
{
    Shop shop;
    TRY(shop_enter(ctx, &shop));
    return draw_track(ctx, &shop, S(""), false);
}

// A wrong number and a wrong address are answered alike.
Status track_post(Ctx *ctx)
{
    Shop shop;
    const Json *form;
    OrderView view;
    bool found;
    TRY(shop_enter(ctx, &shop));
    TRY(request_json(ctx, &form));
    Str number = str_upper_ascii(ctx->arena, str_trim(json_str(form, "number")));
    TRY(order_view(ctx, &shop, number, &view, &found));
    if (!found || !str_eq_ascii_nocase(view.order.email, str_trim(json_str(form, "email"))))
        return draw_track(ctx, &shop, number, true);
    return respond_redirect(ctx, order_url(ctx, &shop, view.order.number).text);
}
