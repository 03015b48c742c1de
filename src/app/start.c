// start.c - what stands behind every command: configuration, keys, languages, lanes, the control
// database. Started in the order in which one needs the other, ended backwards.
#include "app/app.h"

#include "base/log.h"
#include "kernel/auth/actor.h"
#include "kernel/config.h"
#include "kernel/http/answer.h"
#include "kernel/http/rest.h"
#include "kernel/i18n.h"
#include "kernel/secrets.h"
#include "modules/payments/payments.h"
#include "modules/storefront/storefront_module.h"
#include "web/web.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    bool lanes, control;
} started;

static Status make_folder(Ctx *ctx, Str path)
{
    if (mkdir(str_c(ctx->arena, path), 0700) != 0 && errno != EEXIST)
        return FAIL(ctx, E_INVALID, "storage.folder", "the folder " STR_FMT " cannot be made: %s",
                    STR_ARG(path), strerror(errno));
    return OK;
}

static Status make_folders(Ctx *ctx)
{
    static const char *const names[] = { "", "/tenants", "/files", "/readlog", "/backups" };
    for (size_t i = 0; i < COUNT(names); i++)
        TRY(make_folder(ctx, str_join(ctx->arena, config()->data_dir, str_from(names[i]))));
    return OK;
}

static Status start_storage(Ctx *ctx)
{
    const Config *c = config();
    DbPlace place = { .engine = ENGINE_SQLITE,
                      .file = str_join(ctx->arena, c->data_dir, S("/control.db")) };
    if (c->control.len)
        place =
            (DbPlace){ .engine = ENGINE_POSTGRES, .conninfo = c->control, .schema = S("control") };
    TRY(make_folders(ctx));
    TRY(secrets_start(ctx, c->master_key_file));
    id_set_node(c->node);
    TRY(lanes_start(ctx, c->lane_workers));
    started.lanes = true;
    TRY(control_open(ctx, &place));
    started.control = true;
    return OK;
}

Status app_start(Ctx *ctx, unsigned needs)
{
    LogLevel level;
    if (!log_level_parse(config()->log_level, &level))
        return FAIL(ctx, E_INVALID, "config.log", "log level is debug, info, warn or error");
    log_set_level(level);
    if (!zone_find(S("UTC")))
        return FAIL(ctx, E_INTERNAL, "start.zones",
                    "there are no time zones: install the package tzdata");
    if (!modules_start(app_modules, stderr))
        return FAIL(ctx, E_INTERNAL, "start.modules", "the modules' tables do not fit together");
    web_start();
    answer_use_front(shop_front);
    answer_use_front_errors(shop_error);
    gateways_use(app_gateways);
    rest_start(app_routes);
    if (needs & NEEDS_LANGUAGES)
        TRY(i18n_start(ctx, S("lang")));
    return needs & NEEDS_STORAGE ? start_storage(ctx) : OK;
}

void app_stop(void)
{
    if (started.lanes)
        lanes_stop();
    if (started.control)
        control_close();
    secrets_forget(0);
    started.lanes = started.control = false;
}

// ---- A tenant for a command ---------------------------------------------------------------------

Status app_tenant(Ctx *ctx, const Args *args)
{
    Str code = arg_option(args, "tenant");
    Tenant *tenant;
    TRY(code.len ? tenant_open(ctx, code, &tenant) : tenant_open_only(ctx, &tenant));
    if (!tenant)
        return FAIL(ctx, E_INVALID, "cli.tenant", "say which company: --tenant CODE");
    tenant_enter(ctx, tenant);
    return OK;
}

Status app_transact(Ctx *ctx, TxFn fn, void *arg)
{
    ctx->actor = &actor_system;
    return tenant_transact(ctx, fn, arg);
}

void app_progress(const char *what, int64_t done, int64_t total)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (total > 0)
        fprintf(stderr, "\r%s: %lld of %lld (%lld %%)   ", what, (long long)done, (long long)total,
                (long long)(done * 100 / total));
    else
        fprintf(stderr, "\r%s: %lld   ", what, (long long)done);
    if (done == total)
        fputc('\n', stderr);
}
