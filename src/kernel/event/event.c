// event.c - the outbox: what happened, in the transaction that made it happen, together with the
// jobs that subscribe to it and the webhook deliveries that somebody wants.
//
// Fanning out at once keeps the dispatcher simple: there is nothing to scan for, each subscriber
// has its own row with its own state, and a poisoned one parks its own document only.
#include "kernel/event.h"

#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/record.h"
#include "kernel/entity/work.h"
#include "kernel/job.h"
#include "kernel/tenant/cache.h"

#include <assert.h>

static bool wants(Str events, Str name)
{
    Str one;
    while (str_next_word(&events, &one)) {
        bool is_prefix = str_ends(one, S(".*")) && str_starts(name, str_sub(one, 0, one.len - 1));
        if (str_is(one, "*") || str_eq(one, name) || is_prefix)
            return true;
    }
    return false;
}

static bool webhook_wants(const Ctx *ctx, Str name)
{
    EACH (hook, ctx->tenant->cache->webhooks)
        if (wants(hook->events, name))
            return true;
    return false;
}

static Status add_event(Ctx *ctx, Str name, Link subject, Str facts, Id *ret)
{
    Event event = { .name = name,
                    .subject = subject,
                    .facts = facts,
                    .member = ctx->actor ? ctx->actor->member : 0 };
    TRY(event_append(ctx, &event));
    *ret = event.record.id;
    return OK;
}

static Status start_jobs(Ctx *ctx, Str name, Link subject, Id event)
{
    for (const Module *const *m = modules_all(); *m; m++) {
        if (!tenant_has_module(ctx->tenant, (*m)->name))
            continue;
        for (const Subscription *s = (*m)->subscriptions; s && s->event; s++) {
            Id job;
            if (str_is(name, s->event))
                TRY(job_add(ctx, &(JobSpec){ .name = s->job, .subject = subject, .cause = event },
                            &job));
        }
    }
    return OK;
}

static Status start_deliveries(Ctx *ctx, Str name, Link subject, Id event)
{
    EACH (hook, ctx->tenant->cache->webhooks) {
        if (!wants(hook->events, name))
            continue;
        Id job;
        WebhookDelivery delivery = { .endpoint = hook->id,
                                     .event = event,
                                     .state = DELIVERY_STATE_PENDING };
        TRY(webhook_delivery_append(ctx, &delivery));
        Link it = { &webhook_delivery_entity, delivery.record.id };
        TRY(job_add(ctx,
                    &(JobSpec){ .name = "kernel.webhook_deliver", .subject = it, .cause = event },
                    &job));
    }
    (void)subject;
    return OK;
}

static Status spread(Ctx *ctx, Str name, Link subject, Str facts)
{
    Id event;
    TRY(add_event(ctx, name, subject, facts, &event));
    TRY(start_jobs(ctx, name, subject, event));
    return start_deliveries(ctx, name, subject, event);
}

Status event_emit(Ctx *ctx, const char *name, Id subject, Str facts)
{
    const EventDef *def = event_named(str_from(name));
    assert(def);
    return spread(ctx, str_from(name), (Link){ def->subject, subject }, facts);
}

// Changes of records ("catalog.product.changed") are only written down where somebody listens: the
// audit trail has them anyway.
Status event_changed(Ctx *ctx, const WorkItem *item)
{
    static const char *const kinds[] = { "created", "changed", "deleted", "archived", "restored" };
    if (!ctx->tenant || ctx->tenant->cache->webhooks.len == 0)
        return OK;
    Str name = str_format(ctx->arena, "%s.%s.%s", item->entity->module, item->entity->name,
                          kinds[item->kind]);
    if (!webhook_wants(ctx, name))
        return OK;
    return spread(ctx, name, (Link){ item->entity, item->id }, S(""));
}
