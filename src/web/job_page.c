// job_page.c - one background job as it goes: a bar that follows its progress by server-sent
// events, or by loading the page again every few seconds where there is no script.
#include "web/job_page.h"

#include "gen/pages/web_job.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/job.h"

static bool is_running(const Job *job)
{
    return job->state == JOB_STATE_QUEUED || job->state == JOB_STATE_RUNNING ||
           job->state == JOB_STATE_WAITING;
}

// Everybody may follow what she started herself.
static Status load(Ctx *ctx, Job *ret)
{
    Id id = 0;
    id_parse(ctx->request->params[0], &id);
    TRY(job_load(ctx, id, ret));
    if (ret->member && ret->member == ctx->actor->member)
        return OK;
    return actor_require(ctx, "platform.jobs");
}

// By what has been done in the time so far.
static Str time_left(Ctx *ctx, const Job *job)
{
    Time spent = ctx->now - job->started_at;
    if (!job->started_at || job->progress_done <= 0 || job->progress_total <= job->progress_done)
        return S("");
    int64_t seconds = (int64_t)((Wide)spent * (job->progress_total - job->progress_done) /
                                job->progress_done / SECOND);
    if (seconds < 60)
        return tr(ctx, "less than a minute left");
    return tr_plural(ctx, "about %lld minute left", "about %lld minutes left", (seconds + 59) / 60);
}

static Status fill(Ctx *ctx, JobView *view)
{
    const Job *job = &view->job;
    const JobDef *def = job_named(job->name);
    const EntityDef *e = job->subject.entity;
    view->label = def ? tr(ctx, def->label) : job->name;
    view->is_running = is_running(job);
    view->percent =
        job->progress_total > 0 ? (int)(job->progress_done * 100 / job->progress_total) : -1;
    view->left = view->is_running ? time_left(ctx, job) : S("");
    view->may_act = actor_may(ctx->actor, "platform.jobs");
    if (!e || !job->subject.id || !entity_is_open(ctx, e))
        return OK;
    TRY(record_title(ctx, e, job->subject.id, &view->subject));
    view->subject_url = record_url(ctx->arena, e, job->subject.id);
    return OK;
}

Status job_page(Ctx *ctx)
{
    JobView view = { 0 };
    TRY(load(ctx, &view.job));
    TRY(fill(ctx, &view));
    Buf *out = &ctx->request->out;
    size_t body = html_begin(out);
    web_job(out, ctx, &view);
    if (page_wants_part(ctx, "job"))
        return page_answer_part(ctx);
    return page_answer(ctx,
                       &(Page){ .title = view.label,
                                .group = "Settings",
                                .list = tr(ctx, "Background jobs"),
                                .list_url = entity_url(ctx->arena, &job_entity),
                                .refresh_s = view.is_running ? 3 : 0 },
                       body, 200);
}

static Status may_follow(Ctx *ctx, void *arg)
{
    return load(ctx, arg);
}

// Opened outside the tenant's snapshot, which a stream would hold for as long as it is open.
Status job_events(Ctx *ctx)
{
    Job job;
    TRY(tenant_read(ctx, may_follow, &job));
    return respond_stream(
        ctx, str_format(ctx->arena, "job/" STR_FMT, STR_ARG(id_text(ctx->arena, job.record.id))),
        request_header(ctx->request, "last-event-id"));
}

static Status back(Ctx *ctx, const Job *job)
{
    return respond_redirect(
        ctx, url_path(ctx->arena, "/admin/jobs/{}", id_text(ctx->arena, job->record.id)).text);
}

Status job_cancel_post(Ctx *ctx)
{
    Job job;
    TRY(load(ctx, &job));
    TRY(job_cancel(ctx, job.record.id));
    flash_put(ctx, "ok", tr(ctx, "It stops at its next step; what is done stays done."));
    return back(ctx, &job);
}

Status job_retry_post(Ctx *ctx)
{
    Job job;
    TRY(load(ctx, &job));
    TRY(job_retry(ctx, job.record.id));
    flash_put(ctx, "ok", tr(ctx, "It is tried again."));
    return back(ctx, &job);
}
