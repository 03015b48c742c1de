// account.c - one's own account: name, password, where one is signed in, light or dark, language.
#include "web/account.h"

#include "gen/kernel.gen.h"
#include "gen/pages/web_account.h"
#include "kernel/auth/actor.h"
#include "kernel/db/lane.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/web.h"

// ---- The page -----------------------------------------------------------------------------------

static Status read_sessions(Ctx *ctx, void *arg)
{
    OpenSessionList *list = arg;
    OpenSession one = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT id, at, address, agent FROM session WHERE user_id = $1"
                                   " AND ended_at IS NULL AND expires_at > $2"
                                   " ORDER BY id DESC LIMIT 50",
                                   ctx->actor->user, ctx->now));
    while (rows_next(rows, &one.id, &one.at, &one.address, &one.agent)) {
        one.is_this = one.id == ctx->actor->session;
        *list_push(ctx->arena, list) = one;
    }
    return rows_end(rows);
}

static Status read_wishes(Ctx *ctx, void *arg)
{
    Account *account = arg;
    int64_t is_quiet;
    TRY(db_one(ctx, SQL("SELECT no_mails FROM member WHERE id = $1", ctx->actor->member),
               &is_quiet));
    account->has_mails = !is_quiet;
    return OK;
}

static Status draw_account(Ctx *ctx, int status)
{
    Buf *out = &ctx->request->out;
    Account account = { 0 };
    size_t count;
    const Locale *const *locales = locales_all(&count);
    TRY(db_read(ctx, control_db(), read_sessions, &account.sessions));
    TRY(tenant_read(ctx, read_wishes, &account));
    buf_clear(out);
    size_t body = html_begin(out);
    web_account(out, ctx, &account, locales, count);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Your account") }, body, status);
}

Status account_page(Ctx *ctx)
{
    return draw_account(ctx, 200);
}

Status account_again(Ctx *ctx, int status)
{
    return draw_account(ctx, status);
}

Status mails_post(Ctx *ctx)
{
    Member member;
    TRY(member_load(ctx, ctx->actor->member, &member));
    member.no_mails = !member.no_mails;
    TRY(member_save(ctx, &member));
    return respond_redirect(ctx, S("/admin/account"));
}

// ---- Password -----------------------------------------------------------------------------------

typedef struct Known {
    Str login;
    Bytes hash;
} Known;

static Status read_known(Ctx *ctx, void *arg)
{
    Known *known = arg;
    return db_one(ctx,
                  SQL("SELECT login, password FROM staff_user WHERE id = $1", ctx->actor->user),
                  &known->login, &known->hash);
}

// A password that was found out is of no use to whoever has it once it changed: every session ends.
Status password_post(Ctx *ctx)
{
    Str current = form_value(ctx, "current"), wanted = form_value(ctx, "wanted");
    Known known;
    bool ok;
    TRY(db_read(ctx, control_db(), read_known, &known));
    TRY(password_verify(ctx, known.hash.bytes, current, &ok));
    if (!ok)
        ctx_problem(ctx, S("current"), "password.current", "this is not your password");
    if (!str_eq(wanted, form_value(ctx, "again")))
        ctx_problem(ctx, S("again"), "password.again", "this is not the same as above");
    TRY(ctx_problems(ctx));
    TRY(password_check(ctx, wanted, known.login));
    TRY(user_set_password(ctx, ctx->actor->user, wanted));
    flash_put(ctx, "ok", tr(ctx, "Your password is changed. Please sign in with the new one."));
    return respond_redirect(ctx, S("/admin/sign-in"));
}

// ---- Sessions -----------------------------------------------------------------------------------

static Status end_session(Ctx *ctx, void *arg)
{
    return db_write(ctx, SQL("UPDATE session SET ended_at = $1 WHERE id = $2 AND user_id = $3"
                             " AND ended_at IS NULL",
                             ctx->now, *(Id *)arg, ctx->actor->user));
}

Status session_end_post(Ctx *ctx)
{
    Id id;
    if (!id_parse(ctx->request->params[0], &id))
        return FAIL(ctx, E_NOT_FOUND, "session.unknown", "there is no such session");
    TRY(db_transact(ctx, control_db(), end_session, &id));
    flash_put(ctx, "ok", tr(ctx, "That session is over."));
    return respond_redirect(ctx, S("/admin/account"));
}

// ---- Looks --------------------------------------------------------------------------------------

static Status go_back(Ctx *ctx)
{
    Url url;
    if (url_local(ctx, form_value(ctx, "back"), &url) == OK && url.text.len)
        return respond_redirect(ctx, url.text);
    ctx_recover(ctx);
    return respond_redirect(ctx, S("/admin/account"));
}

// From what the system wishes to dark, to light, and so on.
Status keys_post(Ctx *ctx)
{
    bool is_off = str_is(request_cookie(ctx->request, "keys"), "off");
    respond_cookie(ctx, "keys", is_off ? S("on") : S("off"), YEAR_S);
    return go_back(ctx);
}

Status theme_post(Ctx *ctx)
{
    bool is_dark = str_is(request_cookie(ctx->request, "theme"), "dark");
    respond_cookie(ctx, "theme", is_dark ? S("light") : S("dark"), YEAR_S);
    return go_back(ctx);
}

Status language_post(Ctx *ctx)
{
    Str wanted = form_value(ctx, "language");
    size_t count;
    const Locale *const *locales = locales_all(&count);
    for (size_t i = 0; i < count; i++)
        if (str_eq(locales[i]->tag, wanted))
            respond_cookie(ctx, "language", wanted, YEAR_S);
    return go_back(ctx);
}
