// test_webhook.c - webhooks out and in: what is sent and how it is signed, what becomes of answers,
// when an endpoint is switched off, secrets that change, and events that come twice.
#include "app/app.h"
#include "base/log.h"
#include "kernel/ask.h"
#include "kernel/config.h"
#include "kernel/entity/access.h"
#include "kernel/entity/record.h"
#include "kernel/event.h"
#include "kernel/http/rest.h"
#include "kernel/outside/curl_pool.h"
#include "kernel/outside/host.h"
#include "kernel/outside/webhook.h"
#include "kernel/secrets.h"
#include "kernel/stranger.h"
#include "loan.gen.h"

// The example of the standard's own libraries.
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// ---- A house with somebody listening ------------------------------------------------------------

typedef struct Listening {
    House house;
    Stranger stranger;
    Config config;
    Ctx *ctx;
    Id endpoint;
    const char *json;  // of the record being made
    const EntityDef *entity;
    Id made;
} Listening;

static Status create(Ctx *ctx, void *arg)
{
    Listening *l = arg;
    const Json *input;
    TRY(json_parse(ctx, str_from(l->json), &input));
    return access_create(ctx, l->entity, input, 0, &l->made);
}

static Status make(Listening *l, const EntityDef *e, const char *json)
{
    l->json = json;
    l->entity = e;
    return tenant_transact(l->ctx, create, l);
}

// The cache of what is listened to is as old as the tenant's door.
static void enter_again(Ctx *ctx)
{
    Tenant *tenant;
    CHECK_OK(ctx, tenant_open(ctx, ctx->tenant->code, &tenant));
    tenant_enter(ctx, tenant);
}

static void open_house(Listening *l)
{
    *l = (Listening){ .ctx = test_ctx() };
    house_open(l->ctx, &l->house);
    stranger_open(&l->stranger);
    l->config = *config();
    l->config.outside_private = S("127.0.0.1");
    config_use(&l->config);
    host_forget_all();
    log_set_level(LOG_ERROR + 1);
    Str url = stranger_url(l->ctx->arena, &l->stranger, "/take");
    Str json = str_format(l->ctx->arena,
                          "{\"url\":\"" STR_FMT
                          "\",\"events\":\"library.shelf_book.*\",\"secret\":\"" SECRET "\"}",
                          STR_ARG(url));
    CHECK_OK(l->ctx, make(l, &webhook_endpoint_entity, json.ptr));
    l->endpoint = l->made;
    enter_again(l->ctx);
}

static void close_house(Listening *l)
{
    stranger_close(&l->stranger);
    curl_pool_close();
    host_forget_all();
    log_set_level(LOG_INFO);
    house_close(&l->house);
}

// Something happens that the endpoint wants to know.
static void happen(Listening *l, const char *isbn)
{
    Str json = str_format(l->ctx->arena, "{\"isbn\":\"%s\",\"name\":\"Middlemarch\"}", isbn);
    CHECK_OK(l->ctx, make(l, &shelf_book_entity, json.ptr));
}

static void work(Listening *l)
{
    int ran;
    CHECK_OK(l->ctx, jobs_run_due(l->ctx, &ran));
}

static void work_later(Listening *l, Time wait)
{
    l->ctx->now += wait;
    host_forget_all();
    work(l);
}

// ---- Looking ------------------------------------------------------------------------------------

typedef struct Row {
    WebhookDelivery delivery;
    WebhookEndpoint endpoint;
    Id id;
} Row;

static Status look(Ctx *ctx, void *arg)
{
    Row *row = arg;
    TRY(db_one(ctx, SQL("SELECT max(id) FROM webhook_delivery"), &row->id));
    TRY(webhook_delivery_load(ctx, row->id, &row->delivery));
    return webhook_endpoint_load(ctx, row->delivery.endpoint, &row->endpoint);
}

static Row last(Listening *l)
{
    Row row = { 0 };
    CHECK_OK(l->ctx, tenant_read(l->ctx, look, &row));
    return row;
}

static WebhookSigned as_signed(const Heard *heard)
{
    return (WebhookSigned){ .id = heard_header(heard, "webhook-id"),
                            .timestamp = heard_header(heard, "webhook-timestamp"),
                            .signature = heard_header(heard, "webhook-signature"),
                            .body = heard->body };
}

// ---- Signatures ---------------------------------------------------------------------------------

// The example in the specification's reference libraries.
static void test_signature_of_the_standard(void)
{
    Ctx *ctx = test_ctx();
    Str id = S("msg_p5jXN8AQM9LWM0D4loKWxJek"), body = S("{\"test\": 2432232314}");
    Str signature = webhook_sign(ctx, S(SECRET), id, 1614265330 * SECOND, body);
    CHECK_STR(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void test_signatures_are_checked(void)
{
    static const char *const others = "v1,AAAA v2,bm9uZQ== ";
    Ctx *ctx = test_ctx();
    Str now = str_format(ctx->arena, "%lld", (long long)(ctx->now / SECOND));
    Str good = webhook_sign(ctx, S(SECRET), S("msg_1"), ctx->now, S("{}"));
    Str among = str_join(ctx->arena, str_from(others), good);
    Str old = str_format(ctx->arena, "%lld", (long long)(ctx->now / SECOND - 301));
    Str early = str_format(ctx->arena, "%lld", (long long)(ctx->now / SECOND + 301));
    Str old_good = webhook_sign(ctx, S(SECRET), S("msg_1"), ctx->now - 301 * SECOND, S("{}"));
    Str early_good = webhook_sign(ctx, S(SECRET), S("msg_1"), ctx->now + 301 * SECOND, S("{}"));
    const struct {
        const char *row, *code;
        WebhookSigned given;
    } rows[] = {
        { "good", NULL, { S("msg_1"), now, good, S("{}") } },
        { "among others", NULL, { S("msg_1"), now, among, S("{}") } },
        { "other body", "webhook.signature", { S("msg_1"), now, good, S("{ }") } },
        { "other id", "webhook.signature", { S("msg_2"), now, good, S("{}") } },
        { "other version",
          "webhook.signature",
          { S("msg_1"), now, str_from_at(good, 1), S("{}") } },
        { "cut", "webhook.signature", { S("msg_1"), now, str_sub(good, 0, 20), S("{}") } },
        { "old", "webhook.stale", { S("msg_1"), old, old_good, S("{}") } },
        { "early", "webhook.stale", { S("msg_1"), early, early_good, S("{}") } },
        { "no number", "webhook.stale", { S("msg_1"), S("soon"), good, S("{}") } },
        { "no id", "webhook.unsigned", { S(""), now, good, S("{}") } },
        { "no time", "webhook.unsigned", { S("msg_1"), S(""), good, S("{}") } },
        { "no signature", "webhook.unsigned", { S("msg_1"), now, S(""), S("{}") } },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Status status = webhook_verify(ctx, S(SECRET), &rows[i].given);
        test_check_status(__FILE__, __LINE__, "webhook_verify", ctx, status, rows[i].code);
    }
    test_row = "other secret";
    CHECK_FAILS(ctx, "webhook.signature",
                webhook_verify(ctx, S("whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), &rows[0].given));
    test_row = NULL;
}

// ---- Delivering ---------------------------------------------------------------------------------

static void test_an_event_is_delivered_signed(void)
{
    Listening l;
    const Json *body;
    open_house(&l);
    happen(&l, "4006381333931");
    work(&l);
    CHECK_INT((int64_t)stranger_count(&l.stranger), 1);
    Heard heard = stranger_heard(&l.stranger, 0);
    WebhookSigned given = as_signed(&heard);
    CHECK_OK(l.ctx, webhook_verify(l.ctx, S(SECRET), &given));
    CHECK_STR(heard.method, "POST");
    CHECK_STR(heard_header(&heard, "content-type"), "application/json");
    CHECK_OK(l.ctx, json_parse(l.ctx, heard.body, &body));
    CHECK_STR(json_str(body, "type"), "library.shelf_book.created");
    CHECK_STR(json_str(json_get(json_get(body, "data"), "record"), "name"), "Middlemarch");
    Row row = last(&l);
    CHECK(row.delivery.state == DELIVERY_STATE_DELIVERED);
    CHECK_INT(row.delivery.attempts, 1);
    CHECK_INT(row.delivery.answer_status, 200);
    CHECK_INT(row.delivery.delivered_at, l.ctx->now);
    Str id = str_join(l.ctx->arena, S("msg_"), id_text(l.ctx->arena, row.id));
    CHECK(str_eq(given.id, id));
    close_house(&l);
}

static void test_a_failure_is_tried_again_under_one_id(void)
{
    Listening l;
    open_house(&l);
    stranger_will_say(&l.stranger, 500);
    stranger_will_say(&l.stranger, 0);
    happen(&l, "4006381333931");
    work(&l);
    CHECK(last(&l).delivery.state == DELIVERY_STATE_PENDING);
    CHECK_STR(last(&l).delivery.answer, "taken or not");
    work(&l);  // not due yet
    CHECK_INT((int64_t)stranger_count(&l.stranger), 1);
    work_later(&l, MINUTE);
    CHECK_INT(last(&l).delivery.answer_status, 0);
    work_later(&l, MINUTE);
    CHECK(last(&l).delivery.state == DELIVERY_STATE_DELIVERED);
    CHECK_INT(last(&l).delivery.attempts, 3);
    Heard first = stranger_heard(&l.stranger, 0), third = stranger_heard(&l.stranger, 2);
    WebhookSigned a = as_signed(&first), b = as_signed(&third);
    CHECK(a.id.len > 0 && str_eq(a.id, b.id));
    CHECK(!str_eq(a.timestamp, b.timestamp));
    CHECK(str_eq(a.body, b.body));
    CHECK_OK(l.ctx, webhook_verify(l.ctx, S(SECRET), &b));
    close_house(&l);
}

static void test_a_refusal_is_final(void)
{
    static const int statuses[] = { 400, 404, 301 };
    Listening l;
    open_house(&l);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        stranger_will_say(&l.stranger, statuses[i]);
        happen(&l, i == 0 ? "4006381333931" : i == 1 ? "9780306406157" : "9783161484100");
        work(&l);
        CHECK(last(&l).delivery.state == DELIVERY_STATE_FAILED);
        CHECK_INT(last(&l).endpoint.failures, (int64_t)i + 1);
    }
    happen(&l, "73513537");
    work(&l);
    CHECK_INT(last(&l).endpoint.failures, 0);
    close_house(&l);
}

static void test_tries_come_to_an_end(void)
{
    Listening l;
    open_house(&l);
    for (int i = 0; i < WEBHOOK_TRIES_MAX + 1; i++)
        stranger_will_say(&l.stranger, 503);
    happen(&l, "4006381333931");
    work(&l);
    for (int i = 1; i < WEBHOOK_TRIES_MAX + 3; i++)
        work_later(&l, 2 * HOUR);
    CHECK_INT((int64_t)stranger_count(&l.stranger), WEBHOOK_TRIES_MAX);
    CHECK(last(&l).delivery.state == DELIVERY_STATE_FAILED);
    CHECK_INT(last(&l).endpoint.failures, 1);
    close_house(&l);
}

static void test_gone_switches_it_off(void)
{
    Listening l;
    open_house(&l);
    stranger_will_say(&l.stranger, 410);
    happen(&l, "4006381333931");
    work(&l);
    CHECK(!last(&l).endpoint.is_active);
    enter_again(l.ctx);
    happen(&l, "9780306406157");
    work(&l);
    CHECK_INT((int64_t)stranger_count(&l.stranger), 1);
    close_house(&l);
}

static Status nearly_given_up(Ctx *ctx, void *arg)
{
    (void)arg;
    return db_write(ctx,
                    SQL("UPDATE webhook_endpoint SET failures = $1", WEBHOOK_FAILURES_MAX - 1));
}

static void test_too_many_failures_switch_it_off(void)
{
    Listening l;
    open_house(&l);
    CHECK_OK(l.ctx, tenant_transact(l.ctx, nearly_given_up, NULL));
    stranger_will_say(&l.stranger, 400);
    happen(&l, "4006381333931");
    happen(&l, "9780306406157");
    work(&l);
    CHECK(!last(&l).endpoint.is_active);
    CHECK_INT((int64_t)stranger_count(&l.stranger), 1);  // the second was not even tried
    CHECK(last(&l).delivery.state == DELIVERY_STATE_FAILED);
    close_house(&l);
}

static Status replay(Ctx *ctx, void *arg)
{
    return webhook_replay(ctx, *(Id *)arg);
}

static void test_a_delivery_is_sent_again_on_request(void)
{
    Listening l;
    open_house(&l);
    stranger_will_say(&l.stranger, 400);
    happen(&l, "4006381333931");
    Id id = last(&l).id;
    CHECK_FAILS(l.ctx, "webhook.pending", tenant_transact(l.ctx, replay, &id));
    work(&l);
    CHECK_OK(l.ctx, tenant_transact(l.ctx, replay, &id));
    work(&l);
    CHECK(last(&l).delivery.state == DELIVERY_STATE_DELIVERED);
    Heard first = stranger_heard(&l.stranger, 0), second = stranger_heard(&l.stranger, 1);
    CHECK(str_eq(heard_header(&first, "webhook-id"), heard_header(&second, "webhook-id")));
    close_house(&l);
}

static void test_private_receivers_are_refused(void)
{
    Listening l;
    open_house(&l);
    happen(&l, "4006381333931");
    l.config.outside_private = S("");
    work(&l);
    CHECK_INT((int64_t)stranger_count(&l.stranger), 0);
    CHECK(last(&l).delivery.state == DELIVERY_STATE_FAILED);
    CHECK(str_find(last(&l).delivery.answer, S("private")) >= 0);
    close_house(&l);
}

// ---- Secrets ------------------------------------------------------------------------------------

typedef struct Shown {
    Id endpoint;
    Str secret;
} Shown;

static Status show(Ctx *ctx, void *arg)
{
    Shown *shown = arg;
    WebhookEndpoint endpoint;
    TRY(webhook_endpoint_load(ctx, shown->endpoint, &endpoint));
    return webhook_secret(ctx, &endpoint, &shown->secret);
}

static Status rotate(Ctx *ctx, void *arg)
{
    Link made;
    return action_run(ctx, &webhook_endpoint_entity, *(Id *)arg, 0, "rotate", NULL, 0, &made);
}

static void test_a_secret_changes_without_losing_a_delivery(void)
{
    Listening l;
    open_house(&l);
    Shown shown = { .endpoint = l.endpoint };
    CHECK_OK(l.ctx, tenant_transact(l.ctx, rotate, &l.endpoint));
    CHECK_OK(l.ctx, tenant_read(l.ctx, show, &shown));
    CHECK(str_starts(shown.secret, S("whsec_")) && !str_is(shown.secret, SECRET));
    happen(&l, "4006381333931");
    work(&l);
    Heard both = stranger_heard(&l.stranger, 0);
    WebhookSigned given = as_signed(&both);
    CHECK_OK(l.ctx, webhook_verify(l.ctx, S(SECRET), &given));
    CHECK_OK(l.ctx, webhook_verify(l.ctx, shown.secret, &given));
    l.ctx->now += WEBHOOK_OLD_SECRET_S * SECOND;
    happen(&l, "9780306406157");
    work(&l);
    Heard after = stranger_heard(&l.stranger, 1);
    given = as_signed(&after);
    CHECK_OK(l.ctx, webhook_verify(l.ctx, shown.secret, &given));
    CHECK_FAILS(l.ctx, "webhook.signature", webhook_verify(l.ctx, S(SECRET), &given));
    close_house(&l);
}

static void test_endpoints_are_checked_when_saved(void)
{
    Listening l;
    open_house(&l);
    Shown shown = { 0 };
    CHECK_OK(l.ctx, make(&l, &webhook_endpoint_entity,
                         "{\"url\":\"https://example.com/hook\",\"events\":\"*\"}"));
    shown.endpoint = l.made;
    CHECK_OK(l.ctx, tenant_read(l.ctx, show, &shown));
    CHECK_INT((int64_t)shown.secret.len, 6 + 32);
    Status status =
        make(&l, &webhook_endpoint_entity,
             "{\"url\":\"https://example.com/\",\"events\":\"*\",\"secret\":\"whsec_c2hvcnQ=\"}");
    CHECK(status == E_INVALID);
    CHECK_STR(str_from(l.ctx->failure.problems.items[0].code), "webhook.secret");
    ctx_recover(l.ctx);
    l.config.outside_private = S("");
    status =
        make(&l, &webhook_endpoint_entity, "{\"url\":\"http://example.com/\",\"events\":\"*\"}");
    CHECK(status == E_INVALID);
    CHECK_STR(str_from(l.ctx->failure.problems.items[0].code), "webhook.url");
    ctx_recover(l.ctx);
    close_house(&l);
}

static void test_the_secret_is_shown_to_whoever_keeps_keys(void)
{
    Listening l;
    open_house(&l);
    rest_start(app_routes);
    Str path = str_format(l.ctx->arena, "/api/v1/platform/webhooks/" STR_FMT,
                          STR_ARG(id_text(l.ctx->arena, l.endpoint)));
    Asking asking = { .method = "GET",
                      .target = str_join(l.ctx->arena, path, S("/secret")),
                      .token = ask_token(l.ctx, "owner@example.com", "Owner"),
                      .tenant = l.ctx->tenant->code };
    CHECK_STR(ask(l.ctx, &asking).body, "{\"secret\":\"" SECRET "\"}");
    asking.target = path;
    Str record = ask(l.ctx, &asking).body;
    CHECK(str_find(record, S("\"secret\":true")) > 0);
    CHECK(str_find(record, S("whsec_")) < 0);
    asking.target = S("/api/v1/platform/webhooks/junk/secret");
    CHECK_INT(ask(l.ctx, &asking).status, 404);
    close_house(&l);
}

// ---- Coming in ----------------------------------------------------------------------------------

typedef struct Incoming {
    Str provider, event, body;
    bool is_new;
} Incoming;

static Status take_in(Ctx *ctx, void *arg)
{
    Incoming *in = arg;
    return webhook_in_store(ctx, in->provider, in->event, S("paid"), in->body, "kernel.sweep",
                            &in->is_new);
}

static bool is_new(Ctx *ctx, Str provider, Str event, Str body)
{
    Incoming in = { provider, event, body, false };
    CHECK_OK(ctx, tenant_transact(ctx, take_in, &in));
    return in.is_new;
}

static Status inbox(Ctx *ctx, void *arg)
{
    Id id;
    TRY(db_one(ctx, SQL("SELECT max(id) FROM webhook_inbox"), &id));
    return webhook_inbox_load(ctx, id, arg);
}

static void test_an_event_comes_in_once(void)
{
    Ctx *ctx = test_ctx();
    House house;
    WebhookInbox row = { 0 };
    house_open(ctx, &house);
    CHECK(is_new(ctx, S("stripe"), S("evt_1"), S("{\"a\": 1}")));
    CHECK(!is_new(ctx, S("stripe"), S("evt_1"), S("{\"a\": 2}")));
    CHECK(is_new(ctx, S("stripe"), S("evt_2"), S("{\"a\": 2}")));
    CHECK(is_new(ctx, S("bkash"), S("evt_1"), S("a=1&b=\"two\"")));
    CHECK_OK(ctx, tenant_read(ctx, inbox, &row));
    CHECK_STR(row.body, "\"a=1&b=\\\"two\\\"\"");
    CHECK_INT(fixture_number(ctx, ctx->tenant->db, "SELECT count(*) FROM webhook_inbox"), 3);
    CHECK_INT(fixture_number(ctx, ctx->tenant->db,
                             "SELECT count(*) FROM webhook_inbox WHERE body LIKE '%two%'"),
              0);
    house_close(&house);
}

const Test webhook_tests[] = {
    { "the signature is the standard's", test_signature_of_the_standard },
    { "signatures are checked: tampered, stale, missing", test_signatures_are_checked },
    { "an event is delivered, signed", test_an_event_is_delivered_signed },
    { "a failure is tried again under one id", test_a_failure_is_tried_again_under_one_id },
    { "a refusal is final", test_a_refusal_is_final },
    { "tries come to an end", test_tries_come_to_an_end },
    { "gone switches it off", test_gone_switches_it_off },
    { "too many failures switch it off", test_too_many_failures_switch_it_off },
    { "a delivery is sent again on request", test_a_delivery_is_sent_again_on_request },
    { "private receivers are refused", test_private_receivers_are_refused },
    { "a secret changes without losing a delivery",
      test_a_secret_changes_without_losing_a_delivery },
    { "endpoints are checked when they are saved", test_endpoints_are_checked_when_saved },
    { "the secret is shown to whoever keeps keys", test_the_secret_is_shown_to_whoever_keeps_keys },
    { "an event comes in once", test_an_event_comes_in_once },
    { 0 },
};
