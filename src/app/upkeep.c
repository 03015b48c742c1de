// upkeep.c - `entrepot migrate|verify|job|doctor`: what keeps a house in order.
#include "app/commands.h"

#include "base/log.h"
#include "kernel/config.h"
#include "kernel/job.h"
#include "kernel/tenant/directory.h"
#include "kernel/verify.h"

#include <sqlite3.h>
#include <unistd.h>

// ---- Tables -------------------------------------------------------------------------------------

typedef struct Migrating {
    const Args *args;
    int64_t done;
} Migrating;

static Status migrate_one(Ctx *ctx, void *arg)
{
    Migrating *run = arg;
    TenantEntry entry;
    StepList steps = { 0 };
    bool is_plan = arg_flag(run->args, "plan");
    Str only = arg_option(run->args, "tenant");
    if (only.len && !str_eq(only, ctx->tenant->code))
        return OK;
    TRY(directory_find(ctx, S(""), S(""), ctx->tenant->id, &entry));
    Status status = tenant_migrate(ctx, ctx->tenant->db, entry.modules, !is_plan,
                                   arg_flag(run->args, "contract"), &steps);
    EACH (step, steps)
        printf(STR_FMT ": %s" STR_FMT "\n", STR_ARG(ctx->tenant->code), is_plan ? "would " : "",
               STR_ARG(step->what));
    run->done++;
    return status;
}

Status command_migrate(Ctx *ctx, const Args *args)
{
    Migrating run = { .args = args };
    TRY(tenant_each(ctx, migrate_one, &run));
    printf("%lld companies looked at\n", (long long)run.done);
    return OK;
}

// ---- Invariants ---------------------------------------------------------------------------------

static void print_finding(const char *check, Str sentence, void *arg)
{
    const Ctx *ctx = arg;
    printf(STR_FMT ": %s: " STR_FMT "\n", STR_ARG(ctx->tenant->code), check, STR_ARG(sentence));
}

typedef struct Verifying {
    Str only;
    int64_t findings, companies;
} Verifying;

static Status verify_one(Ctx *ctx, void *arg)
{
    Verifying *all = arg;
    VerifyRun run = { .report = print_finding, .arg = ctx };
    if (all->only.len && !str_eq(all->only, ctx->tenant->code))
        return OK;
    TRY(verify_run(ctx, &run));
    all->findings += run.findings;
    all->companies++;
    return OK;
}

Status command_verify(Ctx *ctx, const Args *args)
{
    Verifying all = { .only = arg_option(args, "tenant") };
    TRY(tenant_each(ctx, verify_one, &all));
    if (all.only.len && all.companies == 0)
        return FAIL(ctx, E_NOT_FOUND, "tenant.not_found", "there is no company '" STR_FMT "'",
                    STR_ARG(all.only));
    if (all.findings)
        return FAIL(ctx, E_CONFLICT, "verify.findings", "%lld findings", (long long)all.findings);
    printf("verified %lld companies: nothing found\n", (long long)all.companies);
    return OK;
}

// ---- Jobs ---------------------------------------------------------------------------------------

Status command_job(Ctx *ctx, const Args *args)
{
    int ran;
    if (!str_is(arg_word(args, 0), "run"))
        return FAIL(ctx, E_INVALID, "cli.verb", "job run");
    TRY(app_tenant(ctx, args));
    TRY(jobs_run_due(ctx, &ran));
    printf("%d jobs ran\n", ran);
    return OK;
}

// ---- Doctor -------------------------------------------------------------------------------------

static void say(bool is_good, const char *what, const char *how)
{
    printf("%-4s %s%s%s\n", is_good ? "ok" : "BAD", what, is_good ? "" : ": ", is_good ? "" : how);
}

// That it got here means configuration, keys, languages and the control database are there.
Status command_doctor(Ctx *ctx, const Args *args)
{
    (void)args;
    bool is_private = true;
    bool is_writable = access(str_c(ctx->arena, config()->data_dir), W_OK) == 0;
    say(true, "configuration, master key, languages, control database", "");
    say(is_writable, "the data folder can be written", "give it to the user that runs entrepot");
    say(sqlite3_libversion_number() >= 3040000, "SQLite is 3.40 or newer", "upgrade libsqlite3");
    say(zone_find(S("Asia/Kolkata")) != NULL, "time zones are installed",
        "install the package tzdata");
    is_private = config()->public_url.len == 0 || str_starts(config()->public_url, S("https://"));
    say(is_private, "people come over https", "put a proxy with TLS in front; see deploy/");
    return is_writable ? OK : FAIL(ctx, E_CONFLICT, "doctor.findings", "something is missing");
}
