// kernel_module.c - the kernel's own tables as a module, so that its records have permissions,
// pages, REST and jobs by the same mechanism as everybody's. To the outside it is "platform".
#include "kernel/kernel_module.h"
#include "gen/control.gen.h"
#include "gen/kernel.gen.h"
#include "kernel/audit.h"
#include "kernel/auth/actor.h"
#include "kernel/auth/invite.h"
#include "kernel/entity/access.h"
#include "kernel/files.h"
#include "kernel/job.h"
#include "kernel/job/queue.h"
#include "kernel/mail.h"
#include "kernel/outside/webhook.h"
#include "kernel/search/refresh.h"
#include "kernel/transfer/import.h"
#include "kernel/verify.h"

// ---- What is saved changes what is cached -------------------------------------------------------

static Status stale(Ctx *ctx, const void *record, const void *before)
{
    (void)record;
    (void)before;
    if (ctx->tenant)
        tenant_cache_stale(ctx);
    return OK;
}

static Status check_series(Ctx *ctx, void *record, const void *before)
{
    NumberSeries *series = record;
    const EntityDef *e = entity_named(series->entity);
    const FieldDef *f = e ? entity_field(e, series->field) : NULL;
    (void)before;
    if (!f || !f->more || !f->more->series)
        return FAIL(ctx, E_INVALID, "series.unknown",
                    "there is no number series '" STR_FMT "." STR_FMT "'", STR_ARG(series->entity),
                    STR_ARG(series->field));
    return series_check(ctx, series->pattern);
}

static Status check_grants(Ctx *ctx, void *record, const void *before)
{
    Role *role = record;
    (void)before;
    for (size_t i = 0; i < role->grants.len; i++) {
        Str name = role->grants.items[i].permission;
        bool is_pattern = str_is(name, "*") || str_ends(name, S(".*"));
        if (!is_pattern && !permission_named(name))
            ctx_problem(ctx, str_format(ctx->arena, "grants[%zu].permission", i), "role.permission",
                        "there is no permission '" STR_FMT "'", STR_ARG(name));
    }
    return ctx_problems(ctx);
}

static Status check_custom(Ctx *ctx, void *record, const void *before)
{
    CustomField *field = record;
    const EntityDef *e = entity_named(field->entity);
    (void)before;
    if (!e || !entity_is_root(e))
        ctx_problem(ctx, S("entity"), "custom.entity", "there is no such kind of record");
    else if (entity_field(e, field->name))
        ctx_problem(ctx, S("name"), "custom.name", "'%s' has a field of this name", e->label);
    if (field->kind == CUSTOM_TYPE_PICK && field->options.len == 0)
        ctx_problem(ctx, S("options"), "custom.options", "a list needs its choices");
    return ctx_problems(ctx);
}

// The last owner stays, or nobody could let anybody in again.
static Status check_member(Ctx *ctx, void *record, const void *before)
{
    const Member *member = record, *was = before;
    Id other;
    bool found;
    if (!was || !was->is_owner || (member->is_owner && !member->record.is_archived))
        return OK;
    TRY(db_maybe(
        ctx,
        SQL("SELECT id FROM member WHERE is_owner = 1 AND archived = 0 AND id <> $1 LIMIT 1",
            member->record.id),
        &found, &other));
    return found ? OK
                 : FAIL(ctx, E_CONFLICT, "member.last_owner", "a company needs at least one owner");
}

static const Hook hooks[] = {
    { &role_entity, .before_save = check_grants, .after_save = stale },
    { &member_entity, .before_save = check_member, .after_save = stale },
    { &custom_field_entity, .before_save = check_custom, .after_save = stale },
    { &webhook_endpoint_entity, .before_save = webhook_check, .after_save = stale },
    { &import_run_entity, .before_save = import_check, .after_save = import_begin },
    { &number_series_entity, .before_save = check_series },
    { 0 },
};

// ---- Actions ------------------------------------------------------------------------------------

static Status run_cancel(Ctx *ctx, void *record, const void *input)
{
    (void)input;
    return job_cancel(ctx, ((Job *)record)->record.id);
}

static Status run_retry(Ctx *ctx, void *record, const void *input)
{
    (void)input;
    return job_retry(ctx, ((Job *)record)->record.id);
}

static const Action job_actions[] = {
    { "cancel", "Stop", .permission = "platform.jobs", .run = run_cancel, .flags = ACTION_BAD },
    { "retry", "Try again", .permission = "platform.jobs", .run = run_retry,
      .flags = ACTION_PRIMARY },
    { 0 },
};
static const Action webhook_actions[] = {
    { "rotate", "Change the secret", .permission = "platform.keys", .run = webhook_run_rotate,
      .flags = ACTION_CONFIRM,
      .effect = "Deliveries are signed with the old secret, too, for one more day" },
    { 0 },
};
static const Action delivery_actions[] = {
    { "replay", "Send again", .permission = "platform.keys", .run = webhook_run_replay },
    { 0 },
};
static const Action mail_actions[] = {
    { "send", "Send again", .permission = "platform.jobs", .run = mail_run_send,
      .flags = ACTION_BULK | ACTION_CONFIRM },
    { 0 },
};
static const Action member_actions[] = {
    { "invite", "Send invitation", .permission = "platform.users", .run = member_run_invite,
      .flags = ACTION_CONFIRM | ACTION_BULK,
      .effect = "A mail with a link for choosing a password goes out; the link works for a week" },
    { 0 },
};
static const Machine machines[] = {
    { &member_entity, NULL, member_actions },
    { &job_entity, NULL, job_actions },
    { &webhook_endpoint_entity, NULL, webhook_actions },
    { &webhook_delivery_entity, NULL, delivery_actions },
    { &mail_message_entity, NULL, mail_actions },
    { 0 },
};

// ---- Jobs ---------------------------------------------------------------------------------------

static Status run_anchor(Ctx *ctx, const JobRun *job)
{
    (void)job;
    return audit_anchor(ctx);
}

// `keep:` of logs: what is older goes, a little at a time.
static Status sweep_log(Ctx *ctx, const EntityDef *e, int64_t days)
{
    const char *sql =
        sql_intern(str_format(ctx->arena,
                              "DELETE FROM %s WHERE id IN (SELECT id FROM %s WHERE at < $1"
                              " ORDER BY id LIMIT 500)",
                              e->name, e->name));
    return db_write(ctx, (Query){ sql, (Arg[]){ arg_int(ctx->now - days * DAY) }, 1 });
}

static int64_t kept_days(const EntityDef *e)
{
    Str text = str_from(e->keep);
    int64_t n = 0;
    if (text.len < 2 || !str_int(str_sub(text, 0, text.len - 1), &n))
        return 0;
    return text.ptr[text.len - 1] == 'y' ? n * 366 : n;
}

static Status run_sweep(Ctx *ctx, const JobRun *job)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    (void)job;
    for (size_t i = 0; i < count; i++) {
        const EntityDef *e = all[i];
        bool is_here = tenant_has_entity(ctx->tenant, e);
        if (e->kind == LOG && is_here && kept_days(e) > 0 && !e->parent)
            TRY(sweep_log(ctx, e, kept_days(e)));
    }
    return db_write(ctx, SQL("DELETE FROM idempotency WHERE expires_at < $1", ctx->now));
}

static const JobDef jobs[] = {
    { "kernel.audit_anchor", "Anchor the audit trail", run_anchor, .every_s = 60 },
    { "kernel.files_sweep", "Remove files nothing refers to", files_sweep_job, .every_s = 86400 },
    { "kernel.import", "Import a file", import_job, .queue = "bulk" },
    { "kernel.sweep", "Remove what has been kept long enough", run_sweep, .in_lane = true,
      .every_s = 3600 },
    { SEARCH_JOB, "Bring the search index up to date", search_refresh_job, .every_s = 3600 },
    { "kernel.webhook_deliver", "Deliver a webhook", webhook_deliver, .queue = "webhook",
      .retries = WEBHOOK_TRIES_MAX },
    { "kernel.mail_send", "Send a mail", mail_send, .queue = "mail", .retries = MAIL_TRIES_MAX },
    { 0 },
};

// ---- The rest -----------------------------------------------------------------------------------

static const Permission permissions[] = {
    { "platform.view", "See the company's own lists" },
    { "platform.settings", "Change settings, number series and own fields" },
    { "platform.users", "Manage users" },
    { "platform.roles", "Manage roles" },
    { "platform.keys", "Manage API keys and webhooks" },
    { "platform.audit", "Read the audit trail" },
    { "platform.jobs", "See and steer background jobs" },
    { "platform.import", "Import data" },
    { "platform.export", "Export data" },
    { "platform.personal", "See personal data in lists" },
    { 0 },
};

static const Setting settings[] = {
    { "http.cors_origins", "Other websites that may call the API",
      "Pages on these addresses can use the API with a key, like https://shop.example.com",
      SETTING_TEXT, "" },
    { "mail.from", "Sender of mails", "Mails to customers come from this address", SETTING_TEXT,
      "" },
    { "mail.from_name", "Sender's name", "The name beside the sender's address", SETTING_TEXT, "" },
    { 0 },
};

static Status check_chain(Ctx *ctx, VerifyRun *run)
{
    AuditCheck check;
    TRY(audit_check(ctx, &check));
    if (!check.is_whole)
        verify_found(ctx, run, "kernel.audit", STR_FMT, STR_ARG(check.what));
    return OK;
}

static const VerifyCheck checks[] = {
    { "kernel.audit", "the audit trail is whole", check_chain },
    { "kernel.references", "every reference leads to a record", verify_links },
    { 0 },
};

static const RoleTemplate roles[] = {
    { "owner", "Owner", "*" },
    { "admin", "Admin", "*" },
    { 0 },
};

const Module kernel_part = {
    .name = "kernel",
    .label = "Platform",
    .entities = &kernel_module,
    .is_shared = true,
    .permissions = permissions,
    .machines = machines,
    .hooks = hooks,
    .routes = kernel_routes,
    .jobs = jobs,
    .settings = settings,
    .checks = checks,
    .roles = roles,
    .install = queue_schedule,
};
const Module control_part = { .name = "control", .label = "Control", .entities = &control_module };
