// sign_in.c - in and out of the house, and to which company's door.
//
// Signing in needs no company: staff belong to several. Where there is one, it is entered at once.
// The cookie holds the session's token and nothing else; the company's code in a second one is a
// wish that the identity stage checks at each request.
#include "gen/pages/web_sign_in.h"
#include "kernel/auth/actor.h"
#include "kernel/db/lane.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/account.h"
#include "web/web.h"

// Where to go afterwards: only ever within this site.
static Str back_to(Ctx *ctx, Str wanted)
{
    Url url;
    if (wanted.len && url_local(ctx, wanted, &url) == OK)
        return url.text;
    ctx_recover(ctx);
    return S("/admin");
}

// ---- Signing in ---------------------------------------------------------------------------------

static Status draw_sign_in(Ctx *ctx, Str login, Str next, int status)
{
    Buf *out = &ctx->request->out;
    buf_clear(out);
    size_t body = html_begin(out);
    web_sign_in(out, ctx, login, next);
    return page_answer_bare(ctx, tr(ctx, "Sign in"), body, status);
}

Status sign_in_page(Ctx *ctx)
{
    return draw_sign_in(ctx, S(""), back_to(ctx, request_query(ctx->request, "next")), 200);
}

Status sign_in_again(Ctx *ctx, int status)
{
    Failure failure = ctx->failure;
    Str login = form_value(ctx, "login"), next = back_to(ctx, form_value(ctx, "next"));
    ctx->failure = failure;
    return draw_sign_in(ctx, login, next, status);
}

typedef struct Memberships {
    Id user;
    CompanyList list;
} Memberships;

static Status read_companies(Ctx *ctx, void *arg)
{
    Memberships *m = arg;
    Company company;
    Rows *rows = db_query(ctx, SQL("SELECT t.tenant_code, t.name, t.country FROM membership m"
                                   " JOIN tenant_record t ON t.id = m.tenant_id"
                                   " WHERE m.user_id = $1 AND t.state = 'active'"
                                   " ORDER BY t.name LIMIT 200",
                                   m->user));
    while (rows_next(rows, &company.code, &company.name, &company.country))
        *list_push(ctx->arena, &m->list) = company;
    return rows_end(rows);
}

static Status companies_of(Ctx *ctx, Id user, CompanyList *ret)
{
    Memberships m = { .user = user };
    TRY(db_read(ctx, control_db(), read_companies, &m));
    *ret = m.list;
    return OK;
}

// Whoever belongs to one company only is let straight in.
static Status enter_only_company(Ctx *ctx, Str token, Str next)
{
    CompanyList companies;
    TRY(session_enter(ctx, token));
    TRY(companies_of(ctx, ctx->actor->user, &companies));
    if (companies.len != 1)
        return respond_redirect(ctx, S("/admin/companies"));
    respond_cookie(ctx, "tenant", companies.items[0].code, YEAR_S);
    return respond_redirect(ctx, next);
}

Status sign_in_post(Ctx *ctx)
{
    const Request *request = ctx->request;
    SessionTokens tokens;
    LoginSpec spec = { .login = form_value(ctx, "login"),
                       .password = form_value(ctx, "password"),
                       .address = request->address,
                       .agent = request_header(request, "user-agent") };
    if (str_trim(spec.login).len == 0)
        ctx_problem(ctx, S("login"), "field.required", "this is needed");
    if (spec.password.len == 0)
        ctx_problem(ctx, S("password"), "field.required", "this is needed");
    TRY(ctx_problems(ctx));
    TRY(session_login(ctx, &spec, &tokens));
    respond_cookie(ctx, "session", tokens.token, SESSION_LIVES_S);
    return enter_only_company(ctx, tokens.token, back_to(ctx, form_value(ctx, "next")));
}

Status sign_out_post(Ctx *ctx)
{
    TRY(session_end(ctx, request_cookie(ctx->request, "session")));
    respond_cookie(ctx, "session", S(""), -1);
    flash_put(ctx, "ok", tr(ctx, "You are signed out."));
    return respond_redirect(ctx, S("/admin/sign-in"));
}

// ---- Companies ----------------------------------------------------------------------------------

Status companies_page(Ctx *ctx)
{
    Buf *out = &ctx->request->out;
    CompanyList companies;
    TRY(companies_of(ctx, ctx->actor->user, &companies));
    size_t body = html_begin(out);
    web_companies(out, ctx, companies, request_cookie(ctx->request, "tenant"));
    return page_answer_bare(ctx, tr(ctx, "Choose a company"), body, 200);
}

Status company_post(Ctx *ctx)
{
    CompanyList companies;
    Str wanted = form_value(ctx, "company");
    TRY(companies_of(ctx, ctx->actor->user, &companies));
    EACH (company, companies)
        if (str_eq(company->code, wanted)) {
            respond_cookie(ctx, "tenant", wanted, YEAR_S);
            return respond_redirect(ctx, S("/admin"));
        }
    return FAIL(ctx, E_NOT_FOUND, "tenant.unknown", "you do not belong to such a company");
}
