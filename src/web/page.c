// page.c - the frame around a page, and addresses.
#include "web/web.h"

#include "gen/pages/web_shell.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/http/assets.h"
#include "kernel/i18n.h"

#include <assert.h>

Str web_asset_file(const char *name)
{
    return str_from_at(asset_path(name), strlen("/assets/"));
}

Url web_asset(const char *name)
{
    return (Url){ asset_path(name) };
}

// A page holds what one person may see, so nobody between us keeps it; the browser asks each time.
static Status answer(Ctx *ctx, int status)
{
    ctx->request->status = status;
    ctx->request->out_type = S("text/html; charset=utf-8");
    respond_header(ctx, "cache-control", S("private, no-cache"));
    respond_header(ctx, "vary", S("cookie, hx-target"));
    return OK;
}

bool page_wants_part(const Ctx *ctx, const char *id)
{
    Str target = request_header(ctx->request, "hx-target");  // "section#rows", as htmx 4 names it
    ptrdiff_t hash = str_find_char(target, '#');
    return hash >= 0 && str_is(str_from_at(target, (size_t)hash + 1), id);
}

Status page_answer(Ctx *ctx, const Page *page, size_t body, int status)
{
    Buf *out = &ctx->request->out;
    Html inside = html_end(out, body);
    web_shell(out, ctx, page, nav_groups(ctx), flash_take(ctx), inside);
    if (page->refresh_s && !request_cookie(ctx->request, "script").len)  // script follows by itself
        respond_header(ctx, "refresh", str_format(ctx->arena, "%d", page->refresh_s));
    return answer(ctx, status);
}

Status page_answer_bare(Ctx *ctx, Str title, size_t body, int status)
{
    Buf *out = &ctx->request->out;
    Html inside = html_end(out, body);
    web_bare(out, ctx, title, flash_take(ctx), inside);
    return answer(ctx, status);
}

Status page_answer_alone(Ctx *ctx, const Page *page, const char *style, size_t body, int status)
{
    Buf *out = &ctx->request->out;
    Html inside = html_end(out, body);
    web_alone(out, ctx, page, style, inside);
    return answer(ctx, status);
}

Status page_answer_part(Ctx *ctx)
{
    if (ctx->request->timed != TIMED_PALETTE)  // whose answers have a budget of their own
        ctx->request->timed = TIMED_PART;
    return answer(ctx, 200);
}

Str form_value(Ctx *ctx, const char *name)
{
    const Json *form;
    return request_json(ctx, &form) == OK ? json_str(form, name) : S("");
}

// ---- Addresses ----------------------------------------------------------------------------------

static bool has_word(const char *words, Str word)
{
    Str rest = str_from(words), one;
    while (str_next_word(&rest, &one))
        if (str_eq(one, word))
            return true;
    return false;
}

Url url_query(Ctx *ctx, const char *without, const char *name, Str value)
{
    Buf out = { .arena = ctx->arena };
    const char *separator = "?";
    Str raw = request_raw_path(ctx->request);
    buf_put(&out, raw);
    EACH (field, ctx->request->query) {
        if (has_word(without, field->name) || str_is(field->name, name) || field->value.len == 0)
            continue;
        buf_c(&out, separator);
        html_percent(&out, field->name);
        buf_char(&out, '=');
        html_percent(&out, field->value);
        separator = "&";
    }
    if (name[0])
        buf_printf(&out, "%s%s=", separator, name);
    html_percent(&out, value);
    return (Url){ buf_str(&out) };
}

// ---- Entities -----------------------------------------------------------------------------------

bool entity_has_page(const EntityDef *e)
{
    bool is_hidden = e->api && strcmp(e->api, "none") == 0;
    return e->path && !entity_is_child(e) && !e->extends && !is_hidden &&
           strcmp(e->module, "control") != 0;
}

bool entity_is_open(const Ctx *ctx, const EntityDef *e)
{
    return entity_has_page(e) && ctx->tenant && tenant_has(ctx->tenant, e->info->module) &&
           actor_may(ctx->actor, e->info->read_permission);
}

static const EntityDef *find_entity(Str module, Str collection)
{
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    for (size_t i = 0; i < count; i++)
        if (str_is(collection, all[i]->path) && str_is(module, all[i]->module) &&
            entity_has_page(all[i]))
            return all[i];
    return NULL;
}

Status page_entity(Ctx *ctx, const EntityDef **ret)
{
    const Request *request = ctx->request;
    *ret = find_entity(request->params[0], request->params[1]);
    if (!*ret || !tenant_has_module(ctx->tenant, (*ret)->info->module->name))
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such page");
    return actor_require(ctx, (*ret)->info->read_permission);
}

// A menu has a hundred of them; both names are letters, digits and hyphens by declaration.
Url entity_url(Arena *arena, const EntityDef *e)
{
    Buf out = { .arena = arena };
    buf_reserve(&out, strlen(e->module) + strlen(e->path) + sizeof "/admin//");
    buf_c(&out, "/admin/");
    buf_c(&out, e->module);
    buf_c(&out, "/");
    buf_c(&out, e->path);
    return (Url){ buf_str(&out) };
}

Url records_url(Arena *arena, const EntityDef *e)
{
    return (Url){ str_join(arena, entity_url(arena, e).text, S("/~")) };
}

Url record_url(Arena *arena, const EntityDef *e, Id id)
{
    return (Url){ str_join(arena, records_url(arena, e).text, id_text(arena, id)) };
}

Url record_page_url(Arena *arena, const EntityDef *e, Id id, const char *more)
{
    return (Url){ str_format(arena, STR_FMT "/%s", STR_ARG(record_url(arena, e, id).text), more) };
}
