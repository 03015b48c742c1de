// stripe.c - calling Stripe and knowing its webhooks by their signature.
//
// Every POST carries a key made of our own id, so that a repeat after a lost answer is answered as
// the first one was. What Stripe refuses for good is E_INVALID, a wrong key E_DENIED, everything
// worth trying again E_BUSY.
#include "connect/stripe/stripe.h"

#include "connect/stripe/stripe_read.h"

#include "base/utf8.h"
#include "kernel/http/request.h"
#include "kernel/outside/http_client.h"
#include "kernel/secrets.h"

enum { TOLERANCE_S = 300 };  // docs.stripe.com/webhooks/signatures

static const char api_version[] = "2026-10-28.endive";
static const char usual_endpoint[] = "https://api.stripe.com";

// ---- Calling ------------------------------------------------------------------------------------

typedef struct StripeCall {
    const GatewayKeys *keys;
    const char *method;
    Str path;
    Buf form;
    Str once;  // idempotency key; "" on GET
} StripeCall;

static void add_header(Ctx *ctx, HttpCall *call, const char *name, Str value)
{
    *list_push(ctx->arena, &call->headers) = (HttpHeader){ str_from(name), value };
}

static void add_field(Ctx *ctx, Buf *form, const char *name, Str value)
{
    form->arena = ctx->arena;
    buf_printf(form, "%s%s=" STR_FMT, form->len ? "&" : "", name,
               STR_ARG(url_encode(ctx->arena, value)));
}

static void prepare(Ctx *ctx, const StripeCall *stripe, HttpCall *ret)
{
    Str endpoint = stripe->keys->endpoint.len ? stripe->keys->endpoint : str_from(usual_endpoint);
    *ret = (HttpCall){ .method = stripe->method,
                       .url = str_join(ctx->arena, endpoint, stripe->path),
                       .body = buf_str(&stripe->form) };
    add_header(ctx, ret, "authorization",
               str_join(ctx->arena, S("Bearer "), stripe->keys->secret_key));
    add_header(ctx, ret, "stripe-version", str_from(api_version));
    if (stripe->form.len)
        add_header(ctx, ret, "content-type", S("application/x-www-form-urlencoded"));
    if (stripe->once.len)
        add_header(ctx, ret, "idempotency-key", stripe->once);
}

static Status judge(Ctx *ctx, const HttpAnswer *answer, const Json *body)
{
    Str message = json_str(json_get(body, "error"), "message");
    Str wants_retry = http_answer_header(answer, "stripe-should-retry");
    message = message.len ? utf8_cut(message, 200) : S("no reason given");
    if (answer->status >= 200 && answer->status < 300)
        return OK;
    if (answer->status == 401 || answer->status == 403)
        return FAIL(ctx, E_DENIED, "stripe.key", "Stripe does not accept the secret key");
    bool is_busy = answer->is_worth_retry || answer->status == 409;
    if (str_is(wants_retry, "true") || (is_busy && !str_is(wants_retry, "false")))
        return FAIL(ctx, E_BUSY, "stripe.busy", "Stripe cannot answer now (%d)", answer->status);
    return FAIL(ctx, E_INVALID, "stripe.refused", "Stripe refuses: " STR_FMT, STR_ARG(message));
}

static Status call_stripe(Ctx *ctx, const StripeCall *stripe, const Json **ret)
{
    HttpCall call;
    HttpAnswer answer;
    static const Json nothing = { .type = JSON_OBJECT };
    prepare(ctx, stripe, &call);
    TRY(http_call(ctx, &call, &answer));
    if (json_parse(ctx, answer.body, ret) != OK) {
        ctx_recover(ctx);
        *ret = &nothing;  // an error page of something between us and Stripe
    }
    TRY(judge(ctx, &answer, *ret));
    if (json_str(*ret, "id").len == 0)
        return FAIL(ctx, E_BUSY, "stripe.answer", "Stripe's answer cannot be read");
    return OK;
}

static Str int_text(Ctx *ctx, int64_t n)
{
    return str_format(ctx->arena, "%lld", (long long)n);
}

// ---- What a gateway does ------------------------------------------------------------------------

static Status stripe_start(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                           GatewayStart *ret)
{
    StripeCall call = { .keys = keys,
                        .method = "POST",
                        .path = S("/v1/payment_intents"),
                        .once = str_join(ctx->arena, S("payment-"),
                                         id_text(ctx->arena, payment->record.id)) };
    Str currency = currency_text(&payment->currency);
    int64_t amount;
    const Json *intent;
    TRY(stripe_amount(ctx, payment->wanted, payment->currency, &amount));
    add_field(ctx, &call.form, "amount", int_text(ctx, amount));
    add_field(ctx, &call.form, "currency", str_lower_ascii(ctx->arena, currency));
    add_field(ctx, &call.form, "automatic_payment_methods[enabled]", S("true"));
    add_field(ctx, &call.form, "metadata[payment]", payment->number);
    TRY(call_stripe(ctx, &call, &intent));
    *ret = (GatewayStart){ .external = json_str(intent, "id"),
                           .client_secret = json_str(intent, "client_secret") };
    return OK;
}

static Status get_intent(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                         const char *query, const Json **ret)
{
    StripeCall call = { .keys = keys,
                        .method = "GET",
                        .path =
                            str_format(ctx->arena, "/v1/payment_intents/" STR_FMT "%s",
                                       STR_ARG(url_encode(ctx->arena, payment->external)), query) };
    return call_stripe(ctx, &call, ret);
}

static Status stripe_query(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                           GatewayFactList *ret)
{
    const Json *intent;
    TRY(get_intent(ctx, keys, payment, "", &intent));
    return stripe_intent(ctx, intent, ctx->now, ret);
}

// docs.stripe.com/expand: the fee stands in the charge's balance transaction, which comes with the
// intent where it is asked for, and with no webhook.
static Status stripe_fee_of(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                            GatewayFactList *ret)
{
    const Json *intent;
    TRY(get_intent(ctx, keys, payment, "?expand%5B%5D=latest_charge.balance_transaction", &intent));
    return stripe_fee(ctx, intent, ctx->now, ret);
}

// A refund that Stripe knows already is asked about, not made again.
static Status stripe_give_back(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                               const Refund *refund, GatewayFactList *ret)
{
    Str id = id_text(ctx->arena, refund->record.id);
    StripeCall call = { .keys = keys,
                        .method = "GET",
                        .path = str_join(ctx->arena, S("/v1/refunds/"),
                                         url_encode(ctx->arena, refund->external)) };
    int64_t amount;
    const Json *answer;
    if (refund->external.len == 0) {
        call.method = "POST";
        call.path = S("/v1/refunds");
        call.once = str_join(ctx->arena, S("refund-"), id);
        TRY(stripe_amount(ctx, refund->amount, payment->currency, &amount));
        add_field(ctx, &call.form, "payment_intent", payment->external);
        add_field(ctx, &call.form, "amount", int_text(ctx, amount));
        add_field(ctx, &call.form, "metadata[refund]", id);
    }
    TRY(call_stripe(ctx, &call, &answer));
    return stripe_refund(ctx, answer, ctx->now, ret);
}

// ---- Webhooks -----------------------------------------------------------------------------------

typedef struct Signature {
    Str time;
    LIST(Str) v1;  // two while a secret is being replaced
} Signature;

static void parse_signature(Ctx *ctx, Str header, Signature *ret)
{
    Str part;
    *ret = (Signature){ 0 };
    while (str_next(&header, ',', &part)) {
        part = str_trim(part);
        if (str_starts(part, S("t=")))
            ret->time = str_from_at(part, 2);
        else if (str_starts(part, S("v1=")))
            *list_push(ctx->arena, &ret->v1) = str_from_at(part, 3);
    }
}

static Status check_signature(Ctx *ctx, Str secret, Str header, Str body)
{
    Signature signature;
    uint8_t mac[32];
    int64_t at = 0;
    bool is_ours = false;
    parse_signature(ctx, header, &signature);
    Str head = str_format(ctx->arena, STR_FMT ".", STR_ARG(signature.time));
    hmac_sha256(secret, str_join(ctx->arena, head, body), mac);
    Str wanted = hex_text(ctx->arena, mac, sizeof mac);
    EACH (given, signature.v1)
        is_ours |= bytes_equal(*given, wanted);
    if (!is_ours || secret.len == 0 || !str_int(signature.time, &at))
        return FAIL(ctx, E_DENIED, "webhook.signature", "the message is not signed by Stripe");
    int64_t age_s = ctx->now / SECOND - at;
    if (age_s > TOLERANCE_S || age_s < -TOLERANCE_S)
        return FAIL(ctx, E_DENIED, "webhook.stale", "the message was signed %lld seconds ago",
                    (long long)age_s);
    return OK;
}

static Status stripe_webhook(Ctx *ctx, const GatewayKeys *keys, const struct Request *request,
                             Str *ret_event_id, Str *ret_kind)
{
    const Json *event;
    TRY(check_signature(ctx, keys->webhook_secret, request_header(request, "stripe-signature"),
                        request->body));
    TRY(json_parse(ctx, request->body, &event));
    *ret_event_id = json_str(event, "id");
    *ret_kind = json_str(event, "type");
    return ret_event_id->len ? OK
                             : FAIL(ctx, E_INVALID, "stripe.answer", "Stripe's event has no id");
}

const Gateway stripe_gateway = {
    .name = "stripe",
    .start = stripe_start,
    .query = stripe_query,
    .fee = stripe_fee_of,
    .refund = stripe_give_back,
    .webhook = stripe_webhook,
    .read = stripe_event,
};
