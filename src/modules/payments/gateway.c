// gateway.c - payment providers: starting an attempt, hearing what became of it, giving money back.
//
// Three ways lead from a provider to payment_apply - its webhook, the customer's browser coming
// back, and our own asking now and then - and none is trusted to be the first, the last or the only
// one. The browser's return proves nothing: it only makes us ask. Calls go out between
// transactions, with our own number as key, so that a repeat is harmless on both sides.
#include "modules/payments/payment.h"

#include "base/log.h"
#include "base/utf8.h"
#include "gen/kernel.gen.h"
#include "kernel/event.h"
#include "kernel/http/request.h"
#include "kernel/secrets.h"
#include "kernel/tenant.h"

enum { POLL_BATCH = 50, POLL_DAYS = 3, REFUND_WAIT_S = 3600 };

static const Gateway *const *gateways;  // set once, when the program starts

void gateways_use(const Gateway *const *list)
{
    gateways = list;
}

const Gateway *gateway_named(Str name)
{
    for (const Gateway *const *g = gateways; g && *g; g++)
        if (str_is(name, (*g)->name))
            return *g;
    return NULL;
}

Status gateway_keys(Ctx *ctx, const PaymentMethod *method, GatewayKeys *ret)
{
    *ret = (GatewayKeys){ .endpoint = method->endpoint, .public_key = method->public_key };
    if (method->secret_key.sealed.len)
        TRY(secret_open(ctx, S("secret.secret_key"), method->secret_key.sealed, &ret->secret_key));
    if (method->webhook_secret.sealed.len)
        TRY(secret_open(ctx, S("secret.webhook_secret"), method->webhook_secret.sealed,
                        &ret->webhook_secret));
    return OK;
}

// ---- An attempt and its provider ----------------------------------------------------------------

typedef struct Attempt {
    Id id;
    Payment payment;
    PaymentMethod method;
    const Gateway *gateway;
    GatewayKeys keys;
    GatewayStart *start;
    GatewayFactList facts;
    Str told_by;
    Id refund;
} Attempt;

static Status read_attempt(Ctx *ctx, void *arg)
{
    Attempt *attempt = arg;
    TRY(payment_load(ctx, attempt->id, &attempt->payment));
    TRY(payment_method_load(ctx, attempt->payment.method, &attempt->method));
    attempt->gateway = gateway_named(attempt->method.provider);
    if (attempt->method.way != PAYMENT_WAY_GATEWAY || !attempt->gateway)
        return FAIL(ctx, E_CONFLICT, "payments.no_provider",
                    STR_FMT " goes through no payment provider", STR_ARG(attempt->payment.number));
    return gateway_keys(ctx, &attempt->method, &attempt->keys);
}

// ---- What a provider says -----------------------------------------------------------------------

static Status find_payment(Ctx *ctx, Str provider, const GatewayFact *fact, Payment *ret,
                           bool *ret_found)
{
    Id id;
    TRY(db_maybe(ctx,
                 SQL("SELECT p.id FROM payment p JOIN payment_method m ON m.id = p.method_id"
                     " WHERE m.provider = $1 AND p.external = $2 AND p.external <> ''",
                     provider, fact->external_payment),
                 ret_found, &id));
    // The message overtook the answer that told us their number.
    if (!*ret_found && fact->reference.len)
        TRY(db_maybe(ctx,
                     SQL("SELECT p.id FROM payment p JOIN payment_method m ON m.id = p.method_id"
                         " WHERE m.provider = $1 AND p.number = $2 AND p.external = ''",
                         provider, fact->reference),
                     ret_found, &id));
    return *ret_found ? payment_load(ctx, id, ret) : OK;
}

static Id note_numbers(Payment *payment, const GatewayFact *fact)
{
    if (payment->external.len == 0)
        payment->external = fact->external_payment;
    EACH (refund, payment->refunds) {
        bool is_it = fact->refund ? refund->record.id == fact->refund
                                  : fact->external_refund.len &&
                                        str_eq(refund->external, fact->external_refund);
        if (!is_it)
            continue;
        if (refund->external.len == 0)
            refund->external = fact->external_refund;
        return refund->record.id;
    }
    return 0;
}

static Status apply_fact(Ctx *ctx, Str provider, const GatewayFact *fact, Str told_by)
{
    Payment payment;
    bool found, is_new;
    TRY(find_payment(ctx, provider, fact, &payment, &found));
    if (!found)
        return OK;  // somebody else's business at the same provider
    Id refund = note_numbers(&payment, fact);
    TRY(payment_save(ctx, &payment));
    return payment_apply(ctx,
                         &(PaymentFactSpec){ .payment = payment.record.id,
                                             .kind = fact->kind,
                                             .amount = fact->amount,
                                             .currency = fact->currency,
                                             .happened_at = fact->happened_at,
                                             .provider = provider,
                                             .external = fact->external_event,
                                             .told_by = told_by,
                                             .words = fact->words,
                                             .refund = refund },
                         &is_new);
}

static Status apply_facts(Ctx *ctx, void *arg)
{
    const Attempt *attempt = arg;
    EACH (fact, attempt->facts)
        TRY(apply_fact(ctx, attempt->method.provider, fact, attempt->told_by));
    return OK;
}

// ---- Starting -----------------------------------------------------------------------------------

static Status keep_start(Ctx *ctx, void *arg)
{
    Attempt *attempt = arg;
    Payment payment;
    bool is_new;
    TRY(payment_load(ctx, attempt->id, &payment));
    payment.external = attempt->start->external;
    if (attempt->start->client_secret.len)
        TRY(secret_seal(ctx, S("secret.client_secret"), attempt->start->client_secret,
                        &payment.client_secret.sealed));
    payment.expires_at = ctx->now + POLL_DAYS * DAY;
    TRY(payment_save(ctx, &payment));
    PaymentFactSpec fact = { .payment = payment.record.id,
                             .kind = FACT_KIND_STARTED,
                             .currency = payment.currency,
                             .provider = attempt->method.provider,
                             .external = str_format(ctx->arena, STR_FMT ":started",
                                                    STR_ARG(payment.external)),
                             .told_by = S("return") };
    return payment_apply(ctx, &fact, &is_new);
}

Status payment_start(Ctx *ctx, Id id, GatewayStart *ret)
{
    Attempt attempt = { .id = id, .start = ret };
    TRY(tenant_read(ctx, read_attempt, &attempt));
    if (attempt.payment.captured.minor > 0 || attempt.payment.state == PAYMENT_STATE_VOIDED)
        return FAIL(ctx, E_CONFLICT, "payments.not_open", "it does not wait for money any more");
    TRY(attempt.gateway->start(ctx, &attempt.keys, &attempt.payment, ret));
    return tenant_transact(ctx, keep_start, &attempt);
}

// ---- Asking -------------------------------------------------------------------------------------

typedef Status (*Question)(Ctx *ctx, const GatewayKeys *keys, const Payment *payment,
                           GatewayFactList *ret);

static Status ask(Ctx *ctx, Attempt *attempt, Question question)
{
    if (attempt->payment.external.len == 0)
        return OK;
    TRY(question(ctx, &attempt->keys, &attempt->payment, &attempt->facts));
    return attempt->facts.len ? tenant_transact(ctx, apply_facts, attempt) : OK;
}

Status payment_query(Ctx *ctx, Id id, Str told_by)
{
    Attempt attempt = { .id = id, .told_by = told_by };
    TRY(tenant_read(ctx, read_attempt, &attempt));
    return ask(ctx, &attempt, attempt.gateway->query);
}

Status payment_query_fee(Ctx *ctx, Id id)
{
    Attempt attempt = { .id = id, .told_by = S("poll") };
    TRY(tenant_read(ctx, read_attempt, &attempt));
    return attempt.gateway->fee ? ask(ctx, &attempt, attempt.gateway->fee) : OK;
}

static Status find_waiting(Ctx *ctx, void *arg)
{
    Id id;
    Rows *rows = db_query(ctx, SQL("SELECT p.id FROM payment p"
                                   " JOIN payment_method m ON m.id = p.method_id"
                                   " WHERE m.way = 'gateway' AND p.external <> ''"
                                   " AND p.state IN ('wanted', 'pending', 'authorised', 'failed')"
                                   " AND p.created_at > $1 ORDER BY p.id DESC LIMIT $2",
                                   ctx->now - (POLL_DAYS + 1) * DAY, POLL_BATCH));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, (IdList *)arg) = id;
    return rows_end(rows);
}

static Status expire(Ctx *ctx, void *arg)
{
    Id id;
    IdList late = { 0 };
    bool is_new;
    (void)arg;
    Rows *rows =
        db_query(ctx, SQL("SELECT id FROM payment WHERE expires_at < $1"
                          " AND state IN ('wanted', 'pending', 'failed') ORDER BY id LIMIT $2",
                          ctx->now, POLL_BATCH));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &late) = id;
    TRY(rows_end(rows));
    EACH (at, late) {
        PaymentFactSpec fact = { .payment = *at,
                                 .kind = FACT_KIND_EXPIRED,
                                 .currency = ctx->tenant->base,
                                 .provider = S("clock"),
                                 .external = str_format(ctx->arena, STR_FMT ":expired",
                                                        STR_ARG(id_text(ctx->arena, *at))),
                                 .told_by = S("poll") };
        TRY(payment_apply(ctx, &fact, &is_new));
    }
    return OK;
}

// One that cannot be asked does not keep us from the others; the next round asks it again.
Status payments_poll_job(Ctx *ctx, const JobRun *job)
{
    IdList waiting = { 0 };
    (void)job;
    TRY(tenant_read(ctx, find_waiting, &waiting));
    EACH (id, waiting)
        if (payment_query(ctx, *id, S("poll")) != OK) {
            log_failure(LOG_WARN, ctx, "payments.poll");
            ctx_recover(ctx);
        }
    return tenant_transact(ctx, expire, NULL);
}

// ---- Webhooks -----------------------------------------------------------------------------------

static Status methods_of(Ctx *ctx, Str provider, IdList *ret)
{
    Id id;
    Rows *rows = db_query(ctx, SQL("SELECT id FROM payment_method WHERE provider = $1"
                                   " AND is_active = 1 AND archived = 0 ORDER BY id LIMIT 20",
                                   provider));
    *ret = (IdList){ 0 };
    while (rows_next(rows, &id))
        *list_push(ctx->arena, ret) = id;
    return rows_end(rows);
}

static Status store(Ctx *ctx, const Gateway *gateway, const GatewayKeys *keys)
{
    Str event_id, kind;
    bool is_new;
    TRY(gateway->webhook(ctx, keys, ctx->request, &event_id, &kind));
    TRY(webhook_in_store(ctx, str_from(gateway->name), event_id, kind, ctx->request->body,
                         "payments.webhook", &is_new));
    return respond(ctx, 200, S("application/json"), S("{\"received\":true}"));
}

// A company may have several accounts with one provider; the signature tells which it is.
Status payments_webhook_route(Ctx *ctx)
{
    const Gateway *gateway = gateway_named(ctx->request->params[0]);
    IdList methods;
    Status status = E_NOT_FOUND;
    if (gateway)
        TRY(methods_of(ctx, ctx->request->params[0], &methods));
    if (!gateway || methods.len == 0)
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such page");
    EACH (id, methods) {
        PaymentMethod method;
        GatewayKeys keys;
        ctx_recover(ctx);
        TRY(payment_method_load(ctx, *id, &method));
        TRY(gateway_keys(ctx, &method, &keys));
        status = store(ctx, gateway, &keys);
        if (status != E_DENIED)
            return status;
    }
    return status;
}

Status payments_webhook_job(Ctx *ctx, const JobRun *job)
{
    WebhookInbox row;
    GatewayFactList facts = { 0 };
    TRY(webhook_inbox_load(ctx, job->subject.id, &row));
    const Gateway *gateway = gateway_named(row.provider);
    if (!gateway)
        return FAIL(ctx, E_NOT_FOUND, "payments.no_provider", "there is no provider " STR_FMT,
                    STR_ARG(row.provider));
    TRY(gateway->read(ctx, row.body, &facts));
    EACH (fact, facts)
        TRY(apply_fact(ctx, row.provider, fact, S("webhook")));
    return webhook_in_done(ctx, row.record.id);
}

// ---- Refunds ------------------------------------------------------------------------------------

static Status mark_sent(Ctx *ctx, void *arg)
{
    const Attempt *attempt = arg;
    Payment payment;
    TRY(payment_load(ctx, attempt->id, &payment));
    EACH (refund, payment.refunds)
        if (refund->record.id == attempt->refund)
            refund->state = REFUND_STATE_SENT;
    return payment_save(ctx, &payment);
}

static Status refuse_refund(Ctx *ctx, Attempt *attempt, Str words)
{
    GatewayFact fact = { .kind = FACT_KIND_REFUND_FAILED,
                         .external_payment = attempt->payment.external,
                         .external_event =
                             str_format(ctx->arena, STR_FMT ":refund_failed",
                                        STR_ARG(id_text(ctx->arena, attempt->refund))),
                         .refund = attempt->refund,
                         .currency = attempt->payment.currency,
                         .happened_at = ctx->now,
                         .words = words };
    *list_push(ctx->arena, &attempt->facts) = fact;
    return OK;
}

// What the provider refuses for good is a fact; what did not get through is tried again by the job.
static Status send_refund(Ctx *ctx, Attempt *attempt, const Refund *refund)
{
    attempt->refund = refund->record.id;
    attempt->facts = (GatewayFactList){ 0 };
    TRY(tenant_transact(ctx, mark_sent, attempt));
    Status status =
        attempt->gateway->refund(ctx, &attempt->keys, &attempt->payment, refund, &attempt->facts);
    if (status == E_INVALID || status == E_CONFLICT) {
        Str words = ctx->failure.message;
        ctx_recover(ctx);
        status = refuse_refund(ctx, attempt, utf8_cut(words, 200));
    }
    TRY(status);
    return attempt->facts.len ? tenant_transact(ctx, apply_facts, attempt) : OK;
}

Status payments_refund_job(Ctx *ctx, const JobRun *job)
{
    Attempt attempt = { .id = job->subject.id, .told_by = S("poll") };
    TRY(tenant_read(ctx, read_attempt, &attempt));
    EACH (refund, attempt.payment.refunds)
        if (refund->state == REFUND_STATE_WANTED || refund->state == REFUND_STATE_SENT)
            TRY(send_refund(ctx, &attempt, refund));
    TRY(tenant_read(ctx, read_attempt, &attempt));
    EACH (refund, attempt.payment.refunds)
        if (refund->state == REFUND_STATE_SENT)  // under way there: asked about again
            return job_postpone(ctx, job, ctx->now + REFUND_WAIT_S * SECOND);
    return OK;
}

// ---- Routes -------------------------------------------------------------------------------------

static Status answer_state(Ctx *ctx, void *arg)
{
    Payment payment;
    JsonOut json = { .out = &ctx->request->out };
    TRY(payment_load(ctx, *(Id *)arg, &payment));
    json_open(&json, '{');
    json_key(&json, "number");
    json_put_str(&json, payment.number);
    json_key(&json, "state");
    json_put_str(&json, str_from(payment_state_enum.values[payment.state].name));
    json_close(&json, '}');
    return respond_json(ctx, 200);
}

typedef struct Returned {
    Str number, token;
    Id payment;
} Returned;

static Status find_returned(Ctx *ctx, void *arg)
{
    Returned *returned = arg;
    Str token = S("");
    bool found;
    TRY(db_maybe(ctx,
                 SQL("SELECT id, return_token FROM payment WHERE number = $1", returned->number),
                 &found, &returned->payment, &token));
    if (!found || token.len == 0 || !bytes_equal(token, returned->token))
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such page");
    return OK;
}

// The customer's browser is back. Anybody can open this address, so it only makes us ask.
Status payments_return_route(Ctx *ctx)
{
    Returned returned = { .number = ctx->request->params[0],
                          .token = request_query(ctx->request, "token") };
    TRY(tenant_read(ctx, find_returned, &returned));
    if (payment_query(ctx, returned.payment, S("return")) != OK)
        ctx_recover(ctx);  // it stays as it is; the webhook or the next round will tell
    return tenant_read(ctx, answer_state, &returned.payment);
}

Status payments_start_route(Ctx *ctx)
{
    Id id;
    GatewayStart start = { 0 };
    JsonOut json = { .out = &ctx->request->out };
    if (!id_parse(ctx->request->params[0], &id))
        return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such payment");
    TRY(payment_start(ctx, id, &start));
    json_open(&json, '{');
    json_key(&json, "external");
    json_put_str(&json, start.external);
    json_key(&json, "client_secret");
    json_put_str(&json, start.client_secret);
    json_key(&json, "redirect");
    json_put_str(&json, start.redirect);
    json_close(&json, '}');
    return respond_json(ctx, 200);
}
