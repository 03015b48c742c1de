// invitation.c - the page behind an invitation's link: a password is chosen, or the one that
// somebody has already is asked for, and they are in.
#include "web/invitation.h"

#include "gen/pages/web_invitation.h"
#include "kernel/i18n.h"
#include "web/web.h"

static Status draw_invitation(Ctx *ctx, Str name, int status)
{
    Buf *out = &ctx->request->out;
    InvitationFacts facts;
    Failure failure = ctx->failure;
    TRY(invitation_read(ctx, ctx->request->params[0], &facts));
    ctx->failure = failure;
    buf_clear(out);
    size_t body = html_begin(out);
    web_invitation(out, ctx, &facts, ctx->request->params[0], name);
    return page_answer_bare(ctx, tr(ctx, "Invitation"), body, status);
}

Status invitation_page(Ctx *ctx)
{
    return draw_invitation(ctx, S(""), 200);
}

Status invitation_again(Ctx *ctx, int status)
{
    Failure failure = ctx->failure;
    Str name = form_value(ctx, "name");
    ctx->failure = failure;
    return draw_invitation(ctx, name, status);
}

Status invitation_post(Ctx *ctx)
{
    const Request *request = ctx->request;
    SessionTokens tokens;
    LoginSpec login = { .password = form_value(ctx, "password"),
                        .address = request->address,
                        .agent = request_header(request, "user-agent") };
    if (login.password.len == 0)
        ctx_problem(ctx, S("password"), "field.required", "this is needed");
    TRY(ctx_problems(ctx));
    TRY(invitation_accept(ctx, request->params[0], form_value(ctx, "name"), &login, &tokens));
    respond_cookie(ctx, "session", tokens.token, SESSION_LIVES_S);
    respond_cookie(ctx, "tenant", ctx->tenant->code, YEAR_S);
    return respond_redirect(ctx, S("/admin"));
}
