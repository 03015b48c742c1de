// error.c - how a failure looks to a person: what happened, to what, and what to do next.
//
// A form that was refused is shown again as it was typed, with what is wrong beside each field; the
// transaction is over by then, so drawing it holds nobody up. Everything else is a page that says
// what it knows. What went wrong inside stays in the log; the page names the trace to ask about.
#include "web/error.h"

#include "gen/pages/web_error.h"
#include "kernel/auth/actor.h"
#include "kernel/http/answer.h"
#include "kernel/http/assets.h"
#include "kernel/i18n.h"
#include "kernel/inbox.h"
#include "kernel/tenant/routes.h"
#include "web/forms.h"
#include "web/web.h"

extern const Asset web_assets[];

static const struct {
    int status;
    const char *title, *advice, *glyph;
} kinds[] = {
    { 400, TEXT("This request cannot be read"), TEXT("Go back and try it again from the page."),
      "bad" },
    { 401, TEXT("Please sign in"), TEXT("This page is for people of the house."), "hold" },
    { 403, TEXT("You may not do this"),
      TEXT("Somebody who manages users can give you the permission."), "hold" },
    { 404, TEXT("There is nothing here"),
      TEXT("The address may be mistyped, or what stood here is gone or not open to you."),
      "draft" },
    { 405, TEXT("This cannot be done here"), TEXT("Go back and try it again from the page."),
      "bad" },
    { 409, TEXT("This does not fit together"),
      TEXT("Nothing was changed. Go back, look at it again and decide."), "hold" },
    { 412, TEXT("Somebody was faster"), TEXT("Nothing was changed. Load the page again."), "ret" },
    { 413, TEXT("This is too large"), TEXT("Nothing was changed. Try it in parts."), "bad" },
    { 422, TEXT("Something is not right yet"), TEXT("Nothing was changed. Go back and correct it."),
      "hold" },
    { 429, TEXT("That was too often"), TEXT("Wait a little, then try again."), "hold" },
    { 503, TEXT("Busy just now"), TEXT("Nothing was changed. Try again in a moment."), "pend" },
    { 500, TEXT("That was our fault"),
      TEXT("Nothing was changed, and it has been noted. Try again; if it stays, tell us the number "
           "below."),
      "bad" },
};

static bool is_signed_in(const Ctx *ctx)
{
    return ctx->tenant && ctx->actor && ctx->actor->kind == ACTOR_STAFF;
}

static ErrorPage error_of(Ctx *ctx, int status)
{
    size_t i = 0;
    while (i + 1 < COUNT(kinds) && kinds[i].status != status)
        i++;
    bool is_ours = kinds[i].status == 500;
    bool is_right = ctx->failure.code && strcmp(ctx->failure.code, "denied.permission") == 0;
    return (ErrorPage){
        .status = status,
        .title = tr(ctx, kinds[i].title),
        .advice = tr(ctx, kinds[i].advice),
        .glyph = kinds[i].glyph,
        .ask = is_right && is_signed_in(ctx) ? house_people_who(ctx, "platform.users") : S(""),
        .said = is_ours ? S("") : ctx->failure.message,
        .trace = str_format(ctx->arena, "%016llx", (unsigned long long)ctx->trace)
    };
}

// ---- A module that the company does not use -----------------------------------------------------

// "/admin/MODULE/..." of a module that could be had, asked for by somebody who may say so.
static const Module *offered(const Ctx *ctx, int status)
{
    Str rest = ctx->request->path, one;
    if (status != 404 || !is_signed_in(ctx) || !str_starts(rest, S("/admin/")) ||
        !actor_may(ctx->actor, "platform.settings"))
        return NULL;
    rest = str_from_at(rest, strlen("/admin/"));
    str_next(&rest, '/', &one);
    const Module *module = module_named(one);
    bool is_sold = module && !module->is_shared && module->entities;
    return is_sold && !tenant_has_module(ctx->tenant, module->name) ? module : NULL;
}

static void fill_offer(Ctx *ctx, Offer *offer)
{
    const EntityModule *entities = offer->module->entities;
    for (const NavItem *item = offer->module->nav; item && item->group; item++)
        *list_push(ctx->arena, &offer->gives) = item->label ? item->label : item->entity->plural;
    for (const char *const *r = entities->requires; r && *r; r++) {
        const Module *needed = module_named(str_from(*r));
        if (needed && !tenant_has_module(ctx->tenant, needed->name))
            *list_push(ctx->arena, &offer->needs) = needed->label;
    }
}

static Status draw_offer(Ctx *ctx, const Module *module)
{
    Buf *out = &ctx->request->out;
    Offer offer = { .module = module };
    fill_offer(ctx, &offer);
    buf_clear(out);
    size_t body = html_begin(out);
    web_offer(out, ctx, &offer);
    return page_answer(ctx, &(Page){ .title = tr(ctx, module->label) }, body, 404);
}

Status module_add_post(Ctx *ctx)
{
    Str name = ctx->request->params[0];
    TRY(modules_subscribe(ctx));
    flash_put(ctx, "ok", tr(ctx, "The module is in use now."));
    return respond_redirect(ctx, url_path(ctx->arena, "/admin/menu?added={}", name).text);
}

// ---- The page -----------------------------------------------------------------------------------

static Status draw(Ctx *ctx, const ErrorPage *error)
{
    Buf *out = &ctx->request->out;
    buf_clear(out);
    size_t body = html_begin(out);
    web_error(out, ctx, error);
    if (!is_signed_in(ctx))
        return page_answer_bare(ctx, error->title, body, error->status);
    return page_answer(ctx, &(Page){ .title = error->title }, body, error->status);
}

// Which company is meant can be asked; that is better than a refusal.
static bool needs_company(const Ctx *ctx)
{
    const char *code = ctx->failure.code;
    return code && (strcmp(code, "tenant.which") == 0 || strcmp(code, "tenant.not_found") == 0);
}

// From the sign-in page the person comes back to where she was going.
static Status sign_in(Ctx *ctx)
{
    Str back = url_encode(ctx->arena, ctx->request->target);
    return respond_redirect(ctx, str_join(ctx->arena, S("/admin/sign-in?next="), back));
}

// Signing in chooses the company of those who have only one; the others are asked.
static void ask_company(Ctx *ctx)
{
    bool is_known = request_cookie(ctx->request, "session").len > 0;
    ctx_recover(ctx);
    if (is_known || sign_in(ctx) != OK)
        respond_redirect(ctx, S("/admin/companies"));
}

static void error_page(Ctx *ctx, int status)
{
    if (needs_company(ctx) && ctx->request->method == HTTP_GET) {
        ask_company(ctx);
        return;
    }
    if (form_again(ctx, status))
        return;
    const Module *module = offered(ctx, status);
    if (module && draw_offer(ctx, module) == OK)
        return;
    ErrorPage error = error_of(ctx, status);
    if (draw(ctx, &error) != OK)
        ctx->request->status = status;
}

// For a page that a browser keeps and shows when it reaches nobody.
Status offline_page(Ctx *ctx)
{
    ErrorPage error = { .status = 200,
                        .title = tr(ctx, "You are offline"),
                        .advice =
                            tr(ctx, "What you typed is still there. Try again when you are back."),
                        .glyph = "pend" };
    return draw(ctx, &error);
}

void web_start(void)
{
    assets_use(web_assets);
    answer_use_pages(error_page, sign_in);
}
