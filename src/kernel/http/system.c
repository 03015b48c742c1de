// system.c - health and figures, for whoever runs the program.
#include "kernel/http/system.h"

#include "kernel/http/request.h"
#include "kernel/metrics.h"

Status system_live(Ctx *ctx)
{
    return respond_static(ctx, 200, S("text/plain"), S("ok\n"));
}

static Status ask(Ctx *ctx, void *arg)
{
    int64_t one;
    (void)arg;
    return db_one(ctx, SQL("SELECT COUNT(*) FROM tenant_record"), &one);
}

Status system_ready(Ctx *ctx)
{
    if (db_read(ctx, control_db(), ask, NULL) == OK)
        return respond_static(ctx, 200, S("text/plain"), S("ready\n"));
    ctx_recover(ctx);
    return respond_static(ctx, 503, S("text/plain"), S("the control database does not answer\n"));
}

// Figures tell strangers how busy a company is, so they stay on the machine; a proxy or a monitor
// on another one asks over a tunnel.
Status system_metrics(Ctx *ctx)
{
    Str address = ctx->request->address;
    if (!str_is(address, "127.0.0.1") && !str_is(address, "::1"))
        return FAIL(ctx, E_DENIED, "denied.address", "figures are shown on this machine only");
    Buf out = { .arena = ctx->arena };
    metrics_write(&out);
    return respond(ctx, 200, S("text/plain; version=0.0.4"), buf_str(&out));
}
