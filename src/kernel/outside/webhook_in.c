// webhook_in.c - what providers send us, kept before anything is done with it.
#include "kernel/event.h"

#include "base/json.h"
#include "gen/kernel.gen.h"
#include "kernel/job.h"

static Status find(Ctx *ctx, Str provider, Str event_id, bool *ret_found)
{
    Id id;
    return db_maybe(ctx,
                    SQL("SELECT id FROM webhook_inbox WHERE provider = $1 AND external = $2",
                        provider, event_id),
                    ret_found, &id);
}

// The column holds JSON; what is none (a form, say) becomes one JSON string.
static Str as_json(Ctx *ctx, Str body)
{
    const Json *tree;
    Buf out = { .arena = ctx->arena };
    if (json_parse(ctx, body, &tree) == OK)
        return body;
    ctx_recover(ctx);
    json_quote(&out, body);
    return buf_str(&out);
}

// The lane runs one member after another, so nobody can store the same event between the look and
// the writing.
Status webhook_in_store(Ctx *ctx, Str provider, Str event_id, Str kind, Str body, const char *job,
                        bool *ret_is_new)
{
    bool is_here;
    Id added;
    WebhookInbox row = { .provider = provider, .external = event_id, .kind = kind };
    TRY(find(ctx, provider, event_id, &is_here));
    *ret_is_new = !is_here;
    if (is_here)
        return OK;
    row.body = as_json(ctx, body);
    TRY(webhook_inbox_append(ctx, &row));
    Link subject = { &webhook_inbox_entity, row.record.id };
    return job_add(ctx, &(JobSpec){ .name = job, .subject = subject }, &added);
}

Status webhook_in_done(Ctx *ctx, Id stored)
{
    return db_write(
        ctx, SQL("UPDATE webhook_inbox SET processed_at = $2 WHERE id = $1", stored, ctx->now));
}
