// routes.c - signing in and out over the API, and who one is. The pages have their own sign-in,
// which ends in the same sessions.
#include "kernel/auth/routes.h"

#include "kernel/auth/actor.h"
#include "kernel/http/request.h"

static void put_tokens(Ctx *ctx, const SessionTokens *tokens)
{
    JsonOut json = { .out = &ctx->request->out };
    json_open(&json, '{');
    json_key(&json, "access_token");
    json_put_str(&json, tokens->token);
    json_key(&json, "token_type");
    json_put_str(&json, S("Bearer"));
    json_key(&json, "expires_in");
    json_put_int(&json, (tokens->expires_at - ctx->now) / SECOND);
    json_key(&json, "refresh_token");
    json_put_str(&json, tokens->refresh);
    json_close(&json, '}');
    respond_header(ctx, "cache-control", S("no-store"));
}

static Status require_text(Ctx *ctx, const Json *body, const char *name, Str *ret)
{
    *ret = json_str(body, name);
    if (ret->len == 0)
        ctx_problem(ctx, str_from(name), "field.required", "is missing");
    return OK;
}

Status auth_login(Ctx *ctx)
{
    const Json *body;
    LoginSpec spec = { .is_api = true };
    SessionTokens tokens;
    TRY(request_json(ctx, &body));
    TRY(require_text(ctx, body, "login", &spec.login));
    TRY(require_text(ctx, body, "password", &spec.password));
    TRY(ctx_problems(ctx));
    spec.address = ctx->request->address;
    spec.agent = request_header(ctx->request, "user-agent");
    spec.is_portal = json_true(body, "portal");
    TRY(session_login(ctx, &spec, &tokens));
    put_tokens(ctx, &tokens);
    return respond_json(ctx, 200);
}

Status auth_refresh(Ctx *ctx)
{
    const Json *body;
    Str refresh;
    SessionTokens tokens;
    TRY(request_json(ctx, &body));
    TRY(require_text(ctx, body, "refresh_token", &refresh));
    TRY(ctx_problems(ctx));
    TRY(session_refresh(ctx, refresh, &tokens));
    put_tokens(ctx, &tokens);
    return respond_json(ctx, 200);
}

Status auth_logout(Ctx *ctx)
{
    Str header = request_header(ctx->request, "authorization");
    if (!str_starts(header, S("Bearer ")))
        return FAIL(ctx, E_INVALID, "login.scheme",
                    "the token to end comes as: Authorization: Bearer ...");
    TRY(session_end(ctx, str_trim(str_from_at(header, 7))));
    return respond(ctx, 204, S(""), S(""));
}

static const char *kind_name(ActorKind kind)
{
    static const char *const names[] = { "anonymous", "system", "staff", "portal", "key" };
    return names[kind];
}

Status auth_me(Ctx *ctx)
{
    const Actor *actor = ctx->actor;
    JsonOut json = { .out = &ctx->request->out };
    json_open(&json, '{');
    json_key(&json, "kind");
    json_put_str(&json, str_from(kind_name(actor->kind)));
    json_key(&json, "name");
    json_put_str(&json, actor->name);
    json_key(&json, "company");
    json_put_str(&json, ctx->tenant->code);
    json_key(&json, "permissions");
    json_open(&json, '[');
    for (const Module *const *m = modules_all(); *m; m++)
        for (const Permission *p = (*m)->permissions; p && p->name; p++)
            if (actor_may(actor, p->name))
                json_put_str(&json, str_from(p->name));
    json_close(&json, ']');
    json_close(&json, '}');
    return respond_json(ctx, 200);
}
