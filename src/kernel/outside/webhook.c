// webhook.c - delivering events to webhook endpoints.
//
// One delivery is one row and one job: event, endpoint, what came back. Under one id it is tried
// until the receiver takes it, says that trying is no use, or has had its chances; each try is
// signed anew with the time it is made at, the event keeps the time it happened. Only the status
// line of an answer counts: what a receiver says behind it, and how long it takes over that,
// changes nothing.
#include "kernel/outside/webhook.h"

#include "base/utf8.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/codec.h"
#include "kernel/event.h"
#include "kernel/outside/http_client.h"

enum {
    LIMIT_MS = 15000,        // "Request timeouts": 15 to 30 s
    ANSWER_MAX = 64 << 10,   // bytes that are read of an answer
    ANSWER_KEPT = 1000,      // characters of it in the row
    RECORD_MAX = 256 << 10,  // bytes; a larger record is left out
};

typedef struct Sending {
    Id id;
    bool is_due;  // false: nothing to send any more
    WebhookDelivery row;
    WebhookEndpoint endpoint;
    Event event;
    Str body;
    HttpAnswer answer;
    Str words;  // why it was not taken
} Sending;

// ---- The body -----------------------------------------------------------------------------------

// As anybody with no special permission sees it: sealed fields masked, restricted ones absent.
static Status record_json(Ctx *ctx, Link subject, Str *ret)
{
    Actor receiver = { .kind = ACTOR_KEY };
    bool found = false;
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    Actor *outer = ctx->actor;
    *ret = S("null");
    if (!subject.entity || entity_is_keyed(subject.entity))
        return OK;
    void *record = arena_alloc(ctx->arena, subject.entity->size);
    TRY(record_load_maybe(ctx, subject.entity, subject.id, record, &found));
    if (!found)
        return OK;
    ctx->actor = &receiver;
    Status status = record_to_json(ctx, subject.entity, record, JSON_MASKED, NULL, &json);
    ctx->actor = outer;
    if (out.len <= RECORD_MAX)
        *ret = buf_str(&out);
    return status;
}

static Status write_body(Ctx *ctx, Sending *sending)
{
    const Event *event = &sending->event;
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    Str record;
    TRY(record_json(ctx, event->subject, &record));
    json_open(&json, '{');
    json_key(&json, "type");
    json_put_str(&json, event->name);
    json_key(&json, "timestamp");
    json_put_str(&json, time_text(ctx->arena, event->record.at));
    json_key(&json, "data");
    json_open(&json, '{');
    json_key(&json, "id");
    json_put_str(&json, id_text(ctx->arena, event->subject.id));
    json_key(&json, "kind");
    json_put_str(&json, str_from(event->subject.entity ? event->subject.entity->name : ""));
    json_key(&json, "facts");
    json_put_raw(&json, event->facts.len ? event->facts : S("null"));
    json_key(&json, "record");
    json_put_raw(&json, record);
    json_close(&json, '}');
    json_close(&json, '}');
    sending->body = buf_str(&out);
    return OK;
}

// ---- Reading ------------------------------------------------------------------------------------

static Status load(Ctx *ctx, void *arg)
{
    Sending *sending = arg;
    bool found;
    TRY(record_load_maybe(ctx, &webhook_delivery_entity, sending->id, &sending->row, &found));
    sending->is_due = found && sending->row.state == DELIVERY_STATE_PENDING;
    if (!sending->is_due)
        return OK;
    TRY(webhook_endpoint_load(ctx, sending->row.endpoint, &sending->endpoint));
    TRY(event_load(ctx, sending->row.event, &sending->event));
    return write_body(ctx, sending);
}

// ---- Sending ------------------------------------------------------------------------------------

static void add_header(Ctx *ctx, HttpCall *call, const char *name, Str value)
{
    *list_push(ctx->arena, &call->headers) = (HttpHeader){ str_from(name), value };
}

static bool was_taken(const Sending *sending)
{
    return sending->answer.status >= 200 && sending->answer.status <= 299;
}

static Status call(Ctx *ctx, Sending *sending)
{
    Str id = str_join(ctx->arena, S("msg_"), id_text(ctx->arena, sending->id)), signatures;
    HttpCall call = { .method = "POST",
                      .url = sending->endpoint.url,
                      .body = sending->body,
                      .limit_ms = LIMIT_MS,
                      .answer_max = ANSWER_MAX,
                      .logged = "(webhook)",
                      .flags = CALL_PUBLIC };
    TRY(webhook_signatures(ctx, &sending->endpoint, id, sending->body, &signatures));
    add_header(ctx, &call, "content-type", S("application/json"));
    add_header(ctx, &call, "webhook-id", id);
    add_header(ctx, &call, "webhook-timestamp",
               str_format(ctx->arena, "%lld", (long long)(ctx->now / SECOND)));
    add_header(ctx, &call, "webhook-signature", signatures);
    return http_call(ctx, &call, &sending->answer);
}

// Whatever happens is an answer; only its status line counts, so a body that breaks off or is too
// long takes nothing back.
static void send(Ctx *ctx, Sending *sending)
{
    Status status = call(ctx, sending);
    bool has_answer = status == OK || sending->answer.status != 0;
    sending->words = has_answer ? str_format(ctx->arena, "it answered %d", sending->answer.status)
                                : ctx->failure.message;
    if (status != OK)
        sending->answer.body = ctx->failure.message;
    ctx_recover(ctx);
}

// ---- Writing down what came of it ---------------------------------------------------------------

static Status tell(Ctx *ctx, Id endpoint, Str words)
{
    TimelineEntry entry = { .subject = { &webhook_endpoint_entity, endpoint },
                            .kind = ENTRY_KIND_AUTOMATIC,
                            .body = words };
    return timeline_entry_append(ctx, &entry);
}

static Status switch_off(Ctx *ctx, Id id, Str why)
{
    WebhookEndpoint endpoint;
    TRY(webhook_endpoint_load(ctx, id, &endpoint));
    if (!endpoint.is_active)
        return OK;
    endpoint.is_active = false;
    TRY(webhook_endpoint_save(ctx, &endpoint));
    return tell(ctx, id, why);
}

// The counter is no edit of the endpoint: it takes no version and leaves no trail.
static Status count_failure(Ctx *ctx, Id endpoint)
{
    int64_t failures;
    TRY(db_one(ctx,
               SQL("UPDATE webhook_endpoint SET failures = failures + 1 WHERE id = $1"
                   " RETURNING failures",
                   endpoint),
               &failures));
    if (failures < WEBHOOK_FAILURES_MAX)
        return OK;
    return switch_off(ctx, endpoint,
                      str_format(ctx->arena,
                                 "Switched off: %lld deliveries in a row could not be made",
                                 (long long)failures));
}

static Status note_taken(Ctx *ctx, WebhookDelivery *row)
{
    row->state = DELIVERY_STATE_DELIVERED;
    row->delivered_at = ctx->now;
    return db_write(ctx,
                    SQL("UPDATE webhook_endpoint SET failures = 0 WHERE id = $1 AND failures > 0",
                        row->endpoint));
}

static Status note_not_taken(Ctx *ctx, const Sending *sending, WebhookDelivery *row)
{
    if (sending->answer.is_worth_retry && row->attempts < WEBHOOK_TRIES_MAX)
        return OK;
    row->state = DELIVERY_STATE_FAILED;
    if (sending->answer.status == 410)
        return switch_off(ctx, row->endpoint,
                          S("Switched off: the receiver says that it is gone (410)"));
    return count_failure(ctx, row->endpoint);
}

// Readable on one line, whatever it was.
static Str kept_answer(Ctx *ctx, Str body)
{
    Str text = str_copy(ctx->arena, utf8_cut(utf8_clean(ctx->arena, body), ANSWER_KEPT));
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ')
            ((char *)text.ptr)[i] = ' ';
    return text;
}

static Status note(Ctx *ctx, void *arg)
{
    Sending *sending = arg;
    WebhookDelivery *row = &sending->row;
    TRY(webhook_delivery_load(ctx, sending->id, row));
    row->attempts++;
    row->answer_status = sending->answer.status;
    row->answer = kept_answer(ctx, sending->answer.body);
    TRY(was_taken(sending) ? note_taken(ctx, row) : note_not_taken(ctx, sending, row));
    return webhook_delivery_update(ctx, row);
}

static Status note_switched_off(Ctx *ctx, void *arg)
{
    Sending *sending = arg;
    sending->row.state = DELIVERY_STATE_FAILED;
    sending->row.answer = S("the webhook is switched off");
    return webhook_delivery_update(ctx, &sending->row);
}

// ---- The job ------------------------------------------------------------------------------------

// Later than the queue would by itself: its wait doubles from two seconds.
static bool asks_for_patience(const Ctx *ctx, const JobRun *job, Time retry_at)
{
    return retry_at > ctx->now + ((int64_t)SECOND << job->attempt);
}

Status webhook_deliver(Ctx *ctx, const JobRun *job)
{
    Sending sending = { .id = job->subject.id };
    TRY(tenant_read(ctx, load, &sending));
    if (!sending.is_due)
        return OK;
    if (!sending.endpoint.is_active || sending.endpoint.record.is_archived)
        return tenant_transact(ctx, note_switched_off, &sending);
    send(ctx, &sending);
    TRY(tenant_transact(ctx, note, &sending));
    if (sending.row.state != DELIVERY_STATE_PENDING)
        return OK;
    if (asks_for_patience(ctx, job, sending.answer.retry_at))
        return job_postpone(ctx, job, sending.answer.retry_at);
    return FAIL(ctx, E_BUSY, "webhook.not_taken", STR_FMT, STR_ARG(sending.words));
}

Status webhook_replay(Ctx *ctx, Id id)
{
    WebhookDelivery row;
    Id job;
    TRY(webhook_delivery_load(ctx, id, &row));
    if (row.state == DELIVERY_STATE_PENDING)
        return FAIL(ctx, E_CONFLICT, "webhook.pending", "this delivery is still being tried");
    row.state = DELIVERY_STATE_PENDING;
    row.attempts = 0;
    TRY(webhook_delivery_update(ctx, &row));
    Link subject = { &webhook_delivery_entity, id };
    return job_add(ctx, &(JobSpec){ .name = "kernel.webhook_deliver", .subject = subject }, &job);
}

// ---- What people may do -------------------------------------------------------------------------

Status webhook_run_rotate(Ctx *ctx, void *record, const void *input)
{
    (void)input;
    return webhook_rotate(ctx, record);
}

Status webhook_run_replay(Ctx *ctx, void *record, const void *input)
{
    const WebhookDelivery *row = record;
    (void)input;
    return webhook_replay(ctx, row->record.id);
}

Status webhook_show_secret(Ctx *ctx)
{
    WebhookEndpoint endpoint;
    Id id;
    Str secret;
    if (!id_parse(ctx->request->params[0], &id))
        return FAIL(ctx, E_NOT_FOUND, "record.not_found", "there is no such webhook");
    TRY(webhook_endpoint_load(ctx, id, &endpoint));
    TRY(webhook_secret(ctx, &endpoint, &secret));
    JsonOut json = { .out = &ctx->request->out };
    json_open(&json, '{');
    json_key(&json, "secret");
    json_put_str(&json, secret);
    json_close(&json, '}');
    return respond_json(ctx, 200);
}
