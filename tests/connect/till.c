// till.c - an order that waits for its payment by card.
#include "connect/till.h"

#include "app/app.h"
#include "kernel/http/request.h"
#include "kernel/secrets.h"

// ---- Steps --------------------------------------------------------------------------------------

static Status step_furnish(Ctx *ctx, void *arg)
{
    Till *till = arg;
    PaymentMethod *method = payment_method_new(ctx);
    method->method_code = S("card");
    method->name = S("Card");
    method->way = PAYMENT_WAY_GATEWAY;
    method->provider = S("stripe");
    method->endpoint = fake_stripe_url(ctx->arena, &till->fake);
    TRY(secret_seal(ctx, S("secret.secret_key"), str_from(fake_secret_key),
                    &method->secret_key.sealed));
    TRY(secret_seal(ctx, S("secret.webhook_secret"), str_from(fake_webhook_secret),
                    &method->webhook_secret.sealed));
    TRY(ledger_account(ctx, PURPOSE_GATEWAY_CLEARING, 0, 0, ctx->tenant->base, S(""),
                       &method->account));
    TRY(payment_method_save(ctx, method));
    till->card = method->record.id;
    return OK;
}

static Status step_order(Ctx *ctx, void *arg)
{
    Till *till = arg;
    TRY(shop_order(ctx, &till->shop, &(Basket){ .pieces = { 2 } }, &till->order));
    PaymentSpec spec = { .party = till->order.customer,
                         .method = till->card,
                         .subject = { &sales_order_entity, till->order.record.id },
                         .currency = till->order.currency,
                         .amount = till->order.totals.total };
    return payment_create(ctx, &spec, &till->payment);
}

static Status step_look(Ctx *ctx, void *arg)
{
    Till *till = arg;
    TRY(payment_load(ctx, till->payment.record.id, &till->payment));
    return sales_order_load(ctx, till->order.record.id, &till->order);
}

void till_look(Ctx *ctx, Till *till)
{
    shop_jobs(ctx);
    CHECK_OK(ctx, tenant_read(ctx, step_look, till));
}

void till_open(Ctx *ctx, Till *till)
{
    *till = (Till){ 0 };
    shop_open(ctx, &till->shop, 10, 0);
    gateways_use(app_gateways);
    fake_stripe_open(&till->fake);
    books_must(ctx, step_furnish, till);
    books_must(ctx, step_order, till);
}

void till_close(Ctx *ctx, Till *till)
{
    CHECK_STR(str_from(till->fake.complaint), "");
    shop_verify(ctx);
    fake_stripe_close(&till->fake);
    shop_close(&till->shop);
}

void till_start(Ctx *ctx, Till *till)
{
    GatewayStart begun;
    CHECK_OK(ctx, payment_start(ctx, till->payment.record.id, &begun));
    CHECK_STR(begun.external, "pi_1");
    CHECK_STR(begun.client_secret, "pi_1_secret");
}

Status till_letter(Ctx *ctx, void *arg)
{
    TillLetter *letter = arg;
    Request request = { .method = HTTP_POST,
                        .path = S("/webhooks/stripe"),
                        .body = letter->body,
                        .params = { S("stripe") },
                        .out = { .arena = ctx->arena } };
    if (letter->signature.len)
        *list_push(ctx->arena, &request.headers) =
            (HttpHeader){ S("stripe-signature"), letter->signature };
    ctx->request = &request;
    Status status = payments_webhook_route(ctx);
    letter->status = request.status;
    ctx->request = NULL;
    return status;
}

void till_deliver(Ctx *ctx, Str body)
{
    TillLetter letter = { body, fake_signature(ctx, fake_webhook_secret, ctx->now, body), 0 };
    CHECK_OK(ctx, tenant_transact(ctx, till_letter, &letter));
    CHECK_INT(letter.status, 200);
}

int64_t till_count(Ctx *ctx, const char *sql)
{
    return fixture_number(ctx, ctx->tenant->db, sql);
}

Status till_refund(Ctx *ctx, void *arg)
{
    Till *till = arg;
    return payment_refund(ctx, till->payment.record.id, (Money){ 1000 }, S("goodwill"),
                          till->payment.subject, &till->refund);
}

void till_pay(Ctx *ctx, Till *till)
{
    till_open(ctx, till);
    till_start(ctx, till);
    fake_pays(&till->fake, 0, 2400);
    till_deliver(ctx, fake_intent_event(ctx, &till->fake, 0, "payment_intent.succeeded"));
    till_look(ctx, till);
}

int64_t till_fees_told(Ctx *ctx)
{
    return till_count(ctx, "SELECT count(*) FROM payment_fact WHERE kind = 'fee'");
}

void till_later(Ctx *ctx, Till *till, Time wait)
{
    ctx->now += wait;
    till_look(ctx, till);
}
