// mail.c - what a shop writes to its customer: the order has come, the money has come, the parcel
// has left. One mail for one reason, in the shop's language of that customer.
#include "modules/storefront/mail.h"

#include "gen/pages/storefront_mail.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "kernel/mail.h"
#include "modules/storefront/order_page.h"

// ---- Composing ----------------------------------------------------------------------------------

typedef struct Letter {
    const char *reason;  // "received": of the key that makes it once
    Str subject, words;
} Letter;

static Str plain_text(Ctx *ctx, const Shop *shop, const OrderView *view, const Letter *letter)
{
    Buf out = { .arena = ctx->arena };
    const SalesOrder *order = &view->order;
    buf_printf(&out, STR_FMT "\n\n", STR_ARG(letter->words));
    EACH (line, order->lines)
        buf_printf(&out, STR_FMT " × " STR_FMT "\n", STR_ARG(show_qty(ctx, line->quantity, 0)),
                   STR_ARG(line->name));
    buf_printf(&out, "%s " STR_FMT "\n\n" STR_FMT "\n\n" STR_FMT "\n", tr(ctx, "Total:").ptr,
               STR_ARG(shop_money(ctx, order->totals.total, order->currency)),
               STR_ARG(order_absolute(ctx, shop, order->number)), STR_ARG(shop->store.name));
    return buf_str(&out);
}

static Status send(Ctx *ctx, const Shop *shop, const OrderView *view, const Letter *letter)
{
    Id id;
    Buf html = { .arena = ctx->arena };
    const SalesOrder *order = &view->order;
    if (order->email.len == 0)
        return OK;
    storefront_mail(&html, ctx, shop, view, letter->subject, letter->words,
                    (Url){ order_absolute(ctx, shop, order->number) });
    Mail mail = { .to = order->email,
                  .to_name = order->ship_to.recipient,
                  .subject = letter->subject,
                  .text = plain_text(ctx, shop, view, letter),
                  .html = buf_str(&html),
                  .reply_to = shop->store.email,
                  .about = { &sales_order_entity, order->record.id },
                  .dedupe =
                      str_format(ctx->arena, "shop/" STR_FMT "/%s",
                                 STR_ARG(id_text(ctx->arena, order->record.id)), letter->reason) };
    return mail_queue(ctx, &mail, &id);
}

// ---- About which order --------------------------------------------------------------------------

// The order as its shop shows it; not found: it was not sold by a shop.
static Status read_order(Ctx *ctx, Id id, Shop *shop, OrderView *view, bool *ret_found)
{
    SalesOrder order;
    Party party;
    TRY(sales_order_load(ctx, id, &order));
    TRY(shop_of_channel(ctx, order.channel, shop, ret_found));
    if (!*ret_found)
        return OK;
    TRY(party_load(ctx, order.customer, &party));
    EACH (language, shop->languages)
        if (str_eq(*language, party.language))
            shop->language = *language;
    locale_enter(ctx, locale_best(S(""), shop->language), ctx->tenant->zone);
    return order_view(ctx, shop, order.number, view, ret_found);
}

Status mail_received_job(Ctx *ctx, const JobRun *job)
{
    Shop shop;
    OrderView view;
    bool found;
    TRY(read_order(ctx, job->subject.id, &shop, &view, &found));
    if (!found)
        return OK;
    Letter letter = { "received", tr_format(ctx, "Order %s received", view.order.number.ptr),
                      tr(ctx, "Thank you. Your order has arrived; this is what you ordered:") };
    return send(ctx, &shop, &view, &letter);
}

Status mail_paid_job(Ctx *ctx, const JobRun *job)
{
    Payment payment;
    Shop shop;
    OrderView view;
    bool found;
    TRY(payment_load(ctx, job->subject.id, &payment));
    if (payment.subject.entity != &sales_order_entity)
        return OK;
    TRY(read_order(ctx, payment.subject.id, &shop, &view, &found));
    Money captured, refunded, authorised;
    TRY(payments_of(ctx, payment.subject, &captured, &refunded, &authorised));
    if (!found || captured.minor < view.order.totals.total.minor)
        return OK;
    Letter letter = { "paid", tr_format(ctx, "Order %s is paid", view.order.number.ptr),
                      tr(ctx, "Your payment has come. We pack your parcel now:") };
    return send(ctx, &shop, &view, &letter);
}

Status mail_shipped_job(Ctx *ctx, const JobRun *job)
{
    Delivery delivery;
    Shop shop;
    OrderView view;
    bool found;
    TRY(delivery_load(ctx, job->subject.id, &delivery));
    TRY(read_order(ctx, delivery.sales_order, &shop, &view, &found));
    if (!found)
        return OK;
    Str reason = str_join(ctx->arena, S("sent-"), id_text(ctx->arena, delivery.record.id));
    Str tracking = delivery.tracking.len
                     ? tr_format(ctx, "Your parcel is on its way. Tracking number: %s",
                                 delivery.tracking.ptr)
                     : tr(ctx, "Your parcel is on its way.");
    Letter letter = { reason.ptr, tr_format(ctx, "Order %s is on its way", view.order.number.ptr),
                      tracking };
    return send(ctx, &shop, &view, &letter);
}
