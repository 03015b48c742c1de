// verify.c - running all checks of a tenant on one snapshot.
#include "kernel/verify.h"

#include "base/buf.h"

#include "kernel/auth/actor.h"

void verify_found(Ctx *ctx, VerifyRun *run, const char *check, const char *format, ...)
{
    va_list args;
    Buf out = { .arena = ctx->arena };
    va_start(args, format);
    buf_vprintf(&out, format, args);
    va_end(args);
    run->findings++;
    if (run->report)
        run->report(check, buf_str(&out), run->arg);
}

static Status run_all(Ctx *ctx, void *arg)
{
    VerifyRun *run = arg;
    for (const Module *const *m = modules_all(); *m; m++) {
        if (!tenant_has_module(ctx->tenant, (*m)->name))
            continue;
        for (const VerifyCheck *check = (*m)->checks; check && check->name; check++) {
            ArenaMark mark = arena_mark(ctx->arena);
            TRY(check->run(ctx, run));
            arena_rewind(ctx->arena, mark);
        }
    }
    return OK;
}

Status verify_run(Ctx *ctx, VerifyRun *run)
{
    Actor *outer = ctx->actor;
    ctx->actor = &actor_system;
    Status status = tenant_read(ctx, run_all, run);
    ctx->actor = outer;
    return status;
}
