// scan.c - the scanner's pages: what waits to be worked through, and one document at a time.
//
// Every act is a post that answers the page as it is now, with what came of the act on top: right
// in green, wrong in red, 200 and 422. A scan is one round trip, with or without script; what was
// refused is undone to the last row before the page is drawn.
#include "web/scan.h"

#include "gen/pages/web_scan.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "web/list_look.h"
#include "web/record.h"
#include "web/web.h"

enum { WORKS_SHOWN = 20 };

// ---- Which documents ----------------------------------------------------------------------------

static bool is_open(const Ctx *ctx, const Module *module, const ScanFlow *flow)
{
    return tenant_has_module(ctx->tenant, module->name) &&
           actor_may(ctx->actor, flow->permission) && entity_is_open(ctx, flow->entity);
}

static const ScanFlow *flow_of(const Ctx *ctx, const EntityDef *e)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const ScanFlow *flow = (*m)->scans; flow && flow->entity; flow++)
            if (flow->entity == e && is_open(ctx, *m, flow))
                return flow;
    return NULL;
}

bool scan_is_open(const Ctx *ctx)
{
    for (const Module *const *m = modules_all(); ctx->tenant && *m; m++)
        for (const ScanFlow *flow = (*m)->scans; flow && flow->entity; flow++)
            if (is_open(ctx, *m, flow))
                return true;
    return false;
}

static bool is_at_work(const ScanFlow *flow, const void *record)
{
    return record_is_in(flow->entity, record, flow->states);
}

Url scan_url(Ctx *ctx, const EntityDef *e, const void *record)
{
    const ScanFlow *flow = flow_of(ctx, e);
    if (!flow || !is_at_work(flow, record))
        return (Url){ 0 };
    return record_page_url(ctx->arena, e, ((const Record *)record)->id, "scan");
}

bool scan_asks(const Ctx *ctx, const char *name)
{
    return request_query(ctx->request, name).len > 0;
}

// ---- What waits ---------------------------------------------------------------------------------

static Status read_works(Ctx *ctx, const ScanFlow *flow, ScanGroup *group)
{
    EntityQuery query;
    EntityRows rows;
    FormFieldList asked = { 0 };
    const FieldDef *state = entity_state_field(flow->entity);
    Str name = str_format(ctx->arena, "%s[in]", state->name);
    *list_push(ctx->arena, &asked) =
        (FormField){ name, str_replace_char(ctx->arena, str_from(flow->states), '|', ',') };
    TRY(entity_query_parse(ctx, flow->entity, &asked, &query));
    query.limit = WORKS_SHOWN;
    brief_columns(ctx, &query);
    TRY(entity_query(ctx, &query, &rows));
    EACH (row, rows.rows) {
        Brief brief = brief_of(ctx, &query, row);
        *list_push(ctx->arena, &group->works) =
            (ScanWork){ .number = brief.title,
                        .second = brief.facts.len ? brief.facts.items[0] : brief.second,
                        .url = record_page_url(ctx->arena, flow->entity, row->id, "scan") };
    }
    return OK;
}

static Status read_groups(Ctx *ctx, ScanGroupList *ret)
{
    for (const Module *const *m = modules_all(); *m; m++)
        for (const ScanFlow *flow = (*m)->scans; flow && flow->entity; flow++) {
            if (!is_open(ctx, *m, flow))
                continue;
            ScanGroup *group = list_push(ctx->arena, ret);
            group->flow = flow;
            TRY(read_works(ctx, flow, group));
        }
    return OK;
}

static const ScanWork *work_numbered(const ScanGroupList *groups, Str code)
{
    EACH (group, *groups)
        EACH (work, group->works)
            if (str_eq_ascii_nocase(work->number, code))
                return work;
    return NULL;
}

Status scan_home_page(Ctx *ctx)
{
    ScanGroupList groups = { 0 };
    Str code = str_trim(request_query(ctx->request, "code"));
    TRY(read_groups(ctx, &groups));
    const ScanWork *found = code.len ? work_numbered(&groups, code) : NULL;
    if (found)
        return respond_redirect(ctx, found->url.text);
    size_t body = html_begin(&ctx->request->out);
    web_scan_home(&ctx->request->out, ctx, &groups, code);
    return page_answer(ctx, &(Page){ .title = tr(ctx, "Scanner"), .group = "Stock" }, body,
                       code.len ? 422 : 200);
}

// ---- One document -------------------------------------------------------------------------------

static Status open_flow(Ctx *ctx, const ScanFlow **ret, Id *ret_id)
{
    const EntityDef *e;
    TRY(page_entity(ctx, &e));
    TRY(record_key(ctx, e, ret_id));
    *ret = flow_of(ctx, e);
    if (!*ret)
        return FAIL(ctx, E_NOT_FOUND, "http.not_found", "there is no such page");
    return OK;
}

static Status show(Ctx *ctx, const ScanFlow *flow, Id id, ScanView *view)
{
    void *record = arena_alloc(ctx->arena, flow->entity->size);
    TRY(access_get(ctx, flow->entity, id, record));
    view->flow = flow;
    view->id = id;
    view->back = record_url(ctx->arena, flow->entity, id);
    TRY(record_title(ctx, flow->entity, id, &view->title));
    if (is_at_work(flow, record))
        return flow->show(ctx, record, view->said.line, &view->page);
    view->page.finished = tr(ctx, "There is nothing left to do here.");
    view->page.first = (ScanButton){ tr(ctx, "Open the document"), NULL, view->back };
    return OK;
}

static Status draw(Ctx *ctx, const ScanView *view, int status)
{
    Buf *out = &ctx->request->out;
    size_t body = html_begin(out);
    web_scan(out, ctx, view);
    Str title = str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(tr(ctx, view->flow->label)),
                           STR_ARG(view->title));
    if (!page_wants_part(ctx, "scan"))
        return page_answer_alone(ctx, &(Page){ .title = title, .script = "scan.js" }, "scan.css",
                                 body, status);
    buf_put(out, html_end(out, body).markup);
    TRY(page_answer_part(ctx));
    ctx->request->status = status;
    return OK;
}

Status scan_page(Ctx *ctx)
{
    ctx->request->timed = TIMED_SCANNER;
    const ScanFlow *flow;
    ScanView view = { 0 };
    Id id;
    TRY(open_flow(ctx, &flow, &id));
    TRY(show(ctx, flow, id, &view));
    return draw(ctx, &view, 200);
}

// ---- One act ------------------------------------------------------------------------------------

static Status read_act(Ctx *ctx, ScanAct *ret)
{
    Str typed = str_trim(form_value(ctx, "quantity"));
    *ret = (ScanAct){ .verb = form_value(ctx, "do"), .code = str_trim(form_value(ctx, "code")) };
    id_parse(form_value(ctx, "line"), &ret->line);
    if (str_is(ret->verb, "less") || str_is(ret->verb, "more")) {
        typed = form_value(ctx, str_is(ret->verb, "less") ? "less" : "more");
        ret->verb = S("count");
    }
    if (ret->code.len > SCAN_CODE_MAX)
        return FAIL(ctx, E_INVALID, "scan.code", "a code has at most %d characters", SCAN_CODE_MAX);
    if (typed.len == 0)
        return OK;
    ret->quantity.known = read_number(ctx, typed, 6, &ret->quantity.value.micro);
    if (!ret->quantity.known || ret->quantity.value.micro < 0)
        return FAIL(ctx, E_INVALID, "scan.quantity", "'" STR_FMT "' is no quantity",
                    STR_ARG(typed));
    return OK;
}

typedef struct Acting {
    const ScanFlow *flow;
    Id id;
    ScanAct act;
    ScanSaid said;
} Acting;

static Status act(Ctx *ctx, void *arg)
{
    Acting *acting = arg;
    const ScanFlow *flow = acting->flow;
    void *record = arena_alloc(ctx->arena, flow->entity->size);
    TRY(read_act(ctx, &acting->act));
    TRY(access_get(ctx, flow->entity, acting->id, record));
    if (!is_at_work(flow, record))
        return FAIL(ctx, E_CONFLICT, "scan.over", "this is done already: nothing was changed");
    return flow->act(ctx, record, &acting->act, &acting->said);
}

static bool is_refusal(Status status)
{
    return status == E_INVALID || status == E_CONFLICT || status == E_NOT_FOUND ||
           status == E_LIMIT;
}

// A script that followed a redirect would have read what the next page says to its reader.
static Status go_on(Ctx *ctx, Url next)
{
    if (!page_wants_part(ctx, "scan"))
        return respond_redirect(ctx, next.text);
    respond_header(ctx, "hx-redirect", next.text);
    return page_answer_part(ctx);
}

Status scan_post(Ctx *ctx)
{
    Acting acting = { 0 };
    ScanView view = { 0 };
    TRY(open_flow(ctx, &acting.flow, &acting.id));
    Status status = db_try(ctx, act, &acting);
    if (is_refusal(status)) {
        acting.said =
            (ScanSaid){ .tone = "bad", .words = ctx->failure.message, .line = acting.act.line };
        ctx_recover(ctx);
    } else {
        TRY(status);
    }
    if (acting.said.next.text.len)
        return go_on(ctx, acting.said.next);
    view.said = acting.said;
    TRY(show(ctx, acting.flow, acting.id, &view));
    return draw(ctx, &view, status == OK ? 200 : 422);
}
