// pay.c - a payment at its provider: started when the customer comes, asked about when she comes
// back. Both call out, so neither runs in a transaction; whatever the provider does not say now its
// webhook or our own asking says later, and the order waits for it.
#include "gen/pages/storefront_order.h"
#include "kernel/db/db.h"
#include "kernel/i18n.h"
#include "modules/storefront/order_page.h"

typedef struct Paying {
    Shop shop;
    Payment payment;
    PaymentMethod method;
    Str order;  // number
    bool found;
} Paying;

static Status read_paying(Ctx *ctx, void *arg)
{
    Paying *paying = arg;
    Id payment;
    Str number = ctx->request->params[1];
    TRY(shop_enter(ctx, &paying->shop));
    if (!order_link_ok(ctx, "pay", number))
        return OK;
    TRY(db_maybe(ctx,
                 SQL("SELECT p.id, o.number FROM payment p"
                     " JOIN sales_order o ON o.id = p.subject_id"
                     " WHERE p.number = $1 AND o.channel_id = $2",
                     number, paying->shop.store.channel),
                 &paying->found, &payment, &paying->order));
    if (!paying->found)
        return OK;
    TRY(payment_load(ctx, payment, &paying->payment));
    return payment_method_load(ctx, paying->payment.method, &paying->method);
}

static Status to_order(Ctx *ctx, const Paying *paying)
{
    return respond_redirect(ctx, order_url(ctx, &paying->shop, paying->order).text);
}

static Status missing(Ctx *ctx, void *arg)
{
    return shop_missing(ctx, &((Paying *)arg)->shop);
}

static bool waits_for_money(const Paying *paying)
{
    PaymentState state = paying->payment.state;
    return paying->method.way == PAYMENT_WAY_GATEWAY && paying->payment.captured.minor == 0 &&
           (state == PAYMENT_STATE_WANTED || state == PAYMENT_STATE_PENDING ||
            state == PAYMENT_STATE_FAILED);
}

// Card data goes from the browser to the provider; this page may load the provider's script.
static const char policy[] =
    "default-src 'self'; script-src 'self' https://js.stripe.com; connect-src 'self'"
    " https://api.stripe.com; frame-src https://js.stripe.com https://hooks.stripe.com;"
    " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

static Status answer_pay(Ctx *ctx, const Paying *paying, const GatewayStart *start, bool has_failed)
{
    const Shop *shop = &paying->shop;
    Str number = paying->payment.number;
    Url pay = pay_url(ctx, shop, number);
    Url back = { has_failed ? pay.text : str_join(ctx->arena, shop->root, pay.text) };
    size_t body = html_begin(&ctx->request->out);
    storefront_pay(&ctx->request->out, ctx, shop, &paying->payment, paying->method.public_key,
                   start->client_secret, back, order_url(ctx, shop, paying->order), has_failed);
    ShopHead head = { .title = tr(ctx, "Payment"), .is_bare = true, .is_paying = !has_failed };
    TRY(shop_answer(ctx, shop, &head, body, has_failed ? 503 : 200));
    respond_header(ctx, "content-security-policy", str_from(policy));
    return OK;
}

// Coming back is only a reason to ask; what the provider says counts.
static Status ask(Ctx *ctx, const Paying *paying)
{
    if (payment_query(ctx, paying->payment.record.id, S("return")) != OK)
        ctx_recover(ctx);
    return to_order(ctx, paying);
}

Status pay_page_get(Ctx *ctx)
{
    Paying paying = { 0 };
    GatewayStart start = { 0 };
    TRY(tenant_read(ctx, read_paying, &paying));
    if (!paying.found)
        return tenant_read(ctx, missing, &paying);
    if (!waits_for_money(&paying))
        return to_order(ctx, &paying);
    if (request_query(ctx->request, "payment_intent").len ||
        request_query(ctx->request, "back").len)
        return ask(ctx, &paying);
    Status status = payment_start(ctx, paying.payment.record.id, &start);
    if (status != OK)
        ctx_recover(ctx);
    if (status == OK && start.redirect.len)
        return respond_redirect(ctx, start.redirect);
    return answer_pay(ctx, &paying, &start, status != OK);
}
