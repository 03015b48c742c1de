// routes.c - the audit trail's own check, over the API.
#include "kernel/audit/routes.h"

#include "kernel/audit.h"
#include "kernel/http/request.h"

Status audit_check_route(Ctx *ctx)
{
    AuditCheck check;
    JsonOut json = { .out = &ctx->request->out };
    TRY(audit_check(ctx, &check));
    json_open(&json, '{');
    json_key(&json, "rows");
    json_put_int(&json, check.rows);
    json_key(&json, "is_whole");
    json_put_bool(&json, check.is_whole);
    json_key(&json, "broken_seq");
    if (check.is_whole)
        json_put_null(&json);
    else
        json_put_int(&json, check.broken_seq);
    json_key(&json, "what");
    json_put_str(&json, check.what);
    json_close(&json, '}');
    return respond_json(ctx, 200);
}
