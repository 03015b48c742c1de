// mail.c - what a shop writes to its customer: the order has come, the money has come, the parcel
// has left and arrived, money goes back. One mail for one reason, in the shop's language of that
// customer.
#include "modules/storefront/mail.h"

#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "kernel/mail.h"

// `key` beside the letter's kind makes it once: a delivery, an amount given back.
static Status send(Ctx *ctx, const Shop *shop, const OrderView *view, Letter letter, Str key)
{
    Id id;
    Written written;
    const SalesOrder *order = &view->order;
    if (order->email.len == 0)
        return OK;
    letter.link = (Url){ order_absolute(ctx, shop, order->number) };
    letter_write(ctx, shop, view, &letter, &written);
    Mail mail = { .to = order->email,
                  .to_name = order->ship_to.recipient,
                  .subject = written.subject,
                  .text = written.text,
                  .html = written.html,
                  .reply_to = shop->store.email,
                  .about = { &sales_order_entity, order->record.id },
                  .dedupe = str_format(ctx->arena, "shop/" STR_FMT "/%s" STR_FMT,
                                       STR_ARG(id_text(ctx->arena, order->record.id)),
                                       letter_name(letter.kind), STR_ARG(key)) };
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

static Status write_about_order(Ctx *ctx, Id order, LetterKind kind)
{
    Shop shop;
    OrderView view;
    bool found;
    TRY(read_order(ctx, order, &shop, &view, &found));
    return found ? send(ctx, &shop, &view, (Letter){ .kind = kind }, S("")) : OK;
}

Status mail_received_job(Ctx *ctx, const JobRun *job)
{
    return write_about_order(ctx, job->subject.id, LETTER_RECEIVED);
}

Status mail_cancelled_job(Ctx *ctx, const JobRun *job)
{
    return write_about_order(ctx, job->subject.id, LETTER_CANCELLED);
}

// Paid when all of it has come; given back each time that more of it is.
Status mail_money_job(Ctx *ctx, const JobRun *job)
{
    Payment payment;
    Shop shop;
    OrderView view;
    bool found;
    Money captured, refunded, authorised;
    TRY(payment_load(ctx, job->subject.id, &payment));
    if (payment.subject.entity != &sales_order_entity)
        return OK;
    TRY(read_order(ctx, payment.subject.id, &shop, &view, &found));
    if (!found)
        return OK;
    TRY(payments_of(ctx, payment.subject, &captured, &refunded, &authorised));
    if (captured.minor >= view.order.totals.total.minor && captured.minor > 0)
        TRY(send(ctx, &shop, &view, (Letter){ .kind = LETTER_PAID }, S("")));
    if (payment.refunded.minor == 0)
        return OK;
    Letter letter = { .kind = LETTER_REFUNDED,
                      .detail = shop_money(ctx, payment.refunded, payment.currency) };
    Str key =
        str_format(ctx->arena, "-" STR_FMT "-%lld", STR_ARG(id_text(ctx->arena, payment.record.id)),
                   (long long)payment.refunded.minor);
    return send(ctx, &shop, &view, letter, key);
}

static Status write_about_parcel(Ctx *ctx, Id id, LetterKind kind)
{
    Delivery delivery;
    Shop shop;
    OrderView view;
    bool found;
    TRY(delivery_load(ctx, id, &delivery));
    TRY(read_order(ctx, delivery.sales_order, &shop, &view, &found));
    if (!found)
        return OK;
    Str key = str_join(ctx->arena, S("-"), id_text(ctx->arena, id));
    return send(ctx, &shop, &view, (Letter){ .kind = kind, .detail = delivery.tracking }, key);
}

Status mail_shipped_job(Ctx *ctx, const JobRun *job)
{
    return write_about_parcel(ctx, job->subject.id, LETTER_SHIPPED);
}

Status mail_delivered_job(Ctx *ctx, const JobRun *job)
{
    return write_about_parcel(ctx, job->subject.id, LETTER_DELIVERED);
}
